"""`workbench up`, twice, in a process of its own, with a real Label Studio."""
from __future__ import annotations

import re
import signal
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from tests.workbench.running import Up, free_port, processes_of
from workbench.cli import main
from workbench.studio import local

pytestmark = pytest.mark.e2e

LOGIN = re.compile(r"workbench: lead / (\S+)")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TASKS = re.compile(r"Label Studio runs at \S+: (\d+) tasks created, (\d+) there already")


def sign_in(client: httpx.Client, up: Up) -> None:
    """Sign the lead in with the password that was printed."""
    password, token = LOGIN.search(up.said), TOKEN.search(client.get("/sign-in").text)
    assert password and token
    client.post("/sign-in", data={"name": "lead", "password": password[1],
                                  "csrf_token": token[1]}).raise_for_status()


def stop(up: Up) -> None:
    """Ctrl-C; nothing of the project runs after it."""
    studio = up.project / "studio"
    assert processes_of(studio, "environ")
    up.process.send_signal(signal.SIGINT)
    assert up.ends(40) == 0, up.said
    assert "Label Studio has stopped." in up.said and "Traceback" not in up.said
    assert processes_of(studio, "environ") == []
    assert not local.status(local.StudioHome(studio)).running


def test_up_serves_at_once_starts_the_rest_and_finds_all_again(
        tmp_path: Path, studio_executable: Path) -> None:
    first = Up(tmp_path, studio_executable.parents[1])
    try:
        first.wait_for("starting Label Studio")
        address = f"http://127.0.0.1:{first.port}"
        with httpx.Client(base_url=address, follow_redirects=True) as lead:
            sign_in(lead, first)
            (studio,) = [row for row in lead.get("/activities").json() if row["name"] == "studio"]
            assert studio["state"] == "running"
            assert studio["title"] in lead.get("/").text
            assert "云泽区财政局" in lead.get("/documents/1").text
        refused = CliRunner().invoke(main, ["--project", str(first.project), "up", "--port",
                                            str(free_port()), str(tmp_path / "a.txt")])
        assert refused.exit_code == 2 and len(refused.stderr.splitlines()) == 1
        assert f"runs already: {address};" in refused.stderr
        first.wait_for("Everything runs.", 180)
        created = TASKS.search(first.said)
        assert created and int(created[1]) > 0 and created[2] == "0"
        assert "Label Studio: annotator-2@workbench.local / " in first.said
        stop(first)
    finally:
        first.end()
    second = Up(tmp_path, studio_executable.parents[1])
    try:
        second.wait_for("Everything runs.", 120)
        found = TASKS.search(second.said)
        assert found and (found[1], found[2]) == ("0", created[1])
        stop(second)
    finally:
        second.end()
