"""Tasks with suggestions → Label Studio, so that a repeat doubles nothing and no loss is silent.

Label Studio has no external key for tasks: ours stands in ``data.key`` (what people see) and in
``meta.key`` (what we look up, without fetching the texts). It answers 201 to an import whose
predictions it could not store (SQLite "database is locked"), so counts are compared afterwards
and missing predictions are sent again.
"""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Sequence

from labels.document import slice_checked
from labels.errors import N_, OffsetError, StudioMismatch
from workbench.studio.client import IMPORT_TIMEOUT_S, Client, Progress, batches, quiet
from workbench.studio.mapping import MODEL_VERSION
from workbench.studio.projects import delete_tasks

BATCH = 100
PAGE = 1000


@dataclass(frozen=True, slots=True)
class TaskPayload:
    """`data` is from `mapping.task_data`, with the same key; `prediction` from `mapping`."""

    key: str
    data: Mapping[str, Any]
    prediction: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of the tasks given.

    `created` tasks were made now, of `repaired` ones the prediction was sent again, `answered` have
    annotations; these are keys. `doubles` were deleted: a second task without answers under the
    key of another.
    """

    task_ids: Mapping[str, int]
    created: frozenset[str]
    repaired: frozenset[str]
    answered: frozenset[str]
    doubles: int = 0


@dataclass(frozen=True, slots=True)
class TaskState:
    """`text_hash` is of the text it was made with, by `text_hash`; skips count as annotations."""

    task_id: int
    key: str
    text_hash: str
    predictions: int
    annotations: int
    updated_at: str


def push_tasks(client: Client, project_id: int, tasks: Sequence[TaskPayload],
               progress: Progress = quiet) -> Pushed:
    """Create the tasks that are not there yet.

    Tasks that exist keep their data and answers; a prediction they have lost is sent again.
    Nothing is sent if a prediction is wrong. Raises StudioMismatch if the server holds something
    else than was sent: a key with another text.
    """
    progress(None, N_("checking the suggestions"))
    _check(client, project_id, tasks)
    doubles = _delete_doubles(client, project_id)
    known = task_states(client, project_id)
    new = [task for task in tasks if task.key not in known]
    for number, batch in enumerate(batches(new, BATCH)):
        progress(number * BATCH / len(new), N_("sending tasks to Label Studio"))
        _import(client, project_id, batch)
    if new:
        known = task_states(client, project_id)
    missing = [task.key for task in tasks if task.key not in known]
    if missing:
        raise StudioMismatch(
            N_("Label Studio took the import but lacks %(count)s tasks, e.g. %(key)s"),
            count=len(missing), key=missing[0], hint=N_("push again"))
    for task in tasks:
        if known[task.key].text_hash != text_hash(task.data["text"]):
            raise StudioMismatch(
                N_("task %(id)s in Label Studio holds another text under the key %(key)s"),
                id=known[task.key].task_id, key=task.key,
                hint=N_("a changed text needs a key of its own"))
    repaired = _repair_predictions(client, project_id, tasks, known, progress)
    progress(1.0, N_("tasks are in Label Studio"))
    return Pushed(
        {task.key: known[task.key].task_id for task in tasks},
        frozenset(task.key for task in new), repaired,
        frozenset(task.key for task in tasks if known[task.key].annotations), doubles)


def replace_predictions(client: Client, project_id: int,
                        predictions: Mapping[int, Mapping[str, Any]]) -> None:
    """Give tasks (by id) new suggestions in place of those they have.

    The old ones go first: the editor starts from whichever of two comes first.
    """
    for task_id in predictions:
        for row in _predictions(client, task_id):
            client.delete(f"/api/predictions/{row['id']}/")
    _import_predictions(client, project_id, predictions)
    _show_predictions(client, project_id)


def task_states(client: Client, project_id: int) -> dict[str, TaskState]:
    """All tasks of ours in the project by key; of doubles the one that is kept."""
    return {key: states[0] for key, states in _by_key(client, project_id).items()}


def _by_key(client: Client, project_id: int) -> dict[str, list[TaskState]]:
    """The tasks of each key, those with answers first, then the older ones."""
    states: dict[str, list[TaskState]] = {}
    fields = "id,meta,total_predictions,total_annotations,cancelled_annotations,updated_at"
    for row in task_rows(client, project_id, {"include": fields}):
        key = (row.get("meta") or {}).get("key")
        if key is None:
            continue  # made by hand in Label Studio: none of ours
        states.setdefault(key, []).append(TaskState(
            row["id"], key, row["meta"].get("text", ""), row["total_predictions"],
            row["total_annotations"] + row["cancelled_annotations"], row["updated_at"]))
    return {key: sorted(found, key=lambda state: (not state.annotations, state.task_id))
            for key, found in states.items()}


def _delete_doubles(client: Client, project_id: int) -> int:
    """Delete second tasks of a key that nobody has worked on; those with answers stay."""
    empty = [state.task_id for states in _by_key(client, project_id).values()
             for state in states[1:] if not state.annotations
             and not client.get(f"/api/tasks/{state.task_id}/drafts")]
    delete_tasks(client, project_id, empty)
    return len(empty)


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def task_rows(client: Client, project_id: int, params: Mapping[str, Any],
              filters: Sequence[Mapping[str, Any]] = (), page_size: int = PAGE,
              ) -> Iterator[dict[str, Any]]:
    """The tasks of a project as raw rows, by id, page by page.

    Read past the SDK: its pager takes a 404 for the end of the list, and its types cost more time
    than the answer.
    """
    query: dict[str, Any] = {"ordering": ["tasks:id"]}
    if filters:
        query["filters"] = {"conjunction": "and", "items": list(filters)}
    seen, page = 0, 1
    while True:
        answer = client.get("/api/tasks/", {
            "project": project_id, "page": page, "page_size": page_size,
            "resolve_uri": "false", "query": json.dumps(query), **params})
        yield from answer["tasks"]
        seen += len(answer["tasks"])
        if seen >= answer["total"] or not answer["tasks"]:
            return
        page += 1


def _check(client: Client, project_id: int, tasks: Sequence[TaskPayload]) -> None:
    from label_studio_sdk.label_interface import LabelInterface
    config = client.get(f"/api/projects/{project_id}/")["label_config"]
    interface = LabelInterface(config)
    keys: set[str] = set()
    for task in tasks:
        if task.key in keys or task.data.get("key") != task.key:
            raise StudioMismatch(N_("task %(key)s is given twice or under two keys"), key=task.key)
        keys.add(task.key)
        if task.prediction is not None:
            check_prediction(interface, task)


def check_prediction(interface: Any, task: TaskPayload) -> None:
    """Raise StudioMismatch unless labels, names, offsets and ids of the prediction are right.

    `interface` is a ``LabelInterface`` of the project's config. Label Studio itself takes
    predictions with wrong offsets, and the editor submits them unchanged.
    """
    prediction = task.prediction or {}
    errors = interface.validate_prediction(dict(prediction), return_errors=True)
    if errors:
        raise StudioMismatch(N_("the suggestion for task %(key)s is wrong: %(why)s"),
                             key=task.key, why=" ".join(str(errors[0]).split()))
    ids: set[str] = set()
    for item in prediction["result"]:
        if item["type"] == "labels":
            value = item["value"]
            try:
                slice_checked(task.data["text"], value["start"], value["end"], value["text"])
            except OffsetError as error:
                raise StudioMismatch(N_("the suggestion for task %(key)s is wrong: %(why)s"),
                                     key=task.key, why=error) from error
        if item["type"] != "relation":
            if item["id"] in ids:
                raise StudioMismatch(N_("the suggestion for task %(key)s has %(id)s twice"),
                                     key=task.key, id=item["id"])
            ids.add(item["id"])


def _import(client: Client, project_id: int, batch: Sequence[TaskPayload]) -> None:
    """One import request: all of its tasks are created or none."""
    body = [{"data": dict(task.data),
             "meta": {"key": task.key, "text": text_hash(task.data["text"])},
             "predictions": [dict(task.prediction)] if task.prediction is not None else []}
            for task in batch]
    answer = client.write(lambda sdk: sdk.projects.import_tasks(
        project_id, request=body, return_task_ids=True,
        request_options={"timeout": IMPORT_TIMEOUT_S, "max_retries": 0}))
    if answer.task_count != len(batch):
        raise StudioMismatch(N_("of %(sent)s tasks Label Studio took %(taken)s"),
                             sent=len(batch), taken=answer.task_count)


def _repair_predictions(client: Client, project_id: int, tasks: Sequence[TaskPayload],
                        known: Mapping[str, TaskState], progress: Progress) -> frozenset[str]:
    # The count in the list may lag a moment behind; who seems to have none is asked for singly.
    without = [task for task in tasks
               if task.prediction is not None and not known[task.key].predictions
               and not _predictions(client, known[task.key].task_id)]
    lost = {known[task.key].task_id: task.prediction for task in without if task.prediction}
    if lost:
        progress(None, N_("sending suggestions that are missing"))
        _import_predictions(client, project_id, lost)
        still = [task_id for task_id in lost if not _predictions(client, task_id)]
        if still:
            raise StudioMismatch(
                N_("Label Studio does not keep the suggestions of %(count)s tasks, e.g. %(task)s"),
                count=len(still), task=still[0],
                hint=N_("its database is busy: push again when nobody is working"))
    if any(task.prediction is not None for task in tasks):
        _show_predictions(client, project_id)
    return frozenset(task.key for task in without)


def _predictions(client: Client, task_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/predictions/", {"task": task_id})
    return found


def _import_predictions(client: Client, project_id: int,
                        predictions: Mapping[int, Mapping[str, Any]]) -> None:
    for batch in batches(list(predictions.items()), BATCH):
        rows = [{**prediction, "task": task_id} for task_id, prediction in batch]
        client.post(f"/api/projects/{project_id}/import/predictions", rows)


def _show_predictions(client: Client, project_id: int) -> None:
    """The editor shows only predictions of the project's version, and a repair does not set it."""
    project = client.get(f"/api/projects/{project_id}/")
    if project["model_version"] != MODEL_VERSION:
        client.write(lambda sdk: sdk.projects.update(project_id, model_version=MODEL_VERSION))
