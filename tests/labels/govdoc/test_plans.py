"""Whether a figure is planned."""
from __future__ import annotations

import pytest

from labels.document import Document, Section
from labels.govdoc import load
from labels.rules import suggest
from tests.labels.govdoc.found import relations


def kinds(text: str) -> list[str]:
    return [relation[0] for relation in relations(text)]


@pytest.mark.parametrize("text", [
    "建议2031年全市一般公共预算收入增长2%", "一般公共预算支出安排92亿元", "预期实现税收收入11亿元",
    "预计2031年末政府债务余额为183亿元", "全市政府性基金预算收入91亿元。全市政府性基金预算支出104亿元。",
    "努力稳定和扩大就业，城镇新增就业35万人。突出做好高校毕业生就业工作，办好人民满意教育。"])
def test_what_is_budgeted_or_to_be_done_is_a_target(text: str) -> None:
    assert kinds(text) and set(kinds(text)) == {"TARGET"}


@pytest.mark.parametrize("text", [
    "五年来，常住人口城镇化率预计达74.6%", "全市累计获得新增债券额度226亿元，创历史新高，有力支持项目建设",
    "城镇登记失业率控制在3.5%", "规上服务业营业收入增长15.3%，做强特色园区，加快产业集聚"])
def test_what_was_reached_is_none(text: str) -> None:
    assert kinds(text) and "TARGET" not in kinds(text)


def test_the_growth_of_what_is_budgeted_is_planned_too() -> None:
    text = "建议2031年税收收入64亿元，增长2%；一般公共预算支出安排92亿元，增长2%。"
    assert kinds(text) == ["TARGET"] * 4


def test_the_budget_that_is_adjusted_is_the_target() -> None:
    assert relations("全年一般公共预算总收入由年初预算134亿元调整为135亿元") == [
        ("TARGET", "一般公共预算总收入", "135亿元", "")]


@pytest.mark.parametrize("title, expected", [("二、今年工作安排", "TARGET"), ("一、去年工作回顾", "VALUE")])
def test_the_heading_tells_what_stands_under_it(title: str, expected: str) -> None:
    text = f"{title}\n推动绿色发展，森林覆盖率达到57%。"
    section = Section(1, title[:1], title[2:], 0, len(text), 0, len(title))
    found = suggest(Document("d", text, sections=(section,)), load())
    assert [relation.type for relation in found.relations] == [expected]
