from __future__ import annotations

from dataclasses import replace

import pytest

from labels.errors import OffsetError
from labels.gold import (
    GoldRegion, GoldRelation, GoldSpan, region_from_json, region_to_json, release_hash,
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
