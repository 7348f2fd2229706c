"""Changing the schema in the browser: the lead's half of its pages.

Every form puts typed changes into one draft, which is looked at as a dry run, saved with a reason,
and then taken to all answers in the background.
"""
from __future__ import annotations

import re
from typing import Any, Mapping, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from labels.errors import InputError, N_, SchemaError, WorkbenchError
from labels.schema_changes import (
    Add, Change, Edit, Explain, Merge, Remove, Rename, Split, change_to_json,
)
from workbench import jobs, schemas
from workbench.dry_run import dry_run
from workbench.migration import counted_there, migrate, require_reachable
from workbench.progress import Progress, Said
from workbench.project import Project
from workbench.store.schemas import drop_schema_draft, schema_draft
from workbench.web import schema as pages
from workbench.web.context import current_user, get_project, get_store
from workbench.web.following import derive_again
from workbench.web.i18n import translated
from workbench.web.security import roles

blueprint = Blueprint("schema_changes", __name__)
EDITABLE = ("label", "relation", "class", "choice")
_PARTS = re.compile(r"\s*[|｜]\s*")
JOB = "schema"

Given = Mapping[str, Any]


@blueprint.get("/schema/entries/<any(label,relation,class,choice):kind>/<name>")
@roles("lead")
def entry(kind: str, name: str) -> ResponseReturnValue:
    """All that can be done with an entry; of a choice ``?of=`` is its class set."""
    return _entry_page(kind, name, request.args.get("of", ""))


def _entry_page(kind: str, name: str, of: str, error: str = "", doing: str = "",
                given: Given | None = None, status: int = 200) -> ResponseReturnValue:
    store = get_store()
    shown = pages.look(store)
    fields = pages.given_of(shown, kind, name, of)
    if fields is None:
        abort(404)
    return render_template(
        "schema/entry.html", kind=kind, name=name, of=of, error=error, doing=doing,
        fields_given={**fields, **(given or {})} if doing == "edit" else fields,
        asked=given or {}, schema=shown.schema, guide=shown.guide, drafted=shown.drafted,
        others=_others(shown, kind, name, of), heading=pages.said_of(kind, name, of),
        **pages.shared(store)), status


def _others(shown: pages.Look, kind: str, name: str, of: str) -> list[Any]:
    """What the entry could be merged with."""
    rooms: Mapping[str, Sequence[Any]] = {
        "label": shown.schema.labels, "relation": shown.schema.relations,
        "choice": shown.schema.class_set(of).choices if kind == "choice" else (), "class": ()}
    return [one for one in rooms[kind] if one.name != name]


@blueprint.get("/schema/new/<any(label,relation,class,choice):kind>")
@roles("lead")
def new(kind: str) -> ResponseReturnValue:
    """The form of a new entry; of a choice ``?of=`` is its class set."""
    return _new_page(kind, request.args.get("of", ""))


def _new_page(kind: str, of: str, error: str = "", given: Given | None = None,
              status: int = 200) -> ResponseReturnValue:
    store = get_store()
    shown = pages.look(store)
    if kind == "choice" and of not in {one.name for one in shown.schema.classes}:
        abort(404)
    return render_template(
        "schema/new.html", kind=kind, of=of, error=error, given=given or {"color": "#3f1f5f"},
        schema=shown.schema, guide=shown.guide, drafted=shown.drafted,
        **pages.shared(store)), status


@blueprint.post("/schema/new/<any(label,relation,class,choice):kind>")
@roles("lead")
def add(kind: str) -> ResponseReturnValue:
    form, of = request.form, request.form.get("of", "")
    try:
        name = form.get("name", "").strip()
        wanted = _schema_fields(kind, form)
        if kind == "class":
            wanted = {**wanted, "choices": _choices(form.get("choices", ""))}
        changes: list[Change] = [Add(kind, name, wanted, of)]
        explained = {key: value for key, value in _guide_fields(kind, form).items() if value}
        if explained:
            changes.append(Explain(kind, name, explained, of))
        _into_draft(changes)
    except InputError as error:
        return _new_page(kind, of, translated(error), _kept(form), 400)
    flash(_("It stands in the draft."), "done")
    return redirect(url_for("schema.index", _anchor=name), 303)


def _choices(text: str) -> dict[str, list[str]]:
    """``name | 题 | Title`` a line."""
    found: dict[str, list[str]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = _PARTS.split(line)
        if len(parts) != 3:
            raise SchemaError(N_("a choice is written as: name | title | English title"))
        found[parts[0]] = parts[1:]
    return found


@blueprint.post("/schema/entries/<any(label,relation,class,choice):kind>/<name>/<doing>")
@roles("lead")
def change(kind: str, name: str, doing: str) -> ResponseReturnValue:
    """Put what a form says into the draft: edit, rename, merge, split, remove, value."""
    of = request.form.get("of", "")
    makers = {"edit": _edit, "rename": _rename, "merge": _merge, "split": _split,
              "remove": _remove, "value": _value}
    if doing not in makers:
        abort(404)
    try:
        changes = makers[doing](kind, name, of, request.form)
        if not changes:
            flash(_("Nothing was changed."), "note")
            return redirect(url_for("schema_changes.entry", kind=kind, name=name, of=of or None),
                            303)
        _into_draft(changes)
    except InputError as error:
        return _entry_page(kind, name, of, translated(error), doing, _kept(request.form), 400)
    flash(_("It stands in the draft."), "done")
    return redirect(url_for("schema_changes.draft"), 303)


def _kept(form: MultiDict[str, str]) -> dict[str, Any]:
    """What was typed, for the form that is shown again."""
    return {**form.to_dict(), "from": form.getlist("from"), "to": form.getlist("to"),
            "with": form.getlist("with"), "multiple": form.get("multiple") == "1"}


def _into_draft(changes: list[Change]) -> None:
    schemas.edit(get_store(), current_user()["name"], *changes)


def _schema_fields(kind: str, form: MultiDict[str, str]) -> dict[str, Any]:
    """What of a form stands in the schema."""
    keys = {"label": ("title", "title_en", "code", "color", "hotkey", "guide"),
            "relation": ("title", "title_en"), "class": ("title", "title_en"),
            "choice": ("title", "title_en")}[kind]
    found: dict[str, Any] = {key: form.get(key, "").strip() for key in keys}
    if kind == "label":
        found["color"] = found["color"].lower()
    if kind == "relation":
        directions = form.get("directions", "").split()
        found.update({"from": form.getlist("from"), "to": form.getlist("to"),
                      "attributes": {"direction": directions} if directions else {}})
    if kind == "class":
        found["multiple"] = form.get("multiple") == "1"
    return found


def _guide_fields(kind: str, form: MultiDict[str, str]) -> dict[str, Any]:
    """What of a form stands in the guide."""
    def lines(key: str) -> list[str]:
        return [line.strip() for line in form.get(key, "").splitlines() if line.strip()]

    found: dict[str, Any] = {"rule": form.get("rule", "").strip()}
    if kind == "label":
        found.update(yes=lines("yes"), no=[_PARTS.split(line, 1) for line in lines("no")],
                     decisions=lines("decisions"))
    elif kind == "relation":
        found.update(yes=[_PARTS.split(line) for line in lines("yes")],
                     decisions=lines("decisions"))
    elif kind == "choice":
        found["example"] = form.get("example", "").strip()
    return found


def _edit(kind: str, name: str, of: str, form: MultiDict[str, str]) -> list[Change]:
    known = pages.given_of(pages.look(get_store()), kind, name, of)
    if known is None:
        abort(404)
    before = MultiDict([(key, one) for key, value in known.items()
                        for one in (value if isinstance(value, list) else
                                    ["1" if value is True else "" if value is False else value])])
    changes: list[Change] = []
    new_fields, old_fields = _schema_fields(kind, form), _schema_fields(kind, before)
    changed = {key: value for key, value in new_fields.items() if value != old_fields[key]}
    if changed:
        changes.append(Edit(kind, name, changed, of))
    new_guide, old_guide = _guide_fields(kind, form), _guide_fields(kind, before)
    if new_guide != old_guide:
        # Of a choice the guide has two texts that go together.
        told = new_guide if kind == "choice" else {
            key: value for key, value in new_guide.items() if value != old_guide[key]}
        changes.append(Explain(kind, name, told, of))
    return changes


def _rename(kind: str, name: str, of: str, form: MultiDict[str, str]) -> list[Change]:
    return [Rename(kind, name, form.get("to", "").strip(), of)]


def _merge(kind: str, name: str, of: str, form: MultiDict[str, str]) -> list[Change]:
    names = (name, *form.getlist("with"))
    return [Merge(kind, names, form.get("into", "").strip() or name, of)]


def _split(kind: str, name: str, of: str, form: MultiDict[str, str]) -> list[Change]:
    """The first part keeps the entry; the second is a new one like it."""
    first, second = form.get("first", "").strip() or name, form.get("name", "").strip()
    entry: dict[str, Any] = {key: value for key, value in _schema_fields(kind, form).items()
                             if key not in ("from", "to", "attributes")}
    if kind == "relation":
        known = pages.given_of(pages.look(get_store()), kind, name, of) or {}
        directions = str(known.get("directions", "")).split()
        entry.update({"from": known.get("from"), "to": known.get("to"),
                      "attributes": {"direction": directions} if directions else {}})
    if kind == "choice":
        entry = {key: entry[key] for key in ("title", "title_en")}
    return [Split(kind, name, {first: {}, second: entry}, of)]


def _remove(kind: str, name: str, of: str, form: MultiDict[str, str]) -> list[Change]:
    return [Remove(kind, name, of)]


def _value(kind: str, name: str, of: str, form: MultiDict[str, str]) -> list[Change]:
    """Another name for a direction of a relation."""
    return [Rename("value", form.get("value", ""), form.get("to", "").strip(), name)]


@blueprint.post("/schema/general")
@roles("lead")
def general() -> ResponseReturnValue:
    """The title of the schema and the rules for all labels."""
    shown = pages.look(get_store())
    texts = [line.strip() for line in request.form.get("general", "").splitlines()
             if line.strip()]
    titles = {key: request.form.get(key, "").strip() for key in ("title", "title_en")}
    changes: list[Change] = []
    changed = {key: value for key, value in titles.items() if value != getattr(shown.schema, key)}
    if changed:
        changes.append(Edit("schema", "", changed))
    if texts != list(shown.guide.general):
        changes.append(Explain("general", "", {"general": texts}))
    try:
        if changes:
            _into_draft(changes)
            flash(_("It stands in the draft."), "done")
    except InputError as error:
        flash(translated(error), "error")
    return redirect(url_for("schema.index", _anchor="general"), 303)


# --- the draft -----------------------------------------------------------------------------------

@blueprint.get("/schema/draft")
@roles("lead")
def draft() -> ResponseReturnValue:
    """The draft with what it would touch; ``?there=1`` asks Label Studio too."""
    store = get_store()
    begun, found, error = schema_draft(store), None, ""
    if begun is not None:
        try:
            way = schemas.way_of_changes(store, schemas.drafted_changes(store))
            found = dry_run(store, way)
            if request.args.get("there") == "1":
                found.there = counted_there(get_project(), way)
        except WorkbenchError as caught:
            error = translated(caught)
    shown = pages.look(store)
    return render_template("schema/draft.html", schema=shown.schema, found=found, error=error,
                           drafted=shown.drafted, fates=FATES, **pages.shared(store))


FATES = {
    "span unsure": N_("labels that were split: somebody has to look"),
    "span dropped": N_("labels that are removed"), "span merged": N_("labels that become one"),
    "span missing": N_("labels that cannot be put back for certain"),
    "relation unsure": N_("relations that were split: somebody has to look"),
    "relation dropped": N_("relations that go"), "relation merged": N_("relations that become one"),
    "relation odd": N_("relations that may not connect their ends any more"),
    "relation missing": N_("relations that cannot be put back for certain"),
    "choice unsure": N_("choices that were split: somebody has to look"),
    "choice dropped": N_("choices that are removed"),
    "choice merged": N_("choices that become one"),
    "choice crowded": N_("paragraphs with more choices than one may have"),
    "choice missing": N_("choices that cannot be put back for certain"),
}


@blueprint.post("/schema/draft/remove")
@roles("lead")
def take_out() -> ResponseReturnValue:
    place = request.form.get("place", type=int)
    if place is None:
        abort(400)
    try:
        schemas.take_out(get_store(), current_user()["name"], place)
    except InputError as error:
        flash(translated(error), "error")
    return redirect(url_for("schema_changes.draft"), 303)


@blueprint.post("/schema/draft/drop")
@roles("lead")
def drop() -> ResponseReturnValue:
    drop_schema_draft(get_store())
    flash(_("The draft was dropped; the schema is as it was."), "done")
    return redirect(url_for("schema.index"), 303)


@blueprint.post("/schema/draft/save")
@roles("lead")
def save() -> ResponseReturnValue:
    try:
        require_reachable(get_project())
        version = schemas.save_draft(get_store(), request.form.get("why", ""),
                                     current_user()["name"])
    except WorkbenchError as error:
        flash(translated(error), "error")
        return redirect(url_for("schema_changes.draft"), 303)
    return _run(version)


@blueprint.get("/schema/back")
@roles("lead")
def undo() -> ResponseReturnValue:
    """What going back to ``?version=N`` would touch, and the button that does it."""
    store, version = get_store(), request.args.get("version", -1, type=int)
    try:
        way = schemas.way_back(store, version)
    except InputError as error:
        flash(translated(error), "error")
        return redirect(url_for("schema.history"))
    changes = [{**change_to_json(one), "place": place} for place, one in enumerate(
        schemas.between(store, way.old.number, version))]
    found = dry_run(store, way)
    if request.args.get("there") == "1":
        found.there = counted_there(get_project(), way)
    return render_template("schema/back.html", target=version, found=found, changes=changes,
                           schema=way.old.schema, drafted=False, fates=FATES,
                           **pages.shared(store))


@blueprint.post("/schema/back")
@roles("lead")
def back() -> ResponseReturnValue:
    """Make the version that ``version`` says count again (0: the schema as it came)."""
    version = request.form.get("version", type=int)
    if version is None:
        abort(400)
    try:
        require_reachable(get_project())
        made = schemas.go_back(get_store(), version, request.form.get("why", ""),
                               current_user()["name"])
    except WorkbenchError as error:
        flash(translated(error), "error")
        return redirect(url_for("schema.history"), 303)
    return _run(made)


@blueprint.post("/schema/resume")
@roles("lead")
def resume() -> ResponseReturnValue:
    """Go on with a migration that was interrupted."""
    start_migration(get_project())
    return redirect(url_for("schema.history"), 303)


def _run(version: int) -> ResponseReturnValue:
    start_migration(get_project())
    flash(_("Version %(version)s is being taken to all answers.", version=version), "done")
    return redirect(url_for("schema.history"), 303)


def start_migration(project: Project) -> bool:
    """Run the migration of the newest version in the background."""
    def work(progress: Progress) -> Said:
        said = migrate(project, progress)
        derive_again(project)
        return said
    return jobs.start(project, JOB, work)
