"""Random histories between our process and a real Label Studio, on a way that breaks: whatever
happens, two rounds after the last fault both sides agree. See `tests.e2e.histories`."""
from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import Any, Iterator, Sequence
from uuid import uuid4

import httpx
import pytest

from tests.e2e.histories import HOLD, StormyWorld, account, environment, person
from tests.e2e.postbox import PostBox
from tests.e2e.proxy import FaultProxy
from tests.workbench.studio import histories
from tests.workbench.studio.histories import (
    EVERY, Failure, MakeWorld, Tally, failure_of, history, shrunk, tell,
)
from tests.workbench.studio.world import Step
from workbench import sync
from workbench.project import create_project
from workbench.studio import local
from workbench.studio.client import Client

pytestmark = pytest.mark.e2e

PASSWORD = "a-Long-passw0rd"
# Short ones, chosen so that all together they hold each kind of step, with two kills among them.
QUICK, QUICK_SEEDS = 5, (1005, 1040, 1092, 1101, 1144, 1236, 1249, 1399, 1782, 4168)


# Those of the long test, beside the four or five with which each history begins.
LONG = 6


@pytest.fixture(scope="module")
def people(label_studio: local.Server, studio_client: Client) -> Iterator[list[httpx.Client]]:
    here = [person(label_studio.url, label_studio.token, label_studio.email),
            *(account(studio_client, f"{name}-{uuid4().hex[:6]}@example.org", PASSWORD)
              for name in ("li", "qian"))]
    yield here
    for one in here:
        one.close()


@pytest.fixture(scope="module")
def make_world(label_studio: local.Server, people: list[httpx.Client],
               tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeWorld]:
    """Worlds of one Label Studio and one proxy; each has projects for its time."""
    with FaultProxy(label_studio.url, hold=HOLD) as proxy, PostBox() as box:
        @contextmanager
        def made() -> Iterator[StormyWorld]:
            folder = tmp_path_factory.mktemp("history")
            project = create_project(folder / "project", "试用").project
            sync.connect(project, proxy.url, label_studio.token)
            box.events.clear()
            world = StormyWorld(people, project=project, folder=folder, proxy=proxy,
                                address=box.url, events=box.events)
            try:
                yield world
            finally:
                proxy.end()
                for place in world.there():
                    people[0].delete(f"/api/projects/{place.project}/")
                shutil.rmtree(folder)

        yield made


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Counts the histories of this run, told in one line at its end."""
    counted = Tally()
    yield counted
    tell(request.config, f"real server: {counted}")


def agree(steps: Sequence[Step], seed: int, make_world: MakeWorld, tally: Tally) -> None:
    failure = failure_of(steps, make_world, tally)
    if failure is not None:
        tally.failed.append(seed)
        pytest.fail(f"SEED={seed}\n{shrunk(failure, make_world)}", pytrace=False)


@pytest.mark.parametrize("seed", QUICK_SEEDS)
def test_both_sides_agree_after_the_last_fault(seed: int, make_world: MakeWorld,
                                               tally: Tally) -> None:
    agree(history(seed, QUICK), seed, make_world, tally)


def test_the_quick_histories_hold_every_step() -> None:
    assert {step.name for seed in QUICK_SEEDS for step in history(seed, QUICK)} == EVERY


@pytest.mark.long
@pytest.mark.parametrize("number", range(environment("N", 200)))
def test_both_sides_agree_after_many_histories(number: int, make_world: MakeWorld,
                                               tally: Tally) -> None:
    seed = 1000 * environment("SEED", 1) + number
    agree(history(seed, LONG), seed, make_world, tally)


def test_what_goes_behind_the_back_of_all_is_found(make_world: MakeWorld) -> None:
    @contextmanager
    def tampered() -> Iterator[StormyWorld]:
        with make_world() as world:
            assert isinstance(world, StormyWorld)
            yield Tampered(world.people, project=world.project, folder=world.folder,
                           proxy=world.proxy)

    steps = [Step(name, 5) for name in ("read", "sync", "annotate", "tamper")]
    failure = failure_of(steps, tampered)
    assert failure is not None and "says something else here" in failure.why


def test_a_failing_history_is_shrunk_to_what_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(steps: Sequence[Step], make_world: MakeWorld) -> Failure | None:
        names = [step.name for step in steps]
        return Failure(steps, "why", ()) if {"read", "kill"} <= set(names) else None

    monkeypatch.setattr(histories, "failure_of", fails)
    steps = [Step(name, 1) for name in ("read", "sync", "skip", "kill", "suggest", "pull", "push")]
    failure = fails(steps, make_nothing)
    assert failure is not None
    assert [step.name for step in shrunk(failure, make_nothing).steps] == ["read", "kill"]


def make_nothing() -> Any:
    raise AssertionError("nobody asks for a world")


class Tampered(StormyWorld):
    def tamper(self, chance: Any) -> None:
        sync.pull(self.project)
        with self.project.open() as store, store.write() as db:
            db.execute("UPDATE answers SET raw = '[]'")
