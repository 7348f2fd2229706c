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
from workbench.reading.footnotes import note_mark
from workbench.reading.furniture import is_running_head
from workbench.reading.values import number_of, unit_line

_RULE = re.compile(r"\|?[\s:|-]*-{2,}[\s:|-]*\|?")
_NUMBERED = re.compile(r"(?:\*\*|#{1,6}\s)?\s*(?:附?表|图表)\s*[\d一二三四五六七八九十]")
_TITLED = re.compile(r"(?:表|情况|明细|一览|汇总|计划|目标|清单)(?:[（(].{1,20}[)）])?(?:\*\*)?$")
_NUMBER_LINE = re.compile(r"(?:附?表|图表)\s*[\d一二三四五六七八九十]+(?:\s?[-—–.]\s?\d+)*")
_SENTENCE = re.compile(r"[。；！？]")
_AGAIN = re.compile(r"[（(]?(?:续\s*表|接上页|续上表|续)[）)]?[\d\s—–-]*")
_CONTINUED = re.compile(r"[（(]?(?:续表?|续前表)[\d一二三四]{0,2}[）)]?")
_GAP = 160
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
            cells = cells_of(text, line.left, line.right, "\t")
            rows.append(() if _is_rule(text, cells) else cells)
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
        if note_mark(text[line.start:line.start + 12]) is not None or _AGAIN.fullmatch(content):
            continue
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
    return all(_is_between(text[line.start:line.end]) for line in lines[last + 1:first]
               if line.end - line.start > 0)


def _is_between(content: str) -> bool:
    """Whether a line may stand between two pieces of one table: a running head, or its unit, which
    extraction may move down to a page's end."""
    return is_running_head(content) or len(content) <= 24 and bool(
        _AGAIN.fullmatch(content) or unit_line(content))


def _continues(text: str, lines: Sequence[Line], before: Sequence[int], run: Sequence[int],
               grid: Grid, after: Grid) -> bool:
    """Whether the rows of `after` go on with `grid`: no caption or head of their own between."""
    if after.caption or run[0] - before[-1] > 4:
        return False
    if not _only_furniture_between(text, lines, before[-1], run[0]):
        return False
    row = after.rows[0]
    width = max(len(cells) for cells in grid.rows)
    if not row or abs(len(row) - width) > 1 or repeated_rows(text, grid, after):
        return False
    first = text[row[0][0]:row[0][1]]
    if not first or number_of(first) is not None or any(
            number_of(text[start:end]) for start, end in row[1:]):
        return True
    # A row that the page's edge cut in two, or a table of names and their values.
    filled = sum(start < end for start, end in row)
    return len(row) == width and (2 * filled <= width + 1 if width > 2 else _has_rule(text, after))


def _has_rule(text: str, grid: Grid) -> bool:
    """Whether a row holds nothing but dashes, or markup: what a converter made of ruled cells."""
    return any(_is_rule(text, row) for row in grid.rows) or any(
        text.startswith("<", cell[0]) for row in grid.rows[:1] for cell in row)


def _is_rule(text: str, row: Sequence[Range]) -> bool:
    filled = [text[start:end] for start, end in row if start < end]
    return bool(filled) and all(not cell.strip("-") and len(cell) > 1 for cell in filled) and (
        len(filled) == len(row))


def join_pieces(text: str, grids: Sequence[Grid]) -> list[Grid]:
    """The grids in order, with the pieces of a table that repeat its head joined to its first one.

    The repeated head rows stay lines of the table, but rows no more.
    """
    joined: list[Grid] = []
    for grid in grids:
        again = _repeats(text, joined[-1], grid) if joined else 0
        if not again:
            joined.append(grid)
            continue
        first = joined[-1]
        rows = (*first.rows, *((),) * again, *grid.rows[again:])
        joined[-1] = replace(first, rows=rows, lines=(*first.lines, *grid.lines),
                             unit=first.unit or grid.unit)
    return joined


def _repeats(text: str, first: Grid, grid: Grid) -> int:
    """How many rows of `grid` repeat the head of `first`, if it is a piece of the same table."""
    if grid.start < first.end:
        return 0
    between = text[first.end:grid.start]
    again = len(between) <= _GAP and all(
        _is_between(line.strip()) or _of_caption(text, first, grid, line.strip())
        for line in between.splitlines() if line.strip())
    if not again or grid.caption and not _of_caption(
            text, first, grid, text[grid.caption[0]:grid.caption[1]]):
        return 0
    return repeated_rows(text, first, grid)


def _of_caption(text: str, first: Grid, grid: Grid, line: str) -> bool:
    """Whether `line`, the caption above a piece, is that of the table, or that with （续）."""
    if grid.caption is None or first.caption is None:
        return False
    caption = "".join(text[first.caption[0]:first.caption[1]].split()).strip("*#")
    return _CONTINUED.sub("", "".join(line.split()).strip("*#")) == _CONTINUED.sub("", caption)


def repeated_rows(text: str, grid: Grid, after: Grid) -> int:
    """How many of the first rows of `after` are the first rows of `grid` again."""
    count = 0
    for row, other in zip(grid.rows, after.rows):
        if count > 4 or not _same_row(text, row, other) or count and any(
                number_of(text[start:end]) for start, end in row):
            break
        count += 1
    while count and not grid.rows[count - 1] and not after.rows[count - 1]:
        count -= 1
    return count


def _same_row(text: str, row: Sequence[Range], other: Sequence[Range]) -> bool:
    return [same(text, cell) for cell in row if cell[0] < cell[1]] == [
        same(text, cell) for cell in other if cell[0] < cell[1]]


def same(text: str, cell: Range) -> str:
    """A cell without white space, to compare heads whose spacing differs from page to page."""
    return "".join(text[cell[0]:cell[1]].split())
