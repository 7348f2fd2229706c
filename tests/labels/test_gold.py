from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.errors import OffsetError
from labels.gold import (
    GoldRegion, GoldRelation, GoldSpan, canonical_json, region_from_json, region_to_json,
    release_hash,
)

REGION = GoldRegion(
    id="d@1:spans:5-12", document="d", start=5, end=12, text="𠮷祥公司3个厂", asked=("spans",),
    spans=(GoldSpan(0, 4, "ORG"), GoldSpan(4, 6, "QUANTITY")),
    relations=(GoldRelation("VALUE", 0, 1),), classes=(("topics", ("economy",)),),
    annotators=("a@b",), split="train", group="d")


def test_a_region_survives_json() -> None:
    assert region_from_json(region_to_json(REGION)) == REGION


@pytest.mark.parametrize("broken", [
    replace(REGION, end=13),
    replace(REGION, spans=(GoldSpan(0, 99, "ORG"), REGION.spans[1])),
    replace(REGION, relations=(GoldRelation("VALUE", 0, 2),)),
])
def test_a_region_that_does_not_fit_its_text_is_refused(broken: GoldRegion) -> None:
    with pytest.raises(OffsetError):
        broken.check()


def test_the_hash_of_a_release_follows_its_content() -> None:
    assert release_hash("s", [REGION]) == release_hash("s", [REGION])
    assert release_hash("s", [REGION]) != release_hash("t", [REGION])
    moved = replace(REGION, spans=(GoldSpan(0, 3, "ORG"), REGION.spans[1]))
    assert release_hash("s", [REGION]) != release_hash("s", [moved])


def test_a_region_is_read_from_text_as_from_objects() -> None:
    assert region_from_json(json.dumps(region_to_json(REGION))) == REGION


@pytest.mark.parametrize("broken", [
    "{}", "[]", "{", json.dumps({**region_to_json(REGION), "start": "5"}),
    json.dumps({**region_to_json(REGION), "spans": [{"start": 0, "end": 4}]})])
def test_what_is_no_region_is_refused(broken: str) -> None:
    with pytest.raises(ValueError):
        region_from_json(broken)


TEXT = st.text(st.one_of(
    st.characters(), st.sampled_from("\"\\/\b\f\n\r\t\x00\x1f\x7f\x85\u2028𠮷")), max_size=20)


@given(TEXT, TEXT, st.dictionaries(TEXT, st.lists(TEXT, max_size=2).map(tuple), max_size=4))
def test_the_canonical_json_is_that_of_the_standard_library(
        text: str, name: str, classes: dict[str, tuple[str, ...]]) -> None:
    """The hashes of all releases hang on it, also those of texts with half a character."""
    region = replace(
        REGION, id=name, text=text, classes=tuple(classes.items()), group=name,
        relations=(GoldRelation("VALUE", 0, 1), GoldRelation(name, 1, 0, "up")))
    assert canonical_json(region) == json.dumps(
        region_to_json(region), ensure_ascii=False, sort_keys=True,
        separators=(",", ":")).encode("utf-8", "surrogatepass")
