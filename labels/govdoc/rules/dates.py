"""DATE: calendar points and periods, absolute or relative to the document.

Dates in digits are found by one pattern that begins with a digit, words (今年, 上半年, 春节) by the
lexicon's automaton, the rest from a rare character (季度, 个月, 五) with a look at what is before it.
"""
from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import Iterable, Iterator, NamedTuple

from labels.days import dates as days_of
from labels.govdoc.anchors import base_of
from labels.govdoc.names import once
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context, Match, Value, rule
from labels.values import mended

_TO = r"(?:[-–—―~∼〜−]{1,2}|[至到])"
_HAN_DIGITS = "一二三四五六七八九"
_MONTH = r"(?:1[0-2]|0?[1-9])月份?"
_HAN_MONTH = rf"(?:十[一二]?|[{_HAN_DIGITS}])月份?"
_NO_NUMBER = r"(?!线|楼|桥|文|院|地块|令|公告)"
_DAY = rf"(?:3[01]|[12]\d|0?[1-9])(?:日|号{_NO_NUMBER})"
_HAN_DAY = rf"(?:[一二三]?十[{_HAN_DIGITS}]?|[{_HAN_DIGITS}])(?:日|号{_NO_NUMBER})"
_QUARTER = rf"(?:(?:第?[一二三1-3]{_TO})?第?[一二三四1-4]|前[两二三四])个?季度末?"
_FIRST_MONTHS = rf"前(?:\d{{1,2}}|[两{_HAN_DIGITS}]|十[一二]?)个月"
_LAST = rf"的?最[后後](?:\d{{1,2}}|[两{_HAN_DIGITS}]|十[一二]?)个?(?:月|周|週|天|季度)"
_HALF = (rf"(?:上半年|下半年|前半年|后半年|{_QUARTER}|全年|{_FIRST_MONTHS}|{_LAST}"
         r"|年(?:初|底|末|中(?!央|国|心|小|旬))|岁末)")
_TENDAY = r"(?:[上中下]旬|初|底|末)"
_HOURS = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|晚)"
_CLOCK = (r"(?:\d{1,2}(?:时|点(?!\d|[^半钟至到\d]))(?:\d{1,2}分|半|整)?许?|\d{1,2}:\d{2})")
_TIME = rf"(?:{_HOURS}?{_CLOCK}(?:{_TO}{_CLOCK})?|{_HOURS})"
_WEEKDAY = r"(?:星期|周)[一二三四五六日天]"
_WITHIN_DAY = rf"(?: ?\({_WEEKDAY}\){_TIME}| ?{_WEEKDAY}(?:{_TIME})?|{_TIME})"
_FEAST = r"(?:元旦|春节|清明节?|五一|劳动节|端午节?|中秋节?|国庆节?|重阳节)(?!假?日?期间的)"
# Ends that are open: 2018年以前, 2月1日或之后. 年底前 has only 年底.
OPEN_END = r"(?:[或及]?(?:以前|之前|以后|之后)(?!年度))?"

# What follows a month or a year is read by patterns of its own: within the patterns that find them
# it would stand ten times, and to compile those took longer than all others.
_A_MONTH = f"(?:{_MONTH}|{_HAN_MONTH})"
# Behind a month: 12月|24日下午, 10月|上旬, 11月|底, 3月|月末.
_IN_MONTH = lazy(
    rf"(?:\d{{1,2}}{_TO})?{_DAY}(?:{_WITHIN_DAY})?|月?{_TENDAY}(?!级)")
_IN_HAN_MONTH = lazy(rf"{_HAN_DAY}(?:{_WITHIN_DAY})?|{_TENDAY}(?!级)")
_TO_MONTH = lazy(rf"{_TO}(?:次年)?{_A_MONTH}")
_TO_DAY = lazy(rf"{_TO}{_DAY}")
_TO_SHORT_YEAR = lazy(rf"{_TO}\d{{2}}年{_A_MONTH}")
# What may follow a year: a month, a range of months, a half, a season.
_IN_YEAR = lazy(
    rf"(?P<range>(?:1[0-2]|0?[1-9]){_TO}{_A_MONTH})|(?P<month>{_A_MONTH})|{_HALF}"
    rf"|[春夏秋冬](?:季|天)|{_FEAST}|[初底末](?!期|级|次)")
_YEAR = r"(?:(?:18|19|20)\d{2}(?:学|财)?年|[一二][〇○零一二三四五六七八九]{3}年)"
_YEAR_ROUND = lazy(r"度(?:全年|上半年|下半年|末)?")
_NEXT = lazy(rf"{_TO}(?:{_YEAR}|次年)")
_OPEN = lazy(OPEN_END)
_FULL_YEAR = r"(?:(?<=1)[89]|(?<=2)0)\d{2}"
# The first digit is consumed when these look at it.
_MONTH_1 = r"(?:(?<=1)[0-2]|(?<=0)[1-9]|(?<=[1-9]))"
_DAY_1 = rf"(?:(?<=3)[01]|(?<=[12])\d|(?<=0)[1-9]|(?<=[1-9]))(?:日|号{_NO_NUMBER})"

# What makes a number before it a count, not a year.
_COUNTED = "年届级版号个人名家户项件次万亿元余多场条所米公平吨亩台套辆张位支份只种类座处间栋岁天"
_IN_DIGITS = lazy(
    # Tables are full of numbers: one look behind the first digit tells that most are no date.
    r"[0-9](?<!\d[0-9])(?=[089]\d\d|\d?[年月日号至到\-–—―~∼〜−])(?:"
    # 2020年12月30日, 2017年10月上旬至10月底, 2013-2016年度; 2018、2019年: the first has no unit
    rf"{_FULL_YEAR}(?:(?P<year>(?:学|财)?年)|(?P<to_year>{_TO}(?:19|20)\d{{2}}学?年)"
    r"|(?=[、和及](?:19|20)\d{2}(?:年|、))"
    # 2016-2020
    r"|(?P<years>[-–—~至](?:19|20)\d{2}(?![\d\-–—~./A-Za-z年学号]))"
    # 2020-12-30, 2020.12.30, 2020/12/30, 2020-12
    r"|(?P<day>(?P<sep>[-./])(?:1[0-2]|0?[1-9])(?P=sep)(?:3[01]|[12]\d|0?[1-9])(?![\d.]))"
    r"|(?P<iso>-(?:0[1-9]|1[0-2])(?![\d\-–—~/.A-Za-z年月])))"
    rf"|(?P<short_year>\d年{_A_MONTH})"
    rf"|(?P<month>{_MONTH_1}月份?)|(?P<to_month>{_MONTH_1}{_TO}{_A_MONTH})"
    rf"|(?<=[日号]、[0-9]){_DAY_1}(?:{_WITHIN_DAY})?"
    # 16日，… at the head of a sentence, 3日上午
    rf"|(?P<lone>{_DAY_1}(?:{_WITHIN_DAY}|(?=[，,])))"
    # 2020环湖自行车赛: the edition of an event
    r"|(?P<edition>(?<=2)0[0-4]\d(?=最佳|第.{1,3}届|[中全]国|世界|国际|亚洲|全球"
    rf"|(?![{_COUNTED}])[\u4e00-\u9fff]{{1,12}}(?:大会|论坛|赛|展会|节|峰会|榜单))))")
_HAN_YEAR = lazy(rf"年(?<=[一二][〇○零{_HAN_DIGITS}][〇○零{_HAN_DIGITS}]{{2}}年)")
_HAN_MONTHS = lazy(
    rf"月(?<=[十{_HAN_DIGITS}]月)(?:份?(?:{_HAN_DAY}(?:{_WITHIN_DAY})?|{_TENDAY}(?!级))|份)")
_HAN_MONTH_HEAD = lazy(rf"(?<![\d{_HAN_DIGITS}十第个])(?:十[一二]?|[{_HAN_DIGITS}])$")
_QUARTERS = lazy(r"季度末?")
_QUARTER_HEAD = lazy(rf"(?:(?<![\d.第十至到、])(?:第?[一二三1-3]{_TO})?第?[一二三四1-4]"
                     r"|前[两二三四]个?|(?<=、)[一二三四])$")
_MONTHS_COUNTED = lazy(r"个月")
_COUNTED_HEAD = lazy(r"(?<![之以日年月])前(?:1[01]|[2-9]|[两二三四五六七八九]|十一?)$")
# The words of a plan period inside its quotes, or where 期间, 时期 and the like make it one.
_PLAN_PERIOD = lazy(
    r"五(?:(?<=[“\"‘「']十五)|(?<=[“\"‘「']十[一二三四五六]五))(?=[”\"’」'])"
    r"|五(?<![一二三四五六七八九十第]十[一二三四五六]五)(?<=十[一二三四五六]五)"
    r"(?=期间|时期|以来|规划|开局|初|末|收官|后|前|高峰|[，,、\n]|$)")
# “五一”假期, 五一期间
_MAY_DAY = lazy(r"五一(?<![一二三四五六七八九十第]五一)"
                r"(?=[”\"]?(?:假期|期间|小长假|长假|黄金周|前后|假日))")
_COMING = lazy(rf"的?(?:[{_HAN_DIGITS}十两][五十]?|几|\d{{1,2}})(?:到[{_HAN_DIGITS}十])?年(?!级|度)")
_MONTH_TAIL = lazy(rf"(?:[上中下]旬|[初底末](?!期|级)|{_DAY}(?:{_WITHIN_DAY})?)?")
# 农历八月十五, 正月初一, 腊月廿三; 上世纪八十年代, 本世纪中叶
_LUNAR_DAY = r"(?:初[一二三四五六七八九十]|十[一二三四五六七八九]?|[二廿]十?[一二三四五六七八九]?|三十)?"
_LUNAR_TAIL = lazy(rf"(?:(?<=农历)(?:[正冬腊]|十[一二]?|[{_HAN_DIGITS}])月{_LUNAR_DAY}"
                   rf"|(?<=月){_LUNAR_DAY})")
_IN_CENTURY = r"(?:[二三四五六七八九]十年代|[2-9]0年代)?(?:初|末|中叶|中期|中后期)?"
_CENTURY_TAIL = lazy(_IN_CENTURY)
_CENTURIES = lazy(rf"世纪(?<=\d世纪){_IN_CENTURY}")
_CENTURY_HEAD = lazy(r"(?<![\d.第])(?:1[5-9]|2[01])$")
_DECADES = lazy(r"年代(?<=[0十]年代)")
_DECADE_HEAD = lazy(r"(?<![\d纪])(?:(?:19|20)?[1-9]0|[二三四五六七八九]十)$")
_DAY_TAIL = lazy(rf"(?:{_WITHIN_DAY})?")
_CLOCK_TAIL = lazy(rf"{_CLOCK}(?:{_TO}{_CLOCK})?")
_TAILS = {"month": _MONTH_TAIL, "day": _DAY_TAIL, "hours": _CLOCK_TAIL,
          "coming": _COMING, "lunar": _LUNAR_TAIL, "century": _CENTURY_TAIL}
# What no day, month in digits, day of the month or edition stands behind.
_NO_START = {"day": ".-/", "years": ".-–—/〔[第+~:", "iso": ".-–—/〔[(（表号第+~:",
             "lone": ".-–—至到", "edition": ".,-+〔[("}
# A mention that names its year has a value whatever stands around it.
_NAMES_YEAR = lazy(rf"\d{{4}}|\d\d年|[五纪代]$|[〇○零{_HAN_DIGITS}]{{3}}年")
_FEAST_DAYS = frozenset(("三八", "五一", "五四", "六一", "七一", "八一", "十一"))
_LIST_MONTHS = lazy(r"(?:^|\n)\d\.$")


class Found(NamedTuple):
    """A date in the folded text, end exclusive, and the word of the lexicon it was found by."""

    start: int
    end: int
    term: str = ""


def dates_in(text: str, words: Lexicon) -> list[Found]:
    """Dates in the folded and mended `text`, sorted and without overlaps: the earliest, then the
    longest."""
    # Sorted by start; of those that start together the longest is first: stable, so in two steps.
    found = [*_in_digits(text), *_in_numerals(text), *_in_words(text, words)]
    found.sort(key=itemgetter(1), reverse=True)
    found.sort(key=itemgetter(0))
    kept: list[Found] = []
    position = 0
    for entry in found:
        if entry[0] >= position:
            kept.append(entry)
            position = entry[1]
    return kept


def found_dates(context: Context) -> list[Found]:
    """`dates_in` the document, found once."""
    return once(context, "dates.found",
                lambda _: dates_in(mended_text(context), context.lexicon("dates")))


def mended_text(context: Context) -> str:
    """The folded text with the digits that OCR misread, as long as that."""
    return once(context, "dates.mended", lambda _: mended(context.view.text))


def dates_of(context: Context) -> list[tuple[int, int]]:
    """Where the dates of the document stand, sorted."""
    return once(context, "dates.spans",
                lambda _: [(found.start, found.end) for found in found_dates(context)])


def _in_digits(text: str) -> Iterator[Found]:
    made = tuple.__new__  # by its fields it would take three times as long
    match = _IN_DIGITS.search(text)
    while match is not None:
        start, end = match.span()
        kind = match.lastgroup
        if kind == "year":
            end = _years_end(text, end)
        elif kind == "to_year":
            end = _year_end(text, end)
        elif kind == "month":
            end = _months_end(text, end, "次年")
        elif kind == "to_month":
            kind, end = "month", _month_end(text, end)
        elif kind == "short_year":
            end = _month_end(text, end)
            second = _TO_SHORT_YEAR.match(text, end)
            end = _month_end(text, second.end()) if second else end
        if _starts_date(text, start, kind):
            yield made(Found, (start, end, ""))
        match = _IN_DIGITS.search(text, end)


def _starts_date(text: str, start: int, kind: str | None) -> bool:
    """Whether what stands before a date in digits of this kind lets it be one."""
    before = text[start - 1] if start else "\n"
    if kind == "month":
        # the list number before 1-6月 is no part of a number: 1.1-6月
        return not (before in "-–—" or before == "." and not _LIST_MONTHS.search(
            text[max(0, start - 3):start]))
    if kind in _NO_START and before in _NO_START[kind]:
        return False
    if kind == "lone":
        return before in "\n。;，“\""
    return not (kind in ("iso", "years") and before.isascii() and before.isalnum())


def _year_end(text: str, end: int) -> int:
    """Where what follows a year that ends at `end` stops: 度, 1-6月, 上半年, 同期."""
    found = _YEAR_ROUND.match(text, end)
    if found:
        return found.end()
    inside = _inside_year(text, end)
    return inside if inside > end or not text.startswith("同期", end) else end + 2


def _inside_year(text: str, end: int) -> int:
    """Where a month, a range of months, a half or a season of a year stops; `end` if none is there.
    """
    found = _IN_YEAR.match(text, end)
    if found is None:
        return end
    if found.lastgroup == "month":
        return _months_end(text, found.end())
    return _month_end(text, found.end()) if found.lastgroup == "range" else found.end()


def _month_end(text: str, end: int) -> int:
    """Where what follows a month that ends at `end` stops: a day, its hour, 上旬, 底."""
    name = end - 1 if text[end - 1] == "月" else end - 2
    found = (_IN_MONTH if text[name - 1].isdigit() else _IN_HAN_MONTH).match(text, end)
    return found.end() if found else end


def _months_end(text: str, end: int, next_year: str = "") -> int:
    """Where a date stops whose month ends at `end`, up to a second month or day: 3月5日至4月.

    The second month may be one of the next year where `next_year` says how that is put.
    """
    end = _month_end(text, end)
    second = _TO_MONTH.match(text, end)
    if second is not None and (next_year or "次年" not in second.group()):
        return _month_end(text, second.end())
    day = _TO_DAY.match(text, end)
    return day.end() if day else end


def _years_end(text: str, end: int) -> int:
    """Where a date stops whose year ends at `end`, up to a second year: 2018年至2019年6月."""
    end = _year_end(text, end)
    second = _NEXT.match(text, end)
    if second is not None and second.group().endswith("次年"):
        inside = _inside_year(text, second.end())
        end = inside if inside > second.end() else end
    elif second is not None:
        end = _year_end(text, second.end())
    last = _OPEN.match(text, end)
    return last.end() if last else end


def _in_numerals(text: str) -> Iterator[Found]:
    """Dates in Chinese numerals, found from their 年, 月, 季度 or 个月 backwards."""
    position = 0
    for match in _HAN_YEAR.finditer(text):
        if match.start() >= position:
            position = _years_end(text, match.end())
            yield Found(match.start() - 4, position)
    for match in _PLAN_PERIOD.finditer(text):
        start = match.start() - (1 if text[match.start() - 1] == "十" else 2)
        yield Found(start, match.end())
    for match in _MAY_DAY.finditer(text):
        yield Found(*match.span())
    for tail, head, width in ((_HAN_MONTHS, _HAN_MONTH_HEAD, 4), (_QUARTERS, _QUARTER_HEAD, 6),
                              (_MONTHS_COUNTED, _COUNTED_HEAD, 5), (_DECADES, _DECADE_HEAD, 5),
                              (_CENTURIES, _CENTURY_HEAD, 3)):
        for match in tail.finditer(text):
            begin = max(0, match.start() - width)
            found = head.search(text[begin:match.start()])
            if found:
                yield Found(begin + found.start(), match.end())


def _in_words(text: str, words: Lexicon) -> Iterator[Found]:
    """Words of the lexicon with what may follow their kind: 今年1-6月, 去年同期, 下午3时."""
    for term, start, end in words.find(text):
        row = words.entries[term]
        if start and text[start - 1] in row.get("not_after", ""):
            continue
        if text[end:end + 1] and text[end] in row.get("not_before", ""):
            continue
        if term == "下年" and text.endswith("结转", 0, start) and text[end:end + 1] != "度":
            continue  # 结转下年支出 is an item of the budget
        kind = row["kind"]
        if kind == "festival" and text[start - 2:start] in _FEAST_DAYS:
            start -= 2  # 五四青年节
        if kind == "year":
            yield Found(start, _relative_end(text, end), term)
            continue
        tail = _TAILS.get(kind)
        if tail is None:
            yield Found(start, end, term)
            continue
        match = tail.match(text, end)
        if match:
            yield Found(start, match.end(), term)


def _relative_end(text: str, end: int) -> int:
    """Where what follows 今年 or 去年 stops; 年度末 is no part of such a year."""
    if text.startswith("度", end):
        return end + 3 if text.startswith("全年", end + 1) else end + 1
    return _year_end(text, end)


def after_dates(dates: list[tuple[int, int]], start: int, end: int) -> int:
    """Where the last of the sorted `dates` within ``start..end`` stops, or `start`."""
    stop = start
    for position in range(bisect_left(dates, (start, start)), len(dates)):
        if dates[position][0] >= end:
            break
        if dates[position][1] <= end:
            stop = max(stop, dates[position][1])
    return stop


def _date_value(context: Context, start: int, end: int) -> Value | None:
    # A document says the same dates again and again: read once for each day they are relative to.
    known: dict[tuple[str, str | None], Value | None] = once(context, "dates.values", lambda _: {})
    mention = context.view.text[start:end]
    found = _read(known, mention, None) if _NAMES_YEAR.search(mention) else None
    return found or _read(known, mention, base_of(context, start, mention))


def _read(known: dict[tuple[str, str | None], Value | None], mention: str,
          base: str | None) -> Value | None:
    if (mention, base) not in known:
        known[mention, base] = days_of(mention, base)
    return known[mention, base]


@rule("DATE", value=_date_value, priority=65, score=0.95, lexicons=("dates",), examples=[
    "⟦2020年12月30日⟧通过", "定于⟦12月24日下午⟧召开", "⟦1-6月⟧全区完成", "截至⟦11月底⟧", "⟦今年⟧以来",
    "比⟦去年同期⟧多", "⟦上半年⟧完成", "到⟦年底⟧建成", "“⟦十三五⟧”期间", "自⟦2018年⟧至今", "⟦2013-2016 年度⟧",
    "⟦2018 年至 2019 年⟧审计", "⟦2017 年 10 月上旬至 10 月底⟧", "1.⟦1-6月⟧，云泽区", "⟦二〇三五年⟧远景",
    "⟦春节⟧慰问", "⟦今后五年⟧的任务", "⟦四季度⟧开工", "⟦2018⟧、⟦2019年⟧", "⟦2020⟧环湖自行车赛",
    "⟦今年1-6月⟧", "⟦2019 年上半年⟧", "⟦全年⟧目标", "上午⟦3月5日⟧、⟦6日⟧",
    "⟦7月15-20日⟧展出", "⟦今年前10个月⟧", "⟦2019学年⟧招生", "⟦二〇二〇年十二月三十日⟧", "⟦2018年以前⟧立项",
    "⟦11月至次年3月⟧供暖", "截至⟦2022-06⟧", "⟦前三季度⟧增长"],
    rejects=["近年来", "一年来", "三年行动", "20分钟", "下阶段", "3个月", "近三年", "同期", "2020个", "九年中学",
             "17号线", "全年龄段", "结转下年支出", "8号楼", "9号桥"])
def date(context: Context) -> Iterable[Match]:
    """A calendar point or period; without 截至, 至, 自 and 以来."""
    made = tuple.__new__  # by its fields it would take three times as long
    return [made(Match, (found.start, found.end, None, (found.term,) if found.term else ()))
            for found in found_dates(context)]
