import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from labels.document import Span
from workbench.reading import read_bytes
from workbench.reading.draft import Draft
from workbench.reading.regions import MAX, passages, regions
from workbench.reading.structure import build

PIECES = st.sampled_from([
    "一、总体情况", "（一）收入。全年完成一百亿元，增长百分之六。", "1. 项目；", "全区工作稳步推进。", "\n", "\n\n", "\r\n",
    "\t", "甲\t乙\t3", "|a|b|", "|--|--|", "李萍\t王强", "表 1 情况", "单位：万元", "目录", "# 标题", "**粗体**", "——",
    "2030年1月8日", "各位代表：", "¹ 注", "<sup>1</sup>", "— 3 —", "\x0c", "\u3000", "😀𠀀", "关于工作的报告",
    "（", "\u2028",
    "\x85", "---", "①", "出席（3人）：", "附件", ",", '"'])
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_any_text_is_a_document_that_holds_together(text):
    document = build(Draft("d", "d.txt", text))
    document.check()
    for block in document.blocks:
        content = text[block.start:block.end]
        assert content == content.strip()
    for table in document.tables:
        assert len({len(row) for row in table.rows} | {len(table.columns)}) == 1
    position = 0
    for region in regions(document):
        assert position <= region.start < region.end <= len(text)
        assert region.end - region.start <= MAX
        position = region.end


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 60)), max_size=30),
       st.sampled_from(["全区经济运行平稳。", "一年来工作，", "没有标点的文字"]))
def test_no_region_ends_inside_a_span(starts, sentence):
    text = sentence * (5100 // len(sentence))
    spans = [Span(a, min(a + n, len(text))) for a, n in starts if a < len(text)]
    cut = regions(build(Draft("d", "d", text)), spans)
    assert "".join(text[region.start:region.end] for region in cut) == text
    borders = {region.end for region in cut}
    assert not any(span.start < border < span.end for span in spans for border in borders)


def read(text):
    return read_bytes("a.txt", text.encode())[0]


def test_regions_pack_whole_blocks_under_their_headings():
    document = read("一、去年工作\n\n全区经济平稳运行。\n\n（一）收入\n\n完成一百亿元。\n\n二、今年安排\n\n继续努力。\n")
    assert [(document.text[r.start:r.end][:4], r.heading_path, r.kind)
            for r in regions(document)] == [
        ("一、去年", ("一、 去年工作",), "spans"), ("二、今年", ("二、 今年安排",), "spans")]


def test_furniture_and_contents_are_in_no_region():
    document = read("目录\n\n一、概况……1\n二、说明……2\n\n一、概况\n\n本区面积不大。\n\n— 3 —\n\n下一段的文字。\n")
    held = [document.text[r.start:r.end] for r in regions(document)]
    assert held == ["一、概况\n\n本区面积不大。", "下一段的文字。"]


def test_a_long_paragraph_is_cut_at_a_sentence_end():
    text = "全区各项工作稳步推进，取得新的成绩。" * 200
    cut = regions(build(Draft("d", "d", text)))
    assert len(cut) > 2 and all(text[r.end - 1] == "。" for r in cut)
    assert all(r.end - r.start <= MAX for r in cut)


def test_a_heading_is_not_left_behind_at_the_end_of_a_region():
    filler = "全区工作推进。" * 200
    document = read(f"一、总体\n\n{filler}\n\n（一）收入\n\n{filler}\n")
    assert [document.text[r.start:r.end][:5] for r in regions(document)] == ["一、总体\n", "（一）收入"]


def test_a_table_is_whole_if_it_fits_and_cut_between_rows_if_not():
    rows = "".join(f"{n}\t指标名称之{n}\t{n}.5\n" for n in range(1, 21))
    small = read("表1 情况\n\n序号\t指标\t数\n" + rows)
    assert len(regions(small)) == 1
    large = read("表1 情况\n\n序号\t指标\t数\n" + rows * 12)
    cut = regions(large)
    assert len(cut) > 1 and all(large.text[r.end] == "\n" for r in cut[:-1])


def test_passages_are_paragraphs_of_ten_han_characters_or_more():
    document = read("一、去年工作\n\n全区经济总体平稳运行向好。\n\n太短了。\n")
    assert [(document.text[p.start:p.end], p.heading_path, p.kind)
            for p in passages(document)] == [
        ("全区经济总体平稳运行向好。", ("一、 去年工作",), "classes")]


@pytest.mark.parametrize("text", [
    "一" * 1_000_000, "1" * 1_000_000, "（" * 1_000_000, " 1." * 300_000, "\t" * 999_999 + "x",
    "甲\t" * 300_000, "**" * 400_000, "<sup>1</sup>" * 60_000, "甲\n" * 200_000, "|" * 500_000,
    "李明、" * 200_000, "#" * 500_000, "李明\n\n" * 60_000], ids=lambda text: repr(text[:4]))
def test_a_million_characters_are_read_in_linear_time(text):
    document = build(Draft("d", "d.txt", text))
    document.check()
    assert sum(region.end - region.start for region in regions(document)) <= len(text)
