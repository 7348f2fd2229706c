"""`workbench check`: a document's own arithmetic, judged."""
from __future__ import annotations

from decimal import Decimal
from typing import Any, Mapping

from labels import govdoc
from labels.checks import Coverage, Failure, Figures, Finding, Term, coverage, run
from labels.document import Document
from labels.rules import suggest


def labelled(document: Document) -> Figures:
    """`document` with the labels that the rules suggest."""
    found = suggest(document, govdoc.load())
    return Figures(document, found.spans, found.relations)


def check_figures(figures: Figures,
                  failures: list[Failure] | None = None) -> tuple[Finding, ...]:
    """Every claim of a document judged, what holds and what cannot be checked too. Checks that
    raise are told in `failures`; without these they raise."""
    return run(figures, govdoc.load_checks(), failures)


def check_document(document: Document) -> tuple[Finding, ...]:
    return check_figures(labelled(document))


def finding_to_json(finding: Finding, document: str) -> dict[str, Any]:
    """The JSON shape of ``workbench check``; figures are strings in plain notation.

    `message` and `reason` are in English; `claim`, `because` and their `details` are what they
    were filled from, for translation.
    """
    return {
        "check": finding.check, "document": document, "status": finding.status,
        "message": finding.message % finding.details,
        "claim": finding.message, "details": _json(finding.details),
        "difference": _plain(finding.difference), "tolerance": _plain(finding.tolerance),
        "terms": [_term(term) for term in finding.terms],
        "suspects": [{"start": suspect.start, "end": suspect.end, "cause": suspect.cause,
                      "reason": suspect.reason % suspect.details, "because": suspect.reason,
                      "details": _json(suspect.details), "mended": suspect.mended}
                     for suspect in finding.suspects],
        "key": key_of(finding),
    }


def key_of(finding: Finding) -> str:
    """What an answer is kept by. The difference is part of it: where a label changes what a figure
    is worth, the same figures make another finding."""
    return f"{finding.key}={_plain(finding.difference)}"


def _json(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) if isinstance(value, Decimal) else value
            for name, value in details.items()}


def _term(term: Term) -> dict[str, Any]:
    return {"text": term.text, "start": term.start, "end": term.end, "value": _plain(term.value),
            "address": term.address}


def _plain(value: Any) -> str:
    return format(value.normalize() + 0, "f")


def amounts_checked(document: Document, findings: tuple[Finding, ...]) -> Coverage:
    """Of the figures in the tables of `document`, how many stand in an equation."""
    return coverage(((cell.start, cell.end) for table in document.tables for row in table.rows
                     for cell in row if cell.value is not None), findings)
