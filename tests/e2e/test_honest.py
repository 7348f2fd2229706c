"""Hidden suggestions and known answers with a real Label Studio."""
from __future__ import annotations

from pathlib import Path
from typing import Iterator
from uuid import uuid4

import httpx
import pytest

from labels.rules import Evidence, SpanSuggestion, Suggestions
from tests.e2e.connected import TEXT, connected_project
from tests.e2e.histories import account
from workbench import stages, sync
from workbench.project import Project
from workbench.review.honest import SETTING, Honest
from workbench.review.known import scores
from workbench.store.answers import newest_answers
from workbench.store.documents import current_ids
from workbench.store.people import add_user, link_studio_account
from workbench.store.settings import set_setting
from workbench.store.suggestions import save_suggestions
from workbench.store.work import waiting_tasks
from workbench.studio import local
from workbench.studio.client import Client
from workbench.studio.pull import all_task_ids

pytestmark = pytest.mark.e2e

PASSWORD = "a-Long-passw0rd"


@pytest.fixture
def project(tmp_path: Path, label_studio: local.Server) -> Project:
    """Nothing is pushed yet."""
    made = connected_project(tmp_path, label_studio)
    with made.open() as store:
        stages.suggest(store, made.pack())
    return made


@pytest.fixture
def people(project: Project, studio_client: Client) -> Iterator[dict[str, httpx.Client]]:
    """Two annotators with accounts in Label Studio, signed in there."""
    signed: dict[str, httpx.Client] = {}
    for name in ("li", "qian"):
        email = f"{name}-{uuid4().hex[:8]}@example.org"
        signed[name] = account(studio_client, email, PASSWORD)
        number = signed[name].get("/api/current-user/whoami").raise_for_status().json()["id"]
        with project.open() as store:
            link_studio_account(store, add_user(store, name, "annotator", PASSWORD), email, number)
    yield signed
    for client in signed.values():
        client.close()


def share(project: Project, honest: Honest) -> None:
    with project.open() as store:
        set_setting(store, SETTING, honest.as_json())


def spans_project(project: Project) -> int:
    with project.open() as store:
        return sync.connection(store).project("spans").id


def submit(person: httpx.Client, task: int, end: int = 6) -> None:
    """Somebody marks the first characters as an organisation."""
    person.post(f"/api/tasks/{task}/annotations/", json={"lead_time": 0.01, "result": [
        {"id": "a", "from_name": "label", "to_name": "text", "type": "labels",
         "value": {"start": 0, "end": end, "text": TEXT[:end], "labels": ["ORG"]}}],
    }).raise_for_status()


def suggest_anew(project: Project, name: str, *spans: SpanSuggestion) -> None:
    with project.open() as store:
        (document,) = current_ids(store)
        save_suggestions(store, document, name, Suggestions(spans, (), ()))


def test_a_hidden_region_has_no_suggestions_there_whatever_is_pushed(
        project: Project, studio_client: Client, people: dict[str, httpx.Client]) -> None:
    share(project, Honest(spans=100, classes=100))
    assert sync.push(project, dry_run=True).bare == sync.push(project).bare == 3
    (task,) = all_task_ids(studio_client, spans_project(project))

    def shown() -> list[object]:
        return list(studio_client.get("/api/predictions/", {"task": task}))

    assert shown() == []
    suggest_anew(project, "newer", SpanSuggestion(0, 3, "LOC", "t.loc", "v1", 0.9, Evidence("x")))
    report = sync.push(project)
    assert (report.repaired, report.updated, report.offered, report.problems) == (0, 0, 0, [])
    assert shown() == []
    submit(people["li"], task)
    sync.pull(project)
    suggest_anew(project, "newest")
    share(project, Honest())
    # the paragraphs, which nobody has begun, get theirs; who answered without stays without
    assert sync.push(project).updated == 2 and shown() == []
    with project.open() as store:
        assert [row["hidden"] for row in newest_answers(store)] == [1]


def test_a_known_answer_is_scored_and_is_no_answer(
        project: Project, studio_client: Client, people: dict[str, httpx.Client]) -> None:
    sync.push(project)
    spans = spans_project(project)
    (first,) = all_task_ids(studio_client, spans)
    submit(people["li"], first)
    assert sync.pull(project).accepted == 1
    with project.open() as store:
        assert stages.settle(store, project.pack(), "lead").settled == 1
    share(project, Honest(known=100, least=1))
    assert sync.push(project, dry_run=True).trials == sync.push(project).trials == 1
    (trial,) = all_task_ids(studio_client, spans) - {first}
    there, original = (studio_client.get(f"/api/tasks/{task}/") for task in (trial, first))
    assert there["data"]["text"] == original["data"]["text"] and there["predictions"] == []
    assert there["meta"]["key"] != original["meta"]["key"]
    with project.open() as store:
        mine = {name: {row["studio_task"] for row in waiting_tasks(store, number, 1)}
                for number, name in ((2, "li"), (3, "qian"))}
    assert trial in mine["qian"] and trial not in mine["li"]
    submit(people["qian"], trial, end=3)
    for full in (False, True):
        report = sync.pull(project, full=full)
        assert (report.trials, report.accepted, report.problems) == (int(not full), 0, [])
    with project.open() as store:
        assert [row["studio_task"] for row in newest_answers(store)] == [first]
        settled = stages.settle(store, project.pack(), "lead")
        assert (settled.settled, settled.unchanged, settled.disagreeing) == (0, 1, ())
        (score,) = scores(store)
        assert (score.person, score.trials, score.had_seen) == ("qian", 1, 0)
        assert [(line.name, line.right, line.said) for line in score.labels] == [("ORG", 0, 1)]
    share(project, Honest())
    assert sync.push(project).deleted == 0      # it was answered: it stays
    assert all_task_ids(studio_client, spans) == {first, trial}


def test_an_unanswered_one_goes_when_nothing_shall_be_asked_again(
        project: Project, studio_client: Client, people: dict[str, httpx.Client]) -> None:
    sync.push(project)
    spans = spans_project(project)
    (first,) = all_task_ids(studio_client, spans)
    submit(people["li"], first)
    sync.pull(project)
    with project.open() as store:
        stages.settle(store, project.pack(), "lead")
    share(project, Honest(known=100, least=1))
    assert sync.push(project).trials == 1
    share(project, Honest())
    assert sync.push(project).deleted == 1
    assert all_task_ids(studio_client, spans) == {first}
