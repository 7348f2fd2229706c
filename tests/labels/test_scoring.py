"""Expectations computed by hand."""
from __future__ import annotations

import inspect
import re

import pytest

from labels import scoring
from labels.errors import InputError
from labels.scoring import Scores, Tally, gaps, holdout, score, scores_to_json, wilson


def row(spans: list[tuple[int, int, str]], relations: list[dict] = [], **more: object) -> dict:
    return {"id": "D001", "text": "x" * 20, "relations": relations,
            "spans": [{"start": s, "end": e, "label": label} for s, e, label in spans], **more}


def test_spans_count_by_exact_offsets_and_label() -> None:
    reference = row([(0, 2, "ORG"), (3, 5, "ORG"), (6, 8, "DATE")])
    answer = row([(0, 2, "ORG"), (3, 6, "ORG"), (6, 8, "MONEY")])
    scores = score([reference], {"D001": answer})
    org = scores.spans["ORG"]
    assert (org.expected, org.answered, org.right) == (2, 2, 1)
    assert org.precision == org.recall == org.f1 == 0.5
    assert scores.spans["DATE"].f1 == 0.0 and scores.spans["MONEY"].precision == 0.0
    micro = Scores.micro(scores.spans)
    assert (micro.expected, micro.answered, micro.right) == (3, 3, 1)


def test_a_repeated_answer_counts_once_as_right() -> None:
    scores = score([row([(0, 2, "ORG")])], {"D001": row([(0, 2, "ORG"), (0, 2, "ORG")])})
    assert (scores.spans["ORG"].answered, scores.spans["ORG"].right) == (2, 1)


def test_a_relation_needs_type_direction_and_both_spans() -> None:
    spans = [(0, 2, "INDICATOR"), (3, 5, "PERCENT"), (6, 8, "PERCENT")]
    reference = row(spans, [{"type": "CHANGE", "from": 0, "to": 1, "direction": "up"},
                            {"type": "SHARE", "from": 0, "to": 2}])
    answer = row([spans[1], spans[0], (6, 9, "PERCENT")],
                 [{"type": "CHANGE", "from": 1, "to": 0, "direction": "up"},
                  {"type": "SHARE", "from": 1, "to": 2}])
    scores = score([reference], {"D001": answer})
    assert scores.relations["CHANGE"].right == 1
    assert scores.relations["SHARE"].right == 0
    answer["relations"][0]["direction"] = "down"
    assert score([reference], {"D001": answer}).relations["CHANGE"].right == 0


def test_function_is_accuracy_and_topics_are_sets() -> None:
    reference = row([], function="plan", topics=["economy", "health"])
    answer = row([], function="plan", topics=["health", "party"])
    scores = score([reference], {"D001": answer})
    assert Scores.micro(scores.functions).f1 == 1.0
    topics = Scores.micro(scores.topics)
    assert (topics.expected, topics.answered, topics.right) == (2, 2, 1)


def test_rules_are_counted_with_their_interval() -> None:
    answer = row([(0, 2, "ORG"), (3, 5, "ORG")])
    for span in answer["spans"]:
        span["rule"] = "orgs.by_name"
    figures = scores_to_json(score([row([(0, 2, "ORG")])], {"D001": answer}))
    assert figures["rules"]["orgs.by_name"]["precision"] == 0.5
    assert figures["rules"]["orgs.by_name"]["interval"] == pytest.approx([0.0945, 0.9055], abs=1e-3)


def test_wilson_agrees_with_a_published_example() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998), method 3, to four decimals.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=1e-4)
    assert wilson(20, 20) == pytest.approx((1 - 0.1611, 1.0), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_holdout_is_every_third_id() -> None:
    assert [holdout({"id": f"D{n:03}"}) for n in (1, 2, 3, 9, 10)] == [
        False, False, True, True, False]


def test_a_missing_answer_or_another_text_is_refused() -> None:
    with pytest.raises(InputError, match="no answer"):
        score([row([])], {})
    with pytest.raises(InputError, match="another text"):
        score([row([])], {"D001": {**row([]), "text": "y"}})


def test_a_gap_counts_from_thirty_spans_in_each_part_and_above_four_hundredths() -> None:
    def part(**tallies: tuple[int, int, int]) -> Scores:
        return Scores(spans={name: Tally(*counts) for name, counts in tallies.items()})
    # F1 is 2 · right / (expected + answered).
    first = part(ORG=(50, 50, 47), LOC=(29, 29, 29), DATE=(50, 50, 50), DOC=(30, 30, 30))
    second = part(ORG=(50, 50, 45), LOC=(50, 50, 10), DATE=(50, 50, 48), MONEY=(30, 30, 0),
                  DOC=(30, 30, 27))
    assert gaps(first, second) == [("DOC", 1.0, 0.9)]
    assert gaps(second, first) == [("DOC", 0.9, 1.0)]
    assert [label for label, _, _ in gaps(first, second, least=29, most=0.03)] == [
        "DATE", "DOC", "LOC", "ORG"]


def test_what_was_not_asked_is_not_counted() -> None:
    asked = {"id": "D001", "text": "x" * 20, "spans": [], "function": None}
    answer = row([(0, 2, "ORG"), (3, 5, "LOC")], [{"type": "IN", "from": 0, "to": 1, "rule": "r"}],
                 function="plan", topics=["health"],
                 class_rules={"function": "f", "topics": ["t"]})
    scores = score([asked], {"D001": answer})
    assert scores.spans["ORG"].answered == 1
    assert scores.relations == scores.functions == scores.topics == scores.rules == {}
    asked.update(relations=[], topics=[])
    scores = score([asked], {"D001": answer})
    assert (scores.relations["IN"].answered, scores.topics["health"].answered) == (1, 1)
    assert {name: tally.answered for name, tally in scores.rules.items()} == {"r": 1, "t": 1}


def test_rules_of_relations_and_classes_are_counted() -> None:
    spans = [(0, 2, "PERSON"), (3, 5, "POST"), (6, 8, "POST")]
    holds = [{"type": "HOLDS", "from": 0, "to": 1}, {"type": "HOLDS", "from": 0, "to": 2}]
    reference = row(spans, holds[:1], function="plan", topics=["economy", "health"])
    answer = row(spans, [{**link, "rule": "holds"} for link in holds], function="plan",
                 topics=["health", "party"],
                 class_rules={"function": "mood", "topics": ["words", "cues"]})
    rules = score([reference], {"D001": answer}).rules
    assert {name: (tally.answered, tally.right) for name, tally in rules.items()} == {
        "holds": (2, 1), "mood": (1, 1), "words": (1, 1), "cues": (1, 0)}


def test_accuracy_of_the_function_counts_rows_without_an_answer() -> None:
    rows = [{**row([], function=name), "id": f"D{n:03}"} for n, name in enumerate(
        ("plan", "plan", "duty", "other"), 1)]
    answers = {"D001": row([], function="plan"), "D002": row([], function="duty"),
               "D003": row([], function=None), "D004": row([], function="other")}
    figures = scores_to_json(score(rows, answers))
    assert figures["function_accuracy"] == 0.5
    assert figures["function"]["micro"]["precision"] == pytest.approx(2 / 3, abs=1e-4)


def test_a_direction_that_is_missing_or_extra_is_wrong() -> None:
    spans = [(0, 2, "INDICATOR"), (3, 5, "PERCENT")]
    up = {"type": "CHANGE", "from": 0, "to": 1, "direction": "up"}
    bare = {"type": "CHANGE", "from": 0, "to": 1}
    for expected, answered, right in ((up, up, 1), (up, bare, 0), (bare, up, 0), (bare, bare, 1),
                                      ({**bare, "direction": None}, bare, 1)):
        scores = score([row(spans, [expected])], {"D001": row(spans, [answered])})
        assert scores.relations["CHANGE"].right == right


def test_a_relation_to_a_span_with_another_label_is_wrong() -> None:
    link = [{"type": "POST_OF", "from": 0, "to": 1}]
    scores = score([row([(0, 2, "POST"), (3, 5, "ORG")], link)],
                   {"D001": row([(0, 2, "POST"), (3, 5, "LOC")], link)})
    assert (scores.relations["POST_OF"].expected, scores.relations["POST_OF"].right) == (1, 0)


def test_a_span_that_stands_twice_in_the_reference_is_found_by_two_answers_only() -> None:
    reference = row([(0, 2, "ORG"), (0, 2, "ORG")])
    once = score([reference], {"D001": row([(0, 2, "ORG")])}).spans["ORG"]
    assert (once.expected, once.answered, once.right) == (2, 1, 1)


def test_nothing_at_all_scores_nothing() -> None:
    scores = score([], {})
    assert scores.passages == 0 and Scores.micro(scores.spans) == Tally()
    empty = score([row([])], {"D001": row([])})
    assert empty.passages == 1 and Scores.micro(empty.spans).f1 == 0.0
    assert scores_to_json(empty)["rules"] == {}


def test_micro_adds_counts_and_not_shares() -> None:
    micro = Scores.micro({"A": Tally(10, 10, 10), "B": Tally(30, 10, 0)})
    assert (micro.precision, micro.recall) == (0.5, 0.25)
    assert micro.f1 == pytest.approx(1 / 3)


@pytest.mark.parametrize("row_id, held", [
    ("D012", True), ("p-7-9", True), ("p-9-7", False), (6, True), (7, False), ("no number", False),
    ("D000", True)])
def test_the_last_number_of_an_id_decides(row_id: object, held: bool) -> None:
    assert holdout({"id": row_id}) is held


def test_scoring_knows_nothing_of_the_rules() -> None:
    imported = set(re.findall(r"^(?:from|import) ([\w.]+)", inspect.getsource(scoring), re.M))
    assert {name for name in imported if name.startswith("labels")} == {"labels.errors"}
