"""What the columns of a read table say: which hold names of statistics, which hold targets.

A reader gives each cell the path of heads over it (``("2030年", "目标")``). Numbers without a unit are
not labelled in tables; where a cell holds a figure, its head tells what the figure says.
"""
from __future__ import annotations

import re
from bisect import bisect_right

from labels.document import Cell, Table
from labels.govdoc.names import once
from labels.lazy import lazy
from labels.rules import Context

_NAMES = lazy(r"(?:主要)?(?:经济|统计)?指标(?:名称)?$|(?:预算|支出|收入|功能分类)?科目(?:名称)?$|(?:收入|支出)项目$")
_ITEMS = lazy(r"项目(?:名称)?$")
_OF_SUMS = lazy("收入|支出|收支|预算|决算|指标|债务|三公")
_TOTAL = lazy(r"(?:合|总|小|共)\s*计|其[中他]|备注|[-—\s]*$")
_MARK = lazy(
    r"(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}[.、．]|其中[:：]|[#＃①-⑳\s])*")
_HAN = lazy("[\u4e00-\u9fff]{2}")
_SENTENCE = lazy("[，。;；]")
_NOTE = lazy(r"\s*[(（][^()（）]{1,12}[)）]$")
# The first that fits the head of a column; 完成预算% is a completion, not what was budgeted.
_SAYS = (
    ("COMPLETION", lazy(r"完成率|完成预算|占预算|为预算|完成年?度?计划|完成(?:进度|比例|百分比)|[占为]调整预算")),
    ("CHANGE", lazy(r"增长|增幅|增速|同比|[比较]上年|[比较]去年|增减|升降")),
    ("SHARE", lazy(r"占比|比重|所占")),
    ("TARGET", lazy(r"目标|计划|预期|预算(?!执行)|任务|规划")),
    ("VALUE", lazy(r"完成|实际|执行|决算|数值|绝对[数额]|总量|现状|基期")))


def name_cells(context: Context) -> list[tuple[int, int]]:
    """Where names of statistics stand in the tables, in the source, without mark and unit."""
    found = []
    for table in context.document.tables:
        column = _name_column(table)
        if column is not None:
            for row in table.rows:
                if any(cell.value is not None for cell in row[column + 1:]):
                    found.extend(_name(row[column]))
    return found


def _name_column(table: Table) -> int | None:
    """The column whose head says that it holds names of statistics."""
    for index, path in enumerate(table.columns[:4]):
        head = re.sub(r"\s", "", path[-1]) if path else ""
        if _NAMES.search(head) or _ITEMS.search(head) and _OF_SUMS.search(table.caption):
            return index
    return None


def _name(cell: Cell) -> list[tuple[int, int]]:
    mark = _MARK.match(cell.text)
    begin = mark.end() if mark else 0
    note = _NOTE.search(cell.text, begin)
    stop = note.start() if note else len(cell.text.rstrip())
    name = cell.text[begin:stop]
    if _TOTAL.match(name) or not 2 <= len(name) <= 34 or not _HAN.search(name) or (
            _SENTENCE.search(name)):
        return []
    return [(cell.start + begin, cell.start + stop)]


def column_says(context: Context, offset: int) -> str | None:
    """The relation that the head over the cell at source `offset` names, if it names one."""
    starts, kinds = once(context, "columns.says", _heads)
    position = bisect_right(starts, offset) - 1
    if position < 0:
        return None
    end, kind = kinds[position]
    return kind if offset < end else None


def _heads(context: Context) -> tuple[list[int], list[tuple[int, str]]]:
    said: dict[tuple[str, ...], str] = {}
    rows: list[tuple[int, int, str]] = []
    for table in context.document.tables:
        for row in table.rows:
            for cell in row:
                if cell.column not in said:
                    head = " ".join(cell.column)
                    said[cell.column] = next(
                        (kind for kind, words in _SAYS if words.search(head)), "")
                if said[cell.column] and cell.start < cell.end:
                    rows.append((cell.start, cell.end, said[cell.column]))
    rows.sort()
    return [row[0] for row in rows], [(end, kind) for _, end, kind in rows]
