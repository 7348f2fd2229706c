"""MONEY, PERCENT, QUANTITY: numbers with what they count.

The order settles what a number is: a sum of money before a share, a share before a quantity.
`figures_in` gives all three without overlaps to the rules that build on numbers.
"""
from __future__ import annotations

import re
from typing import Iterable, Iterator, NamedTuple

from labels import values
from labels.folding import View
from labels.lexicons import Lexicon
from labels.rules import Context, Match, rule

# One number: thousands marks only where they part groups of three, so that lists stay lists.
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
# 余, 多, 几 may stand before or after the power of ten: 300余万, 30万余, 100余, 4000多.
POWER = r"[余多几]?[十百千佰仟]?[万亿]{0,2}[余多]?"
RANGE = r"[-–—~∼〜至到]"
# Where a number may begin: not inside another, nor in a code (G1503), a sum 1+5+8, an ordinal.
START = r"(?<![\dA-Za-z.+×〔\[])(?<!第)(?<!\d[-–—~∼〜])"
HAN_DIGIT = "一二两三四五六七八九"
HAN = f"[{HAN_DIGIT}十百千零〇壹贰叁肆伍陆柒捌玖拾佰仟]"

CURRENCY = (r"(?:美元|美金|港元|港币|欧元|日元|英镑|澳门元|新台币|台币|韩元|加元|澳元|新元|卢布"
            r"|瑞士法郎|块钱|元(?![素旦宵])(?:人民币)?)")
_CURRENCY = re.compile(CURRENCY)
MINUS = r"(?:(?<![-\d%‰元年月日—–至)])-)?"
MONEY = re.compile(
    rf"{START}{MINUS}{NUMBER}{POWER}(?:元?{RANGE}{NUMBER}{POWER})?{CURRENCY}")
HAN_MONEY = re.compile(rf"(?<![第{HAN_DIGIT}])(?:{HAN}|[万亿](?=[^元])){{1,16}}"
                       rf"[余多]?[万亿]{{0,2}}[余多]?{CURRENCY}")
# Without a currency: 累计投入17.7亿, 价值百余万. What the clause speaks of must be money.
BARE_MONEY = re.compile(
    rf"{START}{NUMBER}[余多几]?[十百千]?(?:万亿|[万亿])[余多]?|{HAN}{{0,4}}[百千][余多][万亿]"
    rf"|[百千万]亿(?=[余元]|[^\u4e00-\u9fff]|$)")
MONEY_CUE = re.compile(
    r"(?:投入|投资|资金|金额|价值|损失|产值|营收|收入|贷款|融资|估值|成交|GDP|经费|费用|税|利润"
    r"|支出|资本|欠款|赔偿|募集|债|款|补贴|捐赠|减免|让利|节约|存款|销售额|交易额|标的|财政)"
    r"[^，。;,、!?:\n]{0,9}$")

_NO_SUM = re.compile(r"[级+%]")

_NOT_RATIO_TAIL = r"(?![\d:∶])"
PERCENT = re.compile(
    rf"(?<![\dA-Za-z.]){MINUS}负?{NUMBER}[%‰]?(?:{RANGE}{NUMBER})?(?:%|‰)"
    rf"|(?<![\dA-Za-z.]){NUMBER}(?:、{NUMBER}){{0,3}}(?:{RANGE}{NUMBER})?[kK]?[余多]?[个個]百分[点點]"
    rf"|[负]?(?:[百佰]|千|万|百万|千万|万万)分之(?:{NUMBER}|[{HAN_DIGIT}十百千佰万零〇点點]+)[kK]?"
    rf"|[{HAN_DIGIT}十拾百千万萬零〇叁半点點]{{1,12}}[余多]?[个個]百分[点點]"
    rf"|(?<![\dA-Za-z.]){NUMBER}(?:{RANGE}{NUMBER})?[余多]?[万亿]?倍(?![增频感速数加受])"
    rf"|(?<![{HAN_DIGIT}十百第]){HAN}{{1,6}}(?:点[{HAN_DIGIT}]+)?[余多]?倍(?![增频感速数加受])"
    rf"|(?<![\d.]){NUMBER}(?:∶{NUMBER}){{1,4}}{_NOT_RATIO_TAIL}"
    rf"|(?<![\d:.])(?:\d+\.\d+(?::\d+(?:\.\d+)?){{1,3}}|\d+:\d+\.\d+){_NOT_RATIO_TAIL}"
    rf"|(?<=[比例])(?:{NUMBER}):{NUMBER}{_NOT_RATIO_TAIL}")
# 三成, 八点五成, 九折; not 统一成立, 二成本, 一折旧.
TENTHS = re.compile(
    rf"(?<![{HAN_DIGIT}十百千零统合专唯单归划万如不第之为同点點\d.])"
    rf"(?:{NUMBER}|[{HAN_DIGIT}十](?:[点點][{HAN_DIGIT}])?)"
    rf"(?:成[{HAN_DIGIT}半多]?(?![立功本为果员长绩效就熟都交型品分文份群人才年语色因败套不])"
    rf"|折(?![合算旧抵叠扣射损断返腾服磨线子桂回]))"
    rf"|(?<![\d{HAN_DIGIT}])[{HAN_DIGIT}]{{2}}折(?![合算旧抵叠扣射损断返腾服磨线子桂回])")

_LIST_NUMBER = re.compile(r"\d{1,2}\.(?=\d)")
_YEAR_LIKE = re.compile(r"(?:(?:18|19|20)\d\d|0\d)年")
_NICKNAME = re.compile(r"[“\"][^“”\"，。;、\n]{1,14}$")


class Figure(NamedTuple):
    """A number mention: offsets into the folded text, end exclusive."""

    start: int
    end: int
    label: str


def money_spans(text: str, units: Lexicon) -> Iterator[tuple[int, int]]:
    """Sums of money in the folded `text`; `units` tells 17.7亿 from 17.7亿人."""
    for match in MONEY.finditer(text):
        yield match.span()
    for match in HAN_MONEY.finditer(text):
        if _real_han_sum(match.group()):
            yield match.span()
    unit = re.compile(_unit_pattern(units))
    for match in BARE_MONEY.finditer(text):
        if _bare_sum(text, match, unit):
            yield match.span()


def _real_han_sum(mention: str) -> bool:
    """Whether a sum in Chinese numerals says a figure: 一千元, not 千元, 三元, 百元."""
    if not mention.endswith(("元", "元人民币")) or mention.endswith(("美元", "港元", "欧元", "日元")):
        return any(char in HAN_DIGIT or char == "十" for char in mention)
    numerals = re.findall(HAN + "|[万亿]", mention)
    return len(numerals) > 1 and (any(char in HAN_DIGIT for char in numerals)
                                  or "余" in mention or "多" in mention)


def _bare_sum(text: str, match: "re.Match[str]", unit: "re.Pattern[str]") -> bool:
    end = match.end()
    if _CURRENCY.match(text, end) or unit.match(text, end) or _NO_SUM.match(text, end):
        return False
    if "万亿" in match.group():
        return True
    return bool(MONEY_CUE.search(text[max(0, match.start() - 24):match.start()]))


def percent_spans(text: str) -> Iterator[tuple[int, int]]:
    """Shares in the folded `text`: per cent, points, times, tenths, ratios."""
    for pattern in (PERCENT, TENTHS):
        for match in pattern.finditer(text):
            yield match.span()


def quantity_spans(text: str, units: Lexicon) -> Iterator[tuple[int, int]]:
    """Numbers in Arabic digits with a unit or, after 万 and 亿, without one."""
    pattern = re.compile(quantity_pattern(units))
    for match in pattern.finditer(text):
        if not _ordinal_or_title(text, match):
            yield match.span()


def quantity_pattern(units: Lexicon) -> str:
    """The pattern of a quantity over the units of the lexicon."""
    unit = _unit_pattern(units)
    return (rf"{START}{NUMBER}{POWER}(?:{RANGE}{NUMBER}{POWER})?{unit}"
            rf"(?:/[百千万亿]?(?:{unit}|[日月人]))?"
            rf"|{START}{NUMBER}[余多几]?[十百千]?[万亿][余多]?(?![级亿万元+美港欧日])")


def _unit_pattern(units: Lexicon) -> str:
    """Longest first; each unit refuses the characters that would make it another word."""
    pieces = []
    for term in units.terms():
        guard = units.entries[term].get("not_before", "")
        latin = "A-Za-z0-9" if term[-1].isascii() else ""
        pieces.append(re.escape(term) + (f"(?![{guard}{latin}])" if guard or latin else ""))
    return f"(?:{'|'.join(pieces)})"


def _ordinal_or_title(text: str, match: "re.Match[str]") -> bool:
    """Whether it is a rank (前3名), a year (2020年) or a nickname in quotes (“云泽30条”)."""
    mention = match.group()
    before = text[max(0, match.start() - 16):match.start()]
    if before.endswith("前") and mention.endswith(("名", "位", "强")):
        return True
    if _YEAR_LIKE.fullmatch(mention):
        return True
    return (text[match.end():match.end() + 1] in ("”", "\"") and mention.endswith("条")
            and bool(_NICKNAME.search(before)))


def past_list_number(view: View, start: int, end: int) -> tuple[int, int]:
    """The span without a list number that folding joined to it: ``1. 5个`` has ``5个``."""
    match = _LIST_NUMBER.match(view.text, start, end)
    if match and view.gap_before(match.end()) and view.text[start - 1:start] in ("", "\n"):
        return match.end(), end
    return start, end


def figures_in(view: View, units: Lexicon) -> list[Figure]:
    """All number mentions of `view`, sorted, without overlaps."""
    text = view.text
    taken: list[Figure] = []
    for label, found in (("MONEY", money_spans(text, units)), ("PERCENT", percent_spans(text)),
                         ("QUANTITY", quantity_spans(text, units))):
        spans = [past_list_number(view, start, end) for start, end in found]
        taken.extend(_without_overlaps(label, spans, taken))
    return sorted(taken)


def _without_overlaps(label: str, spans: Iterable[tuple[int, int]],
                      taken: list[Figure]) -> list[Figure]:
    """The spans of `label` that no earlier figure holds; within the label the first stays."""
    held = bytearray()
    for figure in taken:
        held.extend(bytes(max(0, figure.end - len(held))))
        held[figure.start:figure.end] = b"\1" * (figure.end - figure.start)
    found: list[Figure] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if any(held[start:end]):
            continue
        held.extend(bytes(max(0, end - len(held))))
        held[start:end] = b"\1" * (end - start)
        found.append(Figure(start, end, label))
    return found


def _money_value(context: Context, start: int, end: int) -> values.Value | None:
    return values.money(context.view.text[start:end])


def _percent_value(context: Context, start: int, end: int) -> values.Value | None:
    return values.percent(context.view.text[start:end])


def _quantity_value(context: Context, start: int, end: int) -> values.Value | None:
    return values.quantity(context.view.text[start:end])


@rule("MONEY", value=_money_value, priority=64, score=0.97, lexicons=("units",),
      examples=[
    "云泽区财政安排资金⟦153亿元⟧", "签约⟦5.7 亿美元⟧", "补助⟦100余万元⟧", "每户奖励⟦1.5-2万元⟧",
    "云泽区累计投入⟦17.7亿⟧", "捐赠价值⟦百余万⟧的物资", "单价⟦8.5元⟧/吨", "罚款⟦三千五百元⟧",
    "融资⟦8亿元人民币⟧", "核减⟦1,205.8 万元⟧", "约⟦30万余元⟧左右"],
    rejects=["亿元楼宇不断增多", "三元桥街道", "新增人口17.7亿人", "千元店", "“1+5+8”体系"])
def money(context: Context) -> Iterable[Match]:
    """A number with a currency, or with 万 or 亿 where the clause speaks of money."""
    text = context.view.text
    for found in money_spans(text, context.lexicon("units")):
        start, end = past_list_number(context.view, *found)
        yield Match(start, end)


@rule("PERCENT", value=_percent_value, priority=63, score=0.97, examples=[
    "同比增长⟦26.5%⟧", "提高⟦2.2个百分点⟧", "是上年的⟦1.74倍⟧", "控制在⟦30%-35%⟧之间", "降幅为⟦-2.70‰⟧",
    "占比达⟦百分之四十三⟧", "超过⟦三成⟧的企业", "分别提高⟦15、22个百分点⟧", "收支之比为⟦1.68∶1⟧",
    "增长⟦5％⟧左右", "减免⟦九折⟧优惠"],
    rejects=["产值翻番", "统一成立专班", "第3.5节", "上午9:30开会", "二成本核算", "该资产折旧"])
def percent(context: Context) -> Iterable[Match]:
    """Per cent, per mille, percentage points, times, tenths, ratios."""
    text = context.view.text
    for found in percent_spans(text):
        start, end = past_list_number(context.view, *found)
        yield Match(start, end)


@rule("QUANTITY", value=_quantity_value, priority=62, score=0.95, lexicons=("units",), examples=[
    "新建⟦38个⟧口袋公园", "投放⟦2307辆⟧公交车", "受理⟦30万余件⟧", "绿地⟦88.4万平方米⟧", "⟦20分钟⟧到达",
    "流转⟦600-800亩⟧", "产能⟦32 万片/月⟧", "游客⟦420多万⟧", "⟦2 年⟧内建成", "浓度为⟦35微克/立方米⟧",
    "建成5G基站⟦2002个⟧"],
    rejects=["第40次会议", "“1+5+8”体系", "地铁17号线", "G1503高速", "12345热线", "见表1-4-2。", "3.0版",
             "2020年", "排名全市前3名", "5A级景区", "2035远景目标", "3.本表", "“云泽惠企17条”", "第6位"])
def quantity(context: Context) -> Iterable[Match]:
    """Other numbers in Arabic digits with a unit or measure word."""
    text = context.view.text
    for found in quantity_spans(text, context.lexicon("units")):
        start, end = past_list_number(context.view, *found)
        yield Match(start, end)
