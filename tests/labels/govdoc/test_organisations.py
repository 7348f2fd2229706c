"""ORG beyond the rules' own examples."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.found import spans


@pytest.mark.parametrize("text, expected", [
    ("江岚市云泽区财政局已收回资金", ["江岚市云泽区财政局"]),
    ("区委、区政府高度重视", ["区委", "区政府"]),
    ("在省委坚强领导下，市人大、市政协大力支持", ["省委", "市人大", "市政协"]),
    ("数据来自市海洋与渔业局；", ["市海洋与渔业局"]),
    ("由国家统计局江岚调查队提供", ["国家统计局江岚调查队"]),
])
def test_organs_of_a_place_or_rank(text: str, expected: list[str]) -> None:
    assert spans(text, "ORG") == expected


def test_an_organ_takes_the_office_inside_it() -> None:
    assert spans("任命陈雨为云泽区人大常委会青溪街道工作委员会副主任", "ORG") == [
        "云泽区人大常委会青溪街道工作委员会"]


def test_a_line_break_inside_an_organ_stays_in_the_span() -> None:
    assert spans("补选陈雨为江岚市\n第十二届人民代表大会代表。", "ORG") == ["江岚市\n第十二届人民代表大会"]


def test_an_alias_is_found_where_it_returns() -> None:
    text = "云泽区湿地管理中心（以下简称绿洲中心）成立三年。今年，绿洲中心开放两处湿地。"
    assert spans(text, "ORG") == ["云泽区湿地管理中心", "绿洲中心", "绿洲中心"]


@pytest.mark.parametrize("text", [
    "人大代表建议办理", "政协委员提案", "有关部门和各街镇", "构建区域发展新格局", "全市财政部门贯彻落实",
    "三大科创公司机制建设", "40个社区养老服务中心", "其常委会", "旗舰医院"])
def test_what_is_no_particular_organisation(text: str) -> None:
    assert spans(text, "ORG") == []


def test_a_company_with_its_place_in_brackets_is_one_span() -> None:
    assert spans("和蓝图能源科技（江岚）有限公司签约", "ORG") == ["蓝图能源科技（江岚）有限公司"]
