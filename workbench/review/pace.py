"""How each person works: pace, time against length, and what became of the suggestions they saw."""
from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from typing import Sequence

from labels.inheritance import SOURCES
from workbench.quick_effect import NONE, changed, effects_sent
from workbench.review.pairs import spans_in
from workbench.store import Row, Store
from workbench.store.review import people_answers, suggested_in

# Regions by length, in characters: what is asked at once ends at about 1,500.
LENGTHS = ((0, 250), (250, 500), (500, 1000), (1000, 1 << 30))
# Who leaves a task open over lunch did not work on it; as long as that says nothing of the pace.
LONGEST_SECONDS = 3600.0
# A line through fewer answers says nothing; through more it takes long to find.
LEAST_POINTS, MOST_POINTS = 8, 400


@dataclass(frozen=True, slots=True)
class Suggested:
    """What became of suggested spans: kept as they were, else changed or removed; and the spans
    of the answers that were not suggested just so."""

    shown: int = 0
    untouched: int = 0
    own: int = 0

    @property
    def share(self) -> float | None:
        return self.untouched / self.shown if self.shown else None


@dataclass(frozen=True, slots=True)
class Line:
    """Seconds = `start` + `each` · characters: the line of Theil and Sen, the median of the slopes
    between every two answers, which a few tasks that were left open do not bend. `low` and `high`
    bound `each` at 95 % (Sen, 1968)."""

    start: float
    each: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pace:
    """One person's accepted answers. `per_hour` is characters an hour over all timed answers,
    `by_length` (answers, median seconds) for each of `LENGTHS`, `points` (characters, seconds),
    `line` the time against the length; None for too few answers, or all of one length. `inherited`
    tells of those of the suggestions that came from settled passages."""

    person: str
    answers: int
    timed: int
    characters: int
    per_hour: float | None
    by_length: tuple[tuple[int, float | None], ...]
    points: tuple[tuple[int, float], ...]
    line: Line | None
    suggested: Suggested
    inherited: Suggested = Suggested()


def paces(store: Store) -> tuple[Pace, ...]:
    """The pace of each person, by name, over all regions of spans."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in people_answers(store):
        if row["kind"] == "spans":
            rows[row["person"]].append(row)
    return tuple(_pace(store, person, rows[person]) for person in sorted(rows))


def _pace(store: Store, person: str, rows: Sequence[Row]) -> Pace:
    points = tuple(sorted((row["end"] - row["start"], float(row["lead_time"])) for row in rows
                          if row["lead_time"] and row["lead_time"] <= LONGEST_SECONDS))
    characters, seconds = (sum(values) for values in zip(*points)) if points else (0, 0.0)
    by_length = []
    for low, high in LENGTHS:
        times = [time for length, time in points if low <= length < high]
        by_length.append((len(times), median(times) if times else None))
    return Pace(person, len(rows), len(points), int(characters),
                characters * 3600 / seconds if seconds else None, tuple(by_length), points,
                line(points), suggested(store, rows), inherited(store, rows))


def line(points: Sequence[tuple[int, float]]) -> Line | None:
    """The line through (characters, seconds); of many points, of as many as `MOST_POINTS`, evenly
    taken by length."""
    points = sorted(points)
    if len(points) > MOST_POINTS:
        points = [points[place * len(points) // MOST_POINTS] for place in range(MOST_POINTS)]
    slopes = sorted((later[1] - sooner[1]) / (later[0] - sooner[0])
                    for place, sooner in enumerate(points) for later in points[place + 1:]
                    if later[0] != sooner[0])
    if len(points) < LEAST_POINTS or not slopes:
        return None
    each = median(slopes)
    n = len(points)
    ties = Counter(length for length, _ in points).values()
    spread = 1.96 * ((n * (n - 1) * (2 * n + 5)
                      - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18) ** 0.5
    low = max(0, round((len(slopes) - spread) / 2))
    high = min(len(slopes) - 1, round((len(slopes) + spread) / 2))
    return Line(median(seconds - each * length for length, seconds in points), each,
                slopes[low], slopes[high])


def suggested(store: Store, rows: Sequence[Row]) -> Suggested:
    """What became of the suggestions that were sent with the tasks of these answers; an answer
    whose task is gone, or was sent bare, tells nothing."""
    shown = untouched = own = 0
    decided = effects_sent(store, {row["region_id"]: row["quick"] or 0 for row in rows})
    for row in rows:
        if row["set_id"] is None:
            continue
        offered = changed(suggested_in(store, row["set_id"], row["start"], row["end"]),
                          decided.get(row["region_id"], NONE))
        said = set(spans_in(row["answer"]))
        shown, untouched, own = (shown + len(offered), untouched + len(offered & said),
                                 own + len(said - offered))
    return Suggested(shown, untouched, own)


def inherited(store: Store, rows: Sequence[Row]) -> Suggested:
    """What became of those suggestions that came from settled passages."""
    shown = untouched = 0
    decided = effects_sent(store, {row["region_id"]: row["quick"] or 0 for row in rows})
    for row in rows:
        if row["set_id"] is None:
            continue
        offered = suggested_in(store, row["set_id"], row["start"], row["end"], SOURCES)
        offered &= changed(offered, decided.get(row["region_id"], NONE))
        shown, untouched = (shown + len(offered),
                            untouched + len(offered & set(spans_in(row["answer"]))))
    return Suggested(shown, untouched)
