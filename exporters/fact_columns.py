"""The tables of records and cells: their columns, and what each column means in two languages."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

from labels.facts import FIGURES
from labels.records import FIELDS

TEXT, NUMBER, INTEGER, BOOLEAN, LIST = "text", "number", "integer", "boolean", "list"
MARK = " / "  # between the items of a list, where a file has no lists

DOCUMENTS, WORDS, CELLS = "documents", "words", "cells"


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is one of the five above; `field` is the field of a record it is of, if any."""

    name: str
    type: str
    english: str
    chinese: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`key` names the columns that tell a row from the others of its document; `kind` is the kind
    of its records, empty for the other tables."""

    name: str
    english: str
    chinese: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    kind: str = ""

    def place(self, column: str) -> int:
        """Which column of the table is called so, from 0."""
        return [one.name for one in self.columns].index(column)


_KINDS = {
    "appointment": ("appointments and removals", "任免"),
    "indicator": ("facts on indicators", "指标"),
    "budget_line": ("lines of budgets and final accounts", "预决算明细"),
    "attendance": ("attendance of meetings", "会议出席"),
    "project": ("projects", "项目"),
    "finding": ("findings of audits", "审计问题"),
}
_FIELD_WORDS = {
    "action": ("appointed, removed, resigned or elected",
               "appointed 任命、removed 免职、resigned 辞职、elected 当选"),
    "person": ("person", "人名"), "post": ("post", "职务"),
    "organisation": ("organisation", "机构"), "meeting": ("meeting", "会议"),
    "date": ("date (ISO 8601 where it is a day)", "日期（能定到日的按 ISO 8601）"),
    "indicator": ("indicator", "指标名称"), "period": ("period", "时期"),
    "value": ("value", "数值"), "unit": ("unit as the document has it", "原文单位"),
    "change": ("change, its sign the direction", "增减，正负号为方向"),
    "target": ("target", "目标值"), "completion": ("share of the target reached", "完成率"),
    "place": ("place", "地区"), "source": ("prose or table cell", "prose 正文、cell 表格"),
    "table": ("table", "表名"), "class": ("code of the class (类)", "科目编码：类"),
    "section": ("code of the section (款)", "科目编码：款"),
    "item_code": ("code of the item (项)", "科目编码：项"), "item": ("item", "科目名称"),
    "column": ("column of the table", "栏目"), "amount": ("amount", "金额"),
    "expected": ("how many should attend", "应到人数"), "present": ("names present", "出席名单"),
    "absent": ("names absent", "缺席名单"), "name": ("name", "名称"),
    "investment": ("investment", "投资额"), "goal": ("goal", "建设内容或目标"),
    "progress": ("progress", "进展"), "what": ("what was found", "问题"),
    "body": ("body concerned", "涉及单位"), "rectification": ("rectification", "整改情况"),
}
_LISTS = ("present", "absent")

_DOCUMENT = (
    Column("document", TEXT, "name of the document", "文件名"),
    Column("version", INTEGER, "version of the document", "文件版本"),
    Column("split", TEXT, "train, validation or test", "拆分：训练、验证、测试"),
)
_STATE = (
    Column("settled", BOOLEAN,
           "true: all its words stand in regions that people settled; false: read by the machine",
           "true 为全部文字在已定稿的区域内；false 为机器读出，未经人工"),
    Column("arithmetic", TEXT,
           "what the document's arithmetic says of its figures: broken (contradicted, unanswered),"
           " explained (contradicted, answered by people), confirmed, or nothing",
           "勾稽：broken 不符且未答复、explained 不符已答复、confirmed 相符，空为无从核对"),
)
_PLACE = (
    Column("start", INTEGER, "where it begins in the document, in Unicode code points from 0",
           "在文件中的起点，按 Unicode 码点从 0 计"),
    Column("end", INTEGER, "where it ends, exclusive", "终点，不含"),
)


def _figure(name: str, english: str, chinese: str, field: str = "") -> Iterator[Column]:
    yield Column(f"{name}_base", NUMBER, f"{english} in base units, exact",
                 f"{chinese}，换算为基本单位，精确值", field)
    yield Column(f"{name}_base_unit", TEXT, "that unit: an ISO 4217 code for money, %, 人 …",
                 "基本单位：金额为 ISO 4217 代码，其余如 %、人", field)


def _fields(kind: str) -> Iterator[Column]:
    for name in FIELDS[kind]:
        english, chinese = _FIELD_WORDS[name]
        yield Column(name, LIST if name in _LISTS else TEXT, english, chinese, name)
        if name in FIGURES.get(kind, {}):
            yield Column(f"{name}_words", TEXT, "the words of the document for it",
                         f"{chinese}的原文", name)
            yield from _figure(name, english, chinese, name)


def _of_kind(kind: str) -> Table:
    english, chinese = _KINDS[kind]
    return Table(f"records-{kind}", english, chinese, (
        Column("record", TEXT, "identity of the record", "记录编号"), *_DOCUMENT, *_STATE,
        *_fields(kind), _PLACE[0]), ("record",), kind)


TABLES: tuple[Table, ...] = (
    Table(DOCUMENTS, "documents of the release", "发布中的文件", (
        *_DOCUMENT, Column("title", TEXT, "title", "标题"),
        Column("records", INTEGER, "how many records", "记录数"),
        Column("tables", INTEGER, "how many tables", "表格数"),
        Column("cells", INTEGER, "how many cells", "单元格数")), ("document",)),
    *(_of_kind(kind) for kind in FIELDS),
    Table(WORDS, "the words that each field of a record was read from",
          "记录的每个字段出自哪些文字", (
              Column("record", TEXT, "identity of the record", "记录编号"),
              Column("document", TEXT, "name of the document", "文件名"),
              Column("field", TEXT, "field of the record", "字段"),
              Column("number", INTEGER, "which of the words of the field, from 1",
                     "该字段的第几处文字，从 1 计"), *_PLACE,
              Column("words", TEXT, "the words as they stand", "原文"),
              Column("table", INTEGER, "table of the cell they stand in, as in cells",
                     "所在单元格的表，同 cells"),
              Column("row", INTEGER, "its row", "行"),
              Column("column", INTEGER, "its column", "列")), ("record", "field", "number")),
    Table(CELLS, "cells of tables", "表格单元格", (
        *_DOCUMENT, Column("table", INTEGER, "which table of the document, from 1",
                           "文件中的第几张表，从 1 计"),
        Column("table_number", TEXT, "number that the document gives it", "原文表号"),
        Column("caption", TEXT, "caption of the table", "表名"),
        Column("row", INTEGER, "row of the body, from 1", "表体的行，从 1 计"),
        Column("column", INTEGER, "column, from 1", "列，从 1 计"), *_PLACE,
        Column("text", TEXT, "the cell as it stands", "单元格原文"),
        Column("value", NUMBER, "its number, exact", "数值，精确值"),
        Column("unit", TEXT, "unit that the table gives it", "表中单位"),
        *_figure("value", "the number", "数值"),
        Column("row_path", LIST, "heads of its row", "行表头路径"),
        Column("column_path", LIST, "heads of its column", "列表头路径"),
        Column("period", TEXT, "period that its heads name", "表头所示时期"), *_STATE,
        Column("labels", LIST, "labels of gold on it", "单元格上的定稿标签")),
        ("table", "row", "column")),
)
