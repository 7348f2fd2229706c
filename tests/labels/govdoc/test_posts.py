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
