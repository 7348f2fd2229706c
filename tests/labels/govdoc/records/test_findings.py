"""Records of what an audit found and how it was put right."""
from __future__ import annotations

from tests.labels.govdoc.told import told, values

PUT_RIGHT = """关于云泽区2023年度预算执行审计查出问题整改情况的报告

——2024年8月28日在云泽区第六届人民代表大会常务委员会第二十一次会议上

云泽区审计局局长 陈雨

对部分结余资金未上缴的问题，5家单位已将结余资金716.13万元上缴区财政。对固定资产账实不符的问题，区教育局已完成盘点。
"""

FOUND = """关于云泽区2023年度预算执行情况的审计工作报告

——2024年8月28日在云泽区第六届人民代表大会常务委员会第二十一次会议上

云泽区审计局局长 陈雨

审计发现的主要问题：

（一）预算执行不够到位。一是区教育局等3个部门的45个项目预算执行率低于80%，涉及金额3.1亿元。二是区水务局未及时清理往来款。

对上述问题，区政府要求区财政局加强管理。
"""


def test_a_report_on_rectification_tells_what_and_how() -> None:
    assert values(PUT_RIGHT, "finding", "what", "amount", "rectification") == [
        ("部分结余资金未上缴", "716.13万元", "5家单位已将结余资金716.13万元上缴区财政"),
        ("固定资产账实不符", None, "区教育局已完成盘点")]


def test_the_items_of_an_audit_report_are_findings() -> None:
    assert values(FOUND, "finding", "amount", "body") == [("3.1亿元", "区教育局"),
                                                          (None, "区水务局")]


def test_what_a_government_demands_of_all_is_no_finding() -> None:
    assert all("要求" not in str(record.values["what"]) for record in told(FOUND, "finding"))
