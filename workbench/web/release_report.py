"""What is told of releases: the report as a page and as files, and how two releases differ."""
from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any, ContextManager

from flask import (
    Blueprint, Response, current_app, flash, has_request_context, redirect, render_template,
    request, url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, gettext as _

from labels.errors import InputError, N_
from labels.gold import SPLITS
from labels.grouping import TIE_TITLES
from labels.release_diff import compare
from labels.schema import Schema
from labels.splits import SHARES
from workbench.files import write_atomically
from workbench.project import Project
from workbench.release_card import card, length_names, percent
from workbench.release_report import Report, kept_report, report_to_json
from workbench.store.gold import releases, whole_release
from workbench.store.withdrawals import release_notes
from workbench.web import charts
from workbench.web.context import get_project, get_store
from workbench.web.i18n import SPLIT_TITLES, title_of
from workbench.web.security import roles

blueprint = Blueprint("release_report", __name__)
KINDS = {"html": "text/html", "md": "text/markdown", "json": "application/json"}
LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
REPORT_NAMES = {"zh": "report.html", "en": "report.en.html"}  # beside exported files
SPAN_CHANGES = 200
CHANGE_TITLES = {"added": N_("added"), "removed": N_("taken away"),
                 "relabelled": N_("another label"), "moved": N_("another boundary")}
SCHEMA_TITLES = {
    "labels added": N_("labels added"), "labels removed": N_("labels removed"),
    "relations added": N_("relations added"), "relations removed": N_("relations removed"),
    "classes added": N_("classes added"), "classes removed": N_("classes removed"),
    "schema changed": N_("schema"),
}

# Groups of agreement: title, what a row is of, and (name, title) of what is measured.
AGREEMENT = (
    ("span", N_("Spans"), N_("Label"), (
        ("F1", N_("F1, the same")), ("F1 overlapping", N_("F1, overlapping")),
        ("alpha of characters", N_("α of characters")))),
    ("relation", N_("Relations"), N_("Relation"), (
        ("F1", N_("F1, the same")), ("F1 overlapping", N_("F1, overlapping")))),
    ("class", N_("Paragraph classes"), N_("Class"), (
        ("share the same", N_("The same")), ("alpha", N_("Krippendorff's α")))),
)


@blueprint.get("/releases/<int:number>/report")
@roles("lead", "reviewer")
def page(number: int) -> ResponseReturnValue:
    found = kept_report(get_store(), get_project().pack(), number)
    return render_template("releases/report.html", due=found.due, **_shown(found.report))


@blueprint.post("/releases/<int:number>/report")
@roles("lead")
def anew(number: int) -> ResponseReturnValue:
    """Count the figures again; the report that was kept is forgotten."""
    kept_report(get_store(), get_project().pack(), number, anew=True)
    flash(_("The figures of the report were counted anew."), "done")
    return redirect(url_for("release_report.page", number=number), 303)


@blueprint.get("/releases/<int:number>/report.<any(html,md,json):kind>")
@roles("lead", "reviewer")
def download(number: int, kind: str) -> ResponseReturnValue:
    content = _written(kept_report(get_store(), get_project().pack(), number).report, kind)
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
        notes=[(number, release_notes(store, number)) for number in sorted(numbers)
               if min(first, second) < number <= max(first, second)],
        schema=get_project().pack().schema, shown=SPAN_CHANGES, change_titles=CHANGE_TITLES,
        schema_titles=SCHEMA_TITLES, split_titles=SPLIT_TITLES, tie_titles=TIE_TITLES)


def write_report(project: Project, number: int, output: Path, language: str,
                 again: bool = False) -> bool:
    """Write the report as the suffix of `output` says. Whether it is due, see `Kept`.

    Raises InputError for another suffix, ExportError as `kept_report`.
    """
    kind = output.suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise InputError(N_("%(file)s does not say what to write"), file=output.name,
                         hint=N_("end it in .html, .md or .json"))
    with _app(project), force_locale(LANGUAGES[language]):
        found = kept_report(get_store(), project.pack(), number, again)
        content = _written(found.report, kind)
    with write_atomically(output) as handle:
        handle.write(content)
    return found.due


def report_files(project: Project, number: int) -> dict[str, str]:
    """What goes with the files of a release, by name: the report as a page in both languages, and
    the card. The same as long as the report is kept; quick, once it is. Raises as `kept_report`."""
    with _app(project):
        found = kept_report(get_store(), project.pack(), number).report
        pages = {}
        for language, locale in LANGUAGES.items():
            with force_locale(locale):
                pages[REPORT_NAMES[language]] = _written(found, "html")
        return {**pages, "README.md": card(found)}


def _app(project: Project) -> ContextManager[Any]:
    """That of the page that is being made; an own one outside of any."""
    if has_request_context():
        return nullcontext()
    from workbench.web import create_app
    return create_app(project).test_request_context("/")


def _written(found: Report, kind: str) -> str:
    if kind == "md":
        return card(found)
    if kind == "json":
        return json.dumps(report_to_json(found), ensure_ascii=False, indent=1) + "\n"
    with current_app.open_resource("static/app.css", "r", encoding="utf-8") as style:
        return render_template("releases/report_file.html", style=style.read(),
                               **_shown(found))


def _shown(found: Report) -> dict[str, Any]:
    schema = get_project().pack().schema
    return {"report": found, "release": found.release, "figures": found.figures,
            "splits": SPLITS, "split_titles": SPLIT_TITLES,
            "agreement_tables": AGREEMENT, "titles": _titles(schema),
            "length_names": length_names(), "percent": percent, "shares": SHARES,
            "columns": charts.columns, "tie_titles": TIE_TITLES,
            "tie_names": ", ".join(gettext(TIE_TITLES[tie]) for tie in found.ties),
            "lengths_told": ", ".join(f"{name}: {count}" for name, count in zip(
                length_names(), found.figures.lengths))}


def _titles(schema: Schema) -> dict[str, str]:
    """Of labels, relations and classes (``set``, ``set=choice``, ``set: choice``), in the language
    of the page."""
    titles = {one.name: title_of(one) for one in schema.relations}
    titles |= {one.name: title_of(one) for one in schema.labels}
    for classes in schema.classes:
        titles.setdefault(classes.name, title_of(classes))
        for choice in classes.choices:
            titles[f"{classes.name}={choice.name}"] = title_of(choice)
            titles[f"{classes.name}: {choice.name}"] = title_of(choice)
    return titles
