"""Days: what a date speaks of."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.days import dates
from labels.rules import Value


@pytest.mark.parametrize("text, low, high", [
    ("2020年12月30日", "2020-12-30", "2020-12-30"), ("2020 年", "2020-01-01", "2020-12-31"),
    ("2013-2016 年度", "2013-01-01", "2016-12-31"), ("2018 年至 2019 年", "2018-01-01", "2019-12-31"),
    ("2019年上半年", "2019-01-01", "2019-06-30"), ("2020年2月底", "2020-02-29", "2020-02-29"),
    ("2017年10月上旬至10月底", "2017-10-01", "2017-10-31"), ("二〇三五年", "2035-01-01", "2035-12-31"),
    ("十三五", "2016-01-01", "2020-12-31"), ("2020年四季度", "2020-10-01", "2020-12-31"),
    ("18年10月1日", "2018-10-01", "2018-10-01"), ("2025-07-08", "2025-07-08", "2025-07-08"),
    ("2022-06", "2022-06-01", "2022-06-30"), ("2019学年", "2019-09-01", "2020-08-31"),
    ("二〇二〇年十二月二十一日", "2020-12-21", "2020-12-21"), ("2020年冬季", "2020-12-01", "2021-02-28"),
    ("2020年11月至次年3月", "2020-11-01", "2021-03-31"), ("2021年前三季度", "2021-01-01", "2021-09-30"),
    ("2026年3月4日至3月11日9:00-11:30", "2026-03-04", "2026-03-11"),
    ("2020年国庆节", "2020-10-01", "2020-10-01"),
    ("2O2O年5月", "2020-05-01", "2020-05-31"), ("2020年12月20日下午3时30分", "2020-12-20", "2020-12-20"),
    ("2021年最后两个月", "2021-11-01", "2021-12-31"), ("98年10月", "1998-10-01", "1998-10-31")])
def test_an_absolute_date_is_read_as_its_days(text: str, low: str, high: str) -> None:
    assert dates(text) == Value(low, high, "date")


@pytest.mark.parametrize("text, low, high", [
    ("今年", "2020-01-01", "2020-12-31"), ("去年同期", "2019-01-01", "2019-12-31"),
    ("1-6月", "2020-01-01", "2020-06-30"), ("年底", "2020-12-01", "2020-12-31"),
    ("12月24日下午", "2020-12-24", "2020-12-24"), ("明年上半年", "2021-01-01", "2021-06-30"),
    ("上半年", "2020-01-01", "2020-06-30"), ("前三季度", "2020-01-01", "2020-09-30"),
    ("今年前10个月", "2020-01-01", "2020-10-31"), ("7月15-20日", "2020-07-15", "2020-07-20"),
    ("今明两年", "2020-01-01", "2021-12-31"), ("今后五年", "2020-01-01", "2024-12-31"),
    ("今冬明春", "2020-12-01", "2021-05-31"), ("月底", "2020-12-31", "2020-12-31"),
    ("上月", "2020-11-01", "2020-11-30"),
    ("下个月", "2021-01-01", "2021-01-31"), ("昨日下午", "2020-12-30", "2020-12-30"),
    ("下午3点30分", "2020-12-31", "2020-12-31"), ("年中", "2020-06-01", "2020-07-31"),
    ("11月至次年2月", "2020-11-01", "2021-02-28"), ("五四青年节", "2020-05-04", "2020-05-04"),
    ("10月中旬", "2020-10-11", "2020-10-20"), ("季末", "2020-12-01", "2020-12-31")])
def test_a_relative_date_needs_the_date_of_the_document(text: str, low: str, high: str) -> None:
    assert dates(text) is None
    assert dates(text, "2020-12-31") == Value(low, high, "date")


@pytest.mark.parametrize("text, low, high", [
    ("2018年以前", "0001-01-01", "2017-12-31"), ("2018年之后", "2019-01-01", "9999-12-31"),
    ("2015年2月1日或之后", "2015-02-01", "9999-12-31"), ("2013年及以前", "0001-01-01", "2013-12-31")])
def test_an_open_end_is_the_first_or_last_day_there_is(text: str, low: str, high: str) -> None:
    assert dates(text) == Value(low, high, "date")


@pytest.mark.parametrize("text", ["春节", "汛期", "暑假", "去年春节"])
def test_what_follows_moon_or_weather_has_no_days(text: str) -> None:
    assert dates(text, "2020-12-31") is None


@pytest.mark.parametrize("text", ["月底", "今天", "下午3时"])
def test_a_year_is_not_enough_for_what_needs_a_month_or_day(text: str) -> None:
    assert dates(text, "2020") is None


@pytest.mark.parametrize("dash", "-–—―~∼〜～－至到")
def test_every_dash_makes_a_range(dash: str) -> None:
    assert dates(f"2013{dash}2016年") == Value("2013-01-01", "2016-12-31", "date")
    assert dates(f"1{dash}6月", "2020") == Value("2020-01-01", "2020-06-30", "date")


@pytest.mark.parametrize("text", ["2019年2月29日", "2020年13月", "昨夜星辰"])
def test_a_day_that_is_not_in_the_calendar_gives_none(text: str) -> None:
    assert dates(text) is None


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 12, 31)))
def test_a_written_day_reads_back(day: date) -> None:
    text = f"{day.year}年{day.month}月{day.day}日"
    assert dates(text) == Value(day.isoformat(), day.isoformat(), "date")


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 11, 30)),
       st.integers(min_value=0, max_value=700))
def test_a_range_of_years_and_months_is_ordered(first: date, days: int) -> None:
    last = first + timedelta(days)
    found = dates(f"{first.year}年{first.month}月至{last.year}年{last.month}月")
    assert found is not None
    assert found.low <= first.isoformat() and last.isoformat() <= found.high
