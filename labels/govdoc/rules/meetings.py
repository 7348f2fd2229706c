"""MEETING: named sessions and plenaries of an organ.

The head of the name (会议, 全会, 党代会 …) is found first; what belongs to the name is read
backwards from it over numbers, terms, organs, places and ranks.
"""
from __future__ import annotations

from typing import Iterator

from labels.govdoc.names import HAN, floors, once
from labels.govdoc.rules.places import known_places
from labels.govdoc.scanning import worded
from labels.lazy import lazy
from labels.rules import Context, Match, rule

_NUMBER = r"[一二三四五六七八九十百\d]{1,4}"
# The longest name: 中国人民政治协商会议第十四届全国委员会常务委员会第十二次会议 with its division.
_LONGEST = 64
_HEAD = worded(r"会议|全会|党代会|代表大会(?!常|第)", "会议", "全会", "党代会", "代表大会")
_COUNT = lazy(
    rf"(?:第?{_NUMBER}(?:次(?:[、和及]{_NUMBER}次)*|中(?:[、和及]{_NUMBER}中)*)|历次|历届)"
    rf"(?:党组|常务|常委|主任|主席|全体|扩大|中央|委员会|[()]){{0,3}}$")
_BARE_TERM = lazy(rf"(?:{_NUMBER}届)(?:人大|政协|党代)$")
_UNIT = lazy(
    rf"(?:第?{_NUMBER}届|(?:十[五六七八九]|二十)届|第|人民代表大会|常务委员会|常委会|中央委员会|务委员会|人大|委员会|政协|"
    rf"中国人民政治协商会议|全国委员会|党员代表大会|职工代表大会|代表大会|政治局|常委|"
    rf"人民政府|政府|国务院|纪律检查委员会|监察委员会|纪委|理事会|缔约方大会|党委|党组|中央|全国|自治区|特别行政区|党的?|"
    rf"(?:[省市区县州旗]|地)委|中国共产党|中共|主席团|全体|[省市区县州旗镇乡])$")
_WORTHY = lazy(r"届|委员会|常委会|[省市区县州地]委|人大|政协|政府|代表大会|国务院|理事会|中央|主席团|纪委|党委|政治局|党的")
_NOT_RANK = frozenset("全本我各该")
_NAMED_AFTER = lazy(r"室|费|桌|厅|记录|纪要|制度|材料|议程|主持|系统|中心|展|通知")


@rule("MEETING", priority=85, score=0.95, lexicons=("places",), examples=[
    "⟦江岚市云泽区第八届人民代表大会常务委员会第40次会议⟧通过", "⟦区八届人大六次会议⟧期间",
    "⟦云泽区八届人大常委会第33次会议⟧作出决定", "2016年10月，⟦区四届人大常委会第四十一次会议⟧任命",
    "贯彻⟦五届区委十次全会⟧精神", "⟦区委十届九次全会⟧通过的建议", "落实⟦市十三届人大会议⟧确定的任务",
    "根据⟦五届人大六次会议⟧的决议", "⟦政协云泽区第九届委员会第二次会议⟧召开", "贯彻⟦省委十三届五次、六次全会⟧精神",
    "⟦市政府第12次常务会议⟧审议", "⟦十四届全国人大常委会第七次会议⟧", "⟦自治区党委十届历次全会⟧精神",
    "⟦二十届三中全会⟧部署", "和⟦十九届历次全会⟧精神", "学习⟦党的十九届五中全会⟧精神", "⟦中央政治局会议⟧精神",
    "⟦十八届三中、四中全会⟧以来",
], rejects=["召开第22家门店", "举行会议3次", "本次会议", "在全体会议上", "第二届进博会", "省人大常委会会议审议", "第3次会议室"])
def session(context: Context) -> Iterator[Match]:
    """[place or rank] + term + organ + number of the session."""
    text = context.view.text
    for head in _HEAD.finditer(context):
        if head.group() == "代表大会" or head.group() == "党代会" or _NAMED_AFTER.match(
                text, head.end()):
            continue
        low = max(0, head.start() - _LONGEST)
        count = _COUNT.search(text, low, head.start()) or _BARE_TERM.search(
            text, low, head.start()) or _POLITBURO.search(text, low, head.start())
        if count is None:
            continue
        begin = _walk_back(context, count.start(), low)
        while text[begin] in "年月日号午间" and begin < head.start() and text[
                begin - 1:begin].isdigit():
            begin += 1
        if head.start() - begin >= 3 and _WORTHY.search(text, begin, head.start()):
            yield Match(begin, head.end())


_POLITBURO = lazy(r"(?:政治局(?:常务?委员?会)?|国务院常务)$")


def _walk_back(context: Context, start: int, low: int) -> int:
    """Read units, places and ranks backwards from `start`; where the name begins."""
    text = context.view.text
    places = _place_starts(context)
    while start > low:
        unit = _UNIT.search(text, low, start)
        if unit is not None and not (
                len(unit.group()) == 1 and text[unit.start() - 1:unit.start()] in _NOT_RANK):
            if len(unit.group()) == 1 and unit.end() in places:
                start = max(low, places[unit.end()])
            else:
                start = _core_before(text, unit.start(), low) if unit.group() in _AREA_HEADS \
                    else unit.start()
        elif start in places:
            start = max(low, places[start])
        elif text[start - 1] in "、和及" and _COUNT.search(text, low, start - 1):
            start -= 1
            more = _COUNT.search(text, low, start)
            start = more.start() if more else start
        else:
            break
    return start


def _core_before(text: str, start: int, low: int) -> int:
    """Past a place nobody knows: two or three characters between a rank and a unit before it."""
    for size in (2, 3):
        before = _TERM_BEFORE.search(text, max(low, start - size - 8), start - size)
        if before is not None and _HAN_ONLY.fullmatch(text, start - size, start):
            return start - size
    return start


_TERM_BEFORE = lazy(r"(?:届|协商会议|政协|中国共产党|中共)$")
_HAN_ONLY = lazy(rf"[{HAN}]+")


def _place_starts(context: Context) -> dict[int, int]:
    """End of a known place → its earliest start, for the names of assemblies."""
    def make(_: Context) -> dict[int, int]:
        found: dict[int, int] = {}
        for start, end, _kind in known_places(context):
            found[end] = min(start, found.get(end, start))
        return found
    return once(context, "meetings.places", make)


_CONGRESS = worded(
    rf"十[一二三四五六七八九]?大(?=精神|报告|以来|召开|胜利|闭幕|提出|作出|和|、|及|，|。|的|;|会|之后|部署|确定|代表|开|要求|战略|把|将|$)"
    rf"|十[六七八九](?=和(?:二?十[一-九]?[届大])|、(?:二?十[一-九]?[届大]))|第{_NUMBER}次(?:全国)?(?:代表大会|党代会)", "十", "第")
_PARTY_LEAD = lazy(r"(?:党的|中国共产党|中共)?二?$")
_PARTY_NAME = lazy(r"(?:中国共产党|中共)$")


@rule("MEETING", priority=85, score=0.93, examples=[
    "贯彻⟦党的十九大⟧和⟦十九届历次全会⟧精神", "迎接⟦党的二十大⟧召开", "⟦市第十一次党代会⟧确定的目标",
    "⟦中国共产党第二十次全国代表大会⟧"],
    rejects=["党的领导", "十二届运动会", "十大产业", "二十大重点任务", "第三次全国人口普查"])
def party_congress(context: Context) -> Iterator[Match]:
    """Congresses of the Party by number."""
    text = context.view.text
    for match in _CONGRESS.finditer(context):
        if match.group()[0] == "第":
            start = _area_start(context, match.start())
            party = _PARTY_NAME.search(text, max(0, start - 5), start)
            if party is not None or start < match.start() or "党" in match.group():
                yield Match(party.start() if party else start, match.end())
            continue
        lead = _PARTY_LEAD.search(text, max(0, match.start() - 6), match.start())
        start = lead.start() if lead else match.start()
        if text.startswith(("党的", "中国共产党", "中共"), start):
            yield Match(start, match.end())


def _area_start(context: Context, start: int) -> int:
    """Where the place or rank begins that stands right before `start` (市|第十一次党代会)."""
    text = context.view.text
    if text[max(0, start - 2):start] == "全国":
        return start - 2
    if text[start - 1:start] not in _AREA_HEADS or text[start - 2:start - 1] in _NOT_RANK:
        return start
    return max(start - 12, _place_starts(context).get(start, start - 1))


_AREA_HEADS = frozenset("省市区县州旗")


# 中央经济工作会议, 全国财政工作会议, 省委农村工作会议, 全市经济工作会议; 全国教育大会.
_CONFERENCE = worded(
    r"工作(?:座谈)?会议|全国两会|两会|人代会|大会(?=精神|部署|要求|召开|和|、|，|。|强调|上)",
    "工作会议", "工作座谈会议", "全国两会", "两会", "人代会", "大会")
_CONVENER = lazy(r"党中央|中央|全国|(?:[省市区县州地旗]|自治区党)委")
_WHOLE = lazy(r"全[省市区县州](?:委)?(?=经济$|农村$)")
_TOPICS = lazy(r"教育|科技|科学技术|生态环境保护|宣传思想|卫生与?健康|民族团结|人才|组织|体育|旅游|新型工业化|民政|司法|安全生产")
_NO_CONVENER = lazy(r"和|及|、|的|等|有关|各|召开|举办|学习|落实|部署")


@rule("MEETING", priority=85, score=0.88, examples=[
    "⟦中央经济工作会议⟧精神", "⟦市委经济工作会议⟧部署", "⟦全国两会⟧期间", "召开⟦人代会⟧", "⟦两会⟧期间",
    "落实⟦中央农村工作会议⟧", "贯彻⟦全国财政工作会议⟧精神", "⟦全国教育大会⟧精神"],
    rejects=["召开全区办理工作会议", "经济工作会议室", "两会议题", "全国人民代表大会和地方"])
def named_meeting(context: Context) -> Iterator[Match]:
    """Yearly work conferences by name, 两会, 人代会."""
    text = context.view.text
    for match in _CONFERENCE.finditer(context):
        start, end = match.span()
        if text.startswith(("议", "室"), end) or _NAMED_AFTER.match(text, end):
            continue
        if match.group()[0] in "两人全":
            if text[start - 1:start] in ("省", "市", "区", "县", "州") and text[
                    start - 2:start - 1] not in ("全", "本", "我"):
                start -= 1
            yield Match(start, end)
            continue
        leads = list(_CONVENER.finditer(text, max(0, start - 18), start))
        topic = text[leads[-1].end():start] if leads else ""
        if _TOPICS.fullmatch(topic) or match.group() != "大会" and len(topic) > 1 \
                and not _NO_CONVENER.search(topic):
            yield Match(leads[-1].start(), end)
        elif (whole := _WHOLE.search(text, max(0, start - 6), start)) is not None:
            yield Match(whole.start(), end)


_NUMBERED = lazy(rf"第{_NUMBER}[次届]")
_INTERNATIONAL = lazy(
    rf"[{HAN}]{{0,16}}?(?:领导人会议|外长会议?|部长会议?(?!见)|部长级会议|首脑会议|缔约方大会|峰会(?!上))")


@rule("MEETING", priority=85, score=0.75, lexicons=("openers", "places"), examples=[
    "保障⟦澜湄合作第十次外长会⟧", "⟦第三届上海合作组织成员国司法部长会议⟧举行"], rejects=["部长会见"])
def international_meeting(context: Context) -> Iterator[Match]:
    """Numbered meetings of leaders and ministers."""
    text = context.view.text
    for number in _NUMBERED.finditer(text):
        match = _INTERNATIONAL.match(text, number.end())
        if match is None:
            continue
        start = floors(context).before(number.start())
        start = start if number.start() - start <= 14 else number.start()
        yield Match(start, match.end())
