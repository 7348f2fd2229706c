from __future__ import annotations

import re
from typing import Callable

import pytest

from tests.workbench.answering import put_answer
from tests.workbench.web.conftest import Browser
from workbench import stages
from workbench.store import Store
from workbench.store.settings import get_setting
from workbench.store.tasks import task_states

Open = Callable[[str], Browser]
KEY = re.compile(r'name="key" value="([^"]+)"')
ADDRESS = re.compile(r'data-address="([^"]+)"')


@pytest.fixture
def region(store: Store, filled: int) -> int:
    stages.cut_regions(store, filled)
    return next(int(row["id"]) for row in task_states(store, filled) if row["kind"] == "spans")


def asked(page: str) -> str:
    (key,) = set(KEY.findall(page))
    return str(key)


def rows(store: Store) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in store.rows(
        "SELECT verdict, fixed_start, fixed_end, fixed_label, user_id FROM quick_decisions"
        " ORDER BY id")]


def test_documents_that_no_region_was_cut_of_are_told(browser: Open, filled: int) -> None:
    page = browser("annotator").get("/quick").text
    assert not KEY.findall(page) and "下次" in page


@pytest.mark.parametrize("role", ("annotator", "reviewer", "lead"))
def test_a_question_is_answered_and_the_next_one_comes(
        browser: Open, store: Store, region: int, role: str) -> None:
    someone = browser(role)
    page = someone.get("/quick").text
    for key in "arsujkleg":
        assert f'data-key="{key}"' in page
    first = asked(page)
    answer = someone.post("/quick/answer", {"key": first, "verdict": "accept"})
    assert answer.status_code == 303 and f"at={first}&go=after" in answer.headers["Location"]
    page = someone.get(answer.headers["Location"]).text
    assert asked(page) != first and "1 / 4" in page
    assert [row[0] for row in rows(store)] == ["accept"]
    answer = someone.post("/quick/undo", {"key": asked(page)})
    assert asked(someone.get(answer.headers["Location"]).text) == first


def test_the_script_is_answered_with_the_next_question_alone(browser: Open, region: int) -> None:
    someone = browser("annotator")
    first = asked(someone.get("/quick").text)
    answer = someone.post("/quick/answer", {"key": first, "verdict": "reject", "part": "1"})
    assert answer.headers["X-Part"] == "1" and "<html" not in answer.text
    assert asked(answer.text) != first and ADDRESS.findall(answer.text)
    again = someone.post("/quick/answer", {"key": "9-0-2-ORG", "verdict": "accept", "part": "1"})
    assert 'class="said error"' in again.text


def test_without_its_token_nothing_is_decided(browser: Open, store: Store, region: int) -> None:
    someone = browser("annotator")
    first = asked(someone.get("/quick").text)
    answer = someone.client.post("/quick/answer", data={"key": first, "verdict": "accept"})
    assert answer.status_code == 400 and rows(store) == []


def test_a_label_or_a_boundary_is_put_right(browser: Open, store: Store, region: int) -> None:
    someone = browser("reviewer")
    page = someone.get("/quick?label=MONEY").text
    key = asked(page)
    assert key == f"{region}-15-22-MONEY" and "65.2 亿元" in page
    wanted = {"key": key, "verdict": "fix", "for_label": "MONEY"}
    for start, end, label in (("15", "22", "NOTHING"), ("15", "999", "MONEY"), ("x", "", "")):
        page = someone.post("/quick/answer", {
            **wanted, "start": start, "end": end, "label": label}, follow_redirects=True).text
        assert 'class="said error"' in page
    answer = someone.post("/quick/answer", {**wanted, "start": "15", "end": "19",
                                            "label": "QUANTITY"})
    assert "label=MONEY" in answer.headers["Location"]
    assert rows(store) == [("fix", 15, 19, "QUANTITY", 3)]


def test_only_what_is_wished_for_is_asked(browser: Open, region: int) -> None:
    someone = browser("annotator")
    seen, address = set(), "/quick?rule=t.org&order=text"
    for _ in range(2):
        page = someone.get(address).text
        seen.add(asked(page))
        address = f"/quick?rule=t.org&order=text&at={asked(page)}&go=after"
    assert seen == {f"{region}-0-6-ORG", f"{region}-23-27-ORG"}
    assert not KEY.findall(someone.get("/quick?rule=nobody").text)
    for address in ("/quick?order=chance", "/quick?document=x", "/quick?at=1-2", "/quick?go=up"):
        assert someone.get(address).status_code == 404, address


def test_two_people_do_not_look_at_the_same_question(browser: Open, region: int) -> None:
    one, other = browser("annotator"), browser("reviewer")
    assert asked(one.get("/quick").text) != asked(other.get("/quick").text)


def test_the_lead_sets_how_many_people_decide(browser: Open, store: Store, region: int) -> None:
    lead = browser("lead")
    assert "/quick/people" in lead.get("/quick").text
    assert "/quick/people" not in browser("reviewer").get("/quick").text
    lead.post("/quick/people", {"people": "2"})
    assert get_setting(store, "quick") == {"people": 2}
    assert 'class="said error"' in lead.post("/quick/people", {"people": "99"},
                                             follow_redirects=True).text
    key = asked(lead.get("/quick").text)
    lead.post("/quick/answer", {"key": key, "verdict": "accept"})
    assert asked(browser("annotator").get(f"/quick?at={key}").text) == key


def test_what_was_decided_is_told_where_the_suggestion_is_shown(
        browser: Open, store: Store, filled: int, region: int) -> None:
    lead = browser("lead")
    key = f"{region}-15-22-MONEY"
    lead.post("/quick/answer", {"key": key, "verdict": "fix", "start": "15", "end": "19",
                                "label": "QUANTITY"})
    place = next(span["position"] for span in store.rows(
        "SELECT position FROM suggested_spans WHERE label = 'MONEY'"))
    told = lead.get(f"/documents/{filled}/spans/{place}").text
    assert "65.2" in told and "l-QUANTITY" in told and "lead" in told
    # While others are still asked, they shall not be told.
    lead.post("/quick/people", {"people": "2"})
    assert "l-QUANTITY" not in lead.get(f"/documents/{filled}/spans/{place}").text


def test_my_work_leads_to_the_questions(browser: Open, store: Store, region: int) -> None:
    someone = browser("annotator")
    assert 'href="/quick"' in someone.get("/mine").text
    put_answer(store, region)
    assert 'class="button" href="/quick"' not in someone.get("/mine").text
    assert not KEY.findall(someone.get("/quick").text)
