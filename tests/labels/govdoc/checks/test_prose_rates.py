"""Rates that sentences tell: completion, growth, differences, shares."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.told import findings, statuses


@pytest.mark.parametrize("check, text, status", [
    ("completion", "年初预算为50.0亿元，支出决算为42.6亿元，完成年初预算的85.2%。\n", "holds"),
    ("completion", "年初预算为50.0亿元，支出决算为42.6亿元，完成年初预算的58.2%。\n", "broken"),
    ("part_of_figure", "旧住房修缮竣工36.4万平方米，完成年度计划52万平方米的70%。\n", "holds"),
    ("part_of_figure", "旧住房修缮竣工36.4万平方米，完成年度计划52万平方米的76%。\n", "broken"),
    ("growth_by_amount", "收入完成1296.87亿元，比上年增加32.33亿元，增长2.56%。\n", "holds"),
    ("growth_by_amount", "收入完成1296.87亿元，比上年增加32.33亿元，增长5.26%。\n", "broken"),
    ("growth_by_amount", "支出决算155.96万元，比2022年度减少31.22万元，下降16.68%。\n", "holds"),
    ("growth_of_two_years", "2022年税收收入200.0亿元，2023年税收收入210.0亿元，增长5%。\n", "holds"),
    ("growth_of_two_years", "2022年税收收入200.0亿元，2023年税收收入220.0亿元，增长5%。\n", "broken"),
    ("from_to", "城镇化率由60.1%提高到62.4%，提高2.3个百分点。\n", "holds"),
    ("from_to", "城镇化率由60.1%提高到62.4%，提高3.2个百分点。\n", "broken"),
    ("from_to", "工资标准从2000元提高到2200元，增长10%。\n", "holds"),
    ("share_of_whole", "办公面积共80.0万平方米，其中自有面积60.0万平方米，占比75%。\n", "holds"),
    ("share_of_whole", "办公面积共80.0万平方米，其中自有面积60.0万平方米，占比57%。\n", "broken"),
])
def test_a_rate_fits_the_figures_of_its_sentence(check: str, text: str, status: str) -> None:
    assert statuses(text, f"prose_rates.{check}") == [status]


def test_shares_told_one_after_the_other_belong_to_the_parts_in_order() -> None:
    text = ("全年地区生产总值643.1亿元。其中第一产业增加值12.9亿元、第二产业增加值283亿元、第三产业增加值347.2亿元，"
            "分别占2%、44%、{last}%。\n")
    assert statuses(text.format(last="54"), "prose_rates.share_of_whole") == ["holds"] * 3
    assert statuses(text.format(last="45"), "prose_rates.share_of_whole") == [
        "holds", "holds", "broken"]


@pytest.mark.parametrize("words", ["按可比口径，", "剔除一次性因素，", "按不变价计算，"])
def test_growth_over_a_revised_base_is_not_computed(words: str) -> None:
    text = f"2022年税收收入200.0亿元，2023年税收收入220.0亿元，{words}增长5%。\n"
    assert "broken" not in {finding.status for finding in findings(text, "prose_rates")}
    text = f"{words}收入完成1296.87亿元，比上年增加32.33亿元，增长5.26%。\n"
    assert statuses(text, "prose_rates.growth_by_amount") == ["not_checkable"]


@pytest.mark.parametrize("text", [
    "教育支出28.8亿元，完成预算的98.3%。\n",                      # no budget told
    "城镇化率由60.1%提高到62.4%，年均提高0.5个百分点。\n",           # a mean
    "面积共39.7万平方米，其中租借7.4万平方米，其余部分已办证9.3万平方米，占比28.9%。\n",  # of the rest
    "收入完成约1300亿元，比上年增加32.33亿元，增长2.56%。\n",        # hedged
    "进口额12亿美元，其中机电产品9亿元，占75%。\n",                # two currencies
    "年初预算为0万元，支出决算为2万元，完成年初预算的0%，执行率为。\n",
])
def test_what_the_sentence_does_not_tell_is_not_claimed(text: str) -> None:
    assert "broken" not in {finding.status for finding in findings(text, "prose_rates")
                            if finding.check != "prose_rates.completion"}
