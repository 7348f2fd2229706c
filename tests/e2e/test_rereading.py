"""A document that is read again after people answered, with a real Label Studio."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench import removing, stages, sync
from workbench.project import Project, create_project
from workbench.store.answers import newest_answers
from workbench.store.conflicts import open_conflicts
from workbench.store.rereads import anchorings_of
from workbench.store.tasks import task_states
from workbench.studio import local
from workbench.studio.client import Client
from workbench.studio.pull import all_task_ids

pytestmark = pytest.mark.e2e

MONEY = "云泽区财政局投入教育资金153.5亿元，同比增长12.5%，完成年初预算的98%。"
ROADS = "云泽大道北延伸段建成通车，新增公交线路3条，新改建道路12条。"
SCHOOL = "新建公办幼儿园4所，新增学位1200个，教师培训全面完成。"


def write(path: Path, *paragraphs: str) -> None:
    """Every paragraph stands under a heading of the first level, so it is a region of its own."""
    path.write_text("\n\n".join(f"# {paragraph[:4]}\n\n{paragraph}" for paragraph in paragraphs),
                    encoding="utf-8")


def read(project: Project, path: Path) -> None:
    with project.open() as store:
        stages.ingest(store, [path])
        stages.suggest(store, project.pack())


def task_with(project: Project, words: str, client: Client) -> dict[str, Any]:
    """The one living task of the spans project whose text holds `words`."""
    with project.open() as store:
        there = sync.connection(store).project("spans")
    found = [task for number in all_task_ids(client, there.id)
             if words in (task := client.get(f"/api/tasks/{number}/"))["data"]["text"]]
    (one,) = found
    return dict(one)


def annotate(client: Client, task: dict[str, Any], *quotes: tuple[str, str]) -> None:
    text = task["data"]["text"]
    client.post(f"/api/tasks/{task['id']}/annotations/", {"result": [
        {"id": quote, "from_name": "label", "to_name": "text", "type": "labels",
         "value": {"start": text.index(quote), "end": text.index(quote) + len(quote),
                   "text": quote, "labels": [label]}} for quote, label in quotes]})


def test_answers_go_with_the_text_that_stayed_and_labels_are_suggested_elsewhere(
        tmp_path: Path, label_studio: local.Server, studio_client: Client) -> None:
    path, project = tmp_path / "report.md", create_project(tmp_path / "project", "重读").project
    write(path, MONEY, ROADS, SCHOOL)
    read(project, path)
    sync.connect(project, label_studio.url, label_studio.token)
    sync.push(project)
    roads, money = (task_with(project, words, studio_client) for words in ("公交", "153.5"))
    school = task_with(project, "幼儿园", studio_client)
    annotate(studio_client, roads, ("3条", "QUANTITY"))
    # Not what a rule says: so it is seen whose suggestion comes back.
    annotate(studio_client, money, ("教育资金", "INDICATOR"), ("12.5%", "PERCENT"))
    sync.pull(project)

    write(path, SCHOOL.replace("4所", "5所"), MONEY.replace("12.5%", "12.8%"), ROADS)
    read(project, path)
    sync.push(project)

    # The paragraph that stayed keeps its task with its answer; one that nobody answered went.
    assert task_with(project, "公交", studio_client)["id"] == roads["id"]
    new = task_with(project, "12.8%", studio_client)
    assert new["id"] != money["id"]
    assert task_with(project, "幼儿园", studio_client)["id"] != school["id"]
    (prediction,) = new["predictions"]
    assert ("教育资金", "INDICATOR") in [
        (item["value"]["text"], item["value"]["labels"][0]) for item in prediction["result"]
        if item["type"] == "labels"]
    # The old task that has answers stays, and its answer counts for the old text only.
    assert studio_client.get(f"/api/tasks/{money['id']}/")["data"]["text"] == money["data"]["text"]
    with project.open() as store:
        (lost,) = open_conflicts(store, "anchor")
        assert lost["content"]["was"]["text"] == "12.5%"
        (document_id,) = {row["document_id"] for row in task_states(store)}
        assert {row["quote"]: row["verdict"] for row in anchorings_of(store, document_id)} == {
            "教育资金": "moved", "12.5%": "lost"}
        assert len(newest_answers(store)) == 2
        stages.settle(store, project.pack(), "t")
        release = stages.freeze(store, project.pack(), "t")
    assert ["公交" in region.text for region in release.regions] == [True]
    again = sync.push(project)
    assert (again.created, again.updated, again.offered, again.deleted) == (0, 0, 0, 0)

    with project.open() as store:
        removing.remove(store, "report.md")
    sync.sync(project)
    with project.open() as store:
        there = sync.connection(store).project("spans")
    assert all_task_ids(studio_client, there.id) == set()
    with project.open() as store:
        removing.restore(store, "report.md")
        assert len(newest_answers(store)) == 2
