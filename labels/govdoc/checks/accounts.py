"""Balances: 收入总计 = 支出总计 where both stand side by side, and what was there at the beginning
plus what came in less what went out is what is there at the end.
"""
from __future__ import annotations

import re
from itertools import product
from typing import Iterator, Sequence

from labels.checks import Equation, Figures, NotCheckable, check
from labels.errors import N_
from labels.govdoc.checks.sheet import Block, Sheet, sheets

Claim = Equation | NotCheckable

_SIDES = N_("%(one)s and %(other)s are equal")
_FLOW = N_("%(row)s: %(closing)s is %(parts)s")
_INCOME = re.compile(r"收入|来源|资产")
_EXPENSE = re.compile(r"支出|运用|使用|负债")
_OPENING = re.compile(r"(?:年初|期初|上年末|上年|上期末|\d{4}年末).{0,12}(?:结转|结余|余额|存量|数)|(?:年初|上年)结转.*")
_CLOSING = re.compile(r"(?:年末|期末|本年|本期末|结转下年|\d{4}年末).{0,12}(?:结转|结余|余额|存量|数)|结转下年.*")
_IN = re.compile(r"收入|增加|新增|发行|拨款|预算|转贷")
_OUT = re.compile(r"支出|减少|还本|偿还|化解|决算|使用")
_NOT_A_FLOW = re.compile(r"限额")
_HALF = 0.5
_MOST_FLOWS = 6


@check
def sides_are_equal(figures: Figures) -> Iterator[Claim]:
    """The grand totals of the two halves of a table that sets income against expenditure."""
    for sheet in sheets(figures):
        if len(sheet.blocks) == 2 and _is_account(sheet):
            left, right = (_grand(sheet, block) for block in sheet.blocks)
            if left is not None and right is not None and left[0] == right[0]:
                terms = sheet.term(*left), sheet.term(*right)
                yield Equation("accounts.sides_are_equal", terms, _SIDES,
                               {"one": terms[0].address, "other": terms[1].address},
                               weights=(1, -1))


def _is_account(sheet: Sheet) -> bool:
    heads = ["".join((*(sheet.table.columns[block.figures[0]]),
                      *("".join(sheet.table.columns[label]) for label in block.labels)))
             for block in sheet.blocks]
    return bool(_INCOME.search(heads[0]) and _EXPENSE.search(heads[1]))


def _grand(sheet: Sheet, block: Block) -> tuple[int, int] | None:
    """The last row, if it is a total, and the first figure in it."""
    line = next((line for line in reversed(block.lines) if sheet.figures[line.row][
        block.figures[0]] is not None), None)
    return (line.row, block.figures[0]) if line is not None and line.total >= 2 else None


@check
def flows_balance(figures: Figures) -> Iterator[Claim]:
    """Columns: closing = opening + in − out, if half of the rows bear it out."""
    for sheet in sheets(figures):
        for block in sheet.blocks:
            yield from _flows(sheet, block)


def _flows(sheet: Sheet, block: Block) -> Iterator[Claim]:
    columns = [column for column in block.figures if column not in sheet.rates]
    closing = next((column for column in reversed(columns)
                    if _CLOSING.search(sheet.leaf(column))), None)
    opening = next((column for column in columns if column != closing
                    and _OPENING.search(sheet.leaf(column))), None)
    if closing is None or opening is None or len(sheet.figures) < 2:
        return
    flows = [column for column in columns if column not in (closing, opening)
             and _sign(sheet.leaf(column))]
    best, most = None, 0
    if 2 <= len(flows) <= _MOST_FLOWS:
        for chosen in product((0, 1), repeat=len(flows)):
            signs = [sign * _sign(sheet.leaf(column)) for sign, column in zip(chosen, flows)]
            if 1 in signs and -1 in signs:
                closed = _closed(sheet, closing, opening, flows, signs)
                if closed > most:
                    best, most = signs, closed
    if best is None or most < _HALF * len(_usable(sheet, closing, opening)):
        return
    parts = [(opening, 1), *((column, sign) for column, sign in zip(flows, best) if sign)]
    for row in _usable(sheet, closing, opening):
        held = [(column, sign) for column, sign in parts if sheet.figures[row][column] is not None]
        yield Equation(
            "accounts.flows_balance",
            (sheet.term(row, closing), *(sheet.term(row, column) for column, _ in held)), _FLOW,
            {"row": sheet.label(row, closing) or sheet.name(), "closing": sheet.leaf(closing),
             "parts": "".join((" - " if sign < 0 else " + ") + sheet.leaf(column)
                              for column, sign in held).removeprefix(" + ")},
            weights=(1, *(-sign for _, sign in held)))


def _sign(head: str) -> int:
    if _NOT_A_FLOW.search(head):
        return 0
    return -1 if _OUT.search(head) else 1 if _IN.search(head) else 0


def _usable(sheet: Sheet, closing: int, opening: int) -> list[int]:
    return [row for row, figures in enumerate(sheet.figures)
            if figures[closing] is not None and figures[opening] is not None]


def _closed(sheet: Sheet, closing: int, opening: int, flows: Sequence[int],
            signs: Sequence[int]) -> int:
    """How many rows close by flows that are not all nought."""
    count = 0
    for row in _usable(sheet, closing, opening):
        ints = sheet.ints[row]
        moved = [sign * (ints[column] or 0) for column, sign in zip(flows, signs)]
        rest = (ints[closing] or 0) - (ints[opening] or 0) - sum(moved)
        count += abs(rest) <= (len(flows) + 2) / 2 and sum(bool(flow) for flow in moved) > 1
    return count
