"""Counts against lists of names and points; people who are told twice."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.told import findings, statuses

SITTING = """云泽区第六届人大常委会第二十一次会议到会名单

(会期两天, 2024年8月28日)

一、应出席会议: 7人

二、全程出席: 5人

陈雨	王岚	赵青山	李海	孙小溪

三、因事因病请假: 2人

周明 吴远
"""
NEXT_DAY = SITTING.partition("\n\n")[2].replace("28日", "29日")


def test_a_list_that_is_complete_holds() -> None:
    assert {finding.status for finding in findings(SITTING, "lists")} == {"holds"}
    assert statuses(SITTING, "lists.names_are_as_many") == ["holds", "holds"]


def test_a_name_that_is_missing_makes_its_list_the_first_suspect() -> None:
    text = SITTING.replace("赵青山\t", "")
    broken = [finding for finding in findings(text, "lists") if finding.status == "broken"]
    assert {finding.check for finding in broken} == {
        "lists.names_are_as_many", "lists.expected_came_or_not"}
    for finding in broken:
        first = finding.suspects[0]
        assert (first.cause, first.mended) == ("missing", "5")
        assert text[first.start:first.end].startswith("陈雨")


def test_somebody_both_present_and_absent_is_told() -> None:
    text = SITTING.replace("周明", "李海")
    (finding,) = [finding for finding in findings(text, "lists") if finding.status == "broken"]
    assert [term.text for term in finding.terms] == ["李海", "李海"]


def test_the_days_of_a_meeting_have_the_same_members() -> None:
    assert statuses(SITTING + "\n" + NEXT_DAY, "lists.same_people_sit") == ["holds"]
    other = SITTING + "\n" + NEXT_DAY.replace("赵青山", "赵菁山")
    (finding,) = [finding for finding in findings(other, "lists") if finding.status == "broken"]
    assert [term.text for term in finding.terms] == ["赵青山", "赵菁山"]


def test_attendance_told_in_a_sentence_adds_up() -> None:
    text = "会议应到代表289名，实到代表{came}名，请假14名，符合法定人数。\n"
    assert statuses(text.format(came=275), "lists.told_attendance_adds_up") == ["holds"]
    assert statuses(text.format(came=257), "lists.told_attendance_adds_up") == ["broken"]


@pytest.mark.parametrize("number, status", [("三", "holds"), ("四", "broken"), ("3", "holds")])
@pytest.mark.parametrize("points", [
    "一是保民生。二是稳增长。三是防风险。\n",
    "\n\n（一）保障民生\n\n全力保障。\n\n（二）稳定增长\n\n稳步推进。\n\n（三）防范风险\n\n守住底线。\n",
    "\n\n1.保障民生\n\n全力保障。\n\n2.稳定增长\n\n稳步推进。\n\n3.防范风险\n\n守住底线。\n",
])
def test_as_many_points_follow_as_are_announced(number: str, status: str, points: str) -> None:
    text = f"今年要重点做好以下{number}方面工作：{points}"
    assert statuses(text, "lists.points_are_as_many") == [status]


def test_who_was_elected_is_who_was_confirmed() -> None:
    text = ("云泽区人民代表大会常务委员会公告\n\n云泽区第4选区依法补选陈雨为云泽区第六届人民代表大会代表，第8选区依法补选王岚为"
            "云泽区第六届人民代表大会代表。云泽区第六届人民代表大会常务委员会第二十一次会议确认{names}的代表资格有效。\n")
    assert statuses(text.format(names="陈雨、王岚"), "lists.people_are_the_same") == ["holds"] * 2
    assert "broken" in statuses(text.format(names="陈雨、王风"), "lists.people_are_the_same")


@pytest.mark.parametrize("text, status", [
    ("装备制造、新材料、生物医药产业分别增长34.8%、24.4%、13.6%。\n", "holds"),
    ("装备制造新材料、生物医药产业分别增长34.8%、24.4%、13.6%。\n", "broken"),
    ("社会保障和就业、教育支出分别增长42.7%、26.9%。\n", "holds"),
    ("楼宇、园区和街区产出分别达到300元、200元、100元。\n", "holds"),
])
def test_each_name_has_a_figure_where_they_are_told_respectively(text: str, status: str) -> None:
    assert statuses(text, "lists.as_many_figures_as_names") == [status]
