"""Two answers to the same words, set side by side: what is the same, and how the rest differs.

Pure. Spans are (start, end, label), offsets are those of the region, end exclusive. An answer is
what `workbench.store.answers` keeps: spans, relations that index them, classes.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Sequence

Span = tuple[int, int, str]
Link = tuple[str, Span, Span, str]      # type, source, target, direction
Answer = Mapping[str, Any]

# The first is an end that is the same; then how many characters it differs by, from … to.
DISTANCES = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 1 << 30))


def spans_in(answer: Answer) -> list[Span]:
    return [(span["start"], span["end"], span["label"]) for span in answer.get("spans", ())]


def links_in(answer: Answer) -> list[Link]:
    spans = spans_in(answer)
    return [(link["type"], spans[link["source"]], spans[link["target"]],
             link.get("direction") or "") for link in answer.get("relations", ())]


@dataclass
class Tally:
    """`said`: by either in all, `same`: of those of the first, `near`: same and overlapping."""

    same: int = 0
    near: int = 0
    said: int = 0


@dataclass
class Compared:
    """What two answers have in common and how they differ.

    `labels` counts (label, label) of spans that stand for each other: overlapping ones of one
    label, then those of two labels that have half of their words or more in common; and
    ("", label) of those that the other has nothing for. `borders` counts (label, start distance,
    end distance) of overlapping spans of one label, as places in `DISTANCES`; `fringes` counts
    (label, words that only one took).
    """

    spans: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    relations: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)
    borders: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    fringes: Counter[tuple[str, str]] = field(default_factory=Counter)


def compare(first: Answer, second: Answer, text: str) -> Compared:
    """Compare two answers to the region whose slice is `text`; the order does not matter."""
    found = Compared()
    one, other = set(spans_in(first)), set(spans_in(second))
    for _, _, label in (*one, *other):
        found.spans[label].said += 1
    for _, _, label in one & other:
        found.spans[label].same += 1
        found.spans[label].near += 1
        found.labels[label, label] += 1
    left, right = sorted(one - other), sorted(other - one)
    moved = overlapping(left, right)
    matched = {span for pair in moved for span in pair}
    renamed = overlapping([span for span in left if span not in matched],
                          [span for span in right if span not in matched], _renamed)
    for mine, theirs in renamed:
        low, high = sorted((mine[2], theirs[2]))
        found.labels[low, high] += 1
    for mine, theirs in moved:
        label = mine[2]
        found.spans[label].near += 1
        found.labels[label, label] += 1
        found.borders[label, distance(mine[0], theirs[0]), distance(mine[1], theirs[1])] += 1
        for words in _fringes(mine, theirs, text):
            found.fringes[label, words] += 1
    matched |= {span for pair in renamed for span in pair}
    for span in (*left, *right):
        if span not in matched:
            found.labels["", span[2]] += 1
    _relations(found, first, second, {mine: theirs for mine, theirs in moved})
    return found


def _moved(mine: Span, theirs: Span) -> bool:
    return mine[2] == theirs[2]


def _renamed(mine: Span, theirs: Span) -> bool:
    """Another label on half of all their words or more."""
    return 2 * _common(mine, theirs) >= max(mine[1], theirs[1]) - min(mine[0], theirs[0])


def _common(mine: Span, theirs: Span) -> int:
    return min(mine[1], theirs[1]) - max(mine[0], theirs[0])


def overlapping(first: Sequence[Span], second: Sequence[Span],
                alike: Callable[[Span, Span], bool] = _moved) -> list[tuple[Span, Span]]:
    """Spans that overlap and are `alike`, by default of one label; each is matched once at most,
    the largest overlap first. The order of the two does not matter."""
    candidates = sorted(
        ((mine, theirs) for mine in first for theirs in second
         if mine[0] < theirs[1] and theirs[0] < mine[1] and alike(mine, theirs)),
        key=lambda pair: (-_common(*pair), *sorted(pair), pair))
    used: set[tuple[int, Span]] = set()
    pairs = []
    for mine, theirs in candidates:
        if (0, mine) not in used and (1, theirs) not in used:
            used |= {(0, mine), (1, theirs)}
            pairs.append((mine, theirs))
    return pairs


def distance(one: int, other: int) -> int:
    """The place in `DISTANCES` of how far two borders are apart."""
    apart = abs(one - other)
    return next(place for place, (low, high) in enumerate(DISTANCES) if low <= apart <= high)


def _fringes(mine: Span, theirs: Span, text: str) -> list[str]:
    starts, ends = sorted((mine[0], theirs[0])), sorted((mine[1], theirs[1]))
    return [words for words in (text[starts[0]:starts[1]], text[ends[0]:ends[1]]) if words]


def _relations(found: Compared, first: Answer, second: Answer,
               moved: Mapping[Span, Span]) -> None:
    """`same` asks for the same ends, `near` takes ends of one label that overlap for the same."""
    one, other = set(links_in(first)), set(links_in(second))
    for link in (*one, *other):
        found.relations[link[0]].said += 1
    for link in one:
        name, source, target, direction = link
        if link in other:
            found.relations[name].same += 1
        if link in other or (name, moved.get(source, source), moved.get(target, target),
                             direction) in other:
            found.relations[name].near += 1
