"""The webhook: Label Studio says that something happened there, which starts a pull.

Whoever calls must show the secret of the webhook; nothing of the body is trusted. Label Studio
waits for us inside the annotator's request, so nothing is read, written or asked here.
"""
from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from workbench.live import Listener, lets_in, live
from workbench.studio.live import ACTIONS, HOOK_PATH, SECRET_HEADER
from workbench.web.context import get_project, get_store
from workbench.web.security import public

blueprint = Blueprint("hooks", __name__)

# Label Studio is told to send the name of the action only.
MOST_BYTES = 16 << 10
_KEY = "workbench-listener"


@blueprint.record_once
def _init(state: BlueprintSetupState) -> None:
    # There is no session and no form: the secret is what lets a caller in.
    state.app.extensions["csrf"].exempt(blueprint)


def listener() -> Listener:
    """That of this application, for what Label Studio says; made when it first speaks."""
    known: Listener = current_app.extensions.setdefault(_KEY, Listener(get_project()))
    return known


@blueprint.post(HOOK_PATH)
@public
def label_studio() -> Response:
    """204 for who shows the secret while the webhook is on; 403 for everybody else."""
    switched = live(get_store())
    shown = request.headers.get(SECRET_HEADER)
    if not switched.webhook or not lets_in(shown, switched.hook_secret):
        return Response(status=403)
    if (request.content_length or 0) > MOST_BYTES:
        return Response(status=413)
    said = request.get_data()
    # Looked for, not parsed: it is only shown to people.
    listener().heard(next((name for name in ACTIONS if f'"{name}"'.encode() in said), ""))
    return Response(status=204)
