"""PDF with a text layer: the text is composed once from the places of its characters.

Every printed line is a line of the text, pages are parted by a blank line, a row of a table is a
line of cells parted by tabs. What the print adds (page numbers, running heads, the head of a table
again on its next page) stays in the text and is marked as page furniture; the lines of a paragraph
are marked as one.

Files without a text layer, with one that is not Chinese but the codes of a broken font, damaged
and locked ones are refused with what to do; single such pages are told as warnings.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Iterator

from labels.document import ReadWarning
from labels.errors import N_, ReadError
from workbench.reading.decoding import likeness
from workbench.reading.draft import Draft, Grid, Mark, Range
from workbench.reading.limits import MAX_PAGES
from workbench.reading.naming import slug
from workbench.reading.pdf_fonts import prepare
from workbench.reading.pdf_furniture import running_lines
from workbench.reading.pdf_glyphs import Sheet, sheet_of
from workbench.reading.pdf_lines import PageLine, lines_of
from workbench.reading.pdf_paragraphs import Paragraph, paragraphs
from workbench.reading.pdf_tables import PageTable, aligned_tables, ruled_tables
from workbench.reading.values import unit_line

__all__ = ["SUFFIXES", "pages", "prepare", "read"]

SUFFIXES = (".pdf",)

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_FEW = 8       # characters a page that a scan may have: a stamp, a page number
_DRAWN = 200   # strokes on a page whose characters are drawn as shapes
_SAMPLE = 50   # characters that a share is taken of
_ENOUGH_COMMON = 0.03
_MAX_BROKEN = 0.05
_BROKEN = re.compile("[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_EDGE_NEAR = 4.0
_CAPTION_LINES = 4
_CAPTION = 80

Item = PageLine | PageTable


@dataclass(frozen=True, slots=True)
class _Page:
    """What stands on a page, from top to bottom; `blank` tells that it has no text but is not
    empty."""

    items: tuple[Item, ...]
    height: float
    blank: bool = False
    garbled: bool = False
    broken: bool = False

    @property
    def lines(self) -> list[PageLine]:
        return [item for item in self.items if isinstance(item, PageLine)]

    @property
    def above(self) -> int:
        """How many lines stand above the first table, 0 if there is none or much text above."""
        first = next((n for n, item in enumerate(self.items) if isinstance(item, PageTable)), 0)
        return first if first <= _CAPTION_LINES else 0


def pages(data: bytes) -> int:
    """The number of pages that the file says it has; 0 if it cannot be opened."""
    import pypdfium2
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            return len(pdf)
    except pypdfium2.PdfiumError:
        return 0


def read(name: str, data: bytes) -> list[Draft]:
    """One document. Raises ReadError for a file that is damaged, locked, a scan, or garbled."""
    sheets = list(_pages(name, data))
    shown = [page for page in sheets if page.items]
    if not shown or all(page.broken for page in sheets):
        _refuse(name, sheets)
    if all(page.garbled for page in shown):
        raise ReadError(N_("%(file)s: its text layer is garbled, its fonts name no characters"),
                        file=name, hint=N_("recognise its text with an OCR program, or ask for the"
                                           " file from which the PDF was made"))
    writer = _Writer(running_lines([(page.lines, page.height, page.above) for page in sheets]))
    for number, page in enumerate(sheets):
        writer.page(number, page)
    return [Draft(slug(name), name, writer.text, marks=tuple(writer.marks),
                  grids=tuple(writer.grids), warnings=tuple(writer.warnings))]


def _refuse(name: str, sheets: list[_Page]) -> None:
    if any(page.broken for page in sheets):
        raise ReadError(N_("%(file)s is damaged: none of its %(pages)s pages can be read"),
                        file=name, pages=len(sheets), hint=N_("get the file again"))
    raise ReadError(N_("%(file)s has no text layer, its pages are pictures"), file=name,
                    hint=N_("recognise its text with an OCR program first"))


def _pages(name: str, data: bytes) -> Iterator[_Page]:
    import pypdfium2
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise ReadError(N_("%(file)s is locked with a password"), file=name,
                            hint=N_("save it without one")) from error
        raise ReadError(N_("%(file)s is no PDF, or a damaged one"), file=name,
                        hint=N_("open it in a viewer, or get it again")) from error
    try:
        if len(pdf) > MAX_PAGES:
            raise ReadError(N_("%(file)s has %(pages)s pages, more than %(limit)s"), file=name,
                            pages=len(pdf), limit=MAX_PAGES, hint=N_("split it"))
        for number in range(len(pdf)):
            yield _page(pdf, number)
    finally:
        pdf.close()


def _page(pdf: Any, number: int) -> _Page:
    import pypdfium2
    try:
        page = pdf[number]
        try:
            sheet = sheet_of(page)
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        return _Page((), 0.0, broken=True)
    held = "".join(glyph.char for glyph in sheet.glyphs if not glyph.char.isspace())
    drawn = sheet.pictures > 0 or sheet.strokes > _DRAWN
    if len(held) < _FEW and drawn:
        return _Page((), sheet.height, blank=True)
    return _Page(tuple(_items(sheet)), sheet.height, garbled=_garbled(held))


def _garbled(held: str) -> bool:
    """Whether characters are the codes of a font rather than text: many have no meaning at all, or
    what is not ASCII lacks the characters of which every Chinese text is full."""
    if not held:
        return False
    if len(_BROKEN.findall(held)) > _MAX_BROKEN * len(held):
        return True
    foreign = sum(char > "\x7f" for char in held)
    return foreign >= _SAMPLE and likeness(held) < _ENOUGH_COMMON and _strange(held)


def _strange(held: str) -> bool:
    """Whether the Han characters and Chinese marks among what is not ASCII are fewer than half, or
    hardly any of them is a common one."""
    foreign = [char for char in held if char > "\x7f"]
    known = sum("一" <= char <= "鿿" or "　" <= char <= "〟" or "！" <= char <= "～"
                for char in foreign)
    return known < 0.8 * len(foreign) or likeness(held) < _ENOUGH_COMMON / 3


def _items(sheet: Sheet) -> list[Item]:
    tables, rest = ruled_tables(sheet.glyphs, sheet.rules)
    lines = lines_of(rest)
    items: list[Item] = []
    position = 0
    for first, last, table in aligned_tables(lines):
        items.extend(lines[position:first])
        items.append(table)
        position = last
    items.extend(lines[position:])
    for table in tables:
        at = next((n for n, item in enumerate(items) if item.y0 > table.y0), len(items))
        items.insert(at, table)
    return [one for item in items for one in _parted(item)]


def _parted(item: Item) -> list[Item]:
    """A line whose piece at one end is a unit (单位：万元) becomes two lines."""
    if isinstance(item, PageLine) and len(item.pieces) > 1 and unit_line(item.pieces[-1].text):
        return [PageLine(item.pieces[:-1]), PageLine(item.pieces[-1:])]
    return [item]


@dataclass
class _Open:
    """A table that may go on at the top of the next page."""

    table: PageTable
    caption: Range | None = None
    unit: Range | None = None
    rows: list[tuple[Range, ...]] = field(default_factory=list)
    lines: list[Range] = field(default_factory=list)


class _Writer:
    """Writes pages one after another, and notes what is known of each line."""

    def __init__(self, running: frozenset[tuple[int, int]]) -> None:
        self._running = running
        self._pieces: list[str] = []
        self._length = 0
        self._open: _Open | None = None
        self.marks: list[Mark] = []
        self.grids: list[Grid] = []
        self.warnings: list[ReadWarning] = []

    @property
    def text(self) -> str:
        self._close_table()
        return "".join(self._pieces)

    def page(self, number: int, page: _Page) -> None:
        begun = self._length
        first = True   # nothing but furniture has been written of this page
        fresh = True   # nothing at all
        before: list[tuple[Paragraph, Range]] = []
        for group in paragraphs(page.items, {n for p, n in self._running if p == number}):
            if isinstance(group, PageTable):
                self._table(group, fresh, first, before)
                before, first = [], False
            else:
                extent = self._paragraph(group, fresh, page.garbled)
                if not group.running:
                    before.append((group, extent))
                    first = False
                    self._close_table()
            fresh = False
        self._tell(number, page, begun)

    def _paragraph(self, group: Paragraph, fresh: bool, garbled: bool) -> Range:
        start = self._line(group.lines[0].text, fresh)
        for line in group.lines[1:]:
            self._line(line.text, False)
        if group.running or garbled:
            self.marks.append(Mark(start, self._length, "page_furniture"))
        elif not group.centred:
            self.marks.append(Mark(start, self._length, ""))
        return start, self._length

    def _line(self, content: str, new_page: bool) -> int:
        """Write a line; returns where it starts."""
        if self._length:
            self._write("\n\n" if new_page else "\n")
        start = self._length
        self._write(content)
        return start

    def _write(self, content: str) -> None:
        self._pieces.append(content)
        self._length += len(content)

    def _table(self, table: PageTable, new_page: bool, first: bool,
               before: list[tuple[Paragraph, Range]]) -> None:
        held = self._open if first and self._open and _same(self._open.table, table) else None
        if held is None:
            self._close_table()
            held = self._open = _Open(table, *_caption(before, table))
        head = [tuple(map(_key, row)) for row in held.table.rows[:3]]
        repeated = bool(held.rows)
        for number, row in enumerate(table.rows):
            start = self._line("", new_page and number == 0)
            cells: list[Range] = []
            for column, content in enumerate(row):
                if column:
                    self._write("\t")
                cells.append((self._length, self._length + len(content)))
                self._write(content)
            filled = [cell for cell in cells if cell[0] < cell[1]]
            repeated = repeated and number < len(head) and tuple(map(_key, row)) == head[number]
            if repeated:
                self.marks.append(Mark(start, self._length, "page_furniture"))
            else:
                held.rows.append(tuple(cells))
                held.lines.append((filled[0][0], filled[-1][1]))

    def _close_table(self) -> None:
        if self._open is not None and self._open.rows:
            self.grids.append(Grid(tuple(self._open.rows), tuple(self._open.lines),
                                   caption=self._open.caption, unit=self._open.unit))
        self._open = None

    def _tell(self, number: int, page: _Page, begun: int) -> None:
        """Warn of a page that could not be read, or only as rubbish."""
        for state, code, message in (
                (page.broken, "page_broken", "page {} is damaged and left out"),
                (page.blank, "page_without_text", "page {} is a picture; its text is not read"),
                (page.garbled, "page_garbled", "the text layer of page {} is not readable")):
            if state:
                self.warnings.append(ReadWarning(code, min(begun, self._length), self._length,
                                                 message.format(number + 1)))


def _caption(before: list[tuple[Paragraph, Range]], table: PageTable
             ) -> tuple[Range | None, Range | None]:
    """The ranges of caption and unit among the last lines above a table: the unit by its words,
    the caption by standing over the middle of the table."""
    unit: Range | None = None
    caption: tuple[Paragraph, Range] | None = None
    for group, extent in reversed(before[-4:]):
        content = " ".join(line.text for line in group.lines)
        if caption is not None:
            if _over(group, table) and _alike(group, caption[0]):
                caption = group, (extent[0], caption[1][1])  # a caption of two lines
            break
        if unit is None and unit_line(content):
            unit = extent
        elif len(content) <= _CAPTION and content[-1] not in "。；：，" and _over(group, table):
            caption = group, extent
        elif len(content) > 8:
            break  # 表二 may stand between
    return (caption[1] if caption else None), unit


def _over(group: Paragraph, table: PageTable) -> bool:
    """Whether lines stand over the middle of a table."""
    middle = sum(line.x0 + line.x1 for line in group.lines) / (2 * len(group.lines))
    return abs(middle - (table.x0 + table.x1) / 2) <= 2 * group.lines[0].size


def _alike(one: Paragraph, other: Paragraph) -> bool:
    """Whether two groups are set in one size, one right above the other."""
    size = other.lines[0].size
    return abs(one.lines[-1].size - size) <= 0.05 * size and (
        other.lines[0].middle - one.lines[-1].middle <= 2 * size)


def _same(one: PageTable, other: PageTable) -> bool:
    """Whether two tables have their columns in the same places."""
    return len(one.edges) == len(other.edges) and all(
        abs(a - b) <= _EDGE_NEAR for a, b in zip(one.edges, other.edges))


def _key(content: str) -> str:
    return "".join(content.split())
