"""Releases made at random go through every exporter, which proves itself (`exporters._prove`)."""
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters import export, formats
from labels.gold import SPLITS, GoldRegion, GoldRelation, GoldSpan
from tests.exporters.nasty import CLASSES, LABELS, RELEASE, region, release_of

HEAVY = ("spacy", "hf-parquet", "tables-csv", "tables-parquet", "tables-xlsx")
CHARACTERS = "江岚市云泽区人民政府2031年5.2%AB，。；\n \t\r\u3000𠮷👨\u200d␊\\的[,]"
TEXT = st.text(st.one_of(st.sampled_from(CHARACTERS), st.characters(exclude_categories=["Cs"])),
               min_size=1, max_size=60)


@st.composite
def regions(draw: st.DrawFn, number: int) -> GoldRegion:
    text = draw(TEXT) * draw(st.sampled_from([1, 1, 1, 15]))
    asked = draw(st.lists(st.sampled_from(["spans", "function", "topics"]), min_size=1,
                          unique=True))
    spans = []
    if "spans" in asked:
        for start, length, label in draw(st.lists(st.tuples(
                st.integers(0, len(text) - 1), st.integers(1, 30), st.sampled_from(LABELS)),
                max_size=6)):
            spans.append(GoldSpan(start, min(len(text), start + length), label))
    ends = st.integers(0, len(spans) - 1) if spans else st.nothing()
    relations = draw(st.lists(st.builds(
        GoldRelation, st.sampled_from(RELEASE.relations), ends, ends,
        st.sampled_from([None, "up", "down"])), max_size=3)) if spans else []
    choices = dict(CLASSES)
    classes = {name: tuple(draw(st.lists(
        st.sampled_from(choices[name]), max_size=1 if name == "function" else 3, unique=True)))
        for name in asked if name != "spans"}
    made = region(f"d{number}:0", text, tuple(asked), relations=tuple(relations),
                  split=draw(st.sampled_from(SPLITS)), **classes)
    return replace(made, spans=tuple(spans))


@pytest.mark.parametrize("name", sorted(formats()))
def test_any_release_is_exported_whole(
        name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(deadline=None, max_examples=10 if name in HEAVY else 40)
    @given(st.integers(1, 4).flatmap(lambda count: st.tuples(*map(regions, range(count)))))
    def check(found: tuple[GoldRegion, ...]) -> None:
        folder = tmp_path_factory.mktemp("any")
        release = release_of(*found)
        done = export(release, name, folder / "out")
        told = {(loss.region, loss.what) for loss in done.losses}
        known = {one.id for one in found} | {one.document for one in release.facts}
        assert all(identity in known for identity, _ in told)
        assert "manifest.json" in done.files
    check()
