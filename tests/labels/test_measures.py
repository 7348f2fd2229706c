from __future__ import annotations

from pathlib import Path

import pytest

from labels import govdoc
from labels.errors import RuleError
from labels.measures import (
    HEADER, Measure, format_measures, load_measures, parse_measures, shrunk,
)
from labels.rules import make_pack, suggest
from labels.document import Document


@pytest.mark.parametrize("measure, declared, score", [
    (None, 0.8, 0.8),                                   # no cases: what was declared
    (Measure("v", 0, 0), 0.8, 0.8),
    (Measure("v", 2, 2), 0.8, 10 / 12),                 # (2 + 10 · 0.8) / (2 + 10)
    (Measure("v", 90, 45), 0.9, 54 / 100),              # (45 + 10 · 0.9) / (90 + 10)
    (Measure("v", 10, 0), 0.5, 0.25),
])
def test_a_score_is_the_share_right_drawn_towards_what_was_declared(
        measure: Measure | None, declared: float, score: float) -> None:
    assert shrunk(measure, declared) == pytest.approx(score)


def test_measures_go_to_text_and_back() -> None:
    measures = {"b.two": Measure("123", 5, 4), "a.one": Measure("abc", 0, 0)}
    text = format_measures(measures)
    assert text.splitlines()[:2] == [HEADER, "a.one\tabc\t0\t0"]
    assert parse_measures(text, "m.tsv") == measures


@pytest.mark.parametrize("line, number", [
    ("a.one\tabc\t1", 2), ("a.one\tabc\t1\t2", 2), ("a.one\tabc\tone\t1", 2),
    ("a.one\tabc\t1\t1\na.one\tabc\t1\t1", 3),
])
def test_a_bad_line_is_refused_with_its_place(line: str, number: int) -> None:
    with pytest.raises(RuleError, match=f"m.tsv line {number}.*make measure"):
        parse_measures(f"{HEADER}\n{line}\n", "m.tsv")


def test_a_file_without_its_head_is_refused_and_a_missing_one_is_empty(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="line 1"):
        parse_measures("a.one\tabc\t1\t1\n", "m.tsv")
    assert load_measures(tmp_path / "none.tsv") == {}


def test_a_suggestion_has_the_measured_score_of_its_rule() -> None:
    pack = govdoc.load()
    measures = {**pack.measures, "numbers.percent": Measure("v", 30, 15)}
    changed = make_pack(pack.schema, pack.rules, pack.lexicon, measures)
    (span,) = suggest(Document("d", "增长3.5%"), changed).spans
    declared = next(rule.score for rule in pack.rules if rule.name == "numbers.percent")
    assert span.score == pytest.approx((15 + 10 * declared) / 40)
    assert changed.hash != pack.hash
