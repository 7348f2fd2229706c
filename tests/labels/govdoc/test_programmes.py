"""Programmes, plans and applications beyond the rules' own examples."""
from __future__ import annotations

import pytest

from tests.labels.govdoc.found import spans


@pytest.mark.parametrize("text, expected", [
    ("“云泽易”、“停车易”等上线运行", ["云泽易", "停车易"]),
    ("实施“五个一批”工程", ["五个一批"]),
    ("实施文艺精品创作工程和视听提质工程，", ["文艺精品创作工程", "视听提质工程"]),
    ("编制完成云泽全域旅游发展规划，", ["云泽全域旅游发展规划"])])
def test_named_programmes(text: str, expected: list[str]) -> None:
    assert spans(text, "PROJECT") == expected


@pytest.mark.parametrize("text", [
    "深入开展“平安守护”专项行动", "开展信访积案攻坚行动", "严防“半拉子”工程", "实施一批河道整治工程，", "贯彻“十四五”规划，"])
def test_campaigns_and_kinds_are_none(text: str) -> None:
    assert spans(text, "PROJECT") == []


@pytest.mark.parametrize("text, expected", [
    ("政务数据共享平台归集数据4.2亿条，", ["政务数据共享平台"]),
    ("智慧养老服务平台应用全面推进，", ["智慧养老服务平台"]),
    ("建成网上政务大厅，办件提速；", ["网上政务大厅"]),
    ("启动视频监控综合平台、高清治安卡口系统等建设工作。", ["视频监控综合平台", "高清治安卡口系统"]),
    ("“云泽码”整合就医、乘车等场景", ["云泽码"]), ("“云小泽”智能客服上线", ["云小泽"])])
def test_systems_that_are_built_or_at_work(text: str, expected: list[str]) -> None:
    assert spans(text, "PROJECT") == expected


@pytest.mark.parametrize("text", [
    "一网通办事项网办率达到92%", "负责拟订全区软件业和信息化发展规划，", "综合服务平台上线", "出示“健康码”通行"])
def test_rates_duties_and_kinds_of_systems_are_none(text: str) -> None:
    assert spans(text, "PROJECT") == []
