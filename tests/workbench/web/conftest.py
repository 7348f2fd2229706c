"""The application of a real project with four people, and clients that sign in as they do."""
from __future__ import annotations

import re
from typing import Any, Callable, Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.workbench.conftest import DOCUMENT, SUGGESTIONS
from workbench import jobs, stages
from workbench.project import Project
from workbench.store import Store, people
from workbench.store.answers import NewAnswer, add_answer
from workbench.store.documents import add_document
from workbench.store.people import add_user, set_password
from workbench.store.settings import report_activity, set_setting
from workbench.store.suggestions import save_suggestions
from workbench.store.syncs import finish_sync, start_sync
from workbench.store.tasks import record_tasks, task_states
from workbench.web import create_app

PASSWORD = "a long password"
ROLES = ("annotator", "reviewer", "lead")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """A client that sends the CSRF token of the last page with what it posts."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **options)

    def token(self) -> str:
        # A page that is not there still has the forms of the bar, and is there for everybody.
        found = TOKEN.search(self.client.get("/no-such-page").text)
        assert found
        return found.group(1)

    def sign_in(self, name: str, password: str = PASSWORD, **options: Any) -> TestResponse:
        return self.post("/sign-in", {"name": name, "password": password}, **options)

    @property
    def cookie(self) -> str:
        cookie = self.client.get_cookie("workbench_session")
        return cookie.value if cookie else ""


def released(lead: Browser, store: Store, *names: str) -> TestResponse:
    """Settle, then freeze (or what is named), each to its end; the page that tells what came of
    it."""
    for name in names or ("settle", "freeze"):
        assert lead.post(f"/releases/{name}").headers["Location"] == "/releases"
        assert jobs.wait(Project(store.path.parent), name, 30)
    return lead.get("/releases")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with its least cost: these tests sign in some hundred times."""
    monkeypatch.setattr(people, "_HASHER",
                        PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def filled(project: Project, store: Store) -> int:
    """People of each role, one document with suggestions; returns its id."""
    set_password(store, 1, PASSWORD)
    for role in ROLES[:2]:
        add_user(store, role, role, PASSWORD)
    document_id = add_document(store, DOCUMENT).document_id
    save_suggestions(store, document_id, project.pack().hash, SUGGESTIONS)
    return document_id


@pytest.fixture
def with_tasks(project: Project, store: Store, filled: int) -> int:
    """As `filled`, with Label Studio ready, tasks in it, an answer, and a finished sync."""
    set_setting(store, "studio", {"url": "http://127.0.0.1:9", "token": "secret-token",
                                  "public_url": "https://studio.example",
                                  "projects": {"spans:1": [4, "there"],
                                               "classes:1": [5, "there too"]}})
    stages.cut_regions(store, filled)
    regions = [row for row in task_states(store, filled) if row["kind"] == "spans"]
    record_tasks(store, "there", 4, 1, {row["id"]: 70 + row["id"] for row in regions})
    add_answer(store, NewAnswer(
        region_id=regions[0]["id"], origin="there", slot=1, studio_task=70 + regions[0]["id"],
        studio_annotation=1, studio_updated_at="2026-01-01T00:00:00Z", studio_user=7,
        annotator="a@example.org", state="accepted", reason="", raw=[], lead_time=1.0,
        answer={"spans": [{"start": 0, "end": 6, "label": "ORG"}], "relations": [], "classes": {}},
        made_at="2026-01-01T00:00:00Z", blind=True))
    finish_sync(store, start_sync(store, "push"), {"created": 3, "found": 0})
    report_activity(store, "sync", "running", "sending tasks to Label Studio", 1, 3)
    return filled


@pytest.fixture
def app(project: Project, filled: int) -> Flask:
    return create_app(project, testing=True)


@pytest.fixture
def browser(app: Flask) -> Iterator[Callable[[str], Browser]]:
    """``browser(role)``: a browser of its own, signed in unless the role is "anonymous"."""
    def open_as(role: str = "anonymous") -> Browser:
        made = Browser(app.test_client())
        if role != "anonymous":
            assert made.sign_in(role).status_code == 303
        return made

    yield open_as
