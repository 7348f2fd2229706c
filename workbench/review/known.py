"""How people did where a settled region was asked of them again.

Scored is the first answer of each person in such a task, if nobody else had answered in it before,
they had never answered or settled the region themselves, and the region is settled still.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import Any, Mapping, Sequence

from workbench.review.figures import Estimate, estimate, f1, share
from workbench.review.honest_report import LEAST, Speed, enough, items_of, speed
from workbench.review.pairs import compare
from workbench.store import Row, Store
from workbench.store.trials import trial_answers


@dataclass(frozen=True, slots=True)
class LabelScore:
    """A label of spans, or a set of classes (all its choices). `right` of `said`, of `settled` in
    gold."""

    name: str
    right: int
    said: int
    settled: int

    @property
    def f1(self) -> float | None:
        return 2 * self.right / (self.said + self.settled) if self.said + self.settled else None


@dataclass(frozen=True, slots=True)
class Score:
    """One person. `trials` were scored; `had_seen` not, because they knew the region; nor were
    those `left` out: skipped, quarantined, not the first in their task, or without gold by now.

    `exact` and `near` are of spans, the same and overlapping; `classes` the share of paragraphs
    with just the choices of gold.
    """

    person: str
    user_id: int | None
    trials: int
    had_seen: int
    left: int
    exact: Estimate
    near: Estimate
    classes: Estimate
    speed: Speed
    labels: tuple[LabelScore, ...]


def scores(store: Store) -> tuple[Score, ...]:
    """By name: the list ranks nobody."""
    rows: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for verdict, row in sorted_out(trial_answers(store)):
        rows[row["person"]].append((verdict, row))
    return tuple(_score(person, rows[person]) for person in sorted(rows))


def score_of(store: Store, user_id: int) -> Score | None:
    """That of a person here; None if none of their answers was scored."""
    return next((one for one in scores(store) if one.user_id == user_id and one.trials), None)


def sorted_out(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """Each answer with what becomes of it: ``scored``, ``seen`` or ``left``."""
    first: dict[int, Row] = {}
    for row in sorted(rows, key=lambda row: (row["made_at"], row["id"])):
        first.setdefault(row["trial_id"], row)
    told = []
    for row in rows:
        if row["had_seen"]:
            told.append(("seen", row))
        elif row["state"] != "accepted" or row["gold"] is None \
                or first[row["trial_id"]]["id"] != row["id"]:
            told.append(("left", row))
        else:
            told.append(("scored", row))
    return told


def _score(person: str, told: Sequence[tuple[str, Row]]) -> Score:
    scored = [row for verdict, row in told if verdict == "scored"]
    exact: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    near: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    classes: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in scored:
        document = row["document_id"]
        if row["kind"] == "classes":
            classes[document][0] += _items(row, "answer") == _items(row, "gold")
            classes[document][1] += 1
            continue
        for tally in compare(row["answer"], row["gold"], "").spans.values():
            for counts, right in ((exact, tally.same), (near, tally.near)):
                counts[document][0] += right
                counts[document][1] += tally.said
    kinds = Counter(row["kind"] for row in scored)
    verdicts = Counter(verdict for verdict, _ in told)
    return Score(
        person, told[0][1]["user_id"], len(scored), verdicts["seen"], verdicts["left"],
        enough(estimate(exact, f1, kinds["spans"]), LEAST["trials"]),
        enough(estimate(near, f1, kinds["spans"]), LEAST["trials"]),
        enough(estimate(classes, share, kinds["classes"]), LEAST["trials"]),
        speed(scored), _by_label(scored))


def _items(row: Row, which: str) -> frozenset[tuple[Any, ...]]:
    return items_of(row["kind"], row[which])


def _by_label(rows: Sequence[Row]) -> tuple[LabelScore, ...]:
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    settled: Counter[str] = Counter()
    for row in rows:
        name = 2 if row["kind"] == "spans" else 0
        answered, gold = _items(row, "answer"), _items(row, "gold")
        for counts, items in ((right, answered & gold), (said, answered), (settled, gold)):
            counts.update(str(item[name]) for item in items)
    return tuple(LabelScore(label, right[label], said[label], settled[label])
                 for label in sorted({*said, *settled}))


def scores_to_json(found: Sequence[Score]) -> list[Mapping[str, Any]]:
    return [{**asdict(one), "labels": [{**asdict(line), "f1": line.f1} for line in one.labels]}
            for one in found]
