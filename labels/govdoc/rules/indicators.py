"""INDICATOR: the name of a statistic that the text gives a figure for.

From each figure the clause is read leftwards: the link (完成, 同比增长) is taken off, then what
leads in (dates, 全区, 其中, verbs, places); what is left is an indicator if it ends in the head
of one.
"""
from __future__ import annotations

import re
from typing import Iterable, Iterator, NamedTuple

from labels.govdoc.clauses import Lead, lead
from labels.govdoc.rules.dates import after_dates, dates_of
from labels.govdoc.rules.numbers import Figure, figures_of
from labels.lexicons import Lexicon
from labels.rules import Context, Match, rule

# What may lead in to a name. Each guard keeps a word whole: 到位资金, 使用面积, 有效发明专利.
_LEADING = re.compile(
    r"(?:其中|年度(?!考核)|积极|加快|大力|继续|进一步|着力|深入|全面|不断|持续|努力|稳步|扎实|有效(?!发明|注册|专利|期|灌溉)"
    r"|全[区市省州县镇国院系街乡]|[我本该][区市省州县镇院]|区内|市内|辖区内?|累计|共计|合计|总计|预计"
    r"|预期(?!寿命)|截[至止]|到(?![位账达期港])|至|年末|年底|年初|全年|当年|[每当]年|并|且|及(?![格时])|和(?!谐)|以及|使(?!用)"
    r"|(?:实现|完成|达成|确保|力争|争取|保持|推动|促进|带动|拉动|新增|增加|安排|下达|编列|列支)(?![率额量数值比度])"
    r"|共(?![享同建有])|已|将|则|又|另|各类|经济运行|[、\-—·()（）\d.\s]|<[^<>]{1,8}>|实际完成|本次|同期"
    r"|据统计|经统计|经测算|初步核算|初步统计|过去[一五]年|[一二三四五]年来|[一二三四五]年间?|期末|按(?!揭)|的"
    r"|部门(?=资产|收入|支出|固定|流动))")
# Places before the name: 云泽区地区生产总值; not 地区, 社区, 城镇 and other common nouns.
_PLACE = re.compile(
    r"(?:“[^“”]{1,12}”)?[\u4e00-\u9fff]{2,7}?(?:高新区|开发区|示范区|经开区|园区|新区|特区|自治[区州县]|[区市县州省镇乡旗])"
    r"(?![级属直域场政委办管对内]|本级|民[政主间营办]|化)")
_COMMON_PLACE = re.compile(
    r"(?:地区|社区|城区|小区|校区|郊区|牧区|灾区|景区|片区|街区|老区|辖区|全区|镇区|建成区|产业园区|城市|都市|超市|上市"
    r"|股市|楼市|县市|乡镇|城镇|集镇|[对本]区|[对本]镇|[对本]县|对市|对乡|外省|各省|各市|各区|各县|入市|农贸市|贸易区|保税区)$")
_KEPT_SUBJECT = re.compile(r"(?:规模以上|限额以上|规上|限上|资质|亏损)[\u4e00-\u9fff]{0,9}$|[工建服外国民]\S{0,4}企业$")
# After these the object begins, wherever they stand; the weak ones only lead in.
_VERBS = re.compile(
    r"(?:实现|完成|达成|安排|下达|编列|申报|列入|征集|确保|力争|争取|需增加|增加|取得|引进|获得|获批|吸引|得益于"
    r"|募集|兑付|拨付|争创|收回|累计|反映|显示|涉及|带动|拉动|推动)(?![率额量数值比度])")
_WEAK_VERBS = re.compile(
    r"(?:新增(?!就业)|开展|推进|促进|超额|落实|形成|使得?(?!用)|设置有?|所属|实施|加强|提高|加快|强化|优化|健全|完善|扩大|提升|组织|推广"
    r"|压减|削减|进行了?|举办|建成(?!区)|坚持|经测算|提供|精准|盘活|加上|加(?![工权油班氢盟])|新建|改造|培育|认定"
    r"|建设(?!用地|投资|工程|规模|项目)|共有|拥有|审结|受理|办结|办理|查处|查办|侦破|抓获|起诉|批捕|收到|提出|处理|接待)"
    r"(?![率额量数值比度])")
# What was made, moved or dealt with is no statistic: 新增生产能力1200万吨, 上缴投资金额10万元.
_ACTED = re.compile(r"(?:新增|新建|建成|盘活|涉及|收回|上缴|收缴|追缴|拨付|发放|减免|归集|化解|处置|兑现"
                    r"|筹集|追回|挽回|清退|整改|核减|审减|投入|退还|支付|修复|改造|淘汰|关闭|减税降费|减轻)$")
_OFFICE = re.compile(
    r"^[\u4e00-\u9fff]{2,16}?(?:部门|[委局](?=[\u4e00-\u9fff]{4})|公司|法院|检察院)(?![管收支化])(?!绩效)")
_GLOSS = re.compile(r"(?:\([^()]{1,24}\)|\[\d{1,2}\]|<sup>\d{1,2}</sup>)$")
_SPACE_END = re.compile(r"[的\s、:()\-—·“”\"]+$")
_BUDGET_ITEM = re.compile(r"(?:\(款\)|^|[。;\n])([^()、，。;:\n\d]{2,24})\(项\)")
_ACTED_NAME = re.compile(r"上缴|收缴|追缴|拨付|发放|减免|收回|追回|挽回|退还|盘活|核减|归集|淘汰|关闭|减轻|高于|低于|好于")
_PLAN = re.compile(r"力争|确保|争取|计划|目标|预期|拟|将|全年列入")
_PLANNED = re.compile(r"新增|新建|新引进|改建|建成|创建|培育|申报|列入|引进|认定|改造|开工|竣工")
# 收入30%部分, 用地40%以上用于: a part is named, no level.
_PART_OF = re.compile(r"(?:以上|左右)?的?(?:部分|用于)")
_CHANGES = re.compile(
    r"[，、,(](?:(?:同比|[比较](?:上年|去年|20\d\d年|年初)(?:同期|末|底)?|年均)?(?:增长|下降|增加|减少|提高|降低|提升|上升|扩大|减亏)"
    r"|(?:完成|为|占)[^，。;]{0,4}预算)")
_SHARED = re.compile(r"[，、,(]约?占[^，。;]{0,26}?[\d.]+%")
_GOES_ON = re.compile(f"{_CHANGES.pattern}|{_SHARED.pattern}")
_IN_SERIES = {"MONEY": _GOES_ON, "QUANTITY": _GOES_ON, "PERCENT": re.compile(r"(?!)")}
# Branches, kinds and groups whose growth a bulletin lists: 采矿业, 服装类, 股份制企业.
_BRANCH = re.compile(r"^[\u4e00-\u9fff、()]+(?:业|类|[股制资有营控]\S{0,4}企业|经济|品|设备)$")
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fffA-ZⅠ-Ⅻ“”()、]*[^\W的了是在等]")
_RANK = re.compile(r"[^、]{2,12}第[一二三四五六七八九十\d]{1,3}[位名]?、")
_SCORED = re.compile(r"(?:^|(?<=\n))[A-D]\d{2,4}([^\n:，。;]{2,26}?)(?:增长情况|完成情况)?:")
_SCORE_GIVEN = re.compile(r"得(?:满分|分)?\d")


class Finding(NamedTuple):
    """An indicator at ``text[start:end]`` and the figure it was found by."""

    start: int
    end: int
    figure: Figure
    score: float


def indicators_in(context: Context) -> Iterator[Finding]:
    """The indicators of a view, each with the first figure that names it."""
    text = context.view.text
    names = context.lexicon("indicators")
    figures = figures_of(context)
    dates = dates_of(context)
    floor = 0
    listed = planned = False
    for figure in figures:
        found = lead(text, floor, figure.start)
        listed = listed and not re.search(r"[。;)\n]", text[floor:figure.start])
        listed = listed or text[found.start - 1:found.start] == "(" and found.start > floor > 0
        span = name_in(text, found, figure, names, dates, listed and figure.label == "MONEY")
        if span is None and _IN_SERIES[figure.label].match(text, figure.end):
            span = _changing_sum(text, found, dates)
        planned = planned and not re.search(r"[。;\n]", text[floor:figure.start])
        if span is None and figure.label == "QUANTITY":
            span = _planned_count(text, found, planned)
            planned = span is not None
        if span and (planned or not _is_acted_on(text, span, found, figure)):
            yield Finding(*span, figure, _score(text[span[0]:span[1]], found, names))
        floor = figure.end


def _changing_sum(text: str, found: Lead, dates: list[tuple[int, int]]) -> tuple[int, int] | None:
    """A sum whose change the next clause gives is one of a series: 到位外资3亿元、增长5%."""
    start = _trimmed(text, after_dates(dates, found.start, found.end), found.end)
    name = text[start:found.end]
    if not 3 <= len(name) <= 18 or not _PLAIN_NAME.fullmatch(name):
        return None
    return start, found.end


def _planned_count(text: str, found: Lead, listed: bool) -> tuple[int, int] | None:
    """What a plan counts: 力争申报重点企业 20家, 市级企业 30家; the plan must say that it is one."""
    gloss = _GLOSS.search(text, found.start, found.end)
    end = gloss.start() if gloss and gloss.start() > found.start else found.end
    verb = _PLANNED.search(text, found.start, end)
    start = verb.end() if verb else found.start
    if found.link or not 3 <= end - start <= 18 or _VERBS.search(text, start, end):
        return None
    sentence = max(text.rfind("。", 0, start), text.rfind("\n", 0, start)) + 1
    if verb and _PLAN.search(text, sentence, verb.end()) or listed and not verb:
        return start, end
    return None


def _is_acted_on(text: str, span: tuple[int, int], found: Lead, figure: Figure) -> bool:
    """Whether the figure only counts what a verb did, outside a plan."""
    if figure.label == "PERCENT":
        return bool(_PART_OF.match(text, figure.end))
    if re.match(r"高于|低于|好于|快于|每", text[span[0]:span[1]]):
        return True
    if found.link or found.kind != "level":
        return False
    acted = _ACTED.search(text, max(0, span[0] - 4), span[0])
    return bool(acted) or bool(_ACTED_NAME.match(text, *span))


def name_in(text: str, found: Lead, figure: Figure, names: Lexicon,
            dates: list[tuple[int, int]], listed: bool = False) -> tuple[int, int] | None:
    """The span of the indicator that the lead holds, if it holds one."""
    end = found.end
    gloss = _GLOSS.search(text, found.start, end)
    if gloss and gloss.start() > found.start:
        end = gloss.start()
    start = after_dates(dates, found.start, end)
    tail = _SPACE_END.search(text, start, end)
    end = tail.start() if tail else end
    start = _whole_term(text, start, _trimmed(text, start, end), end, names)
    start = _past_quote(text, start, end, names)
    name = text[start:end]
    if not 2 <= len(name) <= 34:
        return None
    before = text[max(0, start - 160):start]
    if name in ("支出", "收入") and ("(项)" in before or "年初预算" in before[-40:]):
        return None  # the accounts of the budget item before
    if _is_name(name, text[figure.start:figure.end], found, figure, names):
        return start, end
    return (start, end) if listed and 4 <= len(name) <= 16 and name[0] not in "其各" else None


def _past_quote(text: str, start: int, end: int, names: Lexicon) -> int:
    """A name does not begin with a quotation mark: “一网通办”办结率 leaves 办结率."""
    if text[start:start + 1] != "“":
        return start
    close = text.find("”", start, end)
    rest = text[close + 1:end]
    if close > 0 and len(rest) >= 3 and _ending(rest, names) in ("term", "head") and (
            close - start > 4 or not rest.startswith("经费")):
        return close + 1
    return start + 1


def _whole_term(text: str, floor: int, start: int, end: int, names: Lexicon) -> int:
    """`start`, or where a known name begins that trimming cut into (新增就业岗位)."""
    for begin in range(max(floor, end - 16), start):
        if names.entries.get(text[begin:end], {}).get("kind") == "term":
            return begin
    return start


def _trimmed(text: str, start: int, end: int) -> int:
    """The start of the name: past what leads in, the last verb, a place, an office."""
    while True:
        before = start
        for match in _VERBS.finditer(text, start, end):
            if match.end() < end and not _KEPT_SUBJECT.search(text[start:match.start()]):
                start = match.end() if match.end() > start else start
        for pattern in (_RANK, _LEADING, _WEAK_VERBS):
            leading = pattern.match(text, start, end)
            start = leading.end() if leading else start
        place = _PLACE.match(text, start, end)
        if place and not _COMMON_PLACE.search(place.group()) and end - place.end() >= 3:
            start = place.end()
        office = _OFFICE.match(text[start:end])
        if office and end - start - office.end() >= 4:
            start += office.end()
        quote = text.rfind("“", start, end)
        if quote >= 0 and text.find("”", quote, end) < 0:
            start = quote + 1
        if start == before:
            return start


def _is_name(name: str, mention: str, found: Lead, figure: Figure, names: Lexicon) -> bool:
    """Whether the words end in the head of a statistic, or the link makes them one."""
    kind = _ending(name, names)
    if kind == "no" or name.endswith(("的", "了", "和", "等", "每")):
        return False
    if found.kind == "level" and mention.endswith("年") and not name.endswith(("寿命", "龄")):
        return False
    if kind == "short":
        return True
    if kind in ("term", "head"):
        return len(name) >= 3
    if found.kind == "share" and found.link.startswith("占") and found.link.endswith("的"):
        return 3 <= len(name) <= 16 and bool(_PLAIN_NAME.fullmatch(name))
    if found.kind not in ("up", "down") or figure.label != "PERCENT":
        return False
    if _BRANCH.search(name):
        return True
    return len(name) >= 4 and not re.search(r"[，的是在]|案件$|企业$", name)


def _ending(name: str, names: Lexicon) -> str:
    """The kind of the longest entry that `name` ends in; a whole name may be `short`."""
    if names.entries.get(name, {}).get("kind") in ("short", "term"):
        return "short"
    for length in range(min(len(name), 16), 0, -1):
        kind = names.entries.get(name[-length:], {}).get("kind", "")
        if kind:
            return "head" if kind == "short" else kind
    return ""


def _score(name: str, found: Lead, names: Lexicon) -> float:
    if _ending(name, names) == "term":
        return 0.92
    return 0.85 if found.link else 0.75


@rule("INDICATOR", priority=40, score=0.8, lexicons=("indicators", "units", "dates"), examples=[
    "全区⟦地区生产总值⟧达到1200亿元", "⟦区级一般公共预算收入⟧完成45.6亿元，同比增长3%",
    "年末⟦城镇登记失业人数⟧为3200人", "⟦PM2.5平均浓度⟧下降5%", "云泽区⟦预算执行率⟧98.2%",
    "⟦规模以上工业企业利润总额⟧12亿元", "累计实现⟦社会消费品零售总额⟧88亿元",
    "⟦常住人口⟧51万人，其中⟦城镇人口⟧40万人"],
    rejects=["建成38个项目", "新建林地3185亩", "结案5398件", "收回结余资金2534万元", "大多数达到85%"])
def indicator(context: Context) -> Iterable[Match]:
    """The noun phrase before a figure that ends in the head of a statistic."""
    for finding in indicators_in(context):
        yield Match(finding.start, finding.end, score=finding.score)


@rule("INDICATOR", priority=41, score=0.85, examples=[
    "行政单位医疗（款）⟦公务员医疗补助⟧（项）。年初预算为5.6万元，支出决算为6.2万元。"],
    rejects=["行政单位医疗（款）公务员医疗补助（项）。用于公务员。"])
def budget_item(context: Context) -> Iterable[Match]:
    """The item of a budget line whose budget and accounts the next sentences give."""
    text = context.view.text
    for match in _BUDGET_ITEM.finditer(text):
        block_end = text.find("\n", match.end())
        rest = text[match.end():block_end if block_end >= 0 else len(text)]
        if "预算为" in rest or "决算为" in rest or "决算数为" in rest:
            yield Match(*match.span(1))


@rule("INDICATOR", priority=42, score=0.8, examples=[
    "C2032 ⟦在职人员满意度⟧：经调查，得满分 2 分。"], rejects=["C2032 在职人员满意度：开展调查。"])
def scored_indicator(context: Context) -> Iterable[Match]:
    """The numbered indicator of a performance evaluation whose score the paragraph gives."""
    text = context.view.text
    for match in _SCORED.finditer(text):
        end = text.find("\n", match.end())
        if _SCORE_GIVEN.search(text, match.end(), end if end >= 0 else len(text)):
            yield Match(*match.span(1))
