"""What a person has to decide before both systems can agree: the queue of conflicts.

A conflict has a kind and a key; of both one is open at a time. What vanishes by itself ends by
itself, with the resolution ``vanished``; ended ones stay as history.
"""
from __future__ import annotations

import json
from typing import Any, Collection, Literal, Mapping

from workbench.clock import now
from workbench.store.connection import Row, Store

Kind = Literal[
    "suggestions",  # better suggestions than those that people answered
    "quarantine",   # an answer that cannot be taken as it is
    "data",         # a task whose text was edited there and that has answers
    "double",       # a second task of a region, with answers of its own
    "foreign",      # a task that is not ours
    "project",      # a project that is gone, not ours, or whose labels were changed there
    "anchor",       # a label that a new version of the document does not hold for certain
    "schema",       # an answer that a change of the schema leaves ambiguous
]
VANISHED = "vanished"


def raise_conflict(store: Store, kind: Kind, key: str, content: Mapping[str, Any], *,
                   region_id: int | None = None, answer_id: int | None = None) -> bool:
    """Open a conflict, or bring the open one of that key up to date; True if it is new.

    What a person has decided on is not asked again as long as nothing about it changes.
    """
    told = json.dumps(dict(content), ensure_ascii=False, sort_keys=True)
    with store.write() as db:
        known = store.value("SELECT id FROM conflicts WHERE kind = ? AND key = ?"
                            " AND ended_at IS NULL", [kind, key])
        if known is not None:
            db.execute("UPDATE conflicts SET content = ?, region_id = ?, answer_id = ?"
                       " WHERE id = ?", [told, region_id, answer_id, known])
            return False
        last = store.row("SELECT content, ended_by FROM conflicts WHERE kind = ? AND key = ?"
                         " ORDER BY id DESC LIMIT 1", [kind, key])
        if last is not None and last["ended_by"] and last["content"] == told:
            return False
        db.execute("INSERT INTO conflicts (kind, key, region_id, answer_id, content, raised_at)"
                   " VALUES (?, ?, ?, ?, ?, ?)", [kind, key, region_id, answer_id, told, now()])
        return True


def end_conflict(store: Store, conflict_id: int, resolution: str, by: str) -> bool:
    """End an open conflict; False if it has ended already."""
    with store.write() as db:
        return db.execute("UPDATE conflicts SET ended_at = ?, resolution = ?, ended_by = ?"
                          " WHERE id = ? AND ended_at IS NULL",
                          [now(), resolution, by, conflict_id]).rowcount == 1


def reopen_conflict(store: Store, conflict_id: int) -> bool:
    """Undo `end_conflict`; False if the same was raised again since, or it never ended."""
    with store.write() as db:
        return db.execute(
            "UPDATE OR IGNORE conflicts SET ended_at = NULL, resolution = '', ended_by = ''"
            " WHERE id = ? AND ended_at IS NOT NULL", [conflict_id]).rowcount == 1


def vanished(store: Store, kind: Kind, key: str) -> None:
    """End the open conflict of that key, if there is one: what it told of is not so any more."""
    with store.write() as db:
        db.execute("UPDATE conflicts SET ended_at = ?, resolution = ? WHERE kind = ? AND key = ?"
                   " AND ended_at IS NULL", [now(), VANISHED, kind, key])


def end_vanished(store: Store, kind: Kind, prefix: str, still: Collection[str]) -> int:
    """End the open conflicts of a kind whose key begins with `prefix` and is not in `still`."""
    gone = [row for row in open_conflicts(store, kind)
            if row["key"].startswith(prefix) and row["key"] not in still]
    return sum(end_conflict(store, row["id"], VANISHED, "") for row in gone)


def open_conflicts(store: Store, kind: Kind | None = None,
                   region_id: int | None = None) -> list[Row]:
    """Open conflicts, oldest first, `content` as an object."""
    return [_read(row) for row in store.rows(
        "SELECT * FROM conflicts WHERE ended_at IS NULL AND (:kind IS NULL OR kind = :kind)"
        " AND (:region IS NULL OR region_id = :region) ORDER BY id",
        {"kind": kind, "region": region_id})]


def conflict(store: Store, conflict_id: int) -> Row | None:
    row = store.row("SELECT * FROM conflicts WHERE id = ?", [conflict_id])
    return row and _read(row)


def ended_conflicts(store: Store, kind: str | None = None, limit: int = 100,
                    offset: int = 0) -> list[Row]:
    """The last ended ones first."""
    return [_read(row) for row in store.rows(
        "SELECT * FROM conflicts WHERE ended_at IS NOT NULL AND (:kind IS NULL OR kind = :kind)"
        " ORDER BY ended_at DESC, id DESC LIMIT :limit OFFSET :offset",
        {"kind": kind, "limit": limit, "offset": offset})]


def count_ended(store: Store, kind: str | None = None) -> int:
    return int(store.value("SELECT count(*) FROM conflicts WHERE ended_at IS NOT NULL"
                           " AND (:kind IS NULL OR kind = :kind)", {"kind": kind}))


def conflict_counts(store: Store) -> Mapping[str, int]:
    """How many are open, by kind."""
    return {row["kind"]: row["n"] for row in store.rows(
        "SELECT kind, count(*) AS n FROM conflicts WHERE ended_at IS NULL GROUP BY kind")}


def last_resolution(store: Store, kind: Kind, key: str) -> str | None:
    """How the last conflict of that key ended; None if there was none or it is open."""
    row = store.row("SELECT resolution, ended_at FROM conflicts WHERE kind = ? AND key = ?"
                    " ORDER BY id DESC LIMIT 1", [kind, key])
    return None if row is None or row["ended_at"] is None else str(row["resolution"])


def _read(row: Row) -> Row:
    return {**row, "content": json.loads(row["content"])}
