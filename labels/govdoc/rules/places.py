"""LOC: administrative divisions, towns and villages, roads, waters, parks, zones, stations."""
from __future__ import annotations

import re
from itertools import chain
from typing import Iterator

from labels.govdoc.divisions import FUNCTION, KIND_OF, column_cells, known_places
from labels.govdoc.gazetteer import dated, everyday, gazetteer, wordiness
from labels.govdoc.lists import closed_lists
from labels.govdoc.names import HAN, floors
from labels.govdoc.sites import sites
from labels.govdoc.scanning import worded
from labels.lazy import lazy
from labels.rules import Context, Match, rule

__all__ = ["known_places"]


_PLACE_COLUMN = lazy(r"(?:地区|区县|县区|市县|县市|地市|州市|镇街|街镇|乡镇|街道|县[(（]市、区[)）]|所在地|区域)(?:名称)?$")
_NO_PLACE = lazy(r"合计|小计|总计|本级|其他|其它|市直|省直|区直|县直|平均|以上|以下|全[省市区县州]|[^一-鿿]")


def _in_tables(context: Context) -> Iterator[Match]:
    """The cells of a column that is headed 地区, 区县, 镇街 …"""
    for start, end in column_cells(context, _PLACE_COLUMN):
        name = context.view.text[start:end]
        if 2 <= len(name) <= 12 and not _NO_PLACE.search(name) and wordiness(name) < 1:
            yield Match(start, end, 0.85)


@rule("LOC", priority=50, score=0.9, lexicons=("places", "openers"), examples=[
    "⟦江岚市⟧⟦云泽区⟧全年新增企业三百家", "融入⟦长三角⟧一体化", "⟦上海⟧市场活跃", "支援⟦武汉⟧",
    "⟦浙江省⟧各地", "走访⟦青溪镇⟧", "⟦中国⟧与⟦老挝⟧合作", "⟦科尔沁左翼中旗⟧增长",
    "⟦保亭黎族苗族自治县⟧教育支出", "⟦江岚市⟧⟦红旗镇⟧",
], rejects=["全区上下一心", "我市城市品质提升", "本镇居民小区", "中国特色社会主义", "社区和园区",
            "建设宜居城市", "送戏下乡活动", "机关中的人员"])
def named_division(context: Context) -> Iterator[Match]:
    """A place of the lexicon, a name before 区, 县, 镇, 街道, 村 …, or in a table's column of places."""
    yield from _in_tables(context)
    text, entries = context.view.text, context.lexicon("places").entries
    date = context.document.date
    for start, end, kind in known_places(context):
        if kind == "pair":  # 中德: only zones are named after it
            continue
        name = text[start:end]
        yield Match(start, end, 0.8 if kind in ("division", "learned", "county_short") else None,
                    (dated(name, entries[name], date),) if name in entries else ())


_ALL_HAN = lazy(rf"[{HAN}]+")
_ITEM_AFTER = lazy(rf"、([{HAN}]{{2,3}})(?=[、,，。;)和及等与]|\n|$)")


_CLOSING = lazy(
    r"等(?:\d+|[一二三四五六七八九十两]{1,2})?个?(?:乡镇|街镇|镇街|街道|镇|乡|地区|区县|县区|县市|市县|市州|州市|县|村|板块)"
    r"(?![长级民域容内委政办])"
    r"|等(?:重点|核心|主要)?(?:区域|片区|地块|街区|景区|园区|港区|路段|村庄|社区|城市|流域|河流|湖泊|水库|公园|道路|口岸|岛屿)")
# 砚管、桐周、沅桥3个村
_NUMBERED_PLACES = worded(
    r"个(?:村|镇|乡|街镇|乡镇|镇街|街道|社区|区县|县市|县区)(?![长级民域容内委政办])",
    *("个" + kind for kind in ("村", "镇", "乡", "街", "社区", "区县", "县市", "县区")))
_COUNT = lazy(r"\d{1,2}个")


# 云溪、桐汀、砚桥区域: what a list of places closes with.
_AREA = worded(r"(?:区域|片区|地区|组团|一带|沿线|沿岸|两岸)(?<=[一-鿿]{2}..)(?!性|化)",
               "区域", "片区", "地区", "组团", "一带", "沿线", "沿岸", "两岸")
# 砚溪、桐汀、沅荻三镇
_COUNTED = worded(
    r"[两三四五六七八九十][地镇乡区县市州旗](?<=[一-鿿]{2}..)(?=[^一-鿿]|[的和与及等在为]|联动|一体|同|共|合)",
    *(number + kind for number in "两三四五六七八九十" for kind in "地镇乡区县市州旗"))


@rule("LOC", priority=49, score=0.65, lexicons=("places", "openers"), examples=[
    "覆盖⟦云溪⟧、⟦桐汀⟧、⟦青荻镇⟧", "⟦武汉⟧、⟦砚溪⟧、⟦长沙⟧等地", "推进⟦砚溪⟧、⟦桐汀⟧等镇改造",
    "在⟦砚溪⟧、⟦桐汀⟧、⟦沅荻⟧区域布局", "⟦砚管⟧、⟦沅桥⟧2个村创建",
    "加快⟦砚溪⟧、⟦桐汀⟧等重点区域转型"],
    rejects=["企业、财政、审计", "全区、企业、学校", "教育、医疗等镇级事务",
             "产业、生态区域布局", "商业、居住片区"])
def listed_place(context: Context) -> Iterator[Match]:
    """A name beside a place in a list (、), or in a list that 等镇, 等3个县 … closes."""
    text = context.view.text
    spans = {start: end for start, end, _ in known_places(context)}
    ends = set(spans.values())
    words, known = everyday(), gazetteer(context.lexicon("places")).kinds

    def named(name: str) -> bool:
        return any(name + head in known for head in "市县区") or name not in words and not (
            KIND_OF.search(name) or wordiness(name) or name[0] in FUNCTION)

    for items in closed_lists(
            context, (closing for closing in chain(
                _AREA.finditer(context), _COUNTED.finditer(context))
                if text.find("、", max(0, closing.start() - 5), closing.start()) >= 0)):
        if items:  # 二是在砚溪
            items[0] = max(items[0][0], floors(context).before(items[0][1] - 2)), items[0][1]
        short = [(start, end) for start, end in items
                 if 2 <= end - start <= 4 and _ALL_HAN.fullmatch(text, start, end)]
        strange = sum(not wordiness(text[start:end]) and named(text[start:end])
                      for start, end in short)
        if strange > 1 and strange * 2 > len(items):
            yield from (Match(start, end) for start, end in short
                        if start not in spans and wordiness(text[start:end]) < 1)
    numbered = list(_numbered_lists(context))
    for items in closed_lists(context, chain(_CLOSING.finditer(text), numbered)):
        items = [(max(start, floors(context).before(end - 2)), end) for start, end in items]
        short = [(start, end) for start, end in items if end - start <= 4]
        kept = {start for start, end in short if start in spans or named(text[start:end])}
        for start, end in short:  # 虎门 is a word, and one of many names here
            if start not in spans and (start in kept or len(kept) > len(items) // 2
                                       and not KIND_OF.search(text[start:end])):
                yield Match(start, end)
    for start, end in spans.items():
        if "一" <= text[end:end + 1] <= "鿿" and text[end] not in "和及等与" and (
                text[end:end + 2] not in words):
            continue  # 上海申和: the place is but a part of the item
        if text[start - 1:start] == "、":
            stop = start - 1
            while stop > 0 and stop not in ends:
                low = max(floors(context).before(stop - 2), stop - 4)
                item = text[low:stop]
                if not (2 <= len(item) <= 3 and _ALL_HAN.fullmatch(item)
                        and _is_edge(text, low) and named(item)):
                    break
                yield Match(low, stop)
                if text[low - 1:low] != "、":
                    break
                stop = low - 1
        after = _ITEM_AFTER.match(text, end) if text[end:end + 1] == "、" else None
        while after is not None and after.start(1) not in spans and named(after.group(1)):
            if after.end() + 1 in spans or text[end - 1] not in "区县镇乡村市":
                yield Match(*after.span(1))
            after = _ITEM_AFTER.match(text, after.end())


def _numbered_lists(context: Context) -> Iterator["re.Match[str]"]:
    """The number that closes a list of places: 砚管、桐周、沅桥 + 3个村."""
    text = context.view.text
    for places in _NUMBERED_PLACES.finditer(context):
        end = places.start()
        count = _COUNT.match(text, end - 1 - text[end - 2:end].isdigit())
        if count is not None and "、" in text[max(0, count.start() - 5):count.start()]:
            yield count


def _is_edge(text: str, start: int) -> bool:
    return start == 0 or not "一" <= text[start - 1] <= "鿿"


_COMPASS = worded(
    r"(?:联动|片区|地区|板块|[两三四五六七][镇乡县])(?<=[东西南北]..)", "联动", "片区", "地区", "板块",
    *(number + kind for number in "两三四五六七" for kind in "镇乡县"))


@rule("LOC", priority=48, score=0.6, lexicons=("openers",), examples=[
    "推进⟦砚东⟧三镇建设，⟦砚东⟧环境一新"],
    rejects=["促进东西联动", "不断扩大联动"])
def part_of_division(context: Context) -> Iterator[Match]:
    """砚东: a part of a division, called by one character and where it lies; wherever it returns."""
    text, marks, words = context.view.text, floors(context).marks, everyday()
    names = set()
    for match in _COMPASS.finditer(context):
        start = match.start() - 2
        name = text[start:match.start()]
        if start >= 0 and marks[start] and _ALL_HAN.fullmatch(name) and name not in words and (
                name[0] not in _NO_PART):
            names.add(name)
    if names:
        for match in re.finditer("|".join(sorted(names)), text):
            start, end = match.span()
            if (marks[start] or text[start - 2:start] in words) and (
                    text[end - 1:end + 1] not in words):
                yield Match(start, end)


_NO_PART = frozenset("东西南北中城江河湖海山岛区县镇乡村市全各沿路大小往向偏靠朝其内外老新两桥门国线之最港园")

_TRADE_ZONE = lazy(r"\([^()]{2,4}\)(?:自由贸易试验区|自贸试验区|自由贸易区|跨境电子商务综合试验区)")


@rule("LOC", priority=52, score=0.85, lexicons=("places", "openers"), examples=[
    "落户⟦佛山高新区⟧", "提升⟦江岚市经济开发区⟧能级", "⟦上海自贸试验区⟧扩区",
    "推动⟦杭州湾新区⟧建设", "打通⟦云桥路⟧、⟦兰溪西路⟧等断头路", "修缮⟦望江大道⟧", "落户⟦云泽高新区⟧",
    "修缮⟦文昌公园⟧", "完成⟦青溪公路⟧养护", "前往⟦佛山西站⟧",
], rejects=["建设国家级高新区", "工业园区和开发区", "走中国特色发展道路", "新建口袋公园3个", "一带一路", "拓宽思路",
            "整治断头路5条", "收费公路养护"])
def site(context: Context) -> Iterator[Match]:
    """A name before 路, 大道, 公园, 机场, 高新区, 新城, 水库 …"""
    for start, end, kind in known_places(context):
        zone = _TRADE_ZONE.match(context.view.text, end) if kind == "nation" else None
        if zone is not None:  # 中国(江岚)自由贸易试验区
            yield Match(start, zone.end())
    for start, end, kind in sites(context):
        yield Match(start, end, 0.8 if kind in ("road", "water") else None)


# What a place is told by that the text calls by its mere name: 元溪岸线, 云溪论坛, “枫泾经验”.
_BRANDS = ("经验", "品牌", "模式")
_CUE = worded(r"岸线|沿线|沿岸|两岸|论坛|(?:经验|品牌|模式)[”\"]", "岸线", "沿线", "沿岸", "两岸", "论坛",
              *(brand + mark for brand in _BRANDS for mark in "”\""))
_OF_THE_WORLD = lazy(r"(?:中国|国际|世界|全球|亚洲)[一-鿿]{0,6}$")
_NO_CUED = lazy(r"[路街道河江湖海港铁线带区县镇乡村市省山轨园]$|^[两沿跨环各本该全滨亲]|[的和与及在]")


@rule("LOC", priority=47, score=0.7, lexicons=("openers",), examples=[
    "推进⟦元桢⟧岸线贯通", "举办⟦砚淞口⟧论坛", "推广“⟦砚桥⟧经验”"], rejects=[
    "推进公共岸线贯通", "举办高峰论坛", "推广“先进经验”", "滨江岸线功能提升", "道路沿线"])
def told_by_cue(context: Context) -> Iterator[Match]:
    """A name of two or three characters before 岸线, 沿线, 论坛, or in “…经验”."""
    text, words = context.view.text, everyday()
    for match in _CUE.finditer(context):
        end = match.start()
        start = max(floors(context).before(end), text.rfind("届", end - 14, end) + 1)
        if match.group() == "论坛":
            whole = _OF_THE_WORLD.search(text[max(start, end - 10):end])
            end -= len(whole.group()) if whole else 0
        elif match.group()[:2] in _BRANDS and text[start - 1:start] not in ("“", '"'):
            continue
        name = text[start:end]
        if not 2 <= len(name) <= 3 or not _ALL_HAN.fullmatch(name) or name in words or (
                wordiness(name) or KIND_OF.search(name) or _NO_CUED.search(name)):
            continue
        yield Match(start, end)


_NUMBERED = lazy(
    rf"\d{{1,4}}街坊|[{HAN}]{{2,4}}[A-Z]{{1,2}}\d+(?:单元|地块)|[{HAN}]{{2,3}}路地块")


@rule("LOC", priority=53, score=0.75, lexicons=("openers",), examples=[
    "⟦36街坊⟧出让", "加快⟦云桥路地块⟧征收"], rejects=["3个地块出让", "36个街坊"])
def plot(context: Context) -> Iterator[Match]:
    """A numbered block or a plot named after its road."""
    text = context.view.text
    for anchor in _PLOT_HEAD.finditer(context):
        low = max(0, anchor.start() - 9)
        for match in _NUMBERED.finditer(text, low, anchor.end()):
            start = match.start()
            if match.end() != anchor.end():
                continue
            if not match.group()[0].isdigit():
                start = max(start, floors(context).before(match.start() + 2))
            yield Match(start, match.end())


_PLOT_HEAD = worded(r"地块|街坊|单元", "地块", "街坊", "单元")
