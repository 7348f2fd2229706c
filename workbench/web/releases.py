"""Gold: settle it, freeze it into releases, take them away in any format."""
from __future__ import annotations

import importlib.util
import shutil
import tempfile
import threading
import zipfile
from collections import Counter
from pathlib import Path
from typing import IO, Any, Callable

from flask import (
    Blueprint, abort, flash, redirect, render_template, request, send_file, url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import exporters
from labels.errors import WorkbenchError
from labels.gold import GoldRelease, SPLITS
from labels.grouping import TIE_TITLES
from workbench import grouping, jobs, settling, stages, withdrawing
from workbench.progress import Progress, Said
from workbench.project import Project, make_private
from workbench.review import holding
from workbench.store.gold import count_older, load_release, releases, settled_regions
from workbench.store.tasks import task_counts
from workbench.store.withdrawals import withdrawn
from workbench.web.context import current_user, get_project, get_store
from workbench.web.following import suggest_again
from workbench.web.home import running
from workbench.web.i18n import CARRIED, SPLIT_TITLES, translated
from workbench.web.release_report import report_files
from workbench.web.security import roles

blueprint = Blueprint("releases", __name__)
# Two downloads of one export at a time would write the same folder.
_exporting = threading.Lock()


@blueprint.get("/releases")
@roles("lead", "reviewer")
def index() -> ResponseReturnValue:
    store = get_store()
    return render_template("releases/index.html", releases=releases(store),
                           counts=task_counts(store), settled=len(settled_regions(store)),
                           withdrawn=withdrawn(store), ties=TIE_TITLES,
                           held=len(holding.held(store)), older=count_older(store),
                           activities=[one for one in running(store)
                                       if one["name"] in ("settle", "freeze")],
                           asked=grouping.ties_asked(store))


@blueprint.get("/releases/<int:number>")
@roles("lead", "reviewer")
def release(number: int) -> ResponseReturnValue:
    found = _release(number)
    row = next(entry for entry in releases(get_store()) if entry["number"] == number)
    formats = exporters.formats()
    return render_template(
        "releases/release.html", release=found, row=row, carried=CARRIED, splits=SPLITS,
        split_titles=SPLIT_TITLES, sizes={name: len(found.split(name)) for name in SPLITS},
        labels=Counter(span.label for region in found.regions for span in region.spans),
        schema=get_project().pack().schema, documents=_documents(found),
        withdrawn={row["document"] for row in withdrawn(get_store())},
        formats=[(fmt, _installed(fmt)) for _name, fmt in sorted(formats.items())])


@blueprint.post("/releases/settle")
@roles("lead")
def settle() -> ResponseReturnValue:
    """Begin to settle; the page shows how far it is, and what it came to."""
    return _start("settle", settling.settle_project, _("Settling has begun."))


@blueprint.post("/releases/freeze")
@roles("lead")
def freeze() -> ResponseReturnValue:
    """Begin to freeze a release; the page shows what it came to."""
    return _start("freeze", settling.freeze_project, _("Freezing has begun."))


def _start(name: str, work: Callable[[Project, str, Progress], Said],
           begun: str) -> ResponseReturnValue:
    project, by = get_project(), current_user()["name"]
    if jobs.start(project, name, lambda progress: work(project, by, progress)):
        flash(begun, "done")
    else:
        flash(_("That is going on already."), "note")
    return redirect(url_for("releases.index"), 303)


@blueprint.post("/releases/ties")
@roles("lead")
def ties() -> ResponseReturnValue:
    """What keeps documents together from the next release on."""
    try:
        grouping.ask_ties(get_store(), request.form.getlist("tie"))
    except WorkbenchError as error:
        flash(translated(error), "error")
    else:
        flash(_("Kept. It counts from the next release on; no document leaves its group."), "done")
    return redirect(url_for("releases.index"), 303)


@blueprint.post("/releases/withdraw")
@roles("lead")
def withdraw() -> ResponseReturnValue:
    """Leave a document out of later releases, or (without a reason, `undo`) let it in again."""
    name, by = request.form.get("document", ""), current_user()["name"]
    try:
        if "undo" in request.form:
            withdrawing.take_back(get_store(), name, by)
            suggest_again(get_project())
            flash(_("Later releases hold %(name)s again.", name=name), "done")
        else:
            withdrawing.withdraw(get_store(), name, request.form.get("why", ""), by)
            suggest_again(get_project())
            flash(_("Later releases leave %(name)s out; the next one tells it.", name=name), "done")
    except WorkbenchError as error:
        flash(translated(error), "error")
    number = request.form.get("number", type=int)
    if number is None:
        return redirect(url_for("releases.index"), 303)
    return redirect(url_for("releases.release", number=number), 303)


@blueprint.get("/releases/<int:number>/<fmt>.zip")
@roles("lead", "reviewer")
def download(number: int, fmt: str) -> ResponseReturnValue:
    """One format of a release as a zip; exported once, then kept in the project's folder.

    What was changed there since is thrown away and made anew."""
    found = _release(number)
    if fmt not in exporters.formats():
        abort(404)
    name = f"release-{number}-{fmt}"
    folder = get_project().exports_folder / name
    make_private(folder.parent)
    with _exporting:
        papers = report_files(get_project(), number)
        if not exporters.is_export(folder, found, fmt, lambda: papers):
            if not exporters.is_replaceable(folder):
                shutil.rmtree(folder)
            stages.export_release(get_store(), number, fmt, folder, lambda: papers)
        archive = _zip(folder, name)
    return send_file(archive, mimetype="application/zip", as_attachment=True,
                     download_name=f"{name}.zip")


def _release(number: int) -> GoldRelease:
    found = load_release(get_store(), number)
    if found is None:
        abort(404)
    return found


def _documents(found: GoldRelease) -> list[dict[str, Any]]:
    """The documents of a release: name, group, split, how many regions and spans."""
    rows: dict[str, dict[str, Any]] = {}
    for region in found.regions:
        row = rows.setdefault(region.document, {
            "name": region.document, "group": region.group, "split": region.split, "regions": 0,
            "spans": 0})
        row["regions"] += 1
        row["spans"] += len(region.spans)
    return list(rows.values())


def _zip(folder: Path, name: str) -> IO[bytes]:
    archive = tempfile.TemporaryFile()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                bundle.write(path, f"{name}/{path.relative_to(folder).as_posix()}")
    archive.seek(0)
    return archive


def _installed(fmt: exporters.Format) -> bool:
    return not fmt.package or importlib.util.find_spec(fmt.package) is not None
