"""The prompts of UIE, as its reader and its converter take them."""
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import pytest

from exporters import Export, export
from exporters.uie import LIMIT, read
from labels.errors import ExportError
from tests.exporters.nasty import RELEASE, places, spans_of


def rows(export: Export, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in
            (export.folder / name).read_text(encoding="utf-8").splitlines()]


def test_gold_is_what_loads_and_what_was_declared_lost(
        exported: Callable[[str], Export]) -> None:
    done = exported("uie")
    found = list(read(done.folder))
    assert places(found) == places(RELEASE.regions)
    assert spans_of(found) == spans_of(RELEASE.regions)
    links = {(one.id, link.type, link.direction, one.spans[link.source], one.spans[link.target])
             for one in found for link in one.relations}
    gold = {(one.id, link.type, link.direction, one.spans[link.source], one.spans[link.target])
            for one in RELEASE.regions for link in one.relations}
    assert links <= gold
    assert [(loss.region, loss.what) for loss in done.losses] == [
        ("n4:again", "relation 0-2 APPOINTED 3-5"), ("n4:again", "relation 0-2 APPOINTED 15-17"),
        ("n4:far", "relation 0-2 APPOINTED 457-459")]
    assert len(gold) == len(links) + len(done.losses)


def test_results_are_slices_of_their_content(exported: Callable[[str], Export]) -> None:
    for name in ("train.txt", "test.txt"):
        for row in rows(exported("uie"), name):
            whole = f"{row['prompt']}\0{row['content']}"
            first = len(row["prompt"]) + 1
            for result in row["result_list"]:
                start, end = result["start"] + first, result["end"] + first
                assert whole[start:end] == result["text"]
                assert end < first or start >= first


def test_contents_fit_beside_every_prompt(exported: Callable[[str], Export]) -> None:
    for name in ("train.txt", "test.txt"):
        assert all(len(row["content"]) <= LIMIT and len(row["content"] + row["prompt"]) <= 509
                   for row in rows(exported("uie"), name) if "[" not in row["prompt"])


def test_every_label_that_does_not_occur_is_asked_too(exported: Callable[[str], Export]) -> None:
    asked = {row["prompt"] for row in rows(exported("uie"), "test.txt")
             if row["content"] == "截至2031年底"}
    assert asked == set(RELEASE.labels)


def test_train_has_five_negatives_for_a_label_that_occurs(tmp_path: Path) -> None:
    many = tuple(f"L{number}" for number in range(20))
    wide = replace(RELEASE, labels=(*RELEASE.labels, *many))
    export(wide, "uie", tmp_path / "out")
    found = [json.loads(line) for line in
             (tmp_path / "out" / "train.txt").read_text(encoding="utf-8").splitlines()]
    prompts = [row["result_list"] for row in found if row["content"] == "云泽新城 一期"]
    assert len(prompts) == 2 + 10 and sum(map(bool, prompts)) == 2


@pytest.mark.parametrize("change", [
    {"relations": (*RELEASE.relations, "目的地")},
    {"classes": (*RELEASE.classes, ("mood", ("good, very", "bad")))}])
def test_names_that_would_part_a_prompt_are_refused(
        change: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="where prompts are parted"):
        export(replace(RELEASE, **change), "uie", tmp_path / "out")


def test_file_that_lost_a_line_does_not_read(tmp_path: Path) -> None:
    export(RELEASE, "uie", tmp_path / "out")
    path = tmp_path / "out" / "test.txt"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8", newline="\n")
    with pytest.raises(ExportError):
        list(read(tmp_path / "out"))
