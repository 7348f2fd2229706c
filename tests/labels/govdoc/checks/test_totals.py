"""Rows that are sums of other rows: totals, codes, numbering, what the figures alone tell."""
from __future__ import annotations

from tests.labels.govdoc.checks.claims import broken, findings, statuses

CHECK = "totals.rows_add_up"
TOWNS = ("表1 云泽区镇情", "街镇\t户数（户）\t人口（人）\t村（个）", "桐汀镇\t1200\t3610\t12",
         "沙浦镇\t980\t2904\t9", "云荻街道\t2105\t6020\t4")
CODED = ("2024年度支出决算表", "单位：万元", "类\t款\t项\t科目名称\t本年支出合计\t基本支出",
         "206\t\t\t科学技术支出\t760.00\t100.00", "206\t04\t\t技术研究与开发\t760.00\t100.00",
         "206\t04\t03\t产业技术研究\t300.00\t60.00", "206\t04\t04\t成果转化\t460.00\t40.00",
         "208\t\t\t社会保障和就业支出\t90.50\t90.50", "208\t05\t\t养老支出\t90.50\t90.50",
         "208\t05\t01\t离退休\t40.25\t40.25", "208\t05\t05\t养老保险缴费\t50.25\t50.25")


def test_a_total_is_the_sum_of_its_rows() -> None:
    assert statuses(CHECK, *TOWNS, "合计\t4285\t12534\t25") == ["holds"] * 3


def test_a_total_above_its_rows_is_their_sum_too() -> None:
    head, rows = TOWNS[:2], TOWNS[2:]
    assert statuses(CHECK, *head, "合计\t4285\t12534\t25", *rows) == ["holds"] * 3


def test_a_wrong_row_breaks_its_column_only() -> None:
    assert broken(CHECK, *TOWNS, "合计\t4285\t12634\t25") == [["12634", "3610", "2904", "6020"]]


def test_a_lost_row_breaks_every_column_and_the_total_is_suspected() -> None:
    found = findings(CHECK, *TOWNS[:4], "合计\t4285\t12534\t25")
    assert [finding.status for finding in found] == ["broken"] * 3
    for finding in found:
        first = finding.suspects[0]
        assert (first.cause, first.start) == ("missing", finding.terms[0].start)


def test_a_total_that_nothing_adds_up_to_is_not_checkable() -> None:
    lines = ("表1 面积", "街镇\t面积（亩）\t产值（万元）", "桐汀镇\t1200\t3610", "沙浦镇\t980\t2904",
             "合计\t98000\t3")
    assert statuses(CHECK, *lines) == ["not_checkable"]


def test_blank_cells_and_dashes_add_nothing() -> None:
    assert statuses(CHECK, "表1 经费", "单位：万元", "部门\t人员\t公用", "本级\t12.5\t--",
                    "中心\t\t7.50", "合计\t12.5\t7.50") == ["holds", "holds"]


def test_codes_nest_classes_items_and_sub_items() -> None:
    found = findings(CHECK, *CODED, "合计\t\t\t\t850.50\t190.50")
    assert len(found) == 10 and {finding.status for finding in found} == {"holds"}


def test_a_code_that_lost_its_last_places_is_a_part_of_the_code_above() -> None:
    lines = tuple(line.replace("208\t05\t01", "208\t05\t").replace("208\t05\t05", "208\t05\t")
                  for line in CODED)
    sums = [[term.text for term in finding.terms] for finding in findings(CHECK, *lines)]
    assert ["90.50", "40.25", "50.25"] in sums


def test_figures_of_several_rows_that_slid_are_told_as_such() -> None:
    # From 技术研究与开发 on each figure stands one row too high; that of the last row is lost.
    names = [line.split("\t")[:4] for line in CODED[3:]]
    figures = [line.split("\t")[4:] for line in CODED[3:]]
    figures[1:] = [*figures[2:], ["0.00", "0.00"]]
    more = ("210\t\t\t卫生健康支出\t8.00\t8.00", "210\t11\t\t医疗保障\t8.00\t8.00",
            "210\t11\t01\t行政医疗\t5.00\t5.00", "210\t11\t02\t事业医疗\t3.00\t3.00")
    again = ("", "2024年度一般公共预算支出决算表", "单位：万元", "类\t款\t项\t科目名称\t合计\t基本支出",
             *CODED[3:], *more)
    rows = ["\t".join((*name, *figure)) for name, figure in zip(names, figures)]
    found = [finding for finding in findings(CHECK, *CODED[:3], *rows, *more, *again)
             if finding.status == "broken"]
    assert found
    assert {finding.suspects[0].cause for finding in found} == {"shifted"}


def test_numbered_rows_hold_what_stands_under_them() -> None:
    lines = ("表1 收入", "单位：万元", "项目\t执行数\t预算数", "一、税收收入\t620\t700", "增值税\t400\t450",
             "契税\t220\t250", "二、非税收入\t80\t95", "专项收入\t50\t60", "罚没收入\t30\t35",
             "收入合计\t700\t795")
    assert statuses(CHECK, *lines) == ["holds"] * 6
    wrong = tuple(line.replace("220\t250", "210\t250") for line in lines)
    assert broken(CHECK, *wrong) == [["620", "400", "210"]]


def test_what_is_named_by_way_of_example_need_not_be_all() -> None:
    lines = ("表1 收入", "单位：万元", "项目\t执行数\t预算数", "一、保险基金收入\t620\t700",
             "其中：保险费\t400\t450", "利息\t20\t25", "二、医疗基金收入\t80\t95",
             "收入合计\t700\t795")
    assert statuses(CHECK, *lines) == ["holds", "holds"]


def test_a_subtotal_is_added_once() -> None:
    lines = ("表1 收支", "单位：万元", "项目\t金额", "一、财政拨款收入\t620.00", "二、其他收入\t80.00",
             "本年收入合计\t700.00", "年初结转和结余\t45.50", "总计\t745.50")
    assert statuses(CHECK, *lines) == ["holds", "holds"]


def test_a_whole_first_row_is_found_by_its_figures() -> None:
    lines = ("表1 债务", "单位：亿元", "地区\t限额\t余额", "云泽区\t409.51\t401.37", "区本级\t160.21\t146.83",
             "桐汀镇\t50.42\t51.46", "沙浦镇\t120.41\t121.06", "云荻街道\t78.47\t82.02")
    assert statuses(CHECK, *lines) == ["holds", "holds"]


def test_shares_come_to_a_hundred() -> None:
    lines = ("表1 构成", "产业\t增加值（亿元）\t比重（%）", "第一产业\t12.0\t2.0", "第二产业\t240.0\t40.0",
             "第三产业\t348.0\t58.0", "合计\t600.0\t100.0")
    assert statuses(CHECK, *lines) == ["holds", "holds"]
    assert broken(CHECK, *lines[:4], "第三产业\t348.0\t56.0", lines[-1]) == [
        ["100.0", "2.0", "40.0", "56.0"]]


def test_the_total_of_one_body_is_a_part_of_the_total_of_all() -> None:
    lines = ("表1 新增资产", "部门\t资产名称\t数量（台）\t原值（元）", "区经信委（本级）\t打印机\t1\t2890.00",
             "\t传真机\t1\t1990.00", "云泽区信息中心\t合计\t53\t347975.80", "合计\t——\t55\t352855.80")
    assert "broken" not in statuses(CHECK, *lines)
    assert statuses(CHECK, *lines).count("holds") == 2


def test_an_empty_cell_where_the_total_counts_more_is_suspected_first() -> None:
    lines = ("表1 得分", "指标\t分值\t得分", "计划\t20\t18.5", "进度\t20\t", "质量\t20\t20.0", "安全\t20\t17.5",
             "效果\t20\t16.0", "合计\t100\t91.0")
    (finding,) = [one for one in findings(CHECK, *lines) if one.status == "broken"]
    assert finding.difference == 19 and finding.suspects[0].cause == "missing"


def test_cells_that_are_no_numbers_and_tables_without_heads_do_no_harm() -> None:
    assert "broken" not in statuses(CHECK, "项目\t金额", "甲\t约三成", "乙\t12", "合计\t另报")
    assert "broken" not in statuses(CHECK, "1\t2\t3", "合计\t4\t", "\t\t")
    assert statuses(CHECK, "序号\t项目") == []
