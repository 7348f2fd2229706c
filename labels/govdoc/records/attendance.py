"""Attendance: who should have come to a meeting, who came, who did not."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Iterator

from labels.checks import Figures
from labels.days import dates
from labels.document import NameList, Part
from labels.govdoc.facts import Label, Place, labels, once, part_at, plain, sentence, view
from labels.records import Record, record_rule

_PRESENT = re.compile(r"出席|实到|到会")
_ABSENT = re.compile(r"请假|缺席|未出席|未到")
EXPECTED = re.compile(r"应(?:出席|到会?|参会)[^，。;:\d\n]{0,16}:?(\d+)(?:人|名|位)")


@dataclass(frozen=True)
class Sitting:
    """One list of attendance. `expected` is the count and its place in the source; the lists may
    be missing. `part` is the document inside the document that it stands in."""

    start: int
    part: Part | None
    expected: tuple[int, Place] | None
    present: NameList | None
    absent: NameList | None


def sittings(figures: Figures) -> tuple[Sitting, ...]:
    return once(figures, "attendance.sittings", lambda given: tuple(_sittings(given)))


def _sittings(figures: Figures) -> Iterator[Sitting]:
    """Each list of names under 出席 begins one; the list under 请假 that follows belongs to it."""
    document = figures.document
    lists = [names for names in document.name_lists if names.names and (
        _PRESENT.search(names.heading) or _ABSENT.search(names.heading))
        and "列席" not in names.heading]
    covered: list[Place] = []
    last = 0
    for position, names in enumerate(lists):
        if _ABSENT.search(names.heading):
            continue
        part = part_at(document, names.names[0].start)
        after = lists[position + 1] if position + 1 < len(lists) else None
        if after is not None and (not _ABSENT.search(after.heading)
                                  or part_at(document, after.names[0].start) != part):
            after = None
        floor = max(last, part.start if part else 0)
        expected = _expected(figures, floor, names.names[0].start)
        last = (after or names).names[-1].end
        covered.append((floor, last))
        yield Sitting(names.names[0].start, part, expected, names, after)
    yield from _told(figures, covered)


def _expected(figures: Figures, low: int, high: int) -> tuple[int, Place] | None:
    """The last count of those who should come, between two places of the source."""
    folded = view(figures)
    found = list(EXPECTED.finditer(folded.text, folded.locate(low), folded.locate(high)))
    if not found:
        return None
    return int(found[-1].group(1)), folded.span(*found[-1].span(1))


def _told(figures: Figures, covered: list[Place]) -> Iterator[Sitting]:
    """应到代表289名，实到275名: a sentence that counts those who came."""
    folded = view(figures)
    for match in EXPECTED.finditer(folded.text):
        place = folded.span(*match.span(1))
        _, end = sentence(folded.text, match.start())
        if any(low <= place[0] < high for low, high in covered) or not _PRESENT.search(
                folded.text, match.end(), end):
            continue
        yield Sitting(place[0], part_at(figures.document, place[0]),
                      (int(match.group(1)), place), None, None)


@record_rule
def attendance(figures: Figures) -> Iterable[Record]:
    """One record a sitting."""
    for sitting in sittings(figures):
        fields: dict[str, str | tuple[str, ...]] = {}
        spans: dict[str, tuple[Place, ...]] = {}
        part = sitting.part
        if part is not None and part.meeting:
            fields["meeting"] = plain(part.meeting)
            if "meeting" in part.spans:
                spans["meeting"] = (part.spans["meeting"],)
        day = day_of(figures, sitting)
        found = dates(day.text) if day else None
        if day is not None and found is not None:
            fields["date"], spans["date"] = found.low, (day.place,)
        elif part is not None and part.date:
            fields["date"] = part.date
            if "date" in part.spans:
                spans["date"] = (part.spans["date"],)
        if sitting.expected is not None:
            fields["expected"], spans["expected"] = str(sitting.expected[0]), (sitting.expected[1],)
        for name, names in (("present", sitting.present), ("absent", sitting.absent)):
            if names is not None:
                fields[name] = tuple(plain(entry.text) for entry in names.names)
                spans[name] = tuple((entry.start, entry.end) for entry in names.names)
        yield Record("attendance", fields, spans)


def day_of(figures: Figures, sitting: Sitting) -> Label | None:
    """The last full date before the list in its part: 会期半天，2020年12月24日下午."""
    folded = view(figures)
    low = folded.locate(sitting.part.start) if sitting.part else max(
        0, folded.locate(sitting.start) - 400)
    days = [label for label in labels(figures).within(low, folded.locate(sitting.start), "DATE")
            if re.search(r"\d+[日号]", label.text)]
    return days[-1] if days else None
