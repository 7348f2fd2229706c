"""Values: what a mention stands for, exactly."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels import values
from labels.rules import Value


@pytest.mark.parametrize("text, expected", [
    ("1,205.8", "1205.8"), ("3.2万", "32000"), ("1.4万亿", "1400000000000"), ("两千四百五", "2450"),
    ("一百二十点五", "120.5"), ("十五", "15"), ("二十", "20"), ("一百零六", "106"), ("二〇二〇", "2020"),
    ("三千五百", "3500"), ("一万二千三百四十五", "12345"), ("４２０多万", "4200000"), ("8千", "8000"),
    ("-2.70", "-2.7"), ("负40", "-40"), ("一千零五", "1005"), ("30万余", "300000")])
def test_a_number_is_read_exactly(text: str, expected: str) -> None:
    found = values.number(text)
    assert found is not None and values.plain(found) == expected


@pytest.mark.parametrize("text", ["", "若干", "3.2.1项", "十百大", "点"])
def test_words_that_are_no_number_give_none(text: str) -> None:
    assert values.number(text) is None


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_an_arabic_number_survives_thousands_marks(number: Decimal) -> None:
    assert values.number(f"{number:,}") == number


@given(st.integers(min_value=0, max_value=9999))
def test_chinese_numerals_read_back(number: int) -> None:
    assert values.number(_han(number)) == number


def _han(number: int) -> str:
    """`number` below ten thousand in Chinese numerals, as people write it."""
    if not number:
        return "零"
    text, gap = "", False
    for power, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + mark
        gap = not digit
    return text


@pytest.mark.parametrize("text, expected", [
    ("153 亿 元", Value("15300000000", "15300000000", "CNY")),
    ("5.7 亿美元", Value("570000000", "570000000", "USD")),
    ("100余万元", Value("1000000", "1000000", "CNY")),
    ("1.5-2万元", Value("15000", "20000", "CNY")),
    ("17.7亿", Value("1770000000", "1770000000", "CNY")),
    ("8亿元人民币", Value("800000000", "800000000", "CNY")),
    ("1亿元-2亿元", Value("100000000", "200000000", "CNY"))])
def test_a_sum_is_read_with_its_currency(text: str, expected: Value) -> None:
    assert values.money(text) == expected


@pytest.mark.parametrize("text, expected", [
    ("26.5%", Value("26.5", "26.5", "%")), ("-2.70‰", Value("-2.7", "-2.7", "‰")),
    ("2.2个百分点", Value("2.2", "2.2", "百分点")), ("1.74倍", Value("1.74", "1.74", "倍")),
    ("30%-35%", Value("30", "35", "%")), ("百分之四十三", Value("43", "43", "%")),
    ("三成", Value("30", "30", "%")), ("八点五成", Value("85", "85", "%")),
    ("九折", Value("90", "90", "%")),
    ("15、22个百分点", Value("15", "22", "百分点")), ("2.5∶1", Value("2.5", "2.5", "比"))])
def test_a_share_is_read_with_its_unit(text: str, expected: Value) -> None:
    assert values.percent(text) == expected


@pytest.mark.parametrize("text, expected", [
    ("30万余件", Value("300000", "300000", "件")), ("600-800亩", Value("600", "800", "亩")),
    ("32 万片/月", Value("320000", "320000", "片/月")), ("420多万", Value("4200000", "4200000", "")),
    ("1-2万人", Value("10000", "20000", "人"))])
def test_a_quantity_is_read_with_its_unit(text: str, expected: Value) -> None:
    assert values.quantity(text) == expected


@pytest.mark.parametrize("text, low, high", [
    ("2020年12月30日", "2020-12-30", "2020-12-30"), ("2020 年", "2020-01-01", "2020-12-31"),
    ("2013-2016 年度", "2013-01-01", "2016-12-31"), ("2018 年至 2019 年", "2018-01-01", "2019-12-31"),
    ("2019年上半年", "2019-01-01", "2019-06-30"), ("2020年2月底", "2020-02-29", "2020-02-29"),
    ("2017年10月上旬至10月底", "2017-10-01", "2017-10-31"), ("二〇三五年", "2035-01-01", "2035-12-31"),
    ("十三五", "2016-01-01", "2020-12-31"), ("2020年四季度", "2020-10-01", "2020-12-31"),
    ("18年10月1日", "2018-10-01", "2018-10-01")])
def test_an_absolute_date_is_read_as_its_days(text: str, low: str, high: str) -> None:
    assert values.dates(text) == Value(low, high, "date")


@pytest.mark.parametrize("text, low, high", [
    ("今年", "2020-01-01", "2020-12-31"), ("去年同期", "2019-01-01", "2019-12-31"),
    ("1-6月", "2020-01-01", "2020-06-30"), ("年底", "2020-12-01", "2020-12-31"),
    ("12月24日下午", "2020-12-24", "2020-12-24"), ("明年上半年", "2021-01-01", "2021-06-30"),
    ("上半年", "2020-01-01", "2020-06-30")])
def test_a_relative_date_needs_the_date_of_the_document(text: str, low: str, high: str) -> None:
    assert values.dates(text) is None
    assert values.dates(text, "2020-12-31") == Value(low, high, "date")


@pytest.mark.parametrize("text", ["2019年2月29日", "2020年13月", "昨夜星辰"])
def test_a_day_that_is_not_in_the_calendar_gives_none(text: str) -> None:
    assert values.dates(text) is None


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 12, 31)))
def test_a_written_day_reads_back(day: date) -> None:
    text = f"{day.year}年{day.month}月{day.day}日"
    assert values.dates(text) == Value(day.isoformat(), day.isoformat(), "date")


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 11, 30)),
       st.integers(min_value=0, max_value=700))
def test_a_range_of_years_and_months_is_ordered(first: date, days: int) -> None:
    last = first + timedelta(days)
    found = values.dates(f"{first.year}年{first.month}月至{last.year}年{last.month}月")
    assert found is not None
    assert found.low <= first.isoformat() and last.isoformat() <= found.high
