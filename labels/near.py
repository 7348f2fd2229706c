"""Near duplicates: which paragraphs say again what another one says.

A paragraph is compared by its shingles, the sets of three characters that follow one another,
after white space and punctuation are dropped and every figure is one sign: two years of a report
differ in their figures only. *Containment* of A in B is the share of A's shingles that B has too,
so that a sentence is found inside a longer paragraph, where the Jaccard index would not see it.

The search is exact. Where A is contained in B to a share `t`, B holds at least one of the
``(1 - t) * |A| + 1`` rarest shingles of A (prefix filtering: S. Chaudhuri, V. Ganti, R. Kaushik,
ICDE 2006), so only the rare ones are looked up, and the work stays near linear without the chance
that hashing to signatures brings in: the same documents always make the same groups.
"""
from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from typing import Iterable, Mapping, Sequence

SIZE = 3
# Share of a paragraph's shingles from which on it counts as said again.
CONTAINED = 0.75
# Shorter ones, in characters that count, are headings and formulas that say nothing of a source.
SHORTEST = 15

_FIGURES = re.compile(r"[0-9〇零一二三四五六七八九十百千万亿.,%‰]*[0-9%‰]|[〇零一二三四五六七八九十百千]{2,}")
_NO_WORD = re.compile(r"[\W_]+")


def normal(text: str) -> str:
    """`text` as it is compared: one width, no white space or punctuation, each figure a ``0``."""
    return _NO_WORD.sub("", _FIGURES.sub("0", unicodedata.normalize("NFKC", text)))


def shingles(text: str) -> frozenset[str]:
    """The shingles of `text`; empty if it is too short to be told apart."""
    plain = normal(text)
    if len(plain) < SHORTEST:
        return frozenset()
    return frozenset(plain[at:at + SIZE] for at in range(len(plain) - SIZE + 1))


def repeats(paragraphs: Sequence[str], share: float = CONTAINED) -> dict[int, set[int]]:
    """By position, the positions of other paragraphs that each is contained in to `share`.

    Not symmetric: a sentence is in its paragraph, the paragraph is not in the sentence.
    """
    places: dict[frozenset[str], list[int]] = defaultdict(list)
    for position, text in enumerate(paragraphs):
        if found := shingles(text):
            places[found].append(position)
    sets = list(places)
    found_in = _contained(sets, share)
    result: dict[int, set[int]] = {}
    for index, own in enumerate(sets):
        others = {place for other in (index, *found_in.get(index, ())) for place in
                  places[sets[other]]}
        for position in places[own]:
            if rest := others - {position}:
                result[position] = rest
    return result


def _contained(sets: Sequence[frozenset[str]], share: float) -> dict[int, list[int]]:
    """By index, the other sets that hold at least `share` of each."""
    seen = Counter(shingle for one in sets for shingle in one)
    rare: list[list[str]] = []
    wanted: set[str] = set()
    for one in sets:
        # A set of n shares at least ceil(share * n) with its holder, so any n - that + 1 meet it.
        least = -int(-share * len(one) // 1)
        first = sorted(one, key=lambda shingle: (seen[shingle], shingle))[:len(one) - least + 1]
        rare.append([shingle for shingle in first if seen[shingle] > 1])
        wanted.update(rare[-1])
    holders = _holders(sets, wanted)
    result: dict[int, list[int]] = {}
    for index, one in enumerate(sets):
        candidates = {other for shingle in rare[index] for other in holders[shingle]}
        found = [other for other in sorted(candidates - {index})
                 if len(one & sets[other]) >= share * len(one)]
        if found:
            result[index] = found
    return result


def _holders(sets: Sequence[frozenset[str]], wanted: set[str]) -> Mapping[str, list[int]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(sets):
        for shingle in one & wanted:
            holders[shingle].append(index)
    return holders


def said_again(texts: Iterable[str], others: Iterable[str],
               share: float = CONTAINED) -> tuple[int, int]:
    """How many of `texts` are contained in one of `others`, and how many can be compared."""
    own, rest = list(texts), list(others)
    found = repeats([*own, *rest], share)
    compared = [position for position, text in enumerate(own) if shingles(text)]
    again = sum(1 for position in compared
                if any(place >= len(own) for place in found.get(position, ())))
    return again, len(compared)
