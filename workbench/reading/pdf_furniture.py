"""Which lines of a print repeat from page to page: running heads and page numbers."""
from __future__ import annotations

import re
from collections import Counter
from typing import Sequence

from workbench.reading.furniture import is_running_head
from workbench.reading.pdf_lines import PageLine

_MARGIN = 0.12   # the share of a page's height at its head and foot where furniture stands
_LINES = 3       # how many lines at either end are looked at
_REPEATS = 3     # on how many pages a line must come again (all, where there are fewer)
_DIGITS = re.compile(r"[\d０-９]+")


def running_lines(pages: Sequence[tuple[Sequence[PageLine], float]]) -> frozenset[tuple[int, int]]:
    """The (page, line) numbers of furniture. `pages`: the lines of each, and its height."""
    near: list[tuple[int, int, str, bool]] = []
    for number, (lines, height) in enumerate(pages):
        for line, place in _ends(lines, height):
            content = "".join(lines[line].text.split())
            near.append((number, line, f"{place}:{_DIGITS.sub('#', content)}",
                         is_running_head(lines[line].text)))
    count = Counter(key for key in {(page, key) for page, _, key, _ in near} for key in (key[1],))
    return frozenset((page, line) for page, line, key, number in near if number or (
        len(pages) > 1 and count[key] >= min(_REPEATS, len(pages))))


def _ends(lines: Sequence[PageLine], height: float) -> list[tuple[int, str]]:
    """The lines in the margins of one page, with the margin each stands in."""
    found = []
    for number in range(len(lines)):
        if number < _LINES and lines[number].y1 <= _MARGIN * height:
            found.append((number, "head"))
        elif number >= len(lines) - _LINES and lines[number].y0 >= (1 - _MARGIN) * height:
            found.append((number, "foot"))
    return found
