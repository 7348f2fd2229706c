"""Regions whose answer somebody shall look at once more."""
from __future__ import annotations

import json

from workbench.clock import now
from workbench.store.answers import NEWEST
from workbench.store.connection import Row, Store

# A newer answer of whoever was asked ends it by itself.
_OPEN = """q.ended_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM answers a WHERE a.region_id = q.region_id AND a.deleted_at IS NULL
    AND (q.annotator = '' OR a.annotator = q.annotator)
    AND substr(a.studio_updated_at, 1, 19) > substr(q.asked_at, 1, 19))"""


def ask_again(store: Store, region_id: int, annotator: str, note: str, by: str) -> int:
    """Ask the account `annotator` (an e-mail address; "": whoever answers) to look again."""
    with store.write() as db:
        cursor = db.execute(
            "INSERT INTO asked_again (region_id, annotator, note, asked_by, asked_at)"
            " VALUES (?, ?, ?, ?, ?)", [region_id, annotator, note, by, now()])
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def stop_asking(store: Store, region_id: int) -> None:
    """Take back what was asked of a region."""
    with store.write() as db:
        db.execute("UPDATE asked_again SET ended_at = ? WHERE region_id = ? AND ended_at IS NULL",
                   [now(), region_id])


def asked_again(store: Store, *, user_id: int | None = None,
                region_id: int | None = None) -> list[Row]:
    """What was asked and not answered since, oldest first: `note`, `asked_by`, `asked_at`, the
    region with its document, and the task of the person's slot in Label Studio."""
    rows = store.rows(f"""
        SELECT q.id AS asked_id, q.annotator, q.note, q.asked_by, q.asked_at, r.id, r.key,
            r.document_id, r.kind, r.start, r."end", r.heading_path, d.title, d.name,
            substr(t.text, r.start + 1, min(r."end" - r.start, 80)) AS excerpt,
            k.slot, k.studio_project, k.studio_task
        FROM asked_again q JOIN regions r ON r.id = q.region_id
        JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
        LEFT JOIN users u ON u.id = :user
        LEFT JOIN tasks k ON k.region_id = r.id AND k.gone_at IS NULL
            AND k.slot = coalesce(u.slot, 1)
        WHERE {_OPEN} AND d.removed_at IS NULL
          AND (:region IS NULL OR q.region_id = :region)
          AND (:user IS NULL OR lower(q.annotator) = lower(u.studio_email)
               OR (q.annotator = '' AND k.studio_task IS NOT NULL))
        ORDER BY q.id""", {"user": user_id, "region": region_id})
    return [{**row, "path": json.loads(row["heading_path"])} for row in rows]


def annotators_of(store: Store, region_id: int, slot: int | None = None) -> list[str]:
    """The accounts whose answers to a region count."""
    return [row["annotator"] for row in store.rows(
        f"SELECT DISTINCT annotator FROM ({NEWEST}) WHERE region_id = :region"
        " AND (:slot IS NULL OR slot = :slot) ORDER BY 1", {"region": region_id, "slot": slot})]
