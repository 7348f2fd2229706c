"""Named sites of a text: roads, zones, parks, stations, waters, by the head that they end in."""
from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from itertools import chain
from typing import Any, Iterator

from labels.govdoc.divisions import FUNCTION, known_places, suffix_stands
from labels.govdoc.gazetteer import ADMINISTRATIVE, gazetteer, verbs, wordiness
from labels.govdoc.names import HAN, Floors, common_words, floors, once
from labels.govdoc.regions import city_characters
from labels.govdoc.site_names import AMONG_PARKS, COUNTED, NAMING_WORDS, NO_ROAD, STOP, \
    is_counted, own_name
from labels.lazy import lazy
from labels.rules import Context

# Heads of names of roads, stations, parks, zones and waters.
_ROADS = ("路", "大道", "大街", "公路", "快速路", "高速公路", "高速", "绕城高速", "街", "老街", "步行街", "古街", "大桥", "特大桥",
          "立交桥", "高架桥", "立交", "隧道", "环线", "胡同", "巷")
_AREAS = (
    "高新区", "高新技术产业开发区", "经开区", "经济技术开发区", "经济开发区", "开发区", "工业园", "工业园区", "工业区", "产业园",
    "产业园区", "科技园", "科技园区", "大学科技园", "创业园", "创业园区", "创意园", "物流园", "物流园区", "软件园", "生态园",
    "博览园", "文化园", "教育园区", "产业新城", "新城", "新区", "综合保税区", "保税港区", "保税区", "综保区", "保税物流园区", "自贸试验区",
    "自由贸易试验区", "自由贸易港", "自由贸易区", "自贸港", "自贸区", "自贸片区", "经济区", "城市群", "都市圈", "经济带", "经济圈",
    "大湾区", "都市区", "中心城区", "休闲带", "农业带", "旅游带", "文旅带", "生态带", "产业带", "创新带", "策源带", "科创走廊", "走廊",
    "国际开放枢纽", "商务区", "中央商务区", "创新城", "科创城", "科学城",
    "科技城", "产业城", "未来城", "智慧城", "航天城", "航空城", "大学城", "教育城", "汽车城", "工业城", "商贸城", "旅游城", "片区",
    "板块", "小镇", "城市副中心", "智创城", "智造城", "新村", "示范区", "功能区", "实践区", "先行区", "试验区",
    "实验区", "合作区", "创新发展区", "创新区", "集聚区",
    "先导区", "引领区", "度假区", "示范带", "旅游度假区", "风景区", "景区", "风景名胜区", "旅游区", "自然保护区", "保护区", "库区", "灌区",
    "风貌区", "历史风貌区", "历史文化风貌区", "信息园", "软件信息园", "核心区",
    "林区", "矿区", "垦区", "牧区", "国家公园", "智谷", "科创园", "种业园", "示范园", "科创谷", "药谷", "云谷", "半岛", "商圈",
    "港区", "新港", "渔港", "陆港", "空港", "口岸", "码头", "陆港区",
    "国际陆港区", "航空港", "临空区", "街区", "新苑", "花苑", "花园", "家园", "雅苑",
    "社区", "小区", "滨江", "地区", "流域", "街坊", "历史文化名镇")
_SITES = (
    "国际机场", "机场", "火车站", "高铁站", "客运站", "汽车站", "北站", "南站", "东站", "西站", "水库", "湿地公园", "森林公园",
    "体育公园", "郊野公园", "公园", "体育场", "体育馆", "体育中心", "广场", "古镇", "古城", "古村", "遗址", "故居", "旧址", "陵园",
    "建筑群", "露天矿", "煤矿", "油田", "步道", "绿道", "湿地", "水利枢纽",
    "运河", "灌渠", "干渠", "林场", "农场", "牧场")
_WATERS = ("河", "湖", "江", "湾", "港", "岛", "溪", "渠", "浜", "泾", "塘", "泉", "涌", "山", "岭", "站")
_CLASS = {**dict.fromkeys(_ROADS, "road"), **dict.fromkeys(_AREAS, "area"),
          **dict.fromkeys(_SITES, "site"), **dict.fromkeys(_WATERS, "water")}
# Heads that most often speak of a kind: they need a name of a place before them.
_WEAK = frozenset((
    "开发区", "示范区", "功能区", "实践区", "先行区", "试验区", "实验区", "合作区", "创新区", "集聚区", "引领区", "先导区",
    "保护区", "示范带", "经济区", "走廊", "街区", "家园", "花园", "小区", "产业城", "智慧城", "未来城", "口岸", "流域", "街坊",
    "示范园", "经济带", "产业带", "创新带", "城市群", "都市圈", "经济圈", "滨江", "库区", "林区", "矿区", "牧区", "巷", "立交",
    "环线", "都市区", "生态带", "旅游带", "泉", "涌", "山", "岭", "站", "农场", "牧场", "林场", "工业城", "景区", "国家公园",
    "体育中心", "自由贸易区", "核心区", "信息园", "社区"))
_WATER_ENDS = lazy(rf"[^{HAN}]|[等和与及至流两上下水畔沿段贯]|岸(?!线)|$")
_HOUSE = lazy(r"\d{1,4}(?:弄\d{1,4})?号(?!线)")
_ROAD_TAIL = lazy(r"[东西南北中]段|口|站(?![点台长位])|(?=.)")


@lru_cache(maxsize=1)
def _head_automaton() -> Any:
    from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
    return AhoCorasick(list(_CLASS), matchkind=MatchKind.LeftmostLongest,
                       implementation=Implementation.DFA)


@lru_cache(maxsize=1)
def _head_list() -> tuple[str, ...]:
    return tuple(_CLASS)


def sites(context: Context) -> tuple[tuple[int, int, str], ...]:
    """Names that end in the head of a road, zone, park, station or water: (start, end, class)."""
    return once(context, "places.sites", _sites)


def _sites(context: Context) -> tuple[tuple[int, int, str], ...]:
    text, found = context.view.text, list(_find_sites(context))
    places = known_places(context)
    by_end = {end: start for start, end, kind in places
              if kind in _JOINED and kind != "province_short" and not _is_full(text, end, kind)}
    zones = []
    for start, end, kind in chain(places, found):
        if kind == "nation":  # 中国产业互联网创新实践区
            model = _MODEL.match(text, end)
            if model is not None and not _STOP_WORDS.search(model.group()):
                zones.append((start, model.end(), "area"))
        elif text[end:end + 1] not in _NO_ZONE and kind in _ANCHORS:
            full = _is_full(text, end, kind)
            last = _zone_end(text, end, full)
            if last is not None:
                zones.append((end if full else start, last, "area"))
    found += zones
    found += _of_lists(text, found)
    if by_end:
        found = [(_joined(start, by_end), end, kind) if start in by_end and kind in (
            "area", "site") and not text.endswith(("地区", "流域"), 0, end) else (start, end, kind)
            for start, end, kind in found]
    return tuple(found)


def _of_lists(text: str, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Where the names return that a list tells to be zones: 智力产业园等园区."""
    starts = {start for start, _, _ in found}
    names = {text[start:end] for start, end, kind in found
             if kind == "area" and AMONG_PARKS.match(text, end)}
    return [(match.start(), match.end(), "area") for name in sorted(names)
            for match in re.finditer(re.escape(name), text) if match.start() not in starts]


def _joined(start: int, by_end: dict[int, int]) -> int:
    """Where a name begins whose places touch: 云泽 + 砚溪 + 休闲区."""
    while start in by_end:
        start = by_end[start]
    return start


def _is_full(text: str, end: int, kind: str) -> bool:
    """Whether the place is a division called by its whole name (云泽区, not 杭州)."""
    return text[end - 1] in _DIVISION_ENDS and kind not in _NO_DIVISION


# Kinds of places that a zone is named after together with a second one.
_JOINED = ADMINISTRATIVE - {"nation", "country", "province"} | {"nature", "division", "learned"}
_MODEL = lazy(rf"[{HAN}]{{3,12}}?(?:示范区|实践区|试验区|先行区)(?![{HAN}]*[建创])")
_STOP_WORDS = lazy(r"[的和与及在是为个]|特色|推进|建设|打造")
_DIVISION_ENDS = "省市区县州盟旗镇乡村"
_ANCHORS = _JOINED | {"road", "area", "chain", "pair"}
# What does not follow a place within the name of a zone.
_NO_ZONE = frozenset((*FUNCTION, *"，、。；：！？,.;:!?()“”\"《》<>[]|-—/%· \t\n", ""))
_NO_DIVISION = frozenset((
    "road", "area", "zone", "region", "learned", "county_short", "district_short", "city_short",
    "city_ambiguous", "province_short", "chain", "pair"))
# What a zone is called that is named after a place and told by a body: 城市副中心, 发展带.
_ZONE = lazy(
    r"副中心|枢纽|客厅|走廊|廊道|片区|组团|板块|区块|园区|小镇|产业社区|(?:开发|示范|试验|实验|合作|集聚|"
    r"先行|先导|引领|加工|度假|保护|保税)区|[区带圈园城港湾谷]")
_ZONE_STOP = lazy(rf"[^{HAN}A-Za-z0-9]|[在对与和及向由为的了是将把被从至于以到给让等各并或年月]")
_ZONE_OR_STOP = lazy(f"{_ZONE.pattern}|({_ZONE_STOP.pattern})")
# Two characters that are a word and end a name all the same; other words only tell a kind.
_ZONE_WORDS = frozenset((
    "新城", "老城", "古城", "水城", "府城", "新区", "园区", "景区", "湾区", "片区", "商圈", "陆港", "空港", "新港", "海港", "渔港",
    "港区", "港湾", "海湾", "硅谷", "区块", "特区", "矿区", "林区", "牧区", "库区"))


def _zone_end(text: str, end: int, full: bool) -> int | None:
    """The end of the zone named after the place that ends at `end`: 云泽滨江 + 发展带.

    `full`: the place is a division called by its whole name (云泽区).
    """
    limit = min(end + 14, len(text))
    first = _ZONE_OR_STOP.search(text, end, limit)
    if first is None or first.group(1):
        return None
    stop = _ZONE_STOP.search(text, end, limit)
    if stop is not None:
        limit = stop.start()
    head = _ZONE.search(text, end, limit)
    best, low = None, end
    while head is not None and head.end() <= limit:
        body = text[low:head.start()]
        if _names_zone(text, body, head) and not (full and wordiness(body) >= 0.5):
            best = low = head.end()
        head = _ZONE.search(text, head.end(), limit)
    return best


_KIND_OF_ZONE = lazy(
    r"^[各全本我该某每其级内一二三四五六七八九十两几多]|(?:中心|主|老|旧|(?<!创)新|建成|城|社|小|校|市|郊|山|灾|辖"
    r"|行政|沉陷|棚户|居住|居民|住宅|贫困|地|安置|主产|办公"
    r"|院|[扩设撤划跨入出进])区$|(?:产|绕|主|全|进|出|建|双|县|省)城$|[疏进出]港$|幼儿园$"
    r"|(?:生活|服务|朋友|生态)圈$|(?:人行|皮|地|一|热)带$")


def _names_zone(text: str, body: str, head: "re.Match[str]") -> bool:
    """Whether `body` and the head behind it may follow the place that a zone is named after."""
    words, end = common_words(), head.end()
    if not body and head.group() not in ("枢纽", "园", "港") or COUNTED.search(body) or (
            is_counted(body, head.group())):
        return False
    if body and not _is_body(body, "area") or _KIND_OF_ZONE.search(body + head.group()):
        return False
    if len(head.group()) == 1:
        last = text[head.start() - 1:end]
        if last in words and last not in _ZONE_WORDS:
            return False
        if body and text[head.start() - 2:head.start()] not in words and (
                len(body) > 2 or wordiness(body)):
            return False
    follow = text[end:end + 1]
    if not "一" <= follow <= "鿿" or follow in FUNCTION or follow in "获入":
        return True
    return text[end - 1:end + 1] not in words and (
        text[end:end + 2] in words or len(head.group()) > 1 and follow not in "型化港性级链经")


def _find_sites(context: Context) -> Iterator[tuple[int, int, str]]:
    text, floor = context.view.text, floors(context)
    heads = _head_list()
    places = _Places(context)
    by_end: dict[int, int] = {}
    inside = bytearray(len(text) + 1)  # 1 inside a known place
    for first, last, _ in known_places(context):
        by_end[last] = first
        inside[first:last] = b"\1" * (last - first)
    last_road = (0, 0)
    words = common_words()
    for index, head, end in _head_automaton().find_matches_as_indexes(text):
        term = heads[index]
        kind = _CLASS[term]
        if kind == "water" and (floor.marks[head] or not (_WATER_ENDS.match(text, end) or (
                text[end:end + 2] in words and text[end - 1:end + 1] not in words))):
            continue
        first = head - (text[head - 1] in "东西南北中")  # 建设东路
        named = kind == "road" and text[first - 2:first] in NAMING_WORDS and (
            first == 2 or not "一" <= text[first - 3] <= "鿿")
        if named and (floor.marks[first] or first < head):  # 建设路: its name is an opener too
            yield first - 2, end, kind
            continue
        if inside[head] and inside[end] or head in floor.inner or floor.marks[head] and not (
                kind == "area" and text[head - 2:head] in _IN_ZONE):
            continue
        if by_end.get(end, head) < head or not suffix_stands(text, end):
            continue
        if term == "地区" and (text[end:end + 2] in ("生产", "总产", "经济") or text[head - 1] in "省市区县"):
            continue
        start = _begin(context, head, term, kind, places, last_road[1])
        if start is None and last_road[1] == head and term.endswith("街"):
            start = last_road[0]  # 云桥路步行街
        if start is None:
            continue
        if kind == "road" and text.startswith("街道", end):
            continue  # 解放路街道
        if kind == "road":
            tail = _ROAD_TAIL.match(text, end) if term.endswith("路") else None
            if tail is not None:
                end = tail.end()
            if last_road[1] == start:  # 云桥路兰溪路口: where two roads meet
                start = last_road[0]
            last_road = (start, end)
            number = _HOUSE.match(text, end)
            if number is not None:  # 江岚市云桥路8号
                end = number.end()
                while start in by_end:
                    start = by_end[start]
        if kind == "water":
            places.water = (start, end, "nature")  # 云泽湖湿地, 云泽湖国家级旅游度假区
        yield start, end, kind


class _Places:
    """The places that a site may be named after, and the last water that was found."""

    def __init__(self, context: Context) -> None:
        self.found = [place for place in known_places(context) if place[2] in ADMINISTRATIVE
                      or place[2] in ("nature", "learned", "division", "chain", "pair")]
        self.starts = [place[0] for place in self.found]
        self._ends = {place[1] for place in known_places(context)}
        self.water: tuple[int, int, str] | None = None

    def listed_before(self, text: str, mark: int) -> bool:
        """Whether the item before the 、 at `mark`, or the one before that, ends in a place."""
        second = text.rfind("、", max(0, mark - 5), mark)
        return mark in self._ends or second in self._ends or (
            self.water is not None and self.water[1] in (mark, second))


_LETTERS = lazy(r"[A-Za-z][A-Za-z0-9]{0,5} ?$")


def _with_letters(text: str, head: int, floor: Floors) -> int | None:
    """Where 砚集 e 智谷 begins: a name that letters part from its head."""
    letters = _LETTERS.search(text[max(0, head - 8):head])
    if letters is None:
        return None
    end = head - len(letters.group())
    end -= text[end - 1:end] == " "
    start = floor.before(end - 2)
    return start if 2 <= end - start <= 4 and not wordiness(text[start:end]) else None


_NO_COMMUNITY = "省市区县镇乡村国"
# Openers that stand before the head of a zone.
_IN_ZONE = frozenset(("创新", "合作", "改革", "发展", "开发", "示范", "集聚", "保护", "协作", "改造", "中和"))


def _begin(context: Context, head: int, term: str, kind: str,
           places: _Places, after: int) -> int | None:
    """Where the name that ends in `term` at `head` begins, or None if it names nothing.

    `after` is where the last road ends: 云桥路兰溪路口.
    """
    text, floor = context.view.text, floors(context)
    if kind == "area" and text[head - 1:head].isascii():
        return _with_letters(text, head, floor)
    first = head
    while kind == "area" and floor.marks[first] and text[first - 2:first] in _IN_ZONE:
        first -= 2  # 沈抚改革创新示范区
    low = max(floor.before(first), head - 14, after if after <= head else 0)
    place = _place_before(text, head, places, 14 if kind == "area" else 8)
    if place is not None:
        start, end, place_kind = place
        body = text[end:head]
        full = _is_full(text, end, place_kind)
        if kind == "water":
            return start if not full and not body and term not in "站山" else None
        if full and body and (kind in ("road", "site") or wordiness(body) < 0.5) and end >= low:
            low = end  # 云泽区望江路: two places
        elif full and not body and kind in ("road",):
            return None
        elif full and (not body and term in _WEAK or body and wordiness(body) > 0.5):
            return None
        elif COUNTED.search(body):
            return None
        elif STOP.search(body):
            low = max(low, end)  # 云泽滨江和砚溪桥开发区: two places
        elif body and not _is_body(body, kind) or term in ("小区", "社区") and (
                body and wordiness(body) > 0.5 or text[head - 1] in _NO_COMMUNITY):
            return None
        else:
            if start and text[start - 1] in "东西南北环大" and floor.before(start) == start - 1:
                start -= 1  # 北虹桥商务区
            return start
    if kind == "water" and 2 <= head - low <= 3 and text[low - 1:low] == "、" and (
            places.listed_before(text, low - 1)):
        return low  # 棋盘山 in 蒲河、棋盘山、卧龙湖
    if term in _WEAK and kind != "area" or term == "社区":
        return None
    lexicon = context.lexicon("places")
    return own_name(text, low, head, kind, term, term in _WEAK, gazetteer(lexicon).kinds,
                    lexicon.derived(city_characters))


_NO_BODY = lazy(
    rf"{STOP.pattern}|[获跨驻赴让给随占]|经(?![济贸开])|入(?!境)|出(?!口)|供(?![应销水热])|\dA|企业|毗邻|[区县镇村路街]")


_NAME_VERBS = frozenset((
    "创新", "开放", "合作", "示范", "集聚", "加工", "种植", "养殖", "配套", "转型", "升级", "引领", "融合", "交易", "生产",
    "运输", "储备",
    "展示", "养生", "加速", "集散", "分拨", "包装", "冶炼", "铸造", "互联", "采摘", "健身", "创意", "育种", "繁育", "节能", "采购",
    "批发", "修船", "飞行", "综合", "休闲", "孵化", "制造", "度假", "旅游", "流通", "循环"))


@lru_cache(maxsize=1)
def _plain_verbs() -> frozenset[str]:
    return verbs() - _NAME_VERBS


def _is_body(body: str, kind: str) -> bool:
    """Whether `body` may stand between the place a site is named after and its head."""
    if len(body) > (6 if kind == "road" else 12) or _NO_BODY.search(body):
        return False
    if kind == "road" and NO_ROAD.search(body):
        return False
    plain = _plain_verbs()
    return not any(body[index:index + 2] in plain for index in range(len(body) - 1))


_BROKEN = lazy(rf"[^{HAN}\w]|_")


def _place_before(text: str, head: int, places: _Places, reach: int) -> tuple[int, int, str] | None:
    """The nearest known place before `head` with nothing but a body between."""
    index = bisect_right(places.starts, head - 2)
    while index and places.starts[index - 1] >= head - reach - 4:
        index -= 1
        start, end, kind = places.found[index]
        if end <= head:
            if places.water is not None and start < places.water[0] <= head - 2:
                start, end, kind = places.water
            return None if _BROKEN.search(text, end, head) else (start, end, kind)
    if places.water is not None and places.water[0] >= head - reach - 4:
        start, end, kind = places.water
        return None if _BROKEN.search(text, end, head) else (start, end, kind)
    return None
