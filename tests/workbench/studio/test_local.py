"""Faults of the local server: what a real start never shows."""
from __future__ import annotations

import json
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from labels.errors import StudioError
from workbench.studio import local
from workbench.studio.local import StudioHome


@pytest.fixture
def home(tmp_path: Path) -> StudioHome:
    return StudioHome(tmp_path / "studio")


def program(path: Path, *lines: str) -> Path:
    path.write_text("\n".join((f"#!{sys.executable}", *lines)), encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_nothing_runs_in_a_new_folder(home: StudioHome) -> None:
    assert local.status(home) == local.Status(False, False, None, None, None,
                                              "Label Studio is not running")
    assert local.find(home) is None
    assert local.stop(home) is False


def test_a_taken_port_is_named(home: StudioHome) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StudioError, match=f"port {port} is taken.*name another port"):
            local.start(home, Path("/nonexistent"), port=port)


def test_a_program_that_is_not_there_is_told(home: StudioHome) -> None:
    with pytest.raises(StudioError, match="cannot be run: No such file"):
        local.start(home, Path("/nonexistent/label-studio"))


def test_a_server_that_dies_shows_the_end_of_its_log(home: StudioHome, tmp_path: Path) -> None:
    dying = program(tmp_path / "label-studio", "print('noise')",
                    "raise SystemExit('the database is from a newer version')")
    with pytest.raises(StudioError, match="stopped while it started: .*newer version") as caught:
        local.start(home, dying)
    assert "\n" not in str(caught.value) and str(home.log) in str(caught.value)
    assert not local.status(home).running


def test_secrets_are_kept_private_and_used_again(home: StudioHome, tmp_path: Path) -> None:
    dying = program(tmp_path / "label-studio", "raise SystemExit(1)")
    kept = []
    for _ in range(2):
        with pytest.raises(StudioError):
            local.start(home, dying)
        kept.append(home.secrets.read_text())
    assert kept[0] == kept[1]
    for path in (home.secrets, home.state, home.log):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_lost_secrets_of_an_existing_database_are_told(home: StudioHome) -> None:
    home.folder.mkdir()
    home.database.touch()
    with pytest.raises(StudioError, match="secrets.json is gone.*backup"):
        local.start(home, Path("/nonexistent"))


def test_the_server_sees_nothing_stray_of_our_environment(
        home: StudioHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.setenv("LABEL_STUDIO_HOST", "http://elsewhere")
    telling = program(tmp_path / "label-studio", "import os",
                      "raise SystemExit(' '.join(sorted(os.environ)))")
    with pytest.raises(StudioError) as caught:
        local.start(home, telling)
    seen = home.log.read_text().split()
    assert "LABEL_STUDIO_BASE_DATA_DIR" in seen, caught.value
    assert not {"DEBUG", "LABEL_STUDIO_HOST"} & set(seen)


def test_stop_leaves_a_process_alone_that_is_not_label_studio(home: StudioHome) -> None:
    home.folder.mkdir()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        home.state.write_text(json.dumps(
            {"pid": other.pid, "port": 8080, "url": "http://127.0.0.1:8080", "started": ""}))
        assert not local.status(home).running
        assert local.stop(home) is False
        assert other.poll() is None
        other.communicate(b"\n")


def test_a_server_that_does_not_heed_the_signal_is_killed(
        home: StudioHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "STOP_LIMIT_S", 0.5)
    monkeypatch.setattr(local, "START_LIMIT_S", 1.0)
    stubborn = program(tmp_path / "label-studio", "import signal, time",
                       "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
                       "print('stubborn', flush=True)", "time.sleep(60)")
    with pytest.raises(StudioError, match="does not answer after 1 s: stubborn"):
        local.start(home, stubborn)
    status = local.status(home)
    assert status.running and not status.healthy and status.pid is not None
    assert local.stop(home) is True
    with pytest.raises(ProcessLookupError):
        os.kill(status.pid, 0)


def test_a_server_that_stopped_by_itself_is_told_with_the_end_of_its_log(
        home: StudioHome) -> None:
    home.folder.mkdir()
    home.log.write_text("starting\nTraceback\nMemoryError: out of memory\n")
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    home.state.write_text(json.dumps(
        {"pid": gone.pid, "port": 8080, "url": "http://127.0.0.1:8080", "started": ""}))
    status = local.status(home)
    assert (status.running, status.message) == (False, "Label Studio has stopped by itself")
    assert status.log == "starting | Traceback | MemoryError: out of memory"
    assert local.address(home) == "http://127.0.0.1:8080"
    local.stop(home)
    assert local.status(home).message == "Label Studio is not running"


@pytest.mark.parametrize("version, journal, healthy, words", [
    (local.VERSION, "wal", True, "is running"),
    (local.VERSION, "delete", False, "not in WAL mode"),
    ("1.99.0", "wal", False, "another version"),
])
def test_a_running_server_is_healthy_in_our_version_and_in_wal(
        home: StudioHome, monkeypatch: pytest.MonkeyPatch, version: str, journal: str,
        healthy: bool, words: str) -> None:
    home.folder.mkdir()
    with closing(sqlite3.connect(home.database)) as database:
        database.execute(f"PRAGMA journal_mode={journal}")
        database.execute("CREATE TABLE t (x)")
    server = local.Server("http://127.0.0.1:9", 9, 1, "", "e", "t", "p")
    monkeypatch.setattr(local, "_running", lambda home: server)
    monkeypatch.setattr(local, "_version", lambda url: version)
    status = local.status(home)
    assert (status.healthy, status.version, status.journal) == (healthy, version, journal)
    assert words in status.message


def test_data_of_a_newer_label_studio_are_not_touched(home: StudioHome) -> None:
    home.folder.mkdir()
    home.used_by.write_text("99.0.1\n")
    with pytest.raises(StudioError, match="last used by Label Studio 99.0.1.*workbench restore"):
        local.start(home, Path("/nonexistent"))
    assert local.data_version(home) == "99.0.1"


def test_a_broken_state_file_is_named(home: StudioHome) -> None:
    home.folder.mkdir()
    home.state.write_text("{")
    with pytest.raises(StudioError, match="state.json cannot be read"):
        local.status(home)


def test_an_install_without_an_index_is_one_line_and_is_tried_again(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    said: list[str] = []
    with pytest.raises(StudioError, match="cannot be installed: ERROR: .*label-studio") as caught:
        local.install(tmp_path / "venv", lambda fraction, message: said.append(message))
    assert "\n" not in str(caught.value) and "index" in str(caught.value)
    assert not (tmp_path / "venv" / local.MARKER).exists()
    assert len(said) == 2
    with pytest.raises(StudioError, match="cannot be installed: ERROR"):
        local.install(tmp_path / "venv")


def test_an_install_that_is_stopped_takes_all_that_it_started_along(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    begun = program(tmp_path / "begun", "import subprocess",
                    "child = subprocess.Popen(['sleep', '60'])",
                    f"open({str(pid)!r}, 'w').write(f'{{child.pid}}\\n')", "child.wait()")
    with ThreadPoolExecutor(1) as pool:
        install = pool.submit(local._run, [str(begun)])
        while not (pid.exists() and pid.read_text().endswith("\n")):
            assert not install.done()
            time.sleep(0.05)
        assert local.stop_install() is True
        with pytest.raises(StudioError, match="was stopped"):
            install.result(timeout=10)
    end = time.monotonic() + 5
    while is_alive(int(pid.read_text())) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_alive(int(pid.read_text()))
    assert local.stop_install() is False


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_an_install_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin" / "label-studio")
    (tmp_path / local.MARKER).write_text(local.VERSION)
    assert local.install(tmp_path) == tmp_path / "bin" / "label-studio"


@pytest.mark.parametrize("content", ["letters.txt", "pyvenv.cfg", "bin/label-studio"])
def test_an_install_does_not_clear_what_somebody_else_made(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "folder"
    (folder / "bin").mkdir(parents=True)
    (folder / content).touch()
    program(folder / "bin" / "python", "print('0.9')")  # another label-studio, if it is one
    for _ in range(2):
        with pytest.raises(StudioError, match="holds something else than Label Studio"):
            local.install(folder)
    assert (folder / content).exists()


def test_an_environment_that_somebody_made_is_used(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    executable = program(tmp_path / "bin" / "label-studio")
    program(tmp_path / "bin" / "python", f"print('{local.VERSION}')")
    assert local.install(tmp_path) == executable
