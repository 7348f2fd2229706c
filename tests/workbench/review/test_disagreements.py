from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from tests.workbench.review.test_pairs import answer
from workbench.review.disagreements import (
    Comparison, Disagreement, Says, compare_sides, folded, joined, says_from_json, says_to_json,
    sides_of,
)
from workbench.review.pairs import links_in, spans_in

TEXT = "云泽区财政局安排资金500万元等，用于江岚小学。"


def compared(*answers: Any, text: str = TEXT) -> Comparison:
    return compare_sides(sides_of((f"p{place}", one) for place, one in enumerate(answers)), text)


def one(*answers: Any, text: str = TEXT) -> Disagreement:
    (found,) = compared(*answers, text=text).found
    return found


def says(found: Disagreement) -> dict[str, Says]:
    return {side: option.says for option in found.options for side in option.sides}


def test_answers_that_say_the_same_are_one_side() -> None:
    sides = sides_of([("王", answer((0, 6, "ORG"))), ("李", answer()),
                      ("陈", answer((0, 6, "ORG")))])
    assert [(side.name, side.people) for side in sides] == [("a", ("王", "陈")), ("b", ("李",))]


def test_each_difference_is_told_by_its_kind() -> None:
    assert one(answer((10, 15, "MONEY")), answer((10, 16, "MONEY"))).kind == "boundary"
    assert one(answer((19, 23, "ORG")), answer((19, 23, "PLACE"))).kind == "label"
    assert one(answer((19, 23, "ORG")), answer((19, 21, "PLACE"))).kind == "both"
    assert one(answer((19, 23, "ORG")), answer()).kind == "missing"
    assert one(answer((0, 3, "PLACE"), (3, 6, "ORG")), answer((0, 6, "ORG"))).kind == "both"
    assert one(answer((0, 3, "ORG"), (3, 6, "ORG")), answer((0, 6, "ORG"))).kind == "boundary"


def test_what_is_apart_is_asked_apart_and_what_is_agreed_is_not() -> None:
    found = compared(answer((0, 6, "ORG"), (10, 15, "MONEY"), (19, 23, "ORG")),
                     answer((0, 6, "ORG"), (10, 16, "MONEY")))
    assert found.spans == ((0, 6, "ORG"),)
    assert [(each.kind, each.text) for each in found.found] == [
        ("boundary", "500万元等"), ("missing", "江岚小学")]


def test_three_sides_give_as_many_options_as_they_say_things() -> None:
    found = one(answer((0, 6, "ORG")), answer((3, 6, "ORG")), answer((0, 6, "ORG"), (0, 6, "ORG")))
    assert [option.sides for option in found.options] == [("a",), ("b",)]


def linked(ends: int = 16) -> dict[str, Any]:
    return answer((0, 6, "ORG"), (10, ends, "MONEY"), links=((0, 1),))


def test_a_relation_that_only_one_has_is_asked() -> None:
    found = one(linked(), answer((0, 6, "ORG"), (10, 16, "MONEY")))
    assert (found.kind, found.start, found.end) == ("relation", 0, 16)
    assert says(found)["b"] == Says()


def test_a_relation_whose_end_differs_is_not_asked_but_goes_with_its_end() -> None:
    found = compared(linked(16), linked(15))
    assert [each.kind for each in found.found] == ["boundary"]
    decided = says(found.found[0])["b"]
    made, fallen = joined(found, {found.found[0].key: decided})
    assert links_in(made) == [("VALUE", (0, 6, "ORG"), (10, 15, "MONEY"), "")] and not fallen


def test_a_relation_falls_with_its_end_and_that_is_told() -> None:
    found = compared(linked(), answer((0, 6, "ORG")))
    (missing,) = found.found
    assert missing.kind == "missing"
    made, fallen = joined(found, {missing.key: Says()})
    assert links_in(made) == [] and fallen == 1
    made, fallen = joined(found, {missing.key: says(missing)["a"]})
    assert len(links_in(made)) == 1 and fallen == 0


def test_classes_are_asked_by_set() -> None:
    def classes(**chosen: list[str]) -> dict[str, Any]:
        return {"spans": [], "relations": [], "classes": chosen}
    found = compared(classes(function=["plan"], topics=["a", "b"]),
                     classes(function=["target"], topics=["b", "a"]))
    assert found.classes == {"topics": ("a", "b")}
    (each,) = found.found
    assert (each.kind, each.class_set) == ("class", "function")
    made, _ = joined(found, {each.key: Says(choices=("target",))})
    assert made["classes"] == {"topics": ["a", "b"], "function": ["target"]}


def test_the_same_elsewhere_is_the_same_up_to_figures() -> None:
    here = one(answer((10, 15, "MONEY")), answer((10, 16, "MONEY")))
    text = "另有3,200.5万元等。"
    there = one(answer((2, 11, "MONEY")), answer((2, 10, "MONEY")), text=text)
    assert text[2:10] == "3,200.5万"
    same = one(answer((2, 10, "MONEY")), answer((2, 11, "MONEY")), text="另有12,200.5万元等。"[0:2]
               + "62000.5万元等。")
    assert folded("3,200.5万元") == "0万元" and here.question != there.question
    assert same.key != here.key


def test_the_option_of_the_same_elsewhere_is_found_whichever_side_said_it() -> None:
    here = one(answer((10, 15, "MONEY")), answer((10, 16, "MONEY")))
    there = one(answer((2, 7, "MONEY")), answer((2, 6, "MONEY")), text="另有3千万元等。"[:2]
                + "36万元等。")
    assert here.signature == there.signature and here.key != there.key
    taken = there.option_like(here.pattern(says(here)["a"]))
    assert taken is not None and taken.says.spans == ((2, 6, "MONEY"),)


spans = st.lists(st.tuples(st.integers(0, 18), st.integers(1, 6), st.sampled_from("AB")).map(
    lambda got: (got[0], min(len(TEXT), got[0] + got[1]), got[2])), unique=True, max_size=6)


@st.composite
def answers(draw: Any) -> dict[str, Any]:
    found = draw(spans)
    pairs = [(a, b) for a in range(len(found)) for b in range(len(found)) if a != b]
    links = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)) if pairs else []
    return answer(*found, links=tuple(links))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(answers(), min_size=1, max_size=3))
def test_taking_one_side_everywhere_gives_the_spans_of_that_side(said: list[Any]) -> None:
    found = compared(*said)
    for side in found.sides:
        made, _ = joined(found, {each.key: says(each).get(side.name, Says())
                                 for each in found.found})
        assert set(spans_in(made)) == set(spans_in(side.answer))
        for link in links_in(side.answer):
            assert link in links_in(made)
    keys = [each.key for each in found.found]
    assert len(keys) == len(set(keys))
    for each in found.found:
        for option in each.options:
            assert says_from_json(says_to_json(option.says)) == option.says
            assert each.option_like(each.pattern(option.says)) is not None
