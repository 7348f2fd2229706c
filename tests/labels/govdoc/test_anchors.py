"""What relative dates are relative to."""
from __future__ import annotations

import pytest

from labels.document import Document, Part, Section
from labels.govdoc import load
from labels.rules import suggest


def low(document: Document, mention: str) -> str | None:
    """The first day of the DATE `mention` in `document`."""
    for span in suggest(document, load()).spans:
        if span.label == "DATE" and document.text[span.start:span.end] == mention:
            return span.value.low if span.value else None
    raise AssertionError(f"{mention} is no date here")


def test_this_year_is_the_year_of_the_document() -> None:
    assert low(Document("d", "今年完成", date="2031-01-20"), "今年") == "2031-01-01"


def test_a_part_with_a_day_of_its_own_goes_before_the_document() -> None:
    text = "去年完成。\n去年开工。"
    parts = (Part("一", "other", 0, 5, "2030-05-01"), Part("二", "other", 6, 11, "2028-05-01"))
    document = Document("d", text, date="2031-01-20", parts=parts)
    found = [span.value.low for span in suggest(document, load()).spans if span.value]
    assert found == ["2029-01-01", "2027-01-01"]


def test_a_part_without_a_day_takes_that_of_the_document() -> None:
    text = "去年完成。\n去年开工。"
    parts = (Part("一", "other", 0, 5, "2030-05-01"), Part("二", "other", 6, 11))
    document = Document("d", text, date="2031-01-20", parts=parts)
    found = [span.value.low for span in suggest(document, load()).spans if span.value]
    assert found == ["2029-01-01", "2030-01-01"]


def test_an_issue_whose_parts_are_all_of_one_year_tells_the_year() -> None:
    text = "开工。\n去年开工。"
    parts = (Part("一", "other", 0, 3, "2030-05-01"), Part("二", "other", 4, 9))
    assert low(Document("d", text, parts=parts), "去年") == "2029-01-01"


def test_a_bulletin_speaks_of_the_year_in_its_title() -> None:
    document = Document("d", "全年增长5%，比上年提高。", title="江岚市2030年统计公报", date="2031-03-20")
    assert low(document, "全年") == "2030-01-01"
    assert low(document, "上年") == "2029-01-01"


def test_a_heading_with_one_year_goes_before_the_day() -> None:
    text = "一、2030年预算执行情况\n全年收入3亿元。\n二、2031年预算草案\n全年收入4亿元。"
    half = text.index("二、")
    sections = (Section(1, "一", "2030年预算执行情况", 0, half - 1, 0, 13),
                Section(1, "二", "2031年预算草案", half, len(text), half, half + 11))
    document = Document("d", text, date="2031-01-20", sections=sections)
    found = [span.value.low for span in suggest(document, load()).spans
             if span.value and text[span.start:span.end] == "全年"]
    assert found == ["2030-01-01", "2031-01-01"]


def test_a_year_named_in_the_sentence_goes_before_the_heading() -> None:
    document = Document("d", "2029年投入3亿元，年底建成。", title="江岚市2030年工作总结")
    assert low(document, "年底") == "2029-12-01"


def test_a_day_alone_takes_the_month_named_before() -> None:
    document = Document("d", "6月29日报到。\n30日上午，代表视察。", date="2030-07-15")
    assert low(document, "30日上午") == "2030-06-30"


def test_an_old_report_on_a_new_page_speaks_of_its_heading() -> None:
    text = "三、2021年主要工作\n今年是关键之年。"
    section = Section(1, "三", "2021年主要工作", 0, len(text), 0, 11)
    document = Document("d", text, date="2025-07-08", sections=(section,))
    assert low(document, "今年") == "2021-01-01"


@pytest.mark.parametrize("text, mention", [
    ("今年完成", "今年"), ("年底建成", "年底"), ("5日、6日召开", "6日")])
def test_without_day_heading_or_year_there_is_no_value(text: str, mention: str) -> None:
    assert low(Document("d", text), mention) is None
