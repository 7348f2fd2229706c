"""Footnotes: the note at the foot of a page, and the mark in the text that calls it."""
from __future__ import annotations

import re
from bisect import bisect_left
from typing import Sequence

from labels.document import Block, Footnote

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TO_DIGITS = str.maketrans(_SUPERSCRIPTS, "0123456789")
_NOTE = re.compile(rf"(?P<sup>[{_SUPERSCRIPTS}]{{1,3}})\s*(?=\S)|"
                   r"(?P<tag><sup>\d{1,3}</sup>)\s*\S|"
                   r"\[\^(?P<md>\w{1,8})\]:|注\s?(?P<zhu>\d{1,3})\s*[:：]")
# Not after Latin letters or digits: m², 10³ are units and powers.
_ANCHOR = re.compile(
    rf"(?<![A-Za-z\d/\s>])[{_SUPERSCRIPTS}]{{1,3}}|(?<=[一-鿿])\s[{_SUPERSCRIPTS}]{{1,3}}"
    r"|(?<![A-Za-z\s>])<sup>\d{1,3}</sup>|\[\^\w{1,8}\](?!:)|(?<=[一-鿿”）》])<sup>\d{1,3}</sup>")
_SIGN = re.compile(rf"[{_SUPERSCRIPTS}]+|<sup>|\[\^")
_LISTED = re.compile(r"(?P<n>\d{1,3})[.、．]\s*\S")
_EXPLAINS = re.compile(r"[：:]")


def note_mark(head: str) -> str | None:
    """The mark that a note at the start of a line carries (``¹`` → "1"), or None."""
    found = _NOTE.match(head)
    return _value(found.group("sup") or found.group("tag") or found.group("md")
                  or found.group("zhu")) if found else None


def find_footnotes(text: str, blocks: Sequence[Block]) -> tuple[list[Block], list[Footnote]]:
    """The blocks, with listed notes (``1. 词：解释`` after a ``<sup>1</sup>``) turned into
    footnotes, and all notes, each with the anchor nearest before it or else the next after it."""
    anchors = _anchors(text, blocks)
    changed = list(blocks)
    notes: list[Footnote] = []
    # The numbers that a <sup> calls and no note has answered yet, the lowest last.
    awaited = sorted({int(mark) for mark in anchors if mark.isdecimal() and any(
        text.startswith("<sup>", start) for start, _ in anchors[mark])}, reverse=True)
    for number, block in enumerate(blocks):
        head = text[block.start:min(block.end, block.start + 60)]
        mark = note_mark(head) if block.kind == "footnote" else None
        if mark is None and awaited and block.kind in ("list_item", "heading"):
            listed = _LISTED.match(head)
            if listed and int(listed["n"]) == awaited[-1] and _EXPLAINS.search(head) and any(
                    start < block.start for start, _ in anchors[str(awaited[-1])]):
                mark = str(awaited[-1])
                changed[number] = Block("footnote", block.start, block.end)
        if mark is not None and awaited and mark == str(awaited[-1]):
            awaited.pop()
        if mark is not None:
            notes.append(Footnote(mark, block.start, block.end, _nearest(anchors, mark, block)))
    return changed, notes


def _anchors(text: str, blocks: Sequence[Block]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    notes = iter([block for block in blocks if block.kind == "footnote"])
    note = next(notes, None)
    done = 0
    for sign in _SIGN.finditer(text):
        # One look at the few places that hold such a sign: the whole pattern is slow to search.
        match = _ANCHOR.match(text, sign.start()) or (
            _ANCHOR.match(text, sign.start() - 1) if sign.start() else None)
        if match is None or match.start() < done:
            continue
        start, end = match.span()
        done = end
        start += len(match.group()) - len(match.group().lstrip())
        while note is not None and note.end <= start:
            note = next(notes, None)
        if note is None or start != note.start:
            found.setdefault(_value(match.group()), []).append((start, end))
    return found


def _nearest(anchors: dict[str, list[tuple[int, int]]], mark: str,
             block: Block) -> tuple[int, int] | None:
    """The last unused anchor before the note, else the first after it; it is used up then."""
    candidates = anchors.get(mark, [])
    if not candidates:
        return None
    return candidates.pop(max(bisect_left(candidates, (block.start, 0)) - 1, 0))


def _value(mark: str) -> str:
    return re.sub(r"</?sup>|\[\^|\]", "", mark.strip()).translate(_TO_DIGITS)
