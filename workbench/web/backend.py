"""The ML backend: Label Studio asks for suggestions while somebody works.

It shows a password (HTTP basic authentication) that was drawn for it. Everything is answered in
JSON, also what went wrong: Label Studio shows the line to whoever connected it.
"""
from __future__ import annotations

import logging

from flask import Blueprint, Response, jsonify, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from labels.errors import InputError, N_, WorkbenchError
from workbench.live import lets_in, live
from workbench.predicting import predictions, read_request
from workbench.studio.live import BACKEND_PATH, BACKEND_USER
from workbench.studio.mapping import MODEL_VERSION
from workbench.sync import connection
from workbench.web.context import get_project, get_store
from workbench.web.hooks import listener
from workbench.web.security import public

_LOG = logging.getLogger(__name__)

blueprint = Blueprint("backend", __name__, url_prefix=BACKEND_PATH)

# Label Studio sends all tasks that somebody chose in one request, with all that is known of them.
MOST_BYTES = 64 << 20


@blueprint.record_once
def _init(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(blueprint)


@blueprint.before_request
def _let_in() -> ResponseReturnValue | None:
    switched, shown = live(get_store()), request.authorization
    known = shown is not None and shown.type == "basic" and shown.username == BACKEND_USER
    password = shown.password if shown is not None and known else None
    if not switched.ml or not lets_in(password, switched.ml_password):
        return Response(status=401, headers={"WWW-Authenticate": 'Basic realm="workbench"'})
    request.max_content_length = MOST_BYTES
    return None


@blueprint.get("/")
@blueprint.get("/health")
@public
def health() -> ResponseReturnValue:
    return jsonify(status="UP", model_class="workbench", model_version=MODEL_VERSION)


@blueprint.post("/setup")
@public
def setup() -> ResponseReturnValue:
    """Label Studio tells its labels and a token of its own, neither of which we need or keep."""
    return jsonify(model_version=MODEL_VERSION)


@blueprint.get("/versions")
@public
def versions() -> ResponseReturnValue:
    return jsonify(versions=[MODEL_VERSION])


@blueprint.post("/predict")
@public
def predict() -> ResponseReturnValue:
    """``{"results": [prediction…]}``, one a task, in their order."""
    store = get_store()
    try:
        body = request.get_json(force=True)
    except RecursionError as error:
        raise InputError(N_("the request is no JSON object")) from error
    asked = read_request(body, connection(store))
    made = predictions(store, get_project().pack(), asked)
    listener().asked(len(made), asked.project_id)
    return jsonify(results=made, model_version=MODEL_VERSION)


@blueprint.errorhandler(HTTPException)
def _http(error: HTTPException) -> ResponseReturnValue:
    return jsonify(error=error.description or error.name), error.code or 500


@blueprint.errorhandler(WorkbenchError)
def _ours(error: WorkbenchError) -> ResponseReturnValue:
    if isinstance(error, InputError):
        return jsonify(error=str(error)), 400
    _LOG.error("Label Studio asked for suggestions: %s", error)
    return jsonify(error=str(error)), 503
