"""What the checks of tables find in five real documents, against what reading them told.

``judged.json`` holds the address and the verdict of each finding, not its words: the ordinals, from
1, of the table, row and column of its first figure, and of the last one's table. A verdict is
``true inconsistency`` (the document contradicts itself), ``extraction`` (the reader's file lost or
moved what the paper had) or ``false alarm``.
"""
from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Iterator

import pytest

from labels import govdoc
from labels.checks import Figures, Finding, run
from labels.document import Document
from labels.govdoc.checks.sheet import sheets
from workbench.reading import read_file

JUDGED = json.loads(Path(__file__).with_name("judged.json").read_text("utf-8"))
DOCUMENTS = sorted({row["document"] for row in JUDGED})
PROSE = ("prose",)


@lru_cache(maxsize=None)
def read(path: Path) -> Document:
    (document,) = read_file(path)
    return document


def table_findings(document: Document) -> tuple[Finding, ...]:
    return run(Figures(document), [entry for entry in govdoc.load_checks()
                                   if not entry.name.startswith(PROSE)])


def address(document: Document, start: int, end: int) -> tuple[int, int, int]:
    """Table, row and column of a place, from 1; a place of whole rows has column 0, of a head
    row 0."""
    for number, table in enumerate(document.tables, 1):
        if table.start <= start < table.end:
            for row, cells in enumerate(table.rows, 1):
                for column, cell in enumerate(cells, 1):
                    if (cell.start, cell.end) == (start, end) and cell.text:
                        return number, row, column
            inside = [row for row, cells in enumerate(table.rows, 1)
                      if any(cell.text and start <= cell.start < end for cell in cells)]
            return number, inside[0] if inside else 0, 0
    return 0, 0, 0


def found(document: Document) -> Iterator[tuple[dict[str, Any], Finding]]:
    for finding in table_findings(document):
        if finding.status == "broken":
            first, last = finding.terms[0], finding.terms[-1]
            table, row, column = address(document, first.start, first.end)
            yield {"document": document.source, "check": finding.check, "table": table, "row": row,
                   "column": column, "other": address(document, last.start, last.end)[0]}, finding


def spot(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("document", "check", "table", "row", "column", "other"))


@pytest.mark.reference
@pytest.mark.parametrize("name", DOCUMENTS)
def test_just_the_judged_findings_are_made(reference: Path, name: str) -> None:
    made = sorted(spot(row) for row, _ in found(read(reference / "seeds" / name)))
    assert made == sorted(spot(row) for row in JUDGED if row["document"] == name)


@pytest.mark.reference
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_cause_that_reading_told_is_among_the_first_suspects(reference: Path, name: str
                                                                 ) -> None:
    told = {spot(row): row["cause"] for row in JUDGED if row["document"] == name}
    for row, finding in found(read(reference / "seeds" / name)):
        assert told[spot(row)] in [suspect.cause for suspect in finding.suspects[:2]], row


def test_false_alarms_are_fewer_than_one_in_twenty() -> None:
    false = sum(row["verdict"] == "false alarm" for row in JUDGED)
    assert 20 * false < len(JUDGED)


@pytest.mark.reference
def test_every_total_has_an_equation_or_a_reason_for_each_column(reference: Path) -> None:
    for name in DOCUMENTS:
        figures = Figures(read(reference / "seeds" / name))
        places = [(term.start, term.end) for finding in run(figures, govdoc.load_checks())
                  for term in finding.terms]
        for sheet in sheets(figures):
            for row in sheet.total_rows:
                for column in sheet.columns:
                    cell = sheet.cells[row][column]
                    if sheet.figures[row][column] is not None:
                        assert any(start <= cell.start and cell.end <= end
                                   for start, end in places), sheet.address(row, column)
