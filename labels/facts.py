"""Facts: what a release says of a document beside its regions, as rows for people and programs.

They are the records that follow from its gold alone (never from a suggestion) and the cells of its
tables, as the reader found them. A fact is *settled* if all the words it was made from stand in
regions that people settled. Facts are made when a release is frozen and do not change with the
rules: an export of the release is the same for ever.
"""
from __future__ import annotations

import hashlib
import json
import re
import sys
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Iterable, Iterator, Mapping, Sequence

from labels.checks import Failure, Figures
from labels.document import Table
from labels.records import Record, RecordRule, records
from labels.values import money, percent, plain, quantity

Place = tuple[int, int]

# What the arithmetic of the document says of a figure, the worst first: it stands in an equation
# that is broken and that nobody has answered; in broken ones that people have all answered; in one
# that holds. Nothing where it stands in none.
ARITHMETIC = ("broken", "explained", "confirmed")

# The fields of records that hold a figure, and the field that holds its unit where one does.
FIGURES: Mapping[str, Mapping[str, str]] = {
    "indicator": {"value": "unit", "change": "", "target": "", "completion": ""},
    "budget_line": {"amount": "unit"},
    "attendance": {"expected": ""},
    "project": {"investment": "unit"},
    "finding": {"amount": ""},
}


@dataclass(frozen=True, slots=True)
class Base:
    """A figure in the unit that its unit is made of: 12.5 亿元 is 1250000000 CNY."""

    number: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the document that a field was read from."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class FactRecord:
    """A record as `labels.records` makes it; `bases` has those of `FIGURES` that are one number."""

    kind: str
    settled: bool
    arithmetic: str
    values: Mapping[str, str | tuple[str, ...]]
    bases: Mapping[str, Base]
    words: tuple[Words, ...]

    @property
    def start(self) -> int:
        return min((one.start for one in self.words), default=0)


@dataclass(frozen=True, slots=True)
class FactCell:
    """A cell of a table: `row` and `column` count from 1 in the body of the table; `labels` are
    those of gold spans that share a character with it, in their order."""

    row: int
    column: int
    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str
    base: Base | None
    row_path: tuple[str, ...]
    column_path: tuple[str, ...]
    period: str
    settled: bool
    labels: tuple[str, ...]
    arithmetic: str


@dataclass(frozen=True, slots=True)
class FactTable:
    """`number` and `caption` as the document has them; tables are counted by their place."""

    caption: str
    number: str
    unit: str
    start: int
    end: int
    cells: tuple[FactCell, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one document. `failures` are record rules that raised, with what."""

    document: str
    version: int
    title: str
    split: str
    records: tuple[FactRecord, ...]
    tables: tuple[FactTable, ...]
    failures: tuple[tuple[str, str], ...] = ()

    def check(self, text: str) -> None:
        """Raise ValueError unless all words and cells are slices of the document's text."""
        slices: list[Words | FactCell] = [
            word for record in self.records for word in record.words]
        slices += [cell for table in self.tables for cell in table.cells]
        for one in slices:
            if text[one.start:one.end] != one.text:
                raise ValueError(f"{self.document} {one.start}-{one.end} is not {one.text!r}")


class Settled:
    """What people settled in a document: regions that do not overlap, and the labels in them, all
    in document offsets."""

    def __init__(self, regions: Iterable[Place], spans: Iterable[tuple[int, int, str]]) -> None:
        self._regions = sorted(regions)
        self._spans = sorted(spans)
        self._longest = max((end - start for start, end, _ in self._spans), default=0)

    def holds(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` lies in one region; an empty place may stand at its edge."""
        before = bisect_right(self._regions, (start, sys.maxsize)) - 1
        return before >= 0 and end <= self._regions[before][1]

    def labels(self, start: int, end: int) -> tuple[str, ...]:
        """The labels of the spans that share a character with ``[start, end)``, in their order."""
        first = bisect_left(self._spans, (start - self._longest,))
        last = bisect_left(self._spans, (end,))
        return tuple(label for _, stop, label in self._spans[first:last] if start < stop)


def make_facts(figures: Figures, rules: Iterable[RecordRule], settled: Settled,
               arithmetic: Mapping[Place, str], *, version: int, split: str) -> Facts:
    """The facts of a document under its gold labels `figures`.

    `arithmetic` has one of `ARITHMETIC` for each figure that stands in an equation. A record rule
    that raises is skipped and told.
    """
    document = figures.document
    failures: list[Failure] = []
    found = tuple(_record(record, document.text, settled, arithmetic)
                  for record in records(figures, rules, failures))
    tables = tuple(FactTable(table.caption, table.number, table.unit, table.start, table.end,
                             tuple(_cells(table, settled, arithmetic)))
                   for table in document.tables)
    facts = Facts(document.id, version, document.title, split, found, tables,
                  tuple((failure.name, failure.error) for failure in failures))
    facts.check(document.text)
    return facts


def _record(record: Record, text: str, settled: Settled,
            arithmetic: Mapping[Place, str]) -> FactRecord:
    words = tuple(Words(name, start, end, text[start:end])
                  for name, places in record.spans.items() for start, end in places)
    units = FIGURES.get(record.kind, {})
    bases = {}
    for name, of_unit in units.items():
        value, unit = record.values.get(name), record.values.get(of_unit, "")
        if isinstance(value, str) and isinstance(unit, str) and (found := base(value, unit)):
            bases[name] = found
    states = {arithmetic[place] for name, places in record.spans.items() if name in units
              for place in places if place in arithmetic}
    return FactRecord(
        record.kind, bool(words) and all(settled.holds(one.start, one.end) for one in words),
        next((state for state in ARITHMETIC if state in states), ""), dict(record.values), bases,
        words)


def _cells(table: Table, settled: Settled,
           arithmetic: Mapping[Place, str]) -> Iterator[FactCell]:
    for row_number, row in enumerate(table.rows, start=1):
        for column_number, cell in enumerate(row, start=1):
            unit = cell.unit or ""
            yield FactCell(
                row_number, column_number, cell.start, cell.end, cell.text, cell.value, unit,
                None if cell.value is None else base(plain(cell.value), unit), cell.row,
                cell.column, cell.period or "", settled.holds(cell.start, cell.end),
                settled.labels(cell.start, cell.end), arithmetic.get((cell.start, cell.end), ""))


_NO_UNIT = r"\d.,:∶~～–—―∼〜+-"  # what a range or a ratio has
_FIGURE = re.compile(rf"([+-]?)(\d{{1,40}}(?:\.\d{{1,40}})?)([^{_NO_UNIT}]{{0,20}})", re.ASCII)
_UNIT = re.compile(rf"[^{_NO_UNIT}]{{0,20}}", re.ASCII)


def base(text: str, unit: str = "") -> Base | None:
    """The number that `text` is, ``6.2``, ``-5.2%`` or ``1.2万人``, with `unit` if it names none,
    in base units; None for a range, a ratio or words."""
    match = _FIGURE.fullmatch(text)
    if match is None:
        return None
    sign, number, own = match.groups()
    unit = (own or unit).strip("()（） ")
    if not _UNIT.fullmatch(unit):
        return None
    if not unit:
        return Base(_signed(sign, Decimal(number)), "")
    read = percent(number + unit) or (
        money(number + unit) if unit.endswith("元") else quantity(number + unit))
    if read is None or read.low != read.high:
        return None
    return Base(_signed(sign, Decimal(read.low)), read.unit)


def _signed(sign: str, number: Decimal) -> Decimal:
    return -number if sign == "-" and number else number


# --- as JSON -----------------------------------------------------------------------------------


def facts_hash(every: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over (hash of the facts, split) of each document, in the order given."""
    digest = hashlib.sha256()
    for own, split in every:
        digest.update(f"{own} {split}\n".encode())
    return digest.hexdigest()


def hash_of(facts: Facts) -> str:
    """SHA-256 of the facts of one document, whatever its split."""
    return hashlib.sha256(facts_bytes(facts)).hexdigest()


def facts_bytes(facts: Facts) -> bytes:
    """The canonical JSON of the facts of one document."""
    return json.dumps(facts_to_json(facts), ensure_ascii=False, sort_keys=True,
                      separators=(",", ":")).encode("utf-8", "surrogatepass")


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """All but the split, which is of the release. Numbers are strings in plain notation; a cell is
    a list in the order of its fields."""
    return {
        "document": facts.document, "version": facts.version, "title": facts.title,
        "failures": [list(one) for one in facts.failures],
        "records": [{
            "kind": one.kind, "settled": one.settled, "arithmetic": one.arithmetic,
            "values": {name: value if isinstance(value, str) else list(value)
                       for name, value in one.values.items()},
            "bases": {name: _base_to_json(found) for name, found in one.bases.items()},
            "words": [[word.field, word.start, word.end, word.text] for word in one.words],
        } for one in facts.records],
        "tables": [{
            "caption": one.caption, "number": one.number, "unit": one.unit, "start": one.start,
            "end": one.end, "cells": [_cell_to_json(cell) for cell in one.cells],
        } for one in facts.tables]}


def facts_from_json(content: Mapping[str, Any], split: str) -> Facts:
    """The inverse of `facts_to_json`."""
    return Facts(
        content["document"], content["version"], content["title"], split,
        tuple(FactRecord(
            one["kind"], one["settled"], one["arithmetic"],
            {name: value if isinstance(value, str) else tuple(value)
             for name, value in one["values"].items()},
            {name: Base(Decimal(number), unit) for name, (number, unit) in one["bases"].items()},
            tuple(Words(*word) for word in one["words"])) for one in content["records"]),
        tuple(FactTable(
            one["caption"], one["number"], one["unit"], one["start"], one["end"],
            tuple(_cell_from_json(cell) for cell in one["cells"])) for one in content["tables"]),
        tuple((name, error) for name, error in content["failures"]))


def _base_to_json(found: Base | None) -> list[str] | None:
    return None if found is None else [plain(found.number), found.unit]


def _cell_to_json(cell: FactCell) -> list[Any]:
    return [cell.row, cell.column, cell.start, cell.end, cell.text,
            None if cell.value is None else plain(cell.value), cell.unit,
            _base_to_json(cell.base), list(cell.row_path), list(cell.column_path), cell.period,
            cell.settled, list(cell.labels), cell.arithmetic]


def _cell_from_json(cell: Sequence[Any]) -> FactCell:
    (row, column, start, end, text, value, unit, found, row_path, column_path, period, settled,
     labels, arithmetic) = cell
    return FactCell(row, column, start, end, text, None if value is None else Decimal(value), unit,
                    None if found is None else Base(Decimal(found[0]), found[1]), tuple(row_path),
                    tuple(column_path), period, settled, tuple(labels), arithmetic)
