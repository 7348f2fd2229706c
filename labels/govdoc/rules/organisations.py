"""ORG: organs of Party, state and society, companies, schools, hospitals, institutes."""
from __future__ import annotations

import re
from typing import Iterator

from labels.govdoc.names import HAN, core_start, floors, once, terms
from labels.govdoc.rules.places import known_places
from labels.rules import Context, Match, rule

_ADMIN_KINDS = frozenset((
    "province", "province_short", "city", "city_short", "city_ambiguous", "district",
    "district_short", "division", "learned", "nation", "zone", "region", "country"))
# 区财政局: the place left out, only its rank stands before the organ.
_RANK = re.compile(r"(?<![全本我各该整城园社地小景片街校辖灾新特郊林牧山老专战疫禁聚住中省高县级两跨乡集村])"
                   r"(?:自治区|[省市区县州镇乡旗])(?=[\u4e00-\u9fff])")
_AFTER_RANK = re.compile(
    r"级|域|内|属|[镇村](?=[\u4e00-\u9fff])|直|管(?!委会|理)|长(?!办)|民(?![政族宗])|场|容|值|本级|里|外|间|位|块|划|别|况|舰|下|"
    r"帜|杆|袍|城(?![市运管投建发])")
# What may stand between a place and the head of its organ.
_BODY = rf"(?:(?![的了在对将向是为于从到被其各等并或有使以请就按据把让也都很不再已])[{HAN}])"
_HEADS = (
    r"委员会|人民法院|人民检察院|人民法庭|领导小组|指挥部|办公室|办公厅|联席会议|联合会|协会|学会|商会|"
    r"基金会|研究会|促进会|理事会|联盟|(?:分|公安|财政|税务|审计|管理|监管|监督|事务|保障|统计|教育|民政|司法|"
    r"环境|资源|建设|运输|水务|水利|农村|旅游|健康|执法|发展|合作|服务|信访|林|体育|文化|气象|商务|保护|卫生|"
    r"规划|交通|档案|粮食|数据|邮政|铁路|海事|应急|救援|药监|国资|人防|住建|文旅)局|"
    r"(?:财政|教育|民政|司法|审计|水利|商务|科技|科学技术|公安|交通运输|农业农村|自然资源|生态环境|应急管理|"
    r"信息化|保障|建设|旅游)厅|总公司|分公司|有限责任公司|股份有限公司|有限公司|公司|集团|(?:农商|商业|村镇|开发)?银行|支行|"
    r"研究院|研究所|科学院|设计院|(?<![公定医入住出民])医院|卫生院|福利院|敬老院|卫生服务中心|分院|"
    r"(?:服务|管理|指挥|监测|检测|控制|信息|救助|培训|活动|文化|体育|会计|核算|交易|数据|急救|应急|研究|"
    r"促进|城运|社保|就业|事务|受理|评估|审计|采购|结算|执法|储备|发展|保障|推广|技术|评审|接待|宣传|融媒体|"
    r"康复|预防|运行|联动|指导|交流|转移东部|资产|保护|教育|登记|托管|支付)中心|"
    r"大学|学院|(?:职业|技工|技师|专科|特殊教育|实验|外国语|艺术|体育|师范|党)学?校|中学|小学|幼儿园|附中|附小|"
    r"图书馆|博物馆|文化馆|美术馆|档案馆|科技馆|纪念馆|文化宫|剧院|电视台|日报社|出版社|"
    r"(?<![格布大全结开僵定时残政当])局(?![面势部限长域])|管理所|派出所|司法所|税务所|监督所|事务所|检验所|监察所|管理处|管理站|工作站|服务站|监测站|水文站|推广站|"
    r"街道办事处|办事处|管委会|管理委员会|工委|党工委|居委会|村委会|业委会|总队|支队|大队|调查队|"
    r"合作社|供销社|专班|总工会|工会")
_GENERIC = re.compile(rf"(?=({_BODY}{{1,14}}?(?:{_HEADS})(?![长员]|大楼|大厦|\d|城|科技城|科技园)))")
_SUB = re.compile(
    rf"(?:党组|党委|办公室|办公厅|机关党委|主任会议|(?:(?![的与和及会对向将在有相各由同为于机部所关等按就并出召认决进设开共参]){_BODY}){{0,12}}?"
    r"(?:工作委员会|委员会|领导小组办公室|领导小组|人民法庭|审判庭|派出所|分局|支行|分行|分公司|分院|附属医院|"
    r"附属中学|研究院|研究中心|研究所|学院|办公室|办事处|调查队|专工委|工委|信息中心|服务中心))")
_OF_UNIVERSITY = re.compile(
    rf"(?:附属[{HAN}]{{0,6}}?(?:医院|中学|小学|学校)|(?:(?![和及的将在等])[{HAN}]){{2,16}}?(?:研究院|研究中心|学院))")
_OF_CONGRESS = re.compile(
    r"(?:常务委员会|代表资格审查委员会|财政经济委员会|法制委员会|监察和司法委员会|内务司法委员会|社会建设委员会|"
    r"(?:教育科学文化卫生|城市建设环境保护|华侨民族宗教事务|农业与农村|预算|民族|环境与资源保护)(?:工作)?委员会|"
    r"专工委|财经委|法制委|监察司法委|教科文卫委|城建环保委|社会建设委)")
_NO_BODY = re.compile(
    r"(?:国家大学|两级|街镇|和[区市县街镇]|^级|累计|等级|加快|推进|加强|推动|实施|完成|围绕|打造|成立|全面|进一步|深入|认真|通过|根据|以及|会同|召开|年度|"
    r"下达|提出|指导|制定|出台|印发|组建|建成|力争|争取|开展|实现|各级|有关|相关|部门|单位|企业和|新建|改建|"
    r"改扩建|获评|获得|入选|创建|引进|引入|人民代表大会|人大|政府|检察院|获|工程|项目|提升|促进(?!中心|会)|支持|高校|万元|不含|"
    r"开放合作|代表|委设|局设|院设|内设|下设|届|我院|其中|依托|经济社会|签约|落户|建设一|集聚)")
_FALSE_UNIT = re.compile(
    r"(?:格局|布局|大局|全局|结局|开局|局面|养老服务中心|社区服务中心|重点实验室|企业集团|学区集团|示范学校|"
    r"公立医院|定点医院|三甲医院|三级医院|社区医院|民营医院|互联网医院|专科医院|综合医院|中小学|一批公司|"
    r"科创中心|航运中心|金融中心|贸易中心|国际大学|大中小学|跨国公司|上市公司|国有公司|平台公司)$")


_SHORT_COURT = re.compile(r"院(?![士内外校区长落前感])")
_BRACKETED = re.compile(rf"\([{HAN}]{{2,4}}\)(?=[{HAN}])")
_AFTER_UNIT = {
    "院": "士内外校区长", "委": "员托派会", "中院": "士", "政府": "性采购债隔投基引", "人大": "代工议", "党委": "",
    "财政": "部收支预决专资性一补拨存投配评管政转状运工局厅投监信安厅资返承奖绩体", "工会": "会", "教委": "员",
    "政协": "委提", "妇联": "合", "团委": "员", "工商联": "合", "法院": "", "海关": "特税监", "改革办": "法理公事",
    "科技": "",
}
_SKIP_UNIT = frozenset(("财政", "院", "工会"))


def _unit_end(context: Context, start: int) -> int | None:
    """The end of the organ that stands at `start`, right behind its place or rank."""
    text = context.view.text
    best: int | None = None
    term = terms(context, "organs", "local", "both", "company").match(text, start)
    if term is not None and term.group() not in _SKIP_UNIT:
        follow = text[term.end():term.end() + 1]
        if not (follow and follow in _AFTER_UNIT.get(term.group(), "")):
            best = term.end()
    generic = _GENERIC.match(text, start)
    if generic is not None:
        body = generic.group(1)
        longer = best is None or (start + len(body) > best and len(body) <= 9
                                  and not _NO_BODY.search(body))
        if longer and not _NO_BODY.search(body) and not _FALSE_UNIT.search(body):
            best = start + len(body)
    return best


def _with_subunits(text: str, end: int) -> int:
    """Extend an organ by the organs inside it: 区人大常委会 + 办公室."""
    if text[end - 2:end] == "大学":
        inner = _OF_UNIVERSITY.match(text, end)
        return inner.end() if inner else end
    for _ in range(3):
        match = _OF_CONGRESS.match(text, end) if text[end - 2:end] in ("大会", "委会", "人大") \
            else None
        if match is not None:
            end = match.end()
            continue
        match = _SUB.match(text, end)
        if match is None or _NO_BODY.search(match.group()) or text[match.end():match.end() + 1] in (
                "长",):
            break
        if match.group() in ("党组", "党委") and text[match.end():match.end() + 1] in (
                "成", "中", "书", "副", "委"):
            break
        end = match.end()
    return end


def organs(context: Context) -> tuple[tuple[int, int], ...]:
    """Organs named with their place or rank, as (start, end), sorted."""
    return once(context, "organisations.organs", _organs)


def _organs(context: Context) -> tuple[tuple[int, int], ...]:
    text = context.view.text
    inner = floors(context).inner
    found: dict[int, int] = {}
    places = [(s, e) for s, e, kind in known_places(context) if kind in _ADMIN_KINDS]
    by_start = {start: end for start, end in places}
    covered = {index for start, end in places for index in range(start, end)}
    chained: set[int] = set()
    for start, end in places:
        if start in chained:
            continue
        while end in by_start:          # 上海市宝山区…
            chained.add(end)
            end = by_start[end]
        if text.startswith(("中共", "共青团"), start - 2) or text[start - 3:start] == "共青团":
            start -= 3 if text[start - 3:start] == "共青团" else 2
        bracket = _BRACKETED.match(text, end)
        unit = _unit_end(context, bracket.end() if bracket else end)
        if unit is None and text[end - 1] in "区县市" and _SHORT_COURT.match(text, end):
            unit = end + 1
        if unit is not None:
            found[start] = max(found.get(start, 0), _with_subunits(text, unit))
    for match in _RANK.finditer(text):
        if match.start() in covered or match.start() in inner:
            continue
        if _AFTER_RANK.match(text, match.end()):
            continue
        unit = _unit_end(context, match.end())
        if unit is not None:
            start = match.start() - 2 if text[match.start() - 2:match.start()] == "中共" \
                else match.start()
            found[start] = _with_subunits(text, unit)
    return tuple(sorted(found.items()))


@rule("ORG", priority=70, score=0.92, lexicons=("organs", "places", "openers"), examples=[
    "⟦江岚市云泽区人民政府⟧关于落实意见的报告", "⟦区财政局⟧已收回资金", "在⟦市委⟧的领导下",
    "⟦云泽区人大常委会办公室⟧副主任", "⟦区建设和管理委员会⟧负责", "⟦省人大常委会主任会议⟧提请",
    "⟦云泽区人民法院南坪人民法庭⟧副庭长", "由⟦上海交通大学⟧承办", "⟦区城市更新工作领导小组⟧统筹",
    "由⟦云泽区信息委⟧核算",
], rejects=["全区政府系统以外的单位", "各区域发展格局", "省级财政资金", "区长在线", "城市中心"])
def local_organ(context: Context) -> Iterator[Match]:
    """[place or rank] + a known organ or a body with an organ's head."""
    for start, end in organs(context):
        yield Match(start, end)


_AFTER_CENTRE = re.compile(r"[、,，及与]|和(?!省|国家)|关于|决策|部署|精神|要求|巡视组|督导组|有关|确定|各项|统一|批准|决定")
_CENTRE = re.compile(r"(?<![党共])中央(?!预算|财政|生态|环保|经济|厨房|公园|全会|大街|商务|城|活动|广场)")


@rule("ORG", priority=71, score=0.93, lexicons=("organs", "openers"), examples=[
    "⟦党中央⟧、⟦国务院⟧决策部署", "按照⟦财政部⟧要求", "⟦全国人大常委会⟧的意见", "落实⟦中央⟧和上级部署",
    "与⟦中国电信⟧签约",
], rejects=["中央预算内投资", "人大代表建议", "政协委员提案", "党委会议事规则"])
def national_organ(context: Context) -> Iterator[Match]:
    """Organs of the centre, well-known companies, and 人大 and the like standing alone."""
    text, lexicon = context.view.text, context.lexicon("organs")
    for term in terms(context, "organs", "national", "company", "both").finditer(text):
        follow = text[term.end():term.end() + 1]
        kind = lexicon.entries[term.group()]["kind"]
        if kind == "both":
            if follow and follow in _AFTER_UNIT.get(term.group(), "") or follow in ("代", "会"):
                continue
            if text[term.start() - 1:term.start()] in ("年", "届", "次", "其") or _inside_word(
                    context, term.start()):
                continue
        if kind == "national" and len(term.group()) == 2 and _inside_word(context, term.start()):
            continue
        if term.group().endswith("部") and follow in ("门", "长", "署", "分", "队", "级", "际"):
            continue
        if term.group() == "中国共产党" and text.startswith(("第", "党"), term.end()):
            continue
        yield Match(term.start(), _with_subunits(text, term.end()) if kind != "company"
                    else term.end())
    for match in re.finditer(r"国家|联合国", text):
        unit = _GENERIC.match(text, match.end())
        if _counted(text, match.start()):
            continue
        if unit is not None and 3 <= len(unit.group(1)) <= 11 and not _NO_BODY.search(
                unit.group(1)) and not _FALSE_UNIT.search(unit.group(1)):
            yield Match(match.start(), match.end() + len(unit.group(1)), 0.75)
    for match in _CENTRE.finditer(text):
        if _AFTER_CENTRE.match(text, match.end()):
            yield Match(match.start(), match.end(), 0.75)


def _counted(text: str, start: int) -> bool:
    """40个…中心: what is counted has no name."""
    return re.search(r"\d余?多?[个家所座]$", text[max(0, start - 4):start]) is not None


def _inside_word(context: Context, start: int) -> bool:
    """人大 after a Han character that is no boundary belongs to a longer name."""
    text = context.view.text
    if floors(context).before(start) == start:
        return False
    return start > 0 and bool(re.match(rf"[{HAN}]", text[start - 1])) and text[start - 1] not in \
        "受向由和与及对在经被的于请为据按同往给让从以上并或是将"


_NAMED = re.compile(
    r"(?:人民医院|中心医院|中医院|分院|大学|学院|集团|股份有限公司|有限责任公司|有限公司|公司|银行|医院|中学|小学|幼儿园|研究院|研究所|附中|"
    r"基金|协会|学会|商会|科技|资本|智能|生物|设计|机器人|资管|出版社|管理所|管理中心|服务中心|村委会|居委会)")
_COMMON_NAME = re.compile(
    r"^行业|^(?:[一二两三四五六七八九十多]?[大级家所]|社区|二级|三级|各|基层|便民|居家|镇街)|(?:[甲乙等]|旗舰|"
    r"[中省市区县全各本我该某每两多几一二三四五六七八九十公私国民外校企院股总分子母大小名高新]|开放|老年|重点|知名|"
    r"一流|综合|专科|三甲|定点|中心|公立|民营|民办|公办|社区|互联网|职业|技师|龙头|上市|跨国|国有|平台|物业|"
    r"建筑|商业|合作|政策性|地方|村镇|外资|保险|证券|医疗|教育|企业|产业|政府|引导|投资|发展|创业|专项|社保|医保|"
    r"公积|行业|普通|特色|优质|品牌|附属|示范|九年制|一贯制|寄宿制|乡镇|农村|城区|实验|高中|初中|完全|示范性|"
    r"综合性|研究型|应用型|高水平|双一流|孵化|担保|产业投资|股权投资|母|紧密型|学区|城投|平台|国企|央企|物流|"
    r"优秀|骨干|试点|哪些|人工|工业|城市|方案|规划|数字|现代|农业|绿色|金融|前沿|硬|高|生命|合成|先进)$")


_CONGRESS = re.compile(
    r"第[一二三四五六七八九十百\d]+届(?:人民代表大会(?:常务委员会)?|(?:中国人民)?政治协商会议)(?!第[一二三四五六七八九十百\\d]+次|常务|常委)")


@rule("ORG", priority=72, score=0.93, lexicons=("places", "openers"), examples=[
    "补选李川为⟦江岚市第十二届人民代表大会⟧代表"],
    rejects=["在江岚市第十二届人民代表大会第三次会议上"])
def numbered_congress(context: Context) -> Iterator[Match]:
    """A congress with its term, where no session follows."""
    text = context.view.text
    places: dict[int, int] = {}
    for start, end, _ in known_places(context):
        places[end] = min(start, places.get(end, start))
    for match in _CONGRESS.finditer(text):
        start = match.start()
        while start in places:
            start = places[start]
        if text[start - 2:start] == "全国":
            start -= 2
        yield Match(start, match.end())


@rule("ORG", priority=68, score=0.8, lexicons=("openers", "places"), examples=[
    "与⟦复蓝大学⟧合作", "引入⟦明岳集团⟧", "⟦云溪小学⟧等校", "由⟦江岚燃气管理所⟧负责",
    "⟦蓝图能源科技(江岚)有限公司⟧获奖"],
    rejects=["公立医院改革", "建设高水平大学", "跨国公司总部", "校企合作", "两家上市公司"])
def named_body(context: Context) -> Iterator[Match]:
    """A name before 大学, 集团, 公司, 医院, 中学 …, without a place in front."""
    text = context.view.text
    for match in _COMPANY.finditer(text):
        start = floors(context).before(match.start() - 4)
        if match.start() - start <= 20 and re.fullmatch(rf"[{HAN}]+", text[start:match.start()]):
            yield Match(start, match.end())
    for match in _NAMED.finditer(text):
        if match.group() in _SHORT_HEADS:
            continue
        begin = core_start(context, match.start(), 2, 12)
        if begin is None or _counted(text, begin) or _COMMON_NAME.search(
                text[begin:match.start()]):
            continue
        if _NO_BODY.search(text[begin:match.start()]) or text[match.end():match.end() + 1] in (
                "生", "城", "科", "化"):
            continue
        yield Match(begin, _with_subunits(text, match.end()))


_SHORT_HEADS = frozenset(("科技", "资本", "智能", "生物", "设计", "机器人", "资管", "基金"))
_COMPANY = re.compile(rf"(?:\([{HAN}]{{2,6}}\))?(?:股份|集团|责任)?有限公司")

_LISTED = re.compile(
    r"[、,，]?等(?:近|约|超|超过)?(?:\d+|一批|多|数|几)?余?多?(?:个|家|户|名|所)?(?:[\u4e00-\u9fff、]{0,18}?)"
    r"(?:企业|公司|机构|所学校|家单位|学校创建|投资机构|高校|院校|银行|医院|总部|上市企业|平台公司|基金)")
_ITEM = re.compile(rf"[{HAN}A-Za-z0-9·()]{{2,18}}")


@rule("ORG", priority=66, score=0.75, lexicons=("openers",), examples=[
    "引进⟦明岳科技⟧、⟦蓝图生物⟧等12家企业", "新增⟦云帆设计⟧等3家上市企业"],
    rejects=["建筑、交通等11个行业", "引进总部等一批企业", "小微、民营等企业"])
def listed_company(context: Context) -> Iterator[Match]:
    """The names before 等…家企业."""
    text = context.view.text
    for start, end in listed_items(context, _LISTED):
        if end - start >= 3 and not _GENERIC_ITEM.search(text[start:end]):
            yield Match(start, end)


_GENERIC_ITEM = re.compile(
    r"^城市|^信托|^邮政|^农村|行业|小微|民营|国有|外资|总部|上市|高新|科技型|规模|领域|行业|产业|医药|服务业|制造业|旅游|新增|中小|龙头|"
    r"重点|大型|建筑|交通|贸易|金融|物流|信息技术|企业|商贸|食品|农业|教育|能源|\d+$|部门|市场|公立|街道|镇$|区$|县$|市$")


def listed_items(context: Context, tail: "re.Pattern[str]") -> Iterator[tuple[int, int]]:
    """The items of the list A、B、C that `tail` (等…家企业) closes, as (start, end)."""
    text = context.view.text
    for match in tail.finditer(text):
        if "行业" in match.group():
            continue
        end = match.start()
        low = max(text.rfind(mark, 0, end) for mark in "。;，,:\n") + 1
        pieces = text[low:end].split("、")
        position = low
        spans = []
        for piece in pieces:
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
    ends = {end for _, end in organs(context)}
    for match in _ALIAS.finditer(text):
        if match.start() not in ends:
            continue
        long = max(start for start, end in organs(context) if end == match.start())
        yield Match(long, match.start())
        for hit in re.finditer(re.escape(match.group(1)), text):
            yield Match(hit.start(), hit.end())
