from __future__ import annotations

import json
from typing import Any

import pytest

from labels import govdoc
from labels.document import Document
from labels.errors import InputError, RuleError
from labels.overlays import (
    AddPattern, AddTerm, Overlay, SwitchOff, TakeTerm, apply, change_to_json, fit, parse_overlay,
)
from labels.rules import Pack, suggest

PATTERN = AddPattern("hotline", "QUANTITY", r"热线(?P<mention>\d{5})", 99, 0.8,
                     ("拨打热线⟦12345⟧",), ("12345页",))
TERM = AddTerm("posts", "督云使", (("kind", "head"),))
ALL = Overlay((SwitchOff("numbers.percent"), TERM, TakeTerm("posts", "总规划师"), PATTERN))
TEXT = "增长3.5%。任命李若川为云泽区财政局督云使。拨打热线12345。"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return govdoc.load()


def labels_of(text: str, pack: Pack) -> set[tuple[str, str]]:
    return {(text[span.start:span.end], span.label)
            for span in suggest(Document("d", text), pack).spans}


def test_every_kind_of_change_changes_what_is_suggested(pack: Pack) -> None:
    before, after = labels_of(TEXT, pack), labels_of(TEXT, apply(pack, ALL))
    assert before - after == {("3.5%", "PERCENT")}
    assert after - before == {("督云使", "POST"), ("12345", "QUANTITY")}
    taken = "任命李若川为云泽区财政局总规划师"
    assert ("总规划师", "POST") in labels_of(taken, pack)
    assert ("总规划师", "POST") not in labels_of(taken, apply(pack, ALL))


def test_the_pack_given_stays_as_it_is(pack: Pack) -> None:
    hashed, rules = pack.hash, pack.rules
    apply(pack, ALL)
    assert (pack.hash, pack.rules, govdoc.load()) == (hashed, rules, pack)
    assert "督云使" not in pack.lexicon("posts") and "总规划师" in pack.lexicon("posts")
    assert labels_of("督云使", pack) == set()


def test_versions_follow_the_overlay(pack: Pack) -> None:
    changed = apply(pack, Overlay((TERM,)))
    moved = {name for name in pack.versions if pack.versions[name] != changed.versions[name]}
    assert moved == {rule.name for rule in pack.rules if "posts" in rule.lexicons}
    hashes = {apply(pack, Overlay(changes)).hash for changes in (
        (), (TERM,), (SwitchOff("numbers.percent"),), (PATTERN,), ALL.changes)}
    assert len(hashes) == 5
    assert apply(pack, Overlay()).hash == pack.hash


@pytest.mark.parametrize("field, value", [
    ("pattern", r"热线(?P<mention>\d{4,5})"), ("priority", 98), ("score", 0.7),
    ("label", "DOCNO")])
def test_the_version_of_a_pattern_rule_follows_what_was_written(
        pack: Pack, field: str, value: Any) -> None:
    def version(change: AddPattern) -> str:
        return apply(pack, Overlay((change,))).versions["pattern.hotline"]
    changed = AddPattern(**{**{name: getattr(PATTERN, name) for name in PATTERN.__slots__},
                            field: value})
    assert version(changed) != version(PATTERN) == version(PATTERN)


def test_an_overlay_is_the_same_read_from_its_text() -> None:
    assert parse_overlay(ALL.text()).changes == ALL.changes
    assert parse_overlay(ALL.text()).text() == ALL.text()
    assert parse_overlay("\n" + ALL.text() + "\n").changes == ALL.changes


def test_terms_are_folded_as_the_text_is() -> None:
    (change,) = parse_overlay('{"lexicon": "posts", "term": "督云\\n 使（Ａ）"}').changes
    assert isinstance(change, AddTerm) and change.term == "督云使(A)"


def pattern(**changed: Any) -> str:
    return json.dumps({**change_to_json(PATTERN), **changed}, ensure_ascii=False)


@pytest.mark.parametrize("line, words", [
    ('{"off": "posts.none"}', "there is no rule posts.none"),
    ('{"off": "numbers.money"}\n{"off": "numbers.money"}', "there is no rule numbers.money"),
    ('{"off": 3}', "off must be a text"),
    ("[]", "a change is an object"), ("{}", "no change has these keys"),
    ('{"off": "posts.post", "on": "x"}', "no change has these keys: off, on"),
    ("{", "this is no JSON object"),
    ('{"lexicon": "../secret", "term": "局"}', "there is no lexicon ../secret"),
    ('{"lexicon": "posts", "term": " "}', "the term is empty"),
    ('{"lexicon": "posts", "term": "局长", "columns": {"kind": "head"}}', "already"),
    ('{"lexicon": "posts", "term": "新词", "columns": {"sort": "head"}}', "no column sort"),
    ('{"lexicon": "posts", "term": "新词", "columns": {"kind": "boss"}}', "boss is no kind"),
    ('{"lexicon": "posts", "term": "新词"}', "needs the column kind"),
    ('{"lexicon": "posts", "term": "新词", "columns": []}', "columns must be an object"),
    ('{"lexicon": "units", "term": "堆", "columns": {"kind": "count", "not_before": "a]"}}',
     "takes letters"),
    ('{"lexicon": "posts", "take": "没有的词"}', "does not stand in the lexicon posts"),
    (pattern(label="HOTLINE"), "there is no label HOTLINE"),
    (pattern(pattern="热线(\\d{5}"), "does not compile, at character 3"),
    (pattern(pattern="(热线)*"), "matches the empty text"),
    (pattern(name="a b"), "'a b' is no name"), (pattern(name="../a"), "is no name"),
    (pattern(priority=100), "from 1 to 99"), (pattern(priority=1.5), "priority must be a number"),
    (pattern(score=0), "above 0"), (pattern(score=True), "score must be a number"),
    (pattern(examples=[]), "needs an example"), (pattern(examples="x"), "examples must be a list"),
    (pattern(examples=["⟦12345⟧"]), "finds nothing in the example"),
    (pattern(rejects=["热线00000"]), "finds 00000 in what it must reject"),
    (f"{pattern()}\n{pattern()}", "there is a rule pattern.hotline already"),
])
def test_what_is_bad_is_refused_with_file_and_line(pack: Pack, line: str, words: str) -> None:
    good = '{"off": "dates.date"}\n\n'
    number = 2 + line.count("\n") + 1
    with pytest.raises(InputError) as caught:
        apply(pack, parse_overlay(good + line + "\n", "o.jsonl"))
    assert str(caught.value).startswith(f"o.jsonl line {number}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_a_file_the_place_is_the_number_of_the_change(pack: Pack) -> None:
    with pytest.raises(RuleError, match="^#2: there is no rule x$"):
        apply(pack, Overlay((TERM, SwitchOff("x"))))


def test_what_does_not_fit_is_left_out_and_told(pack: Pack) -> None:
    fitted = fit(pack, Overlay((SwitchOff("gone.rule"), TERM)))
    assert list(fitted.refused) == [0]
    assert fitted.pack.hash == apply(pack, Overlay((TERM,))).hash


def test_a_change_takes_the_place_of_what_it_is_about() -> None:
    again = AddPattern(**{**{name: getattr(PATTERN, name) for name in PATTERN.__slots__},
                          "score": 0.5})
    overlay = Overlay((PATTERN, TERM)).with_change(again)
    assert overlay.changes == (again, TERM)
    other = AddTerm("posts", "督云使", (("kind", "title"),))
    assert overlay.with_change(other).changes == (again, other)
    assert overlay.with_change(TakeTerm("posts", "督云使")).changes == (
        again, TakeTerm("posts", "督云使"))
    assert overlay.without(TERM).changes == (again,)


def test_a_term_of_the_pack_gets_other_columns_by_taking_and_adding(pack: Pack) -> None:
    added = AddTerm("posts", "局长", (("kind", "title"),))
    overlay = Overlay().with_change(TakeTerm("posts", "局长")).with_change(added)
    assert overlay.changes == (TakeTerm("posts", "局长"), added)
    assert apply(pack, overlay).lexicon("posts").entries["局长"] == {"kind": "title"}
