"""Changing a schema and its guide, and what that does to names.

`labels.schema_changes` tells what changes there are. Within one set of changes no name changes its
meaning: what was called so before is called so after it or is gone; else nobody could tell which of
both an answer that is just being made speaks of.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Callable, Iterable, Mapping, Sequence

from labels.errors import N_, SchemaError
from labels.guide import Guide, guide_table, parse_guide
from labels.looks import check_looks
from labels.naming import Names, every_name
from labels.schema import Schema, parse_schema, schema_table, write_toml
from labels.schema_changes import (
    KINDS, Add, Change, Edit, Explain, Merge, Remove, Rename, Split,
)

_NAME = re.compile(r"[^\W\d][\w-]{0,39}")
# Names of other fields of the form that Label Studio draws, and of what regions are asked for.
RESERVED = ("text", "label", "before", "after", "spans", "key", "heading")
_KEYS: Mapping[str, frozenset[str]] = {
    "label": frozenset(("title", "title_en", "code", "color", "hotkey", "guide")),
    "relation": frozenset(("title", "title_en", "from", "to", "attributes")),
    "value": frozenset(),
    "class": frozenset(("title", "title_en", "unit", "multiple", "choices")),
    "choice": frozenset(("title", "title_en")),
    "schema": frozenset(("title", "title_en")),
}
_ROOMS = {"label": "labels", "relation": "relations", "class": "classes"}


@dataclass(frozen=True)
class Changed:
    """The schema and guide after changes, and what became of the names of those before."""

    schema: Schema
    guide: Guide
    names: Names = field(default_factory=Names)


def apply(schema: Schema, guide: Guide, changes: Iterable[Change],
          version: str | None = None) -> Changed:
    """Schema and guide with all `changes`; what is given stays as it is.

    `version` is that of the new schema. Raises SchemaError for the first change that is no good,
    and where together they give a name another meaning.
    """
    work = _Work(schema, guide)
    names = Names()
    for change in changes:
        names = names.then(work.change(change))
    if version is not None:
        work.schema["version"] = version
        work.guide["version"] = version
    made = work.made()
    names = names.of(schema)
    check_meanings(schema, made.schema, names)
    check_looks(schema, made.schema)
    return replace(made, names=names)


def check_meanings(old: Schema, new: Schema, names: Names) -> None:
    """Raise SchemaError where a name of both schemas would mean another thing in each."""
    for name in set(every_name(old)) & set(every_name(new)):
        if names.now(name) != name:
            raise SchemaError(
                N_("%(name)s would mean something else than before"), name="·".join(name[1:]),
                hint=N_("save the first change, then make the second"))


class _Work:
    """Schema and guide, as the tables of their files, while they are being changed."""

    def __init__(self, schema: Schema, guide: Guide) -> None:
        self.schema, self.guide = schema_table(schema), guide_table(guide)

    def change(self, change: Change) -> Names:
        """Make one change; whether all holds together is seen at the end: two labels may swap
        their keys."""
        makers: Mapping[type, Callable[[Any], Names]] = {
            Add: self._add, Rename: self._rename, Merge: self._merge, Split: self._split,
            Remove: self._remove, Edit: self._edit, Explain: self._explain}
        return makers[type(change)](change)

    def made(self) -> Changed:
        text = write_toml(self.schema)
        schema = parse_schema(text, "schema")
        return Changed(schema, parse_guide(write_toml(self.guide), schema, "guide"))

    # --- where entries stand

    def _room(self, kind: str, of: str) -> dict[str, Any]:
        """The entries of a kind by name."""
        if kind in _ROOMS:
            room: dict[str, Any] = self.schema[_ROOMS[kind]]
        elif kind == "choice":
            room = self._found("class", of, "")["choices"]
        elif kind == "value":
            values = self._found("relation", of, "")["attributes"].setdefault("direction", [])
            room = {name: name for name in values}
        else:
            raise SchemaError(N_("there is no kind %(kind)r of entries"), kind=kind,
                              hint=N_("kinds: %(kinds)s"), kinds=", ".join(KINDS))
        return room

    def _put(self, kind: str, of: str, room: Mapping[str, Any]) -> None:
        if kind in _ROOMS:
            self.schema[_ROOMS[kind]] = dict(room)
        elif kind == "choice":
            self.schema["classes"][of]["choices"] = dict(room)
        else:
            self.schema["relations"][of]["attributes"]["direction"] = list(room)

    def _guides(self, kind: str, of: str) -> dict[str, Any]:
        """The guide's entries of a kind by name; values have none."""
        if kind == "value":
            return {}
        if kind == "choice":
            entry = self.guide["classes"].setdefault(of, {"rule": "", "choices": {}})
            found: dict[str, Any] = entry["choices"]
        else:
            found = self.guide[_ROOMS[kind]]
        return found

    def _found(self, kind: str, name: str, of: str) -> Any:
        room = self._room(kind, of)
        if name not in room:
            raise SchemaError(N_("there is no %(kind)s %(name)s"), kind=kind, name=name)
        return room[name]

    def _free(self, kind: str, name: str, of: str, but: Sequence[str] = ()) -> None:
        """Raise SchemaError unless `name` can be a new name (`but` are about to go)."""
        if not _NAME.fullmatch(name):
            raise SchemaError(N_("%(name)r is no name"), name=name,
                              hint=N_("a letter, then letters, digits, _ and -, at most 40"))
        if kind == "class" and name in RESERVED:
            raise SchemaError(N_("a class set cannot be called %(name)r"), name=name)
        if name in self._room(kind, of) and name not in but:
            raise SchemaError(N_("there is a %(kind)s %(name)s already"), kind=kind, name=name)

    # --- changes

    def _add(self, change: Add) -> Names:
        self._free(change.kind, change.name, change.of)
        room = self._room(change.kind, change.of)
        self._put(change.kind, change.of,
                  {**room, change.name: _entry(change.kind, change.name, change.entry)})
        return Names()

    def _rename(self, change: Rename) -> Names:
        self._found(change.kind, change.name, change.of)
        if change.to == change.name:
            raise SchemaError(N_("%(name)s is called so already"), name=change.name)
        self._free(change.kind, change.to, change.of)
        self._replace(change.kind, change.of, [change.name], {change.to: None})
        return _names(change.kind, change.of, {change.name: change.to})

    def _merge(self, change: Merge) -> Names:
        if len(set(change.names)) < 2:
            raise SchemaError(N_("it takes two or more to be merged"))
        for name in change.names:
            self._found(change.kind, name, change.of)
        self._free(change.kind, change.into, change.of, change.names)
        if change.kind == "class":
            raise SchemaError(N_("class sets cannot be merged"),
                              hint=N_("merge or move their choices"))
        if change.kind == "relation":
            self._widen(change)
        self._replace(change.kind, change.of, change.names, {change.into: None})
        return _names(change.kind, change.of, {name: change.into for name in change.names})

    def _widen(self, change: Merge) -> None:
        """A relation made of several may connect and say what any of them might."""
        entries = [self.schema["relations"][name] for name in change.names]
        kept = change.into if change.into in change.names else change.names[0]
        widened = self.schema["relations"][kept]
        for end in ("from", "to"):
            widened[end] = list(dict.fromkeys(
                label for entry in (widened, *entries) for label in entry[end]))
        widened["attributes"] = {
            key: list(dict.fromkeys(value for entry in (widened, *entries)
                                    for value in entry["attributes"].get(key, ())))
            for entry in (widened, *entries) for key in entry["attributes"]}

    def _split(self, change: Split) -> Names:
        self._found(change.kind, change.name, change.of)
        if len(change.into) < 2:
            raise SchemaError(N_("it takes two or more to split into"))
        if change.kind not in ("label", "relation", "choice"):
            raise SchemaError(N_("only labels, relations and choices can be split"))
        for name in change.into:
            self._free(change.kind, name, change.of, [change.name])
        self._replace(change.kind, change.of, [change.name], {
            name: _entry(change.kind, name, entry) if entry else None
            for name, entry in change.into.items()})
        first = next(iter(change.into))
        key = f"choice:{change.of}:{change.name}" if change.kind == "choice" else (
            f"{change.kind}:{change.name}")
        return replace(_names(change.kind, change.of, {change.name: first}),
                       unsure={key: tuple(change.into)})

    def _remove(self, change: Remove) -> Names:
        self._found(change.kind, change.name, change.of)
        if change.kind in ("label", "choice") and len(self._room(change.kind, change.of)) == 1:
            raise SchemaError(N_("%(name)s is the last one"), name=change.name)
        self._replace(change.kind, change.of, [change.name], {})
        gone = _names(change.kind, change.of, {change.name: None})
        if change.kind == "label":
            # A relation that can connect nothing any more goes with its last label.
            empty = [name for name, entry in self.schema["relations"].items()
                     if not entry["from"] or not entry["to"]]
            for name in empty:
                gone = gone.then(self._remove(Remove("relation", name)))
        return gone

    def _edit(self, change: Edit) -> Names:
        if change.kind == "schema":
            _known_keys("schema", change.entry)
            self.schema.update(change.entry)
            return Names()
        old = self._found(change.kind, change.name, change.of)
        if change.kind in ("value", "class") and {"choices"} & set(change.entry):
            raise SchemaError(N_("choices are added, renamed and removed one by one"))
        gone: dict[str, None] = {}
        if change.kind == "relation" and "attributes" in change.entry:
            kept = change.entry["attributes"]
            kept = kept.get("direction", ()) if isinstance(kept, Mapping) else ()
            gone = {value: None for value in old["attributes"].get("direction", ())
                    if value not in kept}
        whole = dict(zip(("title", "title_en"), old)) if change.kind == "choice" else old
        room = self._room(change.kind, change.of)
        self._put(change.kind, change.of, {**room, change.name: _entry(
            change.kind, change.name, {**whole, **change.entry})})
        return Names(directions={change.name: gone}) if gone else Names()

    def _explain(self, change: Explain) -> Names:
        if change.kind == "general":
            self.guide["general"] = list(change.guide.get("general", ()))
            return Names()
        self._found(change.kind, change.name, change.of)
        guides = self._guides(change.kind, change.of)
        if change.kind == "choice":
            guides[change.name] = [str(change.guide.get("rule", "")),
                                   str(change.guide.get("example", ""))]
        elif change.kind == "class":
            guides[change.name] = {"choices": guides.get(change.name, {}).get("choices", {}),
                                   "rule": change.guide.get("rule", "")}
        else:
            guides[change.name] = {**guides.get(change.name, {}), **change.guide}
        return Names()

    # --- entries in place of others

    def _replace(self, kind: str, of: str, old: Sequence[str],
                 new: Mapping[str, Any]) -> None:
        """Put `new` entries where the first of `old` stood; None: the entry of `old` that is of
        that name, else of the first. The guide and the ends of relations follow."""
        room, guides = self._room(kind, of), self._guides(kind, of)
        entries: dict[str, Any] = {}
        told: dict[str, Any] = {}
        for name, entry in room.items():
            if name not in old:
                entries[name] = entry
                continue
            for made, given in new.items() if name == next(n for n in room if n in old) else ():
                source = made if made in old else old[0]
                entries[made] = room[source] if given is None else given
                # Of what was split only the first is what was explained.
                if source in guides and made == next(iter(new)):
                    told[made] = guides[source]
        for name in old:
            guides.pop(name, None)
        guides.update(told)
        self._put(kind, of, entries)
        if kind == "label":
            self._follow_ends(old, list(new))

    def _follow_ends(self, old: Sequence[str], new: Sequence[str]) -> None:
        for relation in self.schema["relations"].values():
            for end in ("from", "to"):
                relation[end] = list(dict.fromkeys(
                    name for label in relation[end]
                    for name in (new if label in old else (label,))))


def _names(kind: str, of: str, turned: Mapping[str, str | None]) -> Names:
    if kind == "label":
        return Names(labels=turned)
    if kind == "relation":
        return Names(relations=turned)
    if kind == "class":
        return Names(classes=turned)
    return Names(directions={of: turned}) if kind == "value" else Names(choices={of: turned})


def _known_keys(kind: str, entry: Mapping[str, Any]) -> None:
    for key in entry:
        if key not in _KEYS[kind]:
            raise SchemaError(N_("a %(kind)s has no %(key)s"), kind=kind, key=key,
                              hint=N_("it has: %(keys)s"), keys=", ".join(sorted(_KEYS[kind])))
    for key in ("title", "title_en", "code", "color", "hotkey", "guide", "unit"):
        if key in entry and not isinstance(entry[key], str):
            raise SchemaError(N_("%(key)s must be a text"), key=key)


def _entry(kind: str, name: str, entry: Mapping[str, Any]) -> Any:
    """An entry as it stands in the file."""
    _known_keys(kind, entry)
    if kind == "value":
        return name
    titles = {"title": entry.get("title", name), "title_en": entry.get("title_en", name)}
    if kind == "choice":
        return [titles["title"], titles["title_en"]]
    if kind == "label":
        return {**titles, "code": name[:2], "hotkey": "", "guide": "", **entry}
    if kind == "relation":
        for end in ("from", "to"):
            if not entry.get(end) or not isinstance(entry[end], list):
                raise SchemaError(N_("relation %(name)s needs labels to lead from and to"),
                                  name=name)
        return {**titles, "attributes": {}, **entry}
    if not isinstance(entry.get("choices"), dict) or not entry["choices"]:
        raise SchemaError(N_("class set %(name)s has no choices"), name=name)
    for choice in entry["choices"]:
        if not _NAME.fullmatch(choice):
            raise SchemaError(N_("%(name)r is no name"), name=choice,
                              hint=N_("a letter, then letters, digits, _ and -, at most 40"))
    return {"unit": "paragraph", "multiple": False, **titles, **entry}


# --- while answers follow ------------------------------------------------------------------------

def union(old: Schema, new: Schema) -> Schema:
    """A schema under which answers of both are valid: `new`, and what only `old` has, keyless.

    It holds while answers are on their way from one to the other.
    """
    table, before = schema_table(new), schema_table(old)
    for name, entry in before["labels"].items():
        table["labels"].setdefault(name, {**entry, "hotkey": ""})
    for name, entry in before["relations"].items():
        made = table["relations"].setdefault(name, entry)
        for end in ("from", "to"):
            made[end] = list(dict.fromkeys((*made[end], *entry[end])))
        made["attributes"] = {
            key: list(dict.fromkeys((*made["attributes"].get(key, ()),
                                     *entry["attributes"].get(key, ()))))
            for key in (*made["attributes"], *entry["attributes"])}
    for name, entry in before["classes"].items():
        made = table["classes"].setdefault(name, entry)
        made["choices"] = {**entry["choices"], **made["choices"]}
        made["multiple"] = made["multiple"] or entry["multiple"]
    return parse_schema(write_toml(table), "schema")
