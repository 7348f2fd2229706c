"""Quick decisions on suggested spans: rows that are only added, and who looks at what just now."""
from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Callable, Iterable, Mapping, NamedTuple, Sequence

from workbench.clock import after, now
from workbench.store.connection import Row, Store
from workbench.store.gold import STANDING
from workbench.store.ledger import CURRENT

VERDICTS = ("accept", "reject", "fix", "skip", "undo")
# Of each question and person the newest row counts; "undo" says that there is none.
_NEWEST = """
    SELECT * FROM quick_decisions q WHERE q.verdict <> 'undo' AND q.id = (
        SELECT max(p.id) FROM quick_decisions p WHERE p.region_id = q.region_id
        AND p.start = q.start AND p."end" = q."end" AND p.label = q.label
        AND p.user_id = q.user_id)
"""


class Key(NamedTuple):
    """A question: whether just this is a mention of the label. Offsets are local to the region,
    which goes with its text to newer versions of the document."""

    region_id: int
    start: int
    end: int
    label: str


class Fixed(NamedTuple):
    """What a suggestion should have been; local offsets."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class NewDecision:
    """`rule` (of that `version`) suggested it in the set; `quote` are the words, `fixed` goes with
    the verdict "fix" only."""

    key: Key
    quote: str
    document_id: int
    set_id: int | None
    rule: str
    version: str
    verdict: str
    fixed: Fixed | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision that counts; a skip says nothing of the question. `rule` suggested it."""

    id: int
    user_id: int
    verdict: str
    fixed: Fixed | None
    rule: str


def add_decision(store: Store, new: NewDecision, user_id: int) -> int:
    key, fixed = new.key, new.fixed or (None, None, None)
    with store.write() as db:
        cursor = db.execute(
            'INSERT INTO quick_decisions (region_id, start, "end", label, quote, document_id,'
            " set_id, rule, version, verdict, fixed_start, fixed_end, fixed_label, seconds,"
            " user_id, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*key, new.quote, new.document_id, new.set_id, new.rule, new.version, new.verdict,
             *fixed, new.seconds, user_id, now()])
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def last_decision(store: Store, user_id: int) -> Row | None:
    """The person's last decision that was not undone."""
    return store.row(f"SELECT * FROM ({_NEWEST}) WHERE user_id = ? ORDER BY id DESC LIMIT 1",
                     [user_id])


def undo_decision(store: Store, decision_id: int) -> None:
    """Take a decision back, by a row of its own."""
    with store.write() as db:
        db.execute(
            'INSERT INTO quick_decisions (region_id, start, "end", label, quote, document_id,'
            " set_id, rule, version, verdict, user_id, decided_at)"
            ' SELECT region_id, start, "end", label, quote, document_id, set_id, rule, version,'
            " 'undo', user_id, ? FROM quick_decisions WHERE id = ?", [now(), decision_id])


Said = Mapping[Key, tuple[Decision, ...]]


def decisions(store: Store, region_ids: Iterable[int]) -> Said:
    """The decisions that count, by question; those of a question in the order of their making."""
    return fold(_rows_in(store, region_ids))


def decisions_until(store: Store, region_ids: Iterable[int], until: Mapping[int, int]) -> Said:
    """As `decisions`, of each region as it was when the decision `until` was its last one."""
    return fold((row for row in _rows_in(store, region_ids)
                 if row["id"] <= until.get(row["region_id"], 0)))


class Standing(NamedTuple):
    """All decisions that count, and the questions of all rows in the order they came (`log`)."""

    said: Said
    log: Sequence[Key]


_all: dict[tuple[Path, object], tuple[int, dict[Key, tuple[Decision, ...]], list[Key]]] = {}
_all_lock = Lock()


def all_decisions(store: Store, names: object) -> Standing:
    """The decisions that count in the whole project; only what is new is read. `names` are the
    labels: rows are only added, except where a change of the schema renames them."""
    with _all_lock:
        last, found, log = _all.get((store.path, names), (0, {}, []))
        rows = store.rows("SELECT * FROM quick_decisions WHERE id > ? ORDER BY id", [last])
        if rows:
            # Others may still be reading what was found before.
            found = fold(rows, dict(found))
            log = [*log, *(Key(row["region_id"], row["start"], row["end"], row["label"])
                           for row in rows)]
            _all.clear()
            _all[store.path, names] = (rows[-1]["id"], found, log)
        return Standing(found, log)


def _rows_in(store: Store, region_ids: Iterable[int]) -> list[Row]:
    return store.rows("SELECT * FROM quick_decisions WHERE region_id IN"
                      " (SELECT value FROM json_each(?)) ORDER BY id",
                      [json.dumps(sorted(region_ids))])


def fold(rows: Iterable[Row],
         found: dict[Key, tuple[Decision, ...]] | None = None) -> dict[Key, tuple[Decision, ...]]:
    """What rows of the table, in order, come to: of each question and person the newest counts.
    `found` is what earlier rows came to; it is changed."""
    found = {} if found is None else found
    for row in rows:
        key = Key(row["region_id"], row["start"], row["end"], row["label"])
        said = tuple(one for one in found.get(key, ()) if one.user_id != row["user_id"])
        if row["verdict"] != "undo":
            fixed = (Fixed(row["fixed_start"], row["fixed_end"], row["fixed_label"])
                     if row["verdict"] == "fix" else None)
            said += (Decision(row["id"], row["user_id"], row["verdict"], fixed, row["rule"]),)
        if said:
            found[key] = said
        else:
            found.pop(key, None)
    return found


def last_in_regions(store: Store, region_ids: Iterable[int]) -> dict[int, int]:
    """By region the id of the last row on it, whatever it says."""
    return {row["region_id"]: row["last"] for row in store.rows(
        "SELECT region_id, max(id) AS last FROM quick_decisions WHERE region_id IN"
        " (SELECT value FROM json_each(?)) GROUP BY region_id",
        [json.dumps(sorted(region_ids))])}


def record_taken_in(store: Store, origin: str, last: Mapping[int, int]) -> None:
    """Note region id → the last decision that the suggestions of its task of that `origin` took
    in."""
    with store.write() as db:
        for region_id, decision_id in last.items():
            db.execute("UPDATE tasks SET quick = ? WHERE region_id = ? AND origin = ?",
                       [decision_id, region_id, origin])


def said_on(store: Store, document_id: int, start: int, end: int, label: str) -> list[Row]:
    """The decisions that count on a span of a document, oldest first, with who (`person`) and, of
    a fix, what it should be (`words`)."""
    return store.rows(f"""
        SELECT q.*, u.name AS person, substr(t.text, r.start + q.fixed_start + 1,
            q.fixed_end - q.fixed_start) AS words
        FROM ({_NEWEST}) q JOIN users u ON u.id = q.user_id JOIN regions r ON r.id = q.region_id
        JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
        WHERE r.document_id = ? AND r.start + q.start = ? AND r.start + q."end" = ?
          AND q.label = ? AND q.verdict <> 'skip' ORDER BY q.id""",
                      [document_id, start, end, label])


def decided_by(store: Store, user_id: int, since: str) -> int:
    """How many decisions of a person that count were made `since`, without those skipped."""
    return int(store.value(
        f"SELECT count(*) FROM ({_NEWEST}) WHERE user_id = ? AND decided_at >= ?"
        " AND verdict <> 'skip'", [user_id, since]))


def rows_that_count(store: Store) -> list[Row]:
    """All decisions that count but skips, with the name of who made them (`person`)."""
    return store.rows(f"""
        SELECT q.*, u.name AS person FROM ({_NEWEST}) q JOIN users u ON u.id = q.user_id
        WHERE q.verdict <> 'skip' ORDER BY q.id""")


# --- who looks at what ---------------------------------------------------------------------------

def lease(store: Store, key: Key, user_id: int, seconds: float) -> None:
    """The person looks at this question now, and so at no other one. Where they did already, the
    time since when stays."""
    with store.write() as db:
        db.execute(
            'INSERT INTO quick_leases (region_id, start, "end", label, user_id, since, until)'
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET"
            " since = CASE WHEN (region_id, start, \"end\", label) = (excluded.region_id,"
            ' excluded.start, excluded."end", excluded.label) AND until > excluded.since'
            " THEN since ELSE excluded.since END, region_id = excluded.region_id,"
            ' start = excluded.start, "end" = excluded."end", label = excluded.label,'
            " until = excluded.until", [*key, user_id, now(), after(seconds=seconds)])


def release(store: Store, user_id: int) -> None:
    """The person looks at no question any more."""
    with store.write() as db:
        db.execute("DELETE FROM quick_leases WHERE user_id = ?", [user_id])


def looked_at(store: Store, but: int) -> Counter[Key]:
    """How many people but that one look at each question."""
    return Counter(Key(*row) for row in store.conn.execute(
        'SELECT region_id, start, "end", label FROM quick_leases WHERE user_id <> ? AND until > ?',
        [but, now()]))


def looking_since(store: Store, key: Key, user_id: int) -> str | None:
    """Since when the person looks at the question; None if not, or for longer than the lease."""
    found = store.value(
        'SELECT since FROM quick_leases WHERE region_id = ? AND start = ? AND "end" = ?'
        " AND label = ? AND user_id = ? AND until > ?", [*key, user_id, now()])
    return None if found is None else str(found)


# --- what can be asked ---------------------------------------------------------------------------

def sets_stamp(store: Store) -> tuple[object, ...]:
    """Another one whenever what `spans_in_regions` tells may be another."""
    row = store.row("""SELECT (SELECT max(id) FROM suggestion_sets) AS a,
        (SELECT max(id) FROM documents) AS b, (SELECT count(removed_at) FROM documents) AS c,
        (SELECT max(id) FROM regions) AS d, (SELECT count(*) FROM region_moves) AS e,
        (SELECT group_concat(pack_hash) FROM (SELECT DISTINCT pack_hash FROM suggestion_sets)) AS f
        """)
    return tuple(row.values()) if row else ()


def asked_documents(store: Store) -> list[Row]:
    """The documents that questions can be about: `set_id`, `document_id` and `text`."""
    return store.rows(f"""
        SELECT c.id AS set_id, c.document_id, t.text FROM ({CURRENT}) c
        JOIN documents d ON d.id = c.document_id JOIN texts t ON t.hash = d.text_hash
        ORDER BY c.document_id""")


def span_regions(store: Store, document_id: int) -> list[tuple[int, int, int]]:
    """(id, start, end) of the regions of spans of a document, in order."""
    return [(row["id"], row["start"], row["end"]) for row in store.rows(
        "SELECT id, start, \"end\" FROM regions WHERE document_id = ? AND kind = 'spans'"
        " ORDER BY start", [document_id])]


def answered_regions(store: Store) -> set[int]:
    """Regions that somebody has answered or that are settled: what was read as a whole is not
    asked bit by bit."""
    return {row[0] for row in store.conn.execute(
        "SELECT region_id FROM answers WHERE state = 'accepted' AND deleted_at IS NULL"
        f" UNION SELECT region_id FROM ({STANDING})")}


def anything_asked(store: Store) -> bool:
    """Whether there is a suggestion in a region that nobody has answered; quick to tell."""
    closed = answered_regions(store)
    return any(row["id"] not in closed for row in store.conn.execute(f"""
        SELECT r.id FROM ({CURRENT}) c JOIN regions r ON r.document_id = c.document_id
        WHERE r.kind = 'spans' AND EXISTS (SELECT 1 FROM suggested_spans s
            WHERE s.set_id = c.id AND s.start >= r.start AND s."end" <= r."end")"""))


def uncut_documents(store: Store) -> int:
    """How many current documents have suggestions but no regions yet."""
    return int(store.value(
        f"SELECT count(*) FROM ({CURRENT}) c WHERE NOT EXISTS ("
        " SELECT 1 FROM regions r WHERE r.document_id = c.document_id)"))


# --- names ---------------------------------------------------------------------------------------

def rename_decided(store: Store, turned: Callable[[str], str | None],
                   apart: Callable[[str], bool]) -> None:
    """Bring decisions under the names of a changed schema: `turned` tells what became of a label,
    `apart` whether it was not made one with another. That something is no A does not tell that it
    is no A-or-B: decisions on labels that were joined, or that are gone, stay under the old name
    and say nothing any more."""
    with store.write() as db:
        for column, follows in (("label", apart), ("fixed_label", lambda name: True)):
            names = {row["name"]: turned(row["name"]) for row in store.rows(
                f"SELECT DISTINCT {column} AS name FROM quick_decisions"
                f" WHERE {column} IS NOT NULL") if follows(row["name"])}
            # All at once: what A becomes may be what B was.
            db.execute(f"UPDATE quick_decisions SET {column} = (SELECT value FROM json_each(:names)"
                       f" WHERE key = {column}) WHERE {column} IN (SELECT key FROM"
                       " json_each(:names))", {"names": json.dumps(
                           {old: new for old, new in names.items() if new}, ensure_ascii=False)})
