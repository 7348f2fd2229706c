"""What `workbench up` does before and after it runs; tests/e2e/test_up.py runs it."""
from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Callable, Iterator

import pytest

from click.testing import CliRunner

from labels.errors import InputError
from tests.workbench.running import Up, free_port, processes_of
from workbench import supervisor
from workbench.cli import main
from workbench.project import create_project, find_project
from workbench.store.people import check_password
from workbench.store.settings import get_setting


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


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[[Path], Up]]:
    started: list[Up] = []

    def start(venv: Path) -> Up:
        started.append(Up(tmp_path, venv))
        return started[-1]

    yield start
    for one in started:
        one.end()


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
    # What was killed takes a moment to be gone.
    end = time.monotonic() + 5
    while processes_of(venv) and time.monotonic() < end:
        time.sleep(0.02)
    assert processes_of(venv) == []
