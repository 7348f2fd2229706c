"""What can be counted of a release by itself: sizes, lengths, rarities, suspects, leakage."""
from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from typing import Iterable, Mapping, Sequence

from labels import near
from labels.baseline import SPANS, places
from labels.gold import SPLITS, GoldRegion, GoldRelease
from labels.splits import SHARES

# Upper ends of the classes of length, in characters; the last class has none.
LENGTHS = (50, 100, 200, 400, 800, 1600)
RARE = 20
# A surface counts as frequent from so many marks on; as left out from so many unmarked places on.
FREQUENT, LEFT_OUT, SHOWN = 3, 2, 30
# Of an example: so many characters on each side, and so many of one suspect.
AROUND, EXAMPLES = 12, 3


@dataclass(frozen=True, slots=True)
class Named:
    """How often one label, relation or class stands in each split."""

    name: str
    splits: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.splits.values())


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters of the spans of one label."""

    name: str
    count: int
    middle: float
    longest: int


@dataclass(frozen=True, slots=True)
class Example:
    """Where a surface stands: the region, the label it bears there ("" for none), and the words
    around it, `AROUND` characters on each side at most."""

    region: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One surface with several labels; an example of each, the rarest first."""

    surface: str
    labels: tuple[tuple[str, int], ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A surface that is marked `marked` times as `label`, and stands `unmarked` times without."""

    surface: str
    label: str
    marked: int
    unmarked: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Leakage:
    """Of `compared` paragraphs of the test, how many stand in training too, up to figures.

    `grouped` with the splits of the release, `by_row` if the same regions were dealt one by one,
    whatever their document: what a split without groups would have leaked.
    """

    compared: int
    grouped: int
    row_compared: int
    by_row: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`regions` by split and by what was asked; `empty` were asked for spans and have none."""

    regions: Mapping[str, int]
    asked: Mapping[str, int]
    empty: int
    documents: Mapping[str, int]
    groups: int
    characters: int
    spans: tuple[Named, ...]
    relations: tuple[Named, ...]
    classes: tuple[Named, ...]
    lengths: tuple[int, ...]
    span_lengths: tuple[Lengths, ...]
    rare: tuple[Named, ...]
    conflicts: tuple[Conflict, ...]
    left_out: tuple[LeftOut, ...]
    leakage: Leakage


def figures(release: GoldRelease) -> Figures:
    """All that is counted; names that the schema has and the release has not are there with 0."""
    regions = tuple(release.regions)
    spans = _named(release.labels, ((region.split, span.label) for region in regions
                                    for span in region.spans))
    documents = {region.document: region.split for region in regions}
    return Figures(
        regions={split: len(release.split(split)) for split in SPLITS},
        asked=dict(Counter(what for region in regions for what in region.asked)),
        empty=sum(1 for region in regions if SPANS in region.asked and not region.spans),
        documents={split: sum(1 for found in documents.values() if found == split)
                   for split in SPLITS},
        groups=len({region.group for region in regions}),
        characters=sum(len(region.text) for region in regions),
        spans=spans,
        relations=_named(release.relations, ((region.split, link.type) for region in regions
                                             for link in region.relations)),
        classes=_named([f"{name}: {choice}" for name, choices in release.classes
                        for choice in choices],
                       ((region.split, f"{name}: {choice}") for region in regions
                        for name, chosen in region.classes for choice in chosen)),
        lengths=_lengths(regions),
        span_lengths=_span_lengths(regions),
        rare=tuple(named for named in spans if named.total < RARE or any(
            documents and not named.splits[split] and split in documents.values()
            for split in SPLITS)),
        conflicts=tuple(conflicts(regions)), left_out=tuple(left_out(regions)),
        leakage=leakage(regions))


def _named(names: Sequence[str], found: Iterable[tuple[str, str]]) -> tuple[Named, ...]:
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for split, name in found:
        counts.setdefault(name, Counter())[split] += 1
    return tuple(Named(name, {split: counted[split] for split in SPLITS})
                 for name, counted in counts.items())


def _lengths(regions: Sequence[GoldRegion]) -> tuple[int, ...]:
    """How many regions are in each class of `LENGTHS`."""
    found = Counter(bisect_right(LENGTHS, len(region.text) - 1) for region in regions)
    return tuple(found[place] for place in range(len(LENGTHS) + 1))


def _span_lengths(regions: Sequence[GoldRegion]) -> tuple[Lengths, ...]:
    found: dict[str, list[int]] = defaultdict(list)
    for region in regions:
        for span in region.spans:
            found[span.label].append(span.end - span.start)
    return tuple(Lengths(label, len(sizes), float(median(sizes)), max(sizes))
                 for label, sizes in sorted(found.items()))


def conflicts(regions: Sequence[GoldRegion]) -> list[Conflict]:
    """Surfaces of two characters or more that are marked with several labels, those first whose
    second label is the commonest."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[tuple[str, str], tuple[GoldRegion, int, int]] = {}
    for region in regions:
        for span in region.spans:
            if span.end - span.start > 1:
                surface = region.text[span.start:span.end]
                seen[surface][span.label] += 1
                first.setdefault((surface, span.label), (region, span.start, span.end))
    found = []
    for surface, labels in seen.items():
        if len(labels) > 1:
            ordered = sorted(labels.items(), key=lambda item: (-item[1], item[0]))
            found.append(Conflict(surface, tuple(ordered), tuple(
                _example(*first[surface, label], label) for label, _ in reversed(ordered))))
    found.sort(key=lambda one: (-one.labels[1][1], -one.labels[0][1], one.surface))
    return found[:SHOWN]


def _example(region: GoldRegion, start: int, end: int, label: str) -> Example:
    return Example(region.id, label, region.text[max(0, start - AROUND):start],
                   region.text[end:end + AROUND])


def left_out(regions: Sequence[GoldRegion]) -> list[LeftOut]:
    """Surfaces that are marked often and yet stand somewhere with nothing marked on them."""
    marked: dict[str, Counter[str]] = defaultdict(Counter)
    asked = [region for region in regions if SPANS in region.asked]
    for region in asked:
        for span in region.spans:
            marked[region.text[span.start:span.end]][span.label] += 1
    frequent = sorted(surface for surface, labels in marked.items()
                      if labels.total() >= FREQUENT and len(surface) > 1)
    bare: Counter[str] = Counter()
    first: dict[str, dict[str, Example]] = defaultdict(dict)
    for region, found in zip(asked, _all_places(frequent, asked)):
        for start, end in found:
            if not any(span.start < end and start < span.end for span in region.spans):
                surface = region.text[start:end]
                bare[surface] += 1
                if len(first[surface]) < EXAMPLES:
                    first[surface].setdefault(region.id, _example(region, start, end, ""))
    result = [LeftOut(surface, marked[surface].most_common(1)[0][0], marked[surface].total(),
                      times, tuple(first[surface].values()))
              for surface, times in bare.items() if times >= LEFT_OUT]
    result.sort(key=lambda one: (-min(one.marked, one.unmarked), -one.unmarked, one.surface))
    return result[:SHOWN]


def _all_places(words: Sequence[str],
                regions: Sequence[GoldRegion]) -> list[list[tuple[int, int]]]:
    """The places of words in each region; one automaton for all."""
    ends: list[int] = []
    at = 0
    for region in regions:
        at += len(region.text) + 1
        ends.append(at)
    found: list[list[tuple[int, int]]] = [[] for _ in regions]
    # A form feed parts the texts: no surface that people mark holds one alone.
    for start, end in places(words, "\f".join(region.text for region in regions)):
        index = bisect_right(ends, start)
        before = ends[index - 1] if index else 0
        if end - before <= len(regions[index].text):
            found[index].append((start - before, end - before))
    return found


def leakage(regions: Sequence[GoldRegion]) -> Leakage:
    """How much of the test training has seen, as split and as dealt row by row."""
    asked = [region for region in regions if SPANS in region.asked] or list(regions)
    again, compared = _leaked(asked, [region.split for region in asked])
    row_again, row_compared = _leaked(asked, [_row_split(region.id) for region in asked])
    return Leakage(compared, again, row_compared, row_again)


def _leaked(regions: Sequence[GoldRegion], splits: Sequence[str]) -> tuple[int, int]:
    by: dict[str, list[str]] = {split: [] for split in SPLITS}
    for region, split in zip(regions, splits):
        by[split] += region.text.split("\n")
    return near.said_again(by["test"], by["train"])


def _row_split(identity: str) -> str:
    """A split by the hash of the region alone, in the shares that groups are dealt in."""
    place = int(hashlib.sha256(identity.encode()).hexdigest()[:8], 16) / 2 ** 32
    for split in SPLITS:
        place -= SHARES[split]
        if place < 0:
            return split
    return SPLITS[-1]
