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
from typing import TYPE_CHECKING, Iterator

import msgspec

from exporters import Format, Loss
from exporters import hf_tables
from exporters.hf_tables import (
    CLASSES, ClassRow, Feature, Kept, SpanRow, Table, card, check_names, losses_of, narrow, path,
    read_tables, tables,
)
from exporters.parquet_files import Sink, read_rows
from exporters.lines import write_text
from exporters.regions import SPANS
from labels.errors import N_
from labels.gold import GoldRegion, GoldRelease

if TYPE_CHECKING:
    from pyarrow import DataType, Schema

FORMAT = Format(
    name="hf-parquet", title=N_("Hugging Face dataset (Parquet)"),
    carries=("spans", "relations", "classes"), extra="parquet", package="pyarrow")

_ENDING = "parquet"


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the dataset. Raises ImportError where pyarrow is missing."""
    check_names(release)
    found = tables(release)
    losses: list[Loss] = []
    counts: Counter[tuple[str, str]] = Counter()
    with ExitStack() as stack:
        sinks: dict[tuple[str, str], Sink] = {}
        for region in release.regions:
            losses += losses_of(release, region)
            held = narrow(release, region)
            for table in found:
                for row in table.rows(held):
                    key = table.config, region.split
                    if key not in sinks:
                        sinks[key] = stack.enter_context(
                            Sink(folder / path(*key, _ENDING), _schema(table)))
                    sinks[key].add(msgspec.to_builtins(row))
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
