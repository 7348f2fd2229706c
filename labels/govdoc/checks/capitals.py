"""Sums written in capital numerals (大写) against the figure beside them."""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Iterator

from labels import values
from labels.checks import Equation, Figures, Term, check
from labels.errors import N_
from labels.govdoc.facts import view
from labels.govdoc.sentences import address

# 壹拾贰万叁仟元整, 伍佰圆零叁角; 元 alone says no sum.
_CAPITALS = (r"[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,24}[元圆]"
             r"(?:[零〇壹贰叁肆伍陆柒捌玖拾]{1,3}角)?(?:[零〇壹贰叁肆伍陆柒捌玖拾]{1,3}分)?[整正]?")
_FIGURE = r"\d[\d,]{0,18}(?:\.\d{1,6})?[万亿]?"
# What stands between the two: brackets, 大写, 小写, 人民币, ¥.
_BETWEEN = r"[元圆]?[()\[\]:,，;；大小写人民币即为合计¥￥ ]{1,14}"
_BESIDE = re.compile(rf"(?P<figure>(?<![\d.]){_FIGURE}){_BETWEEN}(?P<capitals>{_CAPITALS})"
                     rf"|(?P<first>{_CAPITALS}){_BETWEEN}(?P<second>{_FIGURE})(?![\d.%])")


@check
def capitals_are_the_figure(figures: Figures) -> Iterator[Equation]:
    """壹拾贰万叁仟元整（¥123,000.00）: both say one sum."""
    folded = view(figures)
    for match in _BESIDE.finditer(folded.text):
        written = "figure" if match["figure"] else "second"
        spelt = "capitals" if match["figure"] else "first"
        terms = [_term(figures, match.span(name), name == spelt) for name in (written, spelt)]
        if terms[0] is not None and terms[1] is not None:
            yield Equation(
                "capitals.capitals_are_the_figure", (terms[0], terms[1]),
                N_("%(figure)s is %(capitals)s"),
                {"figure": match[written], "capitals": match[spelt]}, weights=(1, -1))


def _term(figures: Figures, place: tuple[int, int], spelt: bool) -> Term | None:
    folded = view(figures)
    said = folded.text[slice(*place)]
    found = values.money(said if spelt else f"{said}元")
    if found is None or found.low != found.high:
        return None
    start, end = folded.span(*place)
    return Term(figures.document.text[start:end], start, end, Decimal(found.low),
                Decimal(0) if spelt else _step(said), address(figures, start))


def _step(figure: str) -> Decimal:
    """The worth of the last digit shown; a whole sum in yuan is exact."""
    decimals = len(figure.rstrip("万亿").partition(".")[2])
    power = {"万": 4, "亿": 8}.get(figure[-1], 0)
    return Decimal(1).scaleb(power - decimals) if power or decimals > 2 else Decimal(0)
