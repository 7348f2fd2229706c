"""The end of a migration: our answers and gold under the new names, and what a person must look at.

The queue holds only what is doubtful: an answer whose label was split, a relation that may not
connect its ends any more, a change that could not be undone for certain. It ends when somebody
answers the region again, or says that it is right as it is.
"""
from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, Mapping, Sequence

from labels.answers import faults, migrate_answer
from workbench.linting import lints_of
from workbench.planning import Way
from workbench.store import Row, Store
from workbench.store.answers import NewAnswer, add_answer, canonical, newest_answers
from workbench.store.conflicts import open_conflicts, raise_conflict, vanished
from workbench.store.gold import settle_region, standing_gold
from workbench.store.lints import save_lints
from workbench.store.schemas import add_move, moves
from workbench.store.tasks import region_text
from workbench.studio.rewriting import rewritten

_DOUBTFUL = ("unsure", "odd", "crowded", "missing")


def settle_moves(store: Store, row: Row, way: Way) -> dict[str, int]:
    """Bring answers that Label Studio does not have, and gold, to where the version leads; raise
    what is doubtful. Returns how many of each."""
    with store.write():
        _local_answers(store, row, way)
        found = moves(store, row["version"])
        gold = _gold(store, row, way, found)
        review = _queue(store, row, way, found)
    return {"answers": sum(1 for move in found if move["origin"] and _changed(move)),
            "gold": gold, "review": review}


def _changed(move: Row) -> bool:
    return canonical(move["before"]) != canonical(move["after"])


def _local_answers(store: Store, row: Row, way: Way) -> None:
    """Answers whose annotation cannot be reached (another server, a deleted task, none at all)
    get a version of ours."""
    known = {(move["origin"], move["studio_annotation"]): move
             for move in moves(store, row["version"])}
    for answer in newest_answers(store):
        if answer["state"] != "accepted":
            continue
        key = (answer["origin"], answer["studio_annotation"])
        said, move = canonical(answer["answer"]), known.get(key)
        if move is not None and said == canonical(move["before"]):
            after, result = move["after"], move["result"]
        elif faults(answer["answer"], way.new.schema):
            moved = migrate_answer(answer["answer"], way.names, way.old.schema, way.new.schema)
            after, result = moved.answer, rewritten(json.loads(answer["raw"]), way.names,
                                                    way.new.schema)
            add_move(store, row["version"], region_id=answer["region_id"], origin=key[0],
                     studio_annotation=key[1], answer_id=answer["id"], before=said,
                     after=canonical(after), result=result, anew=True,
                     notes=[note.to_json() for note in moved.notes])
        else:
            continue
        if canonical(after) != said:
            _add_version(store, answer, after, result, way)


def _add_version(store: Store, old: Row, after: Mapping[str, Any], result: Any, way: Way) -> None:
    made = add_answer(store, NewAnswer(**{
        **{name: old[name] for name in NewAnswer.__slots__}, "answer": after, "raw": result,
        "studio_updated_at": _just_after(old["studio_updated_at"]), "blind": bool(old["blind"])}))
    kind = store.value("SELECT kind FROM regions WHERE id = ?", [old["region_id"]])
    save_lints(store, made, old["region_id"], lints_of(
        way.new.schema, way.new.guide.edges, kind, region_text(store, old["region_id"]), after))


def _just_after(stamp: str) -> str:
    """A microsecond later, as Label Studio writes times."""
    moment = datetime.fromisoformat(stamp.replace("Z", "+00:00")) + timedelta(microseconds=1)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


# --- gold ----------------------------------------------------------------------------------------

def _gold(store: Store, row: Row, way: Way, found: Sequence[Row]) -> int:
    """New versions of gold; it stays settled from the answers it was settled from, under their
    newest versions, if only the migration changed these."""
    planned = {move["region_id"]: move for move in found if not move["origin"]}
    newest = _followers(store, found)
    changed = 0
    for gold in standing_gold(store):
        move, said = planned.get(gold["region_id"]), canonical(gold["answer"])
        if move is not None and said == canonical(move["before"]):
            after = canonical(move["after"])
        elif faults(gold["answer"], way.new.schema):
            after = canonical(migrate_answer(gold["answer"], way.names, way.old.schema,
                                             way.new.schema).answer)
        else:
            after = said
        ids = [newest.get(answer, answer) for answer in gold["answer_ids"]]
        if after == said and ids == gold["answer_ids"]:
            continue
        settle_region(store, region_id=gold["region_id"], answer=json.loads(after),
                      answer_ids=ids, annotators=gold["annotators"],
                      schema_hash=way.new.schema.hash, settled_by=f"schema {row['version']}",
                      guide_hash=way.new.guide.hash, reasons=gold["reasons"])
        changed += 1
    return changed


def _followers(store: Store, found: Sequence[Row]) -> dict[int, int]:
    """An answer → its newest version, where that says just what the migration makes of it."""
    after = {(move["origin"], move["studio_annotation"], canonical(move["before"])):
             canonical(move["after"]) for move in found if move["origin"]}
    rows: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in store.rows("SELECT id, origin, studio_annotation, answer, state FROM answers"
                          " WHERE deleted_at IS NULL ORDER BY studio_updated_at, id"):
        rows[row["origin"], row["studio_annotation"]].append(row)
    followers: dict[int, int] = {}
    for key, versions in rows.items():
        last = versions[-1]
        for row in versions[:-1]:
            wanted = after.get((*key, row["answer"]), row["answer"])
            if last["state"] == "accepted" == row["state"] and last["answer"] == wanted:
                followers[row["id"]] = last["id"]
    return followers


# --- the queue -----------------------------------------------------------------------------------

def _queue(store: Store, row: Row, way: Way, found: Sequence[Row]) -> int:
    newest = {(one["origin"], one["studio_annotation"]): one for one in newest_answers(store)}
    raised: set[int] = set()
    # Gold last: what its answers are asked for need not be asked twice.
    for move in sorted(found, key=lambda one: not one["origin"]):
        doubtful = [note for note in move["notes"] if note["fate"] in _DOUBTFUL]
        answer = newest.get((move["origin"], move["studio_annotation"]))
        key = (f"{move['origin']}:{move['studio_annotation']}" if move["origin"]
               else f"gold:{move['region_id']}")
        if not doubtful:
            if _changed(move) and way.undone:
                vanished(store, "schema", key)  # it was doubtful, and is what it was
            continue
        if move["origin"] and (answer is None or canonical(answer["answer"]) != canonical(
                move["after"])):
            continue    # deleted, or somebody has answered it again since
        if not move["origin"] and move["region_id"] in raised:
            continue
        raised.add(move["region_id"])
        raise_conflict(
            store, "schema", key,
            {"version": row["version"], "why": row["why"], "notes": _quoted(store, move, doubtful),
             "by": answer["annotator"] if answer else "", "slot": answer["slot"] if answer else 0,
             "task": answer["studio_task"] if answer else None,
             "until": int(store.value("SELECT coalesce(max(id), 0) FROM answers"))},
            region_id=move["region_id"], answer_id=answer["id"] if answer else None)
    return len([one for one in open_conflicts(store, "schema")
                if one["content"]["version"] == row["version"]])


def _quoted(store: Store, move: Row, notes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Notes with the words they are about."""
    text = region_text(store, move["region_id"])
    return [{**note, "text": text[note["start"]:note["end"]],
             "target_text": text[slice(*note["target"])] if note["target"] else ""}
            for note in notes]
