"""Records and cells as an Excel workbook.

``tables.xlsx`` has the tables of `exporters.tables_csv` as sheets (``documents``,
``records-appointment``, …, ``cells``), their heads frozen; ``README.md`` and ``columns.json`` tell
the columns. Three cells of ``cells``::

    text '=1+1' (a text, never a formula)   value 1234.5 (a number)   settled TRUE

No cell is a formula or a link. A sheet ends at its 1,048,576th row; the table goes on in ``cells
(2)`` with its head. A number of more than 15 digits, which Excel would round, is a text. A text of
more than 32,767 characters, which no cell holds, is cut and told as a Loss. Items of a list are
parted by " / ".
"""
from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

from exporters import Format, Loss
from exporters.fact_columns import INTEGER, LIST, MARK, NUMBER, TABLES, TEXT, Column, Table
from exporters.fact_tables import (
    Held, Row, Value, carried_rows, plain_fit, read_rows, split_items, verify_rows,
    whole_text, write_dictionary, write_rows,
)
from labels.errors import N_, ExportError
from labels.gold import GoldRelease

if TYPE_CHECKING:
    from openpyxl import Workbook as Opened
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

FORMAT = Format(
    name="tables-xlsx", title=N_("Records and table cells (Excel)"), carries=("records", "cells"),
    drops=("spans", "relations", "classes"), extra="xlsx", package="xlsxwriter")

NAME = "tables.xlsx"
ROWS = 1_048_576  # of a sheet, its head one of them
LONGEST = 32_767  # of a text, in UTF-16 units
_DIGITS = 15
_NOTES = """\
An Excel workbook. All texts are texts, never formulas. A table of more than 1,048,576 rows goes on
in a sheet `NAME (2)`. A number of more than 15 digits is a text, since Excel would round it. Items
of a list are parted by " / ".

Excel 工作簿。文字一律为文字，不会成为公式。超过 1,048,576 行的表在 `NAME (2)` 中继续。超过 15 位的\
数值以文字写入，以免被 Excel 舍入。列表各项以“ / ”分隔。"""


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the workbook. Raises ImportError where XlsxWriter is missing."""
    with _workbook(folder / NAME, release) as book:
        sheets = {table.name: _Sheets(book, table) for table in TABLES}
        losses = write_rows(release, fit, lambda table, row: sheets[table.name].add(row))
    write_dictionary(release, folder, lambda table: f"{NAME} {table.name}", _NOTES)
    return losses


def carried(release: GoldRelease) -> Iterator[Held]:
    return carried_rows(release, fit)


def read(folder: Path) -> Iterator[Held]:
    """The rows of all tables, document by document."""
    from openpyxl import load_workbook
    book = load_workbook(folder / NAME, read_only=True)
    try:
        yield from read_rows(lambda table: read_table(book, table))
    finally:
        book.close()


verify = verify_rows


def read_table(book: "Opened", table: Table) -> Iterator[Row]:
    """The rows of one table. Raises ExportError where the head of a sheet is another."""
    names = [table.name]
    while names[-1] in book.sheetnames:
        lines = book[names[-1]].iter_rows(max_col=len(table.columns), values_only=True)
        if list(next(lines, ())) != [column.name for column in table.columns]:
            raise ExportError(N_("%(file)s has other columns"), file=names[-1])
        for line in lines:
            yield tuple(map(_read, table.columns, line))
        names.append(_sheet_name(table, len(names) + 1))


# --- what a workbook holds ---------------------------------------------------------------------


# XlsxWriter takes the first for XML of its own, and escapes the second so that no reader gets it
# back: Excel writes a control character as _x000D_, and an underscore before that as _x005F_.
_TAKEN = re.compile(r"^(?=<r>)(?=[\s\S]*</r>$)")
_RUN = re.compile(r"(_x[0-9a-fA-F]{4})(?=_x[0-9a-fA-F]{4}_)")
_ESCAPED = re.compile(r"_x([0-9a-fA-F]{4})_")
_NO_WIDTH = "\u200b"


def fit(column: Column, value: Value) -> tuple[Value, str, str]:
    """What a cell holds; of several reasons the first is told."""
    if isinstance(value, tuple):
        items, *why = plain_fit(column, value)
        text, *more = _fit_text(MARK.join(items if isinstance(items, tuple) else ()))
        reason, kind = why if why[0] else more
        return split_items(text), reason, kind
    if isinstance(value, str):
        text, *why = whole_text(value)
        text, *more = _fit_text(text)
        reason, kind = why if why[0] else more
        return text, reason, kind
    return value, "", ""


def _fit_text(text: str) -> tuple[str, str, str]:
    """A text that a cell holds and that comes back from it."""
    if len(text) <= LONGEST // 2 and "_x" not in text and not text.startswith("<r>"):
        return text, "", ""
    found = _RUN.sub(rf"\1{_NO_WIDTH}", _TAKEN.sub(_NO_WIDTH, text))
    if len(found) > LONGEST // 2:
        units = found.encode("utf-16-le")
        if len(units) > 2 * LONGEST:
            return (units[:2 * LONGEST].decode("utf-16-le", "ignore"),
                    N_("longer than a cell of a workbook can be; cut at its end"), "cut")
    if found != text:
        return found, N_("looks like markup of the workbook; parted by a zero-width space"
                         ), "repaired"
    return text, "", ""


def _exact(number: Decimal) -> bool:
    """Whether a cell with this number, as XlsxWriter writes it, is this number."""
    digits = str(abs(number.normalize()).as_tuple().digits)
    return digits.count(",") <= _DIGITS and Decimal(f"{float(number):.16G}") == number


@contextmanager
def _workbook(path: Path, release: GoldRelease) -> Iterator["Workbook"]:
    """A workbook that keeps one row of each sheet in memory, the rest in files beside it, and has
    the same bytes for the same release. Raises OSError where it cannot be written."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError
    book = Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
    book.set_properties({"title": f"{release.project}, release {release.number}",
                         "created": datetime.fromisoformat(release.created.replace("Z", "+00:00")),
                         "comments": f"release hash {release.hash}"})
    book.use_zip64()
    try:
        yield book
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error
    finally:
        for sheet in book.worksheets():
            with suppress(OSError):  # of a full disk, which was told already
                sheet.row_data_fh.close()


class _Sheets:
    """The sheets of one table: the first, and another whenever one is full."""

    def __init__(self, book: "Workbook", table: Table) -> None:
        self._book, self._table = book, table
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._count = self._row = 0
        self._sheet = self._next()

    def add(self, row: Row) -> None:
        if self._row == ROWS:
            self._sheet = self._next()
        for place, value in enumerate(row):
            _write(self._sheet, self._row, place, value)
        self._row += 1

    def _next(self) -> "Worksheet":
        self._count += 1
        sheet = self._book.add_worksheet(_sheet_name(self._table, self._count))
        for place, column in enumerate(self._table.columns):
            sheet.set_column(place, place, 24 if column.type in (TEXT, LIST) else 12)
            sheet.write_string(0, place, column.name, self._head)
        sheet.freeze_panes(1, 0)
        self._row = 1
        return sheet


def _write(sheet: "Worksheet", row: int, place: int, value: Value) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int) or (isinstance(value, Decimal) and _exact(value)):
        sheet.write_number(row, place, value)
    elif value is not None and value != "" and value != ():
        text = MARK.join(value) if isinstance(value, tuple) else (
            format(value, "f") if isinstance(value, Decimal) else value)
        sheet.write_string(row, place, text)


def _sheet_name(table: Table, count: int) -> str:
    return table.name if count == 1 else f"{table.name} ({count})"


def _read(column: Column, value: Any) -> Value:
    if isinstance(value, str):
        value = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), value)
    if column.type in (TEXT, LIST):
        return split_items(value or "") if column.type == LIST else value or ""
    if value is None:
        return None
    if column.type == NUMBER:
        return Decimal(value if isinstance(value, str) else repr(value))
    made: Value = int(value) if column.type == INTEGER else value
    return made
