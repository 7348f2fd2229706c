"""What rules did in the suggestions that count: the newest set of each current document."""
from __future__ import annotations

import json
from typing import Any, Mapping

from workbench.clock import now
from workbench.store.answers import NEWEST
from workbench.store.connection import Row, Store
from workbench.store.gold import STANDING

CURRENT = """
    SELECT max(s.id) AS id, s.document_id FROM suggestion_sets s
    JOIN documents d ON d.id = s.document_id
    WHERE d.removed_at IS NULL
      AND d.version = (SELECT max(version) FROM documents WHERE name = d.name)
    GROUP BY s.document_id
"""


def current_sets(store: Store) -> list[Row]:
    """`id` and `document_id` of the sets that count, in order of the documents."""
    return store.rows(f"SELECT * FROM ({CURRENT}) ORDER BY document_id")


def rule_counts(store: Store) -> dict[str, Row]:
    """By rule: `made` suggestions, in how many `documents`, and the newest `version` of them."""
    return {row["rule"]: row for row in store.rows(f"""
        SELECT rule, sum(made) AS made, count(*) AS documents, max(version) AS version,
            count(DISTINCT version) AS versions
        FROM rule_counts WHERE set_id IN (SELECT id FROM ({CURRENT})) GROUP BY rule""")}


def count_due(store: Store, pack_hash: str) -> int:
    """How many documents have suggestions, the newest of another state of the pack."""
    return int(store.value(f"SELECT count(*) FROM suggestion_sets WHERE pack_hash <> ?"
                           f" AND id IN (SELECT id FROM ({CURRENT}))", [pack_hash]))


def conflicts(store: Store) -> list[Row]:
    """`winner`, `loser` and how often (`n`), most often first."""
    return store.rows(f"""
        SELECT winner, loser, sum(n) AS n FROM rule_conflicts
        WHERE set_id IN (SELECT id FROM ({CURRENT})) GROUP BY winner, loser
        ORDER BY n DESC, winner, loser""")


def failures(store: Store) -> list[Row]:
    """Rules that raised: `rule`, `error` (one of them), how often (`n`), in how many `documents`
    and one of these, `document_id`."""
    return store.rows(f"""
        SELECT json_extract(f.value, '$.rule') AS rule, min(json_extract(f.value, '$.error'))
            AS error, sum(coalesce(json_extract(f.value, '$.count'), 1)) AS n,
            count(DISTINCT s.document_id) AS documents, min(s.document_id) AS document_id
        FROM suggestion_sets s, json_each(s.failures) f
        WHERE s.failures <> '[]' AND s.id IN (SELECT id FROM ({CURRENT})) GROUP BY 1
        ORDER BY n DESC""")


def sets_with(store: Store, rule: str) -> list[Row]:
    """`id`, `document_id` and `made` of the sets that hold something of `rule`."""
    return store.rows(f"""
        SELECT c.id, c.document_id, r.made FROM ({CURRENT}) c
        JOIN rule_counts r ON r.set_id = c.id AND r.rule = ? ORDER BY c.document_id""", [rule])


def versions_seen(store: Store, rule: str) -> list[Row]:
    """The versions of `rule` that suggested something: `version`, since when, in how many sets."""
    return store.rows("""
        SELECT r.version, min(s.created_at) AS since, count(*) AS sets, sum(r.made) AS made
        FROM rule_counts r JOIN suggestion_sets s ON s.id = r.set_id WHERE r.rule = ?
        GROUP BY r.version ORDER BY since DESC""", [rule])


# One query a kind of rule: what it says (`label`), where, and its key within the set.
_MADE = {
    "span": """SELECT 'span' AS kind, position, label, rule, version, score, start, "end",
        NULL AS target_start, NULL AS target_end, NULL AS direction, evidence,
        CAST(position AS TEXT) AS key FROM suggested_spans WHERE set_id = :set""",
    "relation": """SELECT 'relation' AS kind, r.source AS position, r.type AS label, r.rule,
        r.version, r.score, a.start, a."end", b.start AS target_start, b."end" AS target_end,
        r.direction, NULL AS evidence, r.source || ' ' || r.target || ' ' || r.type AS key,
        a.label AS source_label, b.label AS target_label
        FROM suggested_relations r
        JOIN suggested_spans a ON a.set_id = r.set_id AND a.position = r.source
        JOIN suggested_spans b ON b.set_id = r.set_id AND b.position = r.target
        WHERE r.set_id = :set""",
    "class": """SELECT 'class' AS kind, NULL AS position, choice AS label, rule, version, score,
        start, "end", NULL AS target_start, NULL AS target_end, NULL AS direction, evidence,
        start || ' ' || class_set || ' ' || choice AS key, class_set
        FROM suggested_classes WHERE set_id = :set""",
}


# What nobody is shown, as rows of the same shape.
_UNSHOWN = """SELECT kind, NULL AS position, label, rule, version, score, start, "end",
    target_start, target_end, direction, NULL AS evidence, 'u' || id AS key, source_label,
    target_label, class_set, why FROM unshown_suggestions WHERE set_id = :set AND kind = :kind"""


def made_in(store: Store, set_id: int, kind: str, rule: str | None = None) -> list[Row]:
    """What the rules of a kind (or one of them) made in a set, in order of the text.

    `kind`, `label`, `rule`, `version`, `score`, `start`, `end`, `key` (unique in set and kind),
    `why` nobody is shown it (else None), and of relations `target_start`, `target_end`,
    `direction`, `source_label`, `target_label`, of classes `class_set`, of spans `position`.
    What is inherited stands among them, under its source.
    """
    asked = {"set": set_id, "rule": rule, "kind": kind}
    found: list[Row] = [{**row, "why": None} for row in store.rows(
        f"SELECT * FROM ({_MADE[kind]}) WHERE :rule IS NULL OR rule = :rule", asked)]
    found += store.rows(f"SELECT * FROM ({_UNSHOWN}) WHERE :rule IS NULL OR rule = :rule", asked)
    return sorted(found, key=lambda row: (row["start"], row["end"], row["key"]))


def judged_answers(store: Store) -> list[Row]:
    """Regions of current documents that people have judged: the gold that stands, else answers
    that all agree. `document_id`, `kind`, `start`, `end`, `answer` as JSON, whether it
    is `gold`, under which `schema_version` it was settled (None: not kept), and whether all its
    answers were made with the suggestions `hidden`."""
    return store.rows(f"""
        WITH gold_now AS MATERIALIZED ({STANDING}), said AS MATERIALIZED (
            SELECT region_id, min(answer) AS answer FROM ({NEWEST}) WHERE state = 'accepted'
            GROUP BY region_id HAVING count(DISTINCT answer) = 1)
        SELECT r.document_id, r.kind, r.start, r."end",
            coalesce(g.answer, s.answer) AS answer, g.answer IS NOT NULL AS gold,
            g.schema_version, coalesce(g.answer_ids, '[]') <> '[]' AND NOT EXISTS (
                SELECT 1 FROM json_each(g.answer_ids) i JOIN answers a ON a.id = i.value
                WHERE a.hidden IS NOT 1) AS hidden
        FROM regions r JOIN documents d ON d.id = r.document_id
        LEFT JOIN gold_now g ON g.region_id = r.id LEFT JOIN said s ON s.region_id = r.id
        WHERE d.removed_at IS NULL AND (g.answer IS NOT NULL OR s.answer IS NOT NULL)
          AND d.version = (SELECT max(version) FROM documents WHERE name = d.name)
        ORDER BY r.document_id, r.start""")


def stamp(store: Store) -> tuple[Any, ...]:
    """Changes whenever what `judged_answers` or the sets that count are may have changed."""
    row = store.row("""SELECT (SELECT max(id) FROM gold) AS a, (SELECT max(id) FROM answers) AS b,
        (SELECT count(deleted_at) FROM answers) AS c, (SELECT max(id) FROM suggestion_sets) AS d,
        (SELECT max(id) FROM documents) AS e, (SELECT count(removed_at) FROM documents) AS f""")
    return tuple(row.values()) if row else ()


# --- reference files -----------------------------------------------------------------------------

def add_reference(store: Store, name: str, content: str, passages: int, by: str) -> int:
    """Keep a reference file; one of the same name takes its place. Returns its id."""
    with store.write() as db:
        db.execute("DELETE FROM reference_files WHERE name = ?", [name])
        cursor = db.execute(
            "INSERT INTO reference_files (name, content, passages, added_by, added_at)"
            " VALUES (?, ?, ?, ?, ?)", [name, content, passages, by, now()])
        assert cursor.lastrowid is not None
        return int(cursor.lastrowid)


def save_scores(store: Store, reference_id: int, pack_hash: str,
                scores: Mapping[str, Any]) -> None:
    with store.write() as db:
        db.execute("UPDATE reference_files SET pack_hash = ?, scored_at = ?, scores = ?"
                   " WHERE id = ?",
                   [pack_hash, now(), json.dumps(dict(scores), ensure_ascii=False), reference_id])


def references(store: Store) -> list[Row]:
    """Reference files without their content, `scores` as an object or None."""
    rows = store.rows("SELECT id, name, passages, added_by, added_at, pack_hash, scored_at, scores"
                      " FROM reference_files ORDER BY name")
    return [{**row, "scores": json.loads(row["scores"]) if row["scores"] else None}
            for row in rows]


def reference_content(store: Store, reference_id: int) -> str | None:
    found = store.value("SELECT content FROM reference_files WHERE id = ?", [reference_id])
    return None if found is None else str(found)


def drop_reference(store: Store, reference_id: int) -> None:
    with store.write() as db:
        db.execute("DELETE FROM reference_files WHERE id = ?", [reference_id])
