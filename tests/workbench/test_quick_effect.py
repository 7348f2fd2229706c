from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from tests.workbench.answering import put_answer
from tests.workbench.conftest import DOCUMENT, SUGGESTIONS
from workbench import stages
from workbench.outgoing import Outgoing, outgoing
from workbench.project import Project
from workbench.quick_effect import NONE, Effect, applied, changed
from workbench.review import quick
from workbench.review.pace import paces
from workbench.store import Row, Store
from workbench.store.documents import add_document
from workbench.store.quick import Fixed, Key, record_taken_in
from workbench.store.suggestions import save_suggestions
from workbench.store.tasks import asked_regions, record_sent, record_tasks

LABELS = ("ORG", "LOC", "MONEY")
ORG, INDICATOR, MONEY = Fixed(0, 6, "ORG"), Fixed(12, 14, "INDICATOR"), Fixed(15, 22, "MONEY")


@pytest.fixture
def document(project: Project, store: Store) -> int:
    document_id = add_document(store, DOCUMENT).document_id
    save_suggestions(store, document_id, project.pack().hash, SUGGESTIONS)
    stages.cut_regions(store, document_id)
    return document_id


@pytest.fixture
def region(store: Store, document: int) -> Row:
    """The region as it was sent, with all its suggestions."""
    (row,) = asked(store)
    record_tasks(store, "there", 4, 1, {row["id"]: 71})
    record_sent(store, "there", {row["id"]: row["newest_set"]})
    return row


def asked(store: Store) -> list[Row]:
    return asked_regions(store, "spans", 1, "there")


def sent(project: Project, store: Store) -> Outgoing:
    (out,) = outgoing(store, project.pack(), "spans", asked(store))
    return out


def said(out: Outgoing) -> list[tuple[Any, ...]]:
    assert out.task.prediction is not None
    return [tuple(Fixed(item["value"]["start"], item["value"]["end"], item["value"]["labels"][0]))
            for item in out.task.prediction["result"] if item["type"] == "labels"]


def links(out: Outgoing) -> int:
    assert out.task.prediction is not None
    return sum(item["type"] == "relation" for item in out.task.prediction["result"])


def decide(project: Project, store: Store, region: Row, one: Fixed, verdict: str,
           fixed: Fixed | None = None) -> None:
    quick.decide(store, project.pack(), Key(region["id"], *one), 1, verdict, fixed)


def test_what_was_rejected_is_not_suggested_any_more(
        project: Project, store: Store, region: Row) -> None:
    assert not sent(project, store).changed
    decide(project, store, region, MONEY, "reject")
    out = sent(project, store)
    assert out.changed and MONEY not in said(out) and ORG in said(out) and links(out) == 0


def test_what_was_put_right_takes_the_place_of_what_it_overlaps(
        project: Project, store: Store, region: Row) -> None:
    decide(project, store, region, INDICATOR, "fix", Fixed(10, 14, "INDICATOR"))
    out = sent(project, store)
    assert said(out)[:3] == [ORG, (10, 14, "INDICATOR"), MONEY]
    # Only its boundary is another one: the relation is still of it.
    assert links(out) == 1
    decide(project, store, region, MONEY, "fix", Fixed(10, 22, "MONEY"))
    assert said(sent(project, store))[:2] == [ORG, (10, 22, "MONEY")]


def test_what_was_accepted_stays_when_the_rules_forget_it(
        project: Project, store: Store, region: Row, document: int) -> None:
    decide(project, store, region, MONEY, "accept")
    assert not sent(project, store).changed or MONEY in said(sent(project, store))
    bare = SUGGESTIONS.__class__((SUGGESTIONS.spans[0],), (), ())
    save_suggestions(store, document, "later rules", bare)
    assert said(sent(project, store)) == [ORG, MONEY]


def test_a_decision_taken_back_has_no_effect(project: Project, store: Store, region: Row) -> None:
    before = said(sent(project, store))
    decide(project, store, region, MONEY, "reject")
    out = sent(project, store)
    record_taken_in(store, "there", {region["id"]: out.quick})
    assert not sent(project, store).changed
    quick.undo(store, 1)
    again = sent(project, store)
    assert again.changed and said(again) == before


def test_an_answered_region_keeps_what_it_was_sent_with(
        project: Project, store: Store, region: Row) -> None:
    decide(project, store, region, MONEY, "reject")
    record_taken_in(store, "there", {region["id"]: sent(project, store).quick})
    decide(project, store, region, ORG, "reject")
    put_answer(store, region["id"], email="li@example.org")
    out = sent(project, store)
    assert not out.changed and MONEY not in said(out) and ORG in said(out)


def test_the_pace_of_a_person_knows_what_was_shown(
        project: Project, store: Store, region: Row) -> None:
    decide(project, store, region, ORG, "fix", Fixed(0, 2, "ORG"))
    record_taken_in(store, "there", {region["id"]: sent(project, store).quick})
    put_answer(store, region["id"], "ORG", task=71, email="li@example.org")     # 0–2
    (pace,) = paces(store)
    assert (pace.suggested.shown, pace.suggested.untouched, pace.suggested.own) == (4, 1, 0)


SPANS = st.lists(st.builds(
    lambda start, length, label: Fixed(start, start + length, label),
    st.integers(0, 30), st.integers(1, 6), st.sampled_from(LABELS)), max_size=8, unique=True)


@given(suggested=SPANS, rejected=st.sets(st.integers(0, 7)), made=SPANS)
def test_what_people_made_stands_and_nothing_overlaps_it(
        suggested: list[Fixed], rejected: set[int], made: list[Fixed]) -> None:
    flat: list[Fixed] = []
    for one in made:
        if not any(one.start < other.end and other.start < one.end for other in flat):
            flat.append(one)
    out = frozenset(one for place, one in enumerate(suggested)
                    if place in rejected and one not in flat)
    effect = Effect(out, tuple((one, one) for one in flat))
    rows: list[Row] = [{"position": place, "start": 100 + one.start, "end": 100 + one.end,
                        "label": one.label, "score": 0.5} for place, one in enumerate(suggested)]
    found = applied(rows, 100, effect, LABELS)
    stands = [Fixed(row["start"] - 100, row["end"] - 100, row["label"]) for row in found]
    assert set(flat) <= set(stands) and not out & set(stands)
    for one in set(stands) - set(flat):
        assert one in suggested
        assert not any(one.start < other.end and other.start < one.end for other in flat)
    assert set(stands) == changed(suggested, effect)
    assert len({row["position"] for row in found}) == len(found)
    assert applied(rows, 100, NONE, LABELS) == rows
    # A label that the schema does not know (any more) is not suggested.
    assert {row["label"] for row in applied(rows, 100, effect, ())} <= {
        one.label for one in suggested}
