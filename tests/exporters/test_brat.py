"""The pairs of brat, read by pybrat."""
from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters import Export, export
from exporters.brat import read, read_annotations
from labels.errors import ExportError
from labels.gold import GoldRelation, GoldSpan
from tests.exporters.nasty import RELEASE, places, region, release_of, spans_of


def test_gold_is_what_loads_and_what_was_declared_lost(
        exported: Callable[[str], Export]) -> None:
    done = exported("brat")
    found = list(read(done.folder))
    assert places(found) == places(RELEASE.asked("spans"))
    assert [(loss.region, loss.what, loss.kind) for loss in done.losses] == [
        ("n1:edges", "span 0-4 PERSON", "cut"), ("n1:edges", "span 3-5 POST", "cut"),
        ("n1:edges", "span 1-2 ORG", "dropped")]
    gold = spans_of(RELEASE.regions)
    assert gold - spans_of(found) == Counter(
        {("n1:edges", 0, 4, "PERSON"): 1, ("n1:edges", 3, 5, "POST"): 1,
         ("n1:edges", 1, 2, "ORG"): 1})
    assert spans_of(found) - gold == Counter(
        {("n1:edges", 0, 3, "PERSON"): 1, ("n1:edges", 4, 5, "POST"): 1})
    assert {one.id: one.relations for one in found} == {
        one.id: one.relations for one in RELEASE.asked("spans")}


def test_pybrat_reads_the_same_spans_and_relations(exported: Callable[[str], Export]) -> None:
    pybrat: Any = pytest.importorskip("pybrat.parser")
    folder = exported("brat").folder
    # It refuses two labels at one place unless it is told to go on, and then keeps both.
    examples = pybrat.BratParser(error="ignore").parse(folder)
    ours = {"/".join((one.split, f"{number:05}")): one for split in ("train", "test")
            for number, one in enumerate(
                (one for one in read(folder) if one.split == split), start=1)}
    assert {example.id for example in examples} == set(ours)
    for example in examples:
        one = ours[example.id]
        assert sorted((entity.spans[0].start, entity.spans[-1].end, entity.type)
                      for entity in example.entities) == sorted(
            (span.start, span.end, span.label) for span in one.spans)
        assert {(link.type, link.arg1.spans[0].start, link.arg2.spans[0].start)
                for link in example.relations} == {
            (link.type, one.spans[link.source].start, one.spans[link.target].start)
            for link in one.relations}


def test_a_line_break_in_a_span_parts_it_into_fragments(
        exported: Callable[[str], Export]) -> None:
    lines = (exported("brat").folder / "train" / "00004.ann").read_text(encoding="utf-8")
    assert lines.splitlines()[1] == "T2\tPERCENT 16 19;21 22\t5.2 %"


def test_configuration_declares_all_names(exported: Callable[[str], Export]) -> None:
    found = (exported("brat").folder / "annotation.conf").read_text(encoding="utf-8")
    sections = {part.split("]")[0]: part.split("]")[1].split("\n")[1:-1]
                for part in found.split("[")[1:]}
    assert [name for name in sections["entities"] if name] == list(RELEASE.labels)
    assert [line.split("\t")[0] for line in sections["relations"] if line] == [
        "<OVERLAP>", *RELEASE.relations]
    assert sections["attributes"] == ["direction\tArg:<RELATION>, Value:down|up"]


def test_line_that_quotes_other_words_is_refused() -> None:
    with pytest.raises(ExportError, match="T1 quotes other words"):
        read_annotations(iter(["T1\tORG 0 2\t区府\n"]), "区政府")


def test_span_of_line_breaks_only_is_lost_with_its_relation(tmp_path: Path) -> None:
    one = replace(region("a:1", "区\n\n长", ("spans",)), spans=(
        GoldSpan(0, 1, "ORG"), GoldSpan(1, 3, "POST")), relations=(GoldRelation("POST_OF", 1, 0),))
    done = export(release_of(one), "brat", tmp_path / "out")
    assert [loss.what for loss in done.losses] == ["span 1-3 POST", "relation 1-3 POST_OF 0-1"]
    (found,) = read(done.folder)
    assert (found.spans, found.relations) == ((GoldSpan(0, 1, "ORG"),), ())


def test_name_with_white_space_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="BIG ORG"):
        export(replace(RELEASE, labels=(*RELEASE.labels, "BIG ORG")), "brat", tmp_path / "out")


@settings(deadline=None)  # files are written
@given(text=st.text(st.one_of(st.characters(exclude_categories=["Cs"]),
                              st.sampled_from(" \t\r\n\u2028\x85\x1c区")), min_size=1, max_size=40),
       data=st.data())
def test_any_text_with_any_span_reads_back(
        text: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    one = replace(region("a:1", text, ("spans",)), spans=(GoldSpan(start, end, "ORG"),))
    done = export(release_of(one), "brat", tmp_path_factory.mktemp("any"))
    (found,) = read(done.folder)
    assert found.text == text and len(found.spans) + len(
        [loss for loss in done.losses if loss.kind == "dropped"]) == 1
    assert bool(done.losses) == (found.spans != one.spans)
