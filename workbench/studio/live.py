"""What makes Label Studio call us: a webhook and an ML backend a project, found again by a mark.

Both carry the mark of the workbench project, so that connecting again changes what is there
instead of doubling it, at whatever address it pointed before.

Facts of Label Studio 1.23 that this module answers to, all seen on a running server:

- A webhook is one POST inside the annotator's request, waited for one second, never repeated.
- Making an ML backend also makes a webhook of Label Studio's own to ``<backend>/webhook``, for all
  actions, with everything in its body and without a secret.
- Making one sets an empty ``model_version`` of the project to the backend's title; the editor then
  shows only predictions of that version, and removing the backend empties it again.
- Each look at an ML backend makes Label Studio call its ``/health`` and ``/setup``, and ``/setup``
  is sent the access token of whoever made the project.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from labels.errors import N_, StudioError
from workbench.studio.client import Client

SECRET_HEADER = "X-Workbench-Secret"
PROJECT_HEADER = "X-Workbench-Project"
HOOK_PATH = "/hooks/label-studio"
BACKEND_PATH = "/ml"
# Not the version name of our predictions: Label Studio treats a version that is the title of a
# backend as one that is made anew at each look.
BACKEND_TITLE = "workbench-live"
BACKEND_USER = "label-studio"
# What can change what a pull would find.
ACTIONS = ("ANNOTATION_CREATED", "ANNOTATIONS_CREATED", "ANNOTATION_UPDATED",
           "ANNOTATIONS_DELETED", "TASKS_DELETED")


@dataclass(frozen=True, slots=True)
class There:
    """What one project in Label Studio has of ours: addresses it calls, "" for none.

    `backend_state` is Label Studio's own word for it, e.g. ``Connected``.
    """

    hook: str = ""
    backend: str = ""
    backend_state: str = ""


def ensure_hook(client: Client, project_id: int, address: str, mark: str, secret: str) -> None:
    """The webhook of this workbench at `address`, exactly one, and active."""
    wanted = {"url": address + HOOK_PATH, "send_payload": False, "send_for_all_actions": False,
              "headers": {SECRET_HEADER: secret, PROJECT_HEADER: mark}, "is_active": True,
              "actions": list(ACTIONS)}
    found = _hooks(client, project_id, mark)
    for double in found[1:]:
        client.delete(f"/api/webhooks/{double['id']}/")
    if not found:
        client.post("/api/webhooks/", {**wanted, "project": project_id})
    elif any(_as_set(found[0].get(name)) != _as_set(value) for name, value in wanted.items()):
        client.patch(f"/api/webhooks/{found[0]['id']}/", wanted)


def drop_hook(client: Client, project_id: int, mark: str) -> None:
    for hook in _hooks(client, project_id, mark):
        client.delete(f"/api/webhooks/{hook['id']}/")


def _hooks(client: Client, project_id: int, mark: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("/api/webhooks/", {"project": project_id})
    return [row for row in rows if (row.get("headers") or {}).get(PROJECT_HEADER) == mark]


def _as_set(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value


def ensure_backend(client: Client, project_id: int, address: str, mark: str, password: str,
                   ) -> None:
    """The ML backend of this workbench at `address`, exactly one.

    Label Studio calls it meanwhile. Raises StudioError if it cannot reach us.
    """
    wanted = {"url": address + BACKEND_PATH, "title": BACKEND_TITLE, "description": f"[{mark}]",
              "is_interactive": True, "auth_method": "BASIC_AUTH",
              "basic_auth_user": BACKEND_USER, "basic_auth_pass": password}
    found = _backends(client, project_id, mark)
    version = client.get(f"/api/projects/{project_id}/")["model_version"]
    for double in found[1:]:
        client.delete(f"/api/ml/{double['id']}")
    try:
        if not found:
            client.post("/api/ml/", {**wanted, "project": project_id})
        elif not _is_as(found[0], wanted):
            client.patch(f"/api/ml/{found[0]['id']}", {**wanted, "project": project_id})
    except StudioError as error:
        if error.context.get("status") != 400:
            raise
        raise StudioError(
            N_("Label Studio does not get suggestions from the workbench at %(address)s: %(why)s"),
            address=address, why=_reason(str(error.context.get("why"))),
            hint=N_("the workbench must be running, at an address that Label Studio reaches:"
                    " workbench studio connect --workbench-url URL")) from error
    _keep_as_it_was(client, project_id, address, version)


def _reason(why: str) -> str:
    """What of Label Studio's advice (in HTML) says what happened."""
    for before in ("Additional info: ", "Reason: "):
        _, found, rest = why.partition(before)
        if found:
            return rest.rstrip("]}'\"")
    return why


def drop_backend(client: Client, project_id: int, mark: str) -> None:
    version = client.get(f"/api/projects/{project_id}/")["model_version"]
    for row in _backends(client, project_id, mark):
        client.delete(f"/api/ml/{row['id']}")
        _keep_as_it_was(client, project_id, row["url"].removesuffix(BACKEND_PATH), version)


def _backends(client: Client, project_id: int, mark: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("/api/ml/", {"project": project_id})
    return [row for row in rows if f"[{mark}]" in (row.get("description") or "")]


def _is_as(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """The password is not shown; that Label Studio is let in tells that it is right."""
    return row["readable_state"] == "Connected" and all(
        row.get(name) == value for name, value in wanted.items() if name != "basic_auth_pass")


def _keep_as_it_was(client: Client, project_id: int, address: str, version: str) -> None:
    """Undo what Label Studio does beside what it was asked for."""
    for row in client.get("/api/webhooks/", {"project": project_id}):
        if row["url"] == f"{address}{BACKEND_PATH}/webhook":
            client.delete(f"/api/webhooks/{row['id']}/")
    wanted = "" if version == BACKEND_TITLE else version
    if client.get(f"/api/projects/{project_id}/")["model_version"] != wanted:
        client.patch(f"/api/projects/{project_id}/", {"model_version": wanted})


def there(client: Client, project_id: int, mark: str) -> There:
    """What the project has of ours now; Label Studio asks the backend for its health meanwhile."""
    hooks = _hooks(client, project_id, mark)
    backends = _backends(client, project_id, mark)
    return There(hooks[0]["url"] if hooks and hooks[0]["is_active"] else "",
                 backends[0]["url"] if backends else "",
                 backends[0]["readable_state"] if backends else "")
