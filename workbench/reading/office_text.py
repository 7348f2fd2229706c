"""Writes the text of an office file block by block, and notes the cells of its tables.

A block stands on lines of its own with a blank line before it; a table row is a line of cells
parted by tabs. Rows of a table are padded to one width with empty cells.
"""
from __future__ import annotations

import re
from typing import Sequence

from workbench.reading.draft import Grid, Mark, Range

_SPACE = re.compile(r"[ \t\n\v\f\r\x1c-\x1e\x85\xa0\u2028\u2029\ufeff]+")


def one_line(content: str) -> str:
    """The text of a cell on one line; line ends, tabs and runs of spaces become one space."""
    return _SPACE.sub(" ", content).strip()


class OfficeText:
    """`marks` and `grids` grow in order of the text."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.marks: list[Mark] = []
        self.grids: list[Grid] = []

    def text(self) -> str:
        return "".join(self._pieces)

    def block(self, content: str, kind: str = "", level: int = 0,
              ends: int = 2) -> Range | None:
        """Write a block, without the white space at its ends; None if that leaves nothing.

        With one line end instead of two before it, it goes on with the block above.
        """
        content = content.strip()
        if not content:
            return None
        start = self._begin(ends)
        self._write(content)
        if kind:
            self.marks.append(Mark(start, self._length, kind, level))
        return start, self._length

    def table(self, rows: Sequence[Sequence[str]], header: int | None = None,
              caption: Range | None = None) -> None:
        """Write the rows that are not empty; `header` counts rows as given."""
        width = max((len(row) for row in rows), default=0)
        cells: list[tuple[Range, ...]] = []
        lines: list[Range] = []
        heads = 0
        for number, row in enumerate(rows):
            contents = [one_line(content) for content in row]
            if not any(contents):
                continue
            heads += header is not None and number < header
            position = self._begin(1 if cells else 2)
            ranges: list[Range] = []
            for content in (*contents, *[""] * (width - len(contents))):
                ranges.append((position, position + len(content)))
                position += len(content) + 1
            self._write("\t".join((*contents, *[""] * (width - len(contents)))))
            filled = [cell for cell in ranges if cell[0] < cell[1]]
            cells.append(tuple(ranges))
            lines.append((filled[0][0], filled[-1][1]))
        if cells:
            self.grids.append(Grid(tuple(cells), tuple(lines), heads or None, caption))

    def _begin(self, ends: int) -> int:
        if self._length:
            self._write("\n" * ends)
        return self._length

    def _write(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
