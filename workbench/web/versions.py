"""Documents that were read again or removed."""
from __future__ import annotations

import json

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import InputError, N_
from workbench import removing
from workbench.store import Row
from workbench.store.documents import document_row
from workbench.store.rereads import anchorings_of, reread_summary
from workbench.web.colors import css_name
from workbench.web.context import get_project, get_store
from workbench.web.following import suggest_again
from workbench.web.i18n import translated
from workbench.web.keeping import carried_for_me
from workbench.web.security import roles

blueprint = Blueprint("versions", __name__)
PAGE = 100
VERDICTS = {"unchanged": N_("unchanged"), "moved": N_("moved"), "ambiguous": N_("ambiguous"),
            "lost": N_("lost")}


def _document(document_id: int) -> Row:
    row = document_row(get_store(), document_id)
    if row is None:
        abort(404)
    return row


@blueprint.get("/documents/<int:document_id>/carried")
@roles("lead", "reviewer", "annotator")
def carried(document_id: int) -> ResponseReturnValue:
    """What became of the labels of older versions; ``?verdict=NAME``, ``?page=N``."""
    row, store = _document(document_id), get_store()
    summary = reread_summary(store, document_id)
    verdict, number = request.args.get("verdict") or None, request.args.get("page", 1, type=int)
    if (verdict and verdict not in VERDICTS) or not 1 <= number < 10**6:
        abort(404)
    labels = carried_for_me(document_id, anchorings_of(store, document_id))
    found = [one for one in labels if verdict in (None, one["verdict"])]
    return render_template(
        "versions/carried.html", row=row, summary=summary, verdict=verdict, verdicts=VERDICTS,
        counts={name: sum(one["verdict"] == name for one in labels) for name in VERDICTS},
        found=[{**one, "classes": json.loads(one["label"]) if one["kind"] == "class" else None}
               for one in found[(number - 1) * PAGE:number * PAGE]],
        schema=get_project().pack().schema, css_name=css_name, number_of_page=number,
        last_page=max(1, -(-len(found) // PAGE)))


@blueprint.post("/documents/<int:document_id>/remove")
@roles("lead")
def remove(document_id: int) -> ResponseReturnValue:
    """Only with ``sure=yes``, which the form asks for."""
    row = _document(document_id)
    if request.form.get("sure") != "yes":
        flash(_("Nothing was removed: confirm it first."), "error")
        return redirect(url_for("documents.document", document_id=document_id), 303)
    try:
        done = removing.remove(get_store(), row["name"])
        suggest_again(get_project())
        flash(_("%(name)s was removed. The next sync deletes its tasks in Label Studio.",
                name=done.name), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(url_for("documents.document", document_id=document_id), 303)


@blueprint.post("/documents/<int:document_id>/restore")
@roles("lead")
def restore(document_id: int) -> ResponseReturnValue:
    row = _document(document_id)
    try:
        removing.restore(get_store(), row["name"])
        suggest_again(get_project())
        flash(_("%(name)s is there again.", name=row["name"]), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(url_for("documents.document", document_id=document_id), 303)
