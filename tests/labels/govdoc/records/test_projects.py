"""Records of projects."""
from __future__ import annotations

from tests.labels.govdoc.told import values

TABLE = """云泽区2023年重大项目计划完成情况

表2：2023年云泽区重大项目一览

序号	项目名称	投资总额(亿元)	目标	全年完成情况
1	望帆大桥新建工程	6.1	施工	主塔封顶
2	砚溪中学迁建工程	0.8	竣工	基本建成
"""


def test_a_row_is_a_project_with_investment_goal_and_progress() -> None:
    assert values(TABLE, "project", "name", "investment", "unit", "goal", "progress",
                  "period") == [
        ("望帆大桥新建工程", "6.1", "亿元", "施工", "主塔封顶", "2023年"),
        ("砚溪中学迁建工程", "0.8", "亿元", "竣工", "基本建成", "2023年")]


def test_rows_that_share_a_name_are_projects_of_that_name() -> None:
    text = """云泽区2023年实事项目

表3：2023年云泽区实事项目完成情况

序号	项目名称	项目内容	完成情况
1	养老服务	新增助餐点10家	已完成
\t\t改建活动室5家	正在装修
"""
    assert values(text, "project", "name", "goal", "progress") == [
        ("养老服务", "新增助餐点10家", "已完成"), ("养老服务", "改建活动室5家", "正在装修")]


def test_a_project_with_its_investment_in_one_clause() -> None:
    text = "实施云泽江综合整治工程，总投资6.1亿元。\n"
    assert ("云泽江综合整治工程", "6.1", "亿元") in values(
        text, "project", "name", "investment", "unit")
