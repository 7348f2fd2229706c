"""The lead's page about overlap, and where each role's links lead."""
from __future__ import annotations

import re
from typing import Callable

import pytest

from tests.workbench.answering import put_answer
from tests.workbench.web.conftest import Browser
from workbench.slots import overlap_of
from workbench.store import Store
from workbench.store.people import set_slot, user
from workbench.store.settings import get_setting, set_setting
from workbench.store.tasks import record_tasks, task_states

Open = Callable[..., Browser]
LINK = re.compile(r'href="https://studio\.example/projects/(\d+)/data\?task=\d+"')
EVERYTHING = {"people": "2", "share": "100"}


@pytest.fixture
def two_slots(store: Store, with_tasks: int) -> int:
    """As `with_tasks`, with a second slot that asks the spans too; the annotator works in it."""
    set_setting(store, "overlap", {"people": 2, "share": 100})
    studio = get_setting(store, "studio")
    studio["projects"].update({"spans:2": [8, "second"], "classes:2": [9, "second too"]})
    set_setting(store, "studio", studio)
    (spans,) = [row["id"] for row in task_states(store) if row["kind"] == "spans"]
    record_tasks(store, "second", 8, 2, {spans: 31})
    set_slot(store, 2, 2)
    return int(spans)


def test_an_annotators_links_lead_to_their_own_slot_only(browser: Open, two_slots: int) -> None:
    annotator = browser("annotator")
    for path in ("/tasks", "/mine", "/documents/1?span=0", "/documents/1/spans/0"):
        assert set(LINK.findall(annotator.get(path).text)) <= {"8"}, path
    assert LINK.findall(annotator.get("/tasks").text) == ["8"]
    assert "/projects/4/" not in annotator.get("/studio").text
    assert LINK.findall(annotator.get("/documents/1?span=0").text) == ["8"]


def test_reviewers_and_leads_see_the_tasks_of_all_slots(browser: Open, two_slots: int) -> None:
    for role in ("reviewer", "lead"):
        assert set(LINK.findall(browser(role).get("/tasks").text)) == {"4", "8"}
        assert set(LINK.findall(browser(role).get("/documents/1?span=0").text)) == {"4", "8"}


def test_what_another_slot_answered_is_still_open_in_mine(browser: Open, two_slots: int) -> None:
    assert "待标注" in browser("annotator").get("/tasks?state=open").text
    assert LINK.findall(browser("annotator").get("/tasks?state=open").text) == ["8"]
    assert "8" not in LINK.findall(browser("annotator").get("/tasks?state=answered").text)


def test_an_answer_made_where_another_stood_is_marked(
        browser: Open, store: Store, two_slots: int) -> None:
    assert "非盲标" not in browser("lead").get("/tasks").text
    put_answer(store, two_slots, slot=2, origin="second", task=31, account=7, blind=False)
    assert "非盲标" in browser("lead").get("/tasks").text
    assert "非盲标" in browser("annotator").get("/tasks").text


def test_what_follows_is_shown_before_it_is_saved(browser: Open, store: Store,
                                                  with_tasks: int) -> None:
    lead = browser("lead")
    page = lead.get("/people/slots?people=3&share=100").text
    assert re.findall(r"<b>(\d+)</b>", page) == ["2", "6", "4"]
    assert get_setting(store, "overlap") is None
    assert lead.post("/people/slots", {"people": "3", "share": "100"}).status_code == 303
    assert overlap_of(get_setting(store, "overlap")).as_json() == {"people": 3, "share": 100}
    assert "尚未在 Label Studio 中建立" in lead.get("/people/slots").text


def test_with_fewer_people_what_is_there_stays_and_is_told(
        browser: Open, store: Store, two_slots: int) -> None:
    lead = browser("lead")
    assert re.findall(r"<b>(\d+)</b>", lead.get("/people/slots").text) == ["2", "4", "1"]
    lead.post("/people/slots", {"people": "1", "share": "100"})
    page = lead.get("/people/slots").text
    assert re.findall(r"<b>(\d+)</b>", page) == ["0", "2", "0", "1"]
    assert "不再有新任务" in page and "请将其人员移到其他席位" in page
    assert LINK.findall(browser("annotator").get("/tasks").text) == ["8"]


@pytest.mark.parametrize("people, share", [("0", "10"), ("6", "10"), ("2", "101"), ("x", "y")])
def test_an_overlap_that_cannot_be_is_refused(browser: Open, store: Store, people: str,
                                              share: str) -> None:
    lead = browser("lead")
    assert lead.post("/people/slots", {"people": people, "share": share}).status_code == 400
    assert lead.get(f"/people/slots?people={people}&share={share}").status_code == 400
    assert get_setting(store, "overlap") is None


def test_people_are_moved_to_slots_that_there_are(
        browser: Open, store: Store, with_tasks: int) -> None:
    lead = browser("lead")
    assert lead.post("/people/3/slot", {"slot": "2"}).status_code == 400
    lead.post("/people/slots", EVERYTHING)
    assert lead.post("/people/3/slot", {"slot": "2"}).status_code == 303
    found = user(store, 3)
    assert found is not None and found["slot"] == 2
    assert lead.post("/people/99/slot", {"slot": "2"}).status_code == 404
    assert lead.post("/people/invitations", {"name": "王丽", "role": "annotator", "slot": "3"}
                     ).status_code == 400
