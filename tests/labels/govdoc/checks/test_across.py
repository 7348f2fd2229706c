"""The same item in several tables."""
from __future__ import annotations

from tests.labels.govdoc.checks.claims import broken, findings, statuses

CHECK = "across.items_agree"
ITEMS = ("离退休费\t40.25\t40.25", "养老保险缴费\t50.30\t50.30", "住房公积金\t132.60\t120.00",
         "购房补贴\t92.34\t90.00")
ONE = ("2024年度支出明细表", "单位：万元", "科目名称\t本年支出合计\t基本支出", *ITEMS)
OTHER = ("", "2024年度一般公共预算支出决算表", "单位：万元", "科目名称\t合计\t基本支出", *ITEMS)


def test_items_of_two_tables_agree() -> None:
    assert statuses(CHECK, *ONE, *OTHER) == ["holds"] * 8


def test_an_item_that_differs_in_another_table_is_found_to_the_last_digit() -> None:
    other = tuple(line.replace("132.60", "132.61") for line in OTHER)
    assert broken(CHECK, *ONE, *other) == [["132.60", "132.61"]]


def test_a_table_in_another_unit_agrees_in_worth() -> None:
    other = tuple(line.replace("万元", "元") for line in OTHER)
    found = findings(CHECK, *ONE, *other)
    assert {finding.status for finding in found} == {"broken"}
    assert any(suspect.cause == "unit" for finding in found for suspect in finding.suspects[:2])


def test_income_and_expenditure_and_other_years_are_not_compared() -> None:
    income = tuple(line.replace("支出合计", "收入合计").replace("基本支出", "财政拨款收入")
                   .replace("支出明细表", "收入明细表") for line in ONE)
    assert statuses(CHECK, *income, *OTHER) == []
    last = tuple(line.replace("合计\t", "2023年合计\t") for line in OTHER)
    now = tuple(line.replace("本年支出合计\t", "2024年合计\t") for line in ONE)
    assert [finding for finding in findings(CHECK, *now, *last)
            if "合计" in finding.terms[0].address] == []


def test_the_own_level_is_not_compared_with_the_whole() -> None:
    other = tuple(line.replace("决算表", "决算表（区本级）") for line in OTHER)
    assert statuses(CHECK, *ONE, *other) == []
