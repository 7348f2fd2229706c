"""Single corruptions in figures that equations confirm are found, and the right cell suspected.

`make test` plants a sample in the demo documents, and in the five real ones where they are;
`make test-long` plants 500 in all of them.
"""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.labels.govdoc.mutations import Base, bases_in, demo_bases, rates

FOUND, PLACED = 0.95, 0.80


def real_bases(reference: Path) -> list[Base]:
    return demo_bases() + bases_in(sorted((reference / "seeds").glob("*.txt")))


def told(bases: list[Base], count: int, seed: int) -> tuple[float, float, list[str]]:
    missed: list[str] = []
    total, _ = rates(bases, count, seed, missed)
    assert total.planted == count
    return total.found / count, total.placed / count, missed


def test_corruptions_of_the_demo_documents_are_found() -> None:
    found, placed, missed = told(demo_bases(), 30, 1)
    assert found >= FOUND and placed >= PLACED, missed


@pytest.mark.reference
def test_corruptions_of_real_documents_are_found(reference: Path) -> None:
    found, placed, missed = told(real_bases(reference), 60, 1)
    assert found >= FOUND and placed >= PLACED, missed


@pytest.mark.long
@pytest.mark.reference
@pytest.mark.parametrize("seed", [1, 2])
def test_five_hundred_corruptions_are_found(reference: Path, seed: int) -> None:
    found, placed, missed = told(real_bases(reference), 500, seed)
    assert found >= FOUND and placed >= PLACED, missed
