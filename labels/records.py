"""Records: what spans, relations and table cells say together, as one row a fact.

A record is made, never kept: it is corrected by correcting the labels it was made from. Every
field keeps the spans it came from, so that a reader gets from any field to the words.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Iterable, Mapping

from labels.checks import Failure, Figures, attempt
from labels.document import slice_checked

# The fields of each record, in the order a person reads them. The guide's section on records
# is their source; `names` fields hold several texts.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "appointment": ("action", "person", "post", "organisation", "meeting", "date"),
    "indicator": ("indicator", "period", "value", "unit", "change", "target", "completion",
                  "place", "source"),
    "budget_line": ("table", "class", "section", "item_code", "item", "column", "amount", "unit"),
    "attendance": ("meeting", "date", "expected", "present", "absent"),
    "project": ("name", "investment", "unit", "goal", "progress", "period"),
    "finding": ("what", "amount", "body", "rectification"),
}

Place = tuple[int, int]


@dataclass(frozen=True)
class Record:
    """`values` maps a field of ``FIELDS[kind]`` to its text, number (a string in plain notation)
    or tuple of texts; `spans` maps it to the places in the document it came from, in order. A
    field that the words do not give is in neither."""

    kind: str
    values: Mapping[str, str | tuple[str, ...]]
    spans: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)

    @property
    def start(self) -> int:
        return min((start for places in self.spans.values() for start, _ in places), default=0)

    def check(self, text: str) -> None:
        """Raises OffsetError unless every place lies in `text`; ValueError for a wrong field."""
        for name in (*self.values, *self.spans):
            if name not in FIELDS[self.kind]:
                raise ValueError(f"a record of kind {self.kind} has no field {name}")
        for places in self.spans.values():
            for start, end in places:
                slice_checked(text, start, end)


@dataclass(frozen=True)
class RecordRule:
    name: str
    function: Callable[[Figures], Iterable[Record]]


def record_rule(function: Callable[[Figures], Iterable[Record]]) -> RecordRule:
    """A function that yields records of a document; its name is the rule's."""
    family = function.__module__.rsplit(".", 1)[-1]
    return RecordRule(f"{family}.{function.__name__}", function)


def records(figures: Figures, rules: Iterable[RecordRule],
            failures: list[Failure] | None = None) -> tuple[Record, ...]:
    """The records of all `rules`, by where they stand. A rule that raises, or makes a record that
    `Record.check` refuses, is skipped and told in `failures`; without these it raises."""
    def made(rule: RecordRule) -> Iterable[Record]:
        for record in rule.function(figures):
            record.check(figures.document.text)
            yield record
    found = [record for rule in rules
             for record in attempt(rule.name, lambda: made(rule), failures)]
    return tuple(sorted(found, key=lambda record: record.start))


def record_to_json(record: Record, document: str) -> dict[str, Any]:
    """The JSON shape of ``workbench records``; a field from several places has a list of them."""
    spans = {name: list(places[0]) if len(places) == 1 else [list(place) for place in places]
             for name, places in record.spans.items() if places}
    return {"record": record.kind, "document": document,
            **{name: list(value) if isinstance(value, tuple) else value
               for name, value in record.values.items()}, "spans": spans}
