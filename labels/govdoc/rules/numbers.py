"""MONEY, PERCENT, QUANTITY: numbers with what they count.

Two patterns find all of them, one for figures in digits and one for figures in Chinese numerals.
Each begins with one character of a number, so that the search skips what is no number, and then
reads what follows: a currency, a sign, a unit. `figures_of` gives the mentions of a document, found
once, to all rules that build on numbers.
"""
from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterable, Iterator, NamedTuple

from labels.folding import View
from labels.govdoc.names import once
from labels.govdoc.rules.dates import dates_of, mended_text
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context, Match, Value, rule
from labels.values import money as money_of
from labels.values import percent as percent_of
from labels.values import quantity as quantity_of

DASHES = "-–—―~∼〜−﹣"
RANGE = rf"(?:[{DASHES}]{{1,2}}|[至到])"
# One number: thousands marks only where they part groups of three, so that lists stay lists.
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,30})(?:\.\d{1,15})?"
# The same where a search begins: not inside another number, nor in a code (G1503).
_FIRST = (r"[0-9](?<![\dA-Za-z.][0-9])(?:\d{0,2}(?:,\d{3})+(?!\d)|\d{0,29})(?:\.\d{1,15})?(?!\d)")
# 余, 多, 几 may stand before or after the power of ten: 300余万, 30万余, 100余, 4000多.
POWER = r"[余多几餘幾]?[十百千佰仟]?[万亿萬億]{0,2}[余多餘]?"
HAN_DIGIT = "一二两三四五六七八九"
_HAN_FORMAL = "壹贰貳叁參肆伍陆陸柒捌玖拾佰仟兩"
HAN = f"{HAN_DIGIT}{_HAN_FORMAL}十百千零〇"
_HAN_BODY = f"[{HAN}万亿萬億点點]"

_CHANGE = rf"[元块塊圆圓](?:零?[\d{HAN}][角毛](?:零?[\d{HAN}]分)?|零[\d{HAN}]分)钱?"
CURRENCY = (rf"(?:{_CHANGE}|[元圆圓](?![素旦宵])(?:人民币)?|美[元圆圓金]|港[元币]|欧元|日[元圆圓]|英镑"
            r"|澳门元|新台币|台币|韩元|加元|澳元|新元|卢布|瑞士法郎|[块塊][钱錢])")
_POINTS = r" ?[余多]?[个個] ?百 ?分 ?[点點]"
_TIMES = r"倍半?(?![增频感速数加受])"
_NO_TENTH = r"(?![立功本为果员长绩效就熟都交型品分文份群人才年语色因败套不])"
_NO_DISCOUNT = r"(?![合算旧抵叠扣射损断返腾服磨线子桂回])"
_TENTH = rf"(?:成[{HAN_DIGIT}半多]?{_NO_TENTH}|折{_NO_DISCOUNT})"
_WIDE_NUMBER = r"(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d{1,30})(?:\.\d{1,15})?"
_IN_A = rf"[万萬]?分之(?:{_WIDE_NUMBER}[kK]?|负?[{HAN}万亿萬億点點]+)"

_HAN_FIGURE = lazy(
    rf"[{HAN}万亿萬億半](?<![第{HAN}万亿萬億点點][{HAN}万亿萬億半])"
    rf"(?:(?P<share>(?<=[百佰千仟万萬]){_IN_A})"
    rf"|{_HAN_BODY}{{0,16}}(?:[至到]{_HAN_BODY}{{1,10}})?[余多]?[万亿萬億]{{0,2}}[余多]?"
    rf"(?:(?P<points>{_POINTS})|(?P<money>{CURRENCY})|(?P<times>{_TIMES})|(?P<tenth>{_TENTH})"
    r"|(?P<bare>(?<=[万亿余多]))))")
_HAN_TENTH = lazy(
    rf"[{HAN_DIGIT}十陆陸](?:[点點][{HAN_DIGIT}]|[至到][{HAN_DIGIT}十])?[成折]|[{HAN_DIGIT}]{{2}}折")
_HALF_PRICE = lazy(r"折(?<=打[对對]折)")
_SIGNED_MONEY = lazy(rf"[¥￥]{NUMBER}{POWER}元?")
# 价值百余万, 千亿: sums without digits.
_HAN_BARE = lazy(rf"[{HAN}]{{0,4}}[百千][余多][万亿]|[百千万]亿(?=[余元]|[^\u4e00-\u9fff]|$)")
# 突破千亿元, 近百亿元: a round sum that is reached; not 每百元, 亿元楼宇.
_ROUND_SUM = lazy(r"(?:突破|首破|达到?|超过?|逾|近|跨越|迈上|跃上)[十百千万]{1,2}[万亿]?元$")
# Without a currency: 累计投入17.7亿, 价值百余万. What the clause speaks of must be money.
_MONEY_CUE = lazy(
    r"(?:投入|投资|资金|金额|价值|损失|产值|营收|收入|贷款|融资|估值|成交|GDP|经费|费用|税|利润"
    r"|支出|资本|欠款|赔偿|募集|债|款|补贴|捐赠|减免|让利|节约|存款|销售额|交易额|标的|财政)"
    r"[^，。;,、!?:\n]{0,9}$")

_LIST_NUMBER = lazy(r"\d{1,2}\.(?=\d)")
_SECTION_NUMBER = lazy(r"\d{1,2}(?:\.\d{1,2})+[^\d.]$")
_YEAR_LIKE = lazy(r"(?:(?:18|19|20)\d\d|0\d)[年届]")
_PAGE_OF = lazy(r"第\d+页[,，/]? ?共$")
_NICKNAME = lazy(r"[“\"][^“”\"，。;、\n]{1,14}$")
_NOT_BEFORE_MINUS = frozenset("-–—至到%‰元年月日") | frozenset("0123456789")


class Figure(NamedTuple):
    """A number mention: offsets into the folded text, end exclusive, and its unit if it has one."""

    start: int
    end: int
    label: str
    unit: str = ""


# --- the patterns ------------------------------------------------------------------------------

@lru_cache(maxsize=1)
def _compiled() -> dict[str, "re.Pattern[str]"]:
    """Figure patterns by the hash of their units: compiling one takes milliseconds."""
    return {}


def _figure_pattern(units: Lexicon) -> "re.Pattern[str]":
    """Figures in digits with what they count; the named group tells what it is."""
    known = _compiled()
    if units.hash not in known:
        known[units.hash] = re.compile(_figure_source(units))
    return known[units.hash]


def _figure_source(units: Lexicon) -> str:
    """The look-ahead after the number lets bare numbers (tables are full of them) go at once."""
    unit = unit_pattern(units)
    heads = "".join(sorted({term[0] for term in units}))
    follows = re.escape(f"{heads}余多几餘幾十百千佰仟万亿萬億元圆圓美港欧日英澳新台韩加卢瑞块塊%‰∶:、， 个個kK成折倍(至到{DASHES}")
    return (
        rf"{_FIRST}(?=[{follows}])"
        rf"(?:(?:[%‰]?{RANGE}{NUMBER})?(?P<sign>[%‰])"
        rf"|(?:，\d{{3}}(?!\d)|、{NUMBER}){{0,3}}(?:{RANGE}{NUMBER})?[kK]?(?P<points>{_POINTS})"
        rf"|(?P<tenth>{_TENTH})|(?P<ratio>(?:[:∶]{NUMBER}){{1,4}}(?![\d:∶]))"
        rf"|{POWER}(?:(?:{CURRENCY})?(?:\(含\))?{RANGE}{NUMBER}{POWER})?"
        rf"(?:(?P<money>{CURRENCY})|(?P<times>{_TIMES})"
        rf"|(?P<unit>{unit}(?:/[百千万亿]?(?:{unit}|[日月人]))?)"
        r"|(?P<bare>(?<=[万亿萬億余多])(?![级亿万元+%美港欧日]))))")


def unit_pattern(units: Lexicon) -> str:
    """The units as a pattern, by first character and there longest first.

    Each unit refuses the characters that would make it the head of another word (个 in 个人).
    """
    plain: list[str] = []
    others: dict[str, list[str]] = {}
    for term in units.terms():
        guard = units.entries[term].get("not_before", "")
        latin = "A-Za-z0-9" if term[-1].isascii() else ""
        rest = re.escape(term[1:]) + (f"(?![{guard}{latin}])" if guard or latin else "")
        others.setdefault(term[0], []).append(rest)
    for head in [head for head, rests in others.items() if rests == [""]]:
        plain.append(head)
        del others[head]
    pieces = [f"{re.escape(head)}(?:{'|'.join(rests)})" for head, rests in sorted(others.items())]
    return f"(?:[{''.join(sorted(plain))}]|{'|'.join(pieces)})"


# --- what they find ----------------------------------------------------------------------------

_SHARES = frozenset(("sign", "points", "times"))
# What the rare mentions end in that `_ordinal_or_title` tells apart.
_ENDS_OTHER = frozenset("名位强年届页条")


def _digit_figures(text: str, units: Lexicon) -> Iterator[Figure]:
    made = tuple.__new__  # by its fields it would take three times as long
    for match in _figure_pattern(units).finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "unit":
            if _counts(text, start) and not (
                    text[end - 1] in _ENDS_OTHER and _ordinal_or_title(text, start, end)):
                start -= text[start - 1:start] == "负"
                yield made(Figure, (start, end, "QUANTITY", match["unit"].partition("/")[0]))
        elif kind in _SHARES:
            yield made(Figure, (_with_sign(text, start), end, "PERCENT", ""))
        elif kind == "money":
            if _counts(text, start):
                yield made(Figure, (
                    _with_currency(text, _with_sign(text, start)), end, "MONEY", ""))
        elif kind == "bare":
            if _counts(text, start) and any(power in match.group() for power in "万亿萬億"):
                yield Figure(start, end, "MONEY" if _bare_sum(text, start, end) else "QUANTITY")
        elif kind == "tenth" or _is_ratio(text, start, match.group()):
            yield Figure(start, end, "PERCENT")


def _han_figures(text: str) -> Iterator[Figure]:
    for match in _HAN_FIGURE.finditer(text):
        kind, mention = match.lastgroup, match.group()
        start, end = match.span()
        if kind == "money":
            if _real_han_sum(mention) or _is_round_sum(text, start, end):
                yield Figure(_with_currency(text, start), end, "MONEY")
        elif kind == "bare":
            bare = _HAN_BARE.match(text, start)
            if bare and _bare_sum(text, start, bare.end()):
                yield Figure(start, bare.end(), "MONEY")
        elif kind == "tenth":
            if text[start - 1:start] not in tuple("统合专唯单归划如不之为同.") and (
                    _HAN_TENTH.match(mention)):
                yield Figure(start, end, "PERCENT")
        elif kind != "times" or "半" not in mention[0]:
            yield Figure(_with_sign(text, start), end, "PERCENT")
    for match in _HALF_PRICE.finditer(text):
        yield Figure(match.start() - 1, match.end(), "PERCENT")
    if "¥" in text or "￥" in text:
        for match in _SIGNED_MONEY.finditer(text):
            yield Figure(*match.span(), "MONEY")


def _counts(text: str, start: int) -> bool:
    """Whether the number is no ordinal (第3), code (〔2020), sum (1+5) or end of a range."""
    before = text[start - 1:start]
    if not before:
        return True
    return before not in "+×〔[第" and not (before in DASHES and text[start - 2:start - 1].isdigit())


def _with_sign(text: str, start: int) -> int:
    """Where a figure begins with the minus that belongs to it."""
    before = text[start - 1:start]
    if before and before in "负負-−" and (
            before in "负負" or text[start - 2:start - 1] not in _NOT_BEFORE_MINUS):
        return start - 1
    return start


def _with_currency(text: str, start: int) -> int:
    """Where a sum begins with 人民币 before it."""
    if text[start - 1:start] in ("币", " "):
        for word in ("人民币", "人民币 "):
            if text.endswith(word, 0, start):
                return start - len(word)
    return start


def _is_ratio(text: str, start: int, mention: str) -> bool:
    """2.5∶1, 1.68:1, 比例为3:2 are ratios, 9:30 is a time."""
    return "∶" in mention or "." in mention or text.endswith(("比", "例", "比为", "例为"), 0, start)


def _real_han_sum(mention: str) -> bool:
    """Whether a sum in Chinese numerals says a figure: 一千元, not 千元, 三元, 百元."""
    if mention.endswith(("角", "毛", "分", "钱")):
        return True
    if not mention.endswith(("元", "圆", "圓", "元人民币")) or mention[-2:-1] in tuple("美港欧日"):
        return any(char in HAN_DIGIT or char == "十" for char in mention)
    numerals = [char for char in mention if char in HAN or char in "万亿萬億"]
    return len(numerals) > 1 and any(
        char in HAN_DIGIT or char in _HAN_FORMAL or char in "余多" for char in mention)


def _is_round_sum(text: str, start: int, end: int) -> bool:
    """突破千亿元 is a sum that is reached; 超千万元项目 only tells a kind."""
    return (text[end:end + 1] not in tuple("级项企产楼园村镇")
            and bool(_ROUND_SUM.search(text[max(0, start - 4):end])))


def _bare_sum(text: str, start: int, end: int) -> bool:
    return "万亿" in text[start:end] or bool(_MONEY_CUE.search(text[max(0, start - 24):start]))


def _ordinal_or_title(text: str, start: int, end: int) -> bool:
    """Whether it is a rank (前3名), a year (2020年) or a nickname in quotes (“云泽30条”), a page."""
    last = text[end - 1]
    if last in "名位强":
        return text[start - 1:start] == "前"
    if last in "年届":
        return bool(_YEAR_LIKE.fullmatch(text, start, end))
    if last == "页":
        return bool(_PAGE_OF.search(text[max(0, start - 12):start]))
    return (last == "条" and text[end:end + 1] in ("”", "\"")
            and bool(_NICKNAME.search(text[max(0, start - 16):start])))


def past_list_number(view: View, start: int, end: int) -> tuple[int, int]:
    """The span without a list number that folding joined to it: ``1. 5个`` has ``5个``."""
    if text_before(view.text, start) in ("", "\n"):
        match = _LIST_NUMBER.match(view.text, start, end)
        if match and view.gap_before(match.end()):
            return match.end(), end
    return start, end


def _is_section_number(view: View, figure: Figure) -> bool:
    """Whether it is the number of a section and the first word of its title: ``10.2 对投标…``."""
    if figure.label != "QUANTITY" or text_before(view.text, figure.start) not in ("", "\n"):
        return False
    match = _SECTION_NUMBER.match(view.text, figure.start, figure.end)
    return bool(match) and view.gap_before(figure.end - 1)


def text_before(text: str, start: int) -> str:
    """The character before `start`, empty at the beginning."""
    return text[start - 1:start] if start else ""


def figures_in(view: View, text: str, units: Lexicon) -> list[Figure]:
    """All number mentions of `view`, whose text is `text` once it is mended, sorted, without
    overlaps."""
    found: list[Figure] = []
    position = 0
    for figure in sorted([*_digit_figures(text, units), *_han_figures(text)]):
        start, end = figure.start, figure.end
        if start < position:
            continue
        position = end
        if not start or text[start - 1] == "\n":
            start, position = past_list_number(view, start, end)
            if start > figure.start:
                figure = figure._replace(start=start)
            elif _is_section_number(view, figure):
                continue
        found.append(figure)
    return found


def figures_of(context: Context) -> list[Figure]:
    """The number mentions of the document that are no part of a date, found once."""
    return once(context, "numbers.figures", _undated)


def _undated(context: Context) -> list[Figure]:
    kept: list[Figure] = []
    dates = iter((*dates_of(context), (len(context.view.text), len(context.view.text) + 1)))
    begun, done = next(dates)
    for figure in figures_in(context.view, mended_text(context), context.lexicon("units")):
        start, end = figure.start, figure.end
        while done <= start:
            begun, done = next(dates)
        if begun >= end:
            kept.append(figure)
    return kept


def _of(context: Context, label: str) -> Iterable[Match]:
    made = tuple.__new__  # as for `Figure`
    return [made(Match, (figure.start, figure.end, None, (figure.unit,) if figure.unit else ()))
            for figure in figures_of(context) if figure.label == label]


def _money_value(context: Context, start: int, end: int) -> Value | None:
    return money_of(context.view.text[start:end])


def _percent_value(context: Context, start: int, end: int) -> Value | None:
    return percent_of(context.view.text[start:end])


def _quantity_value(context: Context, start: int, end: int) -> Value | None:
    return quantity_of(context.view.text[start:end])


@rule("MONEY", value=_money_value, priority=64, score=0.97, lexicons=("units",),
      examples=[
    "云泽区财政安排资金⟦153亿元⟧", "签约⟦5.7 亿美元⟧", "补助⟦100余万元⟧", "每户奖励⟦1.5-2万元⟧",
    "云泽区累计投入⟦17.7亿⟧", "捐赠价值⟦百余万⟧的物资", "单价⟦8.5元⟧/吨", "罚款⟦三千五百元⟧",
    "融资⟦8亿元人民币⟧", "核减⟦1,205.8 万元⟧", "约⟦30万余元⟧左右", "押金⟦五元三毛⟧",
    "合同价⟦人民币 58万元⟧", "⟦1万元(含)-5万元⟧的采购", "合计⟦壹拾贰万叁仟元⟧整"],
    rejects=["亿元楼宇不断增多", "三元桥街道", "新增人口17.7亿人", "千元店", "“1+5+8”体系"])
def money(context: Context) -> Iterable[Match]:
    """A number with a currency, or with 万 or 亿 where the clause speaks of money."""
    return _of(context, "MONEY")


@rule("PERCENT", value=_percent_value, priority=63, score=0.97, lexicons=("units",), examples=[
    "同比增长⟦26.5%⟧", "提高⟦2.2个百分点⟧", "是上年的⟦1.74倍⟧", "控制在⟦30%-35%⟧之间", "降幅为⟦-2.70‰⟧",
    "占比达⟦百分之四十三⟧", "超过⟦三成⟧的企业", "分别提高⟦15、22个百分点⟧", "收支之比为⟦1.68∶1⟧",
    "增长⟦5％⟧左右", "减免⟦九折⟧优惠", "租金打⟦对折⟧", "提高⟦半个百分点⟧", "同比+⟦3.5%⟧"],
    rejects=["产值翻番", "统一成立专班", "第3.5节", "上午9:30开会", "二成本核算", "该资产折旧"])
def percent(context: Context) -> Iterable[Match]:
    """Per cent, per mille, percentage points, times, tenths, ratios."""
    return _of(context, "PERCENT")


@rule("QUANTITY", value=_quantity_value, priority=62, score=0.95, lexicons=("units",), examples=[
    "新建⟦38个⟧口袋公园", "投放⟦2307辆⟧公交车", "受理⟦30万余件⟧", "绿地⟦88.4万平方米⟧", "⟦20分钟⟧到达",
    "流转⟦600-800亩⟧", "产能⟦32 万片/月⟧", "游客⟦420多万⟧", "⟦2 年⟧内建成", "浓度为⟦35微克/立方米⟧",
    "建成5G基站⟦2002个⟧"],
    rejects=["第40次会议", "“1+5+8”体系", "地铁17号线", "G1503高速", "12345热线", "见表1-4-2。", "3.0版",
             "2020年", "排名全市前3名", "5A级景区", "2035远景目标", "3.本表", "“云泽惠企17条”", "第6位"])
def quantity(context: Context) -> Iterable[Match]:
    """Other numbers in Arabic digits with a unit or measure word."""
    return _of(context, "QUANTITY")
