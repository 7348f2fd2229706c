"""An import whose answer never came is neither lost nor sent a second time too early."""
from __future__ import annotations

from typing import Iterator

import httpx
import pytest

from labels.errors import StudioUnreachable
from tests.workbench.studio.fake_studio import FakeStudio
from workbench.studio import client as client_module
from workbench.studio.client import Client
from workbench.studio.mapping import MODEL_VERSION
from workbench.studio.push import Created, TaskPayload, create_tasks, repair_predictions

TOKEN = "a" * 40
TASKS = [TaskPayload(f"d:{number}", {"text": "云泽区教育局", "key": f"d:{number}"}, {
    "result": [], "model_version": "workbench", "score": 1.0}) for number in range(3)]


class SlowStudio:
    """Takes the first import in hand, and has done it `later` requests after the client gave up."""

    def __init__(self, later: int) -> None:
        self.studio = FakeStudio({TOKEN: "workbench@example.org"})
        self.project = self.studio.new_id()
        self.studio.projects[self.project] = {
            "id": self.project, "title": "t", "label_config": "<View/>"}
        self.later, self.held, self.imports = later, list[httpx.Request](), 0
        self.answer = self.studio.transport(False).handler

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/import"):
            self.imports += 1
            if self.imports == 1:
                self.held.append(request)
                raise httpx.ReadTimeout("the client gave up", request=request)
        self.later -= 1
        if self.later == 0:
            self.arrive()
        response = self.answer(request)
        assert isinstance(response, httpx.Response)
        return response

    def arrive(self) -> None:
        self.answer(self.held.pop())

    def keys(self) -> list[str]:
        return sorted(task["meta"]["key"] for task in self.studio.tasks.values())


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(client_module, "PAUSE_S", 0.0)
    yield


def connected(slow: SlowStudio, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(client_module, "http_client", lambda url, timeout: httpx.Client(
        transport=httpx.MockTransport(slow), timeout=timeout))
    return Client("http://studio.invalid", TOKEN)


def test_an_import_that_was_done_late_is_found_and_not_repeated(
        monkeypatch: pytest.MonkeyPatch) -> None:
    slow, made = SlowStudio(later=3), list[Created]()
    with connected(slow, monkeypatch) as client:
        assert create_tasks(client, slow.project, TASKS, made.append) == []
    assert slow.imports == 1 and slow.keys() == ["d:0", "d:1", "d:2"]
    assert [sorted(one.task_ids) for one in made] == [["d:0", "d:1", "d:2"]]


def test_an_import_that_may_be_under_way_is_left_to_the_next_push(
        monkeypatch: pytest.MonkeyPatch) -> None:
    slow, made = SlowStudio(later=0), list[Created]()
    with connected(slow, monkeypatch) as client:
        with pytest.raises(StudioUnreachable):
            create_tasks(client, slow.project, TASKS, made.append)
        assert slow.imports == 1 and made == []
        slow.arrive()
    assert slow.keys() == ["d:0", "d:1", "d:2"]


def test_a_task_with_nothing_but_an_offer_gets_its_suggestions_again(
        monkeypatch: pytest.MonkeyPatch) -> None:
    slow, made = SlowStudio(later=1), list[Created]()
    with connected(slow, monkeypatch) as client:
        create_tasks(client, slow.project, TASKS[:1], made.append)
        (task,) = made[0].task_ids.values()
        (shown,) = slow.studio.predictions.values()
        shown["model_version"] = f"{MODEL_VERSION} 7"
        assert repair_predictions(client, slow.project, {task: TASKS[0].prediction or {}}) == {task}
    assert sorted(one["model_version"] for one in slow.studio.predictions.values()) == [
        MODEL_VERSION, f"{MODEL_VERSION} 7"]
    assert slow.studio.projects[slow.project]["model_version"] == MODEL_VERSION
