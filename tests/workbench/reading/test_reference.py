"""The real documents, which live outside of the repository."""
import pytest

from labels.errors import ReadError
from workbench.reading import read_file
from workbench.reading.regions import MAX, passages, regions

pytestmark = pytest.mark.reference


def all_files(reference):
    return [path for folder in ("seeds", "documents") for path in sorted(
        (reference / folder).iterdir())
        if path.name != "README.md"]


def seed(reference, name):
    return read_file(reference / "seeds" / f"{name}.txt")[0]


def test_all_read_and_hold_together(reference):
    files = all_files(reference)
    assert len(files) == 37
    refused = []
    for path in files:
        try:
            documents = read_file(path)
        except ReadError as error:
            refused.append(str(error))
            continue
        for document in documents:
            document.check()
            cut = regions(document)
            assert cut and all(r.end - r.start <= MAX for r in cut), path.name
            assert passages(document) or path.suffix.lower() in (".xls", ".xlsx", ".pdf"), path.name
    # The scan and the garbled text layer, each with what to do; all others are read.
    assert len(refused) == 2 and all("OCR" in line for line in refused)


def test_a_table_over_two_pages_keeps_its_caption(reference):
    document = seed(reference, "baoshan-plan-report")
    first = [table for table in document.tables if table.number == "1"]
    assert [row[0].text for table in first for row in table.rows] == [
        str(n) for n in range(1, 26)]
    assert len({table.caption for table in first}) == 1
    assert len(document.footnotes) == 7 and all(note.anchor for note in document.footnotes)


def test_attendance_lists_hold_the_stated_names(reference):
    for name, counts in (("baoshan-congress-gazette", [30, 2, 30, 2]),
                         ("qingpu-congress-gazette", [31, 3, 28, 6])):
        document = seed(reference, name)
        assert [(n.count, len(n.names)) for n in document.name_lists] == [
            (count, count) for count in counts]
        assert document.type == "gazette"
        assert sum(block.kind == "title" for block in document.blocks) >= 20


def test_final_accounts_tables_have_units_and_heads(reference):
    tables = seed(reference, "baoshan-final-accounts").tables
    budget = next(t for t in tables if t.caption.endswith("一般公共预算财政拨款支出决算表"))
    assert budget.unit == "万元" and len(budget.rows) == 24
    assert budget.columns[0][-1] == "类"
    assert str(budget.rows[0][4].value) == "3133.82"
    wide = next(t for t in tables if len(t.columns) == 13)
    assert all(len(path) >= 1 for path in wide.columns)


def test_web_pages_give_title_and_tables(reference):
    folder = reference / "documents"
    page = read_file(folder / "pingdingshan_2025_statistical_bulletin.html")[0]
    assert page.title.endswith("统计公报") and len(page.tables) >= 5
    assert [w.code for path in sorted(folder.glob("益阳*.html"))
            for w in read_file(path)[0].warnings] == ["encoding"]


def test_the_one_row_csv_is_read_as_the_report_in_it(reference):
    document = read_file(next((reference / "documents").glob("*.csv")))[0]
    assert document.type == "work_report"
    assert max(b.end - b.start for b in document.blocks if b.kind == "table_row") < 300
    assert len([s for s in document.sections if s.level == 1]) >= 3


def document_of(reference, start):
    return read_file(next((reference / "documents").glob(f"{start}*")))[0]


def kinds_of(document, kind):
    return [document.text[b.start:b.end] for b in document.blocks if b.kind == kind]


@pytest.mark.parametrize("start, pages", (("xuancheng", 15), ("廊坊", 18)))
def test_pdf_reports_have_title_paragraphs_and_page_numbers(reference, start, pages):
    document = document_of(reference, start)
    assert document.type == "budget_report" and document.date.startswith("2026-")
    assert len(kinds_of(document, "title")) == 1 and "\n" in kinds_of(document, "title")[0]
    assert len(kinds_of(document, "page_furniture")) == pages
    assert max(len(text) for text in kinds_of(document, "paragraph")) > 150


def test_the_pdf_of_tables_keeps_captions_units_and_rows_over_pages(reference):
    document = document_of(reference, "diqing")
    numbered = {table.caption[:3]: table for table in document.tables if table.caption}
    assert {"1-1", "1-4", "2-2", "5-1"} <= set(numbered)
    assert len(numbered["1-4"].rows) > 400 and numbered["1-4"].unit == "万元"
    assert numbered["5-1"].unit == "亿元"
    row = next(row for row in numbered["1-7"].rows if row[0].text.startswith("二、"))
    assert [str(cell.value) for cell in row[1:]] == ["1200596", "16919", "1183677"]


def test_a_pdf_table_of_one_page_has_all_its_cells(reference):
    document = document_of(reference, "wuhan")
    (table,) = document.tables
    assert (len(table.rows), len(table.columns), table.unit) == (23, 8, "万元")
    assert table.caption.endswith("执行情况表") and document.text.startswith(table.caption)
    assert str(table.rows[-1][1].value) == "2373" and str(table.rows[9][6].value) == "-5.1"


def test_pdf_tables_inside_a_bulletin(reference):
    tables = document_of(reference, "xiangxi").tables
    assert [len(table.rows) for table in tables] == [11, 7, 13, 4]
    assert all(table.caption.startswith("2025") for table in tables)


@pytest.mark.parametrize("start, message", (
    ("洋山", "has no text layer"), ("安庆", "its text layer is garbled")))
def test_pdf_files_that_are_no_text_are_refused(reference, start, message):
    with pytest.raises(ReadError, match=message):
        document_of(reference, start)
