"""topics: what a passage is about, by the words of each field.

Every topic whose words stand in the passage is judged by how much of them there is, alone, beside
the other topics and against the length, and whether its opening names them: a logistic decision
whose few weights all topics share, and one leaning each.
"""
from __future__ import annotations

from bisect import bisect_left
from math import log1p, sqrt
from typing import Iterator

from labels.govdoc.names import once
from labels.lexicons import Lexicon
from labels.rules import Context, Passage, Vote, class_rule

# A passage that repeats a word is more, but not that much more about it.
_MOST = 3
_REPEATED = 0.5
# What the opening of a passage is: its first sentence, within these bounds.
_OPENING = (16, 36)
# Weights of the decision: fitted on labelled passages, not on the demo gold, which measures it
# (cross-validated F1 as on what it was fitted on: too few weights to learn a document by heart).
_CONST, _AMOUNT, _SHARE, _RANK, _HEADED, _DENSE, _ENOUGH = -5.2, 1.25, 1.15, 2.25, 0.65, 0.6, 0.55
# How readily a topic is named: some words are common to all documents (代表, 平台, 建设).
_LEANING = {
    "economy": 0.0, "finance": 1.1, "innovation": 0.0, "digital": -0.4, "construction": -0.9,
    "environment": -0.2, "rural": 0.3, "education": 0.4, "health": 0.3, "employment": 0.5,
    "welfare": -0.2, "housing": 0.4, "culture": 0.6, "safety": -0.5, "justice": -0.7,
    "congress": -1.1, "party": -0.6, "personnel": 1.1, "opening": -0.2}
# The probability from which a topic is named, as the logit.
_BAR = -0.2


# A word, its topic, its weight.
_Speaking = tuple[str, str, float]


def _speaking(lexicon: Lexicon) -> dict[int, _Speaking]:
    """By the number of the term: what those speak for that speak for a topic."""
    return {number: (term, row["topic"], float(row["weight"]))
            for number, (term, row) in enumerate(lexicon.entries.items())
            if row["topic"] != "none"}


def topic_hits(context: Context) -> tuple[list[int], list[int]]:
    """Where the words of the topics stand, and their numbers; one scan a document."""
    def make(_: Context) -> tuple[list[int], list[int]]:
        lexicon = context.lexicon("topics")
        speaking = lexicon.derived(_speaking)
        found = [(start, number) for number, start, _end in lexicon.spans(context.view.text)
                 if number in speaking]
        return [start for start, _ in found], [number for _, number in found]
    return once(context, "topics.hits", make)


@class_rule("topics", score=0.8, lexicons=("topics",), examples=[
    "全区一般公共预算收入完成", "任命陈雨为区人民法院审判员"])
def cue_words(context: Context, passage: Passage) -> Iterator[Vote]:
    """The topics that the logistic decision names."""
    starts, numbers = topic_hits(context)
    begin, text = passage.low, passage.text
    low, high = bisect_left(starts, begin), bisect_left(starts, passage.high)
    if low == high:
        return
    speaking = context.lexicon("topics").derived(_speaking)
    sums: dict[str, float] = {}
    words: dict[str, list[str]] = {}
    counts: dict[int, int] = {}
    for number in numbers[low:high]:
        counts[number] = counts.get(number, 0) + 1
    for number, count in counts.items():
        word, topic, weight = speaking[number]
        if count > 1:
            weight *= 1 + _REPEATED * (min(count, _MOST) - 1)
        if topic in sums:
            sums[topic] += weight
            words[topic].append(word)
        else:
            sums[topic], words[topic] = weight, [word]
    stop = text.find("。", 0, _OPENING[1] + 1)
    opening = begin + min(max(stop if stop >= 0 else len(text), _OPENING[0]), _OPENING[1])
    headed = {speaking[number][1]
              for number in numbers[low:bisect_left(starts, opening, low, high)]}
    total, most = sum(sums.values()), max(sums.values())
    length = sqrt(max(60, len(text)) / 60)
    for topic, amount in sums.items():
        logit = (_CONST + _LEANING.get(topic, 0.0) + _AMOUNT * log1p(amount)
                 + _SHARE * amount / total + _RANK * amount / most + _HEADED * (topic in headed)
                 + _DENSE * amount / length + _ENOUGH * (amount >= 1))
        if logit > _BAR:
            yield Vote(topic, 1.0 + max(0.0, logit), "、".join(words[topic][:6]))
