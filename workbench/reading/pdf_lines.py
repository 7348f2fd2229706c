"""Characters with places → lines in the order in which a page is read.

The order of a PDF's content is that of its maker: a title may come last, two rows as one. Here
characters go to lines by their place; a page set in two columns is read column by column.
"""
from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Sequence

from workbench.reading.pdf_glyphs import Glyph

_APART = 1.0     # a gap wider than that many times the size parts two pieces of a line
_GUTTER = 1.5    # the least width of the gap between two columns, in sizes
_COLUMN_LINES = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that stand side by side without a wide gap; `size` is the height of their
    Chinese ones, where there are any: the box of a Latin font is often higher."""

    text: str
    size: float
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line as printed: its pieces from left to right."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return self.pieces[-1].x1

    @property
    def y0(self) -> float:
        return min(piece.y0 for piece in self.pieces)

    @property
    def y1(self) -> float:
        return max(piece.y1 for piece in self.pieces)

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)


def lines_of(glyphs: Sequence[Glyph]) -> list[PageLine]:
    """The lines of a page or of a cell, in reading order. Sorting makes it n log n."""
    rows = _rows(glyphs)
    gutter = _gutter(rows)
    if gutter is None:
        return rows
    return _by_column(rows, gutter)


def _rows(glyphs: Sequence[Glyph]) -> list[PageLine]:
    """Characters whose middles lie within each other's height are one line."""
    lines: list[list[Glyph]] = []
    low = high = 0.0
    for glyph in sorted(glyphs, key=lambda one: (one.middle[1], one.x0)):
        middle = glyph.middle[1]
        if lines and low <= middle <= high:
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
            reach = max(glyph.y1 - glyph.y0, 2.0) * 0.4
            low, high = middle - reach, middle + reach
    built = (_line(line) for line in lines)
    return [line for line in built if line is not None]


def _line(glyphs: list[Glyph]) -> PageLine | None:
    """One line; a character printed twice in one place (as poor man's bold) counts once."""
    pieces: list[Piece] = []
    held: list[Glyph] = []
    text: list[str] = []

    def close() -> None:
        content = "".join(text).strip()
        if content:
            heights = [g.y1 - g.y0 for g in held if g.char > "\x7f"] or [
                g.y1 - g.y0 for g in held]
            pieces.append(Piece(content, median(heights), held[0].x0, min(g.y0 for g in held),
                                held[-1].x1, max(g.y1 for g in held)))
        held.clear()
        text.clear()

    for glyph in sorted(glyphs, key=lambda one: one.x0):
        if held:
            before = held[-1]
            size = max(before.y1 - before.y0, glyph.y1 - glyph.y0, 1.0)
            gap = glyph.x0 - before.x1
            if glyph.char == before.char and abs(glyph.x0 - before.x0) < 0.2 * size:
                continue
            if gap > _APART * size:
                close()
            elif glyph.spaced and gap > 0.1 * size and text[-1] not in " \u3000\xa0":
                text.append(" ")
        held.append(glyph)
        text.append(glyph.char)
    close()
    return PageLine(tuple(pieces)) if pieces else None


def _gutter(rows: Sequence[PageLine]) -> tuple[float, float] | None:
    """The gap between two columns of running text, if the page is set so."""
    if len(rows) < _COLUMN_LINES:
        return None
    size = median(line.size for line in rows)
    split = [line for line in rows if len(line.pieces) == 2 and all(
        len(piece.text) >= 8 for piece in line.pieces)]
    if len(split) < _COLUMN_LINES or len(split) < 0.5 * len(rows):
        return None
    left = max(line.pieces[0].x1 for line in split)
    right = min(line.pieces[1].x0 for line in split)
    return (left, right) if right - left >= _GUTTER * size else None


def _by_column(rows: Sequence[PageLine], gutter: tuple[float, float]) -> list[PageLine]:
    """Lines left of the gutter, then those right of it; a line across it ends both columns."""
    ordered: list[PageLine] = []
    columns: tuple[list[PageLine], list[PageLine]] = ([], [])

    def close() -> None:
        for column in columns:
            ordered.extend(column)
            column.clear()

    middle = (gutter[0] + gutter[1]) / 2
    for line in rows:
        if any(piece.x0 < middle < piece.x1 for piece in line.pieces):
            close()
            ordered.append(line)
            continue
        for column, side in zip(columns, (
                [piece for piece in line.pieces if piece.x1 <= middle],
                [piece for piece in line.pieces if piece.x0 >= middle])):
            if side:
                column.append(PageLine(tuple(side)))
    close()
    return ordered
