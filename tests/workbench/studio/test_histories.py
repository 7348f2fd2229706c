"""Random histories against a model of Label Studio: whatever fails, in the end both sides agree."""
from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

import pytest

from tests.workbench.studio.histories import EVERY, Tally, failure_of, history, steps_of
from tests.workbench.studio.model import go_through, models, processors

QUICK = 100
# What a process goes through before it tells of it.
PORTION = 25
# Failures that were found and mended, as they were shrunk.
MENDED: tuple[str, ...] = ()


def test_a_hundred_histories_end_in_agreement() -> None:
    tally, failures = go_through(range(QUICK))
    assert not failures, "\n\n".join(failures)
    assert tally.histories == QUICK


def test_the_quick_histories_hold_every_step() -> None:
    assert {step.name for seed in range(QUICK) for step in history(seed)} == EVERY


@pytest.mark.parametrize("told", MENDED)
def test_what_was_mended_stays_so(told: str) -> None:
    with models() as make_world:
        failure = failure_of(steps_of(told), make_world)
    assert failure is None, str(failure)


@pytest.mark.long
def test_many_histories_end_in_agreement(request: pytest.FixtureRequest) -> None:
    count = 25 * int(os.environ.get("N", "200"))
    first = 10 ** 6 * int(os.environ.get("SEED", "1"))
    say = request.config.pluginmanager.get_plugin("terminalreporter").write_line
    tally, failures, said = Tally(), [], time.monotonic()
    with ProcessPoolExecutor(processors(), multiprocessing.get_context("spawn")) as pool:
        portions = [pool.submit(go_through, range(start, min(start + PORTION, first + count)))
                    for start in range(first, first + count, PORTION)]
        for done in as_completed(portions):
            part, told = done.result()
            tally.add(part)
            failures += told
            if time.monotonic() - said > 30:
                said = time.monotonic()
                say(f"{tally.histories} of {count} histories, {len(failures)} failed,"
                    f" {said - tally.began:.0f} s")
    say(f"model: {tally}")
    assert not failures, "\n\n".join(failures)
    assert tally.histories == count
