"""What a project changes in its pack: versions that are only added to, and one draft."""
from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

from labels.errors import InputError, N_
from workbench.clock import now
from workbench.store.connection import Row, Store

# A replay of a rule that made many thousand spans would list them all.
MOST_LISTED = 2000


def newest_overlay(store: Store) -> Row:
    """The overlay that counts: version (0 if there is none), content, why, made_by, made_at."""
    return store.row("SELECT * FROM overlays ORDER BY version DESC LIMIT 1") or {
        "version": 0, "content": "", "why": "", "made_by": "", "made_at": None, "back_to": None}


def overlay_versions(store: Store) -> list[Row]:
    """All versions, newest first."""
    return store.rows("SELECT * FROM overlays ORDER BY version DESC")


def overlay_version(store: Store, version: int) -> Row | None:
    return store.row("SELECT * FROM overlays WHERE version = ?", [version])


def add_overlay(store: Store, content: str, why: str, by: str, base: int | None = None,
                back_to: int | None = None) -> int:
    """Add a version; returns its number. Raises InputError if the newest is not `base` any more."""
    with store.write() as db:
        newest = newest_overlay(store)["version"]
        if base is not None and base != newest:
            raise InputError(N_("the rules were changed meanwhile: version %(newest)s is newer than"
                                " %(base)s"), newest=newest, base=base,
                             hint=N_("drop the draft and make the change again"))
        db.table("overlays").insert({
            "version": newest + 1, "content": content, "why": why, "made_by": by,
            "made_at": now(), "back_to": back_to})
    return int(newest) + 1


def draft(store: Store) -> Row | None:
    """The draft, `replay` as an object."""
    row = store.row("SELECT * FROM overlay_draft")
    return row and {**row, "replay": json.loads(row["replay"]) if row["replay"] else None}


def put_draft(store: Store, content: str, by: str) -> None:
    """Begin or change the draft; what a replay found of it before is forgotten."""
    with store.write() as db:
        known = draft(store)
        base = known["base"] if known else newest_overlay(store)["version"]
        drop_draft(store)
        db.table("overlay_draft").insert({
            "id": 1, "base": base, "content": content, "changed_by": by, "changed_at": now(),
            "stop": 0})


def drop_draft(store: Store) -> None:
    with store.write() as db:
        db.execute("DELETE FROM replay_changes")
        db.execute("DELETE FROM overlay_draft")


def ask_to_stop(store: Store, stop: bool = True) -> None:
    """Let the replay of the draft end soon, or let it run."""
    with store.write() as db:
        db.execute("UPDATE overlay_draft SET stop = ?", [int(stop)])


def shall_stop(store: Store, content: str) -> bool:
    """Whether a replay of a draft with this content is of no use any more."""
    row = store.row("SELECT content, stop FROM overlay_draft")
    return row is None or bool(row["stop"]) or row["content"] != content


def save_replay(store: Store, content: str, summary: Mapping[str, Any],
                changes: Iterable[dict[str, Any]]) -> bool:
    """Keep what the replay found; False if the draft is not of that content any more."""
    with store.write() as db:
        if shall_stop(store, content):
            return False
        db.execute("DELETE FROM replay_changes")
        db.table("replay_changes").insert_all(changes)
        db.execute("UPDATE overlay_draft SET replay = ?",
                   [json.dumps(dict(summary), ensure_ascii=False)])
    return True


def replay_changes(store: Store, change: str | None = None, verdict: str | None = None,
                   limit: int = 50, offset: int = 0) -> list[Row]:
    """What the draft would gain and lose, with the words around it and the document's title."""
    return store.rows("""
        SELECT c.*, d.title, d.name,
            substr(t.text, max(1, c.start - 29), min(c.start, 30)) AS before,
            substr(t.text, c.start + 1, min(c."end" - c.start, 120)) AS text,
            substr(t.text, c."end" + 1, 30) AS after,
            substr(t.text, c.target_start + 1, c.target_end - c.target_start) AS target_text
        FROM replay_changes c JOIN documents d ON d.id = c.document_id
        JOIN texts t ON t.hash = d.text_hash
        WHERE (:change IS NULL OR change = :change) AND (:verdict IS NULL OR verdict = :verdict)
        ORDER BY c.id LIMIT :limit OFFSET :offset""",
                      {"change": change, "verdict": verdict, "limit": limit, "offset": offset})


def count_changes(store: Store, change: str | None = None, verdict: str | None = None) -> int:
    """How many of them are listed."""
    return int(store.value(
        "SELECT count(*) FROM replay_changes WHERE (:change IS NULL OR change = :change)"
        " AND (:verdict IS NULL OR verdict = :verdict)",
        {"change": change, "verdict": verdict}))
