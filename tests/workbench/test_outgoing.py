from __future__ import annotations

import pytest

from labels.rules import Evidence, SpanSuggestion, Suggestions
from tests.workbench.conftest import DOCUMENT, SUGGESTIONS, TEXT
from workbench import stages
from workbench.outgoing import Outgoing, outgoing
from workbench.project import Project
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.suggestions import save_suggestions
from workbench.store.tasks import asked_regions, record_sent, record_tasks


@pytest.fixture
def document(store: Store) -> int:
    document_id = add_document(store, DOCUMENT).document_id
    save_suggestions(store, document_id, "pack", SUGGESTIONS)
    stages.cut_regions(store, document_id)
    return document_id


def spans_row(project: Project, store: Store) -> Outgoing:
    (row,) = outgoing(store, project.pack(), "spans",
                      asked_regions(store, "spans", 1, "there"))
    return row


def push_by_hand(project: Project, store: Store) -> None:
    row = spans_row(project, store)
    record_tasks(store, "there", 1, 1, {row.region_id: 7})
    record_sent(store, "there", {row.region_id: row.set_id})


def test_a_prediction_holds_the_spans_and_the_relations_between_them(
        project: Project, store: Store, document: int) -> None:
    row = spans_row(project, store)
    assert row.task.data["text"] == TEXT and row.task.prediction is not None
    items = row.task.prediction["result"]
    spans = {item["id"]: (item["value"]["text"], item["value"]["labels"]) for item in items
             if item["type"] == "labels"}
    (link,) = [item for item in items if item["type"] == "relation"]
    assert len(spans) == 4
    assert spans[link["from_id"]] == ("收入", ["INDICATOR"])
    assert spans[link["to_id"]] == ("65.2 亿元", ["MONEY"])
    assert link["labels"][0].endswith("VALUE")


def test_a_prediction_of_classes_holds_those_of_the_paragraph(
        project: Project, store: Store, document: int) -> None:
    (row,) = outgoing(store, project.pack(), "classes",
                      asked_regions(store, "classes", 1, "there"))
    assert row.task.prediction is not None
    assert {item["from_name"]: item["value"]["choices"] for item in row.task.prediction["result"]} \
        == {"function": ["figures"], "topics": ["finance"]}


def test_a_second_push_does_not_claim_that_newer_suggestions_were_sent(
        project: Project, store: Store, document: int) -> None:
    push_by_hand(project, store)
    (before,) = asked_regions(store, "spans", 1, "there")
    save_suggestions(store, document, "newer", Suggestions((), (), ()))
    record_tasks(store, "there", 1, 1, {before["id"]: 7})
    (after,) = asked_regions(store, "spans", 1, "there")
    assert after["set_id"] == before["set_id"] != after["newest_set"]


def test_only_what_is_suggested_otherwise_is_changed(
        project: Project, store: Store, document: int) -> None:
    push_by_hand(project, store)
    assert not spans_row(project, store).changed
    save_suggestions(store, document, "same again", SUGGESTIONS)
    assert not spans_row(project, store).changed
    place = SpanSuggestion(0, 3, "LOC", "t.loc", "v1", 0.9, Evidence("云泽区"))
    save_suggestions(store, document, "newer", Suggestions((place,), (), ()))
    assert spans_row(project, store).changed
    push_by_hand(project, store)
    assert not spans_row(project, store).changed


def test_a_task_of_another_number_shows_suggestions_we_do_not_know(
        project: Project, store: Store, document: int) -> None:
    push_by_hand(project, store)
    row = spans_row(project, store)
    record_tasks(store, "there", 1, 1, {row.region_id: 8})
    assert spans_row(project, store).changed
