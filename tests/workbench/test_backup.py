"""Copies of both databases: whole, checked, rotated, put back, and refused when anything is off."""
from __future__ import annotations

import gc
import json
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from labels.errors import InputError, StoreError
from tests.workbench.conftest import DOCUMENT
from tests.workbench.running import free_port
from tests.workbench.test_cli import one_line, run
from workbench import backup
from workbench.backup import back_up, backups, before_start, due, newest, restore
from workbench.clock import stamp
from workbench.project import Project
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.settings import get_setting, set_setting
from workbench.studio import local
from workbench.supervisor import make_server


@pytest.fixture
def home(project: Project) -> local.StudioHome:
    """A server's data as it leaves them: a database in WAL mode and small files beside it."""
    made = local.StudioHome(project.studio_folder)
    (made.folder / "media" / "avatars").mkdir(parents=True)
    (made.folder / "media" / "export").mkdir()
    (made.folder / "media" / "avatars" / "a.png").write_bytes(b"picture")
    (made.folder / "media" / "export" / "old.json").write_text("[]")
    made.secrets.write_text(json.dumps({"email": "e", "password": "p", "token": "t"}))
    made.used_by.write_text(local.VERSION)
    (made.folder / ".env").write_text("SECRET_KEY=x")
    made.log.write_text("a log")
    with closing(sqlite3.connect(made.database)) as there:
        there.execute("PRAGMA journal_mode=WAL")
        there.execute("CREATE TABLE task (id INTEGER PRIMARY KEY, text TEXT)")
        there.execute("INSERT INTO task VALUES (1, '云泽区')")
        there.commit()
    return made


def tasks(home: local.StudioHome) -> list[str]:
    with closing(sqlite3.connect(home.database)) as there:
        return [row[0] for row in there.execute("SELECT text FROM task ORDER BY id")]


def add_task(home: local.StudioHome, text: str) -> None:
    with closing(sqlite3.connect(home.database)) as there:
        there.execute("INSERT INTO task (text) VALUES (?)", [text])
        there.commit()


def test_what_was_copied_comes_back_after_everything_changed(
        project: Project, store: Store, home: local.StudioHome) -> None:
    add_document(store, DOCUMENT)
    made = back_up(project)
    assert set(made.files) == {
        "project.sqlite", "secret", "studio/label_studio.sqlite3", "studio/secrets.json",
        "studio/version", "studio/.env", "studio/media/avatars/a.png"}
    assert made.studio_version == local.VERSION
    set_setting(store, "title", "another")
    with store.write() as db:
        db.execute("DELETE FROM documents")
    add_task(home, "later")
    home.secrets.unlink()
    (project.folder / "secret").write_text("0" * 64)
    store.close()
    restore(made.folder, project)
    with project.open() as again:
        assert get_setting(again, "title") == "试用"
        assert again.value("SELECT count(*) FROM documents") == 1
    assert tasks(home) == ["云泽区"]
    assert json.loads(home.secrets.read_text())["token"] == "t"
    assert project.secret() != "0" * 64


def test_a_restore_copies_what_it_replaces_first(project: Project, store: Store,
                                                 home: local.StudioHome) -> None:
    made = back_up(project)
    set_setting(store, "title", "work of a week")
    store.close()
    restore(made.folder, project)
    last = newest(project)
    assert last is not None and last.why == "restore"
    restore(last.folder, project)
    with project.open() as again:
        assert get_setting(again, "title") == "work of a week"


def test_a_lost_project_is_made_anew_in_a_new_folder(project: Project, tmp_path: Path,
                                                     home: local.StudioHome) -> None:
    made = back_up(project, parent=tmp_path / "elsewhere")
    shutil.rmtree(project.folder)
    there = Project(tmp_path / "new" / "project")
    restore(made.folder, there)
    with there.open() as store:
        assert get_setting(store, "title") == "试用"
    assert tasks(local.StudioHome(there.studio_folder)) == ["云泽区"]
    assert stat.S_IMODE(there.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(there.database.stat().st_mode) == 0o600


def test_a_copy_is_for_its_owner_only(project: Project, home: local.StudioHome) -> None:
    made = back_up(project)
    for path in (made.folder, *made.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_copy_made_while_others_write_is_consistent(project: Project, store: Store,
                                                      home: local.StudioHome) -> None:
    """Writers keep two tables of each database alike in every transaction."""
    with store.write() as db:
        for name in ("one", "two"):
            db.execute(f"CREATE TABLE {name} (n INTEGER)")
    end = threading.Event()

    def write() -> None:
        with project.open() as mine:
            number = 0
            while not end.is_set():
                number += 1
                with mine.write() as db:
                    for name in ("one", "two"):
                        db.execute(f"INSERT INTO {name} VALUES (?)", [number])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up(project) for _ in range(4)]
    finally:
        end.set()
        writer.join()
    for one in made:
        with closing(sqlite3.connect(one.folder / "project.sqlite")) as copy:
            counts = [copy.execute(f"SELECT count(*) FROM {name}").fetchone()
                      for name in ("one", "two")]
            assert counts[0] == counts[1]
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_it_waits_for_a_push_or_pull_to_end(project: Project) -> None:
    ended: list[str] = []
    with project.lock("studio"):
        copying = threading.Thread(target=lambda: ended.append(back_up(project).why))
        copying.start()
        copying.join(0.3)
        assert not ended
    copying.join(20)
    assert ended == ["asked"]


@pytest.mark.parametrize("harm", ["changed", "missing", "manifest", "outside"])
def test_a_damaged_copy_is_refused_before_anything_is_touched(
        project: Project, store: Store, home: local.StudioHome, harm: str,
        tmp_path: Path) -> None:
    made = back_up(project)
    manifest = made.folder / "manifest.json"
    if harm == "changed":
        with open(made.folder / "studio" / "label_studio.sqlite3", "r+b") as file:
            file.seek(100)
            file.write(b"\x00\x01")
    elif harm == "missing":
        (made.folder / "secret").unlink()
    elif harm == "manifest":
        manifest.write_text("{")
    else:
        known = json.loads(manifest.read_text())
        (tmp_path / "evil").write_text("x")
        known["files"]["../../../evil"] = backup.digest(tmp_path / "evil")
        manifest.write_text(json.dumps(known))
    set_setting(store, "title", "kept")
    before = project.database.read_bytes()
    line = one_line(run("--project", project.folder, "restore", made.folder), 2)
    assert "manifest.json" in line or "missing or was changed" in line
    assert project.database.read_bytes() == before
    assert [one.why for one in backups(project)] == ([] if harm == "manifest" else ["asked"])


def test_while_the_workbench_runs_nothing_is_put_back(project: Project) -> None:
    made = back_up(project)
    with project.hold():
        line = one_line(run("--project", project.folder, "restore", made.folder), 2)
        assert "the workbench of this project runs" in line
    assert run("--project", project.folder, "restore", made.folder).exit_code == 0


def test_while_label_studio_runs_nothing_is_put_back(
        project: Project, home: local.StudioHome, monkeypatch: pytest.MonkeyPatch) -> None:
    made = back_up(project)
    server = local.Server("http://127.0.0.1:9", 9, 1, "", "e", "t", "p")
    monkeypatch.setattr(local, "find", lambda home: server)
    with pytest.raises(InputError, match="Label Studio of this project runs.*studio down"):
        restore(made.folder, project)


def test_an_interrupted_restore_is_simply_repeated(
        project: Project, store: Store, home: local.StudioHome,
        monkeypatch: pytest.MonkeyPatch) -> None:
    made = back_up(project)
    set_setting(store, "title", "another")
    store.close()
    add_task(home, "later")
    put = backup._put_back
    done: list[Path] = []

    def dying(source: Path, target: Path) -> None:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(target)
        put(source, target)

    monkeypatch.setattr(backup, "_put_back", dying)
    with pytest.raises(KeyboardInterrupt):
        restore(made.folder, project)
    with project.open() as half:
        assert get_setting(half, "title") == "another"  # ours comes last
    monkeypatch.setattr(backup, "_put_back", put)
    restore(made.folder, project)
    with project.open() as again:
        assert get_setting(again, "title") == "试用"
    assert tasks(home) == ["云泽区"]


def test_a_damaged_database_is_not_copied_and_leaves_nothing(project: Project,
                                                             home: local.StudioHome) -> None:
    with open(home.database, "r+b") as file:
        file.seek(0)
        file.write(b"not a database at all")
    with pytest.raises(StoreError, match="cannot be copied.*workbench restore"):
        back_up(project)
    assert backups(project) == [] and not list(backup.folder(project).iterdir())


def test_only_automatic_copies_are_deleted_and_the_newest_stay(project: Project) -> None:
    asked = back_up(project)
    made = [back_up(project, "daily") for _ in range(backup.KEPT + 2)]
    left = [one.folder for one in backups(project)]
    assert asked.folder in left
    assert set(left) - {asked.folder} == {one.folder for one in made[2:]}


def test_a_copy_is_due_after_a_day(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert due(project)
    back_up(project, "daily")
    assert not due(project)
    old = stamp(datetime.now(timezone.utc) - timedelta(hours=25))
    monkeypatch.setattr(backup, "now", lambda: old)
    for one in backups(project):
        shutil.rmtree(one.folder)
    back_up(project, "daily")
    assert due(project)


def test_another_version_of_label_studio_begins_with_a_copy(project: Project,
                                                            home: local.StudioHome) -> None:
    assert before_start(project) is None
    home.used_by.write_text("1.22.0")
    made = before_start(project)
    assert made is not None and (made.why, made.studio_version) == ("version", "1.22.0")
    assert "studio/label_studio.sqlite3" in made.files


def test_the_command_tells_where_the_copy_is_and_what_is_not_in_it(project: Project,
                                                                   tmp_path: Path) -> None:
    result = run("--project", project.folder, "backup", "--to", tmp_path / "disk")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert Path(told["backup"]).parent == tmp_path / "disk"
    assert set(told["files"]) == {"project.sqlite", "secret"}
    assert "its data are not in the backup" in result.stderr
    assert one_line(run("--project", project.folder, "restore", tmp_path), 2)


def test_a_served_project_is_held_until_its_server_is_gone(project: Project) -> None:
    made = back_up(project)
    server = make_server(project, "127.0.0.1", free_port())
    with pytest.raises(InputError, match="the workbench of this project runs"):
        restore(made.folder, project)
    server.close()
    del server
    gc.collect()
    restore(made.folder, project)
