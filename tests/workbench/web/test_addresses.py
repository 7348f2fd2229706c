from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from labels.document import Cell, Document, Part, Section, Table
from workbench.web.addresses import address_of, place_of

CELL = Cell("65.2", 30, 34, Decimal("65.2"), "亿元", ("2", "收入"), ("2024年", "完成"))
TABLE = Table("表 1 主要指标", "1", "亿元", 20, 40, (("项目",), ("2024年", "完成")), ((CELL,),))
DOCUMENT = Document(
    id="d", text="x" * 60, sections=(Section(2, "（一）", "财政", 10, 50, 10, 12),
                                     Section(1, "一", "执行情况", 5, 60, 5, 8),
                                     Section(1, "二", "安排", 50, 60, 50, 52)))


def test_a_cell_is_addressed_by_sections_table_row_and_column() -> None:
    assert address_of(place_of(DOCUMENT, 20), TABLE, CELL) == (
        "执行情况 › 财政 › 表 1 主要指标 › 2 › 收入 › 2024年 › 完成 = 65.2亿元")


def test_the_part_is_named_where_there_are_several() -> None:
    parts = (Part("公告", "resolution", 0, 15), Part("报告", "plan_report", 15, 60))
    assert place_of(replace(DOCUMENT, parts=parts), 20) == ("报告", "执行情况", "财政")
    assert place_of(replace(DOCUMENT, parts=parts[:1]), 2) == ()


def test_what_the_document_does_not_name_is_left_out() -> None:
    bare = Cell("甲", 0, 1)
    assert address_of((), Table("", "", "", 0, 1, ((),), ((bare,),)), bare) == ""
