"""DATE beyond the rule's own examples."""
from __future__ import annotations

import pytest

from labels.document import Document
from labels.govdoc import load
from labels.rules import suggest
from tests.labels.govdoc.found import spans


def test_a_date_range_is_one_span() -> None:
    assert spans("审计期间为2019年3月至2020年5月", "DATE") == ["2019年3月至2020年5月"]


@pytest.mark.parametrize("text, expected", [
    ("截至2020年底", ["2020年底"]), ("自2018年以来", ["2018年"]), ("今年以来", ["今年"]), ("到明年上半年", ["明年上半年"])])
def test_from_until_and_since_stay_outside(text: str, expected: list[str]) -> None:
    assert spans(text, "DATE") == expected


def test_a_plan_period_is_the_words_inside_its_quotes() -> None:
    assert spans("“十四五”期间，十三五时期", "DATE") == ["十四五", "十三五"]


@pytest.mark.parametrize("text", ["以前年度结转资金", "历时3个月", "用时20分钟", "近三年来", "三年行动", "全年龄友好"])
def test_durations_and_vague_times_are_no_dates(text: str) -> None:
    assert spans(text, "DATE") == []


def test_a_relative_date_is_valued_by_the_date_of_the_document() -> None:
    found = suggest(Document("test", "去年完成", date="2021-01-20"), load())
    dates = [span for span in found.spans if span.label == "DATE"]
    assert [(span.value.low, span.value.high) for span in dates if span.value] == [
        ("2020-01-01", "2020-12-31")]


@pytest.mark.parametrize("text, expected", [
    ("于 2020 年\n12 月 3 日通过", "2020 年\n12 月 3 日"), ("于２０２０年１２月", "２０２０年１２月"),
    ("于2O2O年5月", "2O2O年5月"),
    ("于二○二○年五月", "二○二○年五月"), ("于二〇二〇年五月四日", "二〇二〇年五月四日"), ("于二零二零年", "二零二零年"),
    ("于2020年第一季度", "2020年第一季度"), ("在2020年国庆节", "2020年国庆节"), ("2020-2022年5月", "2020-2022年5月"),
    ("在11月至次年3月", "11月至次年3月"), ("今年最后两个月", "今年最后两个月"), ("2018年以前", "2018年以前"),
    ("2015年2月1日或之后", "2015年2月1日或之后"), ("5月4日9:00-11:30", "5月4日9:00-11:30"),
    ("2030.06.05", "2030.06.05")])
def test_the_whole_expression_is_one_span(text: str, expected: str) -> None:
    assert spans(text, "DATE") == [expected]


@pytest.mark.parametrize("dash", ["-", "–", "—", "——", "―", "~", "∼", "〜", "～", "－", "至", "到"])
def test_every_dash_makes_one_span_of_a_range(dash: str) -> None:
    assert spans(f"2013{dash}2016年，1{dash}6月，5月3日{dash}8日", "DATE") == [
        f"2013{dash}2016年", f"1{dash}6月", f"5月3日{dash}8日"]


@pytest.mark.parametrize("text, expected", [
    ("“五一”假期", ["五一"]), ("五四青年节", ["五四青年节"]), ("春节前夕", ["春节"]), ("第二五一期间", [])])
def test_festivals_are_dates(text: str, expected: list[str]) -> None:
    assert spans(text, "DATE") == expected


@pytest.mark.parametrize("text, expected", [
    ("16日，会议召开", ["16日"]), ("3日上午，会议召开", ["3日上午"]), ("用时16日，完成", []), ("投诉后3日内办结", [])])
def test_a_day_alone_heads_a_sentence(text: str, expected: list[str]) -> None:
    assert spans(text, "DATE") == expected


def test_the_word_of_the_lexicon_is_the_evidence() -> None:
    found = suggest(Document("d", "今年1-6月完成"), load())
    assert [span.evidence.terms for span in found.spans if span.label == "DATE"] == [("今年",)]


@pytest.mark.parametrize("text, expected", [
    ("2030湖滨音乐节", ["2030"]), ("2030中国园博会", ["2030"]), ("2030人参加大赛", []), ("2030届毕业生大会", [])])
def test_the_edition_of_an_event_is_its_year(text: str, expected: list[str]) -> None:
    assert spans(text, "DATE") == expected
