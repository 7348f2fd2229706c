"""function: what a passage does (reports, plans, decides, lists …), by its form and cue words.

A linear decision: the passage is measured (`measures`: shares of its clauses that open with a verb
of bidding, hold a figure, end in a result …, and how densely each cue of ``functions.tsv`` stands in
it), and each measure speaks for or against each function by the weights of
``function_weights.tsv``. Blocks whose form tells enough (headings, bylines) are not measured.
"""
from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from math import sqrt
from typing import Iterator, Mapping, Sequence

from labels.govdoc.names import hits, once
from labels.rules import Context, Passage, SpanSuggestion, Vote, class_rule

FUNCTIONS = ("achievement", "problem", "plan", "target", "suggestion", "figures", "decision",
             "procedure", "background", "definition", "duty", "attendance", "other")
_BY_KIND = {"salutation": "procedure", "name_list": "attendance"}
_OTHER_KINDS = frozenset(("title", "heading", "byline", "table_caption", "toc_entry", "signature",
                          "page_furniture"))
_CLAUSE = re.compile(r"[。;,，:!?\n]+")
_STOP = re.compile(r"[。;!?]")
_ITEM = re.compile(
    r"^\W{0,4}(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、)．]|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[条,，])")
_ARTICLE = re.compile(r"^\W{0,4}第[一二三四五六七八九十百]+条")
_TITLE = re.compile(
    r"^\W{0,4}(?:[\u4e00-\u9fff]{0,24})?关于[^。;,]{4,80}(?:报告|说明|决定|决议|通知|意见|公告|方案|讲话|汇报|规定|办法)[^。,，]{0,20}$")
_NOTE = re.compile(r"^\W{0,3}(?:\d{1,3}\W{0,3}|[¹²³⁴⁵⁶⁷⁸⁹①-⑳]\W?|[一二三四五六七八九十]{1,2}、)?[^。;,，:]{1,28}:(?=[^\d\s])|^\[\d+\]|^注\d?:")
_IN_SESSION = re.compile(r"^\W*\d{4}年.{0,60}(?:会议|大会|全会)上")
_PASSED = re.compile(r"^\W*\d{4}年.{0,90}(?:会议|大会|全会)(?:修订|修正|表决)?(?:通过|批准|确定)\W*")
_REVIEW = re.compile(r"^\W{0,3}(?:\d+[.、])?\s?(?:审议|审查|听取|表决|书面审议)")
_PRIOR = re.compile(r"^\W*(?:\d+[.、])?\s?《[^》]+》.{0,24}$")
_EDGES = " *#-—·•“”\"'()（）\t"
_NUMBERING = re.compile(
    r"^(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）]\s?|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、．]\s?(?=\D)|[一二三四五六七八九十]是|"
    r"第[一二三四五六七八九十]+[，,])\**")
_NUMERALS = frozenset("(（一二三四五六七八九十第0123456789")
_STATE = re.compile(r"更加|持续|不断|逐步|有效|明显|显著|稳步|扎实|加速|全面|迈|取得|实现|步伐|态势|呈|成效|新台阶|有序|得到|较快|快速|平稳")
_FAULT = re.compile(r"不够|不足|不强|不高|不规范|不到位|不完|不健全|不严|不实|不及时|不统一|不平衡|不均衡|不厚|不充分|不稳|还有|仍|未|缺|薄弱|滞后|存在"
                    r"|短板|短处|堵点|有待|偏|欠缺|问题|难题|困难|错位|难")
_GOAL = re.compile(r"目标|预期|到20\d\d年")
_ADVICE = re.compile(r"^建议|以下建议|几点建议|意见和?建议")
_NOW = re.compile(r"五年来|过去|一年来|今年以来|上半年|去年|全年|\d月|回顾|截至|这一年|以来|年末")
_YEAR = re.compile(r"今年|明年|下一步|下阶段|下半年|今后|未来|\d{4}年")
_SALUTE = re.compile(r"^(?:尊敬的)?(?:[\u4e00-\u9fff]{0,4}主任、|各位|主席团|同志们)[^。]{0,40}[:!]\W*$")
_ACT = re.compile(
    r"任命[^。]{2,400}?为|免去[^。]{2,200}?职务|接受[^。]{2,40}?辞去|(?:补选|选举|推选)[^。]{2,300}?为|任\s?免\s?名\s?单|资格(?:自行)?终止|"
    r"被任命为|被选为|同志任|决定:|予以批准|撤销[^。]{2,40}职务")
_PRESENT = re.compile(r"(?:出席|列席|参加|出席了|列席了)(?:会议|大会)?[，。]?\W*$|就座\W*$|(?:请假|缺席|应出席|应到|实到)[^。]{0,8}[(（:\d]|观看演出")
_ADVISED = re.compile(r"建议[:：]\W*$|[。;]建议|^\W*(?:[\u4e00-\u9fff]{0,8})建议")
_WORK = frozenset(
    "完成 新建 发放 举办 开展 获评 获批 荣获 建成 新增 引进 成立 出台 印发 制定 修订 组织 召开 投入 受理 审结 办结 查处 整治 改造 培训 实现 取得 累计 安排 下达 "
    "支付 争取 收回 清理 编制 研究 签订 举行 接待 帮助 推出 开通 设立 处置 排查 检查 走访 协调 先后 成功 共有 新开 改扩 修缮 筹措 率先 全年 入选 首次 通过 "
    "发布 启用 创建 联合 依托 深入".split())
# 将 and 要 before a verb, not 将…纳入 or 需要.
_SHALL = re.compile(
    r"(?<![即主需重必只纲摘概])(?:将(?=[依继进按认加深全以围坚严切积大努统聚持落在于重实着采]|从严)|要(?=[坚加全切深着牢继进紧大把重以认高抓更始求善勇]|用好|在))")
# A first sentence without figures that heads the rest: 生态环境持续改善。
_LEAD = re.compile(r"\W{0,4}[^。;:\d]{4,40}[。:](?=.{20})|\W{0,4}\*\*[^*]{2,40}\*\*", re.S)
_DIGIT = re.compile(r"[0-9]")
_CELLS = re.compile(r"\t|\|")
# How clauses of plans open, and how clauses of plans and of reports alike do. Measured on reports of
# many places, whose headings say which half looks back and which ahead.
_ORDER = frozenset(
    "加快 提高 完善 促进 抓好 确保 加强 力争 进一 继续 做好 办好 鼓励 推进 巩固 建设 更好 发挥 严格 积极 重点 争取 推广 增强 健全 努力 落实 再次 利用 充分 切实 抢抓 "
    "用好 用足 建好 管好 守住 守牢 严防 严守 压实 狠抓 抓紧 注重 大力 加大 引导 探索 启动 谋划 研究 紧盯 紧扣 树立 牢固 强化 聚力 倡导 弘扬 主动 更加 壮大 夯实 筑牢 "
    "兜牢 做强 做优 做大 持续 稳步 不断 培养 稳妥 有序 保障 大力 有效 释放 激发 营造 要 将 让 使 把".split())
_PURSUE = frozenset(
    "推动 支持 打造 提升 深化 全面 全力 坚持 着力 聚焦 优化 实施 构建 建立 培育 发展 拓展 扩大 创新 突出 围绕 扎实 深入 开展 整合 盘活 防范 规范 改善 协调 统筹 高标 "
    "高质 认真 广泛 畅通 打通 深度 严肃 加速 助力 强力".split())
_BID = _ORDER | _PURSUE
_TOLD = frozenset(
    "提升 提高 改善 推进 完成 增强 完善 加快 发展 优化 好转 显现 提速 铺开 成效 突破 进展 开展 全覆盖 建成 通车 开工 竣工 投产 投用 启用 成立 实施 "
    "落地 上线 稳定 向好 增长 巩固 形成 成功 胜利 示范 称号 验收 试点 运行 落户 挂牌 首位 前列 第一 台阶 进步 丰富 健全 繁荣 拓展 扩大 到位 见效".split())


def measures(text: str, spans: Sequence[SpanSuggestion],
             cues: Mapping[str, int]) -> dict[str, float]:
    """What the linear decision reads of a passage, each between 0 and about 1.

    `cues` counts the cue words of each kind in `text`.
    """
    clauses = [_NUMBERING.sub("", clause, 1) if clause[0] in _NUMERALS or clause[1:2] == "是"
               else clause
               for piece in _CLAUSE.split(text) if (clause := piece.strip(_EDGES))] or [""]
    total = len(clauses)
    order = pursue = told = figure = work = 0
    for clause in clauses:
        ordered = clause[:2] in _ORDER or clause[:1] in _ORDER
        pursued = clause[:2] in _PURSUE
        opened = ordered or pursued
        order += ordered
        pursue += pursued
        work += clause[:2] in _WORK
        told += not opened and (clause[-2:] in _TOLD or clause[-3:] in _TOLD)
        figure += _DIGIT.search(clause) is not None
    found: dict[str, float] = {
        "order": order / total, "pursue": pursue / total, "told": told / total, "figure": figure / total, "work": work / total,
        "order_bare": order / total * (1 - figure / total),
        "short": max(0.0, 1 - len(text) / 60),
        "long": min(1.0, total / 14), "always": 1.0}
    for cue, count in cues.items():
        found["c_" + cue] = min(1.0, sqrt(count / total))
    found["shall"] = min(1.0, 2 * len(_SHALL.findall(text)) / total)
    _head(clauses[0], found)
    lead = _LEAD.match(text)
    if lead is not None:
        found["lead"] = 1.0
        if "head_told" in found:
            found["lead_told"] = 1.0
            found["lead_figure"] = figure / total
    _form(text, found)
    labels = Counter(span.label for span in spans)
    sums = labels["MONEY"] + labels["PERCENT"] + labels["QUANTITY"]
    found["sums"] = min(1.0, sums / total / 1.5)
    found["indicators"] = min(1.0, labels["INDICATOR"] / total)
    for label, name in (("DOC", "docs"), ("MEETING", "meetings"), ("POST", "posts"),
                        ("PROJECT", "projects"), ("ORG", "orgs"), ("DATE", "dates")):
        if labels[label]:
            found[name] = min(1.0, sqrt(labels[label] / total))
    if labels["PERSON"]:
        share = sum(span.end - span.start for span in spans if span.label == "PERSON")
        found["persons"] = min(1.0, 2 * share / max(1, len(text)))
    return {name: value for name, value in found.items() if value}


def _head(head: str, found: dict[str, float]) -> None:
    """The measures of the first clause, which is often the passage in short."""
    if head[:2] in _ORDER or head[:1] in _ORDER:
        found["head_order"] = 1.0
    elif head[:2] in _PURSUE:
        found["head_pursue"] = 1.0
    elif head[-2:] in _TOLD or _STATE.search(head):
        found["head_told"] = 1.0
    for name, pattern in (("head_fault", _FAULT), ("head_goal", _GOAL), ("head_advice", _ADVICE),
                          ("head_now", _NOW), ("head_year", _YEAR)):
        if pattern.search(head):
            found[name] = 1.0


def _form(text: str, found: dict[str, float]) -> None:
    """The measures of form: how the passage begins and ends, and whether it holds sentences."""
    stripped = text.strip()
    if _STOP.search(text) is None:
        found["no_stop"] = 1.0
        if "," not in text and "，" not in text:
            found["bare"] = 1.0
    if stripped.endswith(":"):
        found["colon"] = 1.0
    if stripped[:1] in "(" and stripped[-1:] == ")":
        found["bracketed"] = 1.0
    if stripped.startswith("——"):
        found["dash"] = 1.0
    for name, pattern in (("item", _ITEM), ("article", _ARTICLE), ("title", _TITLE),
                          ("note", _NOTE), ("in_session", _IN_SESSION), ("passed", _PASSED),
                          ("review", _REVIEW), ("prior", _PRIOR), ("salute", _SALUTE)):
        if pattern.match(stripped):
            found[name] = 1.0
    # These are worth looking for only where their words stand.
    for cue, name, pattern in (("c_decide", "act", _ACT), ("c_attend", "present", _PRESENT),
                               ("c_suggest", "advised", _ADVISED)):
        if cue in found and pattern.search(stripped):
            found[name] = 1.0
    cells = len(_CELLS.findall(text))
    if cells:
        found["cells"] = min(1.0, cells / 4)
    digits = sum(map(text[:400].count, "0123456789"))
    found["digits"] = min(1.0, 3 * digits / max(1, min(400, len(text))))
    if stripped[-1:].isdigit() or stripped[-1:] == "%":
        found["ends_digit"] = 1.0


def cue_hits(context: Context) -> tuple[Sequence[int], list[str]]:
    """Where the cue words of the document stand, and what each speaks of; one scan a document."""
    def make(_: Context) -> tuple[Sequence[int], list[str]]:
        kinds = {term: row["cue"] for term, row in context.lexicon("functions").entries.items()}
        found = hits(context, "functions")
        return found.starts, [kinds[term] for term in found.texts]
    return once(context, "functions.cues", make)


def _weights(context: Context) -> dict[str, list[tuple[str, float]]]:
    """Measure → (function, weight) pairs, weights of nothing left out."""
    def make(_: Context) -> dict[str, list[tuple[str, float]]]:
        table = context.lexicon("function_weights").entries
        return {name: [(function, float(value)) for function, value in row.items()
                       if value and float(value)] for name, row in table.items()}
    return once(context, "functions.weights", make)


def _spoke(context: Context, found: Mapping[str, float], function: str) -> str:
    """The four measures that spoke most for `function`."""
    table = context.lexicon("function_weights").entries
    shares = [(value * float(table[name][function] or 0), name)
              for name, value in found.items() if name in table]
    return "、".join(name.removeprefix("c_") for share, name in sorted(shares, reverse=True)[:4]
                    if share > 0)


@class_rule("function", score=0.8, lexicons=("functions", "function_weights"), examples=[
    "任命陈雨为区财政局局长", "全年收入100万元，支出90万元，占年初预算的90%"])
def decide(context: Context, passage: Passage) -> Iterator[Vote]:
    """The linear decision over the measures of the passage."""
    if passage.kind in _OTHER_KINDS:
        yield Vote("other", 5.0, passage.kind)
        return
    if passage.kind in _BY_KIND:
        yield Vote(_BY_KIND[passage.kind], 5.0, passage.kind)
        return
    if passage.kind == "table_row" and _DIGIT.search(passage.text):
        yield Vote("figures", 5.0, passage.kind)
        return
    starts, cues = cue_hits(context)
    found = measures(passage.text, passage.spans, Counter(
        cues[bisect_left(starts, passage.low):bisect_left(starts, passage.high)]))
    weights = _weights(context)
    sums = dict.fromkeys(FUNCTIONS, 0.0)
    for name, value in found.items():
        for function, weight in weights.get(name, ()):
            sums[function] += weight * value
    best = max(FUNCTIONS, key=lambda function: sums[function])
    yield Vote(best, max(1.0, sums[best]), _spoke(context, found, best))
