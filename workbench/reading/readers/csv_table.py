"""CSV and TSV: the text is the decoded file, its cells are slices of it.

::

    指标,2029年,2030年
    地区生产总值（亿元）,112.5,"1,120.4"

A quoted cell is the slice between its quotes; a quote doubled inside it stays doubled. A cell that
holds a document of its own (lines of running text) is read as one, not as a cell of 20,000
characters.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from labels.errors import N_, ReadError
from workbench.reading.decoding import decode
from workbench.reading.draft import Draft, Grid, Mark, Range
from workbench.reading.grids import trimmed
from workbench.reading.naming import slug

SUFFIXES = (".csv", ".tsv")

_BODY_LENGTH = 600
_BODY_LINES = 4
_TITLE = ("title", "标题", "题名")
_DATE = ("publish_date", "date", "发布日期", "日期", "成文日期")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its cells between quotes, the cells as written, and its extent."""

    cells: tuple[Range, ...]
    written: tuple[Range, ...]

    @property
    def extent(self) -> Range:
        return self.written[0][0], self.written[-1][1]


def read(name: str, data: bytes) -> list[Draft]:
    """One document with one table. Raises ReadError for a quote that is never closed."""
    decoded = decode(name, data)
    text = decoded.text
    records = [record for record in scan(name, text, _separator(name, text))
               if text[slice(*record.extent)].strip()]
    bodies = [cell for record in records for cell in record.cells if _is_body(text, cell)]
    head = [text[start:end].strip().lower() for start, end in records[0].cells]
    single = len(records) == 2 and bool(bodies)
    grids, marks = _grids(text, records, bodies)
    return [Draft(slug(name), name, text, warnings=decoded.warnings, grids=grids, marks=marks,
                  title=_field(text, head, records[1], _TITLE) if single else "",
                  date=_iso(_field(text, head, records[1], _DATE)) if single else None)]


def scan(name: str, text: str, separator: str) -> list[Record]:
    """The records of a CSV text with the offsets of every cell; one pass, by `str.find`."""
    records: list[Record] = []
    cells: list[Range] = []
    written: list[Range] = []
    position = 0
    line = re.compile(rf"[{re.escape(separator)}\n]")
    while position <= len(text):
        if text.startswith('"', position):
            stop = _closing(name, text, position)
            cells.append((position + 1, stop))
            after = line.search(text, stop + 1)
            end = after.start() if after else len(text)
        else:
            after = line.search(text, position)
            end = after.start() if after else len(text)
            cells.append(trimmed(text, position, end))
        written.append((position, end))
        position = end + 1
        if end == len(text) or text[end] == "\n":
            records.append(Record(tuple(cells), tuple(written)))
            cells, written = [], []
            if position == len(text):
                break
    return records


def _closing(name: str, text: str, opening: int) -> int:
    """The quote that closes the cell opened at `opening`; doubled quotes are content."""
    stop = text.find('"', opening + 1)
    while stop >= 0 and text.startswith('"', stop + 1):
        stop = text.find('"', stop + 2)
    if stop < 0:
        raise ReadError(N_("%(file)s line %(line)s: a quoted cell is not closed"),
                        hint=N_("add the closing quote, or double quotes that are content"),
                        file=name, line=text.count("\n", 0, opening) + 1)
    return stop


def _separator(name: str, text: str) -> str:
    """The separator that the first line holds most of."""
    first = text[:text.find("\n")] if "\n" in text else text
    candidates = "\t,;" if name.lower().endswith(".tsv") else ",\t;"
    return max(candidates, key=first.count)


def _is_body(text: str, cell: Range) -> bool:
    start, end = cell
    return end - start > _BODY_LENGTH and text.count("\n", start, end) >= _BODY_LINES


def _field(text: str, head: list[str], record: Record, names: tuple[str, ...]) -> str:
    for title, (start, end) in zip(head, record.cells):
        if title in names:
            return text[start:end]
    return ""


def _iso(date: str) -> str | None:
    found = _ISO.match(date)
    return found.group() if found else None


def _grids(text: str, records: list[Record], bodies: list[Range]
           ) -> tuple[tuple[Grid, ...], tuple[Mark, ...]]:
    """The table, cut around the cells that are read as documents; the quotes and separators left
    between such a cell and the end of its record are furniture."""
    rows: list[tuple[Range, ...]] = []
    lines: list[Range] = []
    marks: list[Mark] = []
    inside = set(bodies)
    for record in records:
        start, end = record.extent
        kept = [cell for cell in record.cells if cell not in inside]
        for body in (cell for cell in record.cells if cell in inside):
            row = trimmed(text, start, body[0])
            here = tuple(cell for cell in kept if start <= cell[0] < body[0])
            kept = [cell for cell in kept if cell[0] >= body[0]]
            if row[0] < row[1]:
                rows.append(here)
                lines.append(row)
            start = body[1]
        tail = trimmed(text, start, end)
        if tail[0] < tail[1] and text[tail[0]:tail[1]].strip('",;\t'):
            rows.append(tuple(kept))
            lines.append(tail)
        elif tail[0] < tail[1]:
            marks.append(Mark(*tail, "page_furniture"))
    return (Grid(tuple(rows), tuple(lines)),) if rows else (), tuple(marks)
