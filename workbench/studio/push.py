"""What we ask of Label Studio's tasks, each so that a repeat doubles nothing and no loss is silent.

Label Studio has no external key for tasks: ours stands in ``data.key`` (what people see) and in
``meta.key`` (what we look up, without fetching the texts). An import may have been done though its
answer never came, so keys are looked up before it is tried again; one that was given up while the
server may still be at it is only looked for, and tried again by the next push. It answers 201 to an
import whose predictions it could not store (SQLite "database is locked"), so counts are compared
afterwards and missing predictions are sent again.
"""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Mapping, Sequence

from labels.document import slice_checked
from labels.errors import N_, OffsetError, StudioError, StudioMismatch
from workbench.studio.client import IMPORT_TIMEOUT_S, Client, batches, may_be_under_way, was_refused
from workbench.studio.mapping import LABELS, MODEL_VERSION, TEXT
from workbench.studio.projects import delete_tasks

# Large enough to cost little more than one import of all, small enough that a kill costs seconds.
BATCH = 250
PAGE = 1000


@dataclass(frozen=True, slots=True)
class TaskPayload:
    """`data` is from `mapping.task_data`, with the same key; `prediction` from `mapping`."""

    key: str
    data: Mapping[str, Any]
    prediction: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class TaskState:
    """`text_hash` is of the text it was made with, by `text_hash`; skips count as annotations."""

    task_id: int
    key: str
    text_hash: str
    predictions: int
    annotations: int
    updated_at: str
    begun: bool = False     # somebody has a draft in it


@dataclass(frozen=True, slots=True)
class Created:
    """Task ids by key of one batch that stands; of `repaired` keys the prediction was lost once."""

    task_ids: Mapping[str, int]
    repaired: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refused:
    """What Label Studio will not take, and why."""

    key: str
    error: StudioError


def states_by_key(client: Client, project_id: int) -> dict[str, list[TaskState]]:
    """The tasks of each key of ours in the project: those with answers first, then those
    with drafts, then older ones."""
    states: dict[str, list[TaskState]] = {}
    # The stored count of predictions stays where one is deleted; their versions are looked up.
    fields = ("id,meta,total_predictions,predictions_model_versions,total_annotations,"
              "cancelled_annotations,updated_at,draft_exists")
    for row in task_rows(client, project_id, {"fields": "all", "include": fields}):
        key = (row.get("meta") or {}).get("key")
        if key is None:
            continue  # made by hand in Label Studio: none of ours
        shown = MODEL_VERSION in (row.get("predictions_model_versions") or "").split(",")
        states.setdefault(key, []).append(TaskState(
            row["id"], key, row["meta"].get("text", ""),
            max(1, row["total_predictions"]) if shown else 0,
            row["total_annotations"] + row["cancelled_annotations"], row["updated_at"],
            bool(row.get("draft_exists"))))
    return {key: sorted(found, key=lambda state: (not state.annotations, not state.begun,
                                                  state.task_id))
            for key, found in states.items()}


def task_states(client: Client, project_id: int) -> dict[str, TaskState]:
    """All tasks of ours in the project by key; of doubles the one that is kept."""
    return {key: states[0] for key, states in states_by_key(client, project_id).items()}


def create_tasks(client: Client, project_id: int, tasks: Sequence[TaskPayload],
                 made: Callable[[Created], None]) -> list[Refused]:
    """Create tasks that are not there yet; `made` hears of each batch as soon as it stands.

    What the server will not take is left out and returned; the rest is made. Raises StudioError
    when the server fails again and again; what `made` was told of stands then.
    """
    refused: list[Refused] = []
    for batch in batches(tasks, BATCH):
        _create(client, project_id, batch, made, refused)
    return refused


def _create(client: Client, project_id: int, batch: Sequence[TaskPayload],
            made: Callable[[Created], None], refused: list[Refused]) -> None:
    try:
        done = _import_until_it_stands(client, project_id, batch)
    except StudioError as error:
        if not was_refused(error):
            raise
        # An import is taken whole or not at all: find the ones that the others suffer for.
        if len(batch) == 1:
            refused.append(Refused(batch[0].key, error))
            return
        middle = len(batch) // 2
        _create(client, project_id, batch[:middle], made, refused)
        _create(client, project_id, batch[middle:], made, refused)
        return
    made(done)


def _import_until_it_stands(client: Client, project_id: int,
                            batch: Sequence[TaskPayload]) -> Created:
    there: dict[str, int] = {}
    suspected = False
    attempt = 0
    under_way: StudioError | None = None

    def once() -> None:
        nonlocal attempt, suspected, under_way
        attempt += 1
        if attempt > 1:  # the import before may have been done though it failed
            states = task_states(client, project_id)
            there.update({task.key: states[task.key].task_id for task in batch
                          if task.key in states})
            suspected = True
        missing = [task for task in batch if task.key not in there]
        if missing:
            if under_way is not None:
                # A second one now could stand beside the first a moment later, and people would
                # work in both.
                raise under_way
            try:
                ids, predictions = _import(client, project_id, missing)
            except StudioError as error:
                under_way = error if may_be_under_way(error) else None
                raise
            there.update(zip((task.key for task in missing), ids))
            suspected |= predictions < sum(task.prediction is not None for task in missing)

    client.repeat(once)
    # Counts that are right are the rule; only where one is not, each task is asked for.
    repaired = repair_predictions(client, project_id, {
        there[task.key]: task.prediction for task in batch if task.prediction is not None}
    ) if suspected else frozenset()
    by_id = {task_id: key for key, task_id in there.items()}
    return Created(there, frozenset(by_id[task_id] for task_id in repaired))


def _import(client: Client, project_id: int,
            batch: Sequence[TaskPayload]) -> tuple[list[int], int]:
    """One import request, all or nothing: task ids in the order given, predictions stored."""
    body = [{"data": dict(task.data),
             "meta": {"key": task.key, "text": text_hash(task.data["text"])},
             "predictions": [dict(task.prediction)] if task.prediction is not None else []}
            for task in batch]
    answer = client.post(f"/api/projects/{project_id}/import?return_task_ids=true", body,
                         timeout=IMPORT_TIMEOUT_S)
    ids = list(answer.get("task_ids") or ())
    if len(ids) != len(batch):
        raise StudioMismatch(N_("of %(sent)s tasks Label Studio took %(taken)s"),
                             sent=len(batch), taken=len(ids), unread=True)
    return ids, answer.get("prediction_count") or 0


def repair_predictions(client: Client, project_id: int,
                       predictions: Mapping[int, Mapping[str, Any]]) -> frozenset[int]:
    """Send predictions to those of the tasks (by id) that have none which the editor shows;
    returns their ids."""
    def lost() -> dict[int, Mapping[str, Any]]:
        # One that was offered beside answers is of another name.
        return {task_id: prediction for task_id, prediction in predictions.items()
                if not any(row["model_version"] == MODEL_VERSION
                           for row in _predictions(client, task_id))}

    repaired: set[int] = set()

    def once() -> None:
        missing = lost()
        if not missing:
            return
        repaired.update(missing)
        _import_predictions(client, project_id, missing)
        still = lost()
        if still:
            raise StudioMismatch(
                N_("Label Studio does not keep the suggestions of %(count)s tasks, e.g. %(task)s"),
                count=len(still), task=next(iter(still)), unread=True,
                hint=N_("its database is busy: push again when nobody is working"))

    client.repeat(once)
    show_predictions(client, project_id)
    return frozenset(repaired)


def replace_predictions(client: Client, project_id: int,
                        predictions: Mapping[int, Mapping[str, Any]]) -> None:
    """Give tasks (by id) new suggestions in place of those they have.

    The old ones go first: the editor starts from whichever of two comes first.
    """
    for batch in batches(list(predictions.items()), BATCH):
        wanted = dict(batch)

        def once() -> None:
            for task_id in wanted:
                _delete_predictions(client, task_id)
            _import_predictions(client, project_id, wanted)
        client.repeat(once)
    if predictions:
        show_predictions(client, project_id)


def drop_predictions(client: Client, task_ids: Sequence[int]) -> None:
    """Take all suggestions away from tasks (by id)."""
    for task_id in task_ids:
        client.repeat(lambda: _delete_predictions(client, task_id))


def offer_predictions(client: Client, project_id: int, version: str,
                      predictions: Mapping[int, Mapping[str, Any]]) -> None:
    """Put further predictions of the name `version` beside what people started from.

    The editor starts from the project's own version only. Earlier offers go.
    """
    for batch in batches(list(predictions.items()), BATCH):
        offered = {task_id: {**prediction, "model_version": version}
                   for task_id, prediction in batch}

        def once() -> None:
            for task_id in offered:
                _delete_predictions(client, task_id, but=MODEL_VERSION)
            _import_predictions(client, project_id, offered)
        client.repeat(once)


def restore_data(client: Client, task_id: int, task: TaskPayload) -> None:
    """Give a task the data it shall have. A PATCH of ``data`` replaces all of it."""
    client.patch(f"/api/tasks/{task_id}/", {
        "data": dict(task.data),
        "meta": {"key": task.key, "text": text_hash(task.data["text"])}})


def delete_unanswered(client: Client, project_id: int, task_ids: Sequence[int]) -> list[int]:
    """Delete those of the tasks that hold neither answers nor drafts; returns their ids."""
    empty = [task_id for task_id in task_ids if not _worked_on(client, task_id)]
    client.repeat(lambda: delete_tasks(client, project_id, empty))
    return empty


def _worked_on(client: Client, task_id: int) -> bool:
    try:
        return bool(client.get(f"/api/tasks/{task_id}/annotations/")
                    or client.get(f"/api/tasks/{task_id}/drafts"))
    except StudioMismatch as error:
        if error.context.get("status") == 404:
            return False
        raise


def task_is_as(client: Client, task_id: int, updated_at: str) -> bool:
    """Whether nothing has changed in a task since the state that its ``updated_at`` names."""
    return bool(client.get(f"/api/tasks/{task_id}/")["updated_at"] == updated_at)


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


def check_prediction(task: TaskPayload, labels: frozenset[str],
                     choices: Mapping[str, frozenset[str]]) -> None:
    """Raise StudioMismatch unless labels, names, offsets and ids of the prediction are right.

    `labels` are those of the project's config, `choices` its questions with their choices. Label
    Studio itself takes predictions with wrong ones, and the editor submits them unchanged. Written
    out here: the SDK's ``validate_prediction`` takes longer than the import.
    """
    seen: set[str] = set()
    for item in (task.prediction or {}).get("result", ()):
        if item["type"] == "relation":
            continue
        _check_names(task, item, labels, choices)
        if item["id"] in seen:
            raise StudioMismatch(N_("the suggestion for task %(key)s has %(id)s twice"),
                                 key=task.key, id=item["id"])
        seen.add(item["id"])
    for item in (task.prediction or {}).get("result", ()):
        if item["type"] == "relation" and not {item["from_id"], item["to_id"]} <= seen:
            raise _wrong(task, N_("a relation of spans that are not there"))


def _check_names(task: TaskPayload, item: Mapping[str, Any], labels: frozenset[str],
                 choices: Mapping[str, frozenset[str]]) -> None:
    value, name = item["value"], item.get("from_name")
    if item.get("to_name") != TEXT:
        raise _wrong(task, f"to_name {item.get('to_name')!r}")
    if item["type"] == "labels":
        if name != LABELS or not set(value["labels"]) <= labels:
            raise _wrong(task, f"{name!r} {value['labels']!r}")
        try:
            slice_checked(task.data["text"], value["start"], value["end"], value["text"])
        except OffsetError as error:
            raise _wrong(task, error) from error
    elif item["type"] != "choices" or not set(value["choices"]) <= choices.get(name or "", set()):
        raise _wrong(task, f"{name!r} {value!r}")


def _wrong(task: TaskPayload, why: object) -> StudioMismatch:
    return StudioMismatch(N_("the suggestion for task %(key)s is wrong: %(why)s"),
                          key=task.key, why=why)


def _predictions(client: Client, task_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/predictions/", {"task": task_id})
    return found


def _delete_predictions(client: Client, task_id: int, but: str | None = None) -> None:
    for row in _predictions(client, task_id):
        if but is None or row["model_version"] != but:
            client.delete(f"/api/predictions/{row['id']}/")


def _import_predictions(client: Client, project_id: int,
                        predictions: Mapping[int, Mapping[str, Any]]) -> None:
    for batch in batches(list(predictions.items()), BATCH):
        rows = [{**prediction, "task": task_id} for task_id, prediction in batch]
        client.post(f"/api/projects/{project_id}/import/predictions", rows)


def show_predictions(client: Client, project_id: int) -> None:
    """The editor shows only predictions of the project's version, and a repair does not set it."""
    project = client.get(f"/api/projects/{project_id}/")
    if project["model_version"] != MODEL_VERSION:
        client.patch(f"/api/projects/{project_id}/", {"model_version": MODEL_VERSION})
