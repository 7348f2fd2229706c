"""The ML backend: who is let in, what it suggests for what is asked, and how it refuses."""
from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings, strategies as st
from label_studio_sdk.label_interface import LabelInterface
from werkzeug.test import TestResponse

from labels.document import Block, Document
from workbench import live, stages
from workbench.live import ASKED
from workbench.outgoing import outgoing
from workbench.project import Project
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.settings import get_setting, set_setting
from workbench.store.tasks import region_text, task_states
from workbench.studio.live import BACKEND_USER
from workbench.studio.mapping import (
    MODEL_VERSION, Answer, Kind, labeling_config, read_annotation,
)
from workbench.studio.push import TaskPayload, check_prediction

PASSWORD = "the-password-of-the-backend"
PROJECTS = {"spans:1": [4, "a"], "classes:1": [5, "b"], "spans:2": [6, "c"], "classes:2": [7, "d"]}
# What is written out once is a short name afterwards: only the document as a whole tells.
MEMORY = ("云泽区人民政府关于江岚市云泽区水务投资集团有限公司（以下简称水务集团）有关事项的通知\n\n"
          "𠀀😀👩‍👩‍👧：水务集团全年收入 65.2 亿元，增长 3.1%。\n\n"
          "任命李若川为云泽区教育局局长。")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PAUSE_S", 0.02)


@pytest.fixture
def caller(app: Flask, store: Store) -> FlaskClient:
    set_setting(store, "live", {"webhook": False, "ml": True, "hook_secret": "another",
                                "ml_password": PASSWORD})
    set_setting(store, "studio", {"url": "http://127.0.0.1:9", "public_url": "", "token": "t",
                                  "projects": PROJECTS})
    return app.test_client()


def post(caller: FlaskClient, path: str = "/ml/predict", password: str = PASSWORD,
         user: str = BACKEND_USER, **body: Any) -> TestResponse:
    return caller.post(path, auth=(user, password), **body)


def asked(*tasks: dict[str, Any], project: str = "4.1795346236",
          selection: tuple[Any, Any] | None = None) -> dict[str, Any]:
    """A request as Label Studio 1.23 sends it."""
    context = None if selection is None else {"result": [
        {"id": "drawn", "type": "labels", "from_name": "label", "to_name": "text",
         "value": {"start": selection[0], "end": selection[1], "labels": ["ORG"]}}]}
    return {"tasks": [{"id": 9, "annotations": [], **task} for task in tasks], "project": project,
            "label_config": "<View/>", "params": {"login": None, "password": None,
                                                  "context": context}}


def results(answer: TestResponse) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["results"]  # type: ignore[index]
    return found


def error_of(answer: TestResponse) -> str:
    """What it says is wrong; every answer is JSON."""
    assert answer.is_json and answer.json is not None
    return str(answer.json["error"])


def of_text(caller: FlaskClient, text: str, **options: Any) -> dict[str, Any]:
    (made,) = results(post(caller, json=asked({"data": {"text": text}}, **options)))
    return made


def mentions(made: dict[str, Any]) -> set[tuple[str, str]]:
    return {(item["value"]["text"], item["value"]["labels"][0])
            for item in made["result"] if item["type"] == "labels"}


def right(project: Project, made: dict[str, Any], text: str) -> Answer:
    """What the prediction says, read as an answer: names, offsets and ids are right."""
    schema = project.pack().schema
    check_prediction(TaskPayload("k", {"text": text}, made), frozenset(schema.label_names), {})
    interface = LabelInterface(labeling_config(schema, "spans"))
    assert interface.validate_prediction(made, return_errors=True) == []
    return read_annotation(made["result"], text, schema, "spans")


# --- who is let in -------------------------------------------------------------------------------

@pytest.mark.parametrize("path", ["/ml/", "/ml/health", "/ml/versions"])
def test_its_health_is_shown_to_label_studio_only(caller: FlaskClient, path: str) -> None:
    assert caller.get(path, auth=(BACKEND_USER, PASSWORD)).status_code == 200
    for auth in (None, (BACKEND_USER, "wrong"), ("lead", PASSWORD), (BACKEND_USER, "")):
        answer = caller.get(path, auth=auth)
        assert (answer.status_code, answer.data) == (401, b"")
    answer = caller.get(path, headers={"Authorization": f"Bearer {PASSWORD}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/ml/predict", "/ml/setup"])
def test_nobody_else_asks(caller: FlaskClient, store: Store, path: str) -> None:
    assert post(caller, path, password="wrong", json={}).status_code == 401
    set_setting(store, "live", {"webhook": True, "ml": False, "hook_secret": "x",
                                "ml_password": PASSWORD})
    assert post(caller, path, json={}).status_code == 401


def test_setup_tells_the_version_of_our_predictions(caller: FlaskClient) -> None:
    answer = post(caller, "/ml/setup", json={"project": "4.1", "access_token": "theirs"})
    assert answer.json == {"model_version": MODEL_VERSION}


# --- what is suggested ---------------------------------------------------------------------------

@pytest.fixture
def regions(project: Project, store: Store, filled: int) -> list[Any]:
    """The regions of a document whose last paragraphs need what its first says."""
    stages.cut_regions(store, filled)
    return list(task_states(store, filled))


def data_of(store: Store, region: Any) -> dict[str, Any]:
    return {"data": {"key": region["key"], "text": region_text(store, region["id"])}}


def test_a_task_of_ours_gets_what_is_pushed_for_it(
        caller: FlaskClient, project: Project, store: Store, regions: list[Any]) -> None:
    asks: list[tuple[Kind, str]] = [("spans", "4.1"), ("classes", "5.1"), ("spans", "6.1"),
                                    ("classes", "7")]
    for kind, number in asks:
        rows = store.rows("SELECT * FROM regions WHERE kind = ?", [kind])
        wanted = [one.task.prediction for one in outgoing(store, project.pack(), kind, rows)]
        made = results(post(caller, json=asked(*(data_of(store, row) for row in rows),
                                               project=number)))
        assert made == wanted and any(one["result"] for one in made)
        assert {one["model_version"] for one in made} == {MODEL_VERSION}


def test_the_memory_of_the_document_counts_before_its_suggestions_are_stored(
        caller: FlaskClient, project: Project, store: Store) -> None:
    first, second = MEMORY.index("\n"), MEMORY.index("𠀀")
    third = MEMORY.index("任命")
    document = add_document(store, Document(
        id="memory", text=MEMORY, source="memory.txt", title="通知", type="notice",
        blocks=(Block("paragraph", 0, first), Block("paragraph", second, third - 2),
                Block("paragraph", third, len(MEMORY))))).document_id
    with store.write() as db:
        db.table("regions").insert({"key": "part", "document_id": document, "kind": "spans",
                                    "start": second, "end": third - 2, "heading_path": "[]"})
    text = MEMORY[second:third - 2]
    (made,) = results(post(caller, json=asked({"data": {"key": "part", "text": text}})))
    right(project, made, text)
    assert ("水务集团", "ORG") in mentions(made)
    assert ("水务集团", "ORG") not in mentions(of_text(caller, text))
    assert store.value("SELECT count(*) FROM suggestion_sets WHERE document_id = ?",
                       [document]) == 0


def test_offsets_are_code_points_after_characters_of_two_units(
        caller: FlaskClient, project: Project) -> None:
    text = "𠀀𠮷𬭚😀👩‍👩‍👧\t\n任命李若川为云泽区教育局局长，投入 153.5 亿元。"
    made = of_text(caller, text)
    answer = right(project, made, text)
    assert {("李若川", "PERSON"), ("云泽区教育局", "ORG")} <= {
        (span.text, span.label) for span in answer.spans}
    assert all(text[span.start:span.end] == span.text for span in answer.spans)


def test_a_text_that_was_changed_in_label_studio_is_read_as_it_is(
        caller: FlaskClient, project: Project, store: Store, regions: list[Any]) -> None:
    region = next(row for row in regions if row["kind"] == "spans")
    changed = "任命李若川为云泽区教育局局长。"
    (made,) = results(post(caller, json=asked(
        {"data": {"key": region["key"], "text": changed}})))
    assert ("李若川", "PERSON") in mentions(made)
    right(project, made, changed)


def test_classes_of_an_unknown_paragraph(caller: FlaskClient, project: Project) -> None:
    text = "全年一般公共预算收入完成 65.2 亿元，增长 3.1%。"
    made = of_text(caller, text, project="5")
    answer = read_annotation(made["result"], text, project.pack().schema, "classes")
    assert answer.chosen("function")


def test_tasks_are_answered_in_their_order_and_an_empty_list_with_an_empty_one(
        caller: FlaskClient, store: Store, regions: list[Any]) -> None:
    region = next(row for row in regions if row["kind"] == "spans")
    made = results(post(caller, json=asked(
        {"data": {"text": "任命李若川为局长。"}}, data_of(store, region), {"data": {"text": ""}})))
    assert [("李若川", "PERSON") in mentions(one) for one in made] == [True, False, False]
    assert ("云泽区财政局", "ORG") in mentions(made[1]) and made[2]["result"] == []
    assert results(post(caller, json=asked())) == []


# --- a selection ---------------------------------------------------------------------------------

TEXT = "😀任命李若川为云泽区教育局局长，投入 153.5 亿元，同比增长 12.5%。"


@pytest.mark.parametrize("selected, found", [
    ("若川", {("李若川", "PERSON")}),              # a part of a mention: the whole of it
    ("李若川为云泽", {("李若川", "PERSON"), ("云泽区教育局", "ORG")}),
    ("，投", set()),                            # nothing there
])
def test_a_selection_gets_the_mentions_it_touches(
        caller: FlaskClient, project: Project, selected: str,
        found: set[tuple[str, str]]) -> None:
    start = TEXT.index(selected)
    made = of_text(caller, TEXT, selection=(start, start + len(selected)))
    right(project, made, TEXT)
    assert mentions(made) == found


def test_where_nothing_is_selected_nothing_is_added_to_what_somebody_did(
        caller: FlaskClient) -> None:
    body = asked({"data": {"text": TEXT}})
    for context in ({"result": []}, {"result": [{"value": {"choices": ["figures"]}}]}, {}):
        body["params"]["context"] = context
        (made,) = results(post(caller, json=body))
        assert made["result"] == []


def test_a_selection_brings_the_relations_within_it(caller: FlaskClient, project: Project) -> None:
    answer = right(project, of_text(caller, TEXT, selection=(0, len(TEXT))), TEXT)
    whole = right(project, of_text(caller, TEXT), TEXT)
    assert answer.relations and answer == whole


def test_what_was_drawn_is_not_said_again(caller: FlaskClient) -> None:
    start = TEXT.index("云泽区教育局")
    exact = of_text(caller, TEXT, selection=(start, start + 6))  # drawn as an ORG, as suggested
    assert mentions(exact) == set()
    wider = of_text(caller, TEXT, selection=(start - 1, start + 6))
    assert mentions(wider) == {("云泽区教育局", "ORG")}


def test_ids_of_a_selection_are_its_own(caller: FlaskClient) -> None:
    whole = of_text(caller, TEXT)
    made = [of_text(caller, TEXT, selection=(0, len(TEXT))) for _ in range(2)]
    ids = [{item["id"] for item in one["result"] if "id" in item} for one in (whole, *made)]
    assert ids[0] and not ids[0] & ids[1] and not ids[1] & ids[2]


# --- what is refused -----------------------------------------------------------------------------

WRONG: list[tuple[Any, str]] = [
    (None, "no JSON object"), ([], "no JSON object"), ("x", "no JSON object"),
    ({}, "is none of this workbench"),
    (asked({"data": {"text": "x"}}, project="99.1"), "'99.1' is none of this workbench"),
    (asked({"data": {"text": "x"}}, project="9" * 5000), "is none of this workbench"),
    (asked({"data": {"text": "x"}}, project="④"), "is none of this workbench"),
    ({"project": "4"}, "no list of tasks"), ({"project": "4", "tasks": {}}, "no list of tasks"),
    (asked({"data": {"text": "x"}}, {}), "task 2 has no text"),
    ({"project": "4", "tasks": [7]}, "task 1 has no text"),
    (asked({"data": {"text": None}}), "task 1 has no text"),
    (asked({"data": {"text": "\ud840"}}), "half a character"),
    (asked({"data": {"text": "x" * 1_000_001}}), "1000001 characters"),
    (asked({"data": {"text": "abc"}}, selection=(0, 4)), "selection 0-4 is not within"),
    (asked({"data": {"text": "abc"}}, selection=(2, 1)), "selection 2-1 is not within"),
    (asked({"data": {"text": "abc"}}, selection=(-1, 1)), "is not within"),
    (asked({"data": {"text": "abc"}}, selection=(True, 2)), "is not within"),
    (asked({"data": {"text": "abc"}}, selection=("0", 2)), "is not within"),
    (asked({"data": {"text": "a"}}, {"data": {"text": "b"}}, selection=(0, 1)), "of one task"),
]


@pytest.mark.parametrize("body, why", WRONG)
def test_a_wrong_body_is_one_line_of_json(caller: FlaskClient, body: Any, why: str) -> None:
    answer = post(caller, data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert why in error_of(answer) and "\n" not in error_of(answer)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused_in_json(caller: FlaskClient, body: bytes) -> None:
    answer = post(caller, data=body, content_type="application/json")
    assert answer.status_code == 400 and error_of(answer)


def test_without_a_connection_it_is_refused_in_json(app: Flask, store: Store,
                                                    caller: FlaskClient) -> None:
    with store.write() as db:
        db.execute("DELETE FROM settings WHERE key = 'studio'")
    answer = post(caller, json=asked({"data": {"text": "x"}}))
    assert answer.status_code == 503 and "not connected" in error_of(answer)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["tasks", "project", "data", "text", "key", "params", "context", "result",
                         "value", "start", "end", "x"]), inner, max_size=4), max_leaves=12)


@given(body=values, task=values, context=values)
@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_makes_it_fail(caller: FlaskClient, body: Any, task: Any, context: Any) -> None:
    for one in (body, {"project": "4", "tasks": [task], "params": {"context": context}},
                {"project": "4", "tasks": [{"data": {"text": "任命李若川", "key": task}}],
                 "params": {"context": {"result": [{"value": context}]}}}):
        answer = post(caller, data=json.dumps(one), content_type="application/json")
        assert answer.status_code in (200, 400) and answer.is_json


def test_what_was_asked_last_is_noted(app: Flask, caller: FlaskClient, store: Store) -> None:
    post(caller, json=asked({"data": {"text": "x"}}, project="6.5"))
    app.extensions["workbench-listener"].wait()
    said = get_setting(store, ASKED)
    assert (said["tasks"], said["project"]) == (1, 6)
