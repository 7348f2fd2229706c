"""Random histories against a model of Label Studio: whatever fails, in the end both sides agree."""
from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

import pytest

from tests.workbench.studio.agreement import differences
from tests.workbench.studio.histories import (
    EVERY, Tally, failure_of, history, steps_of, tell,
)
from tests.workbench.studio.model import go_through, models, processors
from tests.workbench.studio.people import ask, tasks_of
from tests.workbench.studio.world import Step
from workbench.slots import overlap_given
from workbench.store.settings import set_setting

QUICK = 60
# What a process goes through before it tells of it.
PORTION = 25
# Failures that were found and mended, as they were shrunk.
MENDED = {
    "an undo of what was not fetched before it":
        "read(180220), storm(579891), annotate(716089), migrate(512757), reform(210221)",
    "a label that was split and kept its name, of an answer that was not fetched":
        "read(680499), storm(910631), migrate(258550), annotate(399253), migrate(106927)",
    "the undo of a choice that was removed":
        "read(764490), sync(3557), annotate(893397), migrate(158375), migrate(137354)",
    "an answer in the new names while the change went on":
        "read(103867), storm(710546), kill(845099), annotate(637456), migrate(979652),"
        " reform(531630)",
    "a draft with two choices of a question that takes one only now":
        "read(620416), sync(563127), draft(761050), migrate(40707)",
    "a sibling project whose making was answered by nobody, and then not asked for any more":
        "read(929618), sync(687268), annotate(624500), draft(579989), reopen(673905),"
        " slots(707241), storm(540284), storm(142484), slots(835767)",
    "older suggestions come again after a push that was cut off":
        "read(558017), suggest(822609), storm(421800), annotate(80627), read(703678),"
        " suggest(634964), slots(479393), kill(668205), suggest(228018)",
}


def test_some_histories_end_in_agreement() -> None:
    tally, failures = go_through(range(QUICK))
    assert not failures, "\n\n".join(failures)
    assert tally.histories == QUICK


def test_the_quick_histories_hold_every_step() -> None:
    assert {step.name for seed in range(QUICK) for step in history(seed)} == EVERY


def test_what_was_mended_stays_so() -> None:
    with models() as make_world:
        failures = [f"{what}: {failure}" for what, told in MENDED.items()
                    if (failure := failure_of(steps_of(told), make_world))]
    assert not failures, "\n\n".join(failures)


def test_what_fewer_people_shall_answer_stays_and_is_not_sent_again() -> None:
    with models() as make_world, make_world() as world:
        world.do(Step("read", 1))
        for people, share in ((2, 100), (1, 0)):
            with world.project.open() as store:
                set_setting(store, "overlap", overlap_given(people, share).as_json())
            world.settle()
            assert differences(world) == []
        second = [place for place in world.there() if place.slot == 2]
        tasks = [task["id"] for place in second
                 for task in tasks_of(world.people[0], place.project)]
        assert len(second) == 2 and len(tasks) > 2
        ask(world.people[0], "DELETE", f"/api/tasks/{tasks.pop()}/")
        world.settle()
        assert tasks == [task["id"] for place in second
                         for task in tasks_of(world.people[0], place.project)]
        assert differences(world) == []


@pytest.mark.long
def test_many_histories_end_in_agreement(request: pytest.FixtureRequest) -> None:
    count = 25 * int(os.environ.get("N", "200"))
    first = 10 ** 6 * int(os.environ.get("SEED", "1"))
    tally, failures, said = Tally(), [], time.monotonic()
    with ProcessPoolExecutor(processors(), multiprocessing.get_context("spawn")) as pool:
        portions = [pool.submit(go_through, range(start, min(start + PORTION, first + count)))
                    for start in range(first, first + count, PORTION)]
        for done in as_completed(portions):
            part, told = done.result()
            tally.add(part)
            failures += told
            for failure in told:
                tell(request.config, failure)
            if time.monotonic() - said > 30:
                said = time.monotonic()
                tell(request.config, f"{tally.histories} of {count} histories,"
                     f" {len(failures)} failed, {said - tally.began:.0f} s")
    tell(request.config, f"model: {tally}")
    assert not failures, "\n\n".join(failures)
    assert tally.histories == count
