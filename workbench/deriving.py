"""From labels to records and findings: the stage after `suggest` and `settle`.

It can be repeated and be killed at any time: what a document's records and findings were made from
is kept with them (their basis), and what was made from something else is due. Labels are the
suggestions, and in their place what is settled or would be, were it settled now (`store.coming`):
a record is corrected by correcting its labels, and what arithmetic says of an answer is known
before the answer is gold.
"""
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Iterable, Mapping, Sequence

from labels import govdoc
from labels.checks import (
    Failure, Figures, Finding, attempt, confirmed, coverage,
)
from labels.document import Document, Table
from labels.errors import N_
from labels.records import record_to_json, records
from labels.rules import Evidence, RelationSuggestion, SpanSuggestion
from workbench.checking import check_figures, finding_to_json
from workbench.effective import newest_version
from workbench.progress import Progress, Said, silent
from workbench.project import Project
from workbench.stages import Failed
from workbench.store import Row, Store
from workbench.store.coming import coming, coming_answers
from workbench.store.derived import Derived, answered_keys, grounds, save_derived
from workbench.store.documents import load_document
from workbench.store.gold import standing_answers
from workbench.store.suggestions import relations_of, spans_of


@dataclass(frozen=True, slots=True)
class Summary:
    """`documents` were derived anew; the other figures are of these."""

    documents: int
    records: int
    holds: int
    broken: int
    failures: tuple[Failed, ...] = ()


def due(store: Store, document_id: int | None = None) -> list[Row]:
    """The current documents (or the one named) whose records and findings were made from other
    labels or by other checks than count now, as `store.derived.grounds` gives them."""
    return [row for row in grounds(store, document_id) if row["basis"] != _basis(row)]


def derive(store: Store, progress: Progress = silent) -> Summary:
    """Make records and findings of all documents that are due.

    A check or a record rule that raises is skipped and told; the others go on. Labels that change
    meanwhile make their document due again, and it is done again.
    """
    made: dict[int, Summary] = {}
    failures: list[tuple[int, Mapping[str, Any]]] = []
    while waiting := due(store):
        for position, row in enumerate(waiting):
            progress(position, len(waiting), row["title"])
            derived = _derived(store, row)
            with store.write():
                # Another may have changed the labels since: then this is of older ones.
                if grounds(store, row["id"]) != [row]:
                    continue
                save_derived(store, row["id"], derived)
            broken = sum(finding["status"] == "broken" for finding in derived.findings)
            made[row["id"]] = Summary(1, len(derived.records), derived.holds, broken)
            failures += [(row["id"], failure) for failure in derived.failures]
        progress(len(waiting), len(waiting))
    return Summary(len(made), sum(one.records for one in made.values()),
                   sum(one.holds for one in made.values()),
                   sum(one.broken for one in made.values()), _failed(failures))


def derive_project(project: Project, progress: Progress) -> Said:
    """`derive` as a job."""
    with project.open() as store:
        done = derive(store, progress)
    return Said(N_("%(records)s records, %(broken)s open equations in %(documents)s documents"),
                {"records": done.records, "broken": done.broken, "documents": done.documents})


def _failed(failures: Sequence[tuple[int, Mapping[str, Any]]]) -> tuple[Failed, ...]:
    """Of each check or rule that raised: how often, and in how many documents."""
    names = sorted({failure["name"] for _, failure in failures})
    return tuple(
        Failed(name, next(failure["error"] for _, failure in failures if failure["name"] == name),
               sum(failure["name"] == name for _, failure in failures),
               len({document for document, failure in failures if failure["name"] == name}))
        for name in names)


def _basis(ground: Row) -> str:
    """Names the labels and the checks that something is derived from."""
    named = f"{govdoc.derivation_hash()} {ground['set_id']} {ground['said']}"
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def _derived(store: Store, ground: Row) -> Derived:
    """What raises for the whole document is told as a failure too: it would raise again."""
    document = load_document(store, ground["id"])
    failures: list[Failure] = []
    made = attempt("deriving", lambda: [
        _made(document, _labels(store, document, ground["set_id"],
                                _said(store, ground["id"])), _basis(ground))], failures)
    if made:
        return made[0]
    return Derived(_basis(ground), 0, 0, 0, (), (), (), (), _failures(failures))


def _failures(failures: Iterable[Failure]) -> list[dict[str, Any]]:
    return [{"name": failure.name, "error": failure.error} for failure in failures]


def contradictions(store: Store, region_id: int,
                   answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The findings with a figure in a region of spans that would be open if `answer` were its gold,
    as `store.derived` keeps their content."""
    region = store.row("SELECT * FROM regions WHERE id = ?", [region_id])
    ground = next(iter(grounds(store, region["document_id"])), None) if region else None
    if region is None or ground is None or region["kind"] != "spans":
        return []
    document = load_document(store, ground["id"])
    said = {row["region_id"]: row for row in _said(store, ground["id"])}
    said[region_id] = {**region, "region_id": region_id, "answer": answer}
    labels = _labels(store, document, ground["set_id"], list(said.values()))
    answered = answered_keys(store, ground["id"])
    return [one for one in _made(document, labels, "").findings
            if one["status"] == "broken" and one["key"] not in answered
            and any(region["start"] <= term["start"] < region["end"] for term in one["terms"])]


def _said(store: Store, document_id: int) -> list[Row]:
    """Regions of spans of a document that are settled, or would be: `start`, `end`, `answer`."""
    said = {row["region_id"]: row for row in standing_answers(store, document_id)}
    said.update((row["region_id"], row) for row in
                coming_answers(store, coming(store, document_id)))
    return [row for row in said.values() if row["kind"] == "spans"]


def _labels(store: Store, document: Document, set_id: int, settled: Sequence[Row]) -> Figures:
    """The spans and relations that count: those of the regions `settled`, suggestions elsewhere."""
    inside = [(row["start"], row["end"]) for row in settled]
    # Checks and record rules know the names of the pack, whatever the project calls them.
    names, base = newest_version(store).names, govdoc.schema()
    spans: list[SpanSuggestion] = []
    places: dict[int, int] = {}
    for row in spans_of(store, set_id):
        if not any(start <= row["start"] < end for start, end in inside):
            places[row["position"]] = len(spans)
            spans.append(_span(row["start"], row["end"], names.inside(row["label"], base),
                               document))
    links = [_link(places[row["source"]], places[row["target"]],
                   *names.inside_relation(row["type"], row["direction"]))
             for row in relations_of(store, set_id)
             if row["source"] in places and row["target"] in places]
    for row in settled:
        first = len(spans)
        spans += [_span(row["start"] + span["start"], row["start"] + span["end"],
                        names.inside(span["label"], base), document)
                  for span in row["answer"]["spans"]]
        links += [_link(first + link["source"], first + link["target"],
                        *names.inside_relation(link["type"], link.get("direction")))
                  for link in row["answer"]["relations"]]
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


def _made(document: Document, figures: Figures, basis: str) -> Derived:
    failures: list[Failure] = []
    judged = check_figures(figures, failures)
    amounts = amounts_of(figures)
    covered = coverage(amounts, judged)
    held = confirmed(judged)
    found = records(figures, govdoc.record_rules(), failures)
    return Derived(
        basis=basis, holds=sum(finding.status == "holds" for finding in judged),
        amounts=covered.amounts, checked=covered.checked, confirmed=sorted(held),
        findings=[{**finding_to_json(finding, document.id),
                   "start": min((term.start for term in finding.terms), default=0),
                   **_group(finding, document.tables)}
                  for finding in judged if finding.status != "holds"],
        records=[{**record_to_json(record, document.id), "start": record.start}
                 for record in found],
        equations=[_equation(finding) for finding in judged if finding.status == "holds"],
        failures=_failures(failures))


def _group(finding: Finding, tables: Sequence[Table]) -> Mapping[str, Any]:
    """Findings of one group have their likeliest suspects in one table, for one cause; `where`
    names it. Elsewhere a finding stands alone."""
    for suspect in finding.suspects[:1]:
        for table in tables:
            if table.start <= suspect.start < table.end:
                address = next((term.address for term in finding.terms
                                if term.start == suspect.start), finding.terms[0].address)
                return {"group": f"{suspect.cause}:{table.start}",
                        "where": address.split(" · ")[0]}
    return {"group": None, "where": ""}


def _equation(finding: Finding) -> dict[str, Any]:
    """What the inspector says of an equation that holds."""
    return {"check": finding.check, "claim": finding.message,
            "details": finding_to_json(finding, "")["details"],
            "terms": [[term.start, term.end, term.text, term.address] for term in finding.terms]}


_AMOUNTS = frozenset(("MONEY", "PERCENT", "QUANTITY"))


def amounts_of(figures: Figures) -> list[tuple[int, int]]:
    """Every figure that an equation could hold: labelled amounts and figures in cells."""
    places = {(span.start, span.end) for span in figures.spans if span.label in _AMOUNTS}
    places.update((cell.start, cell.end) for table in figures.document.tables
                  for row in table.rows for cell in row if cell.value is not None)
    return sorted(places)
