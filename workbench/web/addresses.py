"""Where a table cell stands in its document: part › section › table › row › column."""
from __future__ import annotations

from labels.document import Cell, Document, Table

SEPARATOR = " › "


def place_of(document: Document, offset: int) -> tuple[str, ...]:
    """The titles of the part and of the sections, outermost first, that `offset` lies in."""
    parts = [part.title for part in document.parts
             if len(document.parts) > 1 and part.start <= offset < part.end]
    sections = sorted((section for section in document.sections
                       if section.start <= offset < section.end),
                      key=lambda section: (section.start, section.level))
    return (*parts, *(section.title for section in sections))


def address_of(place: tuple[str, ...], table: Table, cell: Cell) -> str:
    """The address of `cell` as one line; steps that the document does not name are left out."""
    value = "" if cell.value is None else f"{cell.value}{cell.unit or ''}"
    steps = (*place, table.caption or table.number, *cell.row, *cell.column)
    line = SEPARATOR.join(step for step in steps if step)
    return f"{line} = {value}" if value else line
