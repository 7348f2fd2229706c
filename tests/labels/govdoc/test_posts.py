"""POST beyond the rules' own examples."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.found import spans


def test_joined_posts_are_separate_spans() -> None:
    assert spans("免去陈雨的云泽区人民法院副庭长、审判员职务", "POST") == ["副庭长", "审判员"]


def test_a_post_without_a_holder_behind_its_organ() -> None:
    assert spans("听取区水务局局长、区人民法院副院长的述职", "POST") == ["局长", "副院长"]


@pytest.mark.parametrize("text", [
    "主任、各位副主任、各位委员：", "各位代表", "人大代表建议", "政协委员提案", "主任会议听取汇报", "市长质量奖",
    "区长办公会议", "参加代表联络活动"])
def test_salutations_and_words_made_of_posts(text: str) -> None:
    assert spans(text, "POST") == []


def test_the_general_secretary_is_a_post() -> None:
    assert spans("学习习近平总书记重要讲话", "POST", "PERSON") == ["习近平", "总书记"]


@pytest.mark.parametrize("title", [
    "常务副区长", "代市长", "党组书记", "二级巡视员", "总规划师", "副检察长", "第一书记", "代理主任"])
def test_titles_with_their_rank(title: str) -> None:
    assert spans(f"任命陈雨为云泽区{title}。", "POST") == [title]


@pytest.mark.parametrize("text", ["湖南省长沙市", "各地区长期坚持", "社区长者食堂", "深化河长制", "班主任津贴", "市长杯比赛"])
def test_words_that_hold_a_title(text: str) -> None:
    assert spans(text, "POST") == []


def test_the_post_of_the_speaker_above_his_salutation() -> None:
    assert spans("云泽区财政局局长 陈雨川\n各位代表：\n受区人民政府委托", "POST", "PERSON") == [
        "局长", "陈雨川"]


def test_what_a_committee_consists_of() -> None:
    text = "委员会由5人组成，陈雨川为主任委员；委员有：李青山、王岚"
    assert spans(text, "POST") == ["主任委员", "委员"]
