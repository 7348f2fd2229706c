"""Where the labels of an earlier text of a document stand in a later one.

First whole blocks are aligned: those that stand once in both texts, in order, and from them on to
their equal neighbours (the idea of B. Cohen's patience diff). Nearly every label lies in such a
block. Any other is sought by its words, what stands before and behind them, and its section. A
place whose words are not exactly those of the label is at most a candidate for a person.

All offsets are Unicode code points, end exclusive. Cost grows with the length of the texts; a
label outside the aligned blocks costs one search through the new text.
"""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Iterator, Literal, Sequence

from labels.document import Document, Section, slice_checked

Verdict = Literal["unchanged", "moved", "ambiguous", "lost"]
Place = tuple[int, int]

CONTEXT = 32        # characters on either side that tell one mention from another
MOST = 8            # candidates for a person to choose from
# What a place must have in common with the surroundings of the label, as the mean of two
# `SequenceMatcher.ratio`: to be certain, and to be worth a look.
CERTAIN, WORTH = 0.6, 0.25
# By how much a certain place is better than the next; being where its neighbours went, and under
# the same headings, counts for it.
MARGIN, IN_ORDER, SAME_SECTION = 0.25, 0.15, 0.1
# Of a very common word, how many places are compared.
_COMPARED = 400
# A slice that stands elsewhere than its neighbours is taken for the same from this length on.
LEAST_MOVED = 20


@dataclass(frozen=True, slots=True)
class Anchored:
    """What became of the label at [start, end) of the old text.

    ``unchanged``: its words stand at ``places[0]``, in the same block or surroundings, under the
    same headings. ``moved``: its words stand at ``places[0]``, its surroundings or headings
    changed. ``ambiguous``: it may be any of `places`, best first. ``lost``: `places` is empty.
    """

    start: int
    end: int
    verdict: Verdict
    places: tuple[Place, ...]

    @property
    def found(self) -> Place | None:
        return self.places[0] if self.verdict in ("unchanged", "moved") else None


class Alignment:
    """The equal blocks of two texts of one document, in the order of both."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        before, after = _blocks(old), _blocks(new)
        pairs = align([old.text[start:end] for start, end in before],
                      [new.text[start:end] for start, end in after])
        self._olds = [before[i] for i, _ in pairs]
        self._news = [after[j] for _, j in pairs]
        self._borders = {place for block in after for place in block}
        self._old_borders = {place for block in before for place in block}
        self._paths = _Paths(old.sections), _Paths(new.sections)
        self._squeezed: tuple[str, list[int]] | None = None
        self._occurrences = lru_cache(maxsize=4096)(self._all_occurrences)

    # --- slices ----------------------------------------------------------------------------------

    def aligned(self, start: int, end: int) -> int | None:
        """Where the old slice begins in the new text, if it begins in an aligned block and stands
        there word for word."""
        at = bisect_right(self._olds, (start, len(self.old.text))) - 1
        if at < 0 or not self._olds[at][0] <= start < self._olds[at][1]:
            return None
        place = self._news[at][0] + start - self._olds[at][0]
        same = self.new.text.startswith(self.old.text[start:end], place)
        return place if same else None

    def repointed(self, start: int, end: int) -> int | None:
        """Where the same slice begins in the new text, at borders of blocks where it has such in
        the old one: in order, or else where it stands once in either text."""
        place = self.aligned(start, end)
        if place is None and end - start >= LEAST_MOVED:
            words = self.old.text[start:end]
            if len(_first_two(self.old.text, words)) == 1:
                found = _first_two(self.new.text, words)
                place = found[0] if len(found) == 1 else None
        if place is None or not all(
                (old in self._old_borders) == (new in self._borders)
                for old, new in ((start, place), (end, place + end - start))):
            return None
        return place

    def between(self, start: int) -> Place:
        """The part of the new text where what stands at `start` is to be expected: between the
        aligned blocks before and behind it."""
        at = bisect_right(self._olds, (start, len(self.old.text)))
        low = self._news[at - 1][1] if at else 0
        if at and start < self._olds[at - 1][1]:
            low = self._news[at - 1][0]
        return low, self._news[at][0] if at < len(self._news) else len(self.new.text)

    # --- labels ----------------------------------------------------------------------------------

    def anchor(self, start: int, end: int) -> Anchored:
        """Find the label at [start, end) of the old text. Raises OffsetError if it is no slice."""
        quote = slice_checked(self.old.text, start, end)
        place = self.aligned(start, end)
        if place is not None and self._same_surroundings(start, end, place):
            return self._certain(start, end, place, in_order=True)
        left = start - max(0, start - CONTEXT)
        whole = self.old.text[start - left:end + CONTEXT]
        found = _first_two(self.new.text, whole)
        if len(found) == 1:
            sure, (low, high) = found[0] + left, self.between(start)
            in_order = low <= sure < high
            # A table that was printed twice, and once was changed, stands once by now.
            if in_order or len(_first_two(self.old.text, whole)) == 1:
                return self._certain(start, end, sure, in_order=in_order)
        if place is not None:
            return self._certain(start, end, place, in_order=True)
        return self._compared(start, end, quote)

    def _certain(self, start: int, end: int, place: int, *, in_order: bool) -> Anchored:
        same = in_order and self._same_section(start, place)
        return Anchored(start, end, "unchanged" if same else "moved",
                        ((place, place + end - start),))

    def _same_section(self, old: int, new: int) -> bool:
        return self._paths[0].at(old) == self._paths[1].at(new)

    def _same_surroundings(self, start: int, end: int, place: int) -> bool:
        left = max(0, start - CONTEXT)
        whole = self.old.text[left:end + CONTEXT]
        return place >= start - left and self.new.text.startswith(whole, place - (start - left))

    def _compared(self, start: int, end: int, quote: str) -> Anchored:
        low, high = self.between(start)
        here = self._occurrences(quote)
        near = [at for at in here if low <= at < high]
        far = [at for at in here if not low <= at < high]
        far.sort(key=lambda at: min(abs(at - low), abs(at - high)))
        rated: list[tuple[float, float, int]] = []
        for at in sorted([*near, *far][:_COMPARED], key=lambda at: -self._common(
                start, end, at))[:MOST]:
            likeness = self._likeness(start, end, at)
            score = (likeness + IN_ORDER * (low <= at < high)
                     + SAME_SECTION * self._same_section(start, at))
            rated.append((score, likeness, at))
        rated.sort(reverse=True)
        if rated and rated[0][1] >= CERTAIN and not self._owned(rated[0][2]) and (
                len(rated) == 1 or rated[0][0] - rated[1][0] >= MARGIN):
            return self._certain(start, end, rated[0][2], in_order=False)
        places = [(at, at + end - start) for _, likeness, at in rated
                  if likeness >= WORTH or low <= at < high]
        places = places or self._other_spacing(quote, low, high)
        return Anchored(start, end, "ambiguous" if places else "lost", tuple(places[:MOST]))

    def _owned(self, at: int) -> bool:
        """Whether what stands at `at` in the new text stood elsewhere in the old one: it lies in
        an aligned block."""
        block = bisect_right(self._news, (at, len(self.new.text))) - 1
        return block >= 0 and at < self._news[block][1]

    def _common(self, start: int, end: int, at: int) -> int:
        """How many characters directly before and behind are the same."""
        old, new, size = self.old.text, self.new.text, end - start
        left = right = 0
        while left < CONTEXT and left < start and left < at and (
                old[start - left - 1] == new[at - left - 1]):
            left += 1
        while right < CONTEXT and end + right < len(old) and at + size + right < len(new) and (
                old[end + right] == new[at + size + right]):
            right += 1
        return left + right

    def _likeness(self, start: int, end: int, at: int) -> float:
        old, new, behind = self.old.text, self.new.text, at + end - start
        sides = ((old[max(0, start - CONTEXT):start], new[max(0, at - CONTEXT):at]),
                 (old[end:end + CONTEXT], new[behind:behind + CONTEXT]))
        return sum(SequenceMatcher(None, one, other, autojunk=False).ratio()
                   for one, other in sides) / 2

    def _all_occurrences(self, quote: str) -> list[int]:
        return list(_occurrences(self.new.text, quote))

    def _other_spacing(self, quote: str, low: int, high: int) -> list[Place]:
        """Where the same words stand with other white space in them: those in order, else all."""
        bare = "".join(quote.split())
        if not bare:
            return []
        if self._squeezed is None:
            kept = [at for at, character in enumerate(self.new.text) if not character.isspace()]
            self._squeezed = "".join(self.new.text[at] for at in kept), kept
        squeezed, offsets = self._squeezed
        found = [(offsets[at], offsets[at + len(bare) - 1] + 1)
                 for at in _occurrences(squeezed, bare)]
        return [place for place in found if low <= place[0] < high] or found


def alike(one: str, other: str) -> float:
    """How much two paragraphs share, 0 to 1: Dice's coefficient of their pairs of characters."""
    pairs, others = (Counter(zip(text, text[1:])) for text in (one, other))
    total = sum(pairs.values()) + sum(others.values())
    return 2 * sum((pairs & others).values()) / total if total else float(one == other)


def align(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of equal entries, rising in both: those that occur once in both (or once between two
    pairs), and their equal neighbours."""
    pairs: list[tuple[int, int]] = []
    gaps = [(0, len(old), 0, len(new))]
    while gaps:
        low, high, start, stop = gaps.pop()
        # A gap goes on from the pairs beside it; the ends of the texts themselves are no pairs.
        while 0 < low < high and start < stop and old[low] == new[start]:
            pairs.append((low, start))
            low, start = low + 1, start + 1
        while low < high < len(old) and start < stop and old[high - 1] == new[stop - 1]:
            high, stop = high - 1, stop - 1
            pairs.append((high, stop))
        anchors = _rising(_once_in_both(old, new, low, high, start, stop))
        if not anchors:
            pairs += _equal_ends(old, new, low, high, start, stop)
            continue
        pairs += anchors
        last = low, start
        for i, j in anchors:
            gaps.append((last[0], i, last[1], j))
            last = i + 1, j + 1
        gaps.append((last[0], high, last[1], stop))
    return sorted(pairs)


def _equal_ends(old: Sequence[str], new: Sequence[str], low: int, high: int, start: int,
                stop: int) -> Iterator[tuple[int, int]]:
    """Equal entries at the front of a gap, then at its end."""
    while low < high and start < stop and old[low] == new[start]:
        yield low, start
        low, start = low + 1, start + 1
    while low < high and start < stop and old[high - 1] == new[stop - 1]:
        yield high - 1, stop - 1
        high, stop = high - 1, stop - 1


def _once_in_both(old: Sequence[str], new: Sequence[str], low: int, high: int, start: int,
                  stop: int) -> list[tuple[int, int]]:
    before, after = Counter(old[low:high]), Counter(new[start:stop])
    places = {new[j]: j for j in range(start, stop) if after[new[j]] == 1}
    return [(i, places[old[i]]) for i in range(low, high)
            if before[old[i]] == 1 and old[i] in places]


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose second members rise (the first ones do)."""
    tails: list[int] = []       # positions in pairs: the least last member of each length
    lasts: list[int] = []
    before: list[int] = []
    for position, (_, j) in enumerate(pairs):
        length = bisect_left(lasts, j)
        before.append(tails[length - 1] if length else -1)
        if length == len(tails):
            tails.append(position)
            lasts.append(j)
        else:
            tails[length], lasts[length] = position, j
    found: list[tuple[int, int]] = []
    at = tails[-1] if tails else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _blocks(document: Document) -> list[Place]:
    """The blocks, or the lines of a document that has none."""
    if document.blocks:
        return [(block.start, block.end) for block in document.blocks]
    found: list[Place] = []
    start = 0
    for line in document.text.split("\n"):
        if line.strip():
            found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def _occurrences(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _first_two(text: str, words: str) -> list[int]:
    """The first places of `words`, two at most: enough to know whether it stands once."""
    return [at for at, _ in zip(_occurrences(text, words), range(2))]


class _Paths:
    """The titles of the sections that a position lies in, outermost first. Numbers do not count:
    they change when a section is put in before."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = sorted(sections, key=lambda section: (section.start, section.level))
        self._borders = sorted({place for section in sections
                                for place in (section.start, section.end)})
        self._known: dict[int, tuple[str, ...]] = {}

    def at(self, position: int) -> tuple[str, ...]:
        stretch = bisect_right(self._borders, position)
        if stretch not in self._known:
            self._known[stretch] = tuple(
                section.title for section in self._sections
                if section.start <= position < section.end)
        return self._known[stretch]
