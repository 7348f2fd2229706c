"""A Hugging Face dataset folder of Parquet files: the tables of `exporters.hf_dataset`.

Only the files differ (``data/spans-train.parquet``). Columns have the types that ``README.md``
declares; a class is kept as its name, which `datasets` turns into the number of its ClassLabel::

    spans: list<struct<start: int64, end: int64, label: string>>
    ner_tags: list<string>
"""
from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

import msgspec

from exporters import Format, Loss
from exporters import hf_tables
from exporters.hf_tables import (
    CLASSES, ClassRow, Feature, Kept, Row, SpanRow, Table, card, check_names, losses_of,
    narrow, path, read_tables, tables,
)
from exporters.regions import SPANS, write_text
from labels.errors import N_
from labels.gold import GoldRegion, GoldRelease

if TYPE_CHECKING:
    from pyarrow import DataType, RecordBatch, Schema

FORMAT = Format(
    name="hf-parquet", title=N_("Hugging Face dataset (Parquet)"),
    carries=("spans", "relations", "classes"), extra="parquet", package="pyarrow")

_ENDING = "parquet"
_ROWS = 1_000  # of a row group, which is held in memory
_PYTHON_ROWS = 50  # as objects of Python, which take ten times as much


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the dataset. Raises ImportError where pyarrow is missing."""
    check_names(release)
    found = tables(release)
    losses: list[Loss] = []
    counts: Counter[tuple[str, str]] = Counter()
    with ExitStack() as stack:
        sinks: dict[tuple[str, str], _Sink] = {}
        for region in release.regions:
            losses += losses_of(release, region)
            held = narrow(release, region)
            for table in found:
                for row in table.rows(held):
                    key = table.config, region.split
                    if key not in sinks:
                        sinks[key] = stack.enter_context(_Sink(folder / path(*key, _ENDING), table))
                    sinks[key].add(row)
                    counts[key] += 1
    write_text(folder / "README.md", card(release, found, counts, _ENDING))
    return losses


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    return hf_tables.carried(release)


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions that the canonical files hold; those of both configurations come twice."""
    def rows(config: str, split: str) -> Iterator[ClassRow]:
        return read_rows(folder / path(config, split, _ENDING))
    return read_tables(Kept(
        spans=lambda split: (msgspec.convert(row, SpanRow) for row in rows(SPANS, split)),
        classes=lambda split: rows(CLASSES, split), derived=rows,
        as_derived=msgspec.to_builtins))


def read_rows(file: Path) -> Iterator[ClassRow]:
    """The rows of one file, one at a time; none where there is no file."""
    from pyarrow import parquet
    if file.exists():
        with parquet.ParquetFile(file) as content:
            for batch in content.iter_batches(_PYTHON_ROWS):
                yield from batch.to_pylist()


class _Sink:
    """One Parquet file, written a row group at a time."""

    def __init__(self, file: Path, table: Table) -> None:
        from pyarrow import parquet
        file.parent.mkdir(parents=True, exist_ok=True)
        self._schema = _schema(table)
        self._rows: list[ClassRow] = []
        self._batches: list["RecordBatch"] = []
        self._writer = parquet.ParquetWriter(file, self._schema)

    def __enter__(self) -> "_Sink":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: Any) -> None:
        try:
            if kind is None:
                self._pack()
                self._flush()
        finally:
            self._writer.close()

    def add(self, row: Row) -> None:
        self._rows.append(msgspec.to_builtins(row))
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
        from pyarrow import Table as Arrow
        if self._batches:
            self._writer.write_table(Arrow.from_batches(self._batches))
            self._batches.clear()


def _schema(table: Table) -> "Schema":
    from pyarrow import schema
    return schema([(feature["name"], _type(feature)) for feature in table.features])


def _type(feature: Feature | str) -> "DataType":
    """The type of a column as the card declares it; a class is text."""
    import pyarrow
    if isinstance(feature, str):
        return {"string": pyarrow.string(), "int64": pyarrow.int64()}[feature]
    if "class_label" in feature:
        return pyarrow.string()
    if "dtype" in feature:
        return _type(feature["dtype"])
    inner = feature["list"]
    if isinstance(inner, list):
        return pyarrow.list_(pyarrow.struct([(part["name"], _type(part)) for part in inner]))
    return pyarrow.list_(_type(inner))
