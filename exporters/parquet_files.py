"""Parquet files, written and read a row group at a time."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

if TYPE_CHECKING:
    from pyarrow import RecordBatch, Schema

_ROWS = 1_000  # of a row group, which is held in memory
_PYTHON_ROWS = 50  # as objects of Python, which take ten times as much

Row = dict[str, Any]


class Sink:
    """One file of rows; a context manager. Raises ImportError where pyarrow is missing."""

    def __init__(self, file: Path, schema: "Schema") -> None:
        from pyarrow import parquet
        file.parent.mkdir(parents=True, exist_ok=True)
        self._schema = schema
        self._rows: list[Row] = []
        self._batches: list["RecordBatch"] = []
        self._writer = parquet.ParquetWriter(file, schema)

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: Any) -> None:
        try:
            if kind is None:
                self._pack()
                self._flush()
        finally:
            self._writer.close()

    def add(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) == _PYTHON_ROWS:
            self._pack()
        if len(self._batches) == _ROWS // _PYTHON_ROWS:
            self._flush()

    def _pack(self) -> None:
        from pyarrow import RecordBatch
        if self._rows:
            self._batches.append(RecordBatch.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()

    def _flush(self) -> None:
        from pyarrow import Table
        if self._batches:
            self._writer.write_table(Table.from_batches(self._batches))
            self._batches.clear()


def read_rows(file: Path) -> Iterator[Row]:
    """The rows of one file, one at a time; none where there is no file."""
    from pyarrow import parquet
    if file.exists():
        with parquet.ParquetFile(file) as content:
            for batch in content.iter_batches(_PYTHON_ROWS):
                yield from batch.to_pylist()
