"""Score sheets: each level's scores add up to the level above, 得分率 = 得分 / 分值, a summary gives
what its detailed tables come to; and averages over the rows they close.
"""
from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Iterator, Sequence

from labels.checks import Equation, Figures, NotCheckable, Suspect, check
from labels.errors import N_
from labels.govdoc.checks import rates
from labels.govdoc.checks.sheet import Block, Line, Sheet, sheets

Claim = Equation | NotCheckable

_WEIGHT = re.compile(r"分值|权重|满分|标准分|分数")
_SCORE = re.compile(r"得分|评分|评价得分|自评分|自评得分")
_RATE = re.compile(r"得分率(?:\(%\)|%)?")
_CODE = re.compile(r"(?P<code>[A-Z]\d{0,4})(?=\D|$)")
_MEAN = re.compile(r"(?:平均|综合|总体)?平?均?(?:综合)?(?:满意度|满意率|得分|分数)|平均.{0,8}|.{0,6}平均(?:分|值|数)?")
_LEVELS = N_("%(total)s: its %(column)s is the sum of %(count)s parts")
_SUMMARY = N_("%(total)s: its %(column)s is the sum of the %(count)s parts in %(other)s")
_AVERAGE = N_("%(total)s is the mean of the %(count)s rows it closes")
_THIRD = 1 / 3   # one wrong figure breaks its own mean and the mean of means


@check
def levels_add_up(figures: Figures) -> Iterator[Claim]:
    """分值 of a level is the sum of the 分值 under it, up to the next of that level."""
    for sheet in sheets(figures):
        for upper, lower in zip(sheet.blocks, sheet.blocks[1:]):
            yield from _level(sheet, upper, lower)


def _weights(sheet: Sheet, block: Block) -> int | None:
    return next((column for column in block.figures if _WEIGHT.search(sheet.leaf(column))), None)


def _level(sheet: Sheet, upper: Block, lower: Block) -> Iterator[Claim]:
    above, below = _weights(sheet, upper), _weights(sheet, lower)
    if above is None or below is None:
        return
    groups = [(row, parts) for row, parts in _groups(sheet, upper, above)
              if any(sheet.figures[part][below] is not None for part in parts)]
    equations = []
    for row, parts in groups:
        held = _once(sheet, below, [part for part in parts
                                    if sheet.figures[part][below] is not None])
        terms = (sheet.term(row, above), *(sheet.term(part, below) for part in held))
        equations.append(Equation(
            "scores.levels_add_up", terms, _LEVELS,
            {"total": sheet.label(row, above), "column": sheet.leaf(above), "count": len(held)},
            weights=(1, *[-1] * len(held))))
    yield from _if_most_hold(equations)


def _once(sheet: Sheet, column: int, rows: Sequence[int]) -> list[int]:
    """The rows without those that only repeat the name and figure of the one before."""
    kept: list[int] = []
    for row in rows:
        if not kept or sheet.label(row, column) != sheet.label(kept[-1], column) or (
                sheet.ints[row][column] != sheet.ints[kept[-1]][column]):
            kept.append(row)
    return kept


def _groups(sheet: Sheet, block: Block, column: int) -> Iterator[tuple[int, list[int]]]:
    """A row with a figure in `column`, and the rows from it to the next one. A name that stands
    again with its figure, as merged cells do after a page break, goes on with its group."""
    current: tuple[int, list[int]] | None = None
    name = ""
    for line in block.lines:
        if line.total or line.row in sheet.total_rows:
            break
        if sheet.figures[line.row][column] is None and current is None:
            continue
        if sheet.figures[line.row][column] is not None and (line.name != name or not name):
            if current is not None:
                yield current
            current, name = (line.row, []), line.name
        if current is not None:
            current[1].append(line.row)
    if current is not None:
        yield current


def _if_most_hold(equations: Sequence[Equation], least: float = 0.5) -> Iterator[Equation]:
    """All of the equations, if enough of them hold: else they were not meant."""
    holding = sum(_holds(equation) for equation in equations)
    if holding and holding >= least * len(equations):
        yield from equations


def _holds(equation: Equation) -> bool:
    rest = sum((weight * term.value for weight, term in zip(equation.weights, equation.terms)),
               Decimal(0))
    return abs(rest) <= sum((abs(weight) * term.step / 2 for weight, term in zip(
        equation.weights, equation.terms)), Decimal(0))


# --- 得分率 --------------------------------------------------------------------------------------

@check
def score_rates(figures: Figures) -> Iterator[Claim]:
    """得分率 is 得分 over the 分值 of the row's own level: the one furthest right."""
    for sheet in sheets(figures):
        rate = next((column for column in sorted(sheet.rates)
                     if _RATE.fullmatch(sheet.leaf(column))), None)
        score = next((column for column in sheet.columns
                      if _SCORE.fullmatch(sheet.leaf(column))), None)
        if rate is None or score is None:
            continue
        weights = [column for column in sheet.columns
                   if column < score and _WEIGHT.search(sheet.leaf(column))]
        equations = [equation for row in range(len(sheet.figures))
                     if (equation := _score_rate(sheet, row, rate, score, weights)) is not None]
        yield from equations


def _score_rate(sheet: Sheet, row: int, rate: int, score: int, weights: Sequence[int]
                ) -> Claim | None:
    figures = sheet.figures[row]
    if figures[rate] is None:
        return None
    weight = next((column for column in reversed(weights) if figures[column] is not None), None)
    if figures[score] is None or weight is None:
        cell = sheet.cells[row][rate]
        return NotCheckable("scores.score_rates", cell.start, cell.end, sheet.address(row, rate),
                            N_("a figure that the rate divides is missing"))
    return rates.equation(
        "scores.score_rates", "ratio", sheet.term(row, rate), sheet.term(row, score),
        sheet.term(row, weight),
        {"row": sheet.label(row, score) or sheet.label(row, weight), "rate": sheet.leaf(rate),
         "one": sheet.leaf(score), "other": sheet.leaf(weight)})


# --- a summary and its tables --------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Scored:
    """The rows of one sheet that a code (B2) names or holds, and their scores."""

    sheet: Sheet
    column: int
    rows: tuple[int, ...]


@check
def summary_of_scores(figures: Figures) -> Iterator[Claim]:
    """得分 of B2 in a summary is the sum of the scores under B2 in the table that details it."""
    single: dict[str, list[Scored]] = defaultdict(list)
    parted: dict[str, list[Scored]] = defaultdict(list)
    for sheet in sheets(figures):
        column = next((column for column in sheet.columns
                       if _SCORE.fullmatch(sheet.leaf(column))), None)
        if column is not None:
            for code, rows in _coded(sheet, column):
                (single if len(rows) == 1 else parted)[code].append(
                    Scored(sheet, column, tuple(rows)))
    equations = [_summary(one, details) for code, found in single.items() for one in found
                 for details in parted.get(code, ()) if one.sheet is not details.sheet]
    yield from _if_most_hold(equations)


def _coded(sheet: Sheet, column: int) -> Iterator[tuple[str, list[int]]]:
    """The code that opens each name of the first block with one, and the scored rows under it."""
    for block in sheet.blocks:
        groups: list[tuple[str, list[int]]] = []
        for line in block.lines:
            found = _CODE.match(line.name)
            if line.row in sheet.total_rows:
                break
            if found and (not groups or groups[-1][0] != found["code"]):
                groups.append((found["code"], []))
            if groups and sheet.figures[line.row][column] is not None:
                groups[-1][1].append(line.row)
        if groups:
            yield from ((code, rows) for code, rows in groups if rows)
            return


def _summary(one: Scored, details: Scored) -> Equation:
    sheet, column = details.sheet, details.column
    empty = [row for row in range(details.rows[0], details.rows[-1]) if row not in details.rows
             and sheet.blank[row][column] and _is_scored(sheet, row, column)]
    terms = (one.sheet.term(one.rows[0], one.column),
             *(details.sheet.term(row, details.column) for row in details.rows))
    return Equation("scores.summary_of_scores", terms, _SUMMARY,
                    {"total": one.sheet.label(one.rows[0], one.column),
                     "column": one.sheet.leaf(one.column), "count": len(details.rows),
                     "other": sheet.name()}, weights=(1, *[-1] * len(details.rows)),
                    suspects=tuple(Suspect(*sheet.place(row, column), "missing",
                                           N_("it has no score")) for row in empty))


def _is_scored(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a score could be had in this row."""
    return any(sheet.figures[row][other] is not None for other in sheet.columns
               if other < column and _WEIGHT.search(sheet.leaf(other)))


# --- averages ------------------------------------------------------------------------------------

@check
def means(figures: Figures) -> Iterator[Claim]:
    """综合满意度, 平均…: the mean of the rows since the last mean, or of the means before it."""
    yield from _if_most_hold([equation for sheet in sheets(figures) for block in sheet.blocks
                              for column in block.figures
                              for equation in _means(sheet, block, column)], _THIRD)


def _means(sheet: Sheet, block: Block, column: int) -> Iterator[Equation]:
    since: list[int] = []
    before: list[int] = []
    for line in block.lines:
        if sheet.figures[line.row][column] is None:
            continue
        if not _MEAN.fullmatch(line.name):
            since.append(line.row)
            continue
        rows = since or before
        if len(rows) > 1:
            yield _mean(sheet, line, column, rows)
        before, since = ([*before, line.row], []) if since else ([], [])


def _mean(sheet: Sheet, line: Line, column: int, rows: Sequence[int]) -> Equation:
    terms = (sheet.term(line.row, column), *(sheet.term(row, column) for row in rows))
    return Equation("scores.means", terms, _AVERAGE,
                    {"total": sheet.label(line.row, column) or line.name, "count": len(rows)},
                    weights=(len(rows), *[-1] * len(rows)))
