"""INDICATOR beyond the rules' own examples."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.found import spans


@pytest.mark.parametrize("text, expected", [
    ("全区累计完成区级一般公共预算收入45.6亿元", ["区级一般公共预算收入"]),
    ("其中，第一产业增加值12.3亿元，增长3.1%", ["第一产业增加值"]),
    ("云泽区地区生产总值（GDP）863.2亿元", ["地区生产总值"]),
    ("公园绿地面积从542公顷增加到596公顷", ["公园绿地面积"]),
    ("民生支出占一般公共预算支出的比重为75%", ["民生支出占一般公共预算支出的比重"]),
    ("直接融资规模稳步增长，达183亿元", ["直接融资规模"]),
    ("规模以上工业企业实现利润155.4亿元", ["规模以上工业企业实现利润"]),
    ("74个项目完成率30%", ["项目完成率"]),
    ("1\t地区生产总值\t增长 6%\t232.2", ["地区生产总值"])])
def test_the_name_is_cut_out_of_its_clause(text: str, expected: list[str]) -> None:
    assert spans(text, "INDICATOR") == expected


@pytest.mark.parametrize("text", [
    "新建林地3185亩、绿地85公顷", "追缴税款涉及金额1.2亿元", "新增生产能力1200万吨", "引进企业12家",
    "大多数村达到85%", "超当年收入30%部分调入"])
def test_what_a_verb_did_is_no_statistic(text: str) -> None:
    assert spans(text, "INDICATOR") == []


def test_what_a_plan_counts_is_an_indicator() -> None:
    text = "力争全年申报市级重点实验室5家，区级企业技术中心20家。"
    assert spans(text, "INDICATOR") == ["市级重点实验室", "区级企业技术中心"]


def test_a_series_whose_share_is_given_is_an_indicator() -> None:
    assert spans("城建环保类52件，占40%；社会事业类30件，占23%。", "INDICATOR") == ["城建环保类", "社会事业类"]
