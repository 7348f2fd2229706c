"""The coefficients against the published worked examples, and against a library."""
from __future__ import annotations

from collections import Counter
from typing import Any, Hashable

import krippendorff
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from workbench.review.figures import (
    DRAWS, LEAST_DOCUMENTS, alpha, alpha_columns, alpha_row, cohen, estimate, f1, fleiss,
    fleiss_row,
)

# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): section A (two observers, two
# values) and section C/D (four observers, five values, with gaps), one row an observer.
TWO_OBSERVERS = ("0100000010", "1110010000")
FOUR_OBSERVERS = ("123321412   ", "1233224125 3", " 3332342251 ", "12332441251 ")
# J. L. Fleiss, Measuring nominal scale agreement among many raters (1971), table 1: thirty
# patients, six psychiatrists, five diagnoses.
DIAGNOSES = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006""".split()


def alpha_of(*observers: str) -> float:
    counts: Counter[Hashable] = Counter()
    for values in zip(*observers):
        counts.update(alpha_row([value for value in values if value != " "]))
    return float(alpha(np.array(alpha_columns({1: counts})[1])))


def test_alpha_is_that_of_krippendorff_for_two_observers() -> None:
    assert round(alpha_of(*TWO_OBSERVERS), 3) == 0.095


def test_alpha_is_that_of_krippendorff_for_four_observers_with_gaps() -> None:
    assert {len(row) for row in FOUR_OBSERVERS} == {12}
    assert round(alpha_of(*FOUR_OBSERVERS), 3) == 0.743


def test_kappa_is_that_of_cohen() -> None:
    """J. Cohen, A coefficient of agreement for nominal scales (1960), tables 1 and 2: proportions
    with κ = -.09, and frequencies with κ = .492."""
    proportions = np.array([.25, .13, .12, .12, .02, .16, .03, .15, .02])
    frequencies = np.array([88., 14, 18, 10, 40, 10, 2, 6, 12])
    assert round(float(cohen(proportions)), 2) == -0.09
    assert round(float(cohen(frequencies)), 3) == 0.492


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=25))
def test_kappa_is_that_of_the_library(pairs: list[tuple[int, int]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    counts = np.zeros((4, 4))
    for one, other in pairs:
        counts[one, other] += 1
    ours = float(cohen(counts.ravel()))
    if len({value for pair in pairs for value in pair}) == 1:
        assert np.isnan(ours)
        return
    assert ours == pytest.approx(metrics.cohen_kappa_score(*zip(*pairs), labels=range(4)))


def test_kappa_of_many_raters_is_that_of_fleiss() -> None:
    row = np.zeros(7)
    for patient in DIAGNOSES:
        values = [name for name, n in enumerate(map(int, patient)) for _ in range(n)]
        row += fleiss_row(values, range(5))
    assert round(float(fleiss(6)(row)), 3) == 0.430


answers = st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=2, max_size=25)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(answers)
def test_alpha_is_that_of_the_library_and_fleiss_differs_by_what_is_known(
        units: list[tuple[int, ...]]) -> None:
    """1 - α = (1 - κ) (1 - 1 / ratings): Krippendorff's own remark on Fleiss' κ, which takes the
    sample for the population."""
    row, counts = np.zeros(6), Counter[Hashable]()
    for values in units:
        row += fleiss_row(values, range(4))
        counts.update(alpha_row(values))
    ours = float(alpha(np.array(alpha_columns({1: counts})[1])))
    kappa = float(fleiss(3)(row))
    if len({value for values in units for value in values}) == 1:
        assert np.isnan(ours) and np.isnan(kappa)
        return
    assert ours == pytest.approx(krippendorff.alpha(
        np.array(units).T, level_of_measurement="nominal"))
    assert 1 - ours == pytest.approx((1 - kappa) * (1 - 1 / (3 * len(units))))


def test_a_unit_that_one_person_answered_says_nothing() -> None:
    assert alpha_row(["a"]) == Counter() == alpha_row([])


def test_what_cannot_be_worked_out_is_no_figure() -> None:
    assert estimate({}, f1, 0).value is None
    assert estimate({1: [0, 0]}, f1, 0).value is None


def test_the_interval_is_of_documents_and_always_the_same() -> None:
    rows: dict[Any, list[float]] = {n: [8 + n % 3, 22] for n in range(20)}
    found = estimate(rows, f1, 440)
    assert found == estimate(dict(reversed(rows.items())), f1, 440)
    assert found.low is not None and found.high is not None and found.value is not None
    assert 0.75 < found.low < found.value < found.high < 0.9 and DRAWS == 1000
    alike = estimate({n: [5, 20] for n in range(9)}, f1, 1)
    assert (alike.low, alike.value, alike.high) == (0.5, 0.5, 0.5)


def test_few_documents_have_no_interval() -> None:
    few = estimate({n: [1, 4] for n in range(LEAST_DOCUMENTS - 1)}, f1, 4)
    assert (few.value, few.low, few.high) == (0.5, None, None)
