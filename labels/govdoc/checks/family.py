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
    """What of a document its family needs: its place, its name and the levels it tells."""

    source: str
    place: str | None
    readings: tuple[Reading, ...]


def member(figures: Figures) -> Member:
    document = figures.document
    named = [document.issuer or "", document.title, *(part.issuer or part.title
                                                      for part in document.parts)]
    place = next((found for words in named if (found := place_of(words))), None)
    return Member(document.source or document.id, place,
                  tuple(one for one in readings(figures) if one.key[2] == "value"))


def check_family(members: Iterable[Member]) -> tuple[Finding, ...]:
    """Levels of one indicator and period that two documents of one place tell, judged.

    A place that a document does not name is no place in common. The address of a term begins with
    the document that it stands in.
    """
    known = [one for one in members if one.place is not None and one.readings]
    found: list[Finding] = []
    for position, one in enumerate(known):
        for other in known[position + 1:]:
            if one.place == other.place:
                found.extend(judge(_agree(one, other)))
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
