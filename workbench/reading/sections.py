"""Sections: a heading and all that stands under it, to the next heading of its rank or a title.

A style of numbers has a rank (一、 above （一） above 1.), but writers mix styles and begin again:
what a heading continues says more than its rank. ``（二）`` goes on with the nearest open ``（一）``;
a second ``（一）`` under ``1.`` opens a list inside it.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Mapping, Sequence

from labels.document import Section, Span
from workbench.reading.blocks import Group
from workbench.reading.cues import squeeze
from workbench.reading.numbering import BOLD_RANK
from workbench.reading.tables import plain

_RUN_IN = re.compile(r"(?P<title>[^。；：:!！?？\n]{2,40}(?:\n[^。；：:!！?？\n]{1,30})?)[。：:]\**(?=.)")
_BOLD_RUN_IN = re.compile(
    r"(?:\*\*|__|<b>|<strong>)(?P<title>[^*<\n]{2,60}?)[。：:]?(?:\*\*|__|</b>|</strong>)")
_ANNEX = re.compile(r"附(?:件|表|录)?[\d一二三四五六七八九十]{0,3}(?:[:：].*)?")
_ASIDE = re.compile(r"名词解释|摘要|前言|引言|结语|注释|备注")
_ASIDE_RANK = 3.0
_UNNUMBERED = 9.0
_ROOT = 3.5
_MARKDOWN = -10.0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is written; `style` is "" for one without a number."""

    rank: float
    style: str
    ordinal: int
    number: str
    title: str
    start: int
    end: int


def find_sections(groups: Sequence[Group], end: int, borders: Sequence[int] = (),
                  joined: Sequence[Sequence[Span]] = (),
                  run_ins: Mapping[int, int] | None = None) -> list[Section]:
    """The sections of a text that ends at `end`, in order; levels count from 1 by nesting.

    A title ends all that are open, and so does the start of a part (`borders`). A heading that is
    the first of several `joined` pieces goes on in them. `run_ins` holds the ends of bold starts
    of blocks that a format states, by their start.
    """
    opened: list[Heading] = []
    found: list[Section] = []

    def close(count: int, position: int) -> None:
        while len(opened) > count:
            one = opened.pop()
            found.append(Section(len(opened) + 1, one.number, one.title, one.start, position,
                                 one.start, one.end))

    last = 0
    starts = frozenset(borders)
    pieces = {one[0].start: one[1:] for one in joined}
    passed = {piece.start for one in joined for piece in one[1:]}
    rests = {group.start: group for group in groups if group.start in passed}
    for number, group in enumerate(groups):
        if group.kind == "title" or group.start in starts:
            close(0, last)
        if group.kind != "title" and group.start not in passed:
            heading = _heading(group, groups[number + 1:number + 4]) or _stated_run_in(
                group, (run_ins or {}).get(group.start))
            if heading is not None:
                if group.kind == "heading" and group.start in pieces:
                    rest = [rests[piece.start] for piece in pieces[group.start]]
                    heading = Heading(
                        heading.rank, heading.style, heading.ordinal, heading.number,
                        heading.title + "".join(plain(one.text) for one in rest), heading.start,
                        rest[-1].end)
                keep, rank = _place(opened, heading)
                close(keep, last)
                opened.append(Heading(rank, heading.style, heading.ordinal, heading.number,
                                      heading.title, heading.start, heading.end))
        last = group.end
    close(0, last if groups else end)
    return sorted(found, key=lambda section: (section.start, section.level))


def _place(opened: Sequence[Heading], heading: Heading) -> tuple[int, float]:
    """How many of the open sections stay open above `heading`, and its rank among them."""
    if heading.style:
        again = [n for n, one in enumerate(opened) if one.style == heading.style]
        for n in reversed(again):
            if opened[n].ordinal < heading.ordinal and opened[n].rank > _MARKDOWN:
                return n, opened[n].rank
        if again and heading.ordinal == 1 and again[-1] < len(opened) - 1:
            return len(opened), opened[-1].rank + 0.5
        if again:
            return again[-1], opened[again[-1]].rank
    elif heading.rank == _UNNUMBERED:
        alike = next((n for n in reversed(range(len(opened)))
                      if not opened[n].style and _ASIDE_RANK < opened[n].rank < BOLD_RANK), None)
        if alike is not None:
            return alike, opened[alike].rank
        if not opened:
            return 0, _ROOT
    keep = len(opened)
    while keep and opened[keep - 1].rank >= heading.rank:
        keep -= 1
    return keep, heading.rank


def _heading(group: Group, after: Sequence[Group]) -> Heading | None:
    """The heading that a group is or begins with."""
    head = group.lead
    if group.kind == "heading":
        title = plain(group.text[head.body:]) or plain(group.text)
        if head.style:
            return Heading(head.rank, head.style, head.ordinal, head.number, title, group.start,
                           group.end)
        level = group.level or head.hashes
        rank = _MARKDOWN + level if level else _UNNUMBERED
        if not level:
            # Without a number of its own it stands right above the numbers that begin under it.
            rank = next((one.lead.rank - 0.5 for one in after
                         if one.lead.style and one.lead.ordinal == 1), rank)
        words = squeeze(group.text)
        if not level and (_ANNEX.fullmatch(words) or _ASIDE.fullmatch(words)):
            rank = _MARKDOWN if words.startswith("附") else _ASIDE_RANK
        return Heading(rank, "", 0, "", title, group.start, group.end)
    if group.kind not in ("list_item", "paragraph") or head.bullet:
        return None
    return _run_in(group)


def _stated_run_in(group: Group, end: int | None) -> Heading | None:
    """A bold start of a block, if it has the form of a heading: short, parted from what follows
    by its last character or by a space."""
    head = group.lead
    if end is None or group.kind not in ("paragraph", "list_item") or head.bullet:
        return None
    written = group.text[head.body:end - group.start]
    title = plain(written).rstrip("。：:.")
    if not 2 <= len(title) <= 60 or any(c in "。；" for c in title) or not (
            written[-1:] in "。：:．" or group.text[end - group.start].isspace()):
        return None
    rank = float(head.rank if head.style else BOLD_RANK)
    return Heading(rank, head.style, head.ordinal, head.number, title, group.start, end)


def _run_in(group: Group) -> Heading | None:
    """``（一）强化保障。全年……`` and ``**强化保障。**全年……``"""
    head, content = group.lead, group.text[:160]
    if not head.style or head.style == "article":
        bold = _BOLD_RUN_IN.match(content)
        if bold is None or bold.end() >= len(group.text):
            return None
        return Heading(float(BOLD_RANK), "", 0, "", plain(bold["title"]), group.start,
                       group.start + bold.end())
    if head.style == "circled":
        return None
    found = _RUN_IN.match(content, head.body)
    if found is None or len(content) - found.end() < 8 or found.group().rstrip("*")[-1] != "。":
        return None
    return Heading(head.rank, head.style, head.ordinal, head.number, plain(found["title"]),
                   group.start, group.start + found.end())
