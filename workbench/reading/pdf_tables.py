"""Tables on a page: ruled ones from the lines drawn, aligned ones from the places of words.

A cell over several columns or rows leaves empty cells behind, as in the tables of web pages. Only
clear evidence makes a table; all else stays lines of text.
"""
from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Callable, Sequence

from workbench.reading.pdf_glyphs import Glyph, Rule
from workbench.reading.pdf_lines import PageLine, Piece, lines_of
from workbench.reading.values import number_of

_NEAR = 3.0        # points within which two rules are one, or touch
_WALL = 0.6        # the share of a border that a rule must cover to part two cells
_MAX_CELLS = 20_000
_MAX_CROSSINGS = 2_000_000
_ALIGNED_ROWS = 3
_ALIGNED_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class PageTable:
    """The texts of the cells, all rows of one width; `edges` are the borders of the columns."""

    rows: tuple[tuple[str, ...], ...]
    edges: tuple[float, ...]
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """The rules of one table: the places of its columns and rows, and the rules themselves."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    rules: tuple[Rule, ...]

    def holds(self, x: float, y: float) -> bool:
        return (self.columns[0] <= x <= self.columns[-1] and self.rows[0] <= y <= self.rows[-1])


def ruled_tables(glyphs: Sequence[Glyph], rules: Sequence[Rule]
                 ) -> tuple[list[PageTable], list[Glyph]]:
    """The ruled tables of a page from top to bottom, and the characters outside of them."""
    tables: list[PageTable] = []
    left = list(glyphs)
    for frame in sorted(_frames(rules), key=lambda one: one.rows[0]):
        inside = [glyph for glyph in left if frame.holds(*glyph.middle)]
        table = _table(frame, inside)
        if table is not None:
            tables.append(table)
            left = [glyph for glyph in left if not frame.holds(*glyph.middle)]
    return tables, left


def _frames(rules: Sequence[Rule]) -> list[_Frame]:
    """Rules that touch each other make one frame; two columns and two rows are the least."""
    merged = _merged(rules)
    level = [rule for rule in merged if rule.level]
    upright = [rule for rule in merged if not rule.level]
    if len(level) * len(upright) > _MAX_CROSSINGS:
        return []  # a drawing
    parent = list(range(len(level) + len(upright)))

    def find(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for i, across in enumerate(level):
        for j, down in enumerate(upright, len(level)):
            if (across.start - _NEAR <= down.at <= across.end + _NEAR
                    and down.start - _NEAR <= across.at <= down.end + _NEAR):
                parent[find(i)] = find(j)
    groups: dict[int, list[Rule]] = {}
    for number, rule in enumerate([*level, *upright]):
        groups.setdefault(find(number), []).append(rule)
    frames = []
    for group in groups.values():
        ys = [r.at for r in group if r.level] + [y for r in group if not r.level
                                                 for y in (r.start, r.end)]
        xs = [r.at for r in group if not r.level] + [x for r in group if r.level
                                                     for x in (r.start, r.end)]
        columns, rows = _places(xs), _places(ys)
        if (sum(not rule.level for rule in group) and len(columns) > 2 and len(rows) > 2
                and len(columns) * len(rows) <= _MAX_CELLS):
            frames.append(_Frame(columns, rows, tuple(group)))
    return frames


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Rules in one place and touching become one: a border is often drawn cell by cell."""
    merged: list[Rule] = []
    for level in (True, False):
        mine = sorted((rule for rule in rules if rule.level is level), key=lambda r: r.at)
        first = 0
        for number in range(1, len(mine) + 1):
            if number < len(mine) and mine[number].at - mine[number - 1].at <= 1.0:
                continue
            at = mine[first].at
            start = end = None
            for rule in sorted(mine[first:number], key=lambda r: r.start):
                if start is None or end is None:
                    start, end = rule.start, rule.end
                elif rule.start <= end + _NEAR:
                    end = max(end, rule.end)
                else:
                    merged.append(Rule(level, at, start, end))
                    start, end = rule.start, rule.end
            if start is not None and end is not None:
                merged.append(Rule(level, at, start, end))
            first = number
    return merged


def _places(values: Sequence[float]) -> tuple[float, ...]:
    """Distinct places, in order; those within `_NEAR` of each other are one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return tuple(found)


def _table(frame: _Frame, glyphs: Sequence[Glyph]) -> PageTable | None:
    """The cells of a frame with their text; None if fewer than two rows or columns hold any."""
    width, height = len(frame.columns) - 1, len(frame.rows) - 1
    root = _joined(frame, width, height)
    held: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        x, y = glyph.middle
        column = min(max(bisect_right(frame.columns, x) - 1, 0), width - 1)
        row = min(max(bisect_right(frame.rows, y) - 1, 0), height - 1)
        held.setdefault(root[row * width + column], []).append(glyph)
    lines = {cell: lines_of(inside) for cell, inside in held.items()}
    rows: list[tuple[str, ...]] = []
    for row in range(height):
        cells = [lines.get(row * width + column, []) for column in range(width)]
        rows.extend(one for one in _split(cells) if any(one))
    kept = [j for j in range(width) if any(row[j] for row in rows)]
    if len(rows) < 2 or len(kept) < 2:
        return None
    return PageTable(tuple(tuple(row[j] for j in kept) for row in rows),
                     tuple(frame.columns[j] for j in (*kept, width)),
                     frame.columns[0], frame.rows[0], frame.columns[-1], frame.rows[-1])


def _joined(frame: _Frame, width: int, height: int) -> list[int]:
    """For every field of the lattice the first field of its cell: no wall stands between them."""
    root = list(range(width * height))

    def find(one: int) -> int:
        while root[one] != one:
            one = root[one]
        return one

    walls = _covers(frame, level=False)
    floors = _covers(frame, level=True)
    for row in range(height):
        for column in range(width):
            here = row * width + column
            if column and not walls(column, row):
                _union(root, find(here - 1), find(here))
            if row and not floors(row, column):
                _union(root, find(here - width), find(here))
    return [find(one) for one in range(width * height)]


def _union(root: list[int], one: int, other: int) -> None:
    root[max(one, other)] = min(one, other)


def _covers(frame: _Frame, level: bool) -> Callable[[int, int], bool]:
    """Whether the border `line` is drawn along the field `field` of the other direction."""
    lines, fields = (frame.rows, frame.columns) if level else (frame.columns, frame.rows)
    drawn: dict[int, list[Rule]] = {}
    for rule in frame.rules:
        if rule.level is level:
            drawn.setdefault(bisect_right(lines, rule.at + 0.01) - 1, []).append(rule)

    def covered(line: int, field: int) -> bool:
        low, high = fields[field], fields[field + 1]
        return any(min(rule.end, high) - max(rule.start, low) >= _WALL * (high - low)
                   for rule in drawn.get(line, ()))

    return covered


def _split(cells: Sequence[Sequence[PageLine]]) -> list[tuple[str, ...]]:
    """One ruled row; several rows where its cells hold lines that stand side by side, no rule
    between them, and numbers in two columns say that each line is a row of its own."""
    counts = [len(lines) for lines in cells]
    most = max(counts)
    level = [lines for lines in cells if len(lines) == most]
    counting = sum(all(number_of(line.text) is not None for line in lines) for lines in level)
    if most >= 2 and counting >= 2 and all(
            abs(one.y0 - other.y0) <= 0.5 * one.size
            for lines in level[1:] for one, other in zip(level[0], lines)):
        tops = [(line.y0 + line.y1) / 2 for line in level[0]]
        parted = [[""] * len(cells) for _ in tops]
        for column, lines in enumerate(cells):
            for line in lines:
                middle = (line.y0 + line.y1) / 2
                row = min(range(most), key=lambda n: abs(tops[n] - middle))
                parted[row][column] = " ".join(filter(None, (parted[row][column], line.text)))
        return [tuple(row) for row in parted]
    return [tuple(" ".join(line.text for line in lines) for lines in cells)]


def aligned_tables(lines: Sequence[PageLine]) -> list[tuple[int, int, PageTable]]:
    """Tables without rules: neighbouring lines of the same columns, most cells of them numbers.

    Returns ranges of line numbers (end exclusive) with the tables made of them.
    """
    found: list[tuple[int, int, PageTable]] = []
    first = 0
    while first < len(lines):
        last = first
        columns: list[tuple[float, float]] = []
        while last < len(lines) and len(lines[last].pieces) >= _ALIGNED_COLUMNS:
            fitted = _fit(columns, lines[last].pieces)
            if fitted is None:
                break
            columns = fitted
            last += 1
        if last - first >= _ALIGNED_ROWS and _counts(lines[first:last]):
            found.append((first, last, _aligned(lines[first:last], columns)))
        first = max(last, first + 1)
    return found


def _fit(columns: list[tuple[float, float]], pieces: Sequence[Piece]
         ) -> list[tuple[float, float]] | None:
    """The columns widened by a row that fits them; None if it does not."""
    if not columns:
        return [(piece.x0, piece.x1) for piece in pieces]
    if len(pieces) > len(columns):
        return None
    widened = list(columns)
    taken: set[int] = set()
    for piece in pieces:
        near = [n for n, (x0, x1) in enumerate(columns) if piece.x0 < x1 and x0 < piece.x1]
        if len(near) != 1 or near[0] in taken:
            return None
        taken.add(near[0])
        x0, x1 = columns[near[0]]
        widened[near[0]] = min(x0, piece.x0), max(x1, piece.x1)
    return widened if all(a[1] <= b[0] for a, b in zip(widened, widened[1:])) else None


def _counts(lines: Sequence[PageLine]) -> bool:
    """Whether more than half of what stands right of the first column are numbers."""
    right = [piece.text for line in lines for piece in line.pieces[1:]]
    return 2 * sum(number_of(text) is not None for text in right) > len(right)


def _aligned(lines: Sequence[PageLine], columns: Sequence[tuple[float, float]]) -> PageTable:
    rows = []
    for line in lines:
        row = [""] * len(columns)
        for piece in line.pieces:
            row[next(n for n, (x0, x1) in enumerate(columns)
                     if piece.x0 < x1 and x0 < piece.x1)] = piece.text
        rows.append(tuple(row))
    return PageTable(tuple(rows), tuple(x0 for x0, _ in columns) + (columns[-1][1],),
                     columns[0][0], lines[0].y0, columns[-1][1], lines[-1].y1)
