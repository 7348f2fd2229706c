"""The number in a table cell, as a Decimal with its unit."""
from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

_FOLD = str.maketrans("０１２３４５６７８９．，％－−＋（）△▲", "0123456789.,%--+()--")
_TIMES = {"亿": Decimal(10) ** 8, "万": Decimal(10) ** 4, "千": Decimal(10) ** 3}
_UNITS = (
    "万元|亿元|千元|百万元|元|万美元|亿美元|美元|万人次|人次|万人|人|万户|户|万家|家|个|件|辆|套|项|所|张|台|"
    "处|条|座|万吨|吨|万吨标准煤|吨标准煤|公顷|万亩|亩|万平方米|平方米|平方公里|公里|千米|米|立方米|万千瓦时|"
    "亿千瓦时|岁|天|次|倍|个百分点|百分点|%|‰|亿|万")
_NUMBER = re.compile(
    rf"(?P<number>[-+]?\s?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)\s*(?P<unit>{_UNITS})?"
    r"(?P<note>\s*\([一-鿿\d]{0,4}[一-鿿]{1,8}\))?")
_BRACKETED = re.compile(r"\(\s?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d{3,})\s?\)")
_PERIOD = re.compile(
    r"(?:19|20)\d\d(?:\s*[-—–~至]\s*(?:19|20)\d\d)?\s*年?(?:\s*度|\s*末|\s*底)?"
    r"(?:\s*(?:上半年|下半年|全年|第?[一二三四1-4]季度|[一前][一二三四1-4]?季度|"
    r"1?\d\s*[-—–至]\s*1?\d\s*月(?:份)?|1?\d\s*月(?:份)?[末底]?))?"
    r"|上年同期|上年度?|上半年|下半年|去年|全年|1?\d\s*[-—–至]\s*1?\d\s*月")
_LONGEST = 40
_DIGIT = re.compile(r"\d")
_PARENTHESISED = re.compile(r"[（(]\s*(?:单位[:：])?\s*([^（）()]{1,12}?)\s*[)）]\s*$")
_UNIT_NAME = re.compile(rf"(?:{_UNITS})(?:/\S{{1,6}})?$")
_UNIT_LINE = re.compile(r"(?:金额|计量|数量)?单\s{0,2}位\s*[:：]\s*(?P<unit>[^\s，,；;。)）*]{1,12})")


@lru_cache(maxsize=4096)
def number_of(cell: str) -> tuple[Decimal, str | None] | None:
    """The value and the unit written behind it, if the whole cell is one plain number.

    Thousands separators, full-width forms, a sign (also △) and % are read; a sum in brackets is
    negative, a note in brackets behind the number (预计数) is passed over; ``--``, ``——`` and text
    are no number. ``26.5%`` is (26.5, "%"), ``1.2 亿`` (120000000, None).
    """
    if not cell or len(cell) > _LONGEST or not _DIGIT.search(cell):
        return None
    folded = cell.translate(_FOLD).strip()
    found = _NUMBER.fullmatch(folded)
    if found is None:
        negative = _BRACKETED.fullmatch(folded)
        return (-Decimal(negative["number"].replace(",", "")), None) if negative else None
    number = Decimal(re.sub(r"[,+\s]", "", found["number"]))
    unit = found["unit"]
    return (number * _TIMES[unit], None) if unit in _TIMES else (number, unit)


@lru_cache(maxsize=4096)
def period_in(heading: str) -> str | None:
    """The time that a heading names (2030年上半年, 上年), without white space, or None."""
    found = _PERIOD.search(heading)
    return "".join(found.group().split()) if found else None


@lru_cache(maxsize=4096)
def looks_measured(cell: str) -> bool:
    """Whether a cell begins like a measured value (``1725.56 亿元，增长 6.5%``)."""
    return bool(_NUMBER.match(cell[:_LONGEST].translate(_FOLD).strip()))


def unit_in_heading(heading: str) -> str | None:
    """The unit in brackets at the end of a column heading: 投资总额（亿元） → 亿元."""
    found = _PARENTHESISED.search(heading[-24:])
    return found[1] if found and _UNIT_NAME.match(found[1]) else None


def unit_line(line: str) -> str | None:
    """The unit that a line such as ``单位：万元`` states for a table; None for any other line.

    Such a line is short and may also hold a date or the body that made the table.
    """
    found = _UNIT_LINE.search(line) if len(line) <= 60 else None
    return found["unit"] if found else None
