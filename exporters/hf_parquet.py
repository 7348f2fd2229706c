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

from exporters import Format, Loss
from exporters import hf_tables
from exporters.hf_tables import (
    Feature, Row, Table, card, check_names, losses_of, narrow, path, read_tables, tables,
)
from exporters.regions import write_text
from labels.errors import N_
from labels.gold import GoldRegion, GoldRelease

if TYPE_CHECKING:
    from pyarrow import DataType, Schema

FORMAT = Format(
    name="hf-parquet", title=N_("Hugging Face dataset (Parquet)"),
    carries=("spans", "relations", "classes"), extra="parquet", package="pyarrow")

_ENDING = "parquet"
_ROWS = 1_000  # of a row group, which is what is held in memory


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
    return read_tables(lambda config, split: read_rows(folder / path(config, split, _ENDING)))


def read_rows(file: Path) -> Iterator[Row]:
    """The rows of one file, one at a time; none where there is no file."""
    from pyarrow import parquet
    if file.exists():
        with parquet.ParquetFile(file) as content:
            for batch in content.iter_batches(_ROWS):
                yield from batch.to_pylist()


class _Sink:
    """One Parquet file, written a row group at a time."""

    def __init__(self, file: Path, table: Table) -> None:
        from pyarrow import parquet
        file.parent.mkdir(parents=True, exist_ok=True)
        self._schema = _schema(table)
        self._rows: list[Row] = []
        self._writer = parquet.ParquetWriter(file, self._schema)

    def __enter__(self) -> "_Sink":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: Any) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._writer.close()

    def add(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) == _ROWS:
            self._flush()

    def _flush(self) -> None:
        from pyarrow import Table as Arrow
        if self._rows:
            self._writer.write_table(Arrow.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()


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
