"""Answers of several people to the same regions."""
from __future__ import annotations

import hashlib
import json
from typing import Sequence

from workbench.store.answers import NEWEST
from workbench.store.connection import Row, Store
from workbench.store.work import WHOSE

# The newest accepted answers to regions of current documents, with what was suggested to who gave
# them (`set_id`), or `hidden` from them (`seen_set`).
_ANSWERED = f"""
    SELECT a.id, a.region_id, a.answer, a.blind, a.lead_time, a.studio_updated_at AS answered_at,
        a.slot, coalesce((SELECT u.name FROM users u WHERE u.id = {WHOSE}), a.annotator) AS person,
        r.kind, r.document_id, r.start, r."end", d.name AS document, d.type, a.hidden, a.seen_set,
        CASE WHEN a.hidden = 0 THEN a.seen_set END AS set_id,
        (SELECT k.quick FROM tasks k WHERE k.origin = a.origin
            AND k.studio_task = a.studio_task) AS quick
    FROM ({NEWEST}) a JOIN regions r ON r.id = a.region_id
    JOIN documents d ON d.id = r.document_id
    WHERE a.state = 'accepted' AND d.removed_at IS NULL
      AND d.version = (SELECT max(version) FROM documents WHERE name = d.name)
"""


def people_answers(store: Store) -> list[Row]:
    """The newest accepted answer of each person to each region, `answer` as an object, in the order
    of documents and regions, then of time. A person is the name of an account here, else the
    address of the account in Label Studio."""
    newest: dict[tuple[int, str], Row] = {}
    for row in store.rows(f"SELECT * FROM ({_ANSWERED})"
                          " ORDER BY document_id, start, kind, answered_at, id"):
        newest.pop((row["region_id"], row["person"]), None)
        newest[row["region_id"], row["person"]] = row
    return [{**row, "answer": json.loads(row["answer"]), "blind": bool(row["blind"])}
            for row in newest.values()]


def answers_stamp(store: Store) -> str:
    """Another one whenever what `people_answers` tells may be another."""
    row = store.row("""
        SELECT (SELECT max(id) FROM answers) AS last,
            (SELECT count(deleted_at) FROM answers) AS gone,
            (SELECT max(id) FROM documents) AS documents,
            (SELECT count(removed_at) FROM documents) AS removed,
            (SELECT count(*) FROM region_moves) AS moved,
            (SELECT json_group_array(json_array(id, name, studio_user, studio_email)) FROM users)
                AS people,
            (SELECT value FROM settings WHERE key = 'studio') AS studio""")
    return json.dumps(row, sort_keys=True)


def people_stamp(store: Store) -> str:
    """Another one whenever the names of people who answered may be others."""
    row = store.row("""
        SELECT (SELECT json_group_array(json_array(id, name, studio_user, studio_email))
                FROM users) AS people,
            (SELECT value FROM settings WHERE key = 'studio') AS studio""")
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]


def texts_of_regions(store: Store, region_ids: list[int]) -> dict[int, str]:
    """The slices of their documents that regions are."""
    return {row["id"]: row["text"] for row in store.rows("""
        SELECT r.id, substr(t.text, r.start + 1, r."end" - r.start) AS text FROM regions r
        JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
        WHERE r.id IN (SELECT value FROM json_each(?))""", [json.dumps(region_ids)])}


def suggested_in(store: Store, set_id: int, start: int, end: int,
                 rules: Sequence[str] = ()) -> set[tuple[int, int, str]]:
    """The spans that a set suggests within [start, end), with offsets local to it; of `rules`, if
    any are named."""
    return {(row["start"] - start, row["end"] - start, row["label"]) for row in store.rows(
        'SELECT start, "end", label, rule FROM suggested_spans WHERE set_id = ? AND start >= ?'
        ' AND "end" <= ?', [set_id, start, end]) if not rules or row["rule"] in rules}
