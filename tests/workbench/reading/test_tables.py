"""Tables: pieces joined, shifted rows put right or told, groups, notes, periods, values."""
from decimal import Decimal

import pytest

from workbench.reading import read_bytes
from workbench.reading.values import number_of, period_in


def read(text, name="表.txt"):
    document = read_bytes(name, text.encode())[0]
    document.check()
    return document


def table(text):
    found, = read(text).tables
    return found


def texts(row):
    return [cell.text for cell in row]


# Pieces

PIECES = ("表2 进度情况\n\n单位：万元\n\n序号\t项目\t完成\t\n\t\t绝对数\t增幅\n1\t甲路\t5\t3%\n\n— 4 —\n\n"
          "{}序号\t项目\t完成\t\n\t\t绝对数\t增幅\n2\t乙路\t6\t4%\n")


@pytest.mark.parametrize("between", ["", "续表\n\n", "表2 进度情况（续）\n\n", "单位：万元\n\n"])
def test_a_head_of_two_rows_that_is_repeated_joins_the_pieces(between):
    found = table(PIECES.format(between))
    assert [texts(row) for row in found.rows] == [["1", "甲路", "5", "3%"], ["2", "乙路", "6", "4%"]]
    assert (found.number, found.unit, found.columns[3]) == ("2", "万元", ("完成", "增幅"))


@pytest.mark.parametrize("between", ["表3 别的进度\n\n", "各镇的情况如下。\n\n"])
def test_another_caption_or_a_sentence_between_parts_them(between):
    document = read(PIECES.format(between))
    assert [len(one.rows) for one in document.tables] == [1, 1]


def test_a_unit_that_slid_to_the_end_of_a_page_does_not_end_the_table():
    found = table("表1 支出\n\n项目\t\t年初数\t决算数\n基本支出\t人员经费\t8\t9\n\n金额单位：万元\n\n\t公用经费\t2\t1\n")
    assert len(found.rows) == 2 and found.unit == "万元"
    assert found.rows[1][2].row == ("基本支出", "公用经费")


def test_the_rest_of_a_row_that_a_page_cut_is_told_and_keeps_its_labels():
    document = read("表1 项目\n\n部门\t项目\t金额\t说明\n云泽局\t甲路\t5\t根据市级要求调\n\n— 5 —\n\n"
                    "\t\t\t整预算。\n\t乙路\t6\t无\n")
    assert [w.code for w in document.warnings] == ["row_cut"]
    rest, after = document.tables[0].rows[1:]
    assert rest[3].row == ("云泽局", "甲路") and after[3].row == ("云泽局", "乙路")


# Shifted rows

HEAD = "序号\t类别\t指标\t目标\t完成\n"
OTHER = ("表2 目标\n\n序号\t类别\t指标\t目标\n1\t民生指标\t居民收入\t增长\n2\t\t就业人数\t稳定\n"
         "3\t\t养老床位\t六百张\n4\t\t公众安全感\t提高\n")


def shifted(rows):
    return ("表1 完成\n\n" + HEAD + "1\t经济指标\t生产总值\t增长\t已完成\n2\t\t财政收入\t增长\t已完成\n"
            "3\t\t投资总额\t增长\t未完成\n4\t生态指标\t空气质量\t改善\t已完成\n5\t\t污水处理\t改善\t已完成\n"
            + rows + "\n" + OTHER)


def test_words_known_from_another_column_bring_a_row_back():
    document = read(shifted("6\t\t民生指标\t居民收入\t增长\n7\t就业人数\t\t稳定\t稳定\n"))
    sixth, seventh = document.tables[0].rows[5:]
    assert texts(sixth) == ["6", "民生指标", "居民收入", "增长", ""]
    assert texts(seventh) == ["7", "", "就业人数", "稳定", "稳定"]
    assert seventh[4].row == ("民生指标", "就业人数")
    assert [w.code for w in document.warnings] == ["row_shifted"] * 2


def test_a_row_beside_mended_ones_with_the_same_gap_is_mended_too():
    document = read(shifted("6\t就业人数\t\t稳定\t稳定\n7\t无人见过\t\t稳定\t稳定\n8\t养老床位\t\t六百张\t五百张\n"))
    assert [texts(row)[1:3] for row in document.tables[0].rows[5:]] == [
        ["", "就业人数"], ["", "无人见过"], ["", "养老床位"]]


def test_sound_rows_are_left_alone():
    document = read(shifted("6\t\t噪声治理\t改善\t已完成\n"))
    assert not document.warnings
    assert texts(document.tables[0].rows[5]) == ["6", "", "噪声治理", "改善", "已完成"]


SCORES = "表3 得分\n\n二级指标\t分值\t三级指标\t分值\t得分\t得分率\n" + "".join(
    f"A{n} 管理\t9\tA{n}01 制度\t3\t3\t100.00%\n\t\tA{n}02 执行\t6\t5\t83.33%\n" for n in range(1, 5))


def test_codes_and_rates_bring_a_row_back():
    document = read(SCORES + "A503 保密\t2\t1\t50.00%\t\t\n")
    row = document.tables[0].rows[-1]
    assert texts(row) == ["", "", "A503 保密", "2", "1", "50.00%"]
    assert row[5].column == ("得分率",) and row[4].value == Decimal(1)


def test_a_row_that_may_belong_in_two_places_is_told_and_left():
    document = read(SCORES + "\t\tA503 保密\t2\t50.00%\n")
    assert [w.code for w in document.warnings] == ["row_shifted"]
    assert texts(document.tables[0].rows[-1])[:5] == ["", "", "A503 保密", "2", "50.00%"]


def test_cells_moved_right_of_the_head_come_back_under_it():
    document = read(SCORES + "\t\t\t\tA503 保密\t2\t1\t50.00%\n")
    found = document.tables[0]
    assert {len(row) for row in found.rows} == {6} == {len(found.columns)}
    assert texts(found.rows[-1]) == ["", "", "A503 保密", "2", "1", "50.00%"]


def test_a_head_that_stands_one_column_to_the_left_is_moved():
    rows = "".join(f"20{n}\t0{n}\t信息事务\t5.1\t5.1\t\n" for n in range(1, 6))
    document = read("2030年度收入决算表\n\n单位：万元\n\n项目\t\t收入合计\t拨款收入\t其他收入\t\n"
                    "科目编码\t科目名称\t\t\t\t\n类\t款\t\t\t\t\n" + rows)
    found = document.tables[0]
    assert found.columns[2][-1] == "科目名称"
    assert [path[-1] for path in found.columns[3:]] == ["收入合计", "拨款收入", "其他收入"]
    assert [w.code for w in document.warnings] == ["row_shifted"]


def test_a_head_over_two_halves_stays_where_it_is():
    rows = "".join(f"收入{n}项目\t5\t支出{n}项目\t6\n" for n in "甲乙丙丁戊")
    document = read("2030年收支总表\n\n收入\t\t支出\t\n项目\t金额\t项目\t金额\n" + rows)
    assert not document.warnings
    assert document.tables[0].columns[2] == ("支出", "项目")


# Groups, notes, periods

def test_group_rows_nest_by_their_numbers_and_a_total_ends_them():
    found = table("表1 项目\n\n序号\t项目\t投资\n一、道路\t\t\n（一）干路\t\t\n1\t甲路\t5\n（二）支路\t\t\n2\t乙路\t6\n"
                  "二、桥梁\t\t\n3\t丙桥\t7\n\t合计\t18\n")
    assert [row[2].row for row in found.rows if row[2].value] == [
        ("一、道路", "（一）干路", "甲路"), ("一、道路", "（二）支路", "乙路"), ("二、桥梁", "丙桥"), ("合计",)]


def test_a_group_row_with_sums_heads_its_rows_too():
    found = table("表1 项目\n\n序号\t项目\t投资\t完成\n**(一) 道路 (1 项)**\t\t5\t4\n1\t甲路\t5\t4\n"
                  "**(二) 桥梁 (1 项)**\t\t7\t6\n2\t乙桥\t7\t6\n")
    assert [row[3].row for row in found.rows] == [
        ("(一) 道路 (1 项)",), ("(一) 道路 (1 项)", "甲路"),
        ("(二) 桥梁 (1 项)",), ("(二) 桥梁 (1 项)", "乙桥")]


def test_notes_under_a_table_belong_to_it():
    document = read("表1 情况\n\n时间\t数\n2029年\t5\n2030年\t6\n\n注：\n(1) 不含结转；\n(2) 含上级补助。\n"
                    "(2) 下年安排\n\n全年平稳。\n")
    assert [document.text[n.start:n.end] for n in document.tables[0].notes] == [
        "注：", "(1) 不含结转；", "(2) 含上级补助。"]


def test_periods_come_from_head_row_or_caption():
    by_head = table("表1 主要指标\n\n指标\t2029年\t2030年上半年\n床位\t5\t6\n").rows[0]
    assert [cell.period for cell in by_head] == [None, "2029年", "2030年上半年"]
    by_row = table("表1 收支\n\n时间\t预算\t决算\n2029 年\t5\t6\n").rows[0]
    assert by_row[1].period == "2029年"
    assert table("2030年度收支表\n\n项目\t金额\n收入\t5\n").rows[0][1].period == "2030年度"


@pytest.mark.parametrize("heading, period", [
    ("2030 年", "2030年"), ("2030年1-6月", "2030年1-6月"), ("2029—2030年", "2029—2030年"), ("上年决算数", "上年"),
    ("金额", None), ("2030年末", "2030年末"), ("年初数", None)])
def test_periods_in_headings(heading, period):
    assert period_in(heading) == period


@pytest.mark.parametrize("cell, value", [
    ("1.2亿", ("120000000.0", None)), ("3 万", ("30000", None)), ("△5.6", ("-5.6", None)),
    ("(673,000.00)", ("-673000.00", None)), ("（12.5）", ("-12.5", None)), ("（1）", None),
    ("231（预计数）", ("231", None)), ("232.2 (一季度)", ("232.2", None)), ("—", None)])
def test_signs_brackets_and_large_units(cell, value):
    found = number_of(cell)
    assert (found and (str(found[0]), found[1])) == value


def test_codes_of_several_lengths_in_one_column_are_no_shift():
    rows = "".join(f"第{n}号路\tP{'1' * (3 + n % 2)}-{n}\t道路\t{n}.5\n" for n in range(12))
    assert not read("表1 项目\n\n项目名称\t项目编号\t领域\t规模\n" + rows
                    + "桥\tP11-9\t桥梁\t3.5\n").warnings
