"""What a relative date is relative to: the day of its part, or the year its heading speaks of.

今年 and 今天 are said on the day of the document, or of the part that has a day of its own. 全年,
上年, 年底 and 1-6月 belong to the year that the text speaks of: the one last named in the sentence,
else the one year of the nearest heading or title that names one, else the year of that day.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from typing import Iterable

from labels.govdoc.names import once
from labels.lazy import lazy
from labels.rules import Context

_YEARS = lazy(r"(?<!\d)((?:19|20)\d\d)\s*(?:年|[-–—至])")
_MONTH = lazy(r"(?<!\d)(1[0-2]|[1-9])月")
# Words said on a day, not of the year that is spoken of.
_SPOKEN = lazy(r"今|去年|前年|明年|后年|昨|明[天日]|本月|上个?月|下个?月|今后|未来|接下来")
_HOURS = lazy(r"[凌清早上中下]午|凌晨|清晨|早上|早晨|傍晚|晚")
_LOOK_BACK = 160
_FAR_BACK = 1000

_Layer = tuple[list[int], list[str]]


def base_of(context: Context, start: int, mention: str) -> str | None:
    """The ISO day, month or year that `mention` at folded `start` is relative to, if known."""
    said = _said_on(context, start)
    if _SPOKEN.match(mention):
        heading = _spoken_of(context, start)
        if said and _only(heading) and int(heading) < int(said[:4]) - 1:
            return heading  # an old report that was put on a page years later
        return said or _newest(heading)
    sentence = _sentence_before(context.view.text, start)
    if re.match(r"\d+[日号]", mention):
        month = _last(_MONTH, sentence) or _last(
            _MONTH, context.view.text[max(0, start - _FAR_BACK):start])
        year = _last(_YEARS, sentence) or (said or "")[:4] or _only(_spoken_of(context, start))
        return f"{year}-{int(month):02d}" if month and year else None
    if mention.startswith("月") or mention.startswith("季末"):
        return said
    if _HOURS.match(mention):
        return said
    year = _last(_YEARS, sentence) or _only(_spoken_of(context, start))
    return year or said or _newest(_spoken_of(context, start))


def _sentence_before(text: str, start: int) -> str:
    """What of its sentence stands before `start`."""
    low = max(0, start - _LOOK_BACK)
    return text[max(low, max(text.rfind(mark, low, start) for mark in "。;!?\n") + 1):start]


def _last(pattern: "re.Pattern[str]", text: str) -> str | None:
    found: list[str] = pattern.findall(text)
    return found[-1] if found else None


def _only(years: str) -> str | None:
    """The year, where exactly one is named."""
    return years if len(years) == 4 else None


def _newest(years: str) -> str | None:
    return max(years.split(" ")) if years else None


def _said_on(context: Context, start: int) -> str | None:
    document = context.document
    if not once(context, "anchors.dated", lambda _: any(part.date for part in document.parts)):
        return document.date
    known = document.date or once(context, "anchors.year", _year_of_all)
    layer = once(context, "anchors.days", lambda _: _painted(
        (part.start, part.end, part.date) for part in document.parts if part.date))
    return _at(layer, context.view.offsets[start]) or known or None


def _year_of_all(context: Context) -> str:
    """The year of the parts that have a day, where it is one: an issue of a gazette."""
    years = {part.date[:4] for part in context.document.parts if part.date}
    return years.pop() if len(years) == 1 else ""


def _spoken_of(context: Context, start: int) -> str:
    """The years named by the nearest heading or title around `start`: ``2025`` or ``2025 2026``."""
    layer = once(context, "anchors.years", _headings)
    return _at(layer, context.view.offsets[start]) or _named(context.document.title)


def _headings(context: Context) -> _Layer:
    document = context.document
    titled = [(part.start, part.end, _named(part.title)) for part in document.parts]
    titled += [(section.start, section.end, _named(section.title))
               for section in document.sections]
    return _painted((start, end, years) for start, end, years in titled if years)


def _named(title: str) -> str:
    """The years a heading names, oldest first."""
    return " ".join(sorted(set(_YEARS.findall(title))))


def _painted(spans: Iterable[tuple[int, int, str]]) -> _Layer:
    """Where the innermost of `spans` changes: positions and what holds from each on."""
    positions: list[int] = []
    marks: list[str] = []
    open_: list[tuple[int, str]] = []

    def close(until: float) -> None:
        while open_ and open_[-1][0] <= until:
            stop = open_.pop()[0]
            positions.append(stop)
            marks.append(open_[-1][1] if open_ else "")

    for start, end, mark in sorted(spans, key=lambda span: (span[0], -span[1])):
        close(start)
        positions.append(start)
        marks.append(mark)
        open_.append((min(end, open_[-1][0]) if open_ else end, mark))
    close(float("inf"))
    return positions, marks


def _at(layer: _Layer, offset: int) -> str:
    positions, marks = layer
    position = bisect_right(positions, offset) - 1
    return marks[position] if position >= 0 else ""
