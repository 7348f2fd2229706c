"""The rows of doccano, by the rules of its import."""
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import pytest

from exporters import Export, export
from exporters.doccano import read
from labels.errors import ExportError
from labels.gold import GoldRegion
from tests.exporters.nasty import RELEASE, joined, places, spans_of


def rows(export: Export, pattern: str) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(export.folder.glob(pattern))
            for line in path.read_text(encoding="utf-8").splitlines()]


def test_nothing_is_lost(exported: Callable[[str], Export]) -> None:
    done = exported("doccano")
    found = joined(read(done.folder))
    assert done.losses == ()
    assert places(found.values()) == places(RELEASE.regions)
    for gold in RELEASE.regions:
        one = found[gold.id]
        assert (one.spans, one.relations, set(one.asked)) == (
            gold.spans, gold.relations, set(gold.asked))
        assert all(set(one.chosen(name)) == set(gold.chosen(name)) for name, _ in RELEASE.classes)
    assert spans_of(found.values()) == spans_of(RELEASE.regions)


def test_entities_and_relations_are_what_the_import_takes(
        exported: Callable[[str], Export]) -> None:
    found = rows(exported("doccano"), "spans-*.jsonl")
    ids = []
    for row in found:
        assert isinstance(row["text"], str) and row["text"]
        for entity in row["entities"]:
            assert set(entity) == {"id", "start_offset", "end_offset", "label"}
            assert 0 <= entity["start_offset"] < entity["end_offset"] <= len(row["text"])
            assert entity["label"]
        own = {entity["id"] for entity in row["entities"]}
        for relation in row["relations"]:
            assert set(relation) == {"id", "from_id", "to_id", "type"} and relation["type"]
            assert {relation["from_id"], relation["to_id"]} <= own
        ids += [entity["id"] for entity in (*row["entities"], *row["relations"])]
    assert len(ids) == len(set(ids)) == 42


def test_labels_of_classes_are_lists_of_names(exported: Callable[[str], Export]) -> None:
    assert [row["label"] for row in rows(exported("doccano"), "topics-train.jsonl")] == [
        ["economy", "personnel"], [], ["employment"], ["economy"]]


def test_class_set_that_would_take_the_file_of_the_spans_is_refused(tmp_path: Path) -> None:
    clash = replace(RELEASE, classes=(*RELEASE.classes, ("spans", ("a", "b"))))
    with pytest.raises(ExportError, match="'spans'"):
        export(clash, "doccano", tmp_path / "out")


def test_read_gives_regions(exported: Callable[[str], Export]) -> None:
    assert all(isinstance(one, GoldRegion) for one in read(exported("doccano").folder))
