"""Items told one a paragraph, each with its sum and its share of the sum told before them.

各项支出共175亿元。 ——用于教育22.7亿元，占13%。 ——用于文化体育5亿元，占2.8%。
"""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Iterator, Sequence

from labels.checks import Equation, Figures, check
from labels.errors import N_
from labels.govdoc.facts import plain, view
from labels.govdoc.sentences import FIGURE, MONEY, PERCENT, Figure, Sentence, sentences, term

_ITEM = re.compile(rf"(?:——|—|--|[-•●·])?[^{FIGURE}。;，]{{2,30}}(?P<sum>{MONEY})，"
                   rf"占(?:比)?[^{FIGURE};，]{{0,16}}?(?P<rate>{PERCENT})")
_LEAST = 3


@check
def shares_of_items(figures: Figures) -> Iterator[Equation]:
    """Each item's share of the whole; and if the shares come to 100 %, the items to the whole."""
    before: Sentence | None = None
    run: list[tuple[Figure, Figure]] = []
    last = -1
    for sentence in (*sentences(figures), None):
        match = _ITEM.fullmatch(sentence.shape) if sentence is not None else None
        if sentence is not None and match is not None and (not run or sentence.block == last + 1):
            run.append((sentence.figure(match, "sum"), sentence.figure(match, "rate")))
            last = sentence.block
            continue
        if len(run) >= _LEAST and before is not None:
            yield from _claims(figures, before, run)
        run, before = [], sentence


def _claims(figures: Figures, before: Sentence,
            run: Sequence[tuple[Figure, Figure]]) -> Iterator[Equation]:
    """The whole is the last sum of the paragraph right before the items."""
    text = view(figures).text
    sums = [figure for at, figure in before.figures.items() if before.shape[at] == MONEY]
    if not sums or text.count("\n", sums[-1].label.high, run[0][0].label.low) != 1:
        return
    whole = sums[-1]
    if any(part.amount.kind != whole.amount.kind for part, _ in run):
        return
    for part, rate in run:
        told = (rate, whole, part)
        yield Equation(
            "items.shares_of_items", tuple(term(figures, figure) for figure in told),
            N_("%(part)s is %(rate)s of %(whole)s"),
            {"whole": plain(whole.label.text), "part": plain(part.label.text),
             "rate": plain(rate.label.text)}, residual=lambda v: v[1] * v[0] - 100 * v[2])
    rounding = sum((rate.amount.worth for _, rate in run), Decimal(0)) / 2
    if abs(sum((rate.amount.value for _, rate in run), Decimal(0)) - 100) <= rounding:
        yield Equation(
            "items.shares_of_items", tuple(term(figures, figure) for figure in (
                whole, *(part for part, _ in run))), N_("the parts of %(whole)s add up to it"),
            {"whole": plain(whole.label.text)}, weights=(1, *[-1] * len(run)))
