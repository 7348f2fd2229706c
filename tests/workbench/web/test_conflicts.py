from __future__ import annotations

from typing import Callable

import pytest

from labels.lints import Lint, Proposal
from tests.workbench.web.conftest import Browser
from workbench.store import Row, Store
from workbench.store.answers import newest_answers
from workbench.store.asking import ask_again
from workbench.store.conflicts import open_conflicts, raise_conflict
from workbench.store.lints import open_lints, save_lints
from workbench.store.people import link_studio_account
from workbench.store.tasks import task_states

Open = Callable[[str], Browser]


@pytest.fixture
def region(store: Store, with_tasks: int) -> Row:
    return next(row for row in task_states(store, with_tasks) if row["kind"] == "spans")


@pytest.fixture
def queue(store: Store, region: Row) -> Row:
    """One conflict of each kind; returns the region that most of them are about."""
    around = {"before": "全年", "after": "亿元", "start": 12, "end": 14, "text": "收入"}
    for kind, content in {
        "suggestions": {"added": [{"start": 12, "end": 14, "label": "INDICATOR"}],
                        "removed": [{"start": 0, "end": 6, "label": "ORG"}], "set": 1},
        "anchor": {"document": region["document_id"], "anchoring": 1, "label": "INDICATOR",
                   "kind": "span", "was": around, "candidates": [around, around],
                   "old_document": region["document_id"]},
        "quarantine": {"reason": "span 0-3 is not <b>it</b>", "by": "li@b"},
        "data": {"task": 71, "kind": "spans", "slot": 1, "there": "云泽区教育局报告"},
        "double": {"key": region["key"]},
        "project": {"kind": "spans", "slot": 1, "project": 4, "why": "it is 100% gone"},
        "schema": {"version": 3, "why": "机构分为两类", "slot": 0, "notes": [
            {"what": "span", "fate": "unsure", "before": "ORG", "after": "ORG", "start": 23,
             "end": 27, "target": None, "options": ["ORG", "COMPANY"]},
            {"what": "choice", "fate": "crowded", "before": "plan", "after": "plan", "start": 0,
             "end": 0, "target": None, "options": ["plan", "target"]}]},
    }.items():
        raise_conflict(store, kind, f"there:{kind}", content,   # type: ignore[arg-type]
                       region_id=None if kind == "project" else region["id"],
                       answer_id=newest_answers(store)[0]["id"] if kind == "quarantine" else None)
    raise_conflict(store, "foreign", "there:9", {"task": 9, "kind": "spans", "slot": 1,
                                                 "text": "别人的任务", "answers": 2})
    return region


def test_every_conflict_stands_in_words_with_its_context(browser: Open, queue: Row) -> None:
    page = browser("lead").get("/conflicts").text
    for words in (">收入</mark>", "云泽区财政局", "span 0-3 is not &lt;b&gt;it&lt;/b&gt;", "教育",
                  "别人的任务", "it is 100% gone", "机构分为两类",
                  ">𠮷祥公司</mark>", "COMPANY", "工作安排、目标指标"):
        assert words in page, words
    assert f"https://studio.example/projects/4/data?task={70 + queue['id']}" in page
    assert "https://studio.example/projects/4/data?task=9" in page
    assert page.count("<section") >= 8


def test_a_conflict_without_what_it_mostly_holds_is_shown_all_the_same(
        browser: Open, store: Store, with_tasks: int) -> None:
    for kind in ("suggestions", "anchor", "quarantine", "data", "double", "foreign", "project",
                 "schema"):
        raise_conflict(store, kind, f"bare:{kind}", {})     # type: ignore[arg-type]
    assert browser("reviewer").get("/conflicts").text.count('class="finding conflict"') == 8


def test_the_queue_is_filtered_and_unknown_filters_are_no_page(
        browser: Open, queue: Row) -> None:
    lead = browser("lead")
    page = lead.get("/conflicts?kind=foreign").text
    assert page.count('class="finding conflict"') == 1 and "别人的任务" in page
    for address in ("/conflicts?kind=none", "/conflicts?state=x", "/conflicts?page=0",
                    "/lints?code=none", "/lints?state=x", "/lints?page=0"):
        assert lead.get(address).status_code == 404, address


def test_a_decision_ends_a_conflict_and_the_history_takes_it_back(
        browser: Open, store: Store, queue: Row) -> None:
    lead = browser("lead")
    (row,) = open_conflicts(store, "suggestions")
    answer = lead.post(f"/conflicts/{row['id']}", {
        "decision": "keep", "note": "看过", "next": "/conflicts?kind=suggestions"})
    assert answer.headers["Location"] == "/conflicts?kind=suggestions"
    assert open_conflicts(store, "suggestions") == []
    history = lead.get("/conflicts?state=ended").text
    assert "看过" in history and f"/conflicts/{row['id']}/undo" in history
    lead.post(f"/conflicts/{row['id']}/undo")
    assert len(open_conflicts(store, "suggestions")) == 1


def test_what_cannot_be_decided_is_told(browser: Open, store: Store, queue: Row) -> None:
    lead = browser("lead")
    (row,) = open_conflicts(store, "double")
    answer = lead.post(f"/conflicts/{row['id']}", {"decision": "take:0"}, follow_redirects=True)
    assert 'class="said error"' in answer.text and len(open_conflicts(store, "double")) == 1
    answer = lead.post(f"/conflicts/{row['id']}", {"decision": "both", "next": "//evil"})
    assert answer.headers["Location"] == "/conflicts"


@pytest.fixture
def remark(store: Store, region: Row) -> Row:
    (answer,) = newest_answers(store)
    save_lints(store, answer["id"], region["id"], [Lint(
        "edge_mark", 22, 23, (0,), (), {"quote": "，"}, Proposal("trim", 23, 27))])
    (found,) = open_lints(store)
    return found


def test_a_remark_stands_with_its_mend_and_the_task(browser: Open, remark: Row) -> None:
    page = browser("reviewer").get("/lints").text
    assert "“𠮷祥公司”" in page and ">，</mark>" in page
    assert f"data?task={70 + remark['region_id']}" in page


def test_a_remark_is_dismissed_with_a_reason_and_comes_back(
        browser: Open, store: Store, remark: Row) -> None:
    lead = browser("lead")
    lead.post("/lints/dismiss", {"key": remark["key"], "reason": "other"})
    assert len(open_lints(store)) == 1      # without words there is no other reason
    lead.post("/lints/dismiss", {"key": remark["key"], "reason": "guide", "note": "附则"})
    assert open_lints(store) == [] and "附则" in lead.get("/lints?state=dismissed").text
    lead.post("/lints/dismiss", {"key": remark["key"], "reason": ""})
    assert len(open_lints(store)) == 1
    assert lead.post("/lints/dismiss", {"key": "none", "reason": "guide"}).status_code == 400
    assert lead.post("/lints/dismiss", {"key": remark["key"], "reason": "x"}).status_code == 400


def test_annotators_dismiss_remarks_on_their_own_answers_only(
        browser: Open, store: Store, remark: Row) -> None:
    someone = browser("annotator")
    said = {"key": remark["key"], "reason": "guide"}
    assert someone.post("/lints/dismiss", said).status_code == 403
    user = store.value("SELECT id FROM users WHERE name = 'annotator'")
    link_studio_account(store, user, "a@example.org", 7)
    assert someone.post("/lints/dismiss", said).headers["Location"] == "/mine"
    assert open_lints(store) == []


def test_who_answered_sees_remarks_and_what_is_asked_again_on_their_page(
        browser: Open, store: Store, remark: Row) -> None:
    user = store.value("SELECT id FROM users WHERE name = 'annotator'")
    link_studio_account(store, user, "a@example.org", 7)
    ask_again(store, remark["region_id"], "a@example.org", "请对照指南", "lead")
    page = browser("annotator").get("/mine").text
    assert "“𠮷祥公司”" in page and "请对照指南" in page
    other = browser("reviewer").get("/mine").text
    assert "“𠮷祥公司”" not in other and "请对照指南" not in other
