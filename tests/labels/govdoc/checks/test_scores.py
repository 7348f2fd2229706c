"""Score sheets and averages."""
from __future__ import annotations

from tests.labels.govdoc.checks.claims import broken, statuses

SHEET = ("表1 评分", "一级指标\t分值\t二级指标\t分值\t得分\t得分率", "A 决策\t10\tA1 立项\t6\t6\t100.00%",
         "\t\tA2 目标\t4\t3\t75.00%", "B 过程\t20\tB1 预算\t12\t9\t75.00%", "\t\tB2 制度\t8\t8\t100.00%")
SUMMARY = ("表2 概况", "一级指标\t分值\t得分", "A 决策\t10\t9", "B 过程\t20\t17")


def test_the_parts_of_a_level_make_up_its_score() -> None:
    assert statuses("scores.levels_add_up", *SHEET) == ["holds", "holds"]


def test_a_level_whose_parts_come_to_another_score_is_found() -> None:
    wrong = tuple(line.replace("B1 预算\t12", "B1 预算\t13") for line in SHEET)
    assert broken("scores.levels_add_up", *wrong) == [["20", "13", "8"]]


def test_a_row_repeated_after_a_page_break_is_counted_once() -> None:
    lines = (*SHEET[:5], "\t\tB1 预算\t12\t9\t75.00%", SHEET[5])
    assert statuses("scores.levels_add_up", *lines) == ["holds", "holds"]


def test_a_rate_of_scores_divides_by_the_score_of_its_own_level() -> None:
    assert statuses("scores.score_rates", *SHEET) == ["holds"] * 4
    wrong = tuple(line.replace("9\t75.00%", "9\t57.00%") for line in SHEET)
    assert broken("scores.score_rates", *wrong) == [["57.00%", "9", "12"]]


def test_a_rate_without_its_score_is_not_checkable() -> None:
    lines = (*SHEET, "C 产出\t9\tC1 数量\t9\t\t100.00%")
    assert statuses("scores.score_rates", *lines)[-1] == "not_checkable"


def test_a_summary_gives_what_its_table_comes_to() -> None:
    check = "scores.summary_of_scores"
    assert statuses(check, *SUMMARY, "", *SHEET) == ["holds", "holds"]
    wrong = (*SUMMARY[:3], "B 过程\t20\t16")
    assert broken(check, *wrong, "", *SHEET) == [["16", "9", "8"]]


def test_an_average_closes_the_rows_above_it_and_then_the_averages() -> None:
    lines = ("表1 满意度", "对象\t问题\t满意度", "机关\t流程\t95.00%", "\t界面\t98.00%", "\t综合满意度\t96.50%",
             "企业\t政策\t90.00%", "\t服务\t93.00%", "\t综合满意度\t91.50%", "平均综合满意度\t\t94.00%")
    assert statuses("scores.means", *lines) == ["holds"] * 3
    wrong = tuple(line.replace("91.50%", "95.10%") for line in lines)
    assert ["95.10%", "90.00%", "93.00%"] in broken("scores.means", *wrong)
