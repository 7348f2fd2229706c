"""The projects in Label Studio that belong to one workbench project."""
from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any, Mapping

from labels.errors import N_, StudioError, StudioMismatch
from labels.guide import NO_GUIDE, Guide
from labels.schema import Schema
from workbench.studio.client import Client
from workbench.studio.mapping import Kind, instruction, labeling_config

PAGE = 100
ORIGIN = "origin:"


@dataclass(frozen=True, slots=True)
class StudioProject:
    """`origin` was drawn when the project was made: ids there restart on a new or reset server,
    it does not."""

    id: int
    origin: str


def ensure_project(client: Client, schema: Schema, kind: Kind, title: str, *, marker: str,
                   known: StudioProject | None = None,
                   guide: Guide = NO_GUIDE) -> StudioProject:
    """The project that carries `marker` in its description; made if there is none.

    `marker` is the caller's own name for it (project uuid, kind, slot). The labels and the
    instruction are brought up to date; a title that people changed stays. Raises StudioMismatch
    if `known` is somebody else's project by now, or if labels in use would vanish.
    """
    wanted = _settings(schema, guide, kind)
    project = _by_id(client, known.id, marker) if known is not None else None
    if project is None:
        project = _by_marker(client, marker)
    if project is None:
        origin = secrets.token_hex(8)
        made = client.post("/api/projects/", {
            **wanted, "title": title[:50],
            "description": f"{schema.title} [{marker}] [{ORIGIN}{origin}]"})
        return StudioProject(int(made["id"]), origin)
    project_id = int(project["id"])
    found = _origin(project)
    if not found:
        # Somebody edited the description: it is the one we know, or else one we must name anew.
        found = known.origin if known and known.id == project_id else secrets.token_hex(8)
        wanted["description"] = f"{project['description']} [{ORIGIN}{found}]"
    changed = {name: value for name, value in wanted.items() if project.get(name) != value}
    if "label_config" in changed:
        _refuse_to_lose_labels(client, project_id, changed["label_config"])
    if changed:
        client.write(lambda sdk: sdk.projects.update(project_id, **changed))
    return StudioProject(project_id, found)


def check_project(client: Client, known: StudioProject, label_config: str, *,
                  mend: bool = True) -> None:
    """Raise StudioMismatch unless `known` is still the project it was, with our labels.

    A server can be reset, a project deleted, its labels changed by hand; those are put back
    (`mend`) where no answer uses others.
    """
    try:
        project = client.get(f"/api/projects/{known.id}/")
    except StudioMismatch as error:
        if error.context.get("status") != 404:
            raise
        raise StudioMismatch(
            N_("project %(id)s at %(url)s was deleted"), id=known.id, url=client.url,
            hint=N_("connect again to make a new one: workbench studio up; answers that were pulled"
                    " are kept")) from error
    if _origin(project) != known.origin:
        raise StudioMismatch(
            N_("project %(id)s at %(url)s is not the one this project was connected to"),
            id=known.id, url=client.url, hint=N_("connect again: workbench studio up"))
    if project.get("label_config") != label_config and mend:
        _refuse_to_lose_labels(client, known.id, label_config)
        client.patch(f"/api/projects/{known.id}/", {"label_config": label_config})


def _origin(project: Mapping[str, Any]) -> str:
    found = re.search(rf"\[{ORIGIN}([0-9a-f]+)\]", project.get("description") or "")
    return found[1] if found else ""


def _settings(schema: Schema, guide: Guide, kind: Kind) -> dict[str, Any]:
    return {
        "label_config": labeling_config(schema, kind),
        "expert_instruction": instruction(schema, guide, kind),
        "show_instruction": True,
        # predictions are the starting point of an answer, never answers by themselves
        "show_collab_predictions": True,
        "evaluate_predictions_automatically": False,
        # "nothing is to be marked here" is an answer
        "enable_empty_annotation": True,
    }


def _by_id(client: Client, project_id: int, marker: str) -> dict[str, Any] | None:
    try:
        project: dict[str, Any] = client.get(f"/api/projects/{project_id}/")
    except StudioMismatch:
        return None
    if f"[{marker}]" not in (project.get("description") or ""):
        raise StudioMismatch(
            N_("project %(id)s at %(url)s was not made by this workbench"), id=project_id,
            url=client.url, marker=marker,
            hint=N_("put [%(marker)s] back into its description, or use the right server"))
    return project


def _by_marker(client: Client, marker: str) -> dict[str, Any] | None:
    page = 1
    while True:
        answer = client.get("/api/projects/", params={
            "page": page, "page_size": PAGE, "include": "id,description"})
        for row in answer["results"]:
            if f"[{marker}]" in (row.get("description") or ""):
                found: dict[str, Any] = client.get(f"/api/projects/{row['id']}/")
                return found
        if not answer.get("next"):
            return None
        page += 1


def _refuse_to_lose_labels(client: Client, project_id: int, label_config: str) -> None:
    """Label Studio would take a config without labels that answers use; ask it first."""
    try:
        client.post(f"/api/projects/{project_id}/validate/", {"label_config": label_config})
    except StudioMismatch:
        raise
    except StudioError as error:
        if error.context.get("status") != 400:
            raise
        raise StudioMismatch(
            N_("the new labels do not fit the answers in project %(id)s: %(why)s"), id=project_id,
            why=error.context.get("why"),
            hint=N_("migrate the answers first, or begin a new project")) from error


def delete_tasks(client: Client, project_id: int, task_ids: list[int]) -> None:
    """Delete tasks and their answers. Ids that are not in the project are passed over."""
    if task_ids:
        client.post(f"/api/dm/actions?id=delete_tasks&project={project_id}",
                    {"selectedItems": {"all": False, "included": task_ids}})
