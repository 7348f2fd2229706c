"""MEETING: named sessions and plenaries of an organ."""
from __future__ import annotations

import re
from typing import Iterator

from labels.govdoc.names import HAN, floors
from labels.govdoc.rules.places import known_places
from labels.rules import Context, Match, rule

_NUMBER = r"[一二三四五六七八九十百\d]{1,4}"
_COUNTED = re.compile(rf"{_NUMBER}次(?:[主常全党政务体任席组扩大()]{{0,8}})(?:会议|全会)"
                      rf"|(?:人大|政协)会议(?=确定|通过|批准|提出|作出|审议|精神|上|期间|以来)"
                      rf"|(?<=届)(?:人大|政协)会议")
_PARTY = re.compile(
    rf"(?:中国共产党|党的?)?(?:第?{_NUMBER}届)(?:中央委员会第?)?(?:历次|{_NUMBER}中(?:、[一二三四五六七八九]中)*|"
    rf"{_NUMBER}次)?(?:全体会议|全会)"
    rf"|(?:中国共产党第{_NUMBER}次全国代表大会|党的(?:十[七八九]大|二十大|十[七八九](?=和|届|、)))"
    rf"|(?<![第届])(?:十[六七八九]届|二十届)(?:历次|{_NUMBER}中)全会")
_NAMED = re.compile(
    r"(?:中央|全国|(?:省|市|区|县|州|自治区|中共)委)?(?:党的)?(?:经济|农村|城市|人才|金融|财经|民族|统战|外事|政法|"
    r"组织|宣传思想|宣传思想文化|人大|政协|全面依法治国|社会|科技|教育|卫生健康|生态环境保护|巡视|文化|扶贫|新型工业化|"
    r"西藏|新疆|城镇化|群团)+工作(?:座谈)?会议")
_TWO = re.compile(rf"(?:[省市区县州]|全国)?第?{_NUMBER}次党代会|(?:全国)?两会(?!议)|人代会")
_LEAD = re.compile(r"^(?:省|市|区|县|州|自治区|中央|全国)")


@rule("MEETING", priority=85, score=0.95, lexicons=("places", "openers"), examples=[
    "⟦江岚市云泽区第八届人民代表大会常务委员会第40次会议⟧通过", "⟦区八届人大六次会议⟧期间",
    "⟦云泽区八届人大常委会第33次会议⟧作出决定", "2016年10月，⟦区四届人大常委会第四十一次会议⟧任命",
    "贯彻⟦五届区委十次全会⟧精神", "⟦区委十届九次全会⟧通过的建议", "落实⟦市十三届人大会议⟧确定的任务",
    "根据⟦五届人大六次会议⟧的决议", "⟦政协云泽区第九届委员会第二次会议⟧召开",
], rejects=["召开第22家门店", "举行会议3次", "本次会议", "在全体会议上", "第二届进博会"])
def session(context: Context) -> Iterator[Match]:
    """[place or rank] + term + organ + number of the session."""
    text = context.view.text
    places: dict[int, int] = {}
    for start, end, _ in known_places(context):
        places[end] = min(start, places.get(end, start))
    for match in _COUNTED.finditer(text):
        begin = _session_start(context, match.start(), places)
        if begin is not None and _WORTHY.search(text[begin:match.start()] + match.group()):
            yield Match(begin, match.end())


_WORTHY = re.compile(r"届|务委员会第|常委会|常务委员会|[省市区县]委|主任会议|人大|政协|常务会议|人民代表大会")
_UNIT_BACK = re.compile(
    rf"(?:第?{_NUMBER}届|第|人民代表大会|常务委员会|常委会|常务|务委员会|人大|委员会|政协|中国人民政治协商会议|"
    rf"人民政府|政府|纪律检查委员会|纪委|代表大会|(?:自治区|[省市区县州])委|中共|中国共产党|主席团)$")


def _session_start(context: Context, end: int, places: dict[int, int]) -> int | None:
    """Walk back from the session's number over terms, organs, places and ranks."""
    text = context.view.text
    start = end
    if start and text[start - 1] == "第":
        start -= 1
    while start > 0:
        match = _UNIT_BACK.search(text, max(0, start - 12), start)
        if match is not None:
            start = match.start()
            continue
        if start in places:
            start = places[start]
            continue
        before = text[max(0, start - 2):start - 1]
        if text[start - 1] in "省市区县州" and before not in ("全", "本", "我", "各", "该") and \
                start == _rank_only(text, start, end):
            start -= 1
            continue
        if text[start - 2:start] == "全国":
            start -= 2
            continue
        break
    return start if end - start >= 3 else None


def _rank_only(text: str, start: int, end: int) -> int:
    """`start` if an organ's or term's words follow it (区 in 区八届…), else -1."""
    return start if re.match(rf"第?{_NUMBER}届|人大|人民代表大会|政协|政府|人民政府|委", text[start:end]) else -1


@rule("MEETING", priority=85, score=0.93, examples=[
    "贯彻⟦党的十九大⟧和⟦十九届历次全会⟧精神", "学习⟦党的十九届五中全会⟧精神", "迎接⟦党的二十大⟧召开",
    "⟦二十届三中全会⟧部署"], rejects=["党的领导", "十二届运动会"])
def party_congress(context: Context) -> Iterator[Match]:
    """National congresses and plenaries of the Party."""
    for match in _PARTY.finditer(context.view.text):
        yield Match(*match.span())


@rule("MEETING", priority=85, score=0.88, examples=[
    "⟦中央经济工作会议⟧精神", "⟦市委经济工作会议⟧部署", "⟦全国两会⟧期间", "召开⟦人代会⟧", "⟦两会⟧期间",
    "落实⟦中央农村工作会议⟧"], rejects=["召开全区办理工作会议", "经济工作会议室", "两会议题"])
def named_meeting(context: Context) -> Iterator[Match]:
    """Yearly work conferences by name, 两会, 人代会."""
    text = context.view.text
    for match in _NAMED.finditer(text):
        if _LEAD.match(match.group()) and text[match.end():match.end() + 1] != "室":
            yield Match(*match.span())
    for match in _TWO.finditer(text):
        yield Match(*match.span())


_INTERNATIONAL = re.compile(
    rf"第{_NUMBER}[次届][{HAN}]{{0,16}}?(?:领导人会议|外长会议?|部长会议?|部长级会议|首脑会议|峰会(?!上))")


@rule("MEETING", priority=85, score=0.75, lexicons=("openers", "places"), examples=[
    "保障⟦澜湄合作第十次外长会⟧", "⟦第三届上海合作组织成员国司法部长会议⟧举行"], rejects=["部长会见"])
def international_meeting(context: Context) -> Iterator[Match]:
    """Numbered meetings of leaders and ministers."""
    text = context.view.text
    for match in _INTERNATIONAL.finditer(text):
        start = floors(context).before(match.start())
        start = start if match.start() - start <= 14 else match.start()
        yield Match(start, match.end())
