"""Do both sides agree? Read with plain SQL here and plain HTTP there, past our own code.

`differences` says in words what is not as it must be after a sync without faults; an empty list
is the proof. It knows nothing of how push and pull work, only what must hold when they have ended:

- each region of a current document has exactly one task in each of our projects that asks for it,
  with the text of the region, and we know its number;
- every annotation there is the newest version here, word for word, and every answer that counts
  here is there, unless its task was deleted;
- every annotation there was made by a person; every one that a person made and left standing is
  here, and so is every version that was ever here; what counts as deleted here a person withdrew;
- drafts here are those there;
- where nobody has begun, a task shows just what is suggested now, or nothing if it was sent bare;
- a settled region that is asked again has one task more, which shows nothing, and whose answers
  stand apart; where none shall be asked again, no such task waits;
- nothing waits to be sent.
"""
from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any, Iterator

from tests.workbench.studio.world import World, renamed_back, tasks_of

Rows = list[dict[str, Any]]


def differences(world: World) -> list[str]:
    with closing(sqlite3.connect(world.project.database)) as db:
        db.row_factory = sqlite3.Row
        (told,) = db.execute("SELECT value FROM settings WHERE key = 'studio'").fetchone()
        found: list[str] = []
        standing: set[int] = set()
        for name, (number, origin) in json.loads(told)["projects"].items():
            kind, slot = name.split(":")
            tasks = tasks_of(world.people[0], number)
            found += _tasks(db, kind, int(slot), origin, tasks)
            found += _answers(db, origin, tasks)
            found += _predictions(db, kind, int(slot), tasks)
            found += _trials(db, kind, int(slot), origin, tasks)
            found += _drafts(db, origin, tasks, world)
            standing |= {one["id"] for task in tasks for one in task["annotations"]}
        found += _people(db, world, standing)
        found += _kept(db, world)
        found += [f"waits to be sent: {dict(row)}" for row in db.execute("SELECT * FROM outbox")]
        return found


# What people said, as answers of regions and where settled ones are asked again.
SAID = """(SELECT region_id, origin, studio_task, studio_annotation, studio_updated_at, raw, state,
        deleted_at, made_at, id FROM answers
    UNION ALL SELECT NULL, origin, studio_task, studio_annotation, studio_updated_at, raw, state,
        deleted_at, made_at, id FROM trial_answers)"""


def _rows(db: sqlite3.Connection, sql: str, *values: Any) -> Rows:
    return [dict(row) for row in db.execute(sql, values)]


def _regions(db: sqlite3.Connection, kind: str) -> Rows:
    """The regions of current documents with their texts."""
    return _rows(db, """
        SELECT r.id, r.key, r.start, r."end", r.document_id,
            substr(t.text, r.start + 1, r."end" - r.start) AS text
        FROM regions r JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
        WHERE r.kind = ? AND d.removed_at IS NULL
          AND d.version = (SELECT max(version) FROM documents WHERE name = d.name)""", kind)


def _tasks(db: sqlite3.Connection, kind: str, slot: int, origin: str,
           tasks: Rows) -> Iterator[str]:
    by_key: dict[str, Rows] = {}
    for task in tasks:
        by_key.setdefault((task["meta"] or {}).get("key", ""), []).append(task)
    for key, same in by_key.items():
        if key and len(same) > 1:
            yield f"{key} has {len(same)} tasks: {[task['id'] for task in same]}"
    known = {row["region_id"]: row for row in _rows(
        db, "SELECT * FROM tasks WHERE origin = ? AND slot = ? AND gone_at IS NULL", origin, slot)}
    disputed = {row["region_id"] for row in _rows(
        db, "SELECT region_id FROM conflicts WHERE kind = 'data' AND ended_at IS NULL")}
    for region in _regions(db, kind):
        there = by_key.get(region["key"], [])
        if not there:
            if slot == 1:
                yield f"region {region['key']} has no task"
            continue
        if there[0]["data"]["text"] != region["text"] and region["id"] not in disputed:
            yield f"task {there[0]['id']} shows another text than its region, and nobody is told"
        if known.get(region["id"], {}).get("studio_task") != there[0]["id"]:
            yield f"task {there[0]['id']} is not known as the task of {region['key']}"
    ids = {task["id"] for task in tasks}
    for row in known.values():
        if row["studio_task"] not in ids:
            yield f"task {row['studio_task']} is gone there and living here"
    removed = {row["key"] for row in _rows(
        db, "SELECT r.key FROM regions r JOIN documents d ON d.id = r.document_id"
            " WHERE d.removed_at IS NOT NULL")}
    for key in removed & by_key.keys():
        yield f"{key} was removed here and has a task there"


def _answers(db: sqlite3.Connection, origin: str, tasks: Rows) -> Iterator[str]:
    here: dict[int, dict[str, Any]] = {}
    for row in _rows(db, f"SELECT * FROM {SAID} WHERE origin = ? ORDER BY studio_updated_at, id",
                     origin):
        here[row["studio_annotation"]] = row
    there = {one["id"]: one for task in tasks for one in task["annotations"]}
    for number, one in there.items():
        row = here.get(number)
        if row is None:
            yield f"annotation {number} is not here"
        elif row["studio_updated_at"] != one["updated_at"]:
            yield f"of annotation {number} we have {row['studio_updated_at']}, not the newest"
        elif json.loads(row["raw"]) != one["result"]:
            yield f"annotation {number} says something else here"
        elif row["deleted_at"]:
            yield f"annotation {number} stands there and counts as deleted here"
        elif (row["state"] == "skipped") != one["was_cancelled"]:
            yield f"annotation {number} is {row['state']} here"
    # A number may be that of an older task, whose answers stay when it is deleted.
    living = {task["id"]: task["created_at"] for task in tasks}
    for number, row in here.items():
        if number not in there and not row["deleted_at"] \
                and living.get(row["studio_task"], "~") <= row["made_at"]:
            yield f"annotation {number} was deleted there and counts here"


def _people(db: sqlite3.Connection, world: World, standing: set[int]) -> Iterator[str]:
    here = {row["studio_annotation"]: row for row in _rows(
        db, f"SELECT * FROM {SAID} ORDER BY studio_updated_at, id")}
    for number, said in world.said.items():
        row = here.get(number)
        if row is None:
            yield f"annotation {number}, which a person made, is lost"
        elif renamed_back(json.loads(row["raw"])) != renamed_back(said.result):
            yield f"of annotation {number} what its author said last is lost"
    for number, row in here.items():
        if row["deleted_at"] and number not in world.withdrawn:
            yield f"annotation {number} counts as deleted here, and nobody took it back"
    for number in standing - world.said.keys():
        yield f"nobody made annotation {number}"


def _kept(db: sqlite3.Connection, world: World) -> Iterator[str]:
    now = {(row["origin"], row["studio_annotation"], row["studio_updated_at"]): row["raw"]
           for row in _rows(db, f"SELECT * FROM {SAID}")}
    for key, raw in world.kept.items():
        if now.get(key) != raw:
            yield f"a version of annotation {key[1]} was here and is lost"
    doubles = Counter((row["origin"], row["studio_annotation"], row["studio_updated_at"])
                      for row in _rows(db, f"SELECT * FROM {SAID}"))
    for key, count in doubles.items():
        if count > 1:
            yield f"a version of annotation {key[1]} is here {count} times"


def _trials(db: sqlite3.Connection, kind: str, slot: int, origin: str,
            tasks: Rows) -> Iterator[str]:
    trials = {row["key"]: row for row in _rows(
        db, "SELECT q.*, d.removed_at FROM trials q JOIN regions r ON r.id = q.region_id"
            " JOIN documents d ON d.id = r.document_id WHERE r.kind = ? AND q.slot = ?",
        kind, slot)}
    row = db.execute("SELECT value FROM settings WHERE key = 'honest'").fetchone()
    asked = json.loads(row[0])["known"] if row else 0
    here = {row["studio_annotation"] for row in _rows(
        db, "SELECT studio_annotation FROM trial_answers WHERE origin = ?", origin)}
    answers = {row["studio_annotation"] for row in _rows(
        db, "SELECT studio_annotation FROM answers WHERE origin = ?", origin)}
    for task in tasks:
        trial = trials.get((task["meta"] or {}).get("key", ""))
        said = {one["id"] for one in task["annotations"]}
        if trial is None:
            if said & here:
                yield f"what was answered in task {task['id']} counts as a trial"
            continue
        if said & answers:
            yield f"what was answered in the trial {task['id']} counts as an answer"
        if said or task["draft_exists"]:
            continue
        if task["predictions"]:
            yield f"the trial {task['id']} shows suggestions"
        if trial["studio_task"] != task["id"] or trial["gone_at"]:
            yield f"task {task['id']} is not known as a trial"
        if not asked or trial["removed_at"]:
            yield f"the trial {task['id']} waits though none shall"


def _predictions(db: sqlite3.Connection, kind: str, slot: int, tasks: Rows) -> Iterator[str]:
    regions = {region["key"]: region for region in _regions(db, kind)}
    hidden = {row["region_id"] for row in _rows(
        db, "SELECT region_id FROM tasks WHERE slot = ? AND hidden IS NOT 0", slot)}
    for task in tasks:
        region = regions.get((task["meta"] or {}).get("key", ""))
        if region is None or task["annotations"] or task["draft_exists"]:
            continue
        if task["data"]["text"] != region["text"]:
            continue
        if region["id"] in hidden:
            if task["predictions"]:
                yield f"task {task['id']} shows suggestions that are hidden"
            continue
        if len(task["predictions"]) != 1:
            yield f"task {task['id']} has {len(task['predictions'])} predictions"
            continue
        shown = sorted(_marks(task["predictions"][0]["result"]))
        wanted = sorted(_suggested(db, kind, region))
        if shown != wanted:
            yield f"task {task['id']} suggests {shown}, not {wanted}"


def _marks(result: Rows) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for one in result:
        if one["type"] == "labels":
            value = one["value"]
            found.append((value["start"], value["end"], value["labels"][0], value["text"]))
        elif one["type"] == "choices":
            found += [(one["from_name"], choice) for choice in one["value"]["choices"]]
    return found


def _suggested(db: sqlite3.Connection, kind: str, region: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What the newest rules say, but where people said something of an older version."""
    newest = _rows(db, "SELECT max(id) AS id FROM suggestion_sets WHERE document_id = ?",
                   region["document_id"])[0]["id"]
    carried = [(*json.loads(row["places"])[row["taken"]], row["label"]) for row in _rows(
        db, "SELECT * FROM anchorings WHERE document_id = ? AND kind = ? AND taken IS NOT NULL",
        region["document_id"], "class" if kind == "classes" else "span")]
    if kind == "classes":
        told = [(name, *chosen) for start, _, label in carried if start == region["start"]
                for name, chosen in json.loads(label).items()]
        return told or [(row["class_set"], row["choice"]) for row in _rows(
            db, "SELECT * FROM suggested_classes WHERE set_id = ? AND start = ?",
            newest, region["start"])]
    spans = carried + [
        (row["start"], row["end"], row["label"]) for row in _rows(
            db, "SELECT * FROM suggested_spans WHERE set_id = ?", newest)
        if not any(row["start"] < end and start < row["end"] for start, end, _ in carried)]
    return [(start - region["start"], end - region["start"], label,
             region["text"][start - region["start"]:end - region["start"]])
            for start, end, label in spans if region["start"] <= start and end <= region["end"]]


def _drafts(db: sqlite3.Connection, origin: str, tasks: Rows, world: World) -> Iterator[str]:
    there = {}
    known = {row["key"] for row in _rows(db, "SELECT key FROM regions")}
    for task in tasks:
        if task["meta"] and task["meta"].get("key") in known:
            for draft in world.people[0].get(f"/api/tasks/{task['id']}/drafts").json():
                there[draft["id"]] = draft["result"]
    here = {row["studio_draft"]: json.loads(row["raw"])["result"] for row in _rows(
        db, "SELECT * FROM drafts WHERE origin = ?", origin)}
    if here != there:
        yield f"the drafts here are {here}, there {there}"
