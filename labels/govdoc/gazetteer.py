"""Places by name: those of ``lexicons/places.tsv`` and the divisions in jieba's dictionary.

jieba's dictionary names nearly all counties, cities and districts of China up to about 2010; the
lexicon adds what is newer or renamed, short names, waters, regions and countries. One automaton
holds both. The short name of a county (嘉善 of 嘉善县) is taken where it is no everyday word; one that
is a word (平度 of 平度市) counts only beside other places. Two provinces may be told by a character
each (沪苏, 川渝); `regions` reads longer chains.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Iterator, Mapping

from labels.govdoc.names import common_words, dictionary
from labels.lazy import lazy
from labels.lexicons import Lexicon

# Kinds of places that an organ may be named after.
ADMINISTRATIVE = frozenset((
    "province", "province_short", "city", "city_short", "city_ambiguous", "county", "county_short",
    "district", "district_short", "division", "learned", "nation", "zone", "region", "country"))
PEOPLES = ("(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西"
           "|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安"
           "|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各|黎苗|苗侗)族?")
# What provinces, regions and municipalities are called by one character.
PROVINCES = "京津冀晋蒙辽吉沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇陕甘青宁港澳"
# What is joined with 中 in names of zones and bodies: 中德产业园.
_PARTNERS = "德日韩俄法英美新泰哈欧以葡"
_KIND = {"县": "county", "旗": "county", "市": "city", "区": "district"}
# Words of the dictionary with the head of a division that name none.
_GENERIC = lazy(
    r"地区|族自治[县旗]$|[军边矿库郊老灾校街社园景厂牧林战禁时选赛新特海农渔]区|.{2,}山区"
    r"|[半深远高浅重]山区|[老旧主新县内外中]城区|[内外南北新]港区|[股超夜早菜集开]市|[大文明宜居中等]城市|.{2,}城市$|.{3,}都市$|^大都市"
    r"|[六三九如]市$|^[各非]|^外[省县市]|^[东西][南北]部?区|^华[东西南北中]区|^中[国央性]区"
    r"|^(?:集建|禁渔|自贸|主产|先进|农业|发达|受灾|吨粮|小康|生态|示范|试点|贫困|边境|重点|扶贫|模范"
    r"|特困|市管|省市|县市|市辖|县辖|省辖|地级|县级|院辖|直辖|省会|自治|丘陵|上半|下半|三角|冬麦|包干|外岛|外海"
    r"|北极|南极|赤道|欧元|黑人|拉丁|双园|积累|萧条|精华|繁华|绥靖|无人|中立|都市|苏占|菲涅耳|中心)"
    r"|[红军国标信海黑白彩星]旗$|降半旗|[大王]旗$")


@dataclass(frozen=True)
class Gazetteer:
    """`kinds` maps each name to its kind, as in the column ``kind`` of the lexicon."""

    kinds: Mapping[str, str]
    _names: list[str]
    _automaton: Any = field(repr=False)

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Leftmost-longest occurrences as (name, start, end)."""
        names = self._names
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            yield names[index], start, end


_BUILT: dict[str, Gazetteer] = {}


def gazetteer(lexicon: Lexicon) -> Gazetteer:
    """The names of the lexicon ``places`` and of jieba's dictionary; built once a lexicon."""
    found = _BUILT.get(lexicon.hash)
    if found is None:
        import ahocorasick_rs
        kinds = {**_chains(), **_short_names(lexicon), **_divisions(),
                 **{name: row["kind"] for name, row in lexicon.entries.items()}}
        names = list(kinds)
        found = Gazetteer(kinds, names, ahocorasick_rs.AhoCorasick(
            names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest))
        _BUILT[lexicon.hash] = found
    return found


# Found by their rare end, whose line is then looked up: much faster than reading every line.
_DIVISION_LINE = lazy(r"[市区县旗] [0-9]+ (n(?:s|rt?|z|t)?)\n")
_VERB_LINE = lazy(r"\n([^ ]{2}) (?:[2-9][0-9]|[0-9]{3,}) v(?=\n)")


@lru_cache(maxsize=1)
def _tagged() -> tuple[dict[str, str], frozenset[str]]:
    """Counties, cities, banners and districts of the dictionary, by kind; and its verbs."""
    text = dictionary()
    words = common_words(100)
    found: dict[str, str] = {}
    for match in _DIVISION_LINE.finditer(text):
        end = match.start() + 1
        word = text[text.rfind("\n", end - 40, end) + 1:end]
        named = match.group(1) == "ns" or word[-1] == "县" or (
            word[-1] == "区" and match.group(1) != "n" and len(word) <= 4)
        if named and 3 <= len(word) <= 6 and not _GENERIC.search(word) and not (
                word[-1] in "区旗" and word[:-1] in words):
            found[word] = _KIND[word[-1]]
    dictionary.cache_clear()  # nobody asks for its 6 MB again
    return found, frozenset(_VERB_LINE.findall(text))


def _divisions() -> dict[str, str]:
    return _tagged()[0]


def verbs() -> frozenset[str]:
    """Words of two characters that are verbs and nothing else: 撤换, 交付, 设立."""
    return _tagged()[1]


def _short_names(lexicon: Lexicon) -> dict[str, str]:
    """云泽 of 云泽县 or 云泽苗族自治县; where that is an everyday word it is told apart."""
    listed = [name for name, row in lexicon.entries.items()
              if row["kind"] in ("city", "district", "county") and not name.endswith("新区")]
    shorts = set()
    for name in (*_divisions(), *listed):
        peoples = _PEOPLES_TAIL.search(name) if name[-2:] in ("治县", "治州", "治旗") else None
        if peoples is not None:
            shorts.add(name[:peoples.start()])
        elif name[-1] in "县市区" and 3 <= len(name) <= 4:
            shorts.add(name[:-1])
    words = everyday()
    return {short: "county_ambiguous" if short in words else "county_short" for short in shorts
            if len(short) >= 2 and short not in lexicon and short[-1] != "区" and not (
                short in words and short[-1] == "城")}


_PEOPLES_TAIL = lazy(rf"(?:{PEOPLES})+自治[州县旗]$")


def _chains() -> dict[str, str]:
    """沪苏, 川渝: two provinces; 中德: two countries, which only zones and bodies are named after."""
    words = common_words(100)
    found = {first + second: "chain" for first in PROVINCES for second in PROVINCES
             if first != second and first + second not in words}
    return {**found, **{"中" + partner: "pair" for partner in _PARTNERS}}


# Everyday words that the dictionary tags as places or names.
_MISTAGGED = frozenset((
    "城市", "普通", "海洋", "上市", "普及", "治安", "高原", "平原", "山区", "山水", "外国", "新建", "福利", "关联", "内河", "大桥",
    "高中", "初中", "通用", "开元", "国际", "中国", "东西", "南北", "中路", "大街", "城镇", "都市", "自由", "公立", "公办", "民办",
    "商业", "一轮", "社区", "阶段", "海关", "入口", "路桥", "深度", "长度", "美丽", "英雄", "新鲜", "职业", "技术", "水上",
    "文体", "病险", "骨干", "滨江", "滨湖", "江岸", "湖滨", "中西", "新城", "古城",
    "新市", "市北", "市南", "东城", "西城", "南城", "北城", "海岛", "珠宝", "十强", "两省", "牡丹", "博爱", "宝塔", "高峰", "东市",
    "西市", "北市", "南市", "山丘", "山口", "温泉"))


@lru_cache(maxsize=1)
def everyday() -> frozenset[str]:
    """Words that begin no name of a body: the common ones, and some that are tagged wrongly."""
    return common_words() | _MISTAGGED


def wordiness(name: str) -> float:
    """The share of `name` that everyday words cover, read from the left, the longest first."""
    words = everyday()
    covered = index = 0
    while index < len(name):
        step = 3 if name[index:index + 3] in words and index + 3 <= len(name) else \
            2 if name[index:index + 2] in words and index + 2 <= len(name) else 0
        covered += step
        index += step or 1
    return covered / len(name) if name else 1.0


def dated(term: str, row: Mapping[str, str], date: str | None) -> str:
    """`term`, with its years where `date` lies outside of them (国家卫生计生委 2013–2018).

    `date` is an ISO date; `row` may have the columns ``valid_from`` and ``valid_to``.
    """
    since, until = row.get("valid_from", ""), row.get("valid_to", "")
    year = (date or "")[:4]
    if year and (since and year < since or until and year > until):
        return f"{term} {since}–{until}"
    return term
