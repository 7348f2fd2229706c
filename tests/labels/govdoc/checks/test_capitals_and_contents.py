"""Sums in capital numerals beside figures; the contents list against the parts."""
from __future__ import annotations

import pytest

from labels.checks import Figures, run
from labels.document import Document, ReadWarning
from labels.govdoc.checks import contents
from tests.labels.govdoc.told import findings, statuses

NAME = "capitals.capitals_are_the_figure"


@pytest.mark.parametrize("text", [
    "合同金额人民币壹拾贰万叁仟元整（¥123,000.00）。", "预算金额：123000元（大写：壹拾贰万叁仟元整）。",
    "补助12.3万元（人民币壹拾贰万叁仟圆整）。", "（大写）伍佰零叁元陆角 （小写）503.60元",
])
def test_a_sum_and_its_capitals_agree(text: str) -> None:
    assert statuses(text, NAME) == ["holds"]


def test_capitals_that_say_another_sum_are_told_with_the_digit() -> None:
    (finding,) = findings("合同金额人民币壹拾贰万叁仟元整（¥132,000.00）。", "capitals")
    assert (finding.status, finding.difference) == ("broken", 9000)
    assert [term.text for term in finding.terms] == ["132,000.00", "壹拾贰万叁仟元整"]


def test_a_sum_without_capitals_claims_nothing() -> None:
    assert statuses("合同金额123000元，其中首付款壹成。万元以上的采购", NAME) == []


def test_an_entry_of_the_contents_without_its_part_is_a_finding() -> None:
    text = "目录\n关于加强监督工作的决定\n\n正文"
    document = Document("a", text, warnings=(
        ReadWarning("part_unmatched", 3, 14, "the contents list this"),
        ReadWarning("count_mismatch", 3, 14, "another remark")))
    (finding,) = run(Figures(document), [contents.contents_and_parts_agree])
    assert (finding.status, finding.difference) == ("broken", 1)
    assert finding.suspects[0].cause == "missing"
    assert finding.terms[0].text == "关于加强监督工作的决定"
