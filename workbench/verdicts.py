"""What people said about suggestions: right or wrong, wherever gold or agreed answers exist.

A suggestion is judged where a region that was asked for its kind holds it: it is right if just
that (offsets and label; of relations both ends, type and direction) is in the answer. Held against
gold alone it is told what became of it (`labels.corrections`), and what gold has that no rule said.
What nobody was shown is judged like the rest; what is inherited is counted under its source, and
never as what a rule said.
"""
from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping, Sequence

from labels.corrections import (
    FOUND, KEPT, LABEL, MISSED, REJECTED, Corrections, Coverage, Marks, coverage, outcome,
)
from labels.inheritance import SOURCES
from labels.rules import DEMOTED
from labels.scoring import Tally
from workbench.effective import names_asked
from workbench.store import Row, Store
from workbench.store.ledger import current_sets, judged_answers, made_in, stamp

KINDS = ("span", "relation", "class")


@dataclass
class Truth:
    """The judged regions of one document."""

    regions: dict[str, list[tuple[int, int]]] = field(
        default_factory=lambda: {"spans": [], "classes": []})
    spans: set[tuple[int, int, str]] = field(default_factory=set)
    relations: set[tuple[Any, ...]] = field(default_factory=set)
    classes: set[tuple[int, str, str]] = field(default_factory=set)
    asked: dict[tuple[str, int], frozenset[str] | None] = field(default_factory=dict)

    def add(self, row: Row, asked: frozenset[str] | None = None) -> None:
        """Take in one row of `store.ledger.judged_answers`; `asked` are the names that the schema
        had then, if that is known."""
        start, answer = row["start"], json.loads(row["answer"])
        self.regions[row["kind"]].append((start, row["end"]))
        self.asked[row["kind"], start] = asked
        if row["kind"] == "classes":
            self.classes.update((start, name, choice) for name, chosen in
                                answer["classes"].items() for choice in chosen)
            return
        spans = [(start + span["start"], start + span["end"], span["label"])
                 for span in answer["spans"]]
        self.spans.update(spans)
        self.relations.update(
            (link["type"], spans[link["source"]], spans[link["target"]], link.get("direction"))
            for link in answer["relations"])

    def judge(self, made: Mapping[str, Any]) -> bool | None:
        """Whether a row of `store.ledger.made_in` is right; None where nobody judged it."""
        said = self.item(made)
        if said is None or made["kind"] == "span":
            return None if said is None else said in self.spans
        return said in (self.classes if made["kind"] == "class" else self.relations)

    def item(self, made: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """A row as it would stand among what was answered; None where nobody judged it."""
        if made["kind"] == "class":
            # A region of classes is one paragraph; its answer stands at its start.
            at = self._region("classes", made["start"], made["start"] + 1)
            return None if at is None else (at, made["class_set"], made["label"])
        spans = [(made["start"], made["end"])]
        if made["kind"] == "relation":
            spans.append((made["target_start"], made["target_end"]))
        if self._region("spans", min(s for s, _ in spans), max(e for _, e in spans)) is None:
            return None
        if made["kind"] == "span":
            return made["start"], made["end"], made["label"]
        return (made["label"], (*spans[0], made["source_label"]),
                (*spans[1], made["target_label"]), made["direction"])

    def knows(self, made: Mapping[str, Any]) -> bool:
        """Whether the region that a row begins in was asked for what the row says."""
        kind, name = ("classes", made["class_set"]) if made["kind"] == "class" else (
            "spans", made["label"])
        at = self._region(kind, made["start"], made["start"] + 1)
        asked = None if at is None else self.asked[kind, at]
        return asked is None or name in asked

    def _region(self, kind: str, start: int, end: int) -> int | None:
        """Where the region begins that holds start..end; regions of a kind do not overlap."""
        regions = self.regions[kind]
        place = bisect_right(regions, start, key=lambda region: region[0]) - 1
        return regions[place][0] if place >= 0 and end <= regions[place][1] else None


def truths(store: Store) -> dict[int, Truth]:
    """By document, what people have judged there."""
    found: dict[int, Truth] = defaultdict(Truth)
    for row in judged_answers(store):
        found[row["document_id"]].add(row)
    return dict(found)


@dataclass(frozen=True)
class Verdicts:
    """`tallies`: by rule, how much was judged and right. `by_set`: set → (kind, key) → right.

    Held against gold alone: `corrections` by (rule, version), of what is inherited by (source, ""),
    and `hidden`, the same of gold whose answers were made with the suggestions hidden;
    `coverage` by (kind, label): what gold has, and how much of it rules say that suggest.
    """

    tallies: Mapping[str, Tally]
    by_set: Mapping[int, Mapping[tuple[str, str], bool]]
    corrections: Mapping[tuple[str, str], Corrections]
    hidden: Mapping[tuple[str, str], Corrections]
    coverage: Mapping[tuple[str, str], Coverage]

    def of(self, set_id: int, kind: str, key: str) -> bool | None:
        return self.by_set.get(set_id, {}).get((kind, key))


def verdicts(store: Store) -> Verdicts:
    """All verdicts on the suggestions that count; computed again only where something changed."""
    return _verdicts(store.path, stamp(store))


_Counts = Mapping[tuple[str, str], Counter[str]]


@dataclass(frozen=True, slots=True)
class _OfSet:
    said: Mapping[tuple[str, str], bool]
    tallies: Mapping[str, Tally]
    outcomes: _Counts
    hidden: _Counts
    coverage: _Counts


@lru_cache(maxsize=1)
def _verdicts(path: Path, _stamp: tuple[Any, ...]) -> Verdicts:
    tallies: dict[str, Tally] = defaultdict(Tally)
    by_set: dict[int, Mapping[tuple[str, str], bool]] = {}
    outcomes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    unseen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    covered: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    with Store(path) as store:
        judged: dict[int, list[Row]] = defaultdict(list)
        for row in judged_answers(store):
            judged[row["document_id"]].append(row)
        for entry in current_sets(store):
            if entry["document_id"] in judged:
                rows = tuple(tuple(row.items()) for row in judged[entry["document_id"]])
                found = _of_set(path, entry["id"], rows)
                by_set[entry["id"]] = found.said
                for rule, tally in found.tallies.items():
                    tallies[rule] += tally
                for total, part in ((outcomes, found.outcomes), (unseen, found.hidden),
                                    (covered, found.coverage)):
                    for key, counts in part.items():
                        total[key].update(counts)
    return Verdicts(dict(tallies), by_set,
                    {key: Corrections.of(counts) for key, counts in outcomes.items()},
                    {key: Corrections.of(counts) for key, counts in unseen.items()},
                    {key: Coverage.of(counts) for key, counts in covered.items()})


# A set never changes, so its verdicts are of the answers alone.
@lru_cache(maxsize=4096)
def _of_set(path: Path, set_id: int, rows: tuple[tuple[tuple[str, Any], ...], ...]) -> _OfSet:
    truth, gold, hidden = Truth(), Truth(), Truth()
    with Store(path) as store:
        for row in map(dict, rows):
            truth.add(row)
            if row["gold"]:
                gold.add(row, names_asked(store, row["schema_version"]))
            if row["hidden"]:
                hidden.add(row, names_asked(store, row["schema_version"]))
    said: dict[tuple[str, str], bool] = {}
    tallies: dict[str, Tally] = defaultdict(Tally)
    with Store(path) as store:
        all_made = [made for kind in KINDS for made in made_in(store, set_id, kind)]
    for made in all_made:
        right = truth.judge(made)
        if right is not None:
            said[made["kind"], made["key"]] = right
            tallies[made["rule"]].answered += 1
            tallies[made["rule"]].right += right
    return _OfSet(said, dict(tallies), _outcomes(gold, all_made), _outcomes(hidden, all_made),
                  _coverage(gold, all_made))


def _outcomes(gold: Truth, all_made: Sequence[Row]) -> _Counts:
    """What became of each suggestion in settled regions, by its rule and version.

    What was settled before the schema knew a name says nothing of it.
    """
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    marks = Marks(gold.spans)
    linked = {(source[:2], target[:2]) for _, source, target, _ in gold.relations}
    classed = {(start, name) for start, name, _ in gold.classes}
    for made in all_made:
        item = gold.item(made)
        if item is None or not gold.knows(made):
            continue
        if made["kind"] == "span":
            became = outcome((item[0], item[1], item[2]), marks)
        elif made["kind"] == "class":
            became = KEPT if item in gold.classes else \
                LABEL if item[:2] in classed else REJECTED
        else:
            became = KEPT if item in gold.relations else \
                LABEL if (item[1][:2], item[2][:2]) in linked else REJECTED
        version = "" if made["rule"] in SOURCES else made["version"]
        counts[made["rule"], version][became] += 1
    return dict(counts)


def _coverage(gold: Truth, all_made: Sequence[Row]) -> _Counts:
    """What gold has, by kind and name, and how much of it rules say that may suggest."""
    items = [(made["kind"], item) for made in all_made if made["rule"] not in SOURCES
             and made["why"] != DEMOTED and (item := gold.item(made)) is not None]
    marks = Marks((item[0], item[1], item[2]) for kind, item in items if kind == "span")
    counts = {("span", label): found for label, found in coverage(gold.spans, marks).items()}
    links = {item for kind, item in items if kind == "relation"}
    votes = {item for kind, item in items if kind == "class"}
    for kind, name, there in (
            *(("relation", link[0], link in links) for link in gold.relations),
            *(("class", vote[2], vote in votes) for vote in gold.classes)):
        counts.setdefault((kind, name), Counter())[FOUND if there else MISSED] += 1
    return counts
