"""Records as a table that can be sorted and filtered; a click leads back to the words."""
from __future__ import annotations

from typing import Any, Mapping

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import N_
from labels.records import FIELDS
from workbench.store import Row, Store
from workbench.store.derived import failures, record_counts, records
from workbench.store.documents import document_states
from workbench.web.context import get_store
from workbench.web.downloads import csv_table, json_lines
from workbench.web.following import behind
from workbench.web.keeping import records_for_me
from workbench.web.security import roles

blueprint = Blueprint("records", __name__)
PAGE = 100
KINDS = {
    "appointment": N_("Appointments"), "indicator": N_("Indicator facts"),
    "budget_line": N_("Budget lines"), "attendance": N_("Attendance"),
    "project": N_("Projects"), "finding": N_("Audit findings"),
}
FIELD_TITLES = {
    "action": N_("action"), "person": N_("person"), "post": N_("post"),
    "organisation": N_("organisation"), "meeting": N_("meeting"), "date": N_("date"),
    "indicator": N_("indicator"), "period": N_("period"), "value": N_("value"),
    "unit": N_("unit"), "change": N_("change"), "target": N_("target"),
    "completion": N_("completion"), "place": N_("place"), "source": N_("from"),
    "table": N_("table"), "class": N_("class (类)"), "section": N_("section (款)"),
    "item_code": N_("item (项)"), "item": N_("name of the item"), "column": N_("column"),
    "amount": N_("amount"), "expected": N_("expected"), "present": N_("present"),
    "absent": N_("absent"), "name": N_("name"), "investment": N_("investment"),
    "goal": N_("goal"), "progress": N_("progress"), "what": N_("what"),
    "body": N_("body concerned"),
    "rectification": N_("rectification"),
}
ACTIONS = {"appointed": N_("appointed"), "removed": N_("removed"), "resigned": N_("resigned"),
           "elected": N_("elected")}


@blueprint.get("/records")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    """``?kind=``, ``?document=ID``, ``?q=words``, ``?sort=field``, ``?down=1``, ``?page=N``."""
    store = get_store()
    document_id = request.args.get("document", type=int)
    counts = record_counts(store, document_id)
    kind = request.args.get("kind") or next((name for name in KINDS if counts.get(name)),
                                            next(iter(KINDS)))
    number = request.args.get("page", 1, type=int)
    if kind not in KINDS or number < 1:
        abort(404)
    found = _asked(store, kind)
    return render_template(
        "records/index.html", kinds=KINDS, kind=kind, fields=FIELDS[kind], titles=FIELD_TITLES,
        counts=counts, rows=found[(number - 1) * PAGE:number * PAGE], matching=len(found),
        words=_words(), sort=request.args.get("sort", ""), down=_down(), document_id=document_id,
        behind=behind(store, document_id), failures=failures(store, document_id),
        documents=document_states(store), said=_said, place=_place, number_of_page=number,
        last_page=max(1, -(-len(found) // PAGE)))


def _asked(store: Store, kind: str) -> list[Row]:
    """The records of a kind that the address asks for, in its order."""
    sort, words = request.args.get("sort", ""), _words()
    found = [row for row in records_for_me(records(
                 store, kind, request.args.get("document", type=int)))
             if _holds(row["content"], words)]
    if sort in FIELDS[kind]:
        known = [row for row in found if _said(row["content"].get(sort))]
        known.sort(key=lambda row: _order(row["content"][sort]), reverse=_down())
        return known + [row for row in found if not _said(row["content"].get(sort))]
    return found


def _words() -> str:
    return request.args.get("q", "").strip()


def _down() -> bool:
    return bool(request.args.get("down", type=int))


@blueprint.get("/records.<any(csv,jsonl):fmt>")
@roles("lead", "reviewer", "annotator")
def download(fmt: str) -> ResponseReturnValue:
    """All that the table shows, as ``records.jsonl`` (the shape of ``workbench records``) or
    ``records.csv``."""
    kind = request.args.get("kind") or next(iter(KINDS))
    if kind not in KINDS:
        abort(404)
    rows = _asked(get_store(), kind)
    if fmt == "jsonl":
        return json_lines(({name: value for name, value in row["content"].items()
                            if name != "start"} for row in rows), f"records-{kind}")
    return csv_table(("document", *FIELDS[kind], "start"), (
        (row["title"] or row["name"],
         *(_listed(row["content"].get(name)) for name in FIELDS[kind]), row["start"])
        for row in rows), f"records-{kind}")


def _listed(value: Any) -> Any:
    return "、".join(map(str, value)) if isinstance(value, list) else value


def _holds(content: Mapping[str, Any], words: str) -> bool:
    """Whether every one of the `words` stands in some field."""
    said = "\n".join(_said(content.get(name)) for name in FIELDS[content["record"]])
    return all(word in said for word in words.split())


def _order(value: Any) -> tuple[int, float, str]:
    """Numbers by size before texts."""
    said = _said(value)
    try:
        return 0, float(said), ""
    except ValueError:
        return 1, 0.0, said


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "" if value is None else str(_(ACTIONS[value]) if value in ACTIONS else value)


def _place(content: Mapping[str, Any], name: str) -> tuple[int, int] | None:
    """Where the field's words stand."""
    spans = content["spans"].get(name)
    if not spans:
        return None
    first = spans[0] if isinstance(spans[0], list) else spans
    return int(first[0]), int(first[1])
