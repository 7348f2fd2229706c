"""The built-in pack: schema, guide, word lists, rules, checks and records for public documents."""
from __future__ import annotations

import hashlib
import importlib
import pkgutil
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from labels.checks import Check
from labels.guide import Guide, load_guide
from labels.lexicons import Lexicon, load_lexicon
from labels.measures import load_measures
from labels.records import RecordRule
from labels.rules import Pack, Rule, make_pack
from labels.schema import Schema, load_schema

FOLDER = Path(__file__).parent
MEASURES = FOLDER / "measured.tsv"

Entry = TypeVar("Entry", Rule, Check, RecordRule)


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
    return make_pack(schema(), _found("rules", Rule), lexicon, load_measures(MEASURES))


@lru_cache(maxsize=1)
def load_checks() -> tuple[Check, ...]:
    """Every check found in the modules of ``checks/``, in the order of their names."""
    return tuple(sorted(_found("checks", Check), key=lambda entry: entry.name))


@lru_cache(maxsize=1)
def record_rules() -> tuple[RecordRule, ...]:
    """Every record rule found in the modules of ``records/``, in the order of their names."""
    return tuple(sorted(_found("records", RecordRule), key=lambda entry: entry.name))


def _found(room: str, kind: type[Entry]) -> list[Entry]:
    """What the modules of the package `room` define of `kind`, not what they import."""
    package = importlib.import_module(f"{__name__}.{room}")
    found: list[Entry] = []
    for module_info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        found.extend(thing for thing in vars(module).values()
                     if isinstance(thing, kind) and thing.function.__module__ == module.__name__)
    return found


@lru_cache(maxsize=1)
def derivation_hash() -> str:
    """Names the state of the checks and record rules: the bytes of their sources."""
    from labels import checks, claims, records, suspicion
    digest = hashlib.sha256()
    sources = [Path(str(module.__file__)) for module in (checks, claims, records, suspicion)]
    for room in ("checks", "records"):
        sources += sorted((FOLDER / room).glob("*.py"))
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
