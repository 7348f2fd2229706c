"""Plots are SVG that a page without styles in attributes can hold, and say what they show."""
from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from workbench.web.charts import Mark, columns, over_time, scatter, ticks

SVG = "{http://www.w3.org/2000/svg}"


def parsed(plot: Markup) -> ElementTree.Element:
    root = ElementTree.fromstring(plot)
    assert root.get("role") == "img" and root.get("aria-label")
    assert all(one.get("style") is None for one in root.iter())
    return root


def test_a_label_with_marks_of_html_stays_words() -> None:
    assert parsed(columns(["<b>"], [1], 'a "b" <c>')).get("aria-label") == 'a "b" <c>'


def test_columns_are_as_high_as_their_counts() -> None:
    root = parsed(columns(["1–50", "51–100", "101+"], [10, 5, 0], "lengths"))
    heights = [float(one.get("height", 0)) for one in root.iter("rect")]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.2) and heights[2] == 0
    assert {"10", "5", "0", "51–100"} <= {one.text for one in root.iter("text")}


def test_weeks_without_a_figure_have_no_mark() -> None:
    root = parsed(over_time(["a", "b", "c"], [
        [Mark(0.5, 0.4, 0.6), Mark(None), Mark(-0.2)], [Mark(1.0), Mark(1.0), Mark(None)]], "F1"))
    circles = list(root.iter("circle"))
    assert [one.get("class") for one in circles] == ["mark", "mark", "ring", "ring"]
    assert circles[1].get("cy") == next(root.iter("line")).get("y1")     # what is below 0 is at 0
    assert len([one for one in root.iter("line") if one.get("class") == "between"]) == 1


def test_the_line_of_a_scatter_stays_in_its_field() -> None:
    root = parsed(scatter([(10, 5), (9000, 9000)], (-50, 1.0), 100, 40, "x", ("a", "b")))
    (run,) = [one for one in root.iter("line") if one.get("class") == "run"]
    ys = [float(run.get(name, 0)) for name in ("y1", "y2")]
    rules = [float(one.get("y1", 0)) for one in root.iter("line") if one.get("class") == "rule"]
    assert min(rules) - 0.1 <= min(ys) and max(ys) <= max(rules) + 0.1
    assert len(list(root.iter("circle"))) == 2


@given(st.floats(0, 1e7))
def test_ticks_are_few_round_and_within(highest: float) -> None:
    found = ticks(highest)
    assert found[0] == 0 and found[-1] <= highest * 1.0001 and len(found) <= 6
