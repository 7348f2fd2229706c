"""Label Studio calls the workbench: answers arrive by themselves, suggestions are asked live."""
from __future__ import annotations

import json
import threading
import time
from typing import Any, Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from labels.errors import StudioDenied, StudioError
from tests.e2e import editor
from tests.e2e.connected import connected_project
from tests.workbench.running import free_port
from tests.workbench.test_cli import run
from workbench import live, stages, sync
from workbench.live import described
from workbench.project import Project
from workbench.store.answers import newest_answers
from workbench.store.tasks import region_text, task_states
from workbench.studio import local
from workbench.studio.client import Client
from workbench.studio.live import HOOK_PATH
from workbench.studio.mapping import MODEL_VERSION, StudioSpan, read_annotation
from workbench.supervisor import make_server

pytestmark = pytest.mark.e2e

# What counts in offsets stands before all that is found.
TEXT = ("𠀀𠮷😀👨‍👩‍👧\t云泽区财政局投入 153.5 亿元，同比增长 12.5%。\n"
        "任命李若川为云泽区教育局局长。")
WITHIN_S = 15.0


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, label_studio: local.Server) -> Project:
    """A connected and pushed project with one document."""
    made = connected_project(tmp_path_factory.mktemp("live"), label_studio, TEXT)
    with made.open() as store:
        stages.suggest(store, made.pack())
    sync.push(made)
    return made


@pytest.fixture(scope="module")
def workbench(project: Project) -> Iterator[str]:
    """The workbench served as `workbench serve` does, known to the project by its address."""
    port = free_port()
    server = make_server(project, "127.0.0.1", port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    live.set_addresses(project, workbench_url=url)
    yield url
    live.connect_live(project, webhook=False, ml=False)
    server.close()
    thread.join(10)


def link_of(project: Project) -> sync.Connection:
    with project.open() as store:
        return sync.connection(store)


def spans_task(project: Project) -> int:
    with project.open() as store:
        (row,) = [row for row in task_states(store) if row["kind"] == "spans"]
    return int(row["studio_task"])


def annotate(client: Client, task: int, start: int, end: int) -> int:
    result = [{"id": uuid4().hex[:8], "from_name": "label", "to_name": "text", "type": "labels",
               "value": {"start": start, "end": end, "text": TEXT[start:end], "labels": ["ORG"]}}]
    return int(client.post(f"/api/tasks/{task}/annotations/", {"result": result})["id"])


def spans_stored(project: Project) -> set[str]:
    with project.open() as store:
        return {TEXT[span["start"]:span["end"]] for row in newest_answers(store)
                for span in row["answer"]["spans"]}


def within(seconds: float, told: Callable[[], Any]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if told():
            return True
        time.sleep(0.1)
    return False


def hooks(client: Client, project: Project) -> list[dict[str, Any]]:
    link = link_of(project)
    return [row for kind, slot in link.slots
            for row in client.get("/api/webhooks/", {"project": link.project(kind, slot).id})]


def backends(client: Client, project: Project) -> list[dict[str, Any]]:
    link = link_of(project)
    return [row for kind, slot in link.slots
            for row in client.get("/api/ml/", {"project": link.project(kind, slot).id})]


def test_nothing_is_called_before_it_is_switched_on(
        project: Project, workbench: str, studio_client: Client) -> None:
    assert hooks(studio_client, project) == [] == backends(studio_client, project)
    told = described(project)
    assert (told["webhook"], told["ml"], told["disagrees"], told["error"]) == (False, False, [], "")


def test_an_answer_arrives_by_itself(project: Project, workbench: str,
                                     studio_client: Client) -> None:
    live.connect_live(project, webhook=True)
    annotation = annotate(studio_client, spans_task(project), 9, 15)
    assert within(WITHIN_S, lambda: "云泽区财政局" in spans_stored(project))
    assert described(project)["last_event"]["action"] == "ANNOTATION_CREATED"
    studio_client.delete(f"/api/annotations/{annotation}/")
    assert within(WITHIN_S, lambda: not spans_stored(project))


def test_what_no_hint_came_for_is_found_by_the_next_pull(
        project: Project, workbench: str, studio_client: Client) -> None:
    live.connect_live(project, webhook=True)
    for hook in hooks(studio_client, project):  # the workbench was away, or the call was lost
        studio_client.patch(f"/api/webhooks/{hook['id']}/", {
            "url": "http://127.0.0.1:9/hooks/label-studio"})
    annotation = annotate(studio_client, spans_task(project), 0, 2)
    assert not within(1.5, lambda: spans_stored(project))
    assert sync.pull(project).accepted == 1
    assert spans_stored(project) == {"𠀀𠮷"}
    studio_client.delete(f"/api/annotations/{annotation}/")
    sync.pull(project)


def test_connecting_again_doubles_nothing_and_mends_what_was_changed(
        project: Project, workbench: str, studio_client: Client) -> None:
    live.connect_live(project, webhook=True, ml=True)
    before = [(row["id"], row["url"]) for row in hooks(studio_client, project)]
    assert len(before) == 2 and {url for _, url in before} == {f"{workbench}/hooks/label-studio"}
    for hook, _ in before:
        studio_client.patch(f"/api/webhooks/{hook}/", {
            "url": "http://127.0.0.1:9/elsewhere", "is_active": False})
    assert described(project)["disagrees"] == ["classes:1", "spans:1"]
    live.connect_live(project)
    assert [(row["id"], row["url"]) for row in hooks(studio_client, project)] == before
    assert len(backends(studio_client, project)) == 2
    assert described(project)["disagrees"] == []


def test_what_label_studio_does_beside_is_undone(
        project: Project, workbench: str, studio_client: Client) -> None:
    live.connect_live(project, webhook=False, ml=True)
    # its own webhook to the backend, with all that it knows and without a secret
    assert hooks(studio_client, project) == []
    spans = link_of(project).project("spans").id
    assert studio_client.get(f"/api/projects/{spans}/")["model_version"] == MODEL_VERSION
    live.connect_live(project, ml=False)
    assert backends(studio_client, project) == [] == hooks(studio_client, project)
    assert studio_client.get(f"/api/projects/{spans}/")["model_version"] == MODEL_VERSION


def answer_in(result: list[dict[str, Any]], project: Project, text: str) -> tuple[StudioSpan, ...]:
    """The spans of a result as Label Studio holds it; each is the right slice."""
    return read_annotation(result, text, project.pack().schema, "spans").spans


def test_suggestions_are_asked_for_while_somebody_works(
        project: Project, workbench: str, studio_client: Client) -> None:
    live.connect_live(project, webhook=False, ml=True)
    task, spans = spans_task(project), link_of(project).project("spans").id
    with project.open() as store:
        (region,) = [row for row in task_states(store) if row["kind"] == "spans"]
        text = region_text(store, region["id"])
    (pushed,) = studio_client.get("/api/predictions/", {"task": task})
    studio_client.delete(f"/api/predictions/{pushed['id']}/")
    # a task without suggestions is opened
    (asked,) = studio_client.get(f"/api/tasks/{task}/")["predictions"]
    assert (asked["result"], asked["model_version"]) == (pushed["result"], MODEL_VERSION)
    assert {"云泽区财政局", "153.5 亿元", "李若川"} <= {
        span.text for span in answer_in(asked["result"], project, text)}
    # a task that somebody made by hand
    unknown = "😀𠀀\n任命王建民为云泽区水务局局长。"
    by_hand = studio_client.post("/api/tasks/", {
        "project": spans, "data": {"text": unknown, "key": "", "heading": "", "before": "",
                                   "after": ""}})["id"]
    (asked,) = studio_client.get(f"/api/tasks/{by_hand}/")["predictions"]
    assert {"王建民", "云泽区水务局"} <= {
        span.text for span in answer_in(asked["result"], project, unknown)}
    # somebody selects a part of a name
    (backend,) = [row for row in backends(studio_client, project) if row["project"] == spans]
    at = text.index("若川")
    drawn = {"id": "drawn", "from_name": "label", "to_name": "text", "type": "labels",
             "value": {"start": at, "end": at + 2, "text": "若川", "labels": ["PERSON"]}}
    answer = studio_client.post(f"/api/ml/{backend['id']}/interactive-annotating", {
        "task": task, "context": {"result": [drawn]}})
    assert [(span.text, span.label, text[span.start:span.end]) for span in
            answer_in(answer["data"]["result"], project, text)] == [("李若川", "PERSON", "李若川")]
    assert within(5, lambda: (described(project)["last_prediction"] or {}).get("tasks") == 1)
    # suggestions asked live are those that would be pushed: nothing is sent again or doubled
    report = sync.push(project)
    assert (report.created, report.repaired, report.updated) == (0, 0, 0)


def test_a_selection_in_the_editor_is_asked_about(
        project: Project, workbench: str, label_studio: local.Server) -> None:
    live.connect_live(project, webhook=False, ml=True)
    spans = link_of(project).project("spans").id
    with editor.browser() as chromium:
        page = editor.new_page(chromium)
        editor.sign_in(page, label_studio.url, label_studio.email, label_studio.password)
        editor.open_task(page, spans, spans_task(project))
        page.get_by_text("Auto-Annotation").click()
        page.evaluate("document.activeElement.blur()")
        before = editor.regions(page)
        editor.delete_region(page, "李若川")
        with page.expect_response(lambda answer: "interactive-annotating" in answer.url):
            editor.mark(page, "若川", "2")
        expect(page.locator(editor.HIGHLIGHTS).get_by_text("若川", exact=True)).to_have_count(1)
        # what was drawn, and the whole name around it; the rest is as it was
        page.wait_for_function("""([selector, count]) =>
            document.querySelectorAll(selector).length >= count""",
                               arg=[editor.HIGHLIGHTS, len(before) + 1])
        after = editor.regions(page)
        result = editor.submit(page)["result"]
    seen = [seen for seen in after if "若川" in seen.text]
    assert {one.label for one in seen} == {"人名"} and len(after) == len(before) + 1
    spans_said = {(item["value"]["text"], *item["value"]["labels"],
                   TEXT[item["value"]["start"]:item["value"]["end"]])
                  for item in result if item["type"] == "labels" and "若川" in item["value"]["text"]}
    assert spans_said == {("若川", "PERSON", "若川"), ("李若川", "PERSON", "李若川")}


def test_the_command_line_switches_on_and_off_and_tells_the_state(
        project: Project, workbench: str) -> None:
    def studio(*arguments: str, status: int = 0) -> dict[str, Any]:
        result = run("--project", project.folder, "studio", *arguments)
        assert result.exit_code == status, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    studio("connect", "--no-webhook", "--no-ml")
    told = studio("connect", "--webhook", "--ml", "--public-url", "https://label.example/")
    assert (told["webhook"], told["ml"], told["disagrees"]) == (True, True, [])
    assert told["public_url"] == "https://label.example"
    assert {one["hook"] for one in told["projects"].values()} == {f"{workbench}{HOOK_PATH}"}
    assert {one["backend_state"] for one in told["projects"].values()} == {"Connected"}
    assert "token" not in json.dumps(told) and link_of(project).token not in json.dumps(told)
    told = studio("connect", "--no-ml")  # what is not named stays
    assert (told["webhook"], told["ml"]) == (True, False)
    # this project's Label Studio is not its own: what counts is that it answers and agrees
    told = studio("status")
    assert told["running"] is False and told["connection"]["elsewhere"] is True
    assert told["connection"]["version"] == told["wanted"] == local.VERSION
    studio("connect", "--no-webhook", "--public-url", link_of(project).url)


def test_a_workbench_that_is_not_there_is_one_line_and_stays_off(
        project: Project, workbench: str) -> None:
    live.connect_live(project, webhook=False, ml=False)
    live.set_addresses(project, workbench_url="http://127.0.0.1:9")
    try:
        with pytest.raises(StudioError, match="does not get suggestions from the workbench at "
                                              "http://127.0.0.1:9: .*must be running") as caught:
            live.connect_live(project, ml=True)
    finally:
        live.set_addresses(project, workbench_url=workbench)
    assert "\n" not in str(caught.value) and "<a " not in str(caught.value)
    assert described(project)["ml"] is False


# the SDK's own way of reading the short-lived token
@pytest.mark.filterwarnings("ignore:The `parse_obj` method is deprecated")
def test_both_kinds_of_token_connect(project: Project, workbench: str,
                                     label_studio: local.Server, studio_client: Client) -> None:
    studio_client.post("/api/jwt/settings", {
        "api_tokens_enabled": True, "legacy_api_tokens_enabled": True,
        "api_token_ttl_days": 30})
    personal = studio_client.post("/api/token/", {})["token"]
    assert personal.count(".") == 2  # a JWT that gives short-lived ones
    try:
        before = link_of(project)
        link = live.connect_server(project, label_studio.url + "/", personal)
        assert (link.token, link.url) == (personal, label_studio.url)
        assert link.projects == {name: tuple(there) for name, there in before.projects.items()}
        live.connect_live(project, webhook=True, ml=True)
        assert sync.push(project).created == 0 and sync.pull(project).gone == 0
        assert live.connect_server(project, None, label_studio.token).token == label_studio.token
        with pytest.raises(StudioDenied, match="refuses the token"):
            live.connect_server(project, None, "0" * 40)
        assert link_of(project).token == label_studio.token
    finally:
        studio_client.post("/api/token/blacklist/", {"refresh": personal})
