"""A document in its reading form: views that a template only has to write out.

Pure functions over `labels.document.Document`; no Flask, no escaping (the template escapes).
Nothing of the text is lost: the pieces of a view, put together, are the slice of the text that the
view stands for (`BlockView.text`), whatever the reading form shows or hides. Offsets are Unicode
code points, end exclusive. `workbench.web.layout` says what stands on a page.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Iterable, Iterator, Sequence

from labels.document import Cell, Document, Table
from workbench.web.addresses import address_of, place_of
from workbench.web.layout import WORD, Item, Page, Row

# A line break that extraction left inside a paragraph; between Chinese characters it is not a
# space. In these kinds of block the lines are meant, and stay.
_BREAK = re.compile(r"[ \t\u3000]*\n\s*")
_KEEPS_LINES = frozenset(("title", "byline", "signature", "toc_entry", "salutation"))
Place = tuple[int, int]
_LATIN = re.compile(r"[!-~]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to show; `number` names it in links. Marks do not overlap."""

    number: int
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text inside at most one mark.

    `first` and `last` tell whether the mark begins and ends here: a mark that crosses a border of
    blocks or cells has several pieces. `hidden` text is white space or a cell border of the source
    that the reading form does not show. `note` is the footnote that is anchored here, `term` the
    place of the figure of an equation that this is a piece of.
    """

    text: str
    start: int
    mark: Mark | None = None
    first: bool = False
    last: bool = False
    hidden: bool = False
    note: int | None = None
    term: Place | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A table cell or a name: `kind` is cell, repeat (a merged cell again), name or gap.

    `address` says of a cell where it stands (`addresses.address_of`), `start` and `end` what it
    holds.
    """

    kind: str
    pieces: tuple[Piece, ...]
    columns: int = 1
    numeric: bool = False
    text: str = ""
    address: str = ""
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: `kind` is cells, caption, source (words of the text in no cell), echo
    (such words that the column heads say already) or furniture."""

    kind: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Head:
    text: str
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class BlockView:
    """What one item shows. `lines` and `heads` are a table's, `slots` a name list's."""

    kind: str
    start: int
    end: int
    level: int = 0
    pieces: tuple[Piece, ...] = ()
    slots: tuple[Slot, ...] = ()
    lines: tuple[Line, ...] = ()
    heads: tuple[tuple[Head, ...], ...] = ()
    caption: str = ""
    width: int = 0
    note: int | None = None

    @property
    def text(self) -> str:
        """The slice of the source that this view stands for, put together from its pieces."""
        return "".join(piece.text for piece in self.all_pieces())

    def all_pieces(self) -> Iterator[Piece]:
        yield from self.pieces
        for slot in (*self.slots, *(slot for line in self.lines for slot in line.slots)):
            yield from slot.pieces


def render(document: Document, page: Page, marks: Iterable[Mark],
           terms: Iterable[Place] = ()) -> tuple[BlockView, ...]:
    """The views of a page. `marks` may reach beyond it; of two that overlap the first is drawn. So
    may `terms`, the places of figures in equations; of two that overlap the one named first."""
    scribe = _Scribe(document, sorted(marks, key=lambda mark: (mark.start, mark.end)),
                     _apart(place for place in terms
                            if place[0] < page.end and place[1] > page.start))
    return tuple(scribe.view(item) for item in page.items)


def _apart(places: Iterable[Place]) -> list[Place]:
    """Those of `places` that overlap none before them, by where they stand."""
    kept: list[Place] = []
    for start, end in places:
        position = bisect_right(kept, (start, end))
        if start < end and (not position or kept[position - 1][1] <= start) and (
                position == len(kept) or end <= kept[position][0]):
            kept.insert(position, (start, end))
    return kept


def head_rows(columns: Sequence[tuple[str, ...]]) -> tuple[tuple[Head, ...], ...]:
    """Header paths, one a column → rows of heads that span columns and rows."""
    depth = max((len(path) for path in columns), default=0)
    rows: list[list[Head]] = [[] for _ in range(depth)]

    def fill(level: int, left: int, right: int) -> None:
        at = left
        while at < right:
            path = columns[at]
            if level >= len(path):
                at += 1
                continue
            stop = at + 1
            while stop < right and columns[stop][:level + 1] == path[:level + 1]:
                stop += 1
            leaf = all(len(columns[column]) == level + 1 for column in range(at, stop))
            rows[level].append(Head(path[level], stop - at, depth - level if leaf else 1))
            if not leaf:
                fill(level + 1, at, stop)
            at = stop

    wide = list(columns)
    for column, path in enumerate(wide):
        if not path and depth:
            wide[column] = ("",)
    columns = wide
    fill(0, 0, len(columns))
    return tuple(tuple(row) for row in rows)


@dataclass
class _Scribe:
    """Writes the views of one document."""

    document: Document
    marks: Sequence[Mark]
    terms: Sequence[Place] = ()
    starts: list[int] = field(init=False)
    anchors: list[tuple[int, int, int]] = field(init=False)

    def __post_init__(self) -> None:
        clear: list[Mark] = []
        for mark in self.marks:
            if mark.start < mark.end and (not clear or mark.start >= clear[-1].end):
                clear.append(mark)
        self.marks = clear
        self.starts = [mark.start for mark in clear]
        self.anchors = sorted((note.anchor[0], note.anchor[1], index)
                              for index, note in enumerate(self.document.footnotes)
                              if note.anchor)

    def view(self, item: Item) -> BlockView:
        if item.table is not None:
            place = place_of(self.document, item.start)
            lines = tuple(self._line(row, item.table, place) for row in item.rows)
            return BlockView("table", item.start, item.end, lines=lines,
                             heads=head_rows(item.table.columns), caption=item.table.caption,
                             width=len(item.table.columns))
        if item.names is not None:
            return BlockView(item.kind, item.start, item.end, slots=tuple(self._names(item)))
        joins = item.kind not in _KEEPS_LINES
        return BlockView(item.kind, item.start, item.end, item.level,
                         tuple(self.pieces(item.start, item.end, joins)), note=item.note)

    def _names(self, item: Item) -> Iterator[Slot]:
        assert item.names is not None
        position = item.start
        for name in item.names.names:
            if position < name.start:
                yield self._gap(position, name.start)
            yield Slot("name", tuple(self.pieces(name.start, name.end, True)))
            position = name.end
        if position < item.end:
            yield self._gap(position, item.end)

    def _gap(self, start: int, end: int) -> Slot:
        """Text between names: shown if it says something."""
        says = bool(WORD.search(self.document.text, start, end))
        return Slot("gap", tuple(self.pieces(start, end, True, hidden=not says)))

    def _line(self, row: Row, table: Table, place: tuple[str, ...]) -> Line:
        if row.kind != "cells":
            pieces = tuple(self.pieces(row.start, row.end, True))
            if row.kind == "echo" and any(piece.mark for piece in pieces):
                return Line("source", (Slot("gap", pieces),))
            return Line(row.kind, (Slot("gap", pieces),))
        slots: list[Slot] = []
        position = row.start
        last: Cell | None = None
        for cell in row.cells:
            numeric = cell.value is not None
            address = address_of(place, table, cell)
            if cell.start == cell.end:
                slots.append(Slot("cell", (), address=address))
            elif last and (cell.start, cell.end) == (last.start, last.end):
                before = slots.pop()
                slots.append(replace(before, columns=before.columns + 1))
            elif cell.start < position:
                slots.append(Slot("repeat", (), numeric=numeric, text=cell.text,
                                  address=address, start=cell.start, end=cell.end))
            else:
                says = bool(WORD.search(self.document.text, position, cell.start))
                slots.append(Slot("cell", (
                    *self.pieces(position, cell.start, True, hidden=not says),
                    *self.pieces(cell.start, cell.end, True)), numeric=numeric,
                    address=address, start=cell.start, end=cell.end))
                position = cell.end
            last = cell
        return Line("cells", tuple(slots))

    def pieces(self, start: int, end: int, joins: bool, hidden: bool = False) -> Iterator[Piece]:
        """``text[start:end]`` cut where a mark, a hidden break or a note anchor begins or ends."""
        if start >= end:
            return
        text = self.document.text
        marks = self._marks_in(start, end)
        breaks = [] if hidden or not joins else [
            (match.start(), match.end())
            for match in _BREAK.finditer(text, start, end)
            if not _between_latin(text, match.start(), match.end())]
        terms = self._terms_in(start, end)
        anchors = [entry for entry in self.anchors if entry[0] < end and start < entry[1]]
        borders = {start, end}
        for left, right in (*((m.start, m.end) for m in marks), *breaks, *terms,
                            *((a, b) for a, b, _ in anchors)):
            borders.update(at for at in (left, right) if start < at < end)
        order = sorted(borders)
        for left, right in zip(order, order[1:]):
            while marks and marks[0].end <= left:
                marks.pop(0)
            while terms and terms[0][1] <= left:
                terms.pop(0)
            while breaks and breaks[0][1] <= left:
                breaks.pop(0)
            while anchors and anchors[0][1] <= left:
                anchors.pop(0)
            mark = marks[0] if marks and marks[0].start <= left else None
            yield Piece(
                text[left:right], left, mark,
                first=mark is not None and mark.start == left,
                last=mark is not None and mark.end == right,
                hidden=hidden or bool(breaks and breaks[0][0] <= left),
                note=anchors[0][2] if anchors and anchors[0][0] <= left else None,
                term=terms[0] if terms and terms[0][0] <= left else None)

    def _terms_in(self, start: int, end: int) -> list[Place]:
        first = max(0, bisect_right(self.terms, start, key=lambda place: place[0]) - 1)
        last = bisect_right(self.terms, end - 1, key=lambda place: place[0])
        return [place for place in self.terms[first:last] if place[1] > start]

    def _marks_in(self, start: int, end: int) -> list[Mark]:
        first = max(0, bisect_right(self.starts, start) - 1)
        found: list[Mark] = []
        for mark in self.marks[first:]:
            if mark.start >= end:
                break
            if mark.end > start:
                found.append(mark)
        return found


def _between_latin(text: str, start: int, end: int) -> bool:
    """Whether a break stands between Latin letters or figures, where it means a space."""
    return (start > 0 and end < len(text) and bool(_LATIN.match(text[start - 1]))
            and bool(_LATIN.match(text[end])))
