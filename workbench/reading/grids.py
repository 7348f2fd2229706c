"""Tables that stand in plain text: lines of tab-separated cells, and pipe tables of Markdown.

`find_grids` sees lines, not the text: its cost is linear in them. A page break inside a table
(blank lines, a running head) does not end it when the lines after it have no head of their own.
"""
from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import Callable, Sequence

from workbench.reading.draft import Grid, Line, Range
from workbench.reading.furniture import is_running_head
from workbench.reading.values import number_of, unit_line

_RULE = re.compile(r"\|?[\s:|-]*-{2,}[\s:|-]*\|?")
_NUMBERED = re.compile(r"(?:\*\*|#{1,6}\s)?\s*(?:附?表|图表)\s*[\d一二三四五六七八九十]")
_TITLED = re.compile(r"(?:表|情况|明细|一览|汇总|计划|目标|清单)(?:[（(].{1,20}[)）])?(?:\*\*)?$")
_NUMBER_LINE = re.compile(r"(?:附?表|图表)\s*[\d一二三四五六七八九十]+(?:\s?[-—–.]\s?\d+)*")
_SENTENCE = re.compile(r"[。；！？]")
CAPTION_MAX = 80


def find_grids(text: str, lines: Sequence[Line], taken: Sequence[bool]) -> list[Grid]:
    """The tables in `lines`; lines that are `taken` (contents, stated tables) are passed over."""
    runs = [run for tab in (True, False) for run in _runs(text, lines, taken, tab)]
    runs.sort(key=lambda run: run[0])
    grids: list[Grid] = []
    before: list[int] | None = None
    for run in runs:
        grid = _grid(text, lines, run)
        if before is not None and _continues(text, lines, before, run, grids[-1], grid):
            grids[-1] = Grid(grids[-1].rows + grid.rows, grids[-1].lines + grid.lines,
                             caption=grids[-1].caption, unit=grids[-1].unit)
            before = [*before, *run]
        elif len(run) > 1 or grid.caption or grid.unit or before is not None and (
                _only_furniture_between(text, lines, before[-1], run[0])):
            grids.append(grid)
            before = run
    return grids


def lift_caption(text: str, grid: Grid) -> Grid:
    """A caption or unit that stands as the first row of a table, in one cell over all columns,
    becomes that of the table."""
    caption, unit, first = grid.caption, grid.unit, 0
    while first < min(2, len(grid.rows) - 2) and len(grid.rows[first]) > 1:
        filled = [cell for cell in grid.rows[first] if cell[0] < cell[1]]
        if len(filled) != 1:
            break
        content = text[filled[0][0]:filled[0][1]]
        if unit is None and unit_line(content):
            unit = grid.lines[first]
        elif caption is None and len(content) <= CAPTION_MAX and (
                _NUMBERED.match(content) or _TITLED.search(content)):
            caption = grid.lines[first]
        else:
            break
        first += 1
    if not first:
        return grid
    header = None if grid.header is None else max(grid.header - first, 0) or None
    return replace(grid, rows=grid.rows[first:], lines=grid.lines[first:], header=header,
                   caption=caption, unit=unit)


def caption_above(text: str, lines: Sequence[Line], grid: Grid) -> Grid:
    """`grid`, stated by a format, with the caption and unit that stand in the lines above it."""
    first = bisect_left(lines, grid.start, key=lambda line: line.start)
    caption, unit = _above(text, lines, first)
    return replace(grid, caption=grid.caption or caption, unit=grid.unit or unit)


def _runs(text: str, lines: Sequence[Line], taken: Sequence[bool], tab: bool) -> list[list[int]]:
    """Runs of neighbouring lines that hold a tab (or begin with a pipe), as line numbers."""
    is_row: Callable[[Line], bool] = (
        (lambda line: "\t" in text[line.left:line.right]) if tab
        else (lambda line: text[line.start] == "|" and text.count("|", line.start, line.end) > 1))
    runs: list[list[int]] = []
    open_run = False
    for number, line in enumerate(lines):
        if taken[number] or not is_row(line):
            open_run = False
            continue
        if not open_run or line.gap:
            runs.append([])
        runs[-1].append(number)
        open_run = True
    return runs


def _grid(text: str, lines: Sequence[Line], run: Sequence[int]) -> Grid:
    tab = text[lines[run[0]].start] != "|" or "\t" in text[lines[run[0]].left:lines[run[0]].right]
    rows: list[tuple[Range, ...]] = []
    extents: list[Range] = []
    header: int | None = None
    for number in run:
        line = lines[number]
        extents.append((line.start, line.end))
        if tab:
            rows.append(cells_of(text, line.left, line.right, "\t"))
        elif _RULE.fullmatch(text, line.start, line.end):
            header = len(rows) if header is None else header
            rows.append(())
        else:
            end = line.end - 1 if text[line.end - 1] == "|" else line.end
            rows.append(cells_of(text, line.start + 1, end, "|"))
    caption, unit = _above(text, lines, run[0])
    return Grid(tuple(rows), tuple(extents), header, caption, unit or _below(text, lines, run[-1]))


def cells_of(text: str, start: int, end: int, separator: str) -> tuple[Range, ...]:
    """The cells of one line between `start` and `end`, without the white space at their ends."""
    cells: list[Range] = []
    while True:
        stop = text.find(separator, start, end)
        cells.append(trimmed(text, start, end if stop < 0 else stop))
        if stop < 0:
            return tuple(cells)
        start = stop + 1


def trimmed(text: str, start: int, end: int) -> Range:
    """The range without white space at its ends; an empty one stays at its start."""
    part = text[start:end]
    inner = part.strip()
    if not inner:
        return start, start
    first = start + len(part) - len(part.lstrip())
    return first, first + len(inner)


def _above(text: str, lines: Sequence[Line], first: int) -> tuple[Range | None, Range | None]:
    """The lines of caption and unit among the three above a table."""
    caption: Range | None = None
    unit: Range | None = None
    for number in range(first - 1, max(first - 4, -1), -1):
        line = lines[number]
        content = text[line.start:line.end] if line.end - line.start <= CAPTION_MAX else ""
        if content and unit is None and unit_line(content) and not _SENTENCE.search(content):
            unit = line.start, line.end
        elif content and not is_running_head(content):
            if _NUMBERED.match(content) or (
                    _TITLED.search(content) and not _SENTENCE.search(content)
                    and "\t" not in content and (unit or number == first - 1)):
                # 表1-1 may stand on a line of its own above the words.
                above = lines[number - 1] if number else line
                numbered = bool(_NUMBER_LINE.fullmatch(text, above.start, above.end))
                caption = (above if numbered else line).start, line.end
            break
        elif not content:
            break
    return caption, unit


def _below(text: str, lines: Sequence[Line], last: int) -> Range | None:
    """A line with the unit right after a table: extraction may move it there."""
    if last + 1 < len(lines):
        line = lines[last + 1]
        following = lines[last + 2] if last + 2 < len(lines) else None
        if line.end - line.start <= 24 and unit_line(text[line.start:line.end]) and not (
                following and "\t" in text[following.left:following.right]
                and not _only_number_rows(text, following)):
            return line.start, line.end
    return None


def _only_number_rows(text: str, line: Line) -> bool:
    return any(number_of(text[a:b]) for a, b in cells_of(text, line.left, line.right, "\t"))


def _only_furniture_between(text: str, lines: Sequence[Line], last: int, first: int) -> bool:
    return all(is_running_head(text[line.start:line.end]) for line in lines[last + 1:first]
               if line.end - line.start > 0)


def _continues(text: str, lines: Sequence[Line], before: Sequence[int], run: Sequence[int],
               grid: Grid, after: Grid) -> bool:
    """Whether the rows of `after` go on with `grid`: no caption or head of their own between."""
    if after.caption or run[0] - before[-1] > 4:
        return False
    if not _only_furniture_between(text, lines, before[-1], run[0]):
        return False
    row = after.rows[0]
    width = max(len(cells) for cells in grid.rows)
    if not row or abs(len(row) - width) > 1 or _repeats_head(text, grid, row):
        return False
    first = text[row[0][0]:row[0][1]]
    return not first or number_of(first) is not None or any(
        number_of(text[start:end]) for start, end in row[1:])


def _repeats_head(text: str, grid: Grid, row: Sequence[Range]) -> bool:
    return [same(text, cell) for cell in row if cell[0] < cell[1]] == [
        same(text, cell) for cell in grid.rows[0] if cell[0] < cell[1]]


def same(text: str, cell: Range) -> str:
    """A cell without white space, to compare heads whose spacing differs from page to page."""
    return "".join(text[cell[0]:cell[1]].split())
