"""INDICATOR: the name of a statistic that the text gives a figure for.

From each figure the clause is read leftwards: the link (完成, 同比增长) is taken off, then what
leads in (dates, 全区, 其中, verbs, places); what is left is an indicator if it ends in the head
of one.
"""
from __future__ import annotations

import re
from typing import Iterable, Iterator, NamedTuple

from labels.govdoc.clauses import Lead, lead_of
from labels.govdoc.names import once
from labels.govdoc.plans import likely
from labels.govdoc.rules.dates import after_dates, dates_of
from labels.govdoc.rules.numbers import Figure, figures_of
from labels.govdoc.statistics import LIKE_OTHERS, LONGEST_NAME, counted_thing, ending, trimmed, \
    without_gloss, without_tail
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context, Match, rule

# What was made, moved or dealt with is no statistic: 新增生产能力1200万吨, 上缴投资金额10万元.
_ACTED = lazy(
    "(?:新增|新建|建成|盘活|涉及|收回|上缴|收缴|追缴|拨付|发放|减免|归集|化解|处置|兑现|筹集|追回|挽回|清退|整改|核减|审减|投入|退还|支付|修复|改造|淘汰"
    "|关闭|减税降费|减轻|发行|批准|核准|出让|供应|压减|压缩|削减|节约|取消)$")
_ACTED_NAME = lazy(
    "上缴|收缴|追缴|拨付|发放|减免|收回|追回|挽回|退还|盘活|核减|归集|淘汰|关闭|减轻|[高低好快]于|每(?![万百千户])|对投资$")
_PLAN = lazy(r"力争|确保|争取|计划|目标|预期|拟|将|全年列入")
_OTHER_VERB = lazy("解决|实现|完成|安排|征集|取得|吸引|募集|兑付|拨付|收回|累计|涉及|带动|拉动|推动")
_DONE_COUNT = lazy("累计|已|了|共(?<!公共)(?![享同建])|得满?分")
# 15项|重大工程: what is counted stands behind.
_COUNTS_ON = lazy(r"(?:以上|左右)?(?!以上|左右|以内|以下|[和与及至])[\u4e00-\u9fff《“]")
# Bonds are issued and passed on; only under a limit or a stock of debt are they statistics.
_BONDS = frozenset(("一般债券", "专项债券", "新增债券", "再融资债券", "政府债券", "一般债务", "专项债务", "新增一般债券",
                    "新增专项债券", "新增政府债券", "再融资一般债券", "再融资专项债券"))
_PLANNED = lazy(r"新增|新建|新引进|改建|建成|创建|培育|申报|列入|引进|认定|改造|开工|竣工")
# 收入30%部分, 用地40%以上用于: a part is named, no level.
_PART_OF = lazy(
    r"(?:(?:以上|左右|以下|以内)?的?(?:部分|用于)|(?:以上|以下|以内)(?!的(?:规模|水平|增速|增长|速度))的?[\u4e00-\u9fff]"
    "|的[县市乡村企家])")
# 设立规模100亿元|的基金: the size of a thing that is set up.
_SIZED = lazy("的(?!目标|任务)[\u4e00-\u9fff]")
_CHANGES = lazy(
    r"[，、,(](?:(?:同比|[比较](?:上年|去年|20\d\d年|年初)(?:同期|末|底)?|年均)?(?:增长|下降|增加|减少|提高|降低|提升|上升|扩大|减亏)"
    "|(?:完成|为|占)[^，。;]{0,4}(?:预算|(?:年度|全年)(?:计划|目标|任务)))")
_SHARED = lazy(r"[，、,(]约?占[^，。;]{0,26}?[\d.]+%")
# A count whose growth or share of a plan is told is named with what was done: 新增|养老床位.
_DEED = lazy("(?:新增|受理|引进)$")
_GOES_ON = lazy(f"{_CHANGES.pattern}|{_SHARED.pattern}")
# Branches, kinds and groups whose growth a bulletin lists: 采矿业, 服装类, 股份制企业.
_SHARE_OF = lazy(r"占[^，。;占\d]{2,20}?(?:比重|比例)")
_BRANCH = lazy(r"^[\u4e00-\u9fff、()]+(?:业|类|[股制资有营控]\S{0,4}企业|经济|品|设备)$")
_PLAIN_NAME = lazy(r"[\u4e00-\u9fffA-ZⅠ-Ⅻ0-9“”()、]*[^\W的了是在等]")
# Words that begin no name of a statistic, and words that end none.
_NO_NAME = lazy(r"以[上下内]|[是在的得为从由于对将以]|同期|总体|平均|其他|其余|上述|分别|主要|(?:全国|全省|全市|各地)平均|较|高于|低于")
_NO_NAME_END = lazy(r"(?:[的了和等每是在]|案件|其中|同期|平均|水平|部分|以上|以下|工作|任务|目标|进度要求|方面|领域|项目|地区|镇街)$")
# What says that the figure after it is the level reached; shares and people need no more.
_REACHES = lazy(r"(?:达到?|为|突破|提[高升][至到]|保持在|稳定在|控制在|[增升降]至|超过?)[约近]?$")
_SHORTENED = lazy("(?:压缩|缩短|减少|精简|压减|降低|降)[至到]$")
_DURATION = lazy("(?:工作日|天|分钟|小时|个月)$")
# 从31家|增加到47家: what changed has a name before 从.
_TO_ANOTHER = lazy(
    "(?:大幅|逐步|进一步|迅速|稳步)?(?:增[加长至到]|提[高升]|扩大|上升|攀升|升[至到]|跃升|减少|精简|压[缩减]|缩[短减]|下降|降[低至到])")
_STATES = lazy(r"(?:达到?|为)[约近]?$")
_AMONG = lazy("[、/]")
_PUT_IN = lazy("(?:研发|环保|教育|科技|财政|民生|科研|资金|意向)投入$")
_MOST = lazy("大?多数|少数|半数|部分")
_COMPARED = lazy(r"[比较]|同比|净增|净减")
_COUNTED = lazy(r"[家个项件条次座批场所处只种位名张台套篇]$")


class Finding(NamedTuple):
    """An indicator at ``text[start:end]`` and the figure it was found by."""

    start: int
    end: int
    figure: Figure
    score: float


def indicators_in(context: Context) -> list[Finding]:
    """The indicators of a view, each with the first figure that names it."""
    return once(context, "indicators.findings", lambda context: list(_findings(context)))


def _findings(context: Context) -> Iterator[Finding]:
    text = context.view.text
    names = context.lexicon("indicators")
    figures = figures_of(context)
    dates = dates_of(context)
    floor = 0
    listed = planned = named = False
    for figure in figures:
        found = lead_of(context, floor, figure.start)
        gap = text[floor:figure.start]
        ended = "。" in gap or ";" in gap or "\n" in gap
        if ended:
            listed = planned = named = False
        elif ")" in gap:
            listed = False
        listed = listed or text[found.start - 1:found.start] == "(" and found.start > floor > 0
        part = listed and figure.label == "MONEY"
        span = None
        if part or _may_name(text, found, figure, names):
            span = name_in(text, found, figure, names, dates, part)
        elif found.kind == "share" and found.start == found.end and (ended or not floor):
            share = _SHARE_OF.match(text, found.start, figure.start)
            span = share.span() if share else None
        if span is None and figure.label != "PERCENT" and _GOES_ON.match(text, figure.end):
            span = _changing_sum(text, found, dates)
            if span and figure.label == "MONEY" and text.endswith("方面", *span):
                span = None  # what a sum is for
            elif span and figure.label == "QUANTITY":
                deed = _DEED.search(text, max(0, span[0] - 2), span[0])
                span = (deed.start(), span[1]) if deed else span
        if figure.label == "QUANTITY" and (span is None or text.endswith("新增", 0, span[0])):
            counted = _planned_count(context, found, figure, planned, span)
            span, planned = counted or span, counted is not None
        if span and text[span[0]:span[1]] in _BONDS and not named:
            span = None  # 发行债券8亿元, 其中一般债券3亿元: sums that were moved
        named = span is not None
        if span and (planned or not _is_acted_on(text, span, found, figure)):
            yield Finding(*span, figure, _score(text[span[0]:span[1]], found, names))
        floor = figure.end


def _may_name(text: str, found: Lead, figure: Figure, names: Lexicon) -> bool:
    """Whether it is worth while to look for a name: most figures only count things."""
    if found.end - found.start < 2:
        return False
    if found.link and (figure.label != "QUANTITY" or found.kind != "level"
                       or _STATES.search(found.link) or _SHORTENED.search(found.link)):
        return True
    end = without_tail(text, found.start, without_gloss(text, found.start, found.end))
    return names.ending(text, end, found.start) is not None


def _changing_sum(text: str, found: Lead, dates: list[tuple[int, int]]) -> tuple[int, int] | None:
    """A sum whose change the next clause gives is one of a series: 到位外资3亿元、增长5%."""
    end = without_gloss(text, found.start, found.end)
    start, _ = trimmed(text, after_dates(dates, found.start, end), end)
    name = text[start:end]
    if not (3 <= len(name) <= 18 or name == "案件") or not _PLAIN_NAME.fullmatch(name):
        return None
    return start, end


def _planned_count(context: Context, found: Lead, figure: Figure, listed: bool,
                   span: tuple[int, int] | None) -> tuple[int, int] | None:
    """What a plan counts: 力争申报重点企业 20家, 市级企业 30家; the plan must say that it is one."""
    text = context.view.text
    if found.end - found.start < 2 or found.kind != "level":
        return None
    if _COUNTS_ON.match(text, figure.end) or (
            found.link and found.link[0] != "(" and not _STATES.search(found.link)):
        return None
    start = found.start
    if _DONE_COUNT.search(text, start, found.end):
        return None
    verb = _PLANNED.search(text, start, found.end)
    low = max(0, start - 200)
    sentence = max(low, text.rfind("。", low, start) + 1, text.rfind("\n", low, start) + 1)
    if not (verb and _PLAN.search(text, sentence, verb.end()) or listed and not verb
            or likely(context, (figure.start, figure.end))):
        return None
    if span is not None:  # 新增|造林面积: the growth itself is what is planned
        return span[0] - 2, span[1]
    counted = counted_thing(text, verb.end() if verb else start, found.end)
    if counted and text.endswith("新增", start, counted[0]):
        counted = counted[0] - 2, counted[1]
    return counted if counted and not _OTHER_VERB.search(text, *counted) else None


def _is_acted_on(text: str, span: tuple[int, int], found: Lead, figure: Figure) -> bool:
    """Whether the figure only counts what a verb did, outside a plan, or names a part."""
    if _PART_OF.match(text, figure.end):
        return True
    if figure.label == "PERCENT":
        return False
    if text[span[0]:span[1]] == "规模" and not found.link and _SIZED.match(
            text, figure.end):
        return True
    if _ACTED_NAME.match(text, *span):
        return True
    if found.link or found.kind != "level":
        return False
    if text.endswith("投入", *span) and not _PUT_IN.search(text, *span):
        return True  # 全市共投入3亿元
    return _ACTED.search(text, max(0, span[0] - 4), span[0]) is not None


def name_in(text: str, found: Lead, figure: Figure, names: Lexicon,
            dates: list[tuple[int, int]], listed: bool = False) -> tuple[int, int] | None:
    """The span of the indicator that the lead holds, if it holds one."""
    if found.end - found.start < 2:
        return None
    end = without_gloss(text, found.start, found.end)
    start = after_dates(dates, found.start, end)
    end = without_tail(text, start, end)
    start, acted = trimmed(text, start, end)
    start = _past_quote(text, _whole_term(text, found.start, start, end, names), end, names)
    name = text[start:end]
    if not 2 <= len(name) <= LONGEST_NAME:
        return None
    before = text[max(0, start - 160):start]
    if name in ("支出", "收入") and ("(项)" in before or "年初预算" in before[-40:]):
        return None  # the accounts of the budget item before
    if _is_name(text, name, found, figure, names, acted):
        return start, end
    return (start, end) if listed and 4 <= len(name) <= 16 and name[0] not in "其各" else None


def _past_quote(text: str, start: int, end: int, names: Lexicon) -> int:
    """A name does not begin with a quotation mark: “一网通办”办结率 leaves 办结率."""
    if text[start:start + 1] != "“":
        return start
    close = text.find("”", start, end)
    rest = text[close + 1:end]
    if close > 0 and len(rest) >= 3 and ending(rest, names) in ("term", "head") and (
            close - start > 4 or not rest.startswith("经费")):
        return close + 1
    return start + 1


def _whole_term(text: str, floor: int, start: int, end: int, names: Lexicon) -> int:
    """`start`, or where a known name begins that trimming cut into (新增就业岗位)."""
    for begin in range(max(floor, end - 16), start):
        if names.entries.get(text[begin:end], {}).get("kind") == "term":
            return begin
    return start


def _is_name(text: str, name: str, found: Lead, figure: Figure, names: Lexicon,
             acted: bool) -> bool:
    """Whether the words end in the head of a statistic, or the link makes them one."""
    mention = text[figure.start:figure.end]
    kind = ending(name, names)
    if kind == "no" or _NO_NAME_END.search(name) or _MOST.match(name):
        return False
    if found.kind == "level" and mention.endswith("年") and not name.endswith(("寿命", "龄")):
        return False
    if kind == "short":
        return True
    if kind in ("term", "head"):
        return len(name) >= 3
    if found.kind == "share" and found.link.startswith("占") and found.link.endswith("的"):
        return 3 <= len(name) <= 16 and bool(_PLAIN_NAME.fullmatch(name))
    if _NO_NAME.match(name) or name.count("(") != name.count(")"):
        return False
    if found.kind in ("up", "down"):
        return _grows(name, found, figure, acted)
    if found.kind == "from":
        return (not acted and 3 <= len(name) <= 20 and _PLAIN_NAME.fullmatch(name) is not None
                and _TO_ANOTHER.match(text, figure.end) is not None)
    return found.kind == "level" and not acted and _reaches(name, mention, found, figure)


def _grows(name: str, found: Lead, figure: Figure, acted: bool) -> bool:
    """Whether a growth is told of a name that ends in no known head."""
    if figure.label == "PERCENT":
        if _BRANCH.search(name):
            return True
        return len(name) >= 3 and not re.search("[，的是在]|企业$", name)
    return (len(name) >= 4 and not acted and _COMPARED.search(found.link) is not None
            and _PLAIN_NAME.fullmatch(name) is not None)


def _reaches(name: str, mention: str, found: Lead, figure: Figure) -> bool:
    """Whether a level is told of a name that ends in no known head: 在园幼儿达89%."""
    if not 4 <= len(name) <= 20 or not _PLAIN_NAME.fullmatch(name):
        return False
    if figure.label == "PERCENT":
        return _REACHES.search(found.link) is not None
    if figure.label == "MONEY":
        return False
    if _SHORTENED.search(found.link):
        return _DURATION.search(mention) is not None
    return _STATES.search(found.link) is not None and not _COUNTED.search(mention)


def _score(name: str, found: Lead, names: Lexicon) -> float:
    if ending(name, names) in ("term", "short"):
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
    text, names = context.view.text, context.lexicon("indicators")
    made = tuple.__new__  # by its fields it would take three times as long
    for finding in indicators_in(context):
        for start, end in _parts(text, finding, names):
            yield made(Match, (start, end, finding.score, ()))


def _parts(text: str, finding: Finding, names: Lexicon) -> list[tuple[int, int]]:
    """甲率、乙率 are two indicators, where each has a head of its own; 甲、乙产值 is one."""
    name = text[finding.start:finding.end]
    if "、" not in name and "/" not in name or "(" in name:
        return [(finding.start, finding.end)]
    pieces, start = [], finding.start
    for piece in _AMONG.split(name):
        pieces.append((start, start + len(piece)))
        start += len(piece) + 1
    whole = all(end - start > 1 and ending(text[start:end], names) in ("short", "term", "head")
                for start, end in pieces)
    return pieces if whole else [(finding.start, finding.end)]


@rule("INDICATOR", priority=86, score=0.9, lexicons=("indicators", "units", "dates"), examples=[
    "加上⟦上年结转⟧3亿元，⟦收入总计⟧80亿元", "2015年年初⟦结转和结余⟧3亿元",
    "云泽区⟦政府性基金预算支出⟧12亿元，下降5%"],
    rejects=["上年结转的资金", "云泽区政府投入3亿元", "2015年年初的债券3亿元"])
def fixed_term(context: Context) -> Iterable[Match]:
    """A fixed term that begins like a date or ends the name of an organ: 上年结转, 云泽区|政府债务."""
    text, names = context.view.text, context.lexicon("indicators")
    for finding in indicators_in(context):
        name = text[finding.start:finding.end]
        if name.startswith(LIKE_OTHERS) and ending(name, names) in ("short", "term", "head"):
            # 2015年年初结转: the date goes on to 年初, and the term begins after it.
            dated = text[finding.start - 1:finding.start] == "年" == name[0]
            yield Match(finding.start + 2 * dated, finding.end, score=finding.score,
                        terms=(name,))
