"""PROJECT: named works and investments, by what a clause says becomes of them."""
from __future__ import annotations

import re
from typing import Iterator

from labels.govdoc.names import HAN, once, plainness
from labels.govdoc.works import BOUND, GENERIC_CORE, GENERIC_END, PLAIN, Item, acceptable, \
    clause_low, has_head, is_named, is_particular, is_rare, items_of, name_start, \
    near_place, phases, without_marks
from labels.govdoc.scanning import worded
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context, Match, rule

_LIST_TAIL = lazy(
    r"等(?:近|约|超|超过)?(?:\d+|一大?批|多|数|几|[两三四五六七八九十]+)?余?多?(?:个|项|条|座|处"
    r"|批)?(?:(?![国地省市县家企作对的为与和向从]|在(?!建))[\u4e00-\u9fff]){0,10}?(?:项目|工程|煤矿|电站|电厂|水库|枢纽|基础设施"
    r"|旧区改造|(?:公|道|铁)路|竣工"
    "|前期工作)")
_COMPANY_LIST = lazy(r"企业|公司|机构|总部|投资落地|亿元")
# 云桥路、兰溪路等14条道路架空线: the roads are there.
_ROADS_SERVED = lazy(r"(?:[公道]路|街)(?:架空线|积水|整治|大修|整修|合杆|周边|沿线|两侧|景观|绿化|交通|和工地|口)")
_WELFARE = lazy(r"民心|民生|实事|惠民")
# Campaigns and villages stand in lists of works too; neither is one.
_NO_WORK = lazy("(?:斗争|行动|普查|创建|保障)$|^以|有限公司$")
_AREA, _OF_AREAS = lazy("(?:[镇乡村]|街道)$"), lazy("街镇|乡镇")
_SAID_BEFORE = (
    "主塔|主桥|主体结构|地下结构|桩基|路基|回迁房|主线|全线|竣工|年底|年初|当年|今年|去年|全年|已经|也|将|均|全面|正式|顺利|加快|基本|有序|如期|全线"
    "|主体|成功|集中|按期|提前|相继|陆续|实现|即将|已|年内|力争|前期|结构|全部|并|建设|规划|启动|开展|推进|快速"
    "|同步|稳步|积极|建成|试")
# 云泽小学、岚港中学2所学校10月底按期|完工: what stands between a name and what is said of it, read
# backwards, so that it is tried at one place.
_ADVERBS = lazy(
    f"(?:{'|'.join(word[::-1] for word in _SAID_BEFORE.split('|'))})*"
    r"(?:(?:[底初份]?月|日\d{1,2}月)\d{1,2}(?:年\d\d02)?)?"
    r"(?:(?:校学|目项|程工|院医|区小|路道|馆场|园公|站车|站泵|梁桥)?[个所座条项家处]\d{1,3}等?)?")
_ADVERB_ENDS = frozenset(word[-1] for word in _SAID_BEFORE.split("|")) | frozenset(
    "月日校目程院区路馆园站梁个所座条项家处")
_COMMON_CORE = lazy(
    r"^(?:\d+[\u4e00-\u9fff]?|[一二三四五六七八九十]+[所座个条家]|公办|民办|养老服务|社区|为老|综合|文化|体育|口袋|街心|各|新|主干|轨道交通|普惠"
    "|党群服务|社会事业|公共服务|医疗|急救|主|老|高|中|小|市民|绿色|创新|产业|数据|标准|农村|城市|市政|骨干|全国|平台|断头|一|公交|地铁|首个|首座|首批|全市"
    "|全区|街镇|公共|区域|示范|国家|卫生|疾控|三甲|三级|重大|重点|一批|.*(?:所|座|个|条|家|片|处|多|一批))$")
_WEAK = frozenset(("建设", "推进", "启用", "签约", "落户", "落地", "获批", "完成", "运营", "规划建设"))
_SETTLED = frozenset(("签约", "落户", "落地", "获批"))


@rule("PROJECT", priority=78, score=0.8, lexicons=("places", "openers", "works"), examples=[
    "加快推进⟦云江公路快速化⟧、⟦G15江岚路匝道⟧等重点项目", "⟦东岭二期⟧、⟦西湾四期⟧等大型电源项目建成投用",
    "推进⟦区青少年研学中心⟧、⟦兰溪九年一贯制学校⟧等项目建设",
    "⟦明岳全球创新研发中心⟧等一批优质项目落户", "⟦岚泽高铁⟧、⟦江岚高速⟧等一大批重大基础设施建成"],
    rejects=["推进重大工程等项目建设", "云溪镇、青荻镇、砚溪街道等3个街镇设施养护项目",
             "开展扫黑除恶专项斗争等重点项目", "引进复蓝科技等12家企业", "道路、管网等工程建设"])
def listed(context: Context) -> Iterator[Match]:
    """A、B、C before 等…项目, 等…工程."""
    text = context.view.text
    floor = 0
    for tail in _LIST_TAIL.finditer(text):
        low, floor = max(floor, clause_low(text, tail.start())), tail.end()
        stop = BOUND.search(text, tail.end(), tail.end() + 30)
        if _COMPANY_LIST.search(text, tail.start(), stop.start() if stop else tail.end()) or (
                _WELFARE.search(tail.group()) or _ROADS_SERVED.match(text, tail.end() - 2)):
            continue
        items, areas = items_of(context, low, tail.start()), _OF_AREAS.search(tail.group())
        known = [is_named(context, item.start, item.end) for item in items]
        for item, named in zip(items, known):
            name = text[item.start:item.end]
            if not acceptable(name) or _NO_WORK.search(name) or areas and _AREA.search(name):
                continue
            if not named and GENERIC_END.search(name) and not (
                    item.kind == "work" and is_rare(text, item.start, item.head)):
                continue
            if named or is_rare(text, item.start, item.head) or (
                    item.kind and (any(known) and item.head - item.start >= 3
                                   or name.startswith(("省", "市", "区", "县", "国家")))):
                yield Match(item.start, item.end)


@rule("PROJECT", priority=77, score=0.72, lexicons=("places", "openers", "works"), examples=[
    "⟦江岚国际机场改扩建工程⟧全面完成", "⟦江岚铁路二期⟧完成初步设计", "启动⟦轨道交通12号线西延伸⟧建设",
    "⟦18号线二期⟧正式开工", "新建6座街心花园,⟦云溪里公园⟧建成", "力争⟦云桥路⟧、⟦岚港公路⟧等竣工",
    "⟦城北路出省段⟧建成通车", "⟦望江国贸中心T1塔楼⟧结构封顶", "⟦云泽垃圾焚烧发电项目⟧开工建设", "⟦江泽高铁⟧、⟦岚云铁路⟧开通"],
    rejects=["推进老旧小区改造工程", "高速铁路里程500公里", "18个基础设施建设项目", "一批学校建成投用", "医院建设加快",
             "5座公园建成", "轨道交通车站投用", "推进公立医院建设", "把云泽新城建成典范", "推进重大产业项目建设"])
def begun_or_built(context: Context) -> Iterator[Match]:
    """Named works of which a clause says that they are begun, built, opened or signed."""
    text = context.view.text
    states = context.lexicon("works").only("status")
    works = context.lexicon("works").only("line", "building", "work")
    ends = works.derived(_last_characters)
    done = 0
    for state, at, after in once(context, "projects.states", lambda _: states.find(text)):
        if at < done or text.startswith("仪式", after):
            continue
        end = at
        if text[at - 1:at] in _ADVERB_ENDS:
            adverbs = _ADVERBS.match(text[max(0, at - 20):at][::-1])
            end = at - (adverbs.end() if adverbs else 0)
        if text[end - 1:end] == "等":
            end -= 1
        if text[end - 1:end] not in ends:
            continue
        low = clause_low(text, at)
        if end - low < 3 or not has_head(works, text, low, end):
            continue
        weak = state in _WEAK
        items = items_of(context, low, end)
        led = bool(items) and items[0].start > low
        among = led and any(item.kind and is_named(context, item.start, item.end) for item in items)
        for item in items:
            name = text[item.start:item.end]
            if not item.kind or not acceptable(name) or item.kind != "work" and (
                    weak and not led or state in _SETTLED):
                continue
            if _is_work(context, item, weak, among):
                yield Match(item.start, item.end)
                done = after


# Houses of which there is one by a name, however plain: 海洋科技大厦.
_HOUSES = ("大厦", "大楼", "厂", "馆", "院", "交易中心", "大桥", "剧场", "会堂")


def _last_characters(works: Lexicon) -> frozenset[str]:
    """What may stand right before what is said of a work: the end of a head, a mark behind it."""
    return frozenset(term[-1] for term in works) | {")", "”", " "}


def _is_work(context: Context, item: Item, weak: bool, among: bool) -> bool:
    """Whether an item of a clause about works is the name of one."""
    if is_named(context, item.start, item.end):
        return True
    core = context.view.text[item.start:item.head]
    if len(core) < 2 or GENERIC_CORE.fullmatch(core) or (
            _COMMON_CORE.search(core) and item.kind != "work"):
        return False
    if among and len(core) > 2:
        return True
    if weak:
        return plainness(core) < 0.5 or len(core) >= 4 and context.view.text.endswith(
            _HOUSES, item.head, item.end)
    return item.kind == "building" or is_rare(context.view.text, item.start, item.head)


_OPENED = worded(
    r"(?:建成(?!为)(?:并开放|开放|投用|启用)?|(?:开工|启动|抓紧)建设|[新续迁]建)(?=[\u4e00-\u9fff])",
    "建成", "开工建设", "启动建设", "抓紧建设", "新建", "续建", "迁建")
_BEGUN = frozenset(("开工建设", "启动建设", "建成并开放", "建成启用", "建成投用"))


@rule("PROJECT", priority=76, score=0.68, lexicons=("places", "openers", "works"), examples=[
    "顺利建成并开放⟦江岚书院⟧。", "开工建设⟦江岚市第二人民医院⟧、⟦云泽大桥⟧，",
    "新建⟦砚溪初级中学⟧和4所幼儿园，", "建成⟦区体育中心⟧和32个球场，", "开工建设⟦渔歌剧场⟧，"],
    rejects=["建成学校，", "开工建设公园、医院，", "建成5座公园，", "建成国际一流的江岚大学，"])
def opened(context: Context) -> Iterator[Match]:
    """Named houses and roads behind 建成 or 开工建设."""
    text = context.view.text
    for match in _OPENED.finditer(context):
        bound = BOUND.search(text, match.end(), match.end() + 60)
        end = bound.start() if bound else min(len(text), match.end() + 60)
        for item in items_of(context, match.end(), end):
            name = text[item.start:item.end]
            core = text[item.start:item.head]
            if item.kind not in ("building", "line") or not acceptable(name) or (
                    _COMMON_CORE.search(core) or "的" in text[match.end():item.end]):
                continue
            if is_named(context, item.start, item.end) or is_rare(text, item.start, item.head) or (
                    core in _OWN and item.end - item.head > 2) or (
                    match.group() in _BEGUN and item.kind == "building" and len(core) > 1
                    and not GENERIC_CORE.fullmatch(core)):
                yield Match(item.start, item.end)


# Behind 工程, 项目 in another word: 工程师, 项目库.
_OTHER_WORD = lazy(
    "师|学|院|类|量|款|技术|机械|质量|公司|集团|局|处|系|造价|监理|结构|塑料|研究|部(?!分)|库|组|经理|清单|资金|化|制|管理|审批|用地|储备|谋划|招商"
    "|股份|有限|应用|设计|咨询|启动仪式|法人|单位|业主|支出|经费|预算|建设(?:规[划模]|用地|投资|资金|领域|单位)|领域|承包|施工图|数量|个数|总数|入库|签约"
    "|投资额|总投资")
_WORK_END = worded(
    r"(?:工程|项目)(?:[一二三四五六七]期|[一二三四五六\d]标段?|先期实施段)?"
    r"|[一二三四五六七]期(?:工程|项目)?(?!间)|改扩建|快速化(?:改造|提升)?|(?:路|街|道|桥|河|湖)(?:改造提升|改建|拓宽|整治|修缮|辟通)"
    r"|[东西南北]延(?:伸[线段]?|[线段])?",
    "工程", "项目", *(number + "期" for number in "一二三四五六七"), "改扩建", "快速化",
    *(road + work for road in "路街道桥河湖" for work in ("改造提升", "改建", "拓宽", "整治", "修缮", "辟通")),
    "东延", "西延", "南延", "北延")


@rule("PROJECT", priority=77, score=0.7, lexicons=("places", "openers", "works"), examples=[
    "完成⟦区体育馆翻建工程⟧", "加快⟦智慧旅游系统一期项目⟧建设",
    "争取⟦国家山地生态修复示范项目⟧，获补助3亿元", "推进⟦望江路改造工程⟧",
    "⟦云溪路北延伸工程⟧路基完成80%", "⟦望江大桥新建工程⟧主塔封顶", "⟦云泽湖湿地修复二期⟧补种水草5万株",
    "四是⟦兰溪路通道新建工程先期实施段⟧签证不实", "⟦岚港河综合整治工程二标段⟧开工"],
    rejects=["推进老旧小区改造工程", "18个基础设施建设项目", "12个高新技术项目开工", "引进外资项目落地",
             "生态修复项目建设", "云泽区重点工程有序推进", "江岚市工程师协会", "云泽区建设项目审批", "二期项目加快建设",
             "不需支出的项目，", "云泽区招商项目12个", "第一期培训班"])
def works(context: Context) -> Iterator[Match]:
    """A name that ends in 工程, 项目, 二期, whatever is said of it."""
    text = context.view.text
    for match in _WORK_END.finditer(context):
        end = match.end()
        if _OTHER_WORD.match(text, end):
            continue
        if text[match.start() - 2:match.start()] in _BARE_ENDS:
            continue
        closed = _ENDS_CLAUSE.match(text, end)
        if closed is None and not near_place(context, match.start() - _LONGEST, match.start()):
            continue
        low = clause_low(text, match.start(), _LONGEST)
        low = max(low, text.rfind("、", low, match.start() - 2 * phases(text, match.start())) + 1)
        start = name_start(text, low, match.start())
        start, end = without_marks(text, start, end)
        name = text[start:end]
        if not 5 <= len(name) <= _LONGEST or text[start - 2:start] == "一批" or (
                _BARE.search(text, low, match.start())):
            continue
        if not acceptable(name) or PLAIN.match(name):
            continue
        if is_particular(context, start, match.start()) or closed and (
                text[low - 1:low] != "、" or start > low) and (
                is_named(context, start, end) or name.startswith(_OWN)
                or start > low and is_rare(text, start, match.start())):
            yield Match(start, end)


# No name stands between a verb and its 工程: 扎实推进三期项目.
_BARE = lazy("(?:推进|推动|加快|完成|启动|开展|确定|相关|沿线|[的等类])$")
_BARE_ENDS = frozenset(("重点", "重大", "相关", "推进", "完成", "启动", "开展", "确定", "支出", "个", "类"))
_LONGEST = 30
_ENDS_CLAUSE = lazy(r"建设|[，。;,]|\([^()]{1,8}\)[，。;,建]|$")
_OWN = ("区", "市", "县", "省", "国家")
# 7 <tab> name <tab> 16.2 <tab> 竣工: a row of a table of projects, its number, sum and goal. Tables
# are full of numbers: rows are looked for only before such a goal that may begin a cell.
_GOALS = ("竣工", "施工", "开工", "建成", "前期", "新建", "续建", "完工", "投产", "储备", "在建", "投用")
_GOAL_CELL = worded("|".join(rf"{goal}(?<=[\t|\s\d.,]{goal})" for goal in _GOALS), *_GOALS)
_LONGEST_ROW = 80
_ROW = lazy(
    r"\d\d{0,2}\s?[\t|]\s?([^\t|\n]{3,48}?)\s?[\t|]\s?(?:\d[\d,.]{0,9})?\s?[\t|]?\s?(?="
    + "|".join(_GOALS) + ")")
# Two characters of Chinese, and no name of a statistic.
_IS_NAMED = lazy(rf"[{HAN}]{{2}}.*(?<!面积)(?<![率数额])$", re.DOTALL)
_TABLE = lazy(r"项目名称|工程名称|项目计划|(?:重大|重点|建设|投资)[^\n。]{0,12}项目|\(\d+项\)")


def _rows(context: Context) -> Iterator["re.Match[str]"]:
    """As ``_ROW.finditer``, looked for where rows may end."""
    text, passed = context.view.text, 0
    if "\t" not in text and "|" not in text:
        return
    for goal in _GOAL_CELL.finditer(context):
        row = _ROW.search(text, max(passed, goal.start() - _LONGEST_ROW), goal.end())
        if row is not None:
            passed = row.end()
            yield row


@rule("PROJECT", priority=82, score=0.8, lexicons=("works",), examples=[
    "序号\t项目名称\t投资总额\t目标\n1\t⟦云桥路拓宽工程⟧ (兰溪路-望江路)\t6.1\t竣工\n"
    "2\t⟦云泽区中心排水系统工程⟧\t9.9\t施工"],
    rejects=["序号\t指标\t数值\n1\t地区生产总值\t500.1\t增长"])
def table_row(context: Context) -> Iterator[Match]:
    """The name in a row of a table of projects: number, name, sum, 竣工 or 施工."""
    text = context.view.text
    rows = list(_rows(context))
    if len(rows) == 1 and not _TABLE.search(text) and not context.lexicon("works").only(
            "building", "line", "work").ending(text, rows[0].end(1), rows[0].start(1)):
        return
    for match in rows:
        start, end = match.span(1)
        if text[end - 1] == ")":
            end = text.rfind("(", start, end)
        while end > start and text[end - 1].isspace():
            end -= 1
        if end - start >= 3 and _IS_NAMED.search(text[start:end]):
            yield Match(start, end)
