"""Where the documents of the next release belong: their groups, and the splits of these.

What was decided for an earlier release stays; only documents that are new, or have a new version,
are compared with the others.
"""
from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Iterable, Mapping, Sequence

from labels.errors import InputError, N_
from labels.grouping import TIES, Member, settle_groups, source_of, ties
from labels.splits import deal
from workbench.store import Row, Store
from workbench.store.documents import load_document
from workbench.store.groups import members, newest_ids, save_members, save_splits, splits
from workbench.store.settings import get_setting, set_setting


@dataclass(frozen=True, slots=True)
class Placed:
    """`groups` by document and `splits` by group; `notes` tell who was moved."""

    groups: Mapping[str, Member]
    splits: Mapping[str, str]
    notes: tuple[dict[str, Any], ...]

    def split(self, document: str) -> str:
        return self.splits[self.groups[document].group]


def ties_asked(store: Store) -> tuple[str, ...]:
    """What keeps documents together in this project."""
    asked = get_setting(store, "ties", list(TIES))
    return tuple(name for name in TIES if name in asked)


def ask_ties(store: Store, names: Iterable[str]) -> None:
    """What shall keep documents together from the next release on. Raises InputError."""
    asked = set(names)
    for name in sorted(asked - set(TIES)):
        raise InputError(N_("%(name)s is nothing that keeps documents together"), name=name,
                         hint=N_("one of: %(known)s"), known=", ".join(TIES))
    set_setting(store, "ties", [name for name in TIES if name in asked])


def place(store: Store, rows: Sequence[Row], number: int) -> Placed:
    """Give each document of `rows` (settled regions) its group and split, for release `number`."""
    with store.write():
        groups, notes = _groups(store, {row["name"] for row in rows}, number)
        brings: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            brings[groups[row["name"]].group].update(_brought(row))
        known = splits(store)
        dealt = {**known, **deal(brings, known)}
        save_splits(store, dealt)
        return Placed(groups, dealt, tuple(
            {**note, "content": {**note["content"],
                                 "from_split": dealt.get(note["content"]["from"], ""),
                                 "to_split": dealt.get(note["content"]["to"], "")}}
            for note in notes))


def _groups(store: Store, names: set[str], number: int,
            ) -> tuple[dict[str, Member], list[dict[str, Any]]]:
    known, asked = members(store), ties_asked(store)
    newest = newest_ids(store, {*names, *known})
    basis = hashlib.sha256(json.dumps([asked, sorted(newest.items())]).encode()).hexdigest()
    if not names - set(known) and get_setting(store, "groups_basis") == basis:
        return known, []
    found = ties([source_of(load_document(store, document_id))
                  for document_id in newest.values()], asked)
    groups, moved = settle_groups(names, found, known, number)
    save_members(store, groups)
    set_setting(store, "groups_basis", basis)
    return groups, [{"kind": "moved", "document": one.document, "content": {
        "from": one.before, "to": one.after, "why": one.why}} for one in moved]


def _brought(row: Row) -> Iterable[str]:
    """What a settled region brings to its split, each label by its name."""
    answer = row["answer"]
    yield f"regions {row['kind']}"
    yield from (f"span {span['label']}" for span in answer["spans"])
    yield from (f"relation {link['type']}" for link in answer["relations"])
    yield from (f"class {name} {choice}" for name, chosen in answer["classes"].items()
                for choice in chosen)
