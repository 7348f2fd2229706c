"""PROJECT: named construction, IT and investment projects, and named programmes."""
from __future__ import annotations

import re
from bisect import bisect_left
from typing import Iterator, NamedTuple

from labels.govdoc.names import HAN, common_words, once, plainness, terms
from labels.govdoc.rules.places import known_places
from labels.lexicons import Lexicon
from labels.rules import Context, Match, rule

_NOT_CJK = re.compile(rf"[^{HAN}A-Za-z0-9·—\-“”()+.#]")
# Verbs and particles that stand before a project; what stands in its name (建设, 治理) is not here.
_LEAD = re.compile(
    r"(?:(?:加快|大力|积极|有序|持续|全力|统筹|稳步|扎实|深入|全面|继续|重点|协同|协调|强力|高效|落实|着力|坚决|不断|"
    r"务实|滚动|组织|抓紧|试点|顺利|如期|提前|成功|高标准|高质量|高水平|同步|分步|正式|陆续|相继|基本|已|力争|确保|争取|抓好|做好)*"
    r"(?:推进|推动|加快|启动|开工建设|新开工|开工|建成并开放|建成|完成|实施|力争|确保|争取|谋划|开展|打造|制定|编制|出台|落实|"
    r"做好|抓好|聚焦|围绕|通过|依托|参与|支持|引进|引入|签约|落地|新增|包括|包含|其中|以及|加强|深化|续建|配合|保障|建好|开放|"
    r"实现|推广|用好|深耕|做实|执行|对接|申报|获批|纳入|列入|入选|获评|争取到|建设|新建|新一轮|投用|投资|促进|突出|抓实|严格|按照|根据|结合|"
    r"完善|优化|提升|拓展|随着|关于|谋划推进|竣工|建立|成立|规划|获得|组建|协助|受理|设立|确定|跟踪|重点跟踪))|"
    r"[对将把与及为由据从于的了]|在(?!建)|和(?!谐|平|美)|一批|一是|二是|三是|四是|五是|首个|首批|本区|我市|我区|我省|全市|全区|全省|区内|市级|今年|"
    r"明年|全年|计划|预计|目前|已经|继续|同时|方面|期间|重大项目|重点项目")
_PLAN = re.compile(r"行动(?:计划|方案)?|计划|工程(?!段)|专项(?=[、(。])")
_YEARS = r"(?:[一二三四五两]|\d)年(?:专项|攻坚|提升|专项整治|攻坚提升)?"
# What makes a plan of what stands before 行动, 计划, 工程.
_BEFORE_PLAN = {
    "行动": re.compile(rf"{_YEARS}$"),
    "行动计划": re.compile(rf"(?:{_YEARS}|攻坚|(?<!科技创新))$"),
    "行动方案": re.compile(rf"(?:{_YEARS})?$"),
    "计划": re.compile("(?:培育|创造|倍增|提升|振兴|跃升|成长|引领|人才|攻坚|改造|提质)$"),
    "工程": re.compile("(?:惠民|提升|改造|强校|倍增|提质|培育|推进|攻坚|示范)$"),
    "专项": re.compile("$")}
_NOT_PLAN = re.compile(r"各类|各项|一系列|年度|相关|有关|多项|工作|任务|配套|一批|若干|具体|以下|我们|全民|组织|"
                       r"^(?:三年)?(?:专项)?行动|^.{0,2}$|重点推进|民生|民心|百日|基础设施|等$|集中|扫黑|普查|严打")


def _piece_start(text: str, low: int, end: int) -> int:
    """Where a name that ends at `end` begins: behind the last verb or particle before it."""
    start = low
    for match in _LEAD.finditer(text, low, end):
        if end - match.end() >= 2:
            start = match.end()
    return start


def _clause_low(text: str, index: int) -> int:
    """The start of the list item that `index` stands in."""
    low = max(0, index - 30)
    other = _NOT_CJK.search(text[low:index][::-1])
    return index - other.start() if other else low


@rule("PROJECT", priority=80, score=0.85, examples=[
    "全面完成⟦第七轮环保三年行动计划⟧,空气优良", "制定实施⟦新基建三年行动方案⟧", "抓紧制定新一轮⟦职业健康体系三年行动计划⟧",
    "实施⟦工业精品创造计划⟧", "推进⟦云泽区安全生产三年行动⟧"],
    rejects=["申请各类科技创新行动计划", "三年行动计划已完成", "制定工作计划", "开展专项行动"])
def plan(context: Context) -> Iterator[Match]:
    """A name before 三年行动计划, 行动方案, 培育计划 …"""
    text = context.view.text
    for match in _PLAN.finditer(text):
        before = text[max(0, match.start() - 8):match.start()]
        kind = _BEFORE_PLAN[match.group()].search(before)
        if kind is None:
            continue
        head, end = match.start() - len(kind.group()), match.end()
        start = _plan_start(text, _clause_low(text, head), head)
        core, name = text[start:head], text[start:end]
        if not 2 <= len(core) <= 22 or _NOT_PLAN.search(core):
            continue
        if name.endswith("工程") and _GENERIC_NAME.match(name):
            continue
        if not _lone_mark(name) and _STARTS.match(core):
            yield Match(start, end)


_PLAN_LEAD = re.compile(
    r"实施|制定|启动|完成|推进|落实|出台|编制|开展|执行|推动|按照|根据|新一轮|围绕|以及|聚焦|通过|[的和与及将对、]|印发|发布|纳入|列入|10所|等")


def _plan_start(text: str, low: int, head: int) -> int:
    start = low
    for match in _PLAN_LEAD.finditer(text, low, head):
        if head - match.end() >= 2:
            start = match.end()
    return start


def _lone_mark(piece: str) -> bool:
    return any(piece.count(left) != piece.count(right) for left, right in ("()", "“”")) or \
        piece[0] in "“(-—·.+)" or piece[-1] in "”(-—·.+"


_QUOTED = re.compile(
    rf"“([{HAN}A-Za-z0-9 +·—-]{{2,16}}?)”(?=(?:、“[^“”]{{2,16}}”){{0,6}}等?"
    rf"(?:(?![和的与及])[{HAN}]){{0,4}}?(?:工程|项目|平台|行动计划|系列应用|惠企政策|小程序|智能门户|"
    rf"系统|APP|app|计划(?!生育|单列)|先行区|上线|\d\.\d版))")
_QUOTED_HEAD = re.compile(
    rf"“([{HAN}A-Za-z0-9 +·—-]{{2,14}}(?:平台|工程|行动计划|计划|系统)|[{HAN}]{{0,6}}惠企\d+条)”")
_NOT_QUOTED = re.compile(
    r"^(?:[一二三四五六七八九十].[一二三四五六七八九十](?!工程)|[一二三四五六七八九十两多双\d]+[\d+个级位类型化项大链群网条园]|十[一二三四五]五|新增|(?:互联网|云|"
    r"大)\+?$|放管服|[\d+X]+|小巨人|专精特新|卡脖子|造血|[一二三四五六七八九十两双].$|"
    r"半拉子|大循环|双招双引|一带一路|五大|两新|两重|一件事|三农|三保|六稳|六保|.{0,3}\+.*(?<!工程)$|.*(?:制|系列|式|化|率|清单|机制)$)")


_NO_WORK = re.compile("十.五$|半拉子|民心|民生|实事|三农|一把手")


@rule("PROJECT", priority=79, score=0.75, lexicons=("programmes", "places", "openers"), examples=[
    "“⟦指尖通办⟧”平台上线", "推出“⟦云泽惠企18条⟧”", "依托“⟦平安智联平台⟧”", "实施“⟦头雁⟧”工程",
    "推动政务服务“⟦一网通办⟧”", "城市运行⟦一网统管⟧建设"],
    rejects=["“十四五”规划项目", "“1+5+8”平台", "“三农”工作", "实施“放管服”改革"])
def quoted(context: Context) -> Iterator[Match]:
    """A name in quotation marks with 工程, 平台, 项目 behind or in it; programmes known by name."""
    text = context.view.text
    for pattern in (_QUOTED, _QUOTED_HEAD):
        for match in pattern.finditer(text):
            if not _NOT_QUOTED.match(match.group(1)) or (
                    text.startswith("工程", match.end()) and not _NO_WORK.match(match.group(1))):
                yield Match(*match.span(1))
    for match in terms(context, "programmes", "always").finditer(text):
        yield Match(*match.span(), score=0.9)
    for match in terms(context, "programmes", "quoted").finditer(text):
        if text.startswith("“", match.start() - 1) and text.startswith("”", match.end()):
            yield Match(*match.span(), score=0.85)
    for start, end, _ in known_places(context):
        for word in ("智慧", "数字", "平安", "美丽", "健康"):
            if word == "智慧" and text.startswith(word, start - 2) and not re.match(
                    rf"[{HAN}]", text[end:end + 1].replace("建", "")):
                yield Match(start - 2, end, 0.7)


_LIST_TAIL = re.compile(
    r"等(?:近|约|超|超过)?(?:\d+|一大?批|多|数|几|[两三四五六七八九十]+)?余?多?(?:个|项|条|座|处|批)?"
    r"(?:(?![国地省市县家企作对的为])[\u4e00-\u9fff]){0,10}?(?:项目|工程|煤矿|电站|电厂|水库|枢纽|基础设施|(?:公|道|铁)路|竣工|前期工作)")
_COMPANY_LIST = re.compile(r"企业|公司|机构|总部|投资落地|亿元")
_WELFARE = re.compile(r"民心|民生|实事|惠民")
_GENERIC_NAME = re.compile(
    r"^确需|^(?:[一二三四五六七八九十\d]+(?:个|项|条|座|大|批)?|重大|重点|一批|各类|基础设施|市政|民生|交通|水利|新型|老旧|农村|城乡|城市|"
    r"产业|工业|招商|扶贫|安全|旧城|城中村|棚户区|棚改|危旧|保障性|生态|环境|亮点|续建|新建|政府投资|社会投资|政府|本|该|这|其他|"
    r"道路|小区|住宅|绿化|河道|污水|供水|管网|电网|燃气|公共|文化|教育|医疗|体育|养老|学校|校舍|消防|高标准农田|中小河流|"
    r"病险水库|灌区|架空线|积水点|缓拥堵|美丽|全国|高速公路|铁路|公路|轨道交通|城际铁路|高铁|地铁|机场|码头|港口|"
    r"企业|科技|技术|智能化|数字化|信息化|专项|示范|标志性|引领性|配套|前期|后续|储备|入库|拟建|在建|计划|年度|"
    r"大中型|中小型|小型|常设|各类|部分|燃煤|老城区|城区|城中|路网|整修|出口|快速|示范园区|科技|科创|龙头|大|PPP|特许经营|两先区|智能制造|试点|省级?|市级?|国家级?|区级?|县级?|开工|竣工|建成|全区|全市|全省|我市|我区|本市|本区|重要|大型|特色|优质|投资)+"
    r"(?:工程|项目|改造|建设|改造工程|建设项目|改造项目|建设工程|整治|提升工程|扩建|改扩建|设施|道路|铁路|公路|高铁)*$")
_HAS_VERB = re.compile(
    r"加强|促进|确保|不断|进一步|提高|增长|下降|达到|增加|吸引|负责|[将把被]|相关|万元|亿元|完成率|举债|上新|"
    r"(?:能力|水平|体系|机制|制度|工作|服务质量|问题|政策|任务|发展|投资|资金|环境|领域|力度|率|方案|方面|国债|预算|标准)"
    r"(?![\u4e00-\u9fff]*(?:工程|项目|中心|大楼|基地|改造|园区?)$)")
_GENERIC_END = re.compile(
    r"(?:治理|提升|整修|完善|控制|管理|服务|开放|培训|保护|修复|改善|教育|医疗|交通|社区|政务|养老|城市|整治|改造|建设|供给|监测|"
    r"壮大|锻造|培育|倍增|创新|制造|智能|产业|农业|旅游|物流|文化|体育|绿化|发电|善育|应用|研发|生产)$")
_ADVERBS = re.compile(
    r"(?:全面|正式|顺利|加快|基本|有序|如期|全线|主体|成功|集中|按期|提前|相继|陆续|实现|即将|已|年内|力争|前期|结构|全部|并"
    r"|建设|规划|启动|开展|推进|快速|主体|同步|稳步|积极|建成|试)+$")
_GLOSS_END = re.compile(r"\([^()]{1,12}\)$")
_BOUND = re.compile(r"[。;，:\n\t!?|]|,(?!\d{3})")
_PROPER = re.compile(
    r"[A-Z]\d|(?<!\d)\d{1,3}号(?:线|机组)|[一二三四五六\d]期(?:工程|项目)?$|[A-Z]{2}|第[一二三四五六七八九十]|[“《]")
# 潍烟高铁, 京沪高速: two to four short names of cities before a line.
_PAIR = re.compile(r"[\u4e00-\u9fff]{2,4}?(?=(?:沿江|过江)?(?:高铁|高速|铁路|城际|客专|客运专线))")
_SITED = re.compile(r"[\u4e00-\u9fff]{2,}(?:路|大道|公路|大桥)[\u4e00-\u9fff]|(?:新建|改扩建|迁建|扩建|翻建)(?:项目|工程)$")
_COMMON_CORE = re.compile(
    r"^(?:\d+[\u4e00-\u9fff]?|[一二三四五六七八九十]+[所座个条家]|公办|民办|养老服务|社区|为老|综合|文化|体育|口袋|街心|各|新|主干"
    r"|轨道交通|普惠|党群服务|社会事业|公共服务|医疗|急救|主|老|高|中|小|市民|绿色|创新|产业|数据|标准|农村|城市|市政|骨干|全国|平台"
    r"|断头|一|公交|地铁|首个|首座|首批|全市|全区|街镇|公共|区域|示范|国家|卫生|疾控|重大|重点|一批|.*(?:所|座|个|条|家|片|处|多|一批))$")
_WEAK = frozenset(("建设", "推进", "启用", "签约", "落户", "落地", "获批", "完成", "运营", "加快建设", "规划建设"))
_SETTLED = frozenset(("签约", "落户", "落地", "获批"))
_REACH = 90


def _named(context: Context, start: int, end: int) -> bool:
    """Whether a stretch holds the sign of a name: a known place, Latin letters, a number, a site."""
    text = context.view.text
    if _PROPER.search(text, start, end) or _SITED.search(text[start:end]):
        return True
    pair = _PAIR.match(text, start, end)
    if pair and not _common(pair.group()):
        return True
    places = known_places(context)
    index = bisect_left(places, (start, 0, ""))
    return (index < len(places) and places[index][0] < end
            or index > 0 and places[index - 1][1] > start)


def _common(word: str) -> bool:
    """Whether a word of two to four characters is, or ends in, an everyday one: 重点|高速."""
    return word in common_words() or word[-2:] in common_words(200) or word[:2] in common_words(200)


def _rare(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins with what is no everyday word, or holds few of them."""
    words = common_words()
    return end - start >= 2 and (
        text[start:start + 2] not in words and text[start:start + 3] not in words
        and text[start + 1:start + 3] not in words or plainness(text[start:end]) < 0.8)


def _acceptable(name: str) -> bool:
    """Whether a stretch may be a name: not a count, a kind of works, a clause or half a quote."""
    return (2 < len(name) <= 30 and not _COUNTED.match(name) and not _GENERIC_NAME.match(name)
            and not _HAS_VERB.search(name) and not _lone_mark(name)
            and _STARTS.match(name) is not None)


_STARTS = re.compile(rf"[{HAN}A-Z0-9a-z“]")
_COUNTED = re.compile(r"智能|各|部分|相关|有关|共享|统一|一批|以[上下]|新的|.*[一两二三四五]区|智慧电网|.*”“|.*等(?![学级教])|.*\d[\d.]*[万亿]?余?多?(?:[个所座家条项处片]|公里|平方|亩|米)")


class _Item(NamedTuple):
    start: int
    end: int
    head: int  # where its head (工程, 高铁, 医院) begins; `end` if it has none
    kind: str


def _items(context: Context, low: int, high: int) -> list[_Item]:
    """The items of a list: split at 、 and at 和 behind a head; each past its verb."""
    text, works = context.view.text, context.lexicon("works").only("line", "building", "work")
    found = []
    for begin, stop in _pieces(text, works, low, high):
        gloss = _GLOSS_END.search(text, begin, stop)
        stop = gloss.start() if gloss else stop
        begin = _piece_start(text, begin, stop)
        begin, stop = _trimmed(text, begin, stop)
        if stop - begin < 3:
            continue
        term = works.ending(text, stop, begin)
        found.append(_Item(begin, stop, stop - len(term) if term else stop,
                           works.entries[term]["kind"] if term else ""))
    return found


def _has_head(works: Lexicon, text: str, low: int, end: int) -> bool:
    """Whether what ends at `end`, before a note in brackets, ends in the head of a work."""
    if text[end - 1] == ")":
        end = text.rfind("(", low, end)
    while end > low and text[end - 1] in "” ":
        end -= 1
    return end > low and works.ending(text, end, low) is not None


def _pieces(text: str, works: Lexicon, low: int, high: int) -> Iterator[tuple[int, int]]:
    start = low
    for mark in _PARTS.finditer(text, low, high):
        if mark.group() == "、" and not _SIDES.match(text, mark.start() - 1) or works.ending(text, mark.start(), start):
            yield start, mark.start()
            start = mark.end()
    yield start, high


_PARTS = re.compile("[、和与]|以及")
# 云桥路东、西延线 is one work.
_SIDES = re.compile("[东西南北]、[东西南北]")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out a bracket or a quotation mark at the edges."""
    if text[end - 1:end] == ")" and "(" in text[start:end]:
        end = text.rindex("(", start, end)
    while start < end and text[start] in "“”( \t*#-—":
        start += 1
    while end > start and text[end - 1] in "“”) \t":
        end -= 1
    return start, end


def _low(text: str, end: int) -> int:
    """The start of the clause that `end` stands in."""
    floor = max(0, end - _REACH)
    bound = _BOUND.search(text[floor:end][::-1])
    return end - bound.start() if bound else floor


@rule("PROJECT", priority=78, score=0.8, lexicons=("places", "openers", "works"), examples=[
    "加快推进⟦云江公路快速化⟧、⟦G15江岚路匝道⟧等重点项目", "⟦东岭二期⟧、⟦西湾四期⟧等大型电源项目建成投用",
    "推进⟦区青少年研学中心⟧、⟦兰溪九年一贯制学校⟧等项目建设",
    "⟦明岳全球创新研发中心⟧等一批优质项目落户", "⟦岚泽高铁⟧、⟦江岚高速⟧等一大批重大基础设施建成"],
    rejects=["推进重大工程等项目建设", "引进复蓝科技等12家企业", "道路、管网等工程建设"])
def listed(context: Context) -> Iterator[Match]:
    """A、B、C before 等…项目, 等…工程."""
    text = context.view.text
    for tail in _LIST_TAIL.finditer(text):
        stop = _BOUND.search(text, tail.end(), tail.end() + 30)
        if _COMPANY_LIST.search(text, tail.start(), stop.start() if stop else tail.end()) or (
                _WELFARE.search(tail.group())):
            continue
        items = _items(context, _low(text, tail.start()), tail.start())
        known = [_named(context, item.start, item.end) for item in items]
        for item, named in zip(items, known):
            name = text[item.start:item.end]
            if not _acceptable(name) or _GENERIC_END.search(name) and not named:
                continue
            if named or _rare(text, item.start, item.head) or (
                    item.kind and (any(known) and item.head - item.start >= 3
                                   or name.startswith(("省", "市", "区", "县", "国家")))):
                yield Match(item.start, item.end)


@rule("PROJECT", priority=77, score=0.72, lexicons=("places", "openers", "works"), examples=[
    "⟦江岚国际机场改扩建工程⟧全面完成", "⟦江岚铁路二期⟧完成初步设计", "启动⟦轨道交通12号线西延伸⟧建设",
    "⟦18号线二期⟧正式开工", "新建6座街心花园,⟦云溪里公园⟧建成", "力争⟦云桥路⟧、⟦岚港公路⟧等竣工",
    "⟦城北路出省段⟧建成通车", "⟦望江国贸中心T1塔楼⟧结构封顶", "⟦云泽垃圾焚烧发电项目⟧开工建设", "⟦江泽高铁⟧、⟦岚云铁路⟧开通"],
    rejects=["推进老旧小区改造工程", "高速铁路里程500公里", "18个基础设施建设项目", "一批学校建成投用", "医院建设加快",
             "5座公园建成", "轨道交通车站投用", "推进公立医院建设", "把云泽新城建成典范", "推进重大产业项目建设"])
def begun_or_built(context: Context) -> Iterator[Match]:
    """Named works of which a clause says that they are begun, built, opened or signed."""
    text = context.view.text
    states = context.lexicon("works").only("status")
    works = context.lexicon("works").only("line", "building", "work")
    done = 0
    for state, at, after in once(context, "projects.states", lambda _: states.find(text)):
        if at < done:
            continue
        low = _low(text, at)
        adverbs = _ADVERBS.search(text, max(low, at - 16), at)
        end = adverbs.start() if adverbs else at
        if text[end - 1:end] == "等":
            end -= 1
        if end - low < 3 or not _has_head(works, text, low, end):
            continue
        weak = state in _WEAK
        items = _items(context, low, end)
        led = bool(items) and items[0].start > low
        among = led and any(item.kind and _named(context, item.start, item.end) for item in items)
        for item in items:
            name = text[item.start:item.end]
            if not item.kind or not _acceptable(name) or item.kind != "work" and (
                    weak and not led or state in _SETTLED):
                continue
            if _is_work(context, item, weak, among):
                yield Match(item.start, item.end)
                done = after


def _is_work(context: Context, item: _Item, weak: bool, among: bool) -> bool:
    """Whether an item of a clause about works is the name of one."""
    if _named(context, item.start, item.end):
        return True
    core = context.view.text[item.start:item.head]
    if len(core) < 2 or _COMMON_CORE.search(core) and item.kind != "work":
        return False
    if among and len(core) > 2:
        return True
    if weak:
        return plainness(core) < 0.5
    return item.kind == "building" or _rare(context.view.text, item.start, item.head)


_OPENED = re.compile(r"建成(?:并开放|开放|投用|启用)?(?=[\u4e00-\u9fff])|(?:开工|启动)建设(?=[\u4e00-\u9fff])")


@rule("PROJECT", priority=76, score=0.68, lexicons=("places", "openers", "works"), examples=[
    "顺利建成并开放⟦江岚书院⟧。", "开工建设⟦江岚市第二人民医院⟧、⟦云泽大桥⟧，"],
    rejects=["建成学校，", "开工建设公园、医院，", "建成5座公园，", "建成国际一流的江岚大学，"])
def opened(context: Context) -> Iterator[Match]:
    """Named houses and roads behind 建成 or 开工建设."""
    text = context.view.text
    for match in _OPENED.finditer(text):
        bound = _BOUND.search(text, match.end(), match.end() + 60)
        end = bound.start() if bound else min(len(text), match.end() + 60)
        for item in _items(context, match.end(), end):
            name = text[item.start:item.end]
            if item.kind in ("building", "line") and _acceptable(name) and not (
                    _COMMON_CORE.search(text[item.start:item.head])
                    or "的" in text[match.end():item.end]) and (
                    _named(context, item.start, item.end)
                    or _rare(text, item.start, item.head)):
                yield Match(item.start, item.end)


_OUTLINE = re.compile(r"规划(?=实施|[，。;]|$)")
_OF_WHAT = re.compile("(?:总体|专项|发展|建设|利用|保护|提升|振兴)$")


@rule("PROJECT", priority=77, score=0.65, examples=[
    "着力推动⟦生态城市建设规划⟧实施，", "编制完成⟦云泽全域旅游发展规划⟧，"],
    rejects=["贯彻落实“十四五”规划，", "做好各类专项规划，", "纳入城市总体规划调整", "发展规划，"])
def outline(context: Context) -> Iterator[Match]:
    """A plan for an area or a branch, without 《》, that is made or carried out."""
    text = context.view.text
    for match in _OUTLINE.finditer(text):
        if not _OF_WHAT.search(text, max(0, match.start() - 2), match.start()):
            continue
        low = _clause_low(text, match.start())
        start = _plan_start(text, low, match.start() - 2)
        name = text[start:match.end()]
        if start > low and 7 <= len(name) <= 24 and not _lone_mark(name) and not (
                _NOT_PLAN.search(name) or _COUNTED.match(name) or name[0] in "了好的国" or name[0].isdigit()):
            yield Match(start, match.end())


_CARRIED_OUT = re.compile(r"实施(?:好)?([^，。;:\n“”《]{5,48}?)(?=[，。;,:\n“”《]|$)")
_PROGRAMME = re.compile(r"[^及以“”]{3,16}(?:工程|计划)")


@rule("PROJECT", priority=77, score=0.7, lexicons=("places", "openers", "works"), examples=[
    "完成⟦区体育馆翻建工程⟧", "加快⟦智慧旅游系统一期项目⟧建设", "深入实施⟦全民阅读推广工程⟧，",
    "争取⟦国家山地生态修复示范项目⟧，获补助3亿元", "推进⟦望江路改造工程⟧"],
    rejects=["推进老旧小区改造工程", "实施重点工程，", "18个基础设施建设项目", "12个高新技术项目开工", "引进外资项目落地",
             "生态修复项目建设", "实施源头治理、水质提升等工程"])
def works(context: Context) -> Iterator[Match]:
    """A name that ends in 工程, 项目 or 二期 behind a verb of building; programmes that are carried out."""
    text = context.view.text
    for match in _CARRIED_OUT.finditer(text):
        yield from _programmes(text, *match.span(1))
    for match in _ENDS_IN_WORK.finditer(text):
        end = match.end()
        low = max(_low(text, match.start()), text.rfind("、", match.start() - 40, match.start()) + 1)
        start = _piece_start(text, low, max(low, match.start()))
        start, end = _trimmed(text, start, end)
        name = text[start:end]
        if len(name) < 5 or not _acceptable(name) or _PLAIN_PROGRAMME.match(name) or start == low and text[low - 1:low] == "、":
            continue
        if _named(context, start, end) or name.startswith(("区", "市", "县", "省", "国家")) or (
                start > low and _rare(text, start, match.start())):
            yield Match(start, end)


def _programmes(text: str, start: int, end: int) -> Iterator[Match]:
    """A工程、B工程和C计划 in what is carried out."""
    for piece in re.split("、|和(?!谐|美|平)|以及", text[start:end]):
        name = _COUNT_BEHIND.sub("", piece)
        if (_PROGRAMME.fullmatch(name) and _acceptable(name) and text[start - 2:start] != "一批"
                and not _PLAIN_PROGRAMME.match(name)):
            yield Match(start, start + len(name))
        start += len(piece) + (2 if text.startswith("以及", start + len(piece)) else 1)


_COUNT_BEHIND = re.compile(r"\d.*$")
_PLAIN_PROGRAMME = re.compile(r".{0,12}(?:重点|重大|民生|民心|惠民|实事|基础|试点|配套|项目|大)工程$|.*新项目$|[^，]{0,3}计划$")
_ENDS_IN_WORK = re.compile(
    r"(?:工程|项目|[一二三四五六]期|改扩建|快速化|[东西南北]延伸?)(?=建设(?![规用])|[，。;,]|\([^()]{1,8}\)[，。;,建]|$)")


# 7 <tab> name <tab> 16.2 <tab> 竣工: a row of a table of projects, its number, sum and goal.
_ROW = re.compile(
    r"\d{1,3}\s?[\t|]\s?([^\t|\n]{3,48}?)\s?[\t|]\s?(?:\d[\d,.]{0,9})?\s?[\t|]?\s?"
    r"(?=竣工|施工|开工|建成|前期|新建|续建|完工|投产|储备|在建|投用)")
_TABLE = re.compile(r"项目名称|工程名称|项目计划|(?:重大|重点|建设|投资)[^\n。]{0,12}项目|\(\d+项\)")


@rule("PROJECT", priority=82, score=0.8, examples=[
    "序号\t项目名称\t投资总额\t目标\n1\t⟦云桥路拓宽工程⟧ (兰溪路-望江路)\t6.1\t竣工\n"
    "2\t⟦云泽区中心排水系统工程⟧\t9.9\t施工"],
    rejects=["序号\t指标\t数值\n1\t地区生产总值\t500.1\t增长"])
def table_row(context: Context) -> Iterator[Match]:
    """The name in a row of a table of projects: number, name, sum, 竣工 or 施工."""
    text = context.view.text
    if "\t" not in text and "|" not in text:
        return
    rows = list(_ROW.finditer(text))
    if len(rows) < 2 and not (rows and _TABLE.search(text)):
        return
    for match in rows:
        start, end = match.span(1)
        if text[end - 1] == ")":
            end = text.rfind("(", start, end)
        while end > start and text[end - 1].isspace():
            end -= 1
        if end - start >= 3 and re.search(rf"[{HAN}]{{2}}", text[start:end]):
            yield Match(start, end)
