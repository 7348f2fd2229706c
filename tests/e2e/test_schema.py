"""The schema changes under answers in a real Label Studio; our process dies again and again."""
from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from labels import govdoc
from labels.schema_changes import Change, Edit, Remove, Rename, Split
from tests.conftest import ROOT
from workbench import schemas, stages, sync
from workbench.migration import migrate
from workbench.project import Project, create_project
from workbench.store.answers import newest_answers
from workbench.store.conflicts import open_conflicts
from workbench.store.gold import standing_gold
from workbench.store.schemas import newest_schema
from workbench.store.tasks import task_states
from workbench.studio import local
from workbench.studio.client import Client
from workbench.studio.mapping import labeling_config
from workbench.studio.people import Account, create_account
from workbench.studio.push import task_rows
from workbench.studio.rewriting import drafts_of, told

pytestmark = pytest.mark.e2e

PASSWORD = "a-Long-passw0rd"
TEXTS = ("云泽区财政局投入153.5亿元，同比增长12.5%。香桥街道办事处设在望江路。",
         "任命李若川为云泽区教育局局长。青溪公园位于云桥路。")
# (task of a text) → what its annotator marked there
MARKS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("云泽区财政局", "ORG"), ("153.5亿元", "MONEY"), ("12.5%", "PERCENT"), ("望江路", "LOC")),
    (("李若川", "PERSON"), ("云泽区教育局", "ORG"), ("局长", "POST"), ("青溪公园", "LOC"),
     ("云桥路", "LOC")))
LINKS: tuple[tuple[tuple[int, int, str], ...], ...] = (
    (), ((0, 2, "任命 APPOINTED"), (2, 1, "所在机构 POST_OF")))
ROAD = {"title": "道路", "title_en": "Road", "code": "路", "color": "#3f1f5f"}
CHANGES: list[Change] = [
    Rename("label", "ORG", "ORGAN"), Split("label", "LOC", {"LOC": {}, "ROAD": ROAD}),
    Remove("label", "PERCENT"), Edit("relation", "POST_OF", {"title": "属于"}),
    Rename("choice", "plan", "planned", "function")]


def result_of(number: int) -> list[dict[str, Any]]:
    text = TEXTS[number]
    spans = [{"id": f"r{index}", "from_name": "label", "to_name": "text", "type": "labels",
              "value": {"start": text.index(words), "end": text.index(words) + len(words),
                        "text": words, "labels": [label]}}
             for index, (words, label) in enumerate(MARKS[number])]
    return [*spans, *({"type": "relation", "from_id": f"r{source}", "to_id": f"r{target}",
                       "direction": "right", "labels": [name]}
                      for source, target, name in LINKS[number])]


class Annotated:
    """A connected project: each text a task, answered by a person of its own; a class answered; a
    draft begun on somebody's answer, and one that stands alone."""

    def __init__(self, folder: Path, server: local.Server, client: Client) -> None:
        source = folder / "texts.jsonl"
        source.write_text("".join(json.dumps({"id": f"t{number}", "text": text},
                                             ensure_ascii=False) + "\n"
                                  for number, text in enumerate(TEXTS)), encoding="utf-8")
        self.client, self.server = client, server
        self.project: Project = create_project(folder / "project", "试用").project
        with self.project.open() as store:
            stages.ingest(store, [source])
            stages.suggest(store, self.project.pack())
        sync.connect(self.project, server.url, server.token)
        sync.push(self.project)
        self.people = [create_account(client, f"s{uuid4().hex[:10]}@workbench.local", PASSWORD)
                       for _ in TEXTS]
        self.tasks = self._tasks("spans")
        self.annotations = [self._annotate(task, person, result_of(number)) for
                            number, (task, person) in enumerate(zip(self.tasks, self.people))]
        self._annotate(self._tasks("classes")[0], self.people[0], [
            {"id": "c", "from_name": "function", "to_name": "text", "type": "choices",
             "value": {"choices": ["plan"]}}])
        self._draft(self.tasks[0], self.people[1], self.annotations[0])
        self._draft(self.tasks[1], self.people[0], None)
        sync.pull(self.project)
        with self.project.open() as store:
            stages.settle(store, self.project.pack(), "lead")

    def _tasks(self, kind: str) -> list[int]:
        with self.project.open() as store:
            return [row["studio_task"] for row in task_states(store) if row["kind"] == kind]

    def _annotate(self, task: int, person: Account, result: list[dict[str, Any]]) -> int:
        return int(self.client.post(f"/api/tasks/{task}/annotations/", {
            "result": result, "completed_by": person.id})["id"])

    def _draft(self, task: int, person: Account, annotation: int | None) -> None:
        """As the editor keeps it, signed in as that person."""
        with httpx.Client(base_url=self.server.url, follow_redirects=True) as page:
            token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"',
                              page.get("/user/login/").text)
            assert token
            page.post("/user/login/", data={"email": person.email, "password": PASSWORD,
                                            "csrfmiddlewaretoken": token[1]},
                      headers={"Referer": self.server.url})
            where = f"/api/tasks/{task}/" + (f"annotations/{annotation}/" if annotation else "")
            answer = page.post(f"{where}drafts", json={"result": result_of(self.tasks.index(task)),
                                                       "lead_time": 3},
                               headers={"X-CSRFToken": page.cookies["csrftoken"],
                                        "Referer": self.server.url})
            assert answer.status_code == 201, answer.text

    def rows(self, kind: str = "spans") -> list[dict[str, Any]]:
        with self.project.open() as store:
            there = sync.connection(store).project(kind)  # type: ignore[arg-type]
        return list(task_rows(self.client, there.id, {
            "fields": "all", "include": "id,annotations,predictions,result,completed_by"}))

    def drafts(self) -> list[tuple[int, str, int | None, list[str]]]:
        """(task, owner, its answer, labels) of all drafts."""
        return sorted((task, draft["user"], draft["annotation"],
                       [label for item in draft["result"] if item["type"] == "labels"
                        for label in item["value"]["labels"]])
                      for task in self.tasks for draft in drafts_of(self.client, task))

    def there(self) -> dict[int, Any]:
        """What each annotation says there."""
        return {one["id"]: told(one["result"]) for kind in ("spans", "classes")
                for row in self.rows(kind) for one in row["annotations"]}

    def here(self) -> dict[int, Any]:
        with self.project.open() as store:
            return {row["studio_annotation"]: row["answer"] for row in newest_answers(store)}

    def config(self, kind: str) -> str:
        with self.project.open() as store:
            there = sync.connection(store).project(kind)  # type: ignore[arg-type]
        return str(self.client.get(f"/api/projects/{there.id}/")["label_config"])


def same(one: Any, other: Any) -> bool:
    from workbench.store.answers import canonical
    return {key: canonical(said) for key, said in one.items()} == {
        key: canonical(said) for key, said in other.items()}


@pytest.fixture
def annotated(tmp_path: Path, label_studio: local.Server, studio_client: Client) -> Annotated:
    return Annotated(tmp_path, label_studio, studio_client)


DYING = """
import os, signal, sys
from pathlib import Path
from workbench.migration import migrate
from workbench.project import Project
from workbench.studio.client import Client
left, whole = int(sys.argv[2]), Client.patch
def patch(client, path, body):
    global left
    done = whole(client, path, body)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
Client.patch = patch
migrate(Project(Path(sys.argv[1])))
"""


def killed_after(project: Project, writes: int) -> int:
    """The exit status of a process that migrates and dies after so many PATCHes."""
    return subprocess.run([sys.executable, "-c", DYING, str(project.folder), str(writes)],
                          cwd=ROOT, capture_output=True, timeout=120).returncode


def die_at_every_kind_of_write(project: Project, monkeypatch: pytest.MonkeyPatch) -> int:
    """Migrate; after each write of a kind that was not seen before it dies and is begun again."""
    seen: set[str] = set()
    whole = Client._json

    def dying(client: Client, method: str, path: str, **arguments: Any) -> Any:
        done = whole(client, method, path, **arguments)
        key = f"{method} {re.sub('[0-9]+', 'N', path)}"     # once at each kind of write
        if method != "GET" and key not in seen:
            seen.add(key)
            raise KeyboardInterrupt
        return done

    deaths = 0
    with monkeypatch.context() as patched:
        patched.setattr(Client, "_json", dying)
        while True:
            try:
                migrate(project)
                return deaths
            except KeyboardInterrupt:
                deaths += 1
                assert deaths < 80


def test_both_sides_follow_a_change_whenever_we_die_and_go_back_again(
        annotated: Annotated, monkeypatch: pytest.MonkeyPatch) -> None:
    project = annotated.project
    before, drafts = annotated.there(), annotated.drafts()
    assert same(before, annotated.here()) and len(drafts) == 2
    with project.open() as store:
        gold = [row["answer"] for row in standing_gold(store)]
        schemas.save(store, CHANGES, "试一试", "lead")
    assert killed_after(project, 3) == -9
    assert killed_after(project, 2) == -9
    assert die_at_every_kind_of_write(project, monkeypatch) > 3

    with project.open() as store:
        assert newest_schema(store)["step"] == "done"
        assert "problems" not in json.loads(newest_schema(store)["told"])
        waiting = open_conflicts(store, "schema")
        assert [len(one["content"]["notes"]) for one in waiting] == [1, 2]
        assert stages.settle(store, project.pack(), "lead").settled == 0
        first = next(row for row in standing_gold(store) if len(row["answer"]["spans"]) == 3)
    assert [span["label"] for span in first["answer"]["spans"]] == ["ORGAN", "MONEY", "LOC"]
    after = annotated.there()
    assert same(after, annotated.here()) and not same(after, before)
    assert [span["label"] for span in after[annotated.annotations[1]]["spans"]] == [
        "PERSON", "ORGAN", "POST", "LOC", "LOC"]
    assert [{link["type"] for link in said["relations"]} for said in after.values()
            if said["relations"]] == [{"APPOINTED", "POST_OF"}]
    by = {one["id"]: one["completed_by"] for row in annotated.rows() for one in row["annotations"]}
    assert by == dict(zip(annotated.annotations, [person.id for person in annotated.people]))
    assert [one[:3] for one in annotated.drafts()] == [one[:3] for one in drafts]
    assert {label for one in annotated.drafts() for label in one[3]} == {
        "ORGAN", "MONEY", "LOC", "PERSON", "POST"}
    schema = project.pack().schema
    for kind in sync.KINDS:
        assert annotated.config(kind) == labeling_config(schema, kind)
    labels = {label for row in annotated.rows() for one in row["predictions"]
              for item in one["result"] if item["type"] == "labels"
              for label in item["value"]["labels"]}
    assert labels and labels <= set(schema.label_names)
    assert '"属于 POST_OF"' in json.dumps(annotated.rows(), ensure_ascii=False)

    # A sync finds nothing to do.
    pushed, pulled = sync.push(project), sync.pull(project, full=True)
    assert (pushed.created, pushed.updated, pulled.accepted, pulled.quarantined) == (0, 0, 0, 0)
    assert not pushed.problems and not pulled.problems

    with project.open() as store:
        schemas.go_back(store, 0, "", "lead")
    assert die_at_every_kind_of_write(project, monkeypatch) > 3
    assert same(annotated.there(), before) and same(annotated.here(), before)
    assert [row["value"]["labels"] for row in annotated.rows()[0]["annotations"][0]["result"]] == [
        ["ORG"], ["MONEY"], ["PERCENT"], ["LOC"]]
    with project.open() as store:
        assert [row["answer"] for row in standing_gold(store)] == gold
        assert not open_conflicts(store, "schema")
        assert stages.settle(store, project.pack(), "lead").settled == 0
    assert project.pack().schema == govdoc.schema()
    for kind in sync.KINDS:
        assert annotated.config(kind) == labeling_config(govdoc.schema(), kind)
