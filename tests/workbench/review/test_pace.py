"""The line of time against length."""
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.review.pace import LEAST_POINTS, MOST_POINTS, line

points = st.lists(st.tuples(st.integers(1, 1500), st.floats(1, 3600)), min_size=LEAST_POINTS,
                  max_size=30, unique_by=lambda point: point[0])


@settings(deadline=None, max_examples=50)
@given(points)
def test_slope_and_interval_are_those_of_scipy(found: list[tuple[int, float]]) -> None:
    stats = pytest.importorskip("scipy.stats")
    ours = line(found)
    theirs = stats.theilslopes([y for _, y in found], [x for x, _ in found])
    assert ours is not None and ours.each == pytest.approx(theirs.slope)
    slopes = sorted((b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(sorted(found))
                    for b in sorted(found)[i + 1:] if a[0] != b[0])
    # scipy takes 1.9599…, and rounds to another neighbour where it ends on a half.
    for mine, their in ((ours.low, theirs.low_slope), (ours.high, theirs.high_slope)):
        near = min(range(len(slopes)), key=lambda place: abs(slopes[place] - their))
        assert mine in slopes[max(0, near - 1):near + 2]


def test_a_task_left_open_does_not_bend_the_line() -> None:
    even = [(100 * n, 10.0 + 30 * n) for n in range(1, 12)]
    found, bent = line(even), line([*even[:-1], (1100, 3500.0)])
    assert found is not None and bent is not None
    assert found.each == pytest.approx(0.3) == bent.each and found.start == pytest.approx(10)


def test_few_answers_or_one_length_have_no_line() -> None:
    assert line([(n, n) for n in range(1, LEAST_POINTS)]) is None
    assert line([(5, n) for n in range(1, 20)]) is None


def test_many_answers_are_looked_at_in_part() -> None:
    found = line([(n, 2.0 * n) for n in range(1, 5 * MOST_POINTS)])
    assert found is not None and found.each == 2
