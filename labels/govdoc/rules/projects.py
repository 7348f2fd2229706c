"""PROJECT: named construction, IT and investment projects, and named programmes."""
from __future__ import annotations

import re
from bisect import bisect_left
from typing import Iterator

from labels.govdoc.names import HAN, plainness, terms
from labels.govdoc.rules.places import known_places
from labels.rules import Context, Match, rule

_CJK = rf"[{HAN}A-Za-z0-9·—\-“”()+.#]"
# Verbs and particles that stand before a project; what stands in its name (建设, 治理) is not here.
_LEAD = re.compile(
    r"(?:(?:加快|大力|积极|有序|持续|全力|统筹|稳步|扎实|深入|全面|继续|重点|协同|协调|强力|高效|落实|着力|坚决|不断|"
    r"务实|滚动|组织|抓紧|试点|顺利|如期|提前|成功|高标准|高质量|高水平|同步|分步|正式|陆续|相继|基本|已|力争|确保|争取|抓好|做好)*"
    r"(?:推进|推动|加快|启动|开工建设|新开工|开工|建成并开放|建成|完成|实施|力争|确保|争取|谋划|开展|打造|制定|编制|出台|落实|"
    r"做好|抓好|聚焦|围绕|通过|依托|参与|支持|引进|引入|签约|落地|新增|包括|包含|其中|以及|加强|深化|续建|配合|保障|建好|开放|"
    r"推广|用好|深耕|做实|执行|对接|申报|获批|纳入|列入|争取到|建设|新建|新一轮|投用|投资|促进|突出|抓实|严格|按照|根据|结合|"
    r"完善|优化|提升|拓展|随着|关于|谋划推进|竣工|建立|成立|规划|获得|组建|协助|受理|设立|确定|跟踪|重点跟踪))|"
    r"[在对将把与及为由据从于的了和]|一批|一是|二是|三是|四是|五是|首个|首批|本区|我市|我区|我省|全市|全区|全省|区内|市级|今年|"
    r"明年|全年|计划|预计|目前|已经|继续|同时|方面|期间|重大项目|重点项目")
_PLAN = re.compile(
    r"(?:(?:[一二三四五两]|\d)年(?:[专]项)?行动(?:计划|方案)?|(?<!科技创新)行动计划|行动方案|攻坚行动|培育计划|创造计划|"
    r"倍增计划|提升计划|振兴计划|跃升计划|成长计划|引领计划|人才计划|攻坚计划|改造计划|提质计划|惠民工程|提升工程|改造工程|"
    r"强校工程|倍增工程|提质工程|培育工程|推进工程|攻坚工程|示范工程(?!段)|专项(?=[、(。]))")
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
    low = index
    while low > 0 and re.match(_CJK, text[low - 1]) and index - low < 30:
        low -= 1
    return low


@rule("PROJECT", priority=80, score=0.85, examples=[
    "全面完成⟦第七轮环保三年行动计划⟧,空气优良", "制定实施⟦新基建三年行动方案⟧", "抓紧制定新一轮⟦职业健康体系三年行动计划⟧",
    "实施⟦工业精品创造计划⟧", "推进⟦云泽区安全生产三年行动⟧"],
    rejects=["申请各类科技创新行动计划", "三年行动计划已完成", "制定工作计划", "开展专项行动"])
def plan(context: Context) -> Iterator[Match]:
    """A name before 三年行动计划, 行动方案, 培育计划 …"""
    text = context.view.text
    for match in _PLAN.finditer(text):
        low = _clause_low(text, match.start())
        start = _plan_start(text, low, match.start(), match.end())
        core = text[start:match.start()]
        if not 2 <= len(core) <= 22 or _NOT_PLAN.search(core):
            continue
        if text[match.end() - 2:match.end()] == "工程" and _GENERIC_NAME.match(
                text[start:match.end()]):
            continue
        if _lone_mark(text[start:match.end()]) or not re.match(rf"[{HAN}A-Za-z0-9]", core):
            continue
        yield Match(start, match.end())


_PLAN_LEAD = re.compile(
    r"实施|制定|启动|完成|推进|落实|出台|编制|开展|执行|推动|按照|根据|新一轮|围绕|以及|聚焦|通过|[的和与及将对]|印发|发布|纳入|列入|10所|等")


def _plan_start(text: str, low: int, head: int, end: int) -> int:
    start = low
    for match in _PLAN_LEAD.finditer(text, low, head):
        if head - match.end() >= 2:
            start = match.end()
    return start


def _lone_mark(piece: str) -> bool:
    return any(piece.count(left) != piece.count(right) for left, right in ("()", "“”")) or \
        piece[0] in "“(-—·.+)" or piece[-1] in "”(-—·.+"


_QUOTED = re.compile(
    rf"“([{HAN}A-Za-z0-9 +·—-]{{2,16}}?)”(?=(?:(?![和的与及])[{HAN}]){{0,4}}?(?:工程|项目|平台|行动计划|专项行动|"
    rf"系列应用|惠企政策|小程序|"
    rf"系统|APP|app|计划(?!生育|单列)|先行区|试点|建设行动|提升行动|\d\.\d版))")
_QUOTED_HEAD = re.compile(
    rf"“([{HAN}A-Za-z0-9 +·—-]{{2,14}}(?:平台|工程|行动计划|计划|系统)|[{HAN}]{{0,6}}惠企\d+条)”")
_NOT_QUOTED = re.compile(
    r"^(?:[一二三四五六七八九十].[一二三四五六七八九十]|[一二三四五六七八九十两多双\d]+[\d+个级位类型化项大链群网条园]|十[一二三四五]五|新增|(?:互联网|云|"
    r"大)\+?$|放管服|[\d+X]+|小巨人|专精特新|卡脖子|造血|[一二三四五六七八九十两双].$|"
    r"一带一路|五大|两新|两重|一件事|三农|六稳|六保|.{0,3}\+.*|.*(?:制|系列|式|化|率|清单|机制)$)")


@rule("PROJECT", priority=79, score=0.75, lexicons=("programmes", "places", "openers"), examples=[
    "“⟦指尖通办⟧”平台上线", "推出“⟦云泽惠企18条⟧”", "依托“⟦平安智联平台⟧”", "实施“⟦头雁⟧”工程",
    "推动政务服务“⟦一网通办⟧”", "城市运行⟦一网统管⟧建设"],
    rejects=["“十四五”规划项目", "“1+5+8”平台", "“三农”工作", "实施“放管服”改革"])
def quoted(context: Context) -> Iterator[Match]:
    """A name in quotation marks with 工程, 平台, 项目 behind or in it; programmes known by name."""
    text = context.view.text
    for pattern in (_QUOTED, _QUOTED_HEAD):
        for match in pattern.finditer(text):
            if not _NOT_QUOTED.match(match.group(1)):
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


_WORKS = (
    r"(?:(?:改扩建|扩建|新建|改造|翻建|迁建|重建|修缮|整治|提升|配套|延伸|续建|扩容|提标|治理|加固|绿化|还建|技改|"
    r"生态修复|综合整治|引调水|供水|污水处理|建设|保护|堤防|灌区|水利|调水|引水|补水|输水|供热|防洪|安置房|标准化|疏浚|"
    r"快速化|综合开发|一体化)(?:工程|项目)|(?:[一二三四五六]|\d)期(?:工程|项目)?|"
    r"(?:[东西南北中]延伸?|延伸)(?:线|段|工程)?|快速化(?:改造)?|改扩建|(?:车站|机场|道路|码头|枢纽)改造|"
    r"高速铁路|高铁|城际铁路|铁路(?:客运专线|二线|支线)?|客运专线|城际|轻轨|轨道交通\d{1,3}号线|(?<!\d)\d{1,3}号线|抽水蓄能电站|核电站|水电站|"
    r"特高压(?:直流|工程)?|匝道|互通|连接线|过江通道|隧道)")
_WORK = re.compile(_WORKS)
_STATUS = re.compile(
    r"(?:全面|正式|顺利|加快|基本|有序|如期|全线|建成|主体|成功|集中|按期|提前|相继|陆续|实现|即将|已|年内|力争|前期|结构|全部)*"
    r"(?:开工建设|开工|竣工验收|竣工|建成投用|建成投产|建成通车|建成开放|建成|通车|投用|投入使用|投入运营|投运|启用|封顶|投产|完工|完成|"
    r"贯通|获批|落地|签约|落户|开通|建设|推进|动工|开建|运营|开放|并网|通航|启动|前期工作|实施|开展前期|前期研究)")
_LIST_TAIL = re.compile(
    r"等(?:近|约|超|超过)?(?:\d+|一批|多|数|几|[两三四五六七八九十]+)?余?多?(?:个|项|条|座|处|批)?"
    r"(?:市政|(?![国地省市县家企作对的为])[\u4e00-\u9fff]){0,8}?(?:项目|工程|煤矿|电站|电厂|水库|枢纽)")
_COMPANY_LIST = re.compile(r"企业|公司|机构|总部|投资落地|亿元")
_GENERIC_NAME = re.compile(
    r"^确需|^(?:[一二三四五六七八九十\d]+(?:个|项|条|座|大|批)?|重大|重点|一批|各类|基础设施|市政|民生|交通|水利|新型|老旧|农村|城乡|城市|"
    r"产业|工业|招商|扶贫|安全|旧城|城中村|棚户区|棚改|危旧|保障性|生态|环境|亮点|续建|新建|政府投资|社会投资|政府|本|该|这|其他|"
    r"道路|小区|住宅|绿化|河道|污水|供水|管网|电网|燃气|公共|文化|教育|医疗|体育|养老|学校|校舍|消防|高标准农田|中小河流|"
    r"病险水库|灌区|架空线|积水点|缓拥堵|美丽|全国|高速公路|铁路|公路|轨道交通|城际铁路|高铁|地铁|机场|码头|港口|"
    r"企业|科技|技术|智能化|数字化|信息化|专项|示范|标志性|引领性|配套|前期|后续|储备|入库|拟建|在建|计划|年度|"
    r"省级?|市级?|国家级?|区级?|县级?|开工|竣工|建成|全区|全市|全省|我市|我区|本市|本区|重要|大型|特色|优质|投资)+"
    r"(?:工程|项目|改造|建设|改造工程|建设项目|改造项目|建设工程|整治|提升工程|扩建|改扩建|设施|道路|铁路|公路|高铁)*$")
_HAS_VERB = re.compile(r"加强|促进|确保|不断|进一步|提高|增长|下降|能力|水平|体系|机制|制度|工作|服务质量|问题|政策|任务|"
                       r"发展(?!中心)|投资|资金|完成率|达到|增加|万元|亿元|环境|领域|力度|率$|方案|方面|国债|预算|吸引|相关")
_GENERIC_END = re.compile(
    r"(?:治理|提升|整修|完善|控制|管理|服务|开放|培训|保护|修复|改善|教育|医疗|交通|社区|政务|养老|城市|整治|改造|建设|供给|监测|"
    r"壮大|锻造|培育|倍增|创新|制造|智能|产业|农业|旅游|物流|文化|体育|绿化|发电|善育|应用|研发|生产)$")


def _proper(context: Context, start: int, end: int) -> bool:
    """Whether a stretch holds a sign of a name: a known place, Latin letters, a line."""
    text = context.view.text[start:end]
    if re.search(r"^[京津冀晋辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼川渝黔滇藏陕甘青宁新蒙蓉杭甬汉郑武昆贵广深厦福合温通盐泰扬]{2,4}"
                 r"[\u4e00-\u9fff]{0,4}(?:铁路|高铁|高速|城际)|[\u4e00-\u9fff]{2}(?:路|大道|公路|"
                 r"大桥)[\u4e00-\u9fff]|(?:新建|改扩建|迁建|扩建|翻建)(?:项目|工程)$|[A-Z]\d|(?<!\d)\d{1,3}号线|"
                 r"[一二三四五六\d]期$|[A-Z]{2}", text):
        return True
    places = known_places(context)
    index = bisect_left(places, (start, 0, ""))
    return index < len(places) and places[index][0] < end or \
        index > 0 and places[index - 1][1] > start


def _named(context: Context, start: int, end: int) -> bool:
    """Whether a stretch is a name: it holds a sign of one, a building, or rare words."""
    name = context.view.text[start:end]
    if _proper(context, start, end) or _WORK.search(name):
        return True
    if _GENERIC_END.search(name):
        return False
    return _BUILT.search(name) is not None or plainness(name) < 0.8


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in re.finditer(r"[。;，,:\n\t!|]", text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


@rule("PROJECT", priority=78, score=0.8, lexicons=("places", "openers"), examples=[
    "加快推进⟦云江公路快速化⟧、⟦G15江岚路匝道⟧等重点项目", "⟦东岭二期⟧、⟦西湾四期⟧等大型电源项目建成投用",
    "推进⟦区青少年研学中心⟧、⟦兰溪九年一贯制学校⟧等项目建设",
    "⟦明岳全球创新研发中心⟧等一批优质项目落户"],
    rejects=["推进重大工程等项目建设", "引进复蓝科技等12家企业", "道路、管网等工程建设"])
def listed(context: Context) -> Iterator[Match]:
    """A、B、C before 等…项目, 等…工程."""
    text = context.view.text
    for low, high in _clauses(text):
        tail = _LIST_TAIL.search(text, low, high)
        if tail is None or _COMPANY_LIST.search(text, tail.start(), high) or re.search(
                r"民心|民生|实事|产业|惠民", tail.group()):
            continue
        for start, end in _items(text, low, tail.start()):
            name = text[start:end]
            if len(name) < 2 or not _acceptable(name):
                continue
            if not _named(context, start, end):
                continue
            yield Match(start, end)


def _items(text: str, low: int, end: int) -> list[tuple[int, int]]:
    """Split at 、; the first item begins behind the last verb, and 和 parts the last two."""
    spans = []
    position = low
    for piece in text[low:end].split("、"):
        spans.append((position, position + len(piece)))
        position += len(piece) + 1
    if spans:
        first = spans[0]
        spans[0] = (_piece_start(text, *first), first[1])
    return [_trimmed(text, start, stop) for start, stop in spans if stop - start >= 2]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out a bracket or a quotation mark at the edges."""
    if text[end - 1:end] == ")" and "(" in text[start:end]:
        end = text.rindex("(", start, end)
    while start < end and text[start] in "“”( \t":
        start += 1
    while end > start and text[end - 1] in "“”) \t":
        end -= 1
    return start, end


_COUNTED = re.compile(r"智能|.*等(?![学级教])|\d+余?多?[个所座家条项处片]")


def _acceptable(name: str) -> bool:
    """Whether a stretch may be a name: not a count, a kind of works, a clause or half a quote."""
    return (1 < len(name) <= 26 and not _COUNTED.match(name) and not _GENERIC_NAME.match(name)
            and not _HAS_VERB.search(name) and not _lone_mark(name)
            and not re.search(r"[“”《》]", name[1:-1].replace("“", "", 1).replace("”", "", 1))
            and re.match(rf"[{HAN}A-Z0-9a-z]", name) is not None)


@rule("PROJECT", priority=77, score=0.75, lexicons=("places", "openers"), examples=[
    "⟦江岚国际机场改扩建工程⟧全面完成", "⟦江岚铁路二期⟧完成初步设计", "启动⟦轨道交通12号线西延伸⟧建设",
    "完成⟦区体育馆翻建工程⟧", "⟦18号线二期⟧正式开工", "加快⟦智慧旅游系统一期项目⟧建设"],
    rejects=["推进老旧小区改造工程", "高速铁路里程500公里", "18个基础设施建设项目"])
def works(context: Context) -> Iterator[Match]:
    """A name before 工程, 二期, 延伸, 铁路, 号线 … in a clause about building."""
    text = context.view.text
    for low, high in _clauses(text):
        for start, end in _split(text, low, high):
            heads = list(_WORK.finditer(text, start, end))
            if not heads:
                continue
            stop = heads[-1].end()
            begin = _piece_start(text, start, max(heads[-1].start() + 1, heads[-1].end() - 3))
            begin, stop = _trimmed(text, begin, stop)
            name = text[begin:stop]
            if len(name) < 4 or not _acceptable(name):
                continue
            if not _STATUS.match(text, stop) and stop != end and not text.startswith(
                    ("(", "”"), stop) and not name.endswith(("工程", "项目")):
                continue
            if _proper(context, begin, stop) or name.startswith(("区", "市", "县", "省")) or \
                    name.endswith(("期项目", "期工程")):
                yield Match(begin, stop)


_PROJECT = re.compile(
    r"项目(?=(?:全面|正式|顺利|加快|前期|主体|已|即将|启动|竣工|建成|开工|落地|签约|投产|投用|建设|推进|完工|入驻|落户|结构|实现|有序|[,，。;]|$))")


@rule("PROJECT", priority=77, score=0.65, lexicons=("places", "openers"), examples=[
    "加快⟦望江汇项目⟧建设", "⟦江岚市资源循环利用中心项目⟧建成投产"],
    rejects=["推进重大产业项目建设", "12个高新技术项目开工", "引进外资项目落地", "生态修复项目建设"])
def project(context: Context) -> Iterator[Match]:
    """A name before 项目 that is built, begun or settled."""
    text = context.view.text
    for match in _PROJECT.finditer(text):
        low = max(text.rfind(mark, 0, match.start()) for mark in "。;，,:\n\t!、个项") + 1
        start = _piece_start(text, low, match.start())
        name = text[start:match.start()]
        if not 3 <= len(name) <= 20 or not _acceptable(name) or _lone_mark(name):
            continue
        if _proper(context, start, match.start()) and len(name) >= 5 or plainness(name) < 0.5:
            yield Match(start, match.end())


_ENDS_NAME = re.compile(r"(?:铁路|公路|大道|枢纽|工程|项目|大桥|号线|高铁|高速|[一二三]期)$")


def _split(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    start = low
    for index in range(low, high + 1):
        if index == high or text[index] == "、" or (
                text[index] == "和" and _ENDS_NAME.search(text, start, index)):
            if index > start:
                yield start, index
            start = index + 1


_BUILT = re.compile(
    r"(?:中心|学校|分校|小学|中学|幼儿园|医院|公园|书院|大厦|塔楼|大楼|基地|体育馆|体育中心|文化馆|图书馆|博物馆|美术馆|音乐厅|观光塔|"
    r"剧院|枢纽|码头|车站|站|路|大道|公路|大桥|水库|电厂|污水厂|净水厂|水厂|机场|港|产业园|园区|广场|综合体|航站楼|出省段|"
    r"传媒港|金融城|名人馆|展览馆|科技馆|专线|段|堤防|泵站|管廊|[A-Z]\d塔楼|分院|院区|校区|新城|社区|文化宫|档案馆|出入口局)")
_DONE = re.compile(
    r"(?:[(（][^)）]{0,8}[)）])?(?:结构|主体|全面|正式|顺利|基本|如期|全线|成功|按期|提前|相继|陆续|已|即将|并|实现)*"
    r"(?:开工建设|开工|竣工|建成|通车|投用|投入使用|投入运营|投运|启用|封顶|投产|完工|贯通|动工|开建|并网|通航|推进|加快建设|开放运营|建设(?:顺利|全面|"
    r"基本)完成|加快规划|加快收尾|工可获批)")


@rule("PROJECT", priority=76, score=0.65, lexicons=("places", "openers"), examples=[
    "新建6座街心花园,⟦云溪里公园⟧建成", "力争⟦云桥路⟧、⟦岚港公路⟧等竣工", "⟦城北路出省段⟧建成通车",
    "⟦望江国贸中心T1塔楼⟧结构封顶"],
    rejects=["一批学校建成投用", "医院建设加快", "5座公园建成", "轨道交通车站投用"])
def built(context: Context) -> Iterator[Match]:
    """A named building, road or park that is said to be begun, built or opened."""
    text = context.view.text
    for low, high in _clauses(text):
        done = _built_tail(text, low, high)
        if done is None:
            continue
        for start, end in _items(text, low, done):
            name = text[start:end]
            heads = list(_BUILT.finditer(name))
            if not heads or heads[-1].end() != len(name) or len(name) < 3:
                continue
            core = name[:heads[-1].start()]
            if "公里" in text[low:high] and name.endswith(("路", "大道")):
                continue
            if len(core) >= 2 and _acceptable(name) and not _COMMON_BUILDING.search(core):
                yield Match(start, end)


_COMMON_BUILDING = re.compile(
    r"^(?:\d+[\u4e00-\u9fff]?|[一二三四五六七八九十]+[所座个条家]|公办|民办|养老服务|社区|为老|综合|文化|体育|口袋|街心|各|新|"
    r"轨道交通|普惠|党群服务|社会事业|公共服务|医疗|急救|主|老|高|中|小|市民|绿色|创新|产业|数据|标准|农村|城市|市政|骨干|"
    r"断头|一|小学|公交|地铁|首个|首座|首批|全市|全区|街镇|公共|区域|示范|国家|卫生|疾控|.*(?:所|座|个|条|家|片|处|多|一批))$")


_TO_BUILD = re.compile(
    r"(?<!信息)(?:医院|分院|校区|院区|枢纽|水库|铁路|高铁|大桥|体育中心|文化中心|图书馆|博物馆|美术馆|科学中心|机场|航站楼|公园)建设")


@rule("PROJECT", priority=81, score=0.65, lexicons=("places", "openers"), examples=[
    "大力推进⟦复蓝大学附属江岚山医院上海智慧医院⟧建设", "加快⟦江岚市枢纽⟧建设"],
    rejects=["推进公立医院建设", "推进公园建设", "加强图书馆建设"])
def to_build(context: Context) -> Iterator[Match]:
    """A named building that holds a known place, before 建设."""
    text = context.view.text
    for match in _TO_BUILD.finditer(text):
        end = match.end() - 2
        low = _clause_low(text, match.start())
        start = max(_piece_start(text, low, end), text.rfind("和", low, end) + 1)
        name = text[start:end]
        if len(name) >= 4 and start > low and _acceptable(name) and _proper(context, start, end):
            yield Match(start, end)


def _built_tail(text: str, low: int, high: int) -> int | None:
    """Where the names of a clause that ends in 建成, 开工 … stop."""
    for match in _DONE.finditer(text, low, high):
        end = match.start()
        among = re.search(r"等(?:(?![项工])[\u4e00-\u9fff]){0,4}$", text[max(low, end - 5):end])
        if among is not None:
            end = max(low, end - 5) + among.start()
        if end - low >= 3:
            return end
    return None


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
