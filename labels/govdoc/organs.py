"""Organs of a text: where one begins (a place or a rank), what it is called, where it ends.

One scan finds all terms of the lexicon ``organs``; from the end of each place (云泽区) or rank (区)
the next terms are tried, and an organ is extended by the organs inside it.
"""
from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from labels.govdoc.divisions import known_places
from labels.govdoc.gazetteer import ADMINISTRATIVE, dated, gazetteer, verbs, wordiness
from labels.govdoc.names import HAN, floors, once
from labels.govdoc.organ_parts import NO_BODY, NO_SUB, STOP, own_branch
from labels.govdoc.sites import sites
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context


class Head(NamedTuple):
    """A term of the lexicon ``organs`` where it stands in the folded text."""

    start: int
    end: int
    term: str
    kind: str


def heads_of(context: Context) -> tuple[list[Head], list[int]]:
    """All terms of the lexicon in the text, and where they start."""
    return once(context, "organisations.heads", _find_heads)


def _find_heads(context: Context) -> tuple[list[Head], list[int]]:
    lexicon = context.lexicon("organs")
    kinds = lexicon.derived(_kinds)
    made = tuple.__new__  # by its fields it would take twice as long
    found = [made(Head, (start, end, term, kinds[term]))
             for term, start, end in lexicon.find(context.view.text)]
    return found, [head[0] for head in found]


def _kinds(lexicon: Lexicon) -> dict[str, str]:
    return {term: row["kind"] for term, row in lexicon.entries.items()}


# 区财政局: the place left out, only its rank stands before the organ.
_RANK = lazy(
    r"[地自省市区县州镇乡旗盟](?:(?<=地)区|(?<=自)治区|(?<![地自]))(?<![全本我各该每某][省市区县州镇乡])"
    r"(?<!开发区)(?<!高新区)(?<!保税区)(?<!合作区)(?<!示范区)(?<!试验区)(?<!管理区)(?<!功能区)"
    r"(?=[\u4e00-\u9fff])"
    r"(?!级|本级|部级|域|内|属|[镇村乡](?!村振兴)|直(?!属?机关工)|管(?!委会|理)|长(?!办)|民(?![政族宗])|场|容|值|里|外"
    r"|间|位|块|划|别|况|舰|下|帜|杆|袍|城(?![市运管投建发])|两级|情|貌|风|音|鲜|土(?!地)|亲|愁|贤)")
_BEFORE_RANK = frozenset(
    "民全本我各该整每某城园社地小景片街校辖灾新特郊林牧山老专战疫禁聚住中高级两跨乡集村都超股夜上入进出大名强几多首外另")
_FALSE_UNIT = lazy(
    r"(?:(?:特色|示范|试点|优质|达标|民办|公办)(?:学校|中学|小学|幼儿园|高中)|部级.*|本级.*|格局|布局|大局|全局|结局|开局|局面|僵局|定局|残局|当局"
    r"|(?:居家|社区)?养老服务中心|社区服务中心|重点实验室|企业集团|学区集团|示范学校|公立医院|定点医院"
    r"|三甲医院|三级医院|社区医院|民营医院|^互联网医院|专科医院|综合医院|中小学|一批公司|^(?:国际|全球|区域|国家级?|世界|科技|产业|东北亚|东南亚|亚太|重要|综合"
    r"|现代|南亚|东南亚)*(?:辐射|科创|航运|金融|贸易|消费|物流|创新|经济|商业|购物|制造业|枢纽)中心"
    r"|国际大学|大中小学|跨国公司|上市公司|国有公司|平台公司|子公司|.*[大客前餐展舞]厅|.*副中心|.*[省市区县镇]管学校)$")
# A term and what may not follow it: 政府采购, 教育局长, 大学生.
_AFTER = {
    "局": "面势部限长域促", "厅": "长级官", "委": "员托派会", "院": "士内外校区长落前感", "政府": "性采购债隔投基引网部",
    "人大": "代议", "政协": "委提会", "妇联": "合", "团委": "员", "工商联": "合", "海关": "特税监", "工会": "会",
    "大学": "生城科", "大": "学众小会", "中学": "生", "小学": "生", "学院": "路", "集团": "化军", "银行": "业卡家",
    "中心": "城镇村区位环组点线工",
    "部": "门长署分队级际", "人大常委": "会", "委员会": "议", "常委会": "议", "党组": "成书副织", "党委": "会书副", "公司": "制法",
    "科技": "", "公安": "", "编办": "", "一中": "全心", "二中": "全心", "三中": "全心", "四中": "全", "九三": "", "台": "",
    "侨": "",
    "学校": "生", "办": "法理公事学案局", "科协": "同作", "国网": "", "大队": "长", "支队": "长", "林场": "职", "农场": "职",
}
_LONG_AFTER = lazy(r"\d+余?[个家所座]|大楼|大厦|城|科技[城园]|站区|旧址|遗址|地块|片区")


def stands(text: str, head: Head) -> bool:
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


def unit_end(context: Context, anchor: int, zone: bool = False) -> int | None:
    """The end of the organ that stands at `anchor`, right behind its place or rank.

    Behind a zone or a road only what is named after such: its committee, companies, schools.
    """
    text = context.view.text
    heads, starts = heads_of(context)
    index = bisect_left(starts, anchor)
    if index == len(starts) or starts[index] > anchor + 15:
        return None
    while index < len(heads) and starts[index] <= anchor + 15:
        head = heads[index]
        index += 1
        body = text[anchor:head.start]
        if body and (STOP.search(body) or NO_BODY.search(body)):
            return None
        if not stands(text, head) or head.kind == "national":
            continue
        if not body:
            if head.kind in ("local", "both", "company") or head.term in _BARE:
                return None if zone and head.term not in _ZONE_UNITS else head.end
            continue
        if head.kind == "trade" and (len(body) < 2 or not ends_name(text, head.end) or (
                wordiness(body) > 0.5 and not head.term.endswith("投资基金"))):
            continue
        if head.term.endswith(_BUILDINGS) and _WORKS.match(text, head.end):
            return None
        if head.kind in ("local", "both") and len(head.term) < 3 and head.term not in _WITH_BODY:
            continue
        unit = text[anchor:head.end]
        if zone and head.term not in _ZONE_UNITS or head.kind == "company":
            continue
        if _FALSE_UNIT.search(unit) or _LONG_AFTER.match(text, head.end):
            continue
        return head.end
    return None


def ends_name(text: str, end: int) -> bool:
    """Whether a name may end here: a boundary follows, a function word, or a verb."""
    follow = text[end:end + 1]
    return not "一" <= follow <= "鿿" or follow in "的和与及等在将已被为由" or text[end:end + 2] in verbs()


# A school or a hospital that is being built is a project.
_BUILDINGS = ("中心", "学校", "小学", "中学", "幼儿园", "医院", "水厂", "电厂", "馆", "院")
_WORKS = lazy(r"(?:新建|迁建|改扩建|扩建|改造|建设|异地)?(?:项目|工程(?!师|技术|学|大))")
# Heads that need nothing between them and the place: 江岚大学, 江岚银行, 江岚分行.
_BARE = frozenset((
    "大学", "科大学", "工大学", "交大学", "师大学", "农大学", "财大学", "医大学", "理工大学", "交大", "工大", "师大", "医大", "农大",
    "财大", "理工大", "科大", "理工学院", "学院", "银行", "医院", "分公司", "分局", "分行", "支行", "分院", "中学", "小学", "幼儿园",
    "管委会", "管理委员会", "办事处",
    "街道办事处", "工委", "党工委", "居委会", "村委会", "居民委员会", "村民委员会", "集团", "公司", "商会", "日报社", "晚报社", "调查队",
    "调查总队", "工作委员会", "委员会", "指挥部", "理事会", "执委会", "联合会", "代表团", "林场", "电厂", "水厂", "监狱", "总工会",
    "法庭", "人民法庭",
    "派出所", "司法所", "税务所", "卫生院", "敬老院", "合作社", "供销社", "学校", "气象站", "水文站", "机场集团", "党支部", "研究院",
    "设计院", "规划院", "科学院", "农科院", "社科院", "出版社", "剧院", "党委", "党组", "交易分团", "车务段", "银监局", "管理局", "有限公司",
    "集团有限公司", "股份有限公司", "有限责任公司", "地区分行"))
_ZONE_UNITS = frozenset((
    "管委会", "管理委员会", "管理局", "党工委", "工委", "分局", "法院", "人民法院", "检察院", "人民检察院", "公安分局", "有限公司",
    "有限责任公司",
    "股份有限公司", "集团有限公司", "公司", "总公司", "集团", "中学", "小学", "幼儿园", "学校", "实验学校", "实验小学", "派出所", "支行",
    "医院", "博物馆",
    "税务局", "财政局", "海关", "街道办事处", "居委会", "指挥部", "领导小组", "管理处", "管理所"))
_WITH_BODY = frozenset(("委", "监狱", "血站", "林场", "商会", "党校", "电大"))
ENTERPRISE = ("有限公司", "有限责任公司", "集团有限公司", "股份有限公司")
# Organs inside an organ.
_SUB = frozenset((
    "党组", "党委", "机关党委", "办公室", "办公厅", "主任会议", "工作委员会", "委员会", "领导小组", "人民法庭", "法庭", "审判庭", "派出所",
    "分局",
    "支行", "分行", "分公司", "分院", "中心支行", "研究院", "研究中心", "研究所", "学院", "办事处", "街道办事处", "调查队", "调查总队",
    "工委", "党工委",
    "信息中心", "服务中心", "研究室", "督查室", "代表团", "教育集团", "支队", "大队", "中队", "总队", "执法队", "交警支队", "交警大队",
    "监管分局",
    "银保监分局", "金融监管分局", "纪检监察组", "纪检组", "督察组", "督察局", "管理局", "管理处", "工作站", "服务站", "党校", "巡察办",
    "联席会议", "指挥部", "专班", "工作专班", "稽查局", "中学", "小学", "幼儿园", "附中", "附小", "医院", "分校", "集团", "有限公司",
    "股份有限公司", "有限责任公司", "集团有限公司", "管委会", "党支部", "党总支", "消防救援支队", "交易分团", "中心", "指导组", "巡回指导组",
    "法制委", "分会",
    "人民检察院", "检察院分院", "仲裁院", "代表处"))
_OF_CONGRESS = ("大会", "委会", "人大", "政协", "员会")


def with_subunits(context: Context, end: int) -> int:
    """Extend an organ by the organs inside it: 区人大常委会 + 办公室."""
    text = context.view.text
    own = own_branch(text, end)
    if own is not None:
        return own
    for _ in range(4):
        longer = _subunit(context, end)
        if longer is None:
            break
        end = longer
    return end


def _subunit(context: Context, end: int) -> int | None:
    """The end of the organ that stands inside the one that ends at `end`."""
    text = context.view.text
    heads, starts = heads_of(context)
    abroad = text[end:end + 1] == "驻"  # 审计署 + 驻 + 成都 + 特派办
    after = place_ends(context).get(end + abroad, end)  # 国家统计局 + 和田 + 调查队
    index = bisect_left(starts, after)
    while index < len(heads) and starts[index] <= after + 12:
        head = heads[index]
        index += 1
        body = text[after:head.start]
        if after > end and head.term not in _BRANCHES:
            return None
        if head.term not in ENTERPRISE and body[:2] in verbs() or NO_SUB.search(
                body) or NO_BODY.search(body):
            return None
        if stands(text, head) and (after > end or _is_inside(text, end, head, body)):
            return head.end
        if head.kind == "national":
            return None  # 云泽州统计局 国家统计局云泽调查队: the next organ
    return None


def _is_inside(text: str, end: int, head: Head, body: str) -> bool:
    """Whether `head` is an organ of the one that ends at `end`, `body` being what parts them."""
    if text[end] in "省市区县州镇乡" and head.start > end:
        return False  # 区政府区法院: what follows has a rank of its own
    if head.term in _SUB:
        if head.term in ("党组", "党委"):
            return not body
        return not body or len(body) >= 2 or head.term not in (
            "集团", "有限公司", "中心", "医院")
    if head.kind not in ("local", "both"):
        return False
    if text.endswith(_OF_CONGRESS, 0, end):
        return head.term.endswith(("委员会", "委", "党组"))
    return not body and (text[end - 1] == "委" or text.endswith("政府", 0, end)) and (
        head.term.endswith(("办", "办公室", "室", "党校", "老干部局", "工委")))


# What a body of the country has in a place.
_BRANCHES = frozenset((
    "分行", "支行", "分公司", "分局", "中心支行", "调查队", "调查总队", "监管分局", "银保监分局", "监管局", "分院", "办事处",
    "供电公司", "金融监管分局", "交易分团", "分会", "银监局", "公司", "集团", "有限公司",
    "税务局", "总部", "分基地", "分中心", "专员办", "特派办", "专员办事处", "特派员办事处", "代表处", "大使馆", "总领事馆", "代表团"))


def place_ends(context: Context) -> dict[int, int]:
    """Where the places that stand at an index end."""
    return once(context, "organisations.place_ends", lambda given: {
        start: end for start, end, kind in known_places(given) if kind in ADMINISTRATIVE})


def organs(context: Context) -> tuple[tuple[int, int], ...]:
    """Organs named with their place or rank, as (start, end), sorted."""
    return once(context, "organisations.organs", _organs)


_COUNTED = lazy(r"[\d几多十百]余?个$")
_BRACKETED = lazy(rf"\([{HAN}]{{2,4}}\)(?=[{HAN}])")
_SHORT_COURT = lazy(r"院(?![士内外校区长落前感])")


def _organs(context: Context) -> tuple[tuple[int, int], ...]:
    text = context.view.text
    floor = floors(context)
    inner = floor.inner
    found: dict[int, int] = {}
    places = [(s, e) for s, e, kind in known_places(context)
              if kind in ADMINISTRATIVE or kind == "nature"]
    for start, end in places:
        if text[start - 1:start] == "(" and text[end:end + 1] == ")":
            named = _around_brackets(context, start - 1, end + 1)
            if named is not None:
                found[named[0]] = max(found.get(named[0], 0), named[1])
    zones = {end: start for start, end, kind in sites(context) if kind != "water"}
    by_start: dict[int, int] = {}
    for start, end in places:
        by_start[start] = max(end, by_start.get(start, 0))
    by_end = {end: start for start, end in places}
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
            found[start] = max(found.get(start, 0), with_subunits(context, unit))
    for end, start in zones.items():
        unit = unit_end(context, end, zone=True)
        if unit is not None:
            while start in by_end:  # 江岚市云泽高新区管委会
                start = by_end[start]
            found[start] = max(found.get(start, 0), with_subunits(context, unit))
    covered = bytearray(len(text))
    for start, end in (*places, *((first, last) for last, first in zones.items())):
        covered[start:end] = b"\1" * (end - start)
    for match in _RANK.finditer(text):
        start, end = match.span()
        if covered[start] or not floor.marks[start] and start not in by_end and (
                text[start - 1:start] in _BEFORE_RANK):
            continue
        if start in inner or text[start - 2:start - 1] == "各":
            continue
        unit = unit_end(context, end)
        if unit is not None:
            if _COUNTED.search(text, max(0, start - 3), start) or text.startswith("总部", end):
                continue  # 37个区政府实事项目, 跨国公司地区总部
            start = _with_party(text, _named_rank(context, start))
            found[start] = max(found.get(start, 0), with_subunits(context, unit))
    return tuple(sorted(found.items()))


def _place_unit(context: Context, end: int) -> int | None:
    text = context.view.text
    if text.endswith("街道", 0, end) and text.startswith("办事处", end):
        return end + 3
    bracket = _BRACKETED.match(text, end) if text[end:end + 1] == "(" else None
    unit = unit_end(context, bracket.end() if bracket else end)
    if unit is None and text[end - 1] in "区县市" and _SHORT_COURT.match(text, end):
        return end + 1
    return unit


PARTIES = (
    "共青团", "中共", "民革", "民盟", "民建", "民进", "农工党", "致公党", "九三学社", "台盟", "九三")


_PARTY_ENDS = frozenset(name[-1] for name in PARTIES)


def _with_party(text: str, start: int) -> int:
    if text[start - 1:start] in _PARTY_ENDS:
        for prefix in PARTIES:
            if text.endswith(prefix, 0, start):
                return start - len(prefix)
    if text[start - 1:start] == "团" and text.startswith("委", start + 1):  # 团市委
        return start - 1
    return start


def _around_brackets(context: Context, opening: int, closing: int) -> tuple[int, int] | None:
    """联合国创意城市(江岚)推进办公室: a well-known body, what it is for, a place in brackets."""
    heads, starts = heads_of(context)
    text, index = context.view.text, bisect_left(starts, opening)
    first = next((head for head in reversed(heads[max(0, index - 3):index])
                  if head.kind in ("national", "company") and opening - head.end <= 10), None)
    if first is None or STOP.search(text, first.end, opening):
        return None
    for head in heads[bisect_left(starts, closing):][:3]:
        if head.start > closing + 8 or STOP.search(text, closing, head.start):
            return None
        if head.start > closing and stands(text, head):
            return first.start, with_subunits(context, head.end)
    return None


_GENERIC_BEFORE = lazy(r"[全本我各该整每某两多几一二三四五六七八九十新老旧省市区县州镇乡跨和与及由经报请对向在为从被将]")


def _named_rank(context: Context, start: int) -> int:
    """天涯区人民政府: where a cell or a clause begins with two characters and a rank, they name it."""
    text, marks = context.view.text, floors(context).marks
    low = start - 2
    if low < 0 or not marks[low] or marks[low + 1] or marks[start]:
        return start
    if text[start] not in "区县镇乡旗" or any(map(context.view.gap_before, (start - 1, start))):
        return start
    name = text[low:start]
    if text[start] in "镇乡" and gazetteer(context.lexicon("places")).kinds.get(
            name, "").endswith("_ambiguous"):
        return low
    whole = low == 0 or not "一" <= text[low - 1] <= "鿿"
    return low if whole and not _GENERIC_BEFORE.search(name) and name not in verbs() else start


def organ_terms(context: Context, start: int, end: int) -> tuple[str, ...]:
    """The lexicon entries an organ is made of, out of their years where its document tells."""
    heads, starts = heads_of(context)
    lexicon, date = context.lexicon("organs"), context.document.date
    limited, entries = lexicon.derived(_limited), lexicon.entries
    inside = []
    index = bisect_left(starts, start)
    while index < len(heads) and heads[index][1] <= end:
        term = heads[index][2]
        inside.append(dated(term, entries[term], date) if term in limited else term)
        index += 1
    return tuple(inside)


def _limited(lexicon: Lexicon) -> frozenset[str]:
    """The terms that have years."""
    return frozenset(term for term, row in lexicon.entries.items()
                     if row.get("valid_from") or row.get("valid_to"))
