"""Sessions: in the store for people who signed in, in a signed cookie for everybody else.

A stranger must not be able to fill the database, so a session without a person lives in the
cookie alone: it holds a CSRF token and the language. Signing in gives a new token, signing out
deletes the row; the store keeps only the token's hash.
"""
from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin
from itsdangerous import BadSignature
from werkzeug.datastructures import CallbackDict

from workbench.clock import after
from workbench.store import people
from workbench.web.context import get_store

# A session is prolonged when it has lost this much of its time, not at each request.
_PROLONG_AFTER_HOURS = 1


class WorkbenchSession(CallbackDict[str, Any], SessionMixin):
    """A dictionary that knows whose it is. `token` is empty while it is not in the store."""

    def __init__(self, data: dict[str, Any] | None = None, *, token: str = "",
                 user_id: int | None = None, expires_at: str = "") -> None:
        super().__init__(data, on_update=lambda session: setattr(session, "modified", True))
        self.modified = False
        self.token = token
        self.user_id = user_id
        self.expires_at = expires_at
        self.renewed = False

    def sign_in(self, user_id: int) -> None:
        """Begin anew as this person: only the language is kept, and the token changes."""
        self._begin(user_id)

    def sign_out(self) -> None:
        self._begin(None)

    def _begin(self, user_id: int | None) -> None:
        locale = self.get("locale")
        self.clear()
        if locale:
            self["locale"] = locale
        self.user_id = user_id
        self.renewed = True
        self.modified = True


class StoreSessions(SessionInterface):
    """Reads and writes `WorkbenchSession`s over `workbench.store.people`."""

    def open_session(self, app: Flask, request: Request) -> WorkbenchSession:
        value = request.cookies.get(self.get_cookie_name(app), "")
        if not value:
            return WorkbenchSession()
        if "." in value:  # signed; a token has no dot
            try:
                return WorkbenchSession(_serializer(app).loads(value))
            except BadSignature:
                return WorkbenchSession()
        row = people.read_session(get_store(), value)
        if row is None or row["user_id"] is None:
            return WorkbenchSession()
        return WorkbenchSession(row["data"], token=value, user_id=row["user_id"],
                                expires_at=row["expires_at"])

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, WorkbenchSession)
        if session.accessed:
            response.vary.add("Cookie")
        if session.user_id is None:
            self._save_stranger(app, session, response)
        elif session.renewed or not session.token:
            if session.token:
                people.close_session(get_store(), session.token)
            self._set(app, response,
                      people.open_session(get_store(), dict(session), session.user_id))
        elif session.modified or session.expires_at < after(
                hours=people.SESSION_HOURS - _PROLONG_AFTER_HOURS):
            people.save_session(get_store(), session.token, dict(session), session.user_id)

    def _save_stranger(self, app: Flask, session: WorkbenchSession, response: Response) -> None:
        if session.token:
            people.close_session(get_store(), session.token)
        if session and session.modified:
            self._set(app, response, str(_serializer(app).dumps(dict(session))))
        elif session.modified or session.token:
            response.delete_cookie(self.get_cookie_name(app), path="/", httponly=True,
                                   samesite="Lax")

    def _set(self, app: Flask, response: Response, value: str) -> None:
        from flask import request
        response.set_cookie(
            self.get_cookie_name(app), value, path="/", httponly=self.get_cookie_httponly(app),
            samesite=self.get_cookie_samesite(app), secure=request.is_secure)


def _serializer(app: Flask) -> Any:
    return SecureCookieSessionInterface().get_signing_serializer(app)
