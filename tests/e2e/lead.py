"""The lead's browser in a workbench of its own, signed in, in English."""
from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Iterator

from playwright.sync_api import Page

from tests.e2e import editor
from tests.workbench.running import free_port
from workbench.project import Project
from workbench.supervisor import make_server


@contextmanager
def lead_page(project: Project, password: str, rooms: str, forgiven: str = "") -> Iterator[Page]:
    """The page that `rooms` lead to ("Review › Conflicts").

    It must have seen no error of a script or of the CSP.

    Of what the browser says as an error, only what holds `forgiven` is passed over, if that is not
    empty: a form that is refused is told as one.
    """
    port = free_port()
    server = make_server(project, "127.0.0.1", port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    errors: list[str] = []
    try:
        with editor.browser() as chromium:
            opened = editor.new_page(chromium)
            opened.set_default_timeout(15_000)
            opened.on("pageerror", lambda error: errors.append(str(error)))
            opened.on("console", lambda said: errors.append(said.text) if said.type == "error"
                      and not (forgiven and forgiven in said.text) else None)
            opened.goto(f"http://127.0.0.1:{port}/sign-in")
            opened.get_by_role("button", name="English").click()
            opened.get_by_label("Name").fill("lead")
            opened.get_by_label("Password").fill(password)
            opened.get_by_role("button", name="Sign in").click()
            for room in rooms.split(" › "):
                opened.get_by_role("navigation").get_by_role("link", name=room, exact=True).click()
            yield opened
    finally:
        server.close()
        thread.join(10)
    assert errors == []
