"""What a push does: the difference between what shall be there and what is there. Pure.

A plan is made from the truth each time (what the store wants, what the server lists), so that a
push that was killed anywhere is continued by the next one.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Collection, Literal, Mapping, Sequence

from labels.errors import N_
from workbench.studio.push import TaskState

Operation = Literal["create", "repair", "update", "offer", "refresh", "hide", "delete", "double"]

# In this order: what is deleted first makes room, what people see first comes first.
OPERATIONS: tuple[Operation, ...] = (
    "double", "delete", "hide", "create", "repair", "update", "offer", "refresh")

NEW = N_("not in Label Studio yet")
NEW_BARE = N_("not in Label Studio yet; its suggestions are hidden")
AGAIN = N_("deleted in Label Studio")
AGAIN_BARE = N_("deleted in Label Studio; its suggestions are hidden")
LOST = N_("its suggestions are missing in Label Studio")
NEWER = N_("newer suggestions, nobody has answered")
SEVERAL = N_("several suggestions beside each other, nobody has answered")
UNHIDDEN = N_("its suggestions are not hidden any more, nobody has answered")
BARE = N_("its suggestions are hidden, and it shows some")
OFFERED = N_("newer suggestions beside answers people gave")
MOVED = N_("its heading, neighbours or place have changed")
EDITED = N_("its text was edited in Label Studio")
REMOVED = N_("the document was removed")
SUPERSEDED = N_("a newer version of the document does not hold this passage")
SECOND = N_("a second task of the same passage, without answers")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A region that shall have a task.

    `known` is the task it had (None: none yet); `changed`: its suggestions are not those that were
    sent; `suggested`: there is something to send as a prediction; `moved`: its data are stale;
    `edited`: somebody changed its data there; `decided`: a person wants ours back, answers or not.
    `bare`: people shall see no suggestions in it; `turned`: they shall, from now on.
    """

    key: str
    region_id: int
    known: int | None = None
    changed: bool = False
    suggested: bool = True
    moved: bool = False
    edited: bool = False
    decided: bool = False
    bare: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Unwanted:
    """A region whose task shall go. `pulled` is the task's ``updated_at`` when all its answers
    were stored; with `answered` it goes with its answers, once they are."""

    key: str
    region_id: int
    why: str
    pulled: str = ""
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """`task_id` is the task it is about, None for one that is to be made; `why` is a msgid."""

    operation: Operation
    key: str
    region_id: int
    task_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`steps` in the order they are done; `found` keys → tasks that stand; `waiting` keys are of
    tasks that shall go but hold answers we have not stored yet; `doubles` keys have two tasks that
    people have worked in."""

    steps: tuple[Step, ...]
    found: Mapping[str, int]
    waiting: tuple[str, ...] = ()
    doubles: tuple[str, ...] = ()

    def of(self, operation: Operation) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.operation == operation)


def plan(wanted: Sequence[Wanted], unwanted: Sequence[Unwanted],
         there: Mapping[str, Sequence[TaskState]]) -> Plan:
    """The steps from what is `there` (by key, those with answers first) to what is `wanted`."""
    steps: list[Step] = []
    found: dict[str, int] = {}
    waiting: list[str] = []
    doubles: list[str] = []
    for region in wanted:
        states = there.get(region.key, ())
        if states:
            found[region.key] = states[0].task_id
        steps += _for_wanted(region, states)
        steps += [Step("double", region.key, region.region_id, state.task_id, SECOND)
                  for state in states[1:] if not state.annotations and not state.begun]
        if len([state for state in states if state.annotations or state.begun]) > 1:
            doubles.append(region.key)
    for old in unwanted:
        for state in there.get(old.key, ()):
            if not state.annotations or (old.answered and state.updated_at == old.pulled):
                steps.append(Step("delete", old.key, old.region_id, state.task_id, old.why))
            elif old.answered:
                waiting.append(old.key)
    steps.sort(key=lambda step: OPERATIONS.index(step.operation))
    return Plan(tuple(steps), found, tuple(waiting), tuple(doubles))


def _for_wanted(region: Wanted, states: Sequence[TaskState]) -> list[Step]:
    if not states:
        new, again = (NEW_BARE, AGAIN_BARE) if region.bare else (NEW, AGAIN)
        return [Step("create", region.key, region.region_id, None,
                     new if region.known is None else again)]
    kept = states[0]

    def step(operation: Operation, why: str) -> Step:
        return Step(operation, region.key, region.region_id, kept.task_id, why)

    steps = []
    if region.edited and (region.decided or not kept.annotations):
        steps.append(step("refresh", EDITED))
    elif region.moved:
        steps.append(step("refresh", MOVED))
    if region.bare:
        # Who has answered without them is not shown any afterwards, either.
        if kept.predictions and not kept.annotations:
            steps.append(step("hide", BARE))
    elif region.turned and not (kept.annotations or kept.begun):
        steps.append(step("update", UNHIDDEN))
    elif region.changed and kept.annotations:
        steps.append(step("offer", OFFERED))
    elif region.changed:
        steps.append(step("update", NEWER))
    elif kept.predictions > 1 and not kept.annotations:
        steps.append(step("update", SEVERAL))
    elif region.suggested and not kept.predictions:
        steps.append(step("repair", LOST))
    return steps


def counted(steps: Collection[Step]) -> dict[str, int]:
    """How many steps of each operation, all named."""
    return {operation: sum(step.operation == operation for step in steps)
            for operation in OPERATIONS}
