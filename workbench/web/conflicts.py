"""The queue of conflicts: each in plain words with its context, decided with a click or a key."""
from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import InputError
from workbench.deciding import KINDS, decide, read_resolution, undo
from workbench.store.conflicts import (
    conflict_counts, count_ended, ended_conflicts, open_conflicts,
)
from workbench.store.lints import lint_counts
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.i18n import translated
from workbench.web.security import local_path, roles
from workbench.web.wording import shown

blueprint = Blueprint("conflicts", __name__)
PAGE = 20


@blueprint.get("/conflicts")
@roles("lead", "reviewer")
def index() -> ResponseReturnValue:
    """``?kind=NAME``; ``?state=ended`` shows the history; ``?page=N``."""
    store, schema = get_store(), get_project().pack().schema
    kind, state = request.args.get("kind") or None, request.args.get("state") or "open"
    number = request.args.get("page", 1, type=int)
    if (kind and kind not in KINDS) or state not in ("open", "ended") or not 1 <= number < 10**6:
        abort(404)
    counts, first = conflict_counts(store), (number - 1) * PAGE
    if state == "open":
        rows = [row for row in open_conflicts(store) if kind in (None, row["kind"])]
        listed, rows = len(rows), rows[first:first + PAGE]
    else:
        listed, rows = count_ended(store, kind), ended_conflicts(store, kind, PAGE, first)
    return render_template(
        "conflicts/index.html", kinds=KINDS, counts=counts, kind=kind, state=state,
        found=[shown(store, schema, row) for row in rows], ended=count_ended(store),
        lints=sum(lint_counts(store).values()), schema=schema, css_name=css_name,
        number_of_page=number, last_page=max(1, -(-listed // PAGE)))


@blueprint.post("/conflicts/<int:conflict_id>")
@roles("lead", "reviewer")
def decision(conflict_id: int) -> ResponseReturnValue:
    """Take a decision (``name``, or ``name:candidate``), with a ``note``."""
    asked = read_resolution(request.form.get("decision", ""))
    try:
        decide(get_store(), conflict_id, asked.name, current_user()["name"], asked.candidate,
               request.form.get("note", "").strip()[:500])
        flash(_("Decided. It can be taken back in the history."), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(_back(), 303)


@blueprint.post("/conflicts/<int:conflict_id>/undo")
@roles("lead", "reviewer")
def take_back(conflict_id: int) -> ResponseReturnValue:
    try:
        undo(get_store(), conflict_id, current_user()["name"])
        flash(_("The decision was taken back."), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(_back(), 303)


def _back() -> str:
    return local_path(request.form.get("next")) or url_for("conflicts.index")
