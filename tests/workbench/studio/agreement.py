"""Do both sides agree? Read with plain SQL here and plain HTTP there, past our own code.

`differences` says in words what is not as it must be after a sync without faults; an empty list
is the proof. It knows nothing of how push and pull work, only what must hold when they have ended:

- each region of a current document has exactly one task in each of our projects that asks for it,
  with the text of the region, and we know its number; a second one only where people have begun in
  both, and are asked which to keep; there is one project of a kind and slot;
- what fewer people shall answer by now stays, and is kept as whole as the rest;
- the form of a project offers the names of the schema that counts, and nothing that is said there
  is unknown to it;
- every annotation there is the newest version here, word for word, and every answer that counts
  here is there, unless its task was deleted;
- every annotation there was made by a person; every one that a person made and left standing is
  here, as its author left it and as the changes of the schema have turned it since; so is every
  version that was ever here; what counts as deleted here a person withdrew;
- what a change of the schema left in doubt waits to be reviewed, or has been;
- drafts here are those there, and say what their authors began;
- where nobody has begun, a task shows just what is suggested now, or nothing if it was sent bare;
- a settled region that is asked again has one task more, which shows nothing, and whose answers
  stand apart; where none shall be asked again, no such task waits;
- nothing waits to be sent, and the change of the schema has come to its end.
"""
from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any, Iterable, Iterator

from tests.workbench.studio.people import ask, form_of, key_of, tasks_of
from tests.workbench.studio.turning import Said, canonical, names_in
from tests.workbench.studio.world import World
from workbench.slots import in_slot

Rows = list[dict[str, Any]]


def differences(world: World) -> list[str]:
    with closing(sqlite3.connect(world.project.database)) as db:
        db.row_factory = sqlite3.Row
        projects = _setting(db, "studio")["projects"]
        overlap = _setting(db, "overlap")
        found = list(_projects(db, world, projects))
        standing: set[int] = set()
        begun: dict[int, Rows] = {}
        for name, (number, origin) in projects.items():
            kind, slot = name.split(":")
            tasks = tasks_of(world.people[0], number)
            drafts = _drafts_of(db, tasks, world)
            asked = {row["key"] for row in _regions(db, kind)
                     if in_slot(row["key"], int(slot), overlap)}
            found += _tasks(db, kind, int(slot), origin, tasks, asked)
            found += _answers(db, origin, tasks)
            found += _predictions(db, kind, int(slot), tasks)
            found += _trials(db, kind, int(slot), origin, tasks)
            found += _drafts(db, origin, drafts)
            found += _form(world, kind, number, [
                *(one["result"] for task in tasks
                  for one in (*task["annotations"], *task["predictions"])), *drafts.values()])
            standing |= {one["id"] for task in tasks for one in task["annotations"]}
            begun.update(drafts)
        found += _people(db, world, standing)
        found += _begun(world, begun)
        found += _kept(db, world)
        found += _queue(db, world)
        found += [f"waits to be sent: {dict(row)}" for row in db.execute("SELECT * FROM outbox")]
        found += [f"version {row['version']} stands at {row['step']}" for row in db.execute(
            "SELECT version, step FROM schemas WHERE step <> 'done'")]
        return found


def _setting(db: sqlite3.Connection, key: str) -> Any:
    row = db.execute("SELECT value FROM settings WHERE key = ?", [key]).fetchone()
    return json.loads(row[0]) if row else None


def _projects(db: sqlite3.Connection, world: World,
              known: dict[str, list[Any]]) -> Iterator[str]:
    """One project there for each kind and slot, which is the one we know."""
    uuid = _setting(db, "uuid")
    people = (_setting(db, "overlap") or {}).get("people", 1)
    for kind in ("spans", "classes"):
        for slot in range(1, people + 1):
            if f"{kind}:{slot}" not in known:
                yield f"there is no project for {kind} in slot {slot}"
    listed = world.people[0].get("/api/projects/", params={
        "page": 1, "page_size": 1000, "include": "id,description"}).raise_for_status().json()
    ours = sorted(row["id"] for row in listed["results"] if f"[{uuid}:" in row["description"])
    if ours != sorted(number for number, _ in known.values()):
        yield f"our projects there are {ours}, we know {known}"


def _form(world: World, kind: str, project: int, results: Iterable[Rows]) -> Iterator[str]:
    form, schema = form_of(world.people[0], project), world.project.pack().schema
    offered = {("label", name) for name in form.labels}
    offered |= {("relation", name) for name in form.relations}
    offered |= {("class", name) for name in form.questions}
    offered |= {("choice", name, choice) for name, choices in form.questions.items()
                for choice in choices}
    if kind == "spans":
        names = [("label", name) for name in schema.label_names]
    else:
        names = [name for one in schema.paragraph_classes for name in (
            ("class", one.name), *(("choice", one.name, choice.name) for choice in one.choices))]
    shown = {name for name in offered if name[0] != "relation"}
    if shown != set(names):
        yield f"project {project} offers {sorted(shown ^ set(names))} otherwise than the schema"
    for result in results:
        said = {name for name in names_in(result) if name[0] not in ("relation", "value")}
        said |= {("relation", told) for item in result if item["type"] == "relation"
                 for told in item["labels"]}
        if said - offered:
            yield f"project {project} holds {sorted(said - offered)}, which it does not offer"


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


def _tasks(db: sqlite3.Connection, kind: str, slot: int, origin: str, tasks: Rows,
           asked: set[str]) -> Iterator[str]:
    by_key: dict[str, Rows] = {}
    for task in tasks:
        by_key.setdefault(key_of(task), []).append(task)
    asking = {row["key"] for row in _rows(
        db, "SELECT key FROM conflicts WHERE kind = 'double' AND ended_at IS NULL")}
    for key, same in by_key.items():
        worked = all(task["annotations"] or task["draft_exists"] for task in same)
        if key and len(same) > 1 and not (worked and f"{origin}:{key}" in asking):
            yield f"{key} has {len(same)} tasks: {[task['id'] for task in same]}"
    known = {row["region_id"]: row for row in _rows(
        db, "SELECT * FROM tasks WHERE origin = ? AND slot = ? AND gone_at IS NULL", origin, slot)}
    disputed = {row["region_id"] for row in _rows(
        db, "SELECT region_id FROM conflicts WHERE kind = 'data' AND ended_at IS NULL")}
    for region in _regions(db, kind):
        there = by_key.get(region["key"], [])
        if not there:
            if region["key"] in asked:
                yield f"region {region['key']} has no task in slot {slot}"
            continue
        for task in there:
            if task["data"]["text"] != region["text"] and region["id"] not in disputed:
                yield f"task {task['id']} shows another text than its region, and nobody is told"
        if known.get(region["id"], {}).get("studio_task") not in {task["id"] for task in there}:
            yield f"of {region['key']} none of the tasks {[task['id'] for task in there]} is known"
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
    for number, said in (*world.said.items(), *world.left.items()):
        row = here.get(number)
        if row is None:
            yield f"annotation {number}, which a person made, is lost"
            continue
        now = canonical(json.loads(row["raw"]))
        if now in map(canonical, said.may):
            continue
        # What nobody reaches any more stays as it was when it was pulled, if nobody can read it
        # or it was asked again.
        if number not in standing and now in said.ever and (
                row["state"] == "quarantined" or row["region_id"] is None):
            continue
        yield (f"annotation {number} of version {said.version} says {now} here and not"
               f" {' or '.join(map(canonical, said.may))}")
    for number, row in here.items():
        if row["deleted_at"] and number not in world.withdrawn:
            yield f"annotation {number} counts as deleted here, and nobody took it back"
    for number in standing - world.said.keys():
        yield f"nobody made annotation {number}"


def _begun(world: World, begun: dict[int, Rows]) -> Iterator[str]:
    for number, result in begun.items():
        said = world.begun.get(number)
        if said is None:
            yield f"nobody began draft {number}"
        elif canonical(result) not in map(canonical, said.may):
            yield (f"draft {number} of version {said.version} says {canonical(result)} and not"
                   f" {' or '.join(map(canonical, said.may))}")


def _queue(db: sqlite3.Connection, world: World) -> Iterator[str]:
    """Of a person the newest answer to a region counts; it waits for review if it is in doubt."""
    raised = {row["key"] for row in _rows(
        db, "SELECT r.key FROM conflicts c JOIN regions r ON r.id = c.region_id"
            " WHERE c.kind = 'schema'")}
    newest = {row["studio_annotation"]: row for row in _rows(
        db, "SELECT * FROM answers ORDER BY studio_updated_at, id")}
    counting: dict[tuple[int, str], int] = {}
    for number, row in newest.items():
        counting[row["region_id"], row["annotator"]] = number
    for number, said in world.said.items():
        row = newest.get(number)
        if _doubtful(said) and row and row["state"] == "accepted" and not row["deleted_at"] \
                and counting[row["region_id"], row["annotator"]] == number \
                and said.region not in raised:
            yield (f"annotation {number} has been in doubt since version {max(said.doubts)}, and"
                   f" nobody is asked")


def _doubtful(said: Said) -> bool:
    return bool(said.doubts) and not said.odd


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
        trial = trials.get(key_of(task))
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
        region = regions.get(key_of(task))
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


def _drafts_of(db: sqlite3.Connection, tasks: Rows, world: World) -> dict[int, Rows]:
    """What was begun in our tasks there, by everybody."""
    known = {row["key"] for row in _rows(db, "SELECT key FROM regions")}
    return {draft["id"]: draft["result"] for task in tasks if key_of(task) in known
            for draft in ask(world.people[0], "GET", f"/api/tasks/{task['id']}/drafts")}


def _drafts(db: sqlite3.Connection, origin: str, there: dict[int, Rows]) -> Iterator[str]:
    here = {row["studio_draft"]: json.loads(row["raw"])["result"] for row in _rows(
        db, "SELECT * FROM drafts WHERE origin = ?", origin)}
    if here != there:
        yield f"the drafts here are {here}, there {there}"
