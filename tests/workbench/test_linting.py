"""What the guide advises against in pulled answers: kept, compared in a document, dismissed."""
from __future__ import annotations

from typing import Any

import pytest

from labels.document import Block, Document
from workbench import stages
from workbench.incoming import PullReport, Taking
from workbench.linting import compare_answers
from workbench.project import Project
from workbench.store import Row, Store
from workbench.store.documents import add_document
from workbench.store.lints import (
    dismiss_lint, due_documents, lint_counts, lint_known, open_lints,
)
from workbench.store.people import link_studio_account
from workbench.store.rereads import regions_of
from workbench.store.tasks import region_text
from workbench.studio.pull import PulledAnnotation, PulledTask

PARAGRAPHS = ("云泽湖水质稳定达标，岸线整治完工。", "云泽湖蓝藻明显减少，周边绿道贯通。",
              "云泽湖公园开放，游客数量有所增加。", "云泽湖管理办公室发布了通告内容。")


@pytest.fixture
def regions(store: Store) -> list[Row]:
    blocks, start = [], 0
    for paragraph in PARAGRAPHS:
        blocks.append(Block("title", start, start + len(paragraph)))
        blocks.append(Block("heading", start + len(paragraph) + 1, start + len(paragraph) + 2))
        start += len(paragraph) + 3
    text = "\n".join(f"{paragraph}\n续" for paragraph in PARAGRAPHS)
    document_id = add_document(store, Document("d", text, blocks=tuple(blocks))).document_id
    stages.cut_regions(store, document_id)
    return [row for row in regions_of(store, document_id) if row["kind"] == "spans"]


def take(project: Project, store: Store, region: Row, *quotes: tuple[str, str],
         number: int | None = None, at: str = "2026-01-01T00:00:00Z") -> PullReport:
    """Pull an annotation of `quotes`; None at all deletes it."""
    text, report = region_text(store, region["id"]), PullReport()
    result: list[dict[str, Any]] = [
        {"id": f"{place}", "from_name": "label", "to_name": "text", "type": "labels",
         "value": {"start": text.index(quote), "end": text.index(quote) + len(quote),
                   "labels": [label], "text": quote}}
        for place, (quote, label) in enumerate(quotes)]
    made = PulledAnnotation(number or region["id"], 7, "li@b", at, at, False, False, None, None,
                            tuple(result))
    Taking(store, project.pack(), "spans", 1, "there", report).take(
        PulledTask(region["id"], region["key"], at, (made,) if quotes else ()))
    return report


def told(store: Store, **asked: Any) -> list[tuple[str, str]]:
    return [(row["lint"].code, row["lint"].fields["quote"]) for row in open_lints(store, **asked)]


def test_a_pulled_answer_is_kept_as_made_and_its_lints_are_told(
        project: Project, store: Store, regions: list[Row]) -> None:
    report = take(project, store, regions[0], ("云泽湖水质稳定达标，", "LOC"))
    assert (report.accepted, report.linted) == (1, 1) and report.needs_person
    (row,) = open_lints(store)
    assert (row["lint"].code, row["annotator"], row["region_id"]) == (
        "edge_mark", "li@b", regions[0]["id"])
    assert lint_counts(store) == {"edge_mark": 1}


def test_lints_go_with_a_corrected_answer(project: Project, store: Store,
                                          regions: list[Row]) -> None:
    take(project, store, regions[0], ("达标，", "INDICATOR"))
    assert take(project, store, regions[0], ("达标", "INDICATOR"),
                at="2026-01-02T00:00:00Z").linted == 0
    assert told(store) == []


def test_lints_are_found_by_person_and_region(project: Project, store: Store,
                                              regions: list[Row]) -> None:
    take(project, store, regions[0], ("达标，", "INDICATOR"))
    link_studio_account(store, 1, "li@b", 7)
    assert len(told(store, user_id=1)) == 1 and told(store, user_id=2) == []
    assert len(told(store, region_id=regions[0]["id"])) == 1
    assert told(store, region_id=regions[1]["id"]) == []
    assert told(store, code="edge_mark") and not told(store, code="overlap")


def test_answers_of_a_document_are_compared_at_the_end_of_a_pull(
        project: Project, store: Store, regions: list[Row]) -> None:
    for region, label in zip(regions, ("LOC", "LOC", "LOC", "ORG")):
        take(project, store, region, ("云泽湖", label))
    assert told(store) == [] and due_documents(store) == [regions[0]["document_id"]]
    assert compare_answers(store) == 1
    assert told(store) == [("surface", "云泽湖")]
    assert open_lints(store)[0]["region_id"] == regions[3]["id"]
    assert compare_answers(store) == 0
    # Without one of the three there is no usual label any more.
    take(project, store, regions[0])
    assert compare_answers(store) == 1 and told(store) == []


def test_a_dismissal_outlasts_a_new_pull_of_the_same_and_can_be_taken_back(
        project: Project, store: Store, regions: list[Row]) -> None:
    take(project, store, regions[0], ("达标，", "INDICATOR"))
    key = open_lints(store)[0]["key"]
    dismiss_lint(store, key, "as_written", "原文如此", "lead")
    assert told(store) == [] and lint_counts(store) == {}
    take(project, store, regions[0], ("达标，", "INDICATOR"), ("岸线", "LOC"),
         at="2026-01-02T00:00:00Z")
    assert told(store) == []
    (row,) = open_lints(store, dismissed=True)
    assert (row["reason"], row["note"], row["dismissed_by"]) == ("as_written", "原文如此", "lead")
    dismiss_lint(store, key, "", "", "lead")
    assert told(store) == [("edge_mark", "达标，")]
    assert lint_known(store, key) and not lint_known(store, "1:none")
