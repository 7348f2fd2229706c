"""Records and cells as Parquet files.

The tables of `exporters.tables_csv` with true types: a number is an exact decimal of 28 digits
before and 10 after the point, a list a list, what is not there null. Some columns of
``cells.parquet``::

    text: string                     -5.2元
    value: decimal128(38, 10)        -5.2
    row_path: list<element: string>  ["合计"]
    settled: bool                    true

``README.md`` and ``columns.json`` tell all columns. A figure with more digits than the type has is
a Loss; its words are there.
"""
from __future__ import annotations

from contextlib import ExitStack
from decimal import Context, Decimal, Inexact
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

from exporters import Format, Loss
from exporters.fact_columns import (
    BOOLEAN, INTEGER, LIST, NUMBER, TABLES, TEXT, Column, Table,
)
from exporters.fact_tables import (
    Held, Row, Value, carried_rows, read_rows, verify_rows, whole_text, write_dictionary,
    write_rows,
)
from exporters import parquet_files
from labels.errors import N_
from labels.gold import GoldRelease

if TYPE_CHECKING:
    from pyarrow import DataType

FORMAT = Format(
    name="tables-parquet", title=N_("Records and table cells (Parquet)"),
    carries=("records", "cells"), drops=("spans", "relations", "classes"), extra="parquet",
    package="pyarrow")

_DIGITS, _DECIMALS = 38, 10
_EXACT = Context(prec=_DIGITS, traps=[Inexact])
_NOTES = """\
Parquet: a number is decimal128(38, 10), exact; a list is a list; what is not there is null.

Parquet：数值为 decimal128(38, 10)，精确；列表即列表；没有的值为 null。"""


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write all tables, also those without rows. Raises ImportError where pyarrow is missing."""
    from pyarrow import schema
    with ExitStack() as stack:
        sinks = {table.name: stack.enter_context(parquet_files.Sink(
            folder / _file(table), schema([(column.name, _type(column))
                                           for column in table.columns]))) for table in TABLES}

        def sink(table: Table, row: Row) -> None:
            sinks[table.name].add({column.name: _written(value)
                                   for column, value in zip(table.columns, row)})
        losses = write_rows(release, fit, sink)
    write_dictionary(release, folder, _file, _NOTES)
    return losses


def carried(release: GoldRelease) -> Iterator[Held]:
    return carried_rows(release, fit)


def read(folder: Path) -> Iterator[Held]:
    """The rows of all tables, document by document."""
    return read_rows(lambda table: read_table(folder, table))


verify = verify_rows


def read_table(folder: Path, table: Table) -> Iterator[Row]:
    """The rows of one table."""
    for row in parquet_files.read_rows(folder / _file(table)):
        yield tuple(_read(column, row[column.name]) for column in table.columns)


def fit(column: Column, value: Value) -> tuple[Value, str, str]:
    """What a column of Parquet holds."""
    if isinstance(value, Decimal) and not _fits(value):
        return None, N_("a number with more digits than the column has"), "dropped"
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, tuple):
        fitted = [whole_text(item) for item in value]
        reason, kind = next(((reason, kind) for _, reason, kind in fitted if reason), ("", ""))
        return tuple(item for item, _, _ in fitted), reason, kind
    return value, "", ""


def _fits(number: Decimal) -> bool:
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        return False  # no number at all
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0") or "0")
    return exponent + zeros >= -_DECIMALS and len(digits) + exponent <= _DIGITS - _DECIMALS


def _file(table: Table) -> str:
    return f"{table.name}.parquet"


def _type(column: Column) -> "DataType":
    import pyarrow
    return {TEXT: pyarrow.string(), NUMBER: pyarrow.decimal128(_DIGITS, _DECIMALS),
            INTEGER: pyarrow.int64(), BOOLEAN: pyarrow.bool_(),
            LIST: pyarrow.list_(pyarrow.string())}[column.type]


def _written(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    # The scale of the column: pyarrow refuses to take zeros off the end.
    return (value.quantize(Decimal(1).scaleb(-_DECIMALS), context=_EXACT)
            if isinstance(value, Decimal) else None if value == "" else value)


def _read(column: Column, value: Any) -> Value:
    if column.type == TEXT:
        return value or ""
    made: Value = tuple(value) if column.type == LIST else value
    return made
