"""The relations between indicators and figures, document numbers and documents."""
from __future__ import annotations

import pytest

from labels.govdoc import load
from tests.labels.govdoc.found import relations


def test_a_level_its_change_and_its_completion() -> None:
    assert relations("全区税收收入完成12亿元，同比下降8.1%，为预算的56.5%。") == [
        ("VALUE", "税收收入", "12亿元", ""), ("CHANGE", "税收收入", "8.1%", "down"),
        ("COMPLETION", "税收收入", "56.5%", "")]


def test_a_new_indicator_takes_the_figures_after_it() -> None:
    assert relations("固定资产投资完成50亿元，下降18.5%；社会消费品零售总额实现38亿元，增长8.2%。") == [
        ("VALUE", "固定资产投资", "50亿元", ""), ("CHANGE", "固定资产投资", "18.5%", "down"),
        ("VALUE", "社会消费品零售总额", "38亿元", ""), ("CHANGE", "社会消费品零售总额", "8.2%", "up")]


def test_from_a_to_b_gives_the_value_b() -> None:
    assert relations("公园绿地面积从542公顷增加到596公顷。") == [("VALUE", "公园绿地面积", "596公顷", "")]


def test_a_negative_growth_goes_down() -> None:
    assert relations("工业增加值增长-2.7%") == [("CHANGE", "工业增加值", "-2.7%", "down")]


@pytest.mark.parametrize("text", [
    "力争财政收入增长5%左右", "主要预期目标：财政收入增长5%", "到2035年，财政收入增长5%", "财政收入增长不低于5%"])
def test_what_is_planned_is_a_target(text: str) -> None:
    assert relations(text) == [("TARGET", "财政收入", "5%", "")]


def test_what_was_reached_is_no_target() -> None:
    assert relations("财政收入同比增长5%以上") == [("CHANGE", "财政收入", "5%", "up")]


def test_a_share_of_a_whole() -> None:
    assert relations("基本支出800万元，占本年支出合计的80%。") == [
        ("VALUE", "基本支出", "800万元", ""), ("SHARE", "基本支出", "80%", "")]


def test_a_budget_item_has_its_budget_and_its_accounts() -> None:
    text = "行政单位医疗（款）公务员医疗补助（项）。年初预算为5.6万元，支出决算为6.2万元。"
    assert relations(text) == [("TARGET", "公务员医疗补助", "5.6万元", ""),
                               ("VALUE", "公务员医疗补助", "6.2万元", "")]


def test_a_coordinated_change_goes_to_every_figure() -> None:
    assert relations("城镇和农村居民人均可支配收入分别增长4.3%和7.9%") == [
        ("CHANGE", "城镇和农村居民人均可支配收入", "4.3%", "up"),
        ("CHANGE", "城镇和农村居民人均可支配收入", "7.9%", "up")]


def test_each_figure_of_a_shared_clause_goes_to_its_own_indicator() -> None:
    text = "投资总额8亿元，进出口总值12亿元，分别是2002年的4.4倍和2倍。"
    changes = [relation for relation in relations(text) if relation[0] == "CHANGE"]
    assert changes == [("CHANGE", "投资总额", "4.4倍", "up"),
                       ("CHANGE", "进出口总值", "2倍", "up")]


def test_one_figure_of_a_shared_clause_goes_to_all() -> None:
    text = "财政收入8亿元、财政支出18亿元，均增长3%。"
    changes = [relation for relation in relations(text) if relation[0] == "CHANGE"]
    assert changes == [("CHANGE", "财政收入", "3%", "up"),
                       ("CHANGE", "财政支出", "3%", "up")]


def test_a_goal_row_gives_each_name_its_own_figure() -> None:
    text = "4\t零售总额/销售总额\t增长6%/增长7%\t850亿元，增长8.9%"
    targets = [relation for relation in relations(text) if relation[0] == "TARGET"]
    assert targets == [("TARGET", "零售总额", "6%", ""), ("TARGET", "销售总额", "7%", "")]


def test_in_a_numbered_row_the_goal_stands_before_what_was_done() -> None:
    assert relations("1\t工业销售产值\t1400亿元\t1295亿元") == [
        ("TARGET", "工业销售产值", "1400亿元", ""), ("VALUE", "工业销售产值", "1295亿元", "")]


def test_a_figure_of_another_subject_has_no_relation() -> None:
    assert relations("税收收入完成12亿元，走访企业300家。") == [("VALUE", "税收收入", "12亿元", "")]


def test_a_number_in_brackets_belongs_to_the_title_before_it() -> None:
    assert relations("《云泽区公园管理办法》（云府〔2020〕12号）") == [
        ("DOCNO_OF", "云府〔2020〕12号", "《云泽区公园管理办法》", "")]


def test_every_relation_joins_what_the_schema_allows() -> None:
    schema = load().schema
    for text in ("税收收入完成12亿元，同比下降8.1%，为预算的56.5%", "就业人数增加3000人，占60%"):
        for type_, *_ in relations(text):
            assert "INDICATOR" in schema.relation(type_).source


@pytest.mark.parametrize("text, expected", [
    ("地区生产总值,亿元,612.5,643.1,5.0%", ("CHANGE", "地区生产总值", "5.0%", "up")),
    ("细颗粒物年均浓度\t微克/立方米\t31\t29\t-6.5%", ("CHANGE", "细颗粒物年均浓度", "-6.5%", "down")),
    ("|2|区级一般公共预算收入|亿元|64.9|65.2|100.5%|",
     ("COMPLETION", "区级一般公共预算收入", "100.5%", ""))])
def test_a_share_tells_what_the_two_cells_before_it_make(
        text: str, expected: tuple[str, str, str, str]) -> None:
    assert relations(text) == [expected]


def test_a_share_that_does_not_follow_from_its_cells_is_a_level() -> None:
    assert relations("地区生产总值\t亿元\t612.5\t643.1\t12.0%") == [
        ("VALUE", "地区生产总值", "12.0%", "")]


def test_an_adjusted_budget_is_a_target_and_the_growth_goes_on() -> None:
    text = "一般公共预算收入62亿元，完成调整预算60亿元的104%，比上年增长4%；"
    assert relations(text) == [
        ("VALUE", "一般公共预算收入", "62亿元", ""), ("TARGET", "一般公共预算收入", "60亿元", ""),
        ("COMPLETION", "一般公共预算收入", "104%", ""), ("CHANGE", "一般公共预算收入", "4%", "up")]
