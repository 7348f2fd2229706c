"""Answers: every version of every annotation that was pulled. Rows are only added and marked."""
from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

from workbench.clock import now
from workbench.store.connection import Row, Store


def add_answer(store: Store, *, region_id: int, studio_annotation: int, studio_updated_at: str,
               annotator: str, state: str, reason: str, answer: Mapping[str, Any],
               raw: Any, lead_time: float | None) -> bool:
    """Store one version of an annotation; False if it was known."""
    with store.write() as db:
        cursor = db.execute(
            "INSERT INTO answers (region_id, studio_annotation, studio_updated_at, annotator,"
            " state, reason, answer, raw, lead_time, pulled_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (studio_annotation, studio_updated_at) DO NOTHING",
            [region_id, studio_annotation, studio_updated_at, annotator, state, reason,
             json.dumps(answer, ensure_ascii=False), json.dumps(raw, ensure_ascii=False),
             lead_time, now()])
        return cursor.rowcount > 0


def mark_deleted(store: Store, region_id: int, living: Iterable[int]) -> int:
    """Mark answers of a region whose annotation is not among `living` ids any more."""
    living = list(living)
    marks = ",".join("?" * len(living))
    with store.write() as db:
        return db.execute(
            f"UPDATE answers SET deleted_at = ? WHERE region_id = ? AND deleted_at IS NULL"
            f" AND studio_annotation NOT IN ({marks})", [now(), region_id, *living]).rowcount


def has_answer(store: Store, studio_annotation: int, studio_updated_at: str) -> bool:
    """Whether this version of the annotation is stored."""
    return bool(store.value("SELECT 1 FROM answers WHERE studio_annotation = ?"
                            " AND studio_updated_at = ?", [studio_annotation, studio_updated_at]))


def living_annotations(store: Store, region_id: int) -> list[Row]:
    """Annotations of a region that are not known to be deleted."""
    return store.rows("SELECT DISTINCT studio_annotation FROM answers"
                      " WHERE region_id = ? AND deleted_at IS NULL", [region_id])


_NEWEST = """
    SELECT a.* FROM answers a WHERE a.deleted_at IS NULL AND a.id =
      (SELECT id FROM answers b WHERE b.studio_annotation = a.studio_annotation
       ORDER BY b.studio_updated_at DESC, b.id DESC LIMIT 1)
"""


def newest_answers(store: Store, region_id: int | None = None) -> list[Row]:
    """The newest version of each living annotation, `answer` as an object."""
    rows = store.rows(
        f"SELECT * FROM ({_NEWEST}) WHERE (:region IS NULL OR region_id = :region)"
        " ORDER BY region_id, studio_updated_at", {"region": region_id})
    return [{**row, "answer": json.loads(row["answer"])} for row in rows]


def answer_counts(store: Store) -> Mapping[str, int]:
    return {row["state"]: row["n"] for row in store.rows(
        f"SELECT state, count(*) AS n FROM ({_NEWEST}) GROUP BY state")}


def answers_by_person(store: Store) -> Mapping[str, int]:
    """Accepted answers a person, by account e-mail."""
    return {row["annotator"]: row["n"] for row in store.rows(
        f"SELECT annotator, count(*) AS n FROM ({_NEWEST}) WHERE state = 'accepted'"
        " GROUP BY annotator")}
