"""The public test cases of other projects: what the guide allows passes, each miss has a reason."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.labels.govdoc import peer_cases

pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def cases(reference: Path) -> list[dict[str, Any]]:
    return peer_cases.rows(reference)


def test_every_case_that_the_guide_allows_passes_by_span(cases: list[dict[str, Any]]) -> None:
    outcomes = peer_cases.by_span(cases)
    missed = {id_ for outcome in outcomes.values() for id_ in outcome.missed}
    assert missed == set(peer_cases.reasons()["spans"])
    assert outcomes["percent"].passed >= 74 and outcomes["amount"].passed >= 19


def test_nineteen_of_twenty_cases_pass_by_value(cases: list[dict[str, Any]]) -> None:
    outcomes = peer_cases.by_value(cases)
    assert all(outcome.passed >= 0.95 * outcome.total for outcome in outcomes.values())
    missed = {id_ for outcome in outcomes.values() for id_ in outcome.missed}
    assert missed == set(peer_cases.reasons()["values"])


def test_the_page_is_what_the_cases_give(cases: list[dict[str, Any]]) -> None:
    assert peer_cases.PAGE.read_text(encoding="utf-8") == peer_cases.page(cases)
