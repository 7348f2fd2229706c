"""MONEY, PERCENT, QUANTITY beyond the rules' own examples."""
from __future__ import annotations

import time

import pytest

from labels.document import Document
from labels.folding import fold
from labels.govdoc import lexicon, load
from labels.govdoc.rules.numbers import figures_in
from labels.rules import suggest
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
    figures = figures_in(fold("投入3亿元，增长5%，建成12个、30%以上达标"), lexicon("units"))
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
