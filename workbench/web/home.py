"""The first page: what waits for me, how far the project is, what is going on right now."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext

from workbench.store import Row, Store
from workbench.store.answers import answer_counts
from workbench.store.derived import finding_counts
from workbench.store.documents import document_states
from workbench.store.gold import releases
from workbench.store.ledger import count_due
from workbench.store.settings import activities, get_setting
from workbench.store.tasks import task_counts
from workbench.store.work import answers_by_person, waiting_counts
from workbench.web.context import current_user, get_project, get_store
from workbench.web.i18n import ACTIVITIES, ACTIVITY_STATES, TASK_STATES, sentence
from workbench.web.security import roles

blueprint = Blueprint("home", __name__)
# A job reports more often than this; one that was killed stays "running" in the table.
_SILENT_MINUTES = 10


@blueprint.get("/")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    """An annotator begins with their own work, everybody else with the overview."""
    if current_user()["role"] == "annotator":
        return redirect(url_for("mine.index"))
    return overview()


@blueprint.get("/overview")
@roles("lead", "reviewer", "annotator")
def overview() -> ResponseReturnValue:
    store, user = get_store(), current_user()
    documents = document_states(store)
    mine = answers_by_person(store).get(user["id"], {}).get("accepted", 0)
    return render_template(
        "home/index.html", documents=documents, counts=task_counts(store),
        answers=answer_counts(store), mine=mine,
        own=sum(waiting_counts(store, user["id"], user["slot"]).values()), releases=releases(store),
        suggested=sum(row["suggestions"] for row in documents),
        characters=sum(row["length"] for row in documents),
        without=sum(1 for row in documents if row["set_id"] is None),
        findings=finding_counts(store)["open"], due=count_due(store, get_project().pack().hash),
        states=list(TASK_STATES), studio=get_setting(store, "studio"),
        activities=running(store))


@blueprint.get("/activities")
@roles("lead", "reviewer", "annotator")
def progress() -> ResponseReturnValue:
    """What long work says of itself, for the script that moves the progress bars."""
    return jsonify(running(get_store()))


def running(store: Store) -> list[dict[str, Any]]:
    """All activities with their names and states in the language of the interface."""
    limit = datetime.now(timezone.utc) - timedelta(minutes=_SILENT_MINUTES)
    return [{
        "name": row["name"], "title": gettext(ACTIVITIES.get(row["name"], row["name"])),
        "state": row["state"], "said": gettext(ACTIVITY_STATES[row["state"]]),
        "silent": row["state"] == "running" and datetime.fromisoformat(row["updated_at"]) < limit,
        "message": _said(row),
        "done": row["done"], "total": row["total"], "pace": _pace(row),
        "updated": row["updated_at"],
    } for row in activities(store)]


def _pace(row: Row) -> str:
    """How fast it goes and how long it will still take, in words; "" while that is not known."""
    if row["state"] != "running" or not row["rate"]:
        return ""
    rate = format_decimal(row["rate"], "#,##0.0" if row["rate"] < 10 else "#,##0")
    seconds = round(row["rest"])
    rest = gettext("%(minutes)s min %(seconds)s s", minutes=seconds // 60, seconds=seconds % 60) \
        if seconds >= 60 else gettext("%(seconds)s s", seconds=seconds)
    return str(gettext("%(rate)s a second, about %(rest)s to go", rate=rate, rest=rest))


def _said(row: Row) -> str:
    """Message and hint of an activity; a message without fields may be a name with any sign."""
    if not row["message"]:
        return ""
    context = row["context"]
    if not context:
        return str(gettext(row["message"]))
    return sentence(row["message"], context.get("hint", ""), context)
