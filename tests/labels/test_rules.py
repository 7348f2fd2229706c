from __future__ import annotations

import gc
import inspect
import re
from functools import lru_cache
from typing import Iterator

import pytest
from hypothesis import given, strategies as st

from labels import values
from labels.document import Block, Document
from labels.errors import RuleError
from labels.govdoc import load
from labels.lexicons import Lexicon, parse_lexicon
from labels.lazy import lazy
from labels.rules import (
    Context, Link, Match, Pack, Passage, Rule, SpanSuggestion, Vote, class_rule, make_pack,
    _source, relation_rule, rule, suggest,
)
from labels.schema import parse_schema

SCHEMA = parse_schema("""
name = "small"
version = "1"
[labels.ORG]
title = "机构"
title_en = "Organisation"
color = "#123456"
[labels.LOC]
title = "地点"
title_en = "Place"
color = "#654321"
[relations.IN]
title = "在"
title_en = "in"
from = ["ORG"]
to = ["LOC"]
[classes.topics]
title = "主题"
title_en = "Topics"
unit = "paragraph"
multiple = true
choices = {money = ["钱", "Money"], people = ["人", "People"]}
""")
OFFICE = re.compile("云泽区[一-鿿]{2}局")


def words(name: str) -> Lexicon:
    return parse_lexicon(name, "term\n云泽区\n", f"{name}.tsv")


@rule("ORG", priority=70, score=0.9, examples=["⟦云泽区财政局⟧报告"])
def office(context: Context) -> Iterator[Match]:
    for match in OFFICE.finditer(context.view.text):
        yield Match(*match.span())


@rule("LOC", priority=50, score=0.8, examples=["⟦云泽区⟧报告"], lexicons=["places"])
def place(context: Context) -> Iterator[Match]:
    for term, start, end in context.lexicon("places").find(context.view.text):
        yield Match(start, end, terms=(term,))


@rule("LOC", priority=10, examples=[])
def broken(context: Context) -> Iterator[Match]:
    raise ValueError("no luck")


@relation_rule("IN")
def office_in_place(context: Context, spans: tuple[SpanSuggestion, ...]) -> Iterator[Link]:
    for left, right in zip(range(len(spans)), range(1, len(spans))):
        if spans[left].label == "ORG" and spans[right].label == "LOC":
            yield Link("IN", left, right)


@class_rule("topics")
def money(context: Context, passage: Passage) -> Iterator[Vote]:
    if "财政" in passage.text:
        yield Vote("money", 0.6, "财政")
    if "预算" in passage.text:
        yield Vote("money", 0.5, "预算")


def pack(*rules: Rule) -> Pack:
    return make_pack(SCHEMA, rules, words)


def test_spans_map_back_through_the_folding() -> None:
    document = Document(id="d", text="据云 泽区财\n政局报告")
    (span,) = suggest(document, pack(office)).spans
    assert document.text[span.start:span.end] == "云 泽区财\n政局"
    assert span.evidence.matched == "云泽区财政局"


def test_the_higher_priority_wins_and_keeps_what_it_beat() -> None:
    (span,) = suggest(Document(id="d", text="云泽区财政局"), pack(office, place)).spans
    assert span.label == "ORG"
    assert [(b.rule, b.text) for b in span.evidence.beat] == [("test_rules.place", "云泽区")]


def test_evidence_names_the_lexicon_entry() -> None:
    (span,) = suggest(Document(id="d", text="在云泽区"), pack(place)).spans
    assert span.evidence.terms == ("云泽区",)


def test_a_rule_that_raises_is_counted_and_the_others_go_on() -> None:
    found = suggest(Document(id="d", text="在云泽区"), pack(place, broken))
    assert [f.rule for f in found.failures] == ["test_rules.broken"]
    assert found.failures[0].error == "ValueError: no luck"
    assert len(found.spans) == 1


def test_relations_link_the_spans_that_won() -> None:
    found = suggest(Document(id="d", text="云泽区财政局在云泽区"), pack(office, place, office_in_place))
    (link,) = found.relations
    assert found.spans[link.source].label == "ORG" and found.spans[link.target].label == "LOC"


def test_class_votes_are_added_up_per_block() -> None:
    text = "财政与预算\n\n财政"
    document = Document(id="d", text=text, blocks=(Block("paragraph", 0, 5),
                                                   Block("paragraph", 7, 9)))
    (choice,) = suggest(document, pack(money)).classes
    assert (choice.choice, choice.start, choice.end) == ("money", 0, 5)
    assert choice.evidence == "财政、预算"


def test_rules_are_told_where_spans_and_passages_stand_in_the_folded_text() -> None:
    text = "据云 泽区财\n政局报告\n\n预 算"
    told: list[str] = []

    @relation_rule("IN")
    def spans_told(context: Context, spans: tuple[SpanSuggestion, ...]) -> Iterator[Link]:
        told.extend(context.view.text[start:end] for start, end in context.folded)
        return iter(())

    @class_rule("topics")
    def passages_told(context: Context, passage: Passage) -> Iterator[Vote]:
        told.append(context.view.text[passage.low:passage.high])
        assert told[-1] == passage.text
        return iter(())
    found = suggest(Document(id="d", text=text), pack(office, spans_told, passages_told))
    assert not found.failures
    assert told == ["云泽区财政局", "据云泽区财政局报告", "预算"]


def test_the_leftmost_winner_keeps_what_it_and_later_ones_beat() -> None:
    @rule("LOC", priority=5, examples=[])
    def all_of_it(context: Context) -> Iterator[Match]:
        yield Match(0, len(context.view.text))
    spans = suggest(Document(id="d", text="云泽区财政局，云泽区审计局"), pack(office, all_of_it)).spans
    assert [len(span.evidence.beat) for span in spans] == [1, 0]


def test_the_version_of_a_rule_follows_its_decorator_and_its_helpers() -> None:
    twins = []
    for score in (0.5, 0.6):
        @rule("ORG", score=score, examples=[])
        def twin(context: Context) -> Iterator[Match]:
            return (Match(*match.span()) for match in OFFICE.finditer(context.view.text))
        twins.append(twin)
    assert twins[0].version(words) != twins[1].version(words)
    assert place.version(words) != office.version(words)


def test_a_rule_for_an_unknown_label_is_refused() -> None:
    @rule("PERSON", examples=[])
    def stranger(context: Context) -> Iterator[Match]:
        yield Match(0, 1)
    with pytest.raises(RuleError, match="PERSON"):
        pack(stranger)


def test_the_version_of_a_rule_follows_pattern_and_lexicon(monkeypatch: pytest.MonkeyPatch) -> None:
    before = office.version(words)
    assert before == office.version(words)
    monkeypatch.setitem(office.function.__globals__, "OFFICE", re.compile("云泽区[一-鿿]{3}局"))
    assert office.version(words) != before
    other = parse_lexicon("places", "term\n江岚市\n", "places.tsv")
    assert place.version(words) != place.version(lambda name: other)


def test_no_two_spans_overlap_however_many_candidates() -> None:
    spans = suggest(Document(id="d", text="云泽区财政局云泽区审计局" * 50), pack(office, place)).spans
    assert all(left.end <= right.start for left, right in zip(spans, spans[1:]))
    assert len(spans) == 100


def test_failures_of_a_rule_are_folded_into_one_with_a_count() -> None:
    @class_rule("topics")
    def weary(context: Context, passage: Passage) -> Iterator[Vote]:
        raise KeyError(passage.text)
    document = Document(id="d", text="一\n\n二\n\n三", blocks=tuple(
        Block("paragraph", start, start + 1) for start in (0, 3, 6)))
    found = suggest(document, pack(weary, broken))
    assert {(failure.rule, failure.error, failure.count) for failure in found.failures} == {
        ("test_rules.weary", "KeyError: '一'", 3), ("test_rules.broken", "ValueError: no luck", 1)}


PATTERNS = (re.compile("甲" * 300 + "乙"), {"a": re.compile("丙")})


@lru_cache(maxsize=None)
def cached_helper() -> str:
    return OFFICE.pattern


@rule("ORG", examples=[])
def through_others(context: Context) -> Iterator[Match]:
    if PATTERNS and cached_helper() and values.dates:
        yield from office.function(context)


@pytest.mark.parametrize("name, value", [
    ("PATTERNS", (re.compile("甲" * 300 + "丁"), {"a": re.compile("丙")})),
    ("PATTERNS", (re.compile("甲" * 300 + "乙"), {"a": re.compile("丁")})),
    ("PATTERNS", (lazy("甲" * 300 + "丁"), {"a": re.compile("丙")})),
    ("OFFICE", re.compile("云泽区[一-鿿]{3}局")), ("office", place)])
def test_the_version_follows_what_a_rule_reaches_through_others(
        monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    before = through_others.version(words)
    monkeypatch.setitem(through_others.function.__globals__, name, value)
    assert through_others.version(words) != before


def test_a_pattern_compiled_late_is_the_same_to_the_version(
        monkeypatch: pytest.MonkeyPatch) -> None:
    before = through_others.version(words)
    monkeypatch.setitem(through_others.function.__globals__, "OFFICE", lazy(OFFICE.pattern))
    assert through_others.version(words) == before


def test_the_source_of_a_rule_is_what_inspect_tells() -> None:
    functions = {entry.function for entry in load().rules} | {
        thing for entry in load().rules for thing in entry.function.__globals__.values()
        if inspect.isfunction(thing)}
    for function in (*functions, lambda: 1):
        assert _source(function).rstrip() == inspect.getsource(function).rstrip()


SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8)), max_size=14)


@given(SPANS, SPANS)
def test_conflicts_are_settled_as_if_one_by_one(strong: list[tuple[int, int]],
                                                weak: list[tuple[int, int]]) -> None:
    @rule("ORG", priority=7, examples=[])
    def first(context: Context) -> Iterator[Match]:
        return (Match(start, start + length) for start, length in strong)

    @rule("LOC", priority=3, examples=[])
    def second(context: Context) -> Iterator[Match]:
        return (Match(start, start + length) for start, length in weak)
    held: list[tuple[int, int, str]] = []
    beaten: dict[tuple[int, int, str], list[tuple[str, int]]] = {}
    for name, spans in (("ORG", strong), ("LOC", weak)):
        for start, length in sorted(spans, key=lambda span: (-span[1], span[0])):
            mine = (start, start + length, name)
            rivals = [other for other in sorted(held)
                      if other[0] < mine[1] and start < other[1]]
            if not rivals:
                held.append(mine)
            elif rivals[0] != mine:
                beaten.setdefault(rivals[0], []).append((name, length))
    found = suggest(Document(id="d", text="云" * 40), pack(first, second)).spans
    assert [(span.start, span.end, span.label) for span in found] == sorted(held)
    assert {(span.start, span.end, span.label): [(b.label, len(b.text)) for b in span.evidence.beat]
            for span in found if span.evidence.beat} == beaten


@pytest.mark.parametrize("enabled", (True, False))
def test_the_collector_is_left_as_it_was(enabled: bool) -> None:
    seen: list[bool] = []

    @rule("ORG", examples=[])
    def looking(context: Context) -> Iterator[Match]:
        seen.append(gc.isenabled())
        return iter(())
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        suggest(Document(id="d", text="云泽区"), pack(looking))
        with pytest.raises(AttributeError):
            suggest(None, pack(looking))  # type: ignore[arg-type]
        assert gc.isenabled() is enabled and seen == [False]
    finally:
        (gc.enable if before else gc.disable)()
