"""Names of roads, zones, parks and waters that no known place opens: 云桥路, 砚溪步行街.

Such a name is two to seven characters before its head, from the last place where a name may begin.
What is made of everyday words tells a kind of site and names none (断头路, 特色街区).
"""
from __future__ import annotations

from typing import Mapping

from labels.govdoc.divisions import KIND_OF, trim
from labels.govdoc.gazetteer import everyday, wordiness
from labels.govdoc.names import HAN
from labels.govdoc.regions import is_chain
from labels.lazy import lazy

# No name holds these between its place and its head.
STOP = lazy(
    r"[的之了在对将向及与是为于从到至被其各等并或有使以全个年月不、]|(?<![中共])和(?![谐平睦])|建设|推进|打造|加快|推动|实现|成为|纳入|获评|入选")
# What stands before 路, 街 and tells what road it is.
NO_ROAD = lazy(
    r"(?:道|铁|线|网|思|出|套|电|之|断头|一带一|主干|水泥|油|街|公|快速|骨干|城乡|等级|[省市区县乡村国专农]|普通|干线|收费|致富"
    r"|跑|弯|上|下|一条|这条|该条|重要|主要|城市|农村|旅游|断头瓶颈|前进|问|赶|走|让|岔|高架|内环|中环|外环|路|改革|发展道|新"
    r"|级|示范|样板|畅通|发展|辟|开|马|共享|专用|规划|配套|连接|联络|产业|景观|绿化|环山|^支|沿|陆|公路水|沥青|通[村乡组])$")
# What is counted or told apart has no name: 三大片区.
COUNTED = lazy(
    r"[一二两三四五六七八九十\d][大个处](?![桥道学厦])|^[各全]|样板|战略|所有|全部|重要|主要|重点|交界|毗邻|接壤")


def own_name(text: str, low: int, head: int, kind: str, term: str, weak: bool,
             kinds: Mapping[str, str], cities: frozenset[str]) -> int | None:
    """The start of a name without a place in it: two to five characters that are no words."""
    low = trim(text, low, head)
    words = everyday()
    while kind != "road" and head - low >= 4 and text[low:head] not in NAMING_WORDS:
        size = next((size for size in (3, 2) if text[low:low + size] in words
                     and head - low - size >= 2), 0)
        if not size:
            break
        low += size
    core = text[low:head]
    if kind == "area" and core[:1] == "环" and 3 <= len(core) <= 8 and core[:2] not in words and (
            _ALL_HAN.fullmatch(core) and not STOP.search(core)):
        return low  # 环云大知识经济圈
    if kind == "area" and not weak and kinds.get(core, "").endswith("_ambiguous"):
        return low  # 三水新城
    most = {"road": 5, "water": 3, "area": 7, "site": 5}[kind]
    if term == "地区":
        most = 3
    if not (2 <= len(core) <= most and _ALL_HAN.fullmatch(core)) or core[0] in "型性式化级类":
        return None
    if kind == "road":
        if term in _STREETS and core[-1] in "村镇城" and not wordiness(core):
            return low  # 砚村步行街
        listed = term == "路" and _IN_LIST.search(text, max(0, low - 1), head + 3) is not None
        return None if _is_kind_of_road(core, listed) else low
    if term == "公园" and len(core) == 2 and core in words and not _KIND_OF_GARDEN.search(core) and (
            _NAME_ENDS.match(text, head + 2)):
        return low  # 海棠公园
    if term in ("机场", "国际机场") and len(core) <= 3 and core in words and (
            core not in _KIND_OF_AIRPORT):
        return low  # 天府国际机场
    if core in NAMING_WORDS and kind == "site" or kind == "water" and _NUMBERED.fullmatch(core):
        return low
    if kind == "area" and AMONG_PARKS.match(text, head + len(term)) and (
            not _KIND_OF_PARK.search(core)):
        return low  # 智力产业园等园区
    if kind == "area" and len(core) > 3 and not STOP.search(core) and wordiness(core[2:]) == 1 and (
            is_chain(core[:2], cities)):
        return low  # 沈抚改革创新示范区
    if weak and not term.endswith(("带", "都市区")) and (
            len(core) > 3 or wordiness(core) or core[1] == "大"):
        return None
    if COUNTED.search(core) or core.startswith(_NO_FIRST) or (
            core in _NO_CORE and kind == "area") or (
            is_counted(core, term)):
        return None
    strange = 0.7 if len(core) < 6 else 0.5
    of_kind = core[:3] if term.endswith("带") else core[:2] if len(core) > 3 else core
    if STOP.search(core) or wordiness(core) > strange or KIND_OF.search(of_kind) or (
            core[:2] in words and core[1] != "家" or core[:3] in words):
        return None
    if kind == "water" and (core == "林田" or text[low:head + len(term)] in words or (
            core[-2:] in words)):
        return None
    return low


def is_counted(core: str, term: str) -> bool:
    """云西六 + 片区: six parts of a place."""
    return core[-1:] in _NUMERALS and term in ("片区", "组团", "板块")


def _is_kind_of_road(core: str, listed: bool) -> bool:
    """Whether `core` before 路, 街 tells what it is like; in a list more may be a name."""
    if len(core) > 3 and wordiness(core) == 1 and not _NUMERAL.search(core):
        return True  # 公路水路, 钢铁行业高速
    if len(core) > 2 and KIND_OF.search(core) or _NO_STREET.search(core) or NO_ROAD.search(core):
        return True
    return core in everyday() and core not in NAMING_WORDS and not listed


_NUMBERED = lazy(r"[一二三四五六七八九十]号")
_KIND_OF_AIRPORT = frozenset((
    "航空", "通用", "支线", "国际", "民用", "军用", "枢纽", "重点", "干线", "小型", "大型", "主要", "货运", "直升", "地区", "区域",
    "部分", "城市", "首都", "综合", "专业", "中心", "繁忙", "绿色", "智慧", "平安", "四型", "全国", "全球", "世界",
    "境外", "国内", "外国"))
_KIND_OF_GARDEN = lazy(
    r"口袋|沙漠|水系|城市|郊野|体育|湿地|森林|社区|街心|主题|地质|遗址|综合|生态|带状|乡村|国家|工业|产业|休闲|游乐|动物|植物|海洋|中心|滨"
    r"|沿|健康|健身|法治|廉政|党建|宪法|智慧|绿地|农业|矿山|考古|水利|大型|小型|各类|附近|周边|免费|部分|所有|世界|全国|市民|居民"
    r"|公共|民生|改造|建设|小区|山体|山地|艺术|运动|市级|区级|城郊|街头|微型|城区|市区|县城|水上|空中|雕塑|历史|新建|续建|推进|示范"
    r"|数字|红色|交通|开放|沙滩|河道|河滨|郊区|公益|老年|大众|文化|儿童|科普|安全|消防|防灾|应急|劳动|爱国|国防|双拥|诚信|家庭|婚育|人口")
_NAME_ENDS = lazy(r"[^一-鿿]|[等和与及]|(?:建成|改造|开放|建设|提升|对外|二期|一期|开园|焕新)")
# What closes a list of zones.
AMONG_PARKS = lazy(r"等(?:科技|产业|特色|重点)?(?:园区|景区|商圈)")
_KIND_OF_PARK = lazy(r"现代|特色|高新|农业|工业$|专业|重点|大型|各|市级|国家|高端|新兴|示范|智能|文化创意")
_NO_STREET = lazy(r"[不的了将其被无非]")
_STREETS = frozenset(("步行街", "老街", "古街"))
_NUMERALS = tuple("二两三四五六七八九十")
_NUMERAL = lazy(r"[一二三四五六七八九十]")
# Sides and kinds: 西南片区, 科创片区.
_NO_CORE = frozenset((
    "东部", "西部", "南部", "北部", "中部", "东南", "西南", "东北", "西北", "科创", "文创", "双创", "智造", "农创"))
_NO_FIRST = ("无", "零", "近", "约", "超", "新市")
_IN_LIST = lazy(r"、|(?<=路)[-—~至]|路[(—\-~至、\d]")
_ALL_HAN = lazy(rf"[{HAN}]+")
# Words that streets and parks are often named with.
NAMING_WORDS = frozenset((
    "人民", "和平", "解放", "文化", "劳动", "胜利", "友谊", "建设", "中山", "团结", "光明", "新华", "长征", "青年", "儿童",
    "滨海", "长江", "黄河", "共和", "五一", "八一", "复兴", "振兴", "幸福", "东方", "朝阳", "红旗", "工农", "民主", "自由",
    "创业", "学府", "迎宾", "凤凰", "世纪", "健康", "科技", "创新", "环城", "滨河", "滨江", "沿河", "花园"))
