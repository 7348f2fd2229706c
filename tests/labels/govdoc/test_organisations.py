"""ORG beyond the rules' own examples."""
from __future__ import annotations

import pytest

from labels.document import Cell, Document, Table
from labels.govdoc import load
from labels.rules import suggest
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


@pytest.mark.parametrize("text, expected", [
    ("任命为宜昌市中级人民法院民事审判第二庭副庭长", ["宜昌市中级人民法院民事审判第二庭"]),
    ("团市委、市妇联和市残联", ["团市委", "市妇联", "市残联"]),
    ("会同市财政局、自然资源局、住建局等部门", ["市财政局", "自然资源局", "住建局"]),
    ("国家统计局和田调查队、中国电信和田分公司", ["国家统计局和田调查队", "中国电信和田分公司"]),
    ("天涯区人民政府负责", ["天涯区人民政府"]),
    ("云泽高新区管委会、地区教育局", ["云泽高新区管委会", "地区教育局"]),
    ("政协第十二届江岚市委员会", ["政协第十二届江岚市委员会"]),
    ("县委书记、省委常委", ["县委", "省委"]),
    ("最高人民法院党组书记", ["最高人民法院"]),
    ("办公室、组织人事科、法规科3个内设机构", ["办公室", "组织人事科", "法规科"])])
def test_organs_of_every_kind(text: str, expected: list[str]) -> None:
    assert spans(text, "ORG") == expected


@pytest.mark.parametrize("text", [
    "各县人民政府、各镇人大", "中央、省、市决策部署", "市政府部门", "聚焦中心工作", "国家检测中心6个",
    "打造国际贸易中心", "区管学校", "普通中学和城市公立医院", "通过银行等机构", "该局、我校、贵单位"])
def test_kinds_of_organs_are_no_organs(text: str) -> None:
    assert not set(spans(text, "ORG")) - {"市政府"}


def test_an_organ_out_of_its_years_says_so() -> None:
    text = "由国家卫生计生委批准"
    found = suggest(Document("test", text, date="2021-05-01"), load())
    assert [s.evidence.terms for s in found.spans if s.label == "ORG"] == [
        ("国家卫生计生委 2013–2018",)]


def test_a_column_of_units_names_organs() -> None:
    text = "责任单位\t数量\n青荻果蔬专业合作社\t3\n其他\t4\n"
    starts = [text.index(words) for words in ("青荻果蔬专业合作社", "3", "其他", "4")]
    cells = [Cell(words, start, start + len(words))
             for start, words in zip(starts, ("青荻果蔬专业合作社", "3", "其他", "4"))]
    table = Table("", "", "", 0, len(text), (("责任单位",), ("数量",)),
                  ((cells[0], cells[1]), (cells[2], cells[3])))
    found = suggest(Document("test", text, tables=(table,)), load())
    assert [text[s.start:s.end] for s in found.spans if s.label == "ORG"] == ["青荻果蔬专业合作社"]


@pytest.mark.parametrize("text, expected", [
    ("发挥上海人工智能创新中心作用", ["上海人工智能创新中心"]),
    ("建立江苏（苏州）智慧互联网医院", ["江苏（苏州）智慧互联网医院"]),
    ("联合国创意城市（苏州）推进工作办公室设立", ["联合国创意城市（苏州）推进工作办公室"]),
    ("集聚西门子苏州中心", ["西门子苏州中心"]),
    ("走进云泽区3D打印博物馆，", ["云泽区3D打印博物馆"]),
    ("参观竹文化博物馆，", ["竹文化博物馆"]),
    ("苏州青年实训基地揭牌", ["苏州青年实训基地"]),
    ("苏州产业升级股权投资基金已募集", ["苏州产业升级股权投资基金"]),
    ("省委“牢记使命”主题教育第二指导组到会", ["省委“牢记使命”主题教育第二指导组"]),
    ("来自中国联通和中国电信苏州分公司", ["中国联通", "中国电信苏州分公司"])])
def test_a_body_takes_its_place_what_it_does_and_its_head(text: str, expected: list[str]) -> None:
    assert spans(text, "ORG") == expected


@pytest.mark.parametrize("text, expected", [
    ("渔政站、对外交流办、有线电视中心等单位完成划转", ["渔政站", "对外交流办", "有线电视中心"]),
    ("区水务局、河道管理所和学校", ["区水务局", "河道管理所"]),
    ("推进图书馆、博物馆、文化馆等单位改革", []),
    ("学校、医院等单位", [])])
def test_organs_of_a_list(text: str, expected: list[str]) -> None:
    assert spans(text, "ORG") == expected


@pytest.mark.parametrize("text", [
    "完成37个区政府实事项目", "一批跨国公司地区总部和研发中心落户", "建设国际金融中心", "各类博物馆和数字博物馆"])
def test_what_is_counted_or_a_kind_names_no_body(text: str) -> None:
    assert spans(text, "ORG") == []


def test_the_congress_is_named_before_its_work() -> None:
    assert spans("增强人大工作影响力", "ORG") == ["人大"]
    assert spans("做好人大代表工作", "ORG") == []


@pytest.mark.parametrize("text, expected", [
    ("恩施州统计局 国家统计局恩施调查队", ["恩施州统计局", "国家统计局恩施调查队"]),
    ("江岚交通大学医学院附属第九人民医院揭牌", ["江岚交通大学医学院附属第九人民医院"]),
    ("组建云泽文旅发展（集团）公司", ["云泽文旅发展（集团）公司"]),
    ("与岚立铜业合作", ["岚立铜业"]), ("吸引社会资本", []), ("深化政策性银行改革", []),
    ("引进岚创汇、溪夏基石等孵化器", ["岚创汇", "溪夏基石"]),
    ("面向南亚东南亚辐射中心建设", []), ("完善居民区党组织", [])])
def test_bodies_of_the_whole_country(text: str, expected: list[str]) -> None:
    assert spans(text, "ORG") == expected
