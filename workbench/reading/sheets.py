"""The sheets of a workbook → one `Draft`: a table a sheet, under its name.

::

    表1-1 收支情况            the name of the sheet, a heading
    云泽区2030年收支情况表     rows of one cell above the table stand as lines of their own
    单位：万元
    项目 ⇥ 预算数 ⇥ 决算数     the table; cells over several columns or rows leave empty cells
    注：含新区。               and so do the notes under it

What a sheet does not show (hidden sheets, rows and columns) is left out and told: public offices
keep the keys of their systems there. Columns and rows without any text are left out.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Sequence

from labels.document import ReadWarning
from labels.errors import N_, ReadError
from workbench.reading.draft import Draft
from workbench.reading.naming import slug
from workbench.reading.office_text import OfficeText, one_line
from workbench.reading.values import unit_line

MAX_CELLS = 5_000_000

_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|Chart)\s*\d*", re.I)
_NOTE = re.compile(r"(?:备?注|说明)\s*\d{0,2}\s*[:：]")
_LEADING = 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` holds what the cells show; `rows_hidden` and `columns_hidden` count what had text in
    it and was left out."""

    name: str
    rows: Sequence[Sequence[str]]
    rows_hidden: int = 0
    columns_hidden: int = 0


def draft_of(name: str, sheets: Iterable[Sheet], hidden: Sequence[str]) -> Draft:
    """The draft of a workbook; `hidden` names the sheets that are not shown.

    Raises ReadError if no sheet shows any text.
    """
    writer = OfficeText()
    warnings: list[ReadWarning] = []
    for sheet in sheets:
        begun = len(writer.text())
        _write(writer, sheet)
        if sheet.rows_hidden or sheet.columns_hidden:
            warnings.append(ReadWarning(
                "hidden_cells", begun, len(writer.text()),
                f"sheet {sheet.name}: {sheet.rows_hidden} hidden rows and "
                f"{sheet.columns_hidden} hidden columns are left out"))
    if not writer.text():
        raise ReadError(N_("%(file)s: no sheet shows any text"), file=name, hint=N_(
            "its sheets may be hidden or hold pictures only"))
    warnings += [ReadWarning("hidden_sheet", 0, 0, f"hidden sheet {one} is left out")
                 for one in hidden]
    return Draft(slug(name), name, writer.text(), marks=tuple(writer.marks),
                 grids=tuple(writer.grids), warnings=tuple(warnings))


def too_large(name: str, sheet: str) -> ReadError:
    return ReadError(N_("%(file)s: sheet %(sheet)s has more than %(most)s cells"), file=name,
                     sheet=sheet, most=MAX_CELLS, hint=N_("split it, or save it as .csv"))


def _write(writer: OfficeText, sheet: Sheet) -> None:
    rows = _compact(sheet.rows)
    first, last = _table_between(rows)
    if not rows:
        return
    if not _DEFAULT_NAME.fullmatch(sheet.name.strip()):
        writer.block(sheet.name, "heading", 1)
    for row in rows[:first]:
        for cell in row:
            writer.block(cell)
    table = rows[first:last]
    if max((len(row) for row in table), default=0) > 1:
        writer.table(table)
    else:
        for row in table:
            writer.block(row[0])
    for row in rows[last:]:
        writer.block(" ".join(cell for cell in row if cell))


def _compact(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows that hold text, without the columns that hold none."""
    kept = [[cell if cell and not cell.isspace() else "" for cell in row] for row in rows]
    kept = [row for row in kept if any(row)]
    width = max((len(row) for row in kept), default=0)
    used = sorted({column for row in kept for column, cell in enumerate(row) if cell})
    return [[row[column] if column < len(row) else "" for column in used]
            for row in kept] if width else []


def _table_between(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Where the table begins and ends: after the lines of caption and unit, before the notes."""
    first = 0
    while first < min(_LEADING, len(rows)) and _is_line(rows[first]):
        first += 1
    if first == len(rows):
        return 0, len(rows)
    last = len(rows)
    while last > first and len([cell for cell in rows[last - 1] if cell]) == 1:
        last -= 1
    # Rows of one cell at the end are notes from the first that says so.
    noted = next((number for number in range(last, len(rows))
                  if _NOTE.match(one_line("".join(rows[number])))), len(rows))
    return first, noted


def _is_line(row: Sequence[str]) -> bool:
    """Whether a row above a table is a line of its own: one cell, or one of them a unit."""
    filled = [one_line(cell) for cell in row if cell]
    return len(filled) == 1 or len(filled) <= 3 and any(unit_line(cell) for cell in filled)
