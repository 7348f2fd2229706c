"""What became of what rules said, held against gold; and what gold has that no rule said.

A suggestion is *kept* (gold has just that), its *boundary* was corrected (the same label on words
that overlap), its *label* (another label on the same words), *both*, or it was *rejected*: gold has
nothing there. Of relations gold may have the ends with another type or direction (label).
"""
from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import Iterable, Mapping, Sequence

from labels.scoring import wilson

KEPT, BOUNDARY, LABEL, BOTH, REJECTED = "kept", "boundary", "label", "both", "rejected"
OUTCOMES = (KEPT, BOUNDARY, LABEL, BOTH, REJECTED)
# What of gold rules said: just that, something on the same words, or nothing.
FOUND, OTHERWISE, MISSED = "found", "otherwise", "missed"

Marked = tuple[int, int, str]


class Marks:
    """Spans (start, end, label) to be asked what lies over a place; they may overlap."""

    def __init__(self, spans: Iterable[Marked]) -> None:
        self._spans = sorted(set(spans))
        self._starts = [span[0] for span in self._spans]
        self._longest = max((end - start for start, end, _ in self._spans), default=0)

    def over(self, start: int, end: int) -> Sequence[Marked]:
        low = bisect_left(self._starts, start - self._longest)
        high = bisect_left(self._starts, end)
        return [span for span in self._spans[low:high] if span[1] > start]


def outcome(said: Marked, gold: Marks) -> str:
    """What became of a suggested span: one of `OUTCOMES`, the least corrected."""
    start, end, label = said
    over = gold.over(start, end)
    if said in over:
        return KEPT
    if any(other == label for _, _, other in over):
        return BOUNDARY
    if any((low, high) == (start, end) for low, high, _ in over):
        return LABEL
    return BOTH if over else REJECTED


def found(span: Marked, said: Marks) -> str:
    """Whether a span of gold was said: `FOUND`, `OTHERWISE` or `MISSED`."""
    over = said.over(span[0], span[1])
    return FOUND if span in over else OTHERWISE if over else MISSED


@dataclass(frozen=True, slots=True)
class Corrections:
    """How many of a rule's suggestions came to which outcome."""

    kept: int = 0
    boundary: int = 0
    label: int = 0
    both: int = 0
    rejected: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Corrections":
        return cls(*(counts.get(name, 0) for name in OUTCOMES))

    @property
    def judged(self) -> int:
        return self.kept + self.corrected + self.rejected

    @property
    def corrected(self) -> int:
        return self.boundary + self.label + self.both

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval by Wilson of the share kept."""
        return wilson(self.kept, self.judged)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What gold has of one label, and how much of it rules said."""

    found: int = 0
    otherwise: int = 0
    missed: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "Coverage":
        return cls(counts.get(FOUND, 0), counts.get(OTHERWISE, 0), counts.get(MISSED, 0))

    @property
    def gold(self) -> int:
        return self.found + self.otherwise + self.missed


def coverage(gold: Iterable[Marked], said: Marks) -> dict[str, Counter[str]]:
    """By label, how many spans of gold were said and how."""
    counts: dict[str, Counter[str]] = {}
    for span in gold:
        counts.setdefault(span[2], Counter())[found(span, said)] += 1
    return counts
