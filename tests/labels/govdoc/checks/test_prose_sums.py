"""Sums that sentences tell: what flows into a total, both sides of a budget, wholes and parts."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.told import findings, statuses

FLOW = ("全区一般公共预算收入65.2亿元，完成预算的100%，加上上级补助收入20.1亿元、调入资金3.4亿元，收入总计{total}亿元。"
        "全区一般公共预算支出80.3亿元，加上上解支出8.4亿元，支出总计{spent}亿元。收支平衡。\n")


def test_what_is_added_to_a_revenue_comes_to_its_total() -> None:
    text = FLOW.format(total="88.7", spent="88.7")
    assert statuses(text, "prose_sums.flows_add_up") == ["holds", "holds"]
    assert statuses(text, "prose_sums.sides_balance") == ["holds"]


def test_a_total_with_a_digit_misread_is_the_first_suspect() -> None:
    broken = [finding for finding in findings(FLOW.format(total="83.7", spent="88.7"), "prose_sums")
              if finding.status == "broken"]
    assert {finding.check for finding in broken} == {
        "prose_sums.flows_add_up", "prose_sums.sides_balance"}
    first = broken[0].suspects[0]
    assert (first.cause, first.mended) == ("digit", "88.7亿元")


def test_a_sum_with_a_figure_that_is_not_exact_is_not_checkable() -> None:
    text = FLOW.format(total="88.7", spent="88.7").replace("3.4亿元", "近3.4亿元")
    assert statuses(text, "prose_sums.flows_add_up") == ["not_checkable", "holds"]


def test_what_is_left_is_revenue_less_expenditure() -> None:
    text = "收入总计463.3亿元。支出总计442.8亿元。收支相抵，结转下年支出{left}亿元。\n"
    assert statuses(text.format(left="20.5"), "prose_sums.sides_balance") == ["holds"]
    assert statuses(text.format(left="21.5"), "prose_sums.sides_balance") == ["broken"]


def test_totals_that_nobody_says_are_balanced_claim_nothing() -> None:
    assert statuses("收入总计463.3亿元。支出总计442.8亿元。\n", "prose_sums.sides_balance") == []


def test_sums_in_a_row_come_to_what_they_are_said_to() -> None:
    text = "新增债券342.35亿元、再融资债券339.99亿元，合计{total}亿元。\n"
    assert statuses(text.format(total="682.34"), "prose_sums.lists_add_up") == ["holds"]
    assert statuses(text.format(total="628.34"), "prose_sums.lists_add_up") == ["broken"]


@pytest.mark.parametrize("text, status", [
    ("全区政府债务限额135.4亿元，其中：一般债务74.8亿元，专项债务60.6亿元。\n", "holds"),
    ("全区政府债务限额135.4亿元，其中：一般债务74.8亿元，专项债务50.6亿元。\n", "broken"),
    ("全年地区生产总值643.1亿元，增长5%。其中，第一产业增加值12.9亿元，上升2%；第二产业增加值283亿元，同比增长6%；"
     "第三产业增加值347.2亿元，提高4.5%。\n", "holds"),
])
def test_parts_that_are_all_of_a_whole_add_up(text: str, status: str) -> None:
    assert statuses(text, "prose_sums.parts_make_the_whole") == [status]


@pytest.mark.parametrize("text", [
    "一般公共预算支出80.3亿元，其中：教育支出20.1亿元，卫生支出8.2亿元。\n",
    "全区政府债务余额74.4亿元，其中：地方政府债券73.5亿元；非政府债券融资1亿元。\n",
])
def test_parts_that_may_be_only_some_claim_nothing(text: str) -> None:
    assert findings(text, "prose_sums") == []
