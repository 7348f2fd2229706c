"""Label Studio calling us: a webhook that hints at new answers, live suggestions. Off by default.

Which of the two are on is ours to say (the setting ``live``); Label Studio is made to agree by
`connect_live`, which may be repeated. Both of its secrets are drawn once and kept.

A hint says only that something may have happened: the pull it starts looks for itself, so a hint
that is forged, doubled or lost does no harm.
"""
from __future__ import annotations

import hmac
import logging
import secrets
import sqlite3
import threading
import time
from dataclasses import asdict, dataclass, replace
from typing import Any, Mapping

from labels.errors import N_, StudioError, WorkbenchError
from workbench import deriving, jobs, sync
from workbench.clock import now
from workbench.progress import Progress, Said, silent
from workbench.project import Project, project_uuid
from workbench.store import Store
from workbench.store.settings import get_setting, set_setting
from workbench.studio import local
from workbench.studio.client import Client, server_version
from workbench.studio.live import (
    There, drop_backend, drop_hook, ensure_backend, ensure_hook, there,
)

_LOG = logging.getLogger(__name__)

SETTING = "live"
# When Label Studio last sent a hint and last asked for suggestions, for people to see.
HEARD, ASKED = "live-heard", "live-asked"
# The projects there that were told, and what: more are made where more people answer.
AGREED = "live-agreed"
# Long enough for Label Studio to end the request that it calls us from, and for a burst to be one.
PAUSE_S = 0.3


@dataclass(frozen=True, slots=True)
class Live:
    """What is switched on, and the secrets that Label Studio shows us."""

    webhook: bool = False
    ml: bool = False
    hook_secret: str = ""
    ml_password: str = ""


def live(store: Store) -> Live:
    return Live(**get_setting(store, SETTING, {}))


def lets_in(shown: str | None, secret: str) -> bool:
    """Is what was shown the secret? Takes as long for a wrong one as for the right one."""
    return bool(secret) and hmac.compare_digest((shown or "").encode(), secret.encode())


# --- connecting ----------------------------------------------------------------------------------

def connect_live(project: Project, *, webhook: bool | None = None, ml: bool | None = None,
                 progress: Progress = silent) -> Live:
    """Switch on or off (None: as it was) and make all our projects in Label Studio agree.

    What Label Studio refuses stays off. Raises StudioError if it cannot be reached, or cannot
    reach the workbench.
    """
    with project.lock(sync.LOCK, progress), project.open() as store:
        link, old = sync.connection(store), live(store)
        asked = replace(old, webhook=old.webhook if webhook is None else webhook,
                        ml=old.ml if ml is None else ml,
                        hook_secret=old.hook_secret or secrets.token_urlsafe(32),
                        ml_password=old.ml_password or secrets.token_urlsafe(32))
        address = _address(store) if asked.webhook or asked.ml else ""
        # Before Label Studio is told: it calls at once to see whether it is let in.
        set_setting(store, SETTING, asdict(asked))
        mark = project_uuid(store)
        try:
            with Client(link.url, link.token) as client:
                server_version(client)
                for kind, slot in link.slots:
                    _agree(client, link.project(kind, slot).id, asked, address, mark)
            set_setting(store, AGREED, _agreement(link, asked, address))
        except WorkbenchError:
            set_setting(store, SETTING, asdict(replace(
                asked, webhook=asked.webhook and old.webhook, ml=asked.ml and old.ml)))
            raise
    return asked


def _agreement(link: sync.Connection, switched: Live, address: str) -> dict[str, Any]:
    return {"url": link.url, "address": address, "origins": sorted(link.origins),
            "webhook": switched.webhook, "ml": switched.ml}


def _agree(client: Client, project_id: int, asked: Live, address: str, mark: str) -> None:
    if asked.webhook:
        ensure_hook(client, project_id, address, mark, asked.hook_secret)
    else:
        drop_hook(client, project_id, mark)
    if asked.ml:
        ensure_backend(client, project_id, address, mark, asked.ml_password)
    else:
        drop_backend(client, project_id, mark)


def _address(store: Store) -> str:
    address = str(get_setting(store, "workbench_url", "")).rstrip("/")
    if not address:
        raise StudioError(N_("nobody said at which address Label Studio reaches the workbench"),
                          hint=N_("workbench studio connect --workbench-url http://HOST:PORT"))
    return address


def set_addresses(project: Project, *, workbench_url: str | None = None,
                  public_url: str | None = None) -> None:
    """Where Label Studio reaches the workbench, and where people reach Label Studio."""
    with project.open() as store, store.write():
        if workbench_url is not None:
            set_setting(store, "workbench_url", workbench_url.rstrip("/"))
        if public_url is not None:
            known = asdict(sync.connection(store))
            set_setting(store, "studio", {**known, "public_url": public_url.rstrip("/")})


def reconnect(project: Project, progress: Progress = silent, *, webhook: bool | None = None,
              ml: bool | None = None) -> None:
    """Agree again, as after Label Studio or the workbench came back at another address; nothing
    is asked of a Label Studio that never had to call us."""
    with project.open() as store:
        never = get_setting(store, SETTING) is None
    if not never or webhook or ml:
        connect_live(project, webhook=webhook, ml=ml, progress=progress)


def connect_server(project: Project, url: str | None, token: str | None) -> sync.Connection:
    """Connect the project to the server at `url`, or again to the one it knows.

    Raises StudioError if there is none, or it is too old, or refuses the token.
    """
    with project.open() as store:
        known = get_setting(store, "studio")
    own = local.find(local.StudioHome(project.studio_folder))
    if url is None and known is not None:
        url, token = known["url"], token or known["token"]
    elif url is None and own is not None:
        url, token = own.url, token or own.token
    if url is None:
        raise StudioError(N_("the project is not connected to a Label Studio"),
                          hint=N_("name one with --url and --token, or start one with: workbench"
                                  " studio up"))
    with Client(url, token or "") as client:
        server_version(client)
        url = client.url
    return sync.connect(project, url, token or "")


def described(project: Project) -> dict[str, Any]:
    """The connection for people and scripts: without secrets, asked of Label Studio now.

    `error` is why it could not be asked. `disagrees` names our projects there that do not call
    what is switched on here, or call what is off.
    """
    with project.open() as store:
        known, switched = get_setting(store, "studio"), live(store)
        told = {"workbench_url": get_setting(store, "workbench_url", ""),
                "webhook": switched.webhook, "ml": switched.ml,
                "last_event": get_setting(store, HEARD),
                "last_prediction": get_setting(store, ASKED)}
    own = local.address(local.StudioHome(project.studio_folder))
    told.update(url=known and known["url"], public_url=known and known["public_url"],
                elsewhere=bool(known) and known["url"] != own,
                version=None, error="", projects={}, disagrees=[])
    if known is None:
        return told
    try:
        told["version"], projects = live_state(project)
    except StudioError as error:
        told["error"] = str(error)
        return told
    told["projects"] = {name: asdict(one) for name, one in projects.items()}
    told["disagrees"] = sorted(
        name for name, one in projects.items()
        if bool(one.hook) != switched.webhook or bool(one.backend) != switched.ml
        or (switched.ml and one.backend_state != "Connected"))
    return told


def live_state(project: Project) -> tuple[str, Mapping[str, There]]:
    """The release of Label Studio, and what each of our projects in it calls by ``kind:slot``."""
    with project.open() as store:
        link, mark = sync.connection(store), project_uuid(store)
    with Client(link.url, link.token) as client:
        release = server_version(client)
        return release, {f"{kind}:{slot}": there(client, link.project(kind, slot).id, mark)
                         for kind, slot in link.slots}


# --- what Label Studio says ----------------------------------------------------------------------

class Listener:
    """Takes what Label Studio says and works on it in a thread: who calls is answered at once.

    Not even a note is written while Label Studio waits; another writer may hold the database.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._notes: dict[str, dict[str, Any]] = {}

    def heard(self, action: str) -> None:
        """Something may have happened there; `action` is what Label Studio calls it."""
        self._note(HEARD, {"at": now(), "action": action})

    def asked(self, tasks: int, project_id: int) -> None:
        """Suggestions for so many tasks of a project there were made."""
        self._note(ASKED, {"at": now(), "tasks": tasks, "project": project_id})

    def _note(self, key: str, said: dict[str, Any]) -> None:
        with self._lock:
            self._notes[key] = said
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="listener", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            time.sleep(PAUSE_S)
            with self._lock:
                notes, self._notes = self._notes, {}
                if not notes:
                    self._thread = None
                    return
            try:
                self._take(notes)
            except (WorkbenchError, sqlite3.Error, OSError) as error:
                # The next hint, or the next sync without one, finds the same.
                _LOG.error("a hint of Label Studio was lost: %s", error)

    def _take(self, notes: Mapping[str, Any]) -> None:
        with self._project.open() as store, store.write():
            for key, said in notes.items():
                set_setting(store, key, said)
        if HEARD in notes:
            start_pull(self._project)

    def wait(self) -> None:
        """Until all that was said by now is worked on; the pull may go on."""
        thread = self._thread
        if thread is not None:
            thread.join()


def start_pull(project: Project) -> bool:
    """Pull in the background; one that runs is followed by one more."""
    return jobs.start(project, "pull", lambda progress: _pull(project, progress), again=True)


def _pull(project: Project, progress: Progress) -> Said:
    done = sync.pull(project, progress)
    _follow(project, progress)
    # What people answered counts for records and findings from now on.
    deriving.derive_project(project, progress)
    return Said(N_("%(accepted)s answers fetched, %(quarantined)s quarantined, %(deleted)s deleted"
                   " by people"),
                {"accepted": done.accepted, "quarantined": done.quarantined,
                 "deleted": done.deleted})


def _follow(project: Project, progress: Progress) -> None:
    """Tell projects there that were made since all were told."""
    with project.open() as store:
        switched = live(store)
        wanted = _agreement(sync.connection(store), switched, _address(store))
        agreed = get_setting(store, AGREED)
    if switched.webhook and wanted != agreed:
        try:
            connect_live(project, progress=progress)
        except StudioError as error:
            _LOG.error("new projects in Label Studio do not call the workbench yet: %s", error)
