"""The records of the real documents, counted by reading them; addresses and hashes, no text."""
from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import pytest

from labels.records import Record
from workbench.reading import read_file
from workbench.recording import record_document

GAZETTES = json.loads((Path(__file__).parent / "gazettes.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=None)
def of(path: Path) -> tuple[Record, ...]:
    (document,) = read_file(path)
    return record_document(document)


def digest(*texts: object) -> str:
    return hashlib.sha256("|".join(str(text) for text in texts).encode()).hexdigest()[:12]


@pytest.mark.reference
@pytest.mark.parametrize("name", sorted(GAZETTES))
def test_appointments_of_a_gazette_are_complete_and_exact(reference: Path, name: str) -> None:
    found = [[record.values["action"], record.spans["person"][0][0], record.spans["post"][0][0],
              record.values["date"],
              digest(*(record.values[field] for field in ("person", "post", "organisation")))]
             for record in of(reference / "seeds" / name) if record.kind == "appointment"]
    assert found == GAZETTES[name]["appointment"]


@pytest.mark.reference
@pytest.mark.parametrize("name", sorted(GAZETTES))
def test_attendance_of_a_gazette_is_complete_and_exact(reference: Path, name: str) -> None:
    found = [[record.values["date"], int(str(record.values["expected"])),
              len(record.values["present"]), len(record.values["absent"]),
              digest("、".join(record.values["present"]), "、".join(record.values["absent"]))]
             for record in of(reference / "seeds" / name) if record.kind == "attendance"]
    assert found == GAZETTES[name]["attendance"]


@pytest.mark.reference
def test_every_numbered_row_of_the_four_tables_is_a_fact_or_a_project(reference: Path) -> None:
    path = reference / "seeds" / "baoshan-plan-report.txt"
    (document,) = read_file(path)
    told = {place for record in of(path) for places in record.spans.values() for place in places
            if record.kind == "project" or record.values.get("source") == "table"}
    counts = []
    for table in document.tables:
        rows = [row for row in table.rows if row[0].text.strip().isdigit()]
        counts.append(len(rows))
        for row in rows:
            low, high = row[0].start, max(cell.end for cell in row)
            assert any(low <= start < high for start, _ in told), row[0].text
    assert counts == [25, 20, 25, 18]


@pytest.mark.reference
def test_projects_of_the_plan_have_investment_unit_and_goal(reference: Path) -> None:
    found = [record for record in of(reference / "seeds" / "baoshan-plan-report.txt")
             if record.kind == "project" and "goal" in record.values]
    assert len(found) == 38
    assert all(record.values["unit"] == "亿元" and record.values["investment"] for record in found)


@pytest.mark.reference
def test_every_row_with_a_code_is_a_budget_line(reference: Path) -> None:
    path = reference / "seeds" / "baoshan-final-accounts.txt"
    (document,) = read_file(path)
    lines = [record for record in of(path) if record.kind == "budget_line"]
    coded = [row for table in document.tables for row in table.rows
             if row[0].text.strip().isdigit() and table.columns[0][-1:] == ("类",)]
    told = {record.spans["item"][0] for record in lines}
    assert len(coded) == 125
    assert all(any((cell.start, cell.end) in told for cell in row) for row in coded)
    assert sum("amount" in record.values for record in lines) == 273
