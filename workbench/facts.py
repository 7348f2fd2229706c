"""The facts of a release: its documents' records and cells, from gold and the read document alone.

What did not change since facts were last made of a document is not made again. Deriving checks and
records takes as long as reading the document does, so it is done before the release is written.
"""
from __future__ import annotations

import hashlib
import json
from typing import Iterable, Mapping, Sequence

from labels import govdoc
from labels.checks import Failure, Figures, confirmed
from labels.document import Document
from labels.facts import Facts, Place, Settled, make_facts
from labels.naming import Names
from labels.rules import Evidence, RelationSuggestion, SpanSuggestion
from workbench.checking import check_figures, key_of
from workbench.effective import newest_version
from workbench.progress import Progress, silent
from workbench.store import Row, Store
from workbench.store.documents import document_row, load_document
from workbench.store.derived import answered_keys
from workbench.store.facts import keep_facts, made_facts


def prepare(store: Store, settled: Iterable[Row], progress: Progress = silent
            ) -> dict[str, str]:
    """Make the facts of the documents of `settled` (rows of `store.gold.settled_regions`) that
    lack them; the hash of the facts of each document by its name, in the order of the rows."""
    regions: dict[int, list[Row]] = {}
    for row in settled:
        regions.setdefault(row["document_id"], []).append(row)
    names = newest_version(store).names
    found: dict[str, str] = {}
    for position, (document_id, rows) in enumerate(regions.items()):
        progress(position, len(regions), rows[0]["name"])
        found[rows[0]["name"]] = _facts_of(store, document_id, rows, names)
    progress(len(regions), len(regions))
    return found


def _facts_of(store: Store, document_id: int, rows: Sequence[Row], names: Names) -> str:
    basis = _basis(store, document_id, rows, names)
    known = made_facts(store, document_id, basis)
    if known is not None:
        return known
    return keep_facts(store, document_id, basis,
                      _made(store, load_document(store, document_id), document_id, rows, names))


def _basis(store: Store, document_id: int, rows: Sequence[Row], names: Names) -> str:
    """Names all that the facts of a document are made from."""
    digest = hashlib.sha256(f"{govdoc.derivation_hash()} {names}".encode())
    document = document_row(store, document_id)
    assert document is not None
    for part in (document["text_hash"], document["views"], document["version"],
                 sorted(answered_keys(store, document_id)),
                 [[row["kind"], row["start"], row["end"], row["answer"]] for row in rows]):
        digest.update(json.dumps(part, ensure_ascii=False, sort_keys=True).encode(
            "utf-8", "surrogatepass"))
    return digest.hexdigest()


def _made(store: Store, document: Document, document_id: int, rows: Sequence[Row],
          names: Names) -> Facts:
    asked = [row for row in rows if row["kind"] == "spans"]
    settled = Settled(
        ((row["start"], row["end"]) for row in asked),
        ((row["start"] + span["start"], row["start"] + span["end"], span["label"])
         for row in asked for span in row["answer"]["spans"]))
    figures = gold_figures(document, asked, names)
    return make_facts(figures, govdoc.record_rules(), settled,
                      _arithmetic(figures, answered_keys(store, document_id)),
                      version=rows[0]["document_version"], split="")


def gold_figures(document: Document, asked: Iterable[Row], names: Names) -> Figures:
    """A document under the labels of its settled regions alone, by the names that the pack's
    checks and record rules know. `asked` has `start` and `answer` of regions asked for spans."""
    base = govdoc.schema()
    spans: list[SpanSuggestion] = []
    links: list[RelationSuggestion] = []
    for row in sorted(asked, key=lambda row: int(row["start"])):
        places: dict[int, int] = {}
        found = row["answer"]["spans"]
        for old in sorted(range(len(found)), key=lambda place: (found[place]["start"], place)):
            start, end = (row["start"] + found[old][name] for name in ("start", "end"))
            places[old] = len(spans)
            spans.append(SpanSuggestion(start, end, names.inside(found[old]["label"], base), "", "",
                                        1.0, Evidence(document.text[start:end])))
        for link in row["answer"]["relations"]:
            kind, direction = names.inside_relation(link["type"], link.get("direction"))
            links.append(RelationSuggestion(kind, places[link["source"]], places[link["target"]],
                                            "", "", 1.0, direction))
    return Figures(document, tuple(spans), tuple(links))


def _arithmetic(figures: Figures, answered: Iterable[str]) -> Mapping[Place, str]:
    """What the checks say of each figure; one of `labels.facts.ARITHMETIC`. A check that raises
    says nothing: the page of findings tells of it."""
    failures: list[Failure] = []
    findings = check_figures(figures, failures)
    known = frozenset(answered)
    found = dict.fromkeys(confirmed(findings), "confirmed")
    for finding in findings:
        if finding.status == "broken":
            state = "explained" if key_of(finding) in known else "broken"
            for term in finding.terms:
                if found.get(term.place) != "broken":
                    found[term.place] = state
    return found
