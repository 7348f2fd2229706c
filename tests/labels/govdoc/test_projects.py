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


@pytest.mark.parametrize("text, expected", [
    ("江泽高铁、岚云铁路开通，云岚高速一期等道路通车", ["江泽高铁", "岚云铁路", "云岚高速一期"]),
    ("岚山垃圾焚烧发电项目开工、污泥处理厂建成运行", ["岚山垃圾焚烧发电项目", "污泥处理厂"]),
    ("争取国家中药传承创新发展示范项目，获补助2亿元", ["国家中药传承创新发展示范项目"])])
def test_works_whose_fate_the_clause_tells(text: str, expected: list[str]) -> None:
    assert spans(text, "PROJECT") == expected


@pytest.mark.parametrize("text", [
    "年末公路总里程达到300公里", "加快在建高速公路项目建设", "向社会公布89个PPP项目", "永城等一批大中型煤矿建成投产", "12月底公路通车"])
def test_dates_figures_and_kinds_are_no_works(text: str) -> None:
    assert not set(spans(text, "PROJECT")) & {"年末公路", "建高速公路项目", "PPP项目", "大中型煤矿", "底公路"}


@pytest.mark.parametrize("text, expected", [
    ("望澜大桥新建工程主塔封顶", ["望澜大桥新建工程"]),
    ("兰溪路北延伸工程路基完成80%", ["兰溪路北延伸工程"]),
    ("完成云溪路改造提升，推进云泽路改建、兰溪路拓宽等工程建设", ["云溪路改造提升", "云泽路改建", "兰溪路拓宽"]),
    ("云泽湖湿地修复二期补种水草5万株", ["云泽湖湿地修复二期"]),
    ("实施白荻河综合整治工程二标段，清退养殖塘340亩", ["白荻河综合整治工程二标段"]),
    ("云泽科技中心一、二期竣工", ["云泽科技中心一、二期"])])
def test_a_work_is_named_whatever_is_said_of_it(text: str, expected: list[str]) -> None:
    assert spans(text, "PROJECT") == expected


@pytest.mark.parametrize("text, expected", [
    ("砚溪实验小学、云荻中学东校区2所学校10月底按期完工", ["砚溪实验小学", "云荻中学东校区"]),
    ("砚溪街道综合为老服务中心5月投入使用", ["砚溪街道综合为老服务中心"]),
    ("荻湾渔旅码头开门迎客", ["荻湾渔旅码头"]),
    ("新建桐汀初级中学和4所幼儿园，", ["桐汀初级中学"]),
    ("开工建设渔歌剧场和3个停车场，", ["渔歌剧场"])])
def test_houses_that_are_built_or_just_opened(text: str, expected: list[str]) -> None:
    assert spans(text, "PROJECT") == expected


@pytest.mark.parametrize("text", [
    "云泽区重点工程有序推进", "扎实推进三期项目，", "云泽区工程师协会成立", "江岚市项目库入库8项",
    "云溪镇、砚溪镇等2个街镇设施养护项目未验收", "举行云泽产业园开园仪式", "完成创建成为特色高中的任务"])
def test_kinds_bodies_and_places_are_no_works(text: str) -> None:
    assert spans(text, "PROJECT") == []
