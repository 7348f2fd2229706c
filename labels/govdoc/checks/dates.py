"""Dates in order: a period begins before it ends, a weekday is that of its day, a decision is
taken on a day on which the meeting sat."""
from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Iterator

from labels import values
from labels.checks import Equation, Figures, NotCheckable, Residual, Term, check
from labels.days import dates
from labels.errors import N_
from labels.govdoc.facts import Label, labels, plain, view
from labels.govdoc.records.appointments import level
from labels.govdoc.records.attendance import day_of, sittings
from labels.govdoc.sentences import address, counted

Claim = Equation | NotCheckable

_ENDS = re.compile(r"[-–—―~∼〜至到]+")
_WEEKDAY = re.compile(r"[(,，]?(?:星期|周|礼拜)([一二三四五六日天])")
_DAYS = {char: number for number, chars in enumerate(("一", "二", "三", "四", "五", "六", "日天"))
         for char in chars}


def _ordinal(day: str) -> int:
    return datetime.date.fromisoformat(day).toordinal()


def _day(figures: Figures, label: Label, ordinal: int) -> Term:
    """A date as the number of its day, counted from the year 1."""
    return counted(ordinal, label.text, label.start, label.end, address(figures, label.start))


def _not_after(high: int) -> Residual:
    return lambda v: max(Decimal(0), v[0] - high)


def _on(weekday: int) -> Residual:
    """The first of January of the year 1, day number 1, is a Monday."""
    return lambda v: (v[0] - 1) % 7 - weekday


def _is(day: int) -> Residual:
    return lambda v: v[0] - day


@check
def periods_run_forward(figures: Figures) -> Iterator[Claim]:
    """2019年5月至2020年3月: the first is not after the second."""
    for label in labels(figures).all:
        if label.label != "DATE" or not _ENDS.search(label.text) or (
                not re.search(r"(?:19|20)\d\d", label.text)):
            continue
        found = dates(label.text)
        if found is None or found.low == found.high:
            continue
        low, high = _ordinal(found.low), _ordinal(found.high)
        yield Equation(
            "dates.periods_run_forward", (_day(figures, label, low),),
            N_("%(period)s begins before it ends"), {"period": plain(label.text)},
            residual=_not_after(high))


@check
def weekdays_are_right(figures: Figures) -> Iterator[Claim]:
    """2020年12月30日（星期三）."""
    text = view(figures).text
    for label in labels(figures).all:
        if label.label != "DATE" or not re.search(r"(?:19|20)\d\d年\d+月\d+[日号]$", label.text):
            continue
        said = _WEEKDAY.match(text, label.high)
        found = dates(label.text)
        if said is None or found is None or found.low != found.high:
            continue
        day, weekday = _ordinal(found.low), _DAYS[said.group(1)]
        yield Equation(
            "dates.weekdays_are_right", (_day(figures, label, day),),
            N_("%(day)s is a %(weekday)s"),
            {"day": plain(label.text), "weekday": said.group().strip("(,，")},
            residual=_on(weekday))


@check
def decided_when_they_sat(figures: Figures) -> Iterator[Claim]:
    """A decision dated by its meeting falls on a day for which the attendance is told."""
    document = figures.document
    sat: dict[tuple[str, str], set[int]] = {}
    for sitting in sittings(figures):
        label = day_of(figures, sitting)
        found = dates(label.text) if label is not None else None
        if sitting.part is not None and sitting.part.meeting and found is not None:
            sat.setdefault(_meeting(sitting.part.meeting), set()).update(
                range(_ordinal(found.low), _ordinal(found.high) + 1))
    for part in document.parts:
        days = sat.get(_meeting(part.meeting)) if part.meeting else None
        if not days or part.type == "attendance" or part.date is None or (
                len(part.date) != 10 or "date" not in part.spans):
            continue
        start, end = part.spans["date"]
        nearest = min(days, key=lambda day: abs(day - _ordinal(part.date or "")))
        yield Equation(
            "dates.decided_when_they_sat",
            (counted(_ordinal(part.date), document.text[start:end], start, end,
                     address(figures, start)),),
            N_("%(day)s is a day on which %(meeting)s sat"),
            {"day": part.date, "meeting": plain(part.meeting or "")},
            residual=_is(nearest))


_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def _meeting(name: str) -> tuple[str, str]:
    """A meeting by the mark of its division and its number: 云泽区八届人大常委会第40次会议."""
    told = plain(name).replace("（扩大）", "").replace("(扩大)", "")
    number = re.search(r"第?(\d+|[一二三四五六七八九十]+)次", told)
    said = values.number(number.group(1)) if number else None
    return level(told)[0] + ("常" if "常" in told else ""), str(said)
