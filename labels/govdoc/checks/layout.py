"""Rows that do not stand under their heads, as the reader found and told them."""
from __future__ import annotations

from decimal import Decimal
from typing import Iterator, Sequence

from labels.checks import Equation, Figures, Suspect, Term, check
from labels.document import ReadWarning, Table
from labels.errors import N_

_MESSAGE = N_("%(table)s: %(count)s rows slid against their heads")
_HEAD = N_("%(table)s: its head slid against its columns")
_MENDED = N_("the cells fit their columns when they are moved; they were read so")
_OPEN = N_("the cells do not fit the columns they stand in")


@check
def rows_stand_under_their_heads(figures: Figures) -> Iterator[Equation]:
    """One claim for each run of slid rows."""
    warnings = [warning for warning in figures.document.warnings if warning.code == "row_shifted"]
    for number, table in enumerate(figures.document.tables, 1):
        own = [warning for warning in warnings if table.start <= warning.start < table.end]
        for run in _runs(figures.document.text, own):
            yield _claim(table, number, run)


def _runs(text: str, warnings: Sequence[ReadWarning]) -> Iterator[list[ReadWarning]]:
    """Warnings of rows that follow each other, with one message."""
    run: list[ReadWarning] = []
    for warning in sorted(warnings, key=lambda entry: entry.start):
        if run and (text[run[-1].end:warning.start].strip() or warning.message != run[-1].message):
            yield run
            run = []
        run.append(warning)
    if run:
        yield run


def _claim(table: Table, number: int, run: Sequence[ReadWarning]) -> Equation:
    """The rows are its terms; how many slid is how far it is from right."""
    name = f"表{table.number}" if table.number else table.caption[:30] or f"表#{number}"
    reason = _OPEN if "unclear" in run[0].message else _MENDED
    terms = tuple(Term("", warning.start, warning.end, Decimal(1), Decimal(0), name)
                  for warning in run)
    message = _HEAD if run[0].message.startswith("the head stood") else _MESSAGE
    return Equation(
        "layout.rows_stand_under_their_heads", terms, message,
        {"table": name, "count": len(run)}, weights=(1,) * len(run),
        suspects=tuple(Suspect(warning.start, warning.end, "shifted", reason) for warning in run))
