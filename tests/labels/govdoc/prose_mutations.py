"""Single corruptions planted into sentences and lists of names whose equations are known to hold.

As `mutations` does for tables. Texts keep their length, so that labels stay where they are. Run as
a module it prints the rates: ``python -m tests.labels.govdoc.prose_mutations 300 1 [FILE…]``.
"""
from __future__ import annotations

import random
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Iterator, Sequence

from labels import govdoc
from labels.checks import Figures, Finding, Term, run
from labels.document import Document
from workbench import demo
from workbench.checking import labelled
from workbench.reading import read_file

FAMILIES = ("prose_sums.", "prose_rates.", "lists.", "twice.", "notes.", "years.", "items.")
KINDS = ("digit", "digit", "digit", "unit", "name")
_TRIES = 200
Place = tuple[int, int]
_UNITS = (("亿元", "万元"), ("万元", "亿元"), ("%", "‰"))


@dataclass(frozen=True)
class Planted:
    kind: str
    source: str
    what: str
    figures: Figures
    places: frozenset[Place]


class Base:
    """A document with its labels, what holds in it and what is broken."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        findings = judged(figures)
        self.broken = {finding.key for finding in findings if finding.status == "broken"}
        names = {(one.names[0].start, one.names[-1].end) for one in
                 figures.document.name_lists if one.names}
        places = {(span.start, span.end) for span in figures.spans} | names
        self.holding = [finding for finding in findings if finding.status == "holds"
                        and any(term.place in places for term in finding.terms)]
        self.places = places


def judged(figures: Figures) -> list[Finding]:
    checks = [entry for entry in govdoc.load_checks() if entry.name.startswith(FAMILIES)]
    return list(run(figures, checks))


def outcome(base: Base, planted: Planted) -> tuple[bool, bool]:
    """Whether something is broken that was not, and whether one of the first two suspects of it
    is the place that was changed."""
    fresh = [finding for finding in judged(planted.figures) if finding.status == "broken"
             and finding.key not in base.broken]
    suspected = [(suspect.start, suspect.end) for finding in fresh
                 for suspect in finding.suspects[:2]]
    placed = any(low < end and start < high for start, end in suspected
                 for low, high in planted.places)
    return bool(fresh), placed


def plant(bases: Sequence[Base], count: int, seed: int) -> Iterator[tuple[Base, Planted]]:
    """`count` corruptions, each of a term of an equation that holds."""
    chance = random.Random(seed)
    pool = [(base, finding) for base in bases for finding in base.holding]
    for _ in range(count):
        plan = _PLANTERS[chance.choice(KINDS)]
        for _ in range(_TRIES):
            base, finding = chance.choice(pool)
            planted = plan(base, finding, chance)
            if planted is not None:
                yield base, planted
                break


def _figure(base: Base, finding: Finding, chance: random.Random) -> Term | None:
    found = [term for term in finding.terms if term.place in base.places
             and re.search(r"\d", term.text)]
    return chance.choice(found) if found else None


def _digit(base: Base, finding: Finding, chance: random.Random) -> Planted | None:
    """Another digit, where it is not lost in the rounding of the others."""
    term = _figure(base, finding, chance)
    if term is None:
        return None
    digits = [match.start() for match in re.finditer(r"\d", term.text)]
    at = chance.choice(digits)
    other = chance.choice([digit for digit in "0123456789" if digit != term.text[at]
                           and not (digit == "0" and at == digits[0])])
    if not _felt(finding, term, _worth(term, digits, at)):
        return None
    return _changed(base, "digit", term, term.text[:at] + other + term.text[at + 1:])


def _worth(term: Term, digits: list[int], at: int) -> int:
    """How many last digits a change of the digit at `at` is worth."""
    return 10 ** (len(digits) - 1 - digits.index(at))


def _felt(finding: Finding, term: Term, steps: int) -> bool:
    """Whether a change of `steps` last digits is more than all figures together may be rounded."""
    if finding.check.startswith(("prose_rates.",)):
        return steps >= 100
    return term.step * steps > 2 * finding.tolerance


def _unit(base: Base, finding: Finding, chance: random.Random) -> Planted | None:
    term = _figure(base, finding, chance)
    if term is None or not term.value:
        return None
    for old, new in _UNITS:
        if term.text.endswith(old):
            return _changed(base, "unit", term, term.text[:-len(old)] + new)
    return None


def _changed(base: Base, kind: str, term: Term, text: str) -> Planted:
    document = base.figures.document
    whole = document.text[:term.start] + text + document.text[term.end:]
    figures = Figures(replace(document, text=whole), base.figures.spans, base.figures.relations)
    return Planted(kind, document.source, f"{term.text} -> {text}", figures,
                   frozenset((term.place,)))


def _name(base: Base, finding: Finding, chance: random.Random) -> Planted | None:
    """Drop a name of a list that is counted."""
    document = base.figures.document
    lists = [number for number, names in enumerate(document.name_lists) if len(names.names) > 2
             and any(term.place == (names.names[0].start, names.names[-1].end)
                     for term in finding.terms)]
    if not lists:
        return None
    number = chance.choice(lists)
    names = document.name_lists[number]
    gone = chance.randrange(1, len(names.names) - 1)
    shorter = replace(names, names=names.names[:gone] + names.names[gone + 1:])
    changed = replace(document, name_lists=(
        *document.name_lists[:number], shorter, *document.name_lists[number + 1:]))
    return Planted("name", document.source, f"{names.names[gone].text} dropped",
                   Figures(changed, base.figures.spans, base.figures.relations),
                   frozenset(((names.names[0].start, names.names[-1].end),)))


_PLANTERS = {"digit": _digit, "unit": _unit, "name": _name}


def bases_in(paths: Sequence[Path]) -> list[Base]:
    documents: list[Document] = [document for path in paths for document in read_file(path)]
    found = [Base(labelled(document)) for document in documents]
    return [base for base in found if base.holding]


def demo_bases() -> list[Base]:
    return bases_in(sorted(path for path in demo.DOCUMENTS.iterdir() if path.suffix != ".jsonl"))


def rates(bases: Sequence[Base], count: int, seed: int) -> tuple[Counter[tuple[str, str]], int]:
    """How many of each kind were planted, found and placed; ``("digit", "found")`` and so on."""
    told: Counter[tuple[str, str]] = Counter()
    for base, planted in plant(bases, count, seed):
        found, placed = outcome(base, planted)
        told[planted.kind, "planted"] += 1
        told[planted.kind, "found"] += found
        told[planted.kind, "placed"] += placed
        if __name__ == "__main__" and not (found and placed):
            print("found" if found else "missed", planted.kind, planted.source, planted.what,
                  sorted(planted.places))
    return told, sum(number for (_, what), number in told.items() if what == "planted")


if __name__ == "__main__":
    made = bases_in([Path(name) for name in sys.argv[3:]]) if sys.argv[3:] else demo_bases()
    table, planted_all = rates(made, int(sys.argv[1]), int(sys.argv[2]))
    for (kind, what), number in sorted(table.items()):
        print(kind, what, number)
    print("found", sum(n for (_, w), n in table.items() if w == "found") / planted_all, "placed",
          sum(n for (_, w), n in table.items() if w == "placed") / planted_all)
