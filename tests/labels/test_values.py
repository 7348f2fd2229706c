"""Values: what a mention stands for, exactly."""
from __future__ import annotations

from decimal import Decimal
from typing import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels import values
from labels.rules import Value


@pytest.mark.parametrize("text, expected", [
    ("1,205.8", "1205.8"), ("3.2万", "32000"), ("1.4万亿", "1400000000000"), ("两千四百五", "2450"),
    ("一百二十点五", "120.5"), ("十五", "15"), ("二十", "20"), ("一百零六", "106"), ("二〇二〇", "2020"),
    ("三千五百", "3500"), ("一万二千三百四十五", "12345"), ("４２０多万", "4200000"), ("8千", "8000"),
    ("-2.70", "-2.7"), ("负40", "-40"), ("一千零五", "1005"), ("30万余", "300000"),
    ("壹拾贰万叁仟", "123000"), ("九十二萬四", "924000"), ("五億零六", "500000006"), ("一百零十万", "1100000"),
    ("7 万5 千4 百", "75400"), ("1千零20", "1020"), ("一万五千亿", "1500000000000"),
    ("二十万亿", "20000000000000"),
    ("半百", "50"), ("40k", "40000"), ("30w", "300000"), ("二分之一", "0.5"), ("3又1/5", "3.2"),
    ("1 4/8", "1.5"),
    ("一百万又五十万分之二十五", "1000000.00005"), ("12.5e+3", "12500"), ("兩千四百五", "2450"), ("1O8", "108"),
    ("3.O亿", "300000000"), ("二十几万", "200000"), ("十打", "120")])
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
    ("1亿元-2亿元", Value("100000000", "200000000", "CNY")),
    ("1 万（含）-5 万元", Value("10000", "50000", "CNY")), ("5000-1万元", Value("5000", "10000", "CNY")),
    ("十八至三十万日元", Value("180000", "300000", "JPY")), ("两到三仟澳元", Value("2000", "3000", "AUD")),
    ("五元三毛", Value("5.3", "5.3", "CNY")), ("壹佰元零伍分", Value("100.05", "100.05", "CNY")),
    ("壹拾贰万叁仟元整", Value("123000", "123000", "CNY")), ("陸拾萬圓整", Value("600000", "600000", "CNY")),
    ("人民币数十亿元", Value("1000000000", "10000000000", "CNY")), ("十几块钱", Value("10", "20", "CNY")),
    ("约4.287亿美元", Value("428700000", "428700000", "USD")),
    ("82，225.00元", Value("82225", "82225", "CNY")),
    ("两个亿卢布", Value("200000000", "200000000", "RUB")),
    ("￥1,000.50 元", Value("1000.5", "1000.5", "CNY"))])
def test_a_sum_is_read_with_its_currency(text: str, expected: Value) -> None:
    assert values.money(text) == expected


@pytest.mark.parametrize("text, expected", [
    ("26.5%", Value("26.5", "26.5", "%")), ("-2.70‰", Value("-2.7", "-2.7", "‰")),
    ("2.2个百分点", Value("2.2", "2.2", "百分点")), ("1.74倍", Value("1.74", "1.74", "倍")),
    ("30%-35%", Value("30", "35", "%")), ("百分之四十三", Value("43", "43", "%")),
    ("三成", Value("30", "30", "%")), ("八点五成", Value("85", "85", "%")),
    ("九折", Value("90", "90", "%")),
    ("15、22个百分点", Value("15", "22", "百分点")), ("2.5∶1", Value("2.5", "2.5", "比")),
    ("对折", Value("50", "50", "%")), ("三八折", Value("38", "38", "%")),
    ("三成半", Value("35", "35", "%")),
    ("八成五", Value("85", "85", "%")), ("一倍半", Value("1.5", "1.5", "倍")),
    ("一至两成", Value("10", "20", "%")),
    ("万分之五", Value("0.05", "0.05", "%")), ("百万分之五", Value("0.0005", "0.0005", "%")),
    ("百分之负三", Value("-3", "-3", "%")), ("陸 點 五 折", Value("65", "65", "%"))])
def test_a_share_is_read_with_its_unit(text: str, expected: Value) -> None:
    assert values.percent(text) == expected


@pytest.mark.parametrize("text, expected", [
    ("30万余件", Value("300000", "300000", "件")), ("600-800亩", Value("600", "800", "亩")),
    ("32 万片/月", Value("320000", "320000", "片/月")), ("420多万", Value("4200000", "4200000", "")),
    ("1-2万人", Value("10000", "20000", "人")), ("负13.5千米", Value("-13.5", "-13.5", "千米")),
    ("一吨半", Value("1.5", "1.5", "吨")), ("2个半小时", Value("2.5", "2.5", "个小时")),
    ("三十两", Value("30", "30", "两")),
    ("一百千瓦", Value("100", "100", "千瓦")), ("3.5万—4万平方米", Value("35000", "40000", "平方米"))])
def test_a_quantity_is_read_with_its_unit(text: str, expected: Value) -> None:
    assert values.quantity(text) == expected


@pytest.mark.parametrize("dash", "-–—―~∼〜～－至到")
def test_every_dash_makes_a_range(dash: str) -> None:
    assert values.money(f"1.5{dash}2万元") == Value("15000", "20000", "CNY")
    assert values.quantity(f"600{dash}800亩") == Value("600", "800", "亩")


@pytest.mark.parametrize("read, mention", [
    (values.percent, "18.6∶35.8∶45.6"), (values.percent, "3∶0"), (values.money, "若干元"),
    (values.quantity, "个")])
def test_what_has_no_one_value_has_none(
        read: Callable[[str], Value | None], mention: str) -> None:
    assert read(mention) is None


@given(st.integers(min_value=0, max_value=10**12))
def test_a_sum_in_any_writing_has_one_value(number: int) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in str(number))
    expected = Value(str(number), str(number), "CNY")
    assert values.money(f"{number:,}元") == values.money(f"{wide} 圓") == expected
