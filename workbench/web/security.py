"""Who may do what, and what every answer says to the browser.

Every view is marked with `roles` or `public`; an endpoint without a mark is denied to everybody.
"""
from __future__ import annotations

import secrets
from typing import Any, Callable, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect

from workbench.store import people
from workbench.web.context import get_store, get_user

View = TypeVar("View", bound=Callable[..., Any])
_PUBLIC = frozenset(("public",))
# Reached while a password has still to be changed.
_BEFORE_NEW_PASSWORD = frozenset(
    ("auth.password", "auth.password_post", "auth.sign_out", "auth.language", "assets.labels_css"))


def roles(*names: str) -> Callable[[View], View]:
    """Let people of these roles in. Raises ValueError for a role that does not exist."""
    unknown = set(names) - set(people.ROLES)
    if unknown or not names:
        raise ValueError(f"no such role: {unknown}")

    def mark(view: View) -> View:
        setattr(view, "allowed", frozenset(names))
        return view
    return mark


def public(view: View) -> View:
    """Let everybody in, signed in or not."""
    setattr(view, "allowed", _PUBLIC)
    return view


def takes(most: int) -> Callable[[View], View]:
    """Let a view take `most` bytes, where others take as many as MAX_CONTENT_LENGTH says."""
    def mark(view: View) -> View:
        setattr(view, "most_bytes", most)
        return view
    return mark


def init_app(app: Flask) -> None:
    public(app.view_functions["static"])
    app.before_request(_guard)  # before CSRF: who is not let in learns no more than that
    CSRFProtect(app)
    app.after_request(_headers)
    app.context_processor(lambda: {"csp_nonce": csp_nonce, "user": get_user()})


def _guard() -> ResponseReturnValue | None:
    g.user = _user()
    if request.endpoint is None:
        return None  # no such page
    view = current_app.view_functions[request.endpoint]
    allowed: frozenset[str] = getattr(view, "allowed", frozenset())
    if allowed is _PUBLIC:
        return None
    if g.user is None:
        if request.method in ("GET", "HEAD"):
            return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
        flash(_("Please sign in again; nothing was changed."), "error")
        return redirect(url_for("auth.sign_in"), 303)
    if g.user["must_change"] and request.endpoint not in _BEFORE_NEW_PASSWORD:
        return redirect(url_for("auth.password"), 303)
    if g.user["role"] not in allowed:
        abort(403)
    if hasattr(view, "most_bytes"):
        request.max_content_length = view.most_bytes
    return None


def _user() -> Any:
    user_id = getattr(session, "user_id", None)
    if user_id is None:
        return None
    user = people.user(get_store(), user_id)
    return user if user and user["active"] else None


def csp_nonce() -> str:
    """The nonce of this answer, for scripts and styles in its page."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _headers(response: Response) -> Response:
    nonce = csp_nonce()
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}';"
        " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'")
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Not no-referrer: the CSRF check of https asks for the referrer.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def local_path(target: str | None) -> str | None:
    """`target` if it is a path of this site, otherwise None."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 32 for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
