from __future__ import annotations

import pytest

from labels.errors import InputError
from labels.rules import Suggestions
from tests.workbench import test_rereading as rereads
from workbench import stages
from workbench.deciding import KINDS, decide, offers, read_resolution, undo
from workbench.store import Row, Store, outbox
from workbench.store.asking import asked_again
from workbench.store.conflicts import (
    conflict, count_ended, ended_conflicts, open_conflicts, raise_conflict,
)
from workbench.store.documents import add_document
from workbench.store.people import link_studio_account
from workbench.store.rereads import carried
from workbench.store.suggestions import save_suggestions
from workbench.store.tasks import record_tasks, regions_by_key

first = rereads.first
ONCE = "年内全区完成投资12.5亿元，超过计划。"


@pytest.fixture
def ambiguous(store: Store) -> Row:
    """A label that stood once, and stands twice in surroundings like its own by now."""
    old = add_document(store, rereads.report(ONCE + rereads.SCHOOL))
    stages.cut_regions(store, old.document_id)
    region = rereads.region_with(store, old.document_id, "投资")
    record_tasks(store, "there", 1, 1, {region["id"]: 5})
    rereads.answer(store, region, ("12.5亿元", "MONEY"))
    save_suggestions(store, rereads.reread(
        store, f"{rereads.ROADS}{ONCE}附表另见。{ONCE}其余从略。"), "p",
        Suggestions((), (), ()))
    (found,) = open_conflicts(store, "anchor")
    return found


def quarantined(store: Store, region: Row, note: str = "x") -> Row:
    raise_conflict(store, "quarantine", "there:1", {"reason": note, "slot": 1},
                   region_id=region["id"])
    return open_conflicts(store, "quarantine")[0]


def test_every_kind_has_something_to_decide() -> None:
    for kind in KINDS:
        assert offers({"kind": kind, "content": {}}), kind


def test_a_candidate_that_is_taken_is_suggested_until_that_is_taken_back(
        store: Store, ambiguous: Row) -> None:
    names = [(one.decision.name, one.candidate) for one in offers(ambiguous)]
    assert names[:2] == [("take", 0), ("take", 1)] and ("dismissed", None) in names
    decide(store, ambiguous["id"], "take", "lead", 1, "the second")
    ((label,), _) = carried(store, ambiguous["content"]["document"])
    assert (label["start"], label["label"]) == (
        ambiguous["content"]["candidates"][1]["start"], "MONEY")
    (ended,) = ended_conflicts(store)
    assert (ended["resolution"], ended["ended_by"]) == ("take:1 the second", "lead")
    said = read_resolution(ended["resolution"])
    assert (said.name, said.candidate, said.note) == ("take", 1, "the second")
    undo(store, ambiguous["id"], "lead")
    assert carried(store, ambiguous["content"]["document"]) == ([], [])
    assert len(open_conflicts(store, "anchor")) == 1


def test_a_task_that_may_show_a_taken_label_is_due_for_a_new_prediction(
        store: Store, ambiguous: Row) -> None:
    document_id = ambiguous["content"]["document"]
    (region,) = [row for row in regions_by_key(store, "spans").values()
                 if row["document_id"] == document_id]
    record_tasks(store, "there", 1, 1, {region["id"]: 9})
    with store.write() as db:
        db.execute("UPDATE tasks SET set_id = 1 WHERE studio_task = 9")
    decide(store, ambiguous["id"], "take", "lead", 0)
    assert store.value("SELECT set_id FROM tasks WHERE studio_task = 9") is None


def test_what_is_no_candidate_or_no_decision_is_refused(store: Store, ambiguous: Row) -> None:
    for name, candidate in (("take", 7), ("take", None), ("keep", None), ("nonsense", None)):
        with pytest.raises(InputError, match="cannot be decided"):
            decide(store, ambiguous["id"], name, "lead", candidate)
    with pytest.raises(InputError, match="no conflict"):
        decide(store, 99, "take", "lead", 0)
    assert len(open_conflicts(store)) == 1


def test_a_dismissal_needs_words(store: Store, ambiguous: Row) -> None:
    with pytest.raises(InputError, match="words"):
        decide(store, ambiguous["id"], "note", "lead")
    decide(store, ambiguous["id"], "note", "lead", note="printed twice")
    assert count_ended(store, "anchor") == 1


def test_who_decides_second_is_told(store: Store, first: int) -> None:
    row = quarantined(store, rereads.region_with(store, first, "公交"))
    decide(store, row["id"], "ask", "lead")
    with pytest.raises(InputError, match="lead has decided"):
        decide(store, row["id"], "ask", "reviewer")
    assert len(asked_again(store)) == 1


def test_who_answered_is_asked_again_until_they_answer(store: Store, first: int) -> None:
    region = rereads.region_with(store, first, "公交")
    rereads.answer(store, region, ("3条", "QUANTITY"), who="li@b")
    link_studio_account(store, 1, "li@b", 7)
    decide(store, quarantined(store, region)["id"], "ask", "lead", note="see the guide")
    (asked,) = asked_again(store, user_id=1)
    assert (asked["id"], asked["note"], asked["asked_by"], asked["studio_task"]) == (
        region["id"], "see the guide", "lead", 100 + region["id"])
    assert asked_again(store, region_id=region["id"] + 1) == []
    with store.write() as db:   # they answered once more, a century from now
        db.execute("UPDATE answers SET studio_updated_at = '2126-01-01T00:00:00Z'")
    assert asked_again(store, user_id=1) == []


def test_asking_again_can_be_taken_back(store: Store, first: int) -> None:
    row = quarantined(store, rereads.region_with(store, first, "公交"))
    decide(store, row["id"], "ask", "lead")
    undo(store, row["id"], "lead")
    assert asked_again(store) == [] and len(open_conflicts(store)) == 1
    with pytest.raises(InputError, match="nothing to take back"):
        undo(store, row["id"], "lead")


def test_what_was_decided_is_not_raised_again_until_it_changes(store: Store, first: int) -> None:
    region = rereads.region_with(store, first, "公交")
    row = quarantined(store, region)
    decide(store, row["id"], "note", "lead", note="a test of somebody's")
    content = {"reason": "x", "slot": 1}
    assert not raise_conflict(store, "quarantine", "there:1", content, region_id=region["id"])
    assert open_conflicts(store) == []
    assert raise_conflict(store, "quarantine", "there:1", {**content, "reason": "y"})
    with pytest.raises(InputError, match="open again already"):
        undo(store, row["id"], "lead")


def test_our_text_is_put_back_by_the_next_push(store: Store, first: int) -> None:
    region = rereads.region_with(store, first, "公交")
    raise_conflict(store, "data", "there:1", {"task": 4, "kind": "spans", "slot": 1, "there": "x"},
                   region_id=region["id"])
    row = open_conflicts(store)[0]
    decide(store, row["id"], "restore", "lead")
    (wish,) = outbox.waiting(store)
    assert (wish["operation"], wish["region_id"], wish["content"]["task"]) == (
        "restore", region["id"], 4)
    undo(store, row["id"], "lead")
    assert outbox.waiting(store) == [] and conflict(store, row["id"])["ended_at"] is None
