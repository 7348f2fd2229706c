"""Figures that slid against the names of their rows: found by moving them back.

Where a table lost a figure or a name, all figures below it stand beside the wrong name, and many
equations break together. If the figures of a run of rows are moved by one row or two, and far more
equations hold than before, the figures have slid. Linear in tables; within one it is quadratic in
the rows that stand in broken equations, of which at most `_MOST_ROWS` are looked at.
"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Iterator, Mapping, Sequence

from labels.claims import Equation, Place
from labels.document import Table

Address = tuple[int, int, int]   # table, row, column

_MOST_ROWS = 40
_LEAST_BROKEN = 4
_LEAST_GAIN = 3
_MOVES = (1, -1, 2, -2)


@dataclass(frozen=True, slots=True)
class Slide:
    """The figures of rows `first` to `last` of a table belong `move` rows further down."""

    table: int
    first: int
    last: int
    move: int
    mended: int

    def moves(self, address: Address) -> bool:
        """Whether the figure that stands here changes: it moved away, or another moved here."""
        table, row, _ = address
        return table == self.table and (
            self.first <= row <= self.last or self.first <= row - self.move <= self.last)


class Grid:
    """Where the figures of the tables stand, and what they are."""

    def __init__(self, tables: Sequence[Table], equations: Sequence[Equation]) -> None:
        wanted = {term.place: term.value for equation in equations for term in equation.terms}
        self.at: dict[Place, Address] = {}
        self.values: dict[Address, Decimal] = {}
        for number, table in enumerate(tables):
            for row, cells in enumerate(table.rows):
                for column, cell in enumerate(cells):
                    place = cell.start, cell.end
                    if cell.text and place in wanted:
                        self.at[place] = number, row, column
                        self.values[number, row, column] = wanted[place]

    def addresses(self, equation: Equation) -> Iterator[Address]:
        return (self.at[term.place] for term in equation.terms if term.place in self.at)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum as one table sees it: what stands elsewhere is `fixed`; `members` are the figures in
    the table, each with its weight, row and column."""

    key: int
    broken: bool
    tolerance: Decimal
    fixed: Decimal
    members: tuple[tuple[int, int, int], ...]

    @property
    def rows(self) -> frozenset[int]:
        return frozenset(row for _, row, _ in self.members)


def find_slides(grid: Grid, equations: Sequence[Equation], broken: Sequence[Equation],
                tolerance: Mapping[int, Decimal]) -> list[Slide]:
    """The slides, the one that mends most first. `tolerance` is that of an equation, by its id."""
    open_ = {id(equation) for equation in broken if equation.residual is None}
    touching = _by_table(grid, [equation for equation in broken if id(equation) in open_])
    tables = {number for number, hurt in touching.items() if len(hurt) >= _LEAST_BROKEN}
    whole = _by_table(grid, [equation for equation in equations if equation.residual is None],
                      tables)
    explained: set[int] = set()

    def best(number: int) -> Slide | None:
        left = open_ - explained
        if sum(id(equation) in left for equation in touching[number]) < _LEAST_BROKEN:
            return None
        return _best(grid, number, [_seen(grid, number, equation, left, tolerance)
                                    for equation in whole[number]])

    found: list[Slide] = []
    waiting = {number: slide for number in tables if (slide := best(number)) is not None}
    while waiting:
        number = max(waiting, key=lambda key: (waiting[key].mended, -key))
        slide = waiting.pop(number)
        found.append(slide)
        # What this slide explains is no sign of another one, in a table it was compared with.
        new = {id(equation) for equation in touching[number] if any(
            slide.moves(address) for address in grid.addresses(equation))} - explained
        explained |= new
        for other in list(waiting):
            if any(id(equation) in new for equation in touching[other]):
                again = best(other)
                if again is None:
                    del waiting[other]
                else:
                    waiting[other] = again
    return found


def _by_table(grid: Grid, equations: Sequence[Equation], tables: set[int] | None = None
              ) -> dict[int, list[Equation]]:
    found: dict[int, list[Equation]] = defaultdict(list)
    for equation in equations:
        for number in {address[0] for address in grid.addresses(equation)}:
            if tables is None or number in tables:
                found[number].append(equation)
    return found


def _seen(grid: Grid, number: int, equation: Equation, broken: set[int],
          tolerance: Mapping[int, Decimal]) -> _Sum:
    fixed = Decimal(0)
    members = []
    for weight, term in zip(equation.weights, equation.terms):
        address = grid.at.get(term.place)
        if address is not None and address[0] == number:
            members.append((weight, address[1], address[2]))
        else:
            fixed += weight * term.value
    return _Sum(id(equation), id(equation) in broken, tolerance[id(equation)], fixed,
                tuple(members))


def _best(grid: Grid, number: int, sums: Sequence[_Sum]) -> Slide | None:
    rows = sorted({row for one in sums if one.broken for row in one.rows})
    if not rows or rows[-1] - rows[0] >= _MOST_ROWS:
        return None
    near = [one for one in sums
            if any(rows[0] - 2 <= row <= rows[-1] + 2 for _, row, _ in one.members)]
    best: Slide | None = None
    for move in _MOVES:
        # The figures of the last rows may stand beyond the last broken sum, or before the first.
        low, high = rows[0] + min(-move, 0), rows[-1] + max(-move, 0)
        for first in range(low, high + 1):
            for last in range(first + 1, high + 1):
                slide = Slide(number, first, last, move, 0)
                gain = _gain(grid, slide, near, best.mended if best else _LEAST_GAIN - 1)
                if gain >= _LEAST_GAIN and (best is None or gain > best.mended):
                    best = Slide(number, first, last, move, gain)
    return best


def _gain(grid: Grid, slide: Slide, sums: Sequence[_Sum], least: int) -> int:
    """How many more sums hold when the figures are moved, twice lost for one that breaks; it is
    not counted out once it cannot be more than `least`."""
    gain = 0
    hopes = sum(one.broken for one in sums)
    for one in sums:
        hopes -= one.broken
        residual = _moved(grid, slide, one)
        if residual is not None:
            holds = abs(residual) <= one.tolerance
            if holds and one.broken:
                gain += 1
            elif not holds and not one.broken:
                gain -= 2
        if gain + hopes <= least:
            break
    return gain


def _moved(grid: Grid, slide: Slide, one: _Sum) -> Decimal | None:
    """What is left of a sum when the figures are moved; None if it is as before, or not known."""
    touched = False
    residual = one.fixed
    for weight, row, column in one.members:
        source = row - slide.move
        if slide.first <= source <= slide.last:
            value = grid.values.get((slide.table, source, column))
            if value is None:
                return None
            touched = True
        elif slide.first <= row <= slide.last:
            return None   # its figure moved away, and none came
        else:
            value = grid.values[slide.table, row, column]
        residual += weight * value
    return residual if touched else None
