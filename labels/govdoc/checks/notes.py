"""What the notes of departmental accounts (部门决算) say of their own tables.

The notes name each item with its place in the classification, 甲（类）乙（款）丙（项）, and what was
spent on it; the same stands in the table of expenditure. Totals are named as in the tables.
"""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Iterator

from labels.checks import Equation, Figures, Residual, Term, check
from labels.document import Cell, Table
from labels.errors import N_
from labels.govdoc.checks.twice import cell_term
from labels.govdoc.facts import Label, Labels, amount, labels, plain, view
from labels.govdoc.records.budget import Columns, code_columns
from labels.govdoc.sentences import FIGURE, MONEY, PERCENT, Figure, sentences, term

_ITEM = re.compile(r"(?P<class>[\u4e00-\u9fff][\u4e00-\u9fff、]{1,29})\(类\)"
                   r"(?:(?P<section>[\u4e00-\u9fff、“”]{2,40})\(款\))?"
                   r"(?:(?P<item>[^()。;\n\d]{2,40})\(项\))?")
_SPENT = re.compile(r"(?:支出)?决算(?:数)?(?:为)?$")
_SPENT_ON = re.compile(r"一般公共预算(?:财政拨款)?支出决算(?:情况)?(?:明细)?表")
_ALL = re.compile(r"^(?:合计|小计|本年支出合计|决算数|支出决算|本年支出)$")
_REACH = 500
_NOTE = N_("%(item)s: the notes say %(told)s, the table %(held)s")

# How the notes name a total; the table and the row of it. The side tells the column.
_ALL_MONEY = re.compile(r"(?<!拨款)(?:收入支出|收支)(?:预算|决算)?总(?:体情况)?表")
_GRAND = re.compile(r"(?:收入|支出)?总计")
_TOTALS = (
    (re.compile(r"(?<!拨款)收入总计(?:为)?\s?(?=\d)"), _ALL_MONEY, "收入", _GRAND),
    (re.compile(r"(?<!拨款)支出总计(?:为)?\s?(?=\d)"), _ALL_MONEY, "支出", _GRAND),
    (re.compile(r"财政拨款(?:收入支出|收支)总(?:决算|计)(?:为)?\s?(?=\d)"),
     re.compile(r"财政拨款收入支出决算总表"), "收入", _GRAND),
    (re.compile(r"本年收入合计(?:为)?\s?(?=\d)"), _ALL_MONEY, "收入", re.compile(r"本年收入合计")),
    (re.compile(r"本年支出合计(?:为)?\s?(?=\d)"), _ALL_MONEY, "支出", re.compile(r"本年支出合计")),
)


@check
def items_are_those_of_the_table(figures: Figures) -> Iterator[Equation]:
    """What an item is said to have cost is what its row tells."""
    rows = {path: cell for table in figures.document.tables
            if _SPENT_ON.search(plain(table.caption))
            and (columns := code_columns(table)) is not None
            for path, cell in _spent(table, columns)}
    if not rows:
        return
    text, known = view(figures).text, labels(figures)
    for match in _ITEM.finditer(text):
        path = tuple(plain(name) for name in match.group("class", "section", "item") if name)
        cell, told = rows.get(path), _told(text, known, match)
        if cell is not None and told is not None:
            yield from _claim(figures, "items_are_those_of_the_table", path[-1], told, cell)


def _spent(table: Table, columns: Columns) -> Iterator[tuple[tuple[str, ...], Cell]]:
    """Each row by the names of its class, section and item, and the cell with all it cost."""
    column = next((number for number, path in enumerate(table.columns)
                   if path and any(_ALL.match(plain(head)) for head in path)
                   and number != columns.item), None)
    if column is None or columns.item is None or not columns.levels:
        return
    names: list[str] = []
    for row in table.rows:
        depth = sum(bool(row[number].text.strip().isdigit()) for number in columns.levels)
        if depth:
            names = [*names[:depth - 1], plain(row[columns.item].text)]
            if len(names) == depth and row[column].value is not None:
                yield tuple(names), row[column]


def _told(text: str, known: Labels, match: "re.Match[str]") -> Figure | None:
    """The sum right after the item's name, else the 支出决算 told before the next item."""
    following = _ITEM.search(text, match.end())
    high = min(following.start() if following else len(text), match.end() + _REACH)
    for label in known.within(match.end(), high, "MONEY"):
        if label.low - match.end() <= 1 or _SPENT.search(text[max(0, label.low - 8):label.low]):
            return _figure(label, text)
    return None


def _figure(label: Label, text: str) -> Figure | None:
    said = amount(label, text)
    return Figure(label, said) if said is not None and not said.vague else None


@check
def totals_are_those_of_the_table(figures: Figures) -> Iterator[Equation]:
    """收入总计, 本年支出合计 … as the table of all revenue and expenditure has them."""
    text, known = view(figures).text, labels(figures)
    for named, caption, side, row in _TOTALS:
        cells = [cell for table in figures.document.tables if caption.search(plain(table.caption))
                 for cell in _total(table, side, row)]
        if len(cells) != 1:
            continue
        for match in named.finditer(text):
            for label in known.within(match.end(), match.end() + 24, "MONEY"):
                told = _figure(label, text) if label.low == match.end() else None
                if told is not None:
                    yield from _claim(figures, "totals_are_those_of_the_table",
                                      plain(match.group()), told, cells[0])
                break


def _total(table: Table, side: str, row: "re.Pattern[str]") -> Iterator[Cell]:
    """The first figure to the right of the row's name, under the heading of its side."""
    for cells in table.rows:
        for number, cell in enumerate(cells[:-1]):
            heads = table.columns[number]
            if row.fullmatch(plain(cell.text)) and heads and plain(heads[0]).startswith(side):
                following = next((one for one in cells[number + 1:] if one.value is not None), None)
                if following is not None:
                    yield following


# The three kinds of expenses that a department must tell (“三公”经费), and their shares.
_THREE = tuple(re.compile(rf"{name}[^{FIGURE};，]{{0,10}}(?P<sum>{MONEY})(?:，占[^{FIGURE};，]{{0,16}}"
                          rf"(?P<rate>{PERCENT}))?") for name in (
    "因公出国(?:境)?(?:费|经费)", "公务用车购置(?:及|和|与)运行(?:维护)?(?:费|经费)", "公务接待(?:费|经费)"))


@check
def shares_of_the_three(figures: Figures) -> Iterator[Equation]:
    """Each of the three as its share of all three, told in one sentence."""
    for sentence in sentences(figures):
        found = [pattern.search(sentence.shape) for pattern in _THREE]
        if "“三公”" not in sentence.shape or None in found:
            continue
        told = [sentence.figure(match, "sum") for match in found if match is not None]
        sums = tuple(term(figures, figure) for figure in told)
        for number, match in enumerate(found):
            if match is not None and match.group("rate"):
                rate = sentence.figure(match, "rate")
                yield Equation(
                    "notes.shares_of_the_three", (term(figures, rate), *sums),
                    N_("%(part)s is %(rate)s of all three"),
                    {"part": plain(sums[number].text), "rate": plain(rate.label.text)},
                    residual=_share(number))


def _share(number: int) -> Residual:
    return lambda values: values[0] * sum(values[1:], Decimal(0)) - 100 * values[number + 1]


def _claim(figures: Figures, name: str, item: str, told: Figure, cell: Cell) -> Iterator[Equation]:
    held = cell_term(cell, cell.unit or "", cell.text)
    if held is None or held[0] != told.amount.kind:
        return
    said: Term = term(figures, told)
    yield Equation(f"notes.{name}", (said, held[1]), _NOTE,
                   {"item": item, "told": plain(said.text), "held": plain(cell.text)},
                   weights=(1, -1))
