"""topics: what a passage is about, by weighted cue words."""
from __future__ import annotations

from collections import Counter
from typing import Iterator

from labels.govdoc.names import hits
from labels.rules import Context, Passage, Vote, class_rule

# A word counts at most twice: a passage that repeats its subject is not about more.
_MOST = 2
# A side subject must reach this share of the main one.
_SHARE = 0.45
_AT_MOST = 4


@class_rule("topics", score=0.75, lexicons=("topics",), examples=[
    "全区一般公共预算收入完成", "任命陈雨为区人民法院审判员"])
def cue_words(context: Context, passage: Passage) -> Iterator[Vote]:
    """The topics whose words weigh 1 or more, and not much less than the heaviest."""
    found = hits(context, "topics").within(passage.low, passage.high)
    if not found:
        return
    entries = context.lexicon("topics").entries
    sums: dict[str, float] = {}
    words: dict[str, list[str]] = {}
    for term, count in Counter(found).items():
        row = entries[term]
        topic = row["topic"]
        weight = float(row["weight"]) * (1 + 0.5 * (min(count, _MOST) - 1))
        sums[topic] = sums.get(topic, 0.0) + weight
        words.setdefault(topic, []).append(term)
    # Long passages brush many subjects: a topic needs one heavy word for every 200 characters.
    bar = max(1.0, _SHARE * max(sums.values()), len(passage.text) / 200)
    ranked = sorted(sums, key=lambda topic: (-sums[topic], topic))[:_AT_MOST]
    for topic in ranked:
        if sums[topic] >= bar:
            yield Vote(topic, max(1.0, sums[topic] / 4), "、".join(words[topic][:6]))
