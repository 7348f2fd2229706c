"""HTML and CSV."""
from decimal import Decimal

import pytest

from labels.errors import ReadError
from workbench.reading import read_bytes

PAGE = """<html><head><title>云泽区2030年预算公告 - 云泽区人民政府</title><style>p{}</style></head><body>
<nav><a href=/>首页</a><a href=/x>政务公开</a></nav><script>var a = '脚本';</script>
<div class=c><h1>云泽区2030年预算公告</h1><p>全区<b>收入</b>&#24180;度完成&nbsp;一百亿元，<br>增长百分之六。</p>
<h2>收支情况</h2><ul><li><a href=1>链接一</a></li><li><a href=2>链接二</a></li></ul>
<table><tr><td rowspan=2>项目</td><td colspan=2>金额</td></tr><tr><td>2029年</td><td>2030年</td></tr>
<tr><td>税收</td><td>1.5</td><td>2.5</td></tr></table></div><footer>版权所有</footer></body></html>"""


def page(source, name="页.html", encoding="utf-8"):
    document = read_bytes(name, source.encode(encoding))[0]
    document.check()
    return document


def test_blocks_stand_apart_and_inline_markup_stays_inline():
    text = page(PAGE).text
    assert "\n\n全区收入年度完成 一百亿元，\n增长百分之六。\n\n收支情况\n\n" in text
    assert "脚本" not in text and "p{}" not in text


def test_navigation_footer_and_lists_of_links_are_furniture():
    document = page(PAGE)
    furniture = " ".join(document.text[b.start:b.end] for b in document.blocks
                         if b.kind == "page_furniture")
    assert all(word in furniture for word in ("首页", "版权所有", "链接二"))


def test_headings_of_the_page_are_title_and_sections():
    document = page(PAGE)
    assert (document.title, document.type) == ("云泽区2030年预算公告", "resolution")
    assert [section.title for section in document.sections] == ["收支情况"]


def test_spanning_cells_keep_the_table_rectangular():
    table = page(PAGE).tables[0]
    assert table.columns == (("项目",), ("金额", "2029年"), ("金额", "2030年"))
    assert [cell.value for cell in table.rows[0]] == [None, Decimal("1.5"), Decimal("2.5")]


def test_the_declared_encoding_is_used():
    source = "<html><head><meta charset=gb2312></head><body><p>云泽区公报</p></body></html>"
    document = page(source, encoding="gb18030")
    assert document.text.strip() == "云泽区公报"
    assert [w.code for w in document.warnings] == ["encoding"]


def test_an_article_each_gives_a_part_each():
    document = page("<body>" + "".join(
        f"<article><h2>云泽区第{n}号公告</h2><p>（2030年{n}月5日）</p><p>现予公布，自公布之日起施行。</p></article>"
        for n in (1, 2)) + "</body>")
    assert [(part.title, part.type, part.date) for part in document.parts] == [
        ("云泽区第1号公告", "resolution", "2030-01-05"),
        ("云泽区第2号公告", "resolution", "2030-02-05")]


def test_a_page_nested_deeper_than_the_stack_is_read():
    assert "深处" in page("<div>" * 2000 + "深处的文字" + "</div>" * 2000).text


def test_a_page_nested_too_deeply_is_refused_and_not_read_in_part():
    with pytest.raises(ReadError, match="nested too deeply"):
        page("<p>浅处</p>" + "<div>" * 3000 + "深处的文字" + "</div>" * 3000)


def test_a_page_without_text_is_refused():
    with pytest.raises(ReadError, match="no text"):
        read_bytes("空.html", b"<html><body><script>x()</script></body></html>")


def csv(source, name="表.csv"):
    document = read_bytes(name, source.encode())[0]
    document.check()
    assert document.text == source
    return document


def test_csv_cells_are_slices_of_the_file():
    table = csv('指标,说明,2030年\n生产总值,"含""新区"",全口径","1,120.4"\n').tables[0]
    assert table.columns == (("指标",), ("说明",), ("2030年",))
    assert [cell.text for cell in table.rows[0]] == ["生产总值", '含""新区"",全口径', "1,120.4"]
    assert table.rows[0][2].value == Decimal("1120.4")


def test_tsv_and_a_quoted_line_end():
    document = csv('名称\t值\n"甲\n乙"\t3\n', "表.tsv")
    assert [cell.text for cell in document.tables[0].rows[0]] == ["甲\n乙", "3"]
    assert [block.kind for block in document.blocks] == ["table_row", "table_row"]


def test_a_quote_that_is_not_closed_is_told_with_its_line():
    with pytest.raises(ReadError, match="line 2: a quoted cell is not closed"):
        read_bytes("a.csv", '甲,乙\n1,"二\n'.encode())


def test_a_document_in_a_cell_is_read_as_a_document():
    body = "——2030年1月8日在云泽区人民代表大会上\n各位代表：\n一、去年工作\n" + "全区经济平稳运行。\n" * 90
    document = csv(f'title,publish_date,full_text\n政府工作报告,2030-02-01,"{body}"\n')
    assert (document.title, document.type) == ("政府工作报告", "work_report")
    assert max(b.end - b.start for b in document.blocks if b.kind == "table_row") < 60
    assert {"heading", "salutation", "byline", "paragraph"} <= {b.kind for b in document.blocks}
