"""Changes of a schema and its guide, each typed, so that answers can follow them.

A change says what it does to names (`Names`): that is what answers, gold and the suggestions of
rules follow. As a file it is one JSON object a change, applied in order::

    {"change": "rename", "kind": "label", "name": "ORG", "to": "ORGAN"}
    {"change": "split", "kind": "label", "name": "LOC", "into": {"LOC": {…}, "ROAD": {…}}}
    {"change": "merge", "kind": "choice", "of": "function", "names": ["plan", "target"],
     "into": "plan"}

Kinds are ``label``, ``relation``, ``value`` (of the direction of a relation, named by `of`),
``class`` and ``choice`` (of the class set `of`). An entry has the keys that a schema file has.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from labels.errors import N_, SchemaError

KINDS = ("label", "relation", "value", "class", "choice")


@dataclass(frozen=True, slots=True)
class Add:
    kind: str
    name: str
    entry: Mapping[str, Any]
    of: str = ""


@dataclass(frozen=True, slots=True)
class Rename:
    kind: str
    name: str
    to: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """All of `names` become `into`: one of them, or a new name with the entry of the first."""

    kind: str
    names: tuple[str, ...]
    into: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """`name` becomes several, by name with their entries. Whatever was called so gets the first,
    and is unsure."""

    kind: str
    name: str
    into: Mapping[str, Mapping[str, Any]]
    of: str = ""


@dataclass(frozen=True, slots=True)
class Remove:
    kind: str
    name: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Other values for some keys of an entry; the kind ``schema`` has titles only."""

    kind: str
    name: str
    entry: Mapping[str, Any]
    of: str = ""


@dataclass(frozen=True, slots=True)
class Explain:
    """Another guide text: keys as in a guide file; the kind ``general`` has ``general`` only."""

    kind: str
    name: str
    guide: Mapping[str, Any]
    of: str = ""


Change = Add | Rename | Merge | Split | Remove | Edit | Explain
_TYPES: Mapping[str, Any] = {"add": Add, "rename": Rename, "merge": Merge, "split": Split,
                             "remove": Remove, "edit": Edit, "explain": Explain}


def change_to_json(change: Change) -> dict[str, Any]:
    word = next(word for word, kind in _TYPES.items() if isinstance(change, kind))
    told = {name: getattr(change, name) for name in type(change).__slots__}
    if isinstance(change, Merge):
        told["names"] = list(change.names)
    return {"change": word, **{key: value for key, value in told.items() if key != "of" or value}}


def change_from_json(record: Any) -> Change:
    """The inverse of `change_to_json`. Raises SchemaError for keys that no change has."""
    if not isinstance(record, dict) or record.get("change") not in _TYPES:
        raise SchemaError(N_("this is no change of a schema: %(what)s"), what=record,
                          hint=N_("changes: %(changes)s"), changes=", ".join(_TYPES))
    kind = _TYPES[record["change"]]
    given = {key: value for key, value in record.items() if key != "change"}
    texts = {"kind", "name", "to", "of"} | ({"into"} if kind is Merge else set())
    needed = set(kind.__slots__) - {"of"}
    if not needed <= set(given) <= needed | {"of"} or not all(
            isinstance(given[key], str) for key in texts & set(given)):
        raise SchemaError(N_("a change %(change)r has the texts and entries %(keys)s"),
                          change=record["change"], keys=", ".join(sorted(needed)))
    if kind is Merge:
        if not isinstance(given["names"], list) or not all(
                isinstance(name, str) for name in given["names"]):
            raise SchemaError(N_("%(key)s must be a list of texts"), key="names")
        given["names"] = tuple(given["names"])
    for key in {"entry", "guide"} | ({"into"} if kind is Split else set()):
        if key in given and not isinstance(given[key], dict):
            raise SchemaError(N_("%(key)s must be an object"), key=key)
    made: Change = kind(**given)
    return made
