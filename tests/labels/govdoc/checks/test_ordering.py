"""Numbered rows, and groups that say how many they hold."""
from __future__ import annotations

import pytest

from labels.govdoc.checks.ordering import number_of
from tests.labels.govdoc.checks.claims import broken, statuses

FOLLOW, HOLD = "ordering.numbers_follow", "ordering.groups_hold_what_they_say"
PROJECTS = ("表1 项目", "序号\t项目名称\t投资（亿元）", "(一) 路网 (2 项)\t\t", "1\t云荻路\t0.6", "2\t望帆大桥\t6.1",
            "(二) 公共服务 (3 项)\t\t", "3\t中心医院\t2.0", "4\t云荻中学\t3.5", "5\t文化中心\t1.7")


def test_numbers_follow_each_other() -> None:
    assert set(statuses(FOLLOW, *PROJECTS)) == {"holds"}


def test_a_lost_row_leaves_a_gap() -> None:
    assert broken(FOLLOW, *PROJECTS[:7], *PROJECTS[8:]) == [["5", "3"]]
    assert broken(FOLLOW, *PROJECTS[:3], *PROJECTS[4:]) == [["2"]]


def test_numbers_may_begin_anew_in_each_group() -> None:
    lines = ("表1 项目", "序号\t名称\t数", "1\t甲路\t5", "2\t乙路\t6", "3\t丙路\t7", "1\t丁桥\t8",
             "2\t戊桥\t9", "3\t己桥\t1")
    assert set(statuses(FOLLOW, *lines)) == {"holds"}


def test_numbers_out_of_order_are_no_numbering() -> None:
    lines = ("表1 门牌", "编号\t名称\t数", "14\t甲路\t5", "3\t乙路\t6", "88\t丙路\t7", "21\t丁桥\t8")
    assert statuses(FOLLOW, *lines) == []


def test_a_group_that_says_more_than_it_holds_is_found() -> None:
    assert statuses(HOLD, *PROJECTS) == ["holds", "holds"]
    wrong = tuple(line.replace("3 项", "4 项") for line in PROJECTS)
    assert broken(HOLD, *wrong) == [["(二) 公共服务 (4 项)"]]


def test_a_total_may_say_how_many_rows_it_closes() -> None:
    assert statuses(HOLD, *PROJECTS, "\t合计（共 5 项）\t13.9") == ["holds"] * 3


@pytest.mark.parametrize("words, number", [("一", 1), ("十", 10), ("十二", 12), ("二十", 20),
                                           ("二十一", 21), ("7", 7)])
def test_numbers_in_words(words: str, number: int) -> None:
    assert number_of(words) == number
