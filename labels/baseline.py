"""How much of a test set is reached without a model: the words that training has seen.

A trained model that does not beat this has learnt no more than a list. Scores are of spans, exact
in place and label; intervals are the percentile bootstrap (B. Efron, 1979) over documents where
the test holds five or more, else over regions, which understates them and is said.
"""
from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Callable, Iterable, Mapping, Sequence

from labels.gold import GoldRegion, GoldSpan
from labels.scoring import Tally

SPANS = "spans"
ROUNDS = 1000
FEWEST_DOCUMENTS = 5

Marker = Callable[[GoldRegion], Iterable[GoldSpan]]


@dataclass(frozen=True, slots=True)
class Score:
    """Micro figures with the 95 % interval of F1. `unit` is what was drawn for it: "documents" or
    "regions", `units` how many there are; `by_label` holds F1 and how many were expected."""

    precision: float
    recall: float
    f1: float
    low: float
    high: float
    unit: str
    units: int
    by_label: Mapping[str, tuple[float, int]]


class Dictionary:
    """Marks what training has marked, the longest first; a surface gets its commonest label, and
    only where training marked it more often than not."""

    def __init__(self, train: Sequence[GoldRegion]) -> None:
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        for region in train:
            for span in region.spans:
                seen[region.text[span.start:span.end]][span.label] += 1
        find = _finder(sorted(seen))
        found = Counter(region.text[start:end] for region in train
                        for start, end in find(region.text))
        self.labels = {surface: min(labels, key=lambda label: (-labels[label], label))
                       for surface, labels in sorted(seen.items())
                       if 2 * labels.total() >= found[surface]}
        self._find = _finder(sorted(self.labels))

    def __call__(self, region: GoldRegion) -> Iterable[GoldSpan]:
        return [GoldSpan(start, end, self.labels[region.text[start:end]])
                for start, end in self._find(region.text)]


def _finder(words: Sequence[str]) -> Callable[[str], list[tuple[int, int]]]:
    """The places of `words` in a text, the leftmost and longest first, none overlapping."""
    import ahocorasick_rs
    if not words:
        return lambda text: []
    automaton = ahocorasick_rs.AhoCorasick(
        list(words), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return lambda text: [(start, end) for _, start, end in
                         automaton.find_matches_as_indexes(text)]


def places(words: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where `words` stand in `text`, the leftmost and longest first, none overlapping."""
    return _finder(words)(text)


def score(regions: Sequence[GoldRegion], mark: Marker, seed: int = 0) -> Score:
    """How well `mark` marks `regions` (those that were asked for spans)."""
    tallies: list[tuple[str, Tally]] = []
    labels: dict[str, Tally] = defaultdict(Tally)
    for region in regions:
        if SPANS not in region.asked:
            continue
        expected, answered = Counter(region.spans), Counter(mark(region))
        right = expected & answered
        tallies.append((region.document, Tally(expected.total(), answered.total(),
                                               right.total())))
        for counts, name in ((expected, "expected"), (answered, "answered"), (right, "right")):
            for span, number in counts.items():
                tally = labels[span.label]
                setattr(tally, name, getattr(tally, name) + number)
    whole = Tally()
    for _, tally in tallies:
        whole += tally
    unit, units = _units(tallies)
    low, high = _interval(units, seed)
    return Score(whole.precision, whole.recall, whole.f1, low, high, unit, len(units),
                 {label: (tally.f1, tally.expected) for label, tally in sorted(labels.items())})


def _units(tallies: Sequence[tuple[str, Tally]]) -> tuple[str, list[Tally]]:
    documents: dict[str, Tally] = defaultdict(Tally)
    for name, tally in tallies:
        documents[name] += tally
    if len(documents) >= FEWEST_DOCUMENTS:
        return "documents", list(documents.values())
    return "regions", [tally for _, tally in tallies]


def _interval(units: Sequence[Tally], seed: int) -> tuple[float, float]:
    if not units:
        return 0.0, 0.0
    draw = random.Random(seed)
    found = []
    for _ in range(ROUNDS):
        total = Tally()
        for tally in draw.choices(units, k=len(units)):
            total += tally
        found.append(total.f1)
    found.sort()
    return found[int(0.025 * ROUNDS)], found[int(0.975 * ROUNDS) - 1]
