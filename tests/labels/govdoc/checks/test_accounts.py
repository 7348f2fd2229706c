"""Income against expenditure, and what is carried over."""
from __future__ import annotations

from tests.labels.govdoc.checks.claims import broken, statuses

SIDES = ("2024年度收支总表", "单位：万元", "收入\t\t支出\t", "项目\t金额\t项目\t金额",
         "一、财政拨款收入\t620.00\t一、教育支出\t500.00",
         "二、其他收入\t80.00\t二、住房保障支出\t190.00", "本年收入合计\t700.00\t本年支出合计\t690.00",
         "年初结转和结余\t45.50\t年末结转和结余\t55.50", "总计\t745.50\t总计\t745.50")
FLOWS = ("表1 结转", "单位：万元", "年度\t年初结转\t调整后预算数\t支出决算\t年末结转和结余",
         "2022\t654.69\t2549.14\t2438.60\t765.23",
         "2023\t765.23\t2576.26\t2202.79\t1138.70")


def test_both_sides_come_to_the_same() -> None:
    assert statuses("accounts.sides_are_equal", *SIDES) == ["holds"]
    wrong = (*SIDES[:-1], "总计\t745.50\t总计\t754.50")
    assert broken("accounts.sides_are_equal", *wrong) == [["745.50", "754.50"]]


def test_each_side_adds_up_by_itself() -> None:
    assert statuses("totals.rows_add_up", *SIDES) == ["holds"] * 4


def test_what_is_left_is_what_was_there_and_came_in_less_what_went_out() -> None:
    assert statuses("accounts.flows_balance", *FLOWS) == ["holds", "holds"]
    wrong = (*FLOWS, "2024\t1138.70\t1900.00\t1850.00\t978.14")
    assert broken("accounts.flows_balance", *wrong) == [
        ["978.14", "1138.70", "1900.00", "1850.00"]]


def test_flows_that_never_balance_are_no_claim() -> None:
    lines = (*FLOWS[:3], "2022\t654.69\t2549.14\t2438.60\t1.00",
             "2023\t765.23\t2576.26\t2202.79\t2.00")
    assert statuses("accounts.flows_balance", *lines) == []
