"""For those who watch the server: does it answer, and does its store?"""
from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from workbench.project import project_uuid
from workbench.web.context import get_store
from workbench.web.security import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """200 if the database can be read; the error page otherwise."""
    project_uuid(get_store())
    return jsonify(status="ok")
