"""The queue of findings and the table of records, in the browser."""
from __future__ import annotations

import json
from typing import Callable

import pytest

from tests.workbench.test_deriving import TABLE
from tests.workbench.test_stages import answer
from tests.workbench.web.conftest import Browser
from workbench import jobs, stages
from workbench.deriving import derive
from workbench.project import Project
from workbench.reading import read_bytes
from workbench.store import Store
from workbench.store.derived import answer_finding, findings
from workbench.store.documents import add_document
from workbench.store.suggestions import current_set
from workbench.store.tasks import task_states

Open = Callable[..., Browser]


@pytest.fixture
def broken(project: Project, store: Store, filled: int) -> int:
    """A document whose total is wrong, checked; its id."""
    (document,) = read_bytes("a.md", TABLE.format(total=1570).encode())
    document_id = add_document(store, document).document_id
    stages.suggest(store, project.pack())
    derive(store)
    return document_id


def key(store: Store) -> str:
    return str(findings(store, "broken")[0]["key"])


def test_a_finding_shows_its_terms_with_addresses_and_the_difference(
        browser: Open, broken: int) -> None:
    page = browser("reviewer").get("/findings").text
    assert "1570" in page and "1260" in page and "表1 · 合计" in page
    assert 'class="suspect"' in page


def test_an_answer_takes_a_finding_from_the_queue_and_can_be_taken_back(
        browser: Open, broken: int, store: Store) -> None:
    reviewer = browser("reviewer")
    said = {"document": broken, "key": key(store), "reason": "source", "note": "印错"}
    page = reviewer.post("/findings/answer", said, follow_redirects=True).text
    assert "1570" not in page
    page = reviewer.get("/findings?state=answered").text
    assert "1570" in page and "印错" in page
    reviewer.post("/findings/answer", {**said, "reason": "", "note": ""})
    assert "1570" in reviewer.get("/findings").text


def test_another_reason_needs_words(browser: Open, broken: int, store: Store) -> None:
    reviewer = browser("reviewer")
    reviewer.post("/findings/answer", {"document": broken, "key": key(store), "reason": "other"})
    assert findings(store, "answered") == []
    assert reviewer.post("/findings/answer", {
        "document": broken, "key": key(store), "reason": "whatever"}).status_code == 400
    assert reviewer.post("/findings/answer", {
        "document": broken, "key": "no such", "reason": "source"}).status_code == 404


def test_an_annotator_reads_findings_and_does_not_answer_them(
        browser: Open, broken: int, store: Store) -> None:
    annotator = browser("annotator")
    assert "findings/answer" not in annotator.get("/findings").text
    assert annotator.post("/findings/answer", {
        "document": broken, "key": key(store), "reason": "source"}).status_code == 403


def test_the_document_marks_what_is_confirmed_and_what_is_doubted(
        browser: Open, broken: int) -> None:
    page = browser("annotator").get(f"/documents/{broken}").text
    assert "num sum confirmed" in page and "num sum suspect" in page
    assert f"/findings?document={broken}" in page


def test_records_are_sorted_filtered_and_lead_to_their_words(
        browser: Open, broken: int) -> None:
    annotator = browser("annotator")
    page = annotator.get("/records?kind=appointment").text
    assert "林文海" in page and f"/documents/{broken}?at=" in page and "任命" in page
    assert "林文海" not in annotator.get("/records?kind=appointment&q=周明").text
    assert 'aria-sort="descending"' in annotator.get(
        "/records?kind=appointment&sort=person&down=1").text
    assert annotator.get("/records?kind=whatever").status_code == 404


def test_pages_without_findings_or_records_say_so(browser: Open, filled: int) -> None:
    assert browser("lead").get("/findings").status_code == 200
    assert browser("lead").get("/records").status_code == 200
    assert browser("lead").get("/findings?state=whatever").status_code == 404


SLID = ("表 1 云泽区支出情况\n单位：万元\n\n| 项目 | 预算数 | 决算数 |\n| --- | --- | --- |\n"
        "| 教育支出 | 1200 | 1260 |\n| 科技支出 | 300 | 290 |\n| 合计 | 1600 | 1570 |\n")


@pytest.fixture
def twice(project: Project, store: Store, broken: int) -> int:
    """A document with two wrong totals in one table; its id."""
    (document,) = read_bytes("b.md", SLID.encode())
    document_id = add_document(store, document).document_id
    stages.suggest(store, project.pack())
    derive(store)
    assert len({row["content"]["group"] for row in findings(store, "open", document_id)}) == 1
    return document_id


def test_findings_of_one_cause_are_answered_and_taken_back_together(
        browser: Open, twice: int, store: Store) -> None:
    reviewer = browser("reviewer")
    open_before = findings(store, "open", twice)
    assert len(open_before) == 2
    group = open_before[0]["content"]["group"]
    assert f'value="{group}"' in reviewer.get("/findings").text
    said = {"document": twice, "group": group, "reason": "source", "note": ""}
    reviewer.post("/findings/answer-all", said)
    assert findings(store, "open", twice) == []
    assert len(findings(store, "open")) == 1, "those of the other document stay open"
    reviewer.post("/findings/answer-all", {**said, "reason": ""})
    assert [row["key"] for row in findings(store, "open", twice)] == [
        row["key"] for row in open_before]


def test_one_answer_for_all_leaves_what_another_answered(
        browser: Open, twice: int, store: Store) -> None:
    first, second = findings(store, "open", twice)
    answer_finding(store, twice, first["key"], "revised", "", "lead")
    browser("reviewer").post("/findings/answer-all", {
        "document": twice, "group": second["content"]["group"], "reason": "source"})
    assert {row["reason"] for row in findings(store, "answered", twice)} == {"revised", "source"}
    assert browser("annotator").post("/findings/answer-all", {
        "document": twice, "group": second["content"]["group"]}).status_code == 403


def test_findings_are_filtered_by_check_and_shown_one_by_one(browser: Open, twice: int) -> None:
    lead = browser("lead")
    assert "1600" in lead.get(f"/findings?document={twice}&check=totals.rows_add_up").text
    assert "1600" not in lead.get(f"/findings?document={twice}&check=rates.other").text
    assert lead.get("/findings?page=0").status_code == 404


def test_an_answer_that_somebody_gave_meanwhile_is_not_written_over(
        browser: Open, broken: int, store: Store) -> None:
    answer_finding(store, broken, key(store), "revised", "", "lead")
    page = browser("reviewer").post("/findings/answer", {
        "document": broken, "key": key(store), "reason": "source", "seen": ""},
        follow_redirects=True).text
    (row,) = findings(store, "answered", broken)
    assert row["reason"] == "revised" and "lead" in page


def test_an_answer_beside_the_text_leads_to_the_next_finding(
        browser: Open, twice: int, store: Store) -> None:
    first, second = findings(store, "open", twice)
    found = browser("reviewer").post("/findings/answer", {
        "document": twice, "key": first["key"], "reason": "source", "then": "next", "seen": ""})
    assert f"finding={second['code']}" in found.headers["Location"]
    found = browser("reviewer").post("/findings/answer", {
        "document": twice, "key": second["key"], "reason": "source", "then": "next", "seen": ""})
    assert found.headers["Location"].endswith(f"/findings?document={twice}")


def test_after_an_answer_only_a_page_of_ours_is_gone_back_to(
        browser: Open, broken: int, store: Store) -> None:
    found = browser("reviewer").post("/findings/answer", {
        "document": broken, "key": key(store), "reason": "source",
        "next": "//elsewhere.example/"})
    assert found.headers["Location"].endswith("/findings")


def test_a_finding_is_shown_beside_the_text_with_its_figures_outlined(
        browser: Open, broken: int, store: Store) -> None:
    (row,) = findings(store, "open", broken)
    page = browser("annotator").get(f"/documents/{broken}?finding={row['code']}").text
    assert "num sum suspect asked" in page and 'class="asked-finding"' in page
    assert "findings/answer" not in page
    gone = browser("annotator").get(f"/documents/{broken}?finding=gone")
    assert gone.status_code == 200 and "asked-finding" not in gone.text


def test_a_labelled_amount_shows_the_equations_it_stands_in(
        browser: Open, broken: int, store: Store) -> None:
    current = current_set(store, broken)
    assert current is not None
    start = TABLE.index("1200")
    with store.write() as db:
        db.execute("UPDATE suggested_spans SET start = ?, \"end\" = ?, label = 'MONEY'"
                   " WHERE set_id = ? AND position = 0", [start, start + 4, current["id"]])
    page = browser("annotator").get(f"/documents/{broken}/spans/0").text
    assert 'class="equations"' in page and "1500" in page


def test_findings_and_records_are_taken_away_as_files(
        browser: Open, broken: int, store: Store) -> None:
    reviewer = browser("reviewer")
    reviewer.post("/findings/answer", {"document": broken, "key": key(store),
                                       "reason": "other", "note": "=1+1"})
    (line,) = reviewer.get("/findings.jsonl?state=answered").text.splitlines()
    said = json.loads(line)
    assert said["status"] == "broken" and said["answer"]["note"] == "=1+1"
    assert {"check", "document", "message", "difference", "terms", "suspects"} <= said.keys()
    table = reviewer.get("/findings.csv?state=answered")
    assert "attachment" in table.headers["Content-Disposition"]
    assert "'=1+1" in table.text and ",'=" in table.text, "no formula for a spreadsheet"
    (line,) = reviewer.get("/records.jsonl?kind=appointment").text.splitlines()
    assert json.loads(line)["person"] == "林文海"
    assert "林文海" in reviewer.get("/records.csv?kind=appointment&q=林文海").text
    assert "林文海" not in reviewer.get("/records.csv?kind=appointment&q=周明").text
    assert reviewer.get("/records.xml?kind=appointment").status_code == 404
    assert reviewer.get("/findings.xml").status_code == 404


def test_a_page_of_older_records_and_findings_says_so_and_is_mended(
        browser: Open, broken: int, store: Store, project: Project) -> None:
    lead = browser("lead")
    assert "findings/derive" not in lead.get("/findings").text
    with store.write() as db:
        db.execute("UPDATE checks SET basis = 'older'")
    for page in ("/findings", "/records", f"/documents/{broken}"):
        assert "findings/derive" in lead.get(page).text
        assert "findings/derive" not in browser("reviewer").get(page).text
    assert browser("reviewer").post("/findings/derive").status_code == 403
    lead.post("/findings/derive")
    assert jobs.wait(project, "derive", 20)
    assert "findings/derive" not in lead.get("/findings").text


def test_settling_makes_records_anew_in_the_background(
        browser: Open, broken: int, store: Store, project: Project) -> None:
    stages.cut_regions(store, broken)
    for task in task_states(store, broken):
        if task["kind"] == "spans":
            answer(store, task["id"], [])
    assert "林文海" in browser("lead").get("/records?kind=appointment").text
    browser("lead").post("/releases/settle")
    assert jobs.wait(project, "settle", 20)
    assert "林文海" not in browser("lead").get("/records?kind=appointment").text


def test_a_check_that_failed_is_told_on_the_pages(
        browser: Open, broken: int, store: Store) -> None:
    with store.write() as db:
        db.execute("UPDATE checks SET failures = ?",
                   ['[{"name": "totals.bad", "error": "ValueError: <b>odd</b>"}]'])
    for page in ("/findings", "/records", f"/documents/{broken}"):
        text = browser("annotator").get(page).text
        assert "totals.bad" in text and "<b>odd" not in text


def test_what_a_document_says_is_never_markup(
        browser: Open, project: Project, store: Store, filled: int) -> None:
    text = TABLE.format(total=1570).replace("税收收入", "<script>alert(1)</script>")
    (document,) = read_bytes("x.md", text.encode())
    document_id = add_document(store, document).document_id
    stages.suggest(store, project.pack())
    derive(store)
    (row,) = findings(store, "open", document_id)
    for page in ("/findings", f"/documents/{document_id}?finding={row['code']}"):
        shown = browser("lead").get(page).text
        assert "alert(1)" in shown and "<script>alert" not in shown


def test_findings_of_a_removed_document_are_gone_from_the_queue(
        browser: Open, broken: int, store: Store) -> None:
    with store.write() as db:
        db.execute("UPDATE documents SET removed_at = 'now' WHERE id = ?", [broken])
    assert "1570" not in browser("lead").get("/findings").text
    assert browser("lead").post("/findings/answer", {
        "document": broken, "key": "any", "reason": "source"}).status_code == 404
