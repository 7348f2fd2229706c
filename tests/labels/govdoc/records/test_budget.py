"""Records of budget lines."""
from __future__ import annotations

from tests.labels.govdoc.told import told, values

TABLE = """云泽区教育局2023年度部门决算

2023年度支出决算表

单位：万元

类	款	项	科目名称	合计	基本支出
205			教育支出	1,234.50	1,000.00
205	02		普通教育	1,234.50	1,000.00
205	02	01	学前教育	234.50\t
合计				1,234.50	1,000.00
"""


def test_each_figure_of_a_row_with_a_code_is_a_line() -> None:
    assert values(TABLE, "budget_line", "class", "section", "item_code", "item", "column", "amount",
                  "unit") == [
        ("205", None, None, "教育支出", "合计", "1234.5", "万元"),
        ("205", None, None, "教育支出", "基本支出", "1000", "万元"),
        ("205", "02", None, "普通教育", "合计", "1234.5", "万元"),
        ("205", "02", None, "普通教育", "基本支出", "1000", "万元"),
        ("205", "02", "01", "学前教育", "合计", "234.5", "万元")]


def test_a_total_without_a_code_is_no_line() -> None:
    assert all(record.values["item"] != "合计" for record in told(TABLE, "budget_line"))


def test_codes_in_one_column_fall_into_their_levels() -> None:
    text = TABLE.replace("类\t款\t项\t", "科目编码\t").replace("205\t02\t01\t", "2050201\t").replace(
        "205\t02\t\t", "20502\t").replace("205\t\t\t", "205\t").replace("合计\t\t\t\t", "合计\t\t")
    last = told(text, "budget_line")[-1]
    assert [last.values[name] for name in ("class", "section", "item_code")] == ["205", "02", "01"]
    assert text[slice(*last.spans["section"][0])] == "02"


def test_a_row_with_a_code_and_no_figure_is_a_line_without_amount() -> None:
    text = TABLE.replace("学前教育\t234.50", "学前教育\t")
    last = told(text, "budget_line")[-1]
    assert last.values["item"] == "学前教育" and "amount" not in last.values
