"""PROJECT: named programmes, plans, applications: 三年行动计划, “雪亮工程”, 实施…工程."""
from __future__ import annotations

import re
from typing import Iterator

from labels.govdoc.names import HAN
from labels.govdoc.rules.places import known_places
from labels.govdoc.works import COUNTED, GENERIC_NAME, KIND_END, PLAIN, STARTS, \
    acceptable, lone_mark, name_start
from labels.govdoc.scanning import find, worded
from labels.lazy import lazy
from labels.rules import Context, Match, rule

_NOT_CJK = lazy(rf"[^{HAN}A-Za-z0-9·—\-“”()+.#]")
_PLAN = worded(r"行动(?:计划|方案)?|计划|工程(?!段)|专项(?=[、(。])",
               "行动", "计划", "工程", "专项")
_YEARS = r"(?:[一二三四五两]|\d)年(?:专项|攻坚|提升|专项整治|攻坚提升)?"
# What makes a plan of what stands before 行动, 计划, 工程.
_BEFORE_PLAN = {
    "行动": lazy(rf"{_YEARS}$"),
    "行动计划": lazy(rf"(?:{_YEARS}|攻坚|(?<!科技创新))$"),
    "行动方案": lazy(rf"(?:{_YEARS})?$"),
    "计划": lazy("(?:培育|创造|倍增|提升|振兴|跃升|成长|引领|人才|攻坚|改造|提质)$"),
    "工程": lazy("(?:惠民|提升|改造|强校|倍增|提质|培育|推进|攻坚|示范)$"),
    "专项": lazy("$")}
_NOT_PLAN = lazy(
    "各类|各项|一系列|年度|相关|有关|多项|工作|任务|配套|一批|若干|具体|以下|我们|全民|组织|^(?:三年)?(?:专项)?行动|^.{0,2}$|重点推进|民生|民心"
    "|百日|基础设施|等$|集中|扫黑|普查|严打")
_PLAN_LEAD = lazy(
    "实施|制定|启动|完成|推进|落实|出台|编制|开展|执行|推动|按照|根据|新一轮|围绕|以及|聚焦|通过|[的和与及将对、]|印发|发布|纳入|列入|10所|等")
_QUOTED = lazy(
    rf"“([{HAN}A-Za-z0-9 +·—-]{{2,16}}?)”(?=(?:、“[^“”]{{2,16}}”){{0,6}}等?"
    rf"(?:(?![和的与及])[{HAN}]){{0,4}}?(?:工程|项目|平台|行动计划|系列应用|惠企政策|小程序|智能门户|智能客服|数字人|热线|"
    rf"系统|APP|app|计划(?!生育|单列)|先行区|上线|\d\.\d版))")
_QUOTED_HEAD = lazy(
    rf"“([{HAN}A-Za-z0-9 +·—-]{{2,14}}(?:平台|工程|行动计划|计划|系统)|[{HAN}]{{0,6}}惠企\d+条"
    rf"|(?!健康|二维|行程|场所|付款|收款|通信|赋红|密|号|代|编)[{HAN}]{{1,4}}码)”")
_NOT_QUOTED = lazy(
    r"^(?:[一二三四五六七八九十].[一二三四五六七八九十](?!工程)|[一二三四五六七八九十两多双\d]+[\d+个级位类型化项大链群网条园](?!一工程)|十[一二三四五]五|新增"
    r"|(?:互联网|云|大)\+?$|放管服|[\d+X]+|小巨人|专精特新|卡脖子|造血|[一二三四五六七八九十两双].$|半拉子|大循环|双招双引|一带一路|五大|两新|两重"
    r"|一件事|城中村|老旧小区|三农|三保|六稳|六保|.{0,3}\+.*(?<!工程)$|.*(?:制|系列|式|化|率|清单|机制)$)")
# “智慧公安”, 智慧云泽: a city, a service by wire.
_SMART = lazy(
    rf"“((?:智慧|数字)(?!社区|小区|城市|乡村|经济|产业|农业|生活|引擎|客厅|国际|中国|化)[{HAN}]{{2,4}})”")
_PLACE_ENDS = lazy(rf"建|[^{HAN}]|$")
_NO_WORK = lazy("十.五$|半拉子|民心|民生|实事|三农|一把手")
_OUTLINE = lazy(r"规划(?=实施|[，。;]|$)")
_OF_WHAT = lazy("(?:总体|专项|发展|建设|利用|保护|提升|振兴)$")
_CARRIED_OUT = lazy(r"实施(?:好)?([^，。;:\n“”《]{5,48}?)(?=[，。;,:\n“”《]|$)")
_PROGRAMME = lazy(r"[^及以“”]{3,16}(?:工程|计划)")
_COUNT_BEHIND = lazy(r"\d.*$")


@rule("PROJECT", priority=80, score=0.85, examples=[
    "全面完成⟦第七轮环保三年行动计划⟧,空气优良", "制定实施⟦新基建三年行动方案⟧", "抓紧制定新一轮⟦职业健康体系三年行动计划⟧",
    "实施⟦工业精品创造计划⟧", "推进⟦云泽区安全生产三年行动⟧"],
    rejects=["抓好企业、园区等循环经济示范工程建设", "实施三大能力提升工程，",
             "申请各类科技创新行动计划", "三年行动计划已完成", "制定工作计划", "开展专项行动"])
def plan(context: Context) -> Iterator[Match]:
    """A name before 三年行动计划, 行动方案, 培育计划 …"""
    text = context.view.text
    for match in _PLAN.finditer(context):
        before = text[max(0, match.start() - 8):match.start()]
        kind = _BEFORE_PLAN[match.group()].search(before)
        if kind is None:
            continue
        head, end = match.start() - len(kind.group()), match.end()
        start = _plan_start(text, _clause_low(text, head), head)
        if match.group() == "工程":  # 争取云桥路综合改造工程开工
            start = name_start(text, start, head)
        core, name = text[start:head], text[start:end]
        if not 2 <= len(core) <= 22 or _NOT_PLAN.search(core) or text[start - 1:start] == "等":
            continue
        if name.endswith("工程") and (GENERIC_NAME.match(name) or KIND_END.search(name)):
            continue
        if not lone_mark(name) and STARTS.match(core):
            yield Match(start, end)


def _clause_low(text: str, index: int) -> int:
    """The start of the list item that `index` stands in."""
    low = max(0, index - 30)
    other = _NOT_CJK.search(text[low:index][::-1])
    return index - other.start() if other else low


def _plan_start(text: str, low: int, head: int) -> int:
    start = low
    for match in _PLAN_LEAD.finditer(text, low, head):
        if head - match.end() >= 2:
            start = match.end()
    return start


# 南水北调 + 中线云泽段, 引江济淮 + 工程
_TRANSFERS = "调输送淮渭汉辽水"
_LINE = lazy(rf"(?:[东中西]线)?(?:[{HAN}]{{2,4}}段)?(?:[一二三]期)?(?:工程)?")
# 一网通办事项网办率 is an indicator.
_OF_A_RATE = lazy(rf"[{HAN}]{{0,8}}率")


@rule("PROJECT", priority=79, score=0.75, lexicons=("programmes", "places", "openers"), examples=[
    "“⟦指尖通办⟧”平台上线", "推出“⟦云泽惠企18条⟧”", "依托“⟦平安智联平台⟧”", "实施“⟦头雁⟧”工程",
    "推动政务服务“⟦一网通办⟧”", "城市运行⟦一网统管⟧建设"],
    rejects=["“十四五”规划项目", "“1+5+8”平台", "“三农”工作", "实施“放管服”改革"])
def quoted(context: Context) -> Iterator[Match]:
    """A name in quotation marks with 工程, 平台, 项目 behind or in it; programmes known by name."""
    text = context.view.text
    for pattern in (_QUOTED, _QUOTED_HEAD):
        for match in pattern.finditer(text):
            if not _NOT_QUOTED.match(match.group(1)) or (
                    text.startswith("工程", match.end()) and not _NO_WORK.match(match.group(1))):
                yield Match(*match.span(1))
    for term, start, end in find(context, "programmes", "always"):
        if not _OF_A_RATE.match(text, end):
            line = _LINE.match(text, end) if term[-1] in _TRANSFERS else None
            yield Match(start, line.end() if line else end, score=0.9)
    for _, start, end in find(context, "programmes", "quoted"):
        if text.startswith("“", start - 1) and text.startswith("”", end):
            yield Match(start, end, score=0.85)
    for match in _SMART.finditer(text):
        yield Match(*match.span(1), score=0.7)
    for start, end, _ in known_places(context):
        if text[max(0, start - 2):start] == "智慧" and _PLACE_ENDS.match(text, end):
            yield Match(start - 2, end, 0.7)


# What a system for something ends in, the verbs that bring it, and what it does.
_SYSTEM = worded(
    "(?<=信息|管理|监管|共享|交互|监控|预警|指挥|调度|审批|追溯|交通|政务|信用|综合|服务|数据|预约|支付|卡口|分析)(?:系统|平台)"
    "|政务大厅|(?<=数据)中心",
    "系统", "平台", "政务大厅", "中心")
_BRINGS = lazy(
    "(?:建成|建立|建好|搭建|完成|启动|依托|通过|运用|开发|打造|上线|升级|启用|初步|全面|推出|、|推进|加快|基于|运行)+")
_DOES = lazy("归集|汇聚|应用|上线|启用|投用|接入|运行|升级|投入|整合|用户|注册|实现|覆盖|、|建设|等建设|的?二期|一期")
_UPGRADE = lazy("(?:升级|改造|升级改造|建设|开发)项目")
_KIND_OF_SYSTEM = lazy("^(?:信息|数据|综合|信用|管理|服务|公共|共享|监管|一体化|智能化|数字化|统一|大|各类|相关|系列|云)*$")


@rule("PROJECT", priority=75, score=0.6, examples=[
    "搭建⟦土地全周期监管信息系统⟧，", "建成⟦区级健康信息共享平台⟧。", "⟦政务数据共享平台⟧归集数据4.2亿条，",
    "⟦政务信息共享平台升级项目⟧拖期扣分。", "建成⟦网上政务大厅⟧，", "启动⟦视频监控综合平台⟧、⟦高清治安卡口系统⟧等建设工作。"],
    rejects=["依托信息平台，", "完善信用体系", "打造综合管理平台，", "建立3个信息系统", "综合服务平台上线",
             "公共数据中心建设加快", "接入各部门管理系统"])
def system(context: Context) -> Iterator[Match]:
    """A system or platform for something that is said to be built or used, or to do something."""
    text = context.view.text
    for match in _SYSTEM.finditer(context):
        low = _clause_low(text, match.start())
        lead = None
        for lead in _BRINGS.finditer(text, low, match.start()):
            pass
        start, end = name_start(text, lead.end() if lead else low, match.start()), match.end()
        upgrade = _UPGRADE.match(text, end)
        if lead is None and not (upgrade or _DOES.match(text, end)):
            continue
        name = text[start:end]
        if (6 if lead else 7) <= len(name) <= 20 and acceptable(name) and not (
                _NOT_PLAN.search(name) or _KIND_OF_SYSTEM.match(text[start:match.start()])):
            yield Match(start, upgrade.end() if upgrade else end)


_DUTY = lazy("拟订|拟定|起草|负责|参与|指导")


@rule("PROJECT", priority=77, score=0.65, examples=[
    "着力推动⟦生态城市建设规划⟧实施，", "编制完成⟦云泽全域旅游发展规划⟧，"],
    rejects=["贯彻落实“十四五”规划，", "做好各类专项规划，", "纳入城市总体规划调整", "发展规划，"])
def outline(context: Context) -> Iterator[Match]:
    """A plan for an area or a branch, without 《》, that is made or carried out."""
    text = context.view.text
    for match in _OUTLINE.finditer(text):
        if not _OF_WHAT.search(text, max(0, match.start() - 2), match.start()):
            continue
        low = _clause_low(text, match.start())
        start = _plan_start(text, low, match.start() - 2)
        name = text[start:match.end()]
        if _DUTY.search(text, low - 30 if low > 30 else 0, match.start()):
            continue
        if start == low or text[start - 1] in "和及、与" or lone_mark(name):
            continue
        if 7 <= len(name) <= 24 and not (
                _NOT_PLAN.search(name) or COUNTED.search(name) or name[0] in "了好的国"
                or name[0].isdigit()):
            yield Match(start, match.end())


@rule("PROJECT", priority=77, score=0.7, examples=["深入实施⟦全民阅读推广工程⟧，", "实施⟦文艺创作工程⟧和⟦信贷增量计划⟧。"],
      rejects=["实施重点工程，", "实施源头治理、水质提升等工程", "实施一批河道整治工程，"])
def carried_out(context: Context) -> Iterator[Match]:
    """A named 工程 or 计划 that is carried out."""
    text = context.view.text
    for match in _CARRIED_OUT.finditer(text):
        yield from _programmes(text, *match.span(1))


def _programmes(text: str, start: int, end: int) -> Iterator[Match]:
    """A工程、B工程和C计划 in what is carried out."""
    for piece in re.split("、|和(?!谐|美|平)|以及", text[start:end]):
        name = _COUNT_BEHIND.sub("", piece)
        if (_PROGRAMME.fullmatch(name) and acceptable(name) and text[start - 2:start] != "一批"
                and not PLAIN.match(name)):
            yield Match(start, start + len(name))
        start += len(piece) + (2 if text.startswith("以及", start + len(piece)) else 1)
