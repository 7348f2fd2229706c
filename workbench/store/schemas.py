"""What a project made of its schema: versions that are only added to, one draft, and what each
version did to every answer it touched."""
from __future__ import annotations

import json
from typing import Any, Mapping, Sequence

from labels.errors import InputError, N_
from workbench.clock import now
from workbench.store.conflicts import end_conflict, open_conflicts
from workbench.store.connection import Row, Store

# Steps of a migration during which answers are valid under both versions.
APPLYING = ("widen", "rewrite", "pull", "narrow")
DONE = "done"
# The schema of the pack, before any change.
PACK: Row = {"version": 0, "schema": "", "guide": "", "names": "{}", "changes": "", "mapping": "{}",
             "why": "", "made_by": "", "made_at": None, "back_to": None, "step": DONE,
             "told": "{}"}


def newest_schema(store: Store) -> Row:
    """The version that counts (number 0: the pack's own), as it is stored."""
    return store.row("SELECT * FROM schemas ORDER BY version DESC LIMIT 1") or PACK


def schema_version(store: Store, version: int) -> Row | None:
    return PACK if version == 0 else store.row("SELECT * FROM schemas WHERE version = ?", [version])


def schema_versions(store: Store) -> list[Row]:
    """All versions, newest first, without the pack's own."""
    return store.rows("SELECT * FROM schemas ORDER BY version DESC")


def add_schema(store: Store, *, base: int, schema: str, guide: str, names: str, changes: str,
               mapping: str, why: str, by: str, step: str, back_to: int | None = None) -> int:
    """Add a version; returns its number. Raises InputError if the newest is not `base` any more or
    its migration has not ended."""
    with store.write() as db:
        newest = newest_schema(store)
        if newest["step"] != DONE:
            raise still_applied(newest["version"])
        if newest["version"] != base:
            raise InputError(N_("the schema was changed meanwhile: version %(newest)s is newer"
                                " than %(base)s"), newest=newest["version"], base=base,
                             hint=N_("drop the draft and make the change again"))
        db.table("schemas").insert({
            "version": base + 1, "schema": schema, "guide": guide, "names": names,
            "changes": changes, "mapping": mapping, "why": why, "made_by": by, "made_at": now(),
            "back_to": back_to, "step": step})
    return base + 1


def set_step(store: Store, version: int, step: str, told: Mapping[str, Any] | None = None) -> None:
    """Note how far the migration of a version has come, and what it did."""
    with store.write() as db:
        db.execute("UPDATE schemas SET step = ?, told = coalesce(?, told) WHERE version = ?",
                   [step, None if told is None else json.dumps(dict(told), ensure_ascii=False),
                    version])


def require_settled(store: Store) -> None:
    """Raise InputError while a version of the schema is being applied: gold is on its way."""
    row = newest_schema(store)
    if row["step"] != DONE:
        raise still_applied(row["version"])


def still_applied(version: int) -> InputError:
    return InputError(N_("version %(version)s of the schema is still being applied"),
                      version=version, hint=N_("go on with it: workbench schema resume"))


# --- the review queue: conflicts of the kind "schema"

def end_reviewed(store: Store) -> int:
    """End what somebody has answered again since it was raised; how many."""
    ended = 0
    with store.write():
        for row in open_conflicts(store, "schema"):
            newer = store.value(
                "SELECT count(*) FROM answers WHERE region_id = ? AND id > ? AND state = 'accepted'"
                " AND deleted_at IS NULL", [row["region_id"], row["content"]["until"]])
            if newer:
                ended += end_conflict(store, row["id"], "answered", "")
    return ended


def regions_in_review(store: Store) -> set[int]:
    """Regions whose gold is doubtful till somebody has looked."""
    return {row["region_id"] for row in open_conflicts(store, "schema")
            if row["region_id"] is not None}


# --- the draft

def schema_draft(store: Store) -> Row | None:
    return store.row("SELECT * FROM schema_draft")


def put_schema_draft(store: Store, changes: str, by: str) -> None:
    """Begin or change the draft; `changes` are JSON Lines. An empty one is dropped."""
    with store.write() as db:
        known = schema_draft(store)
        base = known["base"] if known else newest_schema(store)["version"]
        drop_schema_draft(store)
        if changes:
            db.table("schema_draft").insert({
                "id": 1, "base": base, "changes": changes, "changed_by": by,
                "changed_at": now()})


def drop_schema_draft(store: Store) -> None:
    with store.write() as db:
        db.execute("DELETE FROM schema_draft")


# --- what became of answers

def add_move(store: Store, version: int, *, region_id: int, origin: str, studio_annotation: int,
             answer_id: int | None, before: str, after: str, result: Any,
             notes: Sequence[Mapping[str, Any]], raw: Any = None, anew: bool = False) -> None:
    """Note what a version makes of an answer (of gold: origin '' and annotation 0). What was noted
    of it before stays, but if it is to be noted `anew`. `raw` is what Label Studio held of one
    that is not stored (`answer_id` None)."""
    with store.write() as db:
        if anew:
            db.execute("DELETE FROM schema_moves WHERE version = ? AND region_id = ?"
                       " AND origin = ? AND studio_annotation = ?",
                       [version, region_id, origin, studio_annotation])
        db.execute(
            "INSERT INTO schema_moves (version, region_id, origin, studio_annotation, answer_id,"
            " before, after, result, notes, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            [version, region_id, origin, studio_annotation, answer_id, before, after,
             None if result is None else json.dumps(result, ensure_ascii=False),
             json.dumps(list(notes), ensure_ascii=False),
             None if raw is None else json.dumps(raw, ensure_ascii=False)])


def moves(store: Store, version: int) -> list[Row]:
    """All that a version did, `before`, `after`, `result` and `notes` as objects."""
    return [_read(row) for row in store.rows(
        "SELECT * FROM schema_moves WHERE version = ? ORDER BY id", [version])]


def moves_of_origin(store: Store, version: int, origin: str) -> dict[int, Row]:
    """What a version makes of the annotations of a project there, by their id."""
    return {row["studio_annotation"]: row for row in moves(store, version)
            if row["origin"] == origin}


def move_of(store: Store, version: int, region_id: int, origin: str,
            studio_annotation: int) -> Row | None:
    row = store.row("SELECT * FROM schema_moves WHERE version = ? AND region_id = ? AND origin = ?"
                    " AND studio_annotation = ?", [version, region_id, origin, studio_annotation])
    return row and _read(row)


# --- drafts that lie apart while the answer they were begun on is rewritten

def lay_apart(store: Store, version: int, origin: str, studio_draft: int,
              studio_annotation: int) -> None:
    with store.write() as db:
        db.execute("INSERT OR IGNORE INTO schema_drafts VALUES (?, ?, ?, ?)",
                   [version, origin, studio_draft, studio_annotation])


def apart_drafts(store: Store, version: int, origin: str) -> list[Row]:
    return store.rows("SELECT * FROM schema_drafts WHERE version = ? AND origin = ?",
                      [version, origin])


def forget_apart(store: Store, version: int, origin: str, studio_draft: int) -> None:
    with store.write() as db:
        db.execute("DELETE FROM schema_drafts WHERE version = ? AND origin = ?"
                   " AND studio_draft = ?", [version, origin, studio_draft])


def _read(row: Row) -> Row:
    return {**row, "before": json.loads(row["before"]), "after": json.loads(row["after"]),
            "result": json.loads(row["result"]) if row["result"] else None,
            "raw": json.loads(row["raw"]) if row["raw"] else None,
            "notes": json.loads(row["notes"])}
