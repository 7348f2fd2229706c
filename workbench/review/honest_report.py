"""What suggestions do to answers: error, speed and agreement where they were shown and where they
were hidden, by person and by rule.

Answers are held to settled gold, where two people or more, or a decision between answers, settled
it: gold of one answer alone says nothing of that answer. An answer to spans is the set of its
(start, end, label), one to classes that of its (set, choice). Figures of too little are left out
(`LEAST`), their counts told.
"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import combinations
from statistics import median
from typing import Any, Callable, Iterable, Mapping, Sequence

from workbench.review.figures import Estimate, Formula, Rows, estimate, f1, share
from workbench.review.pace import LONGEST_SECONDS
from workbench.review.pairs import compare, spans_in
from workbench.store import Row, Store
from workbench.store.honest import (
    documents_of_sets, gold_for_judging, stood, suggested_in_set,
)
from workbench.store.review import people_answers

# Of fewer answers (pairs, suggestions) than that no figure is given.
LEAST = {"answers": 10, "timed": 10, "pairs": 10, "suggestions": 10, "trials": 5}
# So many people have to have settled a region for its gold to be held against their answers.
SETTLERS = 2
WAYS = ("shown", "hidden")

Item = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Speed:
    """The median of the seconds for 1,000 characters, over `n` answers; None for too few."""

    median: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Side:
    """Answers made with suggestions shown, or hidden: `answers` in all, of which `judged` could be
    held to gold. `alike` is the F1 of the pairs of people who both answered that way, apart;
    of classes the share of pairs that chose just the same."""

    answers: int
    judged: int
    precision: Estimate
    recall: Estimate
    exact: Estimate
    near: Estimate
    speed: Speed
    alike: Estimate
    alike_near: Estimate


@dataclass(frozen=True, slots=True)
class Both:
    """`difference` is F1 shown less F1 hidden, of the same documents drawn together."""

    kind: str
    shown: Side
    hidden: Side
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of suggestions on which gold decides, `right` and `wrong` by it.

    `stamped`: of the wrong ones that were shown, the share that stands in the answers; `alone`: of
    the wrong ones that were hidden, the share that people made of their own; `excess` is the
    difference: what was kept only because it was suggested. `kept` and `found` are the same of the
    right ones: where `found` is lower, suggestions help.
    """

    name: str
    right: int
    wrong: int
    stamped: Estimate
    alone: Estimate
    excess: Estimate
    kept: Estimate
    found: Estimate


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    both: tuple[Both, ...]
    taken: Taken


@dataclass(frozen=True, slots=True)
class Report:
    """`unknown` answers were made while it cannot be told what was shown; `alone` ones are to
    regions whose gold was settled by one person, `unsettled` to regions without gold."""

    both: tuple[Both, ...]
    taken: Taken
    rules: tuple[Taken, ...]
    people: tuple[Person, ...]
    unknown: int
    alone: int
    unsettled: int
    least: Mapping[str, int] = field(default_factory=lambda: dict(LEAST))


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer with what it is held to; `items` and those of the gold as sets, `gold` None if
    nothing can be told."""

    row: Row
    way: str
    items: frozenset[Item]
    gold: Row | None
    right: frozenset[Item]
    suggested: tuple[tuple[str, Item], ...]     # (rule, item)


def honest_report(store: Store) -> Report:
    """All figures of the project, worked out anew."""
    rows, gold = people_answers(store), gold_for_judging(store)
    told = [row for row in rows if row["hidden"] is not None and row["seen_set"] is not None]
    reader = _Suggestions(store)
    answers = [_answer(row, gold.get(row["region_id"]), reader) for row in told]
    people = sorted({one.row["person"] for one in answers})
    tallies = _tallies(answers)
    return Report(
        _sides(answers), _all(tallies).taken(""), tuple(sorted(
            (tally.taken(rule) for rule, tally in tallies.items()),
            key=lambda one: (-one.wrong, -one.right, one.name))),
        tuple(Person(name, _sides(own), _all(_tallies(own)).taken(name)) for name in people
              for own in [[one for one in answers if one.row["person"] == name]]),
        len(rows) - len(told),
        sum(one.gold is None and one.row["region_id"] in gold for one in answers),
        sum(one.row["region_id"] not in gold for one in answers))


class _Suggestions:
    """What was suggested for the regions of answers, cut out of the sets they were made before.
    Answers come in the order of documents, so few sets are held at a time."""

    def __init__(self, store: Store) -> None:
        self.moved, self.document = stood(store), documents_of_sets(store)
        self.of_set = lru_cache(maxsize=8)(lambda set_id: suggested_in_set(store, set_id))

    def of(self, row: Row) -> tuple[tuple[str, Item], ...]:
        place = row["start"], row["end"]
        document = self.document[row["seen_set"]]
        if document != row["document_id"]:
            # The region went with its text to a newer version of its document.
            place = self.moved.get((row["region_id"], document), place)
        start, end = place
        inside = [one for one in self.of_set(row["seen_set"]) if one["kind"] == row["kind"]
                  and start <= one["start"] and one["end"] <= end]
        if row["kind"] == "spans":
            return tuple((one["rule"], (one["start"] - start, one["end"] - start, one["said"]))
                         for one in inside)
        return tuple((one["rule"], tuple(one["said"].split("=", 1))) for one in inside
                     if one["start"] == start)


def items_of(kind: str, answer: Mapping[str, Any]) -> frozenset[Item]:
    """What an answer says, as a set."""
    if kind == "spans":
        return frozenset(spans_in(answer))
    return frozenset((name, choice) for name, chosen in answer["classes"].items()
                     for choice in chosen)


def _answer(row: Row, gold: Row | None, reader: _Suggestions) -> _Answer:
    judged = gold if gold is not None and (
        gold["decided"] or len(set(gold["annotators"])) >= SETTLERS) else None
    return _Answer(row, "hidden" if row["hidden"] else "shown",
                   items_of(row["kind"], row["answer"]), judged,
                   items_of(row["kind"], judged["answer"]) if judged else frozenset(),
                   reader.of(row))


# --- both sides ----------------------------------------------------------------------------------

def _sides(answers: Sequence[_Answer]) -> tuple[Both, ...]:
    found = []
    for kind in ("spans", "classes"):
        by_way = {way: [one for one in answers if one.way == way and one.row["kind"] == kind]
                  for way in WAYS}
        if any(by_way.values()):
            found.append(Both(kind, _side(kind, by_way["shown"]), _side(kind, by_way["hidden"]),
                              _difference(by_way)))
    return tuple(found)


def _side(kind: str, answers: Sequence[_Answer]) -> Side:
    judged = [one for one in answers if one.gold is not None]
    counted = Counted(judged)
    exact, near = _alike(kind, answers)
    return Side(
        len(answers), len(judged),
        counted.figure(share, lambda one: (len(one.items & one.right), len(one.items))),
        counted.figure(share, lambda one: (len(one.items & one.right), len(one.right))),
        counted.figure(f1, _same), counted.figure(f1, _near), speed(one.row for one in answers),
        exact, near)


def _same(one: _Answer) -> tuple[float, float]:
    return len(one.items & one.right), len(one.items) + len(one.right)


def _near(one: _Answer) -> tuple[float, float]:
    if one.row["kind"] != "spans" or one.gold is None:
        return _same(one)
    tallies = compare(one.row["answer"], one.gold["answer"], "").spans.values()
    return sum(tally.near for tally in tallies), sum(tally.said for tally in tallies)


@dataclass(frozen=True, slots=True)
class Counted:
    """Answers whose counts are added up by document; a figure of too few is not given."""

    answers: Sequence[_Answer]

    def figure(self, formula: Formula,
               count: Callable[[_Answer], tuple[float, ...]]) -> Estimate:
        rows: dict[int, list[float]] = {}
        for one in self.answers:
            _add(rows, one.row["document_id"], count(one))
        return enough(estimate(rows, formula, len(self.answers)), LEAST["answers"])


def enough(figure: Estimate, least: int) -> Estimate:
    """The figure, or none with its counts where it is of too little."""
    return figure if figure.n >= least else Estimate(None, None, None, figure.n, figure.documents)


def speed(rows: Iterable[Row]) -> Speed:
    """Of answers with `lead_time` and a place; a task that was open for longer than an hour does
    not count (see `workbench.review.pace`)."""
    times = [1000 * row["lead_time"] / (row["end"] - row["start"]) for row in rows
             if row["lead_time"] and row["lead_time"] <= LONGEST_SECONDS]
    return Speed(median(times) if len(times) >= LEAST["timed"] else None, len(times))


def _difference(by_way: Mapping[str, Sequence[_Answer]]) -> Estimate:
    rows: dict[int, list[float]] = {}
    judged = {way: [one for one in by_way[way] if one.gold is not None] for way in WAYS}
    for way, answers in judged.items():
        for one in answers:
            counts = _same(one)
            _add(rows, one.row["document_id"],
                 (*counts, 0, 0) if way == "shown" else (0, 0, *counts))
    fewest = min(len(judged[way]) for way in WAYS)
    found = enough(estimate(rows, _less(f1), fewest), LEAST["answers"])
    return found


def _less(formula: Formula) -> Formula:
    """The formula of the first two counts less that of the other two."""
    def both(rows: Rows) -> Rows:
        return formula(rows[..., :2]) - formula(rows[..., 2:])
    return both


def _alike(kind: str, answers: Sequence[_Answer]) -> tuple[Estimate, Estimate]:
    """How far two people agree who both answered that way without seeing each other's answers."""
    regions: dict[int, list[_Answer]] = defaultdict(list)
    for one in answers:
        if one.row["blind"]:
            regions[one.row["region_id"]].append(one)
    exact: dict[int, list[float]] = {}
    near: dict[int, list[float]] = {}
    pairs = 0
    for same in regions.values():
        for one, other in combinations(same, 2):
            pairs += 1
            document = one.row["document_id"]
            if kind == "classes":
                _add(exact, document, (one.items == other.items, 1))
                continue
            tallies = compare(one.row["answer"], other.row["answer"], "").spans.values()
            said = sum(tally.said for tally in tallies)
            _add(exact, document, (sum(tally.same for tally in tallies), said))
            _add(near, document, (sum(tally.near for tally in tallies), said))
    formula = share if kind == "classes" else f1
    return (enough(estimate(exact, formula, pairs), LEAST["pairs"]),
            enough(estimate(near, formula, pairs), LEAST["pairs"]))


def _add(rows: dict[int, list[float]], document: int, counts: tuple[float, ...]) -> None:
    row = rows.setdefault(document, [0.0] * len(counts))
    rows[document] = [old + new for old, new in zip(row, counts)]


# --- what became of suggestions ------------------------------------------------------------------

class _Tally:
    """Suggestions that gold judges, by what was done with them, and whether they are right: of each
    document [in the answer, all]."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, bool], dict[int, list[float]]] = {
            (way, right): {} for way in WAYS for right in (True, False)}

    def add(self, way: str, right: bool, document: int, counts: tuple[float, ...]) -> None:
        _add(self.rows[way, right], document, counts)

    def count(self, way: str, right: bool) -> int:
        return int(sum(row[1] for row in self.rows[way, right].values()))

    def _share(self, way: str, right: bool) -> Estimate:
        return enough(estimate(self.rows[way, right], share, self.count(way, right)),
                      LEAST["suggestions"])

    def _excess(self) -> Estimate:
        shown, hidden = self.rows["shown", False], self.rows["hidden", False]
        rows = {document: [*shown.get(document, (0, 0)), *hidden.get(document, (0, 0))]
                for document in {*shown, *hidden}}
        fewer = min(self.count(way, False) for way in WAYS)
        return enough(estimate(rows, _less(share), fewer), LEAST["suggestions"])

    def taken(self, name: str) -> Taken:
        return Taken(
            name, sum(self.count(way, True) for way in WAYS),
            sum(self.count(way, False) for way in WAYS),
            self._share("shown", False), self._share("hidden", False), self._excess(),
            self._share("shown", True), self._share("hidden", True))


def _tallies(answers: Sequence[_Answer]) -> dict[str, _Tally]:
    """By rule, what became of its suggestions in the answers that gold judges."""
    found: dict[str, _Tally] = defaultdict(_Tally)
    for one in answers:
        if one.gold is not None:
            for rule, item in one.suggested:
                found[rule].add(one.way, item in one.right, one.row["document_id"],
                                (item in one.items, 1))
    return found


def _all(tallies: Mapping[str, _Tally]) -> _Tally:
    whole = _Tally()
    for tally in tallies.values():
        for (way, right), rows in tally.rows.items():
            for document, counts in rows.items():
                whole.add(way, right, document, tuple(counts))
    return whole


def report_to_json(report: Report, names: bool = True) -> dict[str, Any]:
    """One object; without `names` nothing is told of single people."""
    plain = asdict(report)
    if not names:
        del plain["people"]
    return plain
