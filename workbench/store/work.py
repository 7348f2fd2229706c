"""Who did what: answers by account, and the tasks that wait in a slot."""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Collection, Mapping

from workbench.store.answers import NEWEST
from workbench.store.connection import Row, Store

# Whose an answer `a` is. Account ids begin anew on another server, so an id counts only for answers
# from projects that we are connected to; of others, and of rows from before ids were kept, the
# address tells. NULL: the account is nobody's here.
WHOSE = """(SELECT u.id FROM users u WHERE CASE
    WHEN a.studio_user IS NOT NULL AND a.origin IN (
        SELECT json_extract(p.value, '$[1]')
        FROM settings s, json_each(s.value, '$.projects') p WHERE s.key = 'studio')
    THEN u.studio_user = a.studio_user
    ELSE lower(u.studio_email) = lower(a.annotator) END)"""

_NEWEST_CURRENT = """d.removed_at IS NULL
    AND d.version = (SELECT max(version) FROM documents WHERE name = d.name)"""

# What a page shows of a region and of its task in Label Studio; needs r, d, t and k.
_SHOWN = """r.id, r.key, r.document_id, r.kind, r.start, r."end", r.heading_path, d.title, d.name,
    substr(t.text, r.start + 1, min(r."end" - r.start, 80)) AS excerpt,
    k.studio_project, k.studio_task, k.slot"""


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody answered: newest versions, deleted ones left out.

    `seconds` is how long half of the last fifty answers took at most; None if nothing tells.
    """

    accepted: int = 0
    skipped: int = 0
    quarantined: int = 0
    today: int = 0
    not_blind: int = 0
    seconds: float | None = None


def answers_by_person(store: Store) -> Mapping[int, Row]:
    """`accepted` answers and how many of them are `not_blind`, by user id."""
    return {row["user_id"]: row for row in _counted(store) if row["user_id"] is not None}


def unknown_accounts(store: Store) -> list[Row]:
    """Accounts with accepted answers that belong to nobody here, with the same counts."""
    return [row for row in _counted(store) if row["user_id"] is None]


def _counted(store: Store) -> list[Row]:
    # Of a person the accounts do not matter, of an account that is nobody's it is all there is.
    return store.rows(f"""
        SELECT user_id, max(annotator) AS annotator, max(studio_user) AS studio_user,
            count(*) AS accepted, sum(NOT blind) AS not_blind
        FROM (SELECT a.*, {WHOSE} AS user_id FROM ({NEWEST}) a WHERE a.state = 'accepted')
        GROUP BY user_id, CASE WHEN user_id IS NULL THEN annotator END ORDER BY annotator""")


# What somebody answered is work wherever it counts: of trials, too, which they are not told of.
_SAID = f"""
    SELECT state, blind, lead_time, studio_updated_at, studio_user, origin, annotator
    FROM ({NEWEST})
    UNION ALL SELECT q.state, 1, q.lead_time, q.studio_updated_at, q.studio_user, q.origin,
        q.annotator FROM trial_answers q WHERE q.deleted_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM trial_answers n WHERE n.origin = q.origin
        AND n.studio_annotation = q.studio_annotation
        AND (n.studio_updated_at, n.id) > (q.studio_updated_at, q.id))"""


def work_of(store: Store, user_id: int, since: str) -> Work:
    """What a person did, and how much of it `since` (UTC, ISO 8601)."""
    rows = store.rows(f"""
        SELECT state, blind, lead_time, substr(studio_updated_at, 1, 19) >= :since AS today
        FROM ({_SAID}) a WHERE {WHOSE} = :user ORDER BY studio_updated_at DESC""",
                      {"user": user_id, "since": since[:19]})
    times = sorted([row["lead_time"] for row in rows if row["lead_time"]][:50])

    def count(state: str) -> int:
        return sum(row["state"] == state for row in rows)

    return Work(count("accepted"), count("skipped"), count("quarantined"),
                sum(row["today"] for row in rows if row["state"] != "quarantined"),
                sum(not row["blind"] for row in rows if row["state"] == "accepted"),
                times[(len(times) - 1) // 2] if times else None)


def quarantined_of(store: Store, user_id: int) -> list[Row]:
    """Answers of a person that do not fit their text, with `reason`, in document order."""
    return _with_path(store.rows(f"""
        SELECT {_SHOWN}, a.reason, a.id AS answer_id FROM ({NEWEST}) a
        JOIN regions r ON r.id = a.region_id JOIN documents d ON d.id = r.document_id
        JOIN texts t ON t.hash = d.text_hash
        LEFT JOIN tasks k ON k.origin = a.origin AND k.studio_task = a.studio_task
            AND k.gone_at IS NULL
        WHERE a.state = 'quarantined' AND d.removed_at IS NULL AND {WHOSE} = :user
        ORDER BY r.document_id, r.kind DESC, r.start""", {"user": user_id}))


def drafts_of(store: Store, user_id: int) -> list[Row]:
    """What a person began and did not submit, with `updated_at`, in document order."""
    return _with_path(store.rows(f"""
        SELECT {_SHOWN}, f.updated_at FROM drafts f JOIN users u ON u.id = :user
            AND lower(u.studio_email) = lower(f.annotator)
        JOIN regions r ON r.id = f.region_id JOIN documents d ON d.id = r.document_id
        JOIN texts t ON t.hash = d.text_hash
        JOIN tasks k ON k.origin = f.origin AND k.studio_task = f.studio_task
            AND k.gone_at IS NULL
        WHERE d.removed_at IS NULL ORDER BY r.document_id, r.kind DESC, r.start""",
                                 {"user": user_id}))


# Tasks of a slot that nobody has answered in it. A region that a person answered in another slot,
# before they moved, is not asked of them again: they would agree with themselves.
_WAITING = f"""
    FROM tasks k JOIN regions r ON r.id = k.region_id JOIN documents d ON d.id = r.document_id
    JOIN texts t ON t.hash = d.text_hash
    WHERE k.slot = :slot AND k.gone_at IS NULL AND {_NEWEST_CURRENT}
      AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.region_id = r.id AND a.deleted_at IS NULL
                      AND (a.slot = :slot OR {WHOSE} = :user))"""


# Settled regions that are asked again, of whoever in the slot has never answered them.
_AGAIN = f"""
    FROM trials k JOIN regions r ON r.id = k.region_id JOIN documents d ON d.id = r.document_id
    JOIN texts t ON t.hash = d.text_hash
    WHERE k.slot = :slot AND k.gone_at IS NULL AND k.studio_task IS NOT NULL AND {_NEWEST_CURRENT}
      AND NOT EXISTS (SELECT 1 FROM trial_answers q WHERE q.trial_id = k.id
                      AND q.deleted_at IS NULL)
      AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.region_id = r.id AND {WHOSE} = :user)"""


def waiting_tasks(store: Store, user_id: int, slot: int, limit: int = 50,
                  offset: int = 0) -> list[Row]:
    """The tasks that wait for a person, in document order (of a document its spans first), with
    the number of `suggestions` that each shows. Settled regions that are asked again stand among
    them where chance has put them."""
    return _with_path(store.rows(f"""
        SELECT w.*, CASE WHEN w.bare THEN 0 WHEN w.kind = 'spans'
            THEN (SELECT count(*) FROM suggested_spans s WHERE s.set_id = w.set_id
                  AND s.start >= w.start AND s."end" <= w."end")
            ELSE (SELECT count(*) FROM suggested_classes c WHERE c.set_id = w.set_id
                  AND c.start = w.start) END AS suggestions
        FROM (SELECT {_SHOWN}, k.set_id, k.hidden IS 1 AS bare,
                (row_number() OVER (ORDER BY r.document_id, r.kind DESC, r.start) - 0.5)
                    / count(*) OVER () AS place {_WAITING}
              UNION ALL SELECT {_SHOWN}, NULL, 1, k.place {_AGAIN}
              ORDER BY place LIMIT :limit OFFSET :offset) w""",
                                 {"user": user_id, "slot": slot, "limit": limit,
                                  "offset": offset}))


def waiting_counts(store: Store, user_id: int, slot: int) -> Mapping[str, int]:
    """How many tasks of each kind wait for a person."""
    return {row["kind"]: row["n"] for row in store.rows(
        f"SELECT kind, count(*) AS n FROM (SELECT r.kind {_WAITING}"
        f" UNION ALL SELECT r.kind {_AGAIN}) GROUP BY kind",
        {"user": user_id, "slot": slot})}


def slot_counts(store: Store) -> Mapping[int, Row]:
    """By slot: living `tasks`, and how many of these were `answered` there."""
    return {row["slot"]: row for row in store.rows("""
        SELECT k.slot, count(*) AS tasks, sum(EXISTS (
            SELECT 1 FROM answers a WHERE a.region_id = k.region_id AND a.slot = k.slot
            AND a.deleted_at IS NULL)) AS answered
        FROM tasks k WHERE k.gone_at IS NULL GROUP BY k.slot""")}


def current_keys(store: Store) -> list[str]:
    """The keys of all regions of the newest versions of documents."""
    return [row["key"] for row in store.rows(
        f"SELECT r.key FROM regions r JOIN documents d ON d.id = r.document_id"
        f" WHERE {_NEWEST_CURRENT}")]


def keys_in_slots(store: Store) -> set[tuple[str, int]]:
    """(region key, slot) of the living tasks of the slots above the first."""
    return {(row["key"], row["slot"]) for row in store.rows(
        f"SELECT r.key, k.slot FROM tasks k JOIN regions r ON r.id = k.region_id"
        f" JOIN documents d ON d.id = r.document_id"
        f" WHERE k.slot > 1 AND k.gone_at IS NULL AND {_NEWEST_CURRENT}")}


def tasks_in_slots(store: Store, region_ids: Collection[int]) -> Mapping[int, list[Row]]:
    """The living tasks of regions in all slots, by region; `answered` in that slot, and whether
    any such answer is `not_blind`."""
    found: dict[int, list[Row]] = {}
    for row in store.rows("""
            SELECT k.region_id, k.slot, k.studio_project, k.studio_task,
                count(a.id) > 0 AS answered, coalesce(max(NOT a.blind), 0) AS not_blind
            FROM tasks k LEFT JOIN answers a ON a.region_id = k.region_id AND a.slot = k.slot
                AND a.deleted_at IS NULL
            WHERE k.gone_at IS NULL AND k.region_id IN (SELECT value FROM json_each(?))
            GROUP BY k.region_id, k.slot ORDER BY k.region_id, k.slot""",
                          [json.dumps(list(region_ids))]):
        found.setdefault(row["region_id"], []).append(row)
    return found


def _with_path(rows: list[Row]) -> list[Row]:
    return [{**row, "path": json.loads(row["heading_path"])} for row in rows]
