"""Scores against a hand-labelled reference: plain set comparison, knowing nothing of the rules.

A reference row is ``{"id","text","spans":[{"start","end","label"}],"relations":[{"type","from",
"to","direction"?}],"function","topics"}``; an answer row has the same shape, its spans and
relations may name their ``rule``. A span is right if start, end and label are equal; a relation if
its type, its direction and both of its spans are.
"""
from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Hashable, Iterable, Mapping, Sequence

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
        _count(scores.spans, _span_items(row), _span_items(answer))
        _count(scores.relations, _relation_items(row), _relation_items(answer))
        _count(scores.functions, _choice_items([row["function"]] if row.get("function") else []),
               _choice_items([answer["function"]] if answer.get("function") else []))
        _count(scores.topics, _choice_items(row.get("topics", ())),
               _choice_items(answer.get("topics", ())))
        _count_rules(scores.rules, row, answer)
    return scores


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
            "topics": group(scores.topics), "rules": rules}


Item = tuple[str, Hashable]


def _span_items(row: Row) -> list[Item]:
    return [(span["label"], (span["start"], span["end"])) for span in row.get("spans", ())]


def _relation_items(row: Row) -> list[Item]:
    spans: Sequence[Row] = row.get("spans", ())
    items: list[Item] = []
    for relation in row.get("relations", ()):
        source, target = spans[relation["from"]], spans[relation["to"]]
        items.append((relation["type"], (
            source["start"], source["end"], source["label"],
            target["start"], target["end"], target["label"], relation.get("direction"))))
    return items


def _choice_items(choices: Iterable[str]) -> list[Item]:
    return [(choice, None) for choice in choices]


def _count(group: dict[str, Tally], expected: list[Item], answered: list[Item]) -> None:
    for name, count in Counter(name for name, _ in expected).items():
        group.setdefault(name, Tally()).expected += count
    for name, count in Counter(name for name, _ in answered).items():
        group.setdefault(name, Tally()).answered += count
    for (name, _), count in (Counter(expected) & Counter(answered)).items():
        group[name].right += count


def _count_rules(rules: dict[str, Tally], row: Row, answer: Row) -> None:
    """Per rule: how many spans and relations it answered, how many of them are right."""
    for expected, answered, entries in (
            (_span_items(row), _span_items(answer), answer.get("spans", ())),
            (_relation_items(row), _relation_items(answer), answer.get("relations", ()))):
        left = Counter(expected)
        for item, entry in zip(answered, entries):
            if not entry.get("rule"):
                continue
            tally = rules.setdefault(entry["rule"], Tally())
            tally.answered += 1
            if left[item] > 0:
                left[item] -= 1
                tally.right += 1
