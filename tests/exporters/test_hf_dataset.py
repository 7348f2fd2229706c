"""The Hugging Face folder, loaded by `datasets` offline."""
from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import msgspec
import pytest

from exporters import Export, Loss, export
from exporters.hf_dataset import read
from exporters.hf_tables import SpanRow, region_of_spans
from labels.errors import ExportError
from labels.gold import GoldRegion
from labels.tokens import bio_spans
from tests.exporters.nasty import RELEASE, lost_spans, places, region, release_of, spans_of

FOLDERS = ["hf", "hf-parquet"]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], Any]:
    """`datasets.load_dataset`, without a network and with a cache of its own."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets
    datasets.disable_progress_bars()
    return lambda folder, config: datasets.load_dataset(
        str(folder), config, cache_dir=str(tmp_path / "cache"))


def loaded_regions(dataset: Any) -> list[GoldRegion]:
    return [region_of_spans(msgspec.convert(row, SpanRow), split)
            for split, rows in dataset.items() for row in rows]


@pytest.mark.parametrize("name", FOLDERS)
def test_spans_load_as_the_gold_they_were(
        name: str, load: Any, exported: Callable[[str], Export]) -> None:
    found = loaded_regions(load(exported(name).folder, "spans"))
    gold = RELEASE.asked("spans")
    assert places(found) == places(gold)
    assert spans_of(found) == spans_of(gold)
    assert {r.id: (r.spans, r.relations) for r in found} == {
        r.id: (r.spans, r.relations) for r in gold}


@pytest.mark.parametrize("name", FOLDERS)
def test_classes_load_with_null_where_not_asked(
        name: str, load: Any, exported: Callable[[str], Export]) -> None:
    dataset = load(exported(name).folder, "classes")
    rows = {row["id"]: (row["function"], row["topics"])
            for split in dataset.values() for row in split}
    assert rows == {
        "n1:astral": ("decision", ["economy", "personnel"]),
        "n2:classes": ("plan", []),
        "n2:topics": (None, ["employment"]),
        "n2:unanswered": (None, ["economy"]),
        "n3:test-classes": ("problem", None),
    }
    assert [loss for loss in exported(name).losses if not loss.what.startswith("tag ")] == [
        Loss("n2:unanswered", "function", "asked without an answer, written as not asked")]


@pytest.mark.parametrize("name", FOLDERS)
def test_tags_of_the_tokens_are_class_labels_of_the_flat_spans(
        name: str, load: Any, exported: Callable[[str], Export]) -> None:
    done = exported(name)
    dataset = load(done.folder, "tokens")
    names = dataset["train"].features["ner_tags"].feature.names
    assert names[:3] == ["O", "B-ORG", "I-ORG"] and len(names) == 1 + 2 * len(RELEASE.labels)
    found = Counter()
    starts = {region.id: region.start for region in RELEASE.regions}
    for row in (row for rows in dataset.values() for row in rows):
        before = row["start"] - starts[row["id"]]
        for span in bio_spans([names[tag] for tag in row["ner_tags"]]):
            found[row["id"], before + span.start, before + span.end, span.label] += 1
    assert found + lost_spans(done.losses, "tag") == spans_of(RELEASE.regions)


@pytest.mark.parametrize("name", FOLDERS)
def test_each_class_set_is_a_configuration_of_class_labels(
        name: str, load: Any, exported: Callable[[str], Export]) -> None:
    folder = exported(name).folder
    function = load(folder, "function")
    label = function["train"].features["label"]
    assert label.names == ["achievement", "problem", "plan", "decision"]
    assert {row["id"]: label.int2str(row["label"]) for rows in function.values() for row in rows
            } == {"n1:astral": "decision", "n2:classes": "plan", "n3:test-classes": "problem"}
    topics = load(folder, "topics")["train"]
    assert {row["id"]: topics.features["label"].feature.int2str(row["label"]) for row in topics
            } == {"n1:astral": ["economy", "personnel"], "n2:classes": [],
                  "n2:topics": ["employment"], "n2:unanswered": ["economy"]}


def test_rows_that_no_longer_are_those_of_the_canonical_file_do_not_read(
        exported: Callable[[str], Export], tmp_path: Path) -> None:
    folder = export(RELEASE, "hf", tmp_path / "out").folder
    path = folder / "data" / "tokens-train.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("I-PROJECT", "O", 1),
                    encoding="utf-8", newline="\n")
    with pytest.raises(ExportError, match="tokens-train holds something else of region n1:twice"):
        list(read(folder))


def test_empty_split_is_left_out(load: Any, exported: Callable[[str], Export]) -> None:
    assert sorted(load(exported("hf").folder, "spans")) == ["test", "train"]


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


@pytest.mark.parametrize("text", [
    "2031-01-02", "2031-01-02 03", "2031-01-02T03:04", "2031-01-02 03:04:05Z", "0001-01-01",
    "2031-01-02T03:04:05+08:00"])
def test_texts_that_datasets_takes_for_times_are_told(
        text: str, load: Any, tmp_path: Path) -> None:
    dates = release_of(region("a:1", text, ("spans",), [(text[:4], "DATE")]),
                       region("a:2", text, ("topics",), split="test", topics=()),
                       region("a:3", "略", ("topics",), split="test", topics=()))
    done = export(dates, "hf", tmp_path / "dates")
    assert [(loss.region, loss.what, loss.kind) for loss in done.losses] == [
        ("a:1", "text in spans", "cut")]
    assert load(done.folder, "spans")["train"][0]["text"] != text
    assert load(done.folder, "topics")["test"][0]["text"] == text
    assert not export(dates, "hf-parquet", tmp_path / "parquet").losses
    assert load(tmp_path / "parquet", "spans")["train"][0]["text"] == text


@pytest.mark.parametrize("text", [
    "20310102", "2031-1-2", "2031-13-02", "2031-02-30", "2031-01-02T", "2031-01-02 24:00",
    "2031-01-02T03:04:05.123", " 2031-01-02", "２０３１-01-02", "03:04:05", "1"])
def test_texts_that_datasets_leaves_alone_are_not_told(
        text: str, load: Any, tmp_path: Path) -> None:
    done = export(release_of(region("a:1", text, ("spans",))), "hf", tmp_path / "dates")
    assert done.losses == () and load(done.folder, "spans")["train"][0]["text"] == text


def test_config_without_regions_is_not_declared(load: Any, tmp_path: Path) -> None:
    export(release_of(region("a:1", "会议议程", ("spans",))), "hf", tmp_path / "spans")
    with pytest.raises(ValueError, match="classes"):
        load(tmp_path / "spans", "classes")


def test_lines_hold_for_readers_that_split_on_unicode_separators(
        exported: Callable[[str], Export]) -> None:
    text = (exported("hf").folder / "data" / "spans-train.jsonl").read_text(encoding="utf-8")
    assert len(text.splitlines()) == text.count("\n") == 9


def test_class_set_named_like_a_column_is_refused(tmp_path: Path) -> None:
    clash = replace(RELEASE, classes=(*RELEASE.classes, ("text", ("long", "short"))))
    with pytest.raises(ExportError, match="'text'"):
        export(clash, "hf", tmp_path / "clash")


def test_read_returns_both_configs_of_a_region(exported: Callable[[str], Export]) -> None:
    found = [r.asked for r in read(exported("hf").folder) if r.id == "n1:astral"]
    assert found == [("spans",), ("function", "topics")]
