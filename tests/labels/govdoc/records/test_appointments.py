"""Records of who was appointed, removed, elected or resigned."""
from __future__ import annotations

import pytest

from labels.govdoc.records.appointments import level
from tests.labels.govdoc.told import told, values

LIST = """云泽区人民代表大会常务委员会任免名单

（2024年8月28日云泽区第六届人民代表大会常务委员会第二十一次会议通过）

任命陈雨、王岚为云泽区人民法院审判员；

任命赵青山为云泽区人民法院执行庭庭长，免去其云泽区人民法院执行庭副庭长职务；

免去李海的云泽区人大常委会研究室副主任职务。
"""


def test_every_person_of_a_list_has_a_record_with_post_and_organisation() -> None:
    assert values(LIST, "appointment", "action", "person", "post", "organisation") == [
        ("appointed", "陈雨", "审判员", "云泽区人民法院"),
        ("appointed", "王岚", "审判员", "云泽区人民法院"),
        ("appointed", "赵青山", "庭长", "云泽区人民法院执行庭"),
        ("removed", "赵青山", "副庭长", "云泽区人民法院执行庭"),
        ("removed", "李海", "副主任", "云泽区人大常委会研究室")]


def test_meeting_and_date_come_from_the_list_and_lead_back_to_its_words() -> None:
    record = told(LIST, "appointment")[0]
    assert record.values["date"] == "2024-08-28"
    assert record.values["meeting"] == "云泽区第六届人民代表大会常务委员会第二十一次会议"
    ((start, end),) = record.spans["meeting"]
    assert LIST[start:end] == record.values["meeting"]


def test_a_decision_told_in_title_and_text_is_one_record_with_the_full_names() -> None:
    text = """云泽区人民代表大会常务委员会关于接受王岚辞去区人大常委会委员职务请求的决定

（2024年8月28日云泽区第六届人民代表大会常务委员会第二十一次会议通过）

云泽区第六届人民代表大会常务委员会第二十一次会议决定：接受王岚辞去云泽区第六届人民代表大会常务委员会委员职务的请求。
"""
    (record,) = told(text, "appointment")
    assert record.values["action"] == "resigned"
    assert record.values["organisation"] == "云泽区第六届人民代表大会常务委员会"
    assert record.spans["person"][0][0] > text.index("决定：")


def test_the_day_that_the_sentence_tells_is_the_date() -> None:
    text = "云泽区第4选区的选民于2024年8月20日补选陈雨、王岚为云泽区第六届人民代表大会代表。\n"
    assert values(text, "appointment", "action", "person", "date") == [
        ("elected", "陈雨", "2024-08-20"), ("elected", "王岚", "2024-08-20")]


@pytest.mark.parametrize("short, full", [
    ("区人大常委会", "江岚市云泽区第六届人民代表大会常务委员会"), ("区法院", "云泽区人民法院")])
def test_short_and_full_names_of_one_level_are_one_organisation(short: str, full: str) -> None:
    assert level(short) == level(full)


def test_the_city_is_not_its_district() -> None:
    assert level("江岚市第十一届人民代表大会") != level("云泽区第六届人民代表大会")
