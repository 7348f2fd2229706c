"""Label Studio: does it run, where is it, what was exchanged with it."""
from __future__ import annotations

from typing import Any, Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext as _

from labels.errors import N_

from workbench import deriving, jobs, sync as exchange
from workbench.progress import Progress, Said
from workbench.project import Project
from workbench.store import Store, outbox
from workbench.store.conflicts import conflict_counts
from workbench.store.settings import activity, get_setting
from workbench.store.syncs import last_syncs
from workbench.web.context import current_user, get_project, get_store
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
    "returned": N_("answers there again"), "linted": N_("not quite by the guide"),
    "deleted": N_("deleted by people"), "foreign": N_("tasks that are not ours"),
    "gone": N_("tasks gone from Label Studio"), "edited": N_("tasks edited by hand"),
    "drafts": N_("drafts"), "bare": N_("without their suggestions"),
    "hidden": N_("with suggestions taken away"), "trials": N_("known answers"),
}
# Who is asked what is settled shall not know of it.
KEPT = {"trials"}


@blueprint.get("/studio")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    store = get_store()
    return render_template("studio/index.html", studio=get_setting(store, "studio"),
                           starting=activity(store, "studio"), activities=running(store),
                           plan=_foreseen(store), conflicts=sum(conflict_counts(store).values()),
                           outbox=outbox.waiting(store),
                           syncs=[{**row, "said": _said(row["summary"])}
                                  for row in last_syncs(store)])


@blueprint.post("/studio/sync")
@roles("lead")
def sync() -> ResponseReturnValue:
    """Start a sync; ``full=1`` compares everything."""
    full = request.form.get("full") == "1"
    return _start("sync", lambda project, progress: _synced(project, progress, full),
                  _("Syncing has begun."))


def _synced(project: Project, progress: Progress, full: bool) -> Said:
    """What people answered counts for records and findings from now on."""
    said = exchange.sync(project, progress, full=full)
    deriving.derive_project(project, progress)
    return said


@blueprint.post("/studio/plan")
@roles("lead")
def plan() -> ResponseReturnValue:
    """Ask what a sync would do, without doing it; the page shows it when it is known."""
    return _start("plan", lambda project, progress: exchange.foresee(project, progress),
                  _("What a sync would do is being worked out."))


def _start(name: str, work: Callable[[Project, Progress], Said],
           begun: str) -> ResponseReturnValue:
    project = get_project()
    if not get_setting(get_store(), "studio"):
        flash(_("Label Studio is not ready yet."), "error")
    elif jobs.start(project, name, lambda progress: work(project, progress)):
        flash(begun, "done")
    else:
        flash(_("A sync is running already."), "note")
    return redirect(url_for("studio.index"), 303)


# What an item of a plan will be, in words; the reasons come with the items.
OPERATIONS = {
    "create": N_("create"), "repair": N_("repair"), "update": N_("update"),
    "offer": N_("offer"), "refresh": N_("refresh"), "delete": N_("delete"),
    "hide": N_("take suggestions away"), "trial": N_("take a known answer"),
    "double": N_("delete a double"), "accepted": N_("take an answer"),
    "skipped": N_("take a skip"), "quarantined": N_("put into quarantine"),
    "returned": N_("take back as there"), "deleted": N_("mark as deleted"),
    "foreign": N_("leave alone: not ours"), "edited": N_("put the text back, or ask"),
    "gone": N_("note as gone"),
}


def _foreseen(store: Store) -> dict[str, Any] | None:
    """The last plan, as the page shows it; None if there is none, or a sync ended since."""
    found = get_setting(store, "sync_plan")
    synced = max((row["finished_at"] or "" for row in last_syncs(store, 2)), default="")
    if found is None or found["at"] < synced:
        return None
    return {"at": found["at"], "counts": [
        (_(OPERATIONS[name]), count) for name, count in found["counts"].items()],
        "problems": found["problems"], "all": sum(found["counts"].values()),
        "items": [{**item, "said": _(OPERATIONS[item["operation"]]),
                   "why": _(item["why"]) if item.get("why") else ""}
                  for item in found["items"]]}


def _said(summary: Mapping[str, Any]) -> str:
    """The counts of a summary that are not zero, in words."""
    said = [f"{_(title)} {format_decimal(summary[key])}"
            for key, title in COUNTS.items() if summary.get(key)
            and not (key in KEPT and current_user()["role"] == "annotator")]
    return " · ".join(said) or _("nothing new")
