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

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence

from labels.document import Document
from labels.errors import N_

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


@dataclass(frozen=True)
class Equation:
    """A claim that ``residual([term.value, …])`` is nought.

    A sum gives `weights` (1 for the total, -1 for each row) and no residual; any other claim gives
    a residual that is a straight line in each of its terms, as products and rates are when they
    are written without a fraction: ``budget * rate - 100 * actual``.

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


@dataclass(frozen=True, slots=True)
class NotCheckable:
    """Where an equation would stand but cannot be made, and why (a msgid)."""

    check: str
    start: int
    end: int
    address: str
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)


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

    `difference` is the residual in the unit of the terms; `suspects` are ranked, the likeliest
    first. `key` stays while the document's text and the claim do, so that an answer given to a
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
    allowed = sum((abs(slope) * term.step / 2 for slope, term in zip(slopes, equation.terms)),
                  equation.slack)
    return _Line(residual, allowed, slopes)


def _slope(residual: Residual, values: Sequence[Decimal], position: int, base: Decimal) -> Decimal:
    moved = list(values)
    moved[position] += 1
    return residual(moved) - base


def judge(claims: Iterable[Equation | NotCheckable]) -> tuple[Finding, ...]:
    """A finding for each claim, in the order of the claims; broken ones carry their suspects."""
    ordered = list(claims)
    web = _Web([claim for claim in ordered if isinstance(claim, Equation)])
    return tuple(_not_checkable(claim) if isinstance(claim, NotCheckable) else web.finding(claim)
                 for claim in ordered)


def _not_checkable(claim: NotCheckable) -> Finding:
    place = Term("", claim.start, claim.end, Decimal(0), Decimal(0), claim.address)
    return Finding(claim.check, "not_checkable", claim.reason, claim.details, Decimal(0),
                   Decimal(0), (place,))


Place = tuple[int, int]


class _Web:
    """All equations of a document, joined by the figures they share."""

    def __init__(self, equations: Sequence[Equation]) -> None:
        self._lines = {id(equation): work_out(equation) for equation in equations}
        self._at: dict[Place, list[tuple[Equation, int]]] = defaultdict(list)
        for equation in equations:
            for position, term in enumerate(equation.terms):
                self._at[term.place].append((equation, position))
        self._broken = [equation for equation in equations
                        if not self._lines[id(equation)].holds]

    def finding(self, equation: Equation) -> Finding:
        line = self._lines[id(equation)]
        return Finding(
            equation.check, "holds" if line.holds else "broken", equation.message,
            equation.details, line.residual, line.tolerance, equation.terms,
            () if line.holds else self._suspects(equation, line))

    def _suspects(self, equation: Equation, line: _Line) -> tuple[Suspect, ...]:
        """The terms, ranked: what one change would mend before what others confirm."""
        ranked = []
        for position, term in enumerate(equation.terms):
            weight, suspect = self._suspicion(term)
            swap = self._swapped_with(equation, line, position)
            if swap is not None and weight < _SWAP:
                weight, suspect = _SWAP, swap
            ranked.append((-weight, position, suspect))
        ranked.sort(key=lambda entry: entry[:2])
        return tuple(suspect for _, _, suspect in ranked[:_SHOWN])

    def _suspicion(self, term: Term) -> tuple[float, Suspect]:
        around = self._at[term.place]
        broken = [(self._lines[id(equation)], position) for equation, position in around
                  if not self._lines[id(equation)].holds]
        closed = len(around) - len(broken)
        weight = len(broken) - 1.5 * closed
        for cause, value in _changes(term):
            if all(line.holds_with(value - term.value, position) for line, position in broken):
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
        """The term of another broken equation with which this one, exchanged, mends both."""
        term = equation.terms[position]
        own = {entry.place for entry in equation.terms}
        for other in self._broken:
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
_MEND = {"digit": 2.0, "unit": 1.5}
_SWAP = 3.0
_SHOWN = 8
_FACTORS = tuple(Decimal(10) ** power for power in (4, -4, 1, -1, 2, -2, 3, -3, 8, -8))


def _changes(term: Term) -> Iterator[tuple[str, Decimal]]:
    """What the figure could have been: one digit other, one more or less, another power of ten."""
    step = term.step or Decimal(1)
    digits = str(int(abs(term.value) / step))
    sign = -1 if term.value < 0 else 1
    for place in range(len(digits)):
        for digit in "0123456789":
            if digit != digits[place]:
                yield "digit", sign * int(digits[:place] + digit + digits[place + 1:]) * step
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


def _shown(value: Decimal, term: Term) -> str:
    """`value` in the notation of the term's text, as far as its unit lets it."""
    shown = term.text.replace(",", "")
    try:
        factor = term.value / Decimal(shown)
    except (InvalidOperation, DivisionByZero):
        return format(value.normalize(), "f")
    return format((value / factor).normalize(), "f")


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
