"""GLiNER and GLiNER2: what they load, by their own checks where these can be installed."""
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters import Export, export, gliner, gliner2
from labels.gold import GoldRegion, GoldRelation, GoldSpan
from tests.exporters.nasty import (
    RELEASE, lost_spans, places, region, release_of, spans_of,
)

READERS = {"gliner": gliner.read, "gliner2": gliner2.read}


def dropped(export: Export) -> list[Any]:
    return [loss for loss in export.losses if loss.kind == "dropped"]


def rows(export: Export, split: str) -> list[dict[str, Any]]:
    path = export.folder / f"{split}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", READERS)
def test_gold_is_what_loads_and_what_was_declared_lost(
        name: str, exported: Callable[[str], Export]) -> None:
    done = exported(name)
    found = list(READERS[name](done.folder))
    cut = lost_spans(loss for loss in done.losses if loss.kind == "cut")
    asked = RELEASE.asked("spans") if name == "gliner" else RELEASE.regions
    assert places(found) == places(asked)
    loaded, gold = spans_of(found), spans_of(RELEASE.regions)
    assert gold - loaded == cut + lost_spans(dropped(done))
    assert sum((loaded - gold).values()) == sum(cut.values()) == 3
    assert list(lost_spans(dropped(done))) == [("n1:edges", 1, 2, "ORG")]


@pytest.mark.parametrize("name", READERS)
def test_relations_are_kept_but_those_over_windows(
        name: str, exported: Callable[[str], Export]) -> None:
    def links(regions: list[GoldRegion]) -> set[Any]:
        return {(one.id, link.type, link.direction, one.spans[link.source], one.spans[link.target])
                for one in regions for link in one.relations}
    gone = links(list(RELEASE.regions)) - links(list(READERS[name](exported(name).folder)))
    assert {(identity, source.start, target.start) for identity, _, _, source, target in gone} == {
        ("n4:far", 0, 457)}
    assert [(loss.region, loss.what, loss.reason) for loss in exported(name).losses
            if loss.what.startswith("relation")] == [
        ("n4:far", "relation 0-2 APPOINTED 457-459", "its ends stand in different windows")]


def test_no_span_is_wider_and_no_window_longer_than_the_configuration(
        exported: Callable[[str], Export]) -> None:
    folder = exported("gliner").folder
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for name in ("train.json", "test.json"):
        for row in json.loads((folder / name).read_text(encoding="utf-8")):
            tokens = row["tokenized_text"]
            assert 0 < len(tokens) <= config["max_len"] and all(map(str.strip, tokens))
            for first, last, label in row["ner"]:
                assert 0 <= first <= last < len(tokens)
                assert last - first < config["max_width"] and label in config["labels"]
            for source, target, _ in row["relations"]:
                assert max(source, target) < len(row["ner"])


def test_width_of_the_configuration_grows_with_the_widest_span(tmp_path: Path) -> None:
    words = "一、二、三、四、五、六、七、八、"
    wide = region("a:1", words + "。" + "长" * 61, ("spans",), [(words, "PROJECT")])
    wide = replace(wide, spans=(*wide.spans, GoldSpan(17, 78, "ORG")))
    done = export(release_of(wide), "gliner", tmp_path / "out")
    config = json.loads((tmp_path / "out" / "config.json").read_text(encoding="utf-8"))
    assert config["max_width"] == 16
    assert [(loss.what, loss.reason) for loss in dropped(done)] == [
        ("span 17-78 ORG", "longer than GLiNER is asked to look")]


def test_span_inside_a_run_of_latin_is_lost_to_gliner2_only(tmp_path: Path) -> None:
    one = region("a:1", "采用AI5G技术", ("spans",), [("AI", "ORG"), ("AI5G", "ORG")])
    assert [loss.what for loss in export(release_of(one), "gliner2", tmp_path / "2").losses] == [
        "span 2-4 ORG"]
    assert not dropped(export(release_of(one), "gliner", tmp_path / "1"))


def test_relation_to_one_of_two_spans_at_a_place_is_lost_to_gliner2(tmp_path: Path) -> None:
    one = region("a:1", "云泽新城开工", ("spans",), [
        ("云泽新城", "LOC"), ("云泽新城", "PROJECT"), ("开工", "DATE")],
        (GoldRelation("CHANGE", 1, 2),))
    assert [loss.what for loss in export(release_of(one), "gliner2", tmp_path / "2").losses] == [
        "relation 0-4 CHANGE 4-6"]
    assert not export(release_of(one), "gliner", tmp_path / "1").losses


def test_one_example_holds_all_tasks_of_a_short_region(
        exported: Callable[[str], Export]) -> None:
    row = next(row for row in rows(exported("gliner2"), "train") if "𠮷" in row["input"])
    output = row["output"]
    assert [task["task"] for task in output["classifications"]] == ["function", "topics"]
    assert output["classifications"][1]["multi_label"] is True
    assert set(output["entities"]) == set(RELEASE.labels) and output["entities"]["LOC"] == []
    assert [list(link) for link in output["relations"]] == [["APPOINTED"], ["POST_OF"]]


def test_mentions_are_slices_of_their_input(exported: Callable[[str], Export]) -> None:
    for split in ("train", "test"):
        for row in rows(exported("gliner2"), split):
            found = [mention for mentions in row["output"].get("entities", {}).values()
                     for mention in mentions]
            found += [end for link in row["output"].get("relations", ())
                      for ends in link.values() for end in ends.values()]
            for mention in found:
                assert row["input"][mention["start"]:mention["end"]] == mention["text"]


def test_gliner2_finds_nothing_wrong(
        gliner2_data: Any, exported: Callable[[str], Export],
        capsys: pytest.CaptureFixture[str]) -> None:
    for split in ("train", "test"):
        path = exported("gliner2").folder / f"{split}.jsonl"
        dataset = gliner2_data.TrainingDataset.load(path)
        assert dataset.skipped_lines == [] and len(dataset) == len(rows(exported("gliner2"), split))
        assert dataset.validate(raise_on_error=True)["invalid"] == 0
        assert [example.to_dict() for example in dataset] == rows(exported("gliner2"), split)


def test_gliner2_finds_a_moved_mention(
        gliner2_data: Any, exported: Callable[[str], Export]) -> None:
    row = rows(exported("gliner2"), "train")[0]
    row["output"]["entities"]["LOC"][0]["start"] += 1
    assert not gliner2_data.InputExample.from_dict(row).is_valid()


@pytest.mark.parametrize("name", READERS)
@settings(deadline=None)  # files are written
@given(text=st.text(st.one_of(st.characters(exclude_categories=["Cs"]),
                              st.sampled_from(" \t\n\u3000江岚市A1.\\\u200d")),
                    min_size=1, max_size=40), data=st.data())
def test_any_text_with_any_span_reads_back(
        name: str, text: str, data: st.DataObject,
        tmp_path_factory: pytest.TempPathFactory) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    one = replace(region("a:1", text, ("spans",)), spans=(GoldSpan(start, end, "ORG"),))
    done = export(release_of(one), name, tmp_path_factory.mktemp("any"))
    if name == "gliner2" and not text.strip():
        # Its trainer refuses a text of nothing but white space.
        assert not READERS[name](done.folder) and {loss.kind for loss in done.losses} == {"dropped"}
        return
    (found,) = READERS[name](done.folder)
    assert found.text == text and len(found.spans) + len(dropped(done)) == 1
    assert any(loss.kind != "repaired" for loss in done.losses) == (found.spans != one.spans)
