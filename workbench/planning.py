"""What a change of the schema makes of every answer and of gold: worked out before it is done.

Forward, an answer follows the names. Back, it becomes what it was, where nobody changed it since;
else it follows the names backwards, and what cannot be told from them is for a person to look at.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Sequence

from labels.answers import Answer, Migrated, Note, migrate_answer
from labels.naming import Names, inverse, names_from_json
from labels.schema import Schema
from workbench.effective import Version, version_of
from workbench.store import Row, Store
from workbench.store.answers import canonical, newest_answers
from workbench.store.gold import standing_gold
from workbench.store.schemas import move_of, schema_version
from workbench.studio.rewriting import rewritten


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of one answer; of gold `origin` is '' and the annotation 0.

    `result` is what Label Studio shall hold; None for gold.
    """

    region_id: int
    origin: str
    studio_annotation: int
    answer_id: int | None
    before: Answer
    after: Answer
    result: Sequence[Mapping[str, Any]] | None
    notes: tuple[Note, ...]

    @property
    def changed(self) -> bool:
        return canonical(self.before) != canonical(self.after)

    @property
    def doubtful(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.doubtful)


@dataclass(frozen=True)
class Way:
    """From one version of the schema to the next: `names` lead there. `undone` are the versions
    that are taken back, newest first, each with the names that lead back over it."""

    old: Version
    new: Version
    names: Names
    undone: tuple[tuple[int, Names, Schema, Schema], ...] = ()


def forward(old: Version, new: Version, names: Names) -> Way:
    return Way(old, new, names)


def backward(store: Store, old: Version, target: Version) -> Way:
    """From `old` back to an earlier version, over all between."""
    undone = []
    names = Names()
    for number in range(old.number, target.number, -1):
        row, earlier = schema_version(store, number), schema_version(store, number - 1)
        assert row is not None and earlier is not None
        after, before = version_of(row), version_of(earlier)
        step = inverse(names_from_json(json.loads(row["mapping"])), before.schema, after.schema)
        undone.append((number, step, after.schema, before.schema))
        names = names.then(step)
    return Way(old, target, names.of(old.schema), tuple(undone))


def plan(store: Store, way: Way) -> list[Move]:
    """All answers that count and all gold that stands, where the change concerns them."""
    return [*_answers(store, way), *_gold(store, way)]


def _answers(store: Store, way: Way) -> Iterator[Move]:
    for row in newest_answers(store):
        if row["state"] == "accepted":
            move = move_answer(store, way, row)
            if move.changed or move.notes or concerned(row["answer"], way.names):
                yield move


def move_answer(store: Store, way: Way, row: Row) -> Move:
    """What becomes of one stored answer."""
    found, restored = _moved(store, way, row["answer"], row["region_id"], row["origin"],
                             row["studio_annotation"])
    result = (_raw(store, restored) if restored is not None
              else rewritten(json.loads(row["raw"]), way.names, way.new.schema))
    return Move(row["region_id"], row["origin"], row["studio_annotation"], row["id"],
                row["answer"], found.answer, result, found.notes)


def _raw(store: Store, move: Row) -> Any:
    """What Label Studio held before a move."""
    if move["answer_id"] is None:
        return move["raw"]
    return json.loads(store.value("SELECT raw FROM answers WHERE id = ?", [move["answer_id"]]))


def _gold(store: Store, way: Way) -> Iterator[Move]:
    for row in standing_gold(store):
        found, _ = _moved(store, way, row["answer"], row["region_id"], "", 0)
        move = Move(row["region_id"], "", 0, None, row["answer"], found.answer, None, found.notes)
        if move.changed or move.notes or concerned(row["answer"], way.names):
            yield move


def _moved(store: Store, way: Way, answer: Answer, region_id: int, origin: str,
           annotation: int) -> tuple[Migrated, Row | None]:
    """The answer at the other end, and the move before which it was just that."""
    if not way.undone:
        return migrate_answer(answer, way.names, way.old.schema, way.new.schema), None
    notes: list[Note] = []
    restored: Row | None = None
    for version, names, after, before in way.undone:
        known = move_of(store, version, region_id, origin, annotation)
        if known is not None and canonical(known["after"]) == canonical(answer):
            answer, restored = known["before"], known
            continue
        found = migrate_answer(answer, names, after, before)
        if canonical(found.answer) != canonical(answer):
            restored = None
        answer = found.answer
        notes.extend(found.notes)
        notes.extend(Note("span" if gone["what"] == "span" else gone["what"], "missing",
                          gone["before"], "", gone["start"], gone["end"])
                     for gone in (known["notes"] if known else ()) if gone["fate"] == "dropped")
    return Migrated(dict(answer), tuple(notes)), restored


def concerned(answer: Answer, names: Names) -> bool:
    """Whether the answer says anything whose name is told in `names`, before or after."""
    labels = {*names.labels, *names.labels.values()}
    kinds = {*names.relations, *names.relations.values(), *names.directions}
    sets = {*names.classes, *names.classes.values()}
    return (any(span["label"] in labels for span in answer.get("spans", ()))
            or any(link["type"] in kinds for link in answer.get("relations", ()))
            or any(name in sets or any(
                choice in {*turned, *turned.values()} for choice in chosen
                for turned in (names.choices.get(name, {}),))
                for name, chosen in answer.get("classes", {}).items()))
