"""The stages that meet Label Studio: connect, push, pull. Each can be repeated without doubling.

Two Label Studio projects belong to one of ours: ``spans`` (regions, with predicted spans and
relations) and ``classes`` (one paragraph a task, with predicted function and topics).
"""
from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

from labels.document import Document
from labels.errors import N_, StudioError
from labels.rules import Pack
from workbench.progress import Progress, Said, silent
from workbench.project import Project
from workbench.stages import cut_regions
from workbench.store import Row, Store
from workbench.store.answers import (
    add_answer, has_answer, living_annotations, mark_deleted,
)
from workbench.store.documents import current_ids, load_document
from workbench.store.people import link_studio_account, user
from workbench.store.settings import get_setting, set_setting
from workbench.store.suggestions import classes_of, current_set, relations_of, spans_of
from workbench.store.syncs import finish_sync, start_sync
from workbench.store.tasks import (
    mark_gone, pushed, record_tasks, region_by_key, region_text, unpushed,
)
from workbench.studio import local, mapping
from workbench.studio.client import Client, server_version
from workbench.studio.mapping import Kind, Quarantine, StudioRelation, StudioSpan
from workbench.studio.people import create_account
from workbench.studio.projects import ensure_project
from workbench.studio.pull import PulledAnnotation, PulledTask, all_task_ids, pull_answers
from workbench.studio.push import TaskPayload, push_tasks

KINDS: tuple[Kind, ...] = ("spans", "classes")
# What people see in Label Studio's list of projects.
TITLES: Mapping[Kind, str] = {"spans": "标注", "classes": "分类"}
# Logins in Label Studio are addresses; nothing is ever sent to them.
MAIL_DOMAIN = "workbench.local"
CONTEXT = 120   # characters shown before and after a region
STUDIO_VENV = "WORKBENCH_STUDIO_VENV"


@dataclass(frozen=True, slots=True)
class Connection:
    """How the project reaches its Label Studio, as kept in the setting ``studio``."""

    url: str
    public_url: str
    token: str
    spans_project: int
    classes_project: int

    def project_id(self, kind: Kind) -> int:
        return self.spans_project if kind == "spans" else self.classes_project


@contextmanager
def _linked(project: Project) -> Iterator[tuple[Store, Connection, Client]]:
    """The open store, the connection, and a client that the server has accepted."""
    with project.open() as store:
        link = connection(store)
        with Client(link.url, link.token) as client:
            server_version(client)
            yield store, link, client


def connection(store: Store) -> Connection:
    """The project's connection. Raises StudioError if it has none yet."""
    known = get_setting(store, "studio")
    if known is None:
        raise StudioError(N_("the project is not connected to a Label Studio"),
                          hint=N_("start one with: workbench studio up"))
    return Connection(**known)


def studio_venv() -> Path:
    """Where the local Label Studio is installed: shared by all projects of a user."""
    named = os.environ.get(STUDIO_VENV)
    if named:
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "annotation-workbench" / f"label-studio-{local.VERSION}"


def start_studio(project: Project, progress: Progress = silent,
                 port: int | None = None) -> local.Server:
    """Install (once), start and connect the project's own Label Studio."""
    told = by_fraction(progress)
    executable = local.install(studio_venv(), told)
    server = local.start(local.StudioHome(project.studio_folder), executable, port=port,
                         progress=told)
    connect(project, server.url, server.token)
    return server


def by_fraction(progress: Progress) -> local.Progress:
    """`progress` for the studio package, which counts in fractions."""
    def told(fraction: float | None, message: str) -> None:
        progress(round(100 * (fraction or 0)), None if fraction is None else 100, message)
    return told


def connect(project: Project, url: str, token: str) -> Connection:
    """Make sure that both projects exist with the schema's configuration, and remember them."""
    schema = project.pack().schema
    with project.open() as store, Client(url, token) as client:
        known = get_setting(store, "studio") or {}
        title = get_setting(store, "title")
        # Another server has other ids: what is known counts only for the one it came from.
        same = known.get("url") == url
        ids = {kind: ensure_project(
            client, schema, kind, f"{title} · {TITLES[kind]}",
            marker=f"{get_setting(store, 'uuid')}:{kind}",
            known_id=known.get(f"{kind}_project") if same else None)
            for kind in KINDS}
        # A public address set by the lead stays while the server's own address stays.
        public = known.get("public_url") if same else None
        made = Connection(url, public or url, token, ids["spans"], ids["classes"])
        if known != asdict(made):
            set_setting(store, "studio", asdict(made))
    return made


def give_account(project: Project, user_id: int, password: str) -> str:
    """Give a person an account in Label Studio; returns its e-mail address, which is the login.

    An account that exists there under that address is linked and keeps its password. Raises
    StudioError where Label Studio is not connected, down, or refuses.
    """
    with _linked(project) as (store, _, client):
        person = user(store, user_id)
        if person is None:
            raise StudioError(N_("there is no user %(id)s"), id=user_id)
        account = create_account(client, account_address(person), password)
        link_studio_account(store, user_id, account.email, account.id)
    return account.email


def account_address(person: Row) -> str:
    """The login of a person in Label Studio; the id keeps apart whose names are alike there."""
    # Names may be Chinese; an address may not.
    plain = re.fullmatch(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*", person["name"])
    return f"{person['name'] if plain else 'user'}-{person['id']}@{MAIL_DOMAIN}".lower()


# --- push ----------------------------------------------------------------------------------------

@dataclass
class PushReport:
    """Tasks created now, found there already, and predictions that had to be repaired."""

    created: int = 0
    found: int = 0
    repaired: int = 0
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def push(project: Project, progress: Progress = silent, *, dry_run: bool = False) -> PushReport:
    """Send every region of the current documents that Label Studio lacks; repair predictions."""
    pack = project.pack()
    report = PushReport(dry_run=dry_run)
    with _linked(project) as (store, link, client):
        for document_id in current_ids(store):
            cut_regions(store, document_id)
        sync_id = None if dry_run else start_sync(store, "push")
        for kind in KINDS:
            project_id = link.project_id(kind)
            waiting, there = unpushed(store, kind, project_id), pushed(store, kind, project_id)
            if dry_run:
                report.created += len(waiting)
                report.found += len(there)
                continue
            rows = [*there, *waiting]
            payloads, sets = _payloads(store, pack, kind, rows)
            outcome = push_tasks(client, project_id, payloads, by_fraction(progress))
            by_key = {row["key"]: row["id"] for row in rows}
            record_tasks(store, project_id,
                         {by_key[key]: task for key, task in outcome.task_ids.items()}, sets)
            report.created += outcome.created
            report.found += len(outcome.task_ids) - outcome.created
            report.repaired += outcome.repaired
        if sync_id is not None:
            finish_sync(store, sync_id, report.as_json())
    return report


def _payloads(store: Store, pack: Pack, kind: Kind, rows: Sequence[Row],
              ) -> tuple[list[TaskPayload], dict[int, int | None]]:
    """Tasks with predictions for regions, and the suggestion set each prediction is from."""
    by_document: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_document[row["document_id"]].append(row)
    payloads: list[TaskPayload] = []
    sets: dict[int, int | None] = {}
    url = get_setting(store, "workbench_url", "")
    for document_id, regions in by_document.items():
        document = load_document(store, document_id)
        current = current_set(store, document_id)
        suggested = _Suggested.of(store, current["id"] if current else None)
        for region in regions:
            sets[region["id"]] = current["id"] if current else None
            start, end = region["start"], region["end"]
            text = mapping.shown(document.text[start:end])
            if kind == "spans":
                made = suggested.spans_prediction(text, start, end, pack)
            else:
                made = suggested.classes_prediction(text, start, end, pack)
            payloads.append(TaskPayload(
                region["key"], _task_data(document, region, text, url, document_id), made))
    return payloads, sets


def _task_data(document: Document, region: Row, text: str, url: str,
               document_id: int) -> dict[str, str]:
    start, end = region["start"], region["end"]
    return mapping.task_data(
        region["key"], text, heading_path=json.loads(region["heading_path"]),
        before=mapping.shown(document.text[max(0, start - CONTEXT):start]).strip(),
        after=mapping.shown(document.text[end:end + CONTEXT]).strip(),
        document_title=document.title or document.source,
        document_url=f"{url}/documents/{document_id}" if url else "")


@dataclass
class _Suggested:
    """What is suggested for one document, ready to be cut by region."""

    spans: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    classes: dict[int, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, set_id: int | None) -> "_Suggested":
        if set_id is None:
            return cls()
        classes: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in classes_of(store, set_id):
            classes[row["start"]][row["class_set"]].append(row["choice"])
        return cls(spans_of(store, set_id), relations_of(store, set_id), classes)

    def spans_prediction(self, text: str, start: int, end: int,
                         pack: Pack) -> Mapping[str, Any] | None:
        inside = [span for span in self.spans if start <= span["start"] and span["end"] <= end]
        place = {span["position"]: index for index, span in enumerate(inside)}
        spans = [StudioSpan(span["start"] - start, span["end"] - start, span["label"],
                            text[span["start"] - start:span["end"] - start], span["score"])
                 for span in inside]
        relations = [StudioRelation(place[link["source"]], place[link["target"]], link["type"],
                                    link["direction"])
                     for link in self.relations
                     if link["source"] in place and link["target"] in place]
        return mapping.prediction(text, spans, relations, schema=pack.schema)

    def classes_prediction(self, text: str, start: int, end: int,
                           pack: Pack) -> Mapping[str, Any] | None:
        chosen = self.classes.get(start, {})
        return mapping.prediction(text, classes=tuple(chosen.items()), schema=pack.schema)


# --- pull ----------------------------------------------------------------------------------------

@dataclass
class PullReport:
    """Answers stored now, by state; `foreign` tasks are not ours, `gone` were deleted there."""

    accepted: int = 0
    skipped: int = 0
    quarantined: int = 0
    unchanged: int = 0
    deleted: int = 0
    foreign: int = 0
    gone: int = 0
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def pull(project: Project, progress: Progress = silent, *, dry_run: bool = False) -> PullReport:
    """Store what people submitted since the last pull, and note what they deleted."""
    pack = project.pack()
    report = PullReport(dry_run=dry_run)
    with _linked(project) as (store, link, client):
        sync_id = None if dry_run else start_sync(store, "pull")
        for kind in KINDS:
            project_id = link.project_id(kind)
            mark = f"pulled:{link.url}:{project_id}"
            pulled = pull_answers(client, project_id, get_setting(store, mark))
            for position, task in enumerate(pulled.tasks):
                progress(position, len(pulled.tasks))
                _store_task(store, pack, kind, task, report)
            there = all_task_ids(client, project_id)
            missing = [row["studio_task"] for row in pushed(store, kind, project_id)
                       if row["studio_task"] not in there]
            report.gone += len(missing) if dry_run else mark_gone(store, project_id, missing)
            # Only now: a pull that was killed half-way is done again from the old mark.
            if pulled.newest and not dry_run:
                set_setting(store, mark, pulled.newest)
        if sync_id is not None:
            finish_sync(store, sync_id, report.as_json())
    return report


def _store_task(store: Store, pack: Pack, kind: Kind, task: PulledTask,
                report: PullReport) -> None:
    region = region_by_key(store, task.key) if task.key else None
    if region is None:
        report.foreign += 1
        return
    known = {row["studio_annotation"] for row in living_annotations(store, region["id"])}
    if not task.annotations and not known:
        return
    text = region_text(store, region["id"])
    living = [annotation.id for annotation in task.annotations]
    with store.write():
        for annotation in task.annotations:
            _store_annotation(store, pack, kind, annotation, region["id"], text, report)
        report.deleted += (len(known - set(living)) if report.dry_run else
                           mark_deleted(store, region["id"], living))


def _store_annotation(store: Store, pack: Pack, kind: Kind, annotation: PulledAnnotation,
                      region_id: int, text: str, report: PullReport) -> None:
    state, reason, answer = _judge(annotation, text, pack, kind)
    if report.dry_run:
        new = not has_answer(store, annotation.id, annotation.updated_at)
    else:
        new = add_answer(
            store, region_id=region_id, studio_annotation=annotation.id,
            studio_updated_at=annotation.updated_at,
            annotator=annotation.email or f"account {annotation.completed_by}",
            state=state, reason=reason, answer=answer, raw=list(annotation.result),
            lead_time=annotation.lead_time)
    name = state if new else "unchanged"
    setattr(report, name, getattr(report, name) + 1)


def _judge(annotation: PulledAnnotation, text: str, pack: Pack,
           kind: Kind) -> tuple[str, str, dict[str, Any]]:
    """(state, reason, answer) of one annotation against the text of its region."""
    nothing: dict[str, Any] = {"spans": [], "relations": [], "classes": {}}
    if annotation.was_cancelled:
        return "skipped", "", nothing
    try:
        found = mapping.read_annotation(annotation.result, mapping.shown(text), pack.schema, kind)
    except Quarantine as error:
        return "quarantined", str(error), nothing
    return "accepted", "", {
        "spans": [{"start": span.start, "end": span.end, "label": span.label}
                  for span in found.spans],
        "relations": [asdict(link) for link in found.relations],
        "classes": {name: list(chosen) for name, chosen in found.classes}}


def sync(project: Project, progress: Progress = silent) -> Said:
    """Push, then pull."""
    pushed_now, pulled_now = push(project, progress), pull(project, progress)
    return Said(N_("%(created)s tasks created, %(accepted)s answers pulled,"
                   " %(quarantined)s quarantined"),
                {"created": pushed_now.created, "accepted": pulled_now.accepted,
                 "quarantined": pulled_now.quarantined})
