"""`make run`: everything started in order, everything stopped again.

The pages are served first; documents, suggestions and Label Studio follow, and say on the pages
how far they are. Ctrl-C (or SIGTERM) stops all that was started here.
"""
from __future__ import annotations

import fcntl
import json
import os
import shlex
import signal
import socket
import sys
import threading
import time
import weakref
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Iterator, Sequence

from waitress.server import create_server

from labels.errors import InputError, N_, StudioError
from workbench import backup, demo, deriving, jobs, live, stages, sync
from workbench.files import write_atomically
from workbench.progress import Progress, Said
from workbench.project import NewProject, Project, create_project, find_project, make_private
from workbench.store import Store
from workbench.store.people import add_user, new_password, user_by_name
from workbench.store.settings import activity, set_setting
from workbench.studio import local
from workbench.web import create_app

LOGINS = "first-logins.json"
LOCK = "lock"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Not at once: starting has enough to do.
LOOK_FOR_BACKUP_S = 600
ANNOTATOR = "annotator"
DEMO_TITLE = "云泽区（演示）"


def make_server(project: Project, host: str, port: int) -> Any:
    """A waitress server bound to the port. Raises InputError where it is taken."""
    app = create_app(project)
    # Let go with the application: nothing else tells when a server is not needed any more.
    weakref.finalize(app, project.hold().close)
    listener = socket.socket()
    try:
        # A port that a stopped workbench used a moment ago counts as free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise InputError(N_("port %(port)s cannot be used: %(why)s"), port=port,
                         why=getattr(error, "strerror", None) or error,
                         hint=N_("choose another: make run PORT=8001, or --port 8001")) from error
    return create_server(app, sockets=[listener], threads=8, ident="workbench",
                         clear_untrusted_proxy_headers=True)


def run_everything(folder: Path, documents: Sequence[Path], port: int) -> None:
    """Serve the project in `folder`, made if needed, until the process is told to stop."""
    for path in documents:
        if not path.exists():
            raise InputError(N_("there is no file or folder %(path)s"), path=path)
    url = f"http://127.0.0.1:{port}"
    with _only_one(folder, url):
        project, logins = _project(folder, "" if documents else DEMO_TITLE)
        server = make_server(project, "127.0.0.1", port)
        with project.open() as store:
            set_setting(store, "workbench_url", url)
        _say(f"Workbench     {url}   (open it now; the rest is shown there)")
        _show_logins(project, logins)
        try:
            _stop_on_signals()
            threading.Thread(target=server.run, name="web", daemon=True).start()
            threading.Thread(target=_back_up_daily, args=(project,), daemon=True).start()
            _start_the_rest(project, documents)
            signal.pause()
        except KeyboardInterrupt:
            _say("Stopping …")
        finally:
            _ignore_signals()
            server.close()
            if _stop_studio(project):
                _say("Label Studio has stopped.")
    _say("The workbench has stopped. Nothing is lost: `make run` goes on from here.")


@contextmanager
def _only_one(folder: Path, url: str) -> Iterator[None]:
    """Hold the project's lock, in which our address stands: a second one would share the Label
    Studio of the first and stop it. Raises InputError with the address of the one that runs."""
    try:
        make_private(folder)
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise InputError(N_("cannot make a project in %(folder)s: %(why)s"), folder=folder,
                         why=error.strerror) from error
    with os.fdopen(descriptor, "r+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(N_("the project in %(folder)s runs already: %(url)s"), folder=folder,
                             url=handle.read().strip(),
                             hint=N_("open it there, or stop it with Ctrl-C where it runs")
                             ) from error
        handle.truncate()
        handle.write(url)
        handle.flush()
        yield


def _start_the_rest(project: Project, documents: Sequence[Path]) -> None:
    """Documents, suggestions, Label Studio; says at the end whether all of it was done."""
    jobs.run(project, "ingest", lambda progress: _ingest(project, documents, progress))
    done = [_report(project, "ingest")]
    jobs.start(project, "studio", lambda progress: _studio(project, progress))
    while not jobs.wait(project, "studio", timeout=0.5):
        continue
    done.append(_report(project, "studio"))
    _say("Everything runs. Ctrl-C stops it." if all(done) else
         "Not everything runs: mend what is named above, stop this with Ctrl-C, and start again."
         " The pages are served till then.")


def _back_up_daily(project: Project) -> None:
    """A copy of the data each day, as long as we run."""
    while True:
        time.sleep(LOOK_FOR_BACKUP_S)
        if backup.due(project):
            jobs.start(project, "backup",
                       lambda progress: backup.back_up_now(project, "", progress))


def _stop_studio(project: Project) -> bool:
    """Stop Label Studio, installed, starting or running; whether one ran."""
    home, stopped = local.StudioHome(project.studio_folder), False
    # The job goes on beside us: it may have started the server just after we looked.
    for _ in range(3):
        local.stop_install()
        stopped = local.stop(home) or stopped
        if jobs.wait(project, "studio", timeout=5) and local.find(home) is None:
            break
    return stopped


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _stop_on_signals() -> None:
    def stop(signum: int, frame: FrameType | None) -> None:
        _ignore_signals()
        raise KeyboardInterrupt
    for number in STOPPING:
        signal.signal(number, stop)


def _ignore_signals() -> None:
    """Once stopping has begun, a second Ctrl-C must not leave Label Studio running."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def _project(folder: Path, title: str) -> tuple[Project, dict[str, dict[str, str]]]:
    """The project in `folder`, made if there is none, and the first logins known of it."""
    try:
        project = find_project(folder)
    except InputError:
        project = create_project(folder, title, _first_people).project
        _say(f"Made a project in {project.folder}")
    return project, _logins(project)


def _first_people(store: Store, made: NewProject) -> None:
    """Let the annotator in and keep both passwords: nobody could tell them later."""
    annotator = new_password()
    add_user(store, ANNOTATOR, "annotator", annotator)
    _save_logins(made.project, {"workbench": {made.lead: made.password, ANNOTATOR: annotator}})


def _logins(project: Project) -> dict[str, dict[str, str]]:
    path = project.folder / LOGINS
    try:
        logins: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise InputError(N_("%(file)s cannot be read: %(why)s"), file=path, why=error,
                         hint=N_("delete it; it only keeps the first passwords")) from error
    return logins


def _save_logins(project: Project, logins: dict[str, dict[str, str]]) -> None:
    with write_atomically(project.folder / LOGINS, mode=0o600) as handle:
        json.dump(logins, handle, ensure_ascii=False, indent=1)


def _show_logins(project: Project, logins: dict[str, dict[str, str]]) -> None:
    for system, people in logins.items():
        for name, password in people.items():
            _say(f"First login   {system}: {name} / {password}")
    if logins:
        _say(f"              (kept in {LOGINS}; delete it when they are changed)")
    if "workbench" not in logins:
        _say("A password is lost? A new one for the lead: workbench --project"
             f" {shlex.quote(str(project.folder))} user reset lead")


def _report(project: Project, name: str) -> bool:
    """Say on the terminal what the activity said last; whether it was done."""
    with project.open() as store:
        row = activity(store, name)
    if row is None:
        return False
    words = row["message"] % row["context"] if row["context"] else row["message"]
    hint = row["context"].get("hint", "")
    _say(words if row["state"] == "done" else
         f"{name} failed: {words}" + (f"; {hint % row['context']}" if hint else ""))
    return bool(row["state"] == "done")


def _ingest(project: Project, documents: Sequence[Path], progress: Progress) -> Said:
    """Read what was named (or, into an empty project, the demo) and suggest."""
    with project.open() as store:
        empty = store.value("SELECT count(*) FROM documents") == 0
        paths = list(documents) or ([demo.DOCUMENTS] if empty else [])
        report = stages.ingest(store, paths, progress)
        for entry in report:
            _say(f"  {entry.outcome:<10}{Path(entry.file).name}  {entry.message}".rstrip())
        done = stages.suggest(store, project.pack(), progress)
        deriving.derive(store, progress)
        total = store.value("SELECT count(*) FROM documents WHERE removed_at IS NULL")
    return Said(N_("%(total)s documents stored; %(spans)s spans suggested in %(documents)s of them"
                   " now"),
                {"total": total, "spans": done.spans, "documents": done.documents})


def _studio(project: Project, progress: Progress) -> Said:
    """Start Label Studio, give the first people accounts there, push the tasks."""
    said: list[str] = []

    def told(done: int, total: int | None, message: str = "") -> None:
        if message and message not in said:
            said.append(message)
            _say(f"  {message}")
        progress(done, total, message)

    server = sync.start_studio(project, told)
    _give_accounts(project, server)
    try:
        live.reconnect(project, told)
    except StudioError as error:
        _say(f"  {error}")  # answers are fetched by the next sync, suggestions are sent by it
    report = sync.push(project, told)
    return Said(N_("Label Studio runs at %(url)s: %(created)s tasks created, %(found)s there"
                   " already"),
                {"url": server.url, "created": report.created, "found": report.found})


def _give_accounts(project: Project, server: local.Server) -> None:
    """The first people get accounts in Label Studio with the same passwords, once."""
    before, logins = _logins(project), _logins(project)
    there = logins.setdefault("Label Studio", {})
    for name, password in logins.get("workbench", {}).items():
        with project.open() as store:
            person = user_by_name(store, name)
        if person is not None and not person["studio_user"]:
            there[sync.give_account(project, person["id"], password)] = password
            _save_logins(project, logins)
    there.setdefault(server.email, server.password)
    if logins != before:
        _save_logins(project, logins)
        for name, password in there.items():
            _say(f"First login   Label Studio: {name} / {password}")
