"""Expectations computed by hand."""
from __future__ import annotations

import pytest

from labels.errors import InputError
from labels.scoring import Scores, holdout, score, scores_to_json, wilson


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
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_holdout_is_every_third_id() -> None:
    assert [holdout({"id": f"D{n:03}"}) for n in (1, 2, 3, 9, 10)] == [
        False, False, True, True, False]


def test_a_missing_answer_or_another_text_is_refused() -> None:
    with pytest.raises(InputError, match="no answer"):
        score([row([])], {})
    with pytest.raises(InputError, match="another text"):
        score([row([])], {"D001": {**row([]), "text": "y"}})
