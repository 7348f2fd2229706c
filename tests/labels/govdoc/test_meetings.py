"""MEETING beyond the rules' own examples."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.found import spans


@pytest.mark.parametrize("name", [
    "区八届人大六次会议", "云泽区第八届人民代表大会常务委员会第40次会议", "区委十届九次全会", "五届区委十次全会",
    "江岚市第十四届人民代表大会第四次会议", "党的二十大", "二十届三中全会", "中央经济工作会议", "全国两会",
    "政协云泽区第九届委员会第二次会议", "十八届三中、四中、五中全会"])
def test_named_meetings_are_whole(name: str) -> None:
    assert spans(f"认真贯彻{name}精神", "MEETING") == [name]


def test_the_organ_before_the_verb_is_no_part_of_the_meeting() -> None:
    text = "云泽区人大常委会举行第22次会议"
    assert spans(text, "ORG") == ["云泽区人大常委会"]


def test_a_meeting_swallows_place_and_organ() -> None:
    text = "在江岚市云泽区第八届人民代表大会常务委员会\n第40次会议上"
    assert spans(text, "MEETING") == ["江岚市云泽区第八届人民代表大会常务委员会\n第40次会议"]
    assert spans(text, "ORG", "LOC") == []


@pytest.mark.parametrize("text", ["本次会议", "全体会议", "举行会议3次", "第二届进博会", "召开工作推进会议"])
def test_meetings_without_a_name(text: str) -> None:
    assert spans(text, "MEETING") == []


@pytest.mark.parametrize("name", [
    "省委十三届五次、六次全会", "二十届中央纪委三次全会", "市政府第12次常务会议", "省第十二次党代会", "全国财政工作会议",
    "中国共产党第二十次全国代表大会", "政协第十三届江岚市委员会第二次会议", "区三届人大第36次常委会议", "全国教育大会"])
def test_sessions_of_any_place_are_whole(name: str) -> None:
    assert spans(f"认真落实{name}精神", "MEETING") == [name]


def test_the_date_before_a_session_is_none_of_it() -> None:
    text = "（2016年12月29日云泽市第十二届人民代表大会常务委员会第四十一次会议通过）"
    assert spans(text, "MEETING") == ["云泽市第十二届人民代表大会常务委员会第四十一次会议"]
