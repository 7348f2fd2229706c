"""The days that a date speaks of: ``2020年上半年`` → 2020-01-01 … 2020-06-30.

Pure: no lexicon, no document, no clock. What is relative (今年, 1-6月, 月底) needs a day, month or
year to be relative to; without one it has no value, as have days that follow the lunar calendar
or the weather (春节, 汛期). An open end (2018年以前) is the first or last day Python knows.
"""
from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from labels import values
from labels.lazy import lazy
from labels.rules import Value

FIRST_DAY, LAST_DAY = date.min, date.max
_PLANS = {"十五": 2001, "十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021,
          "十五五": 2026, "十六五": 2031}
_RELATIVE_YEARS = {"前年": -2, "上一年": -1, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "当年": 0,
                   "同年": 0, "全年": 0, "下一年": 1, "下年": 1, "明年": 1, "次年": 1, "翌年": 1,
                   "后年": 2}
# Seasons as meteorologists count them: three whole months, winter from December on.
_SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 14)}
_FEASTS = {"元旦": (1, 1), "五一": (5, 1), "劳动节": (5, 1), "儿童节": (6, 1), "建军节": (8, 1),
           "教师节": (9, 10), "国庆": (10, 1), "妇女节": (3, 8), "植树节": (3, 12), "青年节": (5, 4),
           "护士节": (5, 12), "建党节": (7, 1), "记者节": (11, 8)}
_DAY_WORDS = {"前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "当天": 0, "当日": 0, "明天": 1,
              "明日": 1, "后天": 2}
_TENDAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 1), "底": (31, 31),
            "末": (31, 31)}
_STEPS = {"上": -1, "下": 1}
_YEAR_PARTS = {"上半年": (1, 6), "前半年": (1, 6), "下半年": (7, 12), "后半年": (7, 12),
               "初": (1, 1), "中": (6, 7), "底": (12, 12), "末": (12, 12)}

_FULL = lazy(r"(?P<year>\d{4})年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?$")
_RANGE = lazy(r"[-–—―~∼〜至到]+")
_PLAN = lazy(r"(十[一二三四五六]?五)(?:时期|期间|规划)?$")
_NUMERAL = lazy(r"(?<![上下])[〇○零一二两三四五六七八九十]+(?=年|月|[日号]|个?季|个月|[时点分]|周|天|[至到-]第?[一二三四\d]季)")
_ISO_DAY = lazy(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?!\d)")
_ISO_MONTH = lazy(r"(\d{4})[-./](0\d|1[0-2])(?![\d年月])")
_OPEN = lazy(r"(?P<with>[或及])?(?P<way>以前|之前|以后|之后)$")
_WEEKDAY = lazy(r"\(?(?:星期|周)[一二三四五六日天]\)?")
_CENTURY = lazy(r"(?P<century>\d{2}|上|本)世纪(?:(?P<decade>\d0)年代)?"
                r"(?P<edge>初|末|中叶|中期|中后期)?$")
_DECADE = lazy(r"(?P<century>19|20)?(?P<decade>\d0)年代$")
_COMING = lazy(r"(?:今后|未来|接下来?的?)(\d+)年$")
_TWO_YEARS = {"今明2年": (0, 1), "明后2年": (1, 2), "今冬明春": (0, 0), "去冬今春": (-1, -1)}
_PERIOD = r"(?:凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚间|晚)"
_CLOCK = r"\d{1,2}(?:[时点](?:\d{1,2}分|半|整)?许?|:\d{2})"
_HOURS = rf"{_PERIOD}?(?:{_CLOCK})?"
# 3月4日9:00-11:30 is that day, whatever the hours.
_HOURS_RANGE = lazy(rf"{_PERIOD}?{_CLOCK}[-–—―~∼〜至到]+{_PERIOD}?{_CLOCK}$")
_END = lazy(
    r"(?:(?P<year>\d{4})(?P<kind>学年度?|财年|年度?|$)|(?P<short>\d{2})年"
    rf"|(?P<relative>{'|'.join(sorted(_RELATIVE_YEARS, key=len, reverse=True))})度?)?的?(?:同期|全年)?"
    r"(?:第?(?P<quarter>[1-4])个?季度?|(?P<month>\d{1,2})月份?|前(?P<quarters>[234])个?季度"
    r"|前(?P<months>\d{1,2})个月|最后(?P<last>\d{1,2})个?(?P<of>季度|[月周天])"
    r"|(?P<half>[上下前后]半年)|[年岁]?(?P<edge>[初中底末])|(?P<season>[春夏秋冬])[季天]?"
    rf"|(?:三八|五一|五四|六一|七一|八一)?(?P<feast>{'|'.join(_FEASTS)})节?|(?P<near>[上下本当这])个?月(?!底|初|末)"
    r"|(?P<nearquarter>[上下本])季度"
    rf"|(?P<word>{'|'.join(_DAY_WORDS)})|(?P<quarterend>季末))?"
    rf"(?:(?P<day>\d{{1,2}})[日号]|月?(?P<tenday>{'|'.join(_TENDAYS)}))?(?P<hours>{_HOURS})$")


@dataclass(frozen=True, slots=True)
class _Base:
    """What is known of the day the words were said on."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


def _based(base: str | None) -> _Base:
    return _Base(*(int(piece) for piece in base[:10].split("-"))) if base else _Base()


def dates(text: str, base: str | None = None) -> Value | None:
    """The days of `text` as ISO days in `low` and `high`, unit ``date``; None where untold.

    `base` is what relative words are relative to: an ISO day, month or year. A range runs from
    the first day of its first end to the last day of its second. 之前 leaves the day itself out,
    或之前 and 及以前 keep it.
    """
    full = _FULL.match(text)
    try:
        if full:
            return _value(*_full(int(full["year"]), full["month"], full["day"]))
        return _read(values.one_form(text).replace("週", "周"), _based(base))
    except ValueError:  # a day that is not in the calendar
        return None


def _full(year: int, month: str | None, day: str | None) -> "_Bounds":
    """The commonest forms: 2020年, 2020年12月, 2020年12月30日."""
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    first = date(year, int(month), int(day or 1))
    return first, first if day else _last_day(year, int(month))


def _read(text: str, base: "_Base") -> Value | None:
    plan = _PLAN.match(text)
    if plan:
        first = _PLANS[plan.group(1)]
        return _value(date(first, 1, 1), date(first + 4, 12, 31))
    text = _NUMERAL.sub(_arabic, text)
    if ":" in text or "时" in text or "点" in text:
        text = _HOURS_RANGE.sub("", text)
    if "周" in text or "期" in text:
        text = _WEEKDAY.sub("", text)
    era = _CENTURY.match(text) or _DECADE.match(text) if text[-1] in "代纪初末叶期" else None
    if era:
        return _era(era)
    if text[-1].isdigit() or "/" in text:
        text = _ISO_DAY.sub(r"\1年\3月\4日", text)
        text = _ISO_MONTH.sub(r"\1年\2月", text)
    bounds = _spoken(text, base) or _open_or_range(text, base)
    return bounds and _value(*bounds)


def _era(match: "re.Match[str]") -> Value | None:
    """20世纪80年代, 上世纪90年代, 九十年代; a part of a century or decade has no certain days."""
    said = match.groupdict()
    if said.get("edge"):
        return None
    century = {"上": 1900, "本": 2000, "19": 1900, "20": 2000, None: 1900}.get(said["century"])
    if "世纪" in match.group() and said["century"].isdigit():
        century = (int(said["century"]) - 1) * 100
    if century is None:
        return None
    if said["decade"]:
        first = century + int(said["decade"])
        return _value(date(first, 1, 1), date(first + 9, 12, 31))
    return _value(date(century + 1, 1, 1), date(century + 100, 12, 31))


def _value(low: date, high: date) -> Value:
    return Value(low.isoformat(), high.isoformat(), "date")


_Bounds = tuple[date, date]


def _arabic(match: "re.Match[str]") -> str:
    """十二 as 12, 二〇二〇 as 2020."""
    number = values.number(match.group())
    return match.group() if number is None else f"{number:f}"


def _spoken(text: str, base: _Base) -> _Bounds | None:
    """Words that name several years: 今后五年, 今明两年, 今冬明春."""
    if base.year is None:
        return None
    coming = _COMING.match(text)
    if coming:
        return date(base.year, 1, 1), date(base.year + int(coming.group(1)) - 1, 12, 31)
    if text not in _TWO_YEARS:
        return None
    first, last = (base.year + step for step in _TWO_YEARS[text])
    if "冬" in text:
        return date(first, 12, 1), _last_day(first + 1, 5)
    return date(first, 1, 1), date(last, 12, 31)


def _open_or_range(text: str, base: _Base) -> _Bounds | None:
    opened = _OPEN.search(text)
    if opened:
        inner = _open_or_range(text[:opened.start()], base)
        if inner is None:
            return None
        low, high = inner
        if opened["way"].endswith("前"):
            return FIRST_DAY, high if opened["with"] else low - timedelta(1)
        return (low if opened["with"] else high + timedelta(1)), LAST_DAY
    ends = [part for part in _RANGE.split(text) if part]
    if len(ends) == 1:
        return _bounds(ends[0], base)
    if len(ends) != 2:
        return None
    first = _bounds(_with_unit_of(*ends), base)
    if first is None:
        return None
    low = first[0]
    last = _bounds(ends[1], _Base(low.year, low.month, low.day))
    if last is not None and last[1] < low and "年" not in ends[1]:
        last = _bounds(ends[1], _Base(low.year + 1, low.month, low.day))  # 11月至次年3月
    return None if last is None or last[1] < low else (low, last[1])


def _with_unit_of(left: str, right: str) -> str:
    """`left` with the unit it shares with `right`: ``1-6月`` → ``1月``."""
    unit = re.match(r"第?\d+([年月日号]|季度)", right) if left[-1].isdigit() else None
    return left + unit.group(1) if unit else left


def _bounds(text: str, base: _Base) -> _Bounds | None:
    """One end of a date as its first and last day."""
    match = _END.match(text)
    if match is None or not text:
        return None
    if match["word"]:
        return _day_word(match["word"], base)
    year = _year(match, base)
    if year is None:
        return None
    if match["kind"] and match["kind"].startswith("学年"):
        return date(year, 9, 1), date(year + 1, 8, 31)
    if match["last"]:
        return _last_of(year, int(match["last"]), match["of"])
    if match["feast"]:
        day = date(year, *_FEASTS[match["feast"]])
        return day, day
    if match["hours"] and not any(match[part] for part in ("month", "day", "near", "year")):
        return _day_word("今天", base)
    months = _months(match, base)
    if months is None:
        return None
    first, last = months
    single = bool(match["month"] or match["near"]) or first == last and not match["edge"]
    year, first, last = _carried(year, first, last)
    end = _last_day(year + (last < first), last)
    if match["day"]:
        day = date(year, first, int(match["day"]))
        return day, day
    if match["tenday"] and single:
        low, high = _TENDAYS[match["tenday"]]
        return date(year, first, min(low, end.day)), date(year, first, min(high, end.day))
    return date(year, first, 1), end


def _carried(year: int, first: int, last: int) -> tuple[int, int, int]:
    """Months beyond December or before January belong to the year beside."""
    if first < 1:
        return year - 1, first + 12, last + 12
    if first > 12:
        return year + 1, first - 12, last - 12
    return year, first, last - 12 if last > 12 else last


def _year(match: "re.Match[str]", base: _Base) -> int | None:
    if match["year"]:
        return int(match["year"])
    if match["short"]:
        short = int(match["short"])
        return 2000 + short if short < 60 else 1900 + short
    if base.year is None:
        return None
    return base.year + _RELATIVE_YEARS.get(match["relative"] or "", 0)


def _months(match: "re.Match[str]", base: _Base) -> tuple[int, int] | None:
    """The first and last month that `match` speaks of; beyond 1–12 in the years beside."""
    if match["month"]:
        month = int(match["month"])
        return (month, month) if 1 <= month <= 12 else None
    if match["quarter"]:
        return int(match["quarter"]) * 3 - 2, int(match["quarter"]) * 3
    if match["quarters"] or match["months"]:
        return 1, int(match["quarters"]) * 3 if match["quarters"] else min(int(match["months"]), 12)
    if match["season"]:
        return _SEASONS[match["season"]]
    if match["half"] or match["edge"]:
        return _YEAR_PARTS[match["half"] or match["edge"]]
    if any(match[part] for part in ("near", "nearquarter", "quarterend", "tenday", "day")):
        if base.month is None:
            return None
        end_of_quarter = (base.month + 2) // 3 * 3
        if match["quarterend"]:
            return end_of_quarter, end_of_quarter
        step = _STEPS.get(match["near"] or match["nearquarter"] or "", 0)
        if match["nearquarter"]:
            return end_of_quarter + 3 * step - 2, end_of_quarter + 3 * step
        return base.month + step, base.month + step
    return 1, 12


def _day_word(word: str, base: _Base) -> _Bounds | None:
    if base.year is None or base.month is None or base.day is None:
        return None
    day = date(base.year, base.month, base.day) + timedelta(_DAY_WORDS[word])
    return day, day


def _last_of(year: int, count: int, unit: str) -> _Bounds:
    """The last `count` months, quarters, weeks or days of `year`."""
    end = date(year, 12, 31)
    if unit in ("周", "天"):
        return end - timedelta(count * (7 if unit == "周" else 1) - 1), end
    return date(year, 13 - count * (3 if unit == "季度" else 1), 1), end


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
