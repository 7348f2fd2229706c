"""A number or date as a spreadsheet shows it: the value and the format code of its cell → text.

::

    shown(1234.5, "#,##0.00")        1,234.50
    shown(0.265, "0.0%")             26.5%
    shown(-3, "#,##0;(#,##0)")       (3)
    shown(datetime(2030, 1, 8), 'yyyy"年"m"月"')   2030年1月

The codes are those of Office Open XML (ECMA-376 part 1, 18.8.30–31). Colours, conditions, fill and
padding leave no text. What is not understood (fractions, digits between literals) is shown as
General, so a value is never lost.
"""
from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(?P<number>[0#?,]*[0#?][0#?,]*(?:\.[0#?]*,*)?|\.[0#?]+,*)(?P<power>[Ee][+-]?0+)?"
    r"|(?P<general>General|G/通用格式|@)|(?P<other>.)", re.I | re.S)
_BORDER = re.compile(r'"[^"]*"|[\\!_*].|\[[^\]]*\]|;', re.S)
_DATE_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[\$[^\]]*\]|\[(?P<elapsed>[hms]{1,2})\]'
    r"|\[[^\]]*\]|(?P<half>上午/下午|AM/PM|A/P)|(?P<part>y+|m+|d+|h+|s+(?:\.0+)?|a+|e+|g+)"
    r"|(?P<other>.)", re.I | re.S)
_US_SHORT = ("mm-dd-yy", "m/d/yy", "m/d/yyyy")
_SYSTEM = ("[$-F800]", "[$-F400]", "[$-f800]", "[$-f400]")
_WEEKDAYS = "一二三四五六日"
_SIGNIFICANT = 10
_LONGEST_CODE = 255

Shown = bool | int | float | Decimal | str | datetime.date | datetime.time | datetime.timedelta


def shown(value: Shown | None, code: str | None = "General") -> str:
    """`value` as its cell shows it with the format `code`; "" for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    code = (code or "General")[:_LONGEST_CODE]
    if isinstance(value, (datetime.date, datetime.time)):
        return _date(value, code)
    if isinstance(value, datetime.timedelta):
        return str(value)
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return _number(number, code) if number.is_finite() else ""


def general(number: Decimal) -> str:
    """The format General: up to ten significant digits; whole numbers with all of theirs."""
    if number == number.to_integral_value() and abs(number) < Decimal(10) ** 15:
        return str(int(number))
    text = f"{number:.{_SIGNIFICANT}g}"
    if "e" in text.lower() and -10 < number.adjusted() < 15:
        text = f"{Decimal(text):f}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text.lower() else text


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[str, ...]:
    """The sections of a code: for numbers above zero, below it, for zero, and for text."""
    borders = [found.start() for found in _BORDER.finditer(code) if found.group() == ";"]
    return tuple(code[start + 1:end] for start, end in zip(
        [-1, *borders], [*borders, len(code)]))


def _number(number: Decimal, code: str) -> str:
    numeric = _sections(code)[:3]
    section, own_sign = numeric[0], False
    if number < 0 and len(numeric) > 1:
        section, own_sign = numeric[1], True
    elif number == 0 and len(numeric) > 2:
        section = numeric[2]
    text = _with_section(abs(number), section)
    if text is None:
        return general(number)
    sign = "-" if number < 0 and not own_sign and any(c in "123456789" for c in text) else ""
    return sign + text


def _with_section(number: Decimal, section: str) -> str | None:
    """The text of a number that is not negative; None for a section that is not understood."""
    tokens = list(_TOKEN.finditer(section))
    numbers = [token for token in tokens if token["number"]]
    body = next((token for token in numbers if set(token["number"]) & {"0", "#"}),
                numbers[0] if numbers else None)
    if any(token["other"] == "/" for token in tokens) or any(
            set(token["number"]) - {"?"} for token in numbers if token is not body):
        return None
    percent = sum(token["other"] == "%" for token in tokens)
    pieces: list[str] = []
    for token in tokens:
        if token["general"]:
            pieces.append(general(number))
        elif token is body:
            pieces.append(_digits(number * 100 ** percent, token["number"], token["power"]))
        elif not token["number"]:
            pieces.append(token["quoted"] or token["escaped"] or token["currency"]
                          or token["other"] or "")
    return "".join(pieces).strip()


def _digits(number: Decimal, pattern: str, power: str | None) -> str:
    whole, _, fraction = pattern.partition(".")
    scaled = len(whole) - len(whole.rstrip(",")) + len(fraction) - len(fraction.rstrip(","))
    number = number / Decimal(1000) ** scaled
    places = len(fraction.rstrip(","))
    if power:
        return f"{number:.{places}E}"
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if (
        number.adjusted() + places < 28) else number
    text = f"{rounded:{',' if ',' in whole.rstrip(',') else ''}f}"
    integer, _, decimals = text.partition(".")
    least = whole.count("0")
    if integer == "0" and not least:
        integer = ""
    integer = integer.zfill(least) if "," not in integer else integer
    optional = len(fraction) - len(fraction.rstrip("#?,"))
    while optional and decimals.endswith("0"):
        decimals, optional = decimals[:-1], optional - 1
    return f"{integer}.{decimals}" if decimals else integer


def _date(value: datetime.date | datetime.time, code: str) -> str:
    """A date by its code; as ISO where the code is the short date of the reader's own country."""
    section = _sections(code)[0]
    if section.split("]")[-1].lower() in _US_SHORT or section.startswith(_SYSTEM) or (
            section == "General"):
        clock = isinstance(value, datetime.datetime) and value.time() != datetime.time()
        return value.isoformat(" ", "seconds") if clock and isinstance(
            value, datetime.datetime) else str(value)[:10]
    tokens = list(_DATE_TOKEN.finditer(section))
    half = any(token["half"] for token in tokens)
    pieces: list[str] = []
    for number, token in enumerate(tokens):
        if token["part"] or token["elapsed"]:
            near = [t["part"][0].lower() for t in tokens[:number][::-1] if t["part"]][:1]
            after = [t["part"][0].lower() for t in tokens[number + 1:] if t["part"]][:1]
            minutes = near == ["h"] or after == ["s"]
            pieces.append(_date_part(value, (token["part"] or token["elapsed"]).lower(),
                                     minutes, half))
        elif token["half"]:
            pieces.append("下午" if getattr(value, "hour", 0) >= 12 else "上午")
        else:
            pieces.append(token["quoted"] or token["escaped"] or token["other"] or "")
    return "".join(pieces).strip(" ;@")


def _date_part(value: datetime.date | datetime.time, part: str, minutes: bool, half: bool) -> str:
    hour = getattr(value, "hour", 0)
    if part[0] in "hs" or (part[0] == "m" and minutes):
        number = {"h": (hour - 1) % 12 + 1 if half else hour, "m": getattr(value, "minute", 0),
                  "s": getattr(value, "second", 0)}[part[0]]
        return f"{number:02d}" if len(part.split(".")[0]) > 1 else str(number)
    if not isinstance(value, datetime.date):
        return ""
    if part[0] == "a":
        return ("星期" if len(part) > 3 else "") + _WEEKDAYS[value.weekday()]
    if part[0] in "ye":
        return f"{value.year % 100:02d}" if part in ("y", "yy") else str(value.year)
    number = {"m": value.month, "d": value.day}.get(part[0], 0)
    return "" if part[0] == "g" else f"{number:02d}" if len(part) > 1 else str(number)
