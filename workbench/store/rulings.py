"""What reviewers decided on disagreements, and the rulings that later ones shall follow."""
from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Iterable, Mapping, Sequence

from workbench.clock import now
from workbench.store.answers import NEWEST
from workbench.store.coming import CURRENT
from workbench.store.connection import Row, Store
from workbench.store.gold import STANDING
from workbench.store.work import WHOSE

# The rulings that count: the newest of each region and key, where it was not taken back.
_COUNTING = """
    SELECT * FROM rulings u WHERE u.content IS NOT NULL AND u.id = (
        SELECT max(v.id) FROM rulings v WHERE v.region_id = u.region_id AND v.key = u.key)
"""
_PRECEDENTS = """
    SELECT p.*, u.region_id, u.key, u.kind, u.question, u.decision, u.quote, u.content,
        r.document_id, r.start, d.title, d.name AS document
    FROM precedents p JOIN rulings u ON u.id = p.ruling_id JOIN regions r ON r.id = u.region_id
    JOIN documents d ON d.id = r.document_id WHERE p.ended_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class NewRuling:
    """As the table tells; `content` is JSON, or None to take the last one of that key back."""

    region_id: int
    key: str
    kind: str
    signature: str
    question: str
    decision: str
    quote: str
    choice: str
    content: Mapping[str, Any] | None


def add_rulings(store: Store, made: Iterable[NewRuling], batch: str, by: str) -> int:
    """Store rulings that were made at once; how many."""
    rows = [{**asdict(one), "batch": batch, "ruled_by": by, "ruled_at": now(), "content":
             None if one.content is None else json.dumps(one.content, ensure_ascii=False)}
            for one in made]
    with store.write() as db:
        db.table("rulings").insert_all(rows)
    return len(rows)


def take_back(store: Store, rulings: Iterable[Row], by: str) -> int:
    """Take rulings back, each by a row of its own; with them the precedents that they became."""
    rows = list(rulings)
    with store.write() as db:
        for row in rows:
            db.execute(
                "INSERT INTO rulings (region_id, key, kind, signature, question, decision, quote,"
                " choice, content, batch, ruled_by, ruled_at)"
                " SELECT region_id, key, kind, signature, question, decision, quote, choice, NULL,"
                " batch, ?, ? FROM rulings WHERE id = ?", [by, now(), row["id"]])
            db.execute("UPDATE precedents SET ended_at = ?, ended_by = ? WHERE ruling_id = ?"
                       " AND ended_at IS NULL", [now(), by, row["id"]])
    return len(rows)


def rulings_of(store: Store, region_ids: Sequence[int]) -> dict[int, dict[str, Row]]:
    """The rulings that count, by region and key, `content` as an object."""
    found: dict[int, dict[str, Row]] = {}
    for row in store.rows(
            f"SELECT * FROM ({_COUNTING}) WHERE region_id IN (SELECT value FROM json_each(?))"
            " ORDER BY id", [json.dumps(list(region_ids))]):
        found.setdefault(row["region_id"], {})[row["key"]] = {
            **row, "content": json.loads(row["content"])}
    return found


def standing_rulings(store: Store) -> list[Row]:
    """All rulings that count, `content` as an object."""
    return [{**row, "content": json.loads(row["content"])}
            for row in store.rows(f"SELECT * FROM ({_COUNTING}) ORDER BY id")]


def put_ruling(store: Store, ruling_id: int, fields: Mapping[str, str]) -> None:
    """Tell a ruling under other names: the only change that one ever sees."""
    with store.write() as db:
        db.table("rulings").update(ruling_id, dict(fields))


def name_precedent(store: Store, precedent_id: int, name: str) -> None:
    """Let the guide tell a precedent under another name."""
    with store.write() as db:
        db.table("precedents").update(precedent_id, {"name": name})


def rulings_in_batch(store: Store, batch: str) -> list[Row]:
    """Those of one act that count still."""
    return store.rows(f"SELECT * FROM ({_COUNTING}) WHERE batch = ?", [batch])


def rulings_on(store: Store, questions: Iterable[str]) -> list[Row]:
    """The rulings that count on the same words, up to figures, newest first, with where they
    stand."""
    rows = store.rows(f"""
        SELECT u.*, r.document_id, r.start, d.title, d.name AS document FROM ({_COUNTING}) u
        JOIN regions r ON r.id = u.region_id JOIN documents d ON d.id = r.document_id
        WHERE u.question IN (SELECT value FROM json_each(?)) ORDER BY u.id DESC""",
                      [json.dumps(sorted(set(questions)), ensure_ascii=False)])
    return [{**row, "content": json.loads(row["content"])} for row in rows]


def contradictions(store: Store) -> dict[str, list[Row]]:
    """Rulings that count and decide the same words in different ways, by question."""
    questions = [row["question"] for row in store.rows(
        f"SELECT question FROM ({_COUNTING}) GROUP BY question"
        " HAVING count(DISTINCT decision) > 1")]
    found: dict[str, list[Row]] = {}
    for row in rulings_on(store, questions):
        found.setdefault(row["question"], []).append(row)
    return found


def add_precedent(store: Store, ruling_id: int, name: str, note: str, by: str) -> None:
    """Let later rulings follow this one; `name` is whose guide tells it."""
    with store.write() as db:
        db.execute("UPDATE precedents SET ended_at = ?, ended_by = ? WHERE ruling_id = ?"
                   " AND ended_at IS NULL", [now(), by, ruling_id])
        db.execute("INSERT INTO precedents (ruling_id, name, note, made_by, made_at)"
                   " VALUES (?, ?, ?, ?, ?)", [ruling_id, name, note, by, now()])


def end_precedent(store: Store, precedent_id: int, by: str) -> bool:
    """Take a precedent back, the ruling stays; False if it was taken back already."""
    with store.write() as db:
        return db.execute("UPDATE precedents SET ended_at = ?, ended_by = ? WHERE id = ?"
                          " AND ended_at IS NULL", [now(), by, precedent_id]).rowcount == 1


def precedents(store: Store, questions: Iterable[str] | None = None) -> list[Row]:
    """The precedents that stand, by name and newest first; with `questions` those on these."""
    asked = None if questions is None else json.dumps(sorted(set(questions)), ensure_ascii=False)
    return [{**row, "content": json.loads(row["content"])} for row in store.rows(
        f"SELECT * FROM ({_PRECEDENTS}) WHERE :asked IS NULL"
        " OR question IN (SELECT value FROM json_each(:asked)) ORDER BY name, id DESC",
        {"asked": asked})]


def disputed_regions(store: Store, region_ids: Sequence[int] | None = None) -> list[Row]:
    """The regions of current documents on which people differ and about which nobody has decided
    all, in the order of documents: `id`, `document_id`, `kind`, `start`, `end`, `title`, `name`,
    and the `answer_ids` that count (as text). No text is looked at."""
    return store.rows(f"""
        SELECT r.id, r.document_id, r.kind, r.start, r."end", d.title, d.name,
            group_concat(a.id) AS answer_ids
        FROM regions r JOIN documents d ON d.id = r.document_id
        JOIN ({NEWEST}) a ON a.region_id = r.id AND a.state = 'accepted'
        WHERE {CURRENT}
          AND (:regions IS NULL OR r.id IN (SELECT value FROM json_each(:regions)))
        GROUP BY r.id HAVING count(DISTINCT a.answer) > 1
          AND max(a.id NOT IN (SELECT value FROM json_each(coalesce(
            (SELECT g.answer_ids FROM ({STANDING}) g WHERE g.region_id = r.id), '[]'))))
        ORDER BY r.document_id, r.kind DESC, r.start""",
                      {"regions": None if region_ids is None else json.dumps(list(region_ids))})


def disputed_answers(store: Store, region_ids: Sequence[int]) -> dict[int, list[Row]]:
    """The accepted answers that count, by region, oldest first: `id`, `person`, `annotator`,
    `blind` and `answer` (an object)."""
    found: dict[int, list[Row]] = {}
    for row in store.rows(f"""
            SELECT a.id, a.region_id, a.answer, a.annotator, a.blind, coalesce(
                (SELECT u.name FROM users u WHERE u.id = {WHOSE}), a.annotator) AS person
            FROM ({NEWEST}) a WHERE a.state = 'accepted'
              AND a.region_id IN (SELECT value FROM json_each(?)) ORDER BY a.id""",
                          [json.dumps(list(region_ids))]):
        found.setdefault(row["region_id"], []).append(
            {**row, "answer": json.loads(row["answer"])})
    return found


def adjudicated(store: Store, limit: int = 20) -> list[Row]:
    """The regions that were settled after rulings, the last first: gold that stands on answers of
    which a ruling counts."""
    return store.rows(f"""
        SELECT g.region_id, g.settled_by, g.settled_at, r.document_id, r.start, r.kind, d.title,
            d.name, substr(t.text, r.start + 1, min(r."end" - r.start, 80)) AS excerpt
        FROM ({STANDING}) g JOIN regions r ON r.id = g.region_id
        JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
        WHERE d.removed_at IS NULL AND EXISTS (
            SELECT 1 FROM ({_COUNTING}) u WHERE u.region_id = g.region_id)
        ORDER BY g.settled_at DESC, g.id DESC LIMIT ?""", [limit])
