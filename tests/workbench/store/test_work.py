"""Who did what, and what waits for whom."""
from __future__ import annotations

import pytest

from tests.workbench.answering import put_answer
from tests.workbench.conftest import DOCUMENT, SUGGESTIONS
from workbench import stages
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.guides import guide_changes
from workbench.store.overlays import add_overlay
from workbench.store.people import add_user, link_studio_account
from workbench.store.schemas import DONE, add_schema
from workbench.store.settings import set_setting
from workbench.store.suggestions import current_set, save_suggestions
from workbench.store.tasks import mark_gone, record_sent, record_tasks, task_counts, task_states
from workbench.store.work import (
    answers_by_person, drafts_of, keys_in_slots, quarantined_of, slot_counts, tasks_in_slots,
    unknown_accounts, waiting_counts, waiting_tasks, work_of,
)

EMAIL = "annotator-2@workbench.local"


@pytest.fixture
def person(store: Store) -> int:
    """An annotator with account 12 there; the project is connected to the origin "there"."""
    set_setting(store, "studio", {"projects": {"spans:1": [4, "there"], "classes:1": [5, "c"],
                                               "spans:2": [6, "second"]}})
    made = add_user(store, "annotator", "annotator", "a long password")
    link_studio_account(store, made, EMAIL, 12)
    return made


@pytest.fixture
def regions(store: Store) -> dict[str, int]:
    """The region of each kind; both have tasks in slot 1, the spans in slot 2 too."""
    document = add_document(store, DOCUMENT).document_id
    save_suggestions(store, document, "pack", SUGGESTIONS)
    stages.cut_regions(store, document)
    found = {row["kind"]: row["id"] for row in task_states(store)}
    record_tasks(store, "there", 4, 1, {found["spans"]: 70 + found["spans"]})
    record_tasks(store, "c", 5, 1, {found["classes"]: 1})
    record_tasks(store, "second", 6, 2, {found["spans"]: 9})
    current = current_set(store, document)
    assert current is not None
    for origin, kind in (("there", "spans"), ("c", "classes"), ("second", "spans")):
        record_sent(store, origin, {found[kind]: current["id"]})
    return found


def test_an_answer_belongs_to_the_account_whatever_its_address(
        store: Store, person: int, regions: dict[str, int]) -> None:
    put_answer(store, regions["spans"], account=12, email="another@example.org", blind=False)
    assert answers_by_person(store)[person]["accepted"] == 1
    assert answers_by_person(store)[person]["not_blind"] == 1
    assert unknown_accounts(store) == []


def test_an_old_row_without_an_account_belongs_to_its_address(
        store: Store, person: int, regions: dict[str, int]) -> None:
    put_answer(store, regions["spans"], email=EMAIL.upper())
    assert answers_by_person(store)[person]["accepted"] == 1


def test_the_same_number_on_an_older_server_is_somebody_else(
        store: Store, person: int, regions: dict[str, int]) -> None:
    put_answer(store, regions["spans"], account=12, origin="older", email="x@example.org")
    put_answer(store, regions["classes"], account=3, origin="older", email=EMAIL)
    assert answers_by_person(store)[person]["accepted"] == 1
    (unknown,) = unknown_accounts(store)
    assert (unknown["annotator"], unknown["accepted"]) == ("x@example.org", 1)


def test_an_account_that_is_nobodys_is_told_and_not_taken_by_its_name(
        store: Store, person: int, regions: dict[str, int]) -> None:
    put_answer(store, regions["spans"], account=99, email=EMAIL)
    assert person not in answers_by_person(store)
    assert [row["studio_user"] for row in unknown_accounts(store)] == [99]


def test_what_somebody_did_today_and_in_all(
        store: Store, person: int, regions: dict[str, int]) -> None:
    put_answer(store, regions["spans"], account=12, when="2026-01-02T01:00:00Z", seconds=30)
    put_answer(store, regions["classes"], account=12, origin="there", state="skipped",
               when="2026-01-01T23:59:59.999Z", seconds=50)
    done = work_of(store, person, "2026-01-02T00:00:00.000+00:00")
    assert (done.accepted, done.skipped, done.today, done.seconds) == (1, 1, 1, 30)
    assert work_of(store, 1, "2026-01-02") == work_of(store, 99, "2026-01-02")


def test_the_tasks_of_my_slot_wait_in_document_order_with_their_suggestions(
        store: Store, person: int, regions: dict[str, int]) -> None:
    first, second = waiting_tasks(store, person, 1)
    assert (first["kind"], first["studio_task"], first["suggestions"]) \
        == ("spans", 70 + regions["spans"], 4)
    assert (second["kind"], second["suggestions"]) == ("classes", 2)
    assert waiting_counts(store, person, 1) == {"spans": 1, "classes": 1}
    (own,) = waiting_tasks(store, person, 2)
    assert (own["studio_project"], own["studio_task"], own["slot"]) == (6, 9, 2)
    assert waiting_tasks(store, person, 3) == []


def test_an_answer_in_one_slot_leaves_the_other_slots_waiting(
        store: Store, person: int, regions: dict[str, int]) -> None:
    put_answer(store, regions["spans"], account=7, slot=1)
    assert waiting_counts(store, person, 1) == {"classes": 1}
    assert waiting_counts(store, person, 2) == {"spans": 1}
    assert slot_counts(store)[1]["answered"] == 1 and slot_counts(store)[2]["answered"] == 0


def test_nobody_is_asked_again_in_another_slot(
        store: Store, person: int, regions: dict[str, int]) -> None:
    put_answer(store, regions["spans"], account=12, slot=1)
    assert waiting_counts(store, person, 2) == {}
    assert waiting_counts(store, 1, 2) == {"spans": 1}


def test_a_task_that_is_gone_does_not_wait(
        store: Store, person: int, regions: dict[str, int]) -> None:
    mark_gone(store, "second", [9])
    assert waiting_tasks(store, person, 2) == [] and task_states(store, slot=2) == []


def test_somebody_of_a_slot_sees_its_regions_with_its_tasks(
        store: Store, person: int, regions: dict[str, int]) -> None:
    (row,) = task_states(store, slot=2)
    assert (row["kind"], row["studio_project"], row["studio_task"], row["state"]) \
        == ("spans", 6, 9, "open")
    put_answer(store, regions["spans"], account=7, slot=1)
    assert task_counts(store, slot=2) == {"open": 1}
    assert task_counts(store, slot=1) == {"answered": 1, "open": 1}
    put_answer(store, regions["spans"], account=12, slot=2, origin="second", task=9)
    assert task_counts(store, slot=2) == {"answered": 1}


def test_a_dispute_between_slots_is_one_of_the_region(
        store: Store, person: int, regions: dict[str, int]) -> None:
    put_answer(store, regions["spans"], "ORG", account=7, slot=1)
    put_answer(store, regions["spans"], "LOC", account=12, slot=2, origin="second", task=9)
    for slot in (None, 1, 2):
        assert task_counts(store, slot=slot)["disputed"] == 1


def test_all_slots_of_a_region_are_shown_to_those_who_see_all(
        store: Store, person: int, regions: dict[str, int]) -> None:
    put_answer(store, regions["spans"], account=12, slot=2, origin="second", task=9, blind=False)
    first, second = tasks_in_slots(store, [regions["spans"]])[regions["spans"]]
    assert (first["slot"], first["answered"], first["not_blind"]) == (1, 0, 0)
    assert (second["slot"], second["answered"], second["not_blind"]) == (2, 1, 1)
    assert {slot for _, slot in keys_in_slots(store)} == {2}
    states = {row["id"]: row["not_blind"] for row in task_states(store)}
    assert states == {regions["spans"]: 1, regions["classes"]: 0}


def test_what_needs_a_second_look(store: Store, person: int, regions: dict[str, int]) -> None:
    put_answer(store, regions["spans"], account=12, state="quarantined")
    put_answer(store, regions["classes"], account=7, state="quarantined")
    with store.write() as db:
        db.execute("INSERT INTO drafts VALUES ('c', 3, ?, 1, ?, '{}', '2026-01-01T00:00:00Z')",
                   [regions["classes"], EMAIL])
    (wrong,) = quarantined_of(store, person)
    assert (wrong["reason"], wrong["studio_task"]) == ("odd", 70 + regions["spans"])
    (draft,) = drafts_of(store, person)
    assert (draft["kind"], draft["studio_task"]) == ("classes", 1)
    assert drafts_of(store, 1) == [] and quarantined_of(store, 1) == []


def test_the_guide_tells_what_changed_since_somebody_looked(store: Store) -> None:
    assert guide_changes(store) == []
    add_overlay(store, "", "one", "lead")
    (first,) = guide_changes(store)
    assert (first["kind"], first["version"], first["why"]) == ("rules", 1, "one")
    assert guide_changes(store, first["at"]) == []
    for step in (DONE, "there"):
        add_schema(store, base=0 if step == DONE else 1, schema="", guide="", names="{}",
                   changes="", mapping="{}", why=step, by="lead", step=step)
    # A version that is still being applied does not count yet.
    assert [(row["kind"], row["version"]) for row in guide_changes(store)
            if row["kind"] == "guide"] == [("guide", 1)]
