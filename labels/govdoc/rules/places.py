"""LOC: administrative divisions, towns and villages, roads, waters, parks, zones, stations."""
from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Iterator

from labels.govdoc.gazetteer import ADMINISTRATIVE, everyday, gazetteer, verbs, wordiness
from labels.govdoc.names import HAN, common_words, floors, once
from labels.rules import Context, Match, rule

# 上海市场, 上海市民, 江岚区级: the last character belongs to the next word.
_NOT_SUFFIX = {
    "市": "场集民容级值郊域情政", "区": "域级位块间划情别", "县": "域级城乡情", "省": "级域内外情",
    "州": "级", "镇": "级域", "路": "径由线网段面程灯", "河": "道长湖", "江": "河湖",
    "湖": "泊长", "村": "民级居庄镇", "乡": "村镇贤愁", "街道": "工党", "街": "道镇区坊头边心巷面乡舞景", "桥": "梁", "旗": "下帜号杆",
}
_DIVISION = re.compile(r"[市区县镇乡村]|街道|自治[州旗]")
_AFTER_NATION = re.compile(
    r"特色|梦|式|人民?|化|共产党|政府|移动|电信|联通|节|队|制造|方案|智慧|速度|品牌|故事|声音|力量|精神")
_FLAT = ("政府", "政协", "情报", "级机", "党组", "位于", "内河", "级以")
# What follows a place: a boundary, a function word, or a word of its own.
_FOLLOWS = "的和与及等在为至到是有以将已对向从由被获赴省市县区州段籍产各两三四五六七八九十地本全境内"
_FUNCTION = "在对与和及向由为的了是将把被从至于以到给让经据按往赴驻离距入比如像沿环含本各等并或"
_ETHNIC = ("(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西"
           "|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安"
           "|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各|黎苗|苗侗)族?")
_AUTONOMOUS = re.compile(rf"(?:{_ETHNIC}){{0,3}}自治[州县旗](?!域|级)")
_PEOPLES = re.compile(rf"(?:{_ETHNIC})+自治$")
_LONGER = re.compile(rf"{_AUTONOMOUS.pattern}|(?:[左右]翼)?[左右前中后]旗|街道(?![工党])|古镇|古城|老街"
                     r"|地区(?!生产)|[区县镇乡旗](?![域级村镇贤愁位块间划别下帜])|村(?![民级居庄镇两])")


_AMBIGUOUS_LONGER = re.compile(rf"{_AUTONOMOUS.pattern}|街道(?![工党])|[区县镇乡旗](?![域级村镇贤愁位块间划别下帜])")


def _suffix_stands(text: str, end: int) -> bool:
    """Whether the last character of a name that ends at `end` is not the start of a word."""
    for length in (2, 1):
        followers = _NOT_SUFFIX.get(text[end - length:end])
        if followers is not None:
            return not (end < len(text) and text[end] in followers) or text[end:end + 2] in _FLAT
    return True


def known_places(context: Context) -> tuple[tuple[int, int, str], ...]:
    """Places by name and by pattern, and their short names in this text: (start, end, kind)."""
    return once(context, "places.known", _known_places)


def _known_places(context: Context) -> tuple[tuple[int, int, str], ...]:
    text = context.view.text
    names = gazetteer(context.lexicon("places"))
    found: list[tuple[int, int, str]] = []
    ends: set[int] = set()
    floor, common = floors(context), common_words(400)
    for term, start, end in names.find(text):
        kind = names.kinds[term]
        if start in floor.inner:  # 形成都市: the place is not there
            continue
        if kind.endswith("_ambiguous") and not (floor.marks[start] and (
                _AMBIGUOUS_LONGER.match(text, end) or kind == "city_ambiguous" and _clearly_place(
                    text, term, start, end))):
            continue
        if kind == "nation":
            if _AFTER_NATION.match(text, end) or text[start - 2:start] in (
                    "美丽", "健康", "平安", "数字", "法治", "信用"):
                continue
        elif kind.endswith(("_short", "_ambiguous")) or kind in (
                "zone", "nature", "country", "region"):
            longer = _LONGER.match(text, end) if kind not in (
                "nature", "country", "region") else None
            if longer is not None:
                if longer.group() in ("县", "区", "市") and kind == "county_short" and (
                        start in floor.inner):
                    continue
                end = longer.end()
            elif kind == "county_short":
                if not _stands_alone(context, start, end, ends):
                    continue
            elif _cuts_words(text, start, end) or kind == "nature" and (
                    text[end - 1:end + 1] in common or text[start - 1:start + 1] in common):
                continue
        elif not _suffix_stands(text, end):
            # 上海市场: the short name stands, the long one does not.
            if term[:-1] not in names.kinds or names.kinds[term[:-1]].endswith("_ambiguous"):
                continue
            end -= 1
        if kind == "zone" and text[start - 1:start] in ("东", "西", "南", "北") and floor.before(
                start) == start - 1:
            start -= 1  # 西虹桥
        found.append((start, end, kind))
        ends.add(end)
    taken = {start for start, _, _ in found}
    for start, end in _divisions(context, ends):
        if taken.isdisjoint(range(start, end)):
            found.append((start, end, "division"))
    found.extend(_learned(context, found))
    return tuple(sorted(set(found)))


def _cuts_words(text: str, start: int, end: int) -> bool:
    """动迁安置, 机关中心: the name is cut out of two words, or out of one and its head is lost."""
    words = common_words(400)
    if text[end:end + 1] in ("岸", "侧", "陆"):  # 东平河北岸
        return True
    left = text[start - 1:start + 1] in words and text[start - 1] not in _FUNCTION
    right = text[end - 1:end + 1] in words
    return left and (right or end - start == 2 and text[end:end + 2] not in common_words())


def _clearly_place(text: str, term: str, start: int, end: int) -> bool:
    """中山 (a city), 高明 (a district): no everyday word, and a boundary or a verb follows."""
    if term in everyday() or text[start - 1:start + 1] in everyday():
        return False
    follow = text[end:end + 1]
    return not "一" <= follow <= "鿿" or follow in "的和与及等在" or text[end:end + 2] in (
        "财政", "经济", "实践", "工作", "市民", "高质")


def _stands_alone(context: Context, start: int, end: int, ends: set[int]) -> bool:
    """Whether a name that may also be part of a word has a boundary before and after it."""
    text = context.view.text
    if start not in ends and floors(context).before(start) != start:
        return False
    words = common_words()
    if text[start - 1:start + 1] in words and text[start - 1] not in _FUNCTION:
        return False
    follow = text[end:end + 1]
    if not "一" <= follow <= "鿿":
        return True
    if text[end - 1:end + 1] in words:
        return False
    return follow in _FOLLOWS or text[end:end + 2] in words


# What is said of a kind of division and names none: 中心镇, 示范区, 两省, 全县, 智慧城市.
_KIND_OF = re.compile(
    r"[省市区县镇乡的了是有个各全本我该某其级度性率费额类新旧老每两跨这另外邻进出入超门股楼夜车汛片强名百千万多几首下上送返回撤街届财农]$"
    r"|^[各全本我该某每其这两几多跨一省市区县镇乡村级]"
    r"|中心|特色|示范|重点|美丽|行政|自然|贫困|城中|试点|文明|未来|传统|历史|旅游|边境|中等|大型|小型|特大|超大|大[省市县城]|建制"
    r"|核心|功能|开发|保护|合作|实验|实践|试验|先行|高新|经开|保税|度假|风景|集聚|工业|居民|自治|成片|棚户|住宅"
    r"|紧密|普惠|强[省市区县镇村]|空心|薄弱|富裕|宜居|和美|幸福|老旧|双拥|无废|一流|世界|脱贫|出口|以上|一带|口岸|代表|自贸|集建"
    r"|先进|偏远|沉陷|采煤|扩权|数字|智慧|平安|法治|健康|海绵|韧性|低碳|生态|现代|困难|同级|上级|下级|相关|有关|周边"
    r"|沿线|所在|地方|部分|其他|同类|集体|连片|易地|彩票|整[省市县乡村]|缴费")
# The first characters of 社区, 园区, 山区, 城市, 股市 and other words that end in the head.
_NOT_BEFORE = {
    "区": re.compile(r"[园社地小景学片街户宅沙联校辖灾新特库郊市林牧山老专战疫禁聚住里湾城军边矿厂港海]$"),
    "市": re.compile(r"[城都股超夜早菜拟上]$"), "村": re.compile(r"城中$|林$")}
_NEVER = re.compile(r"(?!)")
_FEW = frozenset("市区县")


def _divisions(context: Context, ends: set[int]) -> Iterator[tuple[int, int]]:
    """云泽区, 香桥街道, 南坪村: a division's head with a name of two to four characters.

    `ends` are the ends of known places: a division may follow another (江岚市云泽区). An everyday
    word names a town only there and in a list (江岚市红旗镇).
    """
    text, floor = context.view.text, floors(context)
    marks = floor.marks
    for match in _DIVISION.finditer(text):
        head, end = match.span()
        if marks[head] or marks[head - 1] or end in ends or head in floor.inner:
            continue
        if not _suffix_stands(text, end) or text[end:end + 1] in ("长", "直"):
            continue
        start = max(floor.before(head),
                    max((place for place in range(head - 4, head) if place in ends), default=0))
        if text.endswith("自治", 0, head):
            people = _PEOPLES.search(text, max(start, head - 18), head)
            if people is not None and 2 <= people.start() - start <= 5:
                ends.add(end)
                yield start, end
            continue
        most = 3 if match.group() in _FEW else 4
        if start not in ends:
            if head - start > most:
                start = max((at + 1 for at in range(head - 4, head - 2)
                             if text[at] in "到在对向由与和及赴"), default=start)
            start = _trim(text, start, head)
        if not 2 <= head - start <= most or context.view.gap_before(head):
            continue
        core = text[start:head]
        if (_NOT_BEFORE.get(match.group()) or _NEVER).search(core):
            continue
        if _KIND_OF.search(core) or not (_is_core(core) or len(core) == 2 and (
                start in ends or match.group() in "村镇乡" and "、" in (text[start - 1], text[end:end + 1]))):
            continue
        ends.add(end)
        yield start, end


def _is_core(core: str) -> bool:
    """Whether a name of a division may be made of `core`: no everyday word, no word inside."""
    words = common_words(400)
    return core not in common_words() and not (
        len(core) >= 3 and (core[:2] in words or core[-2:] in words))


def _learned(context: Context, found: list[tuple[int, int, str]]
             ) -> Iterator[tuple[int, int, str]]:
    """Short names of the divisions that the text names in full (云泽 for 云泽区)."""
    text = context.view.text
    names = gazetteer(context.lexicon("places")).kinds
    words = everyday()
    shorts = set()
    for start, end, kind in found:
        name = text[start:end]
        if kind in ("district", "division", "city", "county") and len(name) >= 3:
            short = name[:-2] if name.endswith("街道") else name[:-1]
            if name[-1] in "区县市镇乡道" and len(short) >= 2:
                shorts.add(short)
    shorts = {name for name in shorts if names.get(name, "_ambiguous").endswith("_ambiguous")
              and (name not in words or name in names)}
    if not shorts:
        return
    taken = {index for start, end, _ in found for index in range(start, end)}
    ends = {end for _, end, _ in found}
    longest_first = sorted(map(re.escape, shorts), key=lambda name: (-len(name), name))
    for match in re.finditer("|".join(longest_first), text):
        start, end = match.span()
        if not taken.isdisjoint(range(start, end)):
            continue
        if (match.group() in names or match.group() in words) and not _stands_alone(
                context, start, end, ends):
            continue
        yield start, end, "learned"


@rule("LOC", priority=50, score=0.9, lexicons=("places", "openers"), examples=[
    "⟦江岚市⟧⟦云泽区⟧全年新增企业三百家", "融入⟦长三角⟧一体化", "⟦上海⟧市场活跃", "支援⟦武汉⟧",
    "⟦浙江省⟧各地", "走访⟦青溪镇⟧", "⟦中国⟧与⟦老挝⟧合作", "⟦科尔沁左翼中旗⟧增长",
    "⟦保亭黎族苗族自治县⟧教育支出", "⟦江岚市⟧⟦红旗镇⟧",
], rejects=["全区上下一心", "我市城市品质提升", "本镇居民小区", "中国特色社会主义", "社区和园区",
            "建设宜居城市", "送戏下乡活动", "机关中的人员"])
def named_division(context: Context) -> Iterator[Match]:
    """A place of the lexicon, or a name before 区, 县, 镇, 街道, 村 …"""
    text, lexicon = context.view.text, context.lexicon("places")
    for start, end, kind in known_places(context):
        name = text[start:end]
        yield Match(start, end, 0.8 if kind in ("division", "learned", "county_short") else None,
                    (name,) if name in lexicon else ())


_ITEM_AFTER = re.compile(rf"、([{HAN}]{{2,3}})(?=[、,，。;)和及等与]|\n|$)")


@rule("LOC", priority=49, score=0.65, lexicons=("places", "openers"), examples=[
    "覆盖⟦云溪⟧、⟦桐汀⟧、⟦青荻镇⟧", "⟦武汉⟧、⟦砚溪⟧、⟦长沙⟧等地"],
    rejects=["企业、财政、审计", "全区、企业、学校"])
def listed_place(context: Context) -> Iterator[Match]:
    """A name between 、 and a place, in a list that has no other everyday words."""
    text = context.view.text
    spans = {start: end for start, end, _ in known_places(context)}
    ends = set(spans.values())
    words = everyday()

    def named(name: str) -> bool:
        return name not in words and not _KIND_OF.search(name) and wordiness(name) == 0 \
            and name[0] not in _FUNCTION

    for start, end in spans.items():
        if "一" <= text[end:end + 1] <= "鿿" and text[end] not in "和及等与":
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
        after = _ITEM_AFTER.match(text, end)
        while after is not None and after.start(1) not in spans and named(after.group(1)):
            if after.end() + 1 in spans or text[end - 1] not in "区县镇乡村市":
                yield Match(*after.span(1))
            after = _ITEM_AFTER.match(text, after.end())


def _is_edge(text: str, start: int) -> bool:
    return start == 0 or not "一" <= text[start - 1] <= "鿿"


# Heads of names of roads, stations, parks, zones and waters.
_ROADS = ("路", "大道", "大街", "公路", "快速路", "高速公路", "高速", "绕城高速", "街", "老街", "步行街", "古街", "大桥", "特大桥",
          "立交桥", "高架桥", "立交", "隧道", "环线", "胡同", "巷")
_AREAS = (
    "高新区", "高新技术产业开发区", "经开区", "经济技术开发区", "经济开发区", "开发区", "工业园", "工业园区", "工业区", "产业园",
    "产业园区", "科技园", "科技园区", "大学科技园", "创业园", "创业园区", "创意园", "物流园", "物流园区", "软件园", "生态园",
    "博览园", "文化园", "教育园区", "产业新城", "新城", "新区", "综合保税区", "保税区", "综保区", "保税物流园区", "自贸试验区",
    "自由贸易试验区", "自由贸易港", "自由贸易区", "自贸港", "自贸区", "自贸片区", "经济区", "城市群", "都市圈", "经济带", "经济圈",
    "大湾区", "都市区", "中心城区", "休闲带", "农业带", "旅游带", "文旅带", "生态带", "产业带", "创新带", "策源带", "科创走廊", "走廊", "国际开放枢纽", "商务区", "中央商务区", "创新城", "科创城", "科学城",
    "科技城", "产业城", "未来城", "智慧城", "航天城", "航空城", "大学城", "教育城", "汽车城", "工业城", "商贸城", "旅游城", "片区",
    "板块", "小镇", "新村", "示范区", "功能区", "实践区", "先行区", "试验区", "实验区", "合作区", "创新发展区", "创新区", "集聚区",
    "先导区", "引领区", "度假区", "旅游度假区", "风景区", "景区", "风景名胜区", "旅游区", "自然保护区", "保护区", "库区", "灌区",
    "林区", "矿区", "垦区", "牧区", "国家公园", "智谷", "科创园", "种业园", "示范园", "科创谷", "药谷", "云谷", "半岛", "商圈",
    "港区", "新港", "渔港", "陆港", "空港", "口岸", "码头", "航空港", "临空区", "街区", "新苑", "花苑", "花园", "家园", "雅苑",
    "小区", "滨江", "地区", "流域", "街坊", "历史文化名镇")
_SITES = (
    "国际机场", "机场", "火车站", "高铁站", "客运站", "汽车站", "北站", "南站", "东站", "西站", "水库", "湿地公园", "森林公园",
    "体育公园", "郊野公园", "公园", "体育场", "体育馆", "体育中心", "广场", "古镇", "古城", "古村", "遗址", "故居", "旧址", "陵园", "建筑群", "露天矿", "煤矿", "油田", "步道", "绿道", "湿地", "水利枢纽",
    "运河", "灌渠", "干渠", "林场", "农场", "牧场")
_WATERS = ("河", "湖", "江", "湾", "港", "岛", "溪", "渠", "泉", "涌", "山", "岭", "站")
_CLASS = {**dict.fromkeys(_ROADS, "road"), **dict.fromkeys(_AREAS, "area"),
          **dict.fromkeys(_SITES, "site"), **dict.fromkeys(_WATERS, "water")}
# Heads that most often speak of a kind: they need a name of a place before them.
_WEAK = frozenset((
    "开发区", "示范区", "功能区", "实践区", "先行区", "试验区", "实验区", "合作区", "创新区", "集聚区", "引领区", "先导区",
    "保护区", "经济区", "走廊", "街区", "家园", "花园", "小区", "产业城", "智慧城", "未来城", "口岸", "流域", "街坊",
    "示范园", "经济带", "产业带", "创新带", "城市群", "都市圈", "经济圈", "滨江", "库区", "林区", "矿区", "牧区", "巷", "立交",
    "环线", "都市区", "生态带", "旅游带", "泉", "涌", "山", "岭", "站", "农场", "牧场", "林场", "港", "工业城", "景区", "国家公园", "体育中心", "自由贸易区"))
_WATER_ENDS = re.compile(rf"[^{HAN}]|[等和与及至流两上下水畔沿段]|岸(?!线)|$")
_HOUSE = re.compile(r"\d{1,4}(?:弄\d{1,4})?号(?!线)")
_ROAD_TAIL = re.compile(r"[东西南北中]段|口|(?=.)")
# No name holds these between its place and its head.
_STOP = re.compile(r"[的了在对将向及与是为于从到至被其各等并或和有使以全个年月、]|建设|推进|打造|加快|推动|实现|成为|纳入|获评|入选")
_NO_ROAD = re.compile(
    r"(?:道|铁|线|网|思|出|套|电|之|断头|一带一|主干|水泥|油|街|公|快速|骨干|城乡|等级|[省市区县乡村国专农]|普通|干线|收费|致富"
    r"|跑|弯|上|下|一条|这条|该条|重要|主要|城市|农村|旅游|断头瓶颈|前进|问|赶|走|让|岔|高架|内环|中环|外环|路|改革|发展道|新"
    r"|级|示范|样板|畅通|发展|辟|开|马|共享|专用|规划|配套|连接|联络|产业|景观|绿化|环山|^支|沥青|通[村乡组])$")


@lru_cache(maxsize=1)
def _head_automaton() -> Any:
    import ahocorasick_rs
    return ahocorasick_rs.AhoCorasick(list(_CLASS), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


@lru_cache(maxsize=1)
def _head_list() -> tuple[str, ...]:
    return tuple(_CLASS)


def sites(context: Context) -> tuple[tuple[int, int, str], ...]:
    """Names that end in the head of a road, zone, park, station or water: (start, end, class)."""
    return once(context, "places.sites", lambda given: tuple(_find_sites(given)))


def _find_sites(context: Context) -> Iterator[tuple[int, int, str]]:
    text, floor = context.view.text, floors(context)
    heads = _head_list()
    starts = _starts(context)
    by_end = {end: start for start, end, _ in known_places(context)}
    inside = {index: end for start, end, _ in known_places(context)
              for index in range(start, end)}
    last_road = (0, 0)
    words = common_words()
    for index, head, end in _head_automaton().find_matches_as_indexes(text):
        term = heads[index]
        kind = _CLASS[term]
        if kind == "water" and not (_WATER_ENDS.match(text, end) or (
                text[end:end + 2] in words and text[end - 1:end + 1] not in words)):
            continue
        named = floor.marks[head] and kind == "road" and text[head - 2:head] in _NAMING_WORDS and (
            head == 2 or not "一" <= text[head - 3] <= "鿿")  # 建设路: its name is an opener too
        if named:
            yield head - 2, end, kind
            continue
        if floor.marks[head] or head in floor.inner or inside.get(head, 0) > end or end in by_end and by_end[end] < head or not _suffix_stands(
                text, end):
            continue
        if term == "地区" and (text[end:end + 2] in ("生产", "总产", "经济") or text[head - 1] in "省市区县"):
            continue
        start = _begin(context, head, term, kind, starts, last_road[1])
        if start is None:
            continue
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
            starts[start] = (end, "nature")  # 云泽湖湿地, 云泽湖国家级旅游度假区
        yield start, end, kind


_TRADE_ZONE = re.compile(r"\([^()]{2,4}\)(?:自由贸易试验区|自贸试验区|自由贸易区|跨境电子商务综合试验区)")


def _starts(context: Context) -> dict[int, tuple[int, str]]:
    """Where known places that a site may be named after start: start → (end, kind)."""
    return {start: (end, kind) for start, end, kind in known_places(context)
            if kind in ADMINISTRATIVE or kind in ("nature", "learned", "division")}


def _begin(context: Context, head: int, term: str, kind: str,
           starts: dict[int, tuple[int, str]], after: int) -> int | None:
    """Where the name that ends in `term` at `head` begins, or None if it names nothing.

    `after` is where the last road ends: 云桥路兰溪路口.
    """
    text, floor = context.view.text, floors(context)
    low = max(floor.before(head), head - 14, after if after <= head else 0)
    place = _place_before(text, head, starts, 14 if kind == "area" else 8)
    if place is not None:
        start, end, place_kind = place
        body = text[end:head]
        full = text[end - 1] in "省市区县州镇乡旗" and place_kind != "learned"
        if kind == "water":
            return start if not full and not body and term not in "站山" else None
        if full and body and (kind in ("road", "site") or wordiness(body) < 0.5) and end >= low:
            low = end  # 云泽区望江路: two places
        elif full and not body and kind in ("road",):
            return None
        elif full and (not body and term in _WEAK or body and wordiness(body) > 0.5):
            return None
        elif body and not _is_body(body, kind):
            return None
        else:
            if start and text[start - 1] in "东西南北环大" and floor.before(start) == start - 1:
                start -= 1  # 北虹桥商务区
            return start
    if term in _WEAK and term not in ("产业带", "经济带", "生态带", "旅游带", "都市区"):
        return None
    return _own_name(text, low, head, kind, term)


_NO_BODY = re.compile(rf"{_STOP.pattern}|[获经跨驻赴入出让供给随占]|\dA|企业|毗邻|[区县镇村路街]")


_NAME_VERBS = frozenset((
    "创新", "开放", "合作", "示范", "集聚", "加工", "种植", "养殖", "配套", "转型", "升级", "引领", "融合", "交易", "生产", "运输", "储备",
    "休闲", "孵化", "制造", "度假", "旅游", "流通", "循环"))


def _is_body(body: str, kind: str) -> bool:
    """Whether `body` may stand between the place a site is named after and its head."""
    if len(body) > (6 if kind == "road" else 12) or _NO_BODY.search(body):
        return False
    if kind == "road" and _NO_ROAD.search(body):
        return False
    plain = verbs() - _NAME_VERBS
    return not any(body[index:index + 2] in plain for index in range(len(body) - 1))


def _place_before(text: str, head: int, starts: dict[int, tuple[int, str]],
                  reach: int) -> tuple[int, int, str] | None:
    """The nearest known place before `head` with nothing but a body between."""
    for start in range(head - 2, max(-1, head - reach - 4), -1):
        if start not in starts:
            char = text[start]
            if not ("一" <= char <= "鿿" or char.isalnum()):
                return None
            continue
        end, kind = starts[start]
        if end <= head:
            return start, end, kind
    return None


def _own_name(text: str, low: int, head: int, kind: str, term: str) -> int | None:
    """The start of a name without a place in it: two to five characters that are no words."""
    low = _trim(text, low, head)
    words = everyday()
    while kind != "road" and head - low >= 4 and text[low:head] not in _NAMING_WORDS:
        size = next((size for size in (3, 2) if text[low:low + size] in words
                     and head - low - size >= 2), 0)
        if not size:
            break
        low += size
    core = text[low:head]
    most = {"road": 5, "water": 3, "area": 7, "site": 5}[kind]
    if term == "地区":
        most = 3
    if not (2 <= len(core) <= most and _ALL_HAN.fullmatch(core)) or core[0] in "型性式化级类":
        return None
    if kind == "road":
        if _NO_ROAD.search(core) or core in words and core not in _NAMING_WORDS and (
                term != "路" or not _IN_LIST.search(text, max(0, low - 1), head + 3)):
            return None
        return low
    if core in _NAMING_WORDS and kind == "site":
        return low
    if _STOP.search(core) or wordiness(core) > 0.5 or _KIND_OF.search(core) or (
            core[:2] in words or core[:3] in words):
        return None
    if kind == "water" and (text[low:head + len(term)] in words or core[-2:] in words):
        return None
    return low


_IN_LIST = re.compile(r"、|路[(—\-~至、\d]")
_ALL_HAN = re.compile(rf"[{HAN}]+")
_LEADING = re.compile(r"[届对和及与在由把将为按于至到沿从原并等暨经连接建修扩续拟需应可且指继由报向赴让使以是如被给替随跟同即若则就还也又再均含要]|不含")


def _trim(text: str, low: int, head: int) -> int:
    """Take verbs and function words off the left of a name while two characters are left."""
    while head - low >= 3:
        lead = _LEADING.match(text, low, head - 2)
        if lead is not None and text[low:low + 2] not in everyday():
            low = lead.end()
        elif head - low >= 4 and text[low:low + 2] in verbs():
            low += 2
        else:
            break
    return low


# Words that streets and parks are often named with.
_NAMING_WORDS = frozenset((
    "人民", "和平", "解放", "文化", "劳动", "胜利", "友谊", "建设", "中山", "团结", "光明", "新华", "长征", "青年", "儿童",
    "滨海", "长江", "黄河", "共和", "五一", "八一", "复兴", "振兴", "幸福", "东方", "朝阳", "红旗", "工农", "民主", "自由",
    "创业", "迎宾", "凤凰", "世纪", "健康", "科技", "创新", "环城", "滨河", "滨江", "沿河", "花园"))


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


_NUMBERED = re.compile(
    rf"\d{{1,4}}街坊|[{HAN}]{{2,4}}[A-Z]{{1,2}}\d+(?:单元|地块)|[{HAN}]{{2,3}}路地块")


@rule("LOC", priority=53, score=0.75, lexicons=("openers",), examples=[
    "⟦36街坊⟧出让", "加快⟦云桥路地块⟧征收"], rejects=["3个地块出让", "36个街坊"])
def plot(context: Context) -> Iterator[Match]:
    """A numbered block or a plot named after its road."""
    text = context.view.text
    for anchor in _PLOT_HEAD.finditer(text):
        low = max(0, anchor.start() - 9)
        for match in _NUMBERED.finditer(text, low, anchor.end()):
            start = match.start()
            if match.end() != anchor.end():
                continue
            if not match.group()[0].isdigit():
                start = max(start, floors(context).before(match.start() + 2))
            yield Match(start, match.end())


_PLOT_HEAD = re.compile(r"地块|街坊|单元")
