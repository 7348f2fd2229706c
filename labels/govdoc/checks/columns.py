"""Columns that are the sum, difference or product of other columns of their row.

The head says it (合计 before 基本支出 and 项目支出; ``3=1-2``), or the figures do: where a column is
the sum of others in nearly all rows, it is so in the rest too, or something is wrong there.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import Iterator, Sequence

from labels.checks import Equation, Figures, NotCheckable, check
from labels.errors import N_
from labels.govdoc.checks.figures import folded
from labels.govdoc.checks.sheet import Block, Sheet, sheets, total_rank

Claim = Equation | NotCheckable

_SUM = N_("%(row)s: %(total)s is %(parts)s")
_PRODUCT = N_("%(row)s: %(total)s is %(one)s times %(other)s")
_FORMULA = re.compile(r"(?P<name>[A-Z]{1,2}|\d{1,2})=(?P<right>[A-Z\d+\-]+)")
_MEMBER = re.compile(r"(?P<sign>[+-]?)(?P<name>[A-Z]{1,2}|\d{1,2})")
_TOTAL_HEAD = re.compile(r"(?:.{0,8}(?:合计|总计|小计|总额|总数|共计)|总分)(?:\(.{0,8}\))?")
_WIDEST = 14
_LEAST_ROWS = 3
_MOST = 0.7
_HALF = 0.5
_STEADY = 0.7


@dataclass(frozen=True, slots=True)
class Relation:
    """`total` is the sum of the columns `parts`, each with its sign."""

    total: int
    parts: tuple[int, ...]
    signs: tuple[int, ...]
    declared: bool

    @property
    def columns(self) -> frozenset[int]:
        return frozenset((self.total, *self.parts))


@check
def columns_add_up(figures: Figures) -> Iterator[Claim]:
    for sheet in sheets(figures):
        for relation in relations(sheet):
            yield from _equations(sheet, relation)


def relations(sheet: Sheet) -> list[Relation]:
    """The sums of columns, each column's best; what the head declares before what figures tell."""
    found = list(_by_formula(sheet))
    for block in sheet.blocks:
        columns = [column for column in block.figures if column not in sheet.rates]
        if not 2 <= len(columns) <= 4 * _WIDEST:
            continue
        named = {one.total for one in found}
        declared = _by_heads(sheet, _with_empty(sheet, columns), columns)
        for target in columns:
            known = [one.columns for one in found]
            best = declared.get(target)
            if target in named or best is not None and best.columns in known:
                continue
            best = best or _by_figures(sheet, columns, target, known)
            if best is not None:
                found.append(best)
    return found


# --- what the head says --------------------------------------------------------------------------

def _by_formula(sheet: Sheet) -> Iterator[Relation]:
    """``A=B+C`` and ``3=1-2`` in the head, where the other columns are named B and C, 1 and 2."""
    named: dict[str, int] = {}
    formulas: list[tuple[int, str]] = []
    for column in sheet.columns:
        for part in sheet.table.columns[column]:
            words = folded(part)
            found = _FORMULA.fullmatch(words)
            if found:
                formulas.append((column, found["right"]))
                named.setdefault(found["name"], column)
            elif re.fullmatch(r"[A-Z]{1,2}|\d{1,2}", words):
                named.setdefault(words, column)
    for column, right in formulas:
        members = list(_MEMBER.finditer(right))
        if all(member["name"] in named for member in members) and len(members) > 1:
            yield Relation(column, tuple(named[member["name"]] for member in members),
                           tuple(-1 if member["sign"] == "-" else 1 for member in members), True)


def _by_heads(sheet: Sheet, columns: Sequence[int], targets: Sequence[int]
              ) -> dict[int, Relation]:
    """What each total's head says it sums, where half of the rows bear it out: its own, or those
    of the totals beside it (合计/预算数 beside 合计/决算数)."""
    chosen: dict[int, Relation] = {}
    beside: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    doubtful: list[Relation] = []
    for target in targets:
        choices = [Relation(target, parts, (1,) * len(parts), True)
                   for parts in _declared(sheet, columns, target)]
        tried = [(relation, *_borne_out(sheet, relation)[:2]) for relation in choices]
        held = next(((relation, count, closed) for relation, count, closed in tried
                     if closed and closed >= _HALF * count), None)
        if held is not None:
            chosen[target] = held[0]
        elif choices:
            doubtful.append(choices[0])
        if choices:
            beside.setdefault(_over(sheet, target), []).append(
                held[1:] if held is not None else (tried[0][1], 0))
    for relation in doubtful:
        pool = beside[_over(sheet, relation.total)]
        if len(pool) > 1 and sum(closed for _, closed in pool) >= _HALF * sum(
                count for count, _ in pool):
            chosen[relation.total] = relation
    return chosen


def _over(sheet: Sheet, column: int) -> tuple[str, ...]:
    """The head of a column without its last row."""
    return tuple(folded(part) for part in sheet.table.columns[column][:-1])


def _declared(sheet: Sheet, columns: Sequence[int], target: int) -> list[tuple[int, ...]]:
    """The columns that a head such as 合计 sums: its siblings, or what stands under its name."""
    path = [folded(part) for part in sheet.table.columns[target]]
    choices: list[tuple[int, ...]] = []
    under = tuple(column for column in columns if column != target and tuple(
        folded(part) for part in sheet.table.columns[column])[:len(path)] == tuple(path))
    if len(under) > 1:
        choices.append(under)
    for level, part in enumerate(path):
        if not _TOTAL_HEAD.fullmatch(part):
            continue
        siblings = [column for column in columns if column != target and _sibling(
            sheet, column, path, level)]
        after = [column for column in siblings if column > target]
        before = [column for column in siblings if column < target]
        for side in (after, before):
            until = _until_total(sheet, side if side is after else side[::-1], level)
            choices.extend(tuple(sorted(side)) for side in (until, side) if len(side) > 1)
    return choices


def _with_empty(sheet: Sheet, columns: Sequence[int]) -> list[int]:
    """The columns of figures and those between and behind them that are empty: a sum may have
    parts of nought, or parts that were lost."""
    after = next((block.labels[0] for block in sheet.blocks
                  if block.labels and block.labels[0] > columns[-1]), len(sheet.table.columns))
    return [column for column in range(columns[0], after)
            if column in columns or all(row[column] for row in sheet.blank)]


def _sibling(sheet: Sheet, column: int, path: Sequence[str], level: int) -> bool:
    """Whether a column stands beside the total under the same head, for the same measure."""
    other = [folded(part) for part in sheet.table.columns[column]]
    if other[:level] != list(path[:level]) or len(other) <= level or (
            other[level] == path[level]):
        return False
    if other[level + 1:] and other[-1:] != path[level + 1:][-1:]:
        inner = other[level + 1]
        return bool(total_rank(inner)) and not path[level + 1:]
    tail = other[level + 1:-1] if path[level + 1:] else other[level + 1:]
    return not tail or bool(total_rank(tail[0]))


def _until_total(sheet: Sheet, side: Sequence[int], level: int) -> list[int]:
    kept: list[int] = []
    for column in side:
        path = sheet.table.columns[column]
        if len(path) > level and _TOTAL_HEAD.fullmatch(folded(path[level])):
            break
        kept.append(column)
    return kept


# --- what the figures say ------------------------------------------------------------------------

def _by_figures(sheet: Sheet, columns: Sequence[int], target: int,
                known: Sequence[frozenset[int]]) -> Relation | None:
    """The relation that most rows bear out."""
    best, most = None, 0
    for parts in _runs(columns, target):
        relation = Relation(target, parts, (1,) * len(parts), False)
        if relation.columns in known:
            continue
        tried, closed, told = _borne_out(sheet, relation)
        if told >= _LEAST_ROWS and closed >= _MOST * tried and told > most:
            best, most = relation, told
    return best


def _runs(columns: Sequence[int], target: int) -> Iterator[tuple[int, ...]]:
    """Neighbouring columns on either side, and any two others."""
    at = list(columns).index(target)
    for side in (columns[at + 1:at + _WIDEST], columns[max(0, at - _WIDEST):at][::-1]):
        for count in range(2, len(side) + 1):
            yield tuple(sorted(side[:count]))
    if len(columns) <= _WIDEST:
        others = [column for column in columns if column != target]
        yield from combinations(others, 2)


def _borne_out(sheet: Sheet, relation: Relation) -> tuple[int, int, int]:
    """In how many rows the relation can be tried, closes, and closes with two parts or more."""
    tried = closed = told = 0
    seen: set[tuple[int, ...]] = set()
    slack = (len(relation.parts) + 1) / 2 * _unit(sheet, relation.total)
    for ints in sheet.ints:
        whole = ints[relation.total]
        parts = [ints[column] for column in relation.parts]
        if whole is None or all(part is None for part in parts) or not (whole or any(parts)):
            continue
        tried += 1
        rest = whole - sum(sign * (part or 0) for sign, part in zip(relation.signs, parts))
        if abs(rest) <= slack:
            closed += 1
            entries = (whole, *(part or 0 for part in parts))
            if sum(bool(part) for part in parts) > 1 and entries not in seen:
                seen.add(entries)
                told += 1
        elif tried > 8 and closed * 3 < tried:
            break
    return tried, closed, told


def _unit(sheet: Sheet, column: int) -> int:
    figure = next((row[column] for row in sheet.figures if row[column] is not None), None)
    return int(figure.step / sheet.scale) or 1 if figure is not None else 1


# --- equations -----------------------------------------------------------------------------------

def _equations(sheet: Sheet, relation: Relation) -> Iterator[Claim]:
    tried, closed, _ = _borne_out(sheet, relation)
    empty = [column for column in relation.parts if all(row[column] for row in sheet.blank)]
    for row, figures in enumerate(sheet.figures):
        if figures[relation.total] is None:
            continue
        held = [(column, sign) for column, sign in zip(relation.parts, relation.signs)
                if figures[column] is not None]
        words = [column for column in relation.parts
                 if figures[column] is None and not sheet.blank[row][column]]
        rates = any(one is not None and one.kind == "%"
                    for one in (figures[column] for column in relation.columns))
        if rates or not held:
            continue
        if words:
            yield _unclear(sheet, row, relation.total, N_("a part of the sum is no number"))
        elif empty and closed < _STEADY * tried and not _closes(sheet, row, relation):
            yield _unclear(sheet, row, relation.total, N_("a part of the sum is an empty column"))
        else:
            yield _equation(sheet, row, relation.total, held)


def _closes(sheet: Sheet, row: int, relation: Relation) -> bool:
    ints = sheet.ints[row]
    rest = (ints[relation.total] or 0) - sum(
        sign * (ints[column] or 0) for column, sign in zip(relation.parts, relation.signs))
    return abs(rest) <= (len(relation.parts) + 1) / 2 * _unit(sheet, relation.total)


def _unclear(sheet: Sheet, row: int, column: int, reason: str) -> NotCheckable:
    cell = sheet.cells[row][column]
    return NotCheckable("columns.columns_add_up", cell.start, cell.end,
                        sheet.address(row, column), reason)


def _equation(sheet: Sheet, row: int, total: int, held: Sequence[tuple[int, int]]) -> Equation:
    terms = (sheet.term(row, total), *(sheet.term(row, column) for column, _ in held))
    parts = "".join((" - " if sign < 0 else " + ") + (sheet.leaf(column) or "?")
                    for column, sign in held)
    return Equation("columns.columns_add_up", terms, _SUM,
                    {"row": sheet.label(row, total) or sheet.name(), "total": sheet.leaf(total),
                     "parts": parts.removeprefix(" + ").strip()},
                    weights=(1, *(-sign for _, sign in held)))


# --- products ------------------------------------------------------------------------------------

_PRICE = re.compile(r"单价|均价|标准")
_COUNT = re.compile(r"数量|人数|件数|个数|月数|面积|工程量")
_AMOUNT = re.compile(r"金额|总价|合价|小计|合计|总额|费用")


@check
def price_times_quantity(figures: Figures) -> Iterator[Claim]:
    """数量 × 单价 = 金额, where the head names all three and half of the rows bear it out."""
    for sheet in sheets(figures):
        for block in sheet.blocks:
            yield from _products(sheet, block)


def _products(sheet: Sheet, block: Block) -> Iterator[Claim]:
    found = [next((column for column in block.figures if pattern.search(sheet.leaf(column))), None)
             for pattern in (_PRICE, _COUNT, _AMOUNT)]
    price, count, amount = found
    if price is None or count is None or amount is None or len(set(found)) < 3:
        return
    equations = []
    for line in block.lines:
        if not line.total and all(sheet.figures[line.row][column] is not None for column in (
                price, count, amount)):
            whole = sheet.term(line.row, count)
            if whole.step == 1:
                whole = replace(whole, step=Decimal(0))   # pieces are counted, not rounded
            equations.append(Equation(
                "columns.price_times_quantity",
                (sheet.term(line.row, amount), whole, sheet.term(line.row, price)), _PRODUCT,
                {"row": line.name, "total": sheet.leaf(amount), "one": sheet.leaf(count),
                 "other": sheet.leaf(price)},
                residual=lambda values: values[0] - values[1] * values[2]))
    holding = sum(equation.terms[0].value == equation.terms[1].value * equation.terms[2].value
                  for equation in equations)
    if holding and 2 * holding >= len(equations):
        yield from equations
