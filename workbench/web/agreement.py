"""How far people agree, and how each works. Pace is shown to the lead only; nobody is ranked."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping, Sequence

from flask import Blueprint, Response, abort, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.schema import Schema
from workbench.review.agreement import (
    HEAD, Agreement, agreement, agreement_to_json, told,
)
from workbench.review.pace import LENGTHS, Pace, paces
from workbench.review.pairs import DISTANCES
from workbench.store import Store
from workbench.store.review import answers_stamp
from workbench.web import charts
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_project, get_store
from workbench.web.downloads import csv_table
from workbench.web.i18n import Titled
from workbench.web.security import roles

blueprint = Blueprint("agreement", __name__)
# What the picture of time against length holds: the task of that many characters or seconds, and
# longer ones, stand at its edge; and so many of them.
WIDEST = 1500
SLOWEST = 900
MOST_POINTS = 400


@blueprint.get("/agreement")
@roles("lead", "reviewer")
def index() -> ResponseReturnValue:
    store, schema = get_store(), get_project().pack().schema
    found, known = _agreement(store, schema), _paces(store)
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
        confused=_confused(found.labels), matrix=_matrix(found.labels, schema.label_names),
        distances=DISTANCES, moved=_moved(found, schema), lengths=LENGTHS, paces=known,
        over_time=_over_time(found), time_plot=_time_plot, slowest=_slowest(known))


# The last figures of a project, by its database: working them out takes seconds where there are
# thousands of regions.
_KNOWN: dict[Path, tuple[str, Agreement]] = {}


def _agreement(store: Store, schema: Schema) -> Agreement:
    stamp = f"{schema.hash} {answers_stamp(store)}"
    known = _KNOWN.get(store.path)
    if known is None or known[0] != stamp:
        known = _KNOWN[store.path] = (stamp, agreement(store, schema))
    return known[1]


def _paces(store: Store) -> tuple[Pace, ...]:
    return paces(store) if current_user()["role"] == "lead" else ()


def _over_time(found: Agreement) -> Any:
    """F1 by week; None where there is but one."""
    weeks = found.weeks[-26:]
    if len(weeks) < 2:
        return None
    return charts.over_time(
        [week.name[5:] for week in weeks],
        [[charts.Mark(one.value, one.low, one.high) for one in (
            getattr(week, name) for week in weeks)] for name in ("exact", "overlap")],
        _("F1 of spans by week, from 0 to 1; the figures stand in the table"))


def _time_plot(one: Pace, slowest: float) -> Any:
    """Seconds against characters of one person, with the line through them."""
    return charts.scatter(
        one.points[-MOST_POINTS:], (one.line.start, one.line.each) if one.line else None, WIDEST,
        slowest, _("Seconds against characters of the tasks of %(name)s", name=one.person),
        (_("length in characters"), _("seconds")))


def _slowest(found: Sequence[Pace]) -> float:
    """Where the axis of seconds ends, for all people alike."""
    longest = [seconds for one in found for _length, seconds in one.points]
    return min(SLOWEST, max(longest, default=SLOWEST) * 1.05)


def _moved(found: Agreement, schema: Schema) -> list[dict[str, Any]]:
    """By label, in the order of the schema: of how many spans that stand for each other the borders
    differ, and by how much the start, the end."""
    rows = []
    known = {name: place for place, name in enumerate(schema.label_names)}
    for label in sorted({label for label, _, _ in found.borders},
                        key=lambda name: (known.get(name, len(known)), name)):
        starts, ends = [0] * len(DISTANCES), [0] * len(DISTANCES)
        for (name, start, end), n in found.borders.items():
            if name == label:
                starts[start] += n
                ends[end] += n
        rows.append({"label": label, "of": found.labels.get((label, label), 0),
                     "differ": sum(starts), "starts": starts, "ends": ends})
    return rows


def _matrix(labels: Mapping[tuple[str, str], int], known: Sequence[str]) -> Any:
    """Names of rows and columns, and (count, heat) of each two; "" (nothing) is the last name.

    Whose answer is which says nothing, so both halves are the same.
    """
    seen = {name for pair in labels for name in pair if name}
    names = [*(name for name in known if name in seen), *sorted(seen - set(known)), ""]
    both = {pair[::way]: n for pair, n in labels.items() for way in (1, -1)}
    totals = {one: sum(n for pair, n in both.items() if pair[0] == one) for one in names}

    def heat(one: str, other: str) -> int:
        share = both.get((one, other), 0) / (totals[one] or 1)
        return 0 if one == other else sum(share >= edge for edge in (0.02, 0.1, 0.25))
    return names, {one: [(both.get((one, other), 0), heat(one, other)) for other in names]
                   for one in names}


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
    found = _agreement(get_store(), get_project().pack().schema)
    if fmt == "csv":
        return csv_table(HEAD, told(found), "agreement")
    if fmt != "json":
        abort(404)
    answer: Response = jsonify(agreement_to_json(found))
    answer.headers["Content-Disposition"] = "attachment; filename=agreement.json"
    return answer
