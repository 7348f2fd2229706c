"""Suggestions: immutable sets, the newest of a document counts.

A set belongs to one state of the pack. Where a project goes back to an earlier overlay, its
documents get new sets of the earlier state.
"""
from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import Any, Collection, Iterator, Sequence

from labels.inheritance import SOURCES
from labels.rules import (
    Beaten, ClassSuggestion, Evidence, RelationSuggestion, RuleFailure, SpanSuggestion,
    Suggestions, Unshown, Value,
)
from workbench.clock import now
from workbench.store.connection import Row, Store
from workbench.store.inheriting import inherited_in, save_inherited

_UNBEATEN = '"beat": []}'


def save_suggestions(store: Store, document_id: int, pack_hash: str, suggestions: Suggestions,
                     inherited: Sequence[Row] = ()) -> int:
    """Store a set, all or nothing; returns its id. If the newest is of the same pack and inherits
    the same, it stays. `inherited` are rows of the passages that do."""
    with store.write() as db:
        newest = current_set(store, document_id)
        if newest is not None and newest["pack_hash"] == pack_hash and _codes(
                inherited_in(store, newest["id"])) == _codes(inherited):
            return int(newest["id"])
        cursor = db.execute(
            "INSERT INTO suggestion_sets (document_id, pack_hash, failures, created_at)"
            " VALUES (?, ?, ?, ?)",
            [document_id, pack_hash, _json([asdict(f) for f in suggestions.failures]), now()])
        set_id = cursor.lastrowid
        assert set_id is not None
        db.table("suggested_spans").insert_all(
            {"set_id": set_id, "position": position, "start": span.start, "end": span.end,
             "label": span.label, "rule": span.rule, "version": span.version, "score": span.score,
             "value": _json(asdict(span.value)) if span.value else None,
             "evidence": _json(_evidence(span.evidence))}
            for position, span in enumerate(suggestions.spans))
        db.table("suggested_relations").insert_all(
            {"set_id": set_id, "type": link.type, "source": link.source, "target": link.target,
             "direction": link.direction, "rule": link.rule, "version": link.version,
             "score": link.score}
            for link in suggestions.relations)
        db.table("suggested_classes").insert_all(
            {"set_id": set_id, "class_set": choice.class_set, "choice": choice.choice,
             "start": choice.start, "end": choice.end, "rule": choice.rule,
             "version": choice.version, "score": choice.score, "evidence": choice.evidence}
            for choice in suggestions.classes)
        db.table("unshown_suggestions").insert_all(
            {"set_id": set_id, **one._asdict()} for one in suggestions.unshown)
        save_inherited(store, set_id, inherited)
        # All that a rule says, shown or not; what gold says again has a version for each passage.
        made = Counter((one.rule, one.version if one.rule not in SOURCES else "")
                       for kind in (suggestions.spans, suggestions.relations, suggestions.classes,
                                    suggestions.unshown) for one in kind)
        db.table("rule_counts").insert_all(
            {"set_id": set_id, "rule": rule, "version": version, "made": count}
            for (rule, version), count in made.items())
        beaten = Counter((span.rule, loser.rule) for span in suggestions.spans
                         for loser in span.evidence.beat if span.rule not in SOURCES)
        db.table("rule_conflicts").insert_all(
            {"set_id": set_id, "winner": winner, "loser": loser, "n": count}
            for (winner, loser), count in beaten.items())
        return int(set_id)


def load_suggestions(store: Store, set_id: int) -> Suggestions:
    """A set as it was saved."""
    spans = tuple(SpanSuggestion(
        row["start"], row["end"], row["label"], row["rule"], row["version"], row["score"],
        Evidence(row["evidence"]["matched"], tuple(row["evidence"]["terms"]),
                 tuple(Beaten(**one) for one in row["evidence"]["beat"])),
        Value(**row["value"]) if row["value"] else None) for row in spans_of(store, set_id))
    links = tuple(RelationSuggestion(
        row["type"], row["source"], row["target"], row["rule"], row["version"], row["score"],
        row["direction"]) for row in relations_of(store, set_id))
    votes = tuple(ClassSuggestion(
        row["class_set"], row["choice"], row["start"], row["end"], row["rule"], row["version"],
        row["score"], row["evidence"]) for row in classes_of(store, set_id))
    raised = store.value("SELECT failures FROM suggestion_sets WHERE id = ?", [set_id])
    names = ", ".join(f'"{name}"' for name in Unshown._fields)
    unshown = tuple(Unshown(**row) for row in store.rows(
        f"SELECT {names} FROM unshown_suggestions WHERE set_id = ? ORDER BY id", [set_id]))
    return Suggestions(spans, links, votes,
                       tuple(RuleFailure(**one) for one in json.loads(raised)), unshown)


def _codes(rows: Sequence[Row]) -> set[tuple[str, int, str]]:
    return {(row["kind"], row["start"], row["code"]) for row in rows}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {**evidence._asdict(), "beat": [beaten._asdict() for beaten in evidence.beat]}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def current_set(store: Store, document_id: int) -> Row | None:
    """The newest suggestion set of a document."""
    return store.row("SELECT * FROM suggestion_sets WHERE document_id = ? ORDER BY id DESC LIMIT 1",
                     [document_id])


def document_of(store: Store, set_id: int) -> int:
    return int(store.value("SELECT document_id FROM suggestion_sets WHERE id = ?", [set_id]))


def newest_sets(store: Store) -> list[Row]:
    """The sets that count, one a document that has any."""
    return store.rows("SELECT * FROM suggestion_sets s WHERE id = (SELECT max(id)"
                      " FROM suggestion_sets WHERE document_id = s.document_id) ORDER BY id")


def sets_shown(store: Store) -> list[Row]:
    """The sets that tasks in Label Studio show, or that answers were made before."""
    return store.rows("SELECT * FROM suggestion_sets WHERE id IN"
                      " (SELECT set_id FROM tasks WHERE gone_at IS NULL UNION"
                      " SELECT shown_set FROM tasks WHERE gone_at IS NULL UNION"
                      " SELECT seen_set FROM answers WHERE deleted_at IS NULL) ORDER BY id")


def count_suggested(store: Store, names: Collection[str]) -> int:
    """How many suggestions of the sets that count say one of these names."""
    marks = ",".join("?" * len(names))
    current = ("SELECT max(id) FROM suggestion_sets GROUP BY document_id")
    return sum(int(store.value(
        f"SELECT count(*) FROM {table} WHERE {column} IN ({marks}) AND set_id IN ({current})",
        list(names))) for table, column in (
            ("suggested_spans", "label"), ("suggested_relations", "type"),
            ("suggested_classes", "class_set")))


def relabel_set(store: Store, set_id: int, pack_hash: str) -> None:
    """A set that another state of the pack would make just so is of that state too."""
    with store.write() as db:
        db.execute("UPDATE suggestion_sets SET pack_hash = ? WHERE id = ?", [pack_hash, set_id])


def show_set(store: Store, old: int, new: int) -> None:
    """Tasks in Label Studio that showed the set `old` show `new` now, which says the same under
    other names; so do the answers made before it, whose newer versions bear those names."""
    with store.write() as db:
        db.execute("UPDATE tasks SET set_id = ? WHERE set_id = ?", [new, old])
        db.execute("UPDATE tasks SET shown_set = ? WHERE shown_set = ?", [new, old])
        db.execute("UPDATE answers SET seen_set = ? WHERE seen_set = ?", [new, old])


def documents_without(store: Store, pack_hash: str) -> list[int]:
    """Current documents whose newest suggestions are not by this state of the pack."""
    return [row["id"] for row in store.rows(
        "SELECT id FROM documents d WHERE removed_at IS NULL AND version ="
        " (SELECT max(version) FROM documents WHERE name = d.name) AND ? IS NOT"
        " (SELECT pack_hash FROM suggestion_sets s WHERE s.document_id = d.id"
        "  ORDER BY s.id DESC LIMIT 1) ORDER BY id",
        [pack_hash])]


def spans_of(store: Store, set_id: int, start: int = 0, end: int | None = None) -> list[Row]:
    """Spans of a set that lie in [start, end), value and evidence as objects."""
    rows = store.rows(
        'SELECT * FROM suggested_spans WHERE set_id = ? AND start >= ? AND "end" <= ?'
        " ORDER BY start", [set_id, start, 1 << 60 if end is None else end])
    return [{**row, "value": json.loads(row["value"]) if row["value"] else None,
             "evidence": json.loads(row["evidence"])} for row in rows]


def marks_of(store: Store, set_id: int) -> list[Row]:
    """Position, start, end, label and score of the spans of a set, in reading order."""
    return store.rows('SELECT position, start, "end", label, score FROM suggested_spans'
                      " WHERE set_id = ? ORDER BY start", [set_id])


def spans_with_beaten(store: Store, set_id: int) -> Iterator[Row]:
    """The spans of a set with what each won against (`beat`), in reading order; quick for many."""
    for row in store.conn.execute(
            'SELECT position, start, "end", label, rule, version, score, evidence'
            " FROM suggested_spans WHERE set_id = ? ORDER BY start", [set_id]):
        found = dict(row)
        evidence = found.pop("evidence")
        # Most won against nothing; reading all the JSON would take most of the time.
        found["beat"] = () if evidence.endswith(_UNBEATEN) else tuple(
            Beaten(**one) for one in json.loads(evidence)["beat"])
        yield found


def relations_of(store: Store, set_id: int) -> list[Row]:
    return store.rows("SELECT * FROM suggested_relations WHERE set_id = ? ORDER BY source, target",
                      [set_id])


def classes_of(store: Store, set_id: int) -> list[Row]:
    return store.rows("SELECT * FROM suggested_classes WHERE set_id = ? ORDER BY start, class_set",
                      [set_id])


def spans_touching(store: Store, set_id: int, start: int, end: int) -> list[Row]:
    """Position, start, end and label of the spans that reach into [start, end)."""
    return store.rows(
        'SELECT position, start, "end", label FROM suggested_spans WHERE set_id = ?'
        ' AND start < ? AND "end" > ? ORDER BY start', [set_id, end, start])


def unshown_at(store: Store, set_id: int, start: int, end: int) -> list[Row]:
    """What rules say of spans that reach into [start, end) and nobody is shown."""
    return store.rows(
        "SELECT * FROM unshown_suggestions WHERE set_id = ? AND kind = 'span' AND start < ?"
        ' AND "end" > ? ORDER BY start, id', [set_id, end, start])


def span_at(store: Store, set_id: int, position: int) -> Row | None:
    """One span of a set, value and evidence as objects."""
    row = store.row("SELECT * FROM suggested_spans WHERE set_id = ? AND position = ?",
                    [set_id, position])
    return row and {**row, "value": json.loads(row["value"]) if row["value"] else None,
                    "evidence": json.loads(row["evidence"])}


def relations_with(store: Store, set_id: int, position: int) -> list[Row]:
    """The relations that the span at `position` is in, with `other`, the span at the other end:
    its position, start, end and label."""
    return store.rows("""
        SELECT r.*, p.position AS other, p.start AS other_start, p."end" AS other_end,
            p.label AS other_label
        FROM suggested_relations r JOIN suggested_spans p ON p.set_id = r.set_id
          AND p.position = CASE WHEN r.source = :position THEN r.target ELSE r.source END
        WHERE r.set_id = :set AND (r.source = :position OR r.target = :position)
        ORDER BY p.start, r.type""", {"set": set_id, "position": position})


def label_counts(store: Store, set_id: int) -> dict[str, int]:
    """How many spans of each label a set holds."""
    return {row["label"]: row["n"] for row in store.rows(
        "SELECT label, count(*) AS n FROM suggested_spans WHERE set_id = ? GROUP BY label",
        [set_id])}
