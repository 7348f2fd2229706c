"""Random histories of a project and a real Label Studio, with a way between them that breaks.

A history is a list of steps made from a seed (see `tests.workbench.studio.world`). Beside those,
``storm`` is a sync whose requests meet faults, and ``kill`` one in a process of its own that is
ended with SIGKILL at some request.
"""
from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterator, Sequence

import httpx
import pytest

from tests.e2e.proxy import Fault, FaultProxy, Phase, Plan
from tests.workbench.studio.agreement import differences
from tests.workbench.studio.world import OURS, PEOPLE, Step, World
from workbench.studio import client as studio_client
from workbench.studio import push as studio_push
from workbench.studio.client import Client
from workbench.studio.people import create_account

ROOT = Path(__file__).parents[2]
SYNCS = ("sync", "sync", "push", "pull")
WORK = (*SYNCS, "migrate")
SHARES = (0.05, 0.15, 0.3, 0.6)
# How long we wait for an answer in a storm (s), and the proxy with it.
PATIENCE, HOLD = 0.8, 1.0
# A process that is to be killed waits as long as it does in life.
QUICK = tuple(fault for fault in Fault
              if fault not in (Fault.SILENT_BEFORE, Fault.SILENT_AFTER, Fault.LATE))
SHRINK_S = 120.0


def history(seed: int, length: int = 9) -> list[Step]:
    chance = random.Random(seed)
    names = ["read", "suggest", "storm"]
    names += chance.choices(
        [*PEOPLE, *OURS, "storm", "sync", "kill", "migrate"],
        weights=[4] * len(PEOPLE) + [5] * len(OURS) + [16, 4, 6, 4], k=length)
    return [Step(name, chance.randrange(10 ** 6)) for name in names]


@dataclass
class StormyWorld(World):
    """A world whose project reaches its Label Studio through `proxy`."""

    proxy: FaultProxy = field(kw_only=True)

    def storm(self, chance: random.Random) -> None:
        self.proxy.begin(Plan(chance.randrange(10 ** 6), chance.choice(SHARES)))
        with impatience():
            getattr(self, chance.choice(WORK))(chance)
        self.calm()

    def kill(self, chance: random.Random) -> None:
        """A sync in a process of its own, killed when some request comes by."""
        self.proxy.begin(Plan(chance.randrange(10 ** 6), chance.choice((0.0, 0.1)), QUICK))
        phase: Phase = chance.choice(("arrived", "committed"))
        process = subprocess.Popen(
            [sys.executable, "-m", "workbench", "--project", str(self.project.folder),
             chance.choice(SYNCS)], cwd=ROOT, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)

        def end() -> None:
            time.sleep(chance.random() * 0.02)
            process.send_signal(signal.SIGKILL)

        self.proxy.watch(chance.randrange(30), phase, end)
        _, said = process.communicate(timeout=120)
        assert process.returncode in (0, 1, 3, -signal.SIGKILL), said
        assert "Traceback" not in said, said
        self.told.append(f"process ended with {process.returncode}: {said.strip()[-200:]}")
        self.calm()
        self.keep()

    def calm(self) -> None:
        self.told += [str(met) for met in self.proxy.log if met.fault]
        self.proxy.end()


@contextmanager
def impatience() -> Iterator[None]:
    """Clients that give up soon, so that time-outs cost little."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Client.__init__.__kwdefaults__, "timeout", PATIENCE)
        patch.setattr(studio_push, "IMPORT_TIMEOUT_S", PATIENCE)
        patch.setattr(studio_client, "PAUSE_S", 0.02)
        yield


@dataclass(frozen=True)
class Failure:
    """A history that did not end in agreement, and why; `told` is what was met on the way."""

    steps: Sequence[Step]
    why: str
    told: Sequence[str]

    def __str__(self) -> str:
        return (f"{self.why}\nsteps: {', '.join(map(str, self.steps))}\nmet:\n  "
                + "\n  ".join(self.told))


MakeWorld = Callable[[], Any]   # a context manager that gives a fresh StormyWorld


def failure_of(steps: Sequence[Step], make_world: MakeWorld) -> Failure | None:
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
            found = [f"{type(error).__name__}: {error}"]
        return Failure(steps, "\n".join(found), world.told) if found else None


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


def account(client: Client, email: str, password: str) -> httpx.Client:
    """Somebody of this Label Studio, with a token of their own."""
    create_account(client, email, password)
    with httpx.Client(base_url=client.url, trust_env=False) as browser:
        page = browser.get("/user/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        browser.post("/user/login/", headers={"Referer": client.url}, data={
            "csrfmiddlewaretoken": token[1], "email": email, "password": password})
        answer = browser.get("/api/current-user/token").raise_for_status().json()
    return person(client.url, str(answer["token"]), email)


def person(url: str, token: str, email: str) -> httpx.Client:
    return httpx.Client(
        base_url=url, trust_env=False, timeout=60.0,
        headers={"Authorization": f"Token {token}", "X-Person": email},
        limits=httpx.Limits(max_keepalive_connections=0))   # see studio.client.http_client


def environment(name: str, otherwise: int) -> int:
    return int(os.environ.get(name, otherwise))
