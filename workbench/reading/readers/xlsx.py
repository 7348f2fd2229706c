"""Excel workbooks (.xlsx, .xlsm): what the cells of every sheet show; formulas by their last
value.

A first pass over the XML of a sheet finds what is hidden and where its cells end, whatever size it
declares; openpyxl reads the values. Macros and links to other files are never followed.
"""
from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass, field
from typing import Any, Iterator

from labels.errors import ReadError
from workbench.reading.draft import Draft
from workbench.reading.number_formats import shown
from workbench.reading.packages import Package, kind_of, refuse
from workbench.reading.sheets import MAX_CELLS, Sheet, draft_of, too_large

SUFFIXES = (".xlsx", ".xlsm", ".xltx")

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_COLUMNS = 16_384
_LETTERS = re.compile(r"[A-Z]{1,3}")


@dataclass(slots=True)
class _Extent:
    """The rows and columns (from 1) of a sheet that hold something, and those that are hidden."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read(name: str, data: bytes) -> list[Draft]:
    """One document. Raises ReadError for what is no workbook, is locked, damaged or too large."""
    if kind_of(data) not in ("xlsx", "zip", ""):
        raise refuse(name, ".xlsx", kind_of(data))
    return [read_package(name, data)]


def read_package(name: str, data: bytes) -> Draft:
    """The draft of an xlsx package, whatever its name."""
    package = Package(name, data)
    package.refuse_doctypes()
    path = package.main(".xlsx", "xl/workbook.xml")
    parts = package.relations(path)
    listed = [(sheet.get("name") or "", sheet.get("state") or "visible",
               parts.get(sheet.get(_RELATION) or "", ("", ""))[1])
              for sheet in package.xml(path).iter(f"{_MAIN}sheet")]
    extents = {title: _extent(package, part) for title, state, part in listed
               if state == "visible" and part in package and "worksheets" in part}
    hidden = [title for title, state, _ in listed if state != "visible"]
    return draft_of(name, _sheets(name, data, package, extents), hidden)


def _extent(package: Package, part: str) -> _Extent:
    """What a sheet holds and hides; one pass that keeps nothing of it."""
    from lxml import etree
    extent = _Extent()
    row = 0
    try:
        for _, element in etree.iterparse(
                io.BytesIO(package.part(part)), tag=[_MAIN + "row", _MAIN + "col"],
                resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                remove_comments=True):
            if element.tag == _MAIN + "row":
                row = _number(element.get("r"), row + 1)
                _note_row(extent, row, element)
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
            elif _true(element.get("hidden")):
                first = _number(element.get("min"), 1)
                extent.hidden_columns.update(
                    range(first, min(_number(element.get("max"), first), _COLUMNS) + 1))
            element.clear()
    except etree.XMLSyntaxError as error:
        raise package.unreadable(part, error.msg) from error
    return extent


def _note_row(extent: _Extent, row: int, element: Any) -> None:
    column = 0
    for cell in element:
        column = _column(cell.get("r"), column + 1)
        if len(cell):
            extent.rows.add(row)
            extent.columns.add(column)
    if _true(element.get("hidden")):
        extent.hidden_rows.add(row)


def _sheets(name: str, data: bytes, package: Package,
            extents: dict[str, _Extent]) -> Iterator[Sheet]:
    import openpyxl
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it leaves out: printers, validation, missing styles.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True,
                                          keep_links=False)
            for title, extent in extents.items():
                if not extent.rows:
                    continue
                if len(extent.rows) * max(extent.columns) > MAX_CELLS:
                    raise too_large(name, title)
                rows = list(_rows(book[title], extent))
                yield Sheet(title, rows, len(extent.rows & extent.hidden_rows),
                            len(extent.columns & extent.hidden_columns))
    except ReadError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it raise
        raise package.unreadable("xl", f"{type(error).__name__}: {error}") from error


def _rows(sheet: Any, extent: _Extent) -> Iterator[list[str]]:
    """The shown cells of the rows that hold something and are not hidden."""
    sheet.reset_dimensions()
    columns = [column for column in sorted(extent.columns) if column not in extent.hidden_columns]
    for number, row in enumerate(sheet.iter_rows(
            max_row=max(extent.rows), max_col=max(extent.columns)), start=1):
        if number in extent.rows and number not in extent.hidden_rows:
            yield [shown(row[column - 1].value, row[column - 1].number_format)
                   if column <= len(row) and row[column - 1].value is not None else ""
                   for column in columns]


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 8 else default


def _column(reference: str | None, default: int) -> int:
    """``AB12`` → 28."""
    letters = _LETTERS.match(reference or "")
    if letters is None:
        return default
    column = 0
    for letter in letters.group():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _true(value: str | None) -> bool:
    return value in ("1", "true", "on")
