"""Excel 97–2003 workbooks (.xls), and what else is published under that ending: xlsx packages,
web pages, text with tabs. The bytes tell which it is.
"""
from __future__ import annotations

import io
from typing import Any, Iterator

from labels.document import ReadWarning
from labels.errors import N_, ReadError
from workbench.reading.draft import Draft
from workbench.reading.number_formats import shown
from workbench.reading.packages import kind_of, refuse
from workbench.reading.sheets import MAX_CELLS, Sheet, draft_of, too_large

SUFFIXES = (".xls", ".xlt", ".et")

# The types of a cell as the file format numbers them.
_EMPTY, _TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR, _BLANK = range(7)


def read(name: str, data: bytes) -> list[Draft]:
    """One document. Raises ReadError for what is no workbook, is locked or damaged."""
    from dataclasses import replace
    from workbench.reading.readers import csv_table, web_page, xlsx
    kind = kind_of(data)
    if kind == "xls":
        return [_read_book(name, data)]
    readers = {"xlsx": lambda: [xlsx.read_package(name, data)],
               "html": lambda: web_page.read(name, data), "": lambda: csv_table.read(name, data)}
    if kind not in readers or kind == "" and b"\0" in data[:4096] and data[:2] not in (
            b"\xff\xfe", b"\xfe\xff"):
        raise refuse(name, ".xls", kind)
    found = {"xlsx": "an xlsx package", "html": "a web page", "": "text"}[kind]
    told = ReadWarning("other_format", 0, 0, f"the file is {found}, whatever its ending")
    return [replace(draft, warnings=(told, *draft.warnings)) for draft in readers[kind]()]


def _read_book(name: str, data: bytes) -> Draft:
    import xlrd
    try:
        with xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True,
                                on_demand=True, logfile=io.StringIO()) as book:
            hidden = [sheet for number, sheet in enumerate(book.sheet_names())
                      if _visibility(book, number)]
            return draft_of(name, _sheets(name, book), hidden)
    except ReadError:
        raise
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise refuse(name, ".xls", "encrypted") from error
        raise _damaged(name, error) from error
    except Exception as error:  # xlrd trusts what it reads: any error may come of a broken file
        raise _damaged(name, error) from error


def _damaged(name: str, error: Exception) -> ReadError:
    return ReadError(N_("%(file)s is damaged: %(why)s"), file=name,
                     why=" ".join(f"{type(error).__name__}: {error}".split())[:200],
                     hint=N_("open it in its program and save it again"))


def _visibility(book: Any, number: int) -> int:
    """0 for a sheet that is shown; known before the sheet is loaded."""
    return int(book._sheet_visibility[number])


def _sheets(name: str, book: Any) -> Iterator[Sheet]:
    for number in range(book.nsheets):
        if _visibility(book, number):
            continue
        sheet = book.sheet_by_index(number)
        if sheet.nrows * sheet.ncols > MAX_CELLS and sum(
                sheet.row_len(row) for row in range(sheet.nrows)) > MAX_CELLS:
            raise too_large(name, sheet.name)
        hidden = {column for column, info in sheet.colinfo_map.items() if info.hidden}
        yield _sheet(book, sheet, hidden)
        book.unload_sheet(number)


def _sheet(book: Any, sheet: Any, hidden: set[int]) -> Sheet:
    rows: list[list[str]] = []
    hidden_rows = 0
    used: set[int] = set()
    for number in range(sheet.nrows):
        cells = sheet.row(number)
        told = [column for column, cell in enumerate(cells) if cell.ctype not in (_EMPTY, _BLANK)]
        used.update(told)
        info = sheet.rowinfo_map.get(number)
        if info is not None and info.hidden:
            hidden_rows += bool(told)
        elif told:
            rows.append([_text(book, cell) for column, cell in enumerate(cells)
                         if column not in hidden])
    return Sheet(sheet.name, rows, hidden_rows, len(used & hidden))


def _text(book: Any, cell: Any) -> str:
    import xlrd
    code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if cell.ctype in (_EMPTY, _BLANK):
        return ""
    if cell.ctype == _ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    if cell.ctype == _BOOLEAN:
        return shown(bool(cell.value))
    if cell.ctype == _DATE:
        try:
            moment = xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):  # a number under a date's code that is no date
            return shown(cell.value)
        return shown(moment.time() if 0 <= cell.value < 1 else moment, code)
    return shown(cell.value, code)
