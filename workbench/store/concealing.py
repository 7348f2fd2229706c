"""What is known of each region when somebody asks to see what is suggested there."""
from __future__ import annotations

from workbench.store.connection import Row, Store
from workbench.store.work import WHOSE


def sent_hidden(store: Store, slot: int, key: str) -> bool | None:
    """Whether the task of this region key was sent to a slot without its suggestions; None if none
    was sent."""
    row = store.row("SELECT k.hidden FROM tasks k JOIN regions r ON r.id = k.region_id"
                    " WHERE r.key = ? AND k.slot = ?", [key, slot])
    return None if row is None else row["hidden"] == 1


def asked_in(store: Store, document_id: int, user_id: int, slot: int) -> list[Row]:
    """The regions of a document in order, with whether the slot has `asked` them; whether its task,
    else any, was sent `hidden` (NULL: none was sent); whether the person (`own`), somebody in the
    slot (`here`) or anybody has `answered`; and whether a `trial` of them waits there."""
    return store.rows(f"""
        SELECT r.id, r.key, r.kind, r.start, r."end",
            k.region_id IS NOT NULL AND k.gone_at IS NULL AS asked,
            CASE WHEN k.region_id IS NOT NULL THEN k.hidden IS 1 ELSE
                (SELECT max(o.hidden IS 1) FROM tasks o WHERE o.region_id = r.id) END AS hidden,
            EXISTS (SELECT 1 FROM answers a WHERE a.region_id = r.id AND a.deleted_at IS NULL
                    AND {WHOSE} = :user) AS own,
            EXISTS (SELECT 1 FROM answers a WHERE a.region_id = r.id AND a.deleted_at IS NULL
                    AND a.slot = :slot) AS here,
            EXISTS (SELECT 1 FROM answers a WHERE a.region_id = r.id AND a.deleted_at IS NULL)
                AS answered,
            EXISTS (SELECT 1 FROM trials q WHERE q.region_id = r.id AND q.slot = :slot
                AND q.studio_task IS NOT NULL AND q.gone_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM trial_answers t WHERE t.trial_id = q.id
                    AND t.deleted_at IS NULL)) AS trial
        FROM regions r LEFT JOIN tasks k ON k.region_id = r.id AND k.slot = :slot
        WHERE r.document_id = :document ORDER BY r.kind, r.start""",
                      {"document": document_id, "user": user_id, "slot": slot})


def hidden_regions(store: Store) -> set[int]:
    """The regions of which a task was sent without suggestions."""
    return {row[0] for row in store.conn.execute("SELECT region_id FROM tasks WHERE hidden = 1")}


def unsent_regions(store: Store, kind: str) -> list[tuple[int, str]]:
    """(id, key) of the regions that were never sent."""
    return [(row[0], row[1]) for row in store.conn.execute(
        "SELECT r.id, r.key FROM regions r WHERE r.kind = ?"
        " AND NOT EXISTS (SELECT 1 FROM tasks k WHERE k.region_id = r.id)", [kind])]
