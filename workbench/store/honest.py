"""What tells how suggestions work on people: answers, the gold they can be held to, suggestions."""
from __future__ import annotations

import json
from workbench.store.connection import Row, Store
from workbench.store.gold import STANDING
from workbench.store.review import answers_stamp
from workbench.store.trials import DECIDED


def gold_for_judging(store: Store) -> dict[int, Row]:
    """The gold that stands, by region: `answer` as an object, the `annotators` whose answers it
    was made from, and whether it was `decided` between answers."""
    return {row["region_id"]: {**row, "answer": json.loads(row["answer"]),
                               "annotators": json.loads(row["annotators"])}
            for row in store.rows(f"SELECT g.region_id, g.answer, g.annotators,"
                                  f" {DECIDED} AS decided FROM ({STANDING}) g")}


def suggested_in_set(store: Store, set_id: int) -> list[Row]:
    """What the rules suggested in a set: `kind` (of the region), `start`, `end`, `said` (the label,
    or set and choice) and `rule`, in order. What was carried over from older answers is not among
    it."""
    return store.rows("""
        SELECT 'spans' AS kind, start, "end", label AS said, rule FROM suggested_spans
        WHERE set_id = :set
        UNION ALL SELECT 'classes', start, "end", class_set || '=' || choice, rule
        FROM suggested_classes WHERE set_id = :set ORDER BY 1, 2""", {"set": set_id})


def stood(store: Store) -> dict[tuple[int, int], tuple[int, int]]:
    """Where regions stood in other versions of their documents, by region and document."""
    return {(row["region_id"], row["document_id"]): (row["start"], row["end"])
            for row in store.rows('SELECT region_id, document_id, start, "end" FROM region_moves')}


def documents_of_sets(store: Store) -> dict[int, int]:
    return {row["id"]: row["document_id"]
            for row in store.rows("SELECT id, document_id FROM suggestion_sets")}


def sendings(store: Store) -> list[Row]:
    """The regions of current documents: `key`, `kind`, whether a task of them was `sent`, and
    whether one was with its suggestions (`shown`)."""
    return store.rows("""
        SELECT r.key, r.kind, count(k.region_id) > 0 AS sent,
            coalesce(max(k.hidden IS NOT 1), 0) AND count(k.region_id) > 0 AS shown
        FROM regions r JOIN documents d ON d.id = r.document_id
        LEFT JOIN tasks k ON k.region_id = r.id
        WHERE d.removed_at IS NULL
          AND d.version = (SELECT max(version) FROM documents WHERE name = d.name)
        GROUP BY r.id""")


def honest_stamp(store: Store) -> str:
    """Another one whenever what the report tells may be another."""
    return answers_stamp(store) + json.dumps(store.row(
        "SELECT (SELECT max(id) FROM gold) AS gold, (SELECT max(id) FROM rulings) AS rulings"))
