"""The schema as pages: what is marked, how the labelling page looks, and what changed when."""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import N_
from labels.guide import Guide, Pieces
from labels.schema import RelationType, Schema
from labels.naming import directions_of
from labels.schema_changes import change_from_json, change_to_json
from workbench import schemas
from workbench.effective import newest_version
from workbench.store import Store
from workbench.store.conflicts import conflict_counts
from workbench.store.schemas import (
    DONE, end_reviewed, newest_schema, schema_draft, schema_versions,
)
from workbench.studio.mapping import labeling_config
from workbench.web.colors import css_name
from workbench.web.context import current_user, get_store
from workbench.web.home import running
from workbench.web.security import roles

blueprint = Blueprint("schema", __name__)

KIND_TITLES = {"label": N_("Label"), "relation": N_("Relation"), "class": N_("Class set"),
               "choice": N_("Choice"), "value": N_("Direction"), "schema": N_("Schema"),
               "general": N_("General rules")}
FIELD_TITLES = {"title": N_("Title"), "title_en": N_("English title"), "code": N_("Code"),
                "color": N_("Colour"), "hotkey": N_("Key"), "guide": N_("Hint"),
                "from": N_("Leads from"), "to": N_("Leads to"), "attributes": N_("Directions"),
                "multiple": N_("Several may be chosen"), "unit": N_("Asked of"),
                "choices": N_("Choices"), "rule": N_("Rule"), "yes": N_("Examples"),
                "no": N_("Not marked"), "decisions": N_("Settled doubts"),
                "example": N_("Example"), "general": N_("General rules"), "edges": N_("Edges")}


@dataclass(frozen=True, slots=True)
class Look:
    """The schema that a page shows: with the draft, where there is one and the lead looks."""

    schema: Schema
    guide: Guide
    drafted: bool


def look(store: Store) -> Look:
    newest = newest_version(store)
    changes = schemas.drafted_changes(store) if current_user()["role"] == "lead" else []
    if not changes:
        return Look(newest.schema, newest.guide, False)
    made = schemas.with_changes(store, changes)
    return Look(made.schema, made.guide, True)


def shared(store: Store) -> dict[str, Any]:
    """What all pages of the schema show around themselves."""
    end_reviewed(store)
    newest = newest_schema(store)
    begun = schema_draft(store)
    return {
        "css_name": css_name, "version": newest["version"], "step": newest["step"],
        "applying": newest["step"] != DONE, "review": conflict_counts(store).get("schema", 0),
        "draft": begun and {**begun, "changes": told_changes(begun["changes"])},
        "directions_of": directions_of, "kinds": KIND_TITLES, "fields": FIELD_TITLES,
        "activities": [one for one in running(store) if one["name"] == "schema"
                       and (one["state"] != "done" or newest["step"] != DONE)]}


def told_changes(lines: str) -> list[dict[str, Any]]:
    """Changes as the template tells them: their JSON, with `place`, their number from 0."""
    return [{**change_to_json(change_from_json(json.loads(line))), "place": place}
            for place, line in enumerate(filter(None, lines.split("\n")))]


@blueprint.get("/schema")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    store = get_store()
    shown = look(store)
    return render_template("schema/index.html", schema=shown.schema, guide=shown.guide,
                           drafted=shown.drafted, **shared(store))


@blueprint.get("/schema/preview")
@roles("lead", "reviewer", "annotator")
def preview() -> ResponseReturnValue:
    """How the labelling page will look, and what Label Studio is given."""
    store = get_store()
    shown = look(store)
    forms = {kind: labeling_config(shown.schema, kind) for kind in ("spans", "classes")}
    return render_template("schema/preview.html", schema=shown.schema, guide=shown.guide,
                           drafted=shown.drafted, forms=forms, **shared(store))


@blueprint.get("/schema/history")
@roles("lead", "reviewer", "annotator")
def history() -> ResponseReturnValue:
    """All versions, newest first, each with what it changed and what went along."""
    store = get_store()
    rows = schema_versions(store)
    told = []
    for row in rows:
        changes = told_changes(row["changes"]) if row["back_to"] is None else [
            {**change_to_json(change), "place": 0}
            for change in schemas.between(store, row["version"] - 1, row["version"])]
        told.append({**row, "told": json.loads(row["told"]), "changes": changes})
    return render_template("schema/history.html", versions=told,
                           schema=newest_version(store).schema, **shared(store))


@blueprint.get("/schema/compare")
@roles("lead", "reviewer", "annotator")
def compare() -> ResponseReturnValue:
    """``?a=N&b=M``: what leads from one version to the other."""
    store = get_store()
    newest = newest_schema(store)["version"]
    first, second = (request.args.get(name, default, type=int)
                     for name, default in (("a", 0), ("b", newest)))
    if not 0 <= first <= newest or not 0 <= second <= newest:
        abort(404)
    changes = [{**change_to_json(change), "place": place}
               for place, change in enumerate(schemas.between(store, first, second))]
    return render_template("schema/compare.html", first=first, second=second, newest=newest,
                           changes=changes, schema=newest_version(store).schema, **shared(store))


# --- forms: what an entry holds, as text fields --------------------------------------------------

def lines_of(pieces: Sequence[Pieces]) -> str:
    from labels.guide import written
    return "\n".join(written(one) for one in pieces)


def given_of(shown: Look, kind: str, name: str, of: str) -> Mapping[str, Any] | None:
    """The fields of an entry's form, as text; None if there is no such entry."""
    schema, guide = shown.schema, shown.guide
    if kind == "label" and name in schema.label_names:
        label, entry = schema.label(name), guide.labels.get(name)
        return {
            "title": label.title, "title_en": label.title_en, "code": label.code,
            "color": label.color, "hotkey": label.hotkey, "guide": label.guide,
            "rule": entry.rule if entry else "", "yes": lines_of(entry.yes) if entry else "",
            "no": "\n".join(f"{one.text} | {one.why}" for one in entry.no) if entry else "",
            "decisions": lines_of(entry.decisions) if entry else ""}
    if kind == "relation":
        relation = next((one for one in schema.relations if one.name == name), None)
        return None if relation is None else _given_relation(relation, guide)
    if kind == "class":
        classes = next((one for one in schema.classes if one.name == name), None)
        told = guide.classes.get(name)
        return None if classes is None else {"title": classes.title, "title_en": classes.title_en,
                                             "multiple": classes.multiple,
                                             "rule": told.rule if told else ""}
    sets = {one.name: one for one in schema.classes}
    if kind == "choice" and of in sets:
        choice = next((one for one in sets[of].choices if one.name == name), None)
        class_guide = guide.classes.get(of)
        told_choice = class_guide.choices.get(name) if class_guide else None
        return None if choice is None else {
            "title": choice.title, "title_en": choice.title_en,
            "rule": told_choice.rule if told_choice else "",
            "example": told_choice.example if told_choice else ""}
    return None


def _given_relation(relation: RelationType, guide: Guide) -> dict[str, Any]:
    entry = guide.relations.get(relation.name)
    return {
        "title": relation.title, "title_en": relation.title_en, "from": list(relation.source),
        "to": list(relation.target), "directions": " ".join(directions_of(relation)),
        "rule": entry.rule if entry else "",
        "yes": "\n".join(f"{one.text} | {one.source} | {one.target}"
                         for one in entry.yes) if entry else "",
        "decisions": lines_of(entry.decisions) if entry else ""}


def said_of(kind: str, name: str, of: str) -> str:
    """An entry in a heading."""
    return f"{_(KIND_TITLES[kind])} {of + '.' if of else ''}{name}"
