"""Sections: a heading and all that stands under it, to the next heading of its rank or a title."""
from __future__ import annotations

import re
from typing import Mapping, Sequence

from labels.document import Section
from workbench.reading.blocks import Group
from workbench.reading.cues import squeeze
from workbench.reading.numbering import BOLD_RANK
from workbench.reading.tables import plain

_RUN_IN = re.compile(r"(?P<title>[^。；：:!！?？\n]{2,40}(?:\n[^。；：:!！?？\n]{1,30})?)[。：:]\**(?=.)")
_BOLD_RUN_IN = re.compile(
    r"(?:\*\*|__|<b>|<strong>)(?P<title>[^*<\n]{2,60}?)[。：:]?(?:\*\*|__|</b>|</strong>)")
_UNNUMBERED = 9
_MARKDOWN = -10


def find_sections(groups: Sequence[Group], end: int,
                  run_ins: Mapping[int, int] | None = None) -> list[Section]:
    """The sections of a text that ends at `end`, in order; levels count from 1 by nesting.

    `run_ins` holds the ends of bold starts of blocks that a format states, by their start.

    A number outranks the # before it: extraction writes the same rank as ##, ### and ####.
    """
    opened: list[tuple[float, str, str, int, int]] = []
    found: list[Section] = []

    def close(rank: float, position: int) -> None:
        while opened and opened[-1][0] >= rank:
            _, mark, title, start, heading_end = opened.pop()
            found.append(Section(len(opened) + 1, mark, title, start, position, start,
                                 heading_end))

    last = 0
    for number, group in enumerate(groups):
        if group.kind == "title":
            close(_MARKDOWN - 1, last)
        else:
            heading = _heading(group, groups[number + 1:number + 4]) or _stated_run_in(
                group, (run_ins or {}).get(group.start))
            if heading is not None:
                rank, mark, title, heading_end = heading
                close(rank, last)
                opened.append((rank, mark, title, group.start, heading_end))
        last = group.end
    close(_MARKDOWN - 1, max(last, 0) if groups else end)
    return sorted(found, key=lambda section: (section.start, section.level))


def _heading(group: Group, after: Sequence[Group]) -> tuple[float, str, str, int] | None:
    """(rank, number, title, end of the heading) if the group is or begins with a heading."""
    head = group.lead
    if group.kind == "heading":
        title = plain(group.text[head.body:]) or plain(group.text)
        if head.style:
            return head.rank, head.number, title, group.end
        level = group.level or head.hashes
        rank: float = _MARKDOWN + level if level else _UNNUMBERED
        if not level:
            # Without a number of its own it stands right above the numbers that begin under it.
            rank = next((one.lead.rank - 0.5 for one in after
                         if one.lead.style and one.lead.ordinal == 1), rank)
        if not level and squeeze(group.text).startswith("附"):
            rank = _MARKDOWN
        return rank, "", title, group.end
    if group.kind not in ("list_item", "paragraph") or head.bullet:
        return None
    return _run_in(group)


def _stated_run_in(group: Group, end: int | None) -> tuple[float, str, str, int] | None:
    """A bold start of a block, if it has the form of a heading: short, parted from what follows
    by its last character or by a space."""
    if end is None or group.kind not in ("paragraph", "list_item") or group.lead.bullet:
        return None
    written = group.text[group.lead.body:end - group.start]
    title = plain(written).rstrip("。：:.")
    if not 2 <= len(title) <= 60 or any(c in "。；" for c in title) or not (
            written[-1:] in "。：:．" or group.text[end - group.start].isspace()):
        return None
    if group.lead.style:
        return group.lead.rank, group.lead.number, title, end
    return BOLD_RANK, "", title, end


def _run_in(group: Group) -> tuple[float, str, str, int] | None:
    """``（一）强化保障。全年……`` and ``**强化保障。**全年……``"""
    head, content = group.lead, group.text[:160]
    if not head.style or head.style == "article":
        bold = _BOLD_RUN_IN.match(content)
        if bold is None or bold.end() >= len(group.text):
            return None
        return BOLD_RANK, "", plain(bold["title"]), group.start + bold.end()
    if head.style == "circled":
        return None
    found = _RUN_IN.match(content, head.body)
    if found is None or len(content) - found.end() < 8 or found.group().rstrip("*")[-1] != "。":
        return None
    return head.rank, head.number, plain(found["title"]), group.start + found.end()
