"""Hidden suggestions on the pages, the page of their effect, and where the shares are set."""
from __future__ import annotations

import re
from typing import Callable

import pytest

from labels.rules import Evidence, SpanSuggestion, Suggestions
from tests.workbench.answering import put_answer
from tests.workbench.review.test_honest import both_sides
from tests.workbench.web.conftest import Browser
from workbench import deriving
from workbench.review.honest import SETTING, Honest, honest_of
from workbench.store import Store
from workbench.store.gold import settle_region
from workbench.store.people import link_studio_account
from workbench.store.settings import get_setting, set_setting
from workbench.store.suggestions import save_suggestions
from workbench.store.syncs import finish_sync, start_sync
from workbench.store.tasks import record_hidden, task_states
from workbench.store.trials import NewTrialAnswer, add_trial_answer, draw, record_trials

Open = Callable[..., Browser]
SHARES = {"spans": "100", "classes": "30", "known": "20", "least": "3"}


@pytest.fixture
def hidden(store: Store, with_tasks: int) -> int:
    """The one region of spans was sent without suggestions, and nobody has answered."""
    (spans,) = [row["id"] for row in task_states(store) if row["kind"] == "spans"]
    record_hidden(store, "there", {spans: True})
    set_setting(store, SETTING, Honest(spans=100).as_json())
    with store.write() as db:
        db.execute("UPDATE answers SET deleted_at = '2026-01-02'")
    link_studio_account(store, 2, "annotator@x", 7)
    return int(spans)


def spans_on(page: str) -> int:
    return page.count('data-span="')


def test_a_document_shows_annotators_no_hidden_suggestions_till_they_answered(
        browser: Open, store: Store, hidden: int) -> None:
    annotator = browser("annotator")
    page = annotator.get("/documents/1").text
    assert spans_on(page) == 0 and "有些段落在标注完成之前" in page and 'name="label"' not in page
    assert "figures" not in page and annotator.get("/documents/1/spans/0").status_code == 404
    assert 'class="inspected none"' in annotator.get("/documents/1?span=0").text
    assert spans_on(browser("reviewer").get("/documents/1").text) == 4
    put_answer(store, hidden, origin="there", account=7, email="annotator@x", task=70 + hidden)
    assert spans_on(annotator.get("/documents/1").text) == 4
    assert annotator.get("/documents/1/spans/0").status_code == 200


def test_records_made_of_hidden_suggestions_are_kept_from_annotators(
        browser: Open, store: Store, hidden: int) -> None:
    deriving.derive(store)
    lines = {role: browser(role).get("/records.jsonl?kind=indicator").text.splitlines()
             for role in ("annotator", "reviewer")}
    assert lines["reviewer"] and not lines["annotator"]


def test_a_rule_shows_annotators_no_hidden_matches(
        browser: Open, store: Store, hidden: int) -> None:
    save_suggestions(store, 1, "newer", Suggestions(spans=(SpanSuggestion(
        15, 22, "MONEY", "numbers.money", "v1", 0.9, Evidence("65.2亿元")),), relations=(),
        classes=()))
    pages = {role: browser(role).get("/rules/numbers.money").text
             for role in ("annotator", "reviewer")}
    assert "𠮷祥公司" in pages["reviewer"] and "𠮷祥公司" not in pages["annotator"]


def test_the_list_of_tasks_counts_no_hidden_suggestions(browser: Open, store: Store,
                                                        hidden: int) -> None:
    assert "0 条建议" not in browser("annotator").get("/mine").text
    assert "没有建议" in browser("annotator").get("/mine").text


def test_only_the_lead_is_told_of_single_people(browser: Open, store: Store, filled: int) -> None:
    both_sides(store, 10)
    for role, names in (("lead", True), ("reviewer", False)):
        page, told = (browser(role).get(path) for path in ("/honest", "/honest.json"))
        assert ("li@x" in page.text) is names and ("li@x" in told.text) is names
        assert "t.bad" in page.text and told.json is not None
        assert told.json["both"][0]["shown"]["judged"] == 20
        assert ("people" in told.json, "known" in told.json) == (names, names)


def test_with_nothing_to_tell_the_page_says_so(browser: Open, filled: int) -> None:
    assert "还没有人标注" in browser("lead").get("/honest").text


def test_what_follows_is_shown_before_it_is_saved(browser: Open, store: Store,
                                                  with_tasks: int) -> None:
    lead = browser("lead")
    page = lead.get("/people/honest?spans=100&classes=100&known=0&least=2").text
    assert re.findall(r"<b>(\d+)</b>", page) == ["2", "1", "1", "0"]
    assert get_setting(store, SETTING) is None
    assert lead.post("/people/honest", SHARES).status_code == 303
    assert honest_of(get_setting(store, SETTING)) == Honest(100, 30, 20, 3, False)
    lead.post("/people/honest", {**SHARES, "told": "1"})
    assert honest_of(get_setting(store, SETTING)).told
    assert 'name="told" value="1" checked' in lead.get("/people/honest").text


@pytest.mark.parametrize("wrong", [{"spans": "101"}, {"classes": "-1"}, {"known": "x"},
                                   {"least": "0"}])
def test_shares_that_cannot_be_are_refused(browser: Open, store: Store, wrong: dict[str, str],
                                           filled: int) -> None:
    lead = browser("lead")
    assert lead.post("/people/honest", {**SHARES, **wrong}).status_code == 400
    assert lead.get("/people/honest", query_string={**SHARES, **wrong}).status_code == 400
    assert get_setting(store, SETTING) is None


@pytest.fixture
def scored(store: Store, hidden: int) -> None:
    """The annotator answered five times where the region was asked again."""
    answer = {"spans": [{"start": 0, "end": 6, "label": "ORG"}], "relations": [], "classes": {}}
    settle_region(store, region_id=hidden, answer=answer, answer_ids=[1], annotators=["a", "b"],
                  schema_hash="s", settled_by="lead")
    for slot in range(1, 6):
        key = f"u/x@1:spans:{slot}-9"
        draw(store, hidden, slot, key, 0.5)
        record_trials(store, "there", 4, {key: 200 + slot})
        add_trial_answer(store, NewTrialAnswer(
            slot, "there", 200 + slot, 300 + slot, "2025-01-01T00:00:00Z", 7, "annotator@x",
            "accepted", "", answer, [], 4.0, "2025-01-01T00:00:00Z"))


def test_people_see_how_they_did_only_if_the_lead_allows_it(
        browser: Open, store: Store, scored: None) -> None:
    line = "与已定结果作了比对"
    annotator, lead = browser("annotator"), browser("lead")
    assert line not in annotator.get("/mine").text
    assert line in lead.get("/people/2/work").text
    assert line not in browser("reviewer").get("/people/2/work").text
    set_setting(store, SETTING, Honest(told=True).as_json())
    assert re.search(r"有 5 份标注与已定结果作了比对 · [^<]+<span class=\"n\">1\.00",
                     annotator.get("/mine").text)
    assert "1.00" in lead.get("/honest").text


def test_annotators_are_not_told_that_settled_regions_are_asked_again(
        browser: Open, store: Store, scored: None) -> None:
    finish_sync(store, start_sync(store, "push"), {"created": 1, "trials": 5})
    assert "已知答案" in browser("lead").get("/studio").text
    assert "已知答案" not in browser("annotator").get("/studio").text
