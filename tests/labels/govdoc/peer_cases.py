"""The public test cases of other projects against our suggestions and values; no tests here.

``python -m tests.labels.govdoc.peer_cases FOLDER`` writes docs/peer-cases.md from the cases in
FOLDER/reference/peer-cases.jsonl and the reasons in peer_cases.toml beside this file. The page
names cases by id only: their sentences belong to their projects.
"""
from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Iterator

from labels import values
from labels.document import Document
from labels.govdoc import load
from labels.rules import Value, suggest

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "peer-cases.md"
LABELS = {"percent": "PERCENT", "amount": "MONEY", "quantity": "QUANTITY", "datetime": "DATE"}
_READERS = {"percent": values.percent, "amount": values.money, "quantity": values.quantity}
# What our unit is worth in the per cent that the cases count in.
_PER_CENT = {"%": Decimal(1), "‰": Decimal("0.1"), "百分点": Decimal(1)}


@dataclass(frozen=True)
class Outcome:
    """How many cases of a type there are, and the ids of those that are missed."""

    total: int
    missed: tuple[str, ...]

    @property
    def passed(self) -> int:
        return self.total - len(self.missed)


def rows(folder: Path) -> list[dict[str, Any]]:
    """The cases; `folder` is the one that holds ``reference``."""
    lines = (folder / "reference" / "peer-cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def reasons() -> dict[str, dict[str, str]]:
    """``spans`` and ``values``: id → name of a reason; ``reasons``: name → text."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def by_span(cases: list[dict[str, Any]]) -> dict[str, Outcome]:
    """A case passes if the suggestions of its label are exactly its spans."""
    found: dict[str, Outcome] = {}
    for kind, label in LABELS.items():
        asked = [row for row in cases if row["applies"] and row["type"] == kind]
        missed = tuple(row["id"] for row in asked if _spans(row, label) != sorted(
            (span["start"], span["end"]) for span in row["spans"]))
        found[kind] = Outcome(len(asked), missed)
    return found


def _spans(row: dict[str, Any], label: str) -> list[tuple[int, int]]:
    document = Document(row["id"], row["input"], date=(row["ref"] or "")[:10] or None)
    return [(span.start, span.end) for span in suggest(document, load()).spans
            if span.label == label]


def by_value(cases: list[dict[str, Any]]) -> dict[str, Outcome]:
    """A case passes if the words of each of its spans read as the number that it gives."""
    found: dict[str, Outcome] = {}
    for kind in ("number", "amount", "percent", "quantity"):
        asked = [row for row in cases if row["applies"] is not False and row["type"] == kind
                 and list(_stated(row))]
        missed = tuple(row["id"] for row in asked if not all(
            _equal(_read(kind, text), stated) for text, stated in _stated(row)))
        found[kind] = Outcome(len(asked), missed)
    return found


def _stated(row: dict[str, Any]) -> Iterator[tuple[str, list[Decimal]]]:
    """Each span with the number, or the two ends, that the case gives for it."""
    for span in row["spans"]:
        resolution = span.get("resolution")
        if isinstance(resolution, dict):
            stated = resolution.get("value") or resolution.get("num")
            if stated is not None:
                ends = stated if isinstance(stated, list) else [stated]
                yield span["text"], [Decimal(str(end).rstrip("%")) for end in ends]


def _read(kind: str, text: str) -> list[Decimal] | None:
    if kind == "number":
        number = values.number(text)
        return None if number is None else [number]
    value: Value | None = _READERS[kind](text)
    if value is None:
        return None
    scale = _PER_CENT[value.unit] if kind == "percent" else Decimal(1)
    return [Decimal(end) * scale for end in dict.fromkeys((value.low, value.high))]


def _equal(read: list[Decimal] | None, stated: list[Decimal]) -> bool:
    """Equal but for the fifteen digits that the cases keep."""
    return read is not None and len(read) == len(stated) and all(
        abs(left - right) <= abs(right) * Decimal("1e-9") for left, right in zip(read, stated))


def page(cases: list[dict[str, Any]]) -> str:
    """docs/peer-cases.md."""
    table = reasons()
    spans, numbers = by_span(cases), by_value(cases)
    lines = [
        "# Public test cases of other projects", "",
        "Cases for numbers, shares, sums and dates that other projects publish, against the"
        " suggestions of the built-in pack and the values that `labels.values` reads. Where a case"
        " contradicts the labelling guide, the guide holds; such misses are named with the reason."
        " Made by `python -m tests.labels.govdoc.peer_cases`.", ""]
    for title, outcomes, named in (("By span", spans, table["spans"]),
                                   ("By value", numbers, table["values"])):
        total = sum(outcome.total for outcome in outcomes.values())
        passed = sum(outcome.passed for outcome in outcomes.values())
        lines += [f"## {title}: {passed} of {total}", "",
                  "| type | cases | passed |", "|---|---|---|"]
        lines += [f"| {kind} | {outcome.total} | {outcome.passed} |"
                  for kind, outcome in outcomes.items()]
        lines += ["", "| missed | why |", "|---|---|"]
        lines += [f"| {id_} | {table['reasons'].get(named.get(id_, ''), 'no reason is given')} |"
                  for outcome in outcomes.values() for id_ in outcome.missed]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(rows(Path(sys.argv[1]))), encoding="utf-8")
