from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from labels.errors import InputError
from workbench.project import create_project, find_project, project_uuid
from workbench.store.people import check_password


def test_a_new_project_has_a_lead_who_can_sign_in(tmp_path: Path) -> None:
    made = create_project(tmp_path / "p", "试用")
    with made.project.open() as store:
        lead = check_password(store, made.lead, made.password)
        assert lead is not None and lead["role"] == "lead"
        assert len(project_uuid(store)) == 36


def test_the_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    made = create_project(tmp_path / "p")
    assert os.stat(made.project.folder / "secret").st_mode & 0o777 == 0o600
    assert len(made.project.secret()) == 64


def test_a_second_init_changes_nothing(tmp_path: Path) -> None:
    made = create_project(tmp_path / "p")
    secret = made.project.secret()
    with pytest.raises(InputError, match="holds a project already"):
        create_project(tmp_path / "p")
    assert made.project.secret() == secret


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot make a project"):
        create_project(tmp_path / "file" / "p")


def test_a_project_is_found_from_inside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = create_project(tmp_path / "p")
    inner = made.project.folder / "exports" / "deep"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    monkeypatch.delenv("WORKBENCH_PROJECT", raising=False)
    assert find_project() == made.project
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no project here"):
        find_project()
    monkeypatch.setenv("WORKBENCH_PROJECT", str(made.project.folder))
    assert find_project() == made.project


def test_a_lock_is_held_by_one_and_the_next_waits_and_says_so(tmp_path: Path) -> None:
    project = create_project(tmp_path / "p").project
    said: list[str] = []
    waiting, order = threading.Event(), []

    def told(done: int, total: int | None, message: str = "") -> None:
        said.append(message)
        waiting.set()

    def second() -> None:
        with project.lock("work", told):
            order.append("second")

    thread = threading.Thread(target=second)
    with project.lock("work"):
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"] and len(said) == 1
    with project.lock("work", told):
        assert len(said) == 1
