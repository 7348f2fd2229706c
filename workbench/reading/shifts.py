"""Rows whose cells have moved against the head: found, mended where the evidence is clear, told.

Extraction drops empty cells and moves the others left, or adds some and moves them right. What a
column holds elsewhere says where a cell belongs: its shape (number, rate, code, words) in the rows
of this table, and its very words in a column of that name in any table of the document. A row is
looked at only if something in it cannot stand where it stands; it is mended only if one other
order of the same cells fits much better. The cells themselves never change.
"""
from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log
from typing import Iterable, Mapping, Sequence

from workbench.reading.draft import Range
from workbench.reading.values import looks_measured, number_of

Row = Sequence[Range]
Words = Mapping[str, Mapping[str, int]]
Way = tuple[float, tuple[int, ...]]

_CODE = re.compile(r"[A-Z]{1,3}(?P<digits>\d{1,9})(?![\d.])")
_DASH = re.compile(r"[-—–─]+")
_TOTAL = re.compile(r"(?:合|总|小)\s*计|总\s*和|(?:平均|综合).*")
_HAN = re.compile(r"[㐀-䶿一-鿿]")
_LEAST_ROWS = 4
_KNOWN = 3.0
_CLEAR = 3.0
_ENOUGH = 2.0
_APART = 0.5
_TURN = 1.0
_KEPT = 6
_LEAST_WORDS = 3
_WIDEST = 24
_NAME_MAX = 60
_FIGURES = ("n", "%")
_CERTAIN = 2
_LIKELY = 1


@dataclass(frozen=True, slots=True)
class Shift:
    """What was found in one row: its cells as they should stand, or None where that is unclear."""

    row: int
    cells: tuple[Range, ...] | None


def shape(cell: str) -> str:
    """The form of a cell: "" empty, "-" dashes, "n" number, "%" rate, "m" measured words,
    ``A3`` a code of letters and three digits, "h" words."""
    if not cell:
        return ""
    if _DASH.fullmatch(cell):
        return "-"
    value = number_of(cell)
    if value is not None:
        return "%" if value[1] == "%" else "n"
    code = _CODE.match(cell)
    if code:
        return f"A{len(code['digits'])}"
    return "m" if looks_measured(cell) else "h"


def key(cell: str) -> str:
    """The words that name something wherever they stand; "" for numbers, totals and short words."""
    if not _HAN.search(cell):
        return ""
    words = "".join(cell.split())
    if len(words) < _LEAST_WORDS or _TOTAL.fullmatch(words) or (
            looks_measured(words)):
        return ""
    return words


def words_of(text: str, tables: Iterable[tuple[Sequence[str], Sequence[Row]]]) -> Words:
    """How often each cell of words stands under each column name; `tables` are (names, rows)."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for names, rows in tables:
        for row in rows:
            for name, (start, end) in zip(names, row):
                if name and _LEAST_WORDS <= end - start <= _NAME_MAX:
                    words = key(text[start:end])
                    if words:
                        found[words][name] += 1
    return found


class Columns:
    """What the columns of one table hold, row by row."""

    def __init__(self, text: str, names: Sequence[str], rows: Sequence[Row], words: Words) -> None:
        self.text = text
        self.names = names
        self.words = words
        self.shapes = [[shape(text[start:end]) for start, end in row] for row in rows]
        self.count_over(range(len(rows)))

    def count_over(self, numbers: Iterable[int]) -> None:
        """Take what a column holds from these rows only."""
        kept = [self.shapes[number] for number in numbers]
        self.count = len(kept)
        self.held = [Counter(row[j] if j < len(row) else "" for row in kept)
                     for j in range(len(self.names))]

    def fits(self, form: str, column: int) -> float:
        """How well a cell of this shape fits a column: the logarithm of its share there."""
        return log((self.held[column][form] + 0.25) / (self.count + 1))

    def known(self, words: str, column: int, own: int) -> float:
        """What the words say: `_KNOWN` if they stand under this name elsewhere, minus that if
        only under other names of this table. `own` is the column they are counted in."""
        told = self.words.get(words) if words else None
        if not told:
            return 0.0
        name = self.names[column]
        here = told.get(name, 0) - (1 if name and name == self.names[own] else 0)
        if here > 0:
            return _KNOWN
        others = any(count - (1 if other == self.names[own] else 0) > 0
                     for other, count in told.items() if other in self.names and other != name)
        return -_KNOWN if others else 0.0


def find_shifts(text: str, names: Sequence[str], rows: Sequence[Row], words: Words) -> list[Shift]:
    """The shifted ones among `rows`, all padded to one width, under columns called `names`.

    `names` is as long as the head is wide; rows may be wider. Linear in the number of cells, but
    for suspicious rows, where it is cells times columns.
    """
    if len(rows) < _LEAST_ROWS or not 2 < len(names) <= _WIDEST:
        return [Shift(n, None) for n, row in enumerate(rows) if _spills(row, len(names))]
    columns = Columns(text, names, rows, words)
    odd = {number: _suspicious(columns, number, row) for number, row in enumerate(rows)}
    sound = [number for number in range(len(rows)) if not odd[number]]
    if len(sound) == len(rows):
        return []
    if len(sound) >= _LEAST_ROWS:
        columns.count_over(sound)
    found: dict[int, tuple[Range, ...] | None] = {}
    moved: dict[tuple[bool, ...], tuple[int, ...]] = {}
    for number, row in enumerate(rows):
        if not odd[number]:
            continue
        places = _places(columns, number, row, _CLEAR if odd[number] == _LIKELY else _ENOUGH)
        if places is not None:
            found[number] = _placed(row, places, len(names))
            moved[_pattern(row)] = places
        elif odd[number] == _CERTAIN:
            found[number] = None
    for number in _neighbours(rows, found):
        places = moved.get(_pattern(rows[number]))
        if places is not None and not _total(text, rows[number]) and (
                _score(columns, number, rows[number], places) > _present(columns, number,
                                                                         rows[number])):
            found[number] = _placed(rows[number], places, len(names))
    return [Shift(number, cells) for number, cells in sorted(found.items())]


def _spills(row: Row, width: int) -> bool:
    return any(start < end for start, end in row[width:])


def _total(text: str, row: Row) -> bool:
    first = next((text[start:end] for start, end in row if start < end), "")
    return bool(_TOTAL.match(first.strip()))


def _pattern(row: Row) -> tuple[bool, ...]:
    return tuple(start < end for start, end in row)


def _filled(row: Row) -> list[int]:
    return [j for j, (start, end) in enumerate(row) if start < end]


def _suspicious(columns: Columns, number: int, row: Row) -> int:
    """`_CERTAIN` if a cell cannot stand where it stands: right of the head, a code of another rank,
    a rate among numbers; `_LIKELY` if its words are known from another column, or there are words
    among numbers and a number among words; else 0."""
    shapes = columns.shapes[number]
    odd_number = odd_words = likely = False
    for j in _filled(row):
        if j >= len(columns.names):
            return _CERTAIN
        form, held = shapes[j], columns.held[j]
        if len(form) == 2 and _foreign_code(columns, form, held) or (
                form == "%" and _foreign(columns, form, held)):
            return _CERTAIN
        likely |= form == "n" and _foreign(columns, form, held)
        start, end = row[j]
        likely |= (form == "h" or len(form) == 2) and end - start <= _NAME_MAX and (
            columns.known(key(columns.text[start:end]), j, j) < 0)
        filled = columns.count - held[""]
        odd_number |= form in _FIGURES and held["n"] + held["%"] <= 1 and filled >= 4
        odd_words |= form == "h" and held["h"] <= 1 and filled >= 4
    return _LIKELY if likely or odd_number and odd_words else 0


def _foreign_code(columns: Columns, form: str, held: Mapping[str, int]) -> bool:
    """Whether a code (A3) stands where its like hardly stand, while they fill another column."""
    return any(column[form] > 2 and column[form] > 2 * held[form] for column in columns.held)


def _foreign(columns: Columns, form: str, held: Mapping[str, int]) -> bool:
    """Whether a rate stands in a column of numbers, or a number in one of rates, and there is a
    column where it belongs."""
    other = "%" if form == "n" else "n"
    return held[other] > held[form] and held[other] >= _LEAST_ROWS and any(
        column[form] > 2 * column[other] and column[form] >= _LEAST_ROWS
        for column in columns.held)


def _present(columns: Columns, number: int, row: Row) -> float:
    filled = _filled(row)
    if filled and filled[-1] >= len(columns.names):
        return float("-inf")
    return _score(columns, number, row, tuple(filled))


def _score(columns: Columns, number: int, row: Row, places: Sequence[int]) -> float:
    """How well the filled cells of a row fit the columns `places`, and the others being empty."""
    filled = _filled(row)
    if len(places) != len(filled):
        return float("-inf")
    taken = set(places)
    total = sum(columns.fits("", j) for j in range(len(columns.names)) if j not in taken)
    return total + sum(_cell(columns, number, row, own, place)
                       for own, place in zip(filled, places))


def _cell(columns: Columns, number: int, row: Row, own: int, place: int) -> float:
    start, end = row[own]
    words = key(columns.text[start:end]) if end - start <= _NAME_MAX else ""
    at = min(own, len(columns.names) - 1)
    return columns.fits(columns.shapes[number][own], place) + columns.known(words, place, at)


def _places(columns: Columns, number: int, row: Row, least: float) -> tuple[int, ...] | None:
    """The columns where the filled cells of a row belong, in their order; None if that is unclear
    (it must fit better by `least`) or where they stand."""
    filled, width = _filled(row), len(columns.names)
    if not filled or len(filled) > width:
        return None
    best = _order(columns, number, row, filled)
    places = best[0][1]
    if places == tuple(filled):
        return None
    gain = best[0][0] - _present(columns, number, row)
    # Where a dash belongs does not matter: it says nothing of its column.
    told = [i for i, j in enumerate(filled) if columns.shapes[number][j] != "-"]
    clear = all(best[0][0] - score >= _APART for score, other in best[1:]
                if any(other[i] != places[i] for i in told))
    return places if gain >= least and clear else None


def _order(columns: Columns, number: int, row: Row, filled: Sequence[int]
           ) -> list[Way]:
    """The best ways to lay the filled cells over the columns, without changing their order."""
    width = len(columns.names)
    empty = [columns.fits("", j) for j in range(width)]
    # ways[i]: the best ways in which the first i cells lie in the columns seen so far.
    ways: list[list[Way]] = [[(0.0, ())], *([] for _ in filled)]
    for j in range(width):
        after: list[list[Way]] = [[] for _ in ways]
        for i, held in enumerate(ways):
            if len(filled) - i > width - j:
                continue
            after[i].extend((score + empty[j], places) for score, places in held)
            if i < len(filled) and held:
                fit = _cell(columns, number, row, filled[i], j)
                after[i + 1].extend(
                    (score + fit - (_TURN if _turns(filled, places, i, j) else 0), (*places, j))
                    for score, places in held)
        ways = [sorted(held, reverse=True)[:_KEPT] for held in after]
    return ways[-1]


def _turns(filled: Sequence[int], places: Sequence[int], i: int, j: int) -> bool:
    """Whether cell `i` moves by another distance than the one before: cells move together."""
    return j - filled[i] != (places[i - 1] - filled[i - 1] if i else 0)


def _placed(row: Row, places: Sequence[int], width: int) -> tuple[Range, ...]:
    """The cells of a row in their columns; an empty cell lies where the next filled one begins."""
    by_place = {place: row[own] for own, place in zip(_filled(row), places)}
    cells: list[Range] = []
    at = row[-1][1]
    for j in reversed(range(width)):
        cell = by_place.get(j, (at, at))
        at = cell[0]
        cells.append(cell)
    return tuple(reversed(cells))


def _neighbours(rows: Sequence[Row], found: Mapping[int, object]) -> list[int]:
    """Rows that lie in one run with mended ones and have their cells in the same places."""
    near: list[int] = []
    for step in (1, -1):
        run: tuple[bool, ...] | None = None
        for number in range(len(rows))[::step]:
            if found.get(number) is not None:
                run = _pattern(rows[number])
            elif run == _pattern(rows[number]) and number not in found:
                near.append(number)
            else:
                run = None
    return near


def head_shift(text: str, head: Sequence[Row], rows: Sequence[Row]) -> int | None:
    """The column from which the first head row stands one to the left of the rows; None if it fits.

    Clear is: a column of the body holds names (words in nearly all rows), the first head row calls
    it by a sum, all columns right of it hold figures, and a lower head row has the name for it
    further left.
    """
    if len(head) < 2 or len(rows) < _LEAST_ROWS or head[0][-1][0] < head[0][-1][1]:
        return None
    for column in range(1, min(len(head[0]), len(rows[0])) - 1):
        start, end = head[0][column]
        if start == end or not _SUM.search("".join(text[start:end].split())):
            continue
        forms = [shape(text[row[column][0]:row[column][1]]) for row in rows]
        right = [shape(text[row[column + 1][0]:row[column + 1][1]]) for row in rows]
        if any(_NAME.fullmatch("".join(text[slice(*row[column])].split())) for row in head[1:]):
            continue
        if 5 * forms.count("h") >= 4 * len(rows) and 5 * right.count("n") >= 4 * len(rows) and any(
                _NAME.fullmatch("".join(text[a:b].split())) for row in head[1:]
                for a, b in row[:column]):
            return column
    return None


_SUM = re.compile(r"合计|总计|收入|支出|金额|决算数|预算数")
_NAME = re.compile(r".{0,6}(?:名称|科目|项目)")


def moved_head(text: str, head: Sequence[Row], column: int) -> list[tuple[Range, ...]]:
    """The head rows with the cells of the first from `column` one further right, and the name that
    stands too far left in a lower row moved to `column`."""
    first = list(head[0])
    gap = first[column][0], first[column][0]
    rows: list[tuple[Range, ...]] = [tuple([*first[:column], gap, *first[column:]])[:len(first)]]
    for row in head[1:]:
        cells = list(row)
        named = next((j for j, (a, b) in enumerate(cells[:column])
                      if _NAME.fullmatch("".join(text[a:b].split()))
                      and not "".join(text[a:b].split()).endswith("编码")), None)
        if named is not None and cells[column][0] == cells[column][1]:
            cells[column], cells[named] = cells[named], (cells[named][0], cells[named][0])
        rows.append(tuple(cells))
    return rows
