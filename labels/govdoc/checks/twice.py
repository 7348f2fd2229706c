"""The same indicator told twice in one document: in a table and in prose, or in two parts.

Only where name, period and place are the same and both figures are exact; a name that many things
have (收入, 营业收入) is no name here.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Iterator

from labels import values
from labels.checks import Equation, Figures, Term, check
from labels.days import dates
from labels.document import Cell
from labels.errors import N_
from labels.govdoc.facts import Label, Place, amount, labels, once, plain, view
from labels.govdoc.records import indicators
from labels.govdoc.sentences import address
from labels.records import Record

_SCOPE = re.compile(r"^(?:(?:19|20)\d\d年)?(?:全[国省市区县州盟旗镇乡]|[本我][省市区县州镇])?(?:实现|完成)?")
_ALL = re.compile(r"全[省市区县州盟旗镇乡]|[本我][省市区县州镇]")
_COMMON = re.compile(
    r"(?:营业|总|净|年|上年|一般性|预算|决算|结转|结余|调入|调出|补助|上解|转移性|收入|支出|收支|利润|产值|总额|总量|余额|金额"
    r"|资金|投资|面积|人数|数量|产量|增加值|销售额|成交额|规模|占比|比重|比例|覆盖率|完成率|执行率|税收|税金|合计|总计|小计|城镇"
    r"|农村|其他|项目|基本)+")
_YEAR_END = re.compile(r"年[末底](?:数)?$")
_LEAST = 4


@dataclass(frozen=True)
class Reading:
    """One figure of an indicator: its level or its change. `key` is name, period, what, kind."""

    key: tuple[str, tuple[str, str], str, str]
    term: Term
    source: str
    part: int


def readings(figures: Figures) -> list[Reading]:
    """All exact figures of indicators with a period, by the records of the document."""
    return once(figures, "twice.readings", lambda given: list(_readings(given)))


def _readings(figures: Figures) -> Iterator[Reading]:
    known = {label.place: label for label in labels(figures).all}
    cells = {(cell.start, cell.end): cell for table in figures.document.tables
             for row in table.rows for cell in row if cell.value is not None}
    for rule in (indicators.prose, indicators.table):
        for record in rule.function(figures):
            yield from _of_record(figures, record, known, cells)


def _of_record(figures: Figures, record: Record, known: dict[Place, Label],
               cells: dict[Place, Cell]) -> Iterator[Reading]:
    name = indicator_name(str(record.values["indicator"]))
    period = period_key(str(record.values.get("period", "")))
    scope = str(record.values.get("place", ""))
    if len(name) < _LEAST or _COMMON.fullmatch(name) or period is None or (
            scope and not _ALL.fullmatch(scope)):
        return
    for what in ("value", "change"):
        for place in record.spans.get(what, ())[:1]:
            told = _told(figures, place, known, cells, str(record.values.get("unit", "")),
                         str(record.values[what]).startswith("-"))
            if told is not None:
                yield Reading((name, period, what, told[0]), told[1],
                              str(record.values["source"]), _part(figures, place[0]))


def indicator_name(words: str) -> str:
    """A name without the place, the year and the spaces that it may carry."""
    return _SCOPE.sub("", plain(words)).translate(str.maketrans("（）", "()"))


def period_key(words: str) -> tuple[str, str] | None:
    """First and last day; the end of a year stands for the year. None without a year."""
    if not re.search(r"(?:19|20)\d\d", words):
        return None
    found = dates(_YEAR_END.sub("年", words))
    return (found.low, found.high) if found else None


def _part(figures: Figures, offset: int) -> int:
    return next((number for number, part in enumerate(figures.document.parts)
                 if part.start <= offset < part.end), -1)


def _told(figures: Figures, place: Place, known: dict[Place, Label], cells: dict[Place, Cell],
          unit: str, falls: bool) -> tuple[str, Term] | None:
    """The kind of a figure and the figure as a term; None where it is not exact."""
    text = figures.document.text[slice(*place)]
    if place in known:
        said = amount(known[place], view(figures).text)
        if said is None or said.vague:
            return None
        value = -abs(said.value) if falls else said.value
        return said.kind, Term(text, *place, value, said.worth, address(figures, place[0]))
    cell = cells.get(place)
    if cell is None or cell.value is None:
        return None
    return cell_term(cell, cell.unit or unit, text)


def cell_term(cell: Cell, unit: str, text: str) -> tuple[str, Term] | None:
    """A cell's number in the base unit of its unit."""
    assert cell.value is not None
    words = f"{abs(cell.value)}{unit}"
    reader = values.money if "元" in unit else values.percent if re.search(
        "%|百分点|‰", unit) else values.quantity
    found = reader(words) if unit else None
    if found is None:
        return None
    base = Decimal(found.low)
    factor = base / abs(cell.value) if cell.value else Decimal(1)
    step = Decimal(1).scaleb(min(0, int(cell.value.as_tuple().exponent))) * factor
    where = " · ".join((*cell.row, *cell.column))
    return found.unit, Term(text, cell.start, cell.end, base.copy_sign(cell.value), step, where)


@check
def told_twice(figures: Figures) -> Iterator[Equation]:
    """A table's figure against each mention in prose, and prose of one part against that of
    another part of the same place."""
    by_key: dict[tuple[str, tuple[str, str], str, str], list[Reading]] = {}
    for reading in readings(figures):
        by_key.setdefault(reading.key, []).append(reading)
    for found in by_key.values():
        tables = _unanimous([one for one in found if one.source == "table"])
        told = [one for part in sorted({one.part for one in found}) for one in _unanimous(
            [one for one in found if one.source == "prose" and one.part == part])]
        for one in tables[:1]:
            for other in told:
                yield _same(one, other)
        if not tables:
            for one, other in zip(told, told[1:]):
                if one.part != other.part and _one_place(figures, one.part, other.part):
                    yield _same(one, other)
    yield from _shares(readings(figures))


def _unanimous(found: list[Reading]) -> list[Reading]:
    """Nothing where the name stands for several figures, as 预算执行率 may in one paragraph."""
    return found if len({one.term.value for one in found}) == 1 else []


def _same(one: Reading, other: Reading) -> Equation:
    return Equation(
        "twice.told_twice", (one.term, other.term),
        N_("%(indicator)s is told twice: %(one)s and %(other)s"),
        {"indicator": one.key[0], "one": plain(one.term.text), "other": plain(other.term.text)},
        weights=(1, -1))


_PLACE = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:自治区|自治州|[省市区县州盟旗])")


def place_of(words: str) -> str | None:
    """The first division named, as 云泽区 in 云泽区财政局."""
    found = _PLACE.search(plain(words))
    return found.group() if found else None


def _one_place(figures: Figures, *numbers: int) -> bool:
    parts = [figures.document.parts[number] for number in numbers if number >= 0]
    return len({place_of(part.issuer or part.title) for part in parts}) == 1


# --- X占Y的比重 ----------------------------------------------------------------------------------

_SHARE = re.compile(r"(?P<part>.{4,}?)(?:占|相当于)(?P<whole>.{3,}?)的?(?:比重|比例|之比|比)$")


def _shares(found: list[Reading]) -> Iterator[Equation]:
    """A share whose name is shorter in prose: 战略性新兴产业占… for …制造业产值占…."""
    named = [(match, one) for one in found if one.key[2] == "value"
             and (match := _SHARE.match(one.key[0])) is not None]
    for mine, one in named:
        for yours, other in named:
            if (one.source, other.source) == ("table", "prose") and one.key[0] != other.key[0] and (
                    one.key[1:] == other.key[1:] and _shorter(yours, mine)):
                yield _same(one, other)


def _shorter(short: "re.Match[str]", long: "re.Match[str]") -> bool:
    """Whether the one names the same whole, and of the part nothing that the other does not."""
    wholes = [_SCOPE.sub("", match.group("whole")) for match in (short, long)]
    letters = iter(long.group("part"))
    return wholes[0] == wholes[1] and all(char in letters for char in short.group("part"))
