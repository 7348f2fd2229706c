"""Lists of names: the items of A、B、C that a closing phrase (等12家企业, 等镇) tells the kind of."""
from __future__ import annotations

import re
from typing import Iterable, Iterator

from labels.govdoc.names import HAN, floors
from labels.lazy import lazy
from labels.rules import Context

_ITEM = lazy(rf"[{HAN}A-Za-z0-9·()]{{2,18}}")


def closed_lists(context: Context, closings: "Iterable[re.Match[str]]"
                 ) -> Iterator[list[tuple[int, int]]]:
    """The items, as (start, end), of each list A、B、C that one of `closings` (等…家企业) closes."""
    text = context.view.text
    for match in closings:
        if "行业" in match.group():
            continue
        end = match.start() - (text[match.start() - 1:match.start()] in ("、", ",", "，"))
        low = max(text.rfind(mark, max(0, end - 200), end) for mark in "。;，,:\n") + 1
        position = low = max(low, end - 200)
        spans = []
        for piece in text[low:end].split("、"):
            spans.append((position, position + len(piece)))
            position += len(piece) + 1
        spans[0] = _first_item(context, *spans[0]), spans[0][1]
        yield [(start, stop) for start, stop in spans
               if 2 <= stop - start <= 24 and _ITEM.fullmatch(text, start, stop)
               and _balanced(text[start:stop])]


def listed_items(context: Context, closings: "Iterable[re.Match[str]]"
                 ) -> Iterator[tuple[int, int]]:
    """The items of all `closed_lists`."""
    for items in closed_lists(context, closings):
        yield from items


def _balanced(piece: str) -> bool:
    return piece.count("(") == piece.count(")") and not piece.endswith("(")


def _first_item(context: Context, low: int, end: int) -> int:
    """The start of a list's first item: after the last opener that leaves three characters."""
    return max(low, floors(context).before(max(low, end - 3)))
