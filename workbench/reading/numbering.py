"""How Chinese documents number: 第一部分, 一、, （一）, 1., 1、, (1), 1), ①, 1.1, and # of Markdown.

`lead` reads the start of a line: decoration (#, **, a bullet) and number. The rank of a style says
which stands above which; levels come from nesting, so a document that leaves out a rank does not
leave out a level.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = "一二三四五六七八九十百〇零"
_DECORATION = re.compile(
    r"(?P<hashes>#{1,6}(?=\s))?\s*(?P<bullet>[-*+•●■◆▪◦](?=[ \t\u3000]))?\s*"
    r"(?P<bold>\*{2,3}|__|<b>|<strong>)?\s*")
_UNIT = r"(?!\s*(?:亿|万|元|个|件|家|户|人|%|％|公|平|倍|吨|亩|项|[\d.]))"
_STYLES: tuple[tuple[str, int, re.Pattern[str]], ...] = tuple(
    (style, rank, re.compile(pattern)) for style, rank, pattern in (
        ("part", 0, rf"第\s*(?P<n>[{_DIGITS}\d]{{1,4}})\s*(?:部分|编|篇)"),
        ("chapter", 1, rf"第\s*(?P<n>[{_DIGITS}\d]{{1,4}})\s*章"),
        ("section", 2, rf"第\s*(?P<n>[{_DIGITS}\d]{{1,4}})\s*节(?!目|约|水|能)"),
        ("article", 3, rf"第\s*(?P<n>[{_DIGITS}\d]{{1,5}})\s*条(?=[\s　])"),
        ("han", 3, rf"(?P<n>[{_DIGITS}]{{1,4}})\s*[、.．]"),
        ("han-paren", 4, rf"[（(]\s*(?P<n>[{_DIGITS}]{{1,4}})\s*[)）]"),
        ("decimal", 6, rf"(?P<n>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})(?=[\s“《一-鿿]){_UNIT}"),
        ("arabic", 5, r"(?P<n>\d{1,3})\s*(?:、(?!\d)|[.．](?!\d))"),
        ("arabic-paren", 6, r"[（(]\s*(?P<n>\d{1,3})\s*[)）]"),
        ("arabic-half", 6, r"(?P<n>\d{1,3})[)）]"),
        ("circled", 7, r"(?P<n>[①-⑳])"),
    ))
BOLD_RANK = 8
_HEAD = 48


@dataclass(frozen=True, slots=True)
class Lead:
    """The start of a line. `number` is the mark as written ("" if none); `body` is the length of
    decoration and number together; `hashes` counts the # of Markdown."""

    hashes: int
    bullet: bool
    bold: bool
    style: str
    rank: int
    number: str
    ordinal: int
    body: int

    @property
    def plain(self) -> bool:
        return not (self.hashes or self.bullet or self.style)


def lead(line: str) -> Lead:
    """Read the start of `line`; looks at its first 48 characters only."""
    head = line[:_HEAD]
    decoration = _DECORATION.match(head)
    at = decoration.end() if decoration else 0
    hashes = len((decoration and decoration["hashes"]) or "")
    bullet = bool(decoration and decoration["bullet"])
    bold = bool(decoration and decoration["bold"])
    for style, rank, pattern in _STYLES:
        found = pattern.match(head, at)
        if found:
            return Lead(hashes, bullet, bold, style, rank, found.group().strip(),
                        _ordinal(found["n"]), found.end())
    return Lead(hashes, bullet, bold, "", 0, "", 0, at)


def _ordinal(number: str) -> int:
    """The value of a number as it stands in a mark; the last one of 1.2.3."""
    if "①" <= number[0] <= "⑳":
        return ord(number[0]) - ord("①") + 1
    if number[0].isdecimal():
        return int(number.rsplit(".", 1)[-1])
    return han_number(number)


def han_number(number: str) -> int:
    """一百二十三 → 123, 二〇二四 → 2024; characters that are no digits count as nothing."""
    if not any(c in "十百" for c in number):
        return int("".join(str(max("〇一二三四五六七八九".find(c), 0)) for c in number) or "0")
    total = digit = 0
    for c in number:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = max("〇一二三四五六七八九".find(c), 0)
    return total + digit
