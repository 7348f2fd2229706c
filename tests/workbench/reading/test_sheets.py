"""Workbooks: xlsx through openpyxl, xls through xlwt, and what else is called .xls."""
import datetime
import io
import time
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import xlwt

from labels.errors import ReadError
from workbench.reading import read_bytes
from workbench.reading.number_formats import shown


def packed(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(book, name="表.xlsx"):
    document = read_bytes(name, book if isinstance(book, bytes) else packed(book))[0]
    document.check()
    return document


def accounts():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表1-1 收入"
    for row in (["表1-1"], ["云泽区2030年收入情况表"], [None, None, "单位：万元"],
                ["项目", "金额", None], [None, "预算数", "决算数"], ["税收", 1234.5, 0.265],
                ["注：含新区。"]):
        sheet.append(row)
    sheet.merge_cells("A4:A5")
    sheet.merge_cells("B4:C4")
    sheet["B6"].number_format, sheet["C6"].number_format = "#,##0.00", "0.0%"
    return book


def test_a_sheet_is_a_table_with_caption_unit_and_heads():
    document = read(accounts())
    table = document.tables[0]
    assert (table.number, table.unit) == ("1-1", "万元")
    assert table.caption == "表1-1 云泽区2030年收入情况表"
    assert table.columns == (("项目",), ("金额", "预算数"), ("金额", "决算数"))
    assert [(cell.text, cell.value) for cell in table.rows[0]] == [
        ("税收", None), ("1,234.50", Decimal("1234.50")), ("26.5%", Decimal("26.5"))]
    assert [s.title for s in document.sections] == ["表1-1 收入"]
    assert document.text.endswith("\n\n注：含新区。")


@pytest.mark.parametrize("value, code, text", [
    (-3, "#,##0;(#,##0)", "(3)"), (-3, "#,##0", "-3"), (0.1 + 0.2, "General", "0.3"),
    (2.5, "0", "3"), (12345.678, "0.0,", "12.3"), (5, "000", "005"), (7, '"第"0"号"', "第7号"),
    (0, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"), (0.5, "# ?/?", "0.5"),
    (-5, "0_);[Red]\\(0\\)", "(5)"), (3.1, "0.0###", "3.1"),
    (123456789012, "General", "123456789012"),
    (datetime.datetime(2030, 1, 8), "mm-dd-yy", "2030-01-08"), (True, "General", "TRUE"),
    (datetime.datetime(2030, 1, 8, 9, 5), "yyyy/m/d h:mm", "2030/1/8 9:05"),
    (datetime.datetime(2030, 1, 8), 'yyyy"年"m"月"d"日"', "2030年1月8日"),
    (datetime.datetime(2030, 1, 8), "General", "2030-01-08"), (float("nan"), "0", "")])
def test_values_are_written_as_they_are_shown(value, code, text):
    assert shown(value, code) == text


def test_hidden_sheets_rows_and_columns_are_left_out_and_told():
    book = accounts()
    book.active.insert_rows(1)
    book.active["A1"] = "SYS_CODE#1"
    book.active.row_dimensions[1].hidden = True
    book.active["F7"] = "键"
    book.active.column_dimensions["F"].hidden = True
    book.create_sheet("底稿")["A1"] = "内部"
    book["底稿"].sheet_state = "hidden"
    document = read(book)
    assert not any(word in document.text for word in ("SYS_CODE", "键", "内部"))
    assert [(w.code, w.message) for w in document.warnings] == [
        ("hidden_cells", "sheet 表1-1 收入: 1 hidden rows and 1 hidden columns are left out"),
        ("hidden_sheet", "hidden sheet 底稿 is left out")]


def changed(data, part, change):
    """The package with one part changed by a function of its bytes."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(
            result, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            target.writestr(member.filename, change(content) if member.filename.endswith(part)
                            else content)
    return result.getvalue()


def test_formulas_are_read_by_their_last_value():
    book = openpyxl.Workbook()
    book.active.append(["项目", "数"])
    book.active.append(["合计", "=1+1"])
    data = changed(packed(book), "sheet1.xml", lambda xml: xml.replace(b"<v />", b"<v>2</v>")
                   .replace(b"<v/>", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>"))
    assert read(data).tables[0].rows[0][1].text == "2"


@pytest.mark.parametrize("part", ["sheet1.xml", "xl/workbook.xml", "styles.xml"])
def test_entities_are_refused(part):
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    data = changed(packed(accounts()), part, lambda xml: (
        xml[:xml.index(b"?>") + 2] + bomb + xml[xml.index(b"?>") + 2:]
        if xml.startswith(b"<?xml") else bomb + xml))
    with pytest.raises(ReadError, match="DOCTYPE"):
        read(data)


def test_a_bomb_is_refused():
    data = changed(packed(accounts()), "theme1.xml", lambda xml: xml + b" " * 60_000_000)
    with pytest.raises(ReadError, match="more than is read"):
        read(data)


def test_a_million_empty_rows_cost_nothing():
    book = openpyxl.Workbook()
    book.active.append(["项目", "数"])
    book.active.append(["税收", 5])
    book.active["A1048576"] = "尾"
    begun = time.perf_counter()
    document = read(book)
    assert len(document.text) < 20
    assert time.perf_counter() - begun < 6


def test_more_cells_than_can_be_read_are_refused():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("宽")
    for _ in range(320):
        sheet.append([1])
    sheet.append([None] * 16383 + [1])
    with pytest.raises(ReadError, match="more than 5000000 cells"):
        read(book)


def old_book():
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    sheet.write(0, 0, "云泽区债务余额情况表")
    sheet.write(1, 2, "单位：亿元")
    for column, text in enumerate(("地区", "日期", "余额")):
        sheet.write(2, column, text)
    sheet.write(3, 0, "云泽区")
    sheet.write(3, 1, datetime.date(2030, 1, 8), xlwt.easyxf(num_format_str="yyyy/m/d"))
    sheet.write(3, 2, 1234.5, xlwt.easyxf(num_format_str="#,##0.00"))
    sheet.write(4, 0, "暗")
    sheet.row(4).hidden = True
    hidden = book.add_sheet("底稿")
    hidden.write(0, 0, "内部")
    hidden.visibility = 1
    return book


def test_an_xls_is_read_like_an_xlsx():
    document = read(old_book(), "表.XLS")
    table = document.tables[0]
    assert (table.caption, table.unit) == ("云泽区债务余额情况表", "亿元")
    assert [cell.text for cell in table.rows[0]] == ["云泽区", "2030/1/8", "1,234.50"]
    assert "内部" not in document.text and "暗" not in document.text
    assert {w.code for w in document.warnings} == {"hidden_cells", "hidden_sheet"}


def test_an_xls_that_is_something_else_is_read_as_that_and_told():
    page = "<html><table><tr><td>项目<td>数<tr><td>税收<td>5</table></html>".encode()
    for data in (packed(accounts()), page, "项目\t数\n税收\t5\n".encode()):
        document = read(data, "表.xls")
        assert document.warnings[0].code == "other_format"
        assert document.tables[0].rows[0][0].text == "税收"


def test_damaged_locked_and_empty_workbooks_are_refused():
    whole, old = packed(accounts()), packed(old_book())
    locked = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
              + "EncryptedPackage".encode("utf-16-le") + bytes(4))
    broken = changed(whole, "sheet1.xml", lambda xml: xml[:len(xml) // 2])
    for name, data, message in (
            ("a.xlsx", whole[:900], "damaged"), ("a.xlsx", locked, "password"),
            ("a.xlsx", old, "holds xls"), ("a.xlsx", packed(openpyxl.Workbook()), "no sheet"),
            ("a.xlsx", broken, "cannot be read"), ("a.xls", old[:1500], "damaged"),
            ("a.xls", locked, "password"), ("a.xls", bytes(900), "damaged")):
        with pytest.raises(ReadError, match=message):
            read_bytes(name, data)


@pytest.mark.reference
def test_the_real_workbooks(reference):
    def tables(pattern):
        return read_bytes(pattern.replace("*", "_"), next(
            (reference / "documents").glob(pattern)).read_bytes())[0].tables

    for pattern, rows, numbers, units in (
            ("*tongliao*.xlsx", [11], ["4-1"], {"亿元"}),
            ("*xilingol*.XLS", [15], [""], {"万元"}),
            ("广东*.xls", [9, 7], ["1-1", "1-2"], {"亿元"}),
            ("海南*.xlsx", [31, 1408, 26], ["4-1", "4-2", "4-3"], {"亿元"})):
        found = tables(pattern)
        assert [len(table.rows) for table in found] == rows
        assert [table.number for table in found] == numbers
        assert {table.unit for table in found} == units
