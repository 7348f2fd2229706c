"""A model of Label Studio in memory: the same HTTP paths, no sockets, and failures at will.

It answers `httpx` clients through a transport, as far as our client and the steps of `world` ask;
whatever else is asked is an error of the test, not a 404. ``tests/e2e/test_model.py`` holds the
same conversation with it and with a real server and compares the answers.

Of its failures, those of the way are the proxy's (`tests.e2e.proxy.Fault`); one is its own: an
import that meets a locked database may leave out predictions and answer 201 all the same.
"""
from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Iterator, Mapping

import httpx

from tests.e2e.proxy import BEFORE, CALM, Fault, Plan

Body = Any
Answer = tuple[int, Any]
VERSION = "1.23.2"
DRAWN = {"description": "", "expert_instruction": "", "show_instruction": False,
         "show_collab_predictions": True, "evaluate_predictions_automatically": False,
         "enable_empty_annotation": True, "model_version": ""}


class Killed(BaseException):
    """Our process is no more; nothing of ours may catch it."""


class Refused(Exception):
    """The server answers an error."""

    def __init__(self, status: int, detail: str, fields: Any = None) -> None:
        super().__init__(detail)
        self.status, self.body = status, {"status_code": status, "version": VERSION,
                                          "detail": detail, "exc_info": None}
        if fields is not None:
            self.body["validation_errors"] = fields


@dataclass(frozen=True, slots=True)
class Call:
    user: int
    query: Mapping[str, str]
    body: Body


Handler = Callable[..., Answer]
_ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Serve `path`, whose ``#`` are numbers."""
    def noted(handler: Handler) -> Handler:
        _ROUTES.append((method, re.compile(path.replace("#", r"(\d+)")), handler))
        return handler
    return noted


@dataclass
class FakeStudio:
    """`users` are their addresses by token. Faults meet only clients made with `faulty`."""

    users: dict[str, str]
    projects: dict[int, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[int, dict[str, Any]] = field(default_factory=dict)
    annotations: dict[int, dict[str, Any]] = field(default_factory=dict)
    predictions: dict[int, dict[str, Any]] = field(default_factory=dict)
    drafts: dict[int, dict[str, Any]] = field(default_factory=dict)
    webhooks: dict[int, dict[str, Any]] = field(default_factory=dict)
    # what is done with a post of ours: its headers and body
    posted: Callable[[Mapping[str, str], bytes], None] | None = None
    used_keys: set[str] = field(default_factory=set)
    # predictions by task, counted when one is added; the real one may count late when one goes
    counted: dict[int, int] = field(default_factory=dict)
    # what the way does with the requests of ours
    plan: Plan = CALM
    count: int = 0
    kill_at: int | None = None
    forgetful: random.Random | None = None
    # held back until so many requests came by
    late: list[tuple[int, httpx.Request]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    _last_id: int = 0
    _now: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    # --- the way there ---------------------------------------------------------------------------

    def transport(self, faulty: bool) -> httpx.MockTransport:
        return httpx.MockTransport(self._meet if faulty else self._answer)

    def begin(self, plan: Plan, kill_at: int | None = None, forgetful: bool = False) -> None:
        self.plan, self.count, self.kill_at, self.log, self.met = plan, 0, kill_at, [], []
        self.forgetful = random.Random(plan.seed) if forgetful else None

    def end(self) -> None:
        """No more faults; what was held back arrives."""
        self.plan, self.kill_at, self.forgetful = CALM, None, None
        self._let_in(max((due for due, _ in self.late), default=0))

    def _let_in(self, count: int) -> None:
        arrived = [request for due, request in self.late if due <= count]
        self.late = [(due, request) for due, request in self.late if due > count]
        for request in arrived:
            self._answer(request)

    def _meet(self, request: httpx.Request) -> httpx.Response:
        number, self.count = self.count, self.count + 1
        fault = self.plan.fault(number, request.method, request.url.path)
        told = f"{request.method} {request.url.path}"
        self.log.append(f"{told} {fault.value}!" if fault else told)
        self.met += [fault.value] if fault else []
        if number == self.kill_at:
            self.log.append(f"killed at {told}!")
            if number % 2:
                self._answer(request)
            raise Killed
        if fault is Fault.LATE:
            # Some arrive when we have already looked whether they did.
            self.late.append((number + 1 + self.plan.seed % 4, request))
            raise httpx.ReadTimeout("held back", request=request)
        self._let_in(number)
        answer = None if fault in BEFORE else self._answer(request)
        return _spoiled(fault, request, answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        token = request.headers.get("Authorization", "").partition(" ")[2]
        if token not in self.users:
            return httpx.Response(401, json={"status_code": 401, "detail": "Invalid token."})
        call = Call(list(self.users).index(token) + 1, request.url.params,
                    json.loads(request.content) if request.content else None)
        for method, pattern, handler in _ROUTES:
            match = pattern.fullmatch(request.url.path)
            if match and method == request.method:
                try:
                    status, body = handler(self, call, *map(int, match.groups()))
                except Refused as refused:
                    status, body = refused.status, refused.body
                # through JSON and back: nobody holds a piece of our tables
                return httpx.Response(status, json=body) if body is not None \
                    else httpx.Response(status)
        raise AssertionError(f"the model does not know {request.method} {request.url.path}")

    # --- its tables ------------------------------------------------------------------------------

    def tick(self) -> str:
        """A time after all others."""
        self._now = max(datetime.now(timezone.utc), self._now + timedelta(microseconds=1))
        return self._now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def email(self, user: int) -> str:
        return list(self.users.values())[user - 1]

    def one(self, table: str, number: int) -> dict[str, Any]:
        rows: dict[int, dict[str, Any]] = getattr(self, table)
        if number not in rows:
            raise Refused(404, f"No {table[:-1].title()} matches the given query.")
        return rows[number]

    def of_task(self, table: str, task: int) -> list[dict[str, Any]]:
        rows: dict[int, dict[str, Any]] = getattr(self, table)
        return [row for row in rows.values() if row["task"] == task]

    def touch(self, task: int) -> None:
        self.tasks[task]["updated_at"] = self.tick()

    def full(self, task: dict[str, Any]) -> dict[str, Any]:
        answers = self.of_task("annotations", task["id"])
        guesses = self.of_task("predictions", task["id"])
        return {**task, "annotations": answers, "predictions": guesses,
                "draft_exists": bool(self.of_task("drafts", task["id"])),
                "total_annotations": sum(not one["was_cancelled"] for one in answers),
                "cancelled_annotations": sum(one["was_cancelled"] for one in answers),
                "predictions_model_versions": ",".join(sorted(
                    {str(one["model_version"]) for one in guesses})),
                "total_predictions": self.counted.get(task["id"], 0)}

    def add_task(self, project: int, data: Any, meta: Any) -> dict[str, Any]:
        # On SQLite an import counts on from the newest task there is: numbers come again.
        time = self.tick()
        task = {"id": max(self.tasks, default=0) + 1, "project": project, "data": data,
                "meta": meta or {}, "created_at": time, "updated_at": time}
        self.tasks[task["id"]] = task
        return task

    def add_prediction(self, task: dict[str, Any], sent: Mapping[str, Any]) -> None:
        time, number = self.tick(), self.new_id()
        self.predictions[number] = {
            "id": number, "task": task["id"], "project": task["project"],
            "result": sent["result"], "model_version": sent.get("model_version"),
            "score": sent.get("score"), "created_at": time, "updated_at": time}
        self.counted[task["id"]] = len(self.of_task("predictions", task["id"]))

    def drop_task(self, task: int) -> None:
        for table in (self.annotations, self.predictions, self.drafts):
            for number in [n for n, row in table.items() if row["task"] == task]:
                del table[number]
        del self.tasks[task]
        self.counted.pop(task, None)

    def drop_drafts_on(self, annotation: int) -> None:
        for number in [n for n, row in self.drafts.items() if row["annotation"] == annotation]:
            del self.drafts[number]

    def emit(self, action: str, project: int) -> None:
        """Post an event to the webhooks of a project, as the real one does before it answers."""
        for hook in self.webhooks.values():
            if hook["project"] == project and hook["is_active"] and action in hook["actions"] \
                    and self.posted is not None:
                self.posted({**hook["headers"], "Content-Type": "application/json"},
                            json.dumps({"action": action}).encode())


def _spoiled(fault: Fault | None, request: httpx.Request,
             answer: httpx.Response | None) -> httpx.Response:
    """What our client sees of an answer on a way with a fault."""
    if fault in (Fault.SILENT_BEFORE, Fault.SILENT_AFTER):
        raise httpx.ReadTimeout("no answer", request=request)
    if fault in (Fault.RESET_BEFORE, Fault.RESET_AFTER):
        raise httpx.ReadError("reset", request=request)
    if fault is Fault.CUT_BODY:
        raise httpx.RemoteProtocolError("peer closed connection", request=request)
    if fault is Fault.ERROR_BEFORE:
        return httpx.Response(500, json={"detail": "a fault"})
    if fault is Fault.BAD_GATEWAY_AFTER:
        return httpx.Response(502, text="<h1>502 Bad Gateway</h1>")
    if fault in (Fault.BUSY, Fault.BUSY_BARE):
        headers = {"Retry-After": "0"} if fault is Fault.BUSY else {}
        return httpx.Response(429, json={"detail": "slower"}, headers=headers)
    assert answer is not None
    if fault is Fault.CUT_JSON:
        return httpx.Response(answer.status_code, content=answer.content[:len(answer.content) // 2],
                              headers={"Content-Type": "application/json"})
    return answer


# --- who and what ------------------------------------------------------------------------------

@route("GET", "/api/current-user/whoami")
def whoami(self: FakeStudio, call: Call) -> Answer:
    return 200, {"id": call.user, "email": self.email(call.user)}


@route("GET", "/api/version")
def version(self: FakeStudio, call: Call) -> Answer:
    return 200, {"release": VERSION, "edition": "Community"}


@route("GET", "/api/users/")
def users(self: FakeStudio, call: Call) -> Answer:
    return 200, [{"id": number, "email": email}
                 for number, email in enumerate(self.users.values(), 1)]


# --- projects ----------------------------------------------------------------------------------

@route("GET", "/api/projects/")
def list_projects(self: FakeStudio, call: Call) -> Answer:
    assert set(call.query) == {"page", "page_size", "include"}, call.query
    fields = call.query["include"].split(",")
    rows = [{name: project[name] for name in fields}
            for _, project in sorted(self.projects.items(), reverse=True)]
    page, more = _page(rows, call)
    return 200, {"count": len(rows), "next": "more" if more else None, "previous": None,
                 "results": page}


@route("POST", "/api/projects/")
def make_project(self: FakeStudio, call: Call) -> Answer:
    number = self.new_id()
    self.projects[number] = {"id": number, **DRAWN, **call.body}
    return 201, self.projects[number]


@route("GET", "/api/projects/#/")
def show_project(self: FakeStudio, call: Call, project: int) -> Answer:
    row = {**self.one("projects", project), "task_number": sum(
        task["project"] == project for task in self.tasks.values())}
    names = call.query.get("include", ",".join(row)).split(",")
    return 200, {name: row[name] for name in names}


@route("PATCH", "/api/projects/#/")
def change_project(self: FakeStudio, call: Call, project: int) -> Answer:
    row, version = self.one("projects", project), call.body.get("model_version")
    if version and not any(guess["project"] == project and guess["model_version"] == version
                           for guess in self.predictions.values()):
        raise Refused(400, "Validation error", {"model_version": [
            "Model version doesn't exist either as live model or as static predictions."]})
    if "label_config" in call.body:
        validate_project(self, call, project)
    row.update(call.body)
    return 200, row


@route("DELETE", "/api/projects/#/")
def delete_project(self: FakeStudio, call: Call, project: int) -> Answer:
    self.one("projects", project)
    for task in [n for n, row in self.tasks.items() if row["project"] == project]:
        self.drop_task(task)
    for number in [n for n, row in self.webhooks.items() if row["project"] == project]:
        del self.webhooks[number]
    del self.projects[project]
    return 204, None


@route("POST", "/api/projects/#/validate/")
def validate_project(self: FakeStudio, call: Call, project: int) -> Answer:
    self.one("projects", project)
    known = _values(call.body["label_config"])
    drafts = [draft for draft in self.drafts.values()
              if self.tasks[draft["task"]]["project"] == project]
    for answer in [*self.annotations.values(), *drafts]:
        if answer.get("project", project) == project and (lost := _used(answer["result"]) - known):
            raise Refused(400, "Validation error", {"non_field_errors": [
                f"These labels still exist in annotations or drafts:\n{sorted(lost)}"]})
    return 200, {"config_essential_data_has_changed": None}


@route("POST", "/api/projects/#/summary/reset/")
def reset_summary(self: FakeStudio, call: Call, project: int) -> Answer:
    self.one("projects", project)
    return 200, None


@route("GET", "/api/projects/#/summary/")
def summary(self: FakeStudio, call: Call, project: int) -> Answer:
    self.one("projects", project)
    counts: dict[str, dict[str, int]] = {}
    for draft in self.drafts.values():
        if self.tasks[draft["task"]]["project"] == project:
            for item in draft["result"]:
                for name in _used([item]):
                    row = counts.setdefault(item["from_name"], {})
                    row[name] = row.get(name, 0) + 1
    return 200, {"project": project, "created_labels_drafts": counts}


def _values(config: str) -> set[str]:
    """The labels and choices of a config, as they stand in results."""
    return {alias or value for value, alias in
            re.findall(r'<(?:Label|Choice) value="([^"]*)"(?: alias="([^"]*)")?', config)}


def _used(result: Any) -> set[str]:
    return {name for item in result for name in
            item.get("value", {}).get("labels", item.get("value", {}).get("choices", []))}


# --- tasks -------------------------------------------------------------------------------------

@route("POST", "/api/projects/#/import")
def import_tasks(self: FakeStudio, call: Call, project: int) -> Answer:
    known = _values(self.one("projects", project)["label_config"])
    for row in call.body:
        for guess in row.get("predictions", ()):
            if not _used(guess["result"]) <= known:
                raise Refused(400, "Validation error", {"predictions": ["unknown labels"]})
    forgotten = self.forgetful is not None and self.forgetful.random() < 0.5
    made, guesses = [], 0
    for row in call.body:
        task = self.add_task(project, row["data"], row.get("meta"))
        made.append(task["id"])
        for guess in row.get("predictions", ()):
            guesses += 1
            if not forgotten:
                self.add_prediction(task, guess)
    if guesses:
        self.projects[project]["model_version"] = next(
            guess["model_version"] for row in call.body for guess in row["predictions"])
    assert call.query.get("return_task_ids") == "true", call.query
    return 201, {"task_count": len(made), "annotation_count": 0, "prediction_count": guesses,
                 "duration": 0.01, "file_upload_ids": [], "could_be_tasks_list": False,
                 "found_formats": [], "data_columns": [], "task_ids": made}


@route("GET", "/api/tasks/")
def list_tasks(self: FakeStudio, call: Call) -> Answer:
    project = int(call.query["project"])
    self.one("projects", project)
    rows = [row for _, row in sorted(self.tasks.items()) if row["project"] == project]
    rows = [self.full(row) for row in rows if _passes(row, call)]
    page, _ = _page(rows, call)
    if not page and call.query["page"] != "1":
        raise Refused(404, "Invalid page.")
    return 200, {"total": len(rows),
                 "total_annotations": sum(row["total_annotations"] for row in rows),
                 "total_predictions": sum(row["total_predictions"] for row in rows),
                 "tasks": [_chosen(row, call) for row in page]}


def _passes(row: Mapping[str, Any], call: Call) -> bool:
    query = json.loads(call.query.get("query", "{}"))
    assert query.get("ordering", ["tasks:id"]) == ["tasks:id"], query
    asked = query.get("filters", {"items": []})
    return all(_compared(row, item) for item in asked["items"])


def _compared(row: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    known = {("filter:tasks:updated_at", "greater"): lambda: row["updated_at"] > item["value"]}
    key = item["filter"], item["operator"]
    assert key in known, f"the model does not know the filter {item}"
    return known[key]()


def _chosen(row: dict[str, Any], call: Call) -> dict[str, Any]:
    everything = call.query.get("fields") == "all"
    if "include" not in call.query:
        assert everything, call.query
        return row
    names = set(call.query["include"].split(","))
    nested = {"annotations", "predictions"} & names if everything else set()
    kept = {name: value for name, value in row.items()
            if name in names and name not in ("annotations", "predictions")}
    for table in nested:
        kept[table] = [{name: value for name, value in one.items()
                        if name in names or table == "predictions"} for one in row[table]]
    return kept


def _page(rows: list[dict[str, Any]], call: Call) -> tuple[list[dict[str, Any]], bool]:
    size = int(call.query["page_size"])
    start = (int(call.query["page"]) - 1) * size
    return rows[start:start + size], start + size < len(rows)


@route("POST", "/api/tasks/")
def make_task(self: FakeStudio, call: Call) -> Answer:
    self.one("projects", call.body["project"])
    return 201, self.add_task(call.body["project"], call.body["data"], call.body.get("meta"))


@route("GET", "/api/tasks/#/")
def show_task(self: FakeStudio, call: Call, task: int) -> Answer:
    row = self.full(self.one("tasks", task))
    row["annotations"] = [{**one, "completed_by": {"id": one["completed_by"]}}
                          for one in row["annotations"]]
    return 200, row


@route("PATCH", "/api/tasks/#/")
def change_task(self: FakeStudio, call: Call, task: int) -> Answer:
    self.one("tasks", task).update(call.body)
    self.touch(task)
    row = self.full(self.tasks[task])
    del row["draft_exists"], row["predictions_model_versions"]
    return 200, row


@route("DELETE", "/api/tasks/#/")
def delete_task(self: FakeStudio, call: Call, task: int) -> Answer:
    project = self.one("tasks", task)["project"]
    self.drop_task(task)
    self.emit("TASKS_DELETED", project)
    return 204, None


@route("POST", "/api/dm/actions")
def act(self: FakeStudio, call: Call) -> Answer:
    assert call.query["id"] == "delete_tasks" and not call.body["selectedItems"]["all"]
    project = int(call.query["project"])
    chosen = [number for number in call.body["selectedItems"]["included"]
              if self.tasks.get(number, {}).get("project") == project]
    for number in chosen:
        self.drop_task(number)
    return 200, {"processed_items": len(chosen), "detail": f"Deleted {len(chosen)} tasks"}


# --- predictions -------------------------------------------------------------------------------

@route("POST", "/api/projects/#/import/predictions")
def import_predictions(self: FakeStudio, call: Call, project: int) -> Answer:
    for number, row in enumerate(call.body):
        if self.tasks.get(row["task"], {}).get("project") != project:
            raise Refused(400, "Validation error", {"non_field_errors": [
                f"Prediction {number}: Invalid task ID {row['task']} - task not found in project"]})
    for row in call.body:
        self.add_prediction(self.tasks[row["task"]], row)
    return 201, {"created": len(call.body)}


@route("GET", "/api/predictions/")
def list_predictions(self: FakeStudio, call: Call) -> Answer:
    assert set(call.query) == {"task"}, call.query
    task = int(call.query["task"])
    if task not in self.tasks:
        raise Refused(400, "Validation error", {"task": [
            "Select a valid choice. That choice is not one of the available choices."]})
    return 200, self.of_task("predictions", task)


@route("PATCH", "/api/predictions/#/")
def change_prediction(self: FakeStudio, call: Call, prediction: int) -> Answer:
    self.one("predictions", prediction).update(call.body, updated_at=self.tick())
    return 200, self.predictions[prediction]


@route("DELETE", "/api/predictions/#/")
def delete_prediction(self: FakeStudio, call: Call, prediction: int) -> Answer:
    self.one("predictions", prediction)
    del self.predictions[prediction]
    return 204, None


# --- answers -----------------------------------------------------------------------------------

@route("POST", "/api/tasks/#/annotations/")
def annotate(self: FakeStudio, call: Call, task: int) -> Answer:
    row, key = self.one("tasks", task), call.body.get("unique_id")
    if key in self.used_keys:
        raise Refused(409, "Annotation with this unique id already exists")
    if key:
        self.used_keys.add(key)
    time, number = self.tick(), self.new_id()
    self.annotations[number] = {
        "id": number, "task": task, "project": row["project"], "completed_by": call.user,
        "result": call.body["result"], "was_cancelled": bool(call.body.get("was_cancelled")),
        "ground_truth": bool(call.body.get("ground_truth")),
        "lead_time": call.body.get("lead_time"), "parent_prediction": None,
        "parent_annotation": None, "created_at": time, "updated_at": time}
    self.drafts.pop(call.body.get("draft_id"), None)
    self.touch(task)
    self.emit("ANNOTATION_CREATED", row["project"])
    return 201, self.annotations[number]


@route("GET", "/api/tasks/#/annotations/")
def list_annotations(self: FakeStudio, call: Call, task: int) -> Answer:
    self.one("tasks", task)
    return 200, self.of_task("annotations", task)


@route("GET", "/api/annotations/#/")
def show_annotation(self: FakeStudio, call: Call, annotation: int) -> Answer:
    return 200, self.one("annotations", annotation)


@route("PATCH", "/api/annotations/#/")
def change_annotation(self: FakeStudio, call: Call, annotation: int) -> Answer:
    row = self.one("annotations", annotation)
    row.update(call.body, updated_at=self.tick())
    self.drop_drafts_on(annotation)
    self.touch(row["task"])
    self.emit("ANNOTATION_UPDATED", row["project"])
    return 200, row


@route("DELETE", "/api/annotations/#/")
def delete_annotation(self: FakeStudio, call: Call, annotation: int) -> Answer:
    row = self.one("annotations", annotation)
    del self.annotations[annotation]
    self.drop_drafts_on(annotation)
    self.touch(row["task"])
    self.emit("ANNOTATIONS_DELETED", row["project"])
    return 204, None


# --- drafts: no event, and no new time of the task -----------------------------------------------

@route("GET", "/api/tasks/#/drafts")
def list_drafts(self: FakeStudio, call: Call, task: int) -> Answer:
    return 200, self.of_task("drafts", task)


@route("POST", "/api/tasks/#/drafts")
def begin_draft(self: FakeStudio, call: Call, task: int) -> Answer:
    self.one("tasks", task)
    return 201, _begun(self, call, task, None)


@route("POST", "/api/tasks/#/annotations/#/drafts")
def begin_draft_on(self: FakeStudio, call: Call, task: int, annotation: int) -> Answer:
    self.one("tasks", task)
    self.one("annotations", annotation)
    return 201, _begun(self, call, task, annotation)


def _begun(self: FakeStudio, call: Call, task: int, annotation: int | None) -> dict[str, Any]:
    time, number = self.tick(), self.new_id()
    self.drafts[number] = {
        "id": number, "task": task, "annotation": annotation, "user": self.email(call.user),
        "result": call.body["result"], "lead_time": call.body.get("lead_time"),
        "was_postponed": False, "created_at": time, "updated_at": time}
    return self.drafts[number]


@route("PATCH", "/api/drafts/#/")
def change_draft(self: FakeStudio, call: Call, draft: int) -> Answer:
    if draft not in self.drafts:
        raise Refused(404, "No AnnotationDraft matches the given query.")
    annotation = call.body.get("annotation")
    if annotation is not None and annotation not in self.annotations:
        raise Refused(400, "Validation error", {"annotation": [
            f'Invalid pk "{annotation}" - object does not exist.']})
    self.drafts[draft].update(call.body, updated_at=self.tick())
    return 200, self.drafts[draft]


# --- what calls us -------------------------------------------------------------------------------

@route("GET", "/api/ml/")
def list_backends(self: FakeStudio, call: Call) -> Answer:
    return 200, []


@route("GET", "/api/webhooks/")
def list_webhooks(self: FakeStudio, call: Call) -> Answer:
    project = int(call.query["project"])
    return 200, [row for row in self.webhooks.values() if row["project"] == project]


@route("POST", "/api/webhooks/")
def make_webhook(self: FakeStudio, call: Call) -> Answer:
    self.one("projects", call.body["project"])
    number = self.new_id()
    self.webhooks[number] = {"id": number, "is_active": True, **call.body}
    return 201, self.webhooks[number]


@route("PATCH", "/api/webhooks/#/")
def change_webhook(self: FakeStudio, call: Call, webhook: int) -> Answer:
    row = self.one("webhooks", webhook)
    row.update(call.body)
    return 200, row


@route("DELETE", "/api/webhooks/#/")
def delete_webhook(self: FakeStudio, call: Call, webhook: int) -> Answer:
    self.one("webhooks", webhook)
    del self.webhooks[webhook]
    return 204, None


def clients(studio: FakeStudio) -> Iterator[httpx.Client]:
    """A client for each person, on a way without faults."""
    for token, email in studio.users.items():
        yield httpx.Client(base_url="http://studio.invalid", transport=studio.transport(False),
                           headers={"Authorization": f"Token {token}", "X-Person": email})
