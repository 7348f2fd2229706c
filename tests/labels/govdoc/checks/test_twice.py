"""One indicator in table and prose, in notes and accounts, in several documents of one place."""
from __future__ import annotations

from labels.govdoc.checks.family import check_family, members
from tests.labels.govdoc.told import figures, findings, statuses

PLAN = """云泽区2023年国民经济和社会发展计划执行情况的报告

云泽区发展和改革委员会

表1：2023年云泽区主要目标完成情况

序号	指标名称	2023年预期目标	全年完成情况
1	社会消费品零售总额	增长4%	264.6亿元，增长5%
2	规模以上工业总产值	增长6%	1256.7亿元，增长6.5%

2023年，全区社会消费品零售总额完成{retail}亿元，同比增长5.0%。规模以上工业总产值首次超过1250亿元。
"""


def test_a_level_in_prose_is_that_of_the_table() -> None:
    assert statuses(PLAN.format(retail="264.6"), "twice.told_twice") == ["holds", "holds"]


def test_another_level_in_prose_is_broken_with_both_places() -> None:
    text = PLAN.format(retail="246.6")
    (finding,) = [one for one in findings(text, "twice") if one.status == "broken"]
    assert [term.text for term in finding.terms] == ["264.6亿元", "246.6亿元"]
    assert finding.suspects[0].cause == "digit"


def test_a_name_that_stands_for_several_figures_claims_nothing() -> None:
    text = PLAN.format(retail="264.6") + "\n全区社会消费品零售总额完成20.1亿元。\n"
    assert "broken" not in statuses(text, "twice.told_twice")


def test_two_documents_of_one_place_tell_the_same() -> None:
    first = figures(PLAN.format(retail="264.6"), "a.txt")
    later = ("云泽区2024年国民经济和社会发展计划执行情况的报告\n\n云泽区发展和改革委员会\n\n"
             "2023年社会消费品零售总额为{retail}亿元。\n")
    for retail, status in (("264.6", "holds"), ("246.6", "broken")):
        second = figures(later.format(retail=retail), "b.txt")
        ((names, finding),) = check_family([*members(first), *members(second)])
        assert (names, finding.status) == (("a.txt", "b.txt"), status)


def test_documents_of_other_places_are_not_compared() -> None:
    first = figures(PLAN.format(retail="264.6"), "a.txt")
    second = figures(PLAN.format(retail="111.1").replace("云泽区", "澄浦区"), "b.txt")
    assert check_family([*members(first), *members(second)]) == ()


ACCOUNTS = """云泽区教育局2023年度部门决算

2023年度一般公共预算财政拨款支出决算表

单位：万元

类	款	项	科目名称	合计	基本支出	项目支出
205			教育支出	1,234.50	1,000.00	234.50
205	02		普通教育	1,234.50	1,000.00	234.50
205	02	01	学前教育	234.50	0.00	234.50
205	02	02	小学教育	1,000.00	1,000.00	0.00
合计				1,234.50	1,000.00	234.50

一般公共预算财政拨款支出1234.50万元，分项为：教育支出（类）1234.50万元，占100%。

1、教育支出（类）普通教育（款）学前教育（项）。年初预算为200万元，支出决算为{spent}万元。
"""


def test_the_notes_tell_what_the_row_of_their_item_tells() -> None:
    check = "notes.items_are_those_of_the_table"
    assert statuses(ACCOUNTS.format(spent="234.50"), check) == ["holds", "holds"]
    assert statuses(ACCOUNTS.format(spent="243.50"), check) == ["holds", "broken"]
