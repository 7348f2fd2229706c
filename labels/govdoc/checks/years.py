"""Growth between two years of one report: what was carried out this year and is planned for the
next, with the growth that the plan tells.

全市一般公共预算收入630.5亿元 under 2025年预算执行情况; 全市一般公共预算收入增长2%，完成643.1亿元 under 2026年预算草案.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator

from labels.checks import Equation, Figures, Term, check
from labels.errors import N_
from labels.govdoc.checks.prose_rates import REVISED, last_first, over
from labels.govdoc.checks.twice import indicator_name
from labels.govdoc.facts import Amount, Label, Labels, amount, labels, plain, sentence, view
from labels.govdoc.records.indicators import period_of
from labels.govdoc.sentences import Figure, term

_YEAR = re.compile(r"(20\d\d)年(?:度|全年)?")
_SCOPE = re.compile(r"全[省市区县州盟旗]|(?:[省市区县州]本级|[省市区县州]级|本级)")
# Growth of production and of income is told at constant prices; that of public money is not.
_FISCAL = re.compile(r"(?:预算|基金|财政|税收|非税).{0,8}(?:收入|支出)$")
# One digit alone is too coarse for a rate.
_DIGITS = 2
_AGAINST = re.compile(r"比|较")
# Growth is over what was carried out last year; over its budget it is another growth.
_OTHER_BASE = re.compile(r"预算|计划|目标|20\d\d年|“?十[一二三四五]五|年均|[三两二]年")
_DOWN = re.compile(r"下降|减少|降低|负增长|减")
_UP = re.compile(r"增长|增加|提高|上升|增")


@dataclass(frozen=True)
class _Told:
    """A level of an indicator in a year, and the rate of growth told with it."""

    name: str
    scope: str
    year: int
    kind: str
    level: Term
    rate: Term | None
    sign: int


@check
def growth_over_this_year(figures: Figures) -> Iterator[Equation]:
    """The next year's level is this year's and the growth that is told."""
    told = list(_all(figures))
    by_key: dict[tuple[str, str, int, str], list[_Told]] = {}
    for one in told:
        by_key.setdefault((one.name, one.scope, one.year, one.kind), []).append(one)
    for one in told:
        before = by_key.get((one.name, one.scope, one.year - 1, one.kind), [])
        if one.rate is None or len({other.level.value for other in before}) != 1:
            continue
        yield Equation(
            "years.growth_over_this_year", (one.rate, before[0].level, one.level),
            N_("%(name)s: from %(old)s to %(new)s is a change of %(rate)s"),
            {"name": one.name, "old": plain(before[0].level.text), "new": plain(one.level.text),
             "rate": plain(one.rate.text)},
            residual=last_first(over(one.sign)))


def _all(figures: Figures) -> Iterator[_Told]:
    known, text = labels(figures), view(figures).text
    places = {label.high: label.text for label in known.all if label.label in ("LOC", "ORG")}
    scope, last = "", -1
    for label in known.all:
        if label.label != "INDICATOR":
            continue
        start, _ = sentence(text, label.low)
        scope = places.get(label.low) or _scope(text, start, label) or (
            scope if start == last else "")
        last = start
        if not scope or not _FISCAL.search(label.text):
            continue
        period = period_of(figures, known, label)
        year = _YEAR.fullmatch(period[0]) if period else None
        if year is None:
            continue
        yield from _levels(figures, known, text, label, scope, int(year.group(1)))


def _scope(text: str, start: int, label: Label) -> str:
    """全市 right before the name, or 市本级 at its beginning."""
    before = _SCOPE.findall(text[max(start, label.low - 6):label.low])
    own = _SCOPE.match(label.text)
    return own.group() if own else before[-1] if before else ""


def _levels(figures: Figures, known: Labels, text: str, label: Label, scope: str,
            year: int) -> Iterator[_Told]:
    arrows = [arrow.label for arrow in known.out(label, "VALUE", "TARGET", "CHANGE")]
    sums = [(one, said) for one in arrows if one.label == "MONEY"
            and (said := amount(one, text)) is not None and not said.vague]
    rates = [(one, said) for one in arrows if one.label == "PERCENT"
             and (said := amount(one, text)) is not None and not said.vague and said.kind == "%"]
    if len(sums) != 1 or len(sums[0][1].number.as_tuple().digits) < _DIGITS:
        return
    rate, sign = _rate(text, label, rates)
    name = _SCOPE.sub("", indicator_name(label.text))
    level, said = sums[0]
    yield _Told(name, scope, year, said.kind, term(figures, Figure(level, said)),
                term(figures, Figure(*rate)) if rate else None, sign)


def _rate(text: str, label: Label, rates: list[tuple[Label, Amount]]
          ) -> tuple[tuple[Label, Amount] | None, int]:
    """The only rate told of the indicator, and whether it grows; none over another base."""
    if len(rates) != 1:
        return None, 0
    start, end = sentence(text, label.low)
    low = max(text.rfind("，", start, rates[0][0].low), label.high)
    lead = text[low:rates[0][0].low]
    if REVISED.search(text, start, end) or (_AGAINST.search(lead) and _OTHER_BASE.search(lead)) or (
            re.search("年均|累计", lead)):
        return None, 0
    if _DOWN.search(lead):
        return rates[0], -1
    return (rates[0], 1) if _UP.search(lead) else (None, 0)
