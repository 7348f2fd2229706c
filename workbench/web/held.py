"""Regions that are held back from gold, and why: let through with a coded reason, one by one or
those with the same cause at once."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from labels.errors import InputError
from labels.schema import Schema
from workbench.review import holding
from workbench.review.holding import REASONS, Held
from workbench.store import Row, Store
from workbench.store.derived import findings as found_at
from workbench.store.holds import let_through, shown_regions
from workbench.store.lints import open_lints
from workbench.web import findings
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.following import behind, suggest_again
from workbench.web.i18n import translated
from workbench.web.lints import LINTS, ShownLint, shown_lints
from workbench.web.security import roles

blueprint = Blueprint("held", __name__)
PAGE = 20
# How many findings and remarks of a region are told.
FEW = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A region that is held, what holds it in words, and how many others the same holds. Of the
    findings of one likely cause the first, with how many they are and the name of their group."""

    one: Held
    row: Row
    findings: tuple[tuple[findings.Shown, int, str | None], ...]
    lints: tuple[ShownLint, ...]
    others: int


@blueprint.get("/held")
@roles("lead", "reviewer")
def index() -> ResponseReturnValue:
    """``?state=settled``: gold on which something was opened since; ``?code=NAME`` of a check or
    remark; ``?page=N``."""
    store, schema = get_store(), get_project().pack().schema
    state, code = _asked()
    number = request.args.get("page", 1, type=int)
    if not 1 <= number < 10**6:
        abort(404)
    both = {name: holding.held(store, settled=name == "settled") for name in ("held", "settled")}
    regions, listed = both[state], _listed(both[state], code)
    first = (number - 1) * PAGE
    return render_template(
        "held/index.html", found=_shown(store, schema, regions, listed[first:first + PAGE]),
        state=state, code=code, counts=holding.counts(regions), waiting=len(both["held"]),
        contradicted=sum(bool(one.findings) for one in both["held"]),
        doubted=len(both["settled"]), alone=len(_alone(listed, code)), few=FEW,
        titles=LINTS, reasons=REASONS, schema=schema, css_name=css_name,
        passed=let_through(store), behind=behind(store), number_of_page=number,
        last_page=max(1, -(-len(listed) // PAGE)))


def _asked() -> tuple[str, str | None]:
    """State and code of the address or of the form."""
    state, code = request.values.get("state") or "held", request.values.get("code") or None
    if state not in ("held", "settled"):
        abort(404)
    return state, code


def _listed(regions: Sequence[Held], code: str | None) -> list[Held]:
    return [one for one in regions if code is None or code in one.codes]


def _alone(regions: Sequence[Held], code: str | None) -> list[Held]:
    """Those that nothing else holds."""
    return [one for one in regions if one.codes == {code}]


def _shown(store: Store, schema: Schema, regions: Sequence[Held],
           listed: Sequence[Held]) -> list[Shown]:
    rows = shown_regions(store, [one.region_id for one in listed])
    made = []
    for one in listed:
        keys = {cause["key"] for cause in one.lints}
        lints: dict[str, Row] = {}
        for row in open_lints(store, region_id=one.region_id) if keys else ():
            if row["key"] in keys:
                lints.setdefault(row["key"], row)
        made.append(Shown(
            one, rows[one.region_id],
            tuple((findings.shown(row), len(causes), causes[0]["more"])
                  for causes in one.contradictions[:FEW] for row in found_at(
                      store, "open", one.document_id, position=causes[0]["position"])),
            tuple(shown_lints(store, schema, list(lints.values())[:FEW])),
            len(holding.like(regions, one))))
    return made


@blueprint.post("/held/<int:region_id>")
@roles("lead", "reviewer")
def through(region_id: int) -> ResponseReturnValue:
    """Let a region through for a ``reason`` with a ``note``; with ``everywhere`` also those that
    nothing but the same holds."""
    store, state = get_store(), _asked()[0]
    regions = holding.held(store, settled=state == "settled")
    at = next((at for at, one in enumerate(regions) if one.region_id == region_id), None)
    chosen = [region_id]
    if at is not None and "everywhere" in request.form:
        chosen += [one.region_id for one in holding.like(regions, regions[at])]
    done = _let(store, chosen)
    if not done:
        return redirect(_here(f"h{region_id}"), 303)
    rest = [one.region_id for one in (*regions[(at or 0) + 1:], *regions[:at or 0])
            if one.region_id not in chosen]
    return redirect(_here(f"h{rest[0]}" if rest else None), 303)


@blueprint.post("/held/all")
@roles("lead", "reviewer")
def through_all() -> ResponseReturnValue:
    """Let all regions through that nothing but one check or remark (``code``) holds."""
    store, (state, code) = get_store(), _asked()
    regions = holding.held(store, settled=state == "settled")
    _let(store, [one.region_id for one in _alone(regions, code)])
    return redirect(_here(), 303)


def _let(store: Store, region_ids: Sequence[int]) -> bool:
    try:
        done = holding.let_through(
            store, get_project().pack().schema, region_ids, request.form.get("reason", ""),
            request.form.get("note", "").strip()[:500], current_user()["name"])
    except InputError as error:
        flash(translated(error), "error")
        return False
    suggest_again(get_project())
    flash(ngettext("%(num)d region was let through.", "%(num)d regions were let through.",
                   done.regions), "done")
    return True


@blueprint.post("/held/undo")
@roles("lead", "reviewer")
def undo() -> ResponseReturnValue:
    """Take back what was let through at once (``batch``), or what this person let through last."""
    try:
        count = holding.take_back(get_store(), get_project().pack().schema,
                                  current_user()["name"], request.form.get("batch") or None)
        suggest_again(get_project())
        flash(ngettext("%(num)d region is held back again.",
                       "%(num)d regions are held back again.", count), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(_here(), 303)


def _here(anchor: str | None = None) -> str:
    state, code = _asked()
    return url_for("held.index", state=state if state != "held" else None, code=code,
                   page=request.form.get("page", type=int) or None, _anchor=anchor)
