"""Push and pull of whole projects where something went wrong: twice at once, a new server, …"""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from labels.rules import Evidence, SpanSuggestion, Suggestions
from tests.e2e.connected import TEXT, connected_project
from workbench import stages, sync
from workbench.project import Project
from workbench.store.answers import newest_answers
from workbench.store.conflicts import open_conflicts
from workbench.store.documents import current_ids
from workbench.store.people import add_user, link_studio_account, user
from workbench.store.settings import set_setting
from workbench.store.suggestions import save_suggestions
from workbench.store.tasks import task_states
from workbench.studio import local
from workbench.studio.client import Client
from workbench.studio.pull import all_task_ids
from workbench.studio.push import task_rows, task_states as task_studio_states

pytestmark = pytest.mark.e2e

PASSWORD = "a-Long-passw0rd"


@pytest.fixture
def project(tmp_path: Path, label_studio: local.Server) -> Project:
    """Nothing is pushed yet."""
    made = connected_project(tmp_path, label_studio)
    with made.open() as store:
        stages.suggest(store, made.pack())
    return made


def link_of(project: Project) -> sync.Connection:
    with project.open() as store:
        return sync.connection(store)


def spans_task(project: Project) -> int:
    with project.open() as store:
        (row,) = [row for row in task_states(store) if row["kind"] == "spans"]
    return int(row["studio_task"])


def annotate(client: Client, task: int, label: str = "ORG") -> int:
    """Somebody marks the first six characters."""
    result = [{"id": "a", "from_name": "label", "to_name": "text", "type": "labels",
               "value": {"start": 0, "end": 6, "text": TEXT[:6], "labels": [label]}}]
    return int(client.post(f"/api/tasks/{task}/annotations/", {"result": result})["id"])


def double(client: Client, project_id: int, task: int) -> int:
    """A second task with the data and key of `task`, as an older push at the same time left it."""
    (row,) = [row for row in task_rows(client, project_id, {"include": "id,meta,data"})
              if row["id"] == task]
    body: dict[str, Any] = {"project": project_id, "data": row["data"], "meta": row["meta"]}
    return int(client.post("/api/tasks/", body)["id"])


def test_two_pushes_at_once_send_each_task_once(project: Project, studio_client: Client) -> None:
    with ThreadPoolExecutor(2) as pool:
        reports = [one.result() for one in [pool.submit(sync.push, project) for _ in range(2)]]
    first, second = sorted(reports, key=lambda report: -report.created)
    assert first.created and (second.created, second.found) == (0, first.created)
    link = link_of(project)
    assert sum(len(all_task_ids(studio_client, link.project(kind).id))
               for kind in sync.KINDS) == first.created


def test_a_double_without_answers_is_deleted(project: Project, studio_client: Client) -> None:
    sync.push(project)
    spans = link_of(project).project("spans").id
    older = spans_task(project)
    newer = double(studio_client, spans, older)
    annotate(studio_client, newer)
    assert sync.push(project).doubles == 1
    assert all_task_ids(studio_client, spans) == {newer}
    assert spans_task(project) == newer
    assert sync.push(project).doubles == 0
    third = double(studio_client, spans, newer)
    annotate(studio_client, third)
    assert sync.push(project).doubles == 0
    assert all_task_ids(studio_client, spans) == {newer, third}


def test_after_label_studio_was_reset_everything_is_sent_and_answered_again(
        project: Project, label_studio: local.Server, studio_client: Client) -> None:
    with project.open() as store:
        person = add_user(store, f"li{uuid4().hex[:8]}", "annotator", PASSWORD)
    sync.give_account(project, person, PASSWORD)
    created = sync.push(project).created
    annotate(studio_client, spans_task(project))
    assert sync.pull(project).accepted == 1
    old = link_of(project)
    for kind in sync.KINDS:
        studio_client.delete(f"/api/projects/{old.project(kind).id}/")
    with project.open() as store:
        # an account that only the old server had
        link_studio_account(store, person, "gone@workbench.local", 4711)
    made = sync.connect(project, label_studio.url, label_studio.token)
    assert not set(made.origins) & set(old.origins)
    with project.open() as store:
        row = user(store, person)
        assert row is not None and (row["studio_email"], row["studio_user"]) == (None, None)
    assert sync.push(project).created == created
    annotate(studio_client, spans_task(project), "LOC")
    pulled = sync.pull(project)
    assert (pulled.accepted, pulled.deleted, pulled.gone) == (1, 0, 0)
    with project.open() as store:
        assert [row["answer"]["spans"][0]["label"] for row in newest_answers(store)] == ["LOC"]
        assert store.value("SELECT count(*) FROM answers WHERE deleted_at IS NULL") == 2


def test_a_project_that_is_not_ours_any_more_is_left_alone_and_told(
        project: Project, studio_client: Client) -> None:
    spans = link_of(project).project("spans").id
    studio_client.write(lambda sdk: sdk.projects.update(spans, description="another"))
    report = sync.push(project)
    (problem,) = report.problems
    assert "not the one this project was connected to" in problem and report.needs_person
    with project.open() as store:
        (told,) = open_conflicts(store, "project")
        assert told["content"]["project"] == spans
        # the other project goes on
        assert {row["kind"] for row in task_states(store) if row["studio_task"]} == {"classes"}
    assert all_task_ids(studio_client, spans) == set()


def test_labels_taken_out_there_are_put_back(project: Project, studio_client: Client) -> None:
    spans = link_of(project).project("spans").id
    before = studio_client.get(f"/api/projects/{spans}/")["label_config"]
    fewer = before.replace('alias="ORG"', 'alias="NOTHING"')
    studio_client.patch(f"/api/projects/{spans}/", {"label_config": fewer})
    assert sync.push(project).problems == []
    assert studio_client.get(f"/api/projects/{spans}/")["label_config"] == before


def test_text_edited_by_hand_is_put_back_unless_somebody_answered(
        project: Project, studio_client: Client) -> None:
    sync.push(project)
    task = spans_task(project)
    data = studio_client.get(f"/api/tasks/{task}/")["data"]
    edited = {**data, "text": "另一段文字"}
    studio_client.patch(f"/api/tasks/{task}/", {"data": edited})
    assert sync.pull(project).edited == 1
    assert sync.push(project).refreshed == 1
    assert studio_client.get(f"/api/tasks/{task}/")["data"] == data
    annotate(studio_client, task)
    sync.pull(project)
    studio_client.patch(f"/api/tasks/{task}/", {"data": edited})
    assert sync.pull(project).edited == 1
    assert sync.push(project).refreshed == 0
    with project.open() as store:
        (told,) = open_conflicts(store, "data")
        assert told["content"]["there"] == "另一段文字"
    studio_client.patch(f"/api/tasks/{task}/", {"data": data})
    sync.pull(project)
    with project.open() as store:
        assert open_conflicts(store) == []


def test_a_removed_document_leaves_label_studio_once_its_answers_are_stored(
        project: Project, studio_client: Client) -> None:
    created = sync.push(project).created
    task, spans = spans_task(project), link_of(project).project("spans").id
    annotate(studio_client, task)
    with project.open() as store, store.write() as db:
        db.execute("UPDATE documents SET removed_at = '2026-01-01'")
    report = sync.push(project)
    # the answer is not stored yet: its task stays
    assert (report.deleted, report.waiting) == (created - 1, 1)
    assert all_task_ids(studio_client, spans) == {task}
    assert sync.pull(project).accepted == 1
    assert sync.push(project).deleted == 1
    assert all_task_ids(studio_client, spans) == set()
    with project.open() as store:
        assert len(newest_answers(store)) == 1


def test_siblings_ask_a_share_of_the_regions_apart(
        project: Project, studio_client: Client) -> None:
    alone = sync.push(project).created
    with project.open() as store:
        set_setting(store, "overlap", {"people": 2, "share": 100})
    assert sync.push(project).created == alone
    link = link_of(project)
    assert link.slots == (("spans", 1), ("classes", 1), ("spans", 2), ("classes", 2))
    (first,), (second,) = (all_task_ids(studio_client, link.project("spans", slot).id)
                           for slot in (1, 2))
    annotate(studio_client, second, "LOC")
    annotate(studio_client, first, "ORG")
    annotate(studio_client, first, "ORG")
    assert sync.pull(project).accepted == 3
    with project.open() as store:
        # the same person answered in both: that is not what slots are for, the newer ones count
        assert [row["slot"] for row in newest_answers(store)] == [1, 1]
        assert [(row["slot"], row["blind"]) for row in store.rows(
            "SELECT slot, blind FROM answers ORDER BY studio_annotation")] \
            == [(2, 1), (1, 1), (1, 1)]


def test_drafts_are_seen_by_a_full_pull(project: Project, studio_client: Client) -> None:
    sync.push(project)
    task = spans_task(project)
    studio_client.post(f"/api/tasks/{task}/drafts", {"result": [], "lead_time": 1})
    report = sync.pull(project, full=True)
    assert report.drafts == 1
    with project.open() as store:
        (draft,) = store.rows("SELECT * FROM drafts")
        assert draft["studio_task"] == task


def suggest_anew(project: Project, name: str, spans: tuple[SpanSuggestion, ...]) -> None:
    """A newer set of suggestions, as after a change of the rules."""
    with project.open() as store:
        (document,) = current_ids(store)
        save_suggestions(store, document, name, Suggestions(spans, (), ()))


def test_newer_suggestions_are_sent_where_nobody_has_answered(
        project: Project, studio_client: Client) -> None:
    created = sync.push(project).created
    task, spans = spans_task(project), link_of(project).project("spans").id
    again = sync.push(project)
    assert (again.updated, again.offered) == (0, 0)
    place = SpanSuggestion(0, 3, "LOC", "t.loc", "v1", 0.9, Evidence("云泽区"))
    suggest_anew(project, "newer", (place,))
    # the classes that the rules had suggested for both paragraphs are not suggested any more
    assert sync.push(project).updated == created
    (sent,) = studio_client.get("/api/predictions/", {"task": task})
    assert [item["value"]["labels"] for item in sent["result"]] == [["LOC"]]
    assert sync.push(project).updated == 0
    annotate(studio_client, task)
    suggest_anew(project, "newest", ())
    for offered in (1, 0):
        report = sync.push(project)
        assert (report.updated, report.offered) == (0, offered)
    first, second = studio_client.get("/api/predictions/", {"task": task})
    assert (first["id"], first["model_version"]) == (sent["id"], "workbench")
    assert second["model_version"] == "workbench 3" and second["result"] == []
    assert task_studio_states(studio_client, spans).popitem()[1].annotations == 1


def test_a_dry_run_says_what_a_push_does_and_writes_nothing(project: Project) -> None:
    def everything() -> list[str]:
        with project.open() as store:
            return list(store.conn.iterdump())

    before = everything()
    told = sync.push(project, dry_run=True)
    assert everything() == before
    done = sync.push(project)
    assert told.created == done.created > 0
    again = sync.push(project, dry_run=True)
    assert (again.created, again.found) == (0, done.created)
