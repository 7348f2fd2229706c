"""Records and cells as CSV files.

``documents.csv``, ``records-KIND.csv`` (one file a kind, there even if it is empty), ``words.csv``
(which words each field was read from) and ``cells.csv``; ``README.md`` and ``columns.json`` tell
the columns. Three columns of each::

    record            person  post  …      table  row  column  text     value  unit  value_base
    d1:appointment:1  李明    局长  …      1      2    3       '-5.2元  -5.2   元    -5.2

RFC 4180: commas, CRLF, quotes doubled inside quotes. UTF-8 with a byte order mark, without which
Excel takes Chinese for another encoding (Python: ``encoding="utf-8-sig"``). Numbers are in plain
notation, true and false in these words, items of a list are parted by " / ", nothing is empty.

A text that a spreadsheet would take for a formula is led by an apostrophe, and so is one that
begins with an apostrophe: take away one leading apostrophe of a text column and it is as it was
(`labels.spreadsheets`). Opening a CSV file, a spreadsheet still guesses (``01`` becomes 1, long
numbers are rounded): `tables-xlsx` tells it the types.
"""
from __future__ import annotations

import csv
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, Iterator

from exporters import Format, Loss
from exporters.fact_columns import BOOLEAN, INTEGER, LIST, MARK, NUMBER, TABLES, Column, Table
from exporters.fact_tables import (
    Held, Row, Value, carried_rows, plain_fit, read_rows, split_items, verify_rows,
    write_dictionary, write_rows,
)
from labels.errors import N_, ExportError
from labels.gold import GoldRelease
from labels.spreadsheets import guarded, unguarded

FORMAT = Format(
    name="tables-csv", title=N_("Records and table cells (CSV)"), carries=("records", "cells"),
    drops=("spans", "relations", "classes"))

_ENCODING = "utf-8-sig"
_LONGEST = 1 << 30  # characters of one field; Python reads 131,072 unless told otherwise
_NOTES = """\
CSV as of RFC 4180 in UTF-8 with a byte order mark. A text that a spreadsheet would take for a
formula is led by an apostrophe, and so is one that begins with an apostrophe: a program that reads
a column of type text or list takes away one leading apostrophe. Items of a list are parted by
" / ". A spreadsheet that opens CSV guesses types (01 becomes 1); the format tables-xlsx tells it.

CSV 按 RFC 4180，UTF-8 带 BOM。会被电子表格当作公式的文字前加一个撇号，以撇号开头的文字也加一个；
程序读 text、list 列时去掉一个开头的撇号即得原文。列表各项以“ / ”分隔。"""


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write all tables; a table without rows has its head."""
    with ExitStack() as stack:
        writers = {}
        for table in TABLES:
            file = stack.enter_context((folder / _file(table)).open(
                "w", encoding=_ENCODING, newline="", buffering=1 << 18))
            writers[table.name] = csv.writer(file)
            writers[table.name].writerow(column.name for column in table.columns)

        def sink(table: Table, row: Row) -> None:
            writers[table.name].writerow(map(_written, row))
        losses = write_rows(release, plain_fit, sink)
    write_dictionary(release, folder, _file, _NOTES)
    return losses


def carried(release: GoldRelease) -> Iterator[Held]:
    return carried_rows(release, plain_fit)


def read(folder: Path) -> Iterator[Held]:
    """The rows of all tables, document by document."""
    return read_rows(lambda table: read_table(folder, table))


verify = verify_rows


def read_table(folder: Path, table: Table) -> Iterator[Row]:
    """The rows of one table. Raises ExportError where its head is another."""
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))
    with (folder / _file(table)).open(encoding=_ENCODING, newline="") as file:
        lines = csv.reader(file, strict=True)
        if next(lines, None) != [column.name for column in table.columns]:
            raise ExportError(N_("%(file)s has other columns"), file=_file(table))
        for line in lines:
            yield tuple(map(_read, table.columns, line))


def _file(table: Table) -> str:
    return f"{table.name}.csv"


def _written(value: Value) -> str:
    if isinstance(value, str):
        return guarded(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return guarded(MARK.join(value))
    return format(value, "f" if isinstance(value, Decimal) else "d")


def _read(column: Column, text: str) -> Value:
    made: dict[str, Any] = {NUMBER: Decimal, INTEGER: int, BOOLEAN: "true".__eq__}
    if column.type in made:
        return made[column.type](text) if text else None
    return split_items(unguarded(text)) if column.type == LIST else unguarded(text)
