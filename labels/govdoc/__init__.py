"""The built-in pack: schema, guide, word lists and rules for Chinese public documents."""
from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache
from pathlib import Path

from labels.guide import Guide, load_guide
from labels.lexicons import Lexicon, load_lexicon
from labels.measures import load_measures
from labels.rules import Pack, Rule, make_pack
from labels.schema import Schema, load_schema

FOLDER = Path(__file__).parent
MEASURES = FOLDER / "measured.tsv"


@lru_cache(maxsize=None)
def lexicon(name: str) -> Lexicon:
    """The word list ``lexicons/NAME.tsv`` of this pack, read at first use."""
    return load_lexicon(FOLDER / "lexicons" / f"{name}.tsv")


@lru_cache(maxsize=1)
def schema() -> Schema:
    return load_schema(FOLDER / "schema.toml")


@lru_cache(maxsize=1)
def guide() -> Guide:
    """What annotators read: the rule, examples and settled doubts of each label."""
    return load_guide(FOLDER / "guide.toml", schema())


@lru_cache(maxsize=1)
def load() -> Pack:
    """The pack: every rule found in the modules of ``rules/``."""
    from labels.govdoc import rules
    found: list[Rule] = []
    for module_info in pkgutil.iter_modules(rules.__path__):
        module = importlib.import_module(f"{rules.__name__}.{module_info.name}")
        found.extend(thing for thing in vars(module).values()
                     if isinstance(thing, Rule) and thing.function.__module__ == module.__name__)
    return make_pack(schema(), found, lexicon, load_measures(MEASURES))
