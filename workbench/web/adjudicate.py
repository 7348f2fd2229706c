"""Adjudication: the disputed regions one by one, what either side says and what is decided."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Mapping, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from labels.document import Document
from labels.errors import N_, InputError
from labels.lints import MESSAGES, Lint
from labels.schema import Schema
from workbench.review import adjudication, holding
from workbench.review.adjudication import ADJUSTED, Disputed, Doubt, told
from workbench.review.disagreements import Disagreement, Option, Says, Side
from workbench.review.pairs import spans_in
from workbench.store import Row, Store
from workbench.store.derived import findings as found_at
from workbench.store.documents import load_document
from workbench.store.holds import open_causes, shown_regions
from workbench.store.lints import open_lints
from workbench.store.rulings import (
    adjudicated, contradictions, end_precedent, precedents as standing_precedents, rulings_on,
)
from workbench.web import findings, layout, render
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.following import suggest_again
from workbench.web.i18n import translated
from workbench.web.lints import LINTS, ShownLint, shown_lints
from workbench.web.security import local_path, roles
from workbench.web.wording import AROUND, named

blueprint = Blueprint("adjudicate", __name__)
PAGE = 50
KINDS = {
    "boundary": N_("boundary"), "label": N_("label"), "both": N_("boundary and label"),
    "missing": N_("marked or not"), "relation": N_("relation"), "class": N_("class"),
}
# Characters on either side of a disagreement from which an adjusted boundary can be chosen.
REACH = 15


@dataclass(frozen=True, slots=True)
class Said:
    """An option in words, as `adjudication.told` gives them; `precedent`: one decided so."""

    place: int
    option: Option
    people: tuple[str, ...]
    words: list[list[str]]
    precedent: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A disagreement with its context. `near` are the characters an adjusted boundary may be chosen
    from, beginning at `first`; `others` where the same was answered elsewhere; `otherwise` rulings
    on the same words that decide something else."""

    one: Disagreement
    before: str
    after: str
    said: tuple[Said, ...]
    ruling: Row | None
    near: str
    first: int
    others: tuple[tuple[Disputed, Disagreement], ...]
    precedents: tuple[Row, ...]
    otherwise: tuple[Row, ...]

    @property
    def label(self) -> str:
        """The label that is offered first for an adjusted boundary."""
        return next((span[2] for option in self.one.options for span in option.says.spans), "")


@blueprint.get("/adjudicate")
@roles("lead", "reviewer")
def index() -> ResponseReturnValue:
    """The queue; ``?kind=NAME`` of disagreement, ``?page=N``."""
    store, kind = get_store(), request.args.get("kind") or None
    number = request.args.get("page", 1, type=int)
    if (kind and kind not in KINDS) or not 1 <= number < 10**6:
        abort(404)
    # Only what is shown is looked at; all of it where one kind of difference is asked for.
    waiting = adjudication.order(store)
    first, counts, listed = (number - 1) * PAGE, {}, len(waiting)
    if kind is None:
        regions = adjudication.load(store, waiting[first:first + PAGE])
    else:
        found = adjudication.load(store, waiting)
        counts = {name: sum(one.kinds.get(name, 0) for one in found) for name in KINDS}
        found = [one for one in found if kind in one.kinds]
        listed, regions = len(found), found[first:first + PAGE]
    return render_template(
        "adjudicate/index.html", kinds=KINDS, counts=counts, kind=kind, waiting=len(waiting),
        regions=regions, done=adjudicated(store), held=len(holding.held(store)),
        excerpts=shown_regions(store, [one.id for one in regions]),
        contradicting=len(contradictions(store)), number_of_page=number,
        last_page=max(1, -(-listed // PAGE)))


@blueprint.get("/adjudicate/<int:region_id>")
@roles("lead", "reviewer")
def region(region_id: int) -> ResponseReturnValue:
    store, schema = get_store(), get_project().pack().schema
    regions = adjudication.queue(store)
    place = next((at for at, one in enumerate(regions) if one.id == region_id), None)
    if place is None:
        flash(_("Nothing is disputed in this region any more."), "note")
        return redirect(url_for("adjudicate.index"), 303)
    here = regions[place]
    document = load_document(store, here.row["document_id"])
    page = region_page(document, here.row["start"], here.row["end"])
    left = [] if here.open else adjudication.doubts(store, schema, here)
    return render_template(
        "adjudicate/region.html", here=here, schema=schema, css_name=css_name, kinds=KINDS,
        sides=_sides(document, page, here), shown=_shown(store, regions, here),
        before=regions[place - 1] if place else None, place=place + 1, waiting=len(regions),
        after=regions[place + 1] if place + 1 < len(regions) else None,
        named=lambda name: named(schema, name), reach=REACH,
        sets={classes.name: classes for classes in schema.classes},
        opened=_opened(store, schema, here), left=_left(schema, here, left),
        reasons=holding.REASONS, lint_titles=LINTS)


@dataclass(frozen=True, slots=True)
class Opened:
    """What is open about a region: findings with a figure in it, lints of its answers with the
    sides (names) that they are about."""

    findings: tuple[findings.Shown, ...]
    lints: tuple[tuple[ShownLint, tuple[str, ...]], ...]


def _opened(store: Store, schema: Schema, here: Disputed) -> Opened:
    places = [row["position"] for row in open_causes(store, here.row["document_id"])
              if row["region_id"] == here.id and row["cause"] == "finding"]
    sides = {answer["id"]: side.name for answer in here.answers for side in here.compared.sides
             if answer["person"] in side.people}
    lints: dict[str, list[ShownLint]] = {}
    for one in shown_lints(store, schema, open_lints(store, region_id=here.id)):
        lints.setdefault(one.row["key"], []).append(one)
    return Opened(
        tuple(findings.shown(row) for place in places for row in found_at(
            store, "open", here.row["document_id"], position=place)),
        tuple((same[0], tuple(sorted({sides[one.row["answer_id"]] for one in same
                                      if one.row["answer_id"] in sides})))
              for same in lints.values()))


@dataclass(frozen=True, slots=True)
class Left:
    """What needs a reason before a region is settled as decided, and where it is answered."""

    title: str
    words: str
    href: str


def _left(schema: Schema, here: Disputed, left: Sequence[Doubt]) -> list[Left]:
    told = []
    for one in left:
        if isinstance(one.content, Lint):
            fields = {name: named(schema, value) for name, value in one.content.fields.items()}
            told.append(Left(_(LINTS[one.content.code]), _(MESSAGES[one.content.code]) % fields,
                             url_for("lints.index", region=here.id)))
        else:
            told.append(Left(_("arithmetic"), findings.claim_of(one.content), url_for(
                "findings.index", document=here.row["document_id"])))
    return told


def region_page(document: Document, start: int, end: int) -> layout.Page:
    """The items of the document that lie in a region, of tables only its rows."""
    items = []
    for item in layout.layout(document):
        if item.end <= start or end <= item.start:
            continue
        if item.table is not None:
            rows = tuple(row for row in item.rows if row.start < end and start < row.end)
            item = replace(item, rows=rows, start=rows[0].start, end=rows[-1].end)
        items.append(item)
    return layout.Page(1, start, end, tuple(items))


def _sides(document: Document, page: layout.Page,
           here: Disputed) -> list[tuple[Side, tuple[render.BlockView, ...]]]:
    """Each side with its reading of the region; the places of disagreements are `term`s."""
    start = int(here.row["start"])
    places = [(start + one.start, start + one.end) for one in here.compared.found
              if one.family == "span"]
    sides = []
    for side in here.compared.sides:
        spans = sorted(set(spans_in(side.answer)), key=lambda span: (span[0], -span[1]))
        marks = [render.Mark(number, start + left, start + right, label)
                 for number, (left, right, label) in enumerate(spans)]
        sides.append((side, render.render(document, page, marks, places)))
    return sides


def _shown(store: Store, regions: Sequence[Disputed], here: Disputed) -> list[Shown]:
    questions = {one.question for one in here.compared.found}
    known: dict[str, list[Row]] = {question: [] for question in questions}
    for row in standing_precedents(store, questions):
        known[row["question"]].append(row)
    ruled: dict[str, list[Row]] = {question: [] for question in questions}
    for row in rulings_on(store, questions):
        ruled[row["question"]].append(row)
    people = {side.name: side.people for side in here.compared.sides}
    return [_show(regions, here, one, people, known[one.question], ruled[one.question])
            for one in here.compared.found]


def _show(regions: Sequence[Disputed], here: Disputed, one: Disagreement,
          people: Mapping[str, Sequence[str]], known: Sequence[Row],
          ruled: Sequence[Row]) -> Shown:
    ruling, text = here.rulings.get(one.key), here.text
    decided = {row["decision"] for row in known}
    said = tuple(Said(place, option, tuple(name for side in option.sides for name in people[side]),
                      told(option.says, text), one.pattern(option.says) in decided)
                 for place, option in enumerate(one.options))
    first = max(0, one.start - REACH)
    # Once ruled, what was decided otherwise; before, only whether others contradict each other.
    otherwise = tuple(row for row in ruled if ruling and row["decision"] != ruling["decision"])
    return Shown(
        one, text[max(0, one.start - AROUND):one.start], text[one.end:one.end + AROUND], said,
        ruling, text[first:one.end + REACH] if one.family == "span" else "", first,
        () if ruling else tuple(adjudication.elsewhere(regions, here, one)),
        tuple(row for row in known if not ruling or row["ruling_id"] != ruling["id"]), otherwise)


@blueprint.post("/adjudicate/<int:region_id>/rule")
@roles("lead", "reviewer")
def rule(region_id: int) -> ResponseReturnValue:
    """Decide on the disagreement ``key``: ``choice`` is an option's place, "neither" or "adjusted"
    (then ``start``, ``end``, ``label``, or the ``chosen`` of a class); ``everywhere``: also where
    the same was answered to the same words."""
    store, key = get_store(), request.form.get("key", "")
    choice = request.form.get("choice", "")
    try:
        adjusted = _adjusted(get_project().pack().schema) if choice == ADJUSTED else None
        made = adjudication.rule(store, region_id, key, choice, current_user()["name"],
                                 adjusted=adjusted, everywhere="everywhere" in request.form)
    except InputError as error:
        flash(translated(error), "error")
        return redirect(_here(region_id), 303)
    if made > 1:
        flash(ngettext("Decided at %(num)d place. Undo takes all of them back.",
                       "Decided at %(num)d places. Undo takes all of them back.", made), "done")
    return redirect(_onward(store, region_id, key), 303)


def _adjusted(schema: Schema) -> Says:
    """Raises InputError for what the schema does not know."""
    name = request.form.get("class_set")
    if name:
        chosen = tuple(sorted(set(request.form.getlist("chosen"))))
        classes = next((one for one in schema.classes if one.name == name), None)
        if classes is None or not set(chosen) <= {one.name for one in classes.choices} or (
                len(chosen) > 1 and not classes.multiple):
            raise InputError(N_("the schema does not allow these choices"))
        return Says(choices=chosen)
    start, end = (request.form.get(edge, -1, type=int) for edge in ("start", "end"))
    label = request.form.get("label", "")
    if label not in schema.label_names:
        raise InputError(N_("there is no label %(label)s"), label=label)
    return Says(((start, end, label),))


def _onward(store: Store, region_id: int, key: str) -> str:
    """The next open disagreement of the region after the one of `key`, or where it is finished."""
    here = adjudication.disputed_region(store, region_id)
    if here is None:
        return url_for("adjudicate.index")
    keys = [one.key for one in here.compared.found]
    at = keys.index(key) if key in keys else -1
    left = {one.key for one in here.open}
    after = [one for one in (*keys[at + 1:], *keys[:at + 1]) if one in left]
    return _here(region_id, f"d{after[0]}" if after else "finish")


def _here(region_id: int, anchor: str | None = None) -> str:
    return url_for("adjudicate.region", region_id=region_id, _anchor=anchor)


@blueprint.post("/adjudicate/<int:region_id>/undo")
@roles("lead", "reviewer")
def undo(region_id: int) -> ResponseReturnValue:
    """Take back the ruling of ``key``, or the last one; with it what was ruled at once."""
    key = request.form.get("key") or None
    try:
        count = adjudication.undo(get_store(), region_id, current_user()["name"], key)
        flash(ngettext("%(num)d ruling was taken back.", "%(num)d rulings were taken back.",
                       count), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(_here(region_id, f"d{key}" if key else None), 303)


@blueprint.post("/adjudicate/<int:region_id>/finish")
@roles("lead", "reviewer")
def finish(region_id: int) -> ResponseReturnValue:
    """Settle the region (for a ``reason`` with a ``note`` where something about it is open) and go
    on to the next one."""
    store, schema = get_store(), get_project().pack().schema
    order = [one.id for one in adjudication.order(store)]
    try:
        done = adjudication.finish(store, schema, region_id, current_user()["name"],
                                   request.form.get("reason", ""),
                                   request.form.get("note", "").strip()[:500])
    except InputError as error:
        flash(translated(error), "error")
        return redirect(_here(region_id, "finish"), 303)
    suggest_again(get_project())
    flash(_("The region is settled."), "done")
    if done.fallen:
        flash(ngettext("%(num)d relation was left out: an end of it was decided otherwise.",
                       "%(num)d relations were left out: an end of them was decided otherwise.",
                       done.fallen), "note")
    at = order.index(region_id)
    rest = [*order[at + 1:], *order[:at]]
    return redirect(_here(rest[0]) if rest else url_for("adjudicate.index"), 303)


@blueprint.post("/adjudicate/<int:region_id>/reopen")
@roles("lead", "reviewer")
def reopen(region_id: int) -> ResponseReturnValue:
    """Take the gold of an adjudicated region back."""
    try:
        adjudication.reopen(get_store(), get_project().pack().schema, region_id,
                            current_user()["name"])
        suggest_again(get_project())
        flash(_("The region is disputed again; its rulings stand."), "done")
    except InputError as error:
        flash(translated(error), "error")
        return redirect(url_for("adjudicate.index"), 303)
    return redirect(_here(region_id), 303)


@blueprint.post("/adjudicate/<int:region_id>/precedent")
@roles("lead", "reviewer")
def precedent(region_id: int) -> ResponseReturnValue:
    """Make the ruling of ``key`` a precedent, with a ``note`` why."""
    key, note = request.form.get("key", ""), request.form.get("note", "").strip()[:500]
    try:
        adjudication.set_precedent(get_store(), region_id, key, note, current_user()["name"])
        flash(_("The ruling is a precedent now; the guide tells it."), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(_onward(get_store(), region_id, key), 303)


@blueprint.get("/adjudicate/precedents")
@roles("lead", "reviewer")
def precedents() -> ResponseReturnValue:
    """The precedents that stand, and the rulings that contradict each other."""
    store, schema = get_store(), get_project().pack().schema
    return render_template(
        "adjudicate/precedents.html", schema=schema, css_name=css_name, kinds=KINDS,
        named=lambda name: named(schema, name), found=standing_precedents(store),
        contradicting=list(contradictions(store).values()))


@blueprint.post("/adjudicate/precedents/<int:precedent_id>/end")
@roles("lead", "reviewer")
def end(precedent_id: int) -> ResponseReturnValue:
    if end_precedent(get_store(), precedent_id, current_user()["name"]):
        flash(_("The precedent was taken back; the ruling stands."), "done")
    else:
        flash(_("This precedent was taken back already."), "note")
    return redirect(local_path(request.form.get("next")) or url_for("adjudicate.precedents"), 303)
