"""PROJECT beyond the rules' own examples."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.found import spans


def test_a_list_before_projects_is_one_span_each() -> None:
    text = "加快推进云江公路快速化、兰溪公路南延伸、G15江岚路匝道等重点项目"
    assert spans(text, "PROJECT") == ["云江公路快速化", "兰溪公路南延伸", "G15江岚路匝道"]


def test_quotation_marks_stay_outside() -> None:
    assert spans("推进“云里办”平台建设", "PROJECT") == ["云里办"]


@pytest.mark.parametrize("name", [
    "第七轮环保三年行动计划", "公共卫生体系建设三年行动计划", "新基建三年行动方案"])
def test_programmes_without_title_marks(name: str) -> None:
    assert spans(f"全面完成{name}，成效显著", "PROJECT") == [name]


@pytest.mark.parametrize("text", [
    "推进重大项目建设", "实施老旧小区改造工程", "“十四五”规划项目", "新建300所中小学", "实施源头治理、水质提升等工程",
    "申请各类科技创新行动计划", "引进智能制造等新产业优质项目"])
def test_works_without_a_name(text: str) -> None:
    assert spans(text, "PROJECT") == []
