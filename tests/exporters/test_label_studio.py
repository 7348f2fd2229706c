"""The tasks, checked and converted by Label Studio's own SDK."""
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import msgspec
import pytest

from exporters import Export, export
from exporters.label_studio import Task, read, region_of_task
from labels.errors import ExportError
from tests.exporters.nasty import RELEASE, joined, places, spans_of


def tasks(export: Export, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (export.folder / name).read_text(encoding="utf-8"))
    return found


def test_nothing_is_lost(exported: Callable[[str], Export]) -> None:
    done = exported("label-studio")
    found = list(joined(read(done.folder)).values())
    assert done.losses == ()
    assert places(found) == places(RELEASE.regions)
    assert spans_of(found) == spans_of(RELEASE.regions)
    assert {r.id: r.relations for r in found} == {r.id: r.relations for r in RELEASE.regions}
    for region in found:
        gold = next(r for r in RELEASE.regions if r.id == region.id)
        assert set(region.asked) == set(gold.asked)
        for name, _ in RELEASE.classes:
            assert set(region.chosen(name)) == set(gold.chosen(name))


@pytest.mark.parametrize("name", ["spans", "classes"])
def test_the_sdk_accepts_every_annotation(name: str, exported: Callable[[str], Export]) -> None:
    from label_studio_sdk.label_interface import LabelInterface
    done = exported("label-studio")
    config = LabelInterface((done.folder / f"{name}.xml").read_text(encoding="utf-8"))
    found = tasks(done, f"{name}.json")
    assert len(found) == {"spans": 11, "classes": 5}[name]
    for task in found:
        for annotation in task["annotations"]:
            assert config._validate_object(annotation, return_errors=True) == []


def test_the_sdk_refuses_a_label_that_the_configuration_lacks(
        exported: Callable[[str], Export]) -> None:
    from label_studio_sdk.label_interface import LabelInterface
    done = exported("label-studio")
    config = LabelInterface((done.folder / "spans.xml").read_text(encoding="utf-8"))
    (annotation,) = tasks(done, "spans.json")[0]["annotations"]
    annotation["result"][0]["value"]["labels"] = ["NOSUCH"]
    assert not config.validate_annotation(annotation)


def test_the_sdk_converts_the_spans(
        exported: Callable[[str], Export], tmp_path: Path) -> None:
    from label_studio_sdk.converter import Converter
    converter = Converter(str(exported("label-studio").folder / "spans.xml"), None)
    source = tmp_path / "spans.json"
    found = [{"id": number, **task, "annotations": [
        {"id": number, "completed_by": {"id": 1}, **task["annotations"][0]}]}
        for number, task in enumerate(tasks(exported("label-studio"), "spans.json"), start=1)]
    source.write_text(json.dumps(found), encoding="utf-8")
    converter.convert_to_json_min(str(source), str(tmp_path), is_dir=False)
    rows = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    converted = {(row["key"], value["start"], value["end"], value["labels"][0])
                 for row in rows for value in row.get("label", ())}
    assert converted == set(spans_of(RELEASE.regions))


def test_relation_labels_are_all_declared(exported: Callable[[str], Export]) -> None:
    done = exported("label-studio")
    config = (done.folder / "spans.xml").read_text(encoding="utf-8")
    used = {label for task in tasks(done, "spans.json")
            for result in task["annotations"][0]["result"] if result["type"] == "relation"
            for label in result["labels"]}
    assert used == {"APPOINTED", "POST_OF", "CHANGE.up", "CHANGE.down"}
    assert all(f'<Relation value="{label}" />' in config for label in used)


def test_result_that_quotes_other_words_is_refused(exported: Callable[[str], Export]) -> None:
    task = tasks(exported("label-studio"), "spans.json")[0]
    task["data"]["text"] = "另" + task["data"]["text"][1:]
    with pytest.raises(ExportError, match="n1:overlap"):
        region_of_task(msgspec.convert(task, Task))


def test_relation_with_a_dot_is_refused(tmp_path: Path) -> None:
    dotted = replace(RELEASE, relations=(*RELEASE.relations, "PART.OF"))
    with pytest.raises(ExportError, match="PART.OF"):
        export(dotted, "label-studio", tmp_path / "out")
