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
from typing import TYPE_CHECKING, Iterator, Mapping, Sequence

from labels.document import Table

if TYPE_CHECKING:
    from labels.checks import Equation

Place = tuple[int, int]
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


def find_slides(grid: Grid, equations: Sequence[Equation], broken: Sequence[Equation],
                tolerance: Mapping[int, Decimal]) -> list[Slide]:
    """The slides, the one that mends most first. `tolerance` is that of an equation, by its id."""
    found: list[Slide] = []
    left = [equation for equation in broken if equation.residual is None]
    while True:
        best = _best_of_all(grid, equations, left, tolerance)
        if best is None:
            return found
        found.append(best)
        # What this slide explains is no sign of another one, in the table it was compared with.
        left = [equation for equation in left if not any(
            moves(best, address) for address in _addresses(grid, equation))]


def _best_of_all(grid: Grid, equations: Sequence[Equation], broken: Sequence[Equation],
                 tolerance: Mapping[int, Decimal]) -> Slide | None:
    by_table: dict[int, list[Equation]] = defaultdict(list)
    for equation in broken:
        for number in {address[0] for address in _addresses(grid, equation)}:
            by_table[number].append(equation)
    best: Slide | None = None
    for number, hurt in by_table.items():
        if len(hurt) >= _LEAST_BROKEN:
            whole = [equation for equation in equations if equation.residual is None and any(
                address[0] == number for address in _addresses(grid, equation))]
            slide = _best(grid, number, whole, {id(equation) for equation in hurt}, tolerance)
            if slide is not None and (best is None or slide.mended > best.mended):
                best = slide
    return best


def _addresses(grid: Grid, equation: Equation) -> Iterator[Address]:
    return (grid.at[term.place] for term in equation.terms if term.place in grid.at)


def _best(grid: Grid, number: int, equations: Sequence[Equation], broken: set[int],
          tolerance: Mapping[int, Decimal]) -> Slide | None:
    rows = sorted({row for equation in equations if id(equation) in broken
                   for table, row, _ in _addresses(grid, equation) if table == number})
    if not rows or rows[-1] - rows[0] >= _MOST_ROWS:
        return None
    best: Slide | None = None
    for move in _MOVES:
        for first in range(rows[0], rows[-1] + 1):
            for last in range(first + 1, rows[-1] + 1):
                gain = _gain(grid, Slide(number, first, last, move, 0), equations, broken,
                             tolerance)
                if gain >= _LEAST_GAIN and (best is None or gain > best.mended):
                    best = Slide(number, first, last, move, gain)
    return best


def _gain(grid: Grid, slide: Slide, equations: Sequence[Equation], broken: set[int],
          tolerance: Mapping[int, Decimal]) -> int:
    """How many more equations hold when the figures are moved; twice lost for one that breaks."""
    gain = 0
    for equation in equations:
        touched = unknown = False
        residual = Decimal(0)
        for weight, term in zip(equation.weights, equation.terms):
            address = grid.at.get(term.place)
            if address is None or not moves(slide, address):
                residual += weight * term.value
                continue
            touched = True
            source = slide.table, address[1] - slide.move, address[2]
            value = grid.values.get(source)
            if value is None or not slide.first <= source[1] <= slide.last:
                unknown = True
                break
            residual += weight * value
        if unknown or not touched:
            continue
        holds = abs(residual) <= tolerance[id(equation)]
        if holds and id(equation) in broken:
            gain += 1
        elif not holds and id(equation) not in broken:
            gain -= 2
    return gain


def moves(slide: Slide, address: Address) -> bool:
    """Whether the figure that stands here changes: it moved away, or another moved here."""
    table, row, _ = address
    return table == slide.table and (
        slide.first <= row <= slide.last or slide.first <= row - slide.move <= slide.last)
