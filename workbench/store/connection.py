"""One SQLite file, one way to write it.

Every write goes through `Store.write()`: BEGIN IMMEDIATE outside, savepoints inside. A deferred
transaction that reads and then writes fails with "database is locked" when two writers meet; an
immediate one waits its turn. A `Store` is one connection and belongs to one thread.
"""
from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

from sqlite_utils import Database

from labels.errors import N_, StoreError
from workbench.store.migrations import MIGRATIONS

Row = Mapping[str, Any]
Parameters = Sequence[Any] | Mapping[str, Any]

BUSY_MILLISECONDS = 30_000


class Store:
    """A connection to the project's database. Close it, or use it as a context manager."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the database at `path` and bring its tables up to date.

        Raises StoreError if it is missing (and not `create`), or is no database of ours.
        """
        self.path = Path(path)
        if not create and not self.path.exists():
            raise StoreError(N_("there is no project database at %(path)s"), path=self.path,
                             hint=N_("make one with: workbench init"))
        try:
            if create:
                # It holds tokens and password hashes; SQLite gives -wal and -shm the same mode.
                self.path.touch(mode=0o600)
            self.conn = sqlite3.connect(self.path, timeout=BUSY_MILLISECONDS / 1000,
                                        isolation_level=None)
            self.conn.row_factory = sqlite3.Row
            self.conn.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
            self.conn.execute("PRAGMA journal_mode=WAL")
            # WAL with NORMAL may lose the last commits on power loss; FULL loses nothing
            # acknowledged, and our writes are few and large.
            self.conn.execute("PRAGMA synchronous=FULL")
            self.db = Database(self.conn)
            if MIGRATIONS.pending(self.db):
                self._bring_up_to_date()
            self.conn.execute("PRAGMA foreign_keys=ON")
        except sqlite3.DatabaseError as error:
            raise StoreError(N_("%(path)s cannot be opened as a project database: %(why)s"),
                             path=self.path, why=error) from error

    def _bring_up_to_date(self) -> None:
        """All steps or none, one process at a time. Foreign keys are off meanwhile: a table that
        is made anew is dropped first, and what refers to it must stay."""
        with self.write() as db:
            MIGRATIONS.apply(db)
            if broken := self.row("PRAGMA foreign_key_check"):
                raise StoreError(N_("%(path)s holds rows that refer to nothing: %(table)s"),
                                 path=self.path, table=broken["table"])

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def write(self) -> Iterator[Database]:
        """A transaction: all of it or nothing. Nests as savepoints."""
        if self.conn.in_transaction:
            with self.db.atomic():
                yield self.db
            return
        try:
            self.conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise StoreError(N_("the project database is busy: %(why)s"), why=error,
                             hint=N_("try again when the other command has ended")) from error
        try:
            yield self.db
        except BaseException:
            self.conn.rollback()
            raise
        self.conn.execute("COMMIT")

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        return [dict(row) for row in self.conn.execute(sql, parameters)]

    def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row of a query, or None."""
        found = self.conn.execute(sql, parameters).fetchone()
        return None if found is None else dict(found)

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.conn.execute(sql, parameters).fetchone()
        return None if found is None else found[0]
