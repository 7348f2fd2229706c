"""Web pages: the text is made here, from the DOM, as a reader of the page would see it.

::

    <h1>云泽区2030年预算报告</h1><p>一、收入<br>全年…</p><table><tr><td>项目<td>金额</table>

A block element stands on lines of its own, a blank line parts it from the next; ``<br>`` is a line
end; a table row is a line of cells parted by tabs, where a cell over several columns or rows
leaves empty cells behind, so that all rows of a table have one width.
"""
from __future__ import annotations

import re
from typing import Any

from labels.errors import N_, ReadError
from workbench.reading.cues import is_byline, is_date_line, is_title_form
from workbench.reading.decoding import decode
from workbench.reading.draft import Article, Draft, Grid, Mark, Range
from workbench.reading.html_pages import (
    BLOCKS, DROPPED, Weight, is_furniture, main_element, weigh)
from workbench.reading.html_tables import grid_of, head_rows, is_data_table
from workbench.reading.naming import slug

SUFFIXES = (".html", ".htm")

_SPACE = re.compile(r"[ \t\r\n\f\xa0\u200b\ufeff]+")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SHORT = 60
_META_TITLES = ("ArticleTitle", "articletitle", "title", "og:title")
_META_DATES = ("PubDate", "pubdate", "publishdate", "article:published_time")
_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_SITE_SUFFIX = re.compile(r"\s*[-_|—–]{1,2}\s*[^-_|—–]{2,30}$")


def read(name: str, data: bytes) -> list[Draft]:
    """One document. Raises ReadError for a page without text or nested deeper than 2,048."""
    from lxml import html
    from lxml.etree import LxmlError
    decoded = decode(name, data, html=True)
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True,
                             remove_pis=True)
    try:
        root = html.document_fromstring(decoded.text.encode("utf-8"), parser=parser)
    except LxmlError as error:
        if any(entry.type_name == "ERR_NO_MEMORY" for entry in parser.error_log):
            raise MemoryError from error
        raise ReadError(N_("%(file)s holds no web page"), file=name) from error
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        # libxml2 leaves out what is nested deeper, without an error.
        raise ReadError(N_("%(file)s: its elements are nested too deeply"), file=name,
                        hint=N_("save the text of the page as .txt"))
    page = _Page(root)
    page.write()
    text = page.text()
    if not text.strip():
        raise ReadError(N_("%(file)s: the page holds no text"), file=name, hint=N_(
            "its text may be loaded by a script; save the page from the browser"))
    return [Draft(slug(name), name, text, title=_title(root), date=_date(root),
                  marks=tuple(page.marks), grids=tuple(page.grids),
                  articles=tuple(page.articles), warnings=decoded.warnings)]


class _Page:
    """Writes the text of a page while it walks the DOM, and notes what it knows of each line.

    The walk keeps its own stack: a page may be nested deeper than Python's.
    """

    def __init__(self, root: Any) -> None:
        self._root = root
        self._pieces: list[str] = []
        self._length = 0
        self._pending = 0  # line ends to write before the next character
        self._space = False
        self._marked = 0
        self._titled = False
        self._weights: dict[Any, Weight] = weigh(root)
        self._main = main_element(root, self._weights)
        self.marks: list[Mark] = []
        self.grids: list[Grid] = []
        self.articles: list[Article] = []
        self._title = "".join(_title(root).split())

    def text(self) -> str:
        return "".join(self._pieces)

    def write(self) -> None:
        stack: list[tuple[str, Any, Any]] = [("open", self._root, None)]
        depth = {"furniture": 0, "main": 0, "level": 0}
        while stack:
            step, element, note = stack.pop()
            if step == "text":
                self._add(element)
            elif step == "close":
                self._close(element, note, depth)
            else:
                stack.extend(self._open(element, depth))

    def _open(self, element: Any, depth: dict[str, int]) -> list[tuple[str, Any, Any]]:
        """Begin an element; returns what is left to do for it, last first."""
        if not isinstance(element.tag, str) or element.tag in DROPPED:
            return []
        if element.tag == "br":
            self._break(1)
            return []
        if element.tag == "table" and is_data_table(element):
            self._table(element, depth)
            return []
        block = element.tag in BLOCKS
        if block:
            self._mark(depth)
            self._break(2)
        if element.tag == "article":
            self._titled = False  # each article has a title of its own
        furniture = is_furniture(element, self._weights)
        depth["furniture"] += furniture
        depth["main"] += element is self._main
        depth["level"] = _HEADINGS.get(element.tag, depth["level"])
        todo: list[tuple[str, Any, Any]] = [("close", element, (self._length, block, furniture))]
        for child in reversed(element):
            if child.tail:
                todo.append(("text", child.tail, None))
            todo.append(("open", child, None))
        if element.text:
            todo.append(("text", element.text, None))
        return todo

    def _close(self, element: Any, note: tuple[int, bool, bool], depth: dict[str, int]) -> None:
        begun, block, furniture = note
        if element.tag == "article":
            extent = self._extent(begun)
            if extent and not depth["furniture"]:
                self.articles.append(Article(*extent))
        if block:
            self._mark(depth)
            self._break(2)
        depth["level"] = 0 if element.tag in _HEADINGS else depth["level"]
        depth["furniture"] -= furniture
        depth["main"] -= element is self._main

    def _mark(self, depth: dict[str, int]) -> None:
        """Mark what was written since the last block began or ended, if it is furniture, a title
        or a heading."""
        extent = self._extent(self._marked)
        self._marked = self._length
        if extent is None:
            return
        content, level = self.text_of(extent), depth["level"]
        title = not depth["furniture"] and not self._titled and (
            self._is_title(content) or level == 1 or 0 < level < 4 and is_title_form(content))
        outside = not (depth["main"] or level or title or len(content) > _SHORT
                       or self._main is self._root)
        if depth["furniture"] or outside:
            told = is_byline(content) and not is_date_line(content) and not depth["furniture"]
            self.marks.append(Mark(*extent, "byline" if told else "page_furniture"))
        elif title:
            self._titled = True
            self.marks.append(Mark(*extent, "title", level))
        elif level and len(content) <= 120:
            self.marks.append(Mark(*extent, "heading", level))

    def _is_title(self, content: str) -> bool:
        return len(content) <= 200 and bool(self._title) and (
            "".join(content.split()) == self._title)

    def _extent(self, begun: int) -> Range | None:
        """What was written since `begun`, without white space at its ends."""
        content = self.text_of((begun, self._length))
        inner = content.strip()
        if not inner:
            return None
        start = begun + len(content) - len(content.lstrip())
        return start, start + len(inner)

    def text_of(self, extent: Range) -> str:
        """A slice of what was written, taken from its last pieces."""
        start, end = extent
        pieces: list[str] = []
        position = self._length
        for piece in reversed(self._pieces):
            if position <= start:
                break
            position -= len(piece)
            pieces.append(piece)
        held = "".join(reversed(pieces))
        return held[max(start - position, 0):end - position]

    def _break(self, ends: int) -> None:
        self._pending = min(max(self._pending, ends) if ends > 1 else self._pending + 1, 2)
        self._space = False

    def _add(self, content: str) -> None:
        for number, piece in enumerate(_SPACE.split(content)):
            self._space = self._space or number > 0
            if not piece:
                continue
            if self._pending and self._length:
                self._write("\n" * self._pending)
            elif self._space and self._length:
                self._write(" ")
            self._pending, self._space = 0, False
            self._write(piece)

    def _write(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)

    def _table(self, table: Any, depth: dict[str, int]) -> None:
        """Write a table row by row; cells are cut to one line each."""
        caption = next((child for child in table if child.tag == "caption"), None)
        stated: Range | None = None
        self._mark(depth)
        self._break(2)
        if caption is not None:
            begun = self._length
            self._add("".join(caption.itertext()))
            stated = self._extent(begun)
            self._break(2)
        rows: list[tuple[Range, ...]] = []
        lines: list[Range] = []
        width = max((len(cells) for _, cells in grid_of(table)), default=0)
        for _, cells in grid_of(table):
            texts = [_cell(cell) for cell in cells] + [""] * (width - len(cells))
            if not any(texts):
                continue
            self._write("\n" * ((2 if not rows else 1) if self._length else 0))
            row: list[Range] = []
            for number, content in enumerate(texts):
                if number:
                    self._write("\t")
                row.append((self._length, self._length + len(content)))
                self._write(content)
            rows.append(tuple(row))
            filled = [cell for cell in row if cell[0] < cell[1]]
            lines.append((filled[0][0], filled[-1][1]))
        self._pending, self._space, self._marked = 0, False, self._length
        self._break(2)
        if rows and not depth["furniture"]:
            self.grids.append(Grid(tuple(rows), tuple(lines), head_rows(table), stated))
        elif rows:
            self.marks.append(Mark(lines[0][0], lines[-1][1], "page_furniture"))


def _cell(cell: Any) -> str:
    """The text of one cell on one line; <br> and paragraphs become a space."""
    return _SPACE.sub(" ", _ordered(cell)).strip() if cell is not None else ""


def _ordered(cell: Any) -> str:
    """The text of an element in reading order, with a space where a block or line ends."""
    pieces: list[str] = []
    stack: list[Any] = [cell]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        if not isinstance(item.tag, str) or item.tag in DROPPED:
            continue
        apart = item.tag in BLOCKS or item.tag == "br"
        stack.append(" " if apart else "")
        for child in reversed(item):
            stack.append(child.tail or "")
            stack.append(child)
        stack.append((" " if apart else "") + (item.text or ""))
    return "".join(pieces)


def _title(root: Any) -> str:
    """The title that the head of the page states, without the name of the site."""
    metas = {meta.get("name") or meta.get("property"): meta.get("content") or ""
             for meta in root.iter("meta")}
    stated = next((metas[name] for name in _META_TITLES if metas.get(name, "").strip()), "")
    if not stated:
        element = next(root.iter("title"), None)
        stated = "".join(element.itertext()) if element is not None else ""
        stated = _SITE_SUFFIX.sub("", " ".join(stated.split()))
    return " ".join(stated.split())


def _date(root: Any) -> str | None:
    metas = {meta.get("name") or meta.get("property"): meta.get("content") or ""
             for meta in root.iter("meta")}
    stated = next((metas[name] for name in _META_DATES if metas.get(name, "").strip()), "")
    found = _ISO.search(stated)
    return "{:04d}-{:02d}-{:02d}".format(*map(int, found.groups())) if found else None
