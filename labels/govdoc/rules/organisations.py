"""ORG: organs of Party, state and society, companies, schools, hospitals, institutes."""
from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import Iterator, NamedTuple

from labels.govdoc.gazetteer import ADMINISTRATIVE, everyday, gazetteer, verbs, wordiness
from labels.govdoc.names import HAN, floors, once
from labels.govdoc.rules.places import known_places, sites
from labels.rules import Context, Match, rule


class Head(NamedTuple):
    """A term of the lexicon ``organs`` where it stands in the folded text."""

    start: int
    end: int
    term: str
    kind: str


def _heads(context: Context) -> tuple[list[Head], list[int]]:
    """All terms of the lexicon in the text, and where they start."""
    def find(given: Context) -> tuple[list[Head], list[int]]:
        lexicon = given.lexicon("organs")
        entries = lexicon.entries
        found = [Head(start, end, term, entries[term]["kind"])
                 for term, start, end in lexicon.find(given.view.text)]
        return found, [head.start for head in found]
    return once(context, "organisations.heads", find)


# 区财政局: the place left out, only its rank stands before the organ.
_RANK = re.compile(r"地区(?=[\u4e00-\u9fff])|[省市区县州镇乡旗盟](?=[\u4e00-\u9fff])|自治区(?=[\u4e00-\u9fff])")
_BEFORE_RANK = frozenset("全本我各该整每某城园社地小景片街校辖灾新特郊林牧山老专战疫禁聚住中高级两跨乡集村都超股夜上入进出大名强几多首外另")
_OF_ALL = ("全", "本", "我", "各", "该", "每", "某")
_AFTER_RANK = re.compile(
    r"级|本级|部级|域|内|属|[镇村乡](?=[\u4e00-\u9fff])(?!村振兴)|直(?!属?机关工)|管(?!委会|理)|长(?!办)|民(?![政族宗])|场|容|值|里|外|间|位|块|划|别|况|舰|下|"
    r"帜|杆|袍|城(?![市运管投建发])|两级|情|貌|风|音|鲜|土(?!地)|亲|愁|贤")
# What no name of an organ holds between its place and its head.
_STOP = re.compile(
    r"[的了在将向是于从到被其各等并或以请按把让也很已\s，。,;:、!?()“”\"《》\d|/·—\[\]【】<>*]|对(?![外台口])|为(?!民)|(?<![国专私公])有(?!色|机|轨|线)"
    r"|使(?!用)|就(?!业)|(?<!数)据|(?<![首成])都(?![市江])|不(?!动产)|再(?!就业|生|担保)")
_NO_BODY = re.compile(
    r"国家大学|两级|街镇|^和|和[区市县街镇]|^级|累计|等级|加快|推进|加强|推动|实施|完成|围绕|打造|成立|全面|进一步|深入|认真|通过|根据|以及|会同"
    r"|召开|年度|下达|提出|制定|出台|印发|组建|建成|力争|争取|开展|实现|各级|有关|相关|部门|单位|企业和|新建|改建|改扩建|获评|获得|入选|创建"
    r"|引进|引入|人民代表大会|人大|^政府|^财政(?!国库|监督|投资|投融资|预算|评审|票据|干部)|获|项目|提升|支持|高校|万元|不含|代表(?!处)|委设|局设|院设|内设|下设|届|我院|其中|依托|签约|落户|集聚"
    r"|达到|增长|下降|增加|减少|发布|公布|审议|听取|决定|任命|免去|重视|领导下|要求|强调|坚持|坚决|牢牢|强化|优化|深化|着力|大力|积极|努力|共建|共同|共有|设立|建立|开设|落成|建好|办好|加上|[两三四]省|撤换|选举|选址")
_FALSE_UNIT = re.compile(
    r"(?:(?:特色|示范|试点|优质|达标|民办|公办)(?:学校|中学|小学|幼儿园|高中)|部级.*|本级.*|格局|布局|大局|全局|结局|开局|局面|僵局|定局|残局|当局|(?:居家|社区)?养老服务中心|社区服务中心|重点实验室|企业集团|学区集团|示范学校|公立医院|定点医院"
    r"|三甲医院|三级医院|社区医院|民营医院|互联网医院|专科医院|综合医院|中小学|一批公司|(?:国际|全球|区域|国家级?|世界|科技|产业|东北亚|东南亚|亚太|重要|综合|现代)*(?:科创|航运|金融|贸易|消费|物流|创新|经济|商业|购物|制造业|枢纽)中心"
    r"|国际大学|大中小学|跨国公司|上市公司|国有公司|平台公司|子公司|.*[大客前餐展舞]厅|.*副中心|.*[省市区县镇]管学校)$")
# A term and what may not follow it: 政府采购, 教育局长, 大学生.
_AFTER = {
    "局": "面势部限长域促", "厅": "长级官", "委": "员托派会", "院": "士内外校区长落前感", "政府": "性采购债隔投基引网部",
    "人大": "代工议", "政协": "委提会", "妇联": "合", "团委": "员", "工商联": "合", "海关": "特税监", "工会": "会",
    "大学": "生城科", "中学": "生", "小学": "生", "学院": "路", "集团": "化军", "银行": "业卡家", "中心": "城镇村区位环组点线工",
    "部": "门长署分队级际", "人大常委": "会", "委员会": "议", "常委会": "议", "党组": "成书副", "党委": "会书副", "公司": "制法",
    "科技": "", "公安": "", "编办": "", "一中": "全", "二中": "全", "三中": "全", "四中": "全", "九三": "", "台": "", "侨": "",
    "学校": "生", "办": "法理公事学案局", "科协": "同作", "国网": "", "大队": "长", "支队": "长", "林场": "职", "农场": "职",
}
_LONG_AFTER = re.compile(r"\d+余?[个家所座]|大楼|大厦|城|科技[城园]|站区|旧址|遗址|地块|片区")


def _stands(text: str, head: Head) -> bool:
    """Whether the term is the end of a name and not the beginning of a longer word."""
    follow = text[head.end:head.end + 1]
    if not follow:
        return True
    if follow == "长" and head.term[-1] in "局厅院校部署" and not text.startswith("长江", head.end):
        return False
    for size in (4, 3, 2, 1):
        refused = _AFTER.get(head.term[-size:])
        if refused is not None and follow in refused:
            return False
    return True


def _unit_end(context: Context, anchor: int, zone: bool = False) -> int | None:
    """The end of the organ that stands at `anchor`, right behind its place or rank.

    Behind a zone or a road only what is named after such: its committee, companies, schools.
    """
    text = context.view.text
    heads, starts = _heads(context)
    index = bisect_left(starts, anchor)
    if index == len(starts) or starts[index] > anchor + 15:
        return None
    while index < len(heads) and starts[index] <= anchor + 15:
        head = heads[index]
        index += 1
        body = text[anchor:head.start]
        if body and (_STOP.search(body) or _NO_BODY.search(body)):
            return None
        if not _stands(text, head) or head.kind == "national":
            continue
        if not body:
            if head.kind in ("local", "both", "company") or head.term in _BARE:
                return None if zone and head.term not in _ZONE_UNITS else head.end
            continue
        if head.kind == "trade" and (len(body) < 2 or wordiness(body) > 0.5 or not _ends_name(
                text, head.end)):
            continue
        if head.term.endswith(_BUILDINGS) and _WORKS.match(text, head.end):
            return None
        if head.kind in ("local", "both") and len(head.term) < 3 and head.term not in _WITH_BODY:
            continue
        unit = text[anchor:head.end]
        if zone and head.term not in _ZONE_UNITS or head.kind == "company" or _FALSE_UNIT.search(unit) or _LONG_AFTER.match(text, head.end):
            continue
        return head.end
    return None


def _ends_name(text: str, end: int) -> bool:
    """Whether a name may end here: a boundary follows, a function word, or a verb."""
    follow = text[end:end + 1]
    return not "一" <= follow <= "鿿" or follow in "的和与及等在将已被为由" or text[end:end + 2] in verbs()


# A school or a hospital that is being built is a project.
_BUILDINGS = ("中心", "学校", "小学", "中学", "幼儿园", "医院", "水厂", "电厂", "馆", "院")
_WORKS = re.compile(r"(?:新建|迁建|改扩建|扩建|改造|建设|异地)?(?:项目|工程(?!师|技术|学|大))")
# Heads that need nothing between them and the place: 江岚大学, 江岚银行, 江岚分行.
_BARE = frozenset((
    "大学", "学院", "银行", "医院", "分公司", "分局", "分行", "支行", "分院", "中学", "小学", "幼儿园", "管委会", "管理委员会", "办事处",
    "街道办事处", "工委", "党工委", "居委会", "村委会", "居民委员会", "村民委员会", "集团", "公司", "商会", "日报社", "晚报社", "调查队",
    "调查总队", "工作委员会", "委员会", "指挥部", "理事会", "联合会", "代表团", "林场", "电厂", "水厂", "监狱", "总工会", "法庭", "人民法庭",
    "派出所", "司法所", "税务所", "卫生院", "敬老院", "合作社", "供销社", "学校", "气象站", "水文站", "机场集团", "党支部", "研究院",
    "设计院", "规划院", "科学院", "农科院", "社科院", "出版社", "剧院", "党委", "党组", "交易分团", "车务段", "银监局", "管理局", "有限公司",
    "集团有限公司", "股份有限公司", "有限责任公司", "地区分行"))
_ZONE_UNITS = frozenset((
    "管委会", "管理委员会", "管理局", "党工委", "工委", "分局", "法院", "人民法院", "检察院", "人民检察院", "公安分局", "有限公司", "有限责任公司",
    "股份有限公司", "集团有限公司", "公司", "总公司", "集团", "中学", "小学", "幼儿园", "学校", "实验学校", "实验小学", "派出所", "支行", "医院", "博物馆",
    "税务局", "财政局", "海关", "街道办事处", "居委会", "指挥部", "领导小组", "管理处", "管理所"))
_WITH_BODY = frozenset(("委", "监狱", "血站", "林场", "商会", "党校", "电大"))
# Organs inside an organ.
_SUB = frozenset((
    "党组", "党委", "机关党委", "办公室", "办公厅", "主任会议", "工作委员会", "委员会", "领导小组", "人民法庭", "法庭", "审判庭", "派出所", "分局",
    "支行", "分行", "分公司", "分院", "中心支行", "研究院", "研究中心", "研究所", "学院", "办事处", "街道办事处", "调查队", "调查总队", "工委", "党工委",
    "信息中心", "服务中心", "研究室", "督查室", "代表团", "教育集团", "支队", "大队", "中队", "总队", "执法队", "交警支队", "交警大队", "监管分局",
    "银保监分局", "金融监管分局", "纪检监察组", "纪检组", "督察组", "督察局", "管理局", "管理处", "工作站", "服务站", "党校", "巡察办",
    "联席会议", "指挥部", "专班", "工作专班", "稽查局", "中学", "小学", "幼儿园", "附中", "附小", "医院", "分校", "集团", "有限公司",
    "股份有限公司", "有限责任公司", "集团有限公司", "管委会", "党支部", "党总支", "消防救援支队", "交易分团", "中心", "指导组", "巡回指导组", "法制委", "分会",
    "人民检察院", "检察院分院", "仲裁院"))
_NO_SUB = re.compile(
    rf"{_STOP.pattern}|[与和及由同召认决参受给]|联合(?!会|国|社|大学|体)|会(?!计)|有|相|机(?!关|构|场)|关(?!工委|爱)|所(?!属)|出(?![入版])|进(?!出口)|设(?![计施备])"
    r"|开(?!发|放)|报(?!社|业)|/")
_OF_CONGRESS = ("大会", "委会", "人大", "政协", "员会")
_OF_UNIVERSITY = re.compile(
    rf"(?:(?:第[一二三四五六七八九十]+)?附属[{HAN}]{{0,8}}?(?:医院|中学|小学|学校|幼儿园)|(?:(?![和及的将在等、])[{HAN}]){{2,16}}?(?:研究院|研究中心|研究所|学院|实验室))")


_OF_COURT = re.compile(rf"(?:(?:民事|刑事|行政|立案|知识产权|环境资源|金融|少年|家事|审判|执行|未成年人|综合|审判监督|第[一二三四五六七八九十]+)+"
                       r"(?:审判)?庭|执行局|立案庭|审判委员会|检察委员会|第[一二三四五六七八九十]+检察部)(?!审理|审)")


def _with_subunits(context: Context, end: int) -> int:
    """Extend an organ by the organs inside it: 区人大常委会 + 办公室."""
    text = context.view.text
    heads, starts = _heads(context)
    if text.endswith("大学", 0, end):
        inner = _OF_UNIVERSITY.match(text, end)
        return inner.end() if inner and not _NO_BODY.search(inner.group()) else end
    places = _place_ends(context)
    court = _OF_COURT.match(text, end) if text.endswith("院", 0, end) else None
    if court is not None:
        return court.end()
    for _ in range(4):
        after = places.get(end, end)  # 国家统计局 + 和田 + 调查队
        index = bisect_left(starts, after)
        longer = None
        while index < len(heads) and starts[index] <= after + 12:
            head = heads[index]
            index += 1
            body = text[after:head.start]
            if after > end and head.term not in _BRANCHES:
                break
            if head.term not in _ENTERPRISE and body[:2] in verbs() or _NO_SUB.search(body) or _NO_BODY.search(body):
                break
            if not _stands(text, head):
                continue
            inside = head.term in _SUB or not body and head.kind in ("local", "both") and (
                text[end - 1] == "委" or text.endswith("政府", 0, end)) and head.term.endswith(
                ("办", "办公室", "室", "党校", "老干部局", "工委")) or head.kind in ("local", "both") and text.endswith(
                _OF_CONGRESS, 0, end) and head.term.endswith(("委员会", "委", "党组"))
            short = len(body) < 2 and head.term in ("集团", "有限公司", "中心", "医院")
            if inside and not (body and (short or head.term in ("党组", "党委"))) and not _is_next_organ(text, end, head):
                longer = head.end
                break
        if longer is None:
            return end
        end = longer
    return end


# What a body of the country has in a place.
_BRANCHES = frozenset(("分行", "支行", "分公司", "分局", "中心支行", "调查队", "调查总队", "监管分局", "银保监分局", "监管局", "分院", "办事处",
                       "供电公司", "金融监管分局", "交易分团", "分会", "银监局", "公司", "集团", "有限公司"))


def _place_ends(context: Context) -> dict[int, int]:
    """Where the places that stand at an index end."""
    return once(context, "organisations.place_ends", lambda given: {
        start: end for start, end, kind in known_places(given) if kind in ADMINISTRATIVE})


def _is_next_organ(text: str, end: int, head: Head) -> bool:
    """区政府区法院, 区委区党校: what follows has a rank of its own."""
    return text[end] in "省市区县州镇乡" and head.start > end


class Organ(NamedTuple):
    start: int
    end: int


def organs(context: Context) -> tuple[tuple[int, int], ...]:
    """Organs named with their place or rank, as (start, end), sorted."""
    return once(context, "organisations.organs", _organs)


_BRACKETED = re.compile(rf"\([{HAN}]{{2,4}}\)(?=[{HAN}])")
_SHORT_COURT = re.compile(r"院(?![士内外校区长落前感])")


def _organs(context: Context) -> tuple[tuple[int, int], ...]:
    text = context.view.text
    floor = floors(context)
    inner = floor.inner
    found: dict[int, int] = {}
    places = [(s, e) for s, e, kind in known_places(context)
              if kind in ADMINISTRATIVE or kind == "nature"]
    zones = {end: start for start, end, kind in sites(context) if kind != "water"}
    by_start: dict[int, int] = {}
    for start, end in places:
        by_start[start] = max(end, by_start.get(start, 0))
    ends = {end for _, end in places}
    chained: set[int] = set()
    for start, end in sorted(places):
        if start in chained:
            continue
        while end in by_start:          # 上海市宝山区…
            chained.add(end)
            end = by_start[end]
        unit = _place_unit(context, end)
        if unit is not None:
            start = _with_party(text, start)
            found[start] = max(found.get(start, 0), _with_subunits(context, unit))
    for end, start in zones.items():
        unit = _unit_end(context, end, zone=True)
        if unit is not None:
            while start in ends and start - 1 not in chained:  # 江岚市云泽高新区管委会
                start = max(first for first, last in places if last == start)
            found[start] = max(found.get(start, 0), _with_subunits(context, unit))
    covered = {index for start, end in places for index in range(start, end)}
    for match in _RANK.finditer(text):
        start, end = match.span()
        if start in covered or start in inner or text[start - 1:start] in _OF_ALL and start:
            continue
        if _AFTER_RANK.match(text, end) or not floor.marks[start] and start not in ends and (
                text[start - 1:start] in _BEFORE_RANK):
            continue
        unit = _unit_end(context, end)
        if unit is not None:
            start = _with_party(text, _named_rank(context, start))
            found[start] = max(found.get(start, 0), _with_subunits(context, unit))
    return tuple(sorted(found.items()))


def _place_unit(context: Context, end: int) -> int | None:
    text = context.view.text
    bracket = _BRACKETED.match(text, end)
    unit = _unit_end(context, bracket.end() if bracket else end)
    if unit is None and text[end - 1] in "区县市" and _SHORT_COURT.match(text, end):
        return end + 1
    return unit


def _with_party(text: str, start: int) -> int:
    for prefix in ("共青团", "中共"):
        if text.endswith(prefix, 0, start):
            return start - len(prefix)
    if text[start - 1:start] == "团" and text.startswith("委", start + 1):  # 团市委
        return start - 1
    return start


_GENERIC_BEFORE = re.compile(r"[全本我各该整每某两多几一二三四五六七八九十新老旧省市区县州镇乡跨和与及由经报请对向在为从被将]")


def _named_rank(context: Context, start: int) -> int:
    """天涯区人民政府: where a cell or a clause begins with two characters and a rank, they name it."""
    text = context.view.text
    floor = floors(context).before(start)
    name = text[floor:start]
    gaps = any(context.view.gap_before(index) for index in range(floor + 1, start + 1))
    if not gaps and len(name) == 2 and text[start] in "镇乡" and gazetteer(
            context.lexicon("places")).kinds.get(name, "").endswith("_ambiguous"):
        return floor
    if not gaps and len(name) == 2 and text[start] in "区县镇乡旗" and not _GENERIC_BEFORE.search(name) and (
            floor == 0 or not "一" <= text[floor - 1] <= "鿿") and name not in verbs():
        return floor
    return start


def _terms(context: Context, start: int, end: int) -> tuple[str, ...]:
    """The lexicon entries an organ is made of, out of their years where its document tells."""
    heads, starts = _heads(context)
    inside = []
    index = bisect_left(starts, start)
    while index < len(heads) and heads[index].end <= end:
        inside.append(heads[index].term)
        index += 1
    entries = context.lexicon("organs").entries
    return tuple(_dated(term, entries[term], _year(context)) for term in inside)


def _year(context: Context) -> str:
    return once(context, "organisations.year", lambda given: (given.document.date or "")[:4])


def _dated(term: str, row: "dict[str, str] | object", year: str) -> str:
    """The term; with its years where `year` lies outside them (国家卫生计生委 2013–2018)."""
    since = row.get("valid_from", "") if hasattr(row, "get") else ""
    until = row.get("valid_to", "") if hasattr(row, "get") else ""
    if year and (since and year < since or until and year > until):
        return f"{term} {since}–{until}"
    return term


@rule("ORG", priority=70, score=0.92, lexicons=("organs", "places", "openers"), examples=[
    "⟦江岚市云泽区人民政府⟧关于落实意见的报告", "⟦区财政局⟧已收回资金", "在⟦市委⟧的领导下",
    "⟦云泽区人大常委会办公室⟧副主任", "⟦区建设和管理委员会⟧负责", "⟦省人大常委会主任会议⟧提请",
    "⟦云泽区人民法院南坪人民法庭⟧副庭长", "由⟦上海交通大学⟧承办", "⟦区城市更新工作领导小组⟧统筹",
    "⟦县委⟧书记李川", "⟦江岚高新区管委会⟧负责", "⟦区政府督查室⟧通报",
], rejects=["全区政府系统以外的单位", "各区域发展格局", "省级财政资金", "区长在线", "城市中心"])
def local_organ(context: Context) -> Iterator[Match]:
    """[place or rank] + a known organ or a body with an organ's head."""
    for start, end in organs(context):
        yield Match(start, end, None, _terms(context, start, end))


_AFTER_CENTRE = re.compile(r"[、,，及与和](?!省|国家)|关于|决策|部署|精神|要求|巡视组|督导组|有关|确定|各项|统一|批准")
_CENTRE = re.compile(r"中央(?!预算|财政|生态|环保|经济|厨房|公园|全会|大街|商务|城|活动|广场)")
_CENTRE_GROUP = re.compile(rf"第[一二三四五六七八九十]+[{HAN}]{{0,8}}(?:督察组|巡视组|督导组|指导组|检查组)")


@rule("ORG", priority=71, score=0.93, lexicons=("organs", "openers"), examples=[
    "⟦党中央⟧、⟦国务院⟧决策部署", "按照⟦财政部⟧要求", "⟦全国人大常委会⟧的意见", "落实⟦中央⟧和上级部署",
    "与⟦中国电信⟧签约", "⟦中国银行江岚分行⟧发放贷款", "⟦国家统计局江岚调查队⟧提供",
], rejects=["中央预算内投资", "人大代表建议", "政协委员提案", "党委会议事规则", "其常委会的监督"])
def national_organ(context: Context) -> Iterator[Match]:
    """Organs of the centre, well-known companies, and 人大 and the like standing alone."""
    text = context.view.text
    for head in _heads(context)[0]:
        if head.kind not in ("national", "company", "both") or not _stands(text, head):
            continue
        if head.kind == "both" and text[head.start - 1:head.start] in ("年", "届", "次", "其"):
            continue
        if (head.kind == "both" or len(head.term) == 2) and _inside_word(context, head.start):
            continue
        if head.term == "中国共产党" and text.startswith(("第", "党"), head.end):
            continue
        end = _branch(context, head.end) if head.kind == "company" else _with_subunits(
            context, head.end)
        yield Match(head.start, end, None, _terms(context, head.start, head.end))
    for match in _OWN_COMMITTEE.finditer(text):
        yield Match(*match.span(), 0.7)
    for match in re.finditer("国家|联合国", text):
        unit = _unit_end(context, match.end())
        body = text[match.end():unit] if unit is not None else ""
        if unit is not None and 3 <= len(body) <= 11 and not _counted(text, match.start()) and (
                not body.endswith(("中心", "实验室")) or _SOMEWHERE.search(body)):
            yield Match(match.start(), unit, 0.75)
    for match in _CENTRE.finditer(text):
        if text[match.start() - 1:match.start()] in ("党", "共"):
            continue
        group = _CENTRE_GROUP.match(text, match.end())
        if group is not None:
            yield Match(match.start(), group.end(), 0.85)
        elif _AFTER_CENTRE.match(text, match.end()):
            yield Match(match.start(), match.end(), 0.75)


_SOMEWHERE = re.compile(r"[东西南北中]部")


# The standing committee or the presidium of the congress that is spoken of.
_OWN_COMMITTEE = re.compile(r"常委会(?<=及其常委会)(?!主任会议|[一-鿿]{0,3}第)|常委会(?<![大协]常委会)(?=组成人员|委员|全体组成)"
                            r"|主席团(?=常务|会议|成员|[、，。])")


_MIDDLE = re.compile(r"(?:通信|石油|电力|天然气|股份|财产|保险)?(?:集团)?(?:股份)?(?:有限)?")


def _branch(context: Context, end: int) -> int:
    """中国银行 + 江岚分行, 国网 + 江岚省电力有限公司."""
    heads, starts = _heads(context)
    text = context.view.text
    middle = _MIDDLE.match(text, end)
    after = middle.end() if middle else end
    places = _place_ends(context)
    while after in places:
        after = places[after]
    best = end
    for index in range(bisect_left(starts, end), len(heads)):
        head = heads[index]
        if head.start > after + 8 or _STOP.search(text, end, head.start):
            break
        if head.term in _BRANCH_HEADS:
            best = head.end
            if head.term != "集团":
                break
    index = bisect_left(starts, end)
    if best == end and index < len(heads) and heads[index].kind == "trade" and (
            heads[index].start == end):
        return heads[index].end  # 宝武 + 特钢
    return best


_BRANCH_HEADS = frozenset((
    "分行", "支行", "分公司", "中心支行", "集团", "有限公司", "股份有限公司", "集团有限公司", "有限责任公司", "分局", "供电公司", "公司", "地区分行"))


def _counted(text: str, start: int) -> bool:
    """40个…中心: what is counted has no name."""
    return re.search(r"[\d一二两三四五六七八九十几多数]余?多?[个家所座名支批]$", text[max(0, start - 4):start]) is not None


def _inside_word(context: Context, start: int) -> bool:
    """人大 after a Han character that is no boundary belongs to a longer name."""
    text = context.view.text
    if floors(context).before(start) == start:
        return False
    before = text[start - 1:start]
    return bool(before) and "一" <= before <= "鿿" and before not in \
        "受向由和与及对在经被的于请为据按同往给让从以上并或是将"


_TERM = r"第?[一二三四五六七八九十百\d]+届"
_TERM_BEFORE = re.compile(r"第?[一二三四五六七八九十百\d]+$")
_CONGRESS = re.compile(
    r"届(?:人民代表大会(?:常务委员会)?|人大(?:常委会|(?!代表(?!资格审查)))|政协(?:常委会|(?!委员))|(?:中国人民)?政治协商会议|委员会(?=委员|常委|候补))"
    r"(?!第?[一二三四五六七八九十百\d]+次|常务委员会第|常委会第|代表大会|一次|[一二三四五六七八九十]{1,3}次|期间)")
_CONSULTATIVE = re.compile(rf"(?:政协|(?:中国人民)?政治协商会议){_TERM}[{HAN}]{{2,8}}?委员会(?:[{HAN}]{{2,10}}?委员会)?")


@rule("ORG", priority=72, score=0.93, lexicons=("places", "openers"), examples=[
    "补选李川为⟦江岚市第十二届人民代表大会⟧代表", "任命为⟦省第十三届人民代表大会常务委员会⟧委员",
    "⟦云泽区六届人大常委会⟧决定", "通过⟦政协第十二届江岚市委员会提案委员会⟧的报告"],
    rejects=["在江岚市第十二届人民代表大会第三次会议上"])
def numbered_congress(context: Context) -> Iterator[Match]:
    """A congress with its term, where no session follows."""
    text = context.view.text
    if "届" not in text:
        return
    places: dict[int, int] = {}
    for start, end, _ in known_places(context):
        places[end] = min(start, places.get(end, start))
    for match in _CONGRESS.finditer(text):
        term = _TERM_BEFORE.search(text, max(0, match.start() - 6), match.start())
        if term is None:
            continue
        start = term.start()
        while start in places:
            start = places[start]
        if start == term.start() and text[start - 1:start] in ("省", "市", "区", "县", "州") and (
                floors(context).before(start - 1) == start - 1):
            start -= 1
        if text.endswith("全国", 0, start):
            start -= 2
        if start == term.start() and not text.startswith("第", start) and "人民" not in match.group():
            continue
        yield Match(start, _with_subunits(context, match.end()))
    for match in _CONSULTATIVE.finditer(text):
        if not text.startswith(("第", "次", "会议"), match.end()):
            yield Match(*match.span())


# Heads of bodies that have a name of their own without a place.
_NAMED = frozenset((
    "人民医院", "中心医院", "医院", "大学", "学院", "集团", "教育集团", "公司", "银行", "中学", "小学", "幼儿园", "研究院", "研究所", "附中",
    "协会", "学会", "商会", "基金会", "出版社", "管理所", "管理中心", "服务中心", "村委会", "居委会", "村民委员会", "居民委员会", "学校", "实验学校", "实验小学",
    "人民法庭", "派出所", "合作社", "专业合作社", "联社", "支行", "分行", "研究中心", "科学院", "设计院", "初级中学", "高级中学", "实验中学", "分公司",
    "传习所", "社区卫生服务中心", "中医医院", "中医院", "电厂", "水厂", "热电厂", "卷烟厂", "林场", "农场"))
_ENTERPRISE = ("有限公司", "有限责任公司", "集团有限公司", "股份有限公司")
_GENERIC_NAME = re.compile(
    r"^行业|^(?:[一二两三四五六七八九十多]?[大级家所])|^(?:社区|二级|三级|各|基层|便民|居家|镇街)|[甲乙]等|旗舰"
    r"|[中省市区县全各本我该某每两多几一二三四五六七八九十公私国民外校企院股总分子母大小名高新性类]$|^[原新]?[省市区县镇乡][管属内级]")
_LEAD_VERB = re.compile(
    r"(?:由|与|和|及|对|向|在|为|从|给|被|把|将|于|经|受|请|赴|报|原|是|到|据|送|派|驻|找|帮|助|让|含|以|等|并|或|至|即|如|比|联合|包括|成立|组建|引进|引入"
    r"|支持|推动|建设|创建|新建|筹建|启用|依托|委托|通过|共建|扶持|走进|走访|调研|慰问|挂牌|获批|入驻|落户|授予|负责|指导|组织)(?=.{2})")


@rule("ORG", priority=68, score=0.8, lexicons=("openers", "places", "organs"), examples=[
    "与⟦复蓝大学⟧合作", "引入⟦明岳集团⟧", "⟦云溪小学⟧等校", "由⟦江岚燃气管理所⟧负责",
    "⟦蓝图能源科技(江岚)有限公司⟧获奖"],
    rejects=["公立医院改革", "建设高水平大学", "跨国公司总部", "校企合作", "两家上市公司", "小额贷款公司"])
def named_body(context: Context) -> Iterator[Match]:
    """A name before 大学, 集团, 公司, 医院, 中学 …, without a place in front."""
    text, floor = context.view.text, floors(context)
    for head in _heads(context)[0]:
        if head.term.endswith(_ENTERPRISE):
            start = _company_start(context, head.start)
            if start is not None:
                yield Match(start, _branch(context, head.end), 0.9)
            continue
        if head.term not in _NAMED or not _stands(text, head) or head.start in floor.inner:
            continue
        start = _lead(text, floor.before(head.start), head.start)
        core = text[start:head.start]
        words = everyday()
        if not 2 <= len(core) <= 10 or not _ALL_HAN.fullmatch(core) or _counted(text, start):
            continue
        if wordiness(core) > 0.5 or core[:2] in words or core[:3] in words or _GENERIC_NAME.search(
                core) or _NO_BODY.search(core) or _STOP.search(core):
            continue
        yield Match(start, _with_subunits(context, head.end))


_ALL_HAN = re.compile(rf"[{HAN}]+")
_COMPANY_BODY = re.compile(rf"[{HAN}A-Za-z]*(?:\([{HAN}]{{2,6}}\))?[{HAN}A-Za-z]*")


_IN_NAMES = ("建设", "发展", "投资", "服务", "规划", "开发", "保护", "建造", "保障", "创新", "运营", "工程", "培育", "孵化", "改造", "利用", "修复",
             "治理", "推广", "安排", "教育", "基础", "能源", "全", "第")


def _company_start(context: Context, head: int) -> int | None:
    """Where a company's name begins, a place in brackets inside it or not."""
    text, floor = context.view.text, floors(context)
    opening = text.rfind("(", max(0, head - 16), head)
    closing = text.find(")", opening, head) if opening >= 0 else -1
    low = floor.before(opening if closing > 0 else head)
    while text.endswith(_IN_NAMES, 0, low):  # 云泽建设工程有限公司
        low = floor.before(low - 1)
    if head - low < 2 and closing < 0:
        return None
    start = _lead(text, low, head)
    if not 2 <= head - start <= 26 or not _COMPANY_BODY.fullmatch(text, start, head):
        return None
    return None if _counted(text, start) else start


def _lead(text: str, low: int, head: int) -> int:
    """Take verbs and function words off the left of a name."""
    while head - low > 3:
        lead = _LEAD_VERB.match(text, low, head)
        if lead is None:
            break
        low = lead.end()
    return low


_LISTED = re.compile(
    r"[、,，]?等(?:近|约|超|超过)?(?:\d+|一批|多|数|几)?余?多?(?:个|家|户|名|所)?(?:[\u4e00-\u9fff、]{0,18}?)"
    r"(?:企业|公司|机构|所学校|家单位|学校创建|投资机构|高校|院校|银行|医院|总部|上市企业|平台公司|基金)")
_TRADE = re.compile(r"(?:科技|资本|智能|生物|设计|机器人|资管|基金|公司|集团|银行|医院|大学|中学|小学|学院|学校|幼儿园)$")
_ITEM = re.compile(rf"[{HAN}A-Za-z0-9·()]{{2,18}}")
_GENERIC_ITEM = re.compile(
    r"^城市|^信托|^邮政|^农村|行业|小微|民营|国有|外资|总部|上市|高新|科技型|规模|领域|产业|服务业|制造业|旅游|新增|中小|龙头|"
    r"重点|大型|建筑|交通|贸易|金融|物流|信息技术|企业|商贸|教育|\d+$|部门|市场|公立|街道|镇$|区$|县$|市$|资质|信用社|^通过|^具有|^严惩|^依法|特点|优势|^面临|^遭受|服务$|承包$|创意$|办公$|制造$|开发$|成果$")


@rule("ORG", priority=66, score=0.75, lexicons=("openers",), examples=[
    "引进⟦明岳科技⟧、⟦蓝图生物⟧等12家企业", "新增⟦云帆设计⟧等3家上市企业"],
    rejects=["建筑、交通等11个行业", "引进总部等一批企业", "小微、民营等企业", "通过银行等机构"])
def listed_company(context: Context) -> Iterator[Match]:
    """The names before 等…家企业."""
    text = context.view.text
    words = everyday()
    for start, end in listed_items(context, _LISTED):
        item = text[start:end]
        if end - start >= 3 and not _GENERIC_ITEM.search(item) and item not in words and (
                wordiness(item) <= 0.67 or _TRADE.search(item)):
            yield Match(start, end)


def listed_items(context: Context, tail: "re.Pattern[str]") -> Iterator[tuple[int, int]]:
    """The items of the list A、B、C that `tail` (等…家企业) closes, as (start, end)."""
    text = context.view.text
    for match in tail.finditer(text):
        if "行业" in match.group():
            continue
        end = match.start()
        low = max(text.rfind(mark, max(0, end - 200), end) for mark in "。;，,:\n") + 1
        position = low = max(low, end - 200)
        spans = []
        for piece in text[low:end].split("、"):
            spans.append((position, position + len(piece)))
            position += len(piece) + 1
        for index, (start, stop) in enumerate(spans):
            if index == 0:
                start = _first_item(context, start, stop)
            if 2 <= stop - start <= 24 and _ITEM.fullmatch(text, start, stop) and _balanced(
                    text[start:stop]):
                yield start, stop


def _balanced(piece: str) -> bool:
    return piece.count("(") == piece.count(")") and not piece.endswith("(")


def _first_item(context: Context, low: int, end: int) -> int:
    """The start of a list's first item: after the last opener that leaves three characters."""
    return max(low, floors(context).before(max(low, end - 3)))


_ALIAS = re.compile(rf"\((?:以下|下文|下)?(?:统一)?(?:简)?称:?[“\"]?([{HAN}]{{2,12}})[”\"]?\)")


@rule("ORG", priority=69, score=0.88, lexicons=("organs", "places", "openers"), examples=[
    "⟦云泽区湿地管理中心⟧(以下简称⟦绿洲中心⟧)负责", ], rejects=["审议意见(以下简称《意见》)"])
def alias(context: Context) -> Iterator[Match]:
    """The short name that the text gives an organ, there and wherever it returns."""
    text = context.view.text
    if "称" not in text:
        return
    longs = {end: start for start, end in organs(context)}
    for match in _ALIAS.finditer(text):
        if match.start() not in longs:
            continue
        yield Match(longs[match.start()], match.start())
        for hit in re.finditer(re.escape(match.group(1)), text):
            yield Match(hit.start(), hit.end())


_OFFICE = rf"[{HAN}]{{1,12}}?(?:科|室|处|股)"
_OFFICES = re.compile(
    rf"(?:设(?:有|立)?|内设机构?(?:包括|有|为|:)?|下设|分为){_OFFICE}(?:、{_OFFICE})+")
_OFFICE_HEADING = re.compile(
    rf"\n[(\d.、)一二三四五六七八九十]{{0,5}}({_OFFICE})(?:\(({_OFFICE})\))?[:：](?=.)")
_OFFICES_COUNTED = re.compile(r"等?\d{1,2}个(?:内设机构|职能科室|科室|处室|内设科室)")
_OFFICE_LIST = re.compile(rf"[{HAN}]{{1,10}}(?:科|室|处|股)(?:、[{HAN}]{{1,10}}(?:科|室|处|股))+$")
_WITH_POST = re.compile(r"(?:办公厅|办公室|研究室)(?=副?主任)")
_NO_OFFICE = re.compile(r"会议室|教室|温室|好处|益处|难处|学科|专科|各处|用处|原处|住处|控股|本处|何处|办公室主任|以下")


@rule("ORG", priority=67, score=0.75, examples=[
    "委员会设⟦办公室⟧、⟦产业发展科⟧、⟦企业服务科⟧", "⟦办公室⟧(⟦法制科⟧):协助领导",
], rejects=["设会议室、教室", "学科:数学", "好处:减少排队"])
def office(context: Context) -> Iterator[Match]:
    """The offices inside an organ, where they are listed or their duties are told."""
    text = context.view.text
    for match in _OFFICES.finditer(text):
        position = match.start() + _office_lead(match.group())
        for piece in text[position:match.end()].split("、"):
            if not _NO_OFFICE.search(piece):
                yield Match(position, position + len(piece))
            position += len(piece) + 1
    for match in _OFFICES_COUNTED.finditer(text):
        listed = _OFFICE_LIST.search(text, max(0, match.start() - 160), match.start())
        if listed is not None:
            position = listed.start()
            for piece in listed.group().split("、"):
                yield Match(position, position + len(piece))
                position += len(piece) + 1
    for match in _WITH_POST.finditer(text):
        if text[match.start() - 1:match.start()] == "、":
            yield Match(*match.span())
    for match in _OFFICE_HEADING.finditer("\n" + text):
        for group in (1, 2):
            if match.group(group) and not _NO_OFFICE.search(match.group(group)):
                yield Match(match.start(group) - 1, match.end(group) - 1)


@lru_cache(maxsize=1)
def _office_opening() -> "re.Pattern[str]":
    return re.compile(r"内设机构?(?:包括|有|为|:)?|下设|分为|设(?:有|立)?")


def _office_lead(listed: str) -> int:
    found = _office_opening().match(listed)
    return found.end() if found else 0
