"""How long a sync takes, beside the SDK's own calls on the same Label Studio in the same run.

    python -m bench.syncing [--tasks N] [--runs N] [--write docs/bench.md]

1,000 tasks of 1,500 characters with 40 suggested spans each, on a Label Studio that is started for
it (installed in ``$WORKBENCH_STUDIO_VENV``, see `workbench.sync.studio_venv`). Most of the work is
the server's, so times are those of the clock on the wall; ours and the SDK's take turns.
"""
from __future__ import annotations

import argparse
import platform
import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Callable, Iterator, Mapping, Sequence

from labels.document import Block, Document
from labels.rules import Evidence, SpanSuggestion, Suggestions
from workbench import stages, sync
from workbench.outgoing import outgoing
from workbench.project import Project, create_project
from workbench.store.documents import add_document, current_ids
from workbench.store.settings import get_setting, set_setting
from workbench.store.suggestions import save_suggestions
from workbench.store.tasks import asked_regions
from workbench.studio import local
from workbench.studio.client import IMPORT_TIMEOUT_S, Client
from workbench.studio.mapping import Kind
from workbench.studio.projects import delete_tasks
from workbench.studio.push import TaskPayload, text_hash

TASKS, CHARACTERS, SPANS, CHANGES = 1000, 1500, 40, 10
PARAGRAPHS = 20     # of one document
RUNS = 3
KIND: Kind = "spans"
HEADING = "# How fast a sync is"
_SENTENCE = "云泽区财政局二〇三〇年安排资金支持江岚经济开发区建设智慧水务改造工程，同比增长百分之六点五。"


@dataclass(frozen=True)
class Compared:
    """Seconds of our runs and of the SDK's; `bar` is how many times as long ours may take."""

    what: str
    ours: Sequence[float]
    theirs: Sequence[float]
    bar: float

    @property
    def ratio(self) -> float:
        return median(self.ours) / median(self.theirs)


@dataclass(frozen=True)
class Report:
    tasks: int
    push: Compared
    full: Compared
    changes: Sequence[float]
    nothing: Sequence[float]


def make_project(folder: Path, tasks: int) -> Project:
    """A project with as many regions of spans, and suggestions for all of them."""
    project = create_project(folder, "sync").project
    paragraph = (_SENTENCE * (CHARACTERS // len(_SENTENCE) + 1))[:CHARACTERS - 1] + "。"
    step = CHARACTERS // SPANS
    with project.open() as store, store.write():
        for first in range(0, tasks, PARAGRAPHS):
            count = min(PARAGRAPHS, tasks - first)
            text = "\n".join([paragraph] * count)
            starts = [number * (CHARACTERS + 1) for number in range(count)]
            document = Document(f"d{first}", text, blocks=tuple(
                Block("paragraph", start, start + CHARACTERS) for start in starts))
            document.check()
            added = add_document(store, document)
            save_suggestions(store, added.document_id, "bench", Suggestions(tuple(
                SpanSuggestion(start + at, start + at + 6, "ORG", "bench", "1", 0.9,
                               Evidence(text[start + at:start + at + 6]))
                for start in starts for at in range(0, step * SPANS, step)), (), ()))
    return project


def connect(project: Project, server: local.Server) -> int:
    """Make its project of spans there, leave the one of classes out; returns its id."""
    link = sync.connect(project, server.url, server.token)
    with project.open() as store:
        known = get_setting(store, "studio")
        known["projects"] = {f"{KIND}:1": link.projects[f"{KIND}:1"]}
        with store.write():
            set_setting(store, "studio", known)
    return link.project(KIND).id


def payload(project: Project) -> list[TaskPayload]:
    """What a push would send, made beforehand."""
    with project.open() as store:
        for document_id in current_ids(store):
            stages.cut_regions(store, document_id)
        rows = asked_regions(store, KIND, 1, "")
        return [out.task for out in outgoing(store, project.pack(), KIND, rows)]


def as_imported(task: TaskPayload, answered: bool = False) -> dict[str, Any]:
    assert task.prediction is not None
    body: dict[str, Any] = {
        "data": dict(task.data), "meta": {"key": task.key, "text": text_hash(task.data["text"])},
        "predictions": [dict(task.prediction)]}
    if answered:
        body["annotations"] = [{"result": task.prediction["result"], "ground_truth": False}]
    return body


def seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def import_all(client: Client, number: int, bodies: Sequence[Mapping[str, Any]]) -> None:
    client.write(lambda sdk: sdk.projects.import_tasks(
        number, request=list(bodies), return_task_ids=True,
        request_options={"timeout": IMPORT_TIMEOUT_S, "max_retries": 0}))


def measure(server: local.Server, folder: Path, tasks: int, runs: int) -> Report:
    template = make_project(folder / "template", tasks)
    sync.connect(template, server.url, server.token)
    sent = payload(_copy(template, folder / "payload"))
    assert len(sent) == tasks and all(
        len(task.data["text"]) == CHARACTERS and len((task.prediction or {})["result"]) == SPANS
        for task in sent), "the regions are not as foreseen"
    bodies = [as_imported(task) for task in sent]
    with Client(server.url, server.token) as client:
        pushes, imports = [], []
        for run in range(runs):
            project = _copy(template, folder / f"push{run}")
            number = connect(project, server)
            imports.append(seconds(lambda: import_all(client, number, bodies)))
            _empty(client, number)
            pushes.append(seconds(lambda: sync.push(project)))
            _empty(client, number)
        answered = _copy(template, folder / "answered")
        number = connect(answered, server)
        import_all(client, number, [as_imported(task, answered=True) for task in sent])
        first = sync.push(answered)
        assert (first.found, first.created) == (tasks, 0), first
        pulled = sync.pull(answered)
        assert pulled.accepted == tasks, pulled
        fulls, exports = [], []
        for _ in range(runs):
            fulls.append(seconds(lambda: sync.pull(answered, full=True)))
            exports.append(seconds(lambda: client.read(
                lambda sdk: sdk.projects.exports.as_json(number))))
        changes = [_change(client, answered, number, run) for run in range(runs)]
        nothing = [seconds(lambda: sync.pull(answered)) for _ in range(runs)]
    return Report(tasks, Compared("push, beside `import_tasks` of the same payload", pushes,
                                  imports, 1.25),
                  Compared("full comparison, beside `exports.as_json`", fulls, exports, 1.5),
                  changes, nothing)


def _copy(project: Project, folder: Path) -> Project:
    shutil.copytree(project.folder, folder)
    return Project(folder)


def _empty(client: Client, number: int) -> None:
    ids = [row["id"] for row in client.get("/api/tasks/", {
        "project": number, "page": 1, "page_size": 10_000, "include": "id"})["tasks"]]
    delete_tasks(client, number, ids)


def _change(client: Client, project: Project, number: int, run: int) -> float:
    """Change ten answers of ten tasks; how long the pull of them takes."""
    rows = client.get("/api/tasks/", {"project": number, "page": run + 1, "page_size": CHANGES,
                                      "fields": "all", "include": "id,annotations,result"})["tasks"]
    for row in rows:
        (annotation,) = row["annotations"]
        client.patch(f"/api/annotations/{annotation['id']}/",
                     {"result": annotation["result"][:-1 - run]})
    # Past the overlap of two scans, so that ten tasks come and not those of the run before too.
    time.sleep(6)
    with project.open() as store:
        before = store.value("SELECT count(*) FROM answers")
    taken = seconds(lambda: sync.pull(project))
    with project.open() as store:
        assert store.value("SELECT count(*) FROM answers") == before + len(rows)
    return taken


def render(report: Report) -> str:
    return "\n".join([
        HEADING, "",
        f"Made by `make bench` on {date.today()}: Python {platform.python_version()}, Label Studio "
        f"{local.VERSION} with SQLite on the same machine. {report.tasks:,} tasks of "
        f"{CHARACTERS:,} characters with {SPANS} spans; seconds of the clock on the wall, the "
        "median and behind it the fastest and the slowest run, ours and the SDK's in turn.", "",
        "| what | ours | SDK | ratio | shall be at most |", "|---|--:|--:|--:|--:|",
        *(f"| {row.what} | {_told(row.ours)} | {_told(row.theirs)} | {row.ratio:.2f} | "
          f"{row.bar:g} |" for row in (report.push, report.full)),
        f"| pull of {CHANGES} changed answers | {_told(report.changes)} | | | 1 s |",
        f"| pull where nothing has changed | {_told(report.nothing)} | | | |", ""])


def _told(runs: Sequence[float]) -> str:
    return f"{median(runs):.2f} ({min(runs):.2f}–{max(runs):.2f})"


def write(told: str, path: Path) -> None:
    """Put the report at the end of `path`, in place of the one of an earlier run."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    head = before.partition(HEADING)[0].rstrip()
    path.write_text(f"{head}\n\n{told}" if head else told, encoding="utf-8")


@contextmanager
def running(folder: Path) -> Iterator[local.Server]:
    home = local.StudioHome(folder / "studio")
    try:
        yield local.start(home, local.install(sync.studio_venv()))
    finally:
        local.stop(home)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.syncing")
    parser.add_argument("--tasks", type=int, default=TASKS)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--write", type=Path, help="put the report at the end of this file too")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as server:
        told = render(measure(server, Path(name), chosen.tasks, chosen.runs))
    print(told)
    if chosen.write:
        write(told, chosen.write)


if __name__ == "__main__":
    main()
