"""What is found in a plain text, one habit of such documents a test."""
from decimal import Decimal

import pytest

from labels.document import BLOCK_KINDS
from workbench.reading import read_bytes
from workbench.reading.values import number_of

REPORT = """目 录

关于云泽区2030年预算执行情况的报告\t张 三（01）
云泽区人大常委会任免名单\t（05）

关于云泽区2030年预算执行情况的报告

——2031年1月8日在云泽区第九届人民代表大会
第一次会议上

云泽区财政局局长 张 三

各位代表：

受区政府委托，现将预算执行情况报告如下，请予审议。

第一部分 总体情况

一、收入情况

（一）一般公共预算收入。全年完成一百亿元，增长百分之六，其中税收占比继续提高¹。

1. 增值税完成二十亿元；
2. 其他税收完成十亿元。

¹ 不含上级补助收入。

二、支出情况

全区支出坚持有保有压，重点用于民生事业和城市更新改造等方
面，年末结余结转下年使用。

云泽区财政局

2031年1月8日
"""


def read(text, name="报告.txt"):
    document = read_bytes(name, text.encode())[0]
    document.check()
    return document


def kinds(document):
    return [(block.kind, document.text[block.start:block.end]) for block in document.blocks]


@pytest.fixture(scope="module")
def report():
    return read(REPORT)


@pytest.mark.parametrize("kind, begins", [
    ("toc_entry", "目 录"), ("toc_entry", "云泽区人大常委会"), ("title", "关于云泽区203"),
    ("byline", "——2031年1"), ("byline", "云泽区财政局局长"), ("salutation", "各位代表："),
    ("paragraph", "受区政府委托，现"), ("heading", "第一部分 总体情"), ("heading", "一、收入情况"),
    ("list_item", "（一）一般公共预"), ("list_item", "1. 增值税完"), ("list_item", "2. 其他税收"),
    ("footnote", "¹ 不含上级补助"), ("signature", "云泽区财政局"), ("signature", "2031年1月"),
])
def test_lines_get_their_kind(report, kind, begins):
    assert any(found == kind and text.startswith(begins) for found, text in kinds(report))


def test_facts_of_the_document_are_found(report):
    assert report.title == "关于云泽区2030年预算执行情况的报告"
    assert (report.type, report.date, report.issuer) == (
        "budget_report", "2031-01-08", "云泽区财政局")
    assert [(part.start, part.end) for part in report.parts] == [
        (report.blocks[0].start, report.blocks[-1].end)]


def test_sections_nest_by_their_numbers(report):
    assert [(s.level, s.number, s.title) for s in report.sections] == [
        (1, "第一部分", "总体情况"), (2, "一、", "收入情况"), (3, "（一）", "一般公共预算收入"),
        (2, "二、", "支出情况")]
    part, first, _, second = report.sections
    assert part.start < first.start < first.end <= second.start < second.end <= part.end


def test_a_footnote_knows_its_anchor(report):
    note = report.footnotes[0]
    assert note.mark == "1" and report.text[slice(*note.anchor)] == "¹"
    assert note.anchor[0] < note.start


def test_lines_that_a_pdf_wrapped_are_one_paragraph(report):
    assert any(block.kind == "paragraph" and "\n" in report.text[block.start:block.end]
               for block in report.blocks)


def test_listed_notes_after_a_rule_are_footnotes():
    document = read("围绕三大工程<sup>1</sup>加快推进。\n\n---\n\n1. 三大工程：道路、河道、公园。\n")
    assert [block.kind for block in document.blocks] == [
        "paragraph", "page_furniture", "footnote"]


def test_notes_of_two_forms_are_told_together():
    document = read("围绕三带¹和平台<sup>2</sup>加快推进。\n\n¹ 三带：湖、河、山。\n\n2. 平台：问答程序。\n")
    assert [(note.mark, note.anchor is not None) for note in document.footnotes] == [
        ("1", True), ("2", True)]


def test_a_heading_without_a_number_stands_above_the_numbers_under_it():
    document = read("四、收尾工作\n\n各项工作有序推进。\n\n主要职责\n\n（一）拟订规划并组织实施。\n\n"
                    "（二）开展监督。工作覆盖全区各个街镇和园区。\n")
    assert [(s.level, s.title) for s in document.sections] == [
        (1, "收尾工作"), (2, "主要职责"), (3, "开展监督")]


def test_markdown_headings_and_front_matter():
    document = read("---\ntitle: 云泽区工作报告\ndate: 2031-01-08\n---\n\n# 工作\n\n## 一年回顾\n\n"
                    "**创新发展。**全年新增企业，发展动能不断增强。\n", "a.md")
    assert document.date == "2031-01-08"
    assert [s.title for s in document.sections] == ["一年回顾", "创新发展"]
    assert document.blocks[0].kind == "page_furniture"


@pytest.mark.parametrize("line", ["— 12 —", "第 3 页 共 20 页", "当前位置：首页 > 政务公开", "打印", "\ue613"])
def test_furniture_is_known(line):
    document = read(f"全年各项工作稳步推进。\n\n{line}\n\n民生持续改善。\n")
    assert [block.kind for block in document.blocks] == [
        "paragraph", "page_furniture", "paragraph"]


def test_a_contents_without_page_numbers_ends_where_its_first_entry_comes_again():
    document = read("目录\n\n一、概况\n\n二、说明\n\n一、概况\n\n本单位负责全区统计工作。\n")
    assert [kind for kind, _ in kinds(document)] == ["toc_entry"] * 3 + ["heading", "paragraph"]


NAMES = "一、应出席会议：7人\n\n二、出席（5人）：\n\n李 萍\t王建国\t赵敏\n陈晓\t周 杰\n\n三、请假（2人）：\n\n{}\n"


def test_attendance_grids_are_lists_of_names():
    document = read(NAMES.format("孙立 钱 进"))
    assert [(n.count, [name.text for name in n.names]) for n in document.name_lists] == [
        (5, ["李 萍", "王建国", "赵敏", "陈晓", "周 杰"]), (2, ["孙立", "钱 进"])]
    assert not document.tables and not document.warnings


def test_a_list_that_misses_a_name_is_told():
    document = read(NAMES.format("孙立 钱进 李明"))
    assert [w.code for w in document.warnings] == ["count_mismatch"]


def test_all_kinds_are_those_of_the_guide(report):
    assert {block.kind for block in report.blocks} <= set(BLOCK_KINDS)


TABLE = ("**表 1：云泽区主要指标**\n\n单位：亿元\n\n序号\t类别\t指标\t完成情况\t\n\t\t\t绝对数\t增幅（%）\n"
         "1\t经济\t生产总值\t1,120.4\t6.5\n2\t\t财政收入\t－3.2\t——\n合计\t\t\t7\n")


@pytest.fixture(scope="module")
def table():
    document = read(TABLE)
    assert len(document.tables) == 1
    return document.tables[0]


def test_a_table_has_caption_number_and_unit(table):
    assert (table.caption, table.number, table.unit) == ("表 1：云泽区主要指标", "1", "亿元")


def test_merged_heads_become_column_paths(table):
    assert table.columns == (("序号",), ("类别",), ("指标",), ("完成情况", "绝对数"),
                             ("完成情况", "增幅（%）"))


def test_cells_have_values_units_and_row_paths(table):
    second = table.rows[1]
    assert (second[3].text, second[3].value, second[3].unit) == ("－3.2", Decimal("-3.2"), "亿元")
    assert (second[3].row, second[4].value) == (("经济", "财政收入"), None)
    assert (table.rows[0][4].value, table.rows[0][4].unit) == (Decimal("6.5"), "%")
    assert table.rows[0][0].value is None


def test_the_second_half_of_a_table_has_labels_of_its_own():
    table = read("表1 收支\n\n收入项目\t金额\t支出项目\t金额\n税收\t8\t教育\t5\n\t\t卫生\t3\n").tables[0]
    assert [cell.row for row in table.rows for cell in row if cell.value is not None] == [
        ("税收",), ("教育",), ("卫生",)]


def test_a_column_of_units_gives_the_unit_and_is_no_label():
    cell = read("表1 指标\n\n指标\t单位\t2030年\n床位\t张\t612\n").tables[0].rows[0][2]
    assert (cell.unit, cell.row, cell.column) == ("张", ("床位",), ("2030年",))


def test_short_rows_are_padded_at_the_line_end(table):
    assert {len(row) for row in table.rows} == {5}
    last = table.rows[2][4]
    assert last.start == last.end == table.end


def test_every_table_line_is_a_row_block():
    assert [kind for kind, _ in kinds(read(TABLE))] == ["table_caption"] * 2 + ["table_row"] * 5


def test_a_page_break_does_not_end_a_table_whose_rows_go_on():
    document = read("表1 完成情况\n\n序号\t指标\t数\n1\t甲\t5\n\n— 3 —\n\n2\t乙\t6\n")
    assert [len(one.rows) for one in document.tables] == [2]


def test_pieces_that_repeat_the_head_are_one_table():
    document = read("表1 完成情况\n\n序号\t指标\t数\n1\t甲\t5\n\n序号\t指标\t数\n2\t乙\t6\n")
    table, = document.tables
    assert [[cell.text for cell in row] for row in table.rows] == [["1", "甲", "5"], ["2", "乙", "6"]]
    assert [kind for kind, _ in kinds(document)] == ["table_caption"] + ["table_row"] * 4


def test_a_row_with_more_cells_than_the_head_is_told():
    document = read("表1 情况\n\n指标\t数\n甲\t5\t多\n乙\t6\n")
    assert [w.code for w in document.warnings] == ["row_shifted"]


def test_pipe_tables_of_markdown():
    table = read("| 指标 | 数量（个） |\n|---|---:|\n| 学校 | 12 |\n", "a.md").tables[0]
    assert table.columns == (("指标",), ("数量（个）",))
    assert [(c.text, c.value, c.unit) for c in table.rows[0]] == [
        ("学校", None, None), ("12", Decimal(12), "个")]


@pytest.mark.parametrize("cell, value", [
    ("1,234.50", ("1234.50", None)), ("26.5%", ("26.5", "%")), ("-0.3", ("-0.3", None)),
    ("２５", ("25", None)), ("630 亿元", ("630", "亿元")), ("--", None), ("——", None),
    ("", None), ("1,23", None), ("约5", None), ("5-6", None),
])
def test_plain_numbers_are_values(cell, value):
    found = number_of(cell)
    assert (found and (str(found[0]), found[1])) == value


def test_contacts_beside_the_imprint_of_a_site_are_furniture():
    document = read("全年各项工作稳步推进。\n\n地址：云泽区云荻路8号 邮编：200000\n\n主办单位：云泽区人民政府\n\n"
                    "联系电话：021-00000000\n")
    assert [kind for kind, _ in kinds(document)] == ["paragraph"] + ["page_furniture"] * 3
    document = read("全年各项工作稳步推进。\n\n地址：云泽区云荻路8号\n")
    assert [kind for kind, _ in kinds(document)] == ["paragraph"] * 2


def test_counters_above_short_lines_make_headings():
    text = "".join(f"{n:02}\n\n{title}\n\n全年各项指标平稳增长，民生持续改善。\n\n"
                   for n, title in enumerate(("综合", "农业", "工业"), 1))
    assert [s.title for s in read(text).sections] == ["综合", "农业", "工业"]
    assert not read("03\n\n综合\n\n全年各项指标平稳增长。\n").sections
