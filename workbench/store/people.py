"""People of a project and their sessions. Passwords are kept as argon2id hashes only."""
from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from typing import Any, Mapping

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from labels.errors import InputError, N_
from workbench.clock import after, now
from workbench.store.connection import Row, Store

ROLES = ("lead", "reviewer", "annotator")
SHORTEST_PASSWORD = 10
# Label Studio takes no longer ones, and people have one password for both.
LONGEST_PASSWORD = 128
SESSION_HOURS = 12
# Drawn as nothing though Unicode counts them as letters, marks or symbols.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
                   ) | {chr(code) for span in (range(0xfe00, 0xfe10), range(0xe0100, 0xe01f0))
                        for code in span}
_HASHER = PasswordHasher()
# Checked when the name is unknown, so that the answer takes as long as for a known one.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


def new_password() -> str:
    """A password to hand out once."""
    return secrets.token_urlsafe(12)


def name_key(name: str) -> str:
    """What makes a name another one: not case, width, or the white space in it."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.split())


def _is_invisible(character: str) -> bool:
    return (unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
            or character in _BLANK)


def add_user(store: Store, name: str, role: str, password: str, *,
             must_change: bool = False, slot: int = 1) -> int:
    """Add a person.

    Raises InputError for a name that is taken (in any case and width) or looks like another one,
    an unknown role, or a password that is too short or too long.
    """
    name = check_person(name, role)
    _check_password(password)
    with store.write() as db:
        check_free(store, name)
        cursor = db.execute(
            "INSERT INTO users (name, name_key, role, password_hash, must_change, slot, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [name, name_key(name), role, _HASHER.hash(password), int(must_change), slot, now()])
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def check_person(name: str, role: str) -> str:
    """The name as it is kept. Raises InputError for a name or a role that nobody can have."""
    name = name.strip()
    if not name_key(name) or len(name) > 64:
        raise InputError(N_("a user name has 1 to 64 characters"))
    if any(map(_is_invisible, name)):
        raise InputError(N_("a user name has no invisible characters"))
    if role not in ROLES:
        raise InputError(N_("there is no role %(role)r"), role=role,
                         hint=N_("roles: lead, reviewer, annotator"))
    return name


def check_free(store: Store, name: str) -> None:
    """Raises InputError where somebody has that name."""
    taken = user_by_name(store, name)
    if taken:
        raise InputError(N_("there is a user %(name)s already"), name=taken["name"])


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise InputError(N_("a password has at least %(least)s characters"),
                         least=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise InputError(N_("a password has at most %(most)s characters"), most=LONGEST_PASSWORD)


def set_password(store: Store, user_id: int, password: str, *, must_change: bool = False) -> None:
    """Set a password and end all sessions of that person."""
    _check_password(password)
    with store.write() as db:
        db.execute("UPDATE users SET password_hash = ?, must_change = ? WHERE id = ?",
                   [_HASHER.hash(password), int(must_change), user_id])
        db.execute("DELETE FROM sessions WHERE user_id = ?", [user_id])


def check_password(store: Store, name: str, password: str) -> Row | None:
    """The active user of that name if the password is right."""
    user = store.row("SELECT * FROM users WHERE name_key = ? AND active = 1", [name_key(name)])
    try:
        _HASHER.verify(user["password_hash"] if user else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return user


def users(store: Store) -> list[Row]:
    return store.rows("SELECT id, name, role, active, must_change, slot, studio_email,"
                      " studio_user, created_at FROM users ORDER BY id")


def user(store: Store, user_id: int) -> Row | None:
    return store.row("SELECT * FROM users WHERE id = ?", [user_id])


def user_by_name(store: Store, name: str) -> Row | None:
    return store.row("SELECT * FROM users WHERE name_key = ?", [name_key(name)])


def set_active(store: Store, user_id: int, active: bool) -> None:
    """Let a person in or keep them out. The last active lead cannot be shut out."""
    with store.write() as db:
        if not active and store.value(
                "SELECT count(*) FROM users WHERE role = 'lead' AND active = 1 AND id <> ?",
                [user_id]) == 0:
            raise InputError(N_("the last active lead cannot be shut out"))
        db.execute("UPDATE users SET active = ? WHERE id = ?", [int(active), user_id])
        if not active:
            db.execute("DELETE FROM sessions WHERE user_id = ?", [user_id])


def set_slot(store: Store, user_id: int, slot: int) -> None:
    """In which of the sibling projects a person works from now on."""
    with store.write() as db:
        db.execute("UPDATE users SET slot = ? WHERE id = ?", [slot, user_id])


def saw_guide(store: Store, user_id: int, until: str) -> None:
    """Note that a person knows what changed in the guide until then."""
    with store.write() as db:
        db.execute("UPDATE users SET guide_seen_at = ? WHERE id = ?", [until, user_id])


def link_studio_account(store: Store, user_id: int, email: str | None,
                        studio_user: int | None) -> None:
    """Note a person's account in Label Studio; None and None that there is none."""
    with store.write() as db:
        db.execute("UPDATE users SET studio_email = ?, studio_user = ? WHERE id = ?",
                   [email, studio_user, user_id])


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(store: Store, data: Mapping[str, Any], user_id: int | None = None) -> str:
    """Start a session; returns the token for the cookie. Old sessions are swept on the way."""
    token = secrets.token_urlsafe(32)
    with store.write() as db:
        db.execute("DELETE FROM sessions WHERE expires_at < ?", [now()])
        db.execute("INSERT INTO sessions (token_hash, user_id, data, created_at, expires_at)"
                   " VALUES (?, ?, ?, ?, ?)",
                   [hash_token(token), user_id, json.dumps(data), now(),
                    after(hours=SESSION_HOURS)])
    return token


def read_session(store: Store, token: str) -> Row | None:
    """The session with `data` as an object, if the token is known and not expired."""
    row = store.row("SELECT * FROM sessions WHERE token_hash = ? AND expires_at > ?",
                    [hash_token(token), now()])
    return None if row is None else {**row, "data": json.loads(row["data"])}


def save_session(store: Store, token: str, data: Mapping[str, Any], user_id: int | None) -> None:
    with store.write() as db:
        db.execute("UPDATE sessions SET data = ?, user_id = ?, expires_at = ? WHERE token_hash = ?",
                   [json.dumps(data), user_id, after(hours=SESSION_HOURS), hash_token(token)])


def close_session(store: Store, token: str) -> None:
    with store.write() as db:
        db.execute("DELETE FROM sessions WHERE token_hash = ?", [hash_token(token)])
