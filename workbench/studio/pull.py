"""What people answered in Label Studio → plain records. Nothing is judged here.

Two scans: the filter on ``updated_at`` of tasks sees created, changed and deleted annotations and
edited task data; a scan of everything also sees drafts, and tasks that were deleted.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Any, Mapping

from labels.errors import StudioMismatch
from workbench.clock import moment_of
from workbench.studio.client import Client
from workbench.studio.push import task_rows

PAGE = 100

# Of tasks and of their annotations alike: Label Studio applies one list to both. Drafts are asked
# for singly: a list of tasks shows only those of the token's own account.
FIELDS = ("id,meta,data,updated_at,annotations,draft_exists,result,completed_by,created_at,"
          "was_cancelled,ground_truth,lead_time,parent_prediction")

# An answer that was being stored while an earlier scan ran may carry a time before its end.
OVERLAP_S = 5.0


@dataclass(frozen=True, slots=True)
class PulledAnnotation:
    """One person's answer. Times are ISO 8601 in UTC as the server gives them.

    `completed_by` is the user's id there, `email` is "" for an account that is gone;
    `lead_time` in seconds; `was_cancelled` means skipped. `result` is for
    `mapping.read_annotation`.
    """

    id: int
    completed_by: int | None
    email: str
    created_at: str
    updated_at: str
    was_cancelled: bool
    ground_truth: bool
    lead_time: float | None
    parent_prediction: int | None
    result: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class PulledDraft:
    """Work that was not submitted; `raw` as the server gives it."""

    id: int
    email: str
    updated_at: str
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PulledTask:
    """A task with all the annotations it has now: one that is missing was deleted there.

    `key` is None for a task that was made by hand in Label Studio; `text_hash` is of the text it
    was made with. `text` and `data_key` are what its data hold now, which people can edit.
    """

    task_id: int
    key: str | None
    updated_at: str
    annotations: tuple[PulledAnnotation, ...]
    text: str | None = None
    data_key: str | None = None
    text_hash: str = ""
    created_at: str = ""
    drafts: tuple[PulledDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class Pulled:
    """`newest` is the latest ``updated_at`` seen, the next scan's `since`; None if none ever."""

    tasks: tuple[PulledTask, ...]
    newest: str | None


def pull_answers(client: Client, project_id: int, since: str | None = None,
                 overlap: float = OVERLAP_S) -> Pulled:
    """The tasks changed after `since` (ISO 8601; None for all), by id.

    The scan goes back `overlap` seconds before `since`, so a task may come twice; taking it again
    must change nothing.
    """
    filters = []
    if since is not None:
        moment = moment_of(since) - timedelta(seconds=overlap)
        filters.append({"filter": "filter:tasks:updated_at", "operator": "greater",
                        "type": "Datetime",
                        "value": moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")})
    emails = {user["id"]: user["email"] for user in client.get("/api/users/")}
    tasks = tuple(_task(client, row, emails) for row in task_rows(
        client, project_id, {"fields": "all", "include": FIELDS},
        filters, page_size=PAGE))
    times = [task.updated_at for task in tasks] + ([since] if since else [])
    return Pulled(tasks, max(times, key=moment_of) if times else None)


def all_task_ids(client: Client, project_id: int) -> set[int]:
    return {row["id"] for row in task_rows(client, project_id, {"include": "id"})}


def count_tasks(client: Client, project_id: int) -> int:
    """How many tasks the project holds: asked before `all_task_ids`, which takes a second for a
    thousand."""
    return int(client.get(f"/api/projects/{project_id}/", {"include": "task_number"}
                          )["task_number"])


def _task(client: Client, row: dict[str, Any], emails: Mapping[int, str]) -> PulledTask:
    annotations = sorted((_annotation(one, emails) for one in row["annotations"]),
                         key=lambda annotation: annotation.id)
    data, meta = row.get("data") or {}, row.get("meta") or {}
    return PulledTask(
        row["id"], meta.get("key"), row["updated_at"], tuple(annotations),
        data.get("text"), data.get("key"), meta.get("text", ""), row["created_at"],
        _drafts(client, row["id"]) if row.get("draft_exists") else ())


def _drafts(client: Client, task_id: int) -> tuple[PulledDraft, ...]:
    try:
        found = client.get(f"/api/tasks/{task_id}/drafts")
    except StudioMismatch as error:
        if error.context.get("status") != 404:
            raise
        return ()  # the task was deleted this moment
    return tuple(PulledDraft(one["id"], str(one.get("user") or ""), one["updated_at"], one)
                 for one in found)


def _annotation(row: dict[str, Any], emails: Mapping[int, str]) -> PulledAnnotation:
    by = row.get("completed_by")
    user = by.get("id") if isinstance(by, dict) else by
    return PulledAnnotation(
        id=row["id"], completed_by=user, email=emails.get(user, "") if user is not None else "",
        created_at=row["created_at"], updated_at=row["updated_at"],
        was_cancelled=bool(row["was_cancelled"]), ground_truth=bool(row["ground_truth"]),
        lead_time=row.get("lead_time"), parent_prediction=row.get("parent_prediction"),
        result=tuple(row["result"]))
