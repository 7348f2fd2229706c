"""What Label Studio gives, stored: made by hand here, as the server would give it."""
from __future__ import annotations

from typing import Any

import pytest

from tests.workbench.conftest import DOCUMENT, SUGGESTIONS, TEXT
from workbench import stages
from workbench.incoming import PullReport, Taking
from workbench.project import Project
from workbench.store import Row, Store
from workbench.store.answers import newest_answers
from workbench.store.documents import add_document
from workbench.store.lints import open_lints
from workbench.store.suggestions import save_suggestions
from workbench.store.tasks import task_states
from workbench.studio.pull import PulledAnnotation, PulledTask

WHO = "li@workbench.local"


@pytest.fixture
def region(store: Store) -> Row:
    document_id = add_document(store, DOCUMENT).document_id
    save_suggestions(store, document_id, "pack", SUGGESTIONS)
    stages.cut_regions(store, document_id)
    (row,) = [row for row in task_states(store) if row["kind"] == "spans"]
    return row


def marked(start: int, end: int, label: str, text: str | None = None) -> dict[str, Any]:
    return {"id": f"{start}", "from_name": "label", "to_name": "text", "type": "labels",
            "value": {"start": start, "end": end, "labels": [label],
                      "text": TEXT[start:end] if text is None else text}}


def arrow(source: int, target: int, value: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": f"{source}", "to_id": f"{target}",
            "direction": "right", "labels": [value]}


def annotation(number: int, *result: dict[str, Any], at: str = "2024-01-01T00:00:00Z",
               skipped: bool = False) -> PulledAnnotation:
    return PulledAnnotation(number, 1, WHO, at, at, skipped, False, None, None, result)


def take(project: Project, store: Store, region: Row, *annotations: PulledAnnotation,
         origin: str = "there", task: int = 1, dry_run: bool = False) -> PullReport:
    report = PullReport(dry_run=dry_run)
    Taking(store, project.pack(), "spans", 1, origin, report).take(
        PulledTask(task, region["key"], "2024-01-01T00:00:00Z", annotations))
    return report


def test_an_answer_is_stored_as_it_was_made(project: Project, store: Store, region: Row) -> None:
    made = annotation(1, marked(0, 6, "ORG"), marked(12, 14, "INDICATOR"), marked(15, 22, "MONEY"),
                      arrow(12, 15, "取值 VALUE"))
    report = take(project, store, region, made)
    assert report.accepted == 1 and not report.needs_person
    (row,) = newest_answers(store)
    assert (row["state"], row["annotator"]) == ("accepted", WHO)
    assert row["answer"] == {
        "spans": [{"start": 0, "end": 6, "label": "ORG"},
                  {"start": 12, "end": 14, "label": "INDICATOR"},
                  {"start": 15, "end": 22, "label": "MONEY"}],
        "relations": [{"source": 1, "target": 2, "type": "VALUE", "direction": None}],
        "classes": {}}
    assert take(project, store, region, made).unchanged == 1


def test_an_answer_with_other_text_is_quarantined_with_the_reason(
        project: Project, store: Store, region: Row) -> None:
    report = take(project, store, region, annotation(1, marked(0, 6, "ORG", "云泽区教育局")))
    assert (report.accepted, report.quarantined) == (0, 1)
    (row,) = newest_answers(store)
    assert row["state"] == "quarantined" and "云泽区教育局" in row["reason"]
    (line,) = report.problems
    assert f"the answer 1 of {WHO} to {region['key']}" in line and row["reason"] in line
    assert "Conflicts" in line


def test_a_relation_from_a_span_to_itself_is_quarantined(
        project: Project, store: Store, region: Row) -> None:
    report = take(project, store, region, annotation(
        1, marked(12, 14, "INDICATOR"), arrow(12, 12, "数值 VALUE")))
    assert (report.accepted, report.quarantined) == (0, 1) and report.needs_person
    assert "to itself" in newest_answers(store)[0]["reason"]


def test_a_relation_between_labels_that_are_not_foreseen_is_kept_and_told(
        project: Project, store: Store, region: Row) -> None:
    made = annotation(1, marked(0, 6, "ORG"), marked(15, 22, "MONEY"), arrow(0, 15, "数值 VALUE"))
    report = take(project, store, region, made)
    assert (report.accepted, report.linted) == (1, 1) and report.needs_person
    (row,) = newest_answers(store)
    assert row["reason"] == "" and len(row["answer"]["relations"]) == 1
    (told,) = open_lints(store, region_id=region["id"])
    assert told["lint"].fields == {"type": "VALUE", "source": "ORG", "target": "MONEY"}
    again = take(project, store, region, made)
    assert again.linted == 0 and not again.needs_person


def test_an_annotation_that_is_not_there_any_more_counts_as_deleted(
        project: Project, store: Store, region: Row) -> None:
    take(project, store, region, annotation(1, marked(0, 6, "ORG")), annotation(2))
    assert take(project, store, region, annotation(2), dry_run=True).deleted == 1
    assert len(newest_answers(store)) == 2
    assert take(project, store, region, annotation(2)).deleted == 1
    assert [row["studio_annotation"] for row in newest_answers(store)] == [2]


def test_an_annotation_that_is_there_again_counts_again(
        project: Project, store: Store, region: Row) -> None:
    made = annotation(1, marked(0, 6, "ORG"))
    take(project, store, region, made)
    take(project, store, region)
    assert newest_answers(store) == []
    assert take(project, store, region, made, dry_run=True).returned == 1
    assert newest_answers(store) == []
    report = take(project, store, region, made)
    assert (report.returned, report.accepted, report.unchanged) == (1, 0, 0)
    assert [row["deleted_at"] for row in newest_answers(store)] == [None]


def test_an_empty_task_of_a_new_server_deletes_no_answer_of_the_old_one(
        project: Project, store: Store, region: Row) -> None:
    take(project, store, region, annotation(1, marked(0, 6, "ORG")))
    assert take(project, store, region, origin="new").deleted == 0
    assert take(project, store, region, task=2).deleted == 0
    assert len(newest_answers(store)) == 1


def test_text_edited_under_an_answer_is_one_line_and_needs_a_person(
        project: Project, store: Store, region: Row) -> None:
    report = PullReport()
    Taking(store, project.pack(), "spans", 1, "there", report).take(PulledTask(
        12, region["key"], "2024-01-01T00:00:00Z", (annotation(1, marked(0, 6, "ORG")),),
        text="另一段文字", data_key=region["key"]))
    (line,) = report.problems
    assert "task 12 was edited in Label Studio" in line and "\n" not in line
    assert report.needs_person


def test_a_task_that_is_not_ours_is_one_line(project: Project, store: Store) -> None:
    report = PullReport()
    Taking(store, project.pack(), "spans", 1, "there", report).take(
        PulledTask(12, None, "2024-01-01T00:00:00Z", ()))
    assert [("task 12" in line, "not ours" in line) for line in report.problems] == [(True, True)]
    assert report.needs_person


def test_annotation_ids_that_begin_anew_hide_no_answer(
        project: Project, store: Store, region: Row) -> None:
    made = annotation(1, marked(0, 6, "ORG"))
    take(project, store, region, made)
    (other,) = [row for row in task_states(store) if row["kind"] == "classes"]
    report = PullReport()
    Taking(store, project.pack(), "classes", 1, "new", report).take(
        PulledTask(1, other["key"], made.updated_at, (annotation(1),)))
    assert report.accepted == 1
    assert {row["region_id"] for row in newest_answers(store)} == {region["id"], other["id"]}
