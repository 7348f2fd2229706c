"""A document that is not to be worked on any more: told, undone, never forgotten.

Its answers, gold and releases stay in the store; the next push deletes its tasks in Label Studio
once all their answers are here. Reading it again, or `restore`, brings it back as it was.
"""
from __future__ import annotations

from dataclasses import dataclass

from labels.errors import InputError, N_
from workbench.store import Store
from workbench.store.rereads import (
    count_answers, count_tasks, releases_with, remove_document, restore_document,
)


@dataclass(frozen=True, slots=True)
class Affected:
    """What a removal touches: `tasks` in Label Studio, `answers` that count, and the numbers of
    the `releases` that hold the document."""

    name: str
    tasks: int
    answers: int
    releases: tuple[int, ...]


def find(store: Store, document: str) -> str:
    """The name of the document that `document` names: its name or its number. Raises InputError."""
    row = store.row("SELECT name FROM documents WHERE name = ?", [document])
    if row is None and document.isdecimal() and len(document) < 19:
        row = store.row("SELECT name FROM documents WHERE id = ?", [int(document)])
    if row is None:
        raise InputError(N_("there is no document %(name)s"), name=document,
                         hint=N_("its name is the file's, as the list of documents shows it"))
    return str(row["name"])


def affected(store: Store, name: str) -> Affected:
    """What removing the document would touch, or touched."""
    return Affected(name, count_tasks(store, name), count_answers(store, name),
                    tuple(releases_with(store, name)))


def remove(store: Store, document: str) -> Affected:
    """Mark all versions as removed. Raises InputError if there is no such document, or it is."""
    with store.write():
        name = find(store, document)
        told = affected(store, name)
        if not remove_document(store, name):
            raise InputError(N_("%(name)s was removed already"), name=name)
        return told


def restore(store: Store, document: str) -> Affected:
    """Take `remove` back. Raises InputError if there is no such document, or it was not removed."""
    with store.write():
        name = find(store, document)
        if not restore_document(store, name):
            raise InputError(N_("%(name)s was not removed"), name=name)
        return affected(store, name)
