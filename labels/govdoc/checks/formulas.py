"""Rows whose sums the table writes out in a column of its own: ``A=B+C`` beside ``B`` and ``C``.
"""
from __future__ import annotations

import re
from typing import Iterator, Sequence

from labels.checks import Equation, Figures, check
from labels.errors import N_
from labels.govdoc.checks.figures import folded
from labels.govdoc.checks.sheet import Sheet, sheets

_MESSAGE = N_("%(total)s: the table says %(formula)s")
_LETTERS = re.compile(r"(?P<name>[A-Z]{1,2})(?:=(?P<right>[A-Z]{1,2}(?:[+-][A-Z]{1,2})+))?")
_MEMBER = re.compile(r"(?P<sign>[+-]?)(?P<name>[A-Z]{1,2})")
_LEAST = 3


@check
def rows_keep_their_formulas(figures: Figures) -> Iterator[Equation]:
    for sheet in sheets(figures):
        for column in range(len(sheet.table.columns)):
            found = {row: match for row, cells in enumerate(sheet.cells)
                     if (match := _LETTERS.fullmatch(folded(cells[column].text)))}
            if len(found) >= _LEAST:
                yield from _column(sheet, found)


def _column(sheet: Sheet, found: dict[int, re.Match[str]]) -> Iterator[Equation]:
    rows: dict[str, int] = {}
    for row, match in found.items():
        rows.setdefault(match["name"], row)
    for row, match in found.items():
        members = list(_MEMBER.finditer(match["right"] or ""))
        if len(members) > 1 and all(member["name"] in rows for member in members):
            parts = [(rows[member["name"]], -1 if member["sign"] == "-" else 1)
                     for member in members]
            yield from _equations(sheet, row, parts, match.group())


def _equations(sheet: Sheet, row: int, parts: Sequence[tuple[int, int]], formula: str
               ) -> Iterator[Equation]:
    for column in sheet.columns:
        held = [(part, sign) for part, sign in parts if sheet.figures[part][column] is not None]
        if sheet.figures[row][column] is not None and held and column not in sheet.rates:
            yield Equation(
                "formulas.rows_keep_their_formulas",
                (sheet.term(row, column), *(sheet.term(part, column) for part, _ in held)),
                _MESSAGE, {"total": sheet.label(row, column), "formula": formula},
                weights=(1, *(-sign for _, sign in held)))
