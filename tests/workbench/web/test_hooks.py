"""The webhook: who is let in, that it answers at once, and that bursts become one or two pulls."""
from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from workbench import jobs, live, sync
from workbench.incoming import PullReport
from workbench.live import AGREED, HEARD, Listener, lets_in
from workbench.project import Project
from workbench.store import Store
from workbench.store.settings import activity, get_setting, set_setting
from workbench.studio.live import HOOK_PATH, SECRET_HEADER
from workbench.web.hooks import MOST_BYTES

SECRET = "the-secret-of-the-webhook"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PAUSE_S", 0.02)


@pytest.fixture
def pulls(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times at which a pull began."""
    begun: list[float] = []

    def pull(project: Project, progress: Any = None) -> PullReport:
        begun.append(time.monotonic())
        return PullReport(accepted=1)

    monkeypatch.setattr(sync, "pull", pull)
    return begun


PROJECTS = {"spans:1": [4, "a"], "classes:1": [5, "b"]}


@pytest.fixture
def caller(app: Flask, store: Store) -> FlaskClient:
    set_setting(store, "live", {"webhook": True, "ml": False, "hook_secret": SECRET,
                                "ml_password": "another"})
    set_setting(store, "workbench_url", "http://127.0.0.1:9")
    set_setting(store, "studio", {"url": "http://127.0.0.1:9", "public_url": "", "token": "t",
                                  "projects": PROJECTS})
    set_setting(store, AGREED, {"url": "http://127.0.0.1:9", "address": "http://127.0.0.1:9",
                                "origins": ["a", "b"], "webhook": True, "ml": False})
    return app.test_client()


def call(caller: FlaskClient, secret: str | None = SECRET, **body: Any) -> TestResponse:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    return caller.post(HOOK_PATH, headers=headers, **(body or {"json": {
        "action": "ANNOTATION_CREATED"}}))


def settled(app: Flask, project: Project) -> None:
    listener: Listener = app.extensions["workbench-listener"]
    listener.wait()
    assert jobs.wait(project, "pull", 10)


def test_an_event_starts_a_pull_and_is_noted(app: Flask, caller: FlaskClient, project: Project,
                                             store: Store, pulls: list[float]) -> None:
    answer = call(caller)
    assert (answer.status_code, answer.data) == (204, b"")
    settled(app, project)
    assert len(pulls) == 1
    assert get_setting(store, HEARD)["action"] == "ANNOTATION_CREATED"
    row = activity(store, "pull")
    assert row is not None and row["state"] == "done" and row["context"]["accepted"] == 1


def test_it_answers_while_another_writer_holds_the_database(
        app: Flask, caller: FlaskClient, project: Project, store: Store,
        pulls: list[float]) -> None:
    with store.write():
        begun = time.monotonic()
        assert call(caller).status_code == 204
        assert time.monotonic() - begun < 0.5
        time.sleep(0.1)
        assert not pulls
    settled(app, project)
    assert len(pulls) == 1


def test_a_burst_becomes_one_pull_and_one_more_that_sees_all_of_it(
        app: Flask, caller: FlaskClient, project: Project,
        monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    world: list[int] = []
    first, gate = threading.Event(), threading.Event()

    def pull(project: Project, progress: Any = None) -> PullReport:
        seen.append(len(world))  # what it looks at is as it was when it began
        first.set()
        assert gate.wait(20)
        return PullReport()

    monkeypatch.setattr(sync, "pull", pull)
    world.append(1)
    call(caller)
    assert first.wait(20)
    for number in range(20):
        world.append(number)
        assert call(caller).status_code == 204
    app.extensions["workbench-listener"].wait()
    gate.set()
    settled(app, project)
    assert seen == [1, 21]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "é"])
def test_without_the_secret_it_says_nothing_and_does_nothing(
        app: Flask, caller: FlaskClient, pulls: list[float], secret: str | None) -> None:
    answer = call(caller, secret)
    assert (answer.status_code, answer.data) == (403, b"")
    assert "workbench-listener" not in app.extensions


def test_switched_off_not_even_the_secret_lets_in(caller: FlaskClient, store: Store) -> None:
    set_setting(store, "live", {"webhook": False, "ml": True, "hook_secret": SECRET,
                                "ml_password": "another"})
    assert call(caller).status_code == 403


@pytest.mark.parametrize("secret", ["", "x"])
def test_before_it_was_ever_connected_nothing_lets_in(app: Flask, secret: str) -> None:
    assert call(app.test_client(), secret).status_code == 403


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b'"x"', b'{"action": 7}', b'{"action": "<script>"}',
    b'{"action": {"a": []}}', b"\xff\xfe", b"[" * 5000])
def test_whatever_the_body_holds_it_is_only_a_hint(
        app: Flask, caller: FlaskClient, project: Project, store: Store, pulls: list[float],
        body: bytes) -> None:
    assert call(caller, data=body, content_type="application/json").status_code == 204
    settled(app, project)
    assert len(pulls) == 1
    assert get_setting(store, HEARD)["action"] == ""


def test_a_large_body_is_refused(app: Flask, caller: FlaskClient) -> None:
    assert call(caller, data=b"x" * (MOST_BYTES + 1)).status_code == 413
    assert "workbench-listener" not in app.extensions


def test_it_makes_no_session(caller: FlaskClient, pulls: list[float], app: Flask,
                             project: Project) -> None:
    assert "Set-Cookie" not in call(caller).headers
    settled(app, project)


def test_a_pull_that_fails_leaves_the_next_hint_its_turn(
        app: Flask, caller: FlaskClient, project: Project, store: Store,
        monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody answers where Label Studio was: the pull says so, on the page.
    for count in range(2):
        call(caller)
        settled(app, project)
        row = activity(store, "pull")
        assert row is not None and row["state"] == "failed"
        assert "cannot be reached" in row["message"]


def test_projects_that_were_made_since_are_told_after_the_next_pull(
        app: Flask, caller: FlaskClient, project: Project, store: Store, pulls: list[float],
        monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Project] = []
    monkeypatch.setattr(live, "connect_live", lambda project, progress: told.append(project))
    call(caller)
    settled(app, project)
    assert told == []
    link = get_setting(store, "studio")
    set_setting(store, "studio", {**link, "projects": {**PROJECTS, "spans:2": [6, "c"]}})
    call(caller)
    settled(app, project)
    assert told == [project] and len(pulls) == 2


def test_only_the_very_secret_is_let_in() -> None:
    assert lets_in("abc", "abc")
    assert not any(lets_in(shown, "abc") for shown in (None, "", "ab", "abcd", "ABC", "äbc"))
    assert not lets_in("", "")
