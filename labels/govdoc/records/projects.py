"""Projects: rows of tables of projects, and projects whose investment their own clause tells."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Iterator

from labels.checks import Figures
from labels.document import Cell, Table
from labels.govdoc.facts import Place, amount, labels, plain, view
from labels.records import Record, record_rule
from labels.values import plain as notation

_NAME = re.compile(r"(?:项目|工程)(?:名称)?$")
_INVESTMENT = re.compile(r"投资|概算")
_GOAL = re.compile(r"目标|内容|工程量|计划|建设规模")
_PROGRESS = re.compile(r"完成情况|进展|进度|实施情况|推进情况")
_YEAR = re.compile(r"(?:19|20)\d\d(?:年|[-—]\d{4}年)")
_SUM_BEFORE = re.compile(r"(?:总投资|投资总额|投资额|计划投资|概算|估算|投资)(?:约|共|为|达|近|超|总额|合计|预计)*$")


@dataclass(frozen=True)
class Columns:
    """The numbers of the columns; -1 where there is none."""

    name: int
    investment: int
    goal: int
    progress: int


def project_columns(table: Table) -> Columns | None:
    """None unless the table names projects and tells what is invested or how far they are."""
    heads = [plain(path[-1]) if path else "" for path in table.columns]

    def first(pattern: re.Pattern[str], *taken: int) -> int:
        return next((number for number, head in enumerate(heads)
                     if number not in taken and pattern.search(head)), -1)

    name = first(_NAME)
    investment = first(_INVESTMENT, name)
    progress = first(_PROGRESS, name, investment)
    goal = first(_GOAL, name, investment, progress)
    named = name >= 0 and (heads[name].endswith("名称") or investment >= 0)
    if not named or investment < 0 and (progress < 0 or goal < 0):
        return None
    return Columns(name, investment, goal, progress)


@record_rule
def project(figures: Figures) -> Iterable[Record]:
    """Every row of a table of projects that has more than a name."""
    for table in figures.document.tables:
        columns = project_columns(table)
        if columns is not None:
            yield from _rows(table, columns)
    yield from _told(figures)


def _rows(table: Table, columns: Columns) -> Iterator[Record]:
    above: Cell | None = None
    year = _YEAR.search(plain(table.caption))
    for row in table.rows:
        name = row[columns.name]
        if name.text.strip():
            above = name
        if above is None:
            continue
        fields = {"name": plain(above.text)}
        spans: dict[str, tuple[Place, ...]] = {"name": ((above.start, above.end),)}
        if columns.investment >= 0:
            cell = row[columns.investment]
            if cell.value is not None:
                fields["investment"] = notation(cell.value)
                spans["investment"] = ((cell.start, cell.end),)
                fields.update({"unit": cell.unit or table.unit} if cell.unit or table.unit else {})
        for field, number in (("goal", columns.goal), ("progress", columns.progress)):
            if number >= 0 and row[number].text.strip():
                fields[field] = plain(row[number].text)
                spans[field] = ((row[number].start, row[number].end),)
        if len(fields) == 1:
            above = None if not name.text.strip() else above
            continue
        period = next((cell.period for cell in row if cell.period and _YEAR.search(cell.period)),
                      year.group() if year else None)
        if period:
            fields["period"] = period
        yield Record("project", fields, spans)


def _told(figures: Figures) -> Iterator[Record]:
    """A project and 总投资 with one sum, alone in their clause."""
    folded, known = view(figures), labels(figures)
    tables = [(table.start, table.end) for table in figures.document.tables]
    for label in known.all:
        if label.label != "PROJECT" or any(low <= label.start < high for low, high in tables):
            continue
        stop = re.compile(r"[。;!?\n]").search(folded.text, label.high)
        near = list(known.within(label.high, stop.start() if stop else len(folded.text)))
        sums = [other for other in near if other.label == "MONEY"]
        if not sums or any(other.label == "PROJECT" and other.low < sums[0].low for other in near):
            continue
        between = folded.text[label.high:sums[0].low]
        told = amount(sums[0], folded.text)
        if told is None or len(between) > 24 or not _SUM_BEFORE.search(between) or (
                re.search(r"等|[、]", between)):
            continue
        yield Record("project", {"name": plain(label.text), "investment": notation(told.number),
                                 "unit": told.unit},
                     {"name": (label.place,), "investment": (sums[0].place,)})
