"""Every broken claim of prose and lists in the real documents, judged by reading; no text."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.checking import check_document
from workbench.reading import read_file

FAMILIES = ("prose_sums.", "prose_rates.", "lists.", "dates.", "twice.", "notes.", "years.",
            "items.")
JUDGED = json.loads((Path(__file__).parent / "judged-prose.json").read_text(encoding="utf-8"))


def test_false_alarms_are_fewer_than_one_in_twenty() -> None:
    verdicts = [entry["verdict"] for entry in JUDGED]
    assert set(verdicts) <= {"true inconsistency", "extraction", "false alarm"}
    assert verdicts.count("false alarm") * 20 < len(verdicts)


@pytest.mark.reference
def test_what_is_broken_is_what_was_judged(reference: Path) -> None:
    found = [(path.name, finding.check, [list(term.place) for term in finding.terms])
             for path in sorted((reference / "seeds").iterdir())
             for document in read_file(path) for finding in check_document(document)
             if finding.status == "broken" and finding.check.startswith(FAMILIES)]
    assert found == [(entry["file"], entry["check"], entry["places"]) for entry in JUDGED]
