"""How a figure hangs on what stands before it in its clause.

``云泽区税收收入完成12亿元，同比增长3%``: before each figure stands a noun phrase, or nothing, and
then a link of verbs and adverbs (完成; 同比增长). `lead` parts the two; the rules for indicators
read the noun, the rules for their relations read the link.
"""
from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterable, NamedTuple

from labels.govdoc.names import once
from labels.lazy import lazy
from labels.rules import Context

# Nothing reaches over these to the left; 、 and balanced quotes may stand inside a noun phrase.
BOUNDARY = "，。;:!?\n\t|*》"
_THOUSANDS = lazy(r"\d,\d{3}(?!\d)")
_UP = ("增长", "增加", "提高", "上升", "提升", "扩大", "攀升", "上涨", "增幅", "增速", "净增加",
       "净增", "增收", "增亏", "高于", "增", "升", "多", "快于", "涨幅", "上浮", "回升", "跃升",
       "多于", "上调", "新增")
_DOWN = ("下降", "减少", "降低", "回落", "下滑", "缩减", "收窄", "减亏", "降幅", "减收", "下跌",
         "缩短", "压缩", "减幅", "低于", "精简", "压降", "缩小", "下调", "降",
         "减", "少", "压减", "下浮", "负增长")
_TO = ("至", "到", "为", "成")
_LEVEL = ("达到", "达", "完成", "实现", "为", "是", "有", "约为", "超过", "超", "突破", "高达", "仅",
          "近", "接近", "稳定在", "保持在", "控制在", "维持在", "稳定", "保持", "在", "逾", "跃升至",
          "共计", "合计", "总计", "累计", "共", "仅为", "均为", "至", "到", "升至", "降至", "增至",
          "攀升至", "各", "约", "大约", "均", "分别为", "分别", "分别达到", "预计",
          "上升为", "列", "不低于", "不少于", "不超过", "不高于", "至少", "年均", "平均", "已",
          "已达", "可达", "将达", "力争", "净", "稳步", "逐步", "持续", "进一步", "总体", "同口径",
          "月人均", "人均", "每月", "户均", "分别是",
          "可比", "按可比价格计算", "按可比价计算", "按不变价格计算", "按不变价计算", "可比增长",
          "连续", "显著", "大幅", "明显", "小幅", "相应", "也", "亦", "就", "只", "将", "再", "略",
          "累计达", "累计完成", "累计实现", "计", "调整为", "决算", "决算数为", "预算数为",
          "决算数", "预计完成", "预计实现", "预计达到",
          "目标", "目标为", "预期目标为", "预期目标", "力争达到", "确保", "安排", "预算为", "决算为", "年初预算", "年初预算数",
          "年初预算为", "年初预算数为",
          "了", "自然", "名义", "实际", "以", "快", "首次", "一举", "≥", "≤", "＞", ">", "<", "稳步增长", "能够",
          "预期", "预期为", "预期实现", "修订为", "一直", "双双", "月均",
          "初步预计", "预期达到", "拟安排", "全部", "均已", "已经", "必须", "要", "始终", "是否", "未", "不", "始终保持在", "目前",
          "一度",
          "高位", "较快", "平稳", "高速", "快速", "低位", "恢复性", "两位数")
_TOKENS = frozenset((*_UP, *_DOWN, *_LEVEL,
                     *(verb + to for verb in (*_UP, *_DOWN) for to in _TO[:3])))
# Words that end in a token and are none: 收入总计 is what a table sums up to.
_KEPT = ("新增", "城镇新增", "行为", "作为", "实有", "所有", "国有", "现有", "拥有", "设有", "建有", "共有", "共计有", "各有",
         "另有", "还有", "含有", "存在", "现在", "达成", "至少", "负增", "成为", "称为", "认定为", "名为", "下达",
         *(what + sum_ for what in ("收入", "支出", "收支", "收、支")
           for sum_ in ("总计", "合计", "共计")))


def _backwards(words: Iterable[str]) -> str:
    """A pattern of `words` read from right to left, the longest first; grouped by their last
    character, so that a failing match costs one comparison a group."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        groups.setdefault(word[-1], []).append(re.escape(word[-2::-1]))
    return "|".join(f"{re.escape(last)}(?:{'|'.join(rest)})" for last, rest in groups.items())


# Matches the links at the head of a clause that was turned round.
_LINKS = lazy(f"(?:(?!{_backwards(_KEPT)})(?:{_backwards(_TOKENS)}))+")
_LINK_ENDS = frozenset(token[-1] for token in _TOKENS)
_PERIOD = (r"(?:(?:19|20)\d\d年(?:度|末|底|同期)?(?:\d{1,2}月)?|上年(?:度|末|底|同期)?|上一年度?"
           r"|去年(?:同期|底|末|全年)?|年初"
           r"|上届|上期|上月末?|同期|前[一两三]年|上次|往年|以往|基期|“?十[一二三四五]五”?(?:末|期末|初|期间)?|历年"
           r"|[前近]?[一二三四五]年平均(?:数|值)|上年(?:预计)?执行数|上年完成数|上年预算数?|年初预算数?|预算数?|计划|年度目标"
           r"|(?:19|20)\d\d年[^，、。;]{0,6})")
_COMPARE = lazy(rf"(?:同比|环比|(?:比|较|与)(?:[前去上]?{_PERIOD})(?:相比|比)?|(?:高于|低于|快于){_PERIOD})$")
_WITHIN = lazy(
    r"(?:(?:19|20)\d\d年(?:度|末|底)?的?|“?十[一二三四五]五”?(?:末|期末)的?|[一二两三四五六七八九十]年(?:来|间)?|期?末|至年底|到年底|年末"
    r"|每年|当年|年度|今年|全年|\([^()]{1,16}\))$")
_WITHIN_ENDS = frozenset("年度末底的来间期天)")
_COMPARES = lazy("[比较与于]")
# 完成预算的, 为预算的, 占年度计划数的; then 占…的.
_PLAN_NOUN = r"(?:预算|计划|目标|任务|指标|预期)[^，。;占完达为]{0,6}?的$"
_OF_PLAN = lazy(
    rf"(?:已|均|累计)*(?:完成|达到?|为|占|相当于|是)了?[^，。;占为完达]{{0,8}}{_PLAN_NOUN}"
    rf"|^[^，。;占为完达]{{0,6}}{_PLAN_NOUN}")
# 占计划竣工数: the planned count is what is completed.
_PLANNED_COUNT = lazy(r"占((?:年度|全年)?(?:计划|目标|任务)[^，。;的]{1,8}数)$")
_OF_WHOLE = lazy(r"(?:约|各|分别|均)?占[^，。;占]{0,26}$")
# …占…比重, …占比: the words before and these are one name.
_SHARE_NAME = lazy(r"占(?:[^，。;占]{1,24})?(?:比重|比例|比)")
_ITS_SHARE = lazy(r"[\u4e00-\u9fff]{0,2}占比(?:约?为|达到?|约)?")
# 从542公顷, 从“十三五”末的639亿元: where a change starts from.
_FROM = lazy(rf"(?:相应|已|就)?(?:从|由)(?:{_PERIOD})?的?$")
# 是2002年的2.5倍
_TIMES_EARLIER = lazy(
    r"(?:均|都|分别)?(?:是|为|达到?|相当于)?(?:(?:19|20)\d\d年|上年|去年|“?十[一二三四五]五”?(?:末|时期|期间))(?:同期|末|底)?的近?$")
_TIMES = lazy(r"[\d.]{1,6}多?倍")
# Cells that name nothing: signs, units, kinds of indicator, what is said of a figure.
_NO_HEAD = lazy(
    r"(?:[^\u4e00-\u9fff]*|[\d(]?.{0,6}性|\(?[%‰万亿元美个人户家项件平方公里米吨千瓦时立标准煤辆次/、]{1,8}\)?)$|(?:增[长幅速加]"
    "|下降|降低|提高|减少|达到?|完成|不[低高少超]|控制在|[≥≤><]|左右|以上|已|预计|可比|高于|低于|需|与)")
_STEADY = lazy(r"稳步|持续|稳定|平稳|快速|较快|不断|显著|大幅|明显")
_CHANGE = "|".join(sorted((*_UP, *_DOWN), key=len, reverse=True))
_LEVEL_LINK = lazy(rf"(?:{_CHANGE})了?(?:至|到|为)")
_UP_LINK = lazy("|".join(sorted(_UP, key=len, reverse=True)))
_DOWN_LINK = lazy("|".join(sorted(_DOWN, key=len, reverse=True)))
_BOUNDS_SAID = lazy(r"不[低高少]于|至少")
# A name and its link are shorter than this; the cost of a figure stays bounded.
_REACH = 120
_MARKS = lazy(f"[{re.escape(BOUNDARY)},()“”]")
_PLAIN_MARKS = frozenset(BOUNDARY)


class Lead(NamedTuple):
    """``text[start:end]`` is what may hold a noun phrase; `link` joins it to the figure.

    `kind` is ``completion``, ``share``, ``up``, ``down``, ``times``, ``from`` or ``level``.
    """

    start: int
    end: int
    link: str
    kind: str


def lead_of(context: Context, floor: int, figure: int) -> Lead:
    """`lead` in the folded text of `context`, kept for who asks again."""
    kept: dict[tuple[int, int], Lead] = once(context, "clauses.leads", lambda _: {})
    found = kept.get((floor, figure))
    if found is None:
        found = kept[floor, figure] = lead(context.view.text, floor, figure)
    return found


def lead(text: str, floor: int, figure: int) -> Lead:
    """Part the clause before the figure that begins at `figure`; never look left of `floor`."""
    start = clause_start(text, floor, figure)
    if start == figure:
        return _lead_before(text, floor, start, start, "")
    clause = text[start:figure]
    if clause.endswith("的"):
        found = _OF_PLAN.search(clause)
        if found:
            return Lead(start, start + found.start(), found.group(), "completion")
    elif clause.endswith("数"):
        planned = _PLANNED_COUNT.search(text, start, figure)
        if planned:
            return Lead(planned.start(1), planned.end(1), "", "completion")
    if "从" in clause or "由" in clause:
        origin = _FROM.search(text, start, figure)
        if origin:
            return _changed_from(text, floor, start, origin)
    if text.find("倍", figure, figure + 9) > 0 and _TIMES.match(text, figure):
        earlier_times = _TIMES_EARLIER.search(text, start, figure)
        if earlier_times:
            return Lead(start, earlier_times.start(), earlier_times.group(), "times")
    share = None
    end = figure - len(clause) + _link_start(clause)
    if "占" in clause:
        if _ITS_SHARE.fullmatch(text, start, figure):
            return Lead(start, start, clause, "share")
        share = _OF_WHOLE.search(text, start, end)
    link = text[end:figure]
    if share:
        return _share(text, start, end, share.start(), link)
    return _lead_before(text, floor, start, end, link)


def _changed_from(text: str, floor: int, start: int, origin: "re.Match[str]") -> Lead:
    if origin.start() == start and text[start - 1:start] == "，" and start - 1 > floor:
        # 生产总值占全省的比重，由2002年的53.9%上升到57%
        return Lead(clause_start(text, floor, start - 1), start - 1, origin.group(), "from")
    return Lead(start, origin.start(), origin.group(), "from")


def _lead_before(text: str, floor: int, start: int, end: int, link: str) -> Lead:
    """The lead of a clause; one that holds a link alone may lean on what stands before it."""
    if end == start and start - 1 > floor:
        before = text[start - 1]
        if before == "，" and link:
            # 融资规模稳步增长，达183亿元: the name stands before the comma.
            earlier = clause_start(text, floor, start - 1)
            stop = earlier + _link_start(text[earlier:start - 1])
            if stop < start - 1 and _STEADY.search(text, stop, start - 1):
                return Lead(earlier, stop, text[stop:start - 1] + "，" + link, kind_of(link))
        if before in "\t|":
            cell = _row_head(text, start - 1)
            if cell:
                return Lead(*cell, link, kind_of(link))
    # By its fields it would take three times as long.
    made: Lead = tuple.__new__(Lead, (start, end, link, kind_of(link) if link else "level"))
    return made


def _row_head(text: str, tab: int) -> tuple[int, int] | None:
    """The nearest cell to the left, in a row of tabs, that may name what the row counts."""
    for _ in range(4):
        low = max(0, tab - _REACH)
        begin = max(text.rfind(mark, low, tab) for mark in "\t|\n") + 1
        if not begin and low:
            return None  # no name is as long
        if not _NO_HEAD.match(text[begin:tab]):
            return begin, tab
        if text[begin - 1:begin] not in ("\t", "|"):
            return None
        tab = begin - 1
    return None


def _share(text: str, start: int, end: int, at: int, link: str) -> Lead:
    """X占Y的 leaves X; X占Y比重 is a name itself, whose level is a share, whose change is one."""
    named = _SHARE_NAME.match(text, at, end)
    if not named or named.end() != end or at == start:
        return Lead(start, at, text[at:end] + link, "share")
    if text.endswith("之比", at, end):
        return Lead(start, end, link, kind_of(link))
    kind = kind_of(link)
    return Lead(start, end, link, "share" if kind == "level" else kind)


@lru_cache(maxsize=4096)
def kind_of(link: str) -> str:
    """``up``, ``down``, ``from`` or ``level``: what the link says of the figure after it."""
    bare = _LEVEL_LINK.sub("", _BOUNDS_SAID.sub("", link))
    if _LEVEL_LINK.search(link) and link.rstrip("约近超过").endswith(("至", "到", "为")):
        return "level"
    if _DOWN_LINK.search(bare):
        return "down"
    if _UP_LINK.search(bare):
        return "up"
    return "level"


def clause_start(text: str, floor: int, figure: int) -> int:
    """After the last boundary before `figure`; an open bracket or quote is one too."""
    floor = max(floor, figure - _REACH)
    depth = 0
    for mark in _MARKS.finditer(text[floor:figure][::-1]):
        char = mark.group()
        position = figure - mark.start()
        if not depth and char in _PLAIN_MARKS:
            return position
        if char in ")”":
            depth += 1
        elif char in "(“":
            if not depth:
                return position
            depth -= 1
        elif depth and char in "，,:" and position > figure - 40:
            pass  # a gloss may hold a comma: 存款余额（本外币合计，下同）
        elif char != "," or not _THOUSANDS.match(text, position - 2):
            return position
    return floor


@lru_cache(maxsize=512)
def _link_start(clause: str) -> int:
    """Where the link of a clause begins: links, comparisons and periods are taken off the right."""
    end = len(clause)
    turned = clause[::-1]
    compares = _COMPARES.search(clause) is not None
    while end:
        last = clause[end - 1]
        before = end
        if compares:
            found = _COMPARE.search(clause[:end])
            end = found.start() if found else end
        if end == before and last in _WITHIN_ENDS:
            found = _WITHIN.search(clause[:end])
            end = found.start() if found else end
        if end == before and last in _LINK_ENDS:
            links = _LINKS.match(turned, len(clause) - end)
            end = len(clause) - links.end() if links else end
        if end == before:
            break
    return end
