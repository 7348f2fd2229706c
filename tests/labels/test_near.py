"""Paragraphs that say again what another one says."""
from __future__ import annotations

from hypothesis import given, settings, strategies as st

from labels import near

DUTY = "贯彻执行国家有关水务工作的方针政策，组织编制全区水务发展规划并监督实施。"
OTHER = "全年新增就业岗位一万余个，城镇登记失业人数控制在市下达目标以内。"


def test_a_paragraph_is_found_again_with_other_figures_and_spaces() -> None:
    texts = ["2023 年全区一般公共预算收入完成 65.2 亿元，同比增长 4.1%。",
             "2024年全区一般公共预算收入完成71.35亿元，同比增长12%。", OTHER]
    assert near.repeats(texts) == {0: {1}, 1: {0}}


def test_a_sentence_is_in_its_paragraph_but_not_the_other_way() -> None:
    assert near.repeats([DUTY, OTHER + DUTY + OTHER[::-1]]) == {0: {1}}


def test_headings_and_formulas_are_not_compared() -> None:
    assert near.repeats(["特此报告。", "特此报告。"]) == {}


def test_how_many_are_said_again_counts_those_that_can_be_compared() -> None:
    assert near.said_again([DUTY, OTHER, "特此报告。"], [DUTY]) == (1, 2)


@settings(max_examples=60)
@given(st.lists(st.text("甲乙丙丁戊己", max_size=60), max_size=12), st.sampled_from([0.5, 0.75, 1]))
def test_looking_up_rare_shingles_finds_all_that_comparing_each_pair_finds(
        texts: list[str], share: float) -> None:
    sets = [near.shingles(text) for text in texts]
    plain = {a: {b for b, other in enumerate(sets) if a != b and other and
                 len(own & other) >= share * len(own)} for a, own in enumerate(sets) if own}
    assert near.repeats(texts, share) == {a: found for a, found in plain.items() if found}
