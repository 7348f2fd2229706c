"""Rates of completion, growth, shares; in columns and in rows of their own."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.checks.claims import broken, findings, statuses

CHECK = "rates.rates_divide"
DONE = ("表1 计划", "指标\t单位\t目标\t完成\t完成率", "生产总值\t亿元\t640.0\t643.2\t100.5%",
        "新增就业\t个\t14000\t14630\t104.5%",
        "养老床位\t张\t600\t612\t102.0%")
GROWN = ("表1 指标", "指标\t2023年\t2024年\t同比增长（%）", "财政收入\t62.4\t65.2\t4.5", "工业投资\t48.5\t54.8\t13.0",
         "失业人数\t2240\t2150\t-4.0")


def test_a_rate_of_completion_divides_what_is_done_by_what_was_planned() -> None:
    assert statuses(CHECK, *DONE) == ["holds"] * 3


def test_growth_is_against_the_year_before() -> None:
    assert statuses(CHECK, *GROWN) == ["holds"] * 3


@pytest.mark.parametrize("lines, row, terms", [
    (DONE, "水厂\t座\t8\t6\t57.0%", ["57.0%", "6", "8"]),
    (GROWN, "外贸进出口\t315.0\t333.9\t9.6", ["9.6", "333.9", "315.0"]),
])
def test_a_wrong_rate_is_found(lines: tuple[str, ...], row: str, terms: list[str]) -> None:
    assert broken(CHECK, *lines, row) == [terms]


def test_digits_exchanged_are_the_first_suspicion() -> None:
    (finding,) = [one for one in findings(CHECK, *GROWN, "房源\t1620\t1835\t31.3")
                  if one.status == "broken"]
    first = finding.suspects[0]
    assert (first.cause, first.mended) == ("digit", "13.3")


def test_a_rate_over_nought_or_over_words_is_not_checkable() -> None:
    assert statuses(CHECK, *GROWN, "新设园区\t0\t3\t100.0", "协议外资\t未报\t2.5\t8.0")[3:] == [
        "not_checkable", "not_checkable"]


def test_a_target_in_words_is_divided_by_if_it_holds_one_number() -> None:
    lines = ("表1 目标", "指标\t预期目标\t上半年完成\t完成目标（%）", "固定资产投资\t450 亿元\t241.5\t53.7",
             "合同外资\t8 亿美元\t8.8\t110", "新增岗位\t确保完成 18000 个\t8452\t47", "财政收入\t增长 3%\t120.6\t56.5")
    assert statuses(CHECK, *lines) == ["holds", "holds", "holds", "not_checkable"]


def test_a_share_is_of_the_row_that_is_the_whole() -> None:
    lines = ("表1 资产", "项目\t年末数\t占比", "流动资产\t1255.08\t22.73%", "固定资产\t4266.89\t77.27%",
             "资产总额\t5521.97\t100.00%")
    assert statuses(CHECK, *lines) == ["holds", "holds"]
    assert broken(CHECK, *lines[:2], "流动资产\t1255.08\t32.73%", *lines[3:]) == [
        ["32.73%", "1255.08", "5521.97"]]


def test_a_row_of_rates_divides_two_other_rows() -> None:
    lines = ("表1 执行", "\t基本支出\t项目支出\t合计", "期初安排\t1053.62\t1666.22\t2719.84",
             "调整预算\t1365.01\t2876.62\t4241.63", "实际支出\t1201.59\t1967.87\t3169.46",
             "预算执行率\t88.03%\t68.41%\t74.72%")
    assert statuses(CHECK, *lines) == ["holds"] * 3
    assert broken(CHECK, *lines[:-1], "预算执行率\t88.03%\t68.41%\t77.42%") == [
        ["77.42%", "3169.46", "4241.63"]]


def test_a_change_of_an_index_is_by_how_much_it_passes_a_hundred() -> None:
    lines = ("表1 价格", "类别\t价格指数\t涨跌幅度（%）", "食品\t101.6\t1.6", "衣着\t103.8\t3.8", "居住\t99.6\t-0.4")
    assert statuses(CHECK, *lines) == ["holds"] * 3


def test_a_rate_that_no_figures_make_up_is_no_claim() -> None:
    assert statuses(CHECK, "表1 产量", "产品\t产量（吨）\t比上年增长（%）", "原盐\t89.27\t14.0", "钢材\t219.76\t-8.7",
                    "水泥\t605.42\t-13.2") == []
