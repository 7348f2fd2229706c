"""A document that later releases leave out: with its reason, told by the next release, undone.

Releases that hold it stay as they are. Its work goes on; `workbench.removing` ends that.
"""
from __future__ import annotations

from dataclasses import dataclass

from labels.errors import InputError, N_
from workbench.removing import find
from workbench.store import Store
from workbench.store.rereads import releases_with
from workbench.store.withdrawals import add_withdrawal, end_withdrawal


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """`releases` are the numbers of those that hold the document, and keep it."""

    name: str
    releases: tuple[int, ...]


def withdraw(store: Store, document: str, why: str, by: str) -> Withdrawn:
    """Leave a document (its name or number) out of later releases.

    Raises InputError if there is no such document, it is withdrawn, or no reason is given.
    """
    if not why.strip():
        raise InputError(N_("a withdrawal needs a reason"),
                         hint=N_("the next release tells it"))
    with store.write():
        name = find(store, document)
        if not add_withdrawal(store, name, " ".join(why.split()), by):
            raise InputError(N_("%(name)s was withdrawn already"), name=name)
        return Withdrawn(name, tuple(releases_with(store, name)))


def take_back(store: Store, document: str, by: str) -> Withdrawn:
    """Let later releases hold it again. Raises InputError if it is not withdrawn."""
    with store.write():
        name = find(store, document)
        if not end_withdrawal(store, name, by):
            raise InputError(N_("%(name)s is not withdrawn"), name=name)
        return Withdrawn(name, tuple(releases_with(store, name)))
