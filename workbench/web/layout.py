"""Cuts a document into items and pages, and leads from its headings to them.

An item is one block, a name list, or rows of a table; a page is whole items of about `PAGE_SIZE`
characters. Every character of a block is in just one item, whatever the tables of the document
say of it.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Iterator, Mapping, Sequence

from labels.document import Block, Cell, Document, Name, NameList, Table

PAGE_SIZE = 20_000
WORD = re.compile(r"\w")
_FIELDS = re.compile(r"[\t|\n]|\s{2,}")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Row:
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
    rows: tuple[Row, ...] = ()
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
        return OutlineEntry(level, _SPACE.sub(" ", text).strip(" #*"), start, anchor,
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


def _table_rows(text: str, table: Table, blocks: Sequence[Block]) -> list[Row] | None:
    """The rows of `table` that cover the text of `blocks` without a hole.

    None if its cells do not stand in reading order: then the blocks are shown as they are.
    """
    position, end = blocks[0].start, blocks[-1].end
    rows: list[Row] = []
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
        if new and WORD.search(text, start, new[0].start):
            rows.extend(_source_rows(text, table, blocks, start, new[0].start))
            start = rows[-1].end
        rows.append(Row("cells", start, position, cells))
    if position < end:
        rows.extend(_source_rows(text, table, blocks, position, end))
    return rows


def _source_rows(text: str, table: Table, blocks: Sequence[Block], start: int,
                 end: int) -> Iterator[Row]:
    """Rows for words that are in no cell, one a line; their borders follow blocks and lines."""
    heads = {_SPACE.sub("", word) for path in table.columns for word in path}
    borders = sorted({start, end, *(at for block in blocks for at in (block.start, block.end)
                                    if start < at < end),
                      *(start + match.end() for match in re.finditer("\n", text[start:end]))})
    # What holds no word is no row of its own: it goes with the words before or after it.
    borders = [at for at, right in zip(borders, borders[1:])
               if at == start or WORD.search(text, at, right)] + [end]
    if len(borders) > 2 and not WORD.search(text, start, borders[1]):
        del borders[1]
    starts = [block.start for block in blocks]
    for left, right in zip(borders, borders[1:]):
        word = WORD.search(text, left, right)
        block = blocks[max(0, bisect_right(starts, word.start() if word else left) - 1)]
        said = [_SPACE.sub("", word) for word in _FIELDS.split(text[left:right])]
        kind = "source"
        if block.kind == "table_caption":
            kind = "caption"
        elif block.kind == "page_furniture":
            kind = "furniture"
        elif all(word in heads for word in said if WORD.search(word)):
            kind = "echo"
        yield Row(kind, left, right)


def _table_items(table: Table, rows: Sequence[Row], size: int) -> Iterator[Item]:
    waiting: list[Row] = []
    for row in rows:
        if waiting and row.end - waiting[0].start > size:
            yield Item("table", waiting[0].start, waiting[-1].end, 0, table, tuple(waiting))
            waiting = []
        waiting.append(row)
    if waiting:
        yield Item("table", waiting[0].start, waiting[-1].end, 0, table, tuple(waiting))
