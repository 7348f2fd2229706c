"""The semantic difference of two releases."""
from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings, strategies as st

from labels.gold import GoldRegion, GoldRelation, GoldRelease, GoldSpan
from labels.release_diff import Count, compare, diff_to_json

TEXT = "云泽区财政局全年收入 65.2 亿元"
REGION = GoldRegion("d@1:spans:0-19", "d", 0, len(TEXT), TEXT, ("spans",),
                    (GoldSpan(0, 6, "ORG"), GoldSpan(8, 10, "INDICATOR"),
                     GoldSpan(11, 18, "MONEY")),
                    (GoldRelation("VALUE", 1, 2),))
PARAGRAPH = replace(REGION, id="d@1:classes:0-19", asked=("topics",), spans=(), relations=(),
                    classes=(("topics", ("finance",)),))


def release(*regions: GoldRegion, number: int = 1) -> GoldRelease:
    return GoldRelease(number, "试用", "", "gov", "1", "s1", ("ORG", "INDICATOR", "MONEY"),
                       ("VALUE",), (("topics", ("finance", "people")),), regions, "", ("topics",))


def spans(*found: GoldSpan) -> GoldRegion:
    return replace(REGION, spans=found, relations=())


def test_a_release_does_not_differ_from_itself() -> None:
    diff = compare(release(REGION, PARAGRAPH), release(REGION, PARAGRAPH, number=2))
    assert diff.empty and diff.same == 2
    assert diff.spans["ORG"] == Count(1, 1)


def test_spans_that_came_went_changed_label_or_boundary_are_told_apart() -> None:
    old = spans(GoldSpan(0, 6, "ORG"), GoldSpan(8, 10, "INDICATOR"), GoldSpan(11, 18, "MONEY"))
    now = spans(GoldSpan(0, 3, "ORG"), GoldSpan(8, 10, "MONEY"), GoldSpan(3, 6, "ORG"))
    diff = compare(release(old), release(now))
    assert [(one.change, one.words) for one in diff.span_changes] == [
        ("relabelled", "收入"), ("moved", "云泽区"), ("removed", "65.2 亿元"), ("added", "财政局")]
    assert diff.regions_changed == (REGION.id,)
    assert diff.spans == {"INDICATOR": Count(1, 0, 0, 1), "MONEY": Count(1, 1, 1, 1),
                          "ORG": Count(1, 2, 2, 1)}


def test_relations_and_classes_are_counted() -> None:
    now = replace(PARAGRAPH, classes=(("topics", ("people",)),))
    diff = compare(release(REGION, PARAGRAPH), release(replace(REGION, relations=()), now))
    assert diff.relations == {"VALUE": Count(1, 0, 0, 1)}
    assert diff.classes == {"topics: finance": Count(1, 0, 0, 1),
                            "topics: people": Count(0, 1, 1, 0)}
    assert len(diff.regions_changed) == 2


def test_a_region_that_only_moved_in_its_document_is_the_same() -> None:
    moved = replace(REGION, id="d@2:spans:5-24", start=5, end=5 + len(TEXT))
    assert compare(release(REGION), release(moved)).empty


def test_an_empty_region_differs_from_one_that_is_not_there() -> None:
    diff = compare(release(), release(spans()))
    assert diff.regions_added == (REGION.id,) and diff.documents_added == ("d",)


def test_splits_and_schema_are_told() -> None:
    later = replace(release(replace(REGION, split="test"), number=2), schema_hash="s2",
                    labels=("ORG", "MONEY", "LOC"))
    diff = compare(release(REGION), later)
    assert diff.splits == (("d", "train", "test"),)
    assert diff.schema["labels added"] == ("LOC",)
    assert diff.schema["labels removed"] == ("INDICATOR",) and "schema changed" in diff.schema
    json.dumps(diff_to_json(diff))


SPANS = st.lists(st.builds(
    lambda start, length, label: GoldSpan(start, start + length, label),
    st.integers(0, 12), st.integers(1, 6), st.sampled_from(["ORG", "MONEY"])),
    max_size=6, unique=True).map(tuple)


@settings(max_examples=60)
@given(SPANS, SPANS)
def test_the_changes_told_lead_from_one_to_the_other(
        old: tuple[GoldSpan, ...], now: tuple[GoldSpan, ...]) -> None:
    diff = compare(release(spans(*old)), release(spans(*now)))
    left = [*old]
    for change in diff.span_changes:
        if change.before:
            left.remove(change.before)
        if change.after:
            left.append(change.after)
    assert set(left) == set(now) and len(left) == len(now)
    assert diff.empty == (set(old) == set(now))
