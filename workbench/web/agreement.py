"""How far people agree, and how each works. Pace is shown to the lead only; nobody is ranked."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template
from flask.typing import ResponseReturnValue

from workbench.review.agreement import HEAD, agreement, agreement_to_json, told
from workbench.review.pace import LENGTHS, Pace, paces
from workbench.review.pairs import DISTANCES
from workbench.store import Store
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.downloads import csv_table
from workbench.web.i18n import Titled
from workbench.web.security import roles

blueprint = Blueprint("agreement", __name__)
# What the picture of time against length holds: the task of that many characters or seconds, and
# longer ones, stand at its edge.
WIDEST = 1500
SLOWEST = 900


@blueprint.get("/agreement")
@roles("lead", "reviewer")
def index() -> ResponseReturnValue:
    store, schema = get_store(), get_project().pack().schema
    found = agreement(store, schema)
    titles: dict[str, Titled] = {one.name: one for one in schema.classes}
    titles.update((one.name, one) for one in schema.relations)
    titles.update((one.name, one) for one in schema.labels)
    return render_template(
        "agreement/index.html", found=found, schema=schema, css_name=css_name, titles=titles,
        types={choice.name: choice for classes in schema.classes if classes.name == "type"
               for choice in classes.choices},
        sets=[classes for classes in schema.paragraph_classes],
        choices={(classes.name, choice.name): choice for classes in schema.classes
                 for choice in classes.choices},
        confused=_confused(found.labels), distances=DISTANCES, paces=_paces(store),
        lengths=LENGTHS, widest=WIDEST, slowest=SLOWEST)


def _paces(store: Store) -> tuple[Pace, ...]:
    return paces(store) if current_user()["role"] == "lead" else ()


def _confused(labels: Any) -> list[tuple[str, str, int, float]]:
    """(label, other or "" for nothing, how often, share of all spans of both), worst first."""
    each: dict[str, int] = {}
    for (one, other), n in labels.items():
        for name in {one, other}:
            each[name] = each.get(name, 0) + n
    rows = [(one or other, other if one else "", n, n / (each[one or other] + (
        each[other] if one else 0) - n)) for (one, other), n in labels.items() if one != other]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))[:30]


@blueprint.get("/agreement.<any(csv,json):fmt>")
@roles("lead", "reviewer")
def download(fmt: str) -> ResponseReturnValue:
    """All figures: ``agreement.csv`` (one a line) or ``agreement.json`` (the confusions too)."""
    found = agreement(get_store(), get_project().pack().schema)
    if fmt == "csv":
        return csv_table(HEAD, told(found), "agreement")
    if fmt != "json":
        abort(404)
    answer: Response = jsonify(agreement_to_json(found))
    answer.headers["Content-Disposition"] = "attachment; filename=agreement.json"
    return answer
