"""The stylesheet that is made from the schema (a strict CSP allows no inline styles)."""
from __future__ import annotations

from flask import Blueprint, Response, request

from labels.migrating import union
from workbench.schemas import drafted_changes, with_changes
from workbench.web.colors import stylesheet
from workbench.web.context import current_user, get_project, get_store
from workbench.web.security import roles

blueprint = Blueprint("assets", __name__)


@blueprint.get("/labels.css")
@roles("lead", "reviewer", "annotator")
def labels_css() -> Response:
    """Label colours; the address carries the hash of the schema, so it may be kept. With
    ``?draft=1`` the lead sees those of the draft."""
    schema = get_project().pack().schema
    if request.args.get("draft") and current_user()["role"] == "lead":
        store = get_store()
        schema = union(schema, with_changes(store, drafted_changes(store)).schema)
    response = Response(stylesheet(schema), mimetype="text/css")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
