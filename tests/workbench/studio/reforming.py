"""Changes of a schema by chance, of all kinds, with what each makes of names."""
from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Sequence

from labels.schema import ClassSet, Schema
from labels.schema_changes import Add, Change, Edit, Explain, Merge, Remove, Rename, Split
from tests.workbench.studio.turning import Name, Turn

COLORS = ("#1f5fbf", "#a8326e", "#2c7a4b", "#8a6100")
# People and rules use the first names of each kind, and the newest.
FIRST, LAST = 6, 2


def common(names: Sequence[str]) -> list[str]:
    """Those of many names that histories use: few, so that they meet."""
    return list(dict.fromkeys((*names[:FIRST], *names[-LAST:])))


@dataclass
class Reform:
    """A draw of changes to `schema`; new names begin with `mark`."""

    schema: Schema
    mark: str
    chance: random.Random
    changes: list[Change] = field(default_factory=list)
    told: dict[Name, tuple[str, ...]] = field(default_factory=dict)
    added: set[Name] = field(default_factory=set)

    def turn(self, after: Schema) -> Turn:
        """What the changes make of names; a relation that went with its last label is gone."""
        kept = {relation.name for relation in after.relations}
        gone: dict[Name, tuple[str, ...]] = {
            ("relation", name): () for name in (one.name for one in self.schema.relations)
            if name not in kept and ("relation", name) not in self.told}
        return Turn({**self.told, **gone}, frozenset(self.added),
                    single_questions(after), single_questions(self.schema))

    def draw(self) -> None:
        """One change, sometimes two: of spans and of classes."""
        first = self.chance.choice((self._label, self._label, self._choice, self._choice,
                                    self._relation, self._class, self._value))
        first()
        if self.chance.random() < 0.25:
            (self._choice if first in (self._label, self._relation, self._value)
             else self._label)()

    def _label(self) -> None:
        self._any("label", "", common(self.schema.label_names), self._label_entry)

    def _choice(self) -> None:
        of = self.chance.choice(self.schema.paragraph_classes)
        self._any("choice", of.name, common([one.name for one in of.choices]),
                  lambda name: {"title": name, "title_en": name})

    def _relation(self) -> None:
        names = [relation.name for relation in self.schema.relations]
        if names:
            self._any("relation", "", common(names), self._relation_entry)

    def _value(self) -> None:
        for relation in self.schema.relations:
            values = [value for one in relation.attributes for value in one.values]
            if len(values) > 1:
                self._one_of(("add", "rename", "merge", "remove"))("value", relation.name, values,
                                                                   lambda name: {})
                return
        self._label()

    def _class(self) -> None:
        asked = self.schema.paragraph_classes
        names = [one.name for one in asked]
        kinds = ["add", "rename", "edit", "multiple"] + ["remove"] * (len(asked) > 1)
        kind = self.chance.choice(kinds)
        if kind == "multiple":
            found: ClassSet = self.chance.choice(asked)
            self.changes.append(Edit("class", found.name, {"multiple": not found.multiple}))
        else:
            self._one_of((kind,))("class", "", names, lambda name: {
                "title": name, "multiple": self.chance.random() < 0.5,
                "choices": {f"{name}a": ["甲", "a"], f"{name}b": ["乙", "b"]}})

    def _any(self, kind: str, of: str, names: list[str],
             entry: Callable[[str], Mapping[str, Any]]) -> None:
        self._one_of(("add", "rename", "merge", "merge", "split", "split", "remove", "remove",
                      "edit", "explain"))(kind, of, names, entry)

    def _one_of(self, words: Sequence[str]) -> Callable[..., None]:
        made: Callable[..., None] = getattr(self, f"_{self.chance.choice(words)}")
        return made

    # --- the changes

    def _name(self, kind: str, of: str) -> str:
        return f"{self.mark}{kind[0]}{len(self.changes)}{len(self.added)}{of[:2]}"

    def _tell(self, kind: str, of: str, told: Mapping[str, tuple[str, ...]]) -> None:
        self.told.update({(kind, *([of] if of else []), name): ends
                          for name, ends in told.items()})

    def _add(self, kind: str, of: str, names: list[str], entry: Any) -> None:
        name = self._name(kind, of)
        self.changes.append(Add(kind, name, entry(name), of))
        self.added.add((kind, *([of] if of else []), name))

    def _rename(self, kind: str, of: str, names: list[str], entry: Any) -> None:
        name, to = self.chance.choice(names), self._name(kind, of)
        self.changes.append(Rename(kind, name, to, of))
        self._tell(kind, of, {name: (to,)})

    def _merge(self, kind: str, of: str, names: list[str], entry: Any) -> None:
        if len(names) < 2:
            return self._add(kind, of, names, entry)
        parts = tuple(self.chance.sample(names, 2))
        into = self.chance.choice((parts[0], parts[1], self._name(kind, of)))
        self.changes.append(Merge(kind, parts, into, of))
        self._tell(kind, of, {name: (into,) for name in parts})

    def _split(self, kind: str, of: str, names: list[str], entry: Any) -> None:
        name, new = self.chance.choice(names), self._name(kind, of)
        into: dict[str, Mapping[str, Any]] = {name: {}, new: entry(new)}
        if self.chance.random() < 0.5:
            into = {f"{new}x": {}, new: entry(new)}
        self.changes.append(Split(kind, name, into, of))
        self._tell(kind, of, {name: tuple(into)})

    def _remove(self, kind: str, of: str, names: list[str], entry: Any) -> None:
        name = self.chance.choice(names)
        self.changes.append(Remove(kind, name, of))
        self._tell(kind, of, {name: ()})

    def _edit(self, kind: str, of: str, names: list[str], entry: Any) -> None:
        name = self.chance.choice(names)
        self.changes.append(Edit(kind, name, {"title": f"{self.mark}新名"}, of))

    def _explain(self, kind: str, of: str, names: list[str], entry: Any) -> None:
        self.changes.append(Explain(kind, self.chance.choice(names),
                                    {"rule": f"如{self.mark}所说。"}, of))

    # --- entries

    def _label_entry(self, name: str) -> Mapping[str, Any]:
        return {"title": name, "code": self._code(), "color": self.chance.choice(COLORS)}

    def _code(self) -> str:
        taken = {label.code for label in self.schema.labels}
        return next(code for number in range(1000)
                    if (code := f"{number:x}") not in taken)

    def _relation_entry(self, name: str) -> Mapping[str, Any]:
        labels = common(self.schema.label_names)
        return {"title": name, "from": labels[:3], "to": labels[:3]}


def single_questions(schema: Schema) -> frozenset[str]:
    return frozenset(one.name for one in schema.paragraph_classes if not one.multiple)
