"""Which lines of a print repeat from page to page: running heads and page numbers."""
from __future__ import annotations

import re
from collections import Counter
from typing import Sequence

from workbench.reading.furniture import is_running_head
from workbench.reading.pdf_lines import PageLine

_MARGIN = 0.12   # the share of a page's height at its head and foot where furniture stands
_ABOVE = 0.25    # the same for the lines above a table
_LINES = 3       # how many lines at either end are looked at
_REPEATS = 3     # on how many pages a line must come again (all, where there are fewer)
_DIGITS = re.compile(r"[\d０-９]+")


def running_lines(pages: Sequence[tuple[Sequence[PageLine], float, int]]
                  ) -> frozenset[tuple[int, int]]:
    """The (page, line) numbers of furniture.

    `pages`: the lines of each, its height, and how many of the lines stand above its first table
    (0 if there is none). The caption of a table comes again where it goes on: such a line is
    furniture only if the page before has it too.
    """
    near: list[tuple[int, int, str]] = []
    found: set[tuple[int, int]] = set()
    before: set[str] = set()
    for number, (lines, height, above) in enumerate(pages):
        captions: set[str] = set()
        for line, place in _ends(lines, height, above):
            content = "".join(lines[line].text.split())
            if line < above:
                captions.add(content)
                if content in before:
                    found.add((number, line))
            elif is_running_head(lines[line].text):
                found.add((number, line))
            else:
                near.append((number, line, f"{place}:{_DIGITS.sub('#', content)}"))
        before = captions
    count = Counter(key for _, key in {(page, key) for page, _, key in near})
    found.update((page, line) for page, line, key in near if len(pages) > 1 and (
        count[key] >= min(_REPEATS, len(pages))))
    return frozenset(found)


def _ends(lines: Sequence[PageLine], height: float, above: int) -> list[tuple[int, str]]:
    """The lines in the margins of one page, with the margin each stands in."""
    found = []
    for number in range(len(lines)):
        if number < _LINES and lines[number].y1 <= _MARGIN * height or (
                number < above and lines[number].y1 <= _ABOVE * height):
            found.append((number, "head"))
        elif number >= len(lines) - _LINES and lines[number].y0 >= (1 - _MARGIN) * height:
            found.append((number, "foot"))
    return found
