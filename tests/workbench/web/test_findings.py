"""The queue of findings and the table of records, in the browser."""
from __future__ import annotations

from typing import Callable

import pytest

from tests.workbench.test_deriving import TABLE
from tests.workbench.web.conftest import Browser
from workbench import stages
from workbench.deriving import derive
from workbench.project import Project
from workbench.reading import read_bytes
from workbench.store import Store
from workbench.store.derived import findings
from workbench.store.documents import add_document

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
