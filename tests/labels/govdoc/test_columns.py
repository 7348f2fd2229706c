"""What the columns of a table say."""
from __future__ import annotations

from decimal import Decimal

from labels.document import Cell, Document, Table
from labels.govdoc import load
from labels.rules import suggest


def document(*rows: tuple[str, ...]) -> Document:
    """A document of one table; the first row is its head."""
    text = "\n".join("\t".join(row) for row in rows)
    columns = tuple((head,) for head in rows[0])
    body, position = [], len("\t".join(rows[0])) + 1
    for row in rows[1:]:
        cells = []
        for head, value in zip(rows[0], row):
            number = Decimal(value) if value.replace(".", "").isdigit() else None
            cells.append(Cell(value, position, position + len(value), number, column=(head,)))
            position += len(value) + 1
        body.append(tuple(cells))
    return Document("d", text, tables=(
        Table("主要指标", "1", "", 0, len(text), columns, tuple(body)),))


def test_the_cells_under_indicators_are_indicators() -> None:
    found = document(("指标名称", "2030年"), ("一、软包装业", "35.5"), ("其中：", "3"), ("合计", "38"))
    spans = suggest(found, load()).spans
    assert [found.text[span.start:span.end] for span in spans if span.label == "INDICATOR"] == [
        "软包装业"]


def test_a_figure_says_what_the_head_of_its_column_names() -> None:
    found = suggest(document(("指标", "目标值", "完成值", "同比增长"),
                             ("旅游收入", "14亿元", "12亿元", "-3%")), load())
    assert [(relation.type, relation.direction) for relation in found.relations] == [
        ("TARGET", None), ("VALUE", None), ("CHANGE", "down")]
