"""How often each rule was right: counted on hand-labelled passages by a program, never typed.

A tab-separated file, one line a rule::

    rule	version	answered	right
    dates.date	5d0c1f2a9b	120	117

`python -m workbench.measure` writes that of the built-in pack from the demo gold. A rule's score,
the chance that what it says is right, is its share of right answers, drawn towards the score that
its author declared as if that had been seen in `PRIOR_CASES` answers more: two right answers of two
do not make a rule that never errs, and a rule without cases keeps what was declared.
"""
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from labels.errors import N_, RuleError

PRIOR_CASES = 10
HEADER = "rule\tversion\tanswered\tright"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a rule answered and how much of it was right, when it had this `version`."""

    version: str
    answered: int
    right: int


def shrunk(measure: Measure | None, declared: float) -> float:
    """The score of a rule: (right + PRIOR_CASES · declared) / (answered + PRIOR_CASES)."""
    if measure is None:
        return declared
    return (measure.right + PRIOR_CASES * declared) / (measure.answered + PRIOR_CASES)


def load_measures(path: Path) -> dict[str, Measure]:
    """The measures in the file at `path`; none if there is no such file. Raises RuleError."""
    try:
        return parse_measures(path.read_text(encoding="utf-8"), path.name)
    except FileNotFoundError:
        return {}


def parse_measures(text: str, source: str) -> dict[str, Measure]:
    """The inverse of `format_measures`. Raises RuleError with file and line."""
    found: dict[str, Measure] = {}
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split("\t")
        if number == 1 and line == HEADER:
            continue
        if number == 1 or len(fields) != 4 or fields[0] in found or not (
                fields[2].isdecimal() and fields[3].isdecimal()
                and int(fields[3]) <= int(fields[2])):
            raise RuleError(N_("%(file)s line %(line)s is no measure of a rule"), file=source,
                            line=number, hint=N_("make the file anew with: make measure"))
        found[fields[0]] = Measure(fields[1], int(fields[2]), int(fields[3]))
    return found


def format_measures(measures: Mapping[str, Measure]) -> str:
    lines = [f"{name}\t{one.version}\t{one.answered}\t{one.right}"
             for name, one in sorted(measures.items())]
    return "\n".join([HEADER, *lines]) + "\n"


def measures_hash(measures: Mapping[str, Measure]) -> str:
    return hashlib.sha256(format_measures(measures).encode()).hexdigest()
