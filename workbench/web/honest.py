"""What suggestions do to answers, and how people do where settled regions are asked of them again.

What is told of single people is shown to the lead only.
"""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import InputError
from workbench.review.honest import SETTING, Honest, honest_given, honest_of, is_hidden
from workbench.review.honest_report import LEAST, Report, honest_report, report_to_json
from workbench.review.known import scores, scores_to_json
from workbench.slots import MOST_PEOPLE
from workbench.store import Store
from workbench.store.honest import honest_stamp, sendings
from workbench.store.settings import get_setting, set_setting
from workbench.store.trials import trial_counts
from workbench.sync import KINDS, slots_wanted
from workbench.trialing import due
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.i18n import Titled, translated
from workbench.web.security import roles

blueprint = Blueprint("honest", __name__)


@blueprint.get("/honest")
@roles("lead", "reviewer")
def index() -> ResponseReturnValue:
    store, schema = get_store(), get_project().pack().schema
    titles: dict[str, Titled] = {one.name: one for one in schema.classes}
    titles.update((one.name, one) for one in schema.labels)
    return render_template(
        "honest/index.html", found=_report(store), least=LEAST, titles=titles,
        schema=schema, css_name=css_name, honest=honest_of(get_setting(store, SETTING)),
        scores=scores(store) if _may_see_people() else None, trials=trial_counts(store))


@blueprint.get("/honest.json")
@roles("lead", "reviewer")
def download() -> ResponseReturnValue:
    """All figures; of single people for the lead only."""
    store = get_store()
    told = report_to_json(_report(store), names=_may_see_people())
    if _may_see_people():
        told["known"] = scores_to_json(scores(store))
    answer: Response = jsonify(told)
    answer.headers["Content-Disposition"] = "attachment; filename=honest.json"
    return answer


# The last report of a project, by its database: it takes seconds where there are thousands of
# answers.
_KNOWN: dict[Path, tuple[str, Report]] = {}


def _report(store: Store) -> Report:
    stamp, known = honest_stamp(store), _KNOWN.get(store.path)
    if known is None or known[0] != stamp:
        known = _KNOWN[store.path] = (stamp, honest_report(store))
    return known[1]


def _may_see_people() -> bool:
    return bool(current_user()["role"] == "lead")


@blueprint.get("/people/honest")
@roles("lead")
def shares() -> ResponseReturnValue:
    """The shares with what follows from them; ``?spans=P&classes=P&known=P&least=K`` shows it for
    others."""
    try:
        return _shares(_asked() if request.args else None)
    except InputError as error:
        return _shares(None, translated(error), 400)


@blueprint.post("/people/honest")
@roles("lead")
def save() -> ResponseReturnValue:
    """Which suggestions are hidden, and which settled regions are asked again."""
    try:
        honest = _asked()
    except InputError as error:
        return _shares(None, translated(error), 400)
    set_setting(get_store(), SETTING, honest.as_json())
    flash(_("Saved. It holds for what the next sync sends."), "done")
    return redirect(url_for("honest.shares"), 303)


def _asked() -> Honest:
    def number(name: str) -> int:
        return request.values.get(name, -1, type=int)

    return honest_given(number("spans"), number("classes"), number("known"), number("least"),
                        bool(request.values.get("told")))


def _shares(asked: Honest | None, error: str = "", status: int = 200) -> ResponseReturnValue:
    store = get_store()
    saved = honest_of(get_setting(store, SETTING))
    shown = asked or saved
    return render_template(
        "honest/shares.html", saved=saved, shown=shown, follows=follows(store, shown),
        trials=trial_counts(store), most=MOST_PEOPLE, error=error,
        studio=get_setting(store, "studio")), status


@dataclass(frozen=True, slots=True)
class Follows:
    """What follows for the regions that stand now: `hidden` fall under the share, of which `new`
    were not sent yet and `kept` went out with suggestions, which they keep; `again` is how many
    tasks ask settled regions again, in all slots."""

    regions: int
    hidden: int
    new: int
    kept: int
    again: int


def follows(store: Store, honest: Honest) -> Follows:
    rows = sendings(store)
    inside = [row for row in rows if is_hidden(row["key"], row["kind"], honest)]
    again = sum(len(due(store, kind, slot, honest)) for kind in KINDS
                for slot in range(1, slots_wanted(store) + 1))
    return Follows(len(rows), len(inside), sum(not row["sent"] for row in inside),
                   sum(row["shown"] for row in inside), again)
