"""An invitation is opened, used, or too late; one's own account in Label Studio."""
from __future__ import annotations

import re
from typing import Any, Callable

import pytest

from labels.errors import N_, StudioError
from tests.workbench.web.conftest import PASSWORD, Browser
from workbench.project import Project
from workbench.store import Store, people
from workbench.store.invitations import invite, pending_invitations
from workbench.store.people import link_studio_account, user_by_name
from workbench.web import join

Open = Callable[..., Browser]
OWN = "one of my own"
BOTH = {"password": OWN, "again": OWN}


@pytest.fixture
def token(store: Store, filled: int) -> str:
    return invite(store, "李萍", "annotator", 1, "lead")


@pytest.fixture
def studio_gives(monkeypatch: pytest.MonkeyPatch, store: Store) -> list[tuple[int, str]]:
    """Who asked for an account there and with which password: the real server has its own test."""
    asked: list[tuple[int, str]] = []

    def give(project: Project, user_id: int, password: str) -> str:
        asked.append((user_id, password))
        email = f"user-{user_id}@workbench.local"
        link_studio_account(store, user_id, email, 100 + user_id)
        return email

    monkeypatch.setattr(join, "give_account", give)
    return asked


def test_the_lead_gets_a_link_once_and_who_opens_it_gets_an_account(
        browser: Open, store: Store) -> None:
    lead = browser("lead")
    answer = lead.post("/people/invitations", {"name": "李萍", "role": "reviewer"})
    (link,) = re.findall(r'<code class="secret">http://localhost(/join/[^<]+)</code>', answer.text)
    assert link not in lead.get("/people").text and "李萍" in lead.get("/people").text
    new = browser()
    assert "李萍" in new.get(link).text
    assert new.post(link, BOTH).headers["Location"] == "/account/studio"
    assert new.get("/releases").status_code == 200
    assert browser().sign_in("李萍", OWN).headers["Location"] == "/"
    assert browser().get(link).status_code == 410 and len(people.users(store)) == 4


def test_both_accounts_are_made_in_one_step_with_one_password(
        browser: Open, store: Store, with_tasks: int, token: str,
        studio_gives: list[tuple[int, str]]) -> None:
    new = browser()
    assert new.post(f"/join/{token}", BOTH).headers["Location"] == "/"
    person = user_by_name(store, "李萍")
    assert person is not None and studio_gives == [(person["id"], OWN)]
    assert "user-4@workbench.local" in new.get("/account/studio").text
    assert new.get("/", follow_redirects=True).request.path == "/mine"


def test_with_label_studio_down_the_account_here_is_made_and_the_other_is_finished_later(
        browser: Open, store: Store, with_tasks: int, token: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    new = browser()
    answer = new.post(f"/join/{token}", BOTH, follow_redirects=True)
    assert answer.request.path == "/account/studio" and "http://127.0.0.1:9" in answer.text
    assert "账号已创建" in answer.text and 'type="password"' in answer.text
    assert "/account/studio" in new.get("/mine").text
    assert OWN not in "\n".join(store.conn.iterdump())
    assert new.post("/account/studio", {"password": OWN}).status_code == 502
    given: list[str] = []

    def give(project: Project, user_id: int, password: str) -> str:
        given.append(password)
        link_studio_account(store, user_id, "user-4@workbench.local", 104)
        return "user-4@workbench.local"

    monkeypatch.setattr(join, "give_account", give)
    assert new.post("/account/studio", {"password": "not mine at all"}).status_code == 400
    assert new.post("/account/studio", {"password": OWN}).status_code == 303
    assert given == [OWN] and "user-4@workbench.local" in new.get("/account/studio").text
    assert new.post("/account/studio", {"password": OWN}).status_code == 303 and len(given) == 1


def test_whatever_fails_there_the_person_is_here_and_told(
        browser: Open, store: Store, with_tasks: int, token: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any) -> str:
        raise KeyError("token")

    monkeypatch.setattr(join, "give_account", failing)
    answer = browser().post(f"/join/{token}", BOTH, follow_redirects=True)
    assert answer.status_code == 200 and "KeyError" in answer.text
    assert people.check_password(store, "李萍", OWN)


def test_label_studios_own_reason_is_shown(
        browser: Open, with_tasks: int, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: Any) -> str:
        raise StudioError(N_("Label Studio did not make an account for %(email)s: %(why)s"),
                          email="a@b", why="Enter a valid email <address>")

    monkeypatch.setattr(join, "give_account", refusing)
    answer = browser().post(f"/join/{token}", BOTH, follow_redirects=True)
    assert "Enter a valid email &lt;address&gt;" in answer.text


@pytest.mark.parametrize("form, said", [
    ({"password": OWN, "again": OWN + "!"}, "两次"), ({"password": "short", "again": "short"}, "10"),
    ({"password": "x" * 129, "again": "x" * 129}, "128"), ({}, "10")])
def test_a_password_that_cannot_be_leaves_the_invitation_open(
        browser: Open, store: Store, token: str, form: dict[str, str], said: str) -> None:
    answer = browser().post(f"/join/{token}", form)
    assert answer.status_code == 400 and said in answer.text
    assert len(pending_invitations(store)) == 1 and user_by_name(store, "李萍") is None


def test_a_link_that_does_not_count_says_why(browser: Open, store: Store, token: str) -> None:
    assert browser().get("/join/no-such-token").status_code == 404
    lead = browser("lead")
    (pending,) = pending_invitations(store)
    lead.post(f"/people/invitations/{pending['id']}/revoke")
    for answer in (browser().get(f"/join/{token}"), browser().post(f"/join/{token}", BOTH)):
        assert answer.status_code in (400, 410) and "lead" in answer.text
    assert user_by_name(store, "李萍") is None
    old = browser().get(f"/join/{invite(store, '王丽', 'annotator', 1, 'lead', days=-1)}")
    assert old.status_code == 410 and "过期" in old.text


def test_who_is_signed_in_as_somebody_else_is_told_and_becomes_the_new_person(
        browser: Open, token: str) -> None:
    reviewer = browser("reviewer")
    assert "reviewer" in reviewer.get(f"/join/{token}").text
    before = reviewer.cookie
    reviewer.post(f"/join/{token}", BOTH)
    assert reviewer.cookie != before and "李萍" in reviewer.get("/password").text


def test_guessing_ones_own_password_again_is_slowed_down(
        browser: Open, with_tasks: int, studio_gives: list[tuple[int, str]]) -> None:
    annotator = browser("annotator")
    for _ in range(5):
        assert annotator.post("/account/studio", {"password": "wrong"}).status_code == 400
    answer = annotator.post("/account/studio", {"password": PASSWORD})
    assert answer.status_code == 429 and answer.headers["Retry-After"]
    assert studio_gives == []


def test_without_a_label_studio_there_is_nothing_to_finish_yet(browser: Open, token: str) -> None:
    new = browser()
    answer = new.post(f"/join/{token}", BOTH, follow_redirects=True)
    assert "尚未就绪" in answer.text and 'type="password"' not in answer.text
