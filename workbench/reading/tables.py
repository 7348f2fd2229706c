"""`Grid` → `Table`: header rows, column and row paths, values and units. One place for all formats.

Merged cells leave empty cells behind. An empty cell of a head takes the text to its left (a head
over several columns); an empty cell in a label column takes the text above it (a head over rows).
"""
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Mapping, Sequence

from labels.document import Cell, ReadWarning, Table
from workbench.reading.draft import Grid, Range
from workbench.reading.numbering import lead
from workbench.reading.shifts import Words, find_shifts, head_shift, moved_head, words_of
from workbench.reading.values import (
    looks_measured, number_of, period_in, unit_in_heading, unit_line)

Row = tuple[Range, ...]

_HEAD_ROWS = 5
_HEAD_CELL = 40
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*年)?")
_TOTAL = re.compile(r"(?:合|总|小)\s*计")
_SUM = re.compile(r"(?:合|总)\s*计")
_ORDINAL = re.compile(r"(?:序\s*号|编\s*号|行\s*次|编码|代码|科目编码|类|款|项|功能分类\s*科目编码|经济分类科目编码)")
_MEASURE_HEAD = re.compile(r"目标|情况|完成|决算|预算|金额|增幅|增长|比重|占比|得分|分值|(?:数|值|额|率|量)$|^20\d\d")
_NUMBERING = re.compile(r"\d{1,2}(?:\s*=.{1,20})?|栏次|[甲乙丙丁]")
_MARKUP = re.compile(r"\*\*|</?(?:b|p|br|strong|sup|sub)\s*/?>", re.I)
_CAPTION_NUMBER = re.compile(
    r"(?:附?表|图表)\s*(?P<n>[\d一二三四五六七八九十]+(?:(?:\s?[-—–]\s?|\.)\d+)*)")


@dataclass(frozen=True, slots=True)
class Columns:
    """What the head says: a path a column, which columns label their row, which only count it."""

    paths: tuple[tuple[str, ...], ...]
    labels: tuple[int, ...]
    ordinals: frozenset[int]
    units: tuple[int, ...]

    @property
    def halves(self) -> bool:
        """Whether the table stands in two halves, each with labels of its own."""
        return bool(self.labels) and self.labels[-1] - self.labels[0] >= len(self.labels)


@dataclass(frozen=True, slots=True)
class Laid:
    """A grid whose rows are of one width: `head` rows first; `width` is that of the head.

    `gapped` holds the body rows that a page break parts from the row before.
    """

    grid: Grid
    rows: tuple[Row, ...]
    lines: tuple[Range, ...]
    head: int
    width: int
    paths: tuple[tuple[str, ...], ...]
    gapped: frozenset[int]
    told: tuple[ReadWarning, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """One name a column: the words of its head, without white space."""
        return tuple("".join("".join(path).split()) if _YEAR.search("".join(path)) is None
                     else "".join(_YEAR.sub("", "".join(path)).split()) for path in self.paths)


def build_tables(text: str, grids: Sequence[Grid]) -> tuple[list[Table], list[ReadWarning]]:
    """The tables of `grids`, one each, and the warnings ``row_shifted`` and ``row_cut``."""
    laid = [_lay(text, grid) for grid in grids]
    words = words_of(text, ((one.names, one.rows[one.head:]) for one in laid))
    tables: list[Table] = []
    warnings: list[ReadWarning] = []
    for one in laid:
        mended, told = _mended(text, one, words)
        cut = _cut_rows(text, mended)
        tables.append(_build(text, mended, cut))
        warnings.extend((*mended.told, *told, *(
            ReadWarning("row_cut", *mended.lines[row],
                        "a page break cut a row: this is the rest of the one above")
            for row in sorted(cut))))
    return tables, warnings


def _lay(text: str, grid: Grid) -> Laid:
    """The rows padded to one width with empty cells at the end of their line."""
    kept = [(cells, line) for cells, line in zip(grid.rows, grid.lines) if cells]
    held = [cells for cells, _ in kept]
    head = grid.header if grid.header is not None else _head_rows(text, held)
    head = min(head, len(kept))
    width = max((len(cells) for cells in held), default=0)
    rows: list[Row] = [(*cells, *((line[1], line[1]),) * (width - len(cells)))
                       for cells, line in kept]
    lines = [line for _, line in kept]
    told: list[ReadWarning] = []
    column = head_shift(text, rows[:head], rows[head:])
    if column is not None:
        rows[:head] = moved_head(text, rows[:head], column)
        told.append(ReadWarning(
            "row_shifted", lines[0][0], lines[head - 1][1],
            f"the head stood one column to the left from column {column + 1}; it was moved"))
    narrow = 1 + max((j for row in rows[:head] for j, (a, b) in enumerate(row) if a < b),
                     default=width - 1)
    beyond = sum(any(a < b for a, b in row[narrow:]) for row in rows[head:])
    if 5 * beyond > 2 * (len(rows) - head) and head:
        told.append(ReadWarning(
            "row_shifted", lines[0][0], lines[head - 1][1],
            f"the head has {narrow} columns, the rows under it have up to {width}"))
        narrow = width
    gapped = frozenset(
        n for n in range(head + 1, len(rows))
        if text.count("\n", lines[n - 1][1], lines[n][0]) > 1)
    return Laid(grid, tuple(rows), tuple(lines), head, narrow,
                _paths(text, rows[:head], width)[:narrow], gapped, tuple(told))


def _mended(text: str, laid: Laid, words: Words) -> tuple[Laid, list[ReadWarning]]:
    """`laid` with its shifted rows put right, where that is clear, and what to tell of them."""
    if not laid.head:
        return replace(laid, width=len(laid.rows[0]) if laid.rows else 0), []
    body = laid.rows[laid.head:]
    rows = list(laid.rows)
    told: list[ReadWarning] = []
    for shift in find_shifts(text, laid.names, body, words):
        number = laid.head + shift.row
        told.append(ReadWarning(
            "row_shifted", *laid.lines[number],
            "the cells of this row did not stand under their heads and were moved there"
            if shift.cells else
            "the cells of this row do not stand under their heads; where they belong is unclear"))
        if shift.cells:
            rows[number] = shift.cells
    spilt = any(a < b for row in rows[laid.head:] for a, b in row[laid.width:])
    width = max(map(len, rows)) if spilt else laid.width
    padded = tuple((*row[:width], *((row[-1][1], row[-1][1]),) * (width - len(row)))
                   for row in rows)
    paths = (*laid.paths, *((),) * (width - len(laid.paths)))
    return replace(laid, rows=padded, width=width, paths=paths), told


def _cut_rows(text: str, laid: Laid) -> frozenset[int]:
    """The rows that hold the rest of the row above, which a page break cut."""
    found: set[int] = set()
    for number in laid.gapped:
        row, above = laid.rows[number], laid.rows[number - 1]
        filled = [j for j, (start, end) in enumerate(row) if start < end]
        held = [j for j, (start, end) in enumerate(above) if start < end]
        if filled and len(filled) < len(held) and set(filled) <= set(held) and not any(
                number_of(text[row[j][0]:row[j][1]]) for j in filled) and any(
                text[above[j][1] - 1] not in "。；！？" for j in filled) and not (
                filled == [0] and _names_group(text[row[0][0]:row[0][1]])):
            found.add(number)
    return frozenset(found)


def _build(text: str, laid: Laid, cut: frozenset[int]) -> Table:
    grid = laid.grid
    caption = plain(text[grid.caption[0]:grid.caption[1]]) if grid.caption else ""
    unit = (unit_line(text[grid.unit[0]:grid.unit[1]]) or "") if grid.unit else ""
    columns = _columns(text, laid)
    return Table(caption, _number(caption), unit, grid.start, grid.end, columns.paths,
                 tuple(_rows(text, laid, columns, unit, caption, cut)))


def plain(content: str) -> str:
    """Text for people: one line, without the tags and stars that extraction left."""
    return " ".join(_MARKUP.sub("", content).lstrip("#•● ").split())


def _number(caption: str) -> str:
    found = _CAPTION_NUMBER.match(caption)
    return re.sub(r"\s", "", found["n"]) if found else ""


def _head_rows(text: str, rows: Sequence[Sequence[Range]]) -> int:
    """How many leading rows are the head: the first, and more while merged cells stay open."""
    if not rows or _is_body(text, rows[0]):
        return 0
    if len(rows[0]) == 2 and _key_value(text, rows):
        return 0
    count = 1
    while count < min(len(rows) - 1, _HEAD_ROWS):
        numbering = _is_numbering(text, rows[count])
        has_gap = any(start == end for start, end in rows[count - 1])
        if not numbering and (not has_gap or _is_body(text, rows[count])
                              or _is_data_label(text, rows[count])):
            break
        count += 1
    return count


def _filled(text: str, row: Sequence[Range]) -> list[str]:
    return [text[start:end].strip() for start, end in row if start < end]


def _is_body(text: str, row: Sequence[Range]) -> bool:
    """Whether a row cannot be a head: it holds a number that is no year, or a sentence."""
    return any(
        len(cell) > _HEAD_CELL or "。" in cell
        or (number_of(cell) is not None and not _YEAR.fullmatch(cell))
        for cell in _filled(text, row))


def _is_data_label(text: str, row: Sequence[Range]) -> bool:
    """Whether a row without numbers is data: a lone total, or a group of rows in the first cell."""
    filled = _filled(text, row)
    return not filled or (len(filled) == 1 and row[0][0] < row[0][1] and (
        bool(_TOTAL.fullmatch(filled[0])) or not _ORDINAL.search(filled[0])))


def _is_numbering(text: str, row: Sequence[Range]) -> bool:
    """Whether a row numbers the columns: 1, 2, 3=1-2, 4."""
    filled = _filled(text, row)
    return len(filled) > 2 and filled[:2] in (["1", "2"], ["栏次", "1"], ["甲", "1"], ["甲", "乙"]) and (
        all(_NUMBERING.fullmatch(cell) for cell in filled))


def _key_value(text: str, rows: Sequence[Sequence[Range]]) -> bool:
    """Whether two columns are names and their values, without a head."""
    second = [text[row[1][0]:row[1][1]] for row in rows if len(row) == 2]
    return bool(second) and (len(second[0]) > 15 or bool(re.search(r"\d", second[0]))
                             and not _YEAR.match(second[0]))


def _columns(text: str, laid: Laid) -> Columns:
    paths, rows, head = laid.paths, laid.rows, laid.head
    if not rows:
        return Columns((), (), frozenset(), ())
    if not head:
        paths = ((),) * len(rows[0])
    leaves = ["".join(path[-1].split()) if path else "" for path in paths]
    ordinals = frozenset(j for j, path in enumerate(paths) if path and (
        _ORDINAL.fullmatch(path[-1]) or _ORDINAL.fullmatch("".join(path[-1].split()))))
    units = tuple(j for j, leaf in enumerate(leaves) if leaf in ("单位", "计量单位"))
    measured = [j not in ordinals and (
        _measured(text, rows[head:], j) or j > 0 and bool(_MEASURE_HEAD.search(leaf))
        and "项目" not in leaf and "指标" not in leaf) for j, leaf in enumerate(leaves)]
    labels: set[int] = set()
    names: set[str] = set()
    seen_measure = False
    for j, leaf in enumerate(leaves):
        if measured[j]:
            seen_measure = True
        elif not seen_measure and j not in units:
            labels.add(j)
            names.add(leaf)
        elif leaf and j not in ordinals and (leaf in names or (
                leaf.endswith(("项目", "科目")) and j + 1 < len(paths) and measured[j + 1])):
            labels.add(j)  # the second half of a table that stands in two halves
    if not seen_measure:
        # A table of words: what comes first that is no running number names the row.
        labels = set(ordinals) | set([j for j in range(len(paths)) if j not in ordinals][:1])
    return Columns(paths, tuple(sorted(labels)), ordinals, units)


def _measured(text: str, rows: Sequence[Sequence[Range]], column: int) -> bool:
    filled = [text[row[column][0]:row[column][1]] for row in rows
              if row[column][0] < row[column][1]]
    filled = [cell for cell in filled if cell.strip("-—– ")]
    measured = sum(looks_measured(cell) and not (column == 0 and _YEAR.fullmatch(cell.strip()))
                   for cell in filled)
    return bool(filled) and 2 * measured > len(filled)


def _paths(text: str, head: Sequence[Sequence[Range]], width: int) -> tuple[tuple[str, ...], ...]:
    paths: list[tuple[str, ...]] = [()] * width
    for depth, row in enumerate(head):
        last = depth == len(head) - 1
        texts = [plain(text[start:end]) for start, end in row]
        above = list(paths)
        for j in range(width):
            if not texts[j] and j and not last and above[j] == above[j - 1]:
                texts[j] = texts[j - 1]
            if texts[j] and (not paths[j] or paths[j][-1] != texts[j]):
                paths[j] = (*paths[j], texts[j])
    return tuple(paths)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of every cell of a column before its row is read: unit and period of the head,
    the label columns that name its rows (`speaks`), and whether it only names or counts them."""

    units: tuple[str | None, ...]
    periods: tuple[str | None, ...]
    speaks: tuple[tuple[int, ...], ...]
    names: tuple[bool, ...]
    unit: str
    period: str | None


def _said(columns: Columns, unit: str, caption: str) -> Said:
    width = range(len(columns.paths))
    return Said(
        tuple(next((u for u in map(unit_in_heading, reversed(path)) if u), None)
              for path in columns.paths),
        tuple(next((p for p in map(period_in, reversed(path)) if p), None)
              for path in columns.paths),
        tuple(tuple(_labels_of(j, columns)) for j in width),
        tuple(j in columns.labels or j in columns.ordinals or j in columns.units for j in width),
        unit, period_in(caption))


def _rows(text: str, laid: Laid, columns: Columns, unit: str, caption: str,
          cut: frozenset[int]) -> list[tuple[Cell, ...]]:
    """The body rows; group rows and merged labels are carried down to the rows under them."""
    built: list[tuple[Cell, ...]] = []
    groups: list[tuple[int, str]] = []
    above: dict[int, str] = {}
    labels: dict[int, str] = {}
    said = _said(columns, unit, caption)
    for number, row in enumerate(laid.rows[laid.head:], laid.head):
        texts = [text[start:end] for start, end in row]
        filled = [j for j, content in enumerate(texts) if content]
        if _is_group(texts, filled, columns):
            head = lead(texts[0][:48])
            rank = head.rank if head.style else -1
            groups = [one for one in groups if one[0] < rank] + [(rank, plain(texts[0]))]
            above.clear()
            labels = {}
        else:
            if any(_SUM.match(texts[j].strip()) for j in filled[:2]):
                groups.clear()
            if number not in cut:
                labels = _labels(texts, columns, above)
        group = tuple(words for _, words in groups)
        built.append(_cells(row, texts, columns, said, group, labels))
    return built


def _cells(row: Row, texts: Sequence[str], columns: Columns, said: Said, group: tuple[str, ...],
           labels: Mapping[int, str]) -> tuple[Cell, ...]:
    """The cells of one row under `group`, named by `labels`."""
    row_unit = next((texts[j].strip() for j in columns.units if texts[j].strip()), None)
    paths = {of: group + tuple(labels[k] for k in of if labels.get(k)) for of in set(said.speaks)}
    times = {of: next((p for p in map(period_in, path) if p), said.period)
             for of, path in paths.items()}
    cells: list[Cell] = []
    for j, (start, end) in enumerate(row):
        of = said.speaks[j]
        value = None if j in columns.ordinals else number_of(texts[j])
        unit = (value[1] or said.units[j] or row_unit or said.unit or None) if value else None
        period = None if said.names[j] or start == end else said.periods[j] or times[of]
        cells.append(Cell(texts[j], start, end, value[0] if value else None, unit, paths[of],
                          columns.paths[j], period))
    return tuple(cells)


def _is_group(texts: Sequence[str], filled: Sequence[int], columns: Columns) -> bool:
    """Whether a row heads the rows below: alone in its row, or with its sums, in the column that
    numbers the rows."""
    if not filled or filled[0] != 0 or len(texts) < 3 or columns.halves:
        return False
    alone = len(filled) == 1 or (0 in columns.ordinals and not any(
        texts[j] for j in columns.labels if j))
    return alone and _names_group(texts[0])


def _names_group(content: str) -> bool:
    """Whether a cell that stands alone in its row heads the rows below: numbered, or bold."""
    head = lead(content[:48])
    return bool(head.style or head.bold)


def _labels(texts: Sequence[str], columns: Columns, above: dict[int, str]) -> dict[int, str]:
    """The text of each label column; merged cells take it from above while no one to the left
    changes. `above` is carried from row to row."""
    labels: dict[int, str] = {}
    merging = [j for j in columns.labels if j not in columns.ordinals]
    for j in columns.labels:
        content = plain(texts[j])
        if content:
            labels[j] = content
            if j in merging:
                above[j] = content
                for later in merging:
                    if later > j:
                        above.pop(later, None)
        elif j in above and not columns.halves and any(texts[j + 1:]):
            labels[j] = above[j]
    return labels


def _labels_of(column: int, columns: Columns) -> list[int]:
    """The label columns that speak of `column`: those of its half of the table, not itself."""
    before = [j for j in columns.labels if j < column]
    halves: list[list[int]] = []
    for j in before:
        if halves and all(k in columns.labels for k in range(halves[-1][-1], j + 1)):
            halves[-1].append(j)
        else:
            halves.append([j])
    return [j for j in (halves[-1] if halves else []) if not _is_running_number(j, columns)]


def _is_running_number(column: int, columns: Columns) -> bool:
    path = columns.paths[column]
    return bool(path) and "".join(path[-1].split()) in ("序号", "行次", "编号")
