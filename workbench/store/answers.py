"""Answers: every version of every annotation that was pulled. Rows are only added and marked."""
from __future__ import annotations

import json
from typing import Any, Iterable, Literal, Mapping

from workbench.clock import now
from workbench.store.connection import Row, Store

Stored = Literal["new", "known", "returned"]


def add_answer(store: Store, *, region_id: int, origin: str, studio_task: int,
               studio_annotation: int, studio_updated_at: str, annotator: str, state: str,
               reason: str, answer: Mapping[str, Any], raw: Any, lead_time: float | None) -> Stored:
    """Store one version of an annotation, or take it as there again if it counted as deleted.

    `origin` is the identity of the project in Label Studio whose ids these are.
    """
    with store.write() as db:
        known = stored_as(store, origin, studio_annotation, studio_updated_at)
        if known == "returned":
            db.execute("UPDATE answers SET deleted_at = NULL WHERE origin = ?"
                       " AND studio_annotation = ? AND studio_updated_at = ?",
                       [origin, studio_annotation, studio_updated_at])
        if known != "new":
            return known
        db.execute(
            "INSERT INTO answers (region_id, origin, studio_task, studio_annotation,"
            " studio_updated_at, annotator, state, reason, answer, raw, lead_time, pulled_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [region_id, origin, studio_task, studio_annotation, studio_updated_at, annotator,
             state, reason,
             canonical(answer), json.dumps(raw, ensure_ascii=False),
             lead_time, now()])
        return known


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


def mark_deleted(store: Store, origin: str, studio_task: int, living: Iterable[int]) -> int:
    """Mark answers of a task whose annotation is not among `living` ids any more."""
    living = list(living)
    marks = ",".join("?" * len(living))
    with store.write() as db:
        return db.execute(
            f"UPDATE answers SET deleted_at = ? WHERE origin = ? AND studio_task = ?"
            f" AND deleted_at IS NULL AND studio_annotation NOT IN ({marks})",
            [now(), origin, studio_task, *living]).rowcount


def stored_as(store: Store, origin: str, studio_annotation: int,
              studio_updated_at: str) -> Stored:
    """What `add_answer` would make of this version of the annotation."""
    row = store.row("SELECT deleted_at FROM answers WHERE origin = ? AND studio_annotation = ?"
                    " AND studio_updated_at = ?", [origin, studio_annotation, studio_updated_at])
    if row is None:
        return "new"
    return "returned" if row["deleted_at"] else "known"


def living_annotations(store: Store, origin: str, studio_task: int) -> set[int]:
    """Annotations of a task that are not known to be deleted."""
    return {row["studio_annotation"] for row in store.rows(
        "SELECT studio_annotation FROM answers WHERE origin = ? AND studio_task = ?"
        " AND deleted_at IS NULL", [origin, studio_task])}


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


def answer_counts(store: Store) -> Mapping[str, int]:
    return {row["state"]: row["n"] for row in store.rows(
        f"SELECT state, count(*) AS n FROM ({NEWEST}) GROUP BY state")}
