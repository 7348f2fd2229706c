"""Drafts: work in Label Studio that nobody has submitted yet, as it stood when last looked at."""
from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

from workbench.store.connection import Row, Store

Draft = tuple[int, str, str, Mapping[str, Any]]   # id there, account, updated_at, raw


def keep_drafts(store: Store, origin: str, region_id: int, studio_task: int,
                drafts: Iterable[Draft]) -> None:
    """These are the drafts of a task now; those that are not there any more are dropped."""
    with store.write() as db:
        db.execute("DELETE FROM drafts WHERE origin = ? AND studio_task = ?",
                   [origin, studio_task])
        for number, account, updated_at, raw in drafts:
            db.execute("INSERT OR REPLACE INTO drafts (origin, studio_draft, region_id,"
                       " studio_task, annotator, raw, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                       [origin, number, region_id, studio_task, account,
                        json.dumps(dict(raw), ensure_ascii=False), updated_at])


def drafts_of(store: Store, region_id: int) -> list[Row]:
    return [{**row, "raw": json.loads(row["raw"])} for row in store.rows(
        "SELECT * FROM drafts WHERE region_id = ? ORDER BY updated_at", [region_id])]
