"""A document in its reading form: pages of views that a template only has to write out.

Pure functions over `labels.document.Document`; no Flask, no escaping (the template escapes).
Nothing of the text is lost: the pieces of a view, put together, are the slice of the text that the
view stands for (`BlockView.text`), whatever the reading form shows or hides. Offsets are Unicode
code points, end exclusive.

::

    layout(document) → items       a block, a name list, or rows of a table
    paginate(items)  → pages       about `PAGE_SIZE` characters each
    render(document, page, marks)  → views
"""
from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Iterable, Iterator, Mapping, Sequence

from labels.document import Block, Cell, Document, Name, NameList, Table

PAGE_SIZE = 20_000

# A line break that extraction left inside a paragraph; between Chinese characters it is not a
# space. In these kinds of block the lines are meant, and stay.
_BREAK = re.compile(r"[ \t\u3000]*\n\s*")
_KEEPS_LINES = frozenset(("title", "byline", "signature", "toc_entry", "salutation"))
_WORD = re.compile(r"\w")
_LATIN = re.compile(r"[!-~]")
_FIELDS = re.compile(r"[\t|\n]|\s{2,}")
_SPACE = re.compile(r"\s+")


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
    that the reading form does not show. `note` is the footnote that is anchored here.
    """

    text: str
    start: int
    mark: Mark | None = None
    first: bool = False
    last: bool = False
    hidden: bool = False
    note: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A table cell or a name: `kind` is cell, repeat (a merged cell again), name or gap."""

    kind: str
    pieces: tuple[Piece, ...]
    columns: int = 1
    numeric: bool = False
    text: str = ""


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


@dataclass(frozen=True, slots=True)
class _Row:
    """A row before it is drawn: a stretch of the text and the cells that lie in it."""

    kind: str
    start: int
    end: int
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """The unit of pagination: one block, or some rows of a table."""

    kind: str
    start: int
    end: int
    level: int = 0
    table: Table | None = None
    rows: tuple[_Row, ...] = ()
    names: NameList | None = None
    note: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`number` counts from 1."""

    number: int
    start: int
    end: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A part (level 0) or section (from 1), and the page its heading is on.

    `anchor` is the start of the block that the heading stands in.
    """

    level: int
    text: str
    start: int
    anchor: int
    page: int


def layout(document: Document, size: int = PAGE_SIZE) -> tuple[Item, ...]:
    """The items of a document in order. A table longer than `size` becomes several items."""
    blocks = document.blocks or _lines_as_blocks(document.text)
    levels = {section.heading_start: section.level for section in document.sections}
    notes = {note.start: index for index, note in enumerate(document.footnotes)}
    tables = sorted(document.tables, key=lambda table: table.start)
    items: list[Item] = []
    position = 0
    while position < len(blocks):
        block = blocks[position]
        while tables and tables[0].end <= block.start:
            tables.pop(0)
        if tables and tables[0].start <= block.start < tables[0].end:
            table = tables.pop(0)
            stop = position
            while stop < len(blocks) and blocks[stop].start < table.end:
                stop += 1
            inside = blocks[position:stop]
            rows = _table_rows(document.text, table, inside)
            if rows is None:
                items.extend(_item(entry, document, levels, notes) for entry in inside)
            else:
                items.extend(_table_items(table, rows, size))
            position = stop
        else:
            items.append(_item(block, document, levels, notes))
            position += 1
    return tuple(items)


def paginate(items: Sequence[Item], size: int = PAGE_SIZE) -> tuple[Page, ...]:
    """Pages of whole items, each of about `size` characters; at least one page."""
    pages: list[Page] = []
    waiting: list[Item] = []
    for item in items:
        if waiting and item.end - waiting[0].start > size:
            pages.append(_page(len(pages) + 1, waiting))
            waiting = []
        waiting.append(item)
    if waiting or not pages:
        pages.append(_page(len(pages) + 1, waiting))
    return tuple(pages)


def _page(number: int, items: Sequence[Item]) -> Page:
    return Page(number, items[0].start if items else 0, items[-1].end if items else 0,
                tuple(items))


def page_of(pages: Sequence[Page], offset: int) -> int:
    """The number of the page that `offset` is on."""
    return max(1, bisect_right(pages, offset, key=lambda page: page.start))


def outline(document: Document, pages: Sequence[Page]) -> tuple[OutlineEntry, ...]:
    """Parts, titles and sections in order of the text; what is alone of its kind is left out."""
    starts = [item.start for page in pages for item in page.items]

    def entry(level: int, text: str, start: int) -> OutlineEntry:
        position = bisect_right(starts, start) - 1
        anchor = starts[position] if position >= 0 else 0
        return OutlineEntry(level, _SPACE.sub(" ", text).strip(), start, anchor,
                            page_of(pages, start))

    found = {part.start: entry(0, part.title, part.start) for part in document.parts
             if len(document.parts) > 1 and part.title}
    titles = [block for block in document.blocks if block.kind == "title"]
    for block in titles if len(titles) > 1 else ():
        found.setdefault(block.start,
                         entry(0, document.text[block.start:block.end], block.start))
    for section in document.sections:
        title, number = section.title.strip(), section.number
        space = "" if number.endswith(("、", "）", ")", "．", ".")) else " "
        whole = title if title.startswith(number) else f"{number}{space}{title}"
        found[section.heading_start] = entry(section.level, whole, section.heading_start)
    return tuple(sorted(found.values(), key=lambda one: (one.start, one.level)))


def render(document: Document, page: Page, marks: Iterable[Mark]) -> tuple[BlockView, ...]:
    """The views of a page. `marks` may reach beyond it; of two that overlap the first is drawn."""
    scribe = _Scribe(document, sorted(marks, key=lambda mark: (mark.start, mark.end)))
    return tuple(scribe.view(item) for item in page.items)


def _lines_as_blocks(text: str) -> tuple[Block, ...]:
    """For texts that no reader has seen: each line that is not blank is a paragraph."""
    return tuple(Block("paragraph", match.start(), match.end())
                 for match in re.finditer(r"\S(?:[^\n]*\S)?", text))


def _item(block: Block, document: Document, levels: Mapping[int, int],
          notes: Mapping[int, int]) -> Item:
    level = 0
    if block.kind == "heading":
        level = next((levels[at] for at in range(block.start, min(block.end, block.start + 40))
                      if at in levels), 1)
    names = None
    if block.kind == "name_list":
        names = _names_in(block, document)
    return Item(block.kind, block.start, block.end, level, names=names,
                note=notes.get(block.start))


def _names_in(block: Block, document: Document) -> NameList | None:
    inside = sorted((name for names in document.name_lists for name in names.names
                     if block.start <= name.start and name.end <= block.end),
                    key=lambda name: name.start)
    kept: list[Name] = []
    for name in inside:
        if not kept or name.start >= kept[-1].end:
            kept.append(name)
    return NameList("", None, tuple(kept)) if kept else None


def _table_rows(text: str, table: Table, blocks: Sequence[Block]) -> list[_Row] | None:
    """The rows of `table` that cover the text of `blocks` without a hole.

    None if its cells do not stand in reading order: then the blocks are shown as they are.
    """
    position, end = blocks[0].start, blocks[-1].end
    rows: list[_Row] = []
    seen: set[tuple[int, int]] = set()
    for cells in table.rows:
        new = [cell for cell in cells
               if cell.start < cell.end and (cell.start, cell.end) not in seen]
        start = position
        for cell in new:
            if (cell.start, cell.end) in seen:
                continue
            if cell.start < position or cell.end > end:
                return None
            position = cell.end
            seen.add((cell.start, cell.end))
        if new and _WORD.search(text, start, new[0].start):
            rows.extend(_source_rows(text, table, blocks, start, new[0].start))
            start = rows[-1].end
        rows.append(_Row("cells", start, position, cells))
    if position < end:
        rows.extend(_source_rows(text, table, blocks, position, end))
    return rows


def _source_rows(text: str, table: Table, blocks: Sequence[Block], start: int,
                 end: int) -> Iterator[_Row]:
    """Rows for words that are in no cell, one a line; their borders follow blocks and lines."""
    heads = {_SPACE.sub("", word) for path in table.columns for word in path}
    borders = sorted({start, end, *(at for block in blocks for at in (block.start, block.end)
                                    if start < at < end),
                      *(start + match.end() for match in re.finditer("\n", text[start:end]))})
    # What holds no word is no row of its own: it goes with the words before or after it.
    borders = [at for at, right in zip(borders, borders[1:])
               if at == start or _WORD.search(text, at, right)] + [end]
    if len(borders) > 2 and not _WORD.search(text, start, borders[1]):
        del borders[1]
    starts = [block.start for block in blocks]
    for left, right in zip(borders, borders[1:]):
        word = _WORD.search(text, left, right)
        block = blocks[max(0, bisect_right(starts, word.start() if word else left) - 1)]
        said = [_SPACE.sub("", word) for word in _FIELDS.split(text[left:right])]
        kind = "source"
        if block.kind == "table_caption":
            kind = "caption"
        elif block.kind == "page_furniture":
            kind = "furniture"
        elif all(word in heads for word in said if _WORD.search(word)):
            kind = "echo"
        yield _Row(kind, left, right)


def _table_items(table: Table, rows: Sequence[_Row], size: int) -> Iterator[Item]:
    waiting: list[_Row] = []
    for row in rows:
        if waiting and row.end - waiting[0].start > size:
            yield Item("table", waiting[0].start, waiting[-1].end, 0, table, tuple(waiting))
            waiting = []
        waiting.append(row)
    if waiting:
        yield Item("table", waiting[0].start, waiting[-1].end, 0, table, tuple(waiting))


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
            lines = tuple(self._line(row) for row in item.rows)
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
        says = bool(_WORD.search(self.document.text, start, end))
        return Slot("gap", tuple(self.pieces(start, end, True, hidden=not says)))

    def _line(self, row: _Row) -> Line:
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
            if cell.start == cell.end:
                slots.append(Slot("cell", ()))
            elif last and (cell.start, cell.end) == (last.start, last.end):
                before = slots.pop()
                slots.append(Slot(before.kind, before.pieces, before.columns + 1,
                                  before.numeric, before.text))
            elif cell.start < position:
                slots.append(Slot("repeat", (), numeric=numeric, text=cell.text))
            else:
                says = bool(_WORD.search(self.document.text, position, cell.start))
                slots.append(Slot("cell", (
                    *self.pieces(position, cell.start, True, hidden=not says),
                    *self.pieces(cell.start, cell.end, True)), numeric=numeric))
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
        anchors = [entry for entry in self.anchors if entry[0] < end and start < entry[1]]
        borders = {start, end}
        for left, right in (*((m.start, m.end) for m in marks), *breaks,
                            *((a, b) for a, b, _ in anchors)):
            borders.update(at for at in (left, right) if start < at < end)
        order = sorted(borders)
        for left, right in zip(order, order[1:]):
            while marks and marks[0].end <= left:
                marks.pop(0)
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
                note=anchors[0][2] if anchors and anchors[0][0] <= left else None)

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
