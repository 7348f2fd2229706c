"""Signing in and out, sessions, CSRF, passwords, throttling."""
from __future__ import annotations

from typing import Callable

import pytest
from flask import Flask

from tests.workbench.web.conftest import PASSWORD, Browser
from workbench.store import Store, people

Open = Callable[..., Browser]


def test_the_right_password_lets_in_and_the_page_says_who_it_is(browser: Open) -> None:
    someone = browser()
    assert someone.get("/").headers["Location"].startswith("/sign-in")
    assert someone.sign_in("lead").headers["Location"] == "/"
    page = someone.get("/")
    assert page.status_code == 200 and "负责人" in page.text


@pytest.mark.parametrize("name, password", [("lead", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_is_refused_without_saying_which(
        browser: Open, name: str, password: str) -> None:
    answer = browser().sign_in(name, password)
    assert answer.status_code == 401 and "姓名或密码不正确" in answer.text


def test_signing_in_gives_a_new_token_and_a_planted_one_is_never_taken(
        app: Flask, browser: Open, store: Store) -> None:
    planted = people.open_session(store, {}, None)
    victim = browser()
    victim.client.set_cookie("workbench_session", planted)
    before = victim.token() and victim.cookie
    victim.sign_in("lead")
    assert victim.cookie not in (planted, before)
    thief = browser()
    thief.client.set_cookie("workbench_session", planted)
    assert thief.get("/").status_code == 302
    first = victim.cookie
    victim.sign_in("lead")
    assert victim.cookie != first and people.read_session(store, first) is None


def test_strangers_leave_no_row_in_the_store(browser: Open, store: Store) -> None:
    stranger = browser()
    stranger.get("/sign-in")
    stranger.post("/language", {"locale": "en"})
    assert store.value("SELECT count(*) FROM sessions") == 0
    assert "Sign in" in stranger.get("/sign-in").text


def test_a_forged_anonymous_cookie_is_ignored(browser: Open) -> None:
    stranger = browser()
    stranger.client.set_cookie("workbench_session", "eyJsb2NhbGUiOiJlbiJ9.x.y")
    assert "登录" in stranger.get("/sign-in").text


def test_signing_out_ends_the_session_on_the_server(browser: Open, store: Store) -> None:
    lead = browser("lead")
    token = lead.cookie
    assert lead.post("/sign-out").status_code == 303
    assert people.read_session(store, token) is None
    thief = browser()
    thief.client.set_cookie("workbench_session", token)
    assert thief.get("/").status_code == 302


def test_a_static_file_that_is_missing_signs_nobody_out(browser: Open) -> None:
    lead = browser("lead")
    before = lead.cookie
    assert lead.get("/static/no-such.css").status_code == 404
    assert lead.cookie == before and lead.get("/").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: Open) -> None:
    for base, secure in (("http://localhost", False), ("https://localhost", True)):
        one = browser()
        page = one.get("/sign-in", base_url=base)
        cookie = page.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is secure


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/password", "/language", "/people",
                                  "/releases/settle", "/releases/freeze", "/studio/sync",
                                  "/people/2/reset", "/people/2/active"])
def test_a_post_without_its_token_is_refused(browser: Open, path: str, store: Store) -> None:
    lead = browser("lead")
    before = store.rows("SELECT * FROM users")
    for data in ({}, {"csrf_token": "wrong"}):
        answer = lead.client.post(path, data={"name": "x", "role": "annotator", **data})
        assert answer.status_code == 400 and "表单已失效" in answer.text
    assert store.rows("SELECT * FROM users") == before


def test_a_token_of_another_session_is_refused(browser: Open) -> None:
    other = browser("reviewer").token()
    answer = browser("lead").client.post("/sign-out", data={"csrf_token": other})
    assert answer.status_code == 400


def test_guessing_is_slowed_down_even_for_the_right_password(browser: Open) -> None:
    someone = browser()
    for _ in range(5):
        assert someone.sign_in("lead", "wrong").status_code == 401
    answer = someone.sign_in("lead")
    assert answer.status_code == 429 and "密码错误次数过多" in answer.text
    assert int(answer.headers["Retry-After"]) > 200
    assert someone.sign_in(" LEAD ").status_code == 429
    assert someone.sign_in("reviewer").status_code == 303


def test_wrong_passwords_at_an_address_lock_out_nobody_who_signed_in_there(
        browser: Open) -> None:
    browser("reviewer")
    guesser = browser()
    for number in range(40):
        assert guesser.sign_in(f"name{number}", "wrong").status_code == 401
    assert guesser.sign_in("lead").status_code == 429
    assert browser().sign_in("Reviewer").status_code == 303
    for _ in range(5):
        assert guesser.sign_in("reviewer", "wrong").status_code == 401
    assert guesser.sign_in("reviewer").status_code == 429


def test_another_address_may_still_sign_in(browser: Open) -> None:
    someone = browser()
    for _ in range(5):
        someone.sign_in("lead", "wrong")
    elsewhere = {"REMOTE_ADDR": "10.0.0.7"}
    assert someone.sign_in("lead", environ_overrides=elsewhere).status_code == 303


def test_a_given_password_has_to_be_changed_before_anything_else(
        browser: Open, store: Store) -> None:
    people.add_user(store, "new", "annotator", PASSWORD, must_change=True)
    new = browser()
    assert new.sign_in("new").headers["Location"] == "/password"
    for path in ("/", "/documents", "/tasks"):
        assert new.get(path).headers["Location"] == "/password"
    data = {"old": PASSWORD, "new": "another password", "again": "another password"}
    assert new.post("/password", data).headers["Location"] == "/"
    assert new.get("/documents").status_code == 200
    assert browser().sign_in("new").status_code == 401
    assert browser().sign_in("new", "another password").headers["Location"] == "/"


@pytest.mark.parametrize("data, said", [
    ({"old": "wrong", "new": "another password", "again": "another password"}, "当前密码不正确"),
    ({"old": PASSWORD, "new": "another password", "again": "a different one"}, "不一致"),
    ({"old": PASSWORD, "new": "short", "again": "short"}, "密码至少 10 个字符"),
    ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "相同"),
])
def test_a_password_change_that_is_wrong_changes_nothing(
        browser: Open, data: dict[str, str], said: str) -> None:
    answer = browser("lead").post("/password", data)
    assert answer.status_code == 400 and said in answer.text
    assert browser().sign_in("lead").status_code == 303


def test_a_new_password_ends_the_other_sessions(browser: Open) -> None:
    here, there = browser("lead"), browser("lead")
    here.post("/password", {"old": PASSWORD, "new": "another password",
                            "again": "another password"})
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_a_person_switched_off_is_out_at_once(browser: Open, store: Store) -> None:
    reviewer = browser("reviewer")
    user = people.user_by_name(store, "reviewer")
    assert user
    people.set_active(store, user["id"], False)
    assert reviewer.get("/").status_code == 302
    assert browser().sign_in("reviewer").status_code == 401


@pytest.mark.parametrize("target, lands", [
    ("/documents?x=1", "/documents?x=1"), ("https://evil.example/", "/"),
    ("//evil.example", "/"), ("/\\evil.example", "/"), ("javascript:alert(1)", "/"),
    ("/\t/evil.example", "/"), ("", "/"),
])
def test_next_leads_only_inside(browser: Open, target: str, lands: str) -> None:
    someone = browser()
    answer = someone.post("/sign-in", {"name": "lead", "password": PASSWORD},
                          query_string={"next": target})
    assert answer.headers["Location"] == lands
    signed_in = someone.get("/sign-in", query_string={"next": target})
    assert signed_in.headers["Location"] == lands
    chosen = someone.post("/language", {"locale": "en", "next": target})
    assert chosen.headers["Location"] == lands


def test_who_must_sign_in_comes_back_to_the_page(browser: Open) -> None:
    someone = browser()
    answer = someone.get("/tasks?state=open")
    assert answer.headers["Location"] == "/sign-in?next=/tasks?state%3Dopen"
