"""Rates in prose: what is done of what was planned, growth, shares, where both sides are told.

An equation is claimed only where the sentence names both figures that a rate compares. Where the
text says that the base was revised (可比口径, 剔除…, 按不变价), it is not computed.
"""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Callable, Iterator, Sequence

from labels.checks import Equation, Figures, NotCheckable, check
from labels.errors import N_
from labels.govdoc.facts import plain
from labels.govdoc.sentences import (
    COUNT, FIGURE, MONEY, PERCENT, POINTS, Figure, Sentence, address, sentences, term,
)

Claim = Equation | NotCheckable
Residual = Callable[[Sequence[Decimal]], Decimal]

REVISED = re.compile(r"可比|同口径|统一口径|不变价|剔除|扣除|还原|调整后(?!预算)|新口径|口径调整|自然口径|不含|基数"
                     r"|同比例|快报|经普|第[一二三四五六]次(?:全国)?经济普查")
_NOT_REVISED = N_("the base of comparison was revised")
_AMOUNTS = f"[{MONEY}{COUNT}]"
_NO = f"[^{FIGURE};]"

# 年初预算为A，…支出决算为B，完成年初预算的C%.
_DONE = re.compile(
    rf"(?:完成|为|占|达到?|是)(?:了)?(?P<which>年初|年度|全年|当年|调整后?|变动后?)?(?:的)?"
    rf"(?P<what>预算|计划|目标|任务)(?:数|额|总额)?的?(?P<rate>{PERCENT})"
    rf"|(?:预算|计划)?(?P<what2>执行|完成|控制)(?:率|进度)(?:为|达到?|是)?(?P<rate2>{PERCENT})")
_PLAN = re.compile(
    rf"(?P<which>年初|年度|全年|当年|调整后?|变动后?)?(?:的)?(?P<what>预算|计划|目标|任务)"
    rf"(?:数|额|总额|投资|安排|支出|收入|资金)*(?:为|是|共|安排|:|，)*(?P<plan>{_AMOUNTS})")
_ACTUAL = re.compile(
    rf"(?:决算|执行|实际|完成|支出|收入|使用|拨付|到位|发放|投入)(?:数|额|支出|收入|完成|使用|资金|投资)*"
    rf"(?:为|是|共|达到?|了|:)*(?P<actual>{_AMOUNTS})")


@check
def completion(figures: Figures) -> Iterator[Claim]:
    """The plan, what was reached, and the rate, in one sentence."""
    for sentence in sentences(figures):
        for rate in _DONE.finditer(sentence.shape):
            group = "rate" if rate.group("rate") else "rate2"
            pair = _plan_and_actual(sentence, rate)
            if pair is None or pair[0].amount.kind != pair[1].amount.kind:
                continue
            yield _product(figures, "completion", sentence, (
                *pair, sentence.figure(rate, group)), N_(
                "%(actual)s is %(rate)s of the planned %(plan)s"), ("plan", "actual", "rate"))


# 总分A，实际得分B，得分率C%; 受理A件，审结B件，结收比C%; 其中启用B家、启用率C%.
_TURN = rf"(?:，[^{MONEY}{COUNT};，]{{0,10}}[{PERCENT}{POINTS}])?"
_IS = "(?:为|达到?)?"
_VERB_AND_RATE = (rf"(?P<verb>[\u4e00-\u9fff]{{2}})(?P<part>{COUNT})[，、](?P=verb)率{_IS}"
                  rf"(?P<rate>{PERCENT})")
_NAMED_RATES = (
    re.compile(rf"(?:总分|满分|分值)(?:为)?(?P<whole>{COUNT})，(?:实际)?(?:得|评)分(?:为)?"
               rf"(?P<part>{COUNT})，得分率{_IS}(?P<rate>{PERCENT})"),
    re.compile(rf"(?:受理|收案)[^{FIGURE};，]{{0,12}}(?P<whole>{COUNT}){_TURN}[，;](?:审结|结案|办结)"
               rf"[^{FIGURE};，]{{0,8}}(?P<part>{COUNT}){_TURN}[，;](?:同期)?(?:结案率|结收比|办结率)"
               rf"{_IS}(?P<rate>{PERCENT})"),
    re.compile(rf"(?P<whole>{COUNT})[^{FIGURE};，]{{0,12}}中，?[^{FIGURE};，]{{0,12}}?"
               rf"{_VERB_AND_RATE}"),
    re.compile(rf"(?P<whole>{COUNT})[^{MONEY}{COUNT};]{{0,40}}其中，?[^{FIGURE};，]{{0,12}}?"
               rf"{_VERB_AND_RATE}"),
)


@check
def named_rates(figures: Figures) -> Iterator[Claim]:
    """Rates that their name ties to the two figures before them."""
    for sentence in sentences(figures):
        for pattern in _NAMED_RATES:
            for match in pattern.finditer(sentence.shape):
                told = tuple(sentence.figure(match, name) for name in ("whole", "part", "rate"))
                if _one_unit(told[0], told[1]):
                    yield _product(figures, "named_rates", sentence, told,
                                   N_("%(part)s is %(rate)s of %(whole)s"),
                                   ("whole", "part", "rate"))


def _one_unit(one: Figure, other: Figure) -> bool:
    """件 and 起 of cases are told as the same; kinds of money and measures are not."""
    kinds = {one.amount.kind, other.amount.kind}
    return len(kinds) == 1 or kinds <= _COUNTED


_COUNTED = frozenset("件起宗个家套户人名所项")


# B，完成年度计划A的C%; B，占X总量A的C%.
_OF_FIGURE = re.compile(
    rf"(?P<actual>{_AMOUNTS})[^{FIGURE};，]{{0,8}}，?[^{FIGURE};，]{{0,10}}?(?:完成|占|达到?|为)"
    rf"(?:了)?(?P<of>[^{FIGURE};，]{{2,24}}?)(?P<plan>{_AMOUNTS})的(?P<rate>{PERCENT})")


@check
def part_of_figure(figures: Figures) -> Iterator[Claim]:
    """A figure as a share of another that the same clause tells."""
    for sentence in sentences(figures):
        for match in _OF_FIGURE.finditer(sentence.shape):
            told = tuple(sentence.figure(match, name) for name in ("plan", "actual", "rate"))
            if told[0].amount.kind == told[1].amount.kind:
                yield _product(figures, "part_of_figure", sentence, told,
                               N_("%(actual)s is %(rate)s of %(plan)s"),
                               ("plan", "actual", "rate"))


def _plan_and_actual(sentence: Sentence, rate: "re.Match[str]") -> tuple[Figure, Figure] | None:
    """The only plan of its kind before the rate, and the only result between the two."""
    low = _last(sentence.shape, rate.start(), (PERCENT, ";"))
    plans = [plan for plan in _PLAN.finditer(sentence.shape, low, rate.start())]
    if rate.group("which") and len(plans) > 1:
        plans = [plan for plan in plans if (plan.group("which") or "")[:2] == (
            rate.group("which")[:2])]
    revised = [plan for plan in plans if (plan.group("which") or "").startswith(("调整", "变动"))]
    if len(plans) > 1 and rate.group("what2") and len(revised) == 1:
        plans = revised  # 预算执行率 is of the budget as it was adjusted
    if len(plans) != 1:
        return None
    actuals = list(_ACTUAL.finditer(sentence.shape, plans[0].end("plan"), rate.start()))
    between = re.findall(f"[{FIGURE}]", sentence.shape[plans[0].end("plan"):rate.start()])
    if len(actuals) != 1 or len(between) != 1:
        return None
    return sentence.figure(plans[0], "plan"), sentence.figure(actuals[0], "actual")


def _last(shape: str, position: int, marks: Sequence[str]) -> int:
    return max(shape.rfind(mark, 0, position) for mark in marks) + 1


# B，比上年增加D，增长C%.
_UP = r"增加|增长|增收|增支|增幅|提高|上升|提升|扩大|多收|多支|多|增"
_DOWN = r"减少|下降|减收|减支|降低|降幅|回落|压减|压缩|少收|少支|少|减"
_EARLIER = r"上年|去年|上一年|前一年|(?:19|20)\d\d年"
_THAN = rf"(?:同比|(?:比|较)(?:{_EARLIER}){_NO}{{0,10}}?)"
_BY_AMOUNT = re.compile(
    rf"(?P<now>{_AMOUNTS})(?:，[^{FIGURE};]{{0,12}}(?:预算|计划|目标|任务){_NO}{{0,6}}{PERCENT})?"
    rf"，?{_THAN}(?:净)?(?P<turn>{_UP}|{_DOWN})了?(?:支出|收入)?(?P<by>{_AMOUNTS})，?(?:同比)?"
    rf"(?P<turn2>{_UP}|{_DOWN})(?:比例|幅度)?(?:为|了)?(?P<rate>{PERCENT})")
_BY_RATE = re.compile(
    rf"(?P<now>{_AMOUNTS})，?{_THAN}(?P<turn2>{_UP}|{_DOWN})(?P<rate>{PERCENT})，(?:同比)?"
    rf"(?:净)?(?P<turn>{_UP}|{_DOWN})了?(?P<by>{_AMOUNTS})")


@check
def growth_by_amount(figures: Figures) -> Iterator[Claim]:
    """A level, by how much it changed, and by what per cent."""
    for sentence in sentences(figures):
        for pattern in (_BY_AMOUNT, _BY_RATE):
            for match in pattern.finditer(sentence.shape):
                yield from _by_amount(figures, sentence, match)


def _by_amount(figures: Figures, sentence: Sentence, match: "re.Match[str]") -> Iterator[Claim]:
    told = tuple(sentence.figure(match, name) for name in ("now", "by", "rate"))
    up = re.fullmatch(_UP, match.group("turn")) is not None
    if up != (re.fullmatch(_UP, match.group("turn2")) is not None) or (
            told[0].amount.kind != told[1].amount.kind):
        return
    if _is_revised(sentence, match):
        yield _not(figures, "growth_by_amount", told[2])
        return
    yield _product(
        figures, "growth_by_amount", sentence, told,
        N_("%(now)s, changed by %(by)s, is a change of %(rate)s"), ("now", "by", "rate"),
        _by(1 if up else -1))


# 由A提高到B，提高C个百分点; 从A增加到B，增长C%.
_LEVELS = f"[{MONEY}{COUNT}{PERCENT}]"
_FROM_TO = re.compile(
    rf"(?:从|由){_NO}{{0,24}}?(?P<old>{_LEVELS}){_NO}{{0,4}}?(?:{_UP}|{_DOWN}|变化|调整)?(?:到|至|为)"
    rf"{_NO}{{0,16}}?(?P<new>{_LEVELS})，[^{FIGURE};，]{{0,8}}?(?P<turn>{_UP}|{_DOWN})了?"
    rf"(?P<by>[{MONEY}{COUNT}{PERCENT}{POINTS}])")
_AVERAGE = re.compile(r"年均|平均|每年|月均|日均")


@check
def from_to(figures: Figures) -> Iterator[Claim]:
    """From one level to another, and the difference or the rate between them."""
    for sentence in sentences(figures):
        for match in _FROM_TO.finditer(sentence.shape):
            told = tuple(sentence.figure(match, name) for name in ("old", "new", "by"))
            old, new, by = (figure.amount.kind for figure in told)
            sign = 1 if re.fullmatch(_UP, match.group("turn")) else -1
            if old != new or _AVERAGE.search(match.group()):
                continue
            if by == "%" and old != "%":
                if _is_revised(sentence, match):
                    yield _not(figures, "from_to", told[2])
                    continue
                yield _product(
                    figures, "from_to", sentence, told,
                    N_("from %(old)s to %(new)s is a change of %(by)s"), ("old", "new", "by"),
                    over(sign))
            elif by == old or (old, by) == ("%", "百分点"):
                yield Equation(
                    "prose_rates.from_to", tuple(term(figures, figure) for figure in told),
                    N_("from %(old)s to %(new)s is a change of %(by)s"),
                    _words(told, ("old", "new", "by")), weights=(-1, 1, -sign))


# 上年A，本年B，增长C%.
_BOTH_YEARS = re.compile(
    rf"(?P<before>(?:19|20)\d\d年|上年|去年)(?:度|末|底|同期)?[^{FIGURE};，。]{{0,16}}?(?P<old>{_AMOUNTS})，"
    rf"(?P<after>(?:19|20)\d\d年|今年|本年)(?:度|末|底|同期)?[^{FIGURE};，。]{{0,16}}?(?P<new>{_AMOUNTS})，"
    rf"(?:同比|比上年|较上年)?(?P<turn>{_UP}|{_DOWN})了?(?P<rate>{PERCENT})")


@check
def growth_of_two_years(figures: Figures) -> Iterator[Claim]:
    """Both years' values and the growth between them."""
    for sentence in sentences(figures):
        for match in _BOTH_YEARS.finditer(sentence.shape):
            told = tuple(sentence.figure(match, name) for name in ("old", "new", "rate"))
            years = match.group("before")[:4], match.group("after")[:4]
            if all(year.isdigit() for year in years) and int(years[1]) != int(years[0]) + 1:
                continue
            if told[0].amount.kind != told[1].amount.kind:
                continue
            if _is_revised(sentence, match):
                yield _not(figures, "growth_of_two_years", told[2])
                continue
            sign = 1 if re.fullmatch(_UP, match.group("turn")) else -1
            yield _product(
                figures, "growth_of_two_years", sentence, told,
                N_("from %(old)s to %(new)s is a change of %(rate)s"), ("old", "new", "rate"),
                over(sign))


# 税收收入B，占(一般公共预算收入的)C%, after 一般公共预算收入A，其中.
_SHARE = re.compile(
    rf"(?P<part>{_AMOUNTS})(?:，[^{MONEY}{COUNT};占]*?)?，?(?<!分别)(?<!各)(?<!均)"
    rf"占(?P<of>[^{FIGURE};，]{{0,20}}?)(?:的)?(?:比重|比例|比)?(?:为|达到?)?(?P<rate>{PERCENT})")
_WITHIN = re.compile(r"其中|包括|(?:以下|下列)(?:几个)?方面")
_REST = re.compile(r"其余|剩余|余下")


# 税收收入A，…；非税收入B，…；税收占比C%.
_TAX = re.compile(
    rf"税收(?:收入)?(?:完成)?(?P<part>{MONEY})[^{MONEY}]{{0,60}}?[，;、]非税收入(?:完成)?(?P<other>{MONEY})"
    rf"[^{MONEY}]{{0,60}}?[，;]税收(?:收入)?占(?:比|[^{FIGURE};，]{{0,20}}(?:比重|比例))(?:为|达到?)?"
    rf"(?P<rate>{PERCENT})")


@check
def share_of_taxes(figures: Figures) -> Iterator[Claim]:
    """Taxes, other revenue, and the share of taxes in both."""
    for sentence in sentences(figures):
        for match in _TAX.finditer(sentence.shape):
            told = tuple(sentence.figure(match, name) for name in ("part", "other", "rate"))
            yield _product(figures, "share_of_taxes", sentence, told,
                           N_("%(part)s is %(rate)s of it and %(other)s together"),
                           ("part", "other", "rate"),
                           lambda v: (v[0] + v[1]) * v[2] - 100 * v[0])


@check
def share_of_whole(figures: Figures) -> Iterator[Claim]:
    """A whole, a part of it after 其中, and the part's share of that whole."""
    before: Sentence | None = None
    for sentence in sentences(figures):
        for match in _SHARE.finditer(sentence.shape):
            found = _whole(sentence, before, match, match.start("part"))
            if found is None or not _same_whole(match.group("of"), found[0]):
                continue
            told = (found[1], sentence.figure(match, "part"), sentence.figure(match, "rate"))
            if told[0].amount.kind == told[1].amount.kind:
                yield _product(
                    figures, "share_of_whole", sentence, told,
                    N_("%(part)s is %(rate)s of %(whole)s"), ("whole", "part", "rate"))
        for match in _RESPECTIVELY.finditer(sentence.shape):
            yield from _respectively(figures, sentence, before, match)
        before = sentence


# 其中第一产业A、第二产业B，分别占x、y.
_RESPECTIVELY = re.compile(
    rf"(?P<parts>(?:[^{FIGURE};，]{{0,24}}{_AMOUNTS}[，、和及与]){{2,}}){_NO}{{0,4}}?"
    rf"分别占(?P<of>{_NO}{{0,20}}?)的?(?:比重|比例|比)?(?:为)?(?P<rates>{PERCENT}(?:[、和及与，]{PERCENT})+)")


def _respectively(figures: Figures, sentence: Sentence, before: Sentence | None,
                  match: "re.Match[str]") -> Iterator[Claim]:
    """As many parts as rates: the first part has the first rate."""
    parts = [at.start() for at in re.compile(_AMOUNTS).finditer(
        sentence.shape, match.start("parts"), match.end("parts"))]
    rates = [at.start() for at in re.compile(PERCENT).finditer(
        sentence.shape, match.start("rates"), match.end("rates"))]
    found = _whole(sentence, before, match, parts[0])
    if len(parts) != len(rates) or found is None or not _same_whole(match.group("of"), found[0]):
        return
    for part, rate in zip(parts, rates):
        told = (found[1], sentence.figures[part], sentence.figures[rate])
        if told[0].amount.kind == told[1].amount.kind:
            yield _product(figures, "share_of_whole", sentence, told,
                           N_("%(part)s is %(rate)s of %(whole)s"), ("whole", "part", "rate"))


def _whole(sentence: Sentence, before: Sentence | None,
           match: "re.Match[str]", part: int) -> tuple[str, Figure] | None:
    """The figure before the last 其中 before `part`, and its name; a sentence that begins with
    其中 speaks of the only sum of the one before it."""
    shape = sentence.shape
    marks = list(_WITHIN.finditer(shape, 0, part))
    if not marks or _REST.search(shape, marks[-1].end(), match.start()):
        return None
    between = shape[marks[-1].end():match.start()]
    if ";" in between and not between.startswith(":"):
        return None
    if marks[-1].start() == 0:
        if before is None or before.block != sentence.block:
            return None
        sentence, shape = before, before.shape
        sums = re.findall(_AMOUNTS, shape)
        found = re.search(_AMOUNTS, shape) if len(sums) == 1 else None
    else:
        low = shape.rfind(";", 0, marks[-1].start()) + 1
        sums_before = list(re.finditer(_AMOUNTS, shape[low:marks[-1].start()]))
        found = re.compile(_AMOUNTS).search(shape, low) if len(sums_before) == 1 else None
    if found is None:
        return None
    return re.split(r"[，;:]", shape[:found.start()])[-1], sentence.figures[found.start()]


def _same_whole(named: str, name: str) -> bool:
    """Whether 占… names the whole told before, or none."""
    named = re.sub(r"^(?:全部|其|总|整个|全)?|(?:总数|总量|总额|总|的)*$", "", named)
    return not named or named in name


def last_first(residual: Residual) -> Residual:
    """`residual` of terms of which the last comes first."""
    return lambda values: residual((*values[1:], values[0]))


def over(sign: int) -> Residual:
    """Old level, new level, rate."""
    return lambda v: v[0] * (100 + sign * v[2]) - 100 * v[1]


def _by(sign: int) -> Residual:
    """Level, change, rate over the level before the change."""
    return lambda v: v[2] * (v[0] - sign * v[1]) - 100 * v[1]


def _product(figures: Figures, name: str, sentence: Sentence, told: tuple[Figure, ...],
             message: str, names: tuple[str, ...], residual: Residual | None = None) -> Equation:
    """A claim with a product in it; the first times the third is a hundred times the second
    where no `residual` says otherwise. The rate, told last, is what is claimed: the first term."""
    terms = tuple(term(figures, figure) for figure in told)
    return Equation(f"prose_rates.{name}", (terms[-1], *terms[:-1]), message, _words(told, names),
                    residual=last_first(residual or (lambda v: v[0] * v[2] - 100 * v[1])))


def _words(told: Sequence[Figure], names: Sequence[str]) -> dict[str, str]:
    return {name: plain(figure.label.text) for name, figure in zip(names, told)}


def _is_revised(sentence: Sentence, match: "re.Match[str]") -> bool:
    low = max(sentence.shape.rfind(mark, 0, match.start()) for mark in ";:") + 1
    return REVISED.search(sentence.shape, low, match.end()) is not None


def _not(figures: Figures, name: str, figure: Figure) -> NotCheckable:
    return NotCheckable(f"prose_rates.{name}", figure.label.start, figure.label.end,
                        address(figures, figure.label.start), _NOT_REVISED)
