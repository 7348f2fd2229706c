"""Passages by what they say, what gold says of those that are settled, and which sets inherit it.

A passage is known by two hashes (`labels.inheritance.Prints`). Passages of a document never change,
nor does what a version of gold says; both are stored once, and compared by their hashes.
"""
from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import Iterable, Sequence

from workbench.store.connection import Row, Store
from workbench.store.gold import STANDING

_CURRENT = ("d.removed_at IS NULL AND d.version ="
            " (SELECT max(version) FROM documents WHERE name = d.name)")
# The gold that others may inherit: also not of documents that were withdrawn from releases.
_COUNTS = f"""{_CURRENT} AND NOT EXISTS (
    SELECT 1 FROM withdrawals w WHERE w.document = d.name AND w.ended_at IS NULL)"""
_NEWEST_SETS = "SELECT max(id) AS id, document_id FROM suggestion_sets GROUP BY document_id"


@dataclass(frozen=True, slots=True)
class Passage:
    """A row of `passages`, without its document."""

    start: int
    end: int
    asked_class: bool
    words: str
    figures: str


def unread_documents(store: Store, method: int) -> list[int]:
    """Current documents with suggestions whose passages are not stored by this method."""
    return [row["id"] for row in store.rows(f"""
        SELECT d.id FROM documents d WHERE {_CURRENT}
          AND EXISTS (SELECT 1 FROM suggestion_sets s WHERE s.document_id = d.id)
          AND NOT EXISTS (SELECT 1 FROM passages_read p
                          WHERE p.document_id = d.id AND p.method = ?) ORDER BY d.id""", [method])]


def was_read(store: Store, document_id: int, method: int) -> bool:
    return store.value("SELECT 1 FROM passages_read WHERE document_id = ? AND method = ?",
                       [document_id, method]) is not None


def save_passages(store: Store, document_id: int, found: Sequence[Passage], method: int) -> None:
    with store.write() as db:
        db.execute("DELETE FROM passages WHERE document_id = ?", [document_id])
        db.conn.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                            [(document_id, *astuple(one)) for one in found])
        db.execute("INSERT OR REPLACE INTO passages_read VALUES (?, ?)", [document_id, method])


def passages_of(store: Store, document_id: int) -> list[Passage]:
    return [Passage(row["start"], row["end"], bool(row["asked_class"]), row["words"],
                    row["figures"]) for row in store.rows(
        "SELECT * FROM passages WHERE document_id = ? ORDER BY start", [document_id])]


# --- what gold says ------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class SettledPassage:
    """A row of `settled_passages`, without its version of gold."""

    kind: str
    start: int
    end: int
    words: str
    figures: str
    said_words: str
    whole_words: bool
    said_figures: str
    whole_figures: bool


def unread_gold(store: Store, method: int) -> list[Row]:
    """The gold that counts whose passages are not stored by this method: `id`, `kind`, `start`,
    `end`, `document_id`, `answer` as an object and the `text` of the region."""
    rows = store.rows(f"""
        SELECT g.id, g.answer, r.kind, r.document_id, r.start, r."end",
            substr(t.text, r.start + 1, r."end" - r.start) AS text
        FROM ({STANDING}) g JOIN regions r ON r.id = g.region_id
        JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
        WHERE {_COUNTS} AND NOT EXISTS (SELECT 1 FROM settled_read s
                                        WHERE s.gold_id = g.id AND s.method = ?)
        ORDER BY g.id""", [method])
    return [{**row, "answer": json.loads(row["answer"])} for row in rows]


def save_settled(store: Store, gold_id: int, found: Sequence[SettledPassage], method: int) -> None:
    with store.write() as db:
        db.execute("DELETE FROM settled_passages WHERE gold_id = ?", [gold_id])
        db.conn.executemany("INSERT INTO settled_passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            [(gold_id, *astuple(one)) for one in found])
        db.execute("INSERT OR REPLACE INTO settled_read VALUES (?, ?)", [gold_id, method])


def settled_passages(store: Store) -> list[Row]:
    """What the gold that counts says of its passages: the columns of `settled_passages` with the
    region and the version of the schema, in order of the regions."""
    return store.rows(f"""
        SELECT s.*, g.region_id, g.schema_version FROM ({STANDING}) g
        JOIN settled_passages s ON s.gold_id = g.id
        JOIN regions r ON r.id = g.region_id JOIN documents d ON d.id = r.document_id
        WHERE {_COUNTS} ORDER BY g.region_id, s.start""")


def settled_places(store: Store) -> list[Row]:
    """`document_id`, `kind`, `start` and `end` of the settled regions of current documents."""
    return store.rows(f"""
        SELECT r.document_id, r.kind, r.start, r."end" FROM ({STANDING}) g
        JOIN regions r ON r.id = g.region_id JOIN documents d ON d.id = r.document_id
        WHERE {_CURRENT} ORDER BY r.document_id, r.kind, r.start""")


def told_of(store: Store, gold_id: int, start: int, end: int) -> Row | None:
    """Where a settled passage (a slice of its region) stands and who settled it: `document_id`,
    `title`, `name`, `start`, `end`, `text`, `settled_by`, `settled_at`, `version`."""
    return store.row("""
        SELECT r.document_id, coalesce(nullif(d.title, ''), d.name) AS title, d.name,
            r.start + :start AS start, r.start + :end AS "end", g.settled_by, g.settled_at,
            g.version, g.annotators,
            substr(t.text, r.start + :start + 1, :end - :start) AS text
        FROM gold g JOIN regions r ON r.id = g.region_id JOIN documents d ON d.id = r.document_id
        JOIN texts t ON t.hash = d.text_hash WHERE g.id = :gold""",
                     {"gold": gold_id, "start": start, "end": end})


# --- who inherits --------------------------------------------------------------------------------

def like_settled(store: Store) -> list[Row]:
    """The passages of current documents with suggestions that equal one that was ever settled, up
    to figures, in order."""
    return store.rows(f"""
        SELECT p.* FROM passages p JOIN documents d ON d.id = p.document_id
        WHERE {_CURRENT} AND p.figures IN (SELECT figures FROM settled_passages)
          AND EXISTS (SELECT 1 FROM suggestion_sets s WHERE s.document_id = d.id)
        ORDER BY p.document_id, p.start""")


def inherited_now(store: Store, document_id: int | None = None) -> list[Row]:
    """The inherited passages of the sets that count, with `document_id`."""
    return store.rows(f"""
        SELECT i.*, n.document_id FROM ({_NEWEST_SETS}) n
        JOIN inherited_passages i ON i.set_id = n.id JOIN documents d ON d.id = n.document_id
        WHERE {_CURRENT} AND (:document IS NULL OR n.document_id = :document)
        ORDER BY n.document_id, i.kind, i.start""", {"document": document_id})


def inherited_in(store: Store, set_id: int) -> list[Row]:
    return store.rows("SELECT * FROM inherited_passages WHERE set_id = ? ORDER BY kind, start",
                      [set_id])


def inherited_at(store: Store, set_id: int, offset: int, kind: str = "spans") -> Row | None:
    """The inherited passage that holds the character at `offset`, with `gold_end`."""
    return store.row("""
        SELECT i.*, s."end" AS gold_end FROM inherited_passages i JOIN settled_passages s
          ON s.gold_id = i.gold_id AND s.start = i.gold_start
        WHERE i.set_id = ? AND i.kind = ? AND i.start <= ? AND i."end" > ?""",
                     [set_id, kind, offset, offset])


def save_inherited(store: Store, set_id: int, rows: Iterable[Row]) -> None:
    """Note which passages of a new set inherit; rows as those of `inherited_in`."""
    columns = ("kind", "start", "end", "source", "gold_id", "gold_start", "code")
    with store.write() as db:
        db.table("inherited_passages").insert_all(
            {"set_id": set_id, **{name: row[name] for name in columns}} for row in rows)
