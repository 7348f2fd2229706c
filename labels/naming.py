"""Names of a schema on their way into another one: what became of each label, relation, class.

Two uses of one thing: answers follow their schema when it is changed (`labels.migrating`), and what
the rules of a pack suggest under the pack's own names is told under the project's (`labels.rules`).
"""
from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Iterable, Mapping

from labels.schema import RelationType, Schema

Turned = Mapping[str, "str | None"]


@dataclass(frozen=True)
class Names:
    """Old name → new name, None where it is gone; a name that is not told stays.

    Of names that became one all are told, also the one that is called so still. `directions` are
    the values of the attribute ``direction`` by relation, `choices` by class set,
    both under old names. `unsure` maps what was split, as ``label:ORG`` or
    ``choice:function:plan``, to the names it may have now; the first of them is the one it got.
    """

    labels: Turned = field(default_factory=dict)
    relations: Turned = field(default_factory=dict)
    directions: Mapping[str, Turned] = field(default_factory=dict)
    classes: Turned = field(default_factory=dict)
    choices: Mapping[str, Turned] = field(default_factory=dict)
    unsure: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def label(self, name: str) -> str | None:
        return self.labels.get(name, name)

    def relation(self, name: str) -> str | None:
        return self.relations.get(name, name)

    def direction(self, relation: str, value: str) -> str | None:
        return self.directions.get(relation, {}).get(value, value)

    def class_set(self, name: str) -> str | None:
        return self.classes.get(name, name)

    def choice(self, class_set: str, name: str) -> str | None:
        return self.choices.get(class_set, {}).get(name, name)

    def then(self, later: "Names") -> "Names":
        """Both steps as one."""
        relations = _then(self.relations, later.relations)
        classes = _then(self.classes, later.classes)
        return Names(
            _then(self.labels, later.labels), relations,
            _inner(self.directions, later.directions, self.relations, later.relations),
            classes, _inner(self.choices, later.choices, self.classes, later.classes),
            {**self._turned(later), **self._sources(later)})

    def _turned(self, later: "Names") -> dict[str, tuple[str, ...]]:
        """What was unsure before, under the names it may have after `later`."""
        found = {}
        for key, options in self.unsure.items():
            kind, *where = key.split(":")
            if kind == "label":
                ends = [later.unsure.get(f"label:{name}", (later.label(name),))
                        for name in options]
            elif kind == "relation":
                ends = [later.unsure.get(f"relation:{name}", (later.relation(name),))
                        for name in options]
            else:
                now = self.class_set(where[0])
                ends = [] if now is None else [
                    later.unsure.get(f"choice:{now}:{name}", (later.choice(now, name),))
                    for name in options]
            kept = tuple(dict.fromkeys(name for end in ends for name in end if name))
            if len(kept) > 1:
                found[key] = kept
        return found

    def _sources(self, later: "Names") -> dict[str, tuple[str, ...]]:
        """What `later` makes unsure, under the names it had before this step."""
        found: dict[str, tuple[str, ...]] = {}
        for key, options in later.unsure.items():
            kind, *where = key.split(":")
            if kind in ("label", "relation"):
                before = _before(self.labels if kind == "label" else self.relations, where[0])
                found.update({f"{kind}:{name}": options for name in before
                              if f"{kind}:{name}" not in self.unsure})
            else:
                for old in _before(self.classes, where[0]):
                    found.update({f"choice:{old}:{name}": options
                                  for name in _before(self.choices.get(old, {}), where[1])
                                  if f"choice:{old}:{name}" not in self.unsure})
        return found

    def inside(self, label: str, pack: Schema) -> str:
        """The name under which the rules of a pack know a label of the project: that of the label
        of `pack` which became it, or a name that no pack has, for one that the project added."""
        before = [name for name in _before(self.labels, label) if name in pack.label_names]
        return label if label in before else before[0] if before else f"+{label}"

    def inside_relation(self, relation: str, direction: str | None) -> tuple[str, str | None]:
        """The name under which the rules of a pack know a relation of the project, and what its
        direction is called there."""
        before = _before(self.relations, relation) or [relation]
        inside = relation if relation in before else before[0]
        values = _before(self.directions.get(inside, {}), direction) if direction else []
        return inside, direction if direction in values else values[0] if values else None

    def outside(self, label: str) -> str | None:
        """What a label that a rule told is called in the project."""
        return label[1:] if label.startswith("+") else self.label(label)

    def of(self, schema: Schema) -> "Names":
        """Without names that `schema`, the old one, does not have."""
        known = set(every_name(schema))

        def kept(turned: Turned, *kind: str) -> dict[str, str | None]:
            return {old: now for old, now in turned.items() if (*kind, old) in known}

        def inner(turned: Mapping[str, Turned], kind: str) -> dict[str, dict[str, str | None]]:
            found = {of: kept(names, kind, of) for of, names in turned.items()}
            return {of: names for of, names in found.items() if names}

        return Names(
            kept(self.labels, "label"), kept(self.relations, "relation"),
            inner(self.directions, "direction"), kept(self.classes, "class"),
            inner(self.choices, "choice"),
            {key: names for key, names in self.unsure.items() if tuple(key.split(":")) in known})

    def now(self, name: tuple[str, ...]) -> tuple[str, ...] | None:
        """What became of a name as `every_name` gives them."""
        kind, *where = name
        turned: str | None
        if kind == "label":
            turned = self.label(where[0])
        elif kind == "relation":
            turned = self.relation(where[0])
        elif kind == "class":
            turned = self.class_set(where[0])
        else:
            of = self.relation(where[0]) if kind == "direction" else self.class_set(where[0])
            turned = self.direction(*where) if kind == "direction" else self.choice(*where)
            return None if of is None or turned is None else (kind, of, turned)
        return None if turned is None else (kind, turned)

    def to_json(self) -> dict[str, Any]:
        return {"labels": dict(self.labels), "relations": dict(self.relations),
                "directions": {name: dict(turned) for name, turned in self.directions.items()},
                "classes": dict(self.classes),
                "choices": {name: dict(turned) for name, turned in self.choices.items()},
                "unsure": {key: list(names) for key, names in self.unsure.items()}}

    def text(self) -> str:
        """One text for equal names."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True)


def names_from_json(record: Mapping[str, Any]) -> Names:
    """The inverse of `Names.to_json`."""
    return Names(record["labels"], record["relations"], record["directions"], record["classes"],
                 record["choices"],
                 {key: tuple(names) for key, names in record["unsure"].items()})


def _then(first: Turned, second: Turned) -> dict[str, str | None]:
    """Names that `first` makes are not among the keys: nothing was called so before."""
    made = set(first.values()) - set(first)
    return {**{name: now for name, now in second.items() if name not in made},
            **{name: None if now is None else second.get(now, now)
               for name, now in first.items()}}


def _inner(first: Mapping[str, Turned], second: Mapping[str, Turned], outer: Turned,
           later: Turned) -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = {}
    for old in {*first, *outer, *(name for new in second for name in _before(outer, new))}:
        now = outer.get(old, old)
        if now is not None and later.get(now, now) is not None:
            found[old] = _then(first.get(old, {}), second.get(now, {}))
    return {name: turned for name, turned in found.items() if turned}


def _before(turned: Turned, name: str) -> list[str]:
    """The old names of what is called `name` now."""
    return [old for old, now in turned.items() if now == name] or (
        [] if name in turned else [name])


def inverse(names: Names, old: Schema, new: Schema) -> Names:
    """The way back of names that lead from `old` to `new`: what was several is unsure, what was not
    there is gone."""
    turned: dict[tuple[str, ...], tuple[str, ...] | None] = {}
    unsure: dict[str, tuple[str, ...]] = {}
    before: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for name in every_name(old):
        end = names.now(name)
        for part in () if end is None else names.unsure.get(":".join(name), (end[-1],)):
            before.setdefault((*(end or ())[:-1], part), []).append(name)
    for now in every_name(new):
        # What is called as it was comes first, then the rest in the order of the schema.
        found = sorted(before.get(now, ()), key=lambda one: one != now)
        turned[now] = found[0] if found else None
        if len(found) > 1 and now[0] != "direction":
            unsure[":".join(now)] = tuple(one[-1] for one in found)
    made: dict[str, dict[str, str | None]] = {"label": {}, "relation": {}, "class": {}}
    inner: dict[str, dict[str, dict[str, str | None]]] = {"direction": {}, "choice": {}}
    for (kind, *where), source in turned.items():
        into = made[kind] if len(where) == 1 else inner[kind].setdefault(where[0], {})
        into[where[-1]] = None if source is None else source[-1]
    return Names(made["label"], made["relation"], inner["direction"], made["class"],
                 inner["choice"], unsure)


def directions_of(relation: RelationType) -> tuple[str, ...]:
    return next((one.values for one in relation.attributes if one.name == "direction"), ())


def every_name(schema: Schema) -> Iterable[tuple[str, ...]]:
    """All names as (kind, name), of directions and choices as (kind, of, name)."""
    yield from (("label", label.name) for label in schema.labels)
    for relation in schema.relations:
        yield "relation", relation.name
        yield from (("direction", relation.name, value) for value in directions_of(relation))
    for classes in schema.classes:
        yield "class", classes.name
        yield from (("choice", classes.name, choice.name) for choice in classes.choices)
