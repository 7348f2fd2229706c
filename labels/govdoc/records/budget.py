"""Budget lines: each amount of a table row that carries a code of the budget classification."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Iterator

from labels.checks import Figures
from labels.document import Cell, Table
from labels.govdoc.facts import Place, plain
from labels.records import Record, record_rule
from labels.values import plain as notation

_LEVELS = {"类": "class", "款": "section", "项": "item_code"}
_CODE_HEAD = re.compile(r"(?:科目)?(?:编码|代码)$")
_ITEM_HEAD = re.compile(r"科目名称|科目|名称|项目")
_CODE = re.compile(r"\d{1,9}")
# 2010301 is 类 201, 款 03, 项 01: three digits, then two by two.
_WHOLE = re.compile(r"(\d{3})(\d{2})?(\d{2})?")


@dataclass(frozen=True)
class Columns:
    """Where a table has its codes and the names of its items (column numbers)."""

    levels: dict[int, str]
    whole: int | None
    item: int | None


def code_columns(table: Table) -> Columns | None:
    """None where the table has no column of codes."""
    levels, whole, item = {}, None, None
    for number, path in enumerate(table.columns):
        heads = [plain(head) for head in path]
        if heads and heads[-1] in _LEVELS:
            levels[number] = _LEVELS[heads[-1]]
        elif heads and _CODE_HEAD.search(heads[-1]) and whole is None:
            whole = number
        elif item is None and any(_ITEM_HEAD.search(head) for head in heads):
            item = number
    if levels:
        return Columns(levels, None, item)
    return Columns({}, whole, item) if whole is not None else None


@record_rule
def budget_line(figures: Figures) -> Iterable[Record]:
    """One record a figure in a row with a code; a row without figures has one without amount."""
    for table in figures.document.tables:
        columns = code_columns(table)
        if columns is not None:
            yield from _lines(table, columns)


def _lines(table: Table, columns: Columns) -> Iterator[Record]:
    above: dict[str, tuple[str, Place]] = {}
    for row in table.rows:
        codes = _codes(row, columns)
        if not codes:
            continue
        above = _inherited(codes, above)
        fields = {"table": plain(table.caption) or table.number,
                  **{name: code for name, (code, _) in above.items()}}
        spans: dict[str, tuple[Place, ...]] = {name: (place,) for name, (_, place) in above.items()}
        if columns.item is not None and row[columns.item].text.strip():
            fields["item"] = plain(row[columns.item].text)
            spans["item"] = ((row[columns.item].start, row[columns.item].end),)
        told = False
        for number, cell in enumerate(row):
            if cell.value is None or number in (*columns.levels, columns.whole, columns.item):
                continue
            told = True
            yield _line(table, cell, fields, spans)
        if not told:
            yield Record("budget_line", {name: text for name, text in fields.items() if text},
                         spans)


def _line(table: Table, cell: Cell, fields: dict[str, str],
          spans: dict[str, tuple[Place, ...]]) -> Record:
    assert cell.value is not None
    told = {**fields, "column": "/".join(dict.fromkeys(plain(head) for head in cell.column)),
            "amount": notation(cell.value), "unit": cell.unit or table.unit}
    return Record("budget_line", {name: text for name, text in told.items() if text},
                  {**spans, "amount": ((cell.start, cell.end),)})


def _codes(row: tuple[Cell, ...], columns: Columns) -> dict[str, tuple[str, Place]]:
    """The codes that the row itself shows, with their places."""
    if columns.whole is not None:
        cell = row[columns.whole]
        found = _WHOLE.fullmatch(cell.text.strip())
        if found is None:
            return {}
        return {name: (found.group(number), (cell.start + cell.text.index(found.group())
                                             + found.start(number),
                                             cell.start + cell.text.index(found.group())
                                             + found.end(number)))
                for number, name in enumerate(("class", "section", "item_code"), 1)
                if found.group(number)}
    return {name: (row[number].text.strip(), (row[number].start, row[number].end))
            for number, name in columns.levels.items()
            if _CODE.fullmatch(row[number].text.strip())}


def _inherited(codes: dict[str, tuple[str, Place]],
               above: dict[str, tuple[str, Place]]) -> dict[str, tuple[str, Place]]:
    """A row that shows only its lowest code stands under the last row with the higher ones."""
    order = list(_LEVELS.values())
    highest = min(order.index(name) for name in codes)
    return {name: codes.get(name) or above[name] for name in order
            if name in codes or (order.index(name) < highest and name in above)}
