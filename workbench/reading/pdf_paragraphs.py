"""The lines of a page → paragraphs, by what print shows: indents, short last lines, sizes, gaps."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from statistics import median
from typing import Collection, Sequence

from workbench.reading.pdf_lines import PageLine
from workbench.reading.pdf_tables import PageTable
from workbench.reading.values import unit_line

_INDENT = 1.2    # of the size; two characters are usual
_SHORT = 2.5     # a line ending so many sizes before the margin is the last of its paragraph
_LARGE = 1.25    # a line so many times larger than the text is display: a title
_FEW = 6         # lines too few for a margin to be usual
_SIZES = 0.12    # sizes that differ by more are another kind of text
_LOOSE = 1.35    # a gap so many times the usual one parts paragraphs


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that print shows as one; of `centred` ones (titles, bylines) the words must tell."""

    lines: tuple[PageLine, ...]
    centred: bool = False
    running: bool = False


def paragraphs(items: Sequence[PageLine | PageTable], running: Collection[int]
               ) -> list[PageTable | Paragraph]:
    """The tables and paragraphs of a page in order; `running` numbers its lines of furniture."""
    body = [line for number, line in enumerate(
        item for item in items if isinstance(item, PageLine)) if number not in running]
    frame = _Frame(body)
    groups: list[PageTable | Paragraph] = []
    before: PageLine | None = None
    number = -1
    for item in items:
        if isinstance(item, PageTable):
            groups.append(item)
            before = None
            continue
        number += 1
        last = groups[-1] if groups else None
        if number in running:
            groups.append(Paragraph((item,), running=True))
            before = None
        elif before is not None and isinstance(last, Paragraph) and frame.goes_on(before, item):
            groups[-1] = replace(last, lines=(*last.lines, item))
            before = item
        else:
            groups.append(Paragraph((item,), frame.centred(item) and not frame.large(item)))
            before = item
    return groups


class _Frame:
    """The margins, size and line pitch of a page's running text."""

    def __init__(self, lines: Sequence[PageLine]) -> None:
        self.size = median(line.size for line in lines) if lines else 1.0
        starts = [line.x0 for line in lines if len(line.text) > 15]
        rights = sorted(line.x1 for line in lines)
        # The left margin is the leftmost of the two most usual starts: the other is the indent.
        usual = Counter(round(x / 3) for x in starts).most_common(2)
        self.left = min((line.x0 for line in lines), default=0.0)
        if len(starts) >= _FEW:
            self.left = 3.0 * min((place for place, count in usual if count > 1),
                                  default=round(self.left / 3))
        self.right = rights[int(0.9 * (len(rights) - 1))] if rights else 0.0
        steps = [after.middle - before.middle for before, after in zip(lines, lines[1:])
                 if after.middle > before.middle]
        self.pitch = median(steps) if steps else 1.6 * self.size

    def goes_on(self, before: PageLine, line: PageLine) -> bool:
        """Whether `line` belongs to the paragraph of the line above it."""
        if abs(line.size - before.size) > _SIZES * max(line.size, before.size, 1.0):
            return False
        step = line.middle - before.middle
        if step <= 0 or step > _LOOSE * max(self.pitch, 1.4 * line.size):
            return False
        if unit_line(line.text) or unit_line(before.text):
            return False
        if self.large(line):
            return True
        if self.centred(line) or self.centred(before):
            return self.centred(line) and self.centred(before)
        if line.x0 > self.left + _INDENT * line.size:
            return False
        return before.x1 >= self.right - _SHORT * before.size and len(before.pieces) == 1

    def large(self, line: PageLine) -> bool:
        return line.size >= _LARGE * self.size

    def centred(self, line: PageLine) -> bool:
        middle = (self.left + self.right) / 2
        return (line.x0 > self.left + _INDENT * line.size
                and line.x1 < self.right - _INDENT * line.size
                and abs((line.x0 + line.x1) / 2 - middle) <= line.size)
