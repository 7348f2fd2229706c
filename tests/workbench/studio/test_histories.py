"""Random histories against a model of Label Studio: whatever fails, in the end both sides agree."""
from __future__ import annotations

import copy
import os
from contextlib import suppress
import shutil
import tempfile
from pathlib import Path
from typing import Any, Iterator

import httpx
import pytest
from hypothesis import HealthCheck, seed, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.e2e.proxy import Fault, Plan
from tests.workbench.studio.agreement import differences
from tests.workbench.studio.fake_studio import FakeStudio, Killed, clients
from tests.workbench.studio.world import OURS, PEOPLE, Step, World
from workbench import sync
from workbench.project import Project, create_project
from workbench.store.people import add_user, link_studio_account
from workbench.studio import client as studio_client

URL = "http://studio.invalid"
USERS = {letter * 40: f"{name}@example.org"
         for letter, name in (("a", "workbench"), ("b", "li"), ("c", "qian"))}
SALT = st.integers(0, 2 ** 20)
# A drop-by-drop answer has no meaning without sockets.
FAULTS = tuple(fault for fault in Fault if fault is not Fault.DRIP)


class Ways:
    """How our client reaches the model of the moment."""

    studio: FakeStudio

    def client(self, url: str, timeout: float) -> httpx.Client:
        return httpx.Client(transport=self.studio.transport(True), timeout=timeout)


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[RuleBasedStateMachine]]:
    """A machine whose histories begin with a connected project without documents."""
    ways = Ways()
    monkeypatch.setattr(studio_client, "http_client", ways.client)
    monkeypatch.setattr(studio_client, "PAUSE_S", 0.0)
    ways.studio = empty = FakeStudio(dict(USERS))
    template = create_project(tmp_path / "template", "试用").project
    sync.connect(template, URL, next(iter(USERS)))
    with template.open() as store:
        for number, email in enumerate(list(USERS.values())[1:], 2):
            person = add_user(store, email.split("@")[0], "annotator", "a long password")
            link_studio_account(store, person, email, number)
    # Thousands of databases: where there is a disk in memory, there.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield machine(ways, empty, template, Path(folder))


def machine(ways: Ways, empty: FakeStudio, template: Project,
            folder: Path) -> type[RuleBasedStateMachine]:
    class Histories(RuleBasedStateMachine):
        world: World

        @initialize(salt=SALT)
        def begin(self, salt: int) -> None:
            ways.studio = copy.deepcopy(empty)
            home = folder / "history"
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(template.folder, home)
            self.world = World(Project(home), home, list(clients(ways.studio)))
            self.world.do(Step("share", salt))
            self.world.do(Step("read", salt))
            self.world.do(Step("suggest", salt))
            self.world.do(Step("sync", salt))

        @rule(name=st.sampled_from(PEOPLE + OURS), salt=SALT)
        def step(self, name: str, salt: int) -> None:
            self.world.do(Step(name, salt))

        @rule(name=st.sampled_from(("sync", "push", "pull", "migrate")), salt=SALT,
              share=st.sampled_from((0.0, 0.1, 0.5)), forgetful=st.booleans())
        def storm(self, name: str, salt: int, share: float, forgetful: bool) -> None:
            """A sync whose requests meet faults."""
            ways.studio.begin(Plan(salt, share, FAULTS), forgetful=forgetful)
            self.world.do(Step(name, salt))
            ways.studio.end()

        @rule(name=st.sampled_from(("sync", "push", "pull")), salt=SALT,
              number=st.integers(0, 40))
        def kill(self, name: str, salt: int, number: int) -> None:
            """Our process ends at some request, before or after it was done."""
            ways.studio.begin(Plan(salt, 0.0), kill_at=number)
            with suppress(Killed):
                self.world.do(Step(name, salt))
            ways.studio.end()

        def teardown(self) -> None:
            self.world.settle()
            assert differences(self.world) == []

    return Histories


def run(machine: type[RuleBasedStateMachine], count: int, **more: Any) -> None:
    run_state_machine_as_test(machine, settings=settings(
        max_examples=count, stateful_step_count=8, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), **more))


def test_a_hundred_histories_end_in_agreement(start: type[RuleBasedStateMachine]) -> None:
    run(start, 100, derandomize=True)


@pytest.mark.long
def test_many_histories_end_in_agreement(start: type[RuleBasedStateMachine]) -> None:
    seed(int(os.environ.get("SEED", "1")))(start)
    run(start, 25 * int(os.environ.get("N", "200")))
