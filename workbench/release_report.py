"""What is told of a release: all figures of its report, of the page, the card and the JSON.

What depends on the store as it is now (rule acceptance, agreement, findings) is named as of now;
the rest is of the release alone and never changes.
"""
from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Sequence

from labels.baseline import Dictionary, Score, score
from labels.gold import GoldRegion, GoldRelease, GoldSpan
from labels.release_figures import LENGTHS, Figures, figures
from labels.rules import Pack
from labels.scoring import wilson
from workbench.store import Row, Store
from workbench.store.derived import findings
from workbench.store.gold import whole_release
from workbench.store.ledger import current_sets, made_in
from workbench.store.withdrawals import release_notes
from workbench.verdicts import verdicts

RULES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Source:
    """A document of the release: where it is from and where it went. `type` is the reader's."""

    name: str
    title: str
    source: str
    type: str
    date: str | None
    version: int
    group: str
    split: str
    regions: int
    characters: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How many suggestions of a rule people answered, and how many of them they left as they
    were; `low` and `high` are the Wilson interval of that share."""

    rule: str
    answered: int
    right: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Open:
    """Broken equations without an answer in one document."""

    document: str
    document_id: int
    count: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """Agreement of people on one label (`name` empty: all labels): exact F1 and its interval."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """`baselines` are (name, score) on the test split: "dictionary" and, where suggestions are
    stored for it, "rules". None of what could not be counted."""

    release: GoldRelease
    figures: Figures
    sources: tuple[Source, ...]
    annotators: int
    notes: tuple[Row, ...]
    baselines: tuple[tuple[str, Score], ...]
    acceptance: tuple[Acceptance, ...]
    accepted: Acceptance
    findings: tuple[Open, ...]
    agreement: tuple[Agreed, ...]


def report(store: Store, pack: Pack, number: int) -> Report:
    """All figures of release `number`. Raises ExportError if there is none, or it was edited."""
    release = whole_release(store, number)
    rows = store.rows("SELECT DISTINCT q.document_id FROM release_regions q WHERE q.number = ?",
                      [number])
    ids = [row["document_id"] for row in rows]
    acceptance, accepted = _acceptance(store)
    return Report(
        release, figures(release), _sources(store, release, ids),
        len({name for region in release.regions for name in region.annotators}),
        tuple(release_notes(store, number)), _baselines(store, release), acceptance, accepted,
        _findings(store, ids), _agreement(store, pack))


def report_to_json(found: Report) -> dict[str, Any]:
    """The shape of ``workbench releases report --output F.json``."""
    release = found.release
    return {
        "release": {"number": release.number, "hash": release.hash, "project": release.project,
                    "created": release.created, "schema": release.schema_name,
                    "schema_version": release.schema_version, "schema_hash": release.schema_hash},
        "figures": {**asdict(found.figures), "length_classes": list(LENGTHS)},
        "annotators": found.annotators, "notes": list(found.notes),
        **{name: [asdict(one) for one in getattr(found, name)]
           for name in ("sources", "acceptance", "findings", "agreement")},
        "accepted": asdict(found.accepted),
        "baselines": {name: asdict(figure) for name, figure in found.baselines}}


def _sources(store: Store, release: GoldRelease, ids: Sequence[int]) -> tuple[Source, ...]:
    of: dict[str, list[GoldRegion]] = {}
    for region in release.regions:
        of.setdefault(region.document, []).append(region)
    marks = ", ".join("?" * len(ids))
    rows = store.rows(f"SELECT name, title, source, type, date, version FROM documents"
                      f" WHERE id IN ({marks}) ORDER BY name, version", ids)
    return tuple(Source(row["name"], row["title"], row["source"], row["type"], row["date"],
                        row["version"], of[row["name"]][0].group, of[row["name"]][0].split,
                        len(of[row["name"]]), sum(len(one.text) for one in of[row["name"]]))
                 for row in rows)


def _baselines(store: Store, release: GoldRelease) -> tuple[tuple[str, Score], ...]:
    test = [region for region in release.split("test") if "spans" in region.asked]
    if not test:
        return ()
    found = [("dictionary", score(test, Dictionary(release.split("train"))))]
    suggested = _suggested(store, release)
    known = [region for region in test if region.id in suggested]
    if len(known) == len(test):
        found.append(("rules", score(test, lambda region: suggested[region.id])))
    return tuple(found)


def _suggested(store: Store, release: GoldRelease) -> dict[str, list[GoldSpan]]:
    """What the rules suggest now for each region of the test, where they were run on it."""
    sets = {row["document_id"]: row["id"] for row in current_sets(store)}
    documents = [row["document_id"] for row in store.rows(
        "SELECT document_id FROM release_regions WHERE number = ? ORDER BY position",
        [release.number])]
    made: dict[int, list[Row]] = {}
    found: dict[str, list[GoldSpan]] = {}
    for region, document in zip(release.regions, documents):
        if region.split != "test" or document not in sets:
            continue
        if document not in made:
            made[document] = made_in(store, sets[document], "span")
        found[region.id] = [
            GoldSpan(row["start"] - region.start, row["end"] - region.start, row["label"])
            for row in made[document]
            if region.start <= row["start"] and row["end"] <= region.end]
    return found


def _acceptance(store: Store) -> tuple[tuple[Acceptance, ...], Acceptance]:
    tallies = {rule: tally for rule, tally in verdicts(store).tallies.items() if tally.answered}
    found = [Acceptance(rule, tally.answered, tally.right, *wilson(tally.right, tally.answered))
             for rule, tally in tallies.items()]
    found.sort(key=lambda one: (-one.answered, one.rule))
    answered, right = (sum(getattr(one, name) for one in found) for name in ("answered", "right"))
    return tuple(found[:RULES_SHOWN]), Acceptance("", answered, right, *wilson(right, answered))


def _findings(store: Store, ids: Sequence[int]) -> tuple[Open, ...]:
    """Broken equations of the documents of the release that nobody has answered."""
    counts = Counter((row["name"], row["document_id"]) for row in findings(store, "open")
                     if row["document_id"] in set(ids))
    return tuple(Open(name, document, count) for (name, document), count in sorted(counts.items()))


def _agreement(store: Store, pack: Pack) -> tuple[Agreed, ...]:
    """Exact F1 of answers that were made blind, over the whole project; none where nobody met."""
    from workbench.review.agreement import agreement  # it imports NumPy
    return tuple(Agreed(line.name, line.exact.value, line.exact.low, line.exact.high, line.exact.n)
                 for line in agreement(store, pack.schema).spans if line.exact.n)
