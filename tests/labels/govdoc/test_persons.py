"""PERSON beyond the rules' own examples."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.found import spans


def test_the_space_inside_a_name_stays() -> None:
    assert spans("任命 李 萍 为云泽区财政局局长。", "PERSON") == ["李 萍"]


def test_a_heading_with_its_list_of_names() -> None:
    text = "区人大专工委：陈雨、李云川、王岚、欧阳晨"
    assert spans(text, "PERSON") == ["陈雨", "李云川", "王岚", "欧阳晨"]


def test_the_last_name_of_a_list_ends_at_its_line() -> None:
    text = "区人大专工委：陈雨、李云川、王岚、赵青山、周敏捷、吴越\n\n云泽区八届人大常委会第40次会议议题"
    assert spans(text, "PERSON")[-1] == "吴越"


def test_a_grid_of_names() -> None:
    assert spans("陈 雨\t李云川\t王 岚\t赵青山\t周 敏", "PERSON") == [
        "陈 雨", "李云川", "王 岚", "赵青山", "周 敏"]


def test_names_in_columns_after_a_post() -> None:
    assert spans("副市长：    陈雨川    李青山    王远航", "PERSON") == ["陈雨川", "李青山", "王远航"]


def test_a_name_given_with_an_act_is_found_where_it_returns() -> None:
    assert spans("任命陈雨川为区财政局局长。会上陈雨川宣誓", "PERSON") == ["陈雨川", "陈雨川"]


@pytest.mark.parametrize("text", [
    "金融、文化、安全、高新技术", "任命干部要公道正派", "主任会议研究决定", "全体同志", "各位代表",
    "包括：应急、安全、水务、文化、方案", "代表委员关切"])
def test_words_that_begin_like_surnames_are_no_names(text: str) -> None:
    assert spans(text, "PERSON") == []


def test_names_inside_a_sentence() -> None:
    text = "区领导陈雨川、李青山、王岚和区法院院长周敏出席会议"
    assert spans(text, "PERSON") == ["陈雨川", "李青山", "王岚", "周敏"]


@pytest.mark.parametrize("name", ["阿依努尔·买买提", "阿卜杜热依木·吐尔逊", "次仁多吉", "欧阳晨", "闫肖"])
def test_names_of_every_people(name: str) -> None:
    assert spans(f"任命{name}为云泽县人民法院审判员；", "PERSON") == [name]


def test_a_name_before_its_post() -> None:
    assert spans("听取陈雨川副区长关于智慧城市的报告", "PERSON", "POST") == ["陈雨川", "副区长"]


def test_a_name_ends_before_what_follows_it() -> None:
    assert spans("副主任陈雨川、王军等参加会议，会议由周敏主持", "PERSON") == ["陈雨川", "王军", "周敏"]


def test_names_on_lines_of_their_own_under_an_act() -> None:
    text = "任命：\n\n陈雨川同志任云泽区水务局局长；\n\n李青山为云泽区教育局副局长。"
    assert spans(text, "PERSON") == ["陈雨川", "李青山"]


def test_few_names_under_a_heading_of_absence() -> None:
    assert spans("三、请假（2人）：\n\n陈 雨\t李云川", "PERSON") == ["陈 雨", "李云川"]
