"""Regions, and the tasks in Label Studio that ask for them."""
from __future__ import annotations

import json
from typing import Iterable, Mapping, Sequence

from workbench.clock import now
from workbench.store.answers import NEWEST
from workbench.store.connection import Row, Store
from workbench.store.gold import STANDING


def add_regions(store: Store, document_id: int, kind: str, prefix: str,
                regions: Iterable[tuple[int, int, Sequence[str]]]) -> None:
    """Store (start, end, heading path) regions; those that exist already stay as they are."""
    with store.write() as db:
        for start, end, heading_path in regions:
            db.execute(
                'INSERT INTO regions (key, document_id, kind, start, "end", heading_path)'
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                [region_key(prefix, kind, start, end), document_id, kind, start, end,
                 json.dumps(list(heading_path), ensure_ascii=False)])


def region_key(prefix: str, kind: str, start: int, end: int) -> str:
    return f"{prefix}:{kind}:{start}-{end}"


def has_regions(store: Store, document_id: int, kind: str) -> bool:
    return bool(store.value("SELECT count(*) FROM regions WHERE document_id = ? AND kind = ?",
                            [document_id, kind]))


_CURRENT = ("d.removed_at IS NULL AND d.version ="
            " (SELECT max(version) FROM documents WHERE name = d.name)")


def asked_regions(store: Store, kind: str, slot: int, origin: str) -> list[Row]:
    """The regions of current documents, with the columns of their living task of that `origin`
    (NULL: none), whether they ever had one (`had`) and was it sent `hidden`, the newest set of
    suggestions (`newest_set`), the last quick decision (`newest_quick`) and the document's
    title."""
    return store.rows(f"""
        SELECT r.*, d.title, d.source, k.studio_task, k.set_id, k.data_hash, k.quick,
            h.studio_task AS had, h.hidden,
            (SELECT max(q.id) FROM quick_decisions q WHERE q.region_id = r.id) AS newest_quick,
            (SELECT max(s.id) FROM suggestion_sets s WHERE s.document_id = d.id) AS newest_set
        FROM regions r JOIN documents d ON d.id = r.document_id
        LEFT JOIN tasks h ON h.region_id = r.id AND h.slot = :slot
        LEFT JOIN tasks k ON k.region_id = r.id AND k.slot = :slot AND k.origin = :origin
          AND k.gone_at IS NULL
        WHERE r.kind = :kind AND {_CURRENT}
        ORDER BY r.document_id, r.start""", {"kind": kind, "slot": slot, "origin": origin})


def unasked_tasks(store: Store, kind: str, slot: int, origin: str) -> list[Row]:
    """Living tasks of regions that no current document holds: of removed documents (`removed`), and
    of older versions."""
    return store.rows(f"""
        SELECT r.id, r.key, r.document_id, k.studio_task, k.seen_at,
            d.removed_at IS NOT NULL AS removed
        FROM tasks k JOIN regions r ON r.id = k.region_id JOIN documents d ON d.id = r.document_id
        WHERE r.kind = ? AND k.slot = ? AND k.origin = ? AND k.gone_at IS NULL
          AND NOT ({_CURRENT})
        ORDER BY r.document_id, r.start""", [kind, slot, origin])


def forgotten_regions(store: Store, kind: str, slot: int, origin: str) -> list[Row]:
    """Regions that no current document holds and that have no living task of that `origin`, as far
    as we know: a push that was cut off may have made one."""
    return store.rows(f"""
        SELECT r.id, r.key FROM regions r JOIN documents d ON d.id = r.document_id
        WHERE r.kind = ? AND NOT ({_CURRENT}) AND NOT EXISTS (
            SELECT 1 FROM tasks k WHERE k.region_id = r.id AND k.slot = ? AND k.origin = ?
            AND k.gone_at IS NULL)""", [kind, slot, origin])


def pushed(store: Store, kind: str, origin: str) -> list[Row]:
    """Regions with a living task of that `origin`, with that task's columns."""
    return store.rows(
        "SELECT r.*, k.studio_task, k.studio_project, k.set_id, k.slot FROM regions r"
        " JOIN tasks k ON k.region_id = r.id WHERE r.kind = ? AND k.origin = ?"
        " AND k.gone_at IS NULL ORDER BY r.document_id, r.start", [kind, origin])


def living_tasks(store: Store, origin: str) -> dict[int, Row]:
    """The tasks of that `origin` that are not known to be gone, by their id there."""
    return {row["studio_task"]: row for row in store.rows(
        "SELECT * FROM tasks WHERE origin = ? AND gone_at IS NULL", [origin])}


def record_tasks(store: Store, origin: str, studio_project: int, slot: int,
                 tasks: Mapping[int, int]) -> None:
    """Note region id → Label Studio task id; `origin` is the identity of the project there.

    What was sent with a task that is known already stays known.
    """
    with store.write() as db:
        for region_id, task_id in tasks.items():
            # On SQLite Label Studio gives the numbers of deleted tasks to new ones.
            db.execute("DELETE FROM tasks WHERE origin = ? AND studio_task = ?"
                       " AND NOT (region_id = ? AND slot = ?)",
                       [origin, task_id, region_id, slot])
            # What was begun in a task that another one takes the place of is no more.
            db.execute("DELETE FROM drafts WHERE origin = ? AND studio_task IN"
                       " (SELECT studio_task FROM tasks WHERE region_id = ? AND slot = ?"
                       " AND studio_task <> ?)", [origin, region_id, slot, task_id])
            db.execute(
                "INSERT INTO tasks (region_id, slot, origin, studio_project, studio_task,"
                " pushed_at) VALUES (:region, :slot, :origin, :project, :task, :now)"
                " ON CONFLICT (region_id, slot) DO"
                " UPDATE SET origin = :origin, studio_project = :project, studio_task = :task,"
                " pushed_at = :now, set_id = NULL, shown_set = NULL, quick = NULL, gone_at = NULL"
                " WHERE origin <> :origin OR studio_task <> :task OR gone_at IS NOT NULL",
                {"region": region_id, "slot": slot, "origin": origin, "project": studio_project,
                 "task": task_id, "now": now()})


def record_sent(store: Store, origin: str, sets: Mapping[int, int | None],
                offered: bool = False) -> None:
    """Note region id → the suggestion set that its task of that `origin` shows now, or that is
    hidden in it; one that was only `offered` beside answers is not what the editor shows."""
    with store.write() as db:
        for region_id, set_id in sets.items():
            db.execute("UPDATE tasks SET set_id = ?1, pushed_at = ?2,"
                       " shown_set = CASE WHEN ?5 THEN shown_set ELSE ?1 END"
                       " WHERE region_id = ?3 AND origin = ?4",
                       [set_id, now(), region_id, origin, int(offered)])


def record_hidden(store: Store, origin: str, hidden: Mapping[int, bool]) -> None:
    """Note region id → whether its task of that `origin` was sent without its suggestions."""
    with store.write() as db:
        for region_id, bare in hidden.items():
            db.execute("UPDATE tasks SET hidden = ? WHERE region_id = ? AND origin = ?",
                       [int(bare), region_id, origin])


def record_turning(store: Store, origin: str, region_ids: Iterable[int]) -> None:
    """Note that tasks show something else from now on: before it is sent and, with `record_sent`,
    after. Who had one open meanwhile saw nobody knows what."""
    with store.write() as db:
        for region_id in region_ids:
            db.execute("UPDATE tasks SET turned_at = ?, hidden = nullif(hidden, 1)"
                       " WHERE region_id = ? AND origin = ?", [now(), region_id, origin])


def sent_tasks(store: Store, origin: str) -> dict[int, Row]:
    """What was shown with the tasks of that `origin`, by their id there: `region_id`, `shown_set`,
    `hidden`, `turned_at`."""
    return {row["studio_task"]: row for row in store.rows(
        "SELECT studio_task, region_id, shown_set, hidden, turned_at FROM tasks WHERE origin = ?",
        [origin])}


def record_data(store: Store, origin: str, hashes: Mapping[int, str]) -> None:
    """Note region id → the hash of the place that its task of that `origin` shows now."""
    with store.write() as db:
        for region_id, digest in hashes.items():
            db.execute("UPDATE tasks SET data_hash = ? WHERE region_id = ? AND origin = ?",
                       [digest, region_id, origin])


def record_seen(store: Store, origin: str, studio_task: int, updated_at: str) -> None:
    """Note the state of a task (its ``updated_at``) of which everything was stored."""
    with store.write() as db:
        db.execute("UPDATE tasks SET seen_at = ? WHERE origin = ? AND studio_task = ?",
                   [updated_at, origin, studio_task])


def mark_gone(store: Store, origin: str, task_ids: Iterable[int]) -> int:
    """Note tasks that Label Studio no longer has; they are pushed again by the next push.

    Their answers stay; what was not submitted in them is no more.
    """
    gone = 0
    with store.write() as db:
        for task_id in task_ids:
            db.execute("DELETE FROM drafts WHERE origin = ? AND studio_task = ?",
                       [origin, task_id])
            gone += db.execute(
                "UPDATE tasks SET gone_at = ? WHERE origin = ? AND studio_task = ?"
                " AND gone_at IS NULL", [now(), origin, task_id]).rowcount
    return gone


def leave_others(store: Store, origins: Sequence[str]) -> int:
    """Note that tasks of any origin but these are out of reach; how many there were."""
    marks = ",".join("?" * len(origins))
    with store.write() as db:
        db.execute(f"UPDATE trials SET gone_at = ? WHERE gone_at IS NULL"
                   f" AND origin NOT IN ({marks})", [now(), *origins])
        return db.execute(f"UPDATE tasks SET gone_at = ? WHERE gone_at IS NULL"
                          f" AND origin NOT IN ({marks})", [now(), *origins]).rowcount


def region_by_key(store: Store, key: str) -> Row | None:
    return store.row("SELECT * FROM regions WHERE key = ?", [key])


def regions_by_key(store: Store, kind: str) -> dict[str, Row]:
    """All regions of a kind: id and document by key."""
    return {row["key"]: row for row in store.rows(
        "SELECT id, key, document_id FROM regions WHERE kind = ?", [kind])}


def region(store: Store, region_id: int) -> Row | None:
    return store.row("SELECT * FROM regions WHERE id = ?", [region_id])


def region_text(store: Store, region_id: int) -> str:
    """The slice of its document that a region is, without loading the document."""
    return str(store.value("""
        SELECT substr(t.text, r.start + 1, r."end" - r.start) FROM regions r
        JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
        WHERE r.id = ?""", [region_id]))


def task_states(store: Store, document_id: int | None = None, state: str | None = None,
                limit: int = 200, offset: int = 0, slot: int | None = None) -> list[Row]:
    """One row a region: document, slice, task, and its `state` —
    waiting (not pushed), open (pushed), answered, disputed (people differ), skipped,
    quarantined, settled.

    With a `slot` as somebody sees them who works there: the regions that it asks, with its tasks;
    what nobody has answered there is open, whatever other slots say. Without one all regions, with
    the tasks of the first slot. `not_blind`: an answer was made where another stood already.
    What an older version alone holds (not `current`) is told only where that one is named.
    """
    return store.rows(f"""
        SELECT * FROM ({_STATES}) WHERE {_ASKED}
          AND (:state IS NULL OR state = :state)
        ORDER BY document_id, kind DESC, start LIMIT :limit OFFSET :offset""",
                      {"document": document_id, "state": state, "limit": limit, "offset": offset,
                       "slot": slot})


def tasks_at(store: Store, document_id: int, offset: int, slot: int | None = None) -> list[Row]:
    """The regions of a document that hold the character at `offset`, as in `task_states`."""
    return store.rows(
        f'SELECT * FROM ({_STATES}) WHERE document_id = :document AND start <= :offset'
        ' AND "end" > :offset ORDER BY kind DESC',
        {"document": document_id, "offset": offset, "slot": slot})


def task_counts(store: Store, document_id: int | None = None,
                slot: int | None = None) -> Mapping[str, int]:
    """How many regions stand in each state, as in `task_states`."""
    return {row["state"]: row["n"] for row in store.rows(
        f"SELECT state, count(*) AS n FROM ({_STATES})"
        f" WHERE {_ASKED} GROUP BY state",
        {"document": document_id, "slot": slot})}


_ASKED = "(document_id = :document OR (:document IS NULL AND current))"
# A region is disputed where answers differ and its gold (an agreement, or somebody's decision) does
# not know all of them.
_STATES = f"""
    WITH newest AS MATERIALIZED ({NEWEST}), standing AS MATERIALIZED ({STANDING}),
    said AS MATERIALIZED (
        SELECT n.region_id, count(DISTINCT CASE WHEN n.state = 'accepted' THEN n.answer END)
            AS different,
            max(n.slot = coalesce(:slot, n.slot)) AS here,
            max(n.slot = coalesce(:slot, n.slot) AND n.state = 'accepted') AS answered,
            max(n.slot = coalesce(:slot, n.slot) AND n.state = 'quarantined') AS quarantined,
            max(n.slot = coalesce(:slot, n.slot) AND NOT n.blind) AS not_blind,
            max(n.state = 'accepted' AND n.id NOT IN (SELECT value FROM json_each(
                coalesce((SELECT answer_ids FROM standing s WHERE s.region_id = n.region_id),
                         '[]')))) AS unknown_to_gold
        FROM newest n GROUP BY n.region_id)
    SELECT r.id, r.key, r.document_id, r.kind, r.start, r."end", r.heading_path,
        d.title, d.name, substr(t.text, r.start + 1, min(r."end" - r.start, 80)) AS excerpt,
        k.studio_project, k.pushed_at,
        CASE WHEN k.gone_at IS NULL THEN k.studio_task END AS studio_task,
        coalesce(said.not_blind, 0) AS not_blind,
        d.version = (SELECT max(version) FROM documents WHERE name = d.name) AS current,
        CASE
          WHEN :slot IS NOT NULL AND k.region_id IS NOT NULL AND k.gone_at IS NULL
            AND NOT coalesce(said.here, 0) THEN 'open'
          WHEN said.different > 1 AND said.unknown_to_gold THEN 'disputed'
          WHEN g.id IS NOT NULL THEN 'settled'
          WHEN said.answered THEN 'answered'
          WHEN said.quarantined THEN 'quarantined'
          WHEN said.here THEN 'skipped'
          WHEN k.region_id IS NOT NULL AND k.gone_at IS NULL THEN 'open'
          ELSE 'waiting'
        END AS state
    FROM regions r JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
    LEFT JOIN tasks k ON k.region_id = r.id AND k.slot = coalesce(:slot, 1)
    LEFT JOIN said ON said.region_id = r.id
    LEFT JOIN standing g ON g.region_id = r.id
    WHERE d.removed_at IS NULL AND (coalesce(:slot, 1) = 1 OR said.here
        OR (k.region_id IS NOT NULL AND k.gone_at IS NULL))
"""
