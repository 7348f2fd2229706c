"""Sections: levels under mixed and restarted numbers, headings and paragraphs cut in two."""
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.document import document_from_json, document_to_json
from workbench.reading import read_bytes

BODY = "\n\n全年各项工作平稳推进，成效明显。\n\n"


def read(text, name="报告.txt"):
    document = read_bytes(name, text.encode())[0]
    document.check()
    return document


def levels(*headings):
    document = read("2030年云泽区工作报告\n\n" + "".join(heading + BODY for heading in headings))
    return [(section.level, section.number or section.title) for section in document.sections]


def test_a_list_that_begins_again_under_another_style_lies_inside():
    assert levels("一、概况", "（一）情况", "1. 职能", "（一）拟订规划", "（二）组织实施", "2. 机构", "（二）目标",
                  "二、安排") == [
        (1, "一、"), (2, "（一）"), (3, "1."), (4, "（一）"), (4, "（二）"), (3, "2."), (2, "（二）"),
        (1, "二、")]


def test_numbers_in_a_row_that_begin_again_stay_on_their_level():
    assert levels("一、概况", "1. 职能", "2. 机构", "1. 人员", "2. 经费") == [
        (1, "一、"), (2, "1."), (2, "2."), (2, "1."), (2, "2.")]


def test_a_rank_that_is_left_out_leaves_out_no_level():
    assert levels("一、概况", "1. 职能", "(1) 规划", "①目标", "2. 机构", "二、安排") == [
        (1, "一、"), (2, "1."), (3, "(1)"), (4, "①"), (2, "2."), (1, "二、")]


def test_brackets_of_either_width_are_one_style():
    assert levels("一、概况", "（一）职能", "(二)机构", "（三）经费") == [
        (1, "一、"), (2, "（一）"), (2, "(二)"), (2, "（三）")]


def test_headings_without_numbers_are_siblings():
    assert levels("主要成绩", "1. 经济", "2. 民生", "存在的问题", "1. 差距", "改进建议") == [
        (1, "主要成绩"), (2, "1."), (2, "2."), (1, "存在的问题"), (2, "1."), (1, "改进建议")]


def test_a_glossary_ends_the_sections_before_it():
    document = read("一、概况" + BODY + "（一）职能" + BODY + "名词解释\n\n1. 四早：早发现、早报告。\n\n"
                    "2.“一网统管”：城市运行的平台。\n\n**三带**：湖、河、山三条带。\n")
    assert [(s.level, s.title) for s in document.sections if s.title == "名词解释"] == [
        (1, "名词解释")]
    assert [one.term for one in document.definitions] == ["四早", "“一网统管”", "三带"]
    assert all(document.text[d.term_start:].startswith(d.term) for d in document.definitions)


def test_a_heading_cut_by_a_blank_line_is_one_where_the_word_is_known():
    document = read("财政拨款收入全部到位，财政运行平稳有序。\n\n八、关于云泽区2030年政府性基金预算财\n\n"
                    "政拨款支出情况说明\n\n本年无此项支出，收支平衡。\n")
    section, = document.sections
    assert section.title == "关于云泽区2030年政府性基金预算财政拨款支出情况说明"
    assert [document.text[p.start:p.end][-3:] for p in document.joined[0]] == ["预算财", "况说明"]
    assert section.heading_end == document.joined[0][1].end


def test_two_headings_are_not_joined():
    document = read("一、关于云泽区2030年全年预算执行总体情况\n\n主要特点\n\n收支平衡，运行平稳。\n")
    assert not document.joined and len(document.sections) == 2


def test_a_paragraph_cut_by_a_page_is_joined_over_its_furniture():
    document = read("全区坚持有保有压，重点用于民生事业，城市更新改造等方面的支出得到了有力保障，其中教育支\n\n"
                    "— 12 —\n\n出增长百分之六，卫生支出增长百分之五。\n\n下一步继续推进。\n")
    (first, second), = document.joined
    assert document.text[first.start:first.end].endswith("教育支")
    assert document.text[second.start:second.end].startswith("出增长")


@pytest.mark.parametrize("line", ["图1 2026-2030年财政收入", "图 2-1：机构设置"])
def test_a_caption_of_a_figure_is_no_heading(line):
    document = read("收入增长平稳。\n\n" + line + "\n\n支出增长平稳。\n")
    assert document.blocks[1].kind == "table_caption" and not document.sections


PIECES = st.sampled_from([
    "目 录\n\n云泽区人大常委会任免名单........3\n云泽区人民法院工作报告（07）\n", "云泽区人大常委会任免名单",
    "云泽区人民法院工作报告", "(2030年3月1日云泽区第六届人大常委会第9次会议通过)", "云泽区审计局局长 张 三", "各位代表：",
    "一、总体情况", "（一）收入。全年完成一百亿元，增长百分之六，其中税收占比提高¹。", "1. 增值税完成二十亿元；", "①目标",
    "¹ 不含上级补助收入。", "名词解释", "四早：早发现。", "附件 2", "表 1-2 进度情况", "单位：万元",
    "序号\t类别\t指标\t完成", "1\t经济\t收入\t5", "2\t\t支出\t（6.5）", "3\t支出\t\t△7\t8", "\t\t\t续完", "合计\t\t\t12",
    "注：不含结转。", "| 指标 | 数 |\n|---|---|\n| 床位 | 5 |", "李 萍\t王建国\t赵敏", "二、出席（3人）：", "— 3 —",
    "全年各项工作平稳推进，成效明显，其中重点项目全部开工建设并且按照计划稳步推进实施，城", "市更新有序推进。",
    "2030-01-08", "  • 【云泽资讯】2030年工作报告", "版权所有 云泽区", "**加快转型。**全年推进。", "## 二级标题", "\t",
    "关于云泽区2030年预算执行情况的报告", "2030年3月1日", "\u3000"])


@given(st.lists(st.tuples(PIECES, st.sampled_from(["\n", "\n\n", "\n\n\n"])), max_size=40))
@settings(max_examples=150, deadline=None)
def test_every_view_of_any_document_slices_its_text(pieces):
    text = "".join(line + gap for line, gap in pieces)
    if not text.strip():
        return
    document = read(text)
    assert document_from_json(document_to_json(document)) == document
    ends = [part.end for part in document.parts]
    assert all(end <= part.start for end, part in zip(ends, document.parts[1:]))
    for section in document.sections:
        assert section.start <= section.heading_start < section.heading_end <= section.end
        assert any(part.start <= section.start and section.end <= part.end
                   for part in document.parts) or len(document.parts) != 1
    borders = {(block.start, block.end) for block in document.blocks}
    assert all((piece.start, piece.end) in borders for one in document.joined for piece in one)
    for table in document.tables:
        assert {len(row) for row in table.rows} <= {len(table.columns)}
        assert all(table.start <= cell.start <= cell.end <= table.end
                   for row in table.rows for cell in row)
