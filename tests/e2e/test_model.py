"""The model of Label Studio answers as the real one does: one conversation, held with both."""
from __future__ import annotations

import json
from typing import Any, Iterator, Sequence
from uuid import uuid4

import httpx
import pytest

from tests.e2e.histories import account, person
from tests.workbench.studio.fake_studio import FakeStudio, clients
from workbench.studio import local
from workbench.studio.client import Client
from workbench.studio.pull import FIELDS

pytestmark = pytest.mark.e2e

PASSWORD = "a-Long-passw0rd"
TEXT = "云泽区财政局"
CONFIG = ('<View><Labels name="label" toName="text"><Label value="机构" alias="ORG"/></Labels>'
          '<Text name="text" value="$text"/></View>')
MARK = [{"id": "a", "from_name": "label", "to_name": "text", "type": "labels",
         "value": {"start": 0, "end": 3, "text": TEXT[:3], "labels": ["ORG"]}}]
UNKNOWN = [{**MARK[0], "value": {**MARK[0]["value"], "labels": ["NOPE"]}}]
LISTED = ("id,meta,total_predictions,predictions_model_versions,total_annotations,"
          "cancelled_annotations,updated_at")
# What differs from one server to the next; of these only the kind is compared.
OWN = {"id", "task", "project", "created_at", "updated_at", "duration", "task_ids", "completed_by",
       "user", "email", "next", "non_field_errors"}

Said = tuple[str, int, Any]


def _in_order(content: Any) -> Any:
    """The names of versions in one order: the database joins them in any."""
    for row in content.get("tasks", (content,)) if isinstance(content, dict) else ():
        if isinstance(row.get("predictions_model_versions"), str):
            names = row["predictions_model_versions"].split(",")
            row["predictions_model_versions"] = ",".join(sorted(names))
    return content


def conversation(people: Sequence[httpx.Client]) -> Iterator[Said]:
    """(what was asked, status, answer); the second person is the one who annotates."""
    lead, other = people

    def ask(client: httpx.Client, method: str, path: str, body: Any = None,
            **query: Any) -> tuple[Said, Any]:
        answer = client.request(method, path, json=body, params=query or None)
        content = _in_order(answer.json() if answer.content else None)
        # addresses hold numbers of their own
        return (f"{method} {path.translate(str.maketrans('', '', '0123456789'))}",
                answer.status_code, content), content

    def tasks(**query: Any) -> tuple[Said, Any]:
        return ask(lead, "GET", "/api/tasks/", project=project, page=1, page_size=10,
                   query=json.dumps({"ordering": ["tasks:id"], **query.pop("query", {})}), **query)

    said, made = ask(lead, "POST", "/api/projects/", {
        "title": "conversation", "label_config": CONFIG, "description": "d"})
    project = made["id"]
    yield said
    rows = [{"data": {"key": key, "text": TEXT}, "meta": {"key": key}, "predictions": [
        {"model_version": "workbench", "result": MARK, "score": 0.5}]} for key in "abc"]
    yield ask(lead, "PATCH", f"/api/projects/{project}/", {"model_version": "workbench"})[0]
    said, made = ask(lead, "POST", f"/api/projects/{project}/import", rows, return_task_ids="true")
    one, two, three = made["task_ids"]
    yield said
    asked, status, _ = ask(lead, "POST", f"/api/projects/{project}/import",
                           [{"data": {"text": TEXT}, "predictions": [{"result": UNKNOWN}]}],
                           return_task_ids="true")[0]
    yield asked, status, None   # it explains itself at length
    yield ask(lead, "GET", f"/api/projects/{project}/", include="task_number")[0]
    yield ask(lead, "GET", f"/api/projects/{project}/")[0]
    yield ask(lead, "PATCH", f"/api/projects/{project}/", {"model_version": "workbench"})[0]
    yield tasks(fields="all", include=LISTED)[0]
    yield ask(lead, "GET", "/api/predictions/", task=one)[0]
    said, made = ask(lead, "POST", f"/api/projects/{project}/import/predictions",
                     [{"task": one, "result": [], "model_version": "workbench 2"}])
    yield said
    yield ask(lead, "POST", f"/api/projects/{project}/import/predictions",
              [{"task": 10 ** 8, "result": [], "model_version": "workbench"}])[0]
    yield ask(lead, "GET", "/api/predictions/", task=one)[0]

    said, draft = ask(other, "POST", f"/api/tasks/{one}/drafts", {"result": MARK, "lead_time": 1.0})
    yield said
    yield tasks(fields="all", include=FIELDS)[0]
    yield ask(lead, "GET", f"/api/tasks/{one}/drafts")[0]
    yield ask(lead, "POST", f"/api/projects/{project}/summary/reset/", {})[0]
    yield ask(lead, "GET", f"/api/projects/{project}/summary/")[0]
    yield ask(lead, "PATCH", f"/api/drafts/{draft['id']}/", {"result": MARK})[0]
    yield ask(lead, "PATCH", "/api/drafts/100000000/", {"result": MARK})[0]
    said, answer = ask(other, "POST", f"/api/tasks/{one}/annotations/",
                       {"result": MARK, "lead_time": 2.0, "draft_id": draft["id"]})
    yield said
    yield ask(lead, "GET", f"/api/tasks/{one}/drafts")[0]
    said, again = ask(other, "POST", f"/api/tasks/{one}/annotations/{answer['id']}/drafts",
                      {"result": MARK, "lead_time": 1.0})
    yield said
    for held in (None, answer["id"]):
        yield ask(lead, "PATCH", f"/api/drafts/{again['id']}/", {"annotation": held})[0]
    asked, status, _ = ask(lead, "PATCH", f"/api/drafts/{again['id']}/",
                           {"annotation": 10 ** 8})[0]
    yield asked, status, None
    # Who submits an answer again, drops what was begun on it.
    yield ask(other, "PATCH", f"/api/annotations/{answer['id']}/", {"result": MARK})[0]
    yield ask(lead, "GET", f"/api/tasks/{one}/drafts")[0]
    key = str(uuid4())
    for _ in range(2):
        yield ask(other, "POST", f"/api/tasks/{two}/annotations/",
                  {"result": [], "was_cancelled": True, "unique_id": key})[0]
    said, before = tasks(fields="all", include=FIELDS)
    yield said
    newest = max(row["updated_at"] for row in before["tasks"])
    after = {"query": {"filters": {"conjunction": "and", "items": [
        {"filter": "filter:tasks:updated_at", "operator": "greater", "type": "Datetime",
         "value": newest}]}}}
    yield tasks(fields="all", include=FIELDS, **after)[0]
    yield ask(other, "PATCH", f"/api/annotations/{answer['id']}/", {"result": []})[0]
    yield tasks(fields="all", include=FIELDS, **after)[0]
    yield ask(other, "PATCH", f"/api/tasks/{three}/", {"data": {"key": "c", "text": "另一"}})[0]
    yield tasks(fields="all", include=FIELDS, **after)[0]
    yield ask(lead, "GET", f"/api/tasks/{one}/")[0]
    yield ask(lead, "GET", f"/api/tasks/{one}/annotations/")[0]
    for config in (CONFIG, CONFIG.replace("ORG", "ANOTHER")):
        yield ask(other, "PATCH", f"/api/annotations/{answer['id']}/", {"result": MARK})[0]
        yield ask(lead, "POST", f"/api/projects/{project}/validate/", {"label_config": config})[0]
    asked, status, _ = ask(lead, "PATCH", f"/api/projects/{project}/", {
        "label_config": CONFIG.replace("ORG", "ANOTHER")})[0]
    yield asked, status, None
    said, hook = ask(lead, "POST", "/api/webhooks/", {
        "project": project, "url": "http://127.0.0.1:9/", "send_payload": False,
        "send_for_all_actions": False, "headers": {"X-A": "b"}, "is_active": True,
        "actions": ["ANNOTATION_CREATED"]})
    yield said
    yield ask(lead, "PATCH", f"/api/webhooks/{hook['id']}/", {"is_active": False})[0]
    yield ask(lead, "GET", "/api/webhooks/", project=project)[0]
    yield ask(lead, "DELETE", f"/api/webhooks/{hook['id']}/")[0]
    yield ask(lead, "GET", "/api/webhooks/", project=project)[0]
    for _ in range(2):
        yield ask(other, "DELETE", f"/api/annotations/{answer['id']}/")[0]
    yield ask(lead, "GET", f"/api/annotations/{answer['id']}/")[0]
    for _ in range(2):
        yield ask(lead, "POST", f"/api/dm/actions?id=delete_tasks&project={project}",
                  {"selectedItems": {"all": False, "included": [one]}})[0]
    (guess,) = ask(lead, "GET", "/api/predictions/", task=three)[1]
    yield ask(lead, "DELETE", f"/api/predictions/{guess['id']}/")[0]
    # how many there are it counts at once or late, which ones there are it looks up
    said, left = tasks(fields="all", include="id,predictions_model_versions")
    yield said[0], said[1], left["tasks"]
    yield ask(lead, "GET", "/api/predictions/", task=three)[0]
    for path in ("", "drafts", "annotations/"):
        yield ask(lead, "GET", f"/api/tasks/{one}/{path}")[0]
    yield ask(lead, "GET", "/api/predictions/", task=one)[0]
    yield ask(other, "DELETE", f"/api/tasks/{two}/")[0]
    said, left = tasks(include="id")
    yield said[0], said[1], left["tasks"]
    yield ask(lead, "GET", "/api/tasks/", project=project, page=5, page_size=10, include="id")[0]
    yield ask(lead, "GET", "/api/version")[0]
    yield ask(lead, "GET", "/api/current-user/whoami")[0]
    yield ask(lead, "DELETE", f"/api/projects/{project}/")[0]
    yield ask(lead, "GET", f"/api/projects/{project}/")[0]
    yield tasks(include="id")[0]


def missing(model: Any, real: Any, name: str = "") -> list[str]:
    """What the model says and the real one does not, or says otherwise."""
    if isinstance(model, dict) and isinstance(real, dict):
        return [told for key, value in model.items() for told in (
            missing(value, real[key], key) if key in real else [f"{key} is not there"])]
    if isinstance(model, list) and isinstance(real, list) and name not in OWN:
        if len(model) != len(real):
            return [f"{name}: {len(real)} and not {len(model)}"]
        return [told for ours, theirs in zip(model, real) for told in missing(ours, theirs, name)]
    if name in OWN:
        kinds = (int, dict) if name == "completed_by" else (type(model),)
        return [] if isinstance(real, kinds) else [f"{name}: {real!r} and not {model!r}"]
    return [] if model == real else [f"{name}: {real!r} and not {model!r}"]


def test_the_model_answers_as_the_real_server(
        label_studio: local.Server, studio_client: Client) -> None:
    email = f"wang-{uuid4().hex[:6]}@example.org"
    real = [person(label_studio.url, label_studio.token, label_studio.email),
            account(studio_client, email, PASSWORD)]
    model = FakeStudio({"a" * 40: "lead@example.org", "b" * 40: "wang@example.org"})
    both = zip(conversation(list(clients(model))), conversation(real))
    wrong = [(asked, status, real_status, missing(said, answered))
             for (asked, status, said), (_, real_status, answered) in both
             if status != real_status or missing(said, answered)]
    assert wrong == [], "\n".join(map(str, wrong))
