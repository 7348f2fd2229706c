"""What Label Studio is still to be told: rows written before it is told, and gone once it was.

Most rows are steps of a plan that can be made anew from the truth; a row of a person's wish (put
the text back, delete) stands until it was done.
"""
from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

from workbench.clock import now
from workbench.store.connection import Row, Store

# Begins the names of the steps of settled regions that are asked again.
TRIAL = "trial "


def put(store: Store, operation: str, kind: str, slot: int, region_id: int,
        content: Mapping[str, Any]) -> None:
    """Add a row; one that waits already keeps its attempts."""
    with store.write() as db:
        db.execute(
            "INSERT INTO outbox (operation, kind, slot, region_id, content, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (operation, kind, slot, region_id)"
            " DO UPDATE SET content = excluded.content",
            [operation, kind, slot, region_id, json.dumps(dict(content), ensure_ascii=False),
             now()])


def keep_only(store: Store, kind: str, slot: int, rows: Iterable[tuple[str, int]],
              trials: bool = False) -> None:
    """Drop the rows that a new plan does not hold any more; `rows` are (operation, region id). A
    plan is of the regions' own tasks, or of their `trials`."""
    wanted = set(rows)
    with store.write() as db:
        for row in waiting(store, kind, slot):
            if row["operation"].startswith(TRIAL) == trials \
                    and (row["operation"], row["region_id"]) not in wanted:
                db.execute("DELETE FROM outbox WHERE id = ?", [row["id"]])


def told(store: Store, operation: str, kind: str, slot: int, region_ids: Iterable[int]) -> None:
    with store.write() as db:
        for region_id in region_ids:
            db.execute("DELETE FROM outbox WHERE operation = ? AND kind = ? AND slot = ?"
                       " AND region_id = ?", [operation, kind, slot, region_id])


def failed(store: Store, operation: str, kind: str, slot: int, region_ids: Iterable[int],
           why: str) -> None:
    with store.write() as db:
        for region_id in region_ids:
            db.execute("UPDATE outbox SET attempts = attempts + 1, error = ? WHERE operation = ?"
                       " AND kind = ? AND slot = ? AND region_id = ?",
                       [why, operation, kind, slot, region_id])


def waiting(store: Store, kind: str | None = None, slot: int | None = None) -> list[Row]:
    """The rows that wait, oldest first, `content` as an object."""
    return [{**row, "content": json.loads(row["content"])} for row in store.rows(
        "SELECT * FROM outbox WHERE (:kind IS NULL OR kind = :kind)"
        " AND (:slot IS NULL OR slot = :slot) ORDER BY id", {"kind": kind, "slot": slot})]
