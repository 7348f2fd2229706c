"""Whether a figure is planned: what its clause, sentence, paragraph, heading and period say.

A level or a growth is a target where the text plans it. Clear words decide at once (力争, 预期目标,
到2025年). Without one the mood of the passage is weighed: reports of work done and plans use other
words (取得了, 累计, 荣获; 继续, 办好, 加快), and headings name what stands under them.
"""
from __future__ import annotations

import re
from bisect import bisect_right

from labels.govdoc.clauses import Lead
from labels.govdoc.names import matches, once
from labels.lazy import lazy
from labels.rules import Context

_SPENT_BUDGET = lazy(r"(?:预算|决算)数?(?:为|是)$|年初预算数?$")
# Marks of a plan: in the clause itself, in its sentence, or over the whole paragraph.
_IN_CLAUSE = lazy(
    "力争|确保|(?<!成功)争取(?![到了])|不低于|不少于|不高于|不超过|年初预算为|预期|目标(?!任务)|拟(?!合)|计划(?!指标|数|完成)|[≥≤]|有望|安排预算"
    "|预算安排|拟安排|代编预算|预算草案|(?:支出|收入|预算)安排$")
_REACHED = lazy(r"已|了$|同比|较上年|稳定在|超[过额]?(?:年度|全年|预期)?(?:目标|预期)|好于预期|高于预期|低于预期|超过?目标")
_IN_SENTENCE = lazy(
    "力争|(?<!在)确保|(?<!成功)争取(?![到了])|预期目标(?!任务)|目标(?:是|为|:)|主要目标|拟安排|计划(?:安排|完成|实现|新增)|今后[三五]年"
    r"|未来[三五]年|建议(?=20\d\d年)|预计(?:20\d\d)?年末|主要工作目标|(?:确定|提出|设定|设置|制定)[^，。]{0,10}目标|可预计的")
_IN_BLOCK = lazy(
    "预期目标(?:是|为|:|如下|主要)|主要(?:预期)?目标(?:是|为|:|如下)|工作目标(?:是|为|:)|目标(?:是|为|:|如下)|发展的?主要(?:预期)?目标"
    r"|预算草案(?!编制|的报告|在|进行|》|报告)|收支预算安排|年(?<=\d{4}年)(?:收支)?预算安排")
_DRAFTED = lazy(
    r"上年预计执行数|当年预算收支平衡|收入(?:预期(?:实现|为)?|安排)(?=\s?\d)|支出(?:预期(?:实现|为)?|安排)(?=\s?\d)|由年初预算|可预计的"
    r"|预计年末[^，。]{0,6}债务")
# A balance of a budget that is drafted says only sums; its execution says how much was done.
_BUDGET_LINE = lazy(
    "预算(?:总)?(?:收入|支出)$|^(?:调[入出]资金|(?:收入|支出)[总合]计)$|结转|结余|还本支出$|上解支出$|补助(?:收入|下级支出)$|转移支付收入$"
    "|上解收入$")
_EXECUTED = lazy("税收收入|[存贷]款|民生支出|教育支出|完成|为预算|预算的|执行|决算|同比|上年同期|比上年|去年|全年|累计|实现|20\\d\\d年|截至")
_SUM = lazy(r"\s?[\d.,]{1,12}[万亿]?元")
# 到2025年, 覆盖率达到90%: a year to come, where nothing says that it is past.
_BY_YEAR = lazy(r"(?<![截停]至)(?<!截止)(?<!止)(?<!截)到(?:20\d\d年(?!\d)|“?十[四五六]五”?末|本世纪)")
_DONE = lazy(r"同比|[比较]上年|[比较]去年|已|了|累计|年均|截[至止]|共有|实际|达到了|提高到了")
_SUMMED_UP = lazy("累计|[年以]来|共(?<!公共)(?![享同建])|已(?!经济)|同比")
_AGAINST_LAST = lazy("同比|[比较]上年|[比较]去年")
_PLANNED_NAME = lazy(r"^(?:计划|规划|目标|预算(?!执行|完成))|(?<!公共|基金|经营)预算$")
_PLANNED_CELL = lazy("约束性|预期性|预测性|指导性")
_ORDINAL = lazy(r"\d{1,2}\t")
_BOUND = lazy("不[低高少超]|控制在|[≥≤]")
ROUGHLY = lazy(r"(?:左右|以上|以内|以下)")
_YEAR = lazy(r"(2(?<!\d2)0\d\d)年")
# What the words of a passage weigh, in tenths: fitted on the sections of work reports that look
# back against those that plan, then rounded.
_WEIGHTS = {
    "力争": 12, "做强": 9, "让": 8, "办好": 8, "争取": 7, "继续": 7, "今年": 6, "明年": 6, "抓好": 6, "促进": 6,
    "鼓励": 5, "加快": 5, "加强": 5, "加大": 5, "用好": 4, "做好": 3, "壮大": 4, "健全": 4, "预期": 6, "切实": 4,
    "以内": 4, "确保": 8, "积极": 4, "左右": 4, "努力": 4, "支持": 3, "引导": 3, "深化": 3, "维护": 3, "推进": 3,
    "大力": 3, "扩大": 3, "推动": 2, "聚焦": 2, "培育": 2, "强化": 2, "完善": 2, "优化": 2, "必须": 4, "下一步": 9,
    "将": 4, "要": 4, "计划": 3, "目标": 3, "落实": 2,
    "了": -12, "获": -12, "荣获": -12, "出台": -10, "首批": -9, "成立": -8, "亿元": -6, "成功": -9, "达到": -5,
    "顺利": -7, "过去": -7, "完成": -5, "累计": -9, "举办": -6, "成绩": -6, "取得": -8, "提高到": -5, "入选": -9,
    "超过": -5, "通车": -5, "同比": -10, "比上年": -10, "较上年": -10, "比去年": -10, "得到": -5, "首个": -4,
    "已": -6, "先后": -4, "新增": -3, "落户": -3, "显著": -4, "建成": -3, "明显": -4, "位居": -7, "圆满": -6,
    "五年来": -12, "一年来": -12, "这一年": -12, "过去一年": -12, "预计": -5, "不断": -3, "共获": -8, "创历史": -12,
    "获评": -12, "超额": -8, "达成": -5, "形成": -2, "共累计": -10, "搞好": 6, "首次": -4, "历史性": -5, "位列": -6,
    "新高": -8, "居全": -6,
    "连续": -4, "进展": -4, "成效": -4, "回顾": -10, "为预算": -8,
    "以来": -10, "截至": -12, "截止": -12, "上半年": -8, "率先": -3, "增至": -6, "升至": -6, "降至": -6,
}
_NOT_BEFORE = {"将": "近", "要": "求素点件闻紧", "获": "得", "已": "经", "了": "解"}
_NOT_AFTER = {"要": "主重需必纲概"}
_MOOD = lazy("|".join(
    word + (f"(?![{_NOT_BEFORE[word]}])" if word in _NOT_BEFORE else "")
    + (f"(?<![{_NOT_AFTER[word]}]{word})" if word in _NOT_AFTER else "")
    for word in sorted(_WEIGHTS, key=len, reverse=True)))
_ONE_WORD_AT_MOST = 2
# What the mood of the passage, with its heading and period, must come to; a plain level needs more.
_LIKELY, _SURE, _COUNTED_SURE = 6, 14, 10
_FOR_HEADING, _FOR_YEAR, _FOR_EXACT = 12, 10, 8
# What is planned is mostly round: 6%, 5.5%, 300家; what was reached has decimals.
_EXACT = lazy(r"\d\.(?!5(?!\d))\d|\d{2}[1-46-9](?![\d.,万亿])")
_AROUND = 220
_BLOCK, _NEAR = 1200, 400
_PLANS = lazy(r"目标|任务|工作安排|总体要求|主要工作|重点工作|打算|下一步|下阶段|今后|草案|工作思路|主要措施|预算安排|收支预算|计划$|意见建议")
_LOOKS_BACK = lazy(r"回顾|总结|执行情况|完成情况|落实情况|开展情况|成效|成就|决算|运行情况|工作情况")


def planned(context: Context, name: tuple[int, int], figure: tuple[int, int], found: Lead) -> bool:
    """Whether the figure at `figure` says what the indicator at `name` is to become.

    Both are spans of the folded text; `found` is the lead of the figure.
    """
    text = context.view.text
    start, end = figure
    if _SPENT_BUDGET.search(text, max(0, start - 8), start):
        return "预算" in text[start - 8:start]
    if "\t" in text[name[1]:start]:
        return _planned_cell(text, name, figure, found)
    block = max(text.rfind("\n", max(0, start - _BLOCK), start) + 1, start - _BLOCK)
    sentence = max(block, text.rfind("。", block, start) + 1, text.rfind("!", block, start) + 1)
    own = found.start <= name[0]
    before = (text[found.start:name[0]] + text[name[1]:start] if own
              else text[found.start:start])
    if "完成" in found.link and "计划" not in before:
        return bool(re.search(r"力争|确保|争取|计划完成|目标", before))
    if _IN_CLAUSE.search(before) and not _REACHED.search(before):
        return True
    if own and found.kind == "level" and _PLANNED_NAME.search(text[name[0]:name[1]]):
        return True
    against_last = found.kind in ("up", "down") and _AGAINST_LAST.search(found.link) is not None
    cue = _IN_SENTENCE.search(text, sentence, start)
    if cue and (not against_last or "目标" in cue.group()):
        return True
    if _BY_YEAR.search(text, sentence, start) and not _DONE.search(text, sentence, start):
        return True
    if _IN_BLOCK.search(text, max(block, start - _NEAR), start):
        return True
    stop = text.find("\n", end, end + _BLOCK)
    if matches(context, _DRAFTED).count(block, stop if stop >= 0 else end + _BLOCK):
        return True
    if against_last:
        return False
    if (_BUDGET_LINE.search(text[name[0]:name[1]]) and _SUM.match(text, name[1])
            and _heading(context, start) >= 0
            and not _EXECUTED.search(text, block, stop if stop >= 0 else end + _BLOCK)):
        return True
    firm = ROUGHLY.match(text, end) is not None or "控制在" in found.link
    return _likelihood(context, block, sentence, figure) >= (_LIKELY if firm else _SURE)


def _planned_cell(text: str, name: tuple[int, int], figure: tuple[int, int],
                  found: Lead) -> bool:
    """In a row: the kind of indicator is said, or the first figure is put as words (增长6%左右)."""
    between = text[name[1]:figure[0]]
    if _PLANNED_CELL.search(between + text[figure[1]:figure[1] + 6]):
        return True
    if between.count("\t") > 1:
        return False
    if found.kind in ("up", "down") or _BOUND.search(found.link) or ROUGHLY.match(text, figure[1]):
        return True
    # 5, 投资, 450亿元, 241.5: in a numbered row the first cell is the goal, the next what was done
    begin = text.rfind("\n", max(0, name[0] - 40), name[0]) + 1
    return (_ORDINAL.match(text, begin) is not None
            and "\t" in text[figure[1]:figure[1] + 40].partition("\n")[0])


def likely(context: Context, figure: tuple[int, int]) -> bool:
    """Whether the passage around the figure plans: where nothing in its clause says so."""
    text, start = context.view.text, figure[0]
    block = max(text.rfind("\n", max(0, start - _BLOCK), start) + 1, start - _BLOCK)
    sentence = max(block, text.rfind("。", block, start) + 1, text.rfind("!", block, start) + 1)
    if _SUMMED_UP.search(text, sentence, start):
        return False
    return _likelihood(context, block, sentence, figure) >= _COUNTED_SURE


def _likelihood(context: Context, block: int, sentence: int, figure: tuple[int, int]) -> int:
    """The mood around a sentence, its heading and the year it speaks of, in tenths."""
    text = context.view.text
    stop = text.find("\n", figure[1], figure[1] + _AROUND)
    stop = stop if stop >= 0 else figure[1] + _AROUND
    total = mood(context, max(block, sentence - _AROUND), stop)
    total += _FOR_HEADING * _heading(context, figure[0])
    if _EXACT.search(text, *figure):
        total -= _FOR_EXACT
    year = None
    for match in _YEAR.finditer(text, sentence, figure[0]):
        year = int(match.group(1))
    if year is not None and context.document.date:
        told = int(context.document.date[:4])
        total += _FOR_YEAR if year > told else -_FOR_YEAR if year < told else 0
    return total


def mood(context: Context, start: int, end: int) -> int:
    """How much ``text[start:end]`` plans (above 0) rather than reports (below 0), in tenths."""
    # The ends move in steps, so that the sentences of a paragraph share what was weighed.
    key = (start // 64, end // 64)
    moods = once(context, "plans.moods", lambda _: {})
    if key not in moods:
        moods[key] = _weigh(context.view.text, start, end)
    return int(moods[key])


def _weigh(text: str, start: int, end: int) -> int:
    words: list[str] = _MOOD.findall(text, start, end)
    return sum([_WEIGHTS[word] * min(_ONE_WORD_AT_MOST, words.count(word)) for word in set(words)])


def _heading(context: Context, index: int) -> int:
    """1 under a heading that plans, -1 under one that looks back, else 0; sub-headings inherit."""
    starts, leans = once(context, "plans.headings", _headings)
    position = bisect_right(starts, index) - 1
    return leans[position] if position >= 0 else 0


def _headings(context: Context) -> tuple[list[int], list[int]]:
    document, locate = context.document, context.view.locate
    turns = [(part.start, 0) for part in document.parts]
    for section in document.sections:
        back = _LOOKS_BACK.search(section.title) is not None
        ahead = _PLANS.search(section.title) is not None
        if back != ahead:
            turns.append((section.start, 1 if ahead else -1))
    turns.sort()
    return [locate(start) for start, _ in turns], [lean for _, lean in turns]
