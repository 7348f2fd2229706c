"""Dates in order, weekdays, decisions on the days of their meeting."""
from __future__ import annotations

from tests.labels.govdoc.told import findings, statuses


def test_a_period_that_ends_before_it_begins_is_broken() -> None:
    assert statuses("2019年5月至2020年3月，开展专项检查。\n", "dates.periods_run_forward") == ["holds"]
    assert statuses("2020年5月至2020年3月，开展专项检查。\n", "dates.periods_run_forward") in (
        ["broken"], [])


def test_a_weekday_is_that_of_its_day() -> None:
    # The thirtieth of December 2020 was a Wednesday.
    assert statuses("2020年12月30日（星期三）召开会议。\n", "dates.weekdays_are_right") == ["holds"]
    assert statuses("2020年12月30日（星期四）召开会议。\n", "dates.weekdays_are_right") == ["broken"]


MEETING = """云泽区人民代表大会常务委员会关于批准2023年区本级决算的决议

（2024年8月{day}日云泽区第六届人民代表大会常务委员会第二十一次会议通过）

会议决定批准决算。

云泽区第六届人大常委会第二十一次会议组成人员出席情况

(会期一天, 2024年8月28日)

一、应出席会议: 3人

二、出席: 3人

陈雨	王岚	赵青山
"""


def test_a_decision_falls_on_a_day_on_which_the_meeting_sat() -> None:
    right = findings(MEETING.format(day=28), "dates")
    assert [finding.status for finding in right] == ["holds"]
    wrong = findings(MEETING.format(day=18), "dates")
    assert [(finding.status, finding.difference) for finding in wrong] == [("broken", -10)]
