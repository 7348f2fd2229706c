"""DOC and DOCNO beyond the rules' own examples."""
from __future__ import annotations

import time

import pytest

from tests.labels.govdoc.found import spans


def test_a_title_swallows_the_dates_and_quotes_in_it() -> None:
    text = "《云泽区“十三五”规划（2016-2020年）》已印发"
    assert spans(text, "DOC") == ["《云泽区“十三五”规划（2016-2020年）》"]
    assert spans(text, "DATE") == []


def test_titles_in_a_row_are_one_span_each() -> None:
    assert spans("《甲办法》《乙规划》、《丙条例》", "DOC") == ["《甲办法》", "《乙规划》", "《丙条例》"]


def test_a_title_that_is_never_closed_is_none() -> None:
    assert spans("《云泽区条例\n\n下一段", "DOC") == []


def test_a_long_title_that_is_never_closed_costs_little() -> None:
    begin = time.perf_counter()
    assert spans("《" + "云泽区条例" * 2000, "DOC") == []
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize("number", [
    "云府〔2020〕185号", "云府办[2016]51号", "江财绩（2014）22 号", "云委发【2021】7号"])
def test_a_document_number_in_any_brackets(number: str) -> None:
    assert spans(f"根据{number}文件，现通知如下", "DOCNO") == [number]


def test_a_document_number_under_a_heading_starts_on_its_own_line() -> None:
    assert spans("关于云泽区就业工作审议意见办理情况的报告\n\n云府〔2020〕5号", "DOCNO") == ["云府〔2020〕5号"]


@pytest.mark.parametrize("text", ["预算法规制度", "执法检查", "宪法宣誓仪式", "区人民法院"])
def test_words_around_a_law_are_no_law(text: str) -> None:
    assert spans(text, "DOC") == []


def test_an_announcement_is_numbered_without_a_year() -> None:
    assert spans("云泽区人民代表大会常务委员会公告\n第8号", "DOCNO") == ["第8号"]


def test_a_decree_has_its_organ_in_its_number() -> None:
    assert spans("《政府投资条例》（国务院令第712号）", "DOCNO") == ["国务院令第712号"]


@pytest.mark.parametrize("law", ["外商投资法", "长江保护法", "江岚市市容管理条例"])
def test_a_law_that_is_cited_without_title_marks(law: str) -> None:
    assert spans(f"依照{law}第五条的规定", "DOC") == [law]
