"""What a change of the rules would do: both states run over stored documents, and the difference.

A suggestion is the same if its offsets and what it says are; which rule says it does not count.
What is gained or lost is right or wrong where people have judged it (`workbench.verdicts`).
"""
from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Callable, Iterator, Mapping, Sequence

from labels import rules
from labels.errors import N_, WorkbenchError
from labels.inheritance import SOURCES
from labels.rules import DEMOTED, Pack, Suggestions
from workbench.progress import Progress, silent
from workbench.store import Row, Store
from workbench.store.documents import document_lengths, load_document
from workbench.store.ledger import made_in
from workbench.store.overlays import MOST_LISTED
from workbench.store.suggestions import current_set
from workbench.verdicts import KINDS, Truth, truths

# Of a store with more text than this a sample is replayed: some ten seconds of work.
MOST_CHARACTERS = 3_000_000


class Stopped(WorkbenchError):
    """The replay was asked to end before it had seen everything."""


@dataclass(frozen=True, slots=True)
class Change:
    """One suggestion `gained` or `lost`; `verdict` is right, wrong or unjudged.

    `kind` is span, relation or class, `label` what it says, `rule` the one that says it (of a
    lost one: that said it). A relation goes from start..end to target_start..target_end.
    """

    change: str
    verdict: str
    kind: str
    label: str
    rule: str
    document_id: int
    start: int
    end: int
    target_start: int | None = None
    target_end: int | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """`counts` maps (change, verdict) to how many; `changes` lists the first `MOST_LISTED` of
    each. `documents` of `all_documents` were replayed, `characters` of `all_characters`."""

    documents: int
    all_documents: int
    characters: int
    all_characters: int
    counts: Mapping[tuple[str, str], int]
    changes: tuple[Change, ...]
    failures: tuple[str, ...]

    def count(self, change: str, verdict: str | None = None) -> int:
        return sum(n for (one, said), n in self.counts.items()
                   if one == change and verdict in (None, said))

    def summary(self) -> dict[str, Any]:
        """The figures as JSON, without the list."""
        return {
            "documents": self.documents, "all_documents": self.all_documents,
            "characters": self.characters, "all_characters": self.all_characters,
            "failures": list(self.failures), "listed": len(self.changes),
            **{change: {verdict: self.counts.get((change, verdict), 0)
                        for verdict in ("right", "wrong", "unjudged")}
               for change in ("gained", "lost")}}


def replay(store: Store, before: Pack, after: Pack, progress: Progress = silent,
           stopped: Callable[[], bool] = lambda: False, most: int = MOST_CHARACTERS) -> Replay:
    """Run `after` over the stored documents and compare with what `before` says of them.

    Suggestions of `before` that are stored are not made again. Raises Stopped as soon as `stopped`
    says so, between two documents.
    """
    lengths = document_lengths(store)
    known = truths(store)
    sample = _sample(lengths, known, most)
    counts: Counter[tuple[str, str]] = Counter()
    listed: list[Change] = []
    failures: dict[str, str] = {}
    for position, row in enumerate(sample):
        progress(position, len(sample), row["title"] or row["name"])
        if stopped():
            raise Stopped(N_("the replay was stopped"))
        document = load_document(store, row["id"])
        new = rules.suggest(document, after)
        old = _stored(store, row["id"], before)
        if old is None:
            old = _items(rules.suggest(document, before))
        truth = known.get(row["id"], Truth())
        failures.update((failure.rule, failure.error) for failure in new.failures)
        for change in _difference(row["id"], old, _items(new), truth):
            counts[change.change, change.verdict] += 1
            if counts[change.change, change.verdict] <= MOST_LISTED:
                listed.append(change)
    progress(len(sample), len(sample))
    return Replay(len(sample), len(lengths), sum(row["length"] for row in sample),
                  sum(row["length"] for row in lengths), counts, tuple(listed),
                  tuple(f"{rule}: {error}" for rule, error in sorted(failures.items())))


def changes_as_rows(changes: Sequence[Change]) -> Iterator[dict[str, Any]]:
    return (asdict(change) for change in changes)


def _sample(lengths: Sequence[Row], known: Mapping[int, Truth], most: int) -> list[Row]:
    """All documents, or `most` characters of them and at least one: first those that people have
    judged, then others in an order that is the same each time but follows nothing else."""
    if sum(row["length"] for row in lengths) <= most:
        return list(lengths)
    order = sorted(lengths, key=lambda row: (
        row["id"] not in known, sha256(row["name"].encode("utf-8", "replace")).hexdigest()))
    kept: list[Row] = []
    room = most
    for row in order:
        if not kept or row["length"] <= room:
            kept.append(row)
            room -= row["length"]
    return sorted(kept, key=lambda row: row["id"])


_Items = dict[tuple[Any, ...], Mapping[str, Any]]


def _stored(store: Store, document_id: int, pack: Pack) -> _Items | None:
    """What `pack` said of a document, if its newest suggestions are of that pack."""
    current = current_set(store, document_id)
    if current is None or current["pack_hash"] != pack.hash:
        return None
    # What rules say, whatever passages inherit beside it.
    return {_key(row): row for kind in KINDS for row in made_in(store, current["id"], kind)
            if row["rule"] not in SOURCES and row["why"] != DEMOTED}


def _items(found: Suggestions) -> _Items:
    """Suggestions in the shape of the rows of `store.ledger.made_in`."""
    rows: list[dict[str, Any]] = []
    for span in found.spans:
        rows.append({"kind": "span", "label": span.label, "rule": span.rule,
                     "start": span.start, "end": span.end})
    for link in found.relations:
        source, target = found.spans[link.source], found.spans[link.target]
        rows.append({"kind": "relation", "label": link.type, "rule": link.rule,
                     "start": source.start, "end": source.end, "target_start": target.start,
                     "target_end": target.end, "direction": link.direction,
                     "source_label": source.label, "target_label": target.label})
    for choice in found.classes:
        rows.append({"kind": "class", "label": choice.choice, "rule": choice.rule,
                     "class_set": choice.class_set, "start": choice.start, "end": choice.end})
    return {_key(row): row for row in rows}


_SAME = ("kind", "start", "end", "label", "target_start", "target_end", "direction",
         "source_label", "target_label", "class_set")


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in _SAME)


def _difference(document_id: int, old: _Items, new: _Items, truth: Truth) -> Iterator[Change]:
    gone = [("lost", row) for key, row in old.items() if key not in new]
    come = [("gained", row) for key, row in new.items() if key not in old]
    for change, row in sorted(gone + come, key=lambda entry: (
            entry[1]["start"], entry[1]["end"], entry[0])):
        said = truth.judge(row)
        verdict = "unjudged" if said is None else "right" if said else "wrong"
        yield Change(change, verdict, row["kind"], row["label"], row["rule"], document_id,
                     row["start"], row["end"], row.get("target_start"), row.get("target_end"))
