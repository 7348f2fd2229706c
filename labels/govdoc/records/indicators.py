"""Indicator facts: what a statistic was, how it changed, what was planned, in prose and tables."""
from __future__ import annotations

import re
from bisect import bisect_right
from typing import Iterable, Iterator

from labels.checks import Figures
from labels.document import Cell, Section, Table
from labels.govdoc.facts import (
    Label, Labels, Place, amount, block_bounds, labels, once, part_at, plain, sentence, view,
)
from labels.govdoc.records.budget import code_columns
from labels.govdoc.records.cells import Said, pieces, read_piece, role_of
from labels.govdoc.records.projects import project_columns
from labels.records import Record, record_rule
from labels.values import plain as notation

_FACTS = ("VALUE", "CHANGE", "TARGET", "COMPLETION", "SHARE")
_SCOPE = re.compile(r"(?:全[国省市区县州盟旗镇乡]|[本我][省市区县州镇]|[省市区县州镇乡]本?级)"
                    r"[\u4e00-\u9fff]{0,2}$")
_YEAR = re.compile(r"(?:19|20)\d\d年(?:[上下]半年|[前一二三四]{1,2}季度|1[-—至]\d{1,2}月)?")

Fields = dict[str, str]
Spans = dict[str, tuple[Place, ...]]


# --- prose --------------------------------------------------------------------------------------

@record_rule
def prose(figures: Figures) -> Iterable[Record]:
    """One record an indicator and level; of several levels (A、B两年) each is one."""
    known = labels(figures)
    tables = sorted((table.start, table.end) for table in figures.document.tables)
    starts = [start for start, _ in tables]
    for indicator in known.all:
        if indicator.label != "INDICATOR":
            continue
        position = bisect_right(starts, indicator.start) - 1
        if position >= 0 and indicator.start < tables[position][1]:
            continue
        yield from _facts(figures, known, indicator)


def _facts(figures: Figures, known: Labels, indicator: Label) -> Iterator[Record]:
    text = view(figures).text
    levels = known.out(indicator, "VALUE") or known.out(indicator, "SHARE")
    shared: Fields = {"indicator": plain(indicator.text), "source": "prose"}
    places: Spans = {"indicator": (indicator.place,)}
    for name, kind in (("change", "CHANGE"), ("target", "TARGET"), ("completion", "COMPLETION")):
        for arrow in known.out(indicator, kind)[:1]:
            sign = {"up": "+", "down": "-"}.get(arrow.direction or "", "")
            shared[name] = signed(plain(arrow.label.text), sign if kind == "CHANGE" else "")
            places[name] = (arrow.label.place,)
    scope = _scope(known, text, indicator)
    if scope is not None:
        shared["place"], places["place"] = scope
    if not levels and len(shared) == 2 + (scope is not None):
        return
    found: list[Label | None] = [arrow.label for arrow in levels]
    for level in found or [None]:
        fields, spans = dict(shared), dict(places)
        if level is not None:
            told = amount(level, text)
            fields["value"] = notation(told.number) if told else plain(level.text)
            spans["value"] = (level.place,)
            if told and told.unit:
                fields["unit"] = told.unit
        period = period_of(figures, known, indicator)
        if period is not None:
            fields["period"] = period[0]
            if period[1]:
                spans["period"] = period[1]
        yield Record("indicator", fields, spans)


def signed(text: str, sign: str) -> str:
    """``3.5%`` with ``-`` → ``-3.5%``; a sign that is written stays."""
    return text if text[:1] in "+-−负" else sign + text


def _scope(known: Labels, text: str, indicator: Label) -> tuple[str, tuple[Place, ...]] | None:
    """全市 or a place right before the name of the indicator."""
    low, _ = sentence(text, indicator.low)
    for label in known.within(max(low, indicator.low - 12), indicator.low, "LOC"):
        if text[label.high:indicator.low] in ("", "的", "实现", "完成"):
            return plain(label.text), (label.place,)
    found = _SCOPE.search(text[max(low, indicator.low - 6):indicator.low])
    return (found.group()[:2], ()) if found else None


def period_of(figures: Figures, known: Labels,
              indicator: Label) -> tuple[str, tuple[Place, ...]] | None:
    """The last date before the indicator in its sentence, else in its paragraph, with the year of
    its part where it has none of its own; dates that are compared with (比上年) are passed over."""
    folded = view(figures)
    year = _year_of_part(figures, indicator)
    for low in (sentence(folded.text, indicator.low)[0], block_bounds(folded, indicator.low)[0]):
        for day in reversed(list(known.within(low, indicator.low, "DATE"))):
            if _COMPARED.search(folded.text[max(low, day.low - 2):day.low]) or (
                    _EARLIER.match(day.text)):
                continue
            text = plain(day.text)
            if year and _PART_OF_YEAR.fullmatch(text):
                text = year if text == "全年" else year + text.removeprefix("年")
            return text, (day.place,)
    return (year, ()) if year else None


_COMPARED = re.compile(r"[比较与]$")
_EARLIER = re.compile(r"上年|去年|上一年|上届|前年|同期")
_PART_OF_YEAR = re.compile(r"全年|年[初中底末]|[上下]半年|[前一二三四1-4][一二两三四]?季度|\d{1,2}月.*")


def _year_of_part(figures: Figures, indicator: Label) -> str:
    """The year (or part of one) in the innermost heading that has one, else in the title.

    The title of a 政府工作报告 names the year it was given in, not that of which it tells.
    """
    for section in reversed(_sections(figures)):
        if section.start <= indicator.start < section.end:
            found = _YEAR.search(plain(section.title))
            if found:
                return found.group()
    part = part_at(figures.document, indicator.start)
    if (part or figures.document).type == "work_report":
        return ""
    found = _YEAR.search(plain(part.title if part else figures.document.title))
    return found.group() if found else ""


def _sections(figures: Figures) -> list[Section]:
    return once(figures, "indicators.sections", lambda given: sorted(
        given.document.sections, key=lambda section: (section.start, -section.end)))


# --- tables -------------------------------------------------------------------------------------

@record_rule
def table(figures: Figures) -> Iterable[Record]:
    """One record a row and name, for every table with a column of targets, levels or changes."""
    for found in figures.document.tables:
        if code_columns(found) is None and project_columns(found) is None and _roles(found):
            yield from _rows(figures, found)


_NO_INDICATORS = re.compile(r"规格|型号|资产编号|评分|得分|分值|权重")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d{1,2}[.、．](?!\d)"
                       r"|其中[:：])(?=.)")
_NAMES = re.compile(r"指标(?:名称|内容|项)?$")
_NOTHING = re.compile(r"[-—–/\\…·\s]*")


def _roles(found: Table) -> dict[int, str]:
    """What each column tells; empty where the table is not one of indicators."""
    if any(_NO_INDICATORS.search(plain(head)) for path in found.columns for head in path):
        return {}
    roles = {number: role for number, path in enumerate(found.columns)
             if (role := role_of(path)) is not None}
    return roles if set(roles.values()) & {"value", "target", "change", "completion"} else {}


def _rows(figures: Figures, found: Table) -> Iterator[Record]:
    roles = _roles(found)
    named = [number for number, path in enumerate(found.columns)
             if path and _NAMES.search(plain(path[-1]))]
    for row in found.rows:
        sides: dict[tuple[str, ...], list[tuple[str, Cell]]] = {}
        unit = next((plain(row[number].text) for number, role in roles.items()
                     if role == "unit"), "")
        for number, role in roles.items():
            cell = row[number]
            if role != "unit" and cell.row and not _NOTHING.fullmatch(cell.text):
                sides.setdefault(cell.row, []).append((role, cell))
        for path, told in sides.items():
            name = row[named[0]] if len(named) == 1 else _name_cell(row, path[-1])
            if name is not None and name.text.strip():
                for column, part in _by_column(_by_year(told)):
                    yield from _row_facts(figures, found, name, part, unit, column)


_Told = list[tuple[str, Cell]]


def _by_year(told: _Told) -> list[_Told]:
    """The cells of each year that their headings name: what was is one fact, what is planned for
    the next year another. A change belongs to the last; a cell without a year to the only one."""
    years = sorted({found.group()[:4] for _, cell in told
                    if (found := _YEAR.search(cell.period or ""))})
    if len(years) < 2:
        return [told]
    groups: dict[str, _Told] = {year: [] for year in years}
    for role, cell in told:
        found = _YEAR.search(cell.period or "")
        groups[found.group()[:4] if found and role != "change" else years[-1]].append((role, cell))
    return [group for group in groups.values() if group]


def _by_column(groups: list[_Told]) -> Iterator[tuple[str, _Told]]:
    """Several columns that tell the same of a row (限额, 余额) are facts of their own, each named
    by its heading too."""
    for group in groups:
        roles = [role for role, _ in group]
        if roles.count("value") + roles.count("target") <= len({"value", "target"} & set(roles)):
            yield "", group
            continue
        for role, cell in group:
            if role in ("value", "target"):
                yield "/".join(dict.fromkeys(plain(head) for head in cell.column)), [(role, cell)]


def _name_cell(row: tuple[Cell, ...], name: str) -> Cell | None:
    """The cell that names the row; a name that spans rows stands in one above, and is not told."""
    return next((cell for cell in row if cell.text.strip() and plain(cell.text) == plain(name)),
                None)


def _row_facts(figures: Figures, found: Table, name: Cell, told: _Told, unit: str,
               column: str = "") -> Iterator[Record]:
    """A name with a slash is several; their targets and levels are parted the same way."""
    names = pieces(name.text, name.start)
    for position, (low, high) in enumerate(names):
        word = _NUMBERED.sub("", plain(figures.document.text[low:high])) + (
            f"({column})" if column else "")
        cells: dict[str, Said] = {}
        for role, cell in told:
            parted = pieces(cell.text, cell.start, len(names))
            if len(parted) == len(names) and role not in cells:
                cells[role] = read_piece(figures, cell, parted[position])
        yield from _said(word, (low, high), cells, told, found, unit)


def _said(word: str, place: Place, cells: dict[str, Said], told: _Told, found: Table,
          unit: str) -> Iterator[Record]:
    period = _period_of(found, told)
    for part in _qualifiers(cells):
        fields: Fields = {"indicator": f"{word}({part})" if part else word, "source": "table"}
        spans: Spans = {"indicator": (place,)}
        _level(fields, spans, cells.get("value"), part)
        if "unit" not in fields and "value" in fields:
            aim = cells.get("target")
            hint = unit or found.unit or (aim.units[0] if aim and aim.units else "")
            fields.update({"unit": hint} if hint else {})
        for role in ("target", "completion", "change"):
            said = cells.get(role)
            if said is not None:
                _other(fields, spans, role, said, part)
        if period:
            fields["period"] = period
        yield Record("indicator", fields, spans)


def _qualifiers(cells: dict[str, Said]) -> list[str]:
    """市级60个，区级100个: the words that part the levels of one name; [""] where nothing does."""
    found = list(dict.fromkeys(part for role in ("target", "value") if role in cells
                               for part in cells[role].parts))
    several = any(len(said.parts) > 1 for said in cells.values())
    return found if several and all(found) else [""]


def _level(fields: Fields, spans: Spans, said: Said | None, part: str) -> None:
    if said is None:
        return
    number = said.level(part)
    if number is not None:
        fields["value"], spans["value"] = number.text, (number.place,)
        if number.unit:
            fields["unit"] = number.unit
    elif not said.change and not part and said.words:
        fields["completion"], spans["completion"] = said.words, (said.place,)
    if said.change and not part:
        fields["change"], spans["change"] = said.change.text, (said.change.place,)


def _other(fields: Fields, spans: Spans, role: str, said: Said, part: str) -> None:
    number = said.level(part) if part else None
    if part and number is None or not said.words:
        return
    if number is None and said.parts == ("",) and said.levels[0].place == said.place:
        number = said.levels[0]
    text = f"{number.text}{number.unit}" if number else said.words
    if role == "change":
        change = said.change or said.level("")
        if change is None:
            return
        text, number = signed(change.text + ("%" if change.text[-1:].isdigit() else ""), (
            "" if change.text.startswith(("-", "+")) else "+")), change
    fields[role], spans[role] = text, (number.place if number else said.place,)


def _period_of(found: Table, told: _Told) -> str:
    """The period of the level, with the year that its row or caption names."""
    periods = [cell.period for _, cell in told if cell.period]
    own = next((cell.period for role, cell in told if role == "value" and cell.period), "")
    year = next((match.group() for text in (*periods, plain(found.caption))
                 if (match := _YEAR.search(text))), "")
    if re.fullmatch(r"(?:19|20)\d\d", own):
        return own + "年"
    if _YEAR.search(own) or not year:
        return own or (periods[0] if periods else "")
    return year + ("" if own in ("全年", "") else own)
