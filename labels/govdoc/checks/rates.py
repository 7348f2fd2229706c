"""Rates: what is done of what was planned, growth against last year, shares of a whole.

Which columns a rate divides is told by the figures: the pair that most rows bear out, among those
its head allows. Rates that stand in a row of their own (预算执行率) are read the same way.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Callable, Iterator, Sequence

from labels.checks import Equation, Figures, NotCheckable, Term, check
from labels.errors import N_
from labels.govdoc.checks.figures import Figure, figure_in_words
from labels.govdoc.checks.sheet import Sheet, sheets

Claim = Equation | NotCheckable

_MESSAGES = {
    "ratio": N_("%(row)s: %(rate)s is %(one)s as a share of %(other)s"),
    "growth": N_("%(row)s: %(rate)s is the growth of %(one)s over %(other)s"),
    "share": N_("%(row)s: %(rate)s is the share of %(one)s in its total"),
    "index": N_("%(row)s: %(rate)s is by how much %(one)s is more than 100"),
}
_RESIDUALS: dict[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "ratio": lambda v: v[0] * v[2] - 100 * v[1],
    "growth": lambda v: v[0] * v[2] - 100 * (v[1] - v[2]),
    "share": lambda v: v[0] * v[2] - 100 * v[1],
    "index": lambda v: v[0] - v[1] + 100,
}
_GROWTH = re.compile(r"增|减|升|降|涨|同比|环比|幅度|[+＋±]|比上年")
_SHARE = re.compile(r"占|比重|比例|构成|份额")
_DONE = re.compile(r"率|完成|执行|进度|为.{0,8}[%％]|占")
_PLANNED = re.compile(r"目标|计划|任务")
_MOST = 0.7
_HALF = 0.5
_LEAST = 3
_WIDEST = 16
_PROBE = 8


@dataclass(frozen=True, slots=True)
class Ratio:
    kind: str
    one: int
    other: int


@check
def rates_divide(figures: Figures) -> Iterator[Claim]:
    for sheet in sheets(figures):
        for column in sorted(sheet.rates):
            # A rate of scores divides by the score of its own level: see scores.
            if "得分率" not in sheet.leaf(column):
                yield from _column(sheet, column)
        yield from _rows(sheet)


# --- columns of rates ----------------------------------------------------------------------------

def _column(sheet: Sheet, rate: int) -> Iterator[Claim]:
    if not any(row[rate] is not None for row in sheet.figures):
        return
    head = sheet.head(rate)
    best, score = None, 0
    operands = _operands(sheet, rate)
    for ratio in _candidates(sheet, rate, operands):
        tried, closed = _borne_out(sheet, rate, ratio, operands)
        enough = (closed >= _LEAST and closed >= _MOST * tried) or (
            _asked(head, ratio.kind) and closed and closed >= _HALF * tried)
        if enough and closed > score:
            best, score = ratio, closed
    if best is None:
        for row in sorted(sheet.total_rows):
            if sheet.figures[row][rate] is not None:
                yield _unclear(sheet, row, rate,
                               N_("no figures of the table make up this rate"))
        return
    whole = _whole_row(sheet, rate) if best.kind == "share" else None
    for row in range(len(sheet.figures)):
        claim = _claim(sheet, row, rate, best, operands, whole)
        if claim is not None:
            yield claim


def _asked(head: str, kind: str) -> bool:
    if kind in ("growth", "index"):
        return bool(_GROWTH.search(head))
    return bool((_SHARE if kind == "share" else _DONE).search(head)) and not _GROWTH.search(head)


Operands = dict[int, list[Term | None]]


def _operands(sheet: Sheet, rate: int) -> Operands:
    """The figures that a rate may divide, by column and row: those of columns of figures, and the
    one number that a cell of words holds (``不少于 18000 个``)."""
    found: Operands = {}
    for column in range(len(sheet.table.columns)):
        if column in sheet.rates or len(found) >= _WIDEST:
            continue
        terms: list[Term | None] = []
        for row, cells in enumerate(sheet.table.rows):
            figure = sheet.figures[row][column]
            if figure is not None and figure.kind != "%":
                terms.append(_plain(sheet, row, column, figure))
            else:
                terms.append(figure_in_words(cells[column]) if not figure else None)
        if sum(term is not None for term in terms) >= 2:
            found[column] = terms
    return found


def _plain(sheet: Sheet, row: int, column: int, figure: Figure) -> Term:
    """The figure in the unit it is printed in: a rate divides two figures of one unit, which one
    of the two columns often leaves out."""
    term = sheet.term(row, column)
    if not figure.power:
        return term
    return Term(term.text, term.start, term.end, figure.value.scaleb(-figure.power),
                figure.step.scaleb(-figure.power), term.address)


def _candidates(sheet: Sheet, rate: int, operands: Operands) -> Iterator[Ratio]:
    head = sheet.head(rate)
    growth = bool(_GROWTH.search(head))
    for one in operands:
        if growth and "指数" in sheet.leaf(one):
            yield Ratio("index", one, one)
        if _SHARE.search(head):
            yield Ratio("share", one, one)
        for other in operands:
            if one != other and _paired(sheet, rate, one, other):
                yield Ratio("growth" if growth else "ratio", one, other)


def _paired(sheet: Sheet, rate: int, one: int, other: int) -> bool:
    """Both stand in the rate's block, or one of them in words."""
    block = sheet.block(rate)
    return block is None or all(column in block.figures or column not in sheet.columns
                                or len(sheet.blocks) > 2 for column in (one, other))


def _whole_row(sheet: Sheet, rate: int) -> int | None:
    """The one row whose share is 100 %."""
    rows = [row for row, figures in enumerate(sheet.figures)
            if (figure := figures[rate]) is not None and figure.value == 100]
    return rows[0] if len(rows) == 1 else None


def _borne_out(sheet: Sheet, rate: int, ratio: Ratio, operands: Operands) -> tuple[int, int]:
    tried = closed = 0
    whole = _whole_row(sheet, rate) if ratio.kind == "share" else None
    if ratio.kind == "share" and whole is None:
        return 0, 0
    for row, figures in enumerate(sheet.figures):
        figure = figures[rate]
        one = operands[ratio.one][row]
        other = operands[ratio.other][row if whole is None else whole]
        if figure is None or one is None or other is None or not other.value or row == whole:
            continue
        tried += 1
        closed += _close(ratio.kind, figure, one, other)
        if tried >= _PROBE and closed * 3 < tried:
            break
    return tried, closed


def _close(kind: str, rate: Figure, one: Term, other: Term) -> bool:
    """Whether the rate is right, in floating point: a first sieve, `judge` decides."""
    r, a, b = float(rate.value), float(one.value), float(other.value)
    if kind == "index":
        return abs(a - 100 - r) <= (float(one.step) + float(rate.step)) / 2
    top = a - b if kind == "growth" else a
    allowed = (abs(b) * float(rate.step) + (abs(r) + 100 * (kind == "growth")) * float(other.step)
               + 100 * float(one.step)) / 2
    return abs(b * r - 100 * top) <= allowed * 1.0001


def _claim(sheet: Sheet, row: int, rate: int, ratio: Ratio, operands: Operands,
           whole: int | None) -> Claim | None:
    if sheet.figures[row][rate] is None or row == whole:
        return None
    one = operands[ratio.one][row]
    other = operands[ratio.other][row if whole is None else whole]
    if one is None and ratio.kind == "growth" and sheet.blank[row][ratio.one]:
        return None   # what is no more is left empty, and has fallen by 100 %
    if one is None or other is None:
        return _unclear(sheet, row, rate, N_("a figure that the rate divides is missing"))
    if not other.value:
        return _unclear(sheet, row, rate, N_("the rate divides by nought"))
    if _PLANNED.search(sheet.head(ratio.other)) and other.step >= 1:
        other = replace(other, step=Decimal(0))   # 8 亿 as a target is just that
    if ratio.kind == "index":
        return Equation("rates.rates_divide", (sheet.term(row, rate), one), _MESSAGES["index"],
                        {"row": sheet.label(row, rate), "rate": sheet.leaf(rate),
                         "one": sheet.leaf(ratio.one)}, residual=_RESIDUALS["index"])
    return equation("rates.rates_divide", ratio.kind, sheet.term(row, rate), one, other,
                    {"row": sheet.label(row, rate), "rate": sheet.leaf(rate),
                     "one": sheet.leaf(ratio.one), "other": sheet.leaf(ratio.other)})


def equation(name: str, kind: str, rate: Term, one: Term, other: Term,
             details: dict[str, str]) -> Equation:
    """`rate` per cent is `one` of `other` (ratio, share), or by how much `one` is more (growth)."""
    return Equation(name, (rate, one, other), _MESSAGES[kind], details, residual=_RESIDUALS[kind])


def _unclear(sheet: Sheet, row: int, column: int, reason: str) -> NotCheckable:
    cell = sheet.cells[row][column]
    return NotCheckable("rates.rates_divide", cell.start, cell.end, sheet.address(row, column),
                        reason)


# --- rows of rates -------------------------------------------------------------------------------

_ROW_OF_RATES = re.compile(r".*(?:率|占比|比重|比例|增幅|增长)(?:\(%\)|%)?")
_MOST_ROWS = 12


def _rows(sheet: Sheet) -> Iterator[Claim]:
    """A row of rates over columns of amounts: the two rows it divides are found by its figures."""
    if len(sheet.table.rows) > _MOST_ROWS:
        return
    for block in sheet.blocks:
        columns = [column for column in block.figures if column not in sheet.rates]
        for line in block.lines:
            held = [column for column in columns
                    if (figure := sheet.figures[line.row][column]) is not None
                    and figure.kind == "%"]
            if len(held) < 2 or not _ROW_OF_RATES.fullmatch(line.name):
                continue
            pair = _row_pair(sheet, line.row, held, bool(_GROWTH.search(line.name)))
            if pair is not None:
                yield from _row_claims(sheet, line.row, held, pair)


def _row_pair(sheet: Sheet, rate: int, columns: Sequence[int], growth: bool) -> Ratio | None:
    kind = "growth" if growth else "ratio"
    best, score = None, 0
    rows = [row for row in range(len(sheet.figures)) if row != rate]
    for one in rows:
        for other in rows:
            closed = one != other and sum(
                _cell_close(sheet, kind, rate, one, other, column) for column in columns)
            if closed and closed >= max(2, _MOST * len(columns) - 0.5) and closed > score:
                best, score = Ratio(kind, one, other), int(closed)
    return best


def _cell_close(sheet: Sheet, kind: str, rate: int, one: int, other: int, column: int) -> bool:
    figures = [sheet.figures[row][column] for row in (rate, one, other)]
    if any(figure is None for figure in figures) or not figures[2] or not figures[2].value or any(
            figure is not None and figure.kind == "%" for figure in figures[1:]):
        return False
    assert figures[0] is not None
    return _close(kind, figures[0], sheet.term(one, column), sheet.term(other, column))


def _row_claims(sheet: Sheet, rate: int, columns: Sequence[int], pair: Ratio) -> Iterator[Claim]:
    for column in columns:
        if all(sheet.figures[row][column] is not None for row in (pair.one, pair.other)):
            yield equation(
                "rates.rates_divide", pair.kind, sheet.term(rate, column),
                sheet.term(pair.one, column), sheet.term(pair.other, column),
                {"row": sheet.leaf(column), "rate": sheet.label(rate, column),
                 "one": sheet.label(pair.one, column), "other": sheet.label(pair.other, column)})
