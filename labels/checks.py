"""The documents' own arithmetic (勾稽关系): equations between figures, and what breaks them.

A check is a small function that yields the equations a document claims: a total and its rows, a
rate and what it divides, a count and a list. An `Equation` is a residual that is nought where the
document is right; how far it may be off follows from the decimals that each figure shows, by the
slope of the residual at each figure, never from a fixed epsilon.

Figures are shared between equations, so a broken one is not judged alone: a figure that other
equations confirm is seldom the wrong one, and a single change (a digit, a power of ten, a swap
with its neighbour) that mends all broken equations of a figure at once is most likely the cause.
"""
from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal, DivisionByZero, InvalidOperation
from math import log, pi, sqrt
from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence

from labels.document import Document, Table
from labels.errors import N_
from labels.slides import Grid, Slide, find_slides

Residual = Callable[[Sequence[Decimal]], Decimal]


@dataclass(frozen=True, slots=True)
class Term:
    """A figure as it stands in the text, or a list counted.

    `value` is in the unit of its equation (``CNY`` in yuan, say), `step` the worth of its last
    shown digit in that unit; nought where the figure is exact, as a count is. `address` is for
    people: ``表1 · 合计 · 决算数``.
    """

    text: str
    start: int
    end: int
    value: Decimal
    step: Decimal
    address: str

    @property
    def place(self) -> tuple[int, int]:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Suspect:
    """A term that may be the wrong one. `cause` is one of `CAUSES`; `mended` is what it would
    have to be, where that is one figure."""

    start: int
    end: int
    cause: str
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)
    mended: str | None = None


@dataclass(frozen=True)
class Equation:
    """A claim that ``residual([term.value, …])`` is nought.

    A sum gives `weights` (1 for the total, -1 for each row) and no residual; any other claim gives
    a residual that is a straight line in each of its terms, as products and rates are when they
    are written without a fraction: ``budget * rate - 100 * actual``.

    `copied` claims are of one figure printed twice, which nothing rounds. `suspects` are those that
    the check itself can name; they come before what `judge` finds.

    `message` (a msgid with `details` filled in) says the claim in words, e.g. ``the rows of
    %(column)s add up to %(total)s``. `slack` widens the tolerance where the document itself says
    that figures are rounded on the way.
    """

    check: str
    terms: tuple[Term, ...]
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)
    weights: tuple[int, ...] = ()
    residual: Residual | None = None
    slack: Decimal = Decimal(0)
    copied: bool = False
    suspects: tuple[Suspect, ...] = ()


@dataclass(frozen=True, slots=True)
class NotCheckable:
    """Where an equation would stand but cannot be made, and why (a msgid)."""

    check: str
    start: int
    end: int
    address: str
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)


CAUSES = {
    "digit": N_("one digit differs"),
    "unit": N_("the unit or the decimal point is off"),
    "swapped": N_("two figures stand in each other's place"),
    "shifted": N_("figures slid against their names"),
    "missing": N_("a row is missing or counted twice"),
    "rounding": N_("rounding"),
    "label": N_("the label or the reading may be wrong"),
    "source": N_("an error of the source"),
}


@dataclass(frozen=True)
class Finding:
    """An equation judged: `status` is ``holds``, ``broken`` or ``not_checkable``.

    `difference` and `tolerance` are in the unit of the first term; `suspects` are ranked, the
    likeliest first. `key` stays while the document's text and the claim do, so that an answer given to a
    finding is found again.
    """

    check: str
    status: str
    message: str
    details: Mapping[str, Any]
    difference: Decimal
    tolerance: Decimal
    terms: tuple[Term, ...]
    suspects: tuple[Suspect, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.check}:" + ",".join(f"{term.start}-{term.end}" for term in self.terms)


@dataclass(frozen=True, slots=True)
class _Line:
    """An equation worked out: its residual, how far it may be off, its slope at each term."""

    residual: Decimal
    tolerance: Decimal
    slopes: tuple[Decimal, ...]

    @property
    def holds(self) -> bool:
        return abs(self.residual) <= self.tolerance

    def mended_by(self, position: int) -> tuple[Decimal, Decimal]:
        """The change of the term at `position` that closes it, and how far beside it may lie;
        nothing comes near it where the term does not count."""
        slope = self.slopes[position]
        if not slope:
            return Decimal(0), Decimal(-1)
        return -self.residual / slope, self.tolerance / abs(slope) * _HAIR

    def holds_with(self, change: Decimal, position: int) -> bool:
        """Whether it would hold if the term at `position` were larger by `change`."""
        return abs(self.residual + change * self.slopes[position]) <= self.tolerance


def work_out(equation: Equation) -> _Line:
    """The tolerance is what the residual can move while every figure rounds to what it shows."""
    values = [term.value for term in equation.terms]
    if equation.residual is None:
        # Most equations are sums: their slopes are known, and a long column stays cheap.
        slopes = tuple(Decimal(weight) for weight in equation.weights)
        residual = sum((slope * value for slope, value in zip(slopes, values)), Decimal(0))
    else:
        residual = equation.residual(values)
        slopes = tuple(_slope(equation.residual, values, position, residual)
                       for position in range(len(values)))
    allowed = equation.slack
    if not equation.copied:
        allowed += _rounding(slopes, equation.terms)
    return _Line(residual, allowed, slopes)


def _rounding(slopes: Sequence[Decimal], terms: Sequence[Term]) -> Decimal:
    """How far rounding alone moves a residual: by half a step of each figure where they are few;
    of many, never all to one side, but by four standard deviations at most (each step's is its
    twelfth root: a rounded figure lies anywhere in its step)."""
    moves = [abs(slope) * term.step for slope, term in zip(slopes, terms)]
    most = sum(moves, Decimal(0)) / 2
    if len(moves) <= _FEW:
        return most
    spread = 4 * (sum((move * move for move in moves), Decimal(0)) / 12).sqrt()
    return min(most, Decimal(f"{spread:.3g}"))


_FEW = 6
_HAIR = Decimal("1.000001")   # what division cuts off


def _slope(residual: Residual, values: Sequence[Decimal], position: int, base: Decimal) -> Decimal:
    moved = list(values)
    moved[position] += 1
    return residual(moved) - base


def judge(claims: Iterable[Equation | NotCheckable], tables: Sequence[Table] = ()
          ) -> tuple[Finding, ...]:
    """A finding for each claim, in the order of the claims; broken ones carry their suspects.

    `tables` are those the terms stand in: they show where figures slid and where a row is missing.
    """
    ordered = list(claims)
    web = _Web([claim for claim in ordered if isinstance(claim, Equation)], tables)
    return tuple(_not_checkable(claim) if isinstance(claim, NotCheckable) else web.finding(claim)
                 for claim in ordered)


def _not_checkable(claim: NotCheckable) -> Finding:
    place = Term("", claim.start, claim.end, Decimal(0), Decimal(0), claim.address)
    return Finding(claim.check, "not_checkable", claim.reason, claim.details, Decimal(0),
                   Decimal(0), (place,))


Place = tuple[int, int]


def _exact_books(equations: Sequence[Equation], lines: Mapping[int, _Line]) -> dict[int, _Line]:
    """The lines of sums that nothing rounds, with no tolerance.

    Sums of rounded figures seldom close to the last digit: one of n figures does with a chance of
    about ``sqrt(6 / pi / n)``. Where nearly all sums of figures of one step do, and that would be
    chance once in a million, they are not rounded, and a sum that is off by a digit is wrong.
    """
    by_step: dict[Decimal, list[Equation]] = defaultdict(list)
    for equation in equations:
        steps = {term.step for term in equation.terms}
        if {*equation.weights} <= {1, -1} and equation.residual is None and (
                not equation.copied and len(steps) == 1 and any(steps)
                and sum(bool(term.value) for term in equation.terms) > 2):
            by_step[next(iter(steps))].append(equation)
    found: dict[int, _Line] = {}
    for group in by_step.values():
        near = [equation for equation in group if lines[id(equation)].holds]
        exact = [equation for equation in near if not lines[id(equation)].residual]
        chance = sum(log(min(0.75, sqrt(6 / pi / len(equation.terms)))) for equation in exact)
        if chance < log(_CHANCE) and len(near) - len(exact) <= _STRAYS * len(near):
            found.update((id(equation), replace(lines[id(equation)], tolerance=Decimal(0)))
                         for equation in group)
    return found


_CHANCE = 1e-6
_STRAYS = 0.03


class _Web:
    """All equations of a document, joined by the figures they share."""

    def __init__(self, equations: Sequence[Equation], tables: Sequence[Table]) -> None:
        self._equations = equations
        self._lines = {id(equation): work_out(equation) for equation in equations}
        self._lines.update(_exact_books(equations, self._lines))
        self._at: dict[Place, list[tuple[Equation, int]]] = defaultdict(list)
        for equation in equations:
            for position, term in enumerate(equation.terms):
                self._at[term.place].append((equation, position))
        self._broken = [equation for equation in equations
                        if not self._lines[id(equation)].holds]

        self._grid = Grid(tables if self._broken else (), equations)
        self._slides = find_slides(
            self._grid, equations, self._broken,
            {key: line.tolerance for key, line in self._lines.items()}) if self._broken else []
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

    def _suspects(self, equation: Equation, line: _Line) -> tuple[Suspect, ...]:
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

    def _row_missing(self, equation: Equation, line: _Line) -> tuple[float, Suspect] | None:
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

    def _one_value(self, term: Term, broken: Sequence[tuple[_Line, int]]) -> bool:
        """Whether some one value in place of the term's would mend all its broken equations."""
        line, position = broken[0]
        if not line.slopes[position]:
            return False
        change = -line.residual / line.slopes[position]
        return len(broken) > 1 and all(
            other.holds_with(change, place) for other, place in broken[1:])

    def _swapped_with(self, equation: Equation, line: _Line, position: int) -> Suspect | None:
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


def _rounded(number: Decimal) -> Decimal:
    """`number` with six digits after the point at most: a quotient may have no end."""
    return number if number == number.to_integral_value() else round(number, 6).normalize()


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


def confirmed(findings: Iterable[Finding]) -> frozenset[Place]:
    """The places of all figures that stand in an equation that holds and in none that is broken."""
    held: set[Place] = set()
    doubted: set[Place] = set()
    for finding in findings:
        if finding.status != "not_checkable":
            (held if finding.status == "holds" else doubted).update(
                term.place for term in finding.terms)
    return frozenset(held - doubted)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of `amounts` figures, how many stand in an equation, and how many one confirms."""

    amounts: int
    checked: int
    confirmed: int


def coverage(amounts: Iterable[Place], findings: Sequence[Finding]) -> Coverage:
    places = set(amounts)
    checked = {term.place for finding in findings if finding.status != "not_checkable"
               for term in finding.terms}
    return Coverage(len(places), len(places & checked), len(places & confirmed(findings)))


@dataclass(frozen=True)
class Figures:
    """What checks see: the document, and its labels (suggested, or as people corrected them)."""

    document: Document
    spans: tuple[Any, ...] = ()
    relations: tuple[Any, ...] = ()
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    name: str
    function: Callable[[Figures], Iterable[Equation | NotCheckable]]


def check(function: Callable[[Figures], Iterable[Equation | NotCheckable]]) -> Check:
    """A function that yields what the document claims; its name is the check's."""
    family = function.__module__.rsplit(".", 1)[-1]
    return Check(f"{family}.{function.__name__}", function)


def run(figures: Figures, checks: Iterable[Check]) -> tuple[Finding, ...]:
    """What `checks` claim of the document, judged together: an equation of one may doubt or
    confirm a figure of another."""
    return judge((claim for entry in checks for claim in entry.function(figures)),
                 figures.document.tables)
