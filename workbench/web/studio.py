"""Label Studio: does it run, where is it, what was exchanged with it."""
from __future__ import annotations

from typing import Any, Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext as _

from labels.errors import N_

from workbench import jobs, sync as exchange
from workbench.store.settings import activity, get_setting
from workbench.store.syncs import last_syncs
from workbench.web.context import get_project, get_store
from workbench.web.home import running
from workbench.web.security import roles

blueprint = Blueprint("studio", __name__)

# What the counts in the summary of a push or pull are called.
COUNTS = {
    "created": N_("created"), "found": N_("there already"), "repaired": N_("repaired"),
    "doubles": N_("double tasks deleted"),
    "updated": N_("with new suggestions"), "offered": N_("newer suggestions beside answers"),
    "refreshed": N_("with new data"), "waiting": N_("waiting to be deleted"),
    "accepted": N_("answers accepted"), "skipped": N_("skipped"),
    "quarantined": N_("quarantined"), "unchanged": N_("unchanged answers"),
    "returned": N_("answers there again"), "linted": N_("with relations to be looked at"),
    "deleted": N_("deleted by people"), "foreign": N_("tasks that are not ours"),
    "gone": N_("tasks gone from Label Studio"), "edited": N_("tasks edited by hand"),
    "drafts": N_("drafts"),
}


@blueprint.get("/studio")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    store = get_store()
    return render_template("studio/index.html", studio=get_setting(store, "studio"),
                           starting=activity(store, "studio"), activities=running(store),
                           syncs=[{**row, "said": _said(row["summary"])}
                                  for row in last_syncs(store)])


@blueprint.post("/studio/sync")
@roles("lead")
def sync() -> ResponseReturnValue:
    project = get_project()
    if not get_setting(get_store(), "studio"):
        flash(_("Label Studio is not ready yet."), "error")
    elif jobs.start(project, "sync", lambda progress: exchange.sync(project, progress)):
        flash(_("Syncing has begun."), "done")
    else:
        flash(_("A sync is running already."), "note")
    return redirect(url_for("studio.index"), 303)


def _said(summary: Mapping[str, Any]) -> str:
    """The counts of a summary that are not zero, in words."""
    said = [f"{_(title)} {format_decimal(summary[key])}"
            for key, title in COUNTS.items() if summary.get(key)]
    return " · ".join(said) or _("nothing new")
