"""Histories of a project and a real Label Studio, with a way between them that breaks.

The steps are those of `tests.workbench.studio.histories`; here a ``kill`` is a SIGKILL at some
request, for a process of its own, and the webhook is Label Studio's own.
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
from typing import Iterator

import httpx
import pytest

from tests.e2e.proxy import Fault, FaultProxy, Phase, Plan
from tests.workbench.studio.histories import SHARES, WORK
from tests.workbench.studio.world import World
from workbench import live
from workbench.studio import client as studio_client
from workbench.studio import push as studio_push
from workbench.studio.client import Client
from workbench.studio.people import create_account

ROOT = Path(__file__).parents[2]
KILLED = (("sync",), ("sync",), ("push",), ("pull",), ("schema", "resume"), ("schema", "resume"))
# How long we wait for an answer in a storm (s), and the proxy with it.
PATIENCE, HOLD = 0.8, 1.0
# A process that is to be killed waits as long as it does in life.
QUICK = tuple(fault for fault in Fault
              if fault not in (Fault.SILENT_BEFORE, Fault.SILENT_AFTER, Fault.LATE))


@dataclass
class StormyWorld(World):
    """A world whose project reaches its Label Studio through `proxy`."""

    proxy: FaultProxy = field(kw_only=True)

    def storm(self, chance: random.Random) -> None:
        work = chance.choice(WORK)
        self.proxy.begin(Plan(chance.randrange(10 ** 6), chance.choice(SHARES)))
        self.counts[f"storm {work}"] += 1
        with impatience():
            getattr(self, work)(chance)
        self.calm()

    def kill(self, chance: random.Random) -> None:
        """Work in a process of its own, killed when some request comes by."""
        command = chance.choice(KILLED)
        if command[0] == "schema":
            self.reform(chance)
        self.counts[f"kill {command[-1]}"] += 1
        self.proxy.begin(Plan(chance.randrange(10 ** 6), chance.choice((0.0, 0.1)), QUICK))
        phase: Phase = chance.choice(("arrived", "committed"))
        process = subprocess.Popen(
            [sys.executable, "-m", "workbench", "--project", str(self.project.folder),
             *command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

        def end() -> None:
            time.sleep(chance.random() * 0.02)
            process.send_signal(signal.SIGKILL)

        self.proxy.watch(chance.randrange(30), phase, end)
        _, said = process.communicate(timeout=120)
        assert process.returncode in (0, 1, 3, -signal.SIGKILL), said
        assert "Traceback" not in said, said
        self.counts["killed"] += process.returncode == -signal.SIGKILL
        self.told.append(f"process ended with {process.returncode}: {said.strip()[-200:]}")
        self.calm()

    def calm(self) -> None:
        met = [one for one in self.proxy.log if one.fault]
        self.told += map(str, met)
        self.faults.update(one.fault.value for one in met if one.fault)
        self.proxy.end()


@contextmanager
def impatience() -> Iterator[None]:
    """Clients that give up soon, so that time-outs cost little."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Client.__init__.__kwdefaults__, "timeout", PATIENCE)
        patch.setattr(studio_push, "IMPORT_TIMEOUT_S", PATIENCE)
        patch.setattr(studio_client, "PAUSE_S", 0.02)
        patch.setattr(live, "PAUSE_S", 0.02)
        yield


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
