from __future__ import annotations

import pytest

from labels.errors import InputError
from workbench.store import Store
from workbench.store.people import (
    add_user, check_password, close_session, open_session, read_session, save_session,
    set_active, set_password, user_by_name, users,
)

PASSWORD = "a long enough one"


def test_a_password_is_kept_as_argon2_hash_only(store: Store) -> None:
    add_user(store, "李萍", "annotator", PASSWORD)
    row = user_by_name(store, "李萍")
    assert row is not None and row["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in str(store.rows("SELECT * FROM users"))
    assert "password_hash" not in users(store)[0]


def test_only_the_right_password_of_an_active_person_is_let_in(store: Store) -> None:
    user_id = add_user(store, "reader", "reviewer", PASSWORD)
    assert check_password(store, "reader", "wrong password") is None
    assert check_password(store, "nobody", PASSWORD) is None
    found = check_password(store, " reader ", PASSWORD)
    assert found is not None and found["role"] == "reviewer"
    set_active(store, user_id, False)
    assert check_password(store, "reader", PASSWORD) is None


@pytest.mark.parametrize("name, role, password, words", [
    ("", "lead", PASSWORD, "1 to 64"), ("x" * 65, "lead", PASSWORD, "1 to 64"),
    ("a\x00b", "lead", PASSWORD, "invisible"), ("a", "owner", PASSWORD, "no role 'owner'"),
    ("a", "lead", "short", "at least 10"), ("lead", "lead", PASSWORD, "already"),
    ("Lead", "lead", PASSWORD, "user lead already"), ("ｌｅａｄ", "lead", PASSWORD, "already"),
    ("l\u200bead", "lead", PASSWORD, "invisible"), ("\u202elead", "lead", PASSWORD, "invisible"),
    ("le\u3164ad", "lead", PASSWORD, "invisible"), ("\u3000", "lead", PASSWORD, "1 to 64"),
    ("葛\U000e0100", "lead", PASSWORD, "invisible"), ("a\udcff", "lead", PASSWORD, "invisible"),
])
def test_a_bad_person_is_refused(store: Store, name: str, role: str, password: str,
                                 words: str) -> None:
    with pytest.raises(InputError, match=words):
        add_user(store, name, role, password)


def test_a_name_is_found_in_any_case_and_width(store: Store) -> None:
    user_id = add_user(store, "Wang  Li", "annotator", PASSWORD)
    for written in ("Wang  Li", "wang li", "ＷＡＮＧ\u3000ＬＩ"):
        found = check_password(store, written, PASSWORD)
        assert found is not None and (found["id"], found["name"]) == (user_id, "Wang  Li")


def test_the_last_lead_cannot_be_shut_out(store: Store) -> None:
    lead = user_by_name(store, "lead")
    assert lead is not None
    with pytest.raises(InputError, match="last active lead"):
        set_active(store, lead["id"], False)
    other = add_user(store, "second", "lead", PASSWORD)
    set_active(store, lead["id"], False)
    with pytest.raises(InputError, match="last active lead"):
        set_active(store, other, False)


def test_a_session_is_found_by_its_token_and_stored_by_its_hash(store: Store) -> None:
    user_id = add_user(store, "reader", "reviewer", PASSWORD)
    token = open_session(store, {"locale": "en"}, user_id)
    session = read_session(store, token)
    assert session is not None and session["data"] == {"locale": "en"}
    assert token not in str(store.rows("SELECT * FROM sessions"))
    save_session(store, token, {"locale": "zh"}, user_id)
    again = read_session(store, token)
    assert again is not None and again["data"] == {"locale": "zh"}
    close_session(store, token)
    assert read_session(store, token) is None


def test_an_expired_session_is_none(store: Store) -> None:
    token = open_session(store, {})
    with store.write() as db:
        db.execute("UPDATE sessions SET expires_at = '2000-01-01T00:00:00.000+00:00'")
    assert read_session(store, token) is None


def test_a_new_password_ends_all_sessions(store: Store) -> None:
    user_id = add_user(store, "reader", "reviewer", PASSWORD)
    token = open_session(store, {}, user_id)
    set_password(store, user_id, "another long one")
    assert read_session(store, token) is None
    assert check_password(store, "reader", "another long one") is not None
