"""Documents that later releases leave out, and what releases tell beside their regions."""
from __future__ import annotations

import json
from typing import Any, Sequence

from workbench.clock import now
from workbench.store.connection import Row, Store


def withdrawn(store: Store) -> list[Row]:
    """The withdrawals that stand, in order of their documents, each with its `document_id`."""
    return store.rows("""
        SELECT w.*, (SELECT max(d.id) FROM documents d WHERE d.name = w.document) AS document_id
        FROM withdrawals w WHERE w.ended_at IS NULL ORDER BY w.document""")


def add_withdrawal(store: Store, document: str, why: str, by: str) -> bool:
    """Whether it is withdrawn now and was not before."""
    with store.write() as db:
        cursor = db.execute("INSERT OR IGNORE INTO withdrawals (document, why, made_by, made_at)"
                            " VALUES (?, ?, ?, ?)", [document, why, by, now()])
        return cursor.rowcount > 0


def end_withdrawal(store: Store, document: str, by: str) -> bool:
    """Whether a withdrawal stood and was taken back."""
    with store.write() as db:
        cursor = db.execute("UPDATE withdrawals SET ended_by = ?, ended_at = ?"
                            " WHERE document = ? AND ended_at IS NULL", [by, now(), document])
        return cursor.rowcount > 0


def untold(store: Store, number: int) -> list[dict[str, Any]]:
    """The notes on withdrawals that no release has told; release `number` tells them now.

    One that was taken back before any release came is told by none.
    """
    notes: list[dict[str, Any]] = []
    with store.write() as db:
        for row in store.rows("SELECT * FROM withdrawals WHERE told IS NULL AND ended_at IS NULL"
                              " ORDER BY document, id"):
            notes.append({"kind": "withdrawn", "document": row["document"], "content": {
                "why": row["why"], "by": row["made_by"]}})
        for row in store.rows("SELECT * FROM withdrawals WHERE told IS NOT NULL"
                              " AND ended_at IS NOT NULL AND end_told IS NULL"
                              " ORDER BY document, id"):
            notes.append({"kind": "returned", "document": row["document"], "content": {
                "why": row["why"], "by": row["ended_by"]}})
        db.execute("UPDATE withdrawals SET end_told = ? WHERE told IS NOT NULL"
                   " AND ended_at IS NOT NULL AND end_told IS NULL", [number])
        db.execute("UPDATE withdrawals SET told = ? WHERE told IS NULL AND ended_at IS NULL",
                   [number])
    return notes


def add_notes(store: Store, number: int, notes: Sequence[dict[str, Any]]) -> None:
    with store.write() as db:
        db.table("release_notes").insert_all(
            {"number": number, "position": position, "kind": note["kind"],
             "document": note["document"],
             "content": json.dumps(note["content"], ensure_ascii=False, sort_keys=True)}
            for position, note in enumerate(notes))


def release_notes(store: Store, number: int) -> list[Row]:
    """`kind` (withdrawn, returned, moved), `document` and `content`, an object."""
    return [{"kind": row["kind"], "document": row["document"],
             "content": json.loads(row["content"])} for row in store.rows(
                 "SELECT * FROM release_notes WHERE number = ? ORDER BY position", [number])]
