"""Documents read from a few lines of text, with the labels the rules suggest, for tests of records
and checks."""
from __future__ import annotations

from functools import lru_cache

from labels import govdoc
from labels.checks import Figures, Finding, run
from labels.records import Record, records
from labels.rules import suggest
from workbench.reading import read_bytes


@lru_cache(maxsize=32)
def figures(text: str, name: str = "yunze.txt") -> Figures:
    (document,) = read_bytes(name, text.encode())
    found = suggest(document, govdoc.load())
    assert not found.failures
    return Figures(document, found.spans, found.relations)


def told(text: str, kind: str) -> list[Record]:
    """The records of `kind` in `text`."""
    return [record for record in records(figures(text), govdoc.record_rules())
            if record.kind == kind]


def values(text: str, kind: str, *fields: str) -> list[tuple[object, ...]]:
    """`fields` of each record of `kind`; None where one has no such field."""
    return [tuple(record.values.get(name) for name in fields) for record in told(text, kind)]


def findings(text: str, family: str) -> list[Finding]:
    """What the checks of one module say of `text`."""
    return [finding for finding in run(figures(text), govdoc.load_checks())
            if finding.check.startswith(f"{family}.")]


def statuses(text: str, check: str) -> list[str]:
    family = check.partition(".")[0]
    return [finding.status for finding in findings(text, family) if finding.check == check]
