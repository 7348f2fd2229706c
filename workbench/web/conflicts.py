"""The queue of conflicts, each in plain words with its context; and remarks on answers."""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import InputError, N_
from labels.lints import MESSAGES, PROPOSALS, Lint
from labels.schema import Schema
from workbench.deciding import KINDS, Offer, Resolution, decide, offers, read_resolution, undo
from workbench.store import Row, Store
from workbench.store.conflicts import (
    VANISHED, conflict_counts, count_ended, ended_conflicts, open_conflicts,
)
from workbench.store.documents import document_row
from workbench.store.lints import dismiss_lint, lint_counts, lint_known, open_lints
from workbench.store.settings import get_setting
from workbench.store.tasks import region_text
from workbench.studio.client import task_url
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.i18n import title_of, translated
from workbench.web.security import local_path, roles
from workbench.web.tasks import studio_link

blueprint = Blueprint("conflicts", __name__)
PAGE = 20
# Characters shown on either side of what a conflict is about.
AROUND = 40
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


@dataclass(frozen=True, slots=True)
class Quote:
    """Words in their context; `href` leads to where the document shows them."""

    before: str
    text: str
    after: str
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A conflict in words of the interface. `groups` are (title, quotes), `facts` (title, words),
    `raw` what Label Studio gave."""

    row: Row
    sentence: str
    document: Row | None
    region: Row | None
    groups: tuple[tuple[str, tuple[Quote, ...]], ...]
    facts: tuple[tuple[str, str], ...]
    raw: str
    link: str | None
    offers: tuple[Offer, ...]
    resolution: Resolution | None
    resolved: str


@blueprint.get("/conflicts")
@roles("lead", "reviewer")
def index() -> ResponseReturnValue:
    """``?kind=NAME``; ``?state=ended`` shows the history; ``?page=N``."""
    store, schema = get_store(), get_project().pack().schema
    kind, state = request.args.get("kind") or None, request.args.get("state") or "open"
    number = request.args.get("page", 1, type=int)
    if (kind and kind not in KINDS) or state not in ("open", "ended") or not 1 <= number < 10**6:
        abort(404)
    counts, first = conflict_counts(store), (number - 1) * PAGE
    if state == "open":
        rows = [row for row in open_conflicts(store) if kind in (None, row["kind"])]
        listed, rows = len(rows), rows[first:first + PAGE]
    else:
        listed, rows = count_ended(store, kind), ended_conflicts(store, kind, PAGE, first)
    return render_template(
        "conflicts/index.html", kinds=KINDS, counts=counts, kind=kind, state=state,
        found=[_shown(store, schema, row) for row in rows], ended=count_ended(store),
        lints=sum(lint_counts(store).values()), schema=schema, css_name=css_name,
        number_of_page=number, last_page=max(1, -(-listed // PAGE)))


@blueprint.post("/conflicts/<int:conflict_id>")
@roles("lead", "reviewer")
def decision(conflict_id: int) -> ResponseReturnValue:
    """Take a decision (``name``, or ``name:candidate``), with a ``note``."""
    asked = read_resolution(request.form.get("decision", ""))
    try:
        decide(get_store(), conflict_id, asked.name, current_user()["name"], asked.candidate,
               request.form.get("note", "").strip()[:500])
        flash(_("Decided. It can be taken back in the history."), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(_back("conflicts.index"), 303)


@blueprint.post("/conflicts/<int:conflict_id>/undo")
@roles("lead", "reviewer")
def take_back(conflict_id: int) -> ResponseReturnValue:
    try:
        undo(get_store(), conflict_id, current_user()["name"])
        flash(_("The decision was taken back."), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(_back("conflicts.index"), 303)


def _back(endpoint: str) -> str:
    return local_path(request.form.get("next")) or url_for(endpoint)


# --- a conflict in words -------------------------------------------------------------------------

def _shown(store: Store, schema: Schema, row: Row) -> Shown:
    content = row["content"]
    region = row["region_id"] and store.row("SELECT * FROM regions WHERE id = ?",
                                            [row["region_id"]])
    document = document_row(store, region["document_id"]) if region else None
    said = read_resolution(row["resolution"]) if row["ended_at"] else None
    answer = row["answer_id"] and store.row("SELECT * FROM answers WHERE id = ?",
                                            [row["answer_id"]])
    groups, facts = _TOLD[row["kind"]](store, row, region) if row["kind"] in _TOLD else ((), ())
    who = answer["annotator"] if answer else content.get("by")
    raw = answer["raw"] if answer and row["kind"] == "quarantine" else ""
    return Shown(
        row, _sentence(schema, row, who), document, region, groups, facts,
        json.dumps(json.loads(raw), ensure_ascii=False, indent=1) if raw else "",
        _link(store, row, region, answer), tuple(offers(row)) if said is None else (), said,
        _resolved(said) if said else "")


def _sentence(schema: Schema, row: Row, who: str | None) -> str:
    content = row["content"]
    if row["kind"] == "suggestions":
        return _("The rules would now suggest other labels than those that people answered.")
    if row["kind"] == "anchor":
        label = _label(schema, content)
        if content.get("candidates"):
            return _("%(label)s “%(quote)s” may be in one of %(count)d places of the new version.",
                     label=label, quote=_cut(content["was"]["text"]),
                     count=len(content["candidates"]))
        return _("%(label)s “%(quote)s” is not in the new version.", label=label,
                 quote=_cut(content.get("was", {}).get("text", "")))
    if row["kind"] == "quarantine":
        return _("An answer of %(who)s cannot be taken: %(why)s", who=who or _("somebody"),
                 why=content.get("reason", ""))
    if row["kind"] == "data":
        return _("The text of a task that has answers was edited in Label Studio.")
    if row["kind"] == "double":
        return _("Label Studio holds two tasks of one passage, and both have answers.")
    if row["kind"] == "foreign":
        return _("Task %(task)s in our project is not ours; it has %(count)s answers.",
                 task=content.get("task", "?"), count=content.get("answers", 0))
    # Projects and changes of the schema bring their own words.
    message = content.get("message") or content.get("why") or content.get("reason") or row["key"]
    context = content.get("context") or content.get("fields") or {}
    try:
        return str(_(message)) % context if context else str(message)
    except (KeyError, ValueError, TypeError):
        return str(message)


def _label(schema: Schema, content: Mapping[str, Any]) -> str:
    name = str(content.get("label", ""))
    if content.get("kind") == "class":
        return _("the classes of the paragraph")
    return title_of(schema.label(name)) if name in schema.label_names else name


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _resolved(said: Resolution) -> str:
    from workbench.deciding import DECISIONS
    if said.name == VANISHED:
        return _("it ended by itself")
    title = next((_(one.title) for one in DECISIONS if one.name == said.name), said.name)
    return f"{title} {said.candidate + 1}" if said.candidate is not None else title


Groups = tuple[tuple[str, tuple[Quote, ...]], ...]
Facts = tuple[tuple[str, str], ...]


def _suggestions(store: Store, row: Row, region: Row | None) -> tuple[Groups, Facts]:
    text = region_text(store, region["id"]) if region else ""

    def quotes(found: Sequence[Any]) -> tuple[Quote, ...]:
        return tuple(_quote(text, one, region) if isinstance(one, dict) else
                     Quote("", " · ".join(map(str, one)), "") for one in found)
    content = row["content"]
    return tuple((title, quotes(content.get(name) or ())) for name, title in (
        ("added", _("Suggested now, in no answer")),
        ("removed", _("Not suggested any more, still in an answer"))) if content.get(name)), ()


def _quote(text: str, span: Mapping[str, Any], region: Row | None) -> Quote:
    start, end = span["start"], span["end"]
    href = url_for("documents.document", document_id=region["document_id"],
                   at=region["start"] + start, to=region["start"] + end,
                   _anchor="main") if region else ""
    return Quote(text[max(0, start - AROUND):start], text[start:end], text[end:end + AROUND],
                 str(span.get("label", "")), href)


def _anchor(store: Store, row: Row, region: Row | None) -> tuple[Groups, Facts]:
    content = row["content"]

    def quote(shown: Mapping[str, Any], document_id: int | None) -> Quote:
        href = url_for("documents.document", document_id=document_id, at=shown["start"],
                       to=shown["end"], _anchor="main") if document_id else ""
        return Quote(shown["before"], shown["text"], shown["after"],
                     content["label"] if content.get("kind") == "span" else "", href)
    groups: list[tuple[str, tuple[Quote, ...]]] = []
    if "was" in content:
        groups.append((_("In the older version"),
                       (quote(content["was"], content.get("old_document")),)))
    if content.get("candidates"):
        groups.append((_("In the new version"), tuple(
            quote(one, content.get("document")) for one in content["candidates"])))
    facts = ((_("Classes"), _choices(content)),) if content.get("kind") == "class" else ()
    return tuple(groups), facts


def _choices(content: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {', '.join(chosen)}"
                     for name, chosen in json.loads(content["label"]).items())


def _data(store: Store, row: Row, region: Row | None) -> tuple[Groups, Facts]:
    """Where the two texts part: the first place, and what stands there on either side."""
    there = str(row["content"].get("there", ""))
    ours = region_text(store, region["id"]) if region else ""
    at = next((place for place, (one, other) in enumerate(zip(ours, there)) if one != other),
              min(len(ours), len(there)))
    tail = 0
    while tail < min(len(ours), len(there)) - at and ours[-1 - tail] == there[-1 - tail]:
        tail += 1
    return tuple((title, (Quote(text[max(0, at - AROUND):at], text[at:len(text) - tail][:200],
                                text[len(text) - tail:][:AROUND]),))
                 for title, text in ((_("In the document"), ours),
                                     (_("In Label Studio"), there))), ()


def _foreign(store: Store, row: Row, region: Row | None) -> tuple[Groups, Facts]:
    return (), ((_("Its text"), str(row["content"].get("text", ""))),)


_TOLD = {"suggestions": _suggestions, "anchor": _anchor, "data": _data, "foreign": _foreign}


def _link(store: Store, row: Row, region: Row | None, answer: Row | None) -> str | None:
    """The task in Label Studio that a conflict is about."""
    studio = get_setting(store, "studio")
    content = row["content"]
    if not studio:
        return None
    if region is not None and row["kind"] != "double":
        slot = content.get("slot") or (answer["slot"] if answer else 1)
        task = store.row("SELECT studio_project, studio_task FROM tasks WHERE region_id = ?"
                         " AND slot = ? AND gone_at IS NULL", [region["id"], slot])
        return studio_link(studio, task) if task else None
    project = studio["projects"].get(f"{content.get('kind')}:{content.get('slot')}")
    if project and "task" in content:
        return task_url(studio["public_url"], project[0], content["task"])
    return None


# --- lints ---------------------------------------------------------------------------------------

@blueprint.get("/lints")
@roles("lead", "reviewer")
def lints() -> ResponseReturnValue:
    """``?code=NAME``, ``?state=dismissed``, ``?page=N``."""
    store, schema = get_store(), get_project().pack().schema
    code, state = request.args.get("code") or None, request.args.get("state") or "open"
    number = request.args.get("page", 1, type=int)
    if (code and code not in MESSAGES) or state not in ("open", "dismissed") or not (
            1 <= number < 10**6):
        abort(404)
    dismissed = state == "dismissed"
    counts = lint_counts(store, dismissed)
    listed = counts.get(code, 0) if code else sum(counts.values())
    rows = open_lints(store, dismissed=dismissed, code=code, limit=PAGE,
                      offset=(number - 1) * PAGE)
    return render_template(
        "conflicts/lints.html", found=shown_lints(store, schema, rows), counts=counts, code=code,
        state=state, titles=LINTS, reasons=REASONS, schema=schema, css_name=css_name,
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
        fields = {name: _named(schema, value) for name, value in lint.fields.items()}
        found.append(ShownLint(
            row, str(_(MESSAGES[lint.code])) % fields, _mend(schema, text, lint),
            _quote(text, {"start": lint.start, "end": lint.end},
                   {"document_id": row["document_id"], "start": row["start"]}),
            studio_link(studio, row),
            _(REASONS[row["reason"]]) if row["reason"] in REASONS else row["reason"]))
    return found


def _named(schema: Schema, value: Any) -> Any:
    """Names of the schema by their titles; quotes in quotation marks."""
    for things in (schema.labels, schema.relations, schema.classes):
        for thing in things:
            if thing.name == value:
                return title_of(thing)
    if value == "direction":
        return _("direction")
    return f"“{value}”" if isinstance(value, str) else value


def _mend(schema: Schema, text: str, lint: Lint) -> str:
    mend = lint.proposal
    if mend is None:
        return ""
    quoted = f"“{text[mend.start:mend.end]}”" if mend.end else _("the relation")
    return str(_(PROPOSALS[mend.action])) % {
        "text": quoted, "label": _named(schema, mend.label) if mend.label else ""}


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
    return redirect(_back("mine.index" if user["role"] == "annotator" else "conflicts.lints"), 303)
