"""The documents: the list with what is done on each, and the page where one is read."""
from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from labels.document import Document, ReadWarning
from labels.inheritance import SOURCES
from labels.schema import ClassSet, Schema
from workbench.quick_effect import people_asked
from workbench.removing import affected
from workbench.review.concealing import Concealed
from workbench.store import Row, Store
from workbench.store.derived import Checked, checked, equations_with, failures, findings
from workbench.store.documents import document_row, document_states, load_document
from workbench.store.inheriting import inherited_at, told_of
from workbench.store.quick import said_on
from workbench.store.rereads import removed_documents, reread_summary
from workbench.store.settings import get_setting
from workbench.store.suggestions import (
    classes_of, current_set, label_counts, marks_of, relations_with, span_at, spans_touching,
    unshown_at,
)
from workbench.store.tasks import task_counts, tasks_at
from workbench.web import layout, render
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.findings import REASONS, Shown, claim_of, shown
from workbench.web.following import behind
from workbench.web.keeping import kept_from_me, told_by
from workbench.web.security import roles
from workbench.web.tasks import own_slot, with_links

blueprint = Blueprint("documents", __name__)
_LONGEST_QUOTE = 80


@blueprint.get("/documents")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    schema = get_project().pack().schema
    return render_template("documents/index.html", documents=document_states(get_store()),
                           removed=removed_documents(get_store()), types=_choices(schema, "type"))


@blueprint.get("/documents/<int:document_id>")
@roles("lead", "reviewer", "annotator")
def document(document_id: int) -> ResponseReturnValue:
    """A page of the document; ``?page=N``, or the page of ``?span=ID``, which is inspected, or the
    page of ``?at=OFFSET``; with ``?to=OFFSET`` too the words between are outlined.

    ``?label=A&label=B`` draws the spans of these labels only. ``?finding=CODE`` outlines the
    figures of one finding, which stands beside the text with its answer.
    """
    store, schema = get_store(), get_project().pack().schema
    row = document_row(store, document_id)
    if row is None:
        abort(404)
    read = load_document(store, document_id)
    pages = layout.paginate(layout.layout(read))
    current, kept = current_set(store, document_id), kept_from_me(document_id)
    span = _asked_span(store, current, kept)
    page = pages[_asked_page(pages, span) - 1]
    shown = _asked_labels(schema)
    marks = [render.Mark(mark["position"], mark["start"], mark["end"], mark["label"])
             for mark in (spans_touching(store, current["id"], page.start, page.end)
                          if current else ()) if mark["label"] in shown
             and not kept.hides("spans", mark["start"])]
    counts = _label_counts(store, current, kept)
    judged = checked(store, document_id)
    broken = [row for row in findings(store, "broken", document_id) if not told_by(row, kept)]
    asked = next((one for one in broken if one["code"] == request.args.get("finding")), None)
    sums = {place: state for place, state in _sums(judged, broken, asked).items()
            if not kept.hides("spans", place[0])}
    sought = _sought(read)
    sums.update((place, f"{sums.get(place, '')} asked".strip()) for place in sought)
    terms = [*sought, *map(_place, asked["content"]["terms"] if asked else ()),
             *(place for place, state in sums.items() if state != "confirmed")]
    return render_template(
        "documents/document.html", judged=judged, sums=sums, row=row,
        document=read, schema=schema, page=page, pages=pages,
        views=render.render(read, page, marks, terms), outline=layout.outline(read, pages),
        current=current, counts=counts, shown=shown, total=sum(counts.values()),
        classes=_classes_by_start(store, schema, current, page, kept), kept=bool(kept),
        inspected=_inspect(store, read, pages, current, span, schema, kept),
        types=_choices(schema, "type"), css_name=css_name,
        tasks=task_counts(store, document_id, own_slot()),
        warnings=[_Warning(warning, layout.page_of(pages, warning.start))
                  for warning in read.warnings],
        failures=_failures(current), notes=_note_links(read, pages, document_id),
        asked=_asked_finding(broken, asked), reasons=REASONS, behind=behind(store, document_id),
        skipped=failures(store, document_id), reread=reread_summary(store, document_id),
        touched=affected(store, row["name"]) if current_user()["role"] == "lead" else None)


@blueprint.get("/documents/<int:document_id>/spans/<int:position>")
@roles("lead", "reviewer", "annotator")
def inspector(document_id: int, position: int) -> ResponseReturnValue:
    """The inspector alone, for the script of the document page."""
    store, schema = get_store(), get_project().pack().schema
    current, kept = current_set(store, document_id), kept_from_me(document_id)
    span = span_at(store, current["id"], position) if current else None
    if span is None or kept.hides("spans", span["start"]):
        abort(404)
    read = load_document(store, document_id)
    pages = layout.paginate(layout.layout(read))
    return render_template(
        "documents/inspector.html", row={"id": document_id}, schema=schema, css_name=css_name,
        inspected=_inspect(store, read, pages, current, span, schema, kept))


def _label_counts(store: Store, current: Row | None, kept: Concealed) -> dict[str, int]:
    if current is None:
        return {}
    if not kept:
        return label_counts(store, current["id"])
    return dict(Counter(row["label"] for row in marks_of(store, current["id"])
                        if not kept.hides("spans", row["start"])))


def _sought(read: Document) -> list[tuple[int, int]]:
    start, end = (request.args.get(name, -1, type=int) for name in ("at", "to"))
    return [(start, end)] if 0 <= start < end <= len(read.text) else []


@dataclass(frozen=True, slots=True)
class AskedFinding:
    """The finding that ``?finding=`` names, and the codes and first places of the open findings
    before and after it."""

    found: Shown
    before: Shown | None
    after: Shown | None


def _asked_finding(broken: Sequence[Row], asked: Row | None) -> AskedFinding | None:
    if asked is None:
        return None
    others = [row for row in broken if row is not asked and not row["reason"]]
    before = [row for row in others if row["position"] < asked["position"]]
    after = [row for row in others if row["position"] > asked["position"]]
    return AskedFinding(shown(asked), shown(before[-1]) if before else None,
                        shown(after[0]) if after else None)


def _sums(judged: Checked | None, rows: Sequence[Row],
          asked: Row | None) -> dict[tuple[int, int], str]:
    """What the arithmetic says of each figure: confirmed, doubted, suspect (the likeliest wrong),
    answered, or asked (in the finding that ``?finding=`` names)."""
    found: dict[tuple[int, int], str] = {}
    if judged is None:
        return found
    found.update((place, "confirmed") for place in judged.confirmed)
    for row in sorted(rows, key=lambda row: not row["reason"]):  # what is open counts more
        state = "answered" if row["reason"] else "doubted"
        found.update((_place(term), state) for term in row["content"]["terms"])
    for row in rows:
        if not row["reason"]:
            found.update((_place(suspect), "suspect") for suspect in row["content"]["suspects"][:1])
    if asked is not None:
        found.update((place, found[place] + " asked")
                     for place in dict.fromkeys(map(_place, asked["content"]["terms"])))
    return found


def _place(row: Mapping[str, Any]) -> tuple[int, int]:
    return row["start"], row["end"]


@dataclass(frozen=True, slots=True)
class _Warning:
    warning: ReadWarning
    page: int


@dataclass(frozen=True, slots=True)
class Other:
    """A relation of the inspected span, told from its side: `outward` if it begins here."""

    relation: Row
    outward: bool
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Inspected:
    """All that is known of one suggested span."""

    span: Row
    text: str
    page: int
    others: tuple[Other, ...]
    tasks: tuple[Mapping[str, Any], ...]
    doubts: tuple[Shown, ...]
    equations: tuple[Mapping[str, Any], ...]
    inherited: Row | None = None
    unshown: tuple[Row, ...] = ()
    decided: tuple[Row, ...] = ()


def _inspect(store: Store, read: Document, pages: tuple[layout.Page, ...], current: Row | None,
             span: Row | None, schema: Schema, kept: Concealed) -> Inspected | None:
    if span is None or current is None or span["label"] not in schema.label_names:
        return None
    others = tuple(
        Other(link, link["source"] == span["position"],
              _quote(read.text[link["other_start"]:link["other_end"]]),
              layout.page_of(pages, link["other_start"]))
        for link in relations_with(store, current["id"], span["position"])
        if link["other_label"] in schema.label_names
        and not kept.hides("spans", link["other_start"]))
    slot = own_slot()
    tasks = tuple(with_links(store, get_setting(store, "studio"), tasks_at(
        store, current["document_id"], span["start"], slot), slot))
    place = (span["start"], span["end"])
    doubts = tuple(shown(row) for row in findings(store, "broken", current["document_id"])
                   if place in map(_place, row["content"]["terms"]) and not told_by(row, kept))
    equations = tuple({**row, "message": claim_of(row)}
                      for row in equations_with(store, current["document_id"], *place)
                      if not any(kept.hides("spans", term[0]) for term in row["terms"]))
    return Inspected(span, read.text[span["start"]:span["end"]],
                     layout.page_of(pages, span["start"]), others, tasks, doubts, equations,
                     _source_of(store, span), tuple(unshown_at(
                         store, span["set_id"], span["start"], span["end"])),
                     _decided(store, current["document_id"], span))


def _source_of(store: Store, span: Row) -> Row | None:
    """The settled passage that a span is inherited from."""
    held = inherited_at(store, span["set_id"], span["start"]) if span["rule"] in SOURCES else None
    return held and told_of(store, held["gold_id"], held["gold_start"], held["gold_end"])


def _decided(store: Store, document_id: int, span: Row) -> tuple[Row, ...]:
    """The quick decisions on a suggestion, once nobody is asked any more who should not know."""
    said = said_on(store, document_id, span["start"], span["end"], span["label"])
    return tuple(said) if len(said) >= people_asked(store) else ()


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE - 1] + "…"


def _asked_span(store: Store, current: Row | None, kept: Concealed) -> Row | None:
    position = request.args.get("span", type=int)
    if current is None or position is None:
        return None
    span = span_at(store, current["id"], position)
    return None if span is None or kept.hides("spans", span["start"]) else span


def _asked_page(pages: tuple[layout.Page, ...], span: Row | None) -> int:
    number = request.args.get("page", type=int)
    if number is None and span is not None:
        number = layout.page_of(pages, span["start"])
    offset = request.args.get("at", type=int)
    if number is None and offset is not None:
        number = layout.page_of(pages, offset)
    number = 1 if number is None else number
    if not 1 <= number <= len(pages):
        abort(404)
    return number


def _asked_labels(schema: Schema) -> frozenset[str]:
    asked = frozenset(request.args.getlist("label"))
    return asked & frozenset(schema.label_names) or frozenset(schema.label_names)


def _choices(schema: Schema, class_set: str) -> dict[str, Any]:
    found = next((entry for entry in schema.classes if entry.name == class_set), None)
    return {choice.name: choice for choice in found.choices} if found else {}


def _classes_by_start(store: Store, schema: Schema, current: Row | None,
                      page: layout.Page,
                      kept: Concealed) -> dict[int, list[tuple[ClassSet, Any, Row]]]:
    """(class set, choice, row) of each paragraph of the page, by where it starts."""
    found: dict[int, list[tuple[ClassSet, Any, Row]]] = {}
    if current is None:
        return found
    known = {(classes.name, choice.name): (classes, choice)
             for classes in schema.paragraph_classes for choice in classes.choices}
    for row in classes_of(store, current["id"]):
        key = (row["class_set"], row["choice"])
        if page.start <= row["start"] < page.end and key in known \
                and not kept.hides("classes", row["start"]):
            found.setdefault(row["start"], []).append((*known[key], row))
    return found


def _failures(current: Row | None) -> list[dict[str, str]]:
    return list(json.loads(current["failures"])) if current else []


def _note_links(read: Document, pages: tuple[layout.Page, ...],
                document_id: int) -> list[str]:
    """Where each footnote stands."""
    return [url_for("documents.document", document_id=document_id,
                    page=layout.page_of(pages, note.start), _anchor=f"n{index}")
            for index, note in enumerate(read.footnotes)]
