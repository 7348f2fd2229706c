"""Logins of people in Label Studio."""
from __future__ import annotations

import pytest

from workbench.store import Store
from workbench.store.people import add_user, link_studio_account, user
from workbench.sync import account_address


@pytest.mark.parametrize("name, login", [
    ("annotator", "annotator-2"), ("Wang.Li", "wang.li-2"), ("李萍", "user-2"),
    ("a b", "user-2"), ("a..b", "user-2"), ("x@y", "user-2"),
])
def test_a_login_is_an_address_whatever_the_name(store: Store, name: str, login: str) -> None:
    person = user(store, add_user(store, name, "annotator", "a long password"))
    assert person is not None and account_address(person) == f"{login}@workbench.local"


def test_no_two_people_have_one_login(store: Store) -> None:
    for name in ("李萍", "user", "user2", "user-3", "user-2", "王丽"):
        person = user(store, add_user(store, name, "annotator", "a long password"))
        assert person is not None
        link_studio_account(store, person["id"], account_address(person), person["id"])
