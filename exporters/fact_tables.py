"""Records and cells of a release as rows of tables, whatever files they are kept in.

The tables are those of `exporters.fact_columns`: ``documents``, one table a kind of record, the
``words`` that each field was read from, and ``cells``. A row is a tuple in the order of its
columns; text is never None (empty: there is none), a number is a Decimal. What a kind of file
cannot hold as it is, it says in a function (`Fit`) that gives the value it holds instead.
"""
from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Mapping

from exporters import Loss
from exporters.fact_columns import (
    CELLS, DOCUMENTS, LIST, MARK, TABLES, TEXT, WORDS, Column, Table,
)
from exporters.lines import write_text
from exporters.regions import Counts
from labels.errors import N_, ExportError
from labels.facts import FactCell, FactRecord, Facts, facts_hash, hash_of
from labels.gold import GoldRelease

Value = str | Decimal | int | bool | tuple[str, ...] | None
Row = tuple[Value, ...]
# The value that a file holds for one, and why it is another (a msgid) with the kind of loss.
Fit = Callable[[Column, Value], "tuple[Value, str, str]"]

_TABLES = {table.name: table for table in TABLES}


@dataclass(frozen=True, slots=True)
class Held:
    """One row of one table."""

    table: str
    row: Row

    @property
    def id(self) -> str:
        """``cells 2:14:3``: the table and what tells the row from others of its document."""
        table = _TABLES[self.table]
        return f"{self.table} " + ":".join(str(self.row[table.place(name)]) for name in table.key)


# --- from facts to rows ------------------------------------------------------------------------


def rows_of(facts: Facts) -> Iterator[Held]:
    """All rows of one document: table by table, in the order of `TABLES`."""
    counted = [(f"{facts.document}:{record.kind}:{number}", record)
               for number, record in _numbered(facts.records)]
    for table in TABLES:
        if table.kind:
            rows: Iterable[Row] = (_record_row(table, facts, name, record)
                                   for name, record in counted if record.kind == table.kind)
        else:
            rows = {DOCUMENTS: _document_rows, CELLS: _cell_rows}[table.name](facts) if (
                table.name != WORDS) else _word_rows(facts, counted)
        for row in rows:
            yield Held(table.name, row)


def _numbered(records: Iterable[FactRecord]) -> Iterator[tuple[int, FactRecord]]:
    """Records of each kind are counted by themselves, from 1."""
    seen: dict[str, int] = {}
    for record in records:
        seen[record.kind] = seen.get(record.kind, 0) + 1
        yield seen[record.kind], record


def _document(facts: Facts) -> tuple[str, int, str]:
    return facts.document, facts.version, facts.split


def _document_rows(facts: Facts) -> Iterator[Row]:
    yield (*_document(facts), facts.title, len(facts.records), len(facts.tables),
           sum(len(table.cells) for table in facts.tables))


def _record_row(table: Table, facts: Facts, name: str, record: FactRecord) -> Row:
    known: Mapping[str, Value] = {
        "record": name, "document": facts.document, "version": facts.version,
        "split": facts.split, "settled": record.settled, "arithmetic": record.arithmetic,
        "start": record.start}
    return tuple(_field(column, record) if column.field else known[column.name]
                 for column in table.columns)


def _field(column: Column, record: FactRecord) -> Value:
    """The value of a column that is of a field: the field, its words or its base."""
    if column.name == column.field:
        said = record.values.get(column.field, ())
        items = (said,) if isinstance(said, str) else tuple(said)
        return items if column.type == LIST else MARK.join(items)
    if column.name.endswith("_words"):
        return MARK.join(word.text for word in record.words if word.field == column.field)
    found = record.bases.get(column.field)
    if column.name.endswith("_unit"):
        return found.unit if found else ""
    return found.number if found else None


def _word_rows(facts: Facts, records: Iterable[tuple[str, FactRecord]]) -> Iterator[Row]:
    cells = sorted((cell.start, cell.end, number, cell.row, cell.column)
                   for number, table in enumerate(facts.tables, start=1)
                   for cell in table.cells if cell.start < cell.end)
    for name, record in records:
        seen: dict[str, int] = {}
        for word in record.words:
            seen[word.field] = seen.get(word.field, 0) + 1
            before = bisect_right(cells, (word.start, word.end, len(facts.tables) + 1)) - 1
            inside = before >= 0 and word.end <= cells[before][1]
            yield (name, facts.document, word.field, seen[word.field], word.start, word.end,
                   word.text, *(cells[before][2:] if inside else (None, None, None)))


def _cell_rows(facts: Facts) -> Iterator[Row]:
    for number, table in enumerate(facts.tables, start=1):
        for cell in table.cells:
            yield (*_document(facts), number, table.number, table.caption, *_cell(cell))


def _cell(cell: FactCell) -> Row:
    return (cell.row, cell.column, cell.start, cell.end, cell.text, cell.value, cell.unit,
            cell.base.number if cell.base else None, cell.base.unit if cell.base else "",
            cell.row_path, cell.column_path, cell.period, cell.settled, cell.arithmetic,
            cell.labels)


# --- writing and reading -----------------------------------------------------------------------


def write_rows(release: GoldRelease, fit: Fit, sink: Callable[[Table, Row], None]) -> list[Loss]:
    """Give all rows, as a file can hold them, to `sink`; what that loses.

    Raises ExportError where the facts are not those that were frozen, or there are none.
    """
    if not release.facts_hash:
        raise ExportError(
            N_("release %(number)s was frozen before records and cells were kept"),
            number=release.number, hint=N_("freeze a new release and export that"))
    losses: list[Loss] = []
    hashes: list[tuple[str, str]] = []
    for facts in release.facts:
        hashes.append((hash_of(facts), facts.split))
        losses += [Loss(facts.document, f"records {rule}", N_("the rule that makes them failed"))
                   for rule, _ in facts.failures]
        for held in rows_of(facts):
            row, lost = _fitted(_TABLES[held.table], held, fit)
            losses += [Loss(facts.document, what, reason, kind) for what, reason, kind in lost]
            sink(_TABLES[held.table], row)
    if facts_hash(hashes) != release.facts_hash:
        raise ExportError(
            N_("release %(number)s was changed since it was frozen"), number=release.number,
            hint=N_("its records or cells no longer have its hash; restore it, or freeze a new"
                    " one"))
    return losses


def carried_rows(release: GoldRelease, fit: Fit) -> Iterator[Held]:
    """The rows that the files are to hold, document by document."""
    for facts in release.facts:
        for held in rows_of(facts):
            yield Held(held.table, _fitted(_TABLES[held.table], held, fit)[0])


def read_rows(read: Callable[[Table], Iterator[Row]]) -> Iterator[Held]:
    """The rows of all tables in the order of `carried_rows`; `read` gives those of one.

    Raises ExportError where a table has rows of a document that is none.
    """
    documents, *others = TABLES
    waiting = {table.name: _Waiting(table, read(table)) for table in others}
    for row in read(documents):
        yield Held(documents.name, row)
        for table in others:
            for own in waiting[table.name].of(row[documents.place("document")]):
                yield Held(table.name, own)
    for table in others:
        if waiting[table.name].row is not None:
            raise ExportError(N_("the table %(name)s holds rows of no document"), name=table.name)


class _Waiting:
    """The rows of a table, taken document by document."""

    def __init__(self, table: Table, rows: Iterator[Row]) -> None:
        self._place = table.place("document")
        self._rows = rows
        self.row = next(rows, None)

    def of(self, document: Value) -> Iterator[Row]:
        while self.row is not None and self.row[self._place] == document:
            yield self.row
            self.row = next(self._rows, None)


def verify_rows(expected: Iterable[Held], found: Iterable[Held], name: str) -> Counts:
    """Raise ExportError unless the files of format `name` hold exactly the rows `expected`, in
    their order. Returns how much of regions they hold: nothing."""
    for wanted, present in zip_longest(expected, found):
        if wanted != present:
            raise ExportError(N_("format %(name)s read back another row %(id)s than was written"),
                              name=name, id=(wanted or present).id)
    return Counts()


def _fitted(table: Table, held: Held, fit: Fit) -> tuple[Row, list[tuple[str, str, str]]]:
    """The row as a file holds it; (what, reason, kind) of each value that it holds otherwise."""
    row: list[Value] = []
    lost = []
    for column, value in zip(table.columns, held.row):
        kept, reason, kind = fit(column, value)
        row.append(kept)
        if reason:
            lost.append((column.name, reason, kind))
    where = Held(held.table, tuple(row)).id  # as it was made fit: a manifest holds it
    return tuple(row), [(f"{where} {name}", reason, kind) for name, reason, kind in lost]


SAME = "", ""


def whole_text(text: str) -> tuple[str, str, str]:
    """A text that every file can hold: no half characters, no NUL."""
    if "\0" in text:
        text = text.encode("utf-8", "replace").decode("utf-8")
        return text.replace("\0", "␀"), N_("a NUL character, written as ␀"), "repaired"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return (text.encode("utf-8", "replace").decode("utf-8"),
                N_("half a character (a lone surrogate), written as ?"), "repaired")
    return text, *SAME


def joined(items: tuple[str, ...]) -> tuple[tuple[str, ...], str, str]:
    """A list as it comes back from one text with `MARK` between its items."""
    back = split_items(MARK.join(items))
    if back == items:
        return items, *SAME
    return back, N_("an item holds the mark that parts items, so they run together"), "repaired"


def split_items(text: str) -> tuple[str, ...]:
    return tuple(text.split(MARK)) if text else ()


def plain_fit(column: Column, value: Value) -> tuple[Value, str, str]:
    """What a file of plain text cells holds."""
    if column.type == TEXT and isinstance(value, str):
        return whole_text(value)
    if isinstance(value, tuple):
        fitted = [whole_text(item) for item in value]
        reason, kind = next(((reason, kind) for _, reason, kind in fitted if reason), SAME)
        items, run, run_kind = joined(tuple(item for item, _, _ in fitted))
        return items, run or reason, run_kind or kind
    return value, *SAME


# --- the dictionary of columns -----------------------------------------------------------------


def write_dictionary(release: GoldRelease, folder: Path, file_of: Callable[[Table], str],
                     notes: str) -> None:
    """``columns.json`` for programs, ``README.md`` for people; `notes` (Markdown) are on the
    format."""
    content: list[dict[str, Any]] = [{
        "table": table.name, "file": file_of(table), "title": {
            "en": table.english, "zh": table.chinese},
        "columns": [{"name": column.name, "type": column.type, "en": column.english,
                     "zh": column.chinese} for column in table.columns]} for table in TABLES]
    write_text(folder / "columns.json", json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    write_text(folder / "README.md", _readme(release, file_of, notes))


def _readme(release: GoldRelease, file_of: Callable[[Table], str], notes: str) -> str:
    lines = [f"# {release.project}, release {release.number}: records and cells · 记录与单元格", "",
             *_ABOUT, notes, ""]
    for table in TABLES:
        lines += [f"## `{file_of(table)}`: {table.english} · {table.chinese}", "",
                  "| column | type | what it is | 说明 |", "|---|---|---|---|"]
        lines += [f"| `{column.name}` | {column.type} | {column.english} | {column.chinese} |"
                  for column in table.columns]
        lines.append("")
    return "\n".join(lines)


_ABOUT = (
    "Records follow from settled labels alone, never from a suggestion; cells are those of all"
    " tables of the documents, as the reader found them. A row with `settled` false was read by"
    " the machine outside of what people settled. `*_base` is the figure in base units (12.5 亿元"
    " is 1250000000 CNY), empty for a range, a ratio or words. Rows of one record meet by `record`;"
    " `start` and `end` are offsets into the document.", "",
    "记录只由定稿标注推出，不含任何建议；单元格是文件全部表格的单元格，由程序读出。`settled` 为 false"
    " 的行不在人工定稿的范围内。`*_base` 是换算为基本单位的数值（12.5 亿元即 1250000000 CNY），"
    "区间、比例和文字没有此值。同一记录的各行以 `record` 相连；`start`、`end` 是在文件中的位置。", "",
)
