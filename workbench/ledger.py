"""The ledger of the rules: what each does, how often, against whom, and how much of it is right."""
from __future__ import annotations

import inspect
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Iterator, Mapping, Sequence

from labels.corrections import OUTCOMES, Corrections, Coverage
from labels.errors import WorkbenchError
from labels.inheritance import SOURCES
from labels.overlays import Demote, Overlay, SwitchOff, change_to_json, parse_overlay
from labels.patterns import PatternRule
from labels.rules import Pack, Rule
from labels.scoring import Tally, scores_to_json, wilson
from workbench import standing
from workbench.effective import base_pack
from workbench.progress import Progress, silent
from workbench.project import Project
from workbench.scoreboard import parse_reference, score_rows
from workbench.store import Row, Store
from workbench.store import ledger as stored
from workbench.store.overlays import newest_overlay
from workbench.verdicts import Verdicts, verdicts

STATES = ("right", "wrong", "unjudged")
# The measures that every project has; a reference file is ``reference-ID``.
DEMO, GOLD, HIDDEN, PROJECT = "demo", "gold", "hidden", "project"


@dataclass(frozen=True, slots=True)
class Share:
    """How much of what a rule answered is right; `low` and `high` are its Wilson interval.

    `other_version` if the rule was another one when it was measured.
    """

    right: int
    answered: int
    other_version: bool = False

    @property
    def share(self) -> float:
        return self.right / self.answered

    @property
    def low(self) -> float:
        return wilson(self.right, self.answered)[0]

    @property
    def high(self) -> float:
        return wilson(self.right, self.answered)[1]


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule. `made` suggestions in `documents` documents; `won` and `lost` count conflicts.

    `state` is on, off or added; `shares` are its measures by name, where it has answered.
    `corrections` are what became in gold of what it says; `demoted` tells why it suggests nothing
    though it is on, `proposed` what the measure asks for instead.
    """

    rule: Rule
    state: str
    version: str
    score: float
    made: int
    documents: int
    won: int
    lost: int
    failed: int
    shares: Mapping[str, Share]
    corrections: Corrections = Corrections()
    demoted: Demote | None = None
    proposed: standing.Proposal | None = None

    @property
    def name(self) -> str:
        return self.rule.name

    @property
    def description(self) -> str:
        return described(self.rule)


def described(rule: Rule) -> str:
    """What its author says of a rule, or its pattern."""
    if isinstance(rule, PatternRule):
        return rule.pattern
    return " ".join((inspect.getdoc(rule.function) or "").split())


@dataclass(frozen=True)
class Ledger:
    """`documents` have suggestions, `due` ones are older than the rules; `refused` are changes of
    the overlay that do not fit the pack any more. `inherited` tells by source what became of what
    passages inherited, `coverage` by (kind, label) what gold has and how much of it rules say."""

    entries: tuple[Entry, ...]
    documents: int
    due: int
    failures: tuple[Row, ...]
    conflicts: tuple[Row, ...]
    references: tuple[Row, ...]
    overlay: Overlay
    refused: Mapping[int, WorkbenchError]
    pack: Pack
    threshold: standing.Threshold
    inherited: Mapping[str, Corrections]
    coverage: Mapping[tuple[str, str], Coverage]

    def inherited_share(self, source: str) -> Share | None:
        """How much of what passages inherited is right, where they were settled themselves."""
        found = self.inherited[source]
        return Share(found.kept, found.judged) if found.judged else None

    def entry(self, name: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.name == name), None)


def ledger(project: Project, store: Store) -> Ledger:
    """The ledger of the project as it stands; quick, however many documents are stored."""
    fitted, base = project.fitted(), base_pack(store)
    pack = fitted.pack
    overlay = parse_overlay(newest_overlay(store)["content"])
    counts, failed = stored.rule_counts(store), stored.failures(store)
    raised = {row["rule"]: row["n"] for row in failed}
    conflicts, references = stored.conflicts(store), stored.references(store)
    won, lost = Counter[str](), Counter[str]()
    for row in conflicts:
        won[row["winner"]] += row["n"]
        lost[row["loser"]] += row["n"]
    said = verdicts(store)
    off = {change.rule for change in overlay.changes if isinstance(change, SwitchOff)}
    demoted = {change.rule: change for change in overlay.changes if isinstance(change, Demote)}
    proposed = {one.rule: one for one in standing.proposals(store, pack)}
    known = {rule.name for rule in base.rules}
    rules = {**{rule.name: rule for rule in base.rules},
             **{rule.name: rule for rule in pack.rules}}
    entries = []
    for name, rule in sorted(rules.items()):
        count = counts.get(name, {"made": 0, "documents": 0})
        version = pack.versions.get(name) or base.versions[name]
        entries.append(Entry(
            replace(rule, target=pack.says(rule)),
            "added" if name not in known else "off" if name in off else "on", version,
            pack.score(name, rule.score), count["made"], count["documents"], won[name],
            lost[name], raised.get(name, 0),
            _shares(name, version, pack, said, references),
            said.corrections.get((name, version), Corrections()),
            demoted.get(name) if name in pack.demoted else None, proposed.get(name)))
    sets = stored.current_sets(store)
    return Ledger(tuple(entries), len(sets), stored.count_due(store, pack.hash), tuple(failed),
                  tuple(conflicts), tuple(references), overlay, fitted.refused, pack,
                  standing.threshold(store),
                  {source: said.corrections.get((source, ""), Corrections())
                   for source in SOURCES}, said.coverage)


def _shares(name: str, version: str, pack: Pack, said: Verdicts,
            references: Sequence[Row]) -> dict[str, Share]:
    found: dict[str, Share] = {}
    measure = pack.measures.get(name)
    if measure is not None and measure.answered:
        found[DEMO] = Share(measure.right, measure.answered, measure.version != version)
    for told, corrections in ((GOLD, said.corrections), (HIDDEN, said.hidden)):
        held = corrections.get((name, version), Corrections())
        if held.judged:
            found[told] = Share(held.kept, held.judged)
    judged = said.tallies.get(name, Tally())
    if judged.answered:
        found[PROJECT] = Share(judged.right, judged.answered)
    for row in references:
        tally = row["scores"] and row["scores"]["scores"]["rules"].get(name)
        if tally and tally["answered"]:
            found[f"reference-{row['id']}"] = Share(
                tally["right"], tally["answered"],
                row["scores"]["versions"].get(name) != version)
    return found


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """The shape of ``workbench rules list``."""
    return {
        "rule": entry.name, "kind": entry.rule.kind, "says": list(entry.rule.target),
        "state": entry.state, "version": entry.version, "priority": entry.rule.priority,
        "declared": entry.rule.score, "score": round(entry.score, 4), "made": entry.made,
        "documents": entry.documents, "won": entry.won, "lost": entry.lost,
        "failed": entry.failed, "does": entry.description,
        "demoted": change_to_json(entry.demoted) if entry.demoted else None,
        "proposed": entry.proposed.action if entry.proposed else None,
        "corrections": {name: getattr(entry.corrections, name) for name in OUTCOMES},
        "right": {name: {"right": share.right, "answered": share.answered,
                         "interval": [round(share.low, 4), round(share.high, 4)],
                         "other_version": share.other_version}
                  for name, share in entry.shares.items()}}


@dataclass(frozen=True, slots=True)
class Place:
    """A suggestion of a rule where it stands; `state` is right, wrong or unjudged."""

    made: Row
    document_id: int
    state: str


def places(store: Store, kind: str, rule: str, state: str | None, limit: int,
           offset: int = 0) -> tuple[list[Place], int]:
    """A page of what `rule` made, of one state or of all, and how many there are of it."""
    said = verdicts(store)
    found: list[Place] = []
    total = 0
    for row in stored.sets_with(store, rule):
        matching = row["made"] if state is None else _count(store, said, row, kind, rule, state)
        first, last = max(0, offset - total), min(matching, offset + limit - total)
        if first < last:
            inside = [place for place in _places(store, said, row, kind, rule)
                      if state in (None, place.state)]
            found.extend(inside[first:last])
        total += matching
    return found, total


def _count(store: Store, said: Verdicts, row: Row, kind: str, rule: str, state: str) -> int:
    """How many of the suggestions of a set are of `state`."""
    if row["id"] not in said.by_set:
        return int(row["made"]) if state == "unjudged" else 0
    return sum(place.state == state for place in _places(store, said, row, kind, rule))


def _places(store: Store, said: Verdicts, row: Row, kind: str, rule: str) -> Iterator[Place]:
    for made in stored.made_in(store, row["id"], kind, rule):
        right = said.of(row["id"], kind, made["key"])
        yield Place(made, row["document_id"],
                    "unjudged" if right is None else "right" if right else "wrong")


def add_reference(store: Store, name: str, content: str, by: str) -> int:
    """Keep a reference file of the project. Raises InputError with its line if it is none."""
    rows = parse_reference(content, name)
    return stored.add_reference(store, name, content, len(rows), by)


def score_stored(project: Project, reference_id: int, progress: Progress = silent) -> float:
    """Score the rules of the project against a stored reference file; the micro F1 of spans."""
    pack = project.pack()
    with project.open() as store:
        content = stored.reference_content(store, reference_id) or ""
        scores = score_rows(parse_reference(content, str(reference_id)), pack,
                            progress=progress)["all"]
        said: dict[str, Any] = {"scores": scores_to_json(scores), "versions": pack.versions}
        stored.save_scores(store, reference_id, pack.hash, said)
    return scores.micro(scores.spans).f1
