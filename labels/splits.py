"""Which group of documents goes to which split.

A group that has a split keeps it. The others are dealt the largest first, each to the split that
lacks most of what the group brings: of every label its share of what the split is still short of,
so that rare labels weigh as much as common ones (after iterative stratification: K. Sechidis,
G. Tsoumakas, I. Vlahavas, 2011). The last groups go to splits that would stay empty otherwise.
"""
from __future__ import annotations

from collections import Counter
from typing import Mapping

from labels.gold import SPLITS

SHARES: Mapping[str, float] = {"train": 0.8, "validation": 0.1, "test": 0.1}
# A release without a test says nothing of itself; it is filled before validation.
_FILLED = ("train", "test", "validation")


def deal(brings: Mapping[str, Mapping[str, int]], known: Mapping[str, str],
         shares: Mapping[str, float] = SHARES) -> dict[str, str]:
    """A split for every group of `brings`, which counts each label that the group holds.

    `known` are the splits of groups that have one; those of them that bring nothing now count for
    nothing. The same groups get the same splits in whatever order they are given.
    """
    totals = Counter[str]()
    for labels in brings.values():
        totals.update(labels)
    have: dict[str, Counter[str]] = {split: Counter() for split in SPLITS}
    result = {group: known[group] for group in brings if group in known}
    for group, split in result.items():
        have[split].update(brings[group])
    new = sorted((group for group in brings if group not in known),
                 key=lambda group: (-_weight(brings[group], totals), group))
    for position, group in enumerate(new):
        empty = [split for split in _FILLED if split not in result.values()]
        if len(new) - position <= len(empty):
            split = empty[0]
        else:
            split = max(_FILLED, key=lambda name: (
                _deficit(brings[group], have[name], totals, shares[name]),
                -_FILLED.index(name)))
        result[group] = split
        have[split].update(brings[group])
    return result


def _weight(labels: Mapping[str, int], totals: Mapping[str, int]) -> float:
    """How much of all labels a group holds, each label counted as one."""
    return round(sum(count / totals[label] for label, count in labels.items() if count), 9)


def _deficit(labels: Mapping[str, int], have: Mapping[str, int], totals: Mapping[str, int],
             share: float) -> float:
    """How much a split lacks of what the group brings, less what it would have too much."""
    lack = 0.0
    for label, count in sorted(labels.items()):
        if count:
            # As a share of the label: short of it before, and over it after.
            short = share - have.get(label, 0) / totals[label]
            lack += (short - max(0.0, count / totals[label] - max(short, 0.0))) * (
                count / totals[label])
    return round(lack, 9)
