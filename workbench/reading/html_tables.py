"""The cells of an HTML table as a grid of one width, and which tables hold data at all."""
from __future__ import annotations

from typing import Any, Iterator

_WIDEST = 200
_LONGEST_CELL = 400


def rows_of(table: Any) -> list[Any]:
    """The <tr> of `table` itself, not those of tables inside it."""
    rows: list[Any] = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows.extend(row for row in child if row.tag == "tr")
    return rows


def is_data_table(table: Any) -> bool:
    """Whether a table holds data: two columns and rows or more, no table inside, short cells.

    Old sites lay their whole page out in tables; those are read as the blocks in them.
    """
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows_of(table)]
    rows = [row for row in rows if row]
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return False
    lengths = [len("".join(cell.itertext()).strip()) for row in rows for cell in row]
    return sum(lengths) > 0 and sum(length > _LONGEST_CELL for length in lengths) * 4 <= len(rows)


def grid_of(table: Any) -> Iterator[tuple[Any, list[Any | None]]]:
    """Each <tr> with its cells by column; None where a cell of its left or above spans."""
    below: dict[int, int] = {}
    for row in rows_of(table):
        cells: list[Any | None] = []
        waiting = [cell for cell in row if cell.tag in ("td", "th")]
        column = 0
        while waiting or any(at >= column and left > 0 for at, left in below.items()):
            if below.get(column, 0) > 0:
                below[column] -= 1
                cells.append(None)
                column += 1
                continue
            cell = waiting.pop(0) if waiting else None
            width = _span(cell, "colspan") if cell is not None else 1
            height = _span(cell, "rowspan") if cell is not None else 1
            for offset in range(width):
                cells.append(cell if offset == 0 else None)
                if height > 1:
                    below[column + offset] = height - 1
            column += width
        yield row, cells


def head_rows(table: Any) -> int | None:
    """The rows of its <thead>, or those of <th> only; None where the page does not tell."""
    rows = rows_of(table)
    count = 0
    for row in rows:
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        in_head = row.getparent().tag == "thead"
        if not cells or not (in_head or (len(cells) > 1 and all(c.tag == "th" for c in cells))):
            break
        count += 1
    return count or None


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _WIDEST) if value.isdecimal() and len(value) < 6 else 1
