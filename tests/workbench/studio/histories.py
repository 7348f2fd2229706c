"""Random histories: lists of steps made from a seed, gone through, shrunk where they fail, counted.

Whatever happens on the way, two rounds after the last fault both sides must agree. What a history
is gone through with is a world (`tests.workbench.studio.world`) of a model of Label Studio or of a
real one, which knows two steps more: ``storm`` is work of ours whose requests meet faults, and in
``kill`` our process ends at some request.
"""
from __future__ import annotations

import random
import re
import time
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Callable, Sequence

import pytest

from tests.workbench.studio.agreement import differences
from tests.workbench.studio.people import PEOPLE
from tests.workbench.studio.world import OURS, Step, World

# How often one request of a storm meets a fault, and what is done in it.
SHARES = (0.05, 0.15, 0.3, 0.6)
WORK = ("sync", "sync", "push", "pull", "migrate", "hint")
SHRINK_S = 120.0
EVERY = frozenset((*PEOPLE, *OURS, "storm", "sync", "kill", "migrate", "hint"))

MakeWorld = Callable[[], AbstractContextManager[World]]


def history(seed: int, length: int = 8) -> list[Step]:
    chance = random.Random(seed)
    names = ["share"] * chance.randrange(2) + ["read", "suggest",
                                               chance.choice(("storm", "sync")), "annotate"]
    names += chance.choices(
        [*PEOPLE, *OURS, "storm", "sync", "kill", "migrate", "hint"],
        weights=[4] * len(PEOPLE) + [3] * len(OURS) + [16, 4, 8, 10, 6], k=length)
    return [Step(name, chance.randrange(10 ** 6)) for name in names]


def steps_of(told: str) -> list[Step]:
    """The steps that a failure told: ``read(1), storm(2)``."""
    return [Step(name, int(salt)) for name, salt in re.findall(r"(\w+)\((\d+)\)", told)]


@dataclass(frozen=True)
class Failure:
    """A history that did not end in agreement, and why; `told` is what was met on the way."""

    steps: Sequence[Step]
    why: str
    told: Sequence[str]

    def __str__(self) -> str:
        return (f"{self.why}\nsteps: {', '.join(map(str, self.steps))}\nmet:\n  "
                + "\n  ".join(self.told))


@dataclass
class Tally:
    """How many histories ended how, and what they held, to be told in one line."""

    histories: int = 0
    failed: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    def add(self, other: "Tally") -> None:
        self.histories += other.histories
        self.failed += other.failed
        self.counts += other.counts
        self.faults += other.faults

    def __str__(self) -> str:
        def told(counts: Counter[str]) -> str:
            return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))

        return (f"{self.histories} histories, {len(self.failed)} failed"
                f"{' ' + str(sorted(self.failed)) if self.failed else ''},"
                f" in {time.monotonic() - self.began:.0f} s; steps: {told(self.counts)};"
                f" faults: {self.faults.total()} ({told(self.faults)})")


def tell(config: pytest.Config, line: str) -> None:
    """Say something while tests run, past what pytest captures."""
    with config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
        config.pluginmanager.get_plugin("terminalreporter").write_line(f"\n{line}")


def failure_of(steps: Sequence[Step], make_world: MakeWorld,
               tally: Tally | None = None) -> Failure | None:
    """Go through the steps, let the weather calm down, sync, and compare."""
    with make_world() as world:
        try:
            for step in steps:
                world.told.append(f"— {step}")
                world.do(step)
            world.told.append("— calm")
            world.settle()
            found = differences(world)
        except Exception as error:   # whatever it is, it is shrunk and shown with its steps
            found = [f"{type(error).__name__}: {error}", *_where(error)]
        if tally is not None:
            tally.histories += 1
            tally.counts += world.counts
            tally.faults += world.faults
        return Failure(steps, "\n".join(found), world.told) if found else None


def _where(error: Exception) -> list[str]:
    lines, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"  {code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return lines[-8:]


def shrunk(failure: Failure, make_world: MakeWorld, limit: float = SHRINK_S) -> Failure:
    """A shorter list of steps that fails as well: steps are left out as long as it does."""
    end, size = time.monotonic() + limit, max(1, len(failure.steps) // 2)
    while True:
        for start in range(0, len(failure.steps), size):
            if time.monotonic() > end:
                return failure
            steps = [*failure.steps[:start], *failure.steps[start + size:]]
            smaller = failure_of(steps, make_world) if steps else None
            if smaller is not None:
                failure = smaller
                break
        else:
            if size == 1:
                return failure
            size //= 2
