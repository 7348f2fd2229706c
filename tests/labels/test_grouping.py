"""Which documents belong together, and who goes where when groups grow together."""
from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from labels.grouping import (
    FAMILY, NEAR, PLACE_YEAR, Member, Moved, Source, Tie, components, family, place_year,
    settle_groups, ties,
)

DUTIES = tuple(f"{what}贯彻执行国家有关方针政策，组织编制全区发展规划并监督实施，承担区政府交办的其他事项。"
               for what in ("水务工作", "绿化市容", "民政事务"))


@pytest.mark.parametrize("first, second", [
    ("云泽区2023年预算报告.pdf", "云泽区2024年预算报告.docx"),
    ("云泽区二〇二三年预算报告.txt", "云泽区２０２４年预算报告.txt"),
    ("公报第3期.html", "公报第12期.html"),
    ("yunze_2024_budget.html", "yunze_2025_budget.pdf"),
])
def test_names_that_differ_in_years_and_figures_are_one_family(first: str, second: str) -> None:
    assert family(Source(first)) == family(Source(second)) is not None


@pytest.mark.parametrize("name", ["1.pdf", "scan-0012.pdf", "2024.txt", "文件 3.docx", "doc_17"])
def test_a_name_that_only_counts_is_of_no_family(name: str) -> None:
    assert family(Source(name)) is None


def test_the_rows_of_a_file_are_no_family() -> None:
    rows = [Source(f"rows.jsonl:passage-{n}", row=True) for n in (1, 2)]
    assert ties(rows) == []


@pytest.mark.parametrize("title, issuer, date, expected", [
    ("云泽区 2025 年政府工作报告（摘登）", None, None, "云泽区 2025"),
    ("关于云泽区 2024 年预算执行情况与 2025 年预算草案的报告", None, "2025-01-08", "云泽区 2025"),
    ("2024年部门决算", "江岚市云泽区财政局", None, "云泽区 2024"),
    ("江州市2024年统计公报", None, None, "江州市 2024"),
    ("云泽区人民代表大会常务委员会公报", None, "2025-03-01", "云泽区 2025"),
    ("我市2024年工作总结", None, None, None),
    ("云泽区人民代表大会常务委员会公报", None, None, None),
])
def test_place_and_year_come_from_title_issuer_and_date(
        title: str, issuer: str | None, date: str | None, expected: str | None) -> None:
    assert place_year(Source("x", title, date, issuer)) == expected


def test_documents_that_share_a_third_of_their_text_are_tied() -> None:
    own = Source("a", paragraphs=(*DUTIES, "甲单位另有自己的一段话，讲的是别处没有讲过的事情和安排。"))
    other = Source("b", paragraphs=(*DUTIES[:2], "乙" * 30 + "单位也有一段别处没有的话，说的是另一件事。"))
    alone = Source("c", paragraphs=("丙单位全年召开各类会议若干次，研究部署安全生产和防汛防台工作。",))
    assert ties([own, other, alone]) == [Tie("a", "b", NEAR)]


def test_ties_are_found_whatever_the_order_and_only_those_asked_for() -> None:
    sources = [Source("plan 2024", "云泽区2024年预算"), Source("plan 2023"),
               Source("q", "云泽区2024年计划")]
    assert ties(sources) == ties(sources[::-1]) == [
        Tie("plan 2023", "plan 2024", FAMILY, "plan"),
        Tie("plan 2024", "q", PLACE_YEAR, "云泽区 2024")]
    assert ties(sources, [FAMILY]) == [Tie("plan 2023", "plan 2024", FAMILY, "plan")]
    assert components("abc", [Tie("c", "a", FAMILY)]) == [("a", "c"), ("b",)]


def test_a_new_document_joins_the_group_that_stands() -> None:
    known = {"a": Member("a", 1)}
    result, moved = settle_groups(["a", "b"], [Tie("a", "b", FAMILY)], known, 2)
    assert result == {"a": Member("a", 1), "b": Member("a", 1)} and not moved


def test_where_groups_grow_together_the_older_takes_in_the_younger_and_it_is_told() -> None:
    known = {"a": Member("a", 2), "z": Member("z", 1)}
    result, moved = settle_groups(["a", "b", "z"], [Tie("a", "b", NEAR), Tie("b", "z", FAMILY)],
                                  known, 3)
    assert {member.group for member in result.values()} == {"z"}
    assert moved == [Moved("a", "a", "z", NEAR)]


def test_documents_that_had_their_split_before_there_were_groups_stay() -> None:
    known = {"a": Member("a", 1, kept=True), "b": Member("b", 1, kept=True)}
    result, moved = settle_groups(["a", "b", "c"], [Tie("a", "b", NEAR), Tie("b", "c", NEAR)],
                                  known, 2)
    assert result == {**known, "c": Member("a", 1)} and not moved


NAMES = st.sets(st.sampled_from("abcdefgh"), min_size=1)
PAIRS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=6)


@settings(max_examples=60)
@given(st.lists(st.tuples(NAMES, PAIRS), min_size=1, max_size=5))
def test_documents_that_were_together_stay_together(rounds: list) -> None:  # type: ignore
    known: dict[str, Member] = {}
    seen: set[str] = set()
    for number, (names, pairs) in enumerate(rounds, start=1):
        seen |= names
        found = [Tie(a, b, FAMILY) for a, b in pairs if a in seen and b in seen]
        after, moved = settle_groups(seen, found, known, number)
        assert set(after) == seen
        for tie in found:
            assert after[tie.first].group == after[tie.second].group
        for a in known:
            for b in known:
                if known[a].group == known[b].group:
                    assert after[a].group == after[b].group
        assert {one.document for one in moved} == {
            name for name in known if known[name].group != after[name].group}
        assert all(after[one.document].since <= known[one.document].since for one in moved)
        known = after
