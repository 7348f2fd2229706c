"""The conversations, their answers checked by their JSON schema."""
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters import Export, export
from exporters.chat import LIMIT, occurrence, occurrence_start, read
from labels.errors import ExportError
from labels.gold import GoldRelation, GoldSpan
from tests.exporters.nasty import RELEASE, places, region, release_of, spans_of


def talks(folder: Path) -> Iterator[list[dict[str, str]]]:
    for path in sorted(folder.glob("t*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            assert set(record) == {"messages"}
            yield record["messages"]


def test_nothing_is_lost(exported: Callable[[str], Export]) -> None:
    done = exported("chat")
    found = {one.id: one for one in read(done.folder)}
    assert done.losses == ()
    assert places(found.values()) == places(RELEASE.regions)
    assert spans_of(found.values()) == spans_of(RELEASE.regions)
    for gold in RELEASE.regions:
        assert found[gold.id].relations == gold.relations
        assert set(found[gold.id].asked) == set(gold.asked)
        assert all(set(found[gold.id].chosen(name)) == set(gold.chosen(name))
                   for name, _ in RELEASE.classes)


def test_answers_are_valid_by_their_schema(exported: Callable[[str], Export]) -> None:
    jsonschema: Any = pytest.importorskip("jsonschema")
    folder = exported("chat").folder
    checks = {name: jsonschema.Draft202012Validator(
        json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8")))
        for name in ("spans", "classes")}
    count = 0
    for system, user, assistant in talks(folder):
        assert [system["role"], user["role"], assistant["role"]] == ["system", "user", "assistant"]
        answer = json.loads(assistant["content"])
        checks["spans" if "entities" in answer else "classes"].validate(answer)
        count += 1
    assert count == len(RELEASE.asked("spans")) + 5


@pytest.mark.parametrize("answer", [
    {"entities": [{"label": "NOSUCH", "quote": "区", "occurrence": 1}], "relations": []},
    {"entities": [{"label": "ORG", "quote": "", "occurrence": 1}], "relations": []},
    {"entities": [{"label": "ORG", "quote": "区", "occurrence": 0}], "relations": []},
    {"entities": []},
    {"entities": [], "relations": [{"type": "CHANGE", "source": 0, "target": 1,
                                    "direction": "sideways"}]}])
def test_wrong_answers_are_not_valid(
        answer: dict[str, Any], exported: Callable[[str], Export]) -> None:
    jsonschema: Any = pytest.importorskip("jsonschema")
    path = exported("chat").folder / "spans.schema.json"
    check = jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
    assert not check.is_valid(answer)


def test_instruction_names_every_label_and_choice(exported: Callable[[str], Export]) -> None:
    system = next(talks(exported("chat").folder))[0]["content"]
    assert all(name in system for name in (*RELEASE.labels, *RELEASE.relations))


def test_long_text_is_cut_after_a_sentence_and_tells_the_relation_that_is_lost(
        tmp_path: Path) -> None:
    text = "区长讲话。" * 400 + "李明主持。"
    one = replace(region("a:1", text, ("spans",)), spans=(
        GoldSpan(0, 2, "POST"), GoldSpan(2000, 2002, "PERSON")),
        relations=(GoldRelation("APPOINTED", 1, 0),))
    done = export(release_of(one), "chat", tmp_path / "out")
    users = [user["content"] for _, user, _ in talks(done.folder)]
    assert "".join(users) == text and len(users) == 2
    assert all(len(user) <= LIMIT and user.endswith("。") for user in users)
    assert [loss.what for loss in done.losses] == ["relation 2000-2002 APPOINTED 0-2"]


def test_the_second_of_overlapping_occurrences_is_the_second() -> None:
    assert occurrence("啊啊啊", GoldSpan(1, 3, "X")) == 2
    assert occurrence_start("啊啊啊", "啊啊", 2) == 1
    with pytest.raises(ExportError, match="does not stand there"):
        occurrence_start("啊啊啊", "啊啊", 3)


@given(text=st.text(st.sampled_from("区县\n 𠮷\"\\\u2028"), min_size=1, max_size=30), data=st.data())
def test_quote_and_occurrence_give_the_place_back(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = GoldSpan(start, data.draw(st.integers(start + 1, len(text))), "X")
    assert occurrence_start(text, text[span.start:span.end], occurrence(text, span)) == start
