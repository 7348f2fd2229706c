"""LOC: administrative divisions, towns and villages, roads, waters, parks, zones, stations."""
from __future__ import annotations

import re
from typing import Iterator

from labels.govdoc.names import HAN, common_words, core_start, division_words, \
    floors, once
from labels.rules import Context, Match, rule

# 上海市场, 上海市民, 江岚区级: the last character belongs to the next word.
_NOT_SUFFIX = {
    "市": "场集民容级值郊域情政", "区": "域级位块间划情别", "县": "域级城乡情", "省": "级域内外情",
    "州": "级", "镇": "级域", "路": "径由线网段面程口灯", "河": "道长湖", "江": "河湖",
    "湖": "泊长", "村": "民级居庄镇", "乡": "村镇贤愁", "街道": "工党", "桥": "梁", "镇区": "",
}
_DIVISION = re.compile(r"自治[州县旗]|街道|[省市区县州镇乡村盟旗]")
_BEFORE_DIVISION = re.compile(
    r"(?:[老主新本县全市省中旧古心大小]城|[园社地小景学片街户宅沙联下校辖灾新特库郊市林牧山老专战疫禁聚住里湾]|自治|示范|开发|功能|保护|合作|实[验践]|"
    r"高新|经开|保税|试验|先行|度假|风景|集聚|核心|工业|居民|各|全|本|我|该|某|每|首|两|贫困|农|乡|"
    r"行政|街|村|重|强|古|特色小|名|大|百|千|县级|地级|直辖|上|都|超|门|股|楼|夜|大城|中等|车|汛|"
    r"建制|中心|属地|近郊|这|另|外|邻|跨|入|进|出|在|和|与|及)$")
_ROADS = re.compile(
    r"(?:智慧城|创新城|科创城|科学城|科技城|产业城|软件园|生态园|商务区|片区|板块|半岛|小镇|新村|滨江|工业城|物流园|高新区|经开区|经济技术开发区|经济开发区|新区|"
    r"新城|工业园区|工业区|创业园|产业园|科技园|博览园|工业园|智谷|创意园|大道|大街|公路|快速路|高速公路|高速|"
    r"(?:[东西南北中]|支)?路(?:[东西南北中]段|口)?|老街|步行街|大桥|"
    r"隧道|国际机场|机场|火车站|高铁站|水库|湿地公园|森林公园|公园|体育场|体育馆|广场|古镇|古城|商圈|"
    r"[河湖江](?=[、,，。;:()“”等和与及水流两岸上下]|$)|风景区|旅游区|度假区|步道|绿道|湿地|码头|湾)")
_COMMON_CORE = re.compile(
    r"(?:道|铁|线|网|思|出|套|电|之|马|断头|一带一|一带|主干|农村|城市|市政|骨干|条|座|所|"
    r"城乡|乡镇|区域|四好农|通村|等级|省级|市级|区级|县级|国省|普通|干线|重要|重大|大型|中小型?|跨江|过江|"
    r"口袋|街心|主题|郊野|体育|文化|社区|特色|综合|休闲|儿童|智慧|绿色|城际|旅游|景观|滨水|滨江|大学|民用|运输|通用|人行|自行车|慢行|亲水|境外|小微|标准|专业|"
    r"中小|黑臭|母亲|跨界|重点|骨干|区域|内|"
    r"市民|城郊|环城|健身|客运|国际|航空|通用|支线|枢纽|货运|现代|立交|病险|饮用水|水源|国家级?|"
    r"国家湿地|国家森林|国家|省|公共|千年|历史|购物|城区|这条|该条|一条|致富|平安|幸福|小康|丝绸之|"
    r"美丽|品质|学校|大型|高标准|区|县|镇|市)$")
_ZONE = re.compile(
    rf"(?=([{HAN}]{{0,12}}?(?:高新区|高新技术产业开发区|经开区|经济技术开发区|经济开发区|开发区|工业园区?|"
    r"工业区|产业园区?|科技园区?|大学科技园|创业园|产业新城|新城|新区|综合保税区|保税区|综保区|自贸试验区|"
    r"自由贸易试验区|自由贸易港|自由贸易区|自贸港|自贸区|经济区|城市群|都市圈|经济带|经济圈|大湾区|"
    r"创新策源带|科创走廊|教育园区|国际开放枢纽|国际机场|机场|火车站|高铁站|港区|港口?|创新发展区|示范区|"
    r"功能区|实践区|[东西南北]?站(?![点位长在式])|园(?=[能、，。;等和及])|古镇|古城|滨江|历史文化名镇|山|湖|河|江)))")
_ZONE_STOP = re.compile(r"[的了在对将向及与是为于从到至被其各等并或和有使以年月全个建设级类加快推进打造]")
_WATER_ENDS = re.compile(r"[、,，。;:()“”等和与及水流两岸上下]|$")
# 克拉玛依 + 区, 青溪 + 镇: the short name of the lexicon is part of a longer one.
_LONGER = re.compile(r"街道|古镇|老街|[区县镇](?!域|级|村)")
_ADMIN = {"province", "province_short", "city", "city_short", "district", "district_short",
          "zone", "region", "nation", "town_short"}
_AFTER_NATION = re.compile(r"特色|梦|式|人民?|化|共产党|政府|移动|电信|联通|节|队|制造|方案|智慧")


def _suffix_stands(text: str, end: int) -> bool:
    """Whether the last character of a name that ends at `end` is not the start of a word."""
    for length in (3, 2, 1):
        followers = _NOT_SUFFIX.get(text[end - length:end])
        if followers is not None:
            return not (end < len(text) and text[end] in followers) or text[end:end + 2] in (
                "政府", "政协", "情报", "级机", "党组", "位于", "内河")
    return True


def known_places(context: Context) -> tuple[tuple[int, int, str], ...]:
    """Places of the lexicon and their short names used in this text: (start, end, kind)."""
    return once(context, "places.known", _known_places)


def _known_places(context: Context) -> tuple[tuple[int, int, str], ...]:
    text, lexicon = context.view.text, context.lexicon("places")
    found = []
    inner, words = floors(context).inner, common_words(400)
    for term, start, end in lexicon.find(text):
        kind = lexicon.entries[term]["kind"]
        if start in inner:  # 其中国家, 形成都市: the place is not there
            continue
        if kind == "nation":
            if _AFTER_NATION.match(text, end) or text[start - 2:start] in (
                    "美丽", "健康", "平安", "数字", "法治", "信用"):
                continue
        elif kind == "city_ambiguous":
            continue
        elif kind.endswith("_short") and text[start - 1:start + 1] in words and \
                text[end - 1:end + 1] in words:  # 动迁安置
            continue
        elif kind.endswith("_short") and text[end:end + 1] in ("岸", "侧", "陆"):  # 东平河北岸
            continue
        elif not _suffix_stands(text, end):
            # 上海市场: the short name stands, the long one does not.
            if term[:-1] not in lexicon:
                continue
            end -= 1
        elif kind.endswith("_short") or kind == "zone":
            longer = _LONGER.match(text, end)
            if longer is not None and _suffix_stands(text, longer.end()):
                end = longer.end()
        found.append((start, end, kind))
    taken = {start for start, _, _ in found}
    for start, end in _divisions(context, {end for _, end, _ in found}):
        if taken.isdisjoint(range(start, end)):
            found.append((start, end, "division"))
    found.extend(_learned(context, found))
    return tuple(sorted(set(found)))


def _divisions(context: Context, ends: set[int]) -> Iterator[tuple[int, int]]:
    """云泽区, 香桥街道, 南坪村: a division's head with a name of two to four characters.

    `ends` are the ends of known places: a division may follow another (江岚市云泽区).
    """
    text = context.view.text
    for match in _DIVISION.finditer(text):
        head, end = match.start(), match.end()
        if not _suffix_stands(text, end) or text[end:end + 1] in ("长", "委", "直"):
            if text[end:end + 1] not in ("委",):
                continue
        start = max(floors(context).before(head),
                    max((place for place in range(head - 4, head) if place in ends), default=0))
        core = text[start:head]
        most = 3 if match.group() in _FEW else 4
        if not 2 <= len(core) <= most or context.view.gap_before(head):
            continue
        before = _BEFORE_DIVISION if match.group() in _FEW else _BEFORE_TOWN
        if text[start:end] not in division_words() and (
                before.search(core) or not _is_core(core)):
            continue
        ends.add(end)
        yield start, end


# Four characters before 区 or 县 are seldom a name, mostly a verb and the rank of an organ.
_FEW = frozenset("省市区县州")
_NOT_CORE = re.compile(
    r"[省市区县镇乡的了是有个各全本我该某其级度性率费额类]|国家|居民|农民|市民|人民|企业|产业|能力|普惠|紧密|江南水|工业|农业|政府|会议|党|"
    r"家园|家庭|民生|民营|民族|中心|工程|工作|人口|人才|全民|集聚|优化|绿化|深化|专业|行业|就业|创业|服务|政策|财政|行政|"
    r"城镇|中央|经济|社会|建设|发展|行动|数字|平安|智慧|美丽|生态|现代|文明|卫生|园林|强|重点|示范|和美|未来|幸福|试点|"
    r"空心|传统|薄弱|富裕|宜居|美好|老旧|历史|文化|旅游|森林|海绵|韧性|低碳|创新|科技|教育|制造|质量|资源|能源|"
    r"双拥|法治|健康|节水|无废|一流|世界|大型|特大|超大|自然|城中|贫困|脱贫|出口|以上|一带|口岸|片|"
    r"届|一|去|缴|困难|先|特色|沉陷|采煤|标准|城带|民富|扩权|理顺|代表|偏远|棚户|住宅|自贸|贸易|破解|边境|撤|彩|组织|管理|单位|主体|项目|问题|地方|上级|下级|"
    r"基层|农村|村民|集体|街|县域|区域|同步|同级|各类|部分|各地")


def _is_core(core: str) -> bool:
    """Whether a name of a division may be made of `core`: no everyday word, no word inside."""
    words = common_words(400)
    return _NOT_CORE.search(core) is None and core not in common_words() and not (
        len(core) >= 3 and (core[:2] in words or core[-2:] in words))


_BEFORE_TOWN = re.compile(
    r"(?:[城乡集街各全本我两某每该村重古强名小农大个出入进]|行政|自然|贫困|示范|建制|中心|新市|美丽|特色|周边|沿线|相关)$")


def _learned(context: Context, found: list[tuple[int, int, str]]
             ) -> Iterator[tuple[int, int, str]]:
    """Short names of the districts and counties that the text names in full (云泽 for 云泽区)."""
    text, lexicon = context.view.text, context.lexicon("places")
    shorts = set()
    for start, end, kind in found:
        name = text[start:end]
        if kind in ("district", "division", "city") and name[-1] in "区县市镇乡" and len(name) >= 3:
            shorts.add(name[:-1])
    shorts = {name for name in shorts if name not in lexicon or
              lexicon.entries[name]["kind"] == "city_ambiguous"}
    taken = {index for start, end, _ in found for index in range(start, end)}
    if not shorts:
        return
    longest_first = sorted(map(re.escape, shorts), key=lambda name: (-len(name), name))
    pattern = re.compile("|".join(longest_first))
    for match in pattern.finditer(text):
        if taken.isdisjoint(range(*match.span())):
            yield match.start(), match.end(), "learned"


@rule("LOC", priority=50, score=0.9, lexicons=("places", "openers"), examples=[
    "⟦江岚市⟧⟦云泽区⟧全年新增企业三百家", "融入⟦长三角⟧一体化", "⟦上海⟧市场活跃", "支援⟦武汉⟧",
    "⟦浙江省⟧各地", "走访⟦青溪镇⟧", "⟦中国⟧与⟦老挝⟧合作",
], rejects=["全区上下一心", "我市城市品质提升", "本镇居民小区", "中国特色社会主义", "社区和园区"])
def named_division(context: Context) -> Iterator[Match]:
    """A place of the lexicon, or a name before 区, 县, 镇, 街道, 村 …"""
    for start, end, kind in known_places(context):
        yield Match(start, end, 0.8 if kind in ("division", "learned") else None)


@rule("LOC", priority=52, score=0.85, lexicons=("places", "openers"), examples=[
    "落户⟦佛山高新区⟧", "提升⟦江岚市经济开发区⟧能级", "⟦上海自贸试验区⟧扩区",
    "推动⟦杭州湾新区⟧建设"], rejects=["建设国家级高新区", "工业园区和开发区"])
def zone(context: Context) -> Iterator[Match]:
    """A place name with a zone, port, station or park behind it."""
    text = context.view.text
    starts = {start for start, _, _ in known_places(context)}
    for start, end, kind in known_places(context):
        if kind not in _ADMIN and kind not in ("division", "learned"):
            continue
        match = _ZONE.match(text, end)
        if match is None or end in starts:  # 上海市松江区: the later place has its own zone
            continue
        body = match.group(1)
        if body[-1] in "山湖河江" and not body.endswith("滨江") and not _WATER_ENDS.match(
                text, end + len(body)):
            continue
        if start and text[start - 1] in "东西南北环" and floors(context).before(start) == start - 1:
            start -= 1  # 北虹桥商务区
        if _ZONE_STOP.search(body[:-1]) or _generic_zone(text[start:end], body):
            continue
        yield Match(start, end + len(body))


def _generic_zone(place: str, body: str) -> bool:
    """示范区 and 功能区 after a whole division are its kind, not its name; 山 and 河 need a name."""
    if body in ("山", "湖", "河", "江", "港", "港口"):
        return place[-1] in "省市区县州镇乡" or body == "山"
    if body.endswith(("山", "湖", "河", "江")) and not body.endswith("滨江"):
        return len(body) > 3 or place[-1] not in "省市区县州镇"
    if place == "中国":
        return not body.endswith(("实践区", "示范区", "自贸试验区", "自由贸易试验区")) or len(body) < 6
    if body.endswith(("示范区", "功能区", "创新发展区", "滨江")):
        return place[-1] in "省市区县" and len(body) > 4 or len(body) > 9
    return False


# Words that streets and parks are often named with.
_NAMING_WORDS = frozenset((
    "人民", "和平", "解放", "文化", "劳动", "胜利", "友谊", "建设", "中山", "团结", "光明", "新华", "长征", "青年", "儿童",
    "滨海", "长江", "黄河", "共和", "五一", "八一", "体育", "复兴", "振兴", "幸福"))


@rule("LOC", priority=51, score=0.8, lexicons=("openers",), examples=[
    "打通⟦云桥路⟧、⟦兰溪西路⟧等断头路", "修缮⟦望江大道⟧", "落户⟦云泽高新区⟧", "修缮⟦文昌公园⟧", "完成⟦青溪公路⟧养护"],
    rejects=["走中国特色发展道路", "新建口袋公园3个", "一带一路", "拓宽思路", "整治断头路5条"])
def road_or_park(context: Context) -> Iterator[Match]:
    """A name before 路, 大道, 公路, 公园, 机场 …"""
    text = context.view.text
    for match in _ROADS.finditer(text):
        head, end = match.start(), match.end()
        if not _suffix_stands(text, end):
            continue
        start = core_start(context, head, 2, 5)
        if start is None:
            continue
        core = text[start:head]
        if _COMMON_CORE.search(core):
            continue
        if "路" not in match.group() and (core in common_words() or _NOT_CORE.search(
                core)) and core not in _NAMING_WORDS:
            continue
        yield Match(start, end)


_NUMBERED = re.compile(
    rf"(?<![A-Za-z\d])\d{{1,4}}街坊|[{HAN}]{{2,4}}[A-Z]{{1,2}}\d+(?:单元|地块)|"
    rf"(?<=、)[{HAN}]{{2,5}}[A-Z]{{0,2}}\d*(?:地块|单元)|"
    rf"[{HAN}]{{2,3}}路地块")


@rule("LOC", priority=53, score=0.75, lexicons=("openers",), examples=[
    "⟦36街坊⟧出让", "加快⟦云桥路地块⟧征收"], rejects=["3个地块出让", "36个街坊"])
def plot(context: Context) -> Iterator[Match]:
    """A numbered block or a plot named after its road."""
    for match in _NUMBERED.finditer(context.view.text):
        start = match.start()
        if not match.group()[0].isdigit():
            start = max(start, floors(context).before(match.start() + 2))
        yield Match(start, match.end())
