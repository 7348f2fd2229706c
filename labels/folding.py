"""Folded views: the text as rules read it, with the way back to the source.

Extraction leaves spaces and line breaks inside words and numbers, and full-width forms beside
ASCII. A `View` is the same text without them: full-width forms (except ，) become ASCII, white
space between Chinese characters and around digits goes, page furniture is skipped, and blocks that
a page break cut in two are joined. Blocks are separated by one line feed, so a pattern that does
not contain one never crosses a block. `View.span` is the one place where offsets are mapped back.
"""
from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Sequence

from labels.document import Block

# Full-width ASCII forms fold one to one; ， stays, so that it is not taken for a thousands mark.
_FOLD = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code != 0xFF0C}
_FOLD.update(dict.fromkeys("\u3000\xa0\u2002\u2003\u2009\u202f", " "))
_FOLD.update(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))
_FOLDED = re.compile(f"[{''.join(map(re.escape, _FOLD))}]")

# White space inside a block, but for a single tab: it parts cells and stays.
_GAP = re.compile(r"[ \n][ \t\n]*|\t[ \t\n]+")
_WHITE = frozenset(" \t\n")
_LATIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_SENTENCE_END = frozenset("。!?;:！？；：…)）】」』》”\"|")
_STARTS_ANEW = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[.、．]"
    r"|第[一二三四五六七八九十]+[章节部条]|[#*|\-—•·①-⑳]|附|表\s*\d|注[:：])")
_JOINABLE = frozenset(("paragraph", "list_item"))


@dataclass(frozen=True)
class View:
    """`text` is folded; ``offsets[i]`` is where its character i stands in the source."""

    text: str
    offsets: "array[int]"
    blocks: tuple[tuple[int, int, Block], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a non-empty folded span to source offsets, end exclusive."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def gap_before(self, index: int) -> bool:
        """Whether the source has white space, dropped here, right before folded `index`."""
        return index > 0 and self.offsets[index] - self.offsets[index - 1] > 1

    def locate(self, offset: int) -> int:
        """The first folded index whose source offset is at or after `offset`."""
        position = bisect_right(self.offsets, offset)
        return position - 1 if position and self.offsets[position - 1] == offset else position

    def block_at(self, index: int) -> Block | None:
        """The block that folded `index` stands in (None on a separator after the last)."""
        position = bisect_right(self.blocks, index, key=lambda entry: entry[0]) - 1
        if position < 0 or index >= self.blocks[position][1]:
            return None
        return self.blocks[position][2]


def fold(text: str, blocks: Sequence[Block] | None = None) -> View:
    """Fold `text` block by block (without blocks: one block a run of non-empty lines).

    Cost is linear in the length of the text: the per-character work is done by str.replace, one
    regular expression over white space, and copying of offsets slice by slice.
    """
    if blocks is None:
        blocks = plain_blocks(text)
    translated = _translated(text)
    places = _places(len(text))
    pieces: list[str] = []
    offsets = array("i")
    views: list[tuple[int, int, Block]] = []
    previous: Block | None = None
    for block in blocks:
        if block.kind == "page_furniture" or block.start >= block.end:
            continue
        if previous is not None and not _joins(translated, previous, block):
            pieces.append("\n")
            offsets.append(previous.end)
        begin = len(offsets)
        for start, end in _kept(translated, block):
            piece = translated[start:end]
            pieces.append(" " if piece == "\n" else piece)
            offsets.extend(places[start:end])
        views.append((begin, len(offsets), block))
        previous = block
    return View("".join(pieces), offsets, tuple(views))


def _translated(text: str) -> str:
    """`text` with its full-width and odd forms replaced, one character for one.

    Few of the hundred forms stand in a text: to look which and to replace those costs a tenth of
    str.translate, which looks every character up.
    """
    for form in set(_FOLDED.findall(text)):
        text = text.replace(form, _FOLD[form])
    return text


@lru_cache(maxsize=None)
def _counted(length: int) -> "array[int]":
    return array("i", range(length))


def _places(length: int) -> "array[int]":
    """The numbers 0, 1, … at least up to `length`; kept, since offsets are copied from them."""
    return _counted(1 << max(16, length.bit_length()))


def plain_blocks(text: str) -> list[Block]:
    """Paragraph blocks at blank lines, for text that no reader has seen."""
    blocks: list[Block] = []
    start = end = position = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            left = position + len(line) - len(line.lstrip())
            start = left if start == end else start
            end = position + len(line.rstrip())
        elif start != end:
            blocks.append(Block("paragraph", start, end))
            start = end = 0
        position += len(line)
    if start != end:
        blocks.append(Block("paragraph", start, end))
    return blocks


def _joins(text: str, before: Block, after: Block) -> bool:
    """Whether a page break, not a paragraph end, parts two blocks."""
    if before.kind not in _JOINABLE or after.kind != "paragraph":
        return False
    if text[before.end - 1] in _SENTENCE_END or before.end - before.start < 24:
        return False
    if "\t" in text[before.start:before.end] or "\t" in text[after.start:after.end]:
        return False
    return not _STARTS_ANEW.match(text, after.start, after.end)


def _kept(text: str, block: Block) -> list[tuple[int, int]]:
    """The ranges of `block` that stay: all but the white space that extraction put in."""
    low, high = block.start, block.end
    while low < high and text[low] in _WHITE:
        low += 1
    while low < high and text[high - 1] in _WHITE:
        high -= 1
    ranges: list[tuple[int, int]] = []
    for gap in _GAP.finditer(text, low, high):
        start, end = gap.span()
        mark = _mark(text, start, end)
        if mark == start and end == start + 1 and text[mark] != "\n":
            continue  # stays as it is, within its range
        ranges.append((low, start))
        if mark >= 0:
            ranges.append((mark, mark + 1))
        low = end
    if low < high:
        ranges.append((low, high))
    return ranges


def _mark(text: str, start: int, end: int) -> int:
    """Where the one character stands that stays of the gap ``text[start:end]``, or -1.

    A tab if there is one, else the first: several blanks on a line, or what parts Latin words.
    """
    mark = text.find("\t", start, end)
    if mark >= 0:
        return mark
    if end - start > 1 and text.find("\n", start, end) < 0:
        return start
    return start if text[start - 1] in _LATIN and text[end] in _LATIN else -1
