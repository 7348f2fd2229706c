"""Columns that are sums, differences and products of others."""
from __future__ import annotations

from tests.labels.govdoc.checks.claims import broken, document, statuses
from labels.checks import Figures
from labels.govdoc.checks.columns import Relation, relations
from labels.govdoc.checks.sheet import sheets

CHECK = "columns.columns_add_up"
SPENT = ("表1 支出", "单位：万元", "科目\t合计\t基本支出\t项目支出", "行政运行\t681.77\t681.77\t0.00",
         "信息事务\t2156.92\t270.66\t1886.26", "商贸管理\t220.14\t20.14\t200.00")


def related(*lines: str) -> list[Relation]:
    (sheet,) = sheets(Figures(document(*lines)))
    return relations(sheet)


def test_a_column_called_total_is_the_sum_of_those_beside_it() -> None:
    assert statuses(CHECK, *SPENT) == ["holds"] * 3


def test_a_row_that_breaks_the_sum_is_found() -> None:
    assert broken(CHECK, *SPENT, "住房保障\t150.97\t50.97\t110.00") == [["150.97", "50.97", "110.00"]]


def test_a_formula_in_the_head_is_taken_at_its_word() -> None:
    lines = ("表1 资产", "部门\t账面数\t系统数\t差额", "\t1\t2\t3=1-2", "本级\t500\t480\t20", "中心\t90\t95\t-5",
             "合计\t590\t575\t15")
    (relation,) = related(*lines)
    assert (relation.total, relation.parts, relation.signs) == (3, (1, 2), (1, -1))
    assert statuses(CHECK, *lines) == ["holds"] * 3


def test_a_sum_without_a_word_for_it_is_found_by_its_figures() -> None:
    lines = ("表1 编制", "单位：人", "机构\t行政\t事业\t在编", "机关\t12\t3\t15", "中心\t0\t8\t8", "学院\t5\t41\t46",
             "馆所\t2\t19\t21")
    assert [relation.total for relation in related(*lines)] == [3]
    assert broken(CHECK, *lines[:-1], "馆所\t2\t19\t22") == [["22", "2", "19"]]


def test_columns_that_only_seldom_add_up_are_no_sum() -> None:
    assert related("表1 情况", "街镇\t学校\t医院\t公园", "桐汀镇\t3\t1\t2", "沙浦镇\t9\t2\t4", "云荻街道\t5\t1\t1") == []


def test_a_part_in_an_empty_column_makes_rows_not_checkable() -> None:
    lines = ("表1 支出", "单位：万元", "科目\t合计\t基本支出\t项目支出", "行政运行\t681.77\t681.77\t",
             "信息事务\t2156.92\t270.66\t", "商贸管理\t220.14\t220.14\t")
    assert statuses(CHECK, *lines) == ["holds", "not_checkable", "holds"]


def test_heads_of_several_rows_name_siblings_of_one_measure() -> None:
    lines = ("表1 三公", "单位：万元", "合计\t\t出国费\t\t接待费\t", "预算数\t决算数\t预算数\t决算数\t预算数\t决算数",
             "9.00\t7.50\t4.00\t4.00\t5.00\t3.50")
    assert statuses(CHECK, *lines) == ["holds", "holds"]


def test_quantity_times_price_is_the_amount() -> None:
    check = "columns.price_times_quantity"
    lines = ("表1 采购", "品名\t数量\t单价（元）\t金额（元）", "打印机\t4\t2890.00\t11560.00",
             "台式机\t4\t5000.00\t20000.00",
             "投影仪\t2\t9700.00\t19400.00")
    assert statuses(check, *lines) == ["holds"] * 3
    assert broken(check, *lines[:-1], "投影仪\t2\t9700.00\t18400.00") == [
        ["18400.00", "2", "9700.00"]]
