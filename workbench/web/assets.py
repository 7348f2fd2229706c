"""The stylesheet that is made from the schema (a strict CSP allows no inline styles)."""
from __future__ import annotations

from flask import Blueprint, Response

from workbench.web.colors import stylesheet
from workbench.web.context import get_project
from workbench.web.security import roles

blueprint = Blueprint("assets", __name__)


@blueprint.get("/labels.css")
@roles("lead", "reviewer", "annotator")
def labels_css() -> Response:
    """Label colours; the address carries the hash of the schema, so it may be kept."""
    response = Response(stylesheet(get_project().pack().schema), mimetype="text/css")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
