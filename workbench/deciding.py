"""What a person can decide on a conflict, in one registry; every decision can be undone.

A conflict's resolution is the name of the decision, the number of the candidate where it took
one, and the note: ``take:2 found in the annex``.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Mapping

from labels.errors import InputError, N_
from workbench.rereading import DISMISSED
from workbench.store import Row, Store
from workbench.store import outbox
from workbench.store.asking import annotators_of, ask_again, stop_asking
from workbench.store.conflicts import VANISHED, conflict, end_conflict, reopen_conflict
from workbench.store.rereads import anchoring, carried, take_place

# What each kind is, in the words of the page.
KINDS: Mapping[str, str] = {
    "suggestions": N_("Better suggestions than those people answered"),
    "anchor": N_("Labels that a new version does not hold for certain"),
    "quarantine": N_("Answers that do not fit their text"),
    "data": N_("Tasks whose text was edited in Label Studio"),
    "double": N_("Second tasks of one passage, both answered"),
    "foreign": N_("Tasks in our projects that are not ours"),
    "project": N_("Projects in Label Studio that are not as we left them"),
    "schema": N_("Answers that a change of the schema leaves open"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One decision being taken."""

    store: Store
    row: Row
    candidate: int | None
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class Decision:
    """`apply` does what the decision means beside ending the conflict, `undo` takes that back.

    With `takes` it is offered once a candidate; `needs_note`: only with words.
    """

    name: str
    title: str
    kinds: tuple[str, ...]
    apply: Callable[[Act], None]
    undo: Callable[[Act], None]
    takes: bool = False
    needs_note: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """A conflict's resolution, read."""

    name: str
    candidate: int | None = None
    note: str = ""

    def __str__(self) -> str:
        name = self.name if self.candidate is None else f"{self.name}:{self.candidate}"
        return f"{name} {self.note}".strip()


def read_resolution(text: str) -> Resolution:
    head, _, note = text.partition(" ")
    name, _, number = head.partition(":")
    return Resolution(name, int(number) if number.isdigit() else None, note)


def _nothing(act: Act) -> None:
    """Ending the conflict says it all."""


def _ask(act: Act) -> None:
    region_id = act.row["region_id"]
    if region_id is None:
        raise InputError(N_("this conflict is about no passage that could be asked again"))
    # Gold is of no slot.
    slot = act.row["content"].get("slot") or None
    for annotator in annotators_of(act.store, region_id, slot) or [""]:
        ask_again(act.store, region_id, annotator, act.note, act.by)


def _stop_asking(act: Act) -> None:
    if act.row["region_id"] is not None:
        stop_asking(act.store, act.row["region_id"])


def _take(act: Act) -> None:
    row = anchoring(act.store, act.row["content"].get("anchoring", 0))
    if row is None or act.candidate is None or not 0 <= act.candidate < len(row["places"]):
        raise InputError(N_("there is no such candidate any more"))
    start, end = row["places"][act.candidate]
    for other in carried(act.store, row["document_id"])[0]:
        if other["kind"] == row["kind"] and other["start"] < end and start < other["end"]:
            raise InputError(N_("another label of an older version is suggested there already"))
    take_place(act.store, row["id"], act.candidate, act.by)


def _leave(act: Act) -> None:
    take_place(act.store, act.row["content"].get("anchoring", 0), None, "")


def _restore(act: Act) -> None:
    content = act.row["content"]
    if act.row["region_id"] is None or "task" not in content:
        raise InputError(N_("it is not known which task this is about"))
    outbox.put(act.store, "restore", content["kind"], content["slot"], act.row["region_id"],
               {"task": content["task"], "decided": act.by})


def _forget_restore(act: Act) -> None:
    content = act.row["content"]
    outbox.told(act.store, "restore", content["kind"], content["slot"], [act.row["region_id"]])


DECISIONS: tuple[Decision, ...] = (
    Decision("take", N_("Suggest it at place"), ("anchor",), _take, _leave, takes=True),
    Decision("keep", N_("Keep the answer as it is"), ("suggestions", "schema"), _nothing, _nothing),
    Decision("restore", N_("Put our text back"), ("data",), _restore, _forget_restore),
    Decision("ask", N_("Ask the annotator again"),
             ("suggestions", "quarantine", "data", "schema"), _ask, _stop_asking),
    Decision(DISMISSED, N_("The label has gone with its text"), ("anchor",), _nothing, _nothing),
    Decision("both", N_("Both answers count"), ("double",), _nothing, _nothing),
    Decision("leave", N_("It may stay there"), ("foreign",), _nothing, _nothing),
    Decision("note", N_("Dismiss with a note"), tuple(KINDS), _nothing, _nothing, needs_note=True),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A decision as a conflict offers it."""

    decision: Decision
    candidate: int | None = None


def offers(row: Row) -> list[Offer]:
    """What can be decided on a conflict, in the order of the page."""
    found: list[Offer] = []
    for decision in DECISIONS:
        if row["kind"] not in decision.kinds:
            continue
        if decision.takes:
            found += [Offer(decision, number)
                      for number in range(len(row["content"].get("candidates") or ()))]
        else:
            found.append(Offer(decision))
    return found


def decide(store: Store, conflict_id: int, name: str, by: str, candidate: int | None = None,
           note: str = "") -> None:
    """Take a decision and end the conflict, both or neither.

    Raises InputError if there is no such conflict or decision, it has ended, or a note is missing.
    """
    with store.write():
        row = conflict(store, conflict_id)
        if row is None:
            raise InputError(N_("there is no conflict %(id)s"), id=conflict_id)
        offer = next((one for one in offers(row) if one.decision.name == name
                      and (not one.decision.takes or one.candidate == candidate)), None)
        if offer is None:
            raise InputError(N_("this cannot be decided on such a conflict"))
        if offer.decision.needs_note and not note:
            raise InputError(N_("say in a few words why"))
        said = Resolution(name, offer.candidate, note)
        if not end_conflict(store, conflict_id, str(said), by):
            raise InputError(N_("%(name)s has decided on it meanwhile"),
                             name=row["ended_by"] or "workbench")
        offer.decision.apply(Act(store, row, offer.candidate, note, by))


def undo(store: Store, conflict_id: int, by: str) -> None:
    """Open a conflict again and take back what its decision did. Raises InputError if it is open,
    ended by itself, or was raised again since."""
    with store.write():
        row = conflict(store, conflict_id)
        if row is None or row["ended_at"] is None or row["resolution"] == VANISHED:
            raise InputError(N_("there is nothing to take back"))
        said = read_resolution(row["resolution"])
        if not reopen_conflict(store, conflict_id):
            raise InputError(N_("the same conflict is open again already"))
        decision = next((one for one in DECISIONS if one.name == said.name), None)
        if decision is not None:
            decision.undo(Act(store, row, said.candidate, said.note, by))
