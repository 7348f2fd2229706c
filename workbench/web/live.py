"""Switching on and off what Label Studio calls here, and how its own server and data are."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import N_
from workbench import backup, jobs
from workbench.live import ASKED, HEARD, connect_live, live
from workbench.progress import Said
from workbench.store.settings import get_setting
from workbench.web.context import get_project, get_store
from workbench.web.security import roles

blueprint = Blueprint("live", __name__)


@blueprint.app_context_processor
def _facts() -> dict[str, Any]:
    """`live_facts()`, for the part of the page about Label Studio that is ours."""
    return {"live_facts": live_facts}


def live_facts() -> dict[str, Any]:
    store, project = get_store(), get_project()
    return {"switched": live(store), "heard": get_setting(store, HEARD),
            "asked": get_setting(store, ASKED), "address": get_setting(store, "workbench_url", ""),
            "backup": backup.newest(project), "folder": backup.folder(project)}


@blueprint.post("/studio/live")
@roles("lead")
def switch() -> ResponseReturnValue:
    """Switch `part` (webhook or ml) on or off."""
    part, on = request.form.get("part"), request.form.get("on") == "1"
    if part not in ("webhook", "ml"):
        abort(400)
    project = get_project()

    def agree(progress: Any) -> Said:
        connect_live(project, progress=progress, **{part: on})
        return Said(N_("Label Studio calls the workbench as you set it"))

    # In the background: Label Studio asks us back before it answers.
    if not get_setting(get_store(), "studio"):
        flash(_("Label Studio is not ready yet."), "error")
    elif not jobs.start(project, "live", agree):
        flash(_("This is being done already."), "note")
    return redirect(url_for("studio.index"), 303)


@blueprint.post("/studio/backup")
@roles("lead")
def back_up() -> ResponseReturnValue:
    project = get_project()
    if not jobs.start(project, "backup",
                      lambda progress: backup.back_up_now(project, "lead", progress)):
        flash(_("This is being done already."), "note")
    return redirect(url_for("studio.index"), 303)
