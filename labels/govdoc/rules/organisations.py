"""ORG: organs of Party, state and society, companies, schools, hospitals, institutes."""
from __future__ import annotations

import re
from bisect import bisect_left
from typing import Iterator

from labels.govdoc.divisions import column_cells, known_places
from labels.govdoc.gazetteer import everyday, verbs, wordiness
from labels.govdoc.lists import listed_items
from labels.govdoc.names import HAN, common_words, floors, once
from labels.govdoc.organ_parts import NO_BODY, STOP, counted, name_start
from labels.govdoc.organs import ENTERPRISE, PARTIES, Head, ends_name, heads_of, organ_terms, \
    organs, place_ends, stands, unit_end, with_subunits
from labels.govdoc.scanning import worded
from labels.lazy import lazy
from labels.rules import Context, Match, rule

__all__ = ["organs"]


_ALL_HAN = lazy(rf"[{HAN}]+")
_ORGAN_COLUMN = lazy(
    r"(?:单位|部门|机构|企业)(?:名称)?$|^(?:责任|主管|牵头|实施|建设|项目|预算|承办|主办|配合)(?:单位|部门)$")


def _told_by_layout(context: Context) -> Iterator[Match]:
    """The issuer of a part, and a cell of a column headed 单位 or 部门 that ends as organs do."""
    text, view = context.view.text, context.view
    heads, starts = heads_of(context)
    for start, end in column_cells(context, _ORGAN_COLUMN):
        if not 4 <= end - start <= 30 or not _ALL_HAN.fullmatch(
                text, start, end):
            continue
        index = bisect_left(starts, end) - 1
        named = index >= 0 and heads[index].end == end and heads[index].start > start
        if named and wordiness(text[start:heads[index].start]) < 1:
            yield Match(start, end)
    for part in context.document.parts:
        issuer = part.spans.get("issuer")
        if issuer is not None and issuer[0] < issuer[1]:
            yield Match(view.locate(issuer[0]), view.locate(issuer[1] - 1) + 1)


@rule("ORG", priority=70, score=0.92, lexicons=("organs", "places", "openers"), examples=[
    "⟦江岚市云泽区人民政府⟧关于落实意见的报告", "⟦区财政局⟧已收回资金", "在⟦市委⟧的领导下",
    "⟦云泽区人大常委会办公室⟧副主任", "⟦区建设和管理委员会⟧负责", "⟦省人大常委会主任会议⟧提请",
    "⟦云泽区人民法院南坪人民法庭⟧副庭长", "由⟦上海交通大学⟧承办", "⟦区城市更新工作领导小组⟧统筹",
    "⟦县委⟧书记李川", "⟦江岚高新区管委会⟧负责", "⟦区政府督查室⟧通报",
], rejects=["全区政府系统以外的单位", "各区域发展格局", "省级财政资金", "区长在线", "城市中心"])
def local_organ(context: Context) -> Iterator[Match]:
    """[place or rank] + a known organ or a body with an organ's head; what the layout tells."""
    yield from _told_by_layout(context)
    for start, end in organs(context):
        yield Match(start, end, None, organ_terms(context, start, end))


_AFTER_CENTRE = lazy(r"[、,，及与和](?!省|国家|地方|[市区县州]级|各)|关于|决策|部署|精神|要求|巡视组|督导组|有关|确定|各项|统一|批准")
_CENTRE = lazy(r"中央(?!预算|财政|生态|环保|经济|厨房|公园|全会|大街|商务|城|活动|广场)")
_CENTRE_GROUP = lazy(rf"第[一二三四五六七八九十]+[{HAN}]{{0,8}}(?:督察组|巡视组|督导组|指导组|检查组)")


@rule("ORG", priority=71, score=0.93, lexicons=("organs", "openers"), examples=[
    "⟦党中央⟧、⟦国务院⟧决策部署", "按照⟦财政部⟧要求", "⟦全国人大常委会⟧的意见", "落实⟦中央⟧和上级部署",
    "与⟦中国电信⟧签约", "⟦中国银行江岚分行⟧发放贷款", "⟦国家统计局江岚调查队⟧提供",
], rejects=["中央预算内投资", "人大代表建议", "政协委员提案", "党委会议事规则", "其常委会的监督"])
def national_organ(context: Context) -> Iterator[Match]:
    """Organs of the centre, well-known companies, and 人大 and the like standing alone."""
    text = context.view.text
    longest = dict(organs(context))
    for head in heads_of(context)[0]:
        if head.kind not in ("national", "company", "both") and not _is_listed(text, head) or (
                not stands(text, head)):
            continue
        if head.kind == "both" and text[head.start - 1:head.start] in ("年", "届", "次", "其"):
            continue
        if (head.kind == "both" or len(head.term) == 2) and _inside_word(context, head.start):
            continue
        if head.term in PARTIES and (head.end in place_ends(context) or (
                text[head.end:head.end + 1] in ("省", "市", "区", "县", "州"))):
            continue  # 民建云泽区委: one organ
        if head.term == "中国共产党" and text.startswith(("第", "党"), head.end):
            continue
        end = _branch(context, head.end) if head.kind == "company" else with_subunits(
            context, head.end)
        end = max(end, longest.get(head.start, 0))
        yield Match(head.start, end, None, organ_terms(context, head.start, head.end))
    for match in _SERVICE.finditer(context):
        yield Match(*match.span(), 0.8)
    for match in _OWN_COMMITTEE.finditer(context):
        yield Match(*match.span(), 0.7)
    after_place = _places_by_end(context)
    for match in _NATION.finditer(context):
        unit = unit_end(context, match.end())
        body = text[match.end():unit] if unit is not None else ""
        if match.start() in after_place:  # 江岚国家高新区: not of the state
            continue
        if unit is not None and 3 <= len(body) <= 11 and not counted(text, match.start()) and (
                match.group() == "联合国" or not body.endswith(("中心", "实验室"))
                or _SOMEWHERE.search(body)):
            yield Match(match.start(), with_subunits(context, unit), 0.75)
    for match in _CENTRE.finditer(text):
        if text[match.start() - 1:match.start()] in ("党", "共"):
            continue
        group = _CENTRE_GROUP.match(text, match.end())
        if group is not None:
            yield Match(match.start(), group.end(), 0.85)
        elif _AFTER_CENTRE.match(text, match.end()):
            yield Match(match.start(), match.end(), 0.75)


_SOMEWHERE = lazy(r"[东西南北中]部")


def _is_listed(text: str, head: Head) -> bool:
    """征兵办 in 区禁毒办、征兵办、武装部: its rank stands before the first of the list."""
    return head.kind == "local" and len(head.term) >= 3 and head.term[-1] in "局委办厅部" and (
        text[head.start - 1:head.start] == "、") and (
        text[head.end:head.end + 1] in ("", "、", "，", "。", "等", "和", "及", ")", ";", "\n"))


# The armed police of a place, an embassy.
_SERVICE = worded(
    rf"武警[{HAN}]{{2,8}}?(?:总队|支队)|中国常?驻[{HAN}]{{2,8}}?(?:大使馆|总领事馆|代表团)",
    "武警", "中国")
# The standing committee or the presidium of the congress that is spoken of.
_OWN_COMMITTEE = worded(
    r"常委会(?<=及其常委会)(?!主任会议|[一-鿿]{0,3}第)|常委会(?<![大协]常委会)(?=组成人员|委员|全体组成)"
    r"|主席团(?=常务|会议|成员|[、，。])", "常委会", "主席团")
_NATION = worded("国家|联合国", "国家", "联合国")


_MIDDLE = lazy(r"(?:通信|石油|电力|天然气|股份|财产|保险)?(?:集团)?(?:股份)?(?:有限)?")


def _branch(context: Context, end: int) -> int:
    """中国银行 + 江岚分行, 国网 + 江岚省电力有限公司."""
    heads, starts = heads_of(context)
    text = context.view.text
    middle = _MIDDLE.match(text, end)
    after = middle.end() if middle else end
    places = place_ends(context)
    while after in places:
        after = places[after]
    best = end
    for index in range(bisect_left(starts, end), len(heads)):
        head = heads[index]
        if head.start > after + 8 or STOP.search(text, end, head.start) or (
                head.kind in ("company", "national") and head.start > end):
            break
        if after > end and head.start == after and head.term in _SEATS and stands(text, head):
            return head.end  # 西门子 + 上海 + 中心
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
    "分行", "支行", "分公司", "中心支行", "集团", "有限公司", "股份有限公司", "集团有限公司", "有限责任公司", "分局", "供电公司", "公司",
    "地区分行"))
# What a company has in a place.
_SEATS = frozenset(("中心", "研究院", "研究中心", "研发中心", "创新中心", "总部", "研究所"))


def _places_by_end(context: Context) -> dict[int, int]:
    """Where known places end → where they start."""
    return once(context, "organisations.by_end", lambda given: {
        end: start for start, end, _ in reversed(known_places(given))})


def _inside_word(context: Context, start: int) -> bool:
    """人大 after a Han character that is no boundary belongs to a longer name."""
    text = context.view.text
    if floors(context).before(start) == start:
        return False
    before = text[start - 1:start]
    if text[start - 2:start] in verbs():  # 增强人大工作
        return False
    return bool(before) and "一" <= before <= "鿿" and before not in \
        "受向由和与及对在经被的于请为据按同往给让从以上并或是将"


_TERM = r"第?[一二三四五六七八九十百\d]+届"
_TERM_BEFORE = lazy(r"第?[一二三四五六七八九十百\d]+$")
_CONGRESS = lazy(
    r"届(?:人民政府|人民代表大会(?:常务委员会)?|人大(?:常委会|(?!代表(?!资格审查)))"
    r"|政协(?:常委会|(?!委员))|(?:中国人民)?政治协商会议|委员会(?=委员|常委|候补))"
    r"(?!第?[一二三四五六七八九十百\d]+次|常务委员会第|常委会第|代表大会|一次|[一二三四五六七八九十]{1,3}次|期间)")
_CONSULTATIVE = lazy(
    rf"政(?:协|治协商会议){_TERM}[{HAN}]{{0,8}}?委员会(?:[{HAN}]{{2,10}}?委员会)?")


@rule("ORG", priority=72, score=0.93, lexicons=("places", "openers"), examples=[
    "补选李川为⟦江岚市第十二届人民代表大会⟧代表", "任命为⟦省第十三届人民代表大会常务委员会⟧委员",
    "⟦云泽区六届人大常委会⟧决定", "通过⟦政协第十二届江岚市委员会提案委员会⟧的报告"],
    rejects=["在江岚市第十二届人民代表大会第三次会议上"])
def numbered_congress(context: Context) -> Iterator[Match]:
    """A congress with its term, where no session follows."""
    text = context.view.text
    if "届" not in text:
        return
    places = _places_by_end(context)
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
        yield Match(start, with_subunits(context, match.end()))
    for match in _CONSULTATIVE.finditer(text):
        start = places.get(match.start(), match.start())
        if text[start - 1:start] in ("省", "市", "区", "县", "州") and start == match.start():
            start -= 1
        if not text.startswith(("第", "次", "会议"), match.end()):
            yield Match(start, match.end())


# Heads of bodies that have a name of their own without a place.
_NAMED = frozenset((
    "人民医院", "中心医院", "医院", "理工大学", "科大学", "工大学", "大学", "学院", "集团", "教育集团", "公司", "银行", "中学", "小学",
    "幼儿园", "研究院", "研究所", "附中",
    "协会", "学会", "商会", "基金会", "出版社", "管理所", "管理中心", "服务中心", "村委会", "居委会", "村民委员会", "居民委员会", "学校",
    "实验学校", "实验小学",
    "人民法庭", "派出所", "合作社", "专业合作社", "联社", "支行", "分行", "研究中心", "科学院", "设计院", "初级中学", "高级中学", "实验中学",
    "分公司",
    "外国语学校", "职校", "附小", "一中", "二中", "三中", "交易所",
    "传习所", "职业学校", "技工学校", "社区卫生服务中心", "中医医院", "中医院", "电厂", "水厂", "热电厂", "卷烟厂", "林场", "农场"))
_GENERIC_NAME = lazy(
    r"^行业|^(?:[一二两三四五六七八九十多]?[大级家所])|^(?:社区|二级|三级|各|基层|便民|居家|镇街)|[甲乙]等|旗舰"
    r"|[中省市区县全各本我该某每两多几一二三四五六七八九十公私国民外校企院股总分子母大小名高新性类]$|^[原新]?[省市区县镇乡][管属内级]")


@rule("ORG", priority=68, score=0.8, lexicons=("openers", "places", "organs"), examples=[
    "与⟦复蓝大学⟧合作", "引入⟦明岳集团⟧", "⟦云溪小学⟧等校", "由⟦江岚燃气管理所⟧负责",
    "⟦蓝图能源科技(江岚)有限公司⟧获奖"],
    rejects=["公立医院改革", "建设高水平大学", "跨国公司总部", "校企合作", "两家上市公司", "小额贷款公司"])
def named_body(context: Context) -> Iterator[Match]:
    """A name before 大学, 集团, 公司, 医院, 中学 …, without a place in front."""
    text, floor = context.view.text, floors(context)
    for head in heads_of(context)[0]:
        if head.term.endswith(ENTERPRISE) or head.term == "公司" and text.endswith(
                "(集团)", 0, head.start):
            start = _company_start(context, head.start)
            if start is not None:
                yield Match(start, _branch(context, head.end), 0.9)
            continue
        if head.kind == "trade":
            start = _brand_start(context, head)
            if start is not None:
                yield Match(start, head.end, 0.7)
            continue
        if head.term not in _NAMED or not stands(text, head) or head.start in floor.inner:
            continue
        start = name_start(text, floor.before(head.start), head.start)
        while head.start - start >= 4 and text[start:start + 2] in verbs():
            start += 2  # 做好云溪中学的招生
        core = text[start:head.start]
        words = everyday()
        if not 2 <= len(core) <= 10 or not _ALL_HAN.fullmatch(core) or counted(text, start):
            continue
        if wordiness(core) > 0.5 or core[:2] in words or core[:3] in words or _GENERIC_NAME.search(
                core) or NO_BODY.search(core) or STOP.search(core):
            continue
        yield Match(start, with_subunits(context, head.end))


# Trades that a brand of two or three characters makes a name with.
_TRADES = frozenset((
    "重工", "股份", "证券", "药业", "制药", "乳业", "酒业", "实业", "控股", "资本", "创投", "资管", "传媒", "矿业", "特钢",
    "铝业", "铜业", "置业", "地产", "金控", "锂业", "建工"))


def _brand_start(context: Context, head: Head) -> int | None:
    """Where the name of a company begins that is a brand and its trade: 岚立铜业, 溪和金控."""
    text = context.view.text
    if head.term not in _TRADES or not ends_name(text, head.end) and (
            text[head.end:head.end + 2] not in common_words(100)):
        return None
    start = name_start(text, floors(context).before(head.start), head.start)
    core = text[start:head.start]
    if not 2 <= len(core) <= 3 or not _ALL_HAN.fullmatch(core) or wordiness(core) or counted(
            text, start) or _GENERIC_NAME.search(core) or NO_BODY.search(core) or STOP.search(core):
        return None
    words = everyday()
    joined = text[head.start - 1:head.start + 1] in words
    return None if joined or _NO_BRAND.search(core) else start


_NO_BRAND = lazy(r"[省市区县镇乡村型类级性化品产业学科]$|^[各多新非微纳光电核氢煤]")
_COMPANY_BODY = lazy(rf"[{HAN}A-Za-z]*(?:\([{HAN}]{{2,6}}\))?[{HAN}A-Za-z]*")


# Openers that names of companies hold.
_IN_NAMES = (
    "建设", "发展", "投资", "服务", "规划", "开发", "保护", "建造", "保障", "创新", "运营", "工程", "培育", "孵化", "改造",
    "利用", "修复", "治理", "推广", "安排", "教育", "基础", "能源", "全", "第")


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
    start = name_start(text, low, head)
    if not 2 <= head - start <= 26 or not _COMPANY_BODY.fullmatch(text, start, head):
        return None
    return None if counted(text, start) else start


_LISTED = lazy(
    r"等(?:近|约|超|超过)?(?:\d+|一批|多|数|几)?余?多?(?:个|家|户|名|所)?(?:[\u4e00-\u9fff、]{0,18}?)"
    r"(?:企业|公司|机构|孵化器|生态圈|券商|[央国民药车房]企|所学校|家单位|学校创建|投资机构|高校|院校|银行|医院|总部|上市企业|平台公司|基金)")
_TRADE = lazy(
    r"(?:科技|资本|智能|生物|设计|机器人|资管|基金|制药|药业|重工|股份|证券|电子|食品|乳业|实业|传媒|物流|光电|材料|软件|汽车"
    r"|公司|集团|银行|医院|大学|中学|小学|学院|学校|幼儿园)$")
# A list of these may hold works and companies: who ends in such a trade is a company.
_FIRM = lazy(r"(?:科技|资本|资管|基金|制药|药业|重工|股份|证券|实业|传媒|集团|公司)$")
_LISTED_AMONG = lazy(r"等(?:近|约|超|超过)?\d*余?多?[个家](?:[\u4e00-\u9fff]{0,6}?)(?:项目|主体|客户|品牌)")
_GENERIC_ITEM = lazy(
    r"^城市|^[性型类级式]|^[一二三]级|^本[土地]|^新能源|^高端|^智能|^信托|^邮政|^农村|行业|小微|民营|国有|外资|总部|上市|高新|科技型"
    r"|规模|领域|产业|服务业|制造业|旅游|新增|中小|龙头|"
    r"重点|大型|建筑|交通|贸易|金融|物流|信息技术|企业|商贸|教育|\d+$|部门|市场|公立|街道|镇$|区$|县$|市$|资质|信用社|^通过|^具有|^严惩|^依法|特点"
    r"|优势|^面临|^遭受|服务$|承包$|创意$|办公$|制造$|开发$|成果$")


# What universities are called in a list of some (等高校).
_UNIVERSITIES = frozenset((
    "复旦", "同济", "清华", "北大", "浙大", "南大", "武大", "厦大", "川大", "中科大", "华科", "哈工大"))


@rule("ORG", priority=66, score=0.75, lexicons=("openers",), examples=[
    "引进⟦明岳科技⟧、⟦蓝图生物⟧等12家企业", "新增⟦云帆设计⟧等3家上市企业"],
    rejects=["建筑、交通等11个行业", "引进总部等一批企业", "小微、民营等企业", "通过银行等机构"])
def listed_company(context: Context) -> Iterator[Match]:
    """The names before 等…家企业."""
    text = context.view.text
    words = everyday()
    for start, end in listed_items(context, _LISTED.finditer(text)):
        start = name_start(text, start, end)
        item = text[start:end]
        brand = 4 <= end - start <= 6 and _TRADE.search(item) and not wordiness(item[:-2])
        if item in _UNIVERSITIES:
            yield Match(start, end)
        elif end - start >= 3 and item not in words and (
                brand or not _GENERIC_ITEM.search(item)) and (
                wordiness(item) <= 0.67 or _TRADE.search(item)):
            yield Match(start, end)


@rule("ORG", priority=80, score=0.75, lexicons=("openers",), examples=[
    "签约⟦云帆重工⟧、⟦砚溪药业⟧等近20个项目"],
    rejects=["推进数字科技、生物医药等6个项目", "开工望江路改造、砚溪大桥等9个项目"])
def signing_company(context: Context) -> Iterator[Match]:
    """The companies in a list before 等…个项目."""
    text = context.view.text
    for start, end in listed_items(context, _LISTED_AMONG.finditer(text)):
        item = text[start:end]
        if end - start >= 4 and _FIRM.search(item) and not _GENERIC_ITEM.search(item) and (
                wordiness(item) <= 0.67):
            yield Match(start, end)


_ALIAS = lazy(rf"\((?:以下|下文|下)?(?:统一)?(?:简)?称:?[“\"]?([{HAN}]{{2,12}})[”\"]?\)")


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
