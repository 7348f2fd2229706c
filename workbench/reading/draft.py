"""What a reader hands to `structure.build`: the text and what the format itself tells of it.

A reader decodes; it does not guess structure. It passes on only what its format states: that a
range is a heading of level 2, that these slices are the cells of a table, that a range is the
navigation of a site. Everything else is found in the text, in one place for all formats.
"""
from __future__ import annotations

from dataclasses import dataclass

from labels.document import ReadWarning

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of the text whose block kind the format states; `level` is of headings, from 1.

    The kind ``run_in`` states that a block begins with bold text, not what the block is.
    """

    start: int
    end: int
    kind: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one table as slices of the text, row by row, and the extent of every row.

    `header` is the number of header rows where the format states it; `caption` and `unit` are
    the ranges of the lines that give them, where they are known.
    """

    rows: tuple[tuple[Range, ...], ...]
    lines: tuple[Range, ...]
    header: int | None = None
    caption: Range | None = None
    unit: Range | None = None

    @property
    def start(self) -> int:
        return self.lines[0][0]

    @property
    def end(self) -> int:
        return self.lines[-1][1]


@dataclass(frozen=True, slots=True)
class Article:
    """A document on a page of several (an HTML <article>)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """`title` and `date` come from the format's metadata; a title in the text goes before them."""

    id: str
    source: str
    text: str
    title: str = ""
    date: str | None = None
    marks: tuple[Mark, ...] = ()
    grids: tuple[Grid, ...] = ()
    articles: tuple[Article, ...] = ()
    warnings: tuple[ReadWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: `start` and `end` without the white space at its ends, `left` and
    `right` with it (leading tabs are empty cells).

    `width` is the length of the longest line of its run (lines without a blank one between);
    `gap` tells that a blank line, or the start of the text, stands before it.
    """

    start: int
    end: int
    left: int
    right: int
    gap: bool
    width: int


def split_lines(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The lines of ``text[start:end]`` that are not blank, in order; linear in its length."""
    found: list[Line] = []
    run: list[tuple[int, int, int, int]] = []
    position = start

    def close() -> None:
        width = max((one[1] - one[0] for one in run), default=0)
        found.extend(Line(*one, gap=number == 0, width=width) for number, one in enumerate(run))
        run.clear()

    for line in text[start:end].splitlines(keepends=True):
        if line.isspace():
            close()
        else:
            first = position + len(line) - len(line.lstrip())
            last = position + len(line.rstrip())
            run.append((first, last, position, position + len(line.rstrip("\r\n"))))
        position += len(line)
    close()
    return found
