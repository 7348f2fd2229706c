"""One person's work: what waits for them, what they did, what needs a second look."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone, gettext as _

from workbench.clock import now, stamp
from workbench.review.honest import SETTING, honest_of
from workbench.review.known import Score, score_of
from workbench.slots import overlap_of
from workbench.store import Row, Store, people
from workbench.store.asking import asked_again
from workbench.store.guides import guide_changes
from workbench.store.lints import open_lints
from workbench.store.quick import anything_asked
from workbench.store.settings import get_setting
from workbench.store.syncs import last_syncs
from workbench.store.work import (
    drafts_of, quarantined_of, waiting_counts, waiting_tasks, work_of,
)
from workbench.waiting import next_task
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.lints import REASONS, shown_lints
from workbench.web.security import roles
from workbench.web.tasks import studio_link

blueprint = Blueprint("mine", __name__)
PAGE = 15
# Remarks are read one by one; the others come when these are done with.
MOST_REMARKS = 10


@blueprint.get("/mine")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    """My work; ``?page=N`` turns the page of the tasks."""
    return _page(current_user())


@blueprint.get("/people/<int:user_id>/work")
@roles("lead", "reviewer")
def of_person(user_id: int) -> ResponseReturnValue:
    """The same page about somebody else, to look at."""
    person = people.user(get_store(), user_id)
    if person is None:
        abort(404)
    return _page(person)


@blueprint.get("/mine/next")
@roles("lead", "reviewer", "annotator")
def following() -> ResponseReturnValue:
    """To the first task that waits for me, in Label Studio and in my slot."""
    store, user = get_store(), current_user()
    studio = get_setting(store, "studio")
    if not studio:
        flash(_("Label Studio is not ready yet."), "error")
        return redirect(url_for("mine.index"))
    task = next_task(store, user["id"], user["slot"])
    link = task and studio_link(studio, task)
    if not link:
        flash(_("Nothing waits for you any more. What you did last is shown here after the next"
                " sync."), "done")
        return redirect(url_for("mine.index"))
    return redirect(link)


@blueprint.post("/mine/guide")
@roles("lead", "reviewer", "annotator")
def seen() -> ResponseReturnValue:
    """Note that the changes that the page showed were read; later ones are still new."""
    until = request.form.get("until", "")
    try:
        known = stamp(datetime.fromisoformat(until))
    except (ValueError, OverflowError):
        abort(400)
    people.saw_guide(get_store(), current_user()["id"], min(known, now()))
    return redirect(url_for("mine.index"), 303)


def _page(person: Row) -> ResponseReturnValue:
    number = request.args.get("page", 1, type=int)
    if not 1 <= number <= 1_000_000:
        abort(404)
    store, user = get_store(), current_user()
    studio = get_setting(store, "studio")
    own = person["id"] == user["id"]
    counts = waiting_counts(store, person["id"], person["slot"])
    waiting = sum(counts.values())
    tasks = waiting_tasks(store, person["id"], person["slot"], PAGE, (number - 1) * PAGE)
    changes = guide_changes(store, person["guide_seen_at"])
    schema, remarks = get_project().pack().schema, open_lints(store, user_id=person["id"])
    syncs = [row["finished_at"] for row in last_syncs(store)
             if row["kind"] == "pull" and row["finished_at"]]
    return render_template(
        "mine/index.html", person=person, own=own, studio=studio, counts=counts, waiting=waiting,
        tasks=[_linked(studio, row) for row in tasks],
        first=_linked(studio, waiting_tasks(store, person["id"], person["slot"], 1)[0])
        if waiting else None,
        # How fast somebody works is for themselves and the lead.
        work=work_of(store, person["id"], midnight()) if own or user["role"] == "lead" else None,
        looks=_looks(store, studio, person), changes=changes,
        remarks=shown_lints(store, schema, remarks[:MOST_REMARKS]), all_remarks=len(remarks),
        reasons=REASONS, schema=schema, css_name=css_name,
        quick=own and anything_asked(store),
        several=person["slot"] > 1 or overlap_of(get_setting(store, "overlap")).people > 1,
        known=_known(store, person), fetched=syncs[0] if syncs else None, number_of_page=number,
        last_page=max(1, -(-waiting // PAGE)))


def _known(store: Store, person: Row) -> Score | None:
    """How somebody did where the answer was known: for the lead, and, if the lead lets people know
    it, for themselves."""
    user = current_user()
    told = person["id"] == user["id"] and honest_of(get_setting(store, SETTING)).told
    return score_of(store, person["id"]) if told or user["role"] == "lead" else None


def _looks(store: Store, studio: Row | None, person: Row) -> list[dict[str, Any]]:
    """What a person shall look at again: `what` it is, `why`, and the task."""
    found = [{"what": "asked", "why": row["note"], **_linked(studio, row)}
             for row in asked_again(store, user_id=person["id"])]
    found += [{"what": "quarantined", "why": row["reason"], **_linked(studio, row)}
              for row in quarantined_of(store, person["id"])]
    found += [{"what": "draft", "why": "", **_linked(studio, row)}
              for row in drafts_of(store, person["id"])]
    return found


def _linked(studio: Row | None, row: Row) -> dict[str, Any]:
    return {**row, "link": studio_link(studio, row)}


def midnight() -> str:
    """When today began where the interface says it is."""
    here = datetime.now(get_timezone())
    return stamp(here - timedelta(hours=here.hour, minutes=here.minute, seconds=here.second,
                                  microseconds=here.microsecond))
