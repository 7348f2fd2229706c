"""What looks like a number, a date or a name and is none: the whole pack must leave it alone."""
from __future__ import annotations

import pytest

from labels.document import Document
from labels.govdoc import load
from labels.rules import suggest
from tests.labels.govdoc.found import spans


def labelled(text: str) -> list[tuple[str, str]]:
    found = suggest(Document("trap", text), load())
    assert not found.failures
    return [(span.label, text[span.start:span.end]) for span in found.spans]


@pytest.mark.parametrize("text", [
    # codes, versions, names with digits
    "推进“1+5+8”体系建设", "12345热线受理群众诉求", "系统升级到3.0版", "使用2020版教材", "建设5G基站", "通过ISO9001认证",
    "COVID-19疫情", "IPv6改造", "4A级景区", "S308省道改造", "A3版面", "IP地址192.168.0.1", "邮编200940", "1号楼封顶",
    "拨打110报警", "120急救中心", "双11购物", "618购物节", "R1234", "项目编号：ABCD-2611YG0122",
    "下载https://a.cn/202602/t20260203.html",
    # ordinals, sections, tables, pages, codes of the budget
    "召开第40次会议", "位居第1位", "排名前10名", "见第3条", "第 3 页 共 12 页", "- 5 -", "详见表 1-4-2", "1.2.3 总体要求",
    "3.1 工作目标", "10.2 对投标文件的澄清", "①加强领导", "（二）基本情况", "科目201 05 04列支", "功能分类科目2010504", "（3）其他",
    # numbers of telephones, documents, papers
    "联系电话：021-56782345", "电话 13812345678", "身份证号310101199001011234", "社会信用代码91310113MA1GK2345X",
    # words that hold numerals
    "三中全会精神", "学习“四史”", "做到“两个维护”", "一体化推进", "以防万一", "千方百计稳就业", "百年老店", "百日攻坚", "一二三产业融合",
    "四好农村路", "三公经费", "五险一金", "三农工作", "一分为二看问题", "三个代表", "百分百落实", "千家万户", "二维码", "十年磨一剑",
    "一是加强组织领导", "三张清单", "万里桥", "一成不变", "成立工作专班", "成倍增长", "打折促销", "骨折病人", "亿元楼宇", "千元店",
    "万众一心", "九牛一毛", "三三两两", "一百年来", "千言万语", "七上八下", "四面八方",
    # durations and vague times
    "以前年度", "本年级学生", "全年龄友好", "九年义务教育", "三年行动", "近年来", "一年来", "下阶段", "近三年", "会议于9:30开始", "2年级",
    "12·4国家宪法日", "“一二·九”运动", "每年3·15"])
def test_a_trap_has_no_label(text: str) -> None:
    assert labelled(text) == []


@pytest.mark.parametrize("text, expected", [
    ("融入长三角一体化发展", [("LOC", "长三角")]),
    ("印发《云泽区国土空间规划2035》", [("DOC", "《云泽区国土空间规划2035》")]),
    ("党的19届五中全会精神", [("MEETING", "党的19届五中全会")]),
    ("庆祝八一建军节", [("DATE", "八一建军节")]),
    ("“十四五”规划", [("DATE", "十四五")]),
    ("开通24小时热线", [("QUANTITY", "24小时")]),
    ("电价0.5元/度", [("MONEY", "0.5元")]),
    ("6岁以下儿童", [("QUANTITY", "6岁")])])
def test_a_name_keeps_its_number_and_nothing_else_is_labelled(
        text: str, expected: list[tuple[str, str]]) -> None:
    assert labelled(text) == expected


@pytest.mark.parametrize("text", [
    "云泽区地铁17号线运行", "沿G1503绕城高速布局", "生产车间位于B4031地块", "PM2.5浓度下降", "十字路口改造", "九三学社云泽区委员会", "三元桥街道",
    "十四届全国人大", "一网通办", "一带一路建设", "二级公路改造", "淮海中路8号3楼", "宪法宣传周"])
def test_names_with_digits_and_numerals_are_no_figures(text: str) -> None:
    assert spans(text, "MONEY", "PERCENT", "QUANTITY", "DATE") == []


@pytest.mark.parametrize("text, ratios", [
    ("会议9:30—11:30举行", []), ("比例为3:2", ["3:2"]), ("收支之比1.68:1", ["1.68:1"]), ("表决结果30:2", [])])
def test_a_ratio_is_told_from_a_time(text: str, ratios: list[str]) -> None:
    assert spans(text, "PERCENT") == ratios
