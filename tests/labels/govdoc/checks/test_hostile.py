"""Odd tables: no crash, no equation over what is no figure; the equations of many tables."""
from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.checking import many
from labels import govdoc
from labels.checks import Figures, run
from labels.document import Cell, Document, Table
from workbench.reading.values import number_of

WORDS = ("", "合计", "小计", "总计", "其中：甲", "一、乙", "（一）丙", "1.丁", "201", "20105", "05", "A1 戊", "——",
         "-", "约三成", "0", "0.00", "7", "12.5", "-3.25", "1,234.50", "100%", "33.33%", "5‰", "△8",
         "2亿", "3 万人", "2024", "A=B+C", "B", "C", "1/0", "9" * 38, "0.0000001", "云泽区（5 项）")
HEADS = ("", "序号", "类", "款", "项目", "科目名称", "单位", "合计", "基本支出", "项目支出", "预算数", "决算数",
         "年初结转和结余", "年末结转和结余", "分值", "得分", "得分率", "占比（%）", "同比增长（%）", "收入", "支出",
         "3=1-2", "A=B+C", "B", "C", "数量", "单价", "金额", "价格指数", "公式", "2024年", "2023年目标")
CHECKS = govdoc.load_checks()


@st.composite
def tables(draw: st.DrawFn) -> Document:
    text = ""
    made = []
    for _ in range(draw(st.integers(1, 3))):
        width = draw(st.integers(1, 6))
        heads = draw(st.lists(st.lists(st.sampled_from(HEADS), max_size=2), min_size=width,
                              max_size=width))
        columns = tuple(tuple(path) for path in heads)
        start, rows = len(text), []
        for _ in range(draw(st.integers(0, 7))):
            cells = []
            for column in range(width):
                words = draw(st.sampled_from(WORDS))
                read = number_of(words)
                unit = read[1] if read and read[1] else draw(st.sampled_from((None, "万元", "元")))
                cells.append(Cell(words, len(text), len(text) + len(words),
                                  read[0] if read else None, unit if read else None,
                                  (), columns[column]))
                text += words + "\t"
            text += "\n"
            rows.append(tuple(cells))
        made.append(Table(draw(st.sampled_from(("", "表1 收入支出总表", "支出决算表"))), "",
                          "万元", start, len(text), columns, tuple(rows)))
    return Document("odd", text, tables=tuple(made))


@settings(max_examples=300, deadline=None)
@given(tables())
def test_no_table_makes_a_check_fail(document: Document) -> None:
    for finding in run(Figures(document), CHECKS):
        assert finding.status in ("holds", "broken", "not_checkable")
        assert finding.message % finding.details
        for term in finding.terms:
            assert 0 <= term.start <= term.end <= len(document.text)
        for suspect in finding.suspects:
            assert suspect.reason % suspect.details


def test_every_equation_of_many_tables_holds() -> None:
    findings = run(Figures(many(60)), CHECKS)
    assert {finding.status for finding in findings} == {"holds"} and len(findings) > 1_500
