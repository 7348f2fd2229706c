"""Word documents (.docx, .docm): body text in order, with the numbers that Word sets by itself.

::

    一、收入情况              a heading by its style or level; 一、 may be set by Word
    全年收入100亿元¹，…       a paragraph, after it its footnotes and the text boxes anchored in it
    ¹ 含新区。
    项目 ⇥ 2029年 ⇥ 2030年    a table row; merged cells leave empty cells behind

Tracked changes are read as accepted. Headers, footers and comments are left out. The parts are
read with lxml from the package: python-docx has no word for numbering, tracked changes, notes and
text boxes. Nothing outside of the package is ever looked at.
"""
from __future__ import annotations

from typing import Any, Iterable, Iterator, Sequence

from labels.document import ReadWarning
from labels.errors import N_, ReadError
from workbench.reading.cues import ends_sentence, is_title_form
from workbench.reading.draft import Draft, Mark, Range
from workbench.reading.grids import CAPTION_MAX
from workbench.reading.naming import slug
from workbench.reading.numbering import lead
from workbench.reading.office_text import OfficeText, one_line
from workbench.reading.packages import Package, kind_of, refuse
from workbench.reading.values import unit_line
from workbench.reading.word_numbering import W, Numbering, read_numbering, spaced
from workbench.reading.word_runs import (
    MC, SUPERSCRIPTS, TRANSPARENT, Paragraph, read_paragraph)
from workbench.reading.word_styles import Style, Styles, flag, read_styles, value

SUFFIXES = (".docx", ".docm", ".dotx")

_P, _TBL, _TR, _TC = (W + tag for tag in ("p", "tbl", "tr", "tc"))
_HEADING_MAX = 120
_WIDEST = 200
_CAPTION_ROWS = 3
_FIRST = 12
_TITLE_SIZE = 31  # half points: what is set larger than 小三 at the start titles a document
_CHANGES = tuple(W + tag for tag in ("ins", "del", "moveFrom"))


def read(name: str, data: bytes) -> list[Draft]:
    """One document. Raises ReadError for what is no Word document, is locked or damaged."""
    kind = kind_of(data)
    if kind not in ("docx", "zip", ""):
        raise refuse(name, ".docx", kind)
    package = Package(name, data)
    main = package.main(".docx", "word/document.xml")
    root = package.xml(main)
    body = root.find(f"{W}body")
    if body is None:
        raise package.unreadable(main, "no body")
    writer = _Writer(package, main)
    writer.write(body)
    text = writer.out.text()
    if not text.strip():
        raise ReadError(N_("%(file)s: the document holds no text"), file=name, hint=N_(
            "if its pages are pictures, have their text recognised (OCR) first"))
    warnings = []
    if next(root.iter(*_CHANGES), None) is not None:
        warnings.append(ReadWarning("tracked_changes", 0, len(text),
                                    "tracked changes are read as accepted"))
    if next(root.iter(W + "altChunk", W + "subDoc"), None) is not None:
        warnings.append(ReadWarning("left_out", 0, len(text),
                                    "a document embedded in this one is left out"))
    return [Draft(slug(name), name, text, title=one_line(writer.title), marks=tuple(sorted(
        writer.out.marks, key=lambda mark: mark.start)), grids=tuple(writer.out.grids),
        warnings=tuple(warnings))]


class _Writer:
    """Walks the body once, counting lists and notes as it meets them."""

    def __init__(self, package: Package, main: str) -> None:
        self.out = OfficeText()
        self._styles: Styles = read_styles(_part(package, main, "styles"))
        self._numbering: Numbering = read_numbering(
            _part(package, main, "numbering"), self._styles.lists)
        self._notes = {kind: _notes(_part(package, main, f"{kind}s"), kind)
                       for kind in ("footnote", "endnote")}
        self._note_count = 0
        self._waiting: list[tuple[str, Any]] = []
        self._titled = False
        self._blocks = 0
        self._largest = _TITLE_SIZE
        self.title = ""  # the largest centred line of the first ones
        self._centred = ("", "")  # size and text of the centred line just written

    def write(self, body: Any) -> None:
        joined: Paragraph | None = None
        for element, contents in _elements(body):
            if element.tag == _TBL:
                self._table(element)
                self._write_notes()
                self._centred = ("", "")
                continue
            style, number, paragraph = self._read(element)
            if joined is not None:
                number, paragraph = "", _join(joined, paragraph)
            joined = paragraph if paragraph.joined else None
            if joined is not None:
                joined.text = number + joined.text
                continue
            self._paragraph(element, style, number, paragraph, contents)
            self._boxes(paragraph.boxes)
            self._write_notes()
        if joined is not None:
            self.out.block(joined.text)

    def _read(self, element: Any) -> tuple[Style, str, Paragraph]:
        """A paragraph with its style and the number that Word sets before it, notes marked."""
        properties = element.find(f"{W}pPr")
        key = value(properties, "pStyle")
        style = self._styles.of(key)
        paragraph = read_paragraph(element, style, self._styles)
        number = ""
        if paragraph.text.strip() or paragraph.notes:
            number = self._number(properties, key, style)
        text, done = [], 0
        for kind, note, offset in paragraph.notes:
            self._note_count += 1
            mark = str(self._note_count).translate(SUPERSCRIPTS)
            text += [paragraph.text[done:offset], mark]
            done = offset
            if note in self._notes[kind]:
                self._waiting.append((mark, self._notes[kind][note]))
        paragraph.text = "".join((*text, paragraph.text[done:]))
        return style, number, paragraph

    def _number(self, properties: Any | None, key: str, style: Style) -> str:
        own = properties.find(f"{W}numPr") if properties is not None else None
        instance = value(own, "numId") or style.number
        if not instance or instance == "0":
            return ""
        depth = value(own, "ilvl")
        if depth.isdecimal():
            level = int(depth)
        elif style.number_level is not None and not value(own, "numId"):
            level = style.number_level
        else:
            level = self._numbering.level_of_style(instance, key)
        return spaced(self._numbering.next(instance, level))

    def _paragraph(self, element: Any, style: Style, number: str, paragraph: Paragraph,
                   contents: bool) -> None:
        text = number + paragraph.text.lstrip()
        if not text.strip():
            return
        kind, level = self._kind(element, style, text.strip(), contents)
        bold = paragraph.bold - (len(paragraph.text) - len(paragraph.text.lstrip()))
        extent = self.out.block(text, kind, level, self._ends(element, text.strip(), kind))
        self._titled = self._titled or kind == "title"
        if extent and not kind and 0 < bold:
            end = extent[0] + len(number) + len(paragraph.text.lstrip()[:bold].rstrip())
            if end < extent[1]:
                self.out.marks.append(Mark(extent[0], end, "run_in"))
            elif not value(element.find(f"{W}pPr"), "jc") == "center" and _heads(text.strip()):
                self.out.marks.append(Mark(*extent, "heading"))

    def _ends(self, element: Any, text: str, kind: str) -> int:
        """The line ends before a paragraph: one where a title goes on from the line above, that
        is, both are centred, of one size, and only both together have the form of a title."""
        size, before = self._centred
        properties = element.find(f"{W}pPr")
        runs = [run.find(f"{W}rPr") for run in element.iter(f"{W}r")]
        centred = value(properties, "jc") == "center" and not kind and not lead(text).style
        own = max((value(one, "sz") for one in runs), default="", key=len) if centred else ""
        self._centred = (own, text) if centred else ("", "")
        self._blocks += 1
        if own.isdecimal() and len(own) < 4 and self._blocks <= _FIRST and len(text) <= 60 and (
                int(own) > self._largest):
            self._largest, self.title = int(own), text
        return 1 if centred and own and own == size and not is_title_form(before) and (
            is_title_form(before + text)) else 2

    def _kind(self, element: Any, style: Style, text: str, contents: bool) -> tuple[str, int]:
        """The kind and level that style and outline level state; a title comes once."""
        outline = value(element.find(f"{W}pPr"), "outlineLvl")
        level = int(outline) + 1 if outline.isdecimal() and len(outline) == 1 else style.level
        if contents or style.kind == "toc_entry":
            return "toc_entry", 0
        if style.kind == "title" and not self._titled and not lead(text).style:
            return "title", 0
        if not 0 < level < 10 or len(text) > _HEADING_MAX or (
                len(text) > 40 and ends_sentence(text)):
            return "", 0
        if level == 1 and not self._titled and not lead(text).style and is_title_form(text):
            return "title", 0
        return "heading", level

    def _boxes(self, boxes: Sequence[Any]) -> None:
        """The text boxes of a paragraph, and those inside them."""
        waiting = list(reversed(boxes))
        while waiting:
            for element, _ in _elements(waiting.pop()):
                if element.tag == _TBL:
                    self._table(element)
                    continue
                style, number, paragraph = self._read(element)
                self.out.block(number + paragraph.text.lstrip())
                waiting.extend(reversed(paragraph.boxes))

    def _write_notes(self) -> None:
        waiting, self._waiting = self._waiting, []
        for mark, note in waiting:
            content = [self._read(element)[2].text.strip() for element, _ in _elements(note)
                       if element.tag == _P]
            text = " ".join(one for one in content if one)
            if text:
                self.out.block(f"{mark} {text}", "footnote")

    def _table(self, table: Any) -> None:
        rows: list[list[str]] = []
        boxes: list[Any] = []
        header = whole = 0
        for number, row in enumerate(_children(table, _TR)):
            properties = row.find(f"{W}trPr")
            if properties is not None and properties.find(f"{W}del") is not None:
                continue
            cells = [""] * _count(properties, "gridBefore")
            for cell in _children(row, _TC):
                text = self._cell(cell, boxes)
                inside = cell.find(f"{W}tcPr")
                cells.append("" if _merged(inside) else text)
                cells.extend([""] * (_count(inside, "gridSpan", 1) - 1))
            header += header == number and bool(flag(properties, "tblHeader"))
            rows.append(cells + [""] * _count(properties, "gridAfter"))
            whole += whole == number and sum(1 for _ in _children(row, _TC)) == 1
        # Rows of one cell above the first with more are the caption and unit of the table.
        whole = whole if whole < min(len(rows), _CAPTION_ROWS + 1) else 0
        caption: Range | None = None
        for row in rows[:whole]:
            content = one_line("".join(row))
            written = self.out.block(content)
            if written and len(content) <= CAPTION_MAX and not unit_line(content):
                caption = caption or written
        self.out.table(_with_columns(rows[whole:]), max(header - whole, 0) or None, caption)
        self._boxes(boxes)

    def _cell(self, cell: Any, boxes: list[Any]) -> str:
        """The text of a cell on one line; a table inside it is flattened into it."""
        pieces: list[str] = []
        for element, _ in _elements(cell, flat=True):
            _, number, paragraph = self._read(element)
            pieces.append(number + paragraph.text.strip())
            boxes.extend(paragraph.boxes)
        return " ".join(piece for piece in pieces if piece)


def _part(package: Package, main: str, kind: str) -> Any | None:
    path = package.related(main, kind)
    return package.xml(path) if path else None


def _notes(root: Any | None, kind: str) -> dict[str, Any]:
    """The notes of a part by id, without the lines that part them from the text."""
    if root is None:
        return {}
    return {note.get(f"{W}id") or "": note for note in root.iter(W + kind)
            if note.get(f"{W}type") in (None, "normal")}


def _join(before: Paragraph, after: Paragraph) -> Paragraph:
    return Paragraph(before.text + after.text, before.bold if before.bold < len(before.text)
                     else before.bold + after.bold, [], before.boxes + after.boxes, after.joined)


def _elements(parent: Any, flat: bool = False) -> Iterator[tuple[Any, bool]]:
    """The paragraphs and tables in `parent` in order, and whether they stand in a contents field.

    A table of one column lays text out, so what it holds comes in its place; with `flat` that
    holds for all tables. Keeps its own stack: tables may be nested deeper than Python's.
    """
    stack: list[tuple[Any, bool]] = [(child, False) for child in reversed(parent)]
    while stack:
        element, contents = stack.pop()
        tag = element.tag
        if tag == _P:
            yield element, contents
        elif tag == _TBL and (flat or _is_layout(element)):
            cells = [cell for row in _children(element, _TR) for cell in _children(row, _TC)]
            stack.extend((child, contents) for cell in reversed(cells) for child in reversed(cell))
        elif tag == _TBL:
            yield element, contents
        elif tag in TRANSPARENT:
            gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
            inside = gallery is not None and gallery.get(f"{W}val") == "Table of Contents"
            stack.extend((child, contents or inside) for child in reversed(_held(element)))


def _held(element: Any) -> list[Any]:
    """What a transparent element holds; of alternatives only the first."""
    if element.tag != f"{MC}AlternateContent":
        return list(element)
    chosen = element.find(f"{MC}Choice")
    return list(chosen if chosen is not None else element[-1] if len(element) else ())


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those inside content controls."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag == tag:
            yield element
        elif element.tag in TRANSPARENT:
            stack.extend(reversed(_held(element)))


def _is_layout(table: Any) -> bool:
    return all(len(cells) < 2 for cells in (list(_children(row, _TC))
                                            for row in _children(table, _TR)))


def _merged(properties: Any | None) -> bool:
    """Whether a cell goes on with the one above it or to its left."""
    for tag in ("vMerge", "hMerge"):
        merge = properties.find(f"{W}{tag}") if properties is not None else None
        if merge is not None and merge.get(f"{W}val") != "restart":
            return True
    return False


def _count(properties: Any | None, tag: str, default: int = 0) -> int:
    stated = value(properties, tag)
    return min(int(stated), _WIDEST) if stated.isdecimal() and len(stated) < 6 else default


def _with_columns(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """The rows without the columns that hold nothing: those come of borders that do not meet."""
    kept = [list(row) for row in rows]
    used = sorted({column for row in kept for column, cell in enumerate(row) if cell.strip()})
    return [[row[column] if column < len(row) else "" for column in used] for row in kept]


def _heads(text: str) -> bool:
    """Whether a bold paragraph without a style is a heading: short, and no sentence."""
    return len(text) <= 60 and "\n" not in text and "\t" not in text and not (
        ends_sentence(text) or lead(text).style)
