"""Signing in and out, one's password, the language."""
from __future__ import annotations

import math
from typing import cast

from flask import (
    Blueprint, abort, current_app, flash, make_response, redirect, render_template, request,
    session, url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from labels.errors import InputError
from workbench.store import people
from workbench.web.context import current_user, get_store, get_user
from workbench.web.i18n import LOCALES, translated
from workbench.web.security import local_path, public, roles
from workbench.web.sessions import WorkbenchSession
from workbench.web.throttle import SignIns

blueprint = Blueprint("auth", __name__)

_KEY = "workbench-sign-ins"


@blueprint.record_once
def _count_sign_ins(state: "object") -> None:
    getattr(state, "app").extensions[_KEY] = SignIns()


def sign_ins() -> SignIns:
    """The counted failures of this application."""
    return cast(SignIns, current_app.extensions[_KEY])


def this_session() -> WorkbenchSession:
    """The session of this request."""
    current = session._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(current, WorkbenchSession)
    return current


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if get_user():
        return redirect(local_path(request.args.get("next")) or url_for("home.index"))
    return render_template("auth/sign_in.html", name="", error="")


@blueprint.post("/sign-in")
@public
def sign_in_post() -> ResponseReturnValue:
    name, password = request.form.get("name", ""), request.form.get("password", "")
    address = request.remote_addr or ""
    wait = sign_ins().wait(name, address)
    if wait:
        minutes = math.ceil(wait / 60)
        answer = make_response(_refused(name, ngettext(
            "Too many wrong passwords. Try again in %(num)d minute.",
            "Too many wrong passwords. Try again in %(num)d minutes.", minutes)), 429)
        answer.headers["Retry-After"] = str(math.ceil(wait))
        return answer
    user = people.check_password(get_store(), name, password)
    if user is None:
        sign_ins().failed(name, address)
        return _refused(name, _("Name or password is wrong.")), 401
    sign_ins().succeeded(name, address)
    this_session().sign_in(user["id"])
    if user["must_change"]:
        return redirect(url_for("auth.password"), 303)
    return redirect(local_path(request.args.get("next")) or url_for("home.index"), 303)


def _refused(name: str, why: str) -> str:
    return render_template("auth/sign_in.html", name=name, error=why)


@blueprint.post("/sign-out")
@roles("lead", "reviewer", "annotator")
def sign_out() -> ResponseReturnValue:
    this_session().sign_out()
    return redirect(url_for("auth.sign_in"), 303)


@blueprint.get("/password")
@roles("lead", "reviewer", "annotator")
def password() -> ResponseReturnValue:
    return render_template("auth/password.html", error="", least=people.SHORTEST_PASSWORD)


@blueprint.post("/password")
@roles("lead", "reviewer", "annotator")
def password_post() -> ResponseReturnValue:
    user, store = current_user(), get_store()
    old, new = request.form.get("old", ""), request.form.get("new", "")
    address = request.remote_addr or ""
    error = ""
    if sign_ins().wait(user["name"], address):
        error = _("Too many wrong passwords. Wait some minutes.")
    elif people.check_password(store, user["name"], old) is None:
        sign_ins().failed(user["name"], address)
        error = _("The present password is wrong.")
    elif new != request.form.get("again", ""):
        error = _("The two new passwords differ.")
    elif new == old:
        error = _("The new password is the old one.")
    else:
        try:
            people.set_password(store, user["id"], new)
        except InputError as refused:
            error = translated(refused)
    if error:
        return render_template("auth/password.html", error=error,
                               least=people.SHORTEST_PASSWORD), 400
    this_session().sign_in(user["id"])  # setting it ended all sessions of this person
    flash(_("The password was changed; other browsers were signed out."), "done")
    return redirect(url_for("home.index"), 303)


@blueprint.post("/language")
@public
def language() -> ResponseReturnValue:
    chosen = request.form.get("locale", "")
    if chosen not in LOCALES:
        abort(400)
    session["locale"] = chosen
    return redirect(local_path(request.form.get("next")) or url_for("home.index"), 303)
