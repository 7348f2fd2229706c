"""Label Studio: does it run, where is it, what was exchanged with it."""
from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workbench import jobs, stages
from workbench.store.settings import activity, get_setting
from workbench.web.context import get_project, get_store
from workbench.web.home import running
from workbench.web.security import roles

blueprint = Blueprint("studio", __name__)


@blueprint.get("/studio")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    store = get_store()
    return render_template("studio/index.html", studio=get_setting(store, "studio"),
                           starting=activity(store, "studio"), activities=running(store),
                           syncs=[])


@blueprint.post("/studio/sync")
@roles("lead")
def sync() -> ResponseReturnValue:
    project = get_project()
    if not get_setting(get_store(), "studio"):
        flash(_("Label Studio is not ready yet."), "error")
    elif jobs.start(project, "sync", lambda progress: stages.sync(project, progress)):
        flash(_("Syncing has begun."), "done")
    else:
        flash(_("A sync is running already."), "note")
    return redirect(url_for("studio.index"), 303)
