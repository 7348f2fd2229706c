"""The annotators' guide as a page: rules, examples and settled doubts of every label."""
from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from workbench.store import Row
from workbench.store.rulings import precedents
from workbench.web.colors import css_name
from workbench.web.context import get_project, get_store
from workbench.web.security import roles
from workbench.web.wording import named

blueprint = Blueprint("guide", __name__)


@blueprint.get("/guide")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    project = get_project()
    told: dict[str, list[Row]] = {}
    schema = project.pack().schema
    for row in precedents(get_store()):
        told.setdefault(row["name"], []).append(row)
    return render_template(
        "guide/index.html", schema=schema, guide=project.guide(), css_name=css_name,
        precedents=told, named=lambda name: named(schema, name))
