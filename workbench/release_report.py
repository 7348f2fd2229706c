"""What is told of a release: all figures of its report, of the page, the card and the JSON.

Rule acceptance, agreement and findings are those of the project when the report is made; the rest
is of the release alone and never changes. So a report is kept as it was made (`kept_report`), and
made anew only when somebody asks for it or other code would make another one.
"""
from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Mapping, Sequence

from labels.baseline import Dictionary, Score, score
from labels.gold import GoldRegion, GoldRelease, GoldSpan
from labels.release_figures import LENGTHS, Figures, figures
from labels.rules import Pack
from labels.scoring import wilson
from workbench.clock import now
from workbench.grouping import ties_asked
from workbench.store import Row, Store
from workbench.store.derived import findings
from workbench.store.gold import check_seal, whole_release
from workbench.store.ledger import current_sets, made_in
from workbench.store.reports import basis_now, keep, kept
from workbench.store.withdrawals import release_notes
from workbench.verdicts import verdicts

RULES_SHOWN = 40
# What of agreement is told: no pairs, which are people by name.
GROUPS = ("span", "relation", "class")
# Of a report as it is kept. Another one wherever what is told, or how it is counted, is changed.
SHAPE = "3"


@dataclass(frozen=True, slots=True)
class Frozen:
    """What of a release is told at the head of its report."""

    number: int
    hash: str
    project: str
    created: str
    schema: str
    schema_version: str
    schema_hash: str


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
class Interval:
    """A figure and its 95 % interval by document; None where it is not defined, or for too few
    documents."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far people agree on one thing: `group` is "span", "relation" or "class"; `name` is empty
    for all spans or relations together, else a label, a type, ``set`` or ``set=choice``. `count`
    is how many were said by either of two, over all pairs of people; of classes, how many
    paragraphs were compared. `figures` are by the names of `review.agreement.figures`."""

    group: str
    name: str
    count: int
    figures: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Report:
    """`baselines` are (name, score) on the test split: "dictionary" and, where suggestions are
    stored for it, "rules". None of what could not be counted. `overlap` counts the regions that
    several people answered blind, by kind; `peers` are these people. `ties` are what kept documents
    together. `made_at` is when all this was counted."""

    release: Frozen
    figures: Figures
    sources: tuple[Source, ...]
    annotators: int
    notes: tuple[Mapping[str, Any], ...]
    baselines: tuple[tuple[str, Score], ...]
    acceptance: tuple[Acceptance, ...]
    accepted: Acceptance
    findings: tuple[Open, ...]
    agreement: tuple[Agreed, ...]
    overlap: Mapping[str, int]
    peers: int
    ties: tuple[str, ...]
    made_at: str

    def agreed(self, group: str) -> list[Agreed]:
        return [one for one in self.agreement if one.group == group]


@dataclass(frozen=True, slots=True)
class Kept:
    """A report as it is kept; `due` if answers, gold, suggestions or findings have changed since
    it was made, so that making it anew would tell of them."""

    report: Report
    due: bool


def kept_report(store: Store, pack: Pack, number: int, anew: bool = False) -> Kept:
    """The report of release `number`: the one that is kept, else (or if `anew`) made and kept now.

    Quick where one is kept: the rows of the release are hashed, not read. Raises ExportError if
    there is no such release, or it was edited.
    """
    check_seal(store, number)
    row = None if anew else kept(store, number)
    if row is not None and row["shape"] == SHAPE:
        return Kept(_adapter().validate_json(row["content"]), row["basis"] != basis_now(store))
    basis = basis_now(store)
    content = _adapter().dump_json(report(store, pack, number)).decode("utf-8")
    keep(store, number, SHAPE, basis, content)
    return Kept(_adapter().validate_json(content), False)


def _adapter() -> Any:
    """Reads and writes a `Report` as JSON."""
    from pydantic import TypeAdapter
    return TypeAdapter(Report)


def report(store: Store, pack: Pack, number: int) -> Report:
    """All figures of release `number`, counted now. Raises ExportError as `kept_report`."""
    release = whole_release(store, number)
    rows = store.rows("SELECT DISTINCT q.document_id FROM release_regions q WHERE q.number = ?",
                      [number])
    ids = [row["document_id"] for row in rows]
    acceptance, accepted = _acceptance(store)
    agreement, overlap, peers = _agreement(store, pack)
    return Report(
        Frozen(release.number, release.hash, release.project, release.created,
               release.schema_name, release.schema_version, release.schema_hash),
        figures(release), _sources(store, release, ids),
        len({name for region in release.regions for name in region.annotators}),
        tuple(release_notes(store, number)), _baselines(store, release), acceptance, accepted,
        _findings(store, ids), agreement, overlap, peers,
        ties_asked(store), now())


def report_to_json(found: Report) -> dict[str, Any]:
    """The shape of ``workbench releases report --output F.json``."""
    return {
        **asdict(found),
        "figures": {**asdict(found.figures), "length_classes": list(LENGTHS)},
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


def _agreement(store: Store, pack: Pack) -> tuple[tuple[Agreed, ...], Mapping[str, int], int]:
    """Of answers that were made blind, over the whole project; nothing where nobody met. People
    and pairs of them stay in the workbench: a report is given away."""
    from workbench.review import agreement as review  # it imports NumPy
    found = review.agreement(store, pack.schema)
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for group, name, measure, one in review.figures(found):
        if group in GROUPS and one.n:
            lines.setdefault((group, "" if name == "all" else name), {})[measure] = one
    # Of classes α counts the paragraphs, of spans and relations F1 what was said in all pairs.
    return (tuple(Agreed(group, name, line["alpha" if group == "class" else "F1"].n,
                         {measure: Interval(one.value, one.low, one.high)
                          for measure, one in line.items()})
                  for (group, name), line in lines.items()), found.regions, len(found.people))
