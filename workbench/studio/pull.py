"""What people answered in Label Studio → plain records. Nothing is judged here.

A reconciling scan: the filter on ``updated_at`` of tasks sees created, changed and deleted
annotations; deleted tasks are found by comparing `all_task_ids` with what was pushed.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from workbench.studio.client import Client
from workbench.studio.push import task_rows

PAGE = 100

# Of tasks and of their annotations alike: Label Studio applies one list to both.
FIELDS = ("id,meta,updated_at,annotations,result,completed_by,created_at,was_cancelled,"
          "ground_truth,lead_time,parent_prediction")

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
class PulledTask:
    """A task with all the annotations it has now: one that is missing was deleted there.

    `key` is None for a task that was made by hand in Label Studio.
    """

    task_id: int
    key: str | None
    updated_at: str
    annotations: tuple[PulledAnnotation, ...]


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
        moment = _moment(since) - timedelta(seconds=overlap)
        filters.append({"filter": "filter:tasks:updated_at", "operator": "greater",
                        "type": "Datetime",
                        "value": moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")})
    emails = _emails(client)
    tasks = tuple(_task(row, emails) for row in task_rows(
        client, project_id, {"fields": "all", "include": FIELDS},
        filters, page_size=PAGE))
    times = [task.updated_at for task in tasks] + ([since] if since else [])
    return Pulled(tasks, max(times, key=_moment) if times else None)


def all_task_ids(client: Client, project_id: int) -> set[int]:
    return {row["id"] for row in task_rows(client, project_id, {"include": "id"})}


def _moment(time: str) -> datetime:
    moment = datetime.fromisoformat(time.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _emails(client: Client) -> dict[int, str]:
    return {user["id"]: user["email"] for user in client.get("/api/users/")}


def _task(row: dict[str, Any], emails: dict[int, str]) -> PulledTask:
    annotations = sorted((_annotation(one, emails) for one in row["annotations"]),
                         key=lambda annotation: annotation.id)
    return PulledTask(row["id"], (row.get("meta") or {}).get("key"), row["updated_at"],
                      tuple(annotations))


def _annotation(row: dict[str, Any], emails: dict[int, str]) -> PulledAnnotation:
    by = row.get("completed_by")
    user = by.get("id") if isinstance(by, dict) else by
    return PulledAnnotation(
        id=row["id"], completed_by=user, email=emails.get(user, "") if user is not None else "",
        created_at=row["created_at"], updated_at=row["updated_at"],
        was_cancelled=bool(row["was_cancelled"]), ground_truth=bool(row["ground_truth"]),
        lead_time=row.get("lead_time"), parent_prediction=row.get("parent_prediction"),
        result=tuple(row["result"]))
