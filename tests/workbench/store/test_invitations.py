"""Invitations: one token, one account, once."""
from __future__ import annotations

import pytest

from labels.errors import InputError
from workbench.store import Store
from workbench.store.invitations import (
    accept_invitation, invitation, invite, pending_invitations, revoke_invitation,
)
from workbench.store.people import add_user, check_password, user, users

PASSWORD = "one of my own"


def test_an_invitation_becomes_an_account_of_its_role_and_slot(store: Store) -> None:
    token = invite(store, " 李萍 ", "reviewer", 3, "lead")
    found = invitation(store, token)
    assert found is not None and (found["name"], found["state"]) == ("李萍", "open")
    person = user(store, accept_invitation(store, token, PASSWORD))
    assert person is not None
    assert (person["name"], person["role"], person["slot"], person["must_change"]) \
        == ("李萍", "reviewer", 3, 0)
    assert check_password(store, "李萍", PASSWORD)
    assert pending_invitations(store) == []


def test_the_store_does_not_hold_the_token(store: Store) -> None:
    token = invite(store, "李萍", "annotator", 1, "lead")
    assert token not in "\n".join(store.conn.iterdump())
    assert invitation(store, token + "x") is None


def test_a_token_counts_once(store: Store) -> None:
    token = invite(store, "李萍", "annotator", 1, "lead")
    accept_invitation(store, token, PASSWORD)
    with pytest.raises(InputError, match="does not count any more"):
        accept_invitation(store, token, PASSWORD)
    found = invitation(store, token)
    assert found is not None and found["state"] == "used" and len(users(store)) == 2


def test_what_ran_out_or_was_revoked_does_not_count_and_frees_the_name(store: Store) -> None:
    old = invite(store, "李萍", "annotator", 1, "lead", days=-1)
    newer = invite(store, "李萍", "annotator", 1, "lead")
    with pytest.raises(InputError, match="invited already"):
        invite(store, "李 萍".replace(" ", ""), "lead", 1, "lead")
    (pending,) = pending_invitations(store)
    assert revoke_invitation(store, pending["id"]) and not revoke_invitation(store, pending["id"])
    for token in (old, newer):
        with pytest.raises(InputError, match="does not count any more"):
            accept_invitation(store, token, PASSWORD)
    assert len(users(store)) == 1
    assert invite(store, "李萍", "annotator", 1, "lead")


def test_one_that_ran_out_is_told_as_such(store: Store) -> None:
    found = invitation(store, invite(store, "李萍", "annotator", 1, "lead", days=-1))
    assert found is not None and found["state"] == "expired"


def test_nobody_is_invited_under_a_name_or_role_that_cannot_be(store: Store) -> None:
    for name, role in (("LEAD", "annotator"), ("", "annotator"), ("a\u200bb", "annotator"),
                       ("王丽", "boss")):
        with pytest.raises(InputError):
            invite(store, name, role, 1, "lead")
    assert pending_invitations(store) == []


def test_a_name_taken_meanwhile_or_a_bad_password_uses_nothing_up(store: Store) -> None:
    token = invite(store, "李萍", "annotator", 1, "lead")
    for password in ("short", "x" * 129):
        with pytest.raises(InputError, match="characters"):
            accept_invitation(store, token, password)
    add_user(store, "李萍", "annotator", PASSWORD)
    with pytest.raises(InputError, match="already"):
        accept_invitation(store, token, PASSWORD)
    found = invitation(store, token)
    assert found is not None and found["state"] == "open"
