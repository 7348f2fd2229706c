"""Corruptions planted into sentences and lists of the demo documents are found and placed."""
from __future__ import annotations

from tests.labels.govdoc.prose_mutations import demo_bases, rates


def test_single_corruptions_are_found_and_placed() -> None:
    told, planted = rates(demo_bases(), 60, 7)
    assert planted == 60
    found = sum(number for (_, what), number in told.items() if what == "found")
    placed = sum(number for (_, what), number in told.items() if what == "placed")
    assert found >= 57 and placed >= 54, told
    assert all(told[kind, "planted"] for kind in ("digit", "unit", "name"))
