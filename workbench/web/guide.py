"""The annotators' guide as a page: rules, examples and settled doubts of every label."""
from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from workbench.web.colors import css_name
from workbench.web.context import get_project
from workbench.web.security import roles

blueprint = Blueprint("guide", __name__)


@blueprint.get("/guide")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    project = get_project()
    return render_template("guide/index.html", schema=project.pack().schema,
                           guide=project.guide(), css_name=css_name)
