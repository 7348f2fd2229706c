"""Random histories between our process and a real Label Studio, on a way that breaks: whatever
happens, two rounds after the last fault both sides agree. See `tests.e2e.histories`."""
from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import Any, Callable, Iterator
from uuid import uuid4

import httpx
import pytest

from tests.e2e.histories import (
    HOLD, StormyWorld, account, environment, failure_of, history, person, shrunk,
)
from tests.e2e.proxy import FaultProxy
from tests.workbench.studio.world import Step
from workbench import sync
from workbench.project import create_project
from workbench.studio import local
from workbench.studio.client import Client

pytestmark = pytest.mark.e2e

PASSWORD = "a-Long-passw0rd"
# Chosen so that they hold each kind of step, two kills among them.
QUICK_SEEDS = tuple(range(1, 11))

MakeWorld = Callable[[], Any]


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
    """Worlds of one Label Studio and one proxy; each has a pair of projects for its time."""
    with FaultProxy(label_studio.url, hold=HOLD) as proxy:
        @contextmanager
        def made() -> Iterator[StormyWorld]:
            folder = tmp_path_factory.mktemp("history")
            project = create_project(folder / "project", "试用").project
            sync.connect(project, proxy.url, label_studio.token)
            world = StormyWorld(project, folder, people, proxy=proxy)
            there = [number for _, number in world.there()]
            try:
                yield world
            finally:
                proxy.end()
                for number in there:
                    people[0].delete(f"/api/projects/{number}/")
                shutil.rmtree(folder)

        yield made


def agree(seed: int, make_world: MakeWorld) -> None:
    failure = failure_of(history(seed), make_world)
    if failure is not None:
        pytest.fail(f"SEED={seed}\n{shrunk(failure, make_world)}", pytrace=False)


@pytest.mark.parametrize("seed", QUICK_SEEDS)
def test_both_sides_agree_after_the_last_fault(seed: int, make_world: MakeWorld) -> None:
    agree(seed, make_world)


@pytest.mark.long
@pytest.mark.parametrize("number", range(environment("N", 200)))
def test_both_sides_agree_after_many_histories(number: int, make_world: MakeWorld) -> None:
    agree(1000 * environment("SEED", 1) + number, make_world)


def test_a_failing_history_is_shrunk_to_what_matters(make_world: MakeWorld) -> None:
    """An answer that we change behind the back of all is found, and only its steps are shown."""
    @contextmanager
    def tampered() -> Iterator[StormyWorld]:
        with make_world() as world:
            yield Tampered(world.project, world.folder, world.people, proxy=world.proxy)

    steps = [Step(name, 5) for name in ("read", "suggest", "sync", "annotate", "suggest", "tamper")]
    failure = failure_of(steps, tampered)
    assert failure is not None and "says something else here" in failure.why
    names = [step.name for step in shrunk(failure, tampered).steps]
    assert names == ["read", "sync", "annotate", "tamper"]


class Tampered(StormyWorld):
    def tamper(self, chance: Any) -> None:
        sync.pull(self.project)
        with self.project.open() as store, store.write() as db:
            db.execute("UPDATE answers SET raw = '[]'")
