"""What is told of releases: the report as a page and as files, and how two releases differ."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from labels.errors import InputError, N_
from labels.gold import SPLITS
from labels.grouping import TIE_TITLES
from labels.release_diff import compare
from workbench.files import write_atomically
from workbench.project import Project
from workbench.release_card import card, length_names, percent
from workbench.release_report import Report, report, report_to_json
from workbench.store.gold import releases, whole_release
from workbench.store.withdrawals import release_notes
from workbench.web.context import get_project, get_store
from workbench.web.i18n import SPLIT_TITLES
from workbench.web.security import roles

blueprint = Blueprint("release_report", __name__)
KINDS = {"html": "text/html", "md": "text/markdown", "json": "application/json"}
LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
SPAN_CHANGES = 200
CHANGE_TITLES = {"added": N_("added"), "removed": N_("taken away"),
                 "relabelled": N_("another label"), "moved": N_("another boundary")}
SCHEMA_TITLES = {
    "labels added": N_("labels added"), "labels removed": N_("labels removed"),
    "relations added": N_("relations added"), "relations removed": N_("relations removed"),
    "classes added": N_("classes added"), "classes removed": N_("classes removed"),
    "schema changed": N_("schema"),
}


@blueprint.get("/releases/<int:number>/report")
@roles("lead", "reviewer")
def page(number: int) -> ResponseReturnValue:
    found = report(get_store(), get_project().pack(), number)
    return render_template("releases/report.html", **_shown(found))


@blueprint.get("/releases/<int:number>/report.<any(html,md,json):kind>")
@roles("lead", "reviewer")
def download(number: int, kind: str) -> ResponseReturnValue:
    content = _written(report(get_store(), get_project().pack(), number), kind)
    return Response(content, content_type=f"{KINDS[kind]}; charset=utf-8", headers={
        "Content-Disposition": f"attachment; filename=release-{number}.{kind}"})


@blueprint.get("/releases/compare")
@roles("lead", "reviewer")
def differences() -> ResponseReturnValue:
    """Two releases named in the address; without them the last two."""
    store = get_store()
    numbers = [row["number"] for row in releases(store)]
    first, second = (request.args.get(name, type=int) for name in ("first", "second"))
    second = second or max(numbers, default=0)
    first = first or max((number for number in numbers if number < second), default=second)
    diff = None
    if numbers:
        diff = compare(whole_release(store, first), whole_release(store, second))
    return render_template(
        "releases/compare.html", diff=diff, numbers=sorted(numbers), first=first, second=second,
        notes=release_notes(store, second), shown=SPAN_CHANGES, change_titles=CHANGE_TITLES,
        schema_titles=SCHEMA_TITLES, split_titles=SPLIT_TITLES, tie_titles=TIE_TITLES)


def write_report(project: Project, number: int, output: Path, language: str) -> None:
    """Write the report as the suffix of `output` says; raises InputError for another suffix."""
    from workbench.web import create_app
    kind = output.suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise InputError(N_("%(file)s does not say what to write"), file=output.name,
                         hint=N_("end it in .html, .md or .json"))
    app = create_app(project)
    with app.test_request_context("/"), force_locale(LANGUAGES[language]):
        found = report(get_store(), project.pack(), number)
        content = _written(found, kind)
    with write_atomically(output) as handle:
        handle.write(content)


def _written(found: Report, kind: str) -> str:
    if kind == "md":
        return card(found)
    if kind == "json":
        return json.dumps(report_to_json(found), ensure_ascii=False, indent=1) + "\n"
    with current_app.open_resource("static/app.css", "r", encoding="utf-8") as style:
        return render_template("releases/report_file.html", style=style.read(),
                               **_shown(found))


def _shown(found: Report) -> dict[str, Any]:
    return {"report": found, "release": found.release, "figures": found.figures,
            "splits": SPLITS, "split_titles": SPLIT_TITLES, "schema": get_project().pack().schema,
            "length_names": length_names(), "percent": percent, "tie_titles": TIE_TITLES}
