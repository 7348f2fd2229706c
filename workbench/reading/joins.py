"""What a page break or a blank line cut in two: paragraphs and headings, joined as views.

The pieces stay blocks of their own and the text stays as it is; the view says that they are one.
"""
from __future__ import annotations

import re
from typing import Sequence

from labels.document import Span
from workbench.reading import cues
from workbench.reading.blocks import Group

_BETWEEN = ("page_furniture", "footnote")
_FAR = 6
_RUNNING = 40
_HEADING_REST = 40
_WINDOW = 20_000
_RUNS = re.compile("[，。；,]")
_CLOSED = "。！？；：…!?;:）)”’》〉】|>*"


def find_joined(text: str, groups: Sequence[Group]) -> list[tuple[Span, ...]]:
    """The paragraphs and headings that stand in several blocks, each as its pieces in order.

    A group that becomes the rest of a heading gets the kind heading. Linear: a piece looks at the
    few groups after it, and a heading at 20,000 characters around it.
    """
    joined: list[list[Span]] = []
    for number, group in enumerate(groups):
        rest = _next(groups, number)
        if rest is None:
            continue
        if group.kind == "heading" and _is_rest_of_heading(text, group, rest):
            rest.kind = "heading"
        elif not _is_rest(group, rest):
            continue
        if joined and joined[-1][-1].start == group.start:
            joined[-1].append(Span(rest.start, rest.end))
        else:
            joined.append([Span(group.start, group.end), Span(rest.start, rest.end)])
    return [tuple(pieces) for pieces in joined]


def _next(groups: Sequence[Group], number: int) -> Group | None:
    for group in groups[number + 1:number + _FAR]:
        if group.kind not in _BETWEEN:
            return group
    return None


def _is_rest(group: Group, rest: Group) -> bool:
    """Whether a paragraph without the end of a sentence goes on in the next one."""
    if group.kind not in ("paragraph", "list_item") or rest.kind != "paragraph":
        return False
    if rest.lead.style or rest.lead.bullet or rest.lead.bold or rest.lead.hashes:
        return False
    end = group.text[-1]
    if end in _CLOSED or "\t" in group.text[-40:] or len(group.text) < _RUNNING or not (
            _RUNS.search(group.text)):
        return False
    return cues.ends_sentence(rest.text) or (
        rest.text[-1] not in _CLOSED and len(rest.text) >= _RUNNING)


def _is_rest_of_heading(text: str, group: Group, rest: Group) -> bool:
    """Whether a numbered heading goes on: the next line is short and has no number, and the two
    characters that meet where the lines do are a word that the text uses elsewhere."""
    if not group.lead.style or group.text[-1] in _CLOSED or len(rest.text) > _HEADING_REST:
        return False
    if rest.kind not in ("heading", "paragraph") or not (
            rest.lead.plain and not rest.lead.bold) or rest.text[-1] in "。！？；：!?;:":
        return False
    if len(group.text) < 16 or not (_is_han(group.text[-1]) and _is_han(rest.text[0])):
        return False
    met = group.text[-1] + rest.text[0]
    start = max(group.start - _WINDOW, 0)
    return text.count(met, start, min(rest.end + _WINDOW, len(text))) >= 2


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿"
