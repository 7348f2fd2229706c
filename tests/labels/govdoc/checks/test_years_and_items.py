"""Growth between two years of one report, and items with their shares, one a paragraph."""
from __future__ import annotations

from tests.labels.govdoc.told import findings, statuses

REPORT = """云泽区2023年预算执行情况和2024年预算草案的报告

云泽区财政局

一、2023年预算执行情况

全区一般公共预算收入65.2亿元，完成预算的100%。

二、2024年预算草案

全区一般公共预算收入{planned}亿元，{words}增长4.5%。
"""


def test_what_is_planned_is_what_was_and_the_growth_that_is_told() -> None:
    check = "years.growth_over_this_year"
    assert statuses(REPORT.format(planned="68.1", words=""), check) == ["holds"]
    broken = [finding for finding in findings(REPORT.format(planned="86.1", words=""), "years")]
    assert [finding.status for finding in broken] == ["broken"]
    assert "68.1亿元" in {suspect.mended for suspect in broken[0].suspects}


def test_growth_over_another_base_is_not_computed() -> None:
    for words in ("按可比口径", "比上年预算数", "“十四五”年均"):
        text = REPORT.format(planned="86.1", words=words)
        assert statuses(text, "years.growth_over_this_year") == []


ITEMS = """区本级共需筹集175亿元安排各类支出。

——教育方面{first}亿元，占40%。

——卫生方面35亿元，占20%。

——其他方面70亿元，占40%。
"""


def test_items_have_their_shares_and_come_to_the_whole() -> None:
    check = "items.shares_of_items"
    assert statuses(ITEMS.format(first="70"), check) == ["holds"] * 4
    broken = [one for one in findings(ITEMS.format(first="7.0"), "items") if one.status == "broken"]
    assert len(broken) == 2
    assert {one.suspects[0].mended for one in broken} == {"70亿元"}


def test_items_whose_shares_leave_something_out_claim_no_sum() -> None:
    text = ITEMS.format(first="70").replace("——其他方面70亿元，占40%。", "——其他方面7亿元，占4%。")
    assert statuses(text, "items.shares_of_items") == ["holds"] * 3
