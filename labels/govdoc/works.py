"""What the name of a work looks like: where it begins, whether words are one, lists of them.

The name of a work (⟦云桥路拓宽工程⟧, ⟦江泽高铁⟧) ends in a head of ``lexicons/works.tsv``; it begins
behind the last verb of its clause. A kind of works (老旧小区改造) is no name: a name holds a known
place, a number, Latin letters, or words that are not everyday ones.
"""
from __future__ import annotations

from bisect import bisect_left
from typing import Iterator, NamedTuple

from labels.govdoc.names import HAN, common_words, plainness
from labels.govdoc.rules.places import known_places
from labels.govdoc.sites import sites
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context

# Verbs and particles that stand before a project; what stands in its name (建设, 治理) is not here.
_HOW = (
    "加快|大力|积极|有序|持续|全力|统筹|稳步|扎实|深入|全面|继续|重点|协同|协调|强力|高效|落实|着力|坚决|不断|务实"
    "|滚动|组织|抓紧|试点|顺利|如期|提前|成功|高标准|高质量|高水平|同步|分步|正式|陆续|相继|基本|已|力争|确保|争取"
    "|抓好|做好")
_DOES = (
    "推进|推动|加快|启动|开工建设|新开工|开工|建成并开放|建成|完成|实施|力争|确保|争取|谋划|开展|打造|制定|编制|出台"
    "|落实|做好|抓好|加大|聚焦|围绕|通过|依托|参与|支持|引进|引入|签约|落地|新增|包括|包含|其中|以及|加强|深化|续建|配合"
    "|保障|建好|开放|实现|推广|用好|深耕|做实|执行|对接|申报|获批|纳入|列入|入选|获评|争取到|建设|新建|新一轮|投用"
    "|投资|促进|突出|抓实|严格|按照|根据|结合|完善|丰富|优化|提升|拓展|随着|关于|谋划推进|竣工|建立|成立|规划|获得|组建"
    "|协助|受理|设立|确定|跟踪|重点跟踪")
_SAYS = (
    "公司(?=[^、，]{4})|对|将|把|与|及|为(?<!华为)(?!老|民服|农服|侨)|由|据(?<![数大依证根]据)|从|于|的|了|在(?!建)|和(?!谐|平|美)|一批"
    "|一是|二是|三是|四是|五是|首个|首批|本区|我市|我区|我省|全市|全区|全省|区内|市级|今年|明年|全年|计划|预计|目前|已经|继续"
    "|同时|方面|期间|重大项目|重点项目")
# What all begin with comes first: else all beginnings would be tried at every place.
_FIRST = "".join(sorted({word[0] for word in f"{_HOW}|{_DOES}|{_SAYS}".split("|")}))
_LEAD = lazy(f"(?=[{_FIRST}])(?:(?:{_HOW})*(?:{_DOES})|{_SAYS})")
# Words that only name kinds: 重大, 老旧|小区, 12个.
_KINDS = (
    r"[一二三四五六七八九十\d]+(?:个|项|条|座|大|批)?|重大|重点|一批|各类|基础设施|市政|民生|交通|水利|新型|老旧|农村|城乡|城市|产业|工业|招商|扶贫"
    "|安全|旧城|城中村|棚户区|棚改|危旧|保障性|生态|环境|亮点|续建|新建|政府投资|社会投资|政府|本|该|这|其他|道路|小区|住宅|绿化|河道|污水|供水|管网|电网"
    "|燃气|公共|文化|教育|医疗|体育|养老|学校|校舍|消防|高标准农田|中小河流|病险水库|灌区|架空线|积水点|缓拥堵|美丽|全国|高速公路|铁路|公路|轨道交通|城际铁路"
    "|高铁|地铁|机场|码头|港口|企业|科技|技术|智能化|数字化|信息化|专项|示范|标志性|引领性|配套|前期|后续|储备|入库|拟建|在建|计划|年度|大中型|中小型|小型"
    "|常设|安置房?|动迁|各类|部分|燃煤|老城区|城区|城中|路网|整修|出口|快速|示范园区|科技|科创|龙头|大|PPP"
    "|主体结构|主体|单体|附属|其余|特许经营|两先区|智能制造|试点|省级?|市级?|国家级?|区级?"
    "|[一二三四五六七]期|县级?|开工|竣工|建成|全区|全市|全省|我市|我区|本市|本区|重要|大型|特色|优质|投资")
GENERIC_NAME = lazy(
    rf"^确需|^(?:{_KINDS})+"
    "(?:工程|项目|改造|建设|改造工程|建设项目|改造项目|建设工程|整治|提升工程|扩建|改扩建|设施|道路|铁路|公路|高铁)*$")
GENERIC_CORE = lazy(f"(?:{_KINDS})+")
_HAS_VERB = lazy(
    "加强|促进|确保|不断|进一步|提高|增长|下降|达到|增加|吸引|负责|严防|防止|杜绝|严禁|[将把被]|相关|万元|亿元|完成率|举债|上新|(?:能力|水平|体系|机制|制度"
    r"|工作|服务质量|问题|政策|任务|发展|投资|资金|环境|领域|力度|率|方案|方面|国债|预算|标准)(?![\u4e00-\u9fff]*(?:工程|项目|中心|大楼|基地"
    "|改造|园区?)$)")
GENERIC_END = lazy(
    "(?:治理|提升|整修|完善|控制|管理|服务|开放|培训|保护|修复|改善|教育|医疗|交通|社区|政务|养老|城市|整治|改造|建设|供给|监测|壮大|锻造|培育|倍增|创新"
    "|制造|智能|产业|农业|旅游|物流|文化|体育|绿化|发电|善育|应用|研发|生产)$")
COUNTED = lazy(
    r"\d\s?年|年度|年底|年内|[一两二三四五]区|”“|等(?![学级教])"
    r"|\d[\d.]*[万亿]?余?多?(?:[个所座家条项处片]|公里|平方|亩|米)"
    r"|^(?:智能|各|部分|相关|有关|共享|统一|一批|以[上下]|新的|智慧电网)")
STARTS = lazy(rf"[{HAN}A-Z0-9a-z“]")
# However it begins, this names a kind: 云泽区重点工程, 科技类项目.
KIND_END = lazy(
    "[二三四五六七八九十]大[^道桥厦街学].*(?:工程|改造)$|(?:重大|重点|标志性|相关|类|式|各|资金)(?:建设)?(?:工程|项目)$|[^园]政府实事项目$")
_GLOSS_END = lazy(r"\([^()]{1,12}\)$")
BOUND = lazy(r"[。;，:\n\t!?|]|,(?!\d{3})")
_PROPER = lazy(
    r"[A-Z]\d|(?<!\d)\d{1,3}号(?:线|机组)|[一二三四五六七八九十]号线"
    r"|[一二三四五六\d]期(?:工程|项目)?$|[A-Z]{2}|第[一二三四五六七八九十]|[“《]")
# 潍烟高铁, 京沪高速: two to four short names of cities before a line.
_PAIR = lazy(r"[\u4e00-\u9fff]{2,4}?(?=(?:沿江|过江)?(?:高铁|高速|铁路|城际|客专|客运专线))")
_SITED = lazy(
    r"[\u4e00-\u9fff]{2,}(?:路|大道|公路|大桥)[\u4e00-\u9fff]|(?:新建|改扩建|迁建|扩建|翻建)(?:项目|工程)$")
_PARTS = lazy("[、和与]|以及")
# 云桥路东、西延线 is one work.
_SIDES = lazy("[东西南北]、[东西南北]|[一二三四五]、[一二三四五六]期")
PLAIN = lazy(r".{0,12}(?:重点|重大|民生|民心|惠民|实事|基础|试点|配套|项目|大)工程$|.*新项目$|[^，]{0,3}计划$")
_REACH = 90


class Item(NamedTuple):
    start: int
    end: int
    head: int  # where its head (工程, 高铁, 医院) begins; `end` if it has none
    kind: str


def name_start(text: str, low: int, end: int) -> int:
    """Where a name that ends at `end` begins: behind the last verb or particle before it."""
    start = low
    for match in _LEAD.finditer(text, low, end):
        if end - match.end() >= 2:
            start = match.end()
    return start


def is_named(context: Context, start: int, end: int) -> bool:
    """Whether a stretch holds the sign of a name: a place, Latin letters, a number, a site."""
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


def phases(text: str, index: int) -> bool:
    """Whether a list of phases or sides goes on at `index`: 一、|二期."""
    return index >= 2 and _SIDES.match(text, index - 2) is not None


def near_place(context: Context, low: int, high: int) -> bool:
    """Whether a place or a site begins in ``low``…``high``."""
    for found in (known_places(context), sites(context)):
        index = bisect_left(found, (low, 0, ""))
        if index < len(found) and found[index][0] < high:
            return True
    return False


def is_particular(context: Context, start: int, end: int) -> bool:
    """Whether a stretch, without its last head, names one thing: a road or water and more, a place
    and what is no mere kind."""
    text = context.view.text
    places = sites(context)
    index = bisect_left(places, (start, 0, ""))
    if index < len(places) and places[index][1] <= end:
        return True
    known = known_places(context)
    index = bisect_left(known, (start, 0, ""))
    while index < len(known) and known[index][1] <= end:
        rest = text[known[index][1]:end]
        if len(rest) > 2 and not GENERIC_CORE.fullmatch(rest):
            return True
        index += 1
    return False


def _common(word: str) -> bool:
    """Whether a word of two to four characters is, or ends in, an everyday one: 重点|高速."""
    return word in common_words() or word[-2:] in common_words(200) or word[:2] in common_words(200)


def is_rare(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins with what is no everyday word, or holds few of them."""
    words = common_words()
    return end - start >= 2 and (
        text[start:start + 2] not in words and text[start:start + 3] not in words
        and text[start + 1:start + 3] not in words or plainness(text[start:end]) < 0.8)


def acceptable(name: str) -> bool:
    """Whether a stretch may be a name: not a count, a kind of works, a clause or half a quote."""
    return (2 < len(name) <= 30 and not COUNTED.search(name) and not GENERIC_NAME.match(name)
            and not _HAS_VERB.search(name) and not KIND_END.search(name) and not lone_mark(name)
            and STARTS.match(name) is not None)


def lone_mark(piece: str) -> bool:
    return any(piece.count(left) != piece.count(right) for left, right in ("()", "“”")) or \
        piece[0] in "“(-—·.+)" or piece[-1] in "”(-—·.+"


def items_of(context: Context, low: int, high: int) -> list[Item]:
    """The items of a list: split at 、 and at 和 behind a head; each past its verb."""
    text, works = context.view.text, context.lexicon("works").only("line", "building", "work")
    found = []
    for begin, stop in _pieces(text, works, low, high):
        gloss = _GLOSS_END.search(text, begin, stop)
        stop = gloss.start() if gloss else stop
        begin = name_start(text, begin, stop)
        begin, stop = without_marks(text, begin, stop)
        if stop - begin < 3:
            continue
        term = works.ending(text, stop, begin)
        found.append(Item(begin, stop, stop - len(term) if term else stop,
                          works.entries[term]["kind"] if term else ""))
    return found


def has_head(works: Lexicon, text: str, low: int, end: int) -> bool:
    """Whether what ends at `end`, before a note in brackets, ends in the head of a work."""
    if text[end - 1] == ")":
        end = text.rfind("(", low, end)
    while end > low and text[end - 1] in "” ":
        end -= 1
    return end > low and works.ending(text, end, low) is not None


def _pieces(text: str, works: Lexicon, low: int, high: int) -> Iterator[tuple[int, int]]:
    start = low
    for mark in _PARTS.finditer(text, low, high):
        if mark.group() == "、" and not _SIDES.match(text, mark.start() - 1) or (
                works.ending(text, mark.start(), start)):
            yield start, mark.start()
            start = mark.end()
    yield start, high


def without_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out a bracket or a quotation mark at the edges."""
    if text[end - 1:end] == ")" and "(" in text[start:end]:
        end = text.rindex("(", start, end)
    while start < end and text[start] in "“”( \t*#-—":
        start += 1
    while end > start and text[end - 1] in "“”) \t":
        end -= 1
    return start, end


def clause_low(text: str, end: int, reach: int = _REACH) -> int:
    """The start of the clause that `end` stands in, `reach` characters before it at most."""
    floor = max(0, end - reach)
    bound = BOUND.search(text[floor:end][::-1])
    return end - bound.start() if bound else floor
