"""One's own work: what waits, what was done, what needs a second look, what is new."""
from __future__ import annotations

import re
from typing import Callable

import pytest

from labels.lints import Lint, Proposal
from tests.workbench.answering import put_answer
from tests.workbench.web.conftest import Browser
from workbench.clock import now
from workbench.store import Store
from workbench.store.asking import ask_again
from workbench.store.lints import save_lints
from workbench.store.overlays import add_overlay
from workbench.store.people import link_studio_account, user
from workbench.store.suggestions import current_set
from workbench.store.tasks import record_sent, task_states

Open = Callable[..., Browser]
CONTINUE = 'id="continue"'


@pytest.fixture
def open_task(store: Store, with_tasks: int) -> int:
    """The annotator has an account there; the answer that `with_tasks` has is gone again."""
    link_studio_account(store, 2, "annotator-2@workbench.local", 12)
    with store.write() as db:
        db.execute("UPDATE answers SET deleted_at = ?", [now()])
    (spans,) = [row["id"] for row in task_states(store) if row["kind"] == "spans"]
    current = current_set(store, with_tasks)
    record_sent(store, "there", {spans: current and current["id"]})
    return int(spans)


def figures(page: str) -> list[str]:
    return re.findall(r"<b>([\d,]+)</b>", page)


def test_the_next_task_is_named_and_one_key_opens_it(browser: Open, open_task: int) -> None:
    annotator = browser("annotator")
    page = annotator.get("/mine").text
    assert CONTINUE in page and 'href="/mine/next"' in page and "autofocus" in page
    assert "云泽区财政局报告" in page and "4 条建议" in page
    assert figures(page) == ["1", "0", "0"]
    answer = annotator.get("/mine/next")
    # Label Studio is down here: what the store knows counts.
    link = f"https://studio.example/projects/4/data?task={70 + open_task}"
    assert answer.headers["Location"] == link


def test_what_was_done_is_told_to_the_person_and_the_lead_only(
        browser: Open, store: Store, open_task: int) -> None:
    put_answer(store, open_task, account=12, when=now(), seconds=33)
    assert figures(browser("annotator").get("/mine").text) == ["0", "1", "1", "33"]
    assert figures(browser("lead").get("/people/2/work").text) == ["0", "1", "1", "33"]
    page = browser("reviewer").get("/people/2/work").text
    assert figures(page) == ["0"] and "33" not in re.findall(r"\b\d+\b", page)
    assert browser("annotator").get("/people/3/work").status_code == 403
    assert browser("lead").get("/people/99/work").status_code == 404


def test_when_all_is_answered_the_page_says_so(
        browser: Open, store: Store, open_task: int) -> None:
    put_answer(store, open_task, account=12)
    annotator = browser("annotator")
    page = annotator.get("/mine").text
    assert "全部完成" in page and CONTINUE not in page
    answer = annotator.get("/mine/next", follow_redirects=True)
    assert answer.request.path == "/mine" and "没有待您处理的任务" in answer.text


def test_before_anything_is_there_the_page_says_what_lacks(browser: Open, store: Store) -> None:
    annotator = browser("annotator")
    page = annotator.get("/mine").text
    assert "尚未就绪" in page and "暂无任务" in page and CONTINUE not in page
    assert annotator.get("/mine/next", follow_redirects=True).request.path == "/mine"


def test_without_an_account_there_no_task_is_opened(browser: Open, with_tasks: int) -> None:
    page = browser("annotator").get("/mine").text
    assert 'href="/account/studio"' in page and CONTINUE not in page


def test_answers_that_do_not_fit_are_shown_with_reason_and_link(
        browser: Open, store: Store, open_task: int) -> None:
    put_answer(store, open_task, account=12, state="quarantined", task=70 + open_task)
    page = browser("annotator").get("/mine").text
    assert "与原文不符" in page and "odd" in page
    assert f"https://studio.example/projects/4/data?task={70 + open_task}" in page
    assert "与原文不符" not in browser("reviewer").get("/mine").text


def test_changes_of_the_guide_are_new_until_they_were_read(
        browser: Open, store: Store, open_task: int) -> None:
    add_overlay(store, "", "届次写全 <b>", "lead")
    annotator = browser("annotator")
    page = annotator.get("/mine").text
    assert "届次写全 &lt;b&gt;" in page
    (until,) = re.findall(r'name="until" value="([^"]+)"', page)
    assert annotator.post("/mine/guide", {"until": until}).status_code == 303
    assert "届次写全" not in annotator.get("/mine").text
    assert "届次写全" in browser("reviewer").get("/mine").text
    add_overlay(store, "", "机构名连用", "lead")
    assert "机构名连用" in annotator.get("/mine").text


@pytest.mark.parametrize("until", ["", "soon", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_is_none_is_refused(browser: Open, store: Store, until: str) -> None:
    assert browser("annotator").post("/mine/guide", {"until": until}).status_code == 400
    person = user(store, 2)
    assert person is not None and person["guide_seen_at"] is None


def test_nobody_has_read_what_is_not_written_yet(browser: Open, store: Store) -> None:
    browser("annotator").post("/mine/guide", {"until": "2999-01-01T00:00:00.000+00:00"})
    person = user(store, 2)
    assert person is not None and person["guide_seen_at"] <= now()


def test_a_page_that_is_not_there(browser: Open, open_task: int) -> None:
    annotator = browser("annotator")
    assert annotator.get("/mine?page=0").status_code == 404
    assert annotator.get("/mine?page=99999999999999999999").status_code == 404
    assert annotator.get("/mine?page=7").status_code == 200


def test_remarks_on_my_answers_are_shown_with_a_mend_and_dismissed_here(
        browser: Open, store: Store, open_task: int) -> None:
    answer = put_answer(store, open_task, account=12, task=70 + open_task)
    save_lints(store, answer, open_task, [
        Lint("edge_mark", 0, 2, (0,), fields={"quote": "云泽"}, proposal=Proposal("trim", 0, 1))])
    annotator = browser("annotator")
    page = annotator.get("/mine").text
    assert "“云泽”" in page and "“云”" in page
    assert f"https://studio.example/projects/4/data?task={70 + open_task}" in page
    assert "“云泽”" in browser("lead").get("/people/2/work").text
    assert "“云泽”" not in browser("reviewer").get("/mine").text
    (key,) = re.findall(r'name="key" value="([^"]+)"', page)
    done = annotator.post("/lints/dismiss", {"key": key, "reason": "other", "note": "原文如此",
                                             "next": "/mine"}, follow_redirects=True)
    assert done.request.path == "/mine" and "“云泽”" not in done.text


def test_what_i_am_asked_again_is_shown_with_who_asks_and_why(
        browser: Open, store: Store, open_task: int) -> None:
    put_answer(store, open_task, account=12, email="annotator-2@workbench.local")
    ask_again(store, open_task, "annotator-2@workbench.local", "机构要写全 <i>", "reviewer")
    page = browser("annotator").get("/mine").text
    assert "机构要写全 &lt;i&gt;" in page and "再次询问" in page
    assert f"https://studio.example/projects/4/data?task={70 + open_task}" in page
    assert "机构要写全" not in browser("reviewer").get("/mine").text
