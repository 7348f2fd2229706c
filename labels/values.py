"""Normalised values: the number, sum, share, quantity or date that a mention stands for.

Every function takes the mention itself (folded or as it stands in a source, white space and
full-width forms included) and returns a `Value`, or None where the words cannot be read as one.
Pure: no lexicon, no document, no clock; relative dates need the date of the document.
"""
from __future__ import annotations

import calendar
import re
from datetime import date
from decimal import Decimal

from labels.rules import Value

# Full-width forms fold one to one, as in labels.folding; here ， too, which parts thousands.
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DIGITS = {char: index for index, chars in enumerate(
    ("零〇○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for char in chars}
_POWERS = {"十": 1, "拾": 1, "百": 2, "佰": 2, "千": 3, "仟": 3}
_BIG = (("亿", 8), ("億", 8), ("万", 4), ("萬", 4))
_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_HAN = "零〇○一壹二两贰三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟"
_AMOUNT = re.compile(rf"负?-?(?:[\d,.]+[{_HAN}万萬亿億]*|[{_HAN}万萬亿億点點]+)")
_RANGE = re.compile(r"[-–—―~∼〜至到]+")
_VAGUE = re.compile(r"[余多几来]")
_CURRENCIES = (("美元", "USD"), ("美金", "USD"), ("港元", "HKD"), ("港币", "HKD"),
               ("欧元", "EUR"), ("日元", "JPY"), ("英镑", "GBP"), ("澳门元", "MOP"),
               ("新台币", "TWD"), ("台币", "TWD"), ("韩元", "KRW"), ("卢布", "RUB"),
               ("法郎", "CHF"), ("加元", "CAD"), ("澳元", "AUD"), ("新元", "SGD"))


def plain(number: Decimal) -> str:
    """`number` in plain notation without trailing zeros: ``1E+8`` → ``100000000``."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _clean(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_FOLD))


def number(text: str) -> Decimal | None:
    """The number that `text` wholly is: ``1,205.8``, ``3.2万``, ``一百二十点五``, ``二〇二〇``.

    余, 多 and 几 after a figure are passed over: the value is the figure that is written.
    """
    text = _VAGUE.sub("", _clean(text))
    sign = -1 if text[:1] in ("-", "负") else 1
    found = _magnitude(text.lstrip("-负"))
    return None if found is None else sign * found


def _magnitude(text: str) -> Decimal | None:
    """`text` without a sign: big powers part it, each side is read for itself."""
    if not text:
        return None
    for mark, power in _BIG:
        left, found, right = text.rpartition(mark)
        if found:
            head = _magnitude(left) if left else Decimal(1)
            tail = _magnitude(right) if right else Decimal(0)
            if head is None or tail is None:
                return None
            return head.scaleb(power) + tail
    match = _ARABIC.match(text)
    if match:
        value = Decimal(match.group().replace(",", ""))
        for char in text[match.end():]:
            if char not in _POWERS:
                return None
            value = value.scaleb(_POWERS[char])
        return value
    return _han(text)


def _han(text: str) -> Decimal | None:
    """Chinese numerals below ten thousand, with 点; digits in a row are read as digits."""
    whole, point, fraction = re.sub("點", "点", text).partition("点")
    if point and (not fraction or any(char not in _DIGITS for char in fraction)):
        return None
    value = _han_whole(whole)
    if value is None or not point:
        return value
    return value + Decimal("0." + "".join(str(_DIGITS[char]) for char in fraction))


def _han_whole(text: str) -> Decimal | None:
    if not text or any(char not in _DIGITS and char not in _POWERS for char in text):
        return None
    if all(char in _DIGITS for char in text):
        return Decimal("".join(str(_DIGITS[char]) for char in text))
    total, digit, power = 0, 0, 0
    pending = False
    for char in text:
        if char in _POWERS:
            power = _POWERS[char]
            total += (digit if pending else 1) * 10 ** power
            digit, pending = 0, False
        else:
            digit, pending = _DIGITS[char], _DIGITS[char] > 0
            power = power if pending else 0
    if pending:
        # 两千四百五 is 2450: a last digit right after 百 or 千 counts in the next power down.
        total += digit * (10 ** (power - 1) if power > 1 else 1)
    return Decimal(total)


def _bounds(text: str, unit: str) -> Value | None:
    """The one or two numbers in `text` as a value of `unit`; a power said once holds for both."""
    parts = [part for part in _RANGE.split(text.lstrip("-负")) if part]
    if not parts or len(parts) > 2:
        return None
    sign = -1 if text[:1] in ("-", "负") else 1
    last = parts[-1]
    power = re.search(r"[十百千万亿]*$", last)
    if len(parts) == 2 and power and re.fullmatch(r"[\d,.]+", parts[0]) and last[0].isdigit():
        parts[0] += power.group()
    numbers = [number(part) for part in parts]
    if any(entry is None for entry in numbers):
        return None
    found = [entry for entry in numbers if entry is not None]
    return Value(plain(sign * found[0]), plain(found[-1] if len(found) > 1 else sign * found[0]),
                 unit)


def money(text: str) -> Value | None:
    """A sum; the unit is an ISO 4217 code, CNY where no currency is said. ``153 亿 元``."""
    text = _clean(text).replace("人民币", "")
    code = next((code for name, code in _CURRENCIES if name in text), "CNY")
    for name, _ in _CURRENCIES:
        text = text.replace(name, "")
    return _bounds(_VAGUE.sub("", re.sub(r"[元圆块钱整]", "", text)), code)


def percent(text: str) -> Value | None:
    """A share: unit ``%``, ``‰``, ``百分点``, ``倍`` or ``比``; 成 and 折 become per cent."""
    text = _clean(text).replace("個", "个").replace("點", "点")
    for mark, unit in (("个百分点", "百分点"), ("倍", "倍"), ("%", "%"), ("‰", "‰")):
        if mark in text:
            return _bounds(_first_of_list(_VAGUE.sub("", text.replace(mark, ""))), unit)
    for mark, unit in (("百分之", "%"), ("千分之", "‰"), ("万分之", "‱")):
        if text.lstrip("-负").startswith(mark):
            return _bounds(text.replace(mark, ""), unit)
    if text.endswith(("成", "折")):
        found = _bounds(_VAGUE.sub("", text[:-1]), "%")
        return found and Value(plain(Decimal(found.low) * 10), plain(Decimal(found.high) * 10), "%")
    ratio = re.fullmatch(r"([\d.]+)[:∶]([\d.]+)", text)
    if ratio and Decimal(ratio.group(2)):
        share = plain(Decimal(ratio.group(1)) / Decimal(ratio.group(2)))
        return Value(share, share, "比")
    return None


def _first_of_list(text: str) -> str:
    """``15、22`` reads as a range from the first to the last: a value has two ends."""
    parts = text.split("、")
    return text if len(parts) == 1 else f"{parts[0]}-{parts[-1]}"


def quantity(text: str) -> Value | None:
    """A number with a unit: ``30万余件`` → 300000 件; without a unit the unit is empty."""
    text = _VAGUE.sub("", _clean(text))
    match = re.match(r"-?[\d,.]+[十百千万亿]*(?:[-–—~至到][\d,.]+[十百千万亿]*)?", text)
    if match is None:
        return None
    return _bounds(match.group(), text[match.end():])


# --- dates -------------------------------------------------------------------------------------

_RELATIVE_YEARS = (("前年", -2), ("上一年", -1), ("去年", -1), ("上年", -1), ("今年", 0),
                   ("本年", 0), ("当年", 0), ("全年", 0), ("下一年", 1), ("下年", 1), ("明年", 1),
                   ("后年", 2))
_PARTS = {"一季度": (1, 3), "1季度": (1, 3), "二季度": (4, 6), "2季度": (4, 6),
          "三季度": (7, 9), "3季度": (7, 9), "四季度": (10, 12), "4季度": (10, 12),
          "前三季度": (1, 9), "前两季度": (1, 6), "上半年": (1, 6), "前半年": (1, 6),
          "下半年": (7, 12), "后半年": (7, 12), "年初": (1, 1), "年底": (12, 12),
          "年末": (12, 12), "岁末": (12, 12)}
_PLANS = {"十五": 2001, "十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021,
          "十五五": 2026, "十六五": 2031}
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年|$|(?=[-–—~至到]))|([一二][〇○零一二三四五六七八九]{3})年"
                   r"|(?<!\d)(\d\d)年(?=\d{1,2}月)|^((?:19|20)\d\d)(?!\d)")
_MONTH = re.compile(r"(\d{1,2})月")
_DAY = re.compile(r"(\d{1,2})[日号]")


def dates(text: str, base: str | None = None) -> Value | None:
    """The days a date speaks of, as ISO days in `low` and `high`, unit ``date``.

    `base` is the date of the document (ISO); expressions relative to it give None without it.
    A range runs from the first day of its first end to the last day of its second.
    """
    text = _clean(text)
    plan = re.search(r"十[一二三四五六]?五", text)
    if plan and plan.group() in _PLANS:
        first = _PLANS[plan.group()]
        return Value(f"{first}-01-01", f"{first + 4}-12-31", "date")
    ends = [part for part in _RANGE.split(text) if part]
    if not ends or len(ends) > 2:
        return None
    if len(ends) == 2:
        ends = _completed(ends[0], ends[1])
    known = int(base[:4]) if base else None
    low = _interval(ends[0], known)
    if low is None or len(ends) == 1:
        return low
    high = _interval(ends[1], int(low.low[:4]))
    return high and Value(low.low, high.high, "date")


def _completed(left: str, right: str) -> list[str]:
    """Lend the left end the unit it shares with the right: ``1-6月`` → ``1月``, ``6月``."""
    if left[-1].isdigit():
        unit = re.match(r"\d+([年月日])", right)
        left += unit.group(1) if unit else ""
    return [left, right]


def _interval(text: str, base: int | None) -> Value | None:
    year = _year(text, base)
    if year is None:
        return None
    month_match = _MONTH.search(text)
    if month_match:
        first = last = int(month_match.group(1))
    else:
        first, last = next((months for name, months in sorted(
            _PARTS.items(), key=lambda item: -len(item[0])) if name in text), (1, 12))
    if not 1 <= first <= 12:
        return None
    days = calendar.monthrange(year, last)[1]
    low, high = 1, days
    day_match = _DAY.search(text)
    if day_match:
        low = high = int(day_match.group(1))
        if not 1 <= low <= days:
            return None
    elif month_match:
        low, high = _third_of_month(text, days)
    return Value(date(year, first, low).isoformat(), date(year, last, high).isoformat(), "date")


def _third_of_month(text: str, days: int) -> tuple[int, int]:
    for name, bounds in (("上旬", (1, 10)), ("中旬", (11, 20)), ("下旬", (21, days)),
                         ("月底", (days, days)), ("月末", (days, days)), ("月初", (1, 1))):
        if name in text:
            return bounds
    return 1, days


def _year(text: str, base: int | None) -> int | None:
    match = _YEAR.search(text)
    if match:
        full, han, short, bare = match.groups()
        if han:
            return int("".join(str(_DIGITS[char]) for char in han))
        return 2000 + int(short) if short else int(full or bare)
    if base is None:
        return None
    return base + next((step for name, step in _RELATIVE_YEARS if name in text), 0)
