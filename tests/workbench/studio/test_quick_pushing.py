"""Quick decisions and pushes, against a model of Label Studio."""
from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.workbench.conftest import DOCUMENT, SUGGESTIONS
from tests.workbench.studio.fake_studio import FakeStudio, clients
from workbench import sync
from workbench.project import Project
from workbench.review import quick
from workbench.store import Store
from workbench.store.conflicts import open_conflicts
from workbench.store.documents import add_document
from workbench.store.quick import Fixed, Key
from workbench.store.suggestions import save_suggestions
from workbench.studio import client as studio_client

TOKENS = {"a" * 40: "workbench@example.org", "b" * 40: "li@example.org"}


@pytest.fixture
def studio(project: Project, store: Store, monkeypatch: pytest.MonkeyPatch) -> FakeStudio:
    """A document with its suggestions, pushed."""
    made = FakeStudio(dict(TOKENS))
    monkeypatch.setattr(studio_client, "http_client", lambda url, timeout: httpx.Client(
        transport=made.transport(True), timeout=timeout))
    monkeypatch.setattr(studio_client, "PAUSE_S", 0.0)
    sync.connect(project, "http://studio.invalid", next(iter(TOKENS)))
    document_id = add_document(store, DOCUMENT).document_id
    save_suggestions(store, document_id, project.pack().hash, SUGGESTIONS)
    assert sync.push(project).created > 0
    return made


def task_of_spans(store: Store) -> tuple[int, int]:
    """The region of spans and its task."""
    row = store.row("SELECT r.id, k.studio_task FROM regions r JOIN tasks k ON k.region_id = r.id"
                    " WHERE r.kind = 'spans'")
    assert row is not None
    return row["id"], row["studio_task"]


def shown(studio: FakeStudio, task: int) -> list[tuple[Any, ...]]:
    (prediction,) = studio.of_task("predictions", task)
    return sorted((item["value"]["start"], item["value"]["end"], *item["value"]["labels"])
                  for item in prediction["result"] if item["type"] == "labels")


def decide(project: Project, store: Store, region: int, words: tuple[int, int, str], verdict: str,
           fixed: Fixed | None = None) -> None:
    quick.decide(store, project.pack(), Key(region, *words), 1, verdict, fixed)


def test_the_next_push_brings_what_was_decided_and_what_was_taken_back(
        project: Project, store: Store, studio: FakeStudio) -> None:
    region, task = task_of_spans(store)
    before = shown(studio, task)
    decide(project, store, region, (15, 22, "MONEY"), "reject")
    decide(project, store, region, (0, 6, "ORG"), "fix", Fixed(0, 3, "LOC"))
    assert sync.push(project, dry_run=True).updated == 1
    assert sync.push(project).updated == 1
    after = shown(studio, task)
    assert [one[:2] for one in after] == [(0, 3), (12, 14), (23, 27)]
    assert after[0][2] not in {one[2] for one in before}
    assert sync.push(project).updated == 0
    quick.undo(store, 1)
    quick.undo(store, 1)
    assert sync.push(project).updated == 1 and shown(studio, task) == before


def test_an_accepted_suggestion_sends_nothing_anew(
        project: Project, store: Store, studio: FakeStudio) -> None:
    region, task = task_of_spans(store)
    before = shown(studio, task)
    decide(project, store, region, (0, 6, "ORG"), "accept")
    decide(project, store, region, (15, 22, "MONEY"), "skip")
    assert sync.push(project).updated == 0 and shown(studio, task) == before


def test_suggestions_beside_an_answer_are_left_alone(
        project: Project, store: Store, studio: FakeStudio) -> None:
    region, task = task_of_spans(store)
    decide(project, store, region, (15, 22, "MONEY"), "reject")
    assert sync.push(project).updated == 1
    seen = shown(studio, task)
    decide(project, store, region, (0, 6, "ORG"), "reject")
    (_, person) = clients(studio)
    assert person.post(f"/api/tasks/{task}/annotations/", json={
        "result": [], "lead_time": 3.0}).status_code == 201
    sync.pull(project)
    report = sync.push(project)
    assert (report.updated, report.offered) == (0, 0)
    assert shown(studio, task) == seen and open_conflicts(store) == []
