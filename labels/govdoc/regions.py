"""Regions told by abbreviations (沪苏浙, 郑汴一体化) and by where they lie (东北, 西部).

A character each may stand for a city or a province. Chains of provinces are read wherever a name
may begin; chains of cities only before what is said of several cities (一体化, 同城化), and then
wherever they return.
"""
from __future__ import annotations

import re
from typing import Iterator, Mapping

from labels.govdoc.gazetteer import PROVINCES, gazetteer, verbs
from labels.govdoc.names import HAN, common_words, floors
from labels.govdoc.scanning import worded
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context

# What several places have in common.
_SHARED = worded(
    r"同城化?(?=发展|建设|合作|一体|通勤|[，。、；;,\n]|$|[一-鿿])|一体化(?!机|政务|平台|指挥|监管|推进)|都市圈|城市群"
    r"|[两三]地(?!方|区|块|段)",
    "同城化", "一体化", "都市圈", "城市群", "两地", "三地")
# Characters that begin names of cities and mostly other words.
_PLAIN = frozenset("大小上下内外东西南北中三四五六七八九十一二江河湖海山水安平新长高文化金石民乐林泉通和兴商政营")
# Cities that are called by another character than their first.
_OWN_CHARACTER = frozenset("甬穗渝沪汴宛蓉筑榕鹭邕汉莞佛圳桂昌")
_NO_CHAIN = lazy(r"商|投资|资企业|资本|事务|侨|工作|同胞亲")


def city_characters(lexicon: Lexicon) -> frozenset[str]:
    """The characters that may stand for a city or a province."""
    first = {name[0] for name, row in lexicon.entries.items()
             if row["kind"] in ("city", "city_short")}
    return frozenset(first) | _OWN_CHARACTER | frozenset(PROVINCES)


def chain_end(text: str, start: int, end: int, kinds: Mapping[str, str]) -> int | None:
    """The end of a chain of provinces that begins with the two at `start`…`end` (川滇 + 黔).

    None if the second is the beginning of a name (沪 + 苏州) or what follows makes it no place.
    """
    while text[end:end + 1] and text[end] in _PROVINCE and text[end:end + 2] not in kinds:
        end += 1
    if text[end - 1:end + 1] in kinds or text[end - 1:end + 2] in kinds or text[start] == "台":
        return None
    if text[end:end + 1] == "台" or _NO_CHAIN.match(text, end):
        return None
    return end


def chain_start(context: Context, start: int) -> int:
    """Where a chain begins that cities may open: 佛 + 港澳."""
    if begins(context, start):
        return start
    text, cities = context.view.text, context.lexicon("places").derived(city_characters)
    for low in (start - 1, start - 2):
        if low < 0 or text[low] not in cities:
            break
        if begins(context, low) and is_chain(text[low:start + 1], cities):
            return low
    return start


_PROVINCE = frozenset(PROVINCES)


def begins(context: Context, start: int) -> bool:
    """Whether a name may begin at `start`: behind a boundary, an opener or a verb."""
    text, floor = context.view.text, floors(context)
    if floor.before(start) == start:
        return start not in floor.inner
    words = common_words(100)
    return text[start - 2:start] in words and text[start - 1:start + 1] not in words and (
        text[start - 2:start] in verbs())


def is_chain(chain: str, cities: frozenset[str]) -> bool:
    """Whether all characters stand for cities and no two of them are a word."""
    words = common_words()
    plain = sum(one in _PLAIN for one in chain)
    return set(chain) <= cities and plain * 2 <= len(chain) and not any(
        chain[index:index + 2] in words for index in range(len(chain) - 1))


def chains(context: Context) -> Iterator[tuple[int, int]]:
    """Chains of cities: 沈抚 in 沈抚同城化, and wherever it returns."""
    text = context.view.text
    cities = context.lexicon("places").derived(city_characters)
    names = set()
    for match in _SHARED.finditer(context):
        end = match.start()
        start = end
        while start > 0 and end - start < 5 and text[start - 1] in cities:
            start -= 1
        while end - start >= 2 and not begins(context, start):
            start += 1
        chain = text[start:end]
        count = {"两地": 2, "三地": 3}.get(match.group(), len(chain))
        kinds = gazetteer(context.lexicon("places")).kinds
        if not 2 <= len(chain) <= 4 or len(chain) != count or chain in kinds:
            continue
        if not is_chain(chain, cities):
            continue
        names.add(chain)
    if names:
        longest_first = sorted(names, key=lambda name: (-len(name), name))
        for match in re.finditer("|".join(longest_first), text):
            if begins(context, match.start()):
                yield match.span()


# What makes a region of a side: 东北振兴, 西部第1位.
_OF_SIDE = {
    "东北": lazy(r"(?:全面|老工业|振兴|[三各]省|地区|区域|首|最|第|领先|唯一|开放|一流|大数据|虎|[，。；])"),
    "西北": lazy(r"(?:[五各]省|地区(?=第)|最大|首个|第[一二三\d]|五)"),
    "西南": lazy(r"(?:[五各]省|最大|首个|第[一二三\d]|出海|开放)"),
    "西部": lazy(r"(?:[各十]?省|大开发|地区|最大|首[个位家]|第[一二三\d]|领先|前列|陆海)"),
    "中部": lazy(r"(?:[六各]?省|崛起|地区|最大|首[个位家]|第[一二三\d]|领先|前列|投资贸易)"),
    "东部": lazy(r"(?:[各十]?省|沿海|地区|发达|率先|产业转移)"),
}
_SIDE = worded(r"[东西][北南]|[东西中]部", *_OF_SIDE)
_WHOSE = lazy(rf"[市县区镇乡村省州城线路侧岸偏我本该全正][^{HAN}]?$")


def sides(context: Context) -> Iterator[tuple[int, int]]:
    """东北 in 东北振兴: a side of the country, not of a place (沈阳东北, 市西部)."""
    text = context.view.text
    kinds = gazetteer(context.lexicon("places")).kinds
    for match in _SIDE.finditer(context):
        start, end = match.span()
        before = text[max(0, start - 3):start]
        revived = before.endswith("振兴")
        if not revived and (_WHOSE.search(before) or before[-2:] in kinds or before in kinds):
            continue
        if revived or _OF_SIDE[match.group()].match(text, end):
            yield start, end
