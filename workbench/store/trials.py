"""Settled regions that are asked again, as tasks of their own, and what people answered there.

None of it is a task or an answer of the region: it settles nothing and counts for no agreement.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterable, Mapping

from workbench.clock import now
from workbench.store.answers import canonical
from workbench.store.connection import Row, Store
from workbench.store.gold import STANDING
from workbench.store.work import WHOSE

_CURRENT = ("d.removed_at IS NULL AND d.version ="
            " (SELECT max(version) FROM documents WHERE name = d.name)")
# Settled by a decision: a ruling stands, or it stands on answers that differ.
DECIDED = """(EXISTS (SELECT 1 FROM rulings u WHERE u.region_id = g.region_id
        AND u.content IS NOT NULL AND u.id = (SELECT max(id) FROM rulings v
            WHERE v.region_id = u.region_id AND v.key = u.key))
    OR (SELECT count(DISTINCT a.answer) FROM answers a
        WHERE a.id IN (SELECT value FROM json_each(g.answer_ids))) > 1)"""


@dataclass(frozen=True, slots=True)
class NewTrialAnswer:
    """One version of an annotation in a task that asks a settled region again; as
    `store.answers.NewAnswer`."""

    trial_id: int
    origin: str
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


# --- which are asked -----------------------------------------------------------------------------

def settled_to_ask(store: Store, kind: str, slot: int) -> list[Row]:
    """The settled regions of current documents, with how many `people` settled them and whether by
    a decision (`decided`), whether somebody `answered` them in this slot, and the trial there:
    `trial_id`, `trial_key`, `studio_task`, `origin`, `data_hash`, `gone_at` (NULL: none yet)."""
    return store.rows(f"""
        SELECT r.*, d.title, d.source, json_array_length(g.annotators) AS people,
            {DECIDED} AS decided,
            EXISTS (SELECT 1 FROM answers a WHERE a.region_id = r.id AND a.slot = :slot
                    AND a.deleted_at IS NULL) AS answered,
            q.id AS trial_id, q.key AS trial_key, q.studio_task, q.origin, q.data_hash, q.gone_at
        FROM ({STANDING}) g JOIN regions r ON r.id = g.region_id
        JOIN documents d ON d.id = r.document_id
        LEFT JOIN trials q ON q.region_id = r.id AND q.slot = :slot
        WHERE r.kind = :kind AND {_CURRENT} ORDER BY r.document_id, r.start""",
                      {"kind": kind, "slot": slot})


def who_answered(store: Store, region_ids: Iterable[int]) -> dict[int, set[int | str]]:
    """By region who ever answered it: ids of people, and the addresses of accounts that belong to
    nobody here."""
    found: dict[int, set[int | str]] = {}
    for row in store.rows(
            f"SELECT DISTINCT a.region_id, coalesce({WHOSE}, a.annotator) AS who FROM answers a"
            " WHERE a.region_id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(region_ids))]):
        found.setdefault(row["region_id"], set()).add(row["who"])
    return found


def who_annotates(store: Store, slot: int) -> set[int | str]:
    """Who can be asked in a slot: its annotators with an account in Label Studio, and accounts
    that have answered there and belong to nobody here."""
    people: set[int | str] = {row["id"] for row in store.rows(
        "SELECT id FROM users WHERE active AND role = 'annotator' AND slot = ?"
        " AND studio_email IS NOT NULL", [slot])}
    return people | {row["annotator"] for row in store.rows(
        f"SELECT DISTINCT a.annotator FROM answers a WHERE a.slot = ? AND a.deleted_at IS NULL"
        f" AND a.annotator LIKE '%@%' AND {WHOSE} IS NULL", [slot])}


def trials_of(store: Store, kind: str, slot: int) -> list[Row]:
    """All trials of a kind in a slot, with whether their document was `removed`, and whether they
    were `answered`."""
    return store.rows("""
        SELECT q.*, d.removed_at IS NOT NULL AS removed, EXISTS (
            SELECT 1 FROM trial_answers a WHERE a.trial_id = q.id AND a.deleted_at IS NULL)
            AS answered
        FROM trials q JOIN regions r ON r.id = q.region_id JOIN documents d ON d.id = r.document_id
        WHERE r.kind = ? AND q.slot = ? ORDER BY q.id""", [kind, slot])


def trials_by_key(store: Store, kind: str, slot: int) -> dict[str, Row]:
    return {row["key"]: row for row in trials_of(store, kind, slot)}


def is_trial(store: Store, key: str) -> bool:
    """Whether the task of this key asks a settled region again."""
    return store.value("SELECT 1 FROM trials WHERE key = ?", [key]) is not None


def draw(store: Store, region_id: int, slot: int, key: str, place: float) -> None:
    """Note that a settled region shall be asked again in a slot; what was drawn stays so."""
    with store.write() as db:
        db.execute("INSERT INTO trials (region_id, slot, key, place, drawn_at)"
                   " VALUES (?, ?, ?, ?, ?) ON CONFLICT (region_id, slot) DO NOTHING",
                   [region_id, slot, key, place, now()])


# --- their tasks ---------------------------------------------------------------------------------

def record_trials(store: Store, origin: str, studio_project: int, tasks: Mapping[str, int]) -> None:
    """Note key → Label Studio task id."""
    with store.write() as db:
        for key, task_id in tasks.items():
            db.execute(
                "UPDATE trials SET origin = :origin, studio_project = :project,"
                " studio_task = :task, pushed_at = :now, gone_at = NULL WHERE key = :key"
                " AND (origin <> :origin OR studio_task IS NOT :task OR gone_at IS NOT NULL)",
                {"origin": origin, "project": studio_project, "task": task_id, "now": now(),
                 "key": key})


def record_trial_data(store: Store, hashes: Mapping[str, str]) -> None:
    """Note key → the hash of the place that its task shows now."""
    with store.write() as db:
        for key, digest in hashes.items():
            db.execute("UPDATE trials SET data_hash = ? WHERE key = ?", [digest, key])


def record_trial_seen(store: Store, trial_id: int, updated_at: str) -> None:
    with store.write() as db:
        db.execute("UPDATE trials SET seen_at = ? WHERE id = ?", [updated_at, trial_id])


def living_trials(store: Store, origin: str) -> set[int]:
    """The ids there of the trials of that `origin` that are not known to be gone."""
    return {row["studio_task"] for row in store.rows(
        "SELECT studio_task FROM trials WHERE origin = ? AND gone_at IS NULL"
        " AND studio_task IS NOT NULL", [origin])}


def mark_trials_gone(store: Store, origin: str, task_ids: Iterable[int]) -> None:
    """Note tasks that Label Studio no longer has; what was answered in them stays."""
    with store.write() as db:
        for task_id in task_ids:
            db.execute("UPDATE trials SET gone_at = ? WHERE origin = ? AND studio_task = ?"
                       " AND gone_at IS NULL", [now(), origin, task_id])


# --- their answers -------------------------------------------------------------------------------

def add_trial_answer(store: Store, new: NewTrialAnswer) -> None:
    """Store a version of an annotation that is not stored yet."""
    with store.write() as db:
        row = {**{name: getattr(new, name) for name in NewTrialAnswer.__slots__},
               "answer": canonical(new.answer), "raw": json.dumps(new.raw, ensure_ascii=False),
               "pulled_at": now()}
        db.execute(f"INSERT INTO trial_answers ({', '.join(row)})"
                   f" VALUES ({', '.join(f':{name}' for name in row)})", row)


def trial_versions(store: Store, trial_id: int, origin: str,
                   studio_task: int) -> dict[tuple[int, str], Row]:
    """The stored versions of the annotations in a trial's task: `id` and `deleted_at`, by
    annotation and time."""
    return {(row["studio_annotation"], row["studio_updated_at"]): row for row in store.rows(
        "SELECT id, studio_annotation, studio_updated_at, deleted_at, made_at FROM trial_answers"
        " WHERE trial_id = ? AND origin = ? AND studio_task = ?",
        [trial_id, origin, studio_task])}


def mark_trial_answers(store: Store, ids: Iterable[int], deleted: bool) -> None:
    """Mark versions as deleted there, or as there again."""
    with store.write() as db:
        for answer_id in ids:
            db.execute("UPDATE trial_answers SET deleted_at = ? WHERE id = ?",
                       [now() if deleted else None, answer_id])


def trial_answers(store: Store) -> list[Row]:
    """The newest version of each living annotation in a trial, `answer` as an object, with its
    region, the person (the name of an account here, else the address of the account), the `gold`
    that stands now (an object; None: there is none any more), and whether the person `had_seen` the
    region: answered it before, or settled it."""
    rows = store.rows(f"""
        SELECT a.*, {WHOSE} AS user_id, r.id AS region_id, r.kind, r.document_id, r.start, r."end",
            d.type, g.answer AS gold,
            coalesce((SELECT u.name FROM users u WHERE u.id = {WHOSE}), a.annotator) AS person,
            (EXISTS (SELECT 1 FROM answers b WHERE b.region_id = r.id AND b.made_at < a.made_at
                     AND (b.annotator = a.annotator OR {WHOSE.replace("a.", "b.")} = {WHOSE}))
             OR g.settled_by = (SELECT u.name FROM users u WHERE u.id = {WHOSE})) AS had_seen
        FROM trial_answers a JOIN trials q ON q.id = a.trial_id
        JOIN regions r ON r.id = q.region_id JOIN documents d ON d.id = r.document_id
        LEFT JOIN ({STANDING}) g ON g.region_id = r.id
        WHERE a.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM trial_answers n
            WHERE n.origin = a.origin AND n.studio_annotation = a.studio_annotation
            AND (n.studio_updated_at, n.id) > (a.studio_updated_at, a.id))
        ORDER BY r.document_id, r.start, a.id""")
    return [{**row, "answer": json.loads(row["answer"]), "had_seen": bool(row["had_seen"]),
             "gold": json.loads(row["gold"]) if row["gold"] else None} for row in rows]


def trial_counts(store: Store) -> Row:
    """How many trials are `open` in Label Studio, and how many were `answered`."""
    found = store.row("""
        SELECT count(*) FILTER (WHERE answered) AS answered, count(*) FILTER (
            WHERE NOT answered AND studio_task IS NOT NULL AND gone_at IS NULL) AS open
        FROM (SELECT q.*, EXISTS (SELECT 1 FROM trial_answers a WHERE a.trial_id = q.id
                                  AND a.deleted_at IS NULL) AS answered FROM trials q)""")
    assert found is not None
    return found
