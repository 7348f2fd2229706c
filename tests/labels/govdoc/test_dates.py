"""DATE beyond the rule's own examples."""
from __future__ import annotations

import pytest

from labels.document import Document
from labels.govdoc import load
from labels.rules import suggest
from tests.labels.govdoc.found import spans


def test_a_date_range_is_one_span() -> None:
    assert spans("审计期间为2019年3月至2020年5月", "DATE") == ["2019年3月至2020年5月"]


@pytest.mark.parametrize("text, expected", [
    ("截至2020年底", ["2020年底"]), ("自2018年以来", ["2018年"]), ("今年以来", ["今年"]), ("到明年上半年", ["明年上半年"])])
def test_from_until_and_since_stay_outside(text: str, expected: list[str]) -> None:
    assert spans(text, "DATE") == expected


def test_a_plan_period_is_the_words_inside_its_quotes() -> None:
    assert spans("“十四五”期间，十三五时期", "DATE") == ["十四五", "十三五"]


@pytest.mark.parametrize("text", ["以前年度结转资金", "历时3个月", "用时20分钟", "近三年来", "三年行动", "全年龄友好"])
def test_durations_and_vague_times_are_no_dates(text: str) -> None:
    assert spans(text, "DATE") == []


def test_a_relative_date_is_valued_by_the_date_of_the_document() -> None:
    found = suggest(Document("test", "去年完成", date="2021-01-20"), load())
    dates = [span for span in found.spans if span.label == "DATE"]
    assert [(span.value.low, span.value.high) for span in dates if span.value] == [
        ("2020-01-01", "2020-12-31")]
