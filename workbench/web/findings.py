"""What the documents' own arithmetic finds: a queue of findings, each answered with a reason."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.checks import CAUSES
from labels.errors import N_
from workbench.store import Row
from workbench.store.derived import (
    STATES, answer_finding, finding_at, finding_counts, findings,
)
from workbench.store.documents import document_states
from workbench.web.context import current_user, get_store
from workbench.web.security import roles

blueprint = Blueprint("findings", __name__)
PAGE = 25
# The coded reasons of an answer; "other" needs words.
REASONS = {
    "source": N_("the source is wrong"), "extraction": N_("the text was read wrongly"),
    "label": N_("a label is wrong"), "revised": N_("the base was revised"),
    "rounding": N_("rounding"), "no_claim": N_("the document does not claim this"),
    "other": N_("other"),
}
STATE_TITLES = {
    "open": N_("to be answered"), "answered": N_("answered"), "broken": N_("all that is broken"),
    "not_checkable": N_("not checkable"),
}


@dataclass(frozen=True, slots=True)
class Suspected:
    """A suspect in words of the interface."""

    start: int
    cause: str
    reason: str
    mended: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding in words of the interface; `suspected` are the places of its first suspects."""

    row: Row
    message: str
    suspects: tuple[Suspected, ...]
    reason: str

    @property
    def terms(self) -> list[dict[str, Any]]:
        return list(self.row["content"]["terms"])

    @property
    def first(self) -> int | None:
        return self.suspects[0].start if self.suspects else None


def shown(row: Row) -> Shown:
    """`row` as `store.derived.findings` gives it."""
    content = row["content"]
    return Shown(
        row, _filled(content["claim"], content["details"]),
        tuple(Suspected(suspect["start"], _(CAUSES[suspect["cause"]]),
                        _filled(suspect["because"], suspect["details"]), suspect["mended"])
              for suspect in content["suspects"]),
        _(REASONS[row["reason"]]) if row["reason"] in REASONS else row["reason"])


def _filled(message: str, details: Mapping[str, Any]) -> str:
    # A detail may itself be a message (the kind of a total).
    return str(_(message)) % {name: _(value) if isinstance(value, str) and value else value
                              for name, value in details.items()}


@blueprint.get("/findings")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    """``?state=`` (open by default), ``?document=ID``, ``?page=N``."""
    store = get_store()
    state = request.args.get("state") or "open"
    number = request.args.get("page", 1, type=int)
    document_id = request.args.get("document", type=int)
    if state not in STATES or number < 1:
        abort(404)
    counts = finding_counts(store, document_id)
    rows = findings(store, state, document_id, PAGE, (number - 1) * PAGE)
    return render_template(
        "findings/index.html", findings=[shown(row) for row in rows], counts=counts, state=state,
        states=STATE_TITLES, document_id=document_id, documents=document_states(store),
        reasons=REASONS, number_of_page=number, last_page=max(1, -(-counts[state] // PAGE)))


@blueprint.post("/findings/answer")
@roles("lead", "reviewer")
def answer() -> ResponseReturnValue:
    """Keep the answer to one finding; an empty reason takes the last answer back."""
    store = get_store()
    document_id = request.form.get("document", type=int)
    key = request.form.get("key", "")
    reason = request.form.get("reason", "")
    note = request.form.get("note", "").strip()[:500]
    if document_id is None or reason and reason not in REASONS:
        abort(400)
    if finding_at(store, document_id, key) is None:
        abort(404)
    back = redirect(_back(), 303)
    if reason == "other" and not note:
        flash(_("Say in a few words what the other reason is."), "error")
        return back
    answer_finding(store, document_id, key, reason, note, current_user()["name"])
    flash(_("The answer was kept.") if reason else _("The answer was taken back."), "done")
    return back


def _back() -> str:
    """The list that the form was on."""
    return url_for("findings.index", state=request.form.get("state") or None,
                   document=request.form.get("of", type=int),
                   page=request.form.get("page", type=int))
