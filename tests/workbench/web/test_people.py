"""The lead's page about people."""
from __future__ import annotations

import re
import sqlite3
from typing import Any, Callable

import pytest

from tests.workbench.web.conftest import Browser
from workbench.store import Store, people
from workbench.store.settings import set_setting
from workbench.web import people as page

Open = Callable[..., Browser]
SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


def test_a_new_person_gets_a_password_that_is_shown_once(browser: Open, store: Store) -> None:
    lead = browser("lead")
    answer = lead.post("/people", {"name": "王丽", "role": "annotator"})
    password = SECRET.search(answer.text)
    assert password and not SECRET.search(lead.get("/people").text)
    assert answer.headers["Cache-Control"] == "no-store"
    new = browser()
    assert new.sign_in("王丽", password.group(1)).headers["Location"] == "/password"
    kept = store.rows("SELECT * FROM users")
    assert password.group(1) not in str(kept)


def test_a_name_that_is_taken_is_refused(browser: Open, store: Store) -> None:
    answer = browser("lead").post("/people", {"name": "reviewer", "role": "lead"})
    assert answer.status_code == 400 and "已有名为 reviewer 的人员" in answer.text
    assert len(people.users(store)) == 3


def test_a_reset_gives_a_new_password_and_ends_sessions(browser: Open) -> None:
    reviewer = browser("reviewer")
    answer = browser("lead").post("/people/3/reset")
    found = SECRET.search(answer.text)
    assert found
    assert reviewer.get("/").status_code == 302
    assert browser().sign_in("reviewer").status_code == 401
    assert browser().sign_in("reviewer", found.group(1)).headers["Location"] == "/password"


def test_the_lead_cannot_reset_or_shut_out_themselves(browser: Open) -> None:
    lead = browser("lead")
    assert lead.post("/people/1/reset").status_code == 400
    answer = lead.post("/people/1/active", {"on": "0"})
    assert answer.status_code == 400 and "最后一名" in answer.text
    assert lead.get("/people").status_code == 200


def test_people_are_switched_off_and_on(browser: Open) -> None:
    lead, reviewer = browser("lead"), browser("reviewer")
    lead.post("/people/3/active", {"on": "0"})
    assert reviewer.get("/").status_code == 302
    assert browser().sign_in("reviewer").status_code == 401
    assert "已停用" in lead.get("/people").text
    lead.post("/people/3/active", {"on": "1"})
    assert browser().sign_in("reviewer").status_code == 303


def test_a_person_who_is_not_there(browser: Open) -> None:
    assert browser("lead").post("/people/99/reset").status_code == 404


def test_an_account_in_label_studio_is_offered_only_where_one_is_connected(
        browser: Open, store: Store) -> None:
    lead = browser("lead")
    assert "/people/3/studio" not in lead.get("/people").text
    url = "http://127.0.0.1:9"
    set_setting(store, "studio", {"url": url, "public_url": url, "token": "t" * 40,
                                  "projects": {"spans:1": [1, "a"], "classes:1": [2, "b"]}})
    assert "/people/3/studio" in lead.get("/people").text


def test_a_label_studio_that_is_down_costs_nobody_the_new_account_here(
        browser: Open, store: Store) -> None:
    url = "http://127.0.0.1:9"
    set_setting(store, "studio", {"url": url, "public_url": url, "token": "t" * 40,
                                  "projects": {"spans:1": [1, "a"], "classes:1": [2, "b"]}})
    answer = browser("lead").post("/people", {"name": "王丽", "role": "annotator"})
    password = SECRET.search(answer.text)
    assert answer.status_code == 200 and password and url in answer.text
    assert people.check_password(store, "王丽", password[1])
    assert browser("lead").post("/people/3/studio").status_code == 502


@pytest.mark.parametrize("failure", [KeyError("token"), sqlite3.IntegrityError("studio_email")])
def test_the_password_of_a_new_person_is_shown_whatever_fails_with_the_account(
        browser: Open, store: Store, monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    def failing(*_: Any) -> str:
        raise failure

    url = "http://127.0.0.1:9"
    set_setting(store, "studio", {"url": url, "public_url": url, "token": "t" * 40,
                                  "projects": {"spans:1": [1, "a"], "classes:1": [2, "b"]}})
    monkeypatch.setattr(page, "give_account", failing)
    answer = browser("lead").post("/people", {"name": "王丽", "role": "annotator"})
    password = SECRET.search(answer.text)
    assert answer.status_code == 200 and password and type(failure).__name__ in answer.text
    assert people.check_password(store, "王丽", password[1])
