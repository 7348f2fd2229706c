"""Lists of names: the items of A、B、C that a closing phrase (等12家企业, 等镇) tells the kind of."""
from __future__ import annotations

import re
from typing import Iterator

from labels.govdoc.names import HAN, floors
from labels.rules import Context

_ITEM = re.compile(rf"[{HAN}A-Za-z0-9·()]{{2,18}}")


def listed_items(context: Context, tail: "re.Pattern[str]") -> Iterator[tuple[int, int]]:
    """The items of the list A、B、C that `tail` (等…家企业) closes, as (start, end)."""
    text = context.view.text
    for match in tail.finditer(text):
        if "行业" in match.group():
            continue
        end = match.start() - (text[match.start() - 1:match.start()] in ("、", ",", "，"))
        low = max(text.rfind(mark, max(0, end - 200), end) for mark in "。;，,:\n") + 1
        position = low = max(low, end - 200)
        spans = []
        for piece in text[low:end].split("、"):
            spans.append((position, position + len(piece)))
            position += len(piece) + 1
        for index, (start, stop) in enumerate(spans):
            if index == 0:
                start = _first_item(context, start, stop)
            if 2 <= stop - start <= 24 and _ITEM.fullmatch(text, start, stop) and _balanced(
                    text[start:stop]):
                yield start, stop


def _balanced(piece: str) -> bool:
    return piece.count("(") == piece.count(")") and not piece.endswith("(")


def _first_item(context: Context, low: int, end: int) -> int:
    """The start of a list's first item: after the last opener that leaves three characters."""
    return max(low, floors(context).before(max(low, end - 3)))
