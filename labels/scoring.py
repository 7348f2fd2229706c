"""Scores against a hand-labelled reference: plain set comparison, knowing nothing of the rules.

A reference row is ``{"id","text","spans":[{"start","end","label"}],"relations":[{"type","from",
"to","direction"?}],"function","topics"}``; an answer row has the same shape, its spans and
relations may name their ``rule``, and ``"class_rules":{"function":rule,"topics":[rule…]}`` those
of its classes. A span is right if start, end and label are equal; a relation if its type, its
direction and both of its spans are. What a reference row has no key for was not asked there:
answers to it are not counted. An answer given twice is right once at most.
"""
from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Callable, Hashable, Iterable, Mapping, Sequence

from labels.errors import N_, InputError

Row = Mapping[str, Any]


@dataclass
class Tally:
    """Counts of one label: in the reference, answered, and answered right."""

    expected: int = 0
    answered: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.answered if self.answered else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 0.0

    @property
    def f1(self) -> float:
        total = self.expected + self.answered
        return 2 * self.right / total if total else 0.0

    def __iadd__(self, other: "Tally") -> "Tally":
        self.expected += other.expected
        self.answered += other.answered
        self.right += other.right
        return self


@dataclass
class Scores:
    """Tallies by name, one group a kind of question; `rules` counts answers per rule."""

    passages: int = 0
    spans: dict[str, Tally] = field(default_factory=dict)
    relations: dict[str, Tally] = field(default_factory=dict)
    functions: dict[str, Tally] = field(default_factory=dict)
    topics: dict[str, Tally] = field(default_factory=dict)
    rules: dict[str, Tally] = field(default_factory=dict)

    @staticmethod
    def micro(group: Mapping[str, Tally]) -> Tally:
        """All tallies of a group added up."""
        total = Tally()
        for tally in group.values():
            total += tally
        return total


def score(reference: Iterable[Row], answers: Mapping[str, Row]) -> Scores:
    """Compare each reference row with ``answers[row["id"]]``.

    Raises InputError if an answer is missing or was given for another text.
    """
    scores = Scores()
    for row in reference:
        answer = answers.get(row["id"])
        if answer is None:
            raise InputError(N_("no answer for reference row %(id)s"), id=row["id"])
        if "text" in answer and answer["text"] != row["text"]:
            raise InputError(N_("reference row %(id)s has another text"), id=row["id"])
        scores.passages += 1
        for name, items in _KINDS.items():
            if row.get(name) is None:
                continue
            expected, answered = items(row), items(answer)
            _count(getattr(scores, _GROUPS[name]), expected, answered)
            _count_rules(scores.rules, expected, answered, _rules_of(answer, name))
    return scores


def gaps(first: Scores, second: Scores, least: int = 30,
         most: float = 0.04) -> list[tuple[str, float, float]]:
    """(label, F1 in `first`, F1 in `second`) where these differ by more than `most`, for labels
    with `least` expected spans or more in each."""
    found = []
    for label, one in sorted(first.spans.items()):
        other = second.spans.get(label, Tally())
        # Rounded: 0.94 and 0.90 differ by 0.04, not by more.
        if min(one.expected, other.expected) >= least and \
                round(abs(one.f1 - other.f1), 6) > most:
            found.append((label, one.f1, other.f1))
    return found


def holdout(row: Row) -> bool:
    """Whether the row is held aside: its id number divides by 3."""
    digits = re.findall(r"\d+", str(row["id"]))
    return bool(digits) and int(digits[-1]) % 3 == 0


def wilson(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a share (E. B. Wilson, 1927); (0, 1) for no observations."""
    if not total:
        return 0.0, 1.0
    share, spread = right / total, z * z / total
    centre = (share + spread / 2) / (1 + spread)
    half = (z / (1 + spread)) * ((share * (1 - share) + spread / 4) / total) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


def scores_to_json(scores: Scores) -> dict[str, Any]:
    """One object: per group the tallies by name and, under ``micro``, their sum."""
    def one(tally: Tally) -> dict[str, Any]:
        return {"expected": tally.expected, "answered": tally.answered, "right": tally.right,
                "precision": round(tally.precision, 4), "recall": round(tally.recall, 4),
                "f1": round(tally.f1, 4)}

    def group(tallies: Mapping[str, Tally]) -> dict[str, Any]:
        return {**{name: one(tally) for name, tally in sorted(tallies.items())},
                "micro": one(Scores.micro(tallies))}

    rules = {}
    for name, tally in sorted(scores.rules.items()):
        low, high = wilson(tally.right, tally.answered)
        rules[name] = {"answered": tally.answered, "right": tally.right,
                       "precision": round(tally.precision, 4),
                       "interval": [round(low, 4), round(high, 4)]}
    return {"passages": scores.passages, "spans": group(scores.spans),
            "relations": group(scores.relations), "function": group(scores.functions),
            "function_accuracy": round(Scores.micro(scores.functions).recall, 4),
            "topics": group(scores.topics), "rules": rules}


Item = tuple[str, Hashable]


def _span_items(row: Row) -> list[Item]:
    return [(span["label"], (span["start"], span["end"])) for span in row.get("spans") or ()]


def _relation_items(row: Row) -> list[Item]:
    spans: Sequence[Row] = row.get("spans") or ()
    items: list[Item] = []
    for relation in row.get("relations") or ():
        source, target = spans[relation["from"]], spans[relation["to"]]
        items.append((relation["type"], (
            source["start"], source["end"], source["label"],
            target["start"], target["end"], target["label"], relation.get("direction"))))
    return items


def _function_items(row: Row) -> list[Item]:
    return [(row["function"], "function")] if row.get("function") else []


def _topic_items(row: Row) -> list[Item]:
    return [(topic, "topic") for topic in row.get("topics") or ()]


_KINDS: Mapping[str, Callable[[Row], list[Item]]] = {
    "spans": _span_items, "relations": _relation_items, "function": _function_items,
    "topics": _topic_items}
_GROUPS = {"spans": "spans", "relations": "relations", "function": "functions",
           "topics": "topics"}


def _rules_of(answer: Row, name: str) -> list[str | None]:
    """The rules that answered, beside the items of `name`."""
    if name in ("spans", "relations"):
        return [entry.get("rule") for entry in answer.get(name) or ()]
    said = (answer.get("class_rules") or {}).get(name) or []
    rules = [said] if isinstance(said, str) else list(said)
    return rules if len(rules) == len(_KINDS[name](answer)) else []


def _count(group: dict[str, Tally], expected: list[Item], answered: list[Item]) -> None:
    for name, count in Counter(name for name, _ in expected).items():
        group.setdefault(name, Tally()).expected += count
    for name, count in Counter(name for name, _ in answered).items():
        group.setdefault(name, Tally()).answered += count
    for (name, _), count in (Counter(expected) & Counter(answered)).items():
        group[name].right += count


def _count_rules(rules: dict[str, Tally], expected: list[Item], answered: list[Item],
                 names: Sequence[str | None]) -> None:
    """Per rule: how much it answered, and how much of that is right."""
    left = Counter(expected)
    for item, name in zip(answered, names):
        if not name:
            continue
        tally = rules.setdefault(name, Tally())
        tally.answered += 1
        if left[item] > 0:
            left[item] -= 1
            tally.right += 1
