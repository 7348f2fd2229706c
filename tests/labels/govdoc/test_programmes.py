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
