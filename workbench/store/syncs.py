"""The history of pushes and pulls."""
from __future__ import annotations

import json
from typing import Any, Mapping

from workbench.clock import now
from workbench.store.connection import Row, Store


def start_sync(store: Store, kind: str) -> int:
    """Note that a push or pull begins; a row that never ends was interrupted."""
    with store.write() as db:
        cursor = db.execute("INSERT INTO syncs (kind, started_at, summary) VALUES (?, ?, '{}')",
                            [kind, now()])
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def finish_sync(store: Store, sync_id: int, summary: Mapping[str, Any]) -> None:
    with store.write() as db:
        db.execute("UPDATE syncs SET finished_at = ?, summary = ? WHERE id = ?",
                   [now(), json.dumps(summary), sync_id])


def last_syncs(store: Store, limit: int = 20) -> list[Row]:
    """The newest syncs first, `summary` as an object."""
    rows = store.rows("SELECT * FROM syncs ORDER BY id DESC LIMIT ?", [limit])
    return [{**row, "summary": json.loads(row["summary"])} for row in rows]
