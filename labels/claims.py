"""What a document claims of its figures, and how far a claim may be off.

An `Equation` is a residual that is nought where the document is right. How far it may be off
follows from the decimals that each figure shows, by the slope of the residual at each figure,
never from a fixed epsilon.
"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import log, pi, sqrt
from typing import Any, Callable, Mapping, Sequence

from labels.errors import N_

Place = tuple[int, int]
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
    likeliest first. `key` stays while the document's text and the claim do, so that an answer
    given to a finding is found again.
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
class Line:
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


def work_out(equation: Equation) -> Line:
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
    return Line(residual, allowed, slopes)


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


def exact_books(equations: Sequence[Equation], lines: Mapping[int, Line]) -> dict[int, Line]:
    """The lines of sums that nothing rounds, with no tolerance.

    Sums of rounded figures seldom close to the last digit: one of n figures does with a chance of
    about ``sqrt(6 / pi / n)``. Where nearly all sums of figures of one step do, and that would be
    chance once in a million, they are not rounded, and a sum that is off by a digit is wrong.
    """
    if not any(line.residual and line.holds for line in lines.values()):
        return {}   # nothing is off by what might be rounding
    by_step: dict[Decimal, list[Equation]] = defaultdict(list)
    for equation in equations:
        steps = {term.step for term in equation.terms}
        if {*equation.weights} <= {1, -1} and equation.residual is None and (
                not equation.copied and len(steps) == 1 and any(steps)
                and sum(bool(term.value) for term in equation.terms) > 2):
            by_step[next(iter(steps))].append(equation)
    found: dict[int, Line] = {}
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
