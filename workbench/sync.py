"""The stages that meet Label Studio: connect, push, pull. Each can be repeated without doubling.

Two Label Studio projects belong to one of ours: ``spans`` (regions, with predicted spans and
relations) and ``classes`` (one paragraph a task, with predicted function and topics).
"""
from __future__ import annotations

import os
import re
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence, cast

from labels.errors import N_, StudioError
from workbench.backup import before_start
from workbench.incoming import PullReport, take_task
from workbench.outgoing import Outgoing, outgoing
from workbench.progress import Progress, Said, silent
from workbench.project import STUDIO_LOCK, Project
from workbench.stages import cut_regions, uncut_regions
from workbench.store import Row, Store
from workbench.store.documents import current_ids
from workbench.store.people import link_studio_account, user, users
from workbench.store.settings import get_setting, set_setting
from workbench.store.syncs import finish_sync, start_sync
from workbench.store.tasks import (
    leave_others, mark_gone, pushed, record_sent, record_tasks, unpushed,
)
from workbench.studio import local
from workbench.studio.client import Client, server_version
from workbench.studio.mapping import Kind
from workbench.studio.people import accounts, create_account
from workbench.studio.projects import StudioProject, check_origin, ensure_project
from workbench.studio.pull import all_task_ids, pull_answers
from workbench.studio.push import push_tasks, replace_predictions

KINDS: tuple[Kind, ...] = ("spans", "classes")
# What people see in Label Studio's list of projects.
TITLES: Mapping[Kind, str] = {"spans": "标注", "classes": "分类"}
# Logins in Label Studio are addresses; nothing is ever sent to them.
MAIL_DOMAIN = "workbench.local"
LOCK = STUDIO_LOCK
STUDIO_VENV = "WORKBENCH_STUDIO_VENV"


@dataclass(frozen=True, slots=True)
class Connection:
    """How the project reaches its Label Studio, as kept in the setting ``studio``.

    `projects` holds id and origin of each of our projects there by ``kind:slot``; a slot asks its
    regions of other people than its siblings do.
    """

    url: str
    public_url: str
    token: str
    projects: Mapping[str, tuple[int, str]]

    def project(self, kind: Kind, slot: int = 1) -> StudioProject:
        return StudioProject(*self.projects[f"{kind}:{slot}"])

    @property
    def slots(self) -> tuple[tuple[Kind, int], ...]:
        """All (kind, slot), the first slot first."""
        named = (name.split(":") for name in self.projects)
        return tuple(sorted(((cast(Kind, kind), int(slot)) for kind, slot in named),
                            key=lambda one: (one[1], KINDS.index(one[0]))))

    @property
    def origins(self) -> list[str]:
        return [origin for _, origin in self.projects.values()]


@contextmanager
def _linked(project: Project) -> Iterator[tuple[Store, Connection, Client]]:
    """The open store, the connection, and a client that the server has accepted."""
    with project.open() as store:
        link = connection(store)
        with Client(link.url, link.token) as client:
            server_version(client)
            for kind, slot in link.slots:
                check_origin(client, link.project(kind, slot))
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
    before_start(project, progress)
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
    with project.lock(LOCK), project.open() as store, Client(url, token) as client:
        known = get_setting(store, "studio") or {}
        title = get_setting(store, "title")
        # Another server has other ids: what is known counts only for the one it came from.
        same = known.get("url") == url
        old = Connection(**known) if same else None
        uuid, projects = get_setting(store, "uuid"), {}
        for slot in range(1, slots_wanted(store) + 1):
            for kind in KINDS:
                # The first pair is named as it was before there were others.
                mark = f"{uuid}:{kind}" + (f":{slot}" if slot > 1 else "")
                name = f"{title} · {TITLES[kind]}" + (f" {slot}" if slot > 1 else "")
                there = old and old.projects.get(f"{kind}:{slot}")
                made = ensure_project(client, schema, kind, name, marker=mark,
                                      known=StudioProject(*there) if there else None,
                                      guide=project.guide())
                projects[f"{kind}:{slot}"] = (made.id, made.origin)
        # A public address set by the lead stays while the server's own address stays.
        public = known.get("public_url") if same else None
        link = Connection(url, public or url, token, projects)
        with store.write():
            set_setting(store, "studio", asdict(link))
            leave_others(store, link.origins)
        _check_accounts(store, client)
    return link


def slots_wanted(store: Store) -> int:
    """How many sibling projects there are: as many as people answer a region apart."""
    return max(1, int((get_setting(store, "overlap") or {}).get("people", 1)))


def _check_accounts(store: Store, client: Client) -> None:
    """Forget accounts that this Label Studio does not have, so that they are made anew."""
    there = accounts(client)
    for person in users(store):
        if person["studio_email"]:
            found = there.get(person["studio_email"].lower())
            link_studio_account(store, person["id"], found.email if found else None,
                                found.id if found else None)


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
    """Tasks created now, found there already, and predictions that had to be repaired.

    `doubles` were deleted: second tasks of one region that held no answers. `updated` tasks show
    newer suggestions now; `outdated` ones have answers and keep the suggestions people saw.
    """

    created: int = 0
    found: int = 0
    repaired: int = 0
    doubles: int = 0
    updated: int = 0
    outdated: int = 0
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def push(project: Project, progress: Progress = silent, *, dry_run: bool = False) -> PushReport:
    """Send every region of the current documents that Label Studio lacks; repair predictions."""
    pack = project.pack()
    report = PushReport(dry_run=dry_run)
    with project.lock(LOCK, progress), _linked(project) as (store, link, client):
        if dry_run:
            _count(store, link, report)
            return report
        for document_id in current_ids(store):
            cut_regions(store, document_id)
        sync_id = start_sync(store, "push")
        for kind, slot in link.slots:
            there = link.project(kind, slot)
            rows = [*pushed(store, kind, there.origin), *unpushed(store, kind, there.origin)]
            _push_kind(store, client, there, slot, outgoing(store, pack, kind, rows), report,
                       by_fraction(progress))
        finish_sync(store, sync_id, report.as_json())
    return report


def _count(store: Store, link: Connection, report: PushReport) -> None:
    """What a push would find and create; nothing is written, here or there."""
    for kind, slot in link.slots:
        origin = link.project(kind, slot).origin
        report.found += len(pushed(store, kind, origin))
        report.created += len(unpushed(store, kind, origin))
        report.created += sum(len(uncut_regions(store, document_id).get(kind, ()))
                              for document_id in current_ids(store))


def _push_kind(store: Store, client: Client, there: StudioProject, slot: int,
               rows: Sequence[Outgoing], report: PushReport, progress: local.Progress) -> None:
    done = push_tasks(client, there.id, [row.task for row in rows], progress)
    record_tasks(store, there.origin, there.id, slot,
                 {row.region_id: done.task_ids[row.task.key] for row in rows})
    sent = done.created | done.repaired
    newer = {row.task.key: row.task for row in rows if row.changed and row.task.key not in sent}
    # Suggestions are never changed under people's answers.
    updated = newer.keys() - done.answered
    replace_predictions(client, there.id, {
        done.task_ids[key]: task.prediction for key, task in newer.items()
        if key in updated and task.prediction is not None})
    record_sent(store, there.origin, {
        row.region_id: row.set_id for row in rows if row.task.key in sent | updated})
    report.created += len(done.created)
    report.found += len(rows) - len(done.created)
    report.repaired += len(done.repaired - done.created)
    report.doubles += done.doubles
    report.updated += len(updated)
    report.outdated += len(newer) - len(updated)


# --- pull ----------------------------------------------------------------------------------------

def pull(project: Project, progress: Progress = silent, *, dry_run: bool = False) -> PullReport:
    """Store what people submitted since the last pull, and note what they deleted."""
    pack = project.pack()
    report = PullReport(dry_run=dry_run)
    with project.lock(LOCK, progress), _linked(project) as (store, link, client):
        sync_id = None if dry_run else start_sync(store, "pull")
        for kind, slot in link.slots:
            there = link.project(kind, slot)
            mark = f"pulled:{there.origin}"
            pulled = pull_answers(client, there.id, get_setting(store, mark))
            for position, task in enumerate(pulled.tasks):
                progress(position, len(pulled.tasks))
                take_task(store, pack, kind, there.origin, task, report)
            ids = all_task_ids(client, there.id)
            missing = [row["studio_task"] for row in pushed(store, kind, there.origin)
                       if row["studio_task"] not in ids]
            report.gone += len(missing) if dry_run else mark_gone(store, there.origin, missing)
            # Only now: a pull that was killed half-way is done again from the old mark.
            if pulled.newest and not dry_run:
                set_setting(store, mark, pulled.newest)
        if sync_id is not None:
            finish_sync(store, sync_id, report.as_json())
    return report


def sync(project: Project, progress: Progress = silent) -> Said:
    """Push, then pull."""
    pushed_now, pulled_now = push(project, progress), pull(project, progress)
    return Said(N_("%(created)s tasks created, %(accepted)s answers pulled,"
                   " %(quarantined)s quarantined"),
                {"created": pushed_now.created, "accepted": pulled_now.accepted,
                 "quarantined": pulled_now.quarantined})
