from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from workbench.review.pairs import compare, distance, overlapping, spans_in

TEXT = "云泽区财政局安排资金五百万元等，用于江岚小学。"


def answer(*spans: tuple[int, int, str], links: tuple[tuple[int, int], ...] = ()) -> dict[str, Any]:
    return {"spans": [{"start": start, "end": end, "label": label} for start, end, label in spans],
            "relations": [{"type": "VALUE", "source": a, "target": b, "direction": None}
                          for a, b in links], "classes": {}}


def test_the_same_answer_agrees_in_everything() -> None:
    one = answer((0, 6, "ORG"), (10, 14, "MONEY"), links=((0, 1),))
    found = compare(one, one, TEXT)
    assert (found.spans["ORG"].same, found.spans["ORG"].near, found.spans["ORG"].said) == (1, 1, 2)
    assert found.relations["VALUE"].same == 1 and not found.borders and not found.fringes


def test_another_border_overlaps_and_tells_the_words_in_between() -> None:
    found = compare(answer((10, 14, "MONEY")), answer((10, 15, "MONEY")), TEXT)
    assert (found.spans["MONEY"].same, found.spans["MONEY"].near) == (0, 1)
    assert found.borders == {("MONEY", 0, 1): 1} and found.fringes == {("MONEY", "等"): 1}


def test_another_label_on_the_same_words_is_confused() -> None:
    found = compare(answer((17, 21, "ORG")), answer((17, 21, "PLACE")), TEXT)
    assert found.labels == {("ORG", "PLACE"): 1} and found.spans["ORG"].near == 0


def test_what_only_one_marked_stands_against_nothing() -> None:
    assert compare(answer(), answer((0, 6, "ORG")), TEXT).labels == {("", "ORG"): 1}


def test_a_relation_between_ends_that_overlap_is_near() -> None:
    one = answer((0, 6, "ORG"), (10, 14, "MONEY"), links=((0, 1),))
    other = answer((3, 6, "ORG"), (10, 14, "MONEY"), links=((0, 1),))
    tally = compare(one, other, TEXT).relations["VALUE"]
    assert (tally.same, tally.near, tally.said) == (0, 1, 2)


def test_a_span_is_matched_once_at_most_and_with_the_largest_overlap() -> None:
    assert overlapping([(0, 8, "ORG")], [(0, 3, "ORG"), (3, 8, "ORG")]) == [
        ((0, 8, "ORG"), (3, 8, "ORG"))]


def test_distances_are_told_by_steps() -> None:
    assert [distance(0, n) for n in (0, 1, 2, 3, 5, 6, 90)] == [0, 1, 2, 3, 3, 4, 4]


spans = st.lists(st.tuples(st.integers(0, 10), st.integers(1, 8), st.sampled_from("AB")).map(
    lambda one: (one[0], one[0] + one[1], one[2])), unique=True, max_size=6)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spans, spans)
def test_the_order_of_the_answers_does_not_matter(one: Any, other: Any) -> None:
    left, right = answer(*one), answer(*other)
    assert compare(left, right, TEXT) == compare(right, left, TEXT)
    found = compare(left, right, TEXT)
    assert sum(tally.said for tally in found.spans.values()) == len(one) + len(other)
    assert all(2 * tally.same <= 2 * tally.near <= tally.said for tally in found.spans.values())
    assert set(spans_in(left)) == set(one)


def test_another_label_with_another_border_is_confused_where_half_the_words_are_common() -> None:
    assert compare(answer((17, 21, "ORG")), answer((17, 22, "PLACE")), TEXT).labels == {
        ("ORG", "PLACE"): 1}
    nested = compare(answer((0, 9, "ORG")), answer((0, 3, "PLACE")), TEXT)
    assert nested.labels == {("", "ORG"): 1, ("", "PLACE"): 1}
