"""Our spans, relations and classes ↔ Label Studio's, without a server."""
from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels import govdoc
from labels.errors import OffsetError, SchemaError, StudioMismatch
from labels.govdoc import FOLDER
from labels.guide import NO_GUIDE
from labels.schema import load_schema, parse_schema
from workbench.studio.mapping import (
    MODEL_VERSION, Answer, Quarantine, StudioRelation, StudioSpan, instruction, labeling_config,
    prediction, read_annotation, relation_value, task_data)
from workbench.studio.push import TaskPayload, check_prediction

SCHEMA = load_schema(FOLDER / "schema.toml")
TEXT = "江岚市云泽区财政局\n收入𠮷增长5%👨‍👩‍👧，𬬚材料"


def region(start: int, end: int, label: str = "ORG", /, **changed: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": [label]}
    return {"id": f"{start}-{end}", "from_name": "label", "to_name": "text", "type": "labels",
            "value": {**value, **changed}}


def relation(source: str, target: str, *labels: str, direction: str = "right") -> dict[str, Any]:
    return {"type": "relation", "from_id": source, "to_id": target, "direction": direction,
            "labels": list(labels)}


def test_people_see_chinese_titles_and_the_data_hold_names() -> None:
    view = ET.fromstring(labeling_config(SCHEMA, "spans"))
    labels = {label.get("alias"): label for label in view.iter("Label")}
    assert tuple(labels) == SCHEMA.label_names
    assert labels["ORG"].get("value") == "机构"
    assert labels["ORG"].get("background") == SCHEMA.label("ORG").color
    assert {label.get("hotkey") for label in labels.values()} == {
        label.hotkey for label in SCHEMA.labels}
    text = next(tag for tag in view.iter("Text") if tag.get("name") == "text")
    assert text.get("granularity") == "symbol"


def test_relations_offer_every_direction() -> None:
    view = ET.fromstring(labeling_config(SCHEMA, "spans"))
    values = [tag.get("value") for tag in view.iter("Relation")]
    assert [value for value in values if "CHANGE" in str(value)] == [
        "变化·上升 CHANGE.up", "变化·下降 CHANGE.down", "变化·持平 CHANGE.flat", "变化 CHANGE"]
    assert len(values) == len(SCHEMA.relations) + 3


def test_classes_ask_one_function_and_any_topics() -> None:
    view = ET.fromstring(labeling_config(SCHEMA, "classes"))
    asked = {tag.get("name"): (tag.get("choice"), tag.get("required"), len(tag))
             for tag in view.iter("Choices")}
    assert asked == {"function": ("single", "true", 13), "topics": ("multiple", "false", 19)}
    assert not list(view.iter("Labels"))


def test_a_class_set_cannot_take_a_field_of_the_form() -> None:
    schema = parse_schema(
        'name = "x"\nversion = "1"\n[classes.text]\ntitle = "甲"\ntitle_en = "a"\n'
        'unit = "paragraph"\n[classes.text.choices]\na = ["甲", "A"]\n')
    with pytest.raises(SchemaError, match="cannot be called 'text'"):
        labeling_config(schema, "classes")


def test_titles_with_markup_are_escaped() -> None:
    schema = parse_schema(
        'name = "x"\nversion = "1"\n[labels.A]\ntitle = "甲<b>&\\""\ntitle_en = "a"\n'
        'color = "#000000"\nguide = "<script>"\n')
    (label,) = ET.fromstring(labeling_config(schema, "spans")).iter("Label")
    assert label.get("value") == '甲<b>&"'
    assert "<script>" not in instruction(schema, NO_GUIDE, "spans")


def test_the_instruction_holds_the_guide_of_every_label() -> None:
    guide = govdoc.guide()
    page = instruction(SCHEMA, guide, "spans")
    assert all(guide.labels[name].rule in page and name in page for name in SCHEMA.label_names)
    assert "⟦区财政局⟧局长" in page
    assert "收支与统计数据" in instruction(SCHEMA, guide, "classes")


def test_without_a_guide_the_instruction_holds_the_hints_of_the_schema() -> None:
    page = instruction(SCHEMA, NO_GUIDE, "spans")
    assert all(label.guide in page for label in SCHEMA.labels)


def test_task_data_carries_our_key_and_the_surroundings() -> None:
    data = task_data("d1:0-5", "正文", heading_path=["一、甲", "（一）乙"], before="上", after="下",
                     document_title="报告", document_url="http://127.0.0.1/d/1")
    assert data == {"key": "d1:0-5", "text": "正文", "heading": "报告 › 一、甲 › （一）乙",
                    "before": "上", "after": "下", "document": "报告",
                    "url": "http://127.0.0.1/d/1"}
    assert task_data("k", "正文", heading_path=["一、甲"])["heading"] == "一、甲"


def test_a_carriage_return_is_refused() -> None:
    with pytest.raises(StudioMismatch, match="carriage return"):
        task_data("k", "一\r\n二")


# Letters beyond the first plane, a family of joined emoji, combining marks, white space.
CHARACTERS = st.sampled_from([*"云泽区5%。 \t\n", "𠮷", "𬬚", "😀", "👨‍👩‍👧", "é"])


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, Answer]:
    text = "".join(draw(st.lists(CHARACTERS, min_size=2, max_size=40)))
    cut = st.integers(0, len(text))
    places = draw(st.sets(st.tuples(cut, cut, st.sampled_from(SCHEMA.label_names)).filter(
        lambda place: place[0] < place[1]), max_size=6))
    spans = tuple(StudioSpan(start, end, label, text[start:end], draw(st.none() | st.floats(0, 1)))
                  for start, end, label in sorted(places))
    names = [(kind.name, None) for kind in SCHEMA.relations]
    names += [("CHANGE", "up"), ("CHANGE", "flat")]
    relations: set[StudioRelation] = set()
    if spans:
        index = st.integers(0, len(spans) - 1)
        relations = {StudioRelation(source, target, *name) for source, target, name in draw(
            st.lists(st.tuples(index, index, st.sampled_from(names)), max_size=5))
            if source != target}
    order = sorted(relations, key=lambda r: (r.source, r.target, r.type, r.direction or ""))
    return text, Answer(spans, tuple(order))


@given(answers())
def test_what_is_suggested_comes_back_the_same(given_answer: tuple[str, Answer]) -> None:
    text, answer = given_answer
    made = prediction(text, answer.spans, answer.relations, schema=SCHEMA)
    assert read_annotation(made["result"], text, SCHEMA, "spans") == answer
    pairs = [(item["from_id"], item["to_id"]) for item in made["result"]
             if item["type"] == "relation"]
    assert len(pairs) == len(set(pairs)), "the editor keeps one relation a pair"


@given(st.sampled_from(SCHEMA.class_set("function").choices),
       st.sets(st.sampled_from([c.name for c in SCHEMA.class_set("topics").choices])))
def test_classes_come_back_the_same(function: Any, topics: set[str]) -> None:
    made = prediction("正文", classes=[("function", [function.name]), ("topics", sorted(topics))],
                      schema=SCHEMA)
    answer = read_annotation(made["result"], "正文", SCHEMA, "classes")
    assert answer.chosen("function") == (function.name,)
    assert set(answer.chosen("topics")) == topics


def test_a_prediction_says_its_version_and_mean_score() -> None:
    spans = [StudioSpan(0, 2, "ORG", "江岚", 0.5), StudioSpan(2, 3, "LOC", "市", 1.0)]
    made = prediction(TEXT, spans, schema=SCHEMA)
    assert (made["model_version"], made["score"]) == (MODEL_VERSION, 0.75)
    assert [item["id"] for item in made["result"]] == ["s0e2ORG", "s2e3LOC"]
    assert "score" not in prediction(TEXT, schema=SCHEMA)


def test_a_suggestion_that_is_no_slice_is_refused() -> None:
    with pytest.raises(OffsetError):
        prediction(TEXT, [StudioSpan(0, 2, "ORG", "岚市")], schema=SCHEMA)


@pytest.mark.parametrize("item, reason", [
    (region(0, 3, text="江岚"), "is '江岚市' in the text, not '江岚'"),
    (region(0, 3, end=99), "does not lie in a text of"),
    (region(0, 3, start=-1), "does not lie in a text of"),
    (region(0, 3, start="0"), "without offsets"),
    (region(0, 3, end=True), "without offsets"),
    (region(0, 3, text=None), "without offsets"),
    (region(0, 3, "NOPE"), "unknown label 'NOPE'"),
    (region(0, 3, "机构"), "unknown label '机构'"),
    (region(0, 3, labels=[]), "0 labels"),
    (region(0, 3, labels=["ORG", "LOC"]), "2 labels"),
    ({**region(0, 3), "from_name": "other"}, "unknown question 'other'"),
    ({**region(0, 3), "type": "textarea"}, "unknown type 'textarea'"),
    (relation("0-3", "0-3", "数值 VALUE"), "missing span '0-3'"),
    ({"from_name": "function", "to_name": "text", "type": "choices",
      "value": {"choices": ["plan"]}}, "unknown type 'choices'"),
])
def test_a_wrong_span_is_quarantined_with_the_reason(item: dict[str, Any], reason: str) -> None:
    with pytest.raises(Quarantine) as caught:
        read_annotation([item], TEXT, SCHEMA, "spans")
    assert reason in str(caught.value)


@pytest.mark.parametrize("item, reason", [
    (relation("0-3", "3-5"), "has no name"),
    (relation("0-3", "3-5", "数值 NOPE"), "unknown relation '数值 NOPE'"),
    (relation("0-3", "3-5", "变化 CHANGE.sideways"), "unknown relation"),
    (relation("0-3", "3-5", "数值 VALUE.up"), "unknown relation"),
    (relation("0-3", "3-5", "数值 VALUE", direction="bi"), "both ways"),
])
def test_a_wrong_relation_is_quarantined(item: dict[str, Any], reason: str) -> None:
    with pytest.raises(Quarantine) as caught:
        read_annotation([region(0, 3), region(3, 5), item], TEXT, SCHEMA, "spans")
    assert reason in str(caught.value)


@pytest.mark.parametrize("name, chosen, reason", [
    ("function", ["plan", "other"], "2 choices"), ("function", ["计划"], "unknown choice"),
    ("mood", ["good"], "unknown question"), ("block", ["title"], "unknown question")])
def test_a_wrong_choice_is_quarantined(name: str, chosen: list[str], reason: str) -> None:
    item = {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": chosen}}
    with pytest.raises(Quarantine, match=reason):
        read_annotation([item], TEXT, SCHEMA, "classes")


def test_an_arrow_that_was_turned_round_is_read_the_other_way() -> None:
    value = relation_value(SCHEMA, "VALUE")
    answer = read_annotation(
        [region(3, 5), region(0, 3), relation("0-3", "3-5", value, direction="left")],
        TEXT, SCHEMA, "spans")
    assert [(span.start, span.end) for span in answer.spans] == [(0, 3), (3, 5)]
    assert answer.relations == (StudioRelation(1, 0, "VALUE"),)


def test_the_same_region_marked_twice_is_one_and_keeps_both_relations() -> None:
    twin = {**region(0, 3), "id": "twin"}
    answer = read_annotation(
        [region(0, 3), twin, region(3, 5), relation("0-3", "3-5", "数值 VALUE"),
         relation("twin", "3-5", "占比 SHARE")], TEXT, SCHEMA, "spans")
    assert len(answer.spans) == 2
    assert {relation.type for relation in answer.relations} == {"VALUE", "SHARE"}


def test_nothing_marked_is_an_answer() -> None:
    assert read_annotation([], TEXT, SCHEMA, "spans") == Answer()


LABEL_NAMES = frozenset(SCHEMA.label_names)


def test_a_right_prediction_passes_the_check_and_that_of_the_sdk() -> None:
    from label_studio_sdk.label_interface import LabelInterface
    interface = LabelInterface(labeling_config(SCHEMA, "spans"))
    for spans in ([StudioSpan(0, 9, "ORG", TEXT[:9], 0.9)], []):
        made = prediction(TEXT, spans, schema=SCHEMA)
        check_prediction(TaskPayload("k", task_data("k", TEXT), made), LABEL_NAMES, {})
        assert interface.validate_prediction(dict(made), return_errors=True) == []


def test_choices_are_checked_against_their_question() -> None:
    made = prediction(TEXT, classes=[("function", ["plan"])], schema=SCHEMA)
    payload = TaskPayload("k", task_data("k", TEXT), made)
    check_prediction(payload, LABEL_NAMES, {"function": frozenset({"plan"})})
    for choices in ({"function": frozenset({"figures"})}, {"topics": frozenset({"plan"})}):
        with pytest.raises(StudioMismatch, match="task k"):
            check_prediction(payload, LABEL_NAMES, choices)


@pytest.mark.parametrize("wrong, reason", [
    ([region(0, 3, "NOPE")], "NOPE"), ([region(0, 3, text="江岚")], "not '江岚'"),
    ([region(0, 3, end=999)], "does not lie"), ([region(0, 3), region(0, 3)], "0-3 twice"),
    ([{"type": "relation", "from_id": "a", "to_id": "b", "labels": ["x"]}], "not there")])
def test_a_wrong_prediction_fails_the_check(wrong: list[dict[str, Any]], reason: str) -> None:
    payload = TaskPayload("k", task_data("k", TEXT), {"model_version": "x", "result": wrong})
    with pytest.raises(StudioMismatch, match="task k") as caught:
        check_prediction(payload, LABEL_NAMES, {})
    assert reason in str(caught.value) and "\n" not in str(caught.value)
