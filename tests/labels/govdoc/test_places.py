"""LOC beyond the rules' own examples."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.found import spans


def test_divisions_in_a_row_are_one_span_each() -> None:
    assert spans("全年，江岚市、云泽区、兰溪县增长", "LOC") == ["江岚市", "云泽区", "兰溪县"]


def test_a_division_may_follow_another() -> None:
    assert spans("江岚市云泽区各街道", "LOC") == ["江岚市", "云泽区"]


def test_a_short_name_counts_once_the_text_names_it_in_full() -> None:
    assert spans("云泽区位于江边。做好云泽经济工作", "LOC") == ["云泽区", "云泽"]
    assert spans("做好云泽经济工作", "LOC") == []


@pytest.mark.parametrize("text, expected", [
    ("上海市民踊跃参加", ["上海"]), ("广州市场活跃", ["广州"]), ("上海市级财政", ["上海"])])
def test_a_suffix_that_begins_the_next_word_stays_out(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


@pytest.mark.parametrize("text", [
    "全区上下", "我市城市品质", "本镇居民", "众多区内企业", "建成区面积", "形成都市农业", "其中国家级三个",
    "一带一路倡议", "实现县域全覆盖", "棚户区改造", "口袋公园5个"])
def test_what_names_no_place(text: str) -> None:
    assert spans(text, "LOC") == []


def test_a_place_inside_a_title_or_an_organ_is_not_marked_by_itself() -> None:
    assert spans("《云泽区条例》由云泽区人民政府公布", "LOC") == []


def test_a_list_of_roads_is_one_span_each() -> None:
    assert spans("打通云桥路、兰溪西路等一批断头路", "LOC") == ["云桥路", "兰溪西路"]
