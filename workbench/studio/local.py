"""A Label Studio server of the project's own: installed, started, found again, stopped.

It lives in a virtual environment of its own (its pinned dependencies must not meet ours) and
keeps everything in one folder: database, media, log, secrets, ``state.json``. It listens on
127.0.0.1 only. A server whose starter was killed is found by the next start and used again.
"""
from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterator

from labels.errors import N_, StudioError
from workbench.studio.client import Progress, http_client, one_line, quiet, release_number

VERSION = "1.23.2"
HOST = "127.0.0.1"
START_LIMIT_S = 360.0
STOP_LIMIT_S = 10.0
INSTALL_LIMIT_S = 3600.0
# How long a start takes on a small machine; only for the progress bar.
FIRST_START_S, LATER_START_S = 120.0, 15.0
MARKER = ".workbench-installed"

# What of our own environment the server may see: a stray DEBUG, HOST or POSTGRE_USER would
# change its settings.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "SYSTEMROOT")

# Handles of servers started by this process, so that they are reaped.
_children: dict[int, subprocess.Popen[bytes]] = {}
# Installations that run in this process, so that they can be stopped.
_installing: set[subprocess.Popen[str]] = set()
# Held from before an installation is a process until it is known: who stops it must not miss it.
_begins = threading.Lock()


@dataclass(frozen=True)
class StudioHome:
    """The folder of one project's server (``<project>/studio``)."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state.json"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets.json"

    @property
    def used_by(self) -> Path:
        """Holds the release that used the data last."""
        return self.folder / "version"

    @property
    def database(self) -> Path:
        return self.folder / "label_studio.sqlite3"


@dataclass(frozen=True)
class Server:
    """A running server. `email` and `password` are of its first account, `token` too."""

    url: str
    port: int
    pid: int
    started: str
    email: str
    token: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True)
class Status:
    """`running`: the process is there; `healthy`: it answers, in the version and the mode we need.

    `message` is a msgid; `log` the last that it wrote, in one line, where it is not healthy.
    """

    running: bool
    healthy: bool
    url: str | None
    version: str | None
    pid: int | None
    message: str
    journal: str | None = None
    log: str = ""


def install(venv: Path, progress: Progress = quiet) -> Path:
    """Make `venv` with Label Studio in it unless it is there; returns its executable.

    An install of ours that was interrupted is done again; two at once wait for each other. An
    environment that somebody made is used if it holds the right Label Studio and is never
    cleared. Raises StudioError with pip's own reason.
    """
    executable = venv / "bin" / "label-studio"
    if _is_installed(venv):
        return executable
    begun = _begun(venv)
    try:
        venv.parent.mkdir(parents=True, exist_ok=True)
        lock = _lock(begun)
    except OSError as error:
        raise StudioError(N_("Label Studio cannot be installed: %(why)s"),
                          why=one_line(error)) from error
    with lock:
        if _is_installed(venv):  # by the one we waited for
            return executable
        ours = _was_interrupted(venv) or (venv / MARKER).exists()
        if venv.exists() and any(venv.iterdir()) and not ours:
            raise StudioError(
                N_("%(folder)s holds something else than Label Studio %(version)s"), folder=venv,
                version=VERSION, hint=N_("name another folder for it"))
        begun.write_text(VERSION)
        progress(None, N_("making a virtual environment for Label Studio"))
        _run([sys.executable, "-m", "venv", "--clear", str(venv)])
        progress(None, N_("installing Label Studio (about 1 GB; some minutes)"))
        _run([str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input",
              "--disable-pip-version-check", f"label-studio=={VERSION}"])
        (venv / MARKER).write_text(VERSION)
        begun.unlink()
    progress(1.0, N_("Label Studio is installed"))
    return executable


def _is_installed(venv: Path) -> bool:
    if not (venv / "bin" / "label-studio").exists():
        return False
    marker = venv / MARKER
    if marker.exists():
        return marker.read_text() == VERSION
    if _was_interrupted(venv):
        return False
    # made by somebody else; pip installs a package after all that it needs
    asked = subprocess.run(
        [str(venv / "bin" / "python"), "-c",
         "from importlib.metadata import version; print(version('label-studio'))"],
        capture_output=True, text=True)
    return asked.stdout.strip() == VERSION


def _begun(venv: Path) -> Path:
    """Beside the environment: a lock, and written into only while we may clear the folder."""
    return venv.with_name(f"{venv.name}.installing")


def _was_interrupted(venv: Path) -> bool:
    return _begun(venv).exists() and bool(_begun(venv).read_text())


def _run(command: list[str]) -> None:
    try:
        # A group of its own, so that it can be stopped with all that it started.
        with _begins:
            begun = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE, text=True, start_new_session=True)
            _installing.add(begun)
        with begun as process:
            try:
                output, errors = process.communicate(timeout=INSTALL_LIMIT_S)
            finally:
                _end_group(process)
                _installing.discard(process)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StudioError(N_("Label Studio cannot be installed: %(why)s"),
                          why=one_line(error)) from error
    if process.returncode < 0:
        raise StudioError(N_("the installation of Label Studio was stopped"),
                          hint=N_("run it again; it begins anew"))
    if process.returncode:
        raise StudioError(
            N_("Label Studio cannot be installed: %(why)s"),
            why=_useful_line(errors + output),
            hint=N_("check the network and the package index, then run it again; or connect to a "
                    "Label Studio that runs elsewhere"))


def stop_install() -> bool:
    """Stop an installation that this process has begun; False if there is none."""
    with _begins:
        running = list(_installing)
    for process in running:
        _end_group(process)
    return bool(running)


def _end_group(process: subprocess.Popen[str]) -> None:
    """Kill a process that still runs, and its group. What it left is cleared by the next run."""
    if process.poll() is None:
        with suppress(ProcessLookupError):  # it ended just now
            os.killpg(process.pid, signal.SIGKILL)


def _useful_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return one_line((errors or lines or ["no output"])[-1])


def start(home: StudioHome, executable: Path, *, port: int | None = None,
          progress: Progress = quiet) -> Server:
    """Start the server of `home`, or return the one that runs already.

    Without `port` the one of the last start is taken again if it is free, so that links stay good.
    Raises StudioError if the port is taken, the server dies, or it does not answer in 6 minutes.
    """
    home.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _lock(home.folder / "lock"):
        running = _running(home)
        if running is not None and (port is None or port == running.port):
            return _wait(home, running, progress)
        if running is not None:
            raise StudioError(
                N_("Label Studio of this project runs already, on port %(port)s"),
                port=running.port, hint=N_("stop it first: `workbench studio down`"))
        _refuse_newer_data(home)
        chosen = _choose_port(home, port)
        secret = _secrets(home)
        process = _spawn(home, executable, chosen, secret)
        server = Server(
            url=f"http://{HOST}:{chosen}", port=chosen, pid=process.pid, email=secret["email"],
            started=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            token=secret["token"], password=secret["password"])
        _write_private(home.state, {"pid": server.pid, "port": server.port, "url": server.url,
                                    "started": server.started})
        _wait(home, server, progress)
        _write_private_text(home.used_by, _version(server.url) or VERSION)
        return server


def _lock(path: Path) -> Any:
    """Two at once (a terminal and the browser) wait for each other."""
    import fcntl
    handle = open(path, "a")
    fcntl.flock(handle, fcntl.LOCK_EX)
    return closing(handle)


def _choose_port(home: StudioHome, port: int | None) -> int:
    if port is not None:
        if not _is_free(port):
            raise StudioError(N_("port %(port)s is taken by another program"), port=port,
                              hint=N_("name another port, or none to take a free one"))
        return port
    last = _read_state(home).get("port")
    if isinstance(last, int) and _is_free(last):
        return last
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        # A port that a stopped server used a moment ago counts as free, as it does for Django.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
        return True


def _secrets(home: StudioHome) -> dict[str, str]:
    """Account, password and token: made once, because the server takes them only at its first."""
    try:
        stored: dict[str, str] = json.loads(home.secrets.read_text())
        return stored
    except FileNotFoundError:
        if home.database.exists():
            raise StudioError(
                N_("%(folder)s has a database but its secrets.json is gone"), folder=home.folder,
                hint=N_("restore it from a backup, or connect with a token of your own")) from None
    made = {"email": "workbench@localhost.local", "password": secrets.token_urlsafe(18),
            "token": secrets.token_hex(20)}
    _write_private(home.secrets, made)
    return made


def _environment(home: StudioHome, secret: dict[str, str]) -> dict[str, str]:
    settings = {
        "BASE_DATA_DIR": str(home.folder.resolve()),
        "USERNAME": secret["email"], "PASSWORD": secret["password"],
        "USER_TOKEN": secret["token"], "ENABLE_LEGACY_API_TOKEN": "1",
        # It switches SQLite to WAL, whatever its name says.
        "AZURE_MOUNT_FIX": "1",
        # Without it an import whose predictions fail is stored without them and answered 201;
        # with it the whole import is refused.
        "fflag_feat_utc_210_prediction_validation_15082025": "1",
        "DISABLE_SIGNUP_WITHOUT_LINK": "1",
        # Our own ML backend and webhooks live on this machine.
        "ML_BLOCK_LOCAL_IP": "0", "SSRF_PROTECTION_ENABLED": "0",
        "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": "", "COLLECT_ANALYTICS": "0",
        "LATEST_VERSION_CHECK": "0",
    }
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**inherited, "PYTHONUNBUFFERED": "1",
            **{f"LABEL_STUDIO_{name}": value for name, value in settings.items()}}


def _spawn(home: StudioHome, executable: Path, port: int,
           secret: dict[str, str]) -> subprocess.Popen[bytes]:
    _write_private(home.log, None)
    command = [str(executable), "start", "--port", str(port), "--internal-host", HOST,
               "--no-browser"]
    try:
        with open(home.log, "ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home.folder,
                env=_environment(home, secret), start_new_session=True, umask=0o077)
    except OSError as error:
        raise StudioError(N_("%(file)s cannot be run: %(why)s"), file=executable,
                          why=error.strerror, hint=N_("install it: `workbench studio up`")
                          ) from error
    _children[process.pid] = process
    return process


def _wait(home: StudioHome, server: Server, progress: Progress) -> Server:
    expected = LATER_START_S if home.database.exists() else FIRST_START_S
    message = N_("starting Label Studio; the first start takes some minutes")
    begun = time.monotonic()
    while not _answers(server.url):
        elapsed = time.monotonic() - begun
        if not _is_ours(server.pid, server.port):
            _forget(home, server.pid)
            raise StudioError(N_("Label Studio stopped while it started: %(why)s"),
                              why=_log_end(home), hint=N_("see %(log)s"), log=home.log)
        if elapsed > START_LIMIT_S:
            raise StudioError(
                N_("Label Studio does not answer after %(seconds)s s: %(why)s"),
                seconds=int(elapsed), why=_log_end(home), hint=N_("see %(log)s"), log=home.log)
        progress(min(0.95, elapsed / expected), message)
        time.sleep(0.5)
    progress(1.0, N_("Label Studio is running"))
    return server


def stop(home: StudioHome) -> bool:
    """Stop the server of `home`; False if none ran. Never touches a process that is not ours."""
    state = _read_state(home)
    pid, port = state.get("pid"), state.get("port")
    if not isinstance(pid, int) or not isinstance(port, int) or not _is_ours(pid, port):
        _forget(home, pid)
        return False
    for number, limit in ((signal.SIGTERM, STOP_LIMIT_S), (signal.SIGKILL, STOP_LIMIT_S)):
        try:
            os.killpg(pid, number)  # it was started as the leader of a group of its own
        except ProcessLookupError:
            break
        end = time.monotonic() + limit
        while _is_ours(pid, port) and time.monotonic() < end:
            time.sleep(0.1)
        if not _is_ours(pid, port):
            break
    else:
        raise StudioError(N_("Label Studio (process %(pid)s) cannot be stopped"), pid=pid)
    _forget(home, pid)
    return True


def status(home: StudioHome) -> Status:
    """How the server of `home` is; asks the server itself, starts nothing."""
    server = _running(home)
    if server is None:
        # One that was stopped by us has left no process number behind.
        died = "pid" in _read_state(home)
        return Status(False, False, None, None, None,
                      N_("Label Studio has stopped by itself") if died else
                      N_("Label Studio is not running"), log=_log_end(home) if died else "")
    version = _version(server.url)
    if version is None:
        return Status(True, False, server.url, None, server.pid,
                      N_("Label Studio is starting or does not answer"), log=_log_end(home))
    journal, message = journal_mode(home), N_("Label Studio is running")
    if version != VERSION:
        message = N_("Label Studio is running, in another version than the workbench was made for")
    elif journal != "wal":
        message = N_("Label Studio is running, but its database can lose suggestions: it is not in"
                     " WAL mode")
    return Status(True, version == VERSION and journal == "wal", server.url, version, server.pid,
                  message, journal)


def data_version(home: StudioHome) -> str | None:
    """The release that used the data last; None if there are no data, or nobody wrote it down."""
    try:
        return home.used_by.read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def data_files(home: StudioHome) -> Iterator[Path]:
    """What a server needs beside its database to begin where it ended."""
    for path in (home.secrets, home.used_by, home.folder / ".env"):
        if path.is_file():
            yield path
    for path in sorted((home.folder / "media").rglob("*")):
        if path.is_file() and "export" not in path.relative_to(home.folder).parts:
            yield path


def _refuse_newer_data(home: StudioHome) -> None:
    """Label Studio changes its tables forward only, and says nothing when they are too new."""
    used = data_version(home)
    if used is not None and release_number(used) > release_number(VERSION):
        raise StudioError(
            N_("the data in %(folder)s were last used by Label Studio %(used)s, newer than"
               " %(version)s"), folder=home.folder, used=used, version=VERSION,
            hint=N_("use the newer workbench, or put back a backup from before:"
                    " workbench restore"))


def find(home: StudioHome) -> Server | None:
    """The server that runs, with its token; None if none does."""
    return _running(home)


def address(home: StudioHome) -> str | None:
    """Where the server of `home` runs, or ran last; None if it never did."""
    port = _read_state(home).get("port")
    return f"http://{HOST}:{port}" if isinstance(port, int) else None


def journal_mode(home: StudioHome) -> str:
    """SQLite's journal mode of the server's database; ``wal`` once it has answered a request."""
    with closing(sqlite3.connect(f"file:{home.database}?mode=ro", uri=True)) as database:
        return str(database.execute("PRAGMA journal_mode").fetchone()[0])


def _running(home: StudioHome) -> Server | None:
    state = _read_state(home)
    pid, port = state.get("pid"), state.get("port")
    if not isinstance(pid, int) or not isinstance(port, int) or not _is_ours(pid, port):
        return None
    secret = _secrets(home)
    return Server(url=str(state["url"]), port=port, pid=pid, started=str(state["started"]),
                  email=secret["email"], token=secret["token"], password=secret["password"])


def _is_ours(pid: int, port: int) -> bool:
    """Is `pid` alive, a label-studio, and the one on our port? Process ids are used again."""
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        return False
    words = _command_line(pid)
    return any(Path(word).name == "label-studio" for word in words) and str(port) in words


def _command_line(pid: int) -> list[str]:
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        return [word.decode(errors="replace") for word in raw.split(b"\0") if word]
    except OSError:
        if Path("/proc/self").exists():
            return []
    try:  # macOS has no /proc
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True,
                               text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return shown.stdout.split()


def _answers(url: str) -> bool:
    import httpx
    try:
        with http_client(url, 5.0) as session:
            return session.get(f"{url}/health").json() == {"status": "UP"}
    except (httpx.HTTPError, ValueError):
        return False


def _version(url: str) -> str | None:
    import httpx
    try:
        with http_client(url, 5.0) as session:
            return str(session.get(f"{url}/api/version").json()["release"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None


def _log_end(home: StudioHome) -> str:
    try:
        lines = home.log.read_text(errors="replace").splitlines()
    except OSError:
        return "no log"
    return one_line(" | ".join(line.strip() for line in lines[-3:] if line.strip()) or "no output")


def _forget(home: StudioHome, pid: Any) -> None:
    """Reap the process and drop it from the state; the port stays, for the next start."""
    child = _children.pop(pid, None) if isinstance(pid, int) else None
    if child is not None:
        child.wait(timeout=STOP_LIMIT_S)
    state = _read_state(home)
    if "pid" in state:
        _write_private(home.state, {"port": state.get("port")})


def _read_state(home: StudioHome) -> dict[str, Any]:
    try:
        state = json.loads(home.state.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise StudioError(N_("%(file)s cannot be read: %(why)s"), file=home.state,
                          why=one_line(error), hint=N_("delete it if no Label Studio runs")
                          ) from error
    return state if isinstance(state, dict) else {}


def _write_private(path: Path, content: dict[str, Any] | None) -> None:
    """Write JSON (or make an empty file) that only the owner can read, whole or not at all."""
    _write_private_text(path, "" if content is None else json.dumps(content, indent=2))


def _write_private_text(path: Path, content: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(content)
    os.replace(temporary, path)
