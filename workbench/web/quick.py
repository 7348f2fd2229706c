"""Quick decisions: one suggested span at a time; accept, reject or put right by single keys.

All of it works by forms. The script asks for ``part=1``: then an answer is only the next question,
and no page is left and entered.
"""
from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping, Sequence

from flask import (
    Blueprint, abort, flash, make_response, redirect, render_template, request, url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import format_percent, gettext as _

from labels.document import Document
from labels.errors import N_, InputError
from labels.rules import Pack, Rule
from labels.schema import Schema
from workbench import effective
from workbench.ledger import described
from workbench.review import quick
from workbench.review.quick_queue import (
    Question, Queue, Wish, corrections, lanes, queue as queue_of,
)
from workbench.slots import MOST_PEOPLE
from workbench.store import Row, Store
from workbench.store.documents import document_row, load_document
from workbench.store.quick import Fixed, Key, decided_by, uncut_documents
from workbench.store.suggestions import span_at
from workbench.store.tasks import region as region_row
from workbench.web import layout, render
from workbench.web.adjudicate import REACH
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_store
from workbench.web.i18n import translated
from workbench.web.mine import midnight
from workbench.web.security import roles
from workbench.web.wording import named

blueprint = Blueprint("quick", __name__)
ORDERS = {
    "doubt": N_("the most doubtful first"), "rule": N_("what people correct most first"),
    "text": N_("as the documents run"),
}
FORM = "for_"
# Rows of a table that are shown before and after the one that is asked about.
_ROWS = 2


@dataclass(frozen=True, slots=True)
class Other:
    """What the suggestion won against; `place` is where, if that is found: it can be taken."""

    rule: str
    label: str
    text: str
    place: Fixed | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with all that is told of it. `near` are the characters from `first` on from which
    a boundary can be chosen."""

    one: Question
    row: Row
    document: Row
    path: tuple[str, ...]
    views: tuple[render.BlockView, ...]
    quote: str
    span: Row
    others: tuple[Other, ...]
    rule: Rule | None
    length: int
    near: str
    first: int
    decided: str


@blueprint.get("/quick")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    """A question: that of ``?at=KEY``, or the next one after or before it with ``&go=after`` or
    ``&go=before``; ``?order=``, ``?label=``, ``?rule=`` and ``?document=`` choose what is asked."""
    wish, key = _wish(request.args), _key(request.args.get("at"))
    go = request.args.get("go", "" if key else "after")
    if go not in ("", "after", "before"):
        abort(404)
    return _page(wish, key, go)


def _wish(given: Mapping[str, str], prefix: str = "") -> Wish:
    """In forms the names have a prefix: a decision has a label of its own."""
    order = given.get(f"{prefix}order") or "doubt"
    document = given.get(f"{prefix}document") or "0"
    if order not in ORDERS or not document.isdecimal():
        abort(404)
    return Wish(order, given.get(f"{prefix}label", ""), given.get(f"{prefix}rule", ""),
                int(document[:18]))


def _key(given: str | None) -> Key | None:
    if not given:
        return None
    parts = given.split("-", 3)
    if len(parts) < 4 or not all(part.isdecimal() and len(part) < 19 for part in parts[:3]):
        abort(404)
    return Key(int(parts[0]), int(parts[1]), int(parts[2]), parts[3])


def _page(wish: Wish, key: Key | None, go: str) -> ResponseReturnValue:
    store, user = get_store(), current_user()
    pack = effective.fitted(store).pack
    queue = queue_of(store, pack, user["id"], wish)
    one = _one(queue, key, go)
    if one is None and key and not go:
        flash(_("This is not asked any more; here is the next question."), "note")
        one = queue.after(None)
    if one is not None:
        quick.give(store, one.key, user["id"])
    part = request.values.get("part") == "1"
    about: dict[str, Any] = dict(
        shown=_shown(store, pack, queue, one) if one else None, wish=wish, queue=queue,
        address=lambda **more: _address(wish, **more), key_text=key_text, css_name=css_name,
        schema=pack.schema, named=lambda name: named(pack.schema, name),
        guide=effective.guide(store),
        today=decided_by(store, user["id"], midnight()), part=part, described=described,
        percent=format_percent, uncut=0 if queue.total else uncut_documents(store),
        wrong=corrections(store, queue.said)[one.rule] if one and wish.order == "rule" else 0)
    if part:
        answer = make_response(render_template("quick/question.html", **about))
        answer.headers["X-Part"] = "1"
        return answer
    return render_template(
        "quick/index.html", **about, orders=ORDERS, people=queue.people, most=MOST_PEOPLE,
        choices=_choices(store, pack))


def _one(queue: Queue, key: Key | None, go: str) -> Question | None:
    if key is None or go == "after":
        return queue.after(key)
    return queue.before(key) if go == "before" else queue.find(key)


def _address(wish: Wish, **more: Any) -> str:
    said = asdict(wish)
    said["document"] = said.pop("document_id")
    kept = {name: value for name, value in said.items() if value and (name, value) != (
        "order", "doubt")}
    return url_for("quick.index", **kept, **more)


def _choices(store: Store, pack: Pack) -> dict[str, Sequence[tuple[Any, str]]]:
    """What can be chosen to be asked of: (value, title) of labels, rules and documents."""
    asked = lanes(store, pack).lanes.get("", ())
    rules, documents = {one.rule for one in asked}, {one.document_id for one in asked}
    rows = store.rows("SELECT id, coalesce(nullif(title, ''), name) AS title FROM documents"
                      " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
                      [json.dumps(sorted(documents))])
    labels = {one.key.label for one in asked}
    return {
        "label": [(name, named(pack.schema, name)) for name in pack.schema.label_names
                  if name in labels],
        "rule": [(name, name) for name in sorted(rules)],
        "document": [(row["id"], row["title"]) for row in rows]}


# --- one question --------------------------------------------------------------------------------

def key_text(key: Key) -> str:
    """A question in an address."""
    return "-".join(map(str, key))


def _shown(store: Store, pack: Pack, queue: Queue, one: Question) -> Shown:
    row = region_row(store, one.key.region_id)
    span = span_at(store, one.set_id, one.position)
    about = document_row(store, one.document_id)
    assert row is not None and span is not None and about is not None
    document, items = _read(store.path, one.document_id)
    text = document.text[row["start"]:row["end"]]
    page = _around(items, one.start, one.end)
    first = max(0, one.key.start - REACH)
    told = next((said.verdict for said in queue.said.get(one.key, ())
                 if said.user_id == current_user()["id"]), "")
    return Shown(
        one, row, about, tuple(json.loads(row["heading_path"])),
        render.render(document, page, [render.Mark(0, one.start, one.end, one.key.label)],
                      [(one.start, one.end)]),
        document.text[one.start:one.end], span, _others(pack.schema, one, span, text),
        next((rule for rule in pack.rules if rule.name == one.rule), None), len(text),
        text[first:one.key.end + REACH], first, told)


@lru_cache(maxsize=8)
def _read(path: Path, document_id: int) -> tuple[Document, tuple[layout.Item, ...]]:
    """A stored document never changes; one question after the other may be of the same."""
    with Store(path) as store:
        document = load_document(store, document_id)
    return document, layout.layout(document)


def _around(items: Sequence[layout.Item], start: int, end: int) -> layout.Page:
    """What the words stand in, with what stands before and after it; of tables the rows around."""
    inside = [place for place, item in enumerate(items) if item.start < end and start < item.end]
    shown = []
    for item in items[max(0, inside[0] - 1):inside[-1] + 2]:
        if item.table is not None:
            item = _few_rows(item, start, end)
        shown.append(item)
    return layout.Page(1, shown[0].start, shown[-1].end, tuple(shown))


def _few_rows(item: layout.Item, start: int, end: int) -> layout.Item:
    rows = item.rows
    inside = [place for place, row in enumerate(rows) if row.start < end and start < row.end]
    if not inside:
        # A neighbour: its nearest rows.
        kept = rows[:_ROWS] if end <= item.start else rows[-_ROWS:]
    else:
        kept = rows[max(0, inside[0] - _ROWS):inside[-1] + _ROWS + 1]
    return replace(item, rows=kept, start=kept[0].start, end=kept[-1].end)


def _others(schema: Schema, one: Question, span: Row, text: str) -> tuple[Other, ...]:
    found: dict[tuple[str, str], Other] = {}
    for beaten in span["evidence"]["beat"]:
        said = (beaten["label"], beaten["text"])
        if said == (one.key.label, text[one.key.start:one.key.end]) or said in found:
            continue
        place = _near(text, beaten["text"], one.key)
        found[said] = Other(
            beaten["rule"], *said, Fixed(*place, beaten["label"])
            if place and beaten["label"] in schema.label_names else None)
    return tuple(found.values())


def _near(text: str, words: str, key: Key) -> tuple[int, int] | None:
    """Where `words` stand in a region so that they overlap what is asked about."""
    at = text.find(words, max(0, key.start - len(words) + 1), key.end + len(words) - 1)
    return (at, at + len(words)) if words and at >= 0 else None


# --- decisions -----------------------------------------------------------------------------------

@blueprint.post("/quick/answer")
@roles("lead", "reviewer", "annotator")
def answer() -> ResponseReturnValue:
    """Decide the question ``key``: ``verdict`` is accept, reject, skip or fix (then ``start``,
    ``end`` and ``label`` say what it should be). Goes on to the next question."""
    store, wish, key = get_store(), _wish(request.form, FORM), _key(request.form.get("key"))
    if key is None:
        abort(400)
    verdict = request.form.get("verdict", "")
    try:
        quick.decide(store, effective.fitted(store).pack, key, current_user()["id"], verdict,
                     _fixed() if verdict == "fix" else None)
    except InputError as error:
        flash(translated(error), "error")
        return _onward(wish, key, "")
    return _onward(wish, key, "after")


def _fixed() -> Fixed:
    start, end = (request.form.get(edge, -1, type=int) for edge in ("start", "end"))
    return Fixed(start, end, request.form.get("label", ""))


@blueprint.post("/quick/undo")
@roles("lead", "reviewer", "annotator")
def undo() -> ResponseReturnValue:
    """Take my last decision back and ask it again."""
    store, user_id, wish = get_store(), current_user()["id"], _wish(request.form, FORM)
    try:
        key = quick.undo(store, user_id)
    except InputError as error:
        flash(translated(error), "error")
        return _onward(wish, _key(request.form.get("key")), "")
    if queue_of(store, effective.fitted(store).pack, user_id, wish).find(key) is None:
        wish = Wish(wish.order)     # it was decided when something else was asked for
    return _onward(wish, key, "")


def _onward(wish: Wish, key: Key | None, go: str) -> ResponseReturnValue:
    if request.form.get("part") == "1":
        return _page(wish, key, go if key else "after")
    place = {"at": key_text(key)} if key else {}
    return redirect(_address(wish, **place, **({"go": go} if go else {})), 303)


@blueprint.post("/quick/people")
@roles("lead")
def people() -> ResponseReturnValue:
    """How many people decide each question."""
    try:
        quick.ask_people(get_store(), request.form.get("people", 0, type=int))
        flash(_("Kept."), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(url_for("quick.index"), 303)
