"""Remarks on answers: what the guide advises against in them, each with a mend."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import N_
from labels.lints import MESSAGES, PROPOSALS, Lint
from labels.schema import Schema
from workbench.store import Row, Store
from workbench.store.lints import dismiss_lint, lint_counts, lint_known, open_lints
from workbench.store.settings import get_setting
from workbench.store.tasks import region_text
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.security import local_path, roles
from workbench.web.tasks import studio_link
from workbench.web.wording import Quote, named, quote_in

blueprint = Blueprint("lints", __name__)
PAGE = 20
# The coded reasons for which a lint is none.
REASONS = {
    "as_written": N_("the text is written like that"), "guide": N_("the guide allows it"),
    "both": N_("both are right"), "other": N_("other"),
}
LINTS = {
    "edge_space": N_("white space at an edge"), "edge_mark": N_("punctuation at an edge"),
    "marks_left_out": N_("title marks left out"), "unpaired": N_("single bracket"),
    "overlap": N_("overlap"), "two_labels": N_("two labels on one mention"),
    "surface": N_("marked otherwise elsewhere"),
    "relation_labels": N_("relation between other labels"),
    "relation_value": N_("relation without its attribute"),
    "class_missing": N_("class without an answer"),
}


@blueprint.get("/lints")
@roles("lead", "reviewer")
def index() -> ResponseReturnValue:
    """``?code=NAME``, ``?state=dismissed``, ``?region=ID``, ``?page=N``."""
    store, schema = get_store(), get_project().pack().schema
    code, state = request.args.get("code") or None, request.args.get("state") or "open"
    number, region = request.args.get("page", 1, type=int), request.args.get("region", type=int)
    if (code and code not in MESSAGES) or state not in ("open", "dismissed") or not (
            1 <= number < 10**6):
        abort(404)
    dismissed = state == "dismissed"
    counts = lint_counts(store, dismissed, region)
    listed = counts.get(code, 0) if code else sum(counts.values())
    rows = open_lints(store, dismissed=dismissed, code=code, region_id=region, limit=PAGE,
                      offset=(number - 1) * PAGE)
    return render_template(
        "lints/index.html", found=shown_lints(store, schema, rows), counts=counts, code=code,
        state=state, region=region, titles=LINTS, reasons=REASONS, schema=schema, css_name=css_name,
        number_of_page=number, last_page=max(1, -(-listed // PAGE)))


@dataclass(frozen=True, slots=True)
class ShownLint:
    """A lint in words of the interface."""

    row: Row
    message: str
    mend: str
    quote: Quote
    link: str | None
    reason: str


def shown_lints(store: Store, schema: Schema, rows: Sequence[Row]) -> list[ShownLint]:
    """`rows` as `store.lints.open_lints` gives them."""
    studio = get_setting(store, "studio")
    found = []
    for row in rows:
        lint, text = row["lint"], region_text(store, row["region_id"])
        fields = {name: named(schema, value) for name, value in lint.fields.items()}
        found.append(ShownLint(
            row, str(_(MESSAGES[lint.code])) % fields, _mend(schema, text, lint),
            quote_in(text, {"start": lint.start, "end": lint.end},
                     {"document_id": row["document_id"], "start": row["start"]}),
            studio_link(studio, row),
            _(REASONS[row["reason"]]) if row["reason"] in REASONS else row["reason"]))
    return found


def _mend(schema: Schema, text: str, lint: Lint) -> str:
    mend = lint.proposal
    if mend is None:
        return ""
    quoted = f"“{text[mend.start:mend.end]}”" if mend.end else _("the relation")
    return str(_(PROPOSALS[mend.action])) % {
        "text": quoted, "label": named(schema, mend.label) if mend.label else ""}


@blueprint.post("/lints/dismiss")
@roles("lead", "reviewer", "annotator")
def dismiss() -> ResponseReturnValue:
    """Say why a lint (``key``) is none; an empty ``reason`` takes that back. Annotators may say it
    of their own answers."""
    store, user = get_store(), current_user()
    key, reason = request.form.get("key", ""), request.form.get("reason", "")
    note = request.form.get("note", "").strip()[:500]
    if (reason and reason not in REASONS) or not lint_known(store, key):
        abort(400)
    own = user["role"] != "annotator" or any(
        row["key"] == key for dismissed in (False, True)
        for row in open_lints(store, user_id=user["id"], dismissed=dismissed))
    if not own:
        abort(403)
    if reason == "other" and not note:
        flash(_("Say in a few words what the other reason is."), "error")
    else:
        dismiss_lint(store, key, reason, note, user["name"])
        flash(_("The remark was dismissed.") if reason else _("The remark counts again."), "done")
    return redirect(_back("mine.index" if user["role"] == "annotator" else "lints.index"), 303)


def _back(endpoint: str) -> str:
    return local_path(request.form.get("next")) or url_for(endpoint)
