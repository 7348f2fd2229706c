"""Worlds whose Label Studio is a model in memory: hundreds of histories a minute."""
from __future__ import annotations

import copy
import os
import random
import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, Sequence

import httpx
import pytest

from tests.e2e.proxy import Fault, Plan
from tests.workbench.studio.fake_studio import FakeStudio, Killed, clients
from tests.workbench.studio.histories import (
    SHARES, WORK, MakeWorld, Tally, failure_of, history, shrunk,
)
from tests.workbench.studio.world import Event, World
from workbench import live, sync
from workbench.project import Project, create_project
from workbench.studio import client as studio_client

URL = "http://studio.invalid"
USERS = {letter * 40: f"{name}@example.org"
         for letter, name in (("a", "workbench"), ("b", "li"), ("c", "qian"))}
# A drop-by-drop answer has no meaning without sockets.
FAULTS = tuple(fault for fault in Fault if fault is not Fault.DRIP)
# Thousands of databases: where there is a disk in memory, there.
MEMORY = Path("/dev/shm")


class Ways:
    """How our client reaches the model of the moment."""

    studio: FakeStudio

    def client(self, url: str, timeout: float) -> httpx.Client:
        return httpx.Client(transport=self.studio.transport(True), timeout=timeout)


@dataclass
class ModelWorld(World):
    studio: FakeStudio = field(kw_only=True)

    def storm(self, chance: random.Random) -> None:
        """Work of ours whose requests meet faults."""
        work = chance.choice(WORK)
        self.studio.begin(Plan(chance.randrange(10 ** 6), chance.choice(SHARES), FAULTS),
                          forgetful=chance.random() < 0.5)
        self.counts[f"storm {work}"] += 1
        getattr(self, work)(chance)
        self._calm()

    def kill(self, chance: random.Random) -> None:
        """Our process ends at some request, before or after it was done."""
        work = chance.choice(("sync", "push", "pull", "migrate", "resume"))
        self.studio.begin(Plan(chance.randrange(10 ** 6), chance.choice((0.0, 0.1)), FAULTS),
                          kill_at=chance.randrange(40))
        self.counts[f"kill {work}"] += 1
        with suppress(Killed):
            getattr(self, work)(chance)
        self._calm()

    def _calm(self) -> None:
        self.told += [line for line in self.studio.log if line.endswith("!")]
        self.faults.update(self.studio.met)
        self.studio.end()


@contextmanager
def models() -> Iterator[MakeWorld]:
    """A maker of worlds; each has a connected project without documents for its time."""
    ways = Ways()
    ways.studio = empty = FakeStudio(dict(USERS))
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(
            dir=MEMORY if MEMORY.is_dir() else None) as folder:
        patch.setattr(studio_client, "http_client", ways.client)
        patch.setattr(studio_client, "PAUSE_S", 0.0)
        patch.setattr(live, "PAUSE_S", 0.0)
        template = create_project(Path(folder) / "template", "试用").project
        sync.connect(template, URL, next(iter(USERS)))

        @contextmanager
        def made() -> Iterator[World]:
            ways.studio = studio = copy.deepcopy(empty)
            home = Path(folder) / "history"
            shutil.copytree(template.folder, home)
            world = ModelWorld(list(clients(studio)), project=Project(home), folder=home,
                               studio=studio)
            studio.posted = lambda headers, body: world.events.append(Event(dict(headers), body))
            try:
                yield world
            finally:
                shutil.rmtree(home)

        yield made


def go_through(seeds: Sequence[int]) -> tuple[Tally, list[str]]:
    """The histories of some seeds: what they held, and those that failed, shrunk."""
    tally, told = Tally(), []
    with models() as make_world:
        for seed in seeds:
            failure = failure_of(history(seed), make_world, tally)
            if failure is not None:
                tally.failed.append(seed)
                told.append(f"SEED={seed}\n{shrunk(failure, make_world)}")
    return tally, told


def processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (
        os.cpu_count() or 1)
