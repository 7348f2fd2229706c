"""PDF: lines by place, paragraphs as printed, tables by rules or columns; no rubbish is read."""
import pytest

from labels.errors import ReadError
from tests.workbench.reading.pdf_maker import Page, assemble, pdf, stream
from workbench.reading import limits, read_bytes

BODY = ("　　全区收入12.5亿元，增长4.2%，其中税收收入占", "比达到百分之八十，收入质量进一步提高；支出规",
        "模稳步扩大。", "　　第二段落从此开始，说明资金的安排和管理；管", "理办法另行公布。")


def read(*pages, **options):
    (document,) = read_bytes("报告.pdf", pdf(*pages, **options))
    document.check()
    return document


def texts(document, kind):
    return [document.text[block.start:block.end] for block in document.blocks
            if block.kind == kind]


def prose(page=None):
    return (page or Page()).lines(90, 150, *BODY)


def test_lines_of_a_paragraph_are_one_block_and_stay_lines_of_the_text():
    document = read(prose())
    assert document.text == "\n".join(line.lstrip("\u3000") for line in BODY)
    assert texts(document, "paragraph") == [
        "\n".join(BODY[:3]).lstrip("\u3000"), "\n".join(BODY[3:]).lstrip("\u3000")]


def test_pages_are_parted_by_a_blank_line():
    assert read(Page().text(90, 90, "一页"), Page().text(90, 90, "二页")).text == "一页\n\n二页"


def test_the_order_is_that_of_the_eye_not_of_the_file():
    page = prose().text(150, 60, "云泽区二〇三〇年预算报告", 24)
    document = read(page)
    assert document.text.startswith("云泽区二〇三〇年预算报告\n全区收入")
    assert texts(document, "title") == ["云泽区二〇三〇年预算报告"]


def test_a_title_of_two_lines_in_the_middle_is_one_title():
    page = prose().text(150, 60, "关于云泽区二〇三〇年预算执行", 18).text(231, 85, "情况的报告", 18)
    assert texts(read(page), "title") == ["关于云泽区二〇三〇年预算执行\n情况的报告"]


def test_large_type_is_one_title_however_it_stands():
    page = prose().text(90, 40, "云泽区二〇三〇年预算执行情况", 25).text(90, 75, "与二〇三一年预算草案的报告", 25)
    assert texts(read(page), "title") == ["云泽区二〇三〇年预算执行情况\n与二〇三一年预算草案的报告"]


def test_page_numbers_and_running_heads_are_furniture():
    pages = [prose(Page().text(230, 40, "云泽区财政局文件汇编", 10)).text(280, 800, f"- {n} -", 10)
             for n in range(1, 4)]
    document = read(*pages)
    assert texts(document, "page_furniture") == [
        text for n in range(1, 4) for text in ("云泽区财政局文件汇编", f"- {n} -")]


def test_a_line_at_the_head_of_one_page_is_no_furniture():
    document = read(Page().text(230, 40, "云泽区财政局", 10), prose(), prose())
    assert "page_furniture" not in {block.kind for block in document.blocks}


ROWS = [["项目", "2029年", "2030年"], ["收入", "112.5", "1,120.4"], ["支出", "", "3"]]


def test_a_ruled_table_is_a_table_of_slices():
    page = Page().text(130, 60, "云泽区收支情况表", 14).text(300, 82, "单位：万元", 10).table(
        90, 100, [120, 80, 80], ROWS)
    (table,) = read(page).tables
    assert (table.caption, table.unit) == ("云泽区收支情况表", "万元")
    assert table.columns == (("项目",), ("2029年",), ("2030年",))
    assert [[cell.text for cell in row] for row in table.rows] == ROWS[1:]
    assert str(table.rows[0][2].value) == "1120.4"


def test_merged_cells_leave_empty_ones_behind():
    page = Page().table(90, 100, [100, 80, 80], [["", "", ""], ["", "甲", "乙"], ["收入", "1", "2"]])
    page.drawn = [line for line in page.drawn if not line.startswith("270 742 m")]
    page.rule(270, 124, 270, 172).text(93, 106, "项目", 10).text(240, 106, "两年合计", 10)
    document = read(page)
    assert document.text == "项目\t两年合计\t\n\t甲\t乙\n收入\t1\t2"
    assert document.tables[0].columns == (("项目",), ("两年合计", "甲"), ("两年合计", "乙"))


def test_a_table_goes_on_over_the_page_and_its_repeated_head_is_furniture():
    first = prose().table(90, 600, [120, 80, 80], ROWS)
    second = Page().table(90, 100, [120, 80, 80], [ROWS[0], ["结余", "5", "6"]]).text(
        280, 800, "- 2 -", 10)
    document = read(first, second)
    (table,) = document.tables
    assert [row[0].text for row in table.rows] == ["收入", "支出", "结余"]
    assert "项目\t2029年\t2030年" in texts(document, "page_furniture")


def test_another_table_on_the_next_page_is_its_own():
    document = read(Page().table(90, 100, [120, 80, 80], ROWS),
                    Page().table(90, 100, [60, 80, 140],
                                 [["镇名", "户数", "人数"], ["砚溪镇", "112", "356"]]))
    assert len(document.tables) == 2


def test_columns_of_numbers_without_rules_are_a_table():
    page = Page()
    for y, row in enumerate((["收入", "12.5", "13.5"], ["支出", "11.0", "12"], ["结余", "1.5", "1.5"])):
        for x, content in enumerate(row):
            page.text(90 + 120 * x, 100 + 20 * y, content, 12)
    (table,) = read(page).tables
    assert [cell.text for cell in table.rows[-1]] == ["结余", "1.5", "1.5"]


def test_spaced_words_without_numbers_are_no_table():
    page = Page()
    for y in range(4):
        for x, content in enumerate(("一处办公室", "二处办公室", "三处办公室")):
            page.text(90 + 120 * x, 100 + 20 * y, content, 12)
    assert read(page).tables == ()


def test_a_box_around_text_is_no_table():
    page = prose()
    for y in (100, 400):
        page.rule(80, y, 500, y)
    for x in (80, 500):
        page.rule(x, 100, x, 400)
    assert read(page).tables == ()


def test_two_columns_are_read_one_after_the_other():
    page = Page()
    for n in range(12):
        page.text(60, 100 + 20 * n, f"左栏的第{n}行文字内容", 12).text(
            330, 100 + 20 * n, f"右栏的第{n}行文字内容", 12)
    lines = read(page).text.split("\n")
    assert lines[0].startswith("左栏") and lines[11].startswith("左栏")
    assert lines[12] == "右栏的第0行文字内容"


def test_a_page_printed_sideways_is_read_upright():
    page = Page(842, 595)
    turned = Page(595, 842)
    for y, content in enumerate(("云泽区概况第一行", "云泽区概况第二行")):
        page.text(90, 90 + 30 * y, content)
        code = content.encode("utf-16-be").hex()
        turned.drawn.append(f"BT /F 16 Tf 0 1 -1 0 {106 + 30 * y} 90 Tm <{code}> Tj ET")
    assert read(turned, rotate=90).text == read(page).text == "云泽区概况第一行\n云泽区概况第二行"


def test_characters_printed_twice_for_boldness_count_once():
    page = Page().text(90, 90, "云泽区概况").text(90.3, 90, "云泽区概况")
    assert read(page).text == "云泽区概况"


def test_characters_beyond_the_first_plane_are_kept():
    assert read(Page().text(90, 90, "𠮷祥公司")).text == "𠮷祥公司"


def picture(count=1):
    """Pages with nothing but a drawing of an image."""
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(count))
    page = (b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R "
            b"/Resources << /XObject << /I %d 0 R >> >> >>" % (4 + count))
    return assemble([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (
            kids, count), stream(b"q 500 0 0 700 0 0 cm /I Do Q"), *[page] * count,
        stream(b"\x00", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
                        b"/ColorSpace /DeviceGray")])


def test_a_scan_is_refused_with_what_to_do():
    with pytest.raises(ReadError, match="扫描.pdf has no text layer, its pages are pictures; "
                                        "recognise its text with an OCR program"):
        read_bytes("扫描.pdf", picture())


def test_a_garbled_text_layer_is_refused_with_what_to_do():
    page = Page().lines(90, 90, *["\ue001\ue412ᆿᒼᐸ⋵⊕ђ䐥᭯ᔰᐛぁ"] * 8)
    with pytest.raises(ReadError, match="its text layer is garbled.*OCR"):
        read_bytes("乱码.pdf", pdf(page))


def test_one_garbled_page_is_told_and_kept_from_the_rules():
    document = read(prose(), Page().lines(90, 90, *["\ue001\ue412ᆿᒼᐸ⋵⊕ђ"] * 8))
    (warning,) = document.warnings
    assert (warning.code, warning.message) == (
        "page_garbled", "the text layer of page 2 is not readable")
    assert len(texts(document, "page_furniture")) >= 1
    assert warning.start < warning.end == len(document.text)


def test_an_english_page_is_not_garbled():
    assert read(Page().lines(40, 90, *["The quick brown fox jumps over it."] * 9)).warnings == ()


@pytest.mark.parametrize("data, message", (
    (b"%PDF-1.7 and nothing", "坏.pdf is no PDF, or a damaged one"),
    (b"PK\x03\x04", "坏.pdf is no PDF, or a damaged one"),
    (b"", "坏.pdf is no PDF, or a damaged one")))
def test_a_damaged_file_is_refused(data, message):
    with pytest.raises(ReadError, match=message):
        read_bytes("坏.pdf", data)


def test_a_locked_file_is_refused_as_such():
    data = pdf(prose()).replace(b"trailer << ", (
        b"trailer << /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 "
        b"/O <%s> /U <%s> >> " % (b"41" * 32, b"42" * 32)))
    with pytest.raises(ReadError, match="锁.pdf is locked with a password; save it without one"):
        read_bytes("锁.pdf", data)


def test_too_many_pages_are_refused():
    with pytest.raises(ReadError, match=f"2001 pages, more than {limits.MAX_PAGES}"):
        read_bytes("厚.pdf", picture(2001))
