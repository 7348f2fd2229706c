"""The next task of a person: what waits in the store, asked again of Label Studio itself.

Between two syncs the store does not know what was answered a minute ago.
"""
from __future__ import annotations

from itertools import groupby

from labels.errors import StudioError
from workbench.store import Row, Store
from workbench.store.work import waiting_tasks
from workbench.studio.client import Client
from workbench.studio.push import task_rows
from workbench.sync import connection

# Somebody waits for the answer; a server that takes longer is not asked any more.
TIMEOUT_S = 3.0
_CHUNK = 100


def next_task(store: Store, user_id: int, slot: int) -> Row | None:
    """The first task that waits for a person, as `waiting_tasks` gives it; None if none does.

    If Label Studio cannot be asked, the store's word counts. Raises StudioError only if the
    project is not connected.
    """
    link = connection(store)
    rows = waiting_tasks(store, user_id, slot, _CHUNK)
    first = rows[0] if rows else None
    try:
        with Client(link.url, link.token, timeout=TIMEOUT_S) as client:
            offset = 0
            while rows:
                for project_id, group in groupby(rows, lambda row: int(row["studio_project"])):
                    tasks = list(group)
                    free = _unanswered(client, project_id, [row["studio_task"] for row in tasks])
                    for row in tasks:
                        if row["studio_task"] in free:
                            return row
                offset += _CHUNK
                rows = waiting_tasks(store, user_id, slot, _CHUNK, offset)
    except StudioError:
        return first
    return None


def _unanswered(client: Client, project_id: int, task_ids: list[int]) -> set[int]:
    """Which of these tasks are there and have no annotation, skipped ones counted."""
    between = {"filter": "filter:tasks:id", "operator": "in", "type": "Number",
               "value": {"min": min(task_ids), "max": max(task_ids)}}
    fields = "id,total_annotations,cancelled_annotations"
    return {row["id"] for row in task_rows(client, project_id, {"include": fields}, [between])
            if not row["total_annotations"] + row["cancelled_annotations"]}
