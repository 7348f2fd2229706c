"""Lists of names: the attendance grids of a session, and their stated number."""
from __future__ import annotations

import re

from labels.document import Name, NameList, ReadWarning
from workbench.reading.draft import Range

_HAN = r"[㐀-䶿一-鿿𠀀-𪛟]"
_NAME = re.compile(rf"{_HAN}{{2,4}}(?:·{_HAN}{{1,8}})*|{_HAN}[ \u3000]{{1,3}}{_HAN}")
_TOKEN = re.compile(rf"{_HAN}(?:[ \u3000]{{1,3}}{_HAN}(?!{_HAN}))|{_HAN}{{2,4}}(?:·{_HAN}{{1,8}})*")
_SEPARATOR = re.compile(r"[ \t\u3000\n、，]*")
_HEADING = re.compile(
    r"(?:出席|请假|缺席|列席|到会|参加|与会|名单).{0,12}?[（(:：]?\s*(?P<n>\d{1,4})\s*[人名位]")
_NOT_A_NAME = re.compile(r"(?:委员会|人民政府|主任|副主任|代表|办公室|局长|情况|名单|议题|报告|决定|目录|合计|总计)$")
_LEAST = 2


def names_in(text: str, start: int, end: int) -> list[Range]:
    """The names of a range that holds nothing but names; an empty list for any other range.

    Cells are parted by tabs, ideographic commas or spaces; ``李 萍`` is one name. Cost is linear.
    """
    found: list[Range] = []
    position = start
    while position < end:
        name = _TOKEN.match(text, position, end)
        if name is None or _NOT_A_NAME.search(name.group()):
            return []
        found.append(name.span())
        gap = _SEPARATOR.match(text, name.end(), end)
        position = gap.end() if gap else end
        if position == name.end() and position < end:
            return []
    return found if len(found) >= _LEAST else []


def stated_count(heading: str) -> int | None:
    """The number that a heading such as ``二、出席（30人）：`` states; None if it is no such."""
    found = _HEADING.search(heading) if len(heading) <= 60 else None
    return int(found["n"]) if found else None


def build_list(text: str, heading: Range | None, names: list[Range]
               ) -> tuple[NameList, ReadWarning | None]:
    """The list, and the warning `count_mismatch` when its heading states another number."""
    title = " ".join(text[heading[0]:heading[1]].split()) if heading else ""
    count = stated_count(title)
    built = NameList(title, count, tuple(Name(text[a:b], a, b) for a, b in names))
    if count is None or count == len(names):
        return built, None
    return built, ReadWarning(
        "count_mismatch", names[0][0], names[-1][1],
        f"the heading states {count} names, {len(names)} are listed")
