"""The same indicator in several documents of one place: what this year's report says of last year
against what last year's report said."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterable, Iterator

from labels.checks import Equation, Figures, Finding, Term, judge
from labels.errors import N_
from labels.govdoc.checks.twice import Reading, place_of, readings
from labels.govdoc.facts import plain


@dataclass(frozen=True)
class Member:
    """What a family needs of a document, or of its parts of one place: its name and the levels
    it tells."""

    source: str
    place: str
    readings: tuple[Reading, ...]


def members(figures: Figures) -> tuple[Member, ...]:
    """One a place: a page may hold the reports of several districts."""
    document = figures.document
    whole = place_of(document.issuer or "") or place_of(document.title)
    by_place: dict[str, list[Reading]] = {}
    for one in readings(figures):
        part = document.parts[one.part] if one.part >= 0 else None
        place = (part and (place_of(part.issuer or "") or place_of(part.title))) or whole
        if place and one.key[2] == "value":
            by_place.setdefault(place, []).append(one)
    return tuple(Member(document.source or document.id, place, tuple(told))
                 for place, told in by_place.items())


def check_family(family: Iterable[Member]) -> tuple[tuple[tuple[str, str], Finding], ...]:
    """Levels of one indicator and period that two documents of one place tell, judged, each with
    the names of the two; the first term stands in the first.

    A place that a document does not name is no place in common. The address of a term begins with
    the document that it stands in.
    """
    known = list(family)
    found: list[tuple[tuple[str, str], Finding]] = []
    for position, one in enumerate(known):
        for other in known[position + 1:]:
            if one.place == other.place and one.source != other.source:
                found.extend(((one.source, other.source), finding)
                             for finding in judge(_agree(one, other)))
    return tuple(found)


def _agree(one: Member, other: Member) -> Iterator[Equation]:
    yours = _certain(other)
    for key, term in _certain(one).items():
        if key in yours:
            yield Equation(
                "family.told_in_two_documents", (term, yours[key]),
                N_("%(indicator)s in two documents: %(one)s and %(other)s"),
                {"indicator": key[0], "one": plain(term.text), "other": plain(yours[key].text)},
                weights=(1, -1))


def _certain(one: Member) -> dict[tuple[str, tuple[str, str], str, str], Term]:
    """The levels that the document tells alike wherever it tells them."""
    by_key: dict[tuple[str, tuple[str, str], str, str], list[Term]] = {}
    for reading in one.readings:
        by_key.setdefault(reading.key, []).append(reading.term)
    return {key: replace(terms[0], address=f"{one.source}: {terms[0].address}")
            for key, terms in by_key.items() if len({term.value for term in terms}) == 1}
