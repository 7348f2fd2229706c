"""Cells as figures: a number in base units, how fine it is, what it measures."""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from labels.claims import Term
from labels.document import Cell

_FOLD = str.maketrans("０１２３４５６７８９．，％－−＋（）：、　△▲", "0123456789.,%--+():、 --")
_NUMBER = re.compile(r"\d[\d,]*(?:\.(?P<decimals>\d+))?")
_SINGLE = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?![\d.,])")
DASH = re.compile(r"[-—–─－/\s]*")
_SCALES = {"百万": 6, "亿": 8, "万": 4, "千": 3}


@dataclass(frozen=True, slots=True)
class Figure:
    """The number of one cell: `value` in base units (yuan, persons), `step` the worth of its last
    digit, `kind` what is measured ("元", "%", "" where no unit is told), `power` the power of ten
    that its unit stands for (4 for 万元)."""

    value: Decimal
    step: Decimal
    kind: str
    power: int = 0


@lru_cache(maxsize=65536)
def folded(words: str) -> str:
    """Words without white space, full-width forms made ASCII."""
    return "".join(words.translate(_FOLD).split())


@lru_cache(maxsize=4096)
def _unit(unit: str) -> tuple[str, int]:
    """The kind and power of ten of a unit: 万元 → ("元", 4), % → ("%", 0)."""
    if unit in ("%", "‰"):
        return "%", 0 if unit == "%" else -1
    for prefix, power in _SCALES.items():
        if unit.startswith(prefix):
            return unit[len(prefix):], power
    return unit, 0


@lru_cache(maxsize=65536)
def _figure(text: str, value: Decimal, unit: str, rate: bool) -> Figure:
    shown = _NUMBER.search(text.translate(_FOLD))
    power = -len(shown["decimals"] or "") if shown else 0
    if shown and value and unit == "":
        plain = Decimal(shown.group().replace(",", ""))
        if plain and abs(value) != plain:   # 1.2亿 is read as 120000000
            power += (abs(value) / plain).adjusted()
    kind, scale = _unit(unit)
    if rate and kind != "%":
        kind, scale = "%", 0
    return Figure(value.scaleb(scale), Decimal(1).scaleb(power + scale), kind, scale)


def figure_of(cell: Cell, rate: bool) -> Figure | None:
    return None if cell.value is None else _figure(cell.text, cell.value, cell.unit or "", rate)


def figure_in_words(cell: Cell) -> Term | None:
    """The one number that a cell of words holds (``确保完成 18000 个``); None for rates, ranges
    and years."""
    text = cell.text.translate(_FOLD)
    found = _SINGLE.findall(text)
    if len(found) != 1 or "%" in text or "年" in text or "倍" in text or len(text) > 30:
        return None
    start = text.index(found[0])
    value = Decimal(found[0].replace(",", ""))
    step = Decimal(1).scaleb(-len(found[0].partition(".")[2]))
    return Term(found[0], cell.start + start, cell.start + start + len(found[0]), value, step, "")


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing: empty, or dashes."""
    return not cell.text or bool(DASH.fullmatch(cell.text))
