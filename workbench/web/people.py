"""People: the lead lets them in, gives new passwords, and keeps them out."""
from __future__ import annotations

import logging

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import InputError, N_, WorkbenchError
from workbench.slots import overlap_of, slot_given
from workbench.store import Row, people
from workbench.store.invitations import (
    DAYS, invite, pending_invitations, revoke_invitation,
)
from workbench.store.settings import get_setting
from workbench.store.work import answers_by_person, unknown_accounts
from workbench.sync import give_account
from workbench.web.context import current_user, get_project, get_store
from workbench.web.i18n import translated
from workbench.web.security import roles

_LOG = logging.getLogger(__name__)
blueprint = Blueprint("people", __name__)

# What each role may do, as the page shows it; the marks on the views decide.
RIGHTS = (
    (N_("Read documents and suggestions, see tasks, annotate in Label Studio"),
     ("annotator", "reviewer", "lead")),
    (N_("See releases and download them"), ("reviewer", "lead")),
    (N_("Sync, settle, freeze releases"), ("lead",)),
    (N_("Invite and add people, reset passwords, switch accounts off"), ("lead",)),
    (N_("See how fast somebody else works"), ("lead",)),
)


@blueprint.get("/people")
@roles("lead")
def index() -> ResponseReturnValue:
    return _page()


def _page(shown: tuple[str, str] | None = None, email: str = "", error: str = "",
          name: str = "", role: str = "annotator", status: int = 200,
          link: tuple[str, str] | None = None, slot: int = 1) -> ResponseReturnValue:
    """`shown` is (name, password): a password that is shown this once and kept nowhere; so is the
    address of an invitation in `link`, (name, address).

    `email` is the login in Label Studio that the password is for (too).
    """
    store = get_store()
    return render_template(
        "people/index.html", people=people.users(store), shown=shown, email=email, error=error,
        name=name, role=role, slot=slot, roles=people.ROLES[::-1], rights=RIGHTS, link=link,
        days=DAYS, invitations=pending_invitations(store), answers=answers_by_person(store),
        unknown=unknown_accounts(store), overlap=overlap_of(get_setting(store, "overlap")),
        studio=get_setting(store, "studio")), status


@blueprint.post("/people")
@roles("lead")
def add() -> ResponseReturnValue:
    name, role = request.form.get("name", "").strip(), request.form.get("role", "")
    password = people.new_password()
    try:
        user_id = people.add_user(get_store(), name, role, password, must_change=True)
    except InputError as error:
        return _page(error=translated(error), name=name, role=role, status=400)
    if get_setting(get_store(), "studio") is None:
        return _page(shown=(name, password))
    return _with_account(user_id, (name, password), also_here=True)


@blueprint.post("/people/invitations")
@roles("lead")
def invitation() -> ResponseReturnValue:
    """Make an invitation; its link is shown this once."""
    store = get_store()
    name, role = request.form.get("name", "").strip(), request.form.get("role", "")
    slot = request.form.get("slot", 1, type=int)
    try:
        token = invite(store, name, role,
                       slot_given(slot, overlap_of(get_setting(store, "overlap"))),
                       current_user()["name"])
    except InputError as error:
        return _page(error=translated(error), name=name, role=role, slot=slot, status=400)
    return _page(link=(name, url_for("join.index", token=token, _external=True)))


@blueprint.post("/people/invitations/<int:invitation_id>/revoke")
@roles("lead")
def revoke(invitation_id: int) -> ResponseReturnValue:
    if revoke_invitation(get_store(), invitation_id):
        flash(_("The invitation was revoked; its link leads nowhere now."), "done")
    else:
        flash(_("That invitation was used or revoked already."), "note")
    return redirect(url_for("people.index"), 303)


@blueprint.post("/people/<int:user_id>/studio")
@roles("lead")
def studio(user_id: int) -> ResponseReturnValue:
    """An account in Label Studio for somebody who has none."""
    person = person_or_404(user_id)
    if person["studio_user"]:
        return _page(error=_("%(name)s has an account in Label Studio already.",
                             name=person["name"]), status=400)
    return _with_account(user_id, (person["name"], people.new_password()), also_here=False)


def _with_account(user_id: int, shown: tuple[str, str], *, also_here: bool) -> ResponseReturnValue:
    """Make the account in Label Studio. Where that fails, `shown` still counts if `also_here`."""
    try:
        email = give_account(get_project(), user_id, shown[1])
    except WorkbenchError as error:
        why = translated(error)
    except Exception as error:
        # Whatever it was: the password of a new person is kept nowhere and has to be shown now.
        _LOG.exception("the account in Label Studio of user %s", user_id)
        why = _("Label Studio gave no account: %(error)s", error=f"{type(error).__name__}: {error}")
    else:
        return _page(shown=shown, email=email)
    return _page(shown=shown if also_here else None, error=why, status=200 if also_here else 502)


@blueprint.post("/people/<int:user_id>/reset")
@roles("lead")
def reset(user_id: int) -> ResponseReturnValue:
    person = person_or_404(user_id)
    if person["id"] == current_user()["id"]:
        return _page(error=_("Change your own password under your name."), status=400)
    password = people.new_password()
    people.set_password(get_store(), user_id, password, must_change=True)
    return _page(shown=(person["name"], password))


@blueprint.post("/people/<int:user_id>/active")
@roles("lead")
def active(user_id: int) -> ResponseReturnValue:
    """Switch an account on (``on=1``) or off."""
    person = person_or_404(user_id)
    try:
        people.set_active(get_store(), user_id, request.form.get("on") == "1")
    except InputError as error:
        return _page(error=translated(error), status=400)
    flash(_("%(name)s can sign in again.", name=person["name"])
          if request.form.get("on") == "1" else
          _("%(name)s was switched off and signed out everywhere.", name=person["name"]), "done")
    return redirect(url_for("people.index"), 303)


def person_or_404(user_id: int) -> Row:
    """The person of that id; ends the request where there is none."""
    person = people.user(get_store(), user_id)
    if person is None:
        abort(404)
    return person
