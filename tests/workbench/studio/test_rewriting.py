"""What Label Studio holds, under a changed schema: the same as what becomes of our answers."""
from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from labels import govdoc
from labels.answers import migrate_answer
from labels.migrating import apply
from labels.schema import Schema
from labels.schema_changes import Change, Edit, Remove, Rename
from tests.labels.test_migrating import SMALL, changed, some_answer, some_change, tried
from workbench.store.answers import canonical
from workbench.studio.mapping import Kind, labeling_config, relation_value
from workbench.studio.rewriting import both_configs, rewritten, told


def result_of(answer: Any, schema: Schema) -> list[dict[str, Any]]:
    """An answer as the editor submits it: one relation a pair, with all its names."""
    spans = [{"id": f"r{index}", "type": "labels", "from_name": "label", "to_name": "text",
              "origin": "manual", "value": {"start": span["start"], "end": span["end"],
                                            "text": "文字", "labels": [span["label"]]}}
             for index, span in enumerate(answer["spans"])]
    arrows: dict[tuple[int, int], list[str]] = {}
    for link in answer["relations"]:
        arrows.setdefault((link["source"], link["target"]), []).append(
            relation_value(schema, link["type"], link["direction"]))
    return [*spans, *({"type": "relation", "from_id": f"r{source}", "to_id": f"r{target}",
                       "direction": "right", "labels": values}
                      for (source, target), values in arrows.items()),
            *({"id": f"c{name}", "type": "choices", "from_name": name, "to_name": "text",
               "value": {"choices": chosen}} for name, chosen in answer["classes"].items()
              if chosen)]


def without_nothing(answer: Any) -> str:
    """Canonical; that nothing was chosen is not told there."""
    return canonical({**answer, "classes": {name: chosen for name, chosen in
                                            answer["classes"].items() if chosen}})


@settings(deadline=None, max_examples=150)
@given(st.lists(some_change(), max_size=4), st.data())
def test_a_rewritten_result_says_what_the_answer_becomes(changes: list[Change],
                                                         data: st.DataObject) -> None:
    made = tried(changes)
    answer = data.draw(some_answer(SMALL))
    result = result_of(answer, SMALL)
    assert without_nothing(told(result)) == without_nothing(answer)
    kept = json.dumps(result)
    after = rewritten(result, made.names, made.schema)
    wanted = migrate_answer(answer, made.names, SMALL, made.schema).answer
    assert without_nothing(told(after)) == without_nothing(wanted)
    assert json.dumps(result) == kept
    assert rewritten(after, made.names, made.schema) == after


def test_what_was_never_ours_stays_as_it_is() -> None:
    odd: list[dict[str, Any]] = [
        {"id": "x", "type": "textarea", "from_name": "note", "value": {"text": ["好"]}},
        {"id": "y", "type": "labels", "from_name": "other", "value": {"labels": ["A"]}},
        {"type": "relation", "from_id": "p", "to_id": "q", "labels": ["亲戚"]}]
    assert rewritten(odd, changed(Rename("label", "A", "D")).names, SMALL) == odd


def test_an_arrow_that_was_turned_round_is_read_so() -> None:
    answer = {"spans": [{"start": 0, "end": 2, "label": "A"}, {"start": 3, "end": 5, "label": "C"}],
              "relations": [{"source": 0, "target": 1, "type": "R", "direction": None}],
              "classes": {}}
    result = result_of(answer, SMALL)
    result[-1].update(from_id="r1", to_id="r0", direction="left")
    assert canonical(told(result)) == canonical(answer)


@pytest.mark.parametrize("kind", ["spans", "classes"])
def test_while_answers_are_on_their_way_the_form_holds_what_both_say(kind: Kind) -> None:
    old = govdoc.schema()
    new = apply(old, govdoc.guide(), [
        Rename("label", "ORG", "ORGAN"), Remove("relation", "SHARE"), Remove("class", "topics"),
        Edit("relation", "VALUE", {"title": "取值"}), Rename("choice", "plan", "planned",
                                                           "function")]).schema
    both = words(both_configs(old, new, kind))
    assert words(labeling_config(old, kind)) | words(labeling_config(new, kind)) == both
    keys = [label.get("hotkey") for label in ET.fromstring(
        both_configs(old, new, kind)).iterfind("Labels/Label") if label.get("hotkey")]
    assert len(keys) == len(set(keys))


def words(form: str) -> set[tuple[str, str]]:
    """What an answer to a form may say."""
    view = ET.fromstring(form)
    return {*(("label", str(one.get("alias"))) for one in view.iterfind("Labels/Label")),
            *(("relation", str(one.get("value"))) for one in view.iterfind("Relations/Relation")),
            *((str(box.get("name")), str(one.get("alias"))) for box in view.iterfind("Choices")
              for one in box)}
