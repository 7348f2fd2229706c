"""What `workbench up` does before and after it runs; tests/e2e/test_up.py runs it."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from labels.errors import InputError
from workbench import supervisor
from workbench.project import create_project
from workbench.store.people import check_password


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
