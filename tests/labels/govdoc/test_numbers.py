"""MONEY, PERCENT, QUANTITY beyond the rules' own examples."""
from __future__ import annotations

import time

import pytest

from labels.document import Document
from labels.folding import fold
from labels.govdoc import lexicon, load
from labels.govdoc.rules.numbers import figures_in, figures_of
from labels.rules import Context, suggest
from tests.labels.govdoc.found import spans


def test_white_space_of_extraction_stays_inside_the_span() -> None:
    assert spans("江岚市投入 153 亿 元用于治水", "MONEY") == ["153 亿 元"]


def test_a_line_break_inside_a_sum_stays_inside_the_span() -> None:
    assert spans("云泽区拨付资金 10.2 亿\n元，惠及企业", "MONEY") == ["10.2 亿\n元"]


def test_approximations_stay_outside() -> None:
    text = "云泽区投入约3亿元，超过5000万元，近200家以上"
    assert spans(text, "MONEY", "QUANTITY") == ["3亿元", "5000万元", "200家"]


def test_a_number_with_wan_alone_is_money_only_where_the_clause_speaks_of_money() -> None:
    assert spans("云泽区投资2347万", "MONEY") == ["2347万"]
    assert spans("云泽区常住人口近60万", "QUANTITY") == ["60万"]


def test_a_list_number_is_no_part_of_the_figure() -> None:
    assert spans("1. 5个基地建成", "QUANTITY") == ["5个"]


@pytest.mark.parametrize("text", [
    "地铁17号线", "G1503绕城高速", "“1+5+8”行动", "第40次会议", "详见表 1-4-2", "系统3.0版", "12345热线", "2035年远景"])
def test_codes_ordinals_and_sections_are_no_quantities(text: str) -> None:
    assert spans(text, "QUANTITY", "MONEY", "PERCENT") == []


def test_per_unit_stays_outside_money_and_inside_a_quantity() -> None:
    text = "亩均税收30 万元/亩，产能32 万片/月"
    assert spans(text, "MONEY") == ["30 万元"]
    assert spans(text, "QUANTITY") == ["32 万片/月"]


def test_figures_are_sorted_and_do_not_overlap() -> None:
    view = fold("投入3亿元，增长5%，建成12个、30%以上达标")
    figures = figures_in(view, view.text, lexicon("units"))
    assert [figure.label for figure in figures] == ["MONEY", "PERCENT", "QUANTITY", "PERCENT"]
    assert all(left.end <= right.start for left, right in zip(figures, figures[1:]))


def test_values_are_normalised() -> None:
    found = suggest(Document("test", "云泽区投入1.5亿元，增长-2.5%"), load())
    assert [(span.value.low, span.value.unit) for span in found.spans if span.value] == [
        ("150000000", "CNY"), ("-2.5", "%")]


@pytest.mark.parametrize("piece", [
    "1", "1,", "一", "十", "2020年", "1-", "1.", "百分之", "《", "《办法", "1、", "增长", "\t",
    "税收收入增长5%，", "收入增长3%"])
def test_the_rules_stay_linear_on_repeated_pieces(piece: str) -> None:
    def seconds(times: int) -> float:
        begin = time.perf_counter()
        suggest(Document("test", piece * times), load())
        return time.perf_counter() - begin

    seconds(100)
    small, large = seconds(1000), seconds(8000)
    assert large < 40 * small + 0.5


@pytest.mark.parametrize("text, label, expected", [
    ("投入 153 亿\n元", "MONEY", "153 亿\n元"), ("投入１５３亿元", "MONEY", "１５３亿元"),
    ("投入1，250.5万元", "MONEY", "250.5万元"),
    ("增长 2６.５ ％", "PERCENT", "2６.５ ％"), ("提高 2.2 个 百分\n点", "PERCENT", "2.2 个 百分\n点"),
    ("受理 30 万\n余件", "QUANTITY", "30 万\n余件"), ("补助三千 五百\n元", "MONEY", "三千 五百\n元")])
def test_spaces_breaks_and_full_width_forms_inside(text: str, label: str, expected: str) -> None:
    assert spans(text, label) == [expected]


@pytest.mark.parametrize("dash", ["-", "–", "—", "——", "―", "~", "∼", "〜", "～", "－", "至", "到"])
def test_every_dash_makes_one_span_of_a_range(dash: str) -> None:
    text = f"奖励1.5{dash}2万元，流转600{dash}800亩，控制在30%{dash}35%"
    assert spans(text, "MONEY") == [f"1.5{dash}2万元"]
    assert spans(text, "QUANTITY") == [f"600{dash}800亩"]
    assert spans(text, "PERCENT") == [f"30%{dash}35%"]


@pytest.mark.parametrize("text, label, expected", [
    ("新建1O2个站点", "QUANTITY", ["1O2个"]), ("投入1OO万元", "MONEY", ["1OO万元"]),
    ("投入3l2亿元", "MONEY", ["3l2亿元"]),
    ("建设A1O2个", "QUANTITY", []), ("容量10l", "QUANTITY", [])])
def test_letters_that_ocr_put_for_digits_count_only_between_digits(
        text: str, label: str, expected: list[str]) -> None:
    assert spans(text, label) == expected


@pytest.mark.parametrize("text, label, expected", [
    ("投資三萬五千圓", "MONEY", ["三萬五千圓"]), ("增加2.5億美圓", "MONEY", ["2.5億美圓"]),
    ("提高六點五個百分點", "PERCENT", ["六點五個百分點"]), ("人口12萬", "QUANTITY", ["12萬"])])
def test_traditional_characters_are_read(text: str, label: str, expected: list[str]) -> None:
    assert spans(text, label) == expected


@pytest.mark.parametrize("text, label, expected", [
    ("同比-3.5%", "PERCENT", ["-3.5%"]), ("同比+3.5%", "PERCENT", ["3.5%"]),
    ("12月-3.5%", "PERCENT", ["3.5%"]),
    ("下降负3.5%", "PERCENT", ["负3.5%"]), ("5-20%", "PERCENT", ["5-20%"])])
def test_a_minus_belongs_to_the_figure_where_it_is_no_dash(
        text: str, label: str, expected: list[str]) -> None:
    assert spans(text, label) == expected


def test_a_figure_inside_a_date_is_no_quantity() -> None:
    view = Context(Document("d", ""), fold("12月24日建成2个"), lexicon)
    assert [figure.label for figure in figures_of(view)] == ["QUANTITY"]


def test_the_unit_of_a_quantity_is_its_evidence() -> None:
    found = suggest(Document("d", "产能32万片/月"), load())
    assert [span.evidence.terms for span in found.spans if span.label == "QUANTITY"] == [("片",)]
