"""The tasks: what is asked of whom, and the door to each in Label Studio."""
from __future__ import annotations

import json
from typing import Any, Mapping, Sequence

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from workbench.store import Row, Store
from workbench.store.documents import document_states
from workbench.store.settings import get_setting
from workbench.store.tasks import task_counts, task_states
from workbench.store.work import tasks_in_slots
from workbench.studio.client import task_url
from workbench.web.context import current_user, get_store
from workbench.web.i18n import TASK_STATES
from workbench.web.security import roles

blueprint = Blueprint("tasks", __name__)
PAGE = 50


@blueprint.get("/tasks")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    """All tasks, of an annotator those of their slot.

    ``?document=ID`` and ``?state=NAME`` filter, ``?page=N`` turns the page.
    """
    store = get_store()
    document_id = request.args.get("document", type=int)
    state = request.args.get("state") or None
    number = request.args.get("page", 1, type=int)
    if (state and state not in TASK_STATES) or number < 1:
        abort(404)
    slot = own_slot()
    counts = task_counts(store, document_id, slot)
    studio = get_setting(store, "studio")
    matching = counts.get(state, 0) if state else sum(counts.values())
    rows = with_links(store, studio, task_states(store, document_id, state, PAGE,
                                                 (number - 1) * PAGE, slot), slot)
    return render_template(
        "tasks/index.html", states=TASK_STATES, counts=counts, state=state,
        document_id=document_id, documents=document_states(store), matching=matching,
        number_of_page=number, last_page=max(1, -(-matching // PAGE)),
        tasks=[{**row, "path": json.loads(row["heading_path"])} for row in rows], studio=studio)


def own_slot() -> int | None:
    """The slot that the signed-in person is led to; None for those who see all of them."""
    user = current_user()
    return int(user["slot"]) if user["role"] == "annotator" else None


def with_links(store: Store, studio: Mapping[str, Any] | None, rows: Sequence[Row],
               slot: int | None) -> list[dict[str, Any]]:
    """Rows of `task_states` with the `link` to Label Studio; for who sees all slots also with the
    `siblings`: the same region's tasks in the others, each with its link."""
    others = tasks_in_slots(store, [row["id"] for row in rows]) if slot is None else {}
    return [{**row, "link": studio_link(studio, row),
             "siblings": [{**one, "link": studio_link(studio, one)}
                          for one in others.get(row["id"], ()) if one["slot"] > 1]}
            for row in rows]


def studio_link(studio: Mapping[str, Any] | None, task: Mapping[str, Any]) -> str | None:
    """Where Label Studio shows this task, if it has it; `studio` is the setting of that name."""
    if not studio or task["studio_task"] is None:
        return None
    return task_url(studio["public_url"], task["studio_project"], task["studio_task"])
