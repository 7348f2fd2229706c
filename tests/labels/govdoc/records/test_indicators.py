"""Records of what a statistic was, how it changed and what was planned."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.told import told, values

TABLE = """云泽区2023年国民经济和社会发展计划执行情况报告

表1：2023年云泽区主要目标完成情况

序号	指标名称	2023年预期目标	全年完成情况
1	地区生产总值	增长5%	643.1亿元，增长5.2%
2	固定资产投资/工业投资	180亿元/50亿元	192.6亿元，增长7%/54.8亿元，下降1.3%
3	成果转化项目	市级6个，区级10个	市级7个，区级11个
4	居民出行满意度	好于上年	好于上年
5	城镇登记失业人数	控制在1.2万人以内	1.1万人
"""


def test_a_row_is_a_fact_with_level_unit_change_and_target() -> None:
    first = values(TABLE, "indicator", "indicator", "value", "unit", "change", "target", "period",
                   "source")[0]
    assert first == ("地区生产总值", "643.1", "亿元", "+5.2%", "增长5%", "2023年", "table")


def test_a_name_with_a_slash_is_two_facts() -> None:
    assert values(TABLE, "indicator", "indicator", "value", "change", "target")[1:3] == [
        ("固定资产投资", "192.6", "+7%", "180亿元"), ("工业投资", "54.8", "-1.3%", "50亿元")]


def test_levels_that_words_part_are_facts_of_their_own() -> None:
    assert values(TABLE, "indicator", "indicator", "value", "target")[3:5] == [
        ("成果转化项目(市级)", "7", "6个"), ("成果转化项目(区级)", "11", "10个")]


def test_a_goal_in_words_is_kept_as_words() -> None:
    assert values(TABLE, "indicator", "indicator", "value", "target", "completion")[5] == (
        "居民出行满意度", None, "好于上年", "好于上年")


def test_every_field_leads_back_to_its_words() -> None:
    record = told(TABLE, "indicator")[2]
    assert {name: TABLE[slice(*places[0])] for name, places in record.spans.items()} == {
        "indicator": "工业投资", "value": "54.8亿元", "change": "1.3%", "target": "50亿元"}


def test_what_was_and_what_is_planned_for_the_next_year_are_two_facts() -> None:
    text = """云泽区2024年预算收入表

表1 2024年云泽区一般公共预算收入表

单位：万元

项目	2023年执行数	2024年预算数	预算数比上年增长%
一、税收收入	5064	4807	-5.1
"""
    assert values(text, "indicator", "indicator", "period", "value", "target", "change") == [
        ("税收收入", "2023年", "5064", None, None), ("税收收入", "2024年", None, "4807万元", "-5.1%")]


def test_prose_gives_level_change_and_period() -> None:
    text = "2023年，云泽区地区生产总值完成643.1亿元，比上年增长5.2%。\n"
    assert values(text, "indicator", "indicator", "period", "value", "unit", "change") == [
        ("地区生产总值", "2023年", "643.1", "亿元", "+5.2%")]


@pytest.mark.parametrize("text", ["", "云泽区\n\n序号\t指标名称\t完成情况\n", "表1\n\n甲\t乙\n丙\t丁\n"])
def test_tables_without_figures_give_nothing(text: str) -> None:
    assert told(text or "会议结束。\n", "indicator") == []
