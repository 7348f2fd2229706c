"""From labels to records and findings: the stage after `suggest`, and the shapes of both as JSON.

Labels are the suggestions, and where a region is settled, its gold in their place: a record is
corrected by correcting its labels.
"""
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Iterable, Sequence

from labels import govdoc
from labels.checks import Figures, confirmed, coverage, run
from labels.document import Document
from labels.records import record_to_json, records
from labels.rules import Evidence, RelationSuggestion, SpanSuggestion
from workbench.checking import finding_to_json
from workbench.progress import Progress, silent
from workbench.store import Row, Store
from workbench.store.derived import Derived, basis_of, save_derived
from workbench.store.documents import document_states, load_document
from workbench.store.gold import settled_regions
from workbench.store.suggestions import current_set, relations_of, spans_of


@dataclass(frozen=True, slots=True)
class Summary:
    """`documents` were derived anew; the other figures are of these."""

    documents: int
    records: int
    holds: int
    broken: int


def derive(store: Store, progress: Progress = silent) -> Summary:
    """Make records and findings of all documents whose labels changed since they were made."""
    documents = [row["id"] for row in document_states(store)]
    gold: dict[int, list[Row]] = {}
    for row in settled_regions(store):
        if row["kind"] == "spans":
            gold.setdefault(row["document_id"], []).append(row)
    done, made, holds, broken = 0, 0, 0, 0
    for position, document_id in enumerate(documents):
        current = current_set(store, document_id)
        settled = gold.get(document_id, [])
        basis = _basis(current, settled)
        if current is None or basis_of(store, document_id) == basis:
            continue
        document = load_document(store, document_id)
        progress(position, len(documents), document.title or document.id)
        derived = _derived(document, _labels(store, document, current, settled), basis)
        save_derived(store, document_id, derived)
        done, made, holds = done + 1, made + len(derived.records), holds + derived.holds
        broken += sum(finding["status"] == "broken" for finding in derived.findings)
    progress(len(documents), len(documents))
    return Summary(done, made, holds, broken)


def _basis(current: Row | None, settled: Iterable[Row]) -> str:
    """Names the labels and the checks that something is derived from."""
    named = f"{govdoc.derivation_hash()} {current['id'] if current else ''}"
    gold = " ".join(str(row["id"]) for row in settled)
    return hashlib.sha256(f"{named} {gold}".encode()).hexdigest()[:16]


def _labels(store: Store, document: Document, current: Row, settled: Sequence[Row]) -> Figures:
    """The spans and relations that count: gold inside settled regions, suggestions elsewhere."""
    inside = [(row["start"], row["end"]) for row in settled]
    spans: list[SpanSuggestion] = []
    places: dict[int, int] = {}
    for row in spans_of(store, current["id"]):
        if not any(start <= row["start"] < end for start, end in inside):
            places[row["position"]] = len(spans)
            spans.append(_span(row["start"], row["end"], row["label"], document))
    links = [_link(places[row["source"]], places[row["target"]], row["type"], row["direction"])
             for row in relations_of(store, current["id"])
             if row["source"] in places and row["target"] in places]
    for row in settled:
        first = len(spans)
        spans += [_span(row["start"] + span["start"], row["start"] + span["end"], span["label"],
                        document) for span in row["answer"]["spans"]]
        links += [_link(first + link["source"], first + link["target"], link["type"],
                        link.get("direction")) for link in row["answer"]["relations"]]
    return _sorted(document, spans, links)


def _sorted(document: Document, spans: list[SpanSuggestion],
            links: list[RelationSuggestion]) -> Figures:
    order = sorted(range(len(spans)), key=lambda place: spans[place].start)
    new = {old: place for place, old in enumerate(order)}
    return Figures(document, tuple(spans[old] for old in order),
                   tuple(link._replace(source=new[link.source], target=new[link.target])
                         for link in links))


def _span(start: int, end: int, label: str, document: Document) -> SpanSuggestion:
    return SpanSuggestion(start, end, label, "", "", 1.0, Evidence(document.text[start:end]))


def _link(source: int, target: int, kind: str, direction: str | None) -> RelationSuggestion:
    return RelationSuggestion(kind, source, target, "", "", 1.0, direction)


def _derived(document: Document, figures: Figures, basis: str) -> Derived:
    judged = run(figures, govdoc.load_checks())
    amounts = amounts_of(figures)
    covered = coverage(amounts, judged)
    held = confirmed(judged)
    return Derived(
        basis=basis, holds=sum(finding.status == "holds" for finding in judged),
        amounts=covered.amounts, checked=covered.checked, confirmed=sorted(held),
        findings=[{**finding_to_json(finding, document.id), "key": finding.key,
                   "start": min((term.start for term in finding.terms), default=0)}
                  for finding in judged if finding.status != "holds"],
        records=[{**record_to_json(record, document.id), "start": record.start}
                 for record in records(figures, govdoc.record_rules())])


_AMOUNTS = frozenset(("MONEY", "PERCENT", "QUANTITY"))


def amounts_of(figures: Figures) -> list[tuple[int, int]]:
    """Every figure that an equation could hold: labelled amounts and figures in cells."""
    places = {(span.start, span.end) for span in figures.spans if span.label in _AMOUNTS}
    places.update((cell.start, cell.end) for table in figures.document.tables
                  for row in table.rows for cell in row if cell.value is not None)
    return sorted(places)
