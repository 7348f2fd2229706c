"""What would be gold if it were settled now: regions on whose answers people agree."""
from __future__ import annotations

import json
from typing import Collection

from workbench.store.answers import NEWEST
from workbench.store.connection import Row, Store
from workbench.store.gold import gold_grounds

# Of documents `d`: those that count.
CURRENT = ("d.removed_at IS NULL AND d.version ="
           " (SELECT max(version) FROM documents WHERE name = d.name)")


def coming(store: Store, document_id: int | None = None) -> dict[int, Row]:
    """The regions of current documents (or of one) on whose answers people agree and whose gold, if
    they have any, was not settled from just these: `document_id`, `kind`, `start`, `end`, and
    `answer_ids` (a sorted list), by region."""
    rows = store.rows(f"""
        SELECT r.id AS region_id, r.document_id, r.kind, r.start, r."end",
            group_concat(a.id) AS answer_ids
        FROM regions r JOIN documents d ON d.id = r.document_id
        JOIN ({NEWEST}) a ON a.region_id = r.id AND a.state = 'accepted'
        WHERE {CURRENT} AND (:document IS NULL OR r.document_id = :document)
        GROUP BY r.id HAVING count(DISTINCT a.answer) = 1 ORDER BY r.document_id, r.start""",
                      {"document": document_id})
    grounds = gold_grounds(store, document_id)
    found: dict[int, Row] = {}
    for row in rows:
        ids = sorted(int(one) for one in row["answer_ids"].split(","))
        if grounds.get(row["region_id"]) != set(ids):
            found[row["region_id"]] = {**row, "answer_ids": ids}
    return found


def coming_answers(store: Store, region_ids: Collection[int]) -> list[Row]:
    """Of regions in `coming`, in the order of the text: region_id, start, end, `answer` (an object)
    and `answer_ids` and `annotators` (lists)."""
    rows = store.rows(f"""
        SELECT r.id AS region_id, r.kind, r.start, r."end", min(a.answer) AS answer,
            json_group_array(a.id) AS answer_ids, json_group_array(a.annotator) AS annotators
        FROM regions r JOIN ({NEWEST}) a ON a.region_id = r.id AND a.state = 'accepted'
        WHERE r.id IN (SELECT value FROM json_each(?))
        GROUP BY r.id ORDER BY r.document_id, r.start""", [json.dumps(sorted(region_ids))])
    return [{**row, "answer": json.loads(row["answer"]),
             "answer_ids": sorted(json.loads(row["answer_ids"])),
             "annotators": sorted(set(json.loads(row["annotators"])))} for row in rows]
