"""What the cells of a table say in words: 172.9亿元，增长13% / 增长5%; the roles of its columns."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable

from labels.checks import Figures
from labels.document import Cell
from labels.govdoc.clauses import kind_of
from labels.govdoc.facts import Label, Place, amount, labels, plain, view
from labels.values import plain as notation

_ROLES = (
    ("unit", re.compile(r"^(?:计量)?单位$")),
    ("completion", re.compile(r"完成.{0,6}(?:%|率|比例|进度)|占.{0,8}(?:预算|计划|目标)|(?:预算)?执行率"
                              r"|为.{0,6}(?:预算|计划)的?.{0,2}%")),
    ("change", re.compile(r"增[长减幅速]|增[、,]减|涨跌|比上年|同比|环比|升降|±")),
    ("target", re.compile(r"目标|预期|计划|预算数|指标值|任务")),
    ("value", re.compile(r"完成|绝对[数额量]|总量|产量|余额|决算|执行数|数值|实绩|实际|累计|合计|金额|指数|投资额"
                         r"|(?:19|20)\d\d(?:年度?)?$|数量|^数$|满意度$")),
)
# A slash parts names and what is said of them, not units: a Latin unit follows no border.
_SLASH = re.compile(r"\s*[/／]\s*(?=[\d\u4e00-\u9fff“<])")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
# A figure in a unit of Latin letters that no rule labels: 3.41km/km2.
_MEASURE = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)([A-Za-zμ℃°][A-Za-z/²³\d]*)")
_BARE = re.compile(r"^(?:新增|完成|达到?|累计|预计|共|实现|为|控制在|确保|力争|已|立项)+")


def role_of(path: tuple[str, ...]) -> str | None:
    """``unit``, ``target``, ``value``, ``change`` or ``completion``, by the lowest heading that
    tells; None for names, numbers of rows and remarks."""
    for head in reversed(path):
        for role, pattern in _ROLES:
            if pattern.search(plain(head)):
                return role
    return None


@dataclass(frozen=True, slots=True)
class Number:
    """A figure in a cell; `text` is plain notation, a change has its sign and unit in it."""

    text: str
    unit: str
    place: Place


@dataclass(frozen=True, slots=True)
class Said:
    """What a piece of a cell says: levels by their qualifier, a change, and all its words."""

    words: str
    place: Place
    parts: tuple[str, ...] = ()
    levels: tuple[Number, ...] = ()
    change: Number | None = None

    def level(self, part: str) -> Number | None:
        if not part:
            return self.levels[0] if self.levels else None
        return next((level for name, level in zip(self.parts, self.levels) if name == part), None)

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(level.unit for level in self.levels if level.unit)


def pieces(text: str, start: int, count: int = 0) -> list[Place]:
    """Where the pieces of a cell's text stand, parted by slashes outside of brackets.

    With `count` it is one piece unless it falls into just as many.
    """
    hidden = _BRACKETS.sub(lambda match: "（" * len(match.group()), text)
    borders = [match.span() for match in _SLASH.finditer(hidden)]
    lows = [0, *(end for _, end in borders)]
    highs = [*(begin for begin, _ in borders), len(text)]
    found = [_stripped(text, start, low, high) for low, high in zip(lows, highs)
             if text[low:high].strip()]
    if count and len(found) != count:
        return [_stripped(text, start, 0, len(text))] if text.strip() and count == 1 else []
    return found


def _stripped(text: str, start: int, low: int, high: int) -> Place:
    inside = text[low:high]
    return (start + low + len(inside) - len(inside.lstrip()),
            start + high - len(inside) + len(inside.rstrip()))


def read_piece(figures: Figures, cell: Cell, place: Place) -> Said:
    """What ``text[place]`` of `cell` says: its own number, else the figures labelled in it."""
    words = plain(figures.document.text[place[0]:place[1]])
    if cell.value is not None and place == _stripped(cell.text, cell.start, 0, len(cell.text)):
        number = Number(notation(cell.value), cell.unit or "", place)
        return Said(words, place, ("",), (number,))
    folded = view(figures)
    low, high = folded.locate(place[0]), folded.locate(place[1] - 1) + 1
    found = labels(figures).within(low, high, "MONEY", "PERCENT", "QUANTITY")
    said = _read(folded.text, low, high, words, place, list(found))
    bare = None if said.levels or said.change else _MEASURE.fullmatch(words)
    if bare is None:
        return said
    number = Number(bare.group(1).replace(",", ""), bare.group(2), place)
    return Said(words, place, ("",), (number,))


def _read(text: str, low: int, high: int, words: str, place: Place,
          found: Iterable[Label]) -> Said:
    hidden = [match.span() for match in _BRACKETS.finditer(text, low, high)]
    parts, levels, change, after = [], [], None, low
    for label in found:
        told = amount(label, text)
        if told is None or any(begin <= label.low < end for begin, end in hidden):
            continue
        lead = re.split(r"[，,;:]", text[after:label.low])[-1].strip("、 ")
        after = label.high
        kind = kind_of(lead)
        if lead.startswith(("另有", "其中")):
            continue
        if kind in ("up", "down") and not lead.startswith("新增") and label.label != "MONEY":
            sign = "-" if kind == "down" else "+"
            change = change or Number(sign + plain(label.text), "", label.place)
        else:
            parts.append(_BARE.sub("", lead))
            levels.append(Number(notation(told.number), told.unit, label.place))
    return Said(words, place, tuple(parts), tuple(levels), change)
