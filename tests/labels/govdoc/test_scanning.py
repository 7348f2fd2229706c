from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Iterator

import pytest
from hypothesis import given, strategies as st

from labels.document import Document
from labels.folding import fold
from labels.govdoc import lexicon, load, rules
from labels.govdoc.scanning import LEXICONS, Worded, find, worded
from labels.rules import Context
from workbench.reading import read_bytes

DEMO = Path(__file__).parents[3] / "workbench" / "demo" / "documents"
PLANS = worded(r"行动(?:计划)?|计划(?!外)|工程", "行动", "计划", "工程")
NUMBERS = worded(r"第[一二]+", "第")


def context(text: str) -> Context:
    return Context(Document(id="d", text=text), fold(text), lexicon)


def of_the_rules() -> Iterator[tuple[str, Worded]]:
    for info in pkgutil.iter_modules(rules.__path__):
        module = importlib.import_module(f"{rules.__name__}.{info.name}")
        yield from ((f"{info.name}.{name}", thing) for name, thing in vars(module).items()
                    if isinstance(thing, Worded))


@given(st.text(alphabet="行动计划外工程第一二，", max_size=40))
def test_matches_are_those_of_the_pattern(text: str) -> None:
    ask = context(text)
    for entry in (PLANS, NUMBERS):
        assert [match.span() for match in entry.finditer(ask)] == [
            match.span() for match in entry.pattern.finditer(ask.view.text)]


def test_a_pattern_made_later_is_looked_for_too() -> None:
    text = "云泽区实施计划，云泽湾开放。"
    assert [match.group() for match in PLANS.finditer(context(text))] == ["计划"]
    later = worded("湾开放?", "湾开")
    assert [match.group() for match in later.finditer(context(text))] == ["湾开放"]


@given(st.text(alphabet="副主任委员书记局长预算法民典的", max_size=30))
def test_terms_of_a_lexicon_are_found_as_the_lexicon_finds_them(text: str) -> None:
    ask = context(text)
    for name in LEXICONS:
        assert find(ask, name) == lexicon(name).find(ask.view.text)


@pytest.mark.parametrize("entry", [pytest.param(entry, id=name) for name, entry in of_the_rules()])
def test_the_words_of_a_rule_are_all_that_its_pattern_begins_with(entry: Worded) -> None:
    for word in entry.words:  # that each word is one of the pattern's shows in its own text
        assert word[:1] in entry.pattern.pattern
    for path in sorted(DEMO.glob("*.[mth]*")):
        for document in read_bytes(path.name, path.read_bytes()):
            view = fold(document.text, document.blocks or None)
            ask = Context(document, view, lexicon)
            assert [match.span() for match in entry.finditer(ask)] == [
                match.span() for match in entry.pattern.finditer(view.text)]


def test_what_other_rules_look_for_is_no_part_of_a_version() -> None:
    entry = next(entry for entry in load().rules if entry.name == "meetings.session")
    before = entry.version(lexicon)
    worded("云泽湾", "云泽湾")
    assert entry.version(lexicon) == before
