"""Sentences with their figures marked: what checks of prose match their patterns on.

Each labelled figure is one private character (`MONEY`, `PERCENT`, …), so that a pattern sees how
the words hang on figures and never trips over digits. What stands in brackets is taken out of its
sentence and is a sentence of its own.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Iterator

from labels.checks import Figures, Term
from labels.folding import View
from labels.govdoc.facts import (
    Amount, Label, amount, block_bounds, labels, once, part_at, plain, view,
)

MONEY, PERCENT, POINTS, COUNT, VAGUE = "\ue001", "\ue002", "\ue003", "\ue004", "\ue000"
FIGURE = "\ue000-\ue004"
_SKIPPED = frozenset(("table_row", "table_caption", "toc_entry", "title", "name_list"))
_OPEN, _CLOSE = "([〔【", ")]〕】"


@dataclass(frozen=True)
class Figure:
    """A labelled figure and what it says."""

    label: Label
    amount: Amount


@dataclass(frozen=True)
class Sentence:
    """`shape` is the words with figures marked; ``figures[i]`` is the figure at ``shape[i]``.

    Commas are full-width in it. `offsets` leads from the shape to the folded text. `block` numbers
    the paragraph.
    """

    shape: str
    figures: dict[int, Figure]
    offsets: tuple[int, ...]
    block: int

    def figure(self, match: "re.Match[str]", group: str | int) -> Figure:
        """The figure that a group of one character matched."""
        return self.figures[match.start(group)]


def sentences(figures: Figures) -> tuple[Sentence, ...]:
    """All sentences of the prose with a figure in them, in order."""
    return once(figures, "sentences.all", lambda given: tuple(_sentences(given)))


def _sentences(figures: Figures) -> Iterator[Sentence]:
    folded, known = view(figures), labels(figures)
    tables = [(table.start, table.end) for table in figures.document.tables]
    position = 0
    for number, (low, high, block) in enumerate(folded.blocks):
        while position < len(tables) and tables[position][1] <= block.start:
            position += 1
        inside = position < len(tables) and tables[position][0] <= block.start
        if block.kind in _SKIPPED or inside:
            continue
        found = list(known.within(low, high, "MONEY", "PERCENT", "QUANTITY"))
        if found:
            yield from _of_block(folded, low, high, found, number)


def _of_block(folded: View, low: int, high: int, found: list[Label],
              number: int) -> Iterator[Sentence]:
    text = folded.text
    marks = {label.low: (label, amount(label, text)) for label in found}
    stacks: list[tuple[list[str], list[int], dict[int, Figure]]] = [([], [], {})]
    place = low
    while place < high:
        shape, offsets, told = stacks[-1]
        if place in marks:
            label, said = marks[place]
            if said is not None:
                told[len(shape)] = Figure(label, said)
            shape.append(_mark(label, said))
            offsets.append(place)
            place = max(label.high, place + 1)
            continue
        char = text[place]
        if char in _OPEN:
            stacks.append(([], [], {}))
        elif char in _CLOSE and len(stacks) > 1:
            yield from _made(stacks.pop(), number)
        elif char in "。!?\n":
            while len(stacks) > 1:
                yield from _made(stacks.pop(), number)
            yield from _made(stacks.pop(), number)
            stacks.append(([], [], {}))
        elif char not in "* ":
            shape.append("，" if char == "," else char)
            offsets.append(place)
        place += 1
    while stacks:
        yield from _made(stacks.pop(), number)


def _mark(label: Label, said: Amount | None) -> str:
    if said is None or said.vague:
        return VAGUE
    if label.label == "MONEY":
        return MONEY
    if label.label == "PERCENT":
        return {"%": PERCENT, "百分点": POINTS}.get(said.kind, VAGUE)
    return COUNT


def _made(stack: tuple[list[str], list[int], dict[int, Figure]],
          number: int) -> Iterator[Sentence]:
    shape, offsets, told = stack
    if told:
        yield Sentence("".join(shape), told, tuple(offsets), number)


def term(figures: Figures, figure: Figure) -> Term:
    """The figure as the term of an equation, in its base unit."""
    label, said = figure.label, figure.amount
    return Term(figures.document.text[label.start:label.end], label.start, label.end, said.value,
                said.worth, address(figures, label.start))


def address(figures: Figures, offset: int) -> str:
    """Part and heading that `offset` stands under, for people to find it."""
    part = part_at(figures.document, offset)
    under = [section for section in _sections(figures) if section[0] <= offset < section[1]]
    names = [plain(part.title)[:30] if part and part.title else "",
             under[-1][2] if under else ""]
    return " · ".join(name for name in names if name)


def _sections(figures: Figures) -> list[tuple[int, int, str]]:
    return once(figures, "sentences.sections", lambda given: [
        (section.start, section.end, plain(f"{section.number}{section.title}")[:30])
        for section in given.document.sections])


def heading_before(figures: Figures, position: int) -> str:
    """The words of the block around `position` of the folded text."""
    folded = view(figures)
    return folded.text[slice(*block_bounds(folded, position))]


def counted(number: int, text: str, start: int, end: int, where: str) -> Term:
    """A list that is counted: an exact number."""
    return Term(text, start, end, Decimal(number), Decimal(0), where)
