"""Which rows of a block are parts of which: by codes, by numbering, and by their figures.

The figures are vectors of whole numbers, one entry a column that can be added up. A row whose
vector is the sum of the rows under it, in every column at once, holds them; what the words leave
open the figures often settle.
"""
from __future__ import annotations

from typing import Sequence

from labels.govdoc.checks.sheet import Block, Sheet

Vector = tuple[int, ...]
Children = dict[int, list[int]]

_WIDEST = 120
_LEAST = 100


def additive(sheet: Sheet, block: Block) -> list[int]:
    """The columns whose rows can be added up: no rates."""
    return [column for column in block.figures if column not in sheet.rates]


def vectors(sheet: Sheet, block: Block, columns: Sequence[int]) -> dict[int, Vector]:
    """A vector for each row that holds a figure; blank cells count as nought, rates too."""
    found: dict[int, Vector] = {}
    for line in block.lines:
        figures, ints = sheet.figures[line.row], sheet.ints[line.row]
        entries = tuple(ints[column] or 0 if (figures[column] is not None and
                                              _kind(figures[column]) != "%") else 0
                        for column in columns)
        if any(ints[column] is not None for column in columns):
            found[line.row] = entries
    return found


def _kind(figure: object) -> str:
    return str(getattr(figure, "kind", ""))


def by_codes(block: Block, known: dict[int, Vector]) -> Children:
    """Children by codes: 201 holds 20105, which holds 2010504. A code that stands again under
    itself lost its last places: its rows are children of the first."""
    children: Children = {}
    path: list[tuple[str, int]] = []
    for line in block.lines:
        if line.total or not line.code:
            if line.total:
                path = []
            continue
        while path and not (line.code.startswith(path[-1][0])):
            path.pop()
        if line.row not in known:
            continue
        if path:
            children.setdefault(path[-1][1], []).append(line.row)
        if not path or path[-1][0] != line.code:
            path.append((line.code, line.row))
    return children


def by_numbers(block: Block, known: dict[int, Vector]) -> Children:
    """Children by numbering: 一、 holds what follows it up to 二、; the shallowest of them."""
    children: Children = {}
    lines = [line for line in block.lines if line.row in known]
    for at, line in enumerate(lines):
        if not line.rank or line.total:
            continue
        inner = []
        for other in lines[at + 1:]:
            if other.total or (other.rank and other.rank <= line.rank):
                break
            inner.append(other)
        ranks = [other.rank for other in inner if other.rank]
        if ranks:
            inner = [other for other in inner if other.rank == min(ranks)]
        if inner:
            children[line.row] = [other.row for other in inner]
    return children


def by_figures(rows: Sequence[int], known: dict[int, Vector], least: int = _LEAST
               ) -> tuple[Children, list[int]]:
    """Children found from the figures alone, and the rows that stay on top.

    A row holds the run of top rows under it whose sum it is, in all columns (from the last row
    up); then, from the first row down, a row holds the run of top rows above it. Figures below
    `least` (in last digits) are alike by chance, so they hold nothing.
    """
    children: Children = {}
    top: list[int] = []   # the nearest last
    for row in reversed(rows):
        count = _holds(known[row], [known[other] for other in reversed(top[-_WIDEST:])], least)
        if count:
            children[row] = list(reversed(top[-count:]))
            del top[-count:]
        top.append(row)
    kept: list[int] = []
    for row in reversed(top):
        count = 0 if row in children else _holds(
            known[row], [known[other] for other in reversed(kept[-_WIDEST:])], least)
        if count > 1:
            children[row] = kept[-count:]
            del kept[-count:]
        kept.append(row)
    return children, kept


def _holds(whole: Vector, below: Sequence[Vector], least: int) -> int:
    """How many of the vectors below `whole` add up to it; 0 for none."""
    if not any(whole) or max(map(abs, whole)) < least:
        return 0
    left = list(whole)
    best = seen = 0
    nearest = 0
    for count, vector in enumerate(below, 1):
        left = [have - take for have, take in zip(left, vector)]
        seen += any(vector)
        slack = (seen + 1) / 2
        off = max(map(abs, left))
        if off <= (slack if seen > 1 else 0) and (seen > 1 or count == 1) and (
                not best or off < nearest):
            best, nearest = count, off
        if best and not nearest or all(rest < -slack or not rest for rest in left) and any(left):
            break
    return best
