"""Word documents, built with python-docx and its XML."""
import io
import zipfile
from decimal import Decimal

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from labels.errors import ReadError
from workbench.reading import read_bytes
from workbench.reading.word_numbering import format_count

NS = nsdecls("w")
LISTS = f"""<w:numbering {NS}><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
<w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">
<w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>"""
NOTES = f"""<w:footnotes {NS}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>
<w:footnote w:id="5"><w:p><w:r><w:footnoteRef/></w:r>
<w:r><w:t xml:space="preserve"> 含新区。</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def packed(source, **parts):
    """The bytes of a document; `parts` replace or add parts under word/, referred to."""
    buffer = io.BytesIO()
    source.save(buffer)
    archive, result = zipfile.ZipFile(buffer), io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for member in archive.infolist():
            content = archive.read(member)
            if member.filename == "word/_rels/document.xml.rels":
                for kind in parts:
                    content = content.replace(b"</Relationships>", (
                        f'<Relationship Id="x{kind}" Type="http://schemas.openxmlformats.org/'
                        f'officeDocument/2006/relationships/{kind}" Target="{kind}.xml"/>'
                        "</Relationships>").encode())
            if member.filename[5:-4] not in parts:
                target.writestr(member.filename, content)
        for kind, xml in parts.items():
            target.writestr(f"word/{kind}.xml", xml)
    return result.getvalue()


def read(source, **parts):
    read = read_bytes("件.docx", packed(source, **parts))[0]
    read.check()
    return read


def add_xml(document, inner):
    """A paragraph of raw markup."""
    document.element.body.insert(len(document.element.body) - 1,
                                 parse_xml(f"<w:p {NS}>{inner}</w:p>"))


def listed(document, text, number, level):
    add_xml(document, f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
                      f"</w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r>")


def kinds(document):
    return [(block.kind, document.text[block.start:block.end]) for block in document.blocks]


def test_numbers_that_word_sets_are_text_and_make_sections():
    source = docx.Document()
    for text, level in (("收入情况", 0), ("税收", 1), ("非税收入", 1), ("支出情况", 0), ("民生", 1)):
        listed(source, text, 1, level)
        source.add_paragraph("全年各项工作按计划推进，完成了年初确定的各项目标。")
    found = read(source, numbering=LISTS)
    assert [(s.level, s.number, s.title) for s in found.sections] == [
        (1, "一、", "收入情况"), (2, "（一）", "税收"), (2, "（二）", "非税收入"),
        (1, "二、", "支出情况"), (2, "（一）", "民生")]


def test_a_list_that_starts_anew_counts_from_its_start():
    source = docx.Document()
    for text, number in (("甲项工作", 1), ("乙项工作", 1), ("丙项工作", 2), ("丁项工作", 1)):
        listed(source, text, number, 0)
    assert read(source, numbering=LISTS).text.split("\n\n") == [
        "一、甲项工作", "二、乙项工作", "一、丙项工作", "二、丁项工作"]


@pytest.mark.parametrize("form, count, text", [
    ("chineseCountingThousand", 105, "一百零五"), ("chineseCounting", 12, "十二"),
    ("chineseLegalSimplified", 21, "贰拾壹"), ("decimalEnclosedCircle", 3, "③"),
    ("ideographTraditional", 2, "乙"), ("upperRoman", 14, "XIV"), ("lowerLetter", 27, "aa"),
    ("ideographDigital", 20, "二〇"), ("decimalZero", 4, "04"), ("unheardOf", 8, "8")])
def test_counts_are_written_as_word_does(form, count, text):
    assert format_count(count, form) == text


def test_heading_styles_and_the_title_style_are_stated():
    source = docx.Document()
    source.add_paragraph("云泽区情况", style="Title")
    source.add_paragraph("总体", style="Heading 1")
    source.add_paragraph("全年平稳。")
    source.add_paragraph("分项", style="Heading 2")
    source.add_paragraph("各项平稳。")
    found = read(source)
    assert found.title == "云泽区情况"
    assert [(s.level, s.title) for s in found.sections] == [(1, "总体"), (2, "分项")]


def test_a_long_sentence_in_a_heading_style_stays_a_paragraph():
    source = docx.Document()
    source.add_paragraph("各部门要" + "切实加强领导、" * 20 + "确保完成。", style="Heading 1")
    assert kinds(read(source))[0][0] == "paragraph"


def test_a_title_over_two_centred_lines_is_one():
    source = docx.Document()
    for text in ("云泽区2030年国民经济和社会发展", "统计公报"):
        paragraph = source.add_paragraph()
        paragraph.alignment = 1
        paragraph.add_run(text).font.size = Pt(22)
    source.add_paragraph("全年经济平稳运行。")
    found = read(source)
    assert found.title == "云泽区2030年国民经济和社会发展 统计公报"
    assert kinds(found)[0] == ("title", "云泽区2030年国民经济和社会发展\n统计公报")


def test_a_bold_start_of_a_paragraph_is_a_run_in_heading():
    source = docx.Document()
    paragraph = source.add_paragraph()
    paragraph.add_run("强化保障。").bold = True
    paragraph.add_run("全年安排资金三亿元，用于民生项目。")
    found = read(source)
    assert [(s.title, found.text[s.heading_start:s.heading_end]) for s in found.sections] == [
        ("强化保障", "强化保障。")]


def test_merged_cells_leave_empty_cells_and_one_row_captions_are_lifted():
    source = docx.Document()
    table = source.add_table(4, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "云泽区收入"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "项目"
    table.cell(1, 1).merge(table.cell(1, 2)).text = "金额（万元）"
    for column, text in ((1, "2029年"), (2, "2030年")):
        table.cell(2, column).text = text
    for column, text in enumerate(("税\n收", "1.5", "1,200")):
        table.cell(3, column).text = text
    found = read(source).tables[0]
    assert found.caption == "云泽区收入"
    assert found.columns == (("项目",), ("金额（万元）", "2029年"), ("金额（万元）", "2030年"))
    assert [cell.text for cell in found.rows[0]] == ["税 收", "1.5", "1,200"]
    assert found.rows[0][2].value == Decimal("1200")


def test_a_table_in_a_cell_is_flattened_and_a_frame_around_text_is_no_table():
    source = docx.Document()
    outer = source.add_table(2, 2)
    outer.cell(0, 0).text, outer.cell(0, 1).text = "名称", "内容"
    inner = outer.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "甲", "乙"
    frame = source.add_table(1, 1)
    frame.cell(0, 0).text = "各项工作有序推进，全年完成目标。"
    found = read(source)
    assert [[cell.text for cell in row] for row in found.tables[0].rows] == [["", "甲 乙"]]
    assert kinds(found)[-1] == ("paragraph", "各项工作有序推进，全年完成目标。")


def test_footnotes_stand_after_their_paragraph_with_anchors():
    source = docx.Document()
    add_xml(source, '<w:r><w:t>全区收入</w:t></w:r><w:r><w:footnoteReference w:id="5"/></w:r>'
                    "<w:r><w:t>完成一百亿元。</w:t></w:r>")
    found = read(source, footnotes=NOTES)
    assert found.text == "全区收入¹完成一百亿元。\n\n¹ 含新区。"
    assert [(n.mark, found.text[slice(*n.anchor)]) for n in found.footnotes] == [("1", "¹")]


def test_tracked_changes_are_read_as_accepted_and_told():
    source = docx.Document()
    add_xml(source, "<w:r><w:t>收入</w:t></w:r><w:ins w:id='1'><w:r><w:t>增长</w:t></w:r></w:ins>"
                    "<w:del w:id='2'><w:r><w:delText>下降</w:delText></w:r></w:del>"
                    "<w:r><w:t>百分之三。</w:t></w:r>")
    found = read(source)
    assert found.text == "收入增长百分之三。"
    assert [w.code for w in found.warnings] == ["tracked_changes"]


def test_text_boxes_are_read_once_and_hidden_text_not_at_all():
    source = docx.Document()
    box = "<w:txbxContent><w:p><w:r><w:t>框中文字</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    add_xml(source, f"<w:r><w:t>正文</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r>"
                    f'<w:r><mc:AlternateContent {mc}><mc:Choice Requires="wps"><w:drawing>{box}'
                    f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
                    "</mc:AlternateContent></w:r>")
    assert read(source).text == "正文\n\n框中文字"


def test_raised_digits_links_fields_and_symbols_are_text():
    source = docx.Document()
    add_xml(source, "<w:r><w:t>绿地5万m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/>"
                    "</w:rPr><w:t>2</w:t></w:r>"
                    "<w:hyperlink><w:r><w:t>（详见）</w:t></w:r></w:hyperlink>"
                    "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:sym w:font='Wingdings' "
                    "w:char='F0FE'/></w:r>")
    assert read(source).text == "绿地5万m²（详见）☑"


def test_contents_are_contents():
    source = docx.Document()
    source.styles.add_style("toc 1", 1)
    source.add_paragraph("第一章 总则\t3", style="toc 1")
    assert kinds(read(source)) == [("toc_entry", "第一章 总则\t3")]


def test_a_style_based_on_itself_and_unknown_lists_do_no_harm():
    styles = (f'<w:styles {NS}><w:style w:type="paragraph" w:styleId="A"><w:name w:val="甲"/>'
              '<w:basedOn w:val="A"/></w:style></w:styles>')
    source = docx.Document()
    listed(source, "工作平稳。", 99, 3)
    assert read(source, styles=styles).text == "工作平稳。"


def test_files_that_are_no_documents_are_refused_by_what_they_are():
    plain = docx.Document()
    plain.add_paragraph("文字")
    whole = packed(plain)
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("a.txt", "x")
    locked = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
              + "EncryptedPackage".encode("utf-16-le") + bytes(4))
    for data, message in ((whole[:len(whole) // 2], "damaged"), (empty.getvalue(), "has no word/"),
                          (locked, "password"), (b"<html>x</html>", "holds html"),
                          (b"abc", "damaged"), (packed(docx.Document()), "no text")):
        with pytest.raises(ReadError, match=message):
            read_bytes("件.docx", data)


def test_entities_are_refused():
    bomb = ('<!DOCTYPE d [<!ENTITY a "hahaha"><!ENTITY b "&a;&a;&a;&a;">]>'
            f"<w:document {NS}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>")
    outside = bomb.replace('"hahaha"', 'SYSTEM "file:///etc/passwd"')
    for xml in (bomb, outside):
        with pytest.raises(ReadError, match="DOCTYPE"):
            read(docx.Document(), document=xml)


def test_a_bomb_and_a_node_without_end_are_refused():
    body = "<w:document {}><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>"
    with pytest.raises(ReadError, match="more than is read"):
        read(docx.Document(), document=body.format(NS, "a" * 40_000_000))
    import random
    digits = "".join(random.Random(1).choices("0123456789", k=12_000_000))
    with pytest.raises(ReadError, match="cannot be read"):
        read(docx.Document(), document=body.format(NS, digits))


@pytest.mark.parametrize("depth", [60, 1000])
def test_tables_in_tables_are_read_or_refused_whole(depth):
    table = ("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>外</w:t></w:r></w:p></w:tc><w:tc>" * depth
             + "<w:p><w:r><w:t>内</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * depth)
    xml = f"<w:document {NS}><w:body>{table}</w:body></w:document>"
    if depth == 60:
        assert read(docx.Document(), document=xml).text.replace(" ", "") == "外\t" + "外" * 59 + "内"
    else:
        with pytest.raises(ReadError, match="cannot be read"):
            read(docx.Document(), document=xml)


def test_pictures_outside_of_the_package_are_not_fetched(monkeypatch):
    import socket

    def refuse(*_, **__):
        raise AssertionError("a host was asked")
    monkeypatch.setattr(socket, "socket", refuse)
    source = docx.Document()
    source.add_paragraph("文字平稳。")
    source.part.relate_to("http://127.0.0.1:1/x.png", "http://schemas.openxmlformats.org/"
                          "officeDocument/2006/relationships/image", is_external=True)
    assert read(source).text == "文字平稳。"


@pytest.mark.reference
def test_the_real_documents(reference):
    bulletin = read_bytes("和田.docx", next(
        (reference / "documents").glob("hotan*.docx")).read_bytes())[0]
    assert (len(bulletin.sections), bulletin.date) == (13, "2026-03-27")
    assert [len(table.rows) for table in bulletin.tables] == [9, 8, 7]
    assert all(table.caption.startswith("2025年") for table in bulletin.tables)
    tender = read_bytes("招标.docx", next(
        (reference / "documents").glob("PCMET*.docx")).read_bytes())[0]
    assert [s.number for s in tender.sections if s.number.endswith("章")] == [
        f"第{n}章" for n in "一二三四五六"]
    assert sum(block.kind == "toc_entry" for block in tender.blocks) == 67
    assert len(tender.tables) == 16
