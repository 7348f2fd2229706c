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


@pytest.mark.parametrize("text, expected", [
    ("加快推进，开工建设公共租赁住房1000套，继续办好民生实事", ["公共租赁住房"]),
    ("今年继续改造提升，建设绿道50公里、口袋公园20个，切实抓好管护", ["绿道", "口袋公园"])])
def test_things_that_a_plan_counts_are_indicators(text: str, expected: list[str]) -> None:
    assert spans(text, "INDICATOR") == expected


@pytest.mark.parametrize("text", [
    "深入实施15项重大工程", "发行新增债券8亿元，其中一般债券3亿元", "设立规模150亿元的科创基金", "——产业发展方面21亿元，占12%。",
    "压减非刚性支出2.9亿元", "对总投资30亿元以上项目全程跟踪"])
def test_sums_that_move_and_attributes_are_none(text: str) -> None:
    assert spans(text, "INDICATOR") == []


@pytest.mark.parametrize("text, expected", [
    ("新增债务限额8亿元（一般债务3亿元，专项债务5亿元）", ["新增债务限额", "一般债务", "专项债务"]),
    ("跨国公司地区总部从31家增加到47家", ["跨国公司地区总部"]),
    ("企业注销时限压缩至5个工作日", ["企业注销时限"]),
    ("“四新”经济加快成长，占生产总值比重达32%。", ["占生产总值比重"]),
    ("每万人口发明专利拥有量27件", ["每万人口发明专利拥有量"]),
    ("5G网络覆盖率达到99%", ["5G网络覆盖率"])])
def test_names_without_a_common_head(text: str, expected: list[str]) -> None:
    assert spans(text, "INDICATOR") == expected


@pytest.mark.parametrize("text, expected", [
    ("本年收入76.5亿元、年初结转和结余2.8亿元", ["本年收入", "年初结转和结余"]),
    ("筹措保障性租赁住房1350套，完成年度计划1800套的75%", ["保障性租赁住房"]),
    ("上半年新增养老床位420张，完成年度目标的70%", ["新增养老床位"]),
    ("共受理案件5260件，同比上升5.2%", ["受理案件"]),
    ("年底前把护理床位占比提高到45%", ["护理床位占比"]),
    ("3岁以下婴幼儿入托率达到11%", ["婴幼儿入托率"])])
def test_names_keep_their_first_word_and_lose_what_leads_in(text: str,
                                                            expected: list[str]) -> None:
    assert spans(text, "INDICATOR") == expected


@pytest.mark.parametrize("text, expected", [
    ("|2|区级一般公共预算收入|亿元|64.9|65.2|100.5%|", ["区级一般公共预算收入"]),
    ("实际使用外资,亿美元,2.40,2.64,10.0%", ["实际使用外资"]),
    ("215\t05\t17\t产业发展\t4460.00\t4460.00", ["产业发展"]),
    ("年初结转和结余\t286.40\t年末结转和结余\t336.40", ["年初结转和结余", "年末结转和结余"]),
    ("2\t政务数据归集率\t预期性\t90%", ["政务数据归集率"]), ("3\t制度适用性\t94%", ["制度适用性"])])
def test_names_in_rows(text: str, expected: list[str]) -> None:
    assert spans(text, "INDICATOR") == expected


@pytest.mark.parametrize("text", ["计划年内加装电梯60台，", "力争新开工400台、完工200台。"])
def test_what_was_done_is_no_counted_thing(text: str) -> None:
    assert spans(text, "INDICATOR") == []
