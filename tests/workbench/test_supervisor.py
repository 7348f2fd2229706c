"""What `workbench up` does before and after it runs; tests/e2e/test_up.py runs it."""
from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Callable, Iterator

import pytest

from click.testing import CliRunner

from labels.errors import InputError
from workbench import supervisor
from workbench.cli import main
from workbench.project import create_project, find_project
from workbench.store.people import check_password
from workbench.store.settings import get_setting

ROOT = Path(__file__).parents[2]


def test_the_first_logins_are_kept_before_the_project_is_there(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            supervisor._project(tmp_path / "p", "")
    kept = tmp_path / "p" / supervisor.LOGINS
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "p" / "project.sqlite").exists()
    project, logins = supervisor._project(tmp_path / "p", "")
    assert logins == json.loads(kept.read_text(encoding="utf-8"))
    with project.open() as store:
        for name in ("lead", "annotator"):
            assert check_password(store, name, logins["workbench"][name])


def test_where_no_login_is_kept_it_names_the_way_in(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = create_project(tmp_path / "a project")
    project, logins = supervisor._project(made.project.folder, "")
    supervisor._show_logins(project, logins)
    assert f"--project '{project.folder}' user reset lead" in capsys.readouterr().err


def test_logins_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    folder = create_project(tmp_path / "p").project.folder
    (folder / supervisor.LOGINS).write_text("{")
    with pytest.raises(InputError, match="first-logins.json cannot be read.*delete it"):
        supervisor._project(folder, "")


class Up:
    """`workbench up` on one small document, in a process of its own, and what it says."""

    def __init__(self, folder: Path, venv: Path) -> None:
        self.project, self.port, self.said = folder / "p", free_port(), ""
        (folder / "a.txt").write_text("云泽区财政局全年收入 65.2 亿元。", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from workbench.cli import main; main()", "--project",
             self.project, "up", "--port", str(self.port), folder / "a.txt"],
            cwd=ROOT, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "WORKBENCH_STUDIO_VENV": str(venv), "PIP_RETRIES": "0"})
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                self.said += line

    def wait_for(self, words: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while words not in self.said:
            assert time.monotonic() < end and self.process.poll() is None, self.said
            time.sleep(0.05)

    def ends(self, seconds: float = 20) -> int:
        status = self.process.wait(seconds)
        self._reader.join(10)
        return status


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_of(folder: Path) -> list[str]:
    """The command lines that name something in `folder`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(folder) in words:
                found.append(words)
    return found


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[[Path], Up]]:
    started: list[Up] = []

    def start(venv: Path) -> Up:
        started.append(Up(tmp_path, venv))
        return started[-1]

    yield start
    for one in started:
        one.process.terminate()
        one.ends()


def test_what_failed_is_said_and_not_that_everything_runs(
        tmp_path: Path, up: Callable[[Path], Up]) -> None:
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "letters.txt").touch()
    running = up(tmp_path / "venv")
    running.wait_for("Not everything runs")
    assert "studio failed: " in running.said and "holds something else" in running.said
    assert "Everything runs" not in running.said
    # A second one on this project is refused with the address of the first.
    refused = CliRunner().invoke(main, ["--project", str(running.project), "up", "--port",
                                        str(free_port()), str(tmp_path / "a.txt")])
    assert refused.exit_code == 2 and len(refused.stderr.splitlines()) == 1
    assert f"runs already: http://127.0.0.1:{running.port};" in refused.stderr
    with find_project(running.project).open() as store:
        assert get_setting(store, "workbench_url") == f"http://127.0.0.1:{running.port}"
    assert (running.project / supervisor.LOCK).stat().st_mode & 0o777 == 0o600


def test_stopped_while_it_installs_it_leaves_nothing_running(
        tmp_path: Path, up: Callable[[Path], Up]) -> None:
    venv = tmp_path / "venv"
    running = up(venv)
    running.wait_for("making a virtual environment")
    end = time.monotonic() + 10
    while not processes_of(venv):
        assert time.monotonic() < end
        time.sleep(0.02)
    running.process.send_signal(signal.SIGTERM)
    running.wait_for("Stopping")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        running.process.send_signal(number)
    assert running.ends() == 0, running.said
    assert "Traceback" not in running.said and "The workbench has stopped" in running.said
    assert processes_of(venv) == []
