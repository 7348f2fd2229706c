"""LOC beyond the rules' own examples."""
from __future__ import annotations

import pytest

from labels.document import Cell, Document, Table
from labels.govdoc import load
from labels.rules import suggest
from tests.labels.govdoc.found import spans


def test_divisions_in_a_row_are_one_span_each() -> None:
    assert spans("全年，江岚市、云泽区、兰溪县增长", "LOC") == ["江岚市", "云泽区", "兰溪县"]


def test_a_division_may_follow_another() -> None:
    assert spans("江岚市云泽区各街道", "LOC") == ["江岚市", "云泽区"]


def test_a_short_name_counts_once_the_text_names_it_in_full() -> None:
    assert spans("云泽区位于江边。做好云泽经济工作", "LOC") == ["云泽区", "云泽"]
    assert spans("做好云泽经济工作", "LOC") == []


@pytest.mark.parametrize("text, expected", [
    ("上海市民踊跃参加", ["上海"]), ("广州市场活跃", ["广州"]), ("上海市级财政", ["上海"])])
def test_a_suffix_that_begins_the_next_word_stays_out(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


@pytest.mark.parametrize("text", [
    "全区上下", "我市城市品质", "本镇居民", "众多区内企业", "建成区面积", "形成都市农业", "其中国家级三个",
    "一带一路倡议", "实现县域全覆盖", "棚户区改造", "口袋公园5个"])
def test_what_names_no_place(text: str) -> None:
    assert spans(text, "LOC") == []


def test_a_place_inside_a_title_or_an_organ_is_not_marked_by_itself() -> None:
    assert spans("《云泽区条例》由云泽区人民政府公布", "LOC") == []


def test_a_list_of_roads_is_one_span_each() -> None:
    assert spans("打通云桥路、兰溪西路等一批断头路", "LOC") == ["云桥路", "兰溪西路"]


@pytest.mark.parametrize("text, expected", [
    ("青海省门源回族自治县和张掖市肃南裕固族自治县", ["青海省", "门源回族自治县", "张掖市", "肃南裕固族自治县"]),
    ("通辽市科尔沁左翼中旗草原", ["通辽市", "科尔沁左翼中旗"]),
    ("支持肥东、肥西、庐江发展", ["肥东", "肥西", "庐江"]),
    ("到香桥街道调研", ["香桥街道"]),
    ("江岚市红旗镇", ["江岚市", "红旗镇"])])
def test_divisions_of_every_kind(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


@pytest.mark.parametrize("text, expected", [
    ("东至云桥路，西至兰溪河，北至文昌街。", ["云桥路", "兰溪河", "文昌街"]),
    ("同济路宝杨路口", ["同济路宝杨路口"]),
    ("地址：江岚市望江路8号", ["江岚市望江路8号"]),
    ("中国（江岚）自由贸易试验区揭牌", ["中国（江岚）自由贸易试验区"]),
    ("保护云泽湖湿地，疏浚白龙港、横塘河等河道", ["云泽湖湿地", "白龙港", "横塘河"])])
def test_sites_by_their_heads(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


@pytest.mark.parametrize("text", [
    "建设宜居城市和光网城市", "家电下乡、送戏下乡", "城中村改造", "收费公路和农村公路", "加大城乡投入",
    "国家机关中的干部", "偏远地区", "不断提升研修水平", "改革之路", "县城、郊区、社区、校区、牧区"])
def test_kinds_of_places_and_parts_of_words_are_no_places(text: str) -> None:
    assert spans(text, "LOC") == []


def test_a_column_of_places_names_places() -> None:
    text = "镇街\t数量\n南坪\t3\n合计\t4\n"
    starts = [text.index(words) for words in ("南坪", "3", "合计", "4")]
    cells = [Cell(words, start, start + len(words))
             for start, words in zip(starts, ("南坪", "3", "合计", "4"))]
    table = Table("", "", "", 0, len(text), (("镇街",), ("数量",)),
                  ((cells[0], cells[1]), (cells[2], cells[3])))
    found = suggest(Document("test", text, tables=(table,)), load())
    assert [text[s.start:s.end] for s in found.spans if s.label == "LOC"] == ["南坪"]


@pytest.mark.parametrize("text, expected", [
    ("徐汇滨江休闲区获评示范", ["徐汇滨江休闲区"]),
    ("云泽湖滨江发展带功能明确", ["云泽湖滨江发展带"]),
    ("融入长三角G60科创走廊策源地", ["长三角G60科创走廊"]),
    ("杭州城市副中心建设提速", ["杭州城市副中心"]),
    ("紧扣“苏州枢纽”功能", ["苏州枢纽"]),
    ("云桥路总部研发集聚区形态显现", ["云桥路总部研发集聚区"]),
    ("云泽市抱坡溪东片区管网", ["云泽市", "抱坡溪东片区"]),
    ("环云大知识经济圈获得命名", ["环云大知识经济圈"])])
def test_a_place_what_is_said_of_it_and_a_zone_are_one_name(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


@pytest.mark.parametrize("text, expected", [
    ("杭州区域合作", ["杭州"]), ("苏州城市品质", ["苏州"]), ("武汉朋友圈扩大", ["武汉"]),
    ("杭州居民小区改造", ["杭州"]), ("苏州老城区改造", ["苏州"]), ("武汉带动周边", ["武汉"]),
    ("苏州推进示范区建设", ["苏州"])])
def test_what_follows_a_place_and_names_no_zone(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


@pytest.mark.parametrize("text, expected", [
    ("一是在砚亭、荻里溪、沅浜、桐荡区域，优化布局", ["砚亭", "荻里溪", "沅浜", "桐荡"]),
    ("推动砚溪、桐汀、沅荻三镇联动", ["砚溪", "桐汀", "沅荻"]),
    ("教育、医疗两地互认", []), ("优化产业、生态区域布局", [])])
def test_the_towns_of_a_list_that_closes_with_its_kind(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


def test_a_part_of_a_division_is_found_again() -> None:
    assert spans("推进砚西三镇联动，改善砚西环境", "LOC") == ["砚西", "砚西"]
    assert spans("改善砚西环境", "LOC") == []


@pytest.mark.parametrize("text", [
    "建设现代化国际大都市", "即城乡统筹发展轴", "推进旧城镇改造", "被苏州杭州微信公众号推送", "打造江岚水乡客厅"])
def test_words_and_accounts_that_name_no_place(text: str) -> None:
    assert spans(text, "LOC") == []


def test_an_ambiguous_name_that_opens_a_sentence_is_a_place() -> None:
    assert spans("杭州加快转型；高明推进新城建设", "LOC") == ["杭州", "高明"]
    assert spans("他的医术高明推进很快", "LOC") == []


@pytest.mark.parametrize("text, expected", [
    ("支持阜新、朝阳发展", ["阜新", "朝阳"]),          # 朝阳 and 平度 are words too
    ("推进平度、莱西跃升", ["平度", "莱西"]),
    ("沛县、滑县增长", ["沛县", "滑县"]),
    ("全新县域格局", []),
    ("围绕新青浦目标", ["青浦"]),                      # not 新青, a county
    ("琼中、保亭等市县", ["琼中", "保亭"])])
def test_counties_by_short_names(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


@pytest.mark.parametrize("text, expected", [
    ("砚管、桐周、沅桥3个村创建", ["砚管", "桐周", "沅桥"]),
    ("加快砚泾、桐汀等重点区域转型", ["砚泾", "桐汀"]),
    ("保护辽河、棋盘山、卧龙湖", ["辽河", "棋盘山", "卧龙湖"]),
    ("汽车、电子等重点园区", [])])
def test_a_list_tells_what_its_items_are(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


@pytest.mark.parametrize("text, expected", [
    ("打造即墨、胶州三大主城片区", ["即墨", "胶州"]),
    ("推进徐汇滨江和砚河泾开发区建设", ["徐汇滨江", "砚河泾开发区"]),
    ("扩建胶东临空经济示范区", ["胶东临空经济示范区"]),
    ("推进董家口港区建设", ["董家口港区"]),
    ("坚持以城带乡", []), ("扶持产粮大县", []), ("设置特色花街", []), ("山水林田湖治理", []), ("对口五县全部摘帽", []),
    ("新建口袋公园", []), ("海棠公园、砚泾公园开放", ["海棠公园", "砚泾公园"])])
def test_where_names_of_sites_begin_and_what_is_none(text: str, expected: list[str]) -> None:
    assert spans(text, "LOC") == expected


def test_roads_that_works_are_done_on_are_places() -> None:
    text = "推进云桥路、兰溪路等14条道路架空线入地"
    assert spans(text, "LOC") == ["云桥路", "兰溪路"] and spans(text, "PROJECT") == []
