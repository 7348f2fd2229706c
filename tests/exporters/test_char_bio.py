"""The character column files, read plainly and scored by seqeval's rules."""
from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exporters
from exporters import Export, export
from exporters.char_bio import read
from exporters.columns import LIMIT, read_columns
from labels.errors import ExportError, OffsetError
from labels.gold import GoldSpan
from labels.tokens import bio_tags, column_token
from tests.exporters.nasty import (
    RELEASE, lost_spans, places, region, release_of, spans_of,
)


def test_gold_is_what_loads_and_what_was_declared_lost(
        exported: Callable[[str], Export]) -> None:
    done = exported("char-bio")
    found = list(read(done.folder))
    gold = RELEASE.asked("spans")
    assert places(found) == places(gold)
    assert spans_of(found) + lost_spans(done.losses) == spans_of(gold)
    assert len(done.losses) == 7


def test_every_line_has_two_columns_for_a_reader_that_splits_on_white_space(
        exported: Callable[[str], Export]) -> None:
    for name in ("train.txt", "test.txt"):
        content = (exported("char-bio").folder / name).read_text(encoding="utf-8")
        widths = Counter(len(line.split()) for line in content.splitlines())
        assert set(widths) == {0, 2}
        assert content.count("\n") == sum(widths.values())


def test_tags_of_the_files_are_those_of_labels_txt(exported: Callable[[str], Export]) -> None:
    folder = exported("char-bio").folder
    known = (folder / "labels.txt").read_text(encoding="utf-8").split()
    used = {line.split()[1] for name in ("train.txt", "test.txt")
            for line in (folder / name).read_text(encoding="utf-8").splitlines() if line}
    assert used <= set(known) and known[:3] == ["O", "B-ORG", "I-ORG"]


def test_empty_split_has_no_file(exported: Callable[[str], Export]) -> None:
    assert not (exported("char-bio").folder / "validation.txt").exists()


def test_long_region_becomes_sequences_that_cut_no_span(
        exported: Callable[[str], Export]) -> None:
    with (exported("char-bio").folder / "test.txt").open(encoding="utf-8", newline="\n") as lines:
        sequences = list(read_columns(lines))
    assert len(sequences) == 3 and all(len(tokens) <= LIMIT for tokens, _ in sequences)
    assert all(not tags[0].startswith("I-") for _, tags in sequences)
    text = next(one.text for one in RELEASE.regions if one.id == "n3:long")
    assert "".join(char for tokens, _ in sequences[1:] for char in tokens) == (
        text)


def test_label_with_white_space_is_refused(tmp_path: Path) -> None:
    spaced = replace(RELEASE, labels=(*RELEASE.labels, "BIG ORG"))
    with pytest.raises(ExportError, match="BIG ORG"):
        export(spaced, "char-bio", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_file_that_lost_a_line_does_not_read(
        exported: Callable[[str], Export], tmp_path: Path) -> None:
    export(RELEASE, "char-bio", tmp_path / "out")
    path = tmp_path / "out" / "train.txt"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[1:]), encoding="utf-8", newline="\n")
    with pytest.raises(ExportError, match="n1:overlap"):
        list(read(tmp_path / "out"))


def test_line_with_one_column_is_told_by_its_number() -> None:
    with pytest.raises(ExportError, match="line 2"):
        list(read_columns(["黄\tO\n", "O\n"]))


NASTY_TEXT = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]),
              st.sampled_from(" \t\r\n\u3000␠␊␣\\𠮷\u200d")),
    min_size=1, max_size=80)


@given(text=NASTY_TEXT)
def test_columns_give_any_text_back(text: str) -> None:
    lines = [f"{column_token(char)}\tO\n" for char in text]
    assert list(read_columns(lines)) == [(list(text), ["O"] * len(text))]
    assert all(len(line.split()) == 2 for line in lines)


@settings(deadline=None)  # files are written
@given(text=NASTY_TEXT, data=st.data())
def test_export_of_any_text_reads_back(
        text: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    one = replace(region("a:1", text, ("spans",)), spans=(GoldSpan(start, end, "ORG"),))
    folder = tmp_path_factory.mktemp("any")
    assert not export(release_of(one), "char-bio", folder).losses
    assert [(r.text, r.spans) for r in read(folder)] == [(text, one.spans)]
    with (folder / "train.txt").open(encoding="utf-8", newline="\n") as lines:
        assert list(read_columns(lines)) == [(list(text), bio_tags(len(text), one.spans))]


@settings(deadline=None)  # files are written
@given(data=st.data())
def test_no_edit_of_the_file_reads_as_what_was_written(
        data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A sequence of single characters is read by the lengths of its lines: any slip is noticed."""
    name = data.draw(st.sampled_from(["char-bio", "char-bioes"]))
    one = region("a:1", "江岚市云泽区\n设A1。", ("spans",), [
        ("江岚市", "ORG"), ("云", "LOC"), ("泽区", "LOC"), ("。", "ORG")])
    folder = tmp_path_factory.mktemp("any")
    export(release_of(one), name, folder)
    path = folder / "train.txt"
    text = path.read_text(encoding="utf-8").rstrip("\n")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 9)))
    put = data.draw(st.text(st.sampled_from("\t\nOBIES-RGLC江 "), max_size=9))
    edited = text[:start] + put + text[end:]
    path.write_text(f"{edited}\n\n", encoding="utf-8", newline="\n")
    read = exporters._module(name).read
    try:
        found = list(read(folder))
    except (ExportError, OffsetError):
        return
    if edited.split() != text.split():
        assert [(region.text, region.spans) for region in found] != [(one.text, one.spans)]
