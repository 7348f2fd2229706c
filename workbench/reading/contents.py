"""The contents list of a gazette against the titles in its body.

An entry and its title are rarely the same words: the list shortens the issuing body, leaves out
加 or 关于, breaks lines, and lists equal titles (任免名单) in another order than they are printed.
Pairs are taken by likeness, the best first; equal ones by their place.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from os.path import commonprefix
from typing import Collection, Sequence

_TAIL = re.compile(r"(?:[.·…．]{3,}|\t|\s{3,}|[（(]\s*\d{1,4}\s*[)）]\s*$|[\s.·…．]\d{1,4}$)")
_SPEAKER = re.compile(r"[一-鿿](?:[ \u3000]{0,3}[一-鿿]){1,3}")
_NO_ENTRY = re.compile(
    r"#*\s*\**\s*目\s*(?:录|次)\s*\**|第.{1,6}[号期](?:[（(].{0,12}[)）])?"
    r"|\d{4}\s*年.{0,8}第.{1,6}[号期].*")
_SHORT = (("人民代表大会常务委员会", "人大常委会"), ("人民代表大会", "人大"), ("人民政府", "政府"))
_OTHER = re.compile(r"[^\w]|_")
_NUMBERS = re.compile(r"第?([\d一二三四五六七八九十]+)(?:次会议|次全体会议|号)|([一二三四五六七八九十\d]+)$")
_LIKE = 0.62
_MOST = 400
_BODY = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its words, its extent in the text, and the speaker the list names."""

    title: str
    start: int
    end: int
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What two titles are compared by."""

    words: str
    pairs: frozenset[str]
    numbers: tuple[str, ...]


def entries_of(text: str, ranges: Sequence[tuple[int, int]]) -> list[Entry]:
    """The entries of contents whose lines are `ranges`; headings of the list are none."""
    found: list[Entry] = []
    for start, end in ranges:
        content = text[start:end]
        if _NO_ENTRY.fullmatch(content):
            continue
        tail = _TAIL.search(content)
        title = content[:tail.start()] if tail else content
        rest = content[tail.start():] if tail else ""
        speaker = _SPEAKER.search(rest)
        if title.strip():
            found.append(Entry(title.strip(), start, end,
                               "".join(speaker.group().split()) if speaker else ""))
    return found


def joined(text: str, first: Entry, second: Entry) -> Entry:
    """Two lines of the list as the one entry they may be."""
    return Entry(first.title + second.title, first.start, second.end, second.speaker)


def form_of(title: str) -> Form:
    """The words of a title without white space and punctuation, with long names made short."""
    words = _OTHER.sub("", title)
    for name, short in _SHORT:
        words = words.replace(name, short)
    return Form(words, _pairs_of(words), tuple("".join(found) for found in _NUMBERS.findall(words)))


def likeness(entry: Form, title: Form) -> float:
    """From 0 to 1: the share of common pairs of characters, less where numbers differ.

    Titles of one gazette begin with the same body: what stands behind it decides.
    """
    score = _share(entry.pairs, title.pairs)
    if score < _LIKE:
        return score
    shared = len(commonprefix((entry.words, title.words)))
    rest, other = entry.words[shared:], title.words[shared:]
    if shared >= _BODY and rest and other:
        score = min(score, 0.25 * score + 0.75 * _share(_pairs_of(rest), _pairs_of(other)))
    if entry.numbers and title.numbers and set(entry.numbers).isdisjoint(title.numbers):
        score -= 0.3
    return score


def _pairs_of(words: str) -> frozenset[str]:
    return frozenset(words[at:at + 2] for at in range(len(words) - 1)) or frozenset((words,))


def _share(some: frozenset[str], others: frozenset[str]) -> float:
    common = len(some & others)
    return common and 0.5 * common / min(len(some), len(others)) + (
        common / (len(some) + len(others)))


def match(entries: Sequence[Form], titles: Sequence[Form],
          bonus: Sequence[Sequence[bool]] | None = None) -> dict[int, int]:
    """Which title each entry means, as numbers; `bonus[e][t]` adds to the likeness of a pair.

    At most 400 of either side are compared, so cost does not grow with the square of a text.
    """
    pairs: list[tuple[float, float, int, int]] = []
    for e, entry in enumerate(entries[:_MOST]):
        for t, title in enumerate(titles[:_MOST]):
            score = likeness(entry, title) + (0.15 if bonus and bonus[e][t] else 0.0)
            if score >= _LIKE:
                away = abs(e / max(len(entries), 1) - t / max(len(titles), 1))
                pairs.append((-score, away, e, t))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, e, t in sorted(pairs):
        if e not in found and t not in taken:
            found[e] = t
            taken.add(t)
    return found


def best(entry: Form, titles: Sequence[Form], among: Collection[int],
         lines: Sequence[Form]) -> int | None:
    """The title that `entry`, two `lines` of the list read as one, is like, if each of them alone
    is less like it."""
    scores = sorted(((likeness(entry, titles[t]), t) for t in among if t < _MOST), reverse=True)
    if not scores or scores[0][0] < _LIKE:
        return None
    score, title = scores[0]
    return title if all(score > likeness(one, titles[title]) + 0.02 for one in lines) else None
