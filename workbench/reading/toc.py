"""Tables of contents: where one begins, which lines belong to it, what it lists."""
from __future__ import annotations

import re
from typing import Sequence

from workbench.reading.draft import Line
from workbench.reading.numbering import lead

_HEAD = re.compile(r"(?:#{1,6}\s*)?\**\s*目\s{0,6}(?:录|次)\s*\**")
_LEADER = re.compile(r"[.·…．]{3,}|\t")
_PAGE = re.compile(r"(?:[（(]\s*\d{1,4}\s*[)）]|[\s.·…．]\d{1,4})$")
_TAIL = re.compile(r"(?:[.·…．\s]{3,}|\t).*$|\s*[（(]\s*\d{1,4}\s*[)）]$")
_LONGEST = 120
_PATIENCE = 3


def find_toc(text: str, lines: Sequence[Line]) -> tuple[list[bool], frozenset[str]]:
    """Which lines are contents, and the titles listed there, without white space.

    With leaders or page numbers the contents end where these end; without, where the first entry
    comes again as a heading of the body. Linear in the number of lines.
    """
    contents = [False] * len(lines)
    titles: set[str] = set()
    seen: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if line.end - line.start <= _LONGEST:
            seen.setdefault(_key(text[line.start:line.end]), []).append(number)
    after = 0
    for number, line in enumerate(lines):
        if number < after or line.end - line.start > 16:
            continue
        if not _HEAD.fullmatch(text, line.start, line.end):
            continue
        after = _end(text, lines, number, seen)
        for entry in range(number, after):
            contents[entry] = True
            if entry > number:
                titles.add(_key(text[lines[entry].start:lines[entry].end]))
    return contents, frozenset(titles - {""})


def title_key(content: str) -> str:
    """A title without white space, number and stars, to compare it with those of the contents."""
    return "".join(content.replace("*", "").split())


def _key(content: str) -> str:
    return title_key(_TAIL.sub("", content))


def _strong(text: str, line: Line) -> bool:
    content = text[line.left:line.right]
    return len(content) <= _LONGEST and bool(_LEADER.search(content) or _PAGE.search(content))


def _end(text: str, lines: Sequence[Line], head: int, seen: dict[str, list[int]]) -> int:
    """The number of the first line after the contents that `head` opens."""
    first = head + 1
    strong = next((n for n in range(first, min(first + _PATIENCE, len(lines)))
                   if _strong(text, lines[n])), None)
    if strong is not None:
        last = strong
        for number in range(strong + 1, len(lines)):
            if number - last > _PATIENCE or lines[number].end - lines[number].start > _LONGEST:
                break
            if _strong(text, lines[number]):
                last = number
        return last + 1
    if first < len(lines) and lines[first].end - lines[first].start <= _LONGEST:
        key = _key(text[lines[first].start:lines[first].end])
        again = next((n for n in seen.get(key, ()) if n > first), None)
        if again is not None and all(
                _entry_like(text, lines[n]) for n in range(first, again)):
            return again
    return first


def _entry_like(text: str, line: Line) -> bool:
    content = text[line.start:line.end]
    return len(content) <= _LONGEST and content[-1] not in "。；！？" and (
        bool(lead(content).style) or len(content) <= 60)
