"""Regions: the slices of a document that people are asked about.

A region is an exact slice of whole paragraphs or table rows. It never crosses a border of a part,
a title or a section of the first level, and leaves page furniture and contents out. What is packed
is decided from the start of the document to its end, so the same document gives the same regions.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Iterable, Iterator, Protocol, Sequence

from labels.document import Block, Document, Section

MAX = 1500
LEAST_HAN = 10

_LEFT_OUT = frozenset(("page_furniture", "toc_entry"))
_PARAGRAPHS = frozenset(("paragraph", "list_item"))
_TABLE = frozenset(("table_row", "table_caption"))
_HEADS = frozenset(("heading", "title", "table_caption"))
_SENTENCE = re.compile(r"[。；！？][”’」』）)]?")
_CLAUSE = re.compile(r"[，、：,\n\t]")
_HAN = re.compile("[㐀-䶿一-鿿]")


class Extent(Protocol):
    """Anything with offsets: a Span, a Suggestion."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Region:
    """``document.text[start:end]``, under the headings of `heading_path` (outermost first).

    `kind` is "spans" (a piece to mark) or "classes" (one paragraph to classify).
    """

    start: int
    end: int
    heading_path: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is packed whole: a block, a whole small table, or a piece of a long block."""

    start: int
    end: int
    border: bool
    heading: bool


def regions(document: Document, spans: Iterable[Extent] = (),
            taken: Sequence[tuple[int, int]] = ()) -> list[Region]:
    """Cut `document` into regions of at most `MAX` characters; `spans` are never cut in two.

    Only a span longer than that, or one table row or sentence without any break, can make a
    longer or a harder cut. What lies in `taken` (stretches that do not overlap, in order) is left
    out, and no region goes across one.
    """
    if taken:
        document = replace(document, blocks=tuple(_untaken(document, taken)))
    paths = _Paths(document.sections)
    found: list[Region] = []
    packed: list[_Unit] = []

    def close() -> None:
        if packed:
            start = packed[0].start
            found.append(Region(start, packed[-1].end, paths.at(start), "spans"))
            packed.clear()

    for unit in _units(document, _merged(spans), taken):
        if packed and (unit.border or unit.end - packed[0].start > MAX):
            # A heading goes with what it heads, unless a border parts them.
            kept: list[_Unit] = []
            while not unit.border and len(packed) > 1 and packed[-1].heading:
                kept.insert(0, packed.pop())
            close()
            packed.extend(kept)
            if kept and unit.end - kept[0].start > MAX:
                close()
        packed.append(unit)
    close()
    return found


def heading_paths(document: Document, places: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The headings above each of `places`, which rise."""
    paths = _Paths(document.sections)
    return {place: paths.at(place) for place in places}


def passages(document: Document) -> list[Region]:
    """One region of kind "classes" for each paragraph or list item of 10 Han characters or more."""
    paths = _Paths(document.sections)
    return [Region(block.start, block.end, paths.at(block.start), "classes")
            for block in document.blocks if block.kind in _PARAGRAPHS
            and _has_han(document.text, block)]


def _has_han(text: str, block: Block) -> bool:
    found = _HAN.finditer(text, block.start, block.end)
    return sum(1 for _, _ in zip(range(LEAST_HAN), found)) == LEAST_HAN


class _Paths:
    """The headings above a position; asked for positions in rising order."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = sorted(sections, key=lambda section: (section.start, section.level))
        self._next = 0
        self._open: list[Section] = []

    def at(self, position: int) -> tuple[str, ...]:
        while self._next < len(self._sections) and (
                self._sections[self._next].start <= position):
            section = self._sections[self._next]
            self._open = [one for one in self._open if one.level < section.level]
            self._open.append(section)
            self._next += 1
        return tuple(f"{section.number} {section.title}".strip() for section in self._open
                     if section.end > position)


def _merged(spans: Iterable[Extent]) -> list[tuple[int, int]]:
    """The spans as ranges that do not touch, in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((span.start, span.end) for span in spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _untaken(document: Document, taken: Sequence[tuple[int, int]]) -> Iterator[Block]:
    """The blocks, or what of them lies outside `taken`, without white space at its ends."""
    at = 0
    for block in document.blocks:
        while at < len(taken) and taken[at][1] <= block.start:
            at += 1
        start, here = block.start, at
        while start < block.end:
            inside = here < len(taken) and taken[here][0] < block.end
            words = document.text[start:taken[here][0] if inside else block.end]
            if words.strip():
                first = start + len(words) - len(words.lstrip())
                yield replace(block, start=first, end=start + len(words.rstrip()))
            start, here = (taken[here][1], here + 1) if inside else (block.end, here)


def _units(document: Document, spans: Sequence[tuple[int, int]],
           taken: Sequence[tuple[int, int]]) -> Iterator[_Unit]:
    borders = sorted({place for part in document.parts for place in (part.start, part.end)}
                     | {section.start for section in document.sections if section.level == 1}
                     | {end for _, end in taken})
    border, at, after_title = True, 0, False
    for group in _tables_whole(document.blocks):
        first, last = group[0], group[-1]
        while at < len(borders) and borders[at] <= first.start:
            border, at = True, at + 1
        if first.kind in _LEFT_OUT:
            border = True
            continue
        if first.kind == "title" and not after_title:
            border = True
        after_title = first.kind == "title"
        if last.end - first.start <= MAX:
            yield _Unit(first.start, last.end, border, last.kind in _HEADS)
            border = False
            continue
        for block in group:
            for start, end in _cut(document.text, block, spans):
                yield _Unit(start, end, border, block.kind in _HEADS)
                border = False


def _tables_whole(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks one by one, but caption and rows of a table together."""
    group: list[Block] = []
    for block in blocks:
        joins = group and block.kind in _TABLE and group[-1].kind in _TABLE and not (
            block.kind == "table_caption" and group[-1].kind == "table_row")
        if group and not joins:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _cut(text: str, block: Block, spans: Sequence[tuple[int, int]]
         ) -> Iterator[tuple[int, int]]:
    """Pieces of `block` of at most `MAX` characters, without white space at their ends."""
    start = block.start
    while block.end - start > MAX:
        stop = _break(text, start, start + MAX, block.end, spans)
        end = start + len(text[start:stop].rstrip())
        if end > start:
            yield start, end
        start = stop + len(text[stop:block.end]) - len(text[stop:block.end].lstrip()) if (
            text[stop:stop + 1].isspace()) else stop
    if start < block.end:
        yield start, block.end


def _break(text: str, start: int, limit: int, end: int, spans: Sequence[tuple[int, int]]) -> int:
    """Where to cut between `start` and `limit`: after the last sentence, else the last clause."""
    for pattern in (_SENTENCE, _CLAUSE):
        found = [match.end() for match in pattern.finditer(text, start, limit)
                 if match.end() <= limit and _holder(match.end(), spans) is None]
        if found:
            return found[-1]
    inside = _holder(limit, spans)
    if inside is None:
        return limit
    return inside[0] if inside[0] > start else min(inside[1], end)


def _holder(position: int, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The span that a cut at `position` would part, if any."""
    at = bisect_right(spans, (position, -1)) - 1
    return spans[at] if at >= 0 and spans[at][0] < position < spans[at][1] else None
