"""What records and checks of the pack ask of a document and its labels, worked out once.

Labels come as suggestions or as people corrected them: anything with `start`, `end` and `label`,
and relations with `type`, `source`, `target` and `direction` (indices into the spans).
"""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Callable, Iterator, TypeVar

from labels import values
from labels.checks import Figures
from labels.document import Document, Part
from labels.folding import View, fold
from labels.lazy import lazy
from labels.rules import Value

T = TypeVar("T")
Place = tuple[int, int]


def once(figures: Figures, key: str, make: Callable[[Figures], T]) -> T:
    """What `make` returns for this document, computed at first use."""
    if key not in figures.memory:
        figures.memory[key] = make(figures)
    found: T = figures.memory[key]
    return found


def view(figures: Figures) -> View:
    """The folded text; offsets of spans are those of the source, `View.locate` leads here."""
    return once(figures, "facts.view", lambda given: fold(
        given.document.text, given.document.blocks or None))


_MARKUP = lazy(r"</?[A-Za-z][^<>]{0,80}>")
_SPACE = lazy(r"\s+")


def plain(text: str) -> str:
    """`text` as people read it: no markup; white space only between Latin words."""
    text = _SPACE.sub(" ", _MARKUP.sub("", text).replace("**", "")).strip(" *")
    return re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", text)


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled mention; `low` and `high` are its place in the folded text, `text` its words
    there."""

    index: int
    label: str
    start: int
    end: int
    low: int
    high: int
    text: str

    @property
    def place(self) -> Place:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Arrow:
    """A relation as seen from one of its ends; `label` is the mention at the other end."""

    type: str
    label: Label
    direction: str | None


class Labels:
    """The labels of a document by place, and the relations of each."""

    def __init__(self, figures: Figures) -> None:
        folded = view(figures)
        given = [_label(folded, index, span) for index, span in enumerate(figures.spans)]
        self.all = tuple(sorted(given, key=lambda label: label.start))
        self._starts = [label.low for label in self.all]
        self._out: dict[int, list[Arrow]] = {}
        self._into: dict[int, list[Arrow]] = {}
        for relation in figures.relations:
            source, target = given[relation.source], given[relation.target]
            self._out.setdefault(relation.source, []).append(
                Arrow(relation.type, target, relation.direction))
            self._into.setdefault(relation.target, []).append(
                Arrow(relation.type, source, relation.direction))

    def within(self, low: int, high: int, *kinds: str) -> Iterator[Label]:
        """The labels inside ``[low, high)`` of the folded text, in order."""
        for label in self.all[bisect_left(self._starts, low):bisect_left(self._starts, high)]:
            if label.high <= high and (not kinds or label.label in kinds):
                yield label

    def out(self, label: Label, *types: str) -> list[Arrow]:
        """The relations from `label`, in the order of the text."""
        return [arrow for arrow in self._out.get(label.index, ()) if arrow.type in types]

    def into(self, label: Label, *types: str) -> list[Arrow]:
        return [arrow for arrow in self._into.get(label.index, ()) if arrow.type in types]


def _label(folded: View, index: int, span: Any) -> Label:
    low = folded.locate(span.start)
    high = max(low, folded.locate(span.end - 1) + 1)
    return Label(index, span.label, span.start, span.end, low, high, folded.text[low:high])


def labels(figures: Figures) -> Labels:
    return once(figures, "facts.labels", Labels)


def part_at(document: Document, offset: int) -> Part | None:
    """The innermost part that `offset` stands in."""
    inside = [part for part in document.parts if part.start <= offset < part.end]
    return min(inside, key=lambda part: part.end - part.start) if inside else None


_SENTENCE = lazy(r"[。;!?\n]")


def sentence(text: str, position: int) -> tuple[int, int]:
    """The sentence of the folded `text` around `position`, without its end mark.

    A figure never holds one of the marks; the search goes no further than the block.
    """
    low = max(text.rfind(mark, 0, position) for mark in "。;!?\n") + 1
    found = _SENTENCE.search(text, position)
    return low, found.start() if found else len(text)


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure as it is written: ``1,205.8 万元`` → number 1205.8, unit 万元, step 0.1.

    `value` and `worth` are the same in the base unit `kind` (CNY in yuan, %, 百分点, 人, …): what
    an equation reckons with. `vague` figures (余, 多, 近, 以上, a range) are not exact.
    """

    number: Decimal
    unit: str
    step: Decimal
    kind: str
    value: Decimal
    worth: Decimal
    vague: bool


_WRITTEN = lazy(r"(-?\d[\d,]*(?:\.\d+)?)([余多几]?)([十百千万亿]*)([余多几]?)(.*)", re.S)
_AROUND_LEFT = lazy(r"(?:约|近|超|超过|逾|突破|大约|将近|接近|不足|不到|不低于|不少于|不高于|不超过|至少|高于|低于"
                    r"|多达|上|≥|≤|>|<|[≈~])$")
_AROUND_RIGHT = lazy(r"(?:以上|以下|以内|左右|上下|不到|多|余)")
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}


def amount(label: Label, text: str) -> Amount | None:
    """The figure of a MONEY, PERCENT or QUANTITY; `text` is the folded text it stands in.

    None where the mention is no plain number (百分之五, a range, a list).
    """
    written = _WRITTEN.match(_SPACE.sub("", label.text))
    if written is None:
        return None
    digits, vague, power, also_vague, rest = written.groups()
    if re.search(r"\d", re.sub(r"[²³\d]$|[/／].*", "", rest)):
        return None
    number = Decimal(digits.replace(",", ""))
    step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    found = _value(label, text)
    if found is None or found.low != found.high:
        return None
    factor = Decimal(10) ** sum(_POWERS[char] for char in power)
    hedged = bool(vague or also_vague or _AROUND_LEFT.search(text[max(0, label.low - 4):label.low])
                  or _AROUND_RIGHT.match(text, label.high))
    value, worth = Decimal(found.low), _worth(found, number, step, factor)
    if found.unit == "‰":
        # A rate is told in per cent or per mille: the same figure.
        return Amount(number, power + rest, step, "%", value / 10, worth / 10, hedged)
    return Amount(number, power + rest, step, found.unit, value, worth, hedged)


def _worth(found: Value, number: Decimal, step: Decimal, factor: Decimal) -> Decimal:
    """The last digit in the base unit, by the factor between what is written and its value (a 成
    is ten per cent, a 千瓦 is a unit of its own)."""
    if number:
        return step * (Decimal(found.low) / number)
    # A bare 0 says that there is none; 0.00 has been rounded.
    return step * factor if step < 1 else Decimal(0)


def _value(label: Label, text: str) -> Value | None:
    reader = {"MONEY": values.money, "PERCENT": values.percent, "QUANTITY": values.quantity}.get(
        label.label)
    return reader(label.text) if reader else None


def block_bounds(folded: View, position: int) -> tuple[int, int]:
    """The folded bounds of the block around `position`."""
    place = bisect_right(folded.blocks, position, key=lambda entry: entry[0]) - 1
    if place < 0:
        return 0, len(folded.text)
    return folded.blocks[place][0], folded.blocks[place][1]
