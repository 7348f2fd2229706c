"""What people said about suggestions: right or wrong, wherever gold or agreed answers exist.

A suggestion is judged where a region that was asked for its kind holds it: it is right if just
that (offsets and label; of relations both ends, type and direction) is in the answer.
"""
from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping

from labels.scoring import Tally
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

    def add(self, row: Row) -> None:
        """Take in one row of `store.ledger.judged_answers`."""
        start, answer = row["start"], json.loads(row["answer"])
        self.regions[row["kind"]].append((start, row["end"]))
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
        if made["kind"] == "class":
            # A region of classes is one paragraph; its answer stands at its start.
            at = self._region("classes", made["start"], made["start"] + 1)
            return None if at is None else (at, made["class_set"], made["label"]) in self.classes
        spans = [(made["start"], made["end"])]
        if made["kind"] == "relation":
            spans.append((made["target_start"], made["target_end"]))
        if self._region("spans", min(s for s, _ in spans), max(e for _, e in spans)) is None:
            return None
        if made["kind"] == "span":
            return (made["start"], made["end"], made["label"]) in self.spans
        return (made["label"], (*spans[0], made["source_label"]),
                (*spans[1], made["target_label"]), made["direction"]) in self.relations

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
    """`tallies`: by rule, how much was judged and right. `by_set`: set → (kind, key) → right."""

    tallies: Mapping[str, Tally]
    by_set: Mapping[int, Mapping[tuple[str, str], bool]]

    def of(self, set_id: int, kind: str, key: str) -> bool | None:
        return self.by_set.get(set_id, {}).get((kind, key))


def verdicts(store: Store) -> Verdicts:
    """All verdicts on the suggestions that count; computed again only where something changed."""
    return _verdicts(store.path, stamp(store))


@lru_cache(maxsize=1)
def _verdicts(path: Path, _stamp: tuple[Any, ...]) -> Verdicts:
    tallies: dict[str, Tally] = defaultdict(Tally)
    by_set: dict[int, Mapping[tuple[str, str], bool]] = {}
    with Store(path) as store:
        judged: dict[int, list[Row]] = defaultdict(list)
        for row in judged_answers(store):
            judged[row["document_id"]].append(row)
        for entry in current_sets(store):
            if entry["document_id"] in judged:
                rows = tuple(tuple(row.items()) for row in judged[entry["document_id"]])
                by_set[entry["id"]], inside = _of_set(path, entry["id"], rows)
                for rule, tally in inside.items():
                    tallies[rule] += tally
    return Verdicts(dict(tallies), by_set)


# A set never changes, so its verdicts are of the answers alone.
@lru_cache(maxsize=4096)
def _of_set(path: Path, set_id: int, rows: tuple[tuple[tuple[str, Any], ...], ...],
            ) -> tuple[Mapping[tuple[str, str], bool], Mapping[str, Tally]]:
    truth = Truth()
    for row in rows:
        truth.add(dict(row))
    said: dict[tuple[str, str], bool] = {}
    tallies: dict[str, Tally] = defaultdict(Tally)
    with Store(path) as store:
        for kind in KINDS:
            for made in made_in(store, set_id, kind):
                right = truth.judge(made)
                if right is not None:
                    said[kind, made["key"]] = right
                    tallies[made["rule"]].answered += 1
                    tallies[made["rule"]].right += right
    return said, dict(tallies)
