"""The stages that meet Label Studio: connect, push, pull. Each can be repeated without doubling.

Two Label Studio projects belong to one of ours: ``spans`` (regions, with predicted spans and
relations) and ``classes`` (one paragraph a task, with predicted function and topics).
"""
from __future__ import annotations

import os
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Iterator, Mapping, cast

from labels.errors import N_, StudioError, StudioMismatch
from workbench.backup import before_start
from workbench.clock import now
from workbench.incoming import PullReport
from workbench.progress import Progress, Said, silent
from workbench.project import STUDIO_LOCK, Project
from workbench.pulling import Pulling
from workbench.pushing import PushReport, Pushing
from workbench.review.honest import SETTING, honest_of, is_hidden
from workbench.stages import cut_regions, key_prefix, uncut_regions
from workbench.store import Row, Store
from workbench.store.conflicts import raise_conflict, vanished
from workbench.store.documents import current_ids, document_row
from workbench.store.people import link_studio_account, user, users
from workbench.store.settings import get_setting, set_setting
from workbench.store.syncs import finish_sync, start_sync
from workbench.store.tasks import leave_others, region_key
from workbench.studio import local
from workbench.studio.client import Client, server_version
from workbench.studio.mapping import Kind, labeling_config
from workbench.studio.people import accounts, create_account
from workbench.studio.plan import NEW, NEW_BARE
from workbench.studio.projects import StudioProject, check_project, ensure_project

KINDS: tuple[Kind, ...] = ("spans", "classes")
# What people see in Label Studio's list of projects.
TITLES: Mapping[Kind, str] = {"spans": "标注", "classes": "分类"}
# Logins in Label Studio are addresses; nothing is ever sent to them.
MAIL_DOMAIN = "workbench.local"
LOCK = STUDIO_LOCK
# The setting that tells for how many slots projects were begun to be made, and where.
BEGUN = "studio_slots"
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
        # Where fewer shall answer than before, the further projects keep what is in them. What was
        # begun is written down first: one that was made though its answer never came is ours.
        last = max(slots_wanted(store), _slots_begun(store, url))
        set_setting(store, BEGUN, {"url": url, "slots": last})
        for slot in range(1, last + 1):
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


def _slots_begun(store: Store, url: str) -> int:
    """For how many slots there are projects at `url`, or may be: making them was begun."""
    known, begun = get_setting(store, "studio") or {}, get_setting(store, BEGUN) or {}
    slots = [slot for _, slot in Connection(**known).slots] if known.get("url") == url else []
    return max([1, *slots, begun["slots"] if begun.get("url") == url else 1])


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


# --- push and pull -------------------------------------------------------------------------------

def push(project: Project, progress: Progress = silent, *, dry_run: bool = False) -> PushReport:
    """Bring the tasks in Label Studio up to what the current documents and suggestions are.

    What needs a person is told in the report; the rest goes on.
    """
    report = PushReport(dry_run=dry_run)
    if not dry_run:
        _make_siblings(project)
    with project.lock(LOCK, progress), _linked(project) as (store, link, client):
        if not dry_run:
            for document_id in current_ids(store):
                cut_regions(store, document_id)
        with _noted(store, "push", report):
            pack = project.pack()
            for kind, slot, there in _usable(project, store, link, client, report):
                Pushing(store, client, pack, kind, slot, there, report, progress).run()
                if dry_run and slot == 1:
                    _count_uncut(store, kind, report)
    return report


def pull(project: Project, progress: Progress = silent, *, dry_run: bool = False,
         full: bool = False) -> PullReport:
    """Store what people submitted since the last pull, and note what they deleted.

    With `full` everything that is there is compared with what is stored, drafts too.
    """
    report = PullReport(dry_run=dry_run, full=full)
    with project.lock(LOCK, progress), _linked(project) as (store, link, client):
        with _noted(store, "pull", report):
            pack = project.pack()
            for kind, slot, there in _usable(project, store, link, client, report):
                Pulling(store, client, pack, kind, slot, there, report, progress).run()
    return report


def sync(project: Project, progress: Progress = silent, *, full: bool = False) -> Said:
    """Pull, then push: what is sent depends on what people have answered."""
    pulled_now, pushed_now = pull(project, progress, full=full), push(project, progress)
    problems = [*pulled_now.problems, *pushed_now.problems]
    return Said(N_("%(created)s tasks created, %(accepted)s answers pulled,"
                   " %(quarantined)s quarantined, %(problems)s problems"),
                {"created": pushed_now.created, "accepted": pulled_now.accepted,
                 "quarantined": pulled_now.quarantined, "problems": len(set(problems))})


def _make_siblings(project: Project) -> None:
    """Where more people shall answer a region than there are projects, make those that lack."""
    with project.open() as store:
        link = connection(store)
        lacking = max(slots_wanted(store), _slots_begun(store, link.url)) > max(
            slot for _, slot in link.slots)
    if lacking:
        connect(project, link.url, link.token)


# So many items of a plan are kept to be shown; the counts are of all.
SHOWN = 500


def foresee(project: Project, progress: Progress = silent) -> Said:
    """Work out what a sync would do and why, keep it in the setting ``sync_plan``, do nothing."""
    pulled = pull(project, progress, dry_run=True)
    pushed = push(project, progress, dry_run=True)
    items = [*pulled.items, *pushed.items]
    counts = Counter(item["operation"] for item in items)
    with project.open() as store:
        set_setting(store, "sync_plan", {
            "at": now(), "counts": dict(counts), "items": items[:SHOWN],
            "problems": list(dict.fromkeys([*pulled.problems, *pushed.problems]))})
    return Said(N_("a sync would do %(count)s things"), {"count": len(items)})


@contextmanager
def _noted(store: Store, kind: str, report: PushReport | PullReport) -> Iterator[None]:
    """A row in the history, with what the report says at the end, or with the error."""
    if report.dry_run:
        yield
        return
    sync_id = start_sync(store, kind)
    try:
        yield
    except Exception as error:
        finish_sync(store, sync_id, {**report.as_json(), "error": str(error)})
        raise
    finish_sync(store, sync_id, report.as_json())


def _usable(project: Project, store: Store, link: Connection, client: Client,
            report: PushReport | PullReport) -> Iterator[tuple[Kind, int, StudioProject]]:
    """Our projects there that are what they were; what is wrong with another one is told.

    Labels that somebody took out of a project there are put back.
    """
    schema = project.pack().schema
    for kind, slot in link.slots:
        there = link.project(kind, slot)
        try:
            check_project(client, there, labeling_config(schema, kind), mend=not report.dry_run)
        except StudioMismatch as error:
            report.problems.append(str(error))
            if not report.dry_run:
                raise_conflict(store, "project", there.origin, {
                    "kind": kind, "slot": slot, "project": there.id, "why": str(error)})
            continue
        if not report.dry_run:
            vanished(store, "project", there.origin)
        yield kind, slot, there


def _count_uncut(store: Store, kind: Kind, report: PushReport) -> None:
    """What a push would cut first and then create."""
    honest = honest_of(get_setting(store, SETTING))
    for document_id in current_ids(store):
        row = document_row(store, document_id)
        for region in uncut_regions(store, document_id).get(kind, ()):
            assert row is not None
            key = region_key(key_prefix(store, row), kind, region.start, region.end)
            bare = is_hidden(key, kind, honest)
            report.created += 1
            report.bare += bare
            report.items.append({
                "operation": "create", "key": None, "task": None, "why": NEW_BARE if bare else NEW,
                "kind": kind, "slot": 1, "document": row["title"], "start": region.start,
                "end": region.end})
