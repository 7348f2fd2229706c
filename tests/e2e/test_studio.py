"""Our side of Label Studio against a real server and a real browser."""
from __future__ import annotations

import json
import os
from pathlib import Path
from uuid import uuid4

import pytest

from labels.errors import StudioDenied, StudioError, StudioMismatch, StudioUnreachable
from labels.govdoc import FOLDER
from labels.guide import NO_GUIDE
from labels.schema import Schema, load_schema, parse_schema
from tests.e2e import editor
from workbench.studio import local
from workbench.studio.client import Client, http_client, server_version, task_url
from workbench.studio.mapping import (
    Answer, StudioRelation, StudioSpan, instruction, labeling_config, prediction, read_annotation,
    relation_value, task_data)
from workbench.studio.people import create_account
from workbench.studio.projects import delete_tasks, ensure_project
from workbench.studio.pull import all_task_ids, pull_answers
from workbench.studio.push import (
    Created, TaskPayload, check_prediction, create_tasks, repair_predictions,
    replace_predictions, task_rows, task_states,
)

pytestmark = pytest.mark.e2e

SCHEMA = load_schema(FOLDER / "schema.toml")
TEXT = "江岚市云泽区财政局\n一般公共预算\t收入𠮷增长5%👨‍👩‍👧，下降2\n亿元。𬬚材料中心。\n\n  完成率\t98%"
PASSWORD = "a-Long-passw0rd"


def span(quote: str, label: str, score: float | None = 0.75) -> StudioSpan:
    start = TEXT.index(quote)
    return StudioSpan(start, start + len(quote), label, quote, score)


SPANS = (span("江岚市云泽区财政局", "ORG"), span("一般公共预算\t收入", "INDICATOR"), span("5%", "PERCENT"),
         span("2\n亿元", "MONEY"), span("98%", "PERCENT"))
RELATIONS = (StudioRelation(1, 2, "CHANGE", "up"), StudioRelation(1, 3, "CHANGE", "down"),
             StudioRelation(1, 3, "VALUE"), StudioRelation(1, 4, "COMPLETION"))


def payload(key: str, spans: tuple[StudioSpan, ...] = SPANS,
            relations: tuple[StudioRelation, ...] = RELATIONS) -> TaskPayload:
    data = task_data(key, TEXT, heading_path=["一、总体情况"], before="上一段。", after="下一段。",
                     document_title="云泽区报告")
    return TaskPayload(key, data, prediction(TEXT, spans, relations, schema=SCHEMA))


@pytest.fixture
def project(studio_client: Client) -> int:
    return ensure_project(studio_client, SCHEMA, "spans", "云泽区 spans", marker=str(uuid4())).id


def annotate(client: Client, task_id: int, spans: tuple[StudioSpan, ...]) -> int:
    result = prediction(TEXT, spans, schema=SCHEMA)["result"]
    return int(client.post(f"/api/tasks/{task_id}/annotations/", {"result": result})["id"])


def test_the_server_is_found_again_by_a_second_start(
        label_studio: local.Server, studio_home: local.StudioHome, studio_executable: Path,
        studio_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # as another process sees it: one that has not started the server itself
    monkeypatch.setattr(local, "_children", {})
    assert local.start(studio_home, studio_executable) == label_studio
    status = local.status(studio_home)
    assert (status.running, status.healthy, status.pid) == (True, True, label_studio.pid)
    assert status.version == server_version(studio_client) == local.VERSION
    with pytest.raises(StudioError, match="runs already, on port"):
        local.start(studio_home, studio_executable, port=label_studio.port + 1)


def test_the_server_writes_ahead_and_keeps_its_secrets(
        label_studio: local.Server, studio_home: local.StudioHome) -> None:
    Client(label_studio.url, label_studio.token).get("/api/current-user/whoami")
    assert local.journal_mode(studio_home) == "wal"
    for path in (studio_home.secrets, studio_home.log, studio_home.database):
        assert os.stat(path).st_mode & 0o077 == 0, path
    assert label_studio.token not in repr(label_studio)


def test_a_wrong_token_is_one_line(label_studio: local.Server) -> None:
    with pytest.raises(StudioDenied) as caught:
        Client(label_studio.url, "0" * 40).get("/api/projects/")
    assert "\n" not in str(caught.value) and "Account & Settings" in str(caught.value)


# the SDK's own call of pydantic, which is not ours to mend
@pytest.mark.filterwarnings("ignore:The `parse_obj` method is deprecated")
def test_a_personal_access_token_is_accepted(studio_client: Client) -> None:
    settings = "/api/jwt/settings"
    studio_client.post(settings, {"api_tokens_enabled": True, "legacy_api_tokens_enabled": True})
    token = studio_client.post("/api/token/", {})["token"]
    with Client(studio_client.url, token) as client:
        assert server_version(client) == local.VERSION


def test_a_project_is_made_once_and_kept_up_to_date(studio_client: Client) -> None:
    marker = str(uuid4())
    made = ensure_project(studio_client, SCHEMA, "spans", "云泽区", marker=marker)
    assert ensure_project(studio_client, SCHEMA, "spans", "云泽区", marker=marker) == made
    assert ensure_project(studio_client, SCHEMA, "spans", "另一名称", marker=marker,
                          known=made) == made
    stored = studio_client.get(f"/api/projects/{made.id}/")
    assert stored["label_config"] == labeling_config(SCHEMA, "spans")
    assert stored["expert_instruction"] == instruction(SCHEMA, NO_GUIDE, "spans")
    assert (stored["title"], stored["show_collab_predictions"]) == ("云泽区", True)
    longer = extended_schema()
    ensure_project(studio_client, longer, "spans", "云泽区", marker=marker, known=made)
    assert "EVENT" in studio_client.get(f"/api/projects/{made.id}/")["label_config"]
    with pytest.raises(StudioMismatch, match="not made by this workbench"):
        ensure_project(studio_client, SCHEMA, "spans", "x", marker="another", known=made)


def create(client: Client, project: int, tasks: list[TaskPayload]) -> dict[str, int]:
    """Task ids by key."""
    ids: dict[str, int] = {}
    assert create_tasks(client, project, tasks, lambda made: ids.update(made.task_ids)) == []
    return ids


def extended_schema() -> Schema:
    text = (FOLDER / "schema.toml").read_text(encoding="utf-8")
    return parse_schema(text + '\n[labels.EVENT]\ntitle = "活动"\ntitle_en = "Event"\n'
                               'color = "#444444"\n')


def test_labels_that_answers_use_cannot_vanish(studio_client: Client) -> None:
    marker, longer = str(uuid4()), extended_schema()
    project = ensure_project(studio_client, longer, "spans", "云泽区", marker=marker)
    task = create(studio_client, project.id, [payload("k1")])["k1"]
    result = [{"id": "a", "from_name": "label", "to_name": "text", "type": "labels",
               "value": {"start": 0, "end": 3, "text": TEXT[:3], "labels": ["EVENT"]}}]
    studio_client.post(f"/api/tasks/{task}/annotations/", {"result": result})
    with pytest.raises(StudioMismatch, match="do not fit the answers"):
        ensure_project(studio_client, SCHEMA, "spans", "云泽区", marker=marker, known=project)


def test_what_one_task_is_refused_for_does_not_stop_the_others(
        studio_client: Client, project: int) -> None:
    tasks = [payload(f"k{number}") for number in range(3)]
    bad = TaskPayload("bad", task_data("bad", TEXT), {"result": [
        {"id": "a", "from_name": "label", "to_name": "text", "type": "labels",
         "value": {"start": 0, "end": 3, "text": TEXT[:3], "labels": ["NOPE"]}}]})
    made: list[Created] = []
    (refused,) = create_tasks(studio_client, project, [*tasks[:1], bad, *tasks[1:]], made.append)
    assert refused.key == "bad" and "NOPE" in str(refused.error)
    states = task_states(studio_client, project)
    assert sorted(states) == ["k0", "k1", "k2"]
    assert {key: one for part in made for key, one in part.task_ids.items()} \
        == {key: state.task_id for key, state in states.items()}


def test_a_prediction_lost_on_the_server_is_sent_again(
        studio_client: Client, project: int) -> None:
    tasks = [payload("k1"), payload("k2")]
    ids = create(studio_client, project, tasks)
    row = studio_client.get("/api/predictions/", {"task": ids["k2"]})[0]
    studio_client.delete(f"/api/predictions/{row['id']}/")
    repaired = repair_predictions(studio_client, project, {
        ids[task.key]: task.prediction for task in tasks if task.prediction})
    assert repaired == {ids["k2"]}
    (sent,) = studio_client.get("/api/predictions/", {"task": ids["k2"]})
    assert sent["result"] == row["result"] and sent["model_version"] == "workbench"


def test_new_suggestions_take_the_place_of_old_ones(studio_client: Client, project: int) -> None:
    task = create(studio_client, project, [payload("k1")])["k1"]
    newer = prediction(TEXT, SPANS[:1], schema=SCHEMA)
    replace_predictions(studio_client, project, {task: newer})
    (row,) = studio_client.get("/api/predictions/", {"task": task})
    assert row["result"] == newer["result"]


def test_a_wrong_prediction_is_not_sent() -> None:
    good = payload("k1")
    shifted = json.loads(json.dumps(good.prediction))
    shifted["result"][0]["value"]["start"] += 1
    unknown = json.loads(json.dumps(good.prediction))
    unknown["result"][0]["value"]["labels"] = ["NOPE"]
    labels = frozenset(SCHEMA.label_names)
    check_prediction(good, labels, {})
    for wrong in (shifted, unknown):
        with pytest.raises(StudioMismatch, match="suggestion for task k1 is wrong"):
            check_prediction(TaskPayload("k1", good.data, wrong), labels, {})


def test_our_server_refuses_an_import_whose_predictions_are_wrong(
        studio_client: Client, project: int) -> None:
    wrong = {"result": [{"id": "a", "from_name": "label", "to_name": "text", "type": "labels",
                         "value": {"start": 0, "end": 3, "text": TEXT[:3], "labels": ["NOPE"]}}]}
    with pytest.raises(StudioError, match="400"):
        studio_client.post(f"/api/projects/{project}/import",
                           [{"data": payload("k1").data, "predictions": [wrong]}])
    assert all_task_ids(studio_client, project) == set()


def test_a_pull_brings_what_was_created_changed_and_deleted(
        studio_client: Client, label_studio: local.Server, project: int) -> None:
    ids = create(studio_client, project, [payload("k1"), payload("k2")])
    before = pull_answers(studio_client, project)
    assert [task.key for task in before.tasks] == ["k1", "k2"]

    annotation = annotate(studio_client, ids["k2"], SPANS[:2])
    created = pull_answers(studio_client, project, before.newest, overlap=0)
    assert [task.task_id for task in created.tasks] == [ids["k2"]]
    (pulled,) = created.tasks[0].annotations
    assert (pulled.id, pulled.email, pulled.ground_truth) == (annotation, label_studio.email, False)
    assert read_annotation(pulled.result, TEXT, SCHEMA, "spans") == Answer(SPANS[:2])
    assert pull_answers(studio_client, project, created.newest, overlap=0).tasks == ()

    studio_client.delete(f"/api/annotations/{annotation}/")
    deleted = pull_answers(studio_client, project, created.newest, overlap=0)
    assert [(task.key, task.annotations) for task in deleted.tasks] == [("k2", ())]

    delete_tasks(studio_client, project, [ids["k1"]])
    assert all_task_ids(studio_client, project) == {ids["k2"]}


def test_rows_come_once_over_several_pages(studio_client: Client, project: int) -> None:
    ids = create(studio_client, project, [payload(f"k{n}") for n in range(5)])
    rows = list(task_rows(studio_client, project, {"include": "id"}, page_size=2))
    assert [row["id"] for row in rows] == sorted(ids.values())


def test_an_account_signs_in_corrects_and_its_answer_comes_back_exact(
        studio_client: Client, label_studio: local.Server, project: int) -> None:
    """Push → a person relabels, deletes, marks and submits in Chromium → pull."""
    email = f"annotator-{uuid4().hex[:8]}@example.org"
    account = create_account(studio_client, email, PASSWORD)
    assert not account.existed
    task = create(studio_client, project, [payload("k1")])["k1"]

    with editor.browser() as chromium:
        page = editor.new_page(chromium)
        editor.sign_in(page, label_studio.url, email, PASSWORD)
        page.goto(task_url(label_studio.url, project, task))
        editor.open_task(page, project, task)
        assert editor.regions(page) == [
            editor.Seen("机构", "江岚市云泽区财政局"), editor.Seen("指标", "一般公共预算\t收入"),
            editor.Seen("比例", "5%"), editor.Seen("金额", "2亿元"), editor.Seen("比例", "98%")]
        editor.relabel(page, "江岚市云泽区财政局", "4")
        editor.delete_region(page, "98%")
        editor.mark(page, "𬬚材料中心", "1")
        editor.submit(page)
        editor.relabel(page, "江岚市云泽区财政局", "1")
        editor.relate(page, "江岚市云泽区财政局", "5%", relation_value(SCHEMA, "SHARE"))
        editor.submit(page)

    (pulled,) = pull_answers(studio_client, project).tasks
    (annotation,) = pulled.annotations
    assert (annotation.completed_by, annotation.email) == (account.id, email)
    assert annotation.parent_prediction is not None
    answer = read_annotation(annotation.result, TEXT, SCHEMA, "spans")
    assert answer == Answer(
        (*SPANS[:4], span("𬬚材料中心", "ORG", None)),
        (StudioRelation(0, 2, "SHARE"), *RELATIONS[:3]))


def test_classes_are_chosen_in_the_browser(
        studio_client: Client, label_studio: local.Server) -> None:
    project = ensure_project(studio_client, SCHEMA, "classes", "云泽区 classes",
                             marker=str(uuid4())).id
    suggested = prediction(TEXT, classes=[("function", ["plan"]), ("topics", ["finance"])],
                           schema=SCHEMA)
    task = create(studio_client, project, [
        TaskPayload("p1", task_data("p1", TEXT), suggested)])["p1"]
    with editor.browser() as chromium:
        page = editor.new_page(chromium)
        editor.sign_in(page, label_studio.url, label_studio.email, label_studio.password)
        editor.open_task(page, project, task)
        editor.choose(page, "收支与统计数据")
        editor.choose(page, "教育")
        editor.submit(page)
    (pulled,) = pull_answers(studio_client, project).tasks
    answer = read_annotation(pulled.annotations[0].result, TEXT, SCHEMA, "classes")
    assert answer.chosen("function") == ("figures",)
    assert answer.chosen("topics") == ("finance", "education")


def test_an_account_that_exists_is_found(
        studio_client: Client, label_studio: local.Server) -> None:
    account = create_account(studio_client, label_studio.email.upper(), PASSWORD)
    assert account.existed and account.email == label_studio.email


def test_nobody_signs_up_on_our_server_without_an_invitation(label_studio: local.Server) -> None:
    with http_client(label_studio.url, 30.0) as session:
        page = session.get(f"{label_studio.url}/user/signup/")
        token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        answer = session.post(f"{label_studio.url}/user/signup/", data={
            "csrfmiddlewaretoken": token, "email": "stranger@example.org", "password": PASSWORD})
    assert token and answer.status_code == 403


def test_a_weak_password_is_refused_with_the_reason(studio_client: Client) -> None:
    with pytest.raises(StudioError, match="password|Password|short"):
        create_account(studio_client, "weak@example.org", "1")


def test_a_stopped_server_is_one_line_and_starts_again_where_it_was(
        studio_home: local.StudioHome, studio_executable: Path,
        label_studio: local.Server) -> None:
    """Last in this file: everything after it would wait for the restart."""
    assert local.stop(studio_home)
    assert not local.status(studio_home).running
    assert not local.stop(studio_home)
    with pytest.raises(StudioUnreachable) as caught:
        Client(label_studio.url, label_studio.token).get("/api/projects/")
    assert "\n" not in str(caught.value) and "workbench studio up" in str(caught.value)
    again = local.start(studio_home, studio_executable)
    assert (again.url, again.token) == (label_studio.url, label_studio.token)
    with Client(again.url, again.token) as client:
        assert server_version(client) == local.VERSION
