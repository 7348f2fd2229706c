"""What pdfium knows of a page: its characters with their places, and the rules drawn on it.

Coordinates are points, x to the right and y *down*, turned so that most of the text stands upright
(a table printed sideways is read as its reader would hold the sheet).
"""
from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, Iterator

_THIN = 3.0            # points; a filled box thinner than that is a line
_SHORT = 6.0           # a rule shorter than that is an ornament
_MAX_RULES = 20_000    # a drawing of more strokes is no table
_MAX_SEGMENTS = 400
_ANGLE_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box; `spaced`: pdfium found a space between it and the one before."""

    char: str
    x0: float
    y0: float
    x1: float
    y1: float
    spaced: bool

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, level (at y = `at`, from x = `start` to `end`) or upright (at x = `at`)."""

    level: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as drawn; `pictures` are its images, `strokes` the paths on it."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    pictures: int
    strokes: int


class _Turn:
    """From the page's own coordinates (y up) to those of the upright sheet (y down)."""

    def __init__(self, quarter: int, box: tuple[float, float, float, float]) -> None:
        self.quarter = quarter
        self._left, self._bottom, self._right, self._top = box
        width, height = self._right - self._left, self._top - self._bottom
        self.size = (height, width) if quarter % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.quarter == 0:
            return x - self._left, self._top - y
        if self.quarter == 1:  # text runs upwards
            return y - self._bottom, x - self._left
        if self.quarter == 2:
            return self._right - x, y - self._bottom
        return self._top - y, self._right - x

    def box(self, left: float, bottom: float, right: float, top: float
            ) -> tuple[float, float, float, float]:
        (xa, ya), (xb, yb) = self.point(left, bottom), self.point(right, top)
        return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)


def sheet_of(page: Any) -> Sheet:
    """The characters and rules of a `pypdfium2.PdfPage`. Raises PdfiumError for a broken one."""
    from pypdfium2 import raw
    text = page.get_textpage()
    try:
        count = max(text.count_chars(), 0)
        turn = _Turn(_quarter(raw, text, count), page.get_bbox())
        glyphs = tuple(_glyphs(raw, text, count, turn))
    finally:
        text.close()
    rules: list[Rule] = []
    pictures = strokes = 0
    for item in page.get_objects(max_depth=4):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
        elif item.type == raw.FPDF_PAGEOBJ_PATH:
            strokes += 1
            if len(rules) <= _MAX_RULES:
                rules.extend(_rules(raw, item, turn))
    if len(rules) > _MAX_RULES:
        rules = []
    return Sheet(*turn.size, glyphs, tuple(rules), pictures, strokes)


def _quarter(raw: Any, text: Any, count: int) -> int:
    """In which of four directions most characters of the page run (pdfium counts clockwise)."""
    step = max(count // _ANGLE_SAMPLE, 1)
    found = Counter(
        -round(angle / (math.pi / 2)) % 4 for angle in (
            raw.FPDFText_GetCharAngle(text, index) for index in range(0, count, step)
            if not raw.FPDFText_IsGenerated(text, index)) if angle >= 0)
    return found.most_common(1)[0][0] if found else 0


def _glyphs(raw: Any, text: Any, count: int, turn: _Turn) -> Iterator[Glyph]:
    box = raw.FS_RECTF()
    pointer = ctypes.byref(box)
    spaced = False
    high = 0
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        if code in (9, 10, 13, 32, 0xA0, 0x3000) or raw.FPDFText_IsGenerated(text, index) == 1:
            spaced = True
            if code != 0x3000 and code != 0xA0:
                continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        char = _char(code, high)
        high = 0
        if not raw.FPDFText_GetLooseCharBox(text, index, pointer):
            continue
        place = turn.box(box.left, box.bottom, box.right, box.top)
        if all(map(math.isfinite, place)):
            yield Glyph(char, *place, spaced)
            spaced = False


def _char(code: int, high: int) -> str:
    """The character of a code, halves joined; what has no character is U+FFFD."""
    if 0xDC00 <= code < 0xE000:
        return chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00) if high else "�"
    if code == 2:
        return "-"  # pdfium's sign for a hyphen at the end of a line
    return chr(code) if 32 <= code < 0x110000 and code not in (0x7F, 0xFFFE, 0xFFFF) else "�"


def _rules(raw: Any, item: Any, turn: _Turn) -> list[Rule]:
    """The rules that a path draws: it is thin, a box, or made of straight lines."""
    x0, y0, x1, y1 = turn.box(*item.get_bounds())
    if min(x1 - x0, y1 - y0) <= _THIN:
        return [one for one in (_rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2),
                                _rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)) if one][:1]
    count = raw.FPDFPath_CountSegments(item)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if count > _MAX_SEGMENTS or not stroke.value:
        return []  # a drawing, or the ground under something
    matrix = item.get_matrix()
    found: list[Rule] = []
    begun = last = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here = turn.point(*matrix.on_point(x.value, y.value))
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begun = here
        elif kind == raw.FPDF_SEGMENT_LINETO:
            found.extend(filter(None, [_rule(*last, *here)]))
        if raw.FPDFPathSegment_GetClose(segment):
            found.extend(filter(None, [_rule(*here, *begun)]))
        last = here
    return found


def _rule(xa: float, ya: float, xb: float, yb: float) -> Rule | None:
    if abs(ya - yb) <= 1 and abs(xa - xb) >= _SHORT:
        return Rule(True, (ya + yb) / 2, min(xa, xb), max(xa, xb))
    if abs(xa - xb) <= 1 and abs(ya - yb) >= _SHORT:
        return Rule(False, (xa + xb) / 2, min(ya, yb), max(ya, yb))
    return None
