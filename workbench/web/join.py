"""An invited person makes an account of their own, here and in Label Studio with one password."""
from __future__ import annotations

import logging
import math

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import InputError, WorkbenchError
from workbench.store import people
from workbench.store.invitations import accept_invitation, invitation
from workbench.store.settings import get_setting
from workbench.sync import give_account
from workbench.web.auth import sign_ins, this_session
from workbench.web.context import current_user, get_project, get_store
from workbench.web.i18n import translated
from workbench.web.security import public, roles

_LOG = logging.getLogger(__name__)
blueprint = Blueprint("join", __name__)


@blueprint.get("/join/<token>")
@public
def index(token: str) -> ResponseReturnValue:
    return _page(token)


@blueprint.post("/join/<token>")
@public
def accept(token: str) -> ResponseReturnValue:
    """Make the account here, sign in, then make the one in Label Studio; if that fails, the
    person is here all the same and finishes later."""
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        return _page(token, _("The two passwords differ."), 400)
    try:
        user_id = accept_invitation(get_store(), token, password)
    except InputError as error:
        return _page(token, translated(error), 400)
    this_session().sign_in(user_id)
    flash(_("Your account is made and you are signed in."), "done")
    if get_setting(get_store(), "studio") is None:
        flash(_("Label Studio is not ready yet. Your account there can be made later, on this"
                " page."), "note")
        return redirect(url_for("join.studio"), 303)
    error_line = _account(user_id, password)
    if error_line:
        flash(error_line, "error")
        return redirect(url_for("join.studio"), 303)
    return redirect(url_for("home.index"), 303)


def _page(token: str, error: str = "", status: int = 200) -> ResponseReturnValue:
    found = invitation(get_store(), token)
    if found is None:
        abort(404)
    if found["state"] != "open":
        return render_template("join/over.html", invitation=found), 410
    return render_template("join/index.html", invitation=found, error=error,
                           least=people.SHORTEST_PASSWORD, most=people.LONGEST_PASSWORD), status


@blueprint.get("/account/studio")
@roles("lead", "reviewer", "annotator")
def studio() -> ResponseReturnValue:
    """One's own account in Label Studio: how to sign in there, or a form that makes it."""
    return _own()


@blueprint.post("/account/studio")
@roles("lead", "reviewer", "annotator")
def studio_post() -> ResponseReturnValue:
    """Make one's own account in Label Studio, with the password of the one here: it is asked for,
    since only its hash is kept."""
    user, store = current_user(), get_store()
    if user["studio_email"] or get_setting(store, "studio") is None:
        return redirect(url_for("join.studio"), 303)
    password, address = request.form.get("password", ""), request.remote_addr or ""
    wait = sign_ins().wait(user["name"], address)
    if wait:
        return _own(_("Too many wrong passwords. Wait some minutes."), 429, math.ceil(wait))
    if people.check_password(store, user["name"], password) is None:
        sign_ins().failed(user["name"], address)
        return _own(_("The password is wrong."), 400)
    error = _account(user["id"], password)
    if error:
        return _own(error, 502)
    return redirect(url_for("join.studio"), 303)


def _own(error: str = "", status: int = 200, wait: int = 0) -> ResponseReturnValue:
    headers = {"Retry-After": str(wait)} if wait else {}
    return render_template("join/studio.html", error=error,
                           studio=get_setting(get_store(), "studio")), status, headers


def _account(user_id: int, password: str) -> str:
    """Make the account in Label Studio; returns why there is none, in one line."""
    try:
        give_account(get_project(), user_id, password)
    except WorkbenchError as error:
        return translated(error)
    except Exception as error:
        # Whatever it was: the account here is made, and its owner has to be told what is not.
        _LOG.exception("the account in Label Studio of user %s", user_id)
        why = f"{type(error).__name__}: {error}"
        return _("Label Studio gave no account: %(error)s", error=why)
    return ""
