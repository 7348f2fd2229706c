"""Which figure of a broken equation is likely the wrong one, and why.

Figures are shared between equations, so a broken one is not judged alone: a figure that other
equations confirm is seldom the wrong one, and a single change (a digit, a power of ten, a swap
with its neighbour, a slide of rows) that mends all broken equations of a figure at once is most
likely the cause.
"""
from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Iterator, Sequence

from labels.claims import (
    Equation, Finding, Line, Place, Suspect, Term, exact_books, work_out)
from labels.document import Table
from labels.errors import N_
from labels.slides import Grid, Slide, find_slides


class Web:
    """All equations of a document, joined by the figures they share."""

    def __init__(self, equations: Sequence[Equation], tables: Sequence[Table]) -> None:
        self._equations = equations
        self._lines = {id(equation): work_out(equation) for equation in equations}
        self._lines.update(exact_books(equations, self._lines))
        self._broken = [equation for equation in equations
                        if not self._lines[id(equation)].holds]
        if self._broken:
            self._join(tables)

    def _join(self, tables: Sequence[Table]) -> None:
        """What is asked only where something is broken: who shares a doubted figure, where it
        stands, what slid."""
        self._at: dict[Place, list[tuple[Equation, int]]] = {
            term.place: [] for equation in self._broken for term in equation.terms}
        for equation in self._equations:
            for position, term in enumerate(equation.terms):
                if term.place in self._at:
                    self._at[term.place].append((equation, position))
        self._grid = Grid(tables, self._equations)
        self._slides = find_slides(
            self._grid, self._equations, self._broken,
            {key: line.tolerance for key, line in self._lines.items()})
        self._sums = self._sums_of_rows()
        self._near: dict[int, list[Equation]] = defaultdict(list)
        for equation in self._broken:
            for where in {self._neighbourhood(term) for term in equation.terms}:
                self._near[where].append(equation)

    def _neighbourhood(self, term: Term) -> int:
        """The table a term stands in, or, below nought, the stretch of text."""
        address = self._grid.at.get(term.place)
        return address[0] if address is not None else -1 - term.start // _STRETCH

    def finding(self, equation: Equation) -> Finding:
        line = self._lines[id(equation)]
        # In the unit of the first figure, which is the one that is claimed: what a product of
        # several figures is off by says little to people.
        slope = abs(line.slopes[0]) or Decimal(1)
        return Finding(
            equation.check, "holds" if line.holds else "broken", equation.message,
            equation.details, _rounded(line.residual / slope), _rounded(line.tolerance / slope),
            equation.terms, () if line.holds else self._suspects(equation, line))

    def _suspects(self, equation: Equation, line: Line) -> tuple[Suspect, ...]:
        """The terms, ranked: what one change would mend before what others confirm."""
        ranked = []
        for position, term in enumerate(equation.terms):
            slid = self._slid(term)
            if slid is not None:
                ranked.append((-_SLIDE, position, slid))
                continue
            weight, suspect = self._suspicion(term)
            swap = self._swapped_with(equation, line, position)
            if swap is not None and weight < _SWAP:
                weight, suspect = _SWAP, swap
            missing = self._row_missing(equation, line) if not position else None
            if missing is not None and weight < missing[0]:
                weight, suspect = missing
            ranked.append((-weight, position, suspect))
        ranked.sort(key=lambda entry: entry[:2])
        named = {(suspect.start, suspect.end) for suspect in equation.suspects}
        found = (*equation.suspects, *(suspect for _, _, suspect in ranked
                                       if (suspect.start, suspect.end) not in named))
        return found[:_SHOWN]

    def _slid(self, term: Term) -> Suspect | None:
        address = self._grid.at.get(term.place)
        for slide in self._slides:
            if address is not None and slide.moves(address):
                return Suspect(
                    term.start, term.end, "shifted", _slide_reason(slide),
                    {"rows": slide.last - slide.first + 1, "move": abs(slide.move),
                     "mended": slide.mended})
        return None

    def _sums_of_rows(self) -> dict[tuple[int, int], list[Equation]]:
        """The sums of rows of one total in several columns, by the total's table and row."""
        found: dict[tuple[int, int], list[Equation]] = defaultdict(list)
        for equation in self._lines_of_sums():
            table, row, _ = self._grid.at[equation.terms[0].place]
            found[table, row].append(equation)
        return found

    def _lines_of_sums(self) -> Iterator[Equation]:
        for equation in self._equations:
            addresses = [self._grid.at.get(term.place) for term in equation.terms]
            if equation.weights[:1] == (1,) and len(addresses) > 1 and all(
                    weight == -1 for weight in equation.weights[1:]) and None not in addresses:
                columns = {(address[0], address[2]) for address in addresses
                           if address is not None}
                if len(columns) == 1:
                    yield equation

    def _row_missing(self, equation: Equation, line: Line) -> tuple[float, Suspect] | None:
        """Whether the rows of a total fall short of it, or go beyond it, in all columns at once."""
        address = self._grid.at.get(equation.terms[0].place)
        if address is None:
            return None
        beside = self._sums.get(address[:2], [])
        if equation not in beside:
            return None
        broken = [other for other in beside if not self._lines[id(other)].holds]
        if len(broken) < 2 and len(beside) > 1:
            return None
        term = equation.terms[0]
        short = _shown(abs(line.residual), term)
        reason = (N_("the rows fall short of it by %(short)s: a row is missing, or was not read")
                  if line.residual > 0 else
                  N_("the rows go beyond it by %(short)s: a row is counted twice"))
        return (_SWAP + len(broken) if len(broken) > 1 else _ALONE), Suspect(
            term.start, term.end, "missing", reason, {"short": short})

    def _suspicion(self, term: Term) -> tuple[float, Suspect]:
        around = self._at[term.place]
        broken = [(self._lines[id(equation)], position) for equation, position in around
                  if not self._lines[id(equation)].holds]
        closed = len(around) - len(broken)
        weight = len(broken) - 1.5 * closed
        need, width = broken[0][0].mended_by(broken[0][1])
        for cause, value in _changes(term):
            if abs(value - term.value - need) <= width and all(
                    line.holds_with(value - term.value, position) for line, position in broken):
                mended = _shown(value, term)
                reason = (N_("%(mended)s instead would mend all %(count)s equations it stands in")
                          if not closed else
                          N_("%(mended)s instead would mend %(count)s and break %(closed)s"))
                return weight + _MEND[cause], Suspect(
                    term.start, term.end, cause, reason,
                    {"mended": mended, "count": len(broken), "closed": closed}, mended)
        if self._one_value(term, broken):
            weight += 0.5
        reason = (N_("%(closed)s other equations confirm it") if closed else
                  N_("no other equation confirms it"))
        return weight, Suspect(term.start, term.end, "source", reason, {"closed": closed})

    def _one_value(self, term: Term, broken: Sequence[tuple[Line, int]]) -> bool:
        """Whether some one value in place of the term's would mend all its broken equations."""
        line, position = broken[0]
        if not line.slopes[position]:
            return False
        change = -line.residual / line.slopes[position]
        return len(broken) > 1 and all(
            other.holds_with(change, place) for other, place in broken[1:])

    def _swapped_with(self, equation: Equation, line: Line, position: int) -> Suspect | None:
        """The term of another broken equation with which this one, exchanged, mends both. Only
        what stands near is looked at, in the same table or the same stretch of text."""
        term = equation.terms[position]
        own = {entry.place for entry in equation.terms}
        for other in self._near[self._neighbourhood(term)]:
            if other is equation or term.place in {entry.place for entry in other.terms}:
                continue
            far = self._lines[id(other)]
            for place, rival in enumerate(other.terms):
                change = rival.value - term.value
                if change and rival.place not in own and line.holds_with(change, position) and (
                        far.holds_with(-change, place)):
                    return Suspect(
                        term.start, term.end, "swapped",
                        N_("exchanged with %(other)s at %(address)s, both equations hold"),
                        {"other": rival.text, "address": rival.address}, rival.text)
        return None


# How much a single change that mends everything speaks for a term: a digit misread is commoner
# than a unit misread. A term in one more closed equation loses 1.5.
_MEND = {"digit": 2.0, "missing": 2.0, "unit": 1.5}
_SWAP = 3.0
_SLIDE = 20.0
_STRETCH = 2000
_ALONE = 0.8
_SHOWN = 8
_FACTORS = tuple(Decimal(10) ** power for power in (4, -4, 1, -1, 2, -2, 3, -3, 8, -8))


def _changes(term: Term) -> Iterator[tuple[str, Decimal]]:
    """What the figure could have been: one digit other, two exchanged, one more or less, another
    sign or power of ten; a list that is counted may lack an entry or have one twice."""
    if not any(char.isdigit() for char in term.text):
        yield "missing", term.value + 1
        yield "missing", term.value - 1
        return
    step = term.step or Decimal(1)
    digits = str(int(abs(term.value) / step))
    sign = -1 if term.value < 0 else 1
    for place in range(len(digits)):
        for digit in "0123456789":
            if digit != digits[place]:
                yield "digit", sign * int(digits[:place] + digit + digits[place + 1:]) * step
    for place in range(len(digits) - 1):
        turned = digits[place + 1] + digits[place]
        yield "digit", sign * int(digits[:place] + turned + digits[place + 2:]) * step
    for place in range(len(digits)):
        if len(digits) > 1:
            yield "digit", sign * int(digits[:place] + digits[place + 1:]) * step
    for place in range(len(digits) + 1):
        for digit in "0123456789":
            yield "digit", sign * int(digits[:place] + digit + digits[place:]) * step
    if term.value:
        yield "unit", -term.value
        for factor in _FACTORS:
            yield "unit", term.value * factor


# 153 亿元: in prose a figure stands with its unit.
_WRITTEN = re.compile(r"\s*(?P<number>-?\d[\d,]*(?:\.\d+)?)(?P<unit>\D*)")


def _shown(value: Decimal, term: Term) -> str:
    """`value` in the notation of the term's text, as far as its unit lets it."""
    written = _WRITTEN.fullmatch(term.text)
    try:
        factor = term.value / Decimal(written["number"].replace(",", "") if written else "")
    except (InvalidOperation, DivisionByZero):
        return format(value.normalize(), "f")
    unit = written["unit"] if written else ""
    return format((value / factor).normalize(), "f") + re.sub(r"\s+", "", unit)


def _slide_reason(slide: Slide) -> str:
    return (N_("the figures of %(rows)s rows slid up: moved down by %(move)s, %(mended)s more "
               "equations hold") if slide.move > 0 else
            N_("the figures of %(rows)s rows slid down: moved up by %(move)s, %(mended)s more "
               "equations hold"))


def _rounded(number: Decimal) -> Decimal:
    """`number` with six digits after the point at most: a quotient may have no end."""
    return number if number == number.to_integral_value() else round(number, 6).normalize()
