"""The Hugging Face folder, loaded by `datasets` offline."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import pytest

from exporters import Export, Loss, export
from exporters.hf_dataset import read, region_of_row
from labels.errors import ExportError
from labels.gold import GoldRegion, GoldRelease
from tests.exporters.nasty import RELEASE, places, region, spans_of


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], Any]:
    """`datasets.load_dataset`, without a network and with a cache of its own."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets
    datasets.disable_progress_bars()
    return lambda folder, config: datasets.load_dataset(
        str(folder), config, cache_dir=str(tmp_path / "cache"))


def loaded_regions(dataset: Any) -> list[GoldRegion]:
    return [region_of_row(row, split) for split, rows in dataset.items() for row in rows]


def test_spans_load_as_the_gold_they_were(load: Any, exported: Callable[[str], Export]) -> None:
    found = loaded_regions(load(exported("hf").folder, "spans"))
    gold = RELEASE.asked("spans")
    assert places(found) == places(gold)
    assert spans_of(found) == spans_of(gold)
    assert {r.id: (r.spans, r.relations) for r in found} == {
        r.id: (r.spans, r.relations) for r in gold}


def test_classes_load_with_null_where_not_asked(
        load: Any, exported: Callable[[str], Export]) -> None:
    dataset = load(exported("hf").folder, "classes")
    rows = {row["id"]: (row["function"], row["topics"])
            for split in dataset.values() for row in split}
    assert rows == {
        "n1:astral": ("decision", ["economy", "personnel"]),
        "n2:classes": ("plan", []),
        "n2:topics": (None, ["employment"]),
        "n2:unanswered": (None, ["economy"]),
        "n3:test-classes": ("problem", None),
    }
    assert exported("hf").losses == (
        Loss("n2:unanswered", "function", "asked without an answer, written as not asked"),)


def test_function_can_become_a_class_label(load: Any, exported: Callable[[str], Export]) -> None:
    encoded = load(exported("hf").folder, "classes")["test"].class_encode_column("function")
    assert encoded.features["function"].names == ["problem"]


def test_empty_split_is_left_out(load: Any, exported: Callable[[str], Export]) -> None:
    assert sorted(load(exported("hf").folder, "spans")) == ["test", "train"]


def release_of(*regions: GoldRegion) -> GoldRelease:
    return replace(RELEASE, regions=regions)


def test_types_stay_where_all_lists_are_empty(load: Any, tmp_path: Path) -> None:
    bare = release_of(region("a:1", "会议议程", ("spans",)),
                      region("a:2", "略", ("topics",), topics=()))
    export(bare, "hf", tmp_path / "bare")
    spans = load(tmp_path / "bare", "spans")["train"]
    columns = spans.features.arrow_schema
    assert str(columns.field("relations").type.value_type.field("direction").type) == "string"
    assert str(columns.field("spans").type.value_type.field("start").type) == "int64"
    assert spans[0]["relations"] == [] and spans[0]["spans"] == []
    classes = load(tmp_path / "bare", "classes")["train"]
    assert classes.features["function"].dtype == "string"
    assert classes[0]["topics"] == [] and classes[0]["function"] is None


def test_config_without_regions_is_not_declared(load: Any, tmp_path: Path) -> None:
    export(release_of(region("a:1", "会议议程", ("spans",))), "hf", tmp_path / "spans")
    with pytest.raises(ValueError, match="classes"):
        load(tmp_path / "spans", "classes")


def test_lines_hold_for_readers_that_split_on_unicode_separators(
        exported: Callable[[str], Export]) -> None:
    text = (exported("hf").folder / "data" / "spans-train.jsonl").read_text(encoding="utf-8")
    assert len(text.splitlines()) == text.count("\n") == 7


def test_class_set_named_like_a_column_is_refused(tmp_path: Path) -> None:
    clash = replace(RELEASE, classes=(*RELEASE.classes, ("text", ("long", "short"))))
    with pytest.raises(ExportError, match="'text'"):
        export(clash, "hf", tmp_path / "clash")


def test_read_returns_both_configs_of_a_region(exported: Callable[[str], Export]) -> None:
    found = [r.asked for r in read(exported("hf").folder) if r.id == "n1:astral"]
    assert found == [("spans",), ("function", "topics")]
