"""Answers: every version of every annotation that was pulled. Rows are only added and marked."""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterable, Mapping

from workbench.clock import now
from workbench.store.connection import Row, Store


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """One version of an annotation.

    `origin` is the identity of the project in Label Studio whose ids these are, `slot` its place
    among its siblings. `made_at` is when the annotation was begun; `blind`: no other one stood in
    its task by then. `hidden`: the suggestions (`seen_set`) were hidden from who made it; None for
    either: that cannot be told.
    """

    region_id: int
    origin: str
    slot: int
    studio_task: int
    studio_annotation: int
    studio_updated_at: str
    studio_user: int | None
    annotator: str
    state: str
    reason: str
    answer: Mapping[str, Any]
    raw: Any
    lead_time: float | None
    made_at: str
    blind: bool
    hidden: bool | None = False
    seen_set: int | None = None


def add_answer(store: Store, new: NewAnswer) -> int:
    """Store a version of an annotation that is not stored yet; returns its id."""
    with store.write() as db:
        row = {**{name: getattr(new, name) for name in NewAnswer.__slots__},
               "answer": canonical(new.answer), "raw": json.dumps(new.raw, ensure_ascii=False),
               "blind": int(new.blind), "pulled_at": now(),
               "hidden": None if new.hidden is None else int(new.hidden)}
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        cursor = db.execute(f"INSERT INTO answers ({names}) VALUES ({marks})", row)
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def mark_returned(store: Store, answer_id: int) -> None:
    """An answer that counted as deleted is there again."""
    with store.write() as db:
        db.execute("UPDATE answers SET deleted_at = NULL WHERE id = ?", [answer_id])


def stored_versions(store: Store,
                    origin: str) -> dict[tuple[int, int], dict[tuple[int, str], Row]]:
    """All stored versions of annotations by (task, region), then by (annotation, updated_at): their
    `id`, `deleted_at`, `made_at`, `annotator`, `hidden` and `seen_set`.

    The number of a task alone is not enough: on SQLite Label Studio gives those of deleted ones to
    new ones, which ask for other regions.
    """
    found: dict[tuple[int, int], dict[tuple[int, str], Row]] = {}
    for row in store.rows(
            "SELECT id, region_id, studio_task, studio_annotation, studio_updated_at, deleted_at,"
            " made_at, annotator, hidden, seen_set FROM answers WHERE origin = ?"
            " ORDER BY id", [origin]):
        found.setdefault((row["studio_task"], row["region_id"]), {})[
            row["studio_annotation"], row["studio_updated_at"]] = row
    return found


def canonical(answer: Mapping[str, Any]) -> str:
    """One text for equal answers: spans sorted, relations following them."""
    spans = answer.get("spans", [])
    order = sorted(range(len(spans)),
                   key=lambda i: (spans[i]["start"], spans[i]["end"], spans[i]["label"]))
    place = {old: new for new, old in enumerate(order)}
    relations = sorted(
        ({**relation, "source": place[relation["source"]], "target": place[relation["target"]]}
         for relation in answer.get("relations", [])),
        key=lambda r: (r["source"], r["target"], r["type"], r.get("direction") or ""))
    classes = {name: sorted(chosen) for name, chosen in answer.get("classes", {}).items()}
    return json.dumps({"spans": [spans[i] for i in order], "relations": relations,
                       "classes": classes}, ensure_ascii=False, sort_keys=True)


def mark_deleted(store: Store, origin: str, annotations: Iterable[int]) -> None:
    """Mark all versions of annotations that were deleted there."""
    with store.write() as db:
        for annotation in annotations:
            db.execute("UPDATE answers SET deleted_at = ? WHERE origin = ?"
                       " AND studio_annotation = ? AND deleted_at IS NULL",
                       [now(), origin, annotation])


# Of an annotation its newest version counts. Where a person answered a region again under another
# task (a new Label Studio, a task sent again after it was deleted), the newer answer counts; an
# account that is gone has no address and is nobody in particular.
NEWEST = """
    SELECT a.* FROM answers a WHERE a.deleted_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM answers b WHERE b.origin = a.origin
        AND b.studio_annotation = a.studio_annotation
        AND (b.studio_updated_at, b.id) > (a.studio_updated_at, a.id))
      AND NOT EXISTS (SELECT 1 FROM answers c WHERE c.region_id = a.region_id
        AND c.annotator = a.annotator AND c.annotator LIKE '%@%' AND c.deleted_at IS NULL
        AND (c.origin <> a.origin OR c.studio_task <> a.studio_task)
        AND (c.studio_updated_at, c.id) > (a.studio_updated_at, a.id))
"""


def newest_answers(store: Store, region_id: int | None = None) -> list[Row]:
    """The newest version of each living annotation, `answer` as an object."""
    rows = store.rows(
        f"SELECT * FROM ({NEWEST}) WHERE (:region IS NULL OR region_id = :region)"
        " ORDER BY region_id, studio_updated_at", {"region": region_id})
    return [{**row, "answer": json.loads(row["answer"])} for row in rows]


def accepted_answers(store: Store, document_id: int) -> dict[int, list[Row]]:
    """The answers to the regions of a document that count, by region, oldest first: `id`,
    `annotator` and `answer` (as it is stored: canonical)."""
    found: dict[int, list[Row]] = {}
    for row in store.rows(f"""
            SELECT a.id, a.region_id, a.annotator, a.answer FROM regions r
            JOIN ({NEWEST}) a ON a.region_id = r.id AND a.state = 'accepted'
            WHERE r.document_id = ? ORDER BY a.region_id, a.studio_updated_at""", [document_id]):
        found.setdefault(row["region_id"], []).append(row)
    return found


def answer_counts(store: Store) -> Mapping[str, int]:
    return {row["state"]: row["n"] for row in store.rows(
        f"SELECT state, count(*) AS n FROM ({NEWEST}) GROUP BY state")}
