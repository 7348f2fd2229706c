"""LOC told by abbreviations of provinces and cities, and by a side of the country."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.found import spans


@pytest.mark.parametrize("text, expected", [
    ("深化沪苏合作", ["沪苏"]),
    ("位于川滇黔交界地区", ["川滇黔"]),
    ("佛港澳合作得到加强", ["佛港澳"]),
    ("赴沪苏州企业座谈", ["苏州"]),
    ("港澳台商投资企业", []),
    ("推进城乡一体化", [])])
def test_a_chain_of_provinces_is_one_place(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


def test_a_chain_of_cities_is_told_by_what_several_share_and_then_wherever_it_returns() -> None:
    assert spans("推进沈抚同城化发展。沈抚合作", "LOC") == ["沈抚", "沈抚"]
    assert spans("沈抚合作", "LOC") == []


@pytest.mark.parametrize("text, expected", [
    ("推进沈抚改革创新示范区建设", ["沈抚改革创新示范区"]),
    ("中德装备园建设提速", ["中德装备园"]),
    ("中德两国合作", []),
    ("推进城乡融合发展示范区建设", [])])
def test_zones_are_named_after_chains(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


@pytest.mark.parametrize("text, expected", [
    ("推动东北全面振兴", ["东北"]), ("出口额居西部第1位", ["西部"]), ("比照西部大开发政策", ["西部"]),
    ("华南智慧新城", ["华南智慧新城"]), ("沈阳东北方向", ["沈阳"]), ("全市西部各镇", []), ("南部辐射、中部转型", [])])
def test_a_side_is_a_region_where_the_country_is_meant(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected
