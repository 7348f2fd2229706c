from __future__ import annotations

import json
import re
from typing import Callable

import pytest

from tests.workbench.answering import put_answer
from tests.workbench.web.conftest import Browser
from workbench.project import Project
from workbench.review.adjudication import disputed_region
from workbench.store import Row, Store
from workbench.store.gold import standing_gold
from workbench.store.rulings import precedents
from workbench.store.tasks import task_states

Open = Callable[[str], Browser]
KEY = re.compile(r'name="key" value="(\w+)"')


@pytest.fixture
def disputed(store: Store, with_tasks: int) -> Row:
    """A region of whose first words one person took six, another two."""
    region = next(row for row in task_states(store, with_tasks) if row["kind"] == "spans")
    put_answer(store, region["id"], "ORG", email="li@example.org", slot=2, origin="other")
    return region


@pytest.fixture
def paragraph(store: Store, with_tasks: int) -> Row:
    region = next(row for row in task_states(store, with_tasks) if row["kind"] == "classes")
    for person, choice in (("a@x", "plan"), ("b@x", "target")):
        made = put_answer(store, region["id"], email=person)
        with store.write() as db:
            db.execute("UPDATE answers SET answer = ? WHERE id = ?", [json.dumps(
                {"spans": [], "relations": [], "classes": {"function": [choice]}}), made])
    return region


def test_nothing_disputed_is_told(browser: Open, with_tasks: int) -> None:
    reviewer = browser("reviewer")
    assert "没有争议" in reviewer.get("/adjudicate").text
    answer = reviewer.get("/adjudicate/1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/adjudicate")
    for address in ("/adjudicate?kind=none", "/adjudicate?page=0"):
        assert reviewer.get(address).status_code == 404


def test_a_region_is_decided_and_settled(
        browser: Open, project: Project, store: Store, disputed: Row) -> None:
    reviewer, address = browser("reviewer"), f"/adjudicate/{disputed['id']}"
    assert address in reviewer.get("/adjudicate").text
    page = reviewer.get(address).text
    assert page.count("data-side") == 2 and 'data-key="a"' in page and 'data-key="b"' in page
    (key,) = set(KEY.findall(page))
    answer = reviewer.post(f"{address}/rule", {"key": key, "choice": "1"})
    assert answer.headers["Location"] == f"{address}#finish"
    answer = reviewer.post(f"{address}/precedent", {"key": key, "note": "全称才算"})
    assert answer.headers["Location"] == f"{address}#finish"
    (told,) = precedents(store)
    for where in ("/guide", "/adjudicate/precedents"):
        assert "全称才算" in reviewer.get(where).text, where
    answer = reviewer.post(f"{address}/finish")
    assert answer.headers["Location"] == "/adjudicate"
    (gold,) = standing_gold(store)
    assert gold["settled_by"] == "reviewer" and len(gold["answer_ids"]) == 2
    assert f"{address}/reopen" in reviewer.get("/adjudicate").text
    assert reviewer.post(f"{address}/reopen").headers["Location"] == address
    assert standing_gold(store) == [] and disputed_region(store, disputed["id"]) is not None
    reviewer.post(f"/adjudicate/precedents/{told['id']}/end")
    assert "全称才算" not in reviewer.get("/guide").text


def test_a_ruling_is_taken_back(browser: Open, store: Store, disputed: Row) -> None:
    lead, address = browser("lead"), f"/adjudicate/{disputed['id']}"
    (key,) = set(KEY.findall(lead.get(address).text))
    lead.post(f"{address}/rule", {"key": key, "choice": "neither"})
    assert f"{address}/undo" in lead.get(address).text
    lead.post(f"{address}/undo")
    here = disputed_region(store, disputed["id"])
    assert here is not None and here.rulings == {}
    assert 'class="said error"' in lead.post(f"{address}/undo", follow_redirects=True).text


def test_a_boundary_is_adjusted_within_the_schema(
        browser: Open, store: Store, disputed: Row) -> None:
    lead, address = browser("lead"), f"/adjudicate/{disputed['id']}"
    (key,) = set(KEY.findall(lead.get(address).text))
    said = {"key": key, "choice": "adjusted", "start": "1", "end": "5"}
    for label in ("", "NOTHING"):
        page = lead.post(f"{address}/rule", {**said, "label": label}, follow_redirects=True).text
        assert 'class="said error"' in page
    lead.post(f"{address}/rule", {**said, "label": "MONEY"})
    here = disputed_region(store, disputed["id"])
    assert here is not None and here.rulings[key]["content"]["spans"] == [[1, 5, "MONEY"]]


def test_classes_are_decided_side_by_side_or_otherwise(
        browser: Open, store: Store, paragraph: Row) -> None:
    lead, address = browser("lead"), f"/adjudicate/{paragraph['id']}"
    page = lead.get(address).text
    (key,) = set(KEY.findall(page))
    said = {"key": key, "choice": "adjusted", "class_set": "function"}
    for chosen in (["plan", "target"], ["none"]):
        page = lead.post(f"{address}/rule", {**said, "chosen": chosen}, follow_redirects=True).text
        assert 'class="said error"' in page
    lead.post(f"{address}/rule", {**said, "chosen": ["figures"]})
    lead.post(f"{address}/finish")
    assert standing_gold(store)[0]["answer"]["classes"] == {"function": ["figures"]}


def test_a_region_that_was_answered_anew_meanwhile_is_told(
        browser: Open, disputed: Row) -> None:
    lead, address = browser("lead"), f"/adjudicate/{disputed['id']}"
    page = lead.post(f"{address}/rule", {"key": "gone", "choice": "0"}, follow_redirects=True).text
    assert 'class="said error"' in page
    page = lead.post("/adjudicate/999/finish", follow_redirects=True).text
    assert 'class="said error"' in page


def test_a_region_about_which_something_stays_open_is_settled_for_a_reason(
        browser: Open, store: Store, disputed: Row) -> None:
    reviewer, address = browser("reviewer"), f"/adjudicate/{disputed['id']}"
    odd = put_answer(store, disputed["id"], "ORG", email="wu@example.org", slot=3, origin="third")
    with store.write() as db:
        db.execute("UPDATE answers SET answer = ? WHERE id = ?", [json.dumps(
            {"spans": [{"start": 0, "end": 9, "label": "ORG"}], "relations": [], "classes": {}}),
            odd])
    (key,) = set(KEY.findall(reviewer.get(address).text))
    here = disputed_region(store, disputed["id"])
    assert here is not None
    place = next(place for place, option in enumerate(here.compared.found[0].options)
                 if option.says.spans[0][1] == 9)
    reviewer.post(f"{address}/rule", {"key": key, "choice": str(place)})
    page = reviewer.get(address).text
    assert "按裁定定稿，以下疑问仍未答复" in page and 'data-key="9"' in page
    answer = reviewer.post(f"{address}/finish")
    assert answer.headers["Location"] == f"{address}#finish" and standing_gold(store) == []
    reviewer.post(f"{address}/finish", {"reason": "other", "note": "附件如此"})
    (gold,) = standing_gold(store)
    assert [(one["reason"], one["note"]) for one in gold["reasons"]] == [("other", "附件如此")]


def test_the_queue_is_filtered_by_what_differs(browser: Open, disputed: Row) -> None:
    reviewer, address = browser("reviewer"), f"/adjudicate/{disputed['id']}"
    assert address in reviewer.get("/adjudicate?kind=boundary").text
    assert address not in reviewer.get("/adjudicate?kind=class").text
