"""Rows that are numbered: 序号 1, 2, 3 … and 一、二、三、 without a gap; groups that say how many
rows they hold (``(7 项)``).
"""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Iterator, Sequence

from labels.checks import Equation, Figures, NotCheckable, Suspect, Term, check
from labels.document import Cell, Table
from labels.errors import N_
from labels.govdoc.checks.figures import folded

Claim = Equation | NotCheckable

_ORDINAL = re.compile(r"序号|编号|行次")
_WHOLE = re.compile(r"\d{1,4}")
_HAN = "一二三四五六七八九十"
_LEADS = (re.compile(r"(?P<n>[一二三四五六七八九十]{1,3})、"),
          re.compile(r"\((?P<n>[一二三四五六七八九十]{1,3})\)"),
          re.compile(r"(?P<n>\d{1,2})(?:[、．]|\.(?!\d))"), re.compile(r"\((?P<n>\d{1,2})\)"))
_MARKS = re.compile(r"[、．.)）]")
_COUNTED = re.compile(r"\((?:共)?(?P<n>\d{1,3})(?:项|个|条|家|所|件)\)$")
_MARKUP = re.compile(r"</?[a-z]+>|\*\*")
_HALF, _MOST = 0.5, 0.75
_ALL = re.compile(r"合计|总计|共计|小计")
_FOLLOWS = N_("number %(next)s follows number %(last)s")
_FIRST = N_("numbers begin at 1")
_COUNT = N_("%(group)s: it says %(said)s and holds %(held)s numbered rows")


@check
def numbers_follow(figures: Figures) -> Iterator[Claim]:
    """Each number is one more than the one before it of its kind; it may begin anew at 1."""
    for table in figures.document.tables:
        columns = _ordinal_columns(table)
        for column in columns:
            yield from _follow([(cell, int(words)) for row in table.rows if _WHOLE.fullmatch(
                words := folded((cell := row[column]).text))], _HALF)
        for column in range(len(table.columns)):
            if column not in columns:
                yield from _leads(table, column)


def _ordinal_columns(table: Table) -> list[int]:
    return [column for column, path in enumerate(table.columns)
            if path and _ORDINAL.fullmatch(folded(path[-1]))]


def _leads(table: Table, column: int) -> Iterator[Claim]:
    """The numbering of the names of a column, each kind of it within the one above it."""
    runs: list[list[tuple[Cell, int]]] = [[] for _ in _LEADS]
    for row in table.rows:
        if row[column].value is not None or not _MARKS.search(row[column].text[:12]):
            continue
        words = folded(row[column].text[:60]).removeprefix("其中:").replace("*", "")
        for depth, lead in enumerate(_LEADS):
            found = lead.match(words)
            if found:
                runs[depth].append((row[column], number_of(found["n"])))
                for deeper in range(depth + 1, len(_LEADS)):
                    yield from _numbered(runs[deeper])
                    runs[deeper] = []
                break
    for run in runs:
        yield from _numbered(run)


def _numbered(run: Sequence[tuple[Cell, int]]) -> Iterator[Claim]:
    if len(run) >= 2:
        yield from _follow(run, _MOST)


def number_of(words: str) -> int:
    """一 → 1, 十二 → 12, 二十一 → 21; digits as they are."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.partition("十")
    if not ten:
        return _HAN.index(words[-1]) + 1
    return ((_HAN.index(tens) + 1) if tens else 1) * 10 + (_HAN.index(ones) + 1 if ones else 0)


def _follow(run: Sequence[tuple[Cell, int]], least: float) -> Iterator[Claim]:
    """Claims between neighbours, if enough hold: numbers out of order are no numbering."""
    if len(run) > 2 and run[0][1] == 2:
        first = run[0][0]
        yield Equation("ordering.numbers_follow", (_term(first, 2),), _FIRST, {},
                       residual=lambda values: values[0] - 1)
    pairs = [(one, other) for one, other in zip(run, run[1:])
             if not (other[1] == 1 and one[1] != 0) and one[1] != other[1]]
    closed = sum(other[1] - one[1] == 1 for one, other in pairs)
    if not pairs or (closed < 2 and len(pairs) > closed) or closed < least * len(pairs):
        return
    for (cell, last), (following, now) in pairs:
        terms = _term(following, now), _term(cell, last)
        yield Equation("ordering.numbers_follow", terms, _FOLLOWS, {"next": now, "last": last},
                       residual=lambda values: values[0] - values[1] - 1)


def _term(cell: Cell, value: int) -> Term:
    return Term(cell.text, cell.start, cell.end, Decimal(value), Decimal(0),
                " · ".join(cell.row[-1:]) or cell.text[:20])


@check
def groups_hold_what_they_say(figures: Figures) -> Iterator[Claim]:
    """``(二) 公共服务 (5 项)`` heads five numbered rows; ``合计（共 14 项）`` closes fourteen."""
    for table in figures.document.tables:
        columns = _ordinal_columns(table)
        if columns:
            yield from _groups(table, columns[0])


def _groups(table: Table, column: int) -> Iterator[Claim]:
    counts: list[tuple[Cell, str, int]] = []
    held: dict[int, int] = {}
    every = 0
    for row in table.rows:
        told = _told(row)
        if _WHOLE.fullmatch(folded(row[column].text)):
            every += 1
            if counts:
                held[len(counts) - 1] = held.get(len(counts) - 1, 0) + 1
        elif told is not None and _ALL.search(told[1]):
            yield _count(told, every)
        elif told is not None:
            counts.append(told)
    for number, told in enumerate(counts):
        yield _count(told, held.get(number, 0))


def _told(row: Sequence[Cell]) -> tuple[Cell, str, int] | None:
    """The cell of a row that says how many rows stand under or above it, its words, the number."""
    for cell in row[:3]:
        words = _MARKUP.sub("", folded(cell.text))
        found = _COUNTED.search(words)
        if found:
            return cell, words, int(found["n"])
    return None


def _count(told: tuple[Cell, str, int], held: int) -> Equation:
    cell, words, said = told
    causes = (("missing", N_("a row is missing, or stands twice")),
              ("source", N_("the number was not brought up to date")))
    return Equation(
        "ordering.groups_hold_what_they_say", (_term(cell, said),), _COUNT,
        {"group": words, "said": said, "held": held}, residual=lambda values: values[0] - held,
        suspects=tuple(Suspect(cell.start, cell.end, cause, why) for cause, why in causes))
