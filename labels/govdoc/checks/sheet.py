"""A table as its equations see it: which columns hold figures, what names each row, and the
figures as terms.

A table may stand in several blocks side by side (收入 | 支出; a name and its score for each level of
a score sheet): a `Block` is a run of columns of words and the columns of figures that follow it.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Sequence

from labels.checks import Figures, Term
from labels.document import Cell, Table
from labels.govdoc.checks.figures import DASH, Figure, figure_of, folded, is_blank

_NO_FIGURES = re.compile(
    r"序号|编号|行次|栏次|年份|年度|电话|邮编|代码|编码|科目编码|日期|时间|学号|页码|类|款|项|排名|位次|备注")
_CODE_HEAD = re.compile(r"编码|代码|^[类款项目节]$")
_CODE = re.compile(r"\d{2,9}")
_CODED_NAME = re.compile(r"(\d{3,9})(?=[^\d.,%年月])")
_RATE_HEAD = re.compile(r"[%％]|(?:比例|比重|占比|增幅|增速|[^汇费利税效功][率]$)")
_NO_NAME_HEAD = re.compile(r"(?:计量)?单位|.*(?:属性|公式|备注|目标|说明|时间|类型)")
_ORDINAL_HEAD = re.compile(r"序号|编号|行次")
_LEADS = (re.compile(r"[一二三四五六七八九十]{1,3}、"), re.compile(r"\([一二三四五六七八九十]{1,3}\)"),
          re.compile(r"\d{1,2}(?:[、．]|\.(?!\d))"), re.compile(r"\(\d{1,2}\)|\d{1,2}\)"),
          re.compile(r"[①-⑳]"))
_PART = re.compile(r"(?:其中[:：]?|#|＃|减[:：]|加[:：])")
_TOTAL = re.compile(r"(?P<of>.{0,20}?)(?P<word>小计|合计|总计|共计|总和)(?:\(.*\))?[:：]?")
_COUNT_HEAD = re.compile(r"(?:人|户|件|个|台|套|辆|座|处|次|家|项|数)(?:数|量)$")
_TENTH = Decimal("0.1")
_GIVEN = re.compile(r"^(?:分值|权重|满分|标准分)")
_COUNTED = frozenset("人 个 家 件 项 套 户 所 台 辆 张 处 条 座 次 名 部".split())
_TOTAL_RANK = {"小计": 1, "合计": 2, "共计": 2, "总和": 2, "总计": 3}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a block. `rank` is the depth of its numbering (1 for 一、; 0 for none), `total` 0
    for no total, 1 小计, 2 合计, 3 总计; `part` tells 其中 and its like."""

    row: int
    name: str
    code: str
    rank: int
    part: bool
    total: int


@dataclass(frozen=True, slots=True)
class Block:
    labels: tuple[int, ...]
    figures: tuple[int, ...]
    lines: tuple[Line, ...]


@dataclass
class Sheet:
    """`number` is the ordinal of the table in its document, from 1."""

    table: Table
    number: int
    figures: list[list[Figure | None]]
    blocks: tuple[Block, ...]
    blank: list[list[bool]]
    rates: frozenset[int]
    scale: Decimal
    cells: list[tuple[Cell, ...]]
    ints: list[list[int | None]] = field(default_factory=list)
    _terms: dict[tuple[int, int], Term] = field(default_factory=dict)
    _block_of: dict[int, Block] = field(default_factory=dict)
    _heads: list[str] = field(default_factory=list)
    _names: dict[tuple[int, int], str] = field(default_factory=dict)

    def term(self, row: int, column: int) -> Term:
        known = self._terms.get((row, column))
        if known is None:
            cell, figure = self.cells[row][column], self.figures[row][column]
            assert figure is not None
            known = Term(cell.text, cell.start, cell.end, figure.value, figure.step,
                         self.address(row, column))
            self._terms[row, column] = known
        return known

    def place(self, row: int, column: int) -> tuple[int, int]:
        """Where a cell stands; an empty one where the words stand that name its row."""
        cells = self.cells[row]
        block = self.block(column)
        words = [cells[label] for label in block.labels if cells[label].text] if block else []
        cell = cells[column] if cells[column].text or not words else words[-1]
        return cell.start, cell.end

    def name(self) -> str:
        return f"表{self.table.number}" if self.table.number else (
            self.table.caption[:30] or f"表#{self.number}")

    def address(self, row: int, column: int) -> str:
        """``表1 · 合计 · 决算数``, for people."""
        return " · ".join(filter(None, (self.name(), self.label(row, column), self.head(column))))

    def label(self, row: int, column: int) -> str:
        """What names a cell of `column` in `row`."""
        block = self.block(column)
        if block is None:
            return ""
        if not self._names:
            self._names = {(one.figures[0], line.row): line.name
                           for one in self.blocks for line in one.lines}
        return self._names.get((block.figures[0], row), "")

    def head(self, column: int) -> str:
        if not self._heads:
            self._heads = ["/".join(folded(part) for part in path) for path in self.table.columns]
        return self._heads[column]

    def leaf(self, column: int) -> str:
        path = self.table.columns[column]
        return folded(path[-1]) if path else ""

    def block(self, column: int) -> Block | None:
        if not self._block_of:
            self._block_of = {figure: block for block in self.blocks for figure in block.figures}
        return self._block_of.get(column)

    @property
    def columns(self) -> tuple[int, ...]:
        return tuple(column for block in self.blocks for column in block.figures)

    @property
    def total_rows(self) -> frozenset[int]:
        return frozenset(line.row for block in self.blocks for line in block.lines if line.total)


def sheets(figures: Figures) -> list[Sheet]:
    """The tables of the document that hold figures, read once for all checks."""
    known = figures.memory.get("sheets")
    if known is None:
        shifted = _shifted_rows(figures)
        known = [sheet for number, table in enumerate(figures.document.tables, 1)
                 if (sheet := read(table, number, shifted)) is not None]
        figures.memory["sheets"] = known
    result: list[Sheet] = known
    return result


def _shifted_rows(figures: Figures) -> list[tuple[int, int]]:
    return [(warning.start, warning.end) for warning in figures.document.warnings
            if warning.code == "row_shifted" and "unclear" in warning.message]


def read(table: Table, number: int, shifted: Sequence[tuple[int, int]] = ()) -> Sheet | None:
    """None for a table without figures. `shifted` are the places of rows whose cells are known to
    stand under wrong heads."""
    if not table.rows:
        return None
    width = len(table.columns)
    heads = [folded(path[-1]) if path else "" for path in table.columns]
    rates = {column for column in range(width) if _RATE_HEAD.search(heads[column])}
    rows = [_under_heads(cells, rates) if shifted and _lies_in(cells, shifted) else cells
            for cells in table.rows]
    figures = [[figure_of(cell, column in rates) for column, cell in enumerate(row)]
               for row in rows]
    blank = [[is_blank(cell) for cell in row] for row in rows]
    held = [column for column in range(width) if _holds_figures(
        heads[column], figures, blank, column)]
    if not held:
        return None
    rates.update(column for column in held if _all_rates(figures, column))
    for column in held:
        _share_steps(heads[column], figures, column)
    # Whole numbers for what is searched by figures: rates take no part in it.
    steps = [figure.step or _finest(figure) for row in figures for column, figure in enumerate(row)
             if figure is not None and column not in rates and figure.kind != "%"]
    scale = min(steps, default=Decimal(1))
    ints = [[None if figure is None else int(figure.value / scale) for figure in row]
            for row in figures]
    return Sheet(table, number, figures, _blocks(table, width, frozenset(held)), blank,
                 frozenset(rates), scale, rows, ints)


def _finest(figure: Figure) -> Decimal:
    """The last digit of an exact figure."""
    return Decimal(1).scaleb(min(0, int(figure.value.as_tuple().exponent)))


def _share_steps(head: str, figures: list[list[Figure | None]], column: int) -> None:
    """Give all figures of a column the finest step any of them shows: 25.7 among 285.69 is 25.70,
    its nought was dropped. Whole counts and the scores that can be had are not rounded at all."""
    kinds: dict[tuple[str, int], Decimal] = {}
    for row in figures:
        figure = row[column]
        if figure is not None:
            key = figure.kind, figure.power
            kinds[key] = min(kinds.get(key, figure.step), figure.step)
    for row in figures:
        figure = row[column]
        if figure is not None:
            step = kinds[figure.kind, figure.power]
            counted = step == 1 and not figure.power and (
                figure.kind in _COUNTED or bool(_COUNT_HEAD.search(head)))
            if counted or _GIVEN.search(head) or (head == "得分" and step >= _TENTH):
                step = Decimal(0)
            if step != figure.step:
                row[column] = replace(figure, step=step)


def _lies_in(cells: Sequence[Cell], places: Sequence[tuple[int, int]]) -> bool:
    filled = [cell for cell in cells if cell.text]
    return bool(filled) and any(start <= filled[0].start and filled[-1].end <= end
                                for start, end in places)


def _under_heads(cells: tuple[Cell, ...], rates: set[int]) -> tuple[Cell, ...]:
    """The cells of a slid row with its last figures moved right, so that the rate it ends with
    stands in the column of rates."""
    filled = [column for column, cell in enumerate(cells) if not is_blank(cell)]
    last = filled[-1] if filled else 0
    target = next((column for column in sorted(rates) if column > last), None)
    if target is None or cells[last].value is None or cells[last].unit != "%" or last in rates:
        return cells
    first = last
    while first and cells[first - 1].value is not None:
        first -= 1
    moved = target - last
    gap = (replace(cells[first], text="", end=cells[first].start, value=None, unit=None),) * moved
    return (*cells[:first], *gap, *cells[first:last + 1], *cells[target + 1:])


def _holds_figures(head: str, figures: Sequence[Sequence[Figure | None]],
                   blank: Sequence[Sequence[bool]], column: int) -> bool:
    if _NO_FIGURES.fullmatch(head):
        return False
    count = sum(row[column] is not None for row in figures)
    filled = sum(not row[column] for row in blank)
    if not count or 2 * count < filled:
        return False
    years = sum(figure is not None and 1949 <= figure.value <= 2099 and figure.step == 1
                for figure in (row[column] for row in figures))
    return years < count or count < 2 or "年" not in head


def _all_rates(figures: Sequence[Sequence[Figure | None]], column: int) -> bool:
    held = [row[column] for row in figures if row[column] is not None]
    return all(figure is not None and figure.kind == "%" for figure in held)


def _blocks(table: Table, width: int, held: frozenset[int]) -> tuple[Block, ...]:
    """Runs of word columns with the figure columns behind them."""
    runs: list[tuple[list[int], list[int]]] = []
    for column in range(width):
        if column in held:
            if not runs:
                runs.append(([], []))
            runs[-1][1].append(column)
        elif not runs or runs[-1][1]:
            runs.append(([column], []))
        else:
            runs[-1][0].append(column)
    blocks: list[Block] = []
    left: list[int] = []
    for labels, found in runs:
        if found:
            blocks.append(Block(tuple(labels), tuple(found),
                                _lines(table, labels, _totals(table, left))))
            left.extend(labels)
    return tuple(blocks)


def _totals(table: Table, labels: Sequence[int]) -> dict[int, int]:
    return {row: rank for row, cells in enumerate(table.rows)
            if (rank := max((total_rank(folded(cells[column].text)) for column in labels),
                            default=0))}


@lru_cache(maxsize=65536)
def total_rank(name: str) -> int:
    """0 for no total, 1 小计, 2 合计, 3 总计."""
    found = _TOTAL.fullmatch(name)
    return _TOTAL_RANK[found["word"]] if found and not name.startswith(("其中", "#")) else 0


def _lines(table: Table, labels: Sequence[int], first: dict[int, int]) -> tuple[Line, ...]:
    """`first` says which rows are totals by the words of the blocks further left: this one may
    leave its own cell there empty."""
    heads = {column: folded(table.columns[column][-1]) if table.columns[column] else ""
             for column in labels}
    coded = [column for column in labels if _CODE_HEAD.search(heads[column])
             and not _ORDINAL_HEAD.fullmatch(heads[column])]
    worded = [column for column in labels if column not in coded
              and not _ORDINAL_HEAD.fullmatch(heads[column])]
    worded = [column for column in worded if not _NO_NAME_HEAD.fullmatch(heads[column])
              ] or worded or list(labels)
    return tuple(_line(row, cells, labels, coded, worded, first)
                 for row, cells in enumerate(table.rows))


def _line(row: int, cells: Sequence[Cell], labels: Sequence[int], coded: Sequence[int],
          worded: Sequence[int], first: dict[int, int]) -> Line:
    texts = {column: folded(cells[column].text) for column in labels}
    name = next((texts[column] for column in reversed(worded)
                 if texts[column] and not DASH.fullmatch(texts[column])), "")
    name = name or next((text for text in texts.values()
                         if text and not DASH.fullmatch(text) and not text.isdigit()), "")
    total = max((total_rank(text) for text in texts.values()), default=0)
    if total > 1 and any(text and not total_rank(text) and not DASH.fullmatch(text)
                         and not text.isdigit() for text in texts.values()):
        total = 1   # the total of one of several bodies, which its first cell names
    if not total and not name and row in first:
        total = first[row]
    if total and not total_rank(name):
        name = next((text for text in texts.values() if total_rank(text)), name)
    code = "".join(texts[column] for column in coded if _CODE.fullmatch(texts[column]))
    if not code:
        found = _CODED_NAME.match(name)
        code = found[1] if found else ""
    words, part = _without_part(name.replace("*", "").replace("<b>", "").replace("</b>", ""))
    rank = next((depth for depth, lead in enumerate(_LEADS, 1) if lead.match(words)), 0)
    return Line(row, name, code, rank, part, total)


def _without_part(name: str) -> tuple[str, bool]:
    found = _PART.match(name)
    return (name[found.end():], True) if found else (name, False)


@lru_cache(maxsize=65536)
def bare(name: str) -> str:
    """A row's name without 其中, numbering and code, to be compared across tables."""
    words, _ = _without_part(name.replace("*", ""))
    for lead in _LEADS:
        found = lead.match(words)
        if found:
            words = words[found.end():]
            break
    return re.sub(r"^\d{3,9}", "", words)
