"""Answers that follow their schema: what people marked, told under new names.

An answer is the JSON that the workbench stores: ``{"spans": [{"start", "end", "label"}],
"relations": [{"source", "target", "type", "direction"}], "classes": {set: [choice]}}``, relations
indexing spans. Nothing in it vanishes or becomes doubtful without a `Note`.
"""
from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Iterable, Mapping, Sequence

from labels.naming import Names, directions_of
from labels.schema import Schema

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """What became of one span, relation or choice.

    `what` is span, relation or choice; `fate` is

    - unsure: it was split, `options` are the names it may have; it got the first,
    - dropped: its name is gone, or for a relation one of its ends,
    - merged: another one says the same now,
    - odd: a relation that may not connect its ends any more; it is kept,
    - missing: a name that was removed is there again, and what bore it is not put back, because
      the answer was changed since,
    - crowded: of several choices, `options`, only one may be told now; it got the first.

    `start` and `end` are of the span, or of the source of the relation, `target` of its target.
    """

    what: str
    fate: str
    before: str
    after: str
    start: int = 0
    end: int = 0
    target: tuple[int, int] | None = None
    options: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether a person has to look."""
        return self.fate in ("unsure", "odd", "crowded", "missing")

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "target": list(self.target) if self.target else None,
                "options": list(self.options)}


def note_from_json(record: Mapping[str, Any]) -> Note:
    return Note(**{**record, "target": tuple(record["target"]) if record["target"] else None,
                   "options": tuple(record["options"])})


@dataclass(frozen=True, slots=True)
class Migrated:
    answer: dict[str, Any]
    notes: tuple[Note, ...]

    @property
    def doubtful(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.doubtful)


def migrate_answer(answer: Answer, names: Names, old: Schema, new: Schema) -> Migrated:
    """`answer`, valid under `old`, as one that is valid under `new`."""
    notes: list[Note] = []
    spans, places = _spans(answer.get("spans", ()), names, notes)
    relations = _relations(answer, spans, places, names, old, new, notes)
    classes = _classes(answer.get("classes", {}), names, new, notes)
    return Migrated({"spans": spans, "relations": relations, "classes": classes}, tuple(notes))


def _spans(before: Sequence[Mapping[str, Any]], names: Names,
           notes: list[Note]) -> tuple[list[dict[str, Any]], list[int | None]]:
    """The spans, and for each of those before its place among them."""
    spans: list[dict[str, Any]] = []
    places: list[int | None] = []
    known: dict[tuple[int, int, str], int] = {}
    for span in before:
        start, end, label = span["start"], span["end"], span["label"]
        now = names.label(label)
        if now is None:
            notes.append(Note("span", "dropped", label, "", start, end))
            places.append(None)
            continue
        if options := names.unsure.get(f"label:{label}"):
            notes.append(Note("span", "unsure", label, now, start, end, None, options))
        if (start, end, now) in known:
            notes.append(Note("span", "merged", label, now, start, end))
        else:
            known[start, end, now] = len(spans)
            spans.append({**span, "label": now})
        places.append(known[start, end, now])
    return spans, places


def _relations(answer: Answer, spans: Sequence[Mapping[str, Any]], places: Sequence[int | None],
               names: Names, old: Schema, new: Schema, notes: list[Note]) -> list[dict[str, Any]]:
    before = answer.get("spans", ())
    fitting, allowed = _ends(old), _ends(new)
    said = {relation.name: directions_of(relation) for relation in new.relations}
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for link in answer.get("relations", ()):
        type_, direction = link["type"], link.get("direction")
        left, right = before[link["source"]], before[link["target"]]
        stands: dict[str, Any] = {"start": left["start"], "end": left["end"],
                                  "target": (right["start"], right["end"])}
        source, target = places[link["source"]], places[link["target"]]
        now = names.relation(type_)
        if now is None or source is None or target is None or source == target:
            notes.append(Note("relation", "dropped", _told(type_, direction), "", **stands))
            continue
        if options := names.unsure.get(f"relation:{type_}"):
            notes.append(Note("relation", "unsure", type_, now, options=options, **stands))
        turned = names.direction(type_, direction) if direction else None
        if direction and turned not in said.get(now, ()):
            turned = None
            notes.append(Note("relation", "odd", _told(type_, direction), now, **stands))
        ends = (spans[source]["label"], spans[target]["label"])
        if (left["label"], right["label"]) in fitting.get(type_, ()) and (
                ends not in allowed.get(now, ())):
            notes.append(Note("relation", "odd", _told(type_, direction), _told(now, turned),
                              **stands))
        key = (source, target, now, turned)
        if key in kept:
            notes.append(Note("relation", "merged", _told(type_, direction), _told(now, turned),
                              **stands))
        else:
            kept[key] = {**link, "source": source, "target": target, "type": now,
                         "direction": turned}
    return list(kept.values())


def _told(type_: str, direction: str | None) -> str:
    return f"{type_}.{direction}" if direction else type_


def _ends(schema: Schema) -> dict[str, set[tuple[str, str]]]:
    """The pairs of labels that each relation may connect."""
    return {relation.name: {(source, target) for source in relation.source
                            for target in relation.target} for relation in schema.relations}


def _classes(before: Mapping[str, Iterable[str]], names: Names, new: Schema,
             notes: list[Note]) -> dict[str, list[str]]:
    classes: dict[str, list[str]] = {}
    multiple = {classes.name: classes.multiple for classes in new.classes}
    for name, chosen in before.items():
        now, kept, said = names.class_set(name), [], list(chosen)
        for choice in said:
            turned = None if now is None else names.choice(name, choice)
            if now is None or turned is None:
                notes.append(Note("choice", "dropped", f"{name}.{choice}", ""))
                continue
            if options := names.unsure.get(f"choice:{name}:{choice}"):
                notes.append(Note("choice", "unsure", f"{name}.{choice}", f"{now}.{turned}",
                                  options=tuple(f"{now}.{one}" for one in options)))
            if turned in kept:
                notes.append(Note("choice", "merged", f"{name}.{choice}", f"{now}.{turned}"))
            else:
                kept.append(turned)
        if now is None:
            continue
        if len(kept) > 1 and not multiple.get(now, True):
            kept = in_order(kept, now, new)
            notes.append(Note("choice", "crowded", f"{name}.{kept[1]}", f"{now}.{kept[0]}",
                              options=tuple(f"{now}.{one}" for one in kept)))
            kept = kept[:1]
        # A question without any of its answers was not answered.
        if kept or not said:
            classes[now] = kept
    return classes


def in_order(chosen: Iterable[str], class_set: str, schema: Schema) -> list[str]:
    """Choices in the order of their set: of several, whoever may keep one keeps the same."""
    order = [choice.name for choice in schema.class_set(class_set).choices]
    return sorted(chosen, key=lambda name: order.index(name) if name in order else len(order))


def faults(answer: Answer, schema: Schema) -> list[str]:
    """What in `answer` the schema does not know, in words; none if it is valid under it."""
    relations = {relation.name: directions_of(relation) for relation in schema.relations}
    sets = {classes.name: classes for classes in schema.classes}
    found = [span["label"] for span in answer.get("spans", ())
             if span["label"] not in schema.label_names]
    for link in answer.get("relations", ()):
        direction = link.get("direction")
        if link["type"] not in relations or direction and (
                direction not in relations[link["type"]]):
            found.append(_told(link["type"], direction))
    for name, chosen in answer.get("classes", {}).items():
        known = {choice.name for choice in sets[name].choices} if name in sets else set()
        found += [f"{name}.{choice}" for choice in chosen if choice not in known]
        if name in sets and len(list(chosen)) > 1 and not sets[name].multiple:
            found.append(name)
        elif name not in sets:
            found.append(name)
    return found
