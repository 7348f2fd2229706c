from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database

from labels.errors import StoreError
from labels.gold import GoldRegion, region_to_json, release_hash
from labels.grouping import Member
from workbench.project import Project
from workbench.store import Store
from workbench.store.gold import whole_release
from workbench.store.groups import members, splits
from workbench.store.migrations import MIGRATIONS
from workbench.store.settings import get_setting, set_setting


def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        with store.write() as db:
            db.table("settings").insert_all([{"key": "new", "value": "1"},
                                             {"key": "uuid", "value": "taken"}])
    assert get_setting(store, "new") is None
    assert not store.conn.in_transaction


def test_an_inner_write_that_fails_keeps_the_outer(store: Store) -> None:
    with store.write() as outer:
        outer.table("settings").insert({"key": "kept", "value": "1"})
        with pytest.raises(RuntimeError):
            with store.write() as inner:
                inner.table("settings").insert({"key": "dropped", "value": "1"})
                raise RuntimeError
    assert get_setting(store, "kept") == 1 and get_setting(store, "dropped") is None


def test_writers_that_read_first_do_not_lose_updates(project: Project) -> None:
    with project.open() as store:
        set_setting(store, "count", 0)

    def work() -> None:
        with project.open() as mine:
            for _ in range(25):
                with mine.write():
                    set_setting(mine, "count", get_setting(mine, "count") + 1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with project.open() as store:
        assert get_setting(store, "count") == 100


def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        with store.write() as db:
            db.table("suggestion_sets").insert({"document_id": 99, "pack_hash": "x",
                                                "failures": "[]", "created_at": "now"})


def test_every_table_is_strict(store: Store) -> None:
    loose = store.rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                       " AND strict = 0 AND name NOT LIKE 'sqlite_%'"
                       " AND name <> '_sqlite_migrations'")
    assert loose == []


def test_a_missing_database_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="workbench init"):
        Store(tmp_path / "none.sqlite")
    assert not (tmp_path / "none.sqlite").exists()


def test_a_file_that_is_no_database_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("these are notes, not a database" * 50)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(path)
    assert path.read_text().startswith("these are notes")


def test_a_failed_migration_leaves_the_tables_as_they_were(
        project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = list(MIGRATIONS._migrations)
    monkeypatch.setattr(MIGRATIONS, "_migrations", steps)

    @MIGRATIONS()
    def broken(db) -> None:  # type: ignore[no-untyped-def]
        db.execute("CREATE TABLE half (x TEXT)")
        raise RuntimeError("power cut")
    with pytest.raises(RuntimeError):
        project.open()
    steps.pop()
    with project.open() as store:
        assert store.value("SELECT count(*) FROM sqlite_master WHERE name = 'half'") == 0


def test_a_project_of_the_first_step_is_brought_up_to_date_and_keeps_its_rows(
        tmp_path: Path) -> None:
    path = tmp_path / "older.sqlite"
    with sqlite3.connect(path) as conn:
        old = Database(conn)
        MIGRATIONS.apply(old, stop_before="rules_and_checks")
        conn.execute("INSERT INTO texts (hash, text) VALUES ('h', '云泽区')")
        conn.execute("INSERT INTO documents (name, version, source, text_hash, title, type, views,"
                     " created_at) VALUES ('a', 1, 'a.txt', 'h', '', '', '{}', 'now')")
        conn.execute("INSERT INTO suggestion_sets (document_id, pack_hash, failures, created_at)"
                     " VALUES (1, 'p', '[]', 'now')")
        conn.execute("INSERT INTO suggested_spans VALUES (1, 0, 0, 3, 'LOC', 'r', 'v', 1.0, NULL,"
                     " '{}')")
    conn.close()
    with Store(path) as store:
        assert store.value("SELECT count(*) FROM suggested_spans") == 1
        with store.write() as db:  # the same state of the pack may come again
            db.table("suggestion_sets").insert({"document_id": 1, "pack_hash": "p",
                                                "failures": "[]", "created_at": "later"})
        assert store.value("SELECT count(*) FROM checks") == 0
        assert store.value("PRAGMA foreign_keys") == 1
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), store.write() as db:
            db.execute("INSERT INTO suggested_classes VALUES (9, 'a', 'b', 0, 1, 'r', 'v', 1.0,"
                       " '')")


def test_a_project_from_before_groups_keeps_its_splits_and_its_releases(tmp_path: Path) -> None:
    path = tmp_path / "older.sqlite"
    region = GoldRegion("a@1:spans:0-3", "a", 0, 3, "云泽区", ("spans",), group="a", split="test")
    header = {"number": 1, "project": "p", "created": "now", "schema_name": "s",
              "schema_version": "1", "schema_hash": "s1", "labels": ["LOC"], "relations": [],
              "classes": [], "multiple": [], "hash": release_hash("s1", [region])}
    with sqlite3.connect(path) as conn:
        old = Database(conn)
        MIGRATIONS.apply(old, stop_before="groups_and_withdrawals")
        conn.execute("INSERT INTO texts (hash, text) VALUES ('h', '云泽区')")
        conn.execute("INSERT INTO documents (name, version, source, text_hash, title, type, views,"
                     " created_at) VALUES ('a', 1, 'a.txt', 'h', '', '', '{}', 'now')")
        conn.execute("INSERT INTO splits VALUES ('a', 'test')")
        conn.execute("INSERT INTO releases (number, hash, schema_hash, header, created_by,"
                     " created_at) VALUES (1, ?, 's1', ?, 'lead', 'now')",
                     [header["hash"], json.dumps(header)])
        conn.execute("INSERT INTO release_regions VALUES (1, 0, 1, ?)",
                     [json.dumps(region_to_json(region), ensure_ascii=False)])
    conn.close()
    with Store(path) as store:
        assert members(store) == {"a": Member("a", 1, kept=True)} and splits(store) == {"a": "test"}
        assert whole_release(store, 1).regions == (region,)
