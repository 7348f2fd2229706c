"""Push and pull of whole projects where something went wrong: twice at once, a new server, …"""
from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from workbench import stages, sync
from workbench.project import Project, create_project
from workbench.store.tasks import task_states
from workbench.studio import local
from workbench.studio.client import Client
from workbench.studio.pull import all_task_ids
from workbench.studio.push import task_rows

pytestmark = pytest.mark.e2e

TEXT = "云泽区财政局投入 153.5 亿元，同比增长 12.5%。\n任命李若川为云泽区教育局局长。"


@pytest.fixture
def project(tmp_path: Path, label_studio: local.Server) -> Project:
    """A connected project with one document, nothing pushed yet."""
    source = tmp_path / "one.jsonl"
    source.write_text(json.dumps({"id": "one", "text": TEXT}, ensure_ascii=False) + "\n",
                      encoding="utf-8")
    made = create_project(tmp_path / "project", "试用").project
    with made.open() as store:
        stages.ingest(store, [source])
        stages.suggest(store, made.pack())
    sync.connect(made, label_studio.url, label_studio.token)
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
    assert sum(len(all_task_ids(studio_client, link.project_id(kind)))
               for kind in sync.KINDS) == first.created


def test_a_double_without_answers_is_deleted(project: Project, studio_client: Client) -> None:
    sync.push(project)
    spans = link_of(project).spans_project
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
