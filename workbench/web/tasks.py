"""The tasks: what is asked of whom, and the door to each in Label Studio."""
from __future__ import annotations

import json
from typing import Any, Mapping

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from workbench.store.documents import document_states
from workbench.store.settings import get_setting
from workbench.store.tasks import task_counts, task_states
from workbench.studio.client import task_url
from workbench.web.context import get_store
from workbench.web.i18n import TASK_STATES
from workbench.web.security import roles

blueprint = Blueprint("tasks", __name__)
PAGE = 50


@blueprint.get("/tasks")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    """All tasks; ``?document=ID`` and ``?state=NAME`` filter, ``?page=N`` turns the page."""
    store = get_store()
    document_id = request.args.get("document", type=int)
    state = request.args.get("state") or None
    number = request.args.get("page", 1, type=int)
    if (state and state not in TASK_STATES) or number < 1:
        abort(404)
    counts = task_counts(store, document_id)
    studio = get_setting(store, "studio")
    matching = counts.get(state, 0) if state else sum(counts.values())
    rows = task_states(store, document_id, state, PAGE, (number - 1) * PAGE)
    return render_template(
        "tasks/index.html", states=TASK_STATES, counts=counts, state=state,
        document_id=document_id, documents=document_states(store), matching=matching,
        number_of_page=number, last_page=max(1, -(-matching // PAGE)),
        tasks=[{**row, "path": json.loads(row["heading_path"]), "link": studio_link(studio, row)}
               for row in rows],
        studio=studio)


def studio_link(studio: Mapping[str, Any] | None, task: Mapping[str, Any]) -> str | None:
    """Where Label Studio shows this task, if it has it; `studio` is the setting of that name."""
    if not studio or task["studio_task"] is None:
        return None
    return task_url(studio["public_url"], task["studio_project"], task["studio_task"])
