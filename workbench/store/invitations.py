"""Invitations: a link with a token that becomes an account once, chosen by who opens it.

The store keeps the token's hash only, so the link is shown when it is made and never again.
"""
from __future__ import annotations

import secrets
from typing import Literal

from labels.errors import InputError, N_
from workbench.clock import after, now
from workbench.store.connection import Row, Store
from workbench.store.people import add_user, check_free, check_person, hash_token, name_key

DAYS = 7
State = Literal["open", "used", "revoked", "expired"]


def invite(store: Store, name: str, role: str, slot: int, by: str, days: float = DAYS) -> str:
    """Make an invitation; returns its token.

    Raises InputError for a name that is taken or invited already, or that nobody can have.
    """
    name, token = check_person(name, role), secrets.token_urlsafe(32)
    with store.write() as db:
        check_free(store, name)
        # One that ran out is in nobody's way.
        db.execute("UPDATE invitations SET revoked_at = :now WHERE name_key = :key"
                   " AND used_at IS NULL AND revoked_at IS NULL AND expires_at <= :now",
                   {"key": name_key(name), "now": now()})
        if store.row("SELECT id FROM invitations WHERE name_key = ? AND used_at IS NULL"
                     " AND revoked_at IS NULL", [name_key(name)]):
            raise InputError(N_("%(name)s is invited already"), name=name,
                             hint=N_("revoke that invitation first, if its link is lost"))
        db.execute("INSERT INTO invitations (token_hash, name, name_key, role, slot, made_by,"
                   " made_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                   [hash_token(token), name, name_key(name), role, slot, by, now(),
                    after(days=days)])
    return token


def invitation(store: Store, token: str) -> Row | None:
    """The invitation of a link, with its `state`; None if there never was such a link."""
    row = store.row("SELECT * FROM invitations WHERE token_hash = ?", [hash_token(token)])
    return row and {**row, "state": _state(row)}


def pending_invitations(store: Store) -> list[Row]:
    """Those that became no account and were not revoked, with their `state`, oldest first."""
    return [{**row, "state": _state(row)} for row in store.rows(
        "SELECT id, name, role, slot, made_by, made_at, expires_at, used_at, revoked_at"
        " FROM invitations WHERE used_at IS NULL AND revoked_at IS NULL ORDER BY id")]


def accept_invitation(store: Store, token: str, password: str) -> int:
    """Make the account that was offered; returns the user's id.

    Raises InputError if the invitation is not open (any more), the name was taken meanwhile, or
    the password is too short or too long.
    """
    with store.write() as db:
        row = invitation(store, token)
        if row is None or row["state"] != "open":
            raise InputError(N_("this invitation does not count any more"),
                             hint=N_("ask the lead of the project for a new one"))
        user_id = add_user(store, row["name"], row["role"], password, slot=row["slot"])
        db.execute("UPDATE invitations SET used_at = ?, user_id = ? WHERE id = ?",
                   [now(), user_id, row["id"]])
    return user_id


def revoke_invitation(store: Store, invitation_id: int) -> bool:
    """Take back an invitation; False if it was used or revoked already."""
    with store.write() as db:
        return db.execute("UPDATE invitations SET revoked_at = ? WHERE id = ? AND used_at IS NULL"
                          " AND revoked_at IS NULL", [now(), invitation_id]).rowcount == 1


def _state(row: Row) -> State:
    if row["used_at"]:
        return "used"
    if row["revoked_at"]:
        return "revoked"
    return "open" if row["expires_at"] > now() else "expired"
