"""DATE: calendar points and periods, absolute or relative to the document."""
from __future__ import annotations

import re
from bisect import bisect_left
from typing import Iterable, Iterator

from labels import values
from labels.lexicons import Lexicon
from labels.rules import Context, Match, rule

_YEAR = r"(?:(?<!\d)(?:18|19|20)\d{2}学?年|[一二][〇○零一二三四五六七八九]{3}年)"
_MONTH = r"(?:1[0-2]|0?[1-9])月份?"
_HAN_MONTH = r"(?:十[一二]?|[一二三四五六七八九])月份?"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])[日号](?!线|楼|桥|文|院|地块)"
_HALF = (r"(?:上半年|下半年|前半年|后半年|(?:第?[一二三四1-4]|前[两二三])个?季度|全年"
         r"|前(?:\d{1,2}|[一二三四五六七八九十]{1,2})个月|年(?:初|底|末|中(?!央|国|心|小|旬))|岁末)")
_TENDAY = r"(?:上旬|中旬|下旬|初|底|末)"
_CLOCK = (r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上?(?![期于稻]))?"
          r"(?:\d{1,2}(?:时|点(?!\d|[^半钟至到\d]))(?:\d{1,2}分|半|许|整)?|\d{1,2}:\d{2})")
_HOURS = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|晚)"
_WITHIN_DAY = rf"(?:{_CLOCK}|{_HOURS})"
_TO = r"[-–—~∼〜至到]"
_DIGIT_LEFT = r"(?<![\d.\-–—])"

# A month with what may follow it: 12月24日下午, 10月上旬, 11月底, 3月月末.
_MONTHS = (rf"(?:{_MONTH}(?:(?:\d{{1,2}}[-–—~至])?{_DAY}{_WITHIN_DAY}?|月?{_TENDAY}(?!级))?)")
# What may follow a year: a month, a range of months, a half, a season.
_IN_YEAR = (rf"(?:(?:1[0-2]|0?[1-9]){_TO}{_MONTHS}|{_MONTHS}(?:{_TO}{_MONTHS})?|{_HALF}"
            rf"|[春夏秋冬](?:季|天)|[初底末](?!期|级|次))")
_FULL = rf"{_YEAR}(?:度(?:全年|上半年|下半年)?|{_IN_YEAR}|同期)?"

ABSOLUTE = re.compile(
    # 2013-2016年度, 2018年至2019年, 2017年10月上旬至10月底, 2020年12月30日
    rf"(?<!\d)(?:19|20)\d{{2}}{_TO}(?:19|20)\d{{2}}年度?|{_FULL}(?:{_TO}{_FULL})?"
    rf"|(?<!\d)\d{{2}}年{_MONTHS}(?:{_TO}\d{{2}}年{_MONTHS})?"
    # 2018、2019年: the first has no unit of its own
    rf"|(?<!\d)(?:19|20)\d{{2}}(?=、(?:19|20)\d{{2}}(?:年|、))"
    # 2020-12-30, 2020.12.30, 2020/12/30
    rf"|(?<![\d.])(?:19|20)\d{{2}}([-./])(?:1[0-2]|0?[1-9])\1(?:3[01]|[12]\d|0?[1-9])(?![\d.])")
MONTHS = re.compile(
    rf"{_DIGIT_LEFT}(?:(?:1[0-2]|0?[1-9]){_TO})?{_MONTHS}"
    rf"(?:{_TO}(?:{_MONTHS}|{_DAY}))?"
    # the list number before 1-6月 is no part of a number: 1.1-6月
    rf"|(?:(?<=^\d\.)|(?<=\n\d\.))(?:1[0-2]|[1-9]){_TO}{_MONTHS}"
    rf"|(?<=[日号]、){_DAY}{_WITHIN_DAY}?"
    rf"|(?<![\d一二三四五六七八九十第个]){_HAN_MONTH}(?:[一二三十]{{1,3}}[日号]|{_TENDAY})")
CLOCK = re.compile(r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚)"
                   r"\d{1,2}(?:时|点|:\d{2})(?:\d{1,2}分|半|许)?")
PARTS = re.compile(
    r"(?:(?<![\d一二三四五六七八九十两几数半每多同近整前后周成])(?:年初|年底|年末|年中(?!央|国|心|小|旬))"
    r"|岁末|月底|月末|季末|(?<![前后半每])上半年|(?<![前后半每])下半年"
    r"|(?<![\d.])(?:第?[一二三四1-4]|前[两二三])季度"
    r"|(?<![之以日年月])前(?:1[01]|[2-9]|[二三四五六七八九]|十一?)个月)")
# The words of a plan period inside its quotes, or where 期间, 时期 and the like make it one.
PLAN_PERIOD = re.compile(
    r"(?<=[“\"‘「'])十[一二三四五六]?五(?=[”\"’」'])"
    r"|(?<![一二三四五六七八九十第])十[一二三四五六]五(?=期间|时期|以来|规划|开局|初|末|收官|后|前|高峰|[，,、]|$)")
COMING = re.compile(r"(?:今后|未来|接下来的?)(?:[一二三四五十两][五十]?|几)(?:到[一二三四五十])?年")
# 2020环意自行车赛, 2020最佳奖: the edition of an event.
EDITION = re.compile(r"(?<![\d.,\-+〔\[(A-Za-z])20[0-4]\d(?=(?:最佳|中国|全国|世界|国际|长三角|环|亚洲|全球|上海"
                     r"|[\u4e00-\u9fff]{2,12}(?:大会|论坛|比赛|大赛|展会|博览会|交易会|赛事|峰会|榜单)))")
_RELATIVE_TAIL = rf"(?:度(?:全年)?|同期|{_IN_YEAR})?"


def date_spans(text: str, words: Lexicon) -> Iterator[tuple[int, int]]:
    """Dates in the folded `text`; spans may overlap, the longest is meant."""
    for pattern in (ABSOLUTE, MONTHS, CLOCK, PARTS, PLAN_PERIOD, COMING, EDITION):
        for match in pattern.finditer(text):
            yield match.span()
    for match in re.finditer(_words_pattern(words), text):
        yield match.span()


def after_dates(dates: list[tuple[int, int]], start: int, end: int) -> int:
    """Where the last of the sorted `dates` within ``start..end`` stops, or `start`."""
    stop = start
    for position in range(bisect_left(dates, (start, start)), len(dates)):
        if dates[position][0] >= end:
            break
        if dates[position][1] <= end:
            stop = max(stop, dates[position][1])
    return stop


def _words_pattern(words: Lexicon) -> str:
    """Relative years take what may follow a year (今年1-6月, 去年同期); other words stand alone."""
    years: list[str] = []
    others: list[str] = []
    for term in words.terms():
        guard = words.entries[term].get("not_before", "")
        piece = re.escape(term) + (f"(?![{guard}])" if guard else "")
        (years if words.entries[term].get("kind") == "year" else others).append(piece)
    # 以前年度 and 结转下年 are no years of the calendar
    return (rf"(?<!以)(?<!结转)(?:{'|'.join(years)}){_RELATIVE_TAIL}"
            rf"|(?:{'|'.join(others)}){_HOURS}?")


def _date_value(context: Context, start: int, end: int) -> values.Value | None:
    return values.dates(context.view.text[start:end], context.document.date)


@rule("DATE", value=_date_value, priority=65, score=0.95, lexicons=("dates",), examples=[
    "⟦2020年12月30日⟧通过", "定于⟦12月24日下午⟧召开", "⟦1-6月⟧全区完成", "截至⟦11月底⟧", "⟦今年⟧以来",
    "比⟦去年同期⟧多", "⟦上半年⟧完成", "到⟦年底⟧建成", "“⟦十三五⟧”期间", "自⟦2018年⟧至今", "⟦2013-2016 年度⟧",
    "⟦2018 年至 2019 年⟧审计", "⟦2017 年 10 月上旬至 10 月底⟧", "1.⟦1-6月⟧，云泽区", "⟦二〇三五年⟧远景",
    "⟦春节⟧慰问", "⟦今后五年⟧的任务", "⟦四季度⟧开工", "⟦2018⟧、⟦2019年⟧", "⟦2020⟧环湖自行车赛",
    "⟦今年1-6月⟧", "⟦2019 年上半年⟧", "⟦全年⟧目标", "上午⟦3月5日⟧、⟦6日⟧",
    "⟦7月15-20日⟧展出", "⟦今年前10个月⟧", "⟦2019学年⟧招生"],
    rejects=["近年来", "一年来", "三年行动", "20分钟", "下阶段", "3个月", "近三年", "同期", "2020个", "九年中学",
             "17号线", "全年龄段"])
def date(context: Context) -> Iterable[Match]:
    """A calendar point or period; without 截至, 至, 自 and 以来."""
    text = context.view.text
    for start, end in date_spans(text, context.lexicon("dates")):
        yield Match(start, end)
