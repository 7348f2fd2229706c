"""The documents' own arithmetic (勾稽关系): equations between figures, and what breaks them.

A check is a small function that yields the equations a document claims: a total and its rows, a
rate and what it divides, a count and a list. What it may yield stands in `labels.claims`; which
figure is likely the wrong one, where a claim is broken, is said by `labels.suspicion`.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Callable, Iterable, Sequence, TypeVar

from labels.claims import (
    CAUSES, Equation, Finding, NotCheckable, Place, Residual, Suspect, Term, work_out)
from labels.document import Document, Table
from labels.suspicion import Web

__all__ = [
    "CAUSES", "Check", "Coverage", "Equation", "Failure", "Figures", "Finding", "NotCheckable",
    "Residual", "Suspect", "Term", "attempt", "check", "confirmed", "coverage", "judge", "run",
    "work_out"]


def judge(claims: Iterable[Equation | NotCheckable], tables: Sequence[Table] = ()
          ) -> tuple[Finding, ...]:
    """A finding for each claim, in the order of the claims; broken ones carry their suspects.

    `tables` are those the terms stand in: they show where figures slid and where a row is missing.
    """
    ordered = list(claims)
    web = Web([claim for claim in ordered if isinstance(claim, Equation)], tables)
    return tuple(_not_checkable(claim) if isinstance(claim, NotCheckable) else web.finding(claim)
                 for claim in ordered)


def _not_checkable(claim: NotCheckable) -> Finding:
    place = Term("", claim.start, claim.end, Decimal(0), Decimal(0), claim.address)
    return Finding(claim.check, "not_checkable", claim.reason, claim.details, Decimal(0),
                   Decimal(0), (place,))


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


@dataclass(frozen=True, slots=True)
class Failure:
    """A check or a record rule that raised, and what it raised."""

    name: str
    error: str


Made = TypeVar("Made")


def attempt(name: str, made: Callable[[], Iterable[Made]],
            failures: list[Failure] | None) -> list[Made]:
    """All that `made` yields; nothing where it raises, which is added to `failures`. Without
    `failures` it raises."""
    try:
        return list(made())
    except Exception as error:
        if failures is None:
            raise
        failures.append(Failure(name, f"{type(error).__name__}: {error}"))
        return []


def run(figures: Figures, checks: Iterable[Check],
        failures: list[Failure] | None = None) -> tuple[Finding, ...]:
    """What `checks` claim of the document, judged together: an equation of one may doubt or
    confirm a figure of another.

    A check that raises is skipped and told in `failures`, where these are given; so is an equation
    that cannot be worked out.
    """
    claims = [claim for entry in checks
              for claim in attempt(entry.name, lambda: entry.function(figures), failures)]
    tables = figures.document.tables
    if failures is None:
        return judge(claims, tables)
    before = len(failures)
    judged = attempt("judge", lambda: judge(claims, tables), failures)
    if len(failures) > before:
        # Which claim did it is only asked where one did.
        del failures[before:]
        sound = [claim for claim in claims if _workable(claim, failures)]
        judged = attempt("judge", lambda: judge(sound, tables), failures)
    return tuple(judged)


def _workable(claim: Equation | NotCheckable, failures: list[Failure]) -> bool:
    return isinstance(claim, NotCheckable) or bool(
        attempt(claim.check, lambda: [work_out(claim)], failures))
