"""The same item in different tables of a document.

Two columns of two tables that give the same figure for most of the items they share show the
same thing: then they should for all. Items are the same by their code, else by their name.
"""
from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Iterator

from labels.checks import Equation, Figures, NotCheckable, check
from labels.errors import N_
from labels.govdoc.checks.figures import folded
from labels.govdoc.checks.sheet import Block, Sheet, bare, sheets, total_rank

Claim = Equation | NotCheckable

_SAME = N_("%(item)s: the same in %(one)s and in %(other)s")
_TOTAL = N_("%(one)s is what %(other)s comes to")
_LEAST_NAME = 3
_LEAST_SAME = 3
_LONGEST_CAPTION = 60
_MOST = 0.5
_NEARLY_ALL = 0.8
_ENOUGH = 8
_LEAST_TWICE = 2
_MANY = 0.4
_KEYS_TOGETHER = 40

Key = str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures with the row of each item it names (an item named twice is left out)."""

    sheet: Sheet
    block: Block
    column: int
    items: dict[Key, int]


@check
def items_agree(figures: Figures) -> Iterator[Claim]:
    columns = [column for sheet in sheets(figures) for column in _columns(sheet)]
    for one, other, shared in _partners(columns):
        for key in shared:
            yield _equation(one, other, key)


def _partners(columns: list[Column]) -> Iterator[tuple[Column, Column, list[Key]]]:
    """Pairs of columns that show the same thing; a column has one partner in another table."""
    ranked = []
    for number, (one, other) in enumerate(_pairs(columns)):
        shared = [key for key in one.items if key in other.items and _both(one, other, key)]
        agreed = _agreed(one, other, shared)
        if agreed:
            ranked.append((-agreed, number, one, other, shared))
    taken: set[tuple[int, int, int]] = set()
    for _, _, one, other, shared in sorted(ranked, key=lambda entry: entry[:2]):
        ends = {(one.sheet.number, one.column, other.sheet.number),
                (other.sheet.number, other.column, one.sheet.number)}
        if not ends & taken:
            taken |= ends
            yield one, other, shared


def _columns(sheet: Sheet) -> Iterator[Column]:
    for block in sheet.blocks:
        rows: dict[Key, int] = {}
        twice: set[Key] = set()
        for line in block.lines:
            key = line.code or ("" if line.total else bare(line.name))
            if len(key) >= _LEAST_NAME:
                if key in rows:
                    twice.add(key)
                rows.setdefault(key, line.row)
        for key in twice:
            del rows[key]
        if len(rows) >= _LEAST_SAME:
            for column in block.figures:
                yield Column(sheet, block, column, rows)


def _pairs(columns: list[Column]) -> Iterator[tuple[Column, Column]]:
    """Columns of different tables that share at least three items with the same printed figure.
    A figure that stands in very many columns joins none."""
    at: dict[tuple[Key, int], list[int]] = defaultdict(list)
    for number, column in enumerate(columns):
        for key, row in column.items.items():
            figure = column.sheet.figures[row][column.column]
            if figure is not None and figure.value:
                printed = figure.value.scaleb(-figure.power)
                at[key, hash(printed)].append(number)
    same: dict[tuple[int, int], int] = defaultdict(int)
    for numbers in at.values():
        if len(numbers) <= _KEYS_TOGETHER:
            for place, number in enumerate(numbers):
                for later in numbers[place + 1:]:
                    if columns[number].sheet is not columns[later].sheet:
                        same[number, later] += 1
    for (number, later), count in same.items():
        if count >= _LEAST_SAME:
            yield columns[number], columns[later]


def _both(one: Column, other: Column, key: Key) -> bool:
    first = one.sheet.figures[one.items[key]][one.column]
    second = other.sheet.figures[other.items[key]][other.column]
    return first is not None and second is not None and bool(first.value or second.value)


def _agreed(one: Column, other: Column, shared: list[Key]) -> int:
    """How many shared items agree; 0 unless most do, in more than one figure, and the heads and
    captions speak of the same thing."""
    if not _same_subject(one, other):
        return 0
    found = set()
    agreed = 0
    for key in shared:
        first = one.sheet.figures[one.items[key]][one.column]
        second = other.sheet.figures[other.items[key]][other.column]
        assert first is not None and second is not None
        if first.value.scaleb(-first.power) == second.value.scaleb(-second.power):
            agreed += 1
            found.add(first.value)
    twice = _is_repeated(one, other)
    least = _NEARLY_ALL if not twice and (_is_rate(one) or _is_rate(other)) else (
        _MANY if agreed >= _ENOUGH else _MOST)
    return agreed if agreed >= least * len(shared) and len(found) >= (
        _LEAST_TWICE if twice else _LEAST_SAME) else 0


def _same_subject(one: Column, other: Column) -> bool:
    """Not income against expenditure, not a whole against its own level, not two years, not the
    score that can be had against the score that was given."""
    years = _years(one), _years(other)
    if years[0] and years[1] and years[0] != years[1]:
        return False
    words = [column.sheet.head(column.column) + folded(column.sheet.table.caption)
             for column in (one, other)]
    if any((word in words[0]) != (word in words[1]) for word in _SCOPES):
        return False
    sides = [_side(column) for column in (one, other)]
    if sides[0] and sides[1] and sides[0] != sides[1]:
        return False
    heads = {_what(one), _what(other)}
    return len(heads) == 1 or heads <= _TOTALS


def _side(column: Column) -> str:
    head = column.sheet.head(column.column)
    caption = folded(column.sheet.table.caption)
    for words in (head, caption):
        if ("收入" in words) != ("支出" in words):
            return "收入" if "收入" in words else "支出"
    return ""


_TOTALS = {"合计", "小计", "总计", "决算数", "金额", "执行数", "本年收入合计", "本年支出合计"}
_SCOPES = ("本级", "基金", "国有资本")


def _what(column: Column) -> str:
    """The last words of the head, without years and units."""
    return re.sub(r"(?:19|20)\d\d年?|[(（].*?[)）]", "", column.sheet.leaf(column.column))


def _is_repeated(one: Column, other: Column) -> bool:
    """Whether one table stands twice: the same heads over the same items."""
    return one.items.keys() == other.items.keys() and (
        one.sheet.table.columns == other.sheet.table.columns) and one.column == other.column


def _is_rate(column: Column) -> bool:
    return column.column in column.sheet.rates


def _years(column: Column) -> frozenset[str]:
    path = "".join(column.sheet.table.columns[column.column])
    found = {path[at:at + 4] for at in range(len(path) - 3) if path[at:at + 4].isdigit()
             and path[at:at + 2] in ("19", "20")}
    return frozenset(found)


def _equation(one: Column, other: Column, key: Key) -> Equation:
    """The same figure printed twice: where both show the same decimals it is not rounded anew."""
    terms = (one.sheet.term(one.items[key], one.column),
             other.sheet.term(other.items[key], other.column))
    return Equation("across.items_agree", terms, _SAME,
                    {"item": one.sheet.label(one.items[key], one.column) or key,
                     "one": one.sheet.name(), "other": other.sheet.name()}, weights=(1, -1),
                    copied=terms[0].step == terms[1].step)


@check
def totals_agree(figures: Figures) -> Iterator[Claim]:
    """A figure called 本年收入合计 in one table is what the column 本年收入合计 of another comes to;
    a total's 基本支出 is the total of the one table that is captioned so."""
    named: dict[str, list[tuple[Sheet, int, int]]] = defaultdict(list)
    found = sheets(figures)
    for sheet in found:
        for block in sheet.blocks:
            for line in block.lines:
                if line.total and len(line.name) > 3 and sheet.figures[line.row][
                        block.figures[0]] is not None:
                    named[line.name].append((sheet, line.row, block.figures[0]))
    for sheet in found:
        for block in sheet.blocks:
            for column in block.figures:
                yield from _named_total(sheet, block, column, named)
    yield from _captioned(found)


def _named_total(sheet: Sheet, block: Block, column: int,
                 named: dict[str, list[tuple[Sheet, int, int]]]) -> Iterator[Claim]:
    """Only where the column has a total row of its own, and its head names one other figure."""
    head = sheet.leaf(column)
    places = [place for place in named.get(head, ()) if place[0] is not sheet]
    total = next((line for line in block.lines if line.total >= 2
                  and sheet.figures[line.row][column] is not None), None)
    if len(places) == 1 and total is not None and total_rank(head):
        other, row, at = places[0]
        yield _agreement(other, row, at, sheet, total.row, column)


def _captioned(found: list[Sheet]) -> Iterator[Claim]:
    """A table details what a head names if its caption is that of the head's table with the head's
    first word put in (…拨款支出决算表 → …拨款基本支出决算表)."""
    totals = [(sheet, block, line) for sheet in found for block in sheet.blocks[:1]
              for line in block.lines if line.total >= 2]
    detailed: dict[tuple[str, str], list[tuple[Sheet, Block, int]]] = defaultdict(list)
    for sheet, block, line in totals:
        caption = folded(sheet.table.caption)[:_LONGEST_CAPTION]
        for at in range(len(caption) - 1):
            detailed[caption[:at] + caption[at + 2:], caption[at:at + 2]].append(
                (sheet, block, line.row))
    for sheet, block, line in totals:
        caption = folded(sheet.table.caption)[:_LONGEST_CAPTION]
        for column in block.figures[1:] if caption else ():
            head = sheet.leaf(column)
            others = [place for place in detailed.get((caption, head[:2]), ())
                      if len(head) >= 4 and head in folded(place[0].table.caption)]
            if len(others) == 1 and sheet.figures[line.row][column] is not None:
                other, parts, row = others[0]
                if other.figures[row][parts.figures[0]] is not None:
                    yield _agreement(sheet, line.row, column, other, row, parts.figures[0])


def _agreement(sheet: Sheet, row: int, column: int, other: Sheet, line: int, at: int) -> Equation:
    terms = sheet.term(row, column), other.term(line, at)
    return Equation("across.totals_agree", terms, _TOTAL,
                    {"one": terms[0].address, "other": terms[1].address}, weights=(1, -1))
