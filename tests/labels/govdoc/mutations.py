"""Single corruptions planted into documents whose equations are known to hold.

A tool for tests: `plant` draws corruptions by a seed, `outcome` says what `workbench check` would
make of one. Run as a module it prints the rates: ``python -m tests.labels.govdoc.mutations 500 1``.
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
from labels.checks import Figures, Finding, run
from labels.document import Cell, Document
from workbench import demo
from workbench.reading import read_file
from workbench.reading.values import number_of

KINDS = ("digit", "digit", "digit", "digit", "swap", "swap", "row", "row", "unit")
# A claim of numbering is closed by its neighbours whatever is done to a figure; a corruption must
# be seen by the arithmetic.
_TRIES = 200
UNCOUNTED = ("ordering.", "layout.", "prose.")
_SUMS = ("totals.rows_add_up", "scores.levels_add_up", "scores.means",
         "scores.summary_of_scores")
Place = tuple[int, int]
Spot = tuple[int, int, int]   # table, row, column


@dataclass(frozen=True)
class Planted:
    """`document` is the corrupted one; `spots` are the cells that were changed, or for a deleted
    row the totals it was part of and the rows beside it."""

    kind: str
    source: str
    what: str
    document: Document
    spots: frozenset[Spot]
    deleted: tuple[int, int] | None = None


@dataclass(frozen=True)
class Outcome:
    found: bool
    placed: bool


def judged(document: Document) -> tuple[Finding, ...]:
    return run(Figures(document), [entry for entry in govdoc.load_checks()
                                   if not entry.name.startswith("prose")])


class Base:
    """A document, what holds in it, and where."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.spots: dict[Place, Spot] = {
            (cell.start, cell.end): (number, row, column)
            for number, table in enumerate(document.tables)
            for row, cells in enumerate(table.rows)
            for column, cell in enumerate(cells) if cell.text}
        findings = judged(document)
        self.broken = {_claim(finding, self.spots, None) for finding in findings
                       if finding.status == "broken"}
        self.holding = [finding for finding in findings
                        if finding.status == "holds" and not finding.check.startswith(UNCOUNTED)
                        and any(term.place in self.spots for term in finding.terms)]

    def alike(self, one: Spot, other: Spot) -> bool:
        """Whether every claim takes both figures in the same way, so that it is all one which
        stands where."""
        ways: Counter[tuple[int, bool]] = Counter()
        for number, finding in enumerate(self.holding):
            for position, term in enumerate(finding.terms):
                if self.spots.get(term.place) in (one, other):
                    ways[number, position > 0] += 1
        return all(count == 2 for count in ways.values()) and all(
            finding.check in _SUMS for number, finding in enumerate(self.holding)
            if (number, True) in ways)


def _claim(finding: Finding, spots: dict[Place, Spot], deleted: tuple[int, int] | None
           ) -> tuple[str, Spot | None, int]:
    """What a finding is about, in rows and columns as they were before a row was deleted."""
    places = [_before(spots[term.place], deleted) for term in finding.terms
              if term.place in spots]
    other = places[-1][0] if places else -1
    return finding.check, places[0] if places else None, other


def _before(spot: Spot, deleted: tuple[int, int] | None) -> Spot:
    table, row, column = spot
    if deleted is not None and table == deleted[0] and row >= deleted[1]:
        return table, row + 1, column
    return spot


def outcome(base: Base, planted: Planted) -> Outcome:
    """Whether a claim is broken that was not, and one of its first two suspects is the place."""
    spots = {(cell.start, cell.end): (number, row, column)
             for number, table in enumerate(planted.document.tables)
             for row, cells in enumerate(table.rows)
             for column, cell in enumerate(cells) if cell.text}
    fresh = [finding for finding in judged(planted.document) if finding.status == "broken"
             and _claim(finding, spots, planted.deleted) not in base.broken]
    suspected = {_before(spots[place], planted.deleted) for finding in fresh
                 for suspect in finding.suspects[:2]
                 if (place := (suspect.start, suspect.end)) in spots}
    return Outcome(bool(fresh), bool(suspected & planted.spots))


# --- planting ------------------------------------------------------------------------------------

def plant(bases: Sequence[Base], count: int, seed: int) -> Iterator[tuple[Base, Planted]]:
    """`count` corruptions, each of a figure in an equation that holds."""
    chance = random.Random(seed)
    pool = [(base, finding) for base in bases for finding in base.holding]
    made = 0
    while made < count:
        plan = _PLANTERS[chance.choice(KINDS)]
        for _ in range(_TRIES):
            base, finding = chance.choice(pool)
            planted = plan(base, finding, chance)
            if planted is not None:
                made += 1
                yield base, planted
                break


def _cells(base: Base, finding: Finding) -> list[Spot]:
    return [base.spots[term.place] for term in finding.terms if term.place in base.spots]


def _cell(document: Document, spot: Spot) -> Cell:
    return document.tables[spot[0]].rows[spot[1]][spot[2]]


def _digit(base: Base, finding: Finding, chance: random.Random) -> Planted | None:
    spot = chance.choice(_cells(base, finding))
    cell = _cell(base.document, spot)
    digits = [match.start() for match in re.finditer(r"\d", cell.text)]
    if cell.value is None or not digits:
        return None
    at = chance.choice(digits)
    other = chance.choice([digit for digit in "0123456789" if digit != cell.text[at]
                           and not (digit == "0" and at == digits[0])])
    text = cell.text[:at] + other + cell.text[at + 1:]
    document = _with_texts(base.document, {spot: text})
    return Planted("digit", base.document.source, f"{cell.text} -> {text}", document,
                   frozenset((spot,)))


def _swap(base: Base, finding: Finding, chance: random.Random) -> Planted | None:
    """Exchange a figure with one beside or under it; within one sum nothing would change."""
    table, row, column = spot = chance.choice(_cells(base, finding))
    near = [(table, row + down, column + right) for down, right in
            ((1, 0), (-1, 0), (0, 1), (0, -1))]
    rows = base.document.tables[table].rows
    near = [other for other in near if 0 <= other[1] < len(rows)
            and 0 <= other[2] < len(rows[0]) and not base.alike(spot, other)]
    near = [other for other in near if (cell := _cell(base.document, other)).value is not None
            and cell.value != _cell(base.document, spot).value
            and cell.unit == _cell(base.document, spot).unit]
    if not near:
        return None
    other = chance.choice(near)
    texts = {spot: _cell(base.document, other).text, other: _cell(base.document, spot).text}
    return Planted("swap", base.document.source, " <-> ".join(texts.values()),
                   _with_texts(base.document, texts), frozenset((spot, other)))


def _row(base: Base, finding: Finding, chance: random.Random) -> Planted | None:
    """Delete a row that is part of a sum and not nought in it. Without a subtotal its parts would
    add up as before, so it is none."""
    if finding.check != "totals.rows_add_up" or len(finding.terms) < 3:
        return None
    term = chance.choice(finding.terms[1:])
    if abs(term.value) <= 2 * finding.tolerance:
        return None
    table, row, _ = base.spots[term.place]
    if any(base.spots.get(other.terms[0].place, (-1, -1))[:2] == (table, row)
           for other in base.holding if other.check == finding.check):
        return None
    source = base.document.tables[table]
    rows = source.rows[:row] + source.rows[row + 1:]
    tables = (*base.document.tables[:table], replace(source, rows=rows),
              *base.document.tables[table + 1:])
    totals = {base.spots[other.terms[0].place] for other in base.holding
              if other.terms[0].place in base.spots and any(
                  base.spots.get(part.place, (-1, -1))[:2] == (table, row)
                  for part in other.terms)}
    beside = {(table, near, column) for near in (row - 1, row + 1)
              for column in range(len(source.columns))}
    return Planted("row", base.document.source, f"table {table + 1} row {row + 1} deleted",
                   replace(base.document, tables=tables), frozenset(totals | beside),
                   (table, row))


def _unit(base: Base, finding: Finding, chance: random.Random) -> Planted | None:
    """Change the unit of a whole table where another states it, or of one rate."""
    spot = chance.choice(_cells(base, finding))
    cell = _cell(base.document, spot)
    table = base.document.tables[spot[0]]
    if cell.text.endswith("%") and cell.value:
        return Planted("unit", base.document.source, "% -> ‰",
                       _with_texts(base.document, {spot: cell.text[:-1] + "‰"}),
                       frozenset((spot,)))
    tables = {base.spots[term.place][0] for term in finding.terms if term.place in base.spots}
    if table.unit not in ("万元", "元", "亿元") or len(tables) < 2:
        return None
    unit = chance.choice([other for other in ("万元", "元", "亿元") if other != table.unit])
    rows = tuple(tuple(replace(one, unit=unit) if one.unit == table.unit else one for one in row)
                 for row in table.rows)
    changed = replace(table, unit=unit, rows=rows)
    spots = frozenset((spot[0], row, column) for row in range(len(rows))
                      for column in range(len(table.columns)))
    tables_now = (*base.document.tables[:spot[0]], changed, *base.document.tables[spot[0] + 1:])
    return Planted("unit", base.document.source, f"{table.unit} -> {unit}",
                   replace(base.document, tables=tables_now), spots)


_PLANTERS = {"digit": _digit, "swap": _swap, "row": _row, "unit": _unit}


def _with_texts(document: Document, texts: dict[Spot, str]) -> Document:
    """The document with other words in some cells. Places stay those of the first text, which the
    checks of tables use as names only."""
    tables = list(document.tables)
    for (number, row, column), text in texts.items():
        table = tables[number]
        cells = list(table.rows[row])
        cells[column] = _reread(cells[column], text)
        rows = (*table.rows[:row], tuple(cells), *table.rows[row + 1:])
        tables[number] = replace(table, rows=rows)
    return replace(document, tables=tuple(tables))


def _reread(cell: Cell, text: str) -> Cell:
    read = number_of(text)
    return replace(cell, text=text, value=read[0] if read else None,
                   unit=(read[1] or cell.unit) if read else None)


# --- by hand -------------------------------------------------------------------------------------

def demo_bases() -> list[Base]:
    return bases_in(sorted(demo.DOCUMENTS.iterdir()))


def bases_in(paths: Sequence[Path]) -> list[Base]:
    documents = [document for path in paths for document in read_file(path)]
    return [base for document in documents if document.tables and (base := Base(document)).holding]


@dataclass
class Rates:
    planted: int = 0
    found: int = 0
    placed: int = 0


def rates(bases: Sequence[Base], count: int, seed: int,
          missed: list[str] | None = None) -> tuple[Rates, dict[str, Rates]]:
    """How many of `count` corruptions were found and placed, in all and by kind."""
    total, by_kind = Rates(), {kind: Rates() for kind in _PLANTERS}
    for base, planted in plant(bases, count, seed):
        seen = outcome(base, planted)
        for told in (total, by_kind[planted.kind]):
            told.planted += 1
            told.found += seen.found
            told.placed += seen.placed
        if missed is not None and not (seen.found and seen.placed):
            missed.append(f"{'unplaced' if seen.found else 'missed'} {planted.kind} "
                          f"{planted.source} {planted.what} {sorted(planted.spots)[:2]}")
    return total, by_kind


if __name__ == "__main__":
    wanted, chosen = int(sys.argv[1]), int(sys.argv[2])
    lost: list[str] = []
    everything = demo_bases() + bases_in([Path(name) for name in sys.argv[3:]])
    print(*rates(everything, wanted, chosen, lost), sep="\n")
    print(*lost, sep="\n")
    print(Counter(line.split()[0] for line in lost))
