from __future__ import annotations

import fcntl
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from labels.errors import InputError
from workbench.project import NewProject, create_project, find_project, project_uuid
from workbench.store.people import check_password
from workbench.store.settings import set_setting


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


@pytest.mark.parametrize("exists", [False, True])
def test_nobody_else_can_read_a_project(tmp_path: Path, exists: bool) -> None:
    if exists:
        (tmp_path / "p").mkdir(mode=0o755)
    project = create_project(tmp_path / "p").project
    assert project.folder.stat().st_mode & 0o777 == 0o700
    with project.open() as store:
        set_setting(store, "studio", {"token": "t"})
        assert {path.name for path in project.folder.glob("project.sqlite*")} == {
            "project.sqlite", "project.sqlite-wal", "project.sqlite-shm"}
        for path in project.folder.rglob("*"):
            assert path.stat().st_mode & 0o077 == 0, path


def test_a_project_among_other_files_leaves_the_mode_of_their_folder(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").touch()
    tmp_path.chmod(0o755)
    project = create_project(tmp_path).project
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    assert project.database.stat().st_mode & 0o777 == 0o600


def test_a_second_init_changes_nothing(tmp_path: Path) -> None:
    made = create_project(tmp_path / "p")
    secret = made.project.secret()
    with pytest.raises(InputError, match="holds a project already"):
        create_project(tmp_path / "p")
    assert made.project.secret() == secret


def test_of_two_inits_at_once_one_makes_the_project(tmp_path: Path) -> None:
    def init(_: int) -> NewProject | None:
        try:
            return create_project(tmp_path / "p")
        except InputError as error:
            assert "holds a project already" in str(error)
            return None

    with ThreadPoolExecutor(4) as pool:
        made = [one for one in pool.map(init, range(4)) if one is not None]
    assert len(made) == 1
    with made[0].project.open() as store:
        assert check_password(store, "lead", made[0].password)


def test_an_init_that_waited_for_another_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(create_project, folder)
        time.sleep(0.2)
        (folder / "secret").write_text("of the first")
        (folder / "project.sqlite").touch()
        os.close(descriptor)
        with pytest.raises(InputError, match="holds a project already"):
            late.result()
    assert (folder / "secret").read_text() == "of the first"


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
