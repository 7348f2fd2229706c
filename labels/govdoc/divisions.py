"""Administrative divisions of a text: known ones, ones by pattern (…区, …镇, …村), short names.

`known_places` is what other families build on: every place that is named as such, with its kind.
"""
from __future__ import annotations

import re
from typing import Iterator

from labels.govdoc.gazetteer import PEOPLES, PROVINCES, everyday, gazetteer, verbs
from labels.govdoc.names import common_words, floors, once
from labels.govdoc.regions import begins, chain_end, chain_start, chains, sides
from labels.govdoc.scanning import worded
from labels.lazy import lazy
from labels.rules import Context

# 上海市场, 上海市民, 江岚区级: the last character belongs to the next word.
_NOT_SUFFIX = {
    "站": "点长台位房", "公园": "带局", "市": "场集民容级值郊域情政区", "区": "域级位块间划情别", "县": "域级城乡情", "省": "级域内外情",
    "州": "级", "镇": "级域", "路": "径由线网段面程灯", "河": "道长湖", "江": "河湖",
    "湖": "泊长", "村": "民级居庄镇", "乡": "村镇贤愁", "街道": "工党", "街": "道镇区坊头边心巷面乡舞景", "桥": "梁", "旗": "下帜号杆",
}
_DIVISION = lazy(
    r"[区市县镇乡村街自](?:(?<=区)(?<![全本我各该每园社地小景学街灾老郊城辖]区)(?![级域内长直划别])"
    r"|(?<=市)(?<![全本我各该每城都上超]市)(?![级域内长直])"
    r"|(?<=[县镇乡村])(?<![全本我各该每][县镇乡村])(?![级域长])|(?<=街)道|(?<=自)治[州旗])")
_AFTER_NATION = lazy(
    r"特色|梦|式|人民?|化|共产党|政府|移动|电信|联通|节|队|制造|方案|智慧|速度|品牌|故事|声音|力量|精神")
_FLAT = ("政府", "政协", "情报", "级机", "党组", "位于", "内河", "级以")
# Kinds whose short names are surer than those of counties.
_STRONGER = frozenset(("province_short", "city_short", "district_short"))
# What follows a place: a boundary, a function word, or a word of its own.
_FOLLOWS = "的和与及等在为至到是有以将已对向从由被获赴省市县区州段籍产各两三四五六七八九十地本全境内"
FUNCTION = "在对与和及向由为的了是将把被从至于以到给让经据按往赴驻离距入比如像沿环含本各等并或"
_AUTONOMOUS = lazy(rf"(?:{PEOPLES}){{0,3}}自治[州县旗](?!域|级)")
_PEOPLES = lazy(rf"(?:{PEOPLES})+自治$")
_LONGER = lazy(rf"{_AUTONOMOUS.pattern}|(?:[左右]翼)?[左右前中后]旗|街道(?![工党])|古镇|古城|老街"
               r"|地区(?!生产)|市(?![场集民容级值郊域情政])|[区县镇乡旗](?![域级村镇贤愁位块间划别下帜])|村(?![民级居庄镇两])")


_AMBIGUOUS_LONGER = lazy(rf"{_AUTONOMOUS.pattern}|街道(?![工党])|[区县镇乡旗](?![域级村镇贤愁位块间划别下帜])")


def suffix_stands(text: str, end: int) -> bool:
    """Whether the last character of a name that ends at `end` is not the start of a word."""
    followers = _NOT_SUFFIX.get(text[end - 1:end]) or (
        _NOT_SUFFIX["街道"] if text.endswith("街道", 0, end) else None)
    follow = text[end:end + 1]
    return followers is None or not follow or follow not in followers or (
        text[end:end + 2] in _FLAT)


def known_places(context: Context) -> tuple[tuple[int, int, str], ...]:
    """Places by name and by pattern, and their short names in this text: (start, end, kind)."""
    return once(context, "places.known", _known_places)


def _known_places(context: Context) -> tuple[tuple[int, int, str], ...]:
    text = context.view.text
    names = gazetteer(context.lexicon("places"))
    found: list[tuple[int, int, str]] = []
    ends: set[int] = set()
    floor, common = floors(context), common_words(400)
    doubtful: list[tuple[int, int]] = []
    for term, start, end in names.find(text):
        kind = names.kinds[term]
        if start in floor.inner:  # 形成都市: the place is not there
            continue
        if kind == "chain" and text[start + 1:start + 3] in names.kinds and text[
                end:end + 1] not in PROVINCES:
            start, end = start + 1, end + 1  # 沪|苏州
            term, kind = text[start:end], names.kinds[text[start:end]]
        if kind in ("chain", "pair"):
            last = chain_end(text, start, end, names.kinds)
            start = chain_start(context, start) if kind == "chain" else start
            if last is not None and begins(context, start):
                found.append((start, last, kind))
                ends.add(last)
            continue
        if kind == "county_short" and end - start == 2 and (
                names.kinds.get(text[start + 1:start + 3], "") in _STRONGER):
            start, end, kind = start + 1, end + 1, names.kinds[text[start + 1:start + 3]]  # 新青浦
            term = text[start:end]
        if kind.endswith("_ambiguous") and not (floor.marks[start] and (
                _AMBIGUOUS_LONGER.match(text, end) or kind == "city_ambiguous" and _clearly_place(
                    text, term, start, end) or _does(text, term, start, end))):
            doubtful.append((start, end))
            continue
        if len(term) == 2 and term[1] == "县" and not (floor.marks[start] or start in ends):
            continue  # 全新县域
        if kind == "nation":
            if _AFTER_NATION.match(text, end) or text[start - 2:start] in (
                    "美丽", "健康", "平安", "数字", "法治", "信用"):
                continue
        elif kind.endswith(("_short", "_ambiguous")) or kind in (
                "zone", "nature", "country", "region"):
            longer = _LONGER.match(text, end) if kind not in (
                "nature", "country", "region") else None
            if longer is not None:
                if longer.group() in ("县", "区", "市") and kind == "county_short" and (
                        start in floor.inner):
                    continue
                end = longer.end()
            elif kind == "county_short":
                if not _stands_alone(context, start, end, ends):
                    continue
            elif _cuts_words(text, start, end) or (
                    text[end - 1:end + 1] in common and not floor.marks[start]
                    and start not in ends and end - start == 2) or kind == "nature" and (
                    text[end - 1:end + 1] in common or text[start - 1:start + 1] in common):
                continue
        elif not suffix_stands(text, end):
            # 上海市场: the short name stands, the long one does not.
            if term[:-1] not in names.kinds or names.kinds[term[:-1]].endswith("_ambiguous"):
                continue
            end -= 1
        if kind in ("zone", "city_short") and text[start - 1:start] in (
                "东", "西", "南", "北") and floor.before(start) == start - 1:
            start -= 1  # 西虹桥, 北上海
        found.append((start, end, kind))
        ends.add(end)
    taken = {start for start, _, _ in found}
    for start, end in _divisions(context, ends):
        if taken.isdisjoint(range(start, end)):
            found.append((start, end, "division"))
    found.extend(_learned(context, found))
    found.extend(_beside(context, found, doubtful))
    for kind, places in (("chain", list(chains(context))), ("region", list(sides(context)))):
        if places:
            taken = {index for start, end, _ in found for index in range(start, end)}
            found.extend((start, end, kind) for start, end in places
                         if taken.isdisjoint(range(start, end)))
    return tuple(sorted(set(found) - _of_accounts(context, found)))


_BESIDE = frozenset("、和与及")


def _beside(context: Context, found: list[tuple[int, int, str]], doubtful: list[tuple[int, int]]
            ) -> Iterator[tuple[int, int, str]]:
    """朝阳 in 阜新、朝阳: names that are words too, beside a place in a list."""
    text, words = context.view.text, common_words()
    doubtful = [(start, end) for start, end in doubtful
                if text[start - 1:start] in _BESIDE or text[end:end + 1] in _BESIDE]
    if not doubtful:
        return
    ends, starts = {end for _, end, _ in found}, {start for start, _, _ in found}
    inside = {index for start, end, _ in found for index in range(start, end)}
    for order in (doubtful, doubtful[::-1]):
        for start, end in order:
            if start in starts or not inside.isdisjoint(range(start, end)):
                continue
            after = text[start - 1:start] in _BESIDE and start - 1 in ends
            before = text[end:end + 1] in _BESIDE and end + 1 in starts and begins(context, start)
            follow = text[end:end + 1]
            if (after or before) and (not "一" <= follow <= "鿿" or follow in _FOLLOWS or (
                    text[end:end + 2] in words and text[end - 1:end + 1] not in words)):
                ends.add(end)
                starts.add(start)
                yield start, end, "learned"


_ACCOUNT = worded(r"微信(?:公众|视频)号|微信平台|抖音|微博|公众号|视频号|客户端",
                  "微信", "抖音", "微博", "公众号", "视频号", "客户端")


def _of_accounts(context: Context, found: list[tuple[int, int, str]]
                 ) -> set[tuple[int, int, str]]:
    """The places that an account in the media is called by: 江岚云泽微信公众号."""
    starts = [match.start() for match in _ACCOUNT.finditer(context)]
    by_end = {place[1]: place for place in found} if starts else {}
    taken = set()
    for end in starts:
        while end in by_end:
            taken.add(by_end[end])
            end = by_end[end][0]
    return taken


def _cuts_words(text: str, start: int, end: int) -> bool:
    """动迁安置, 机关中心: the name is cut out of two words, or out of one and its head is lost."""
    words = common_words(400)
    if text[end:end + 1] in ("岸", "侧", "陆"):  # 东平河北岸
        return True
    left = text[start - 1:start + 1] in words and text[start - 1] not in FUNCTION
    right = text[end - 1:end + 1] in words
    return left and (right or end - start == 2 and text[end:end + 2] not in common_words())


def _clearly_place(text: str, term: str, start: int, end: int) -> bool:
    """中山 (a city), 高明 (a district): no everyday word, and a boundary or a verb follows."""
    if term in everyday() or text[start - 1:start + 1] in everyday():
        return False
    follow = text[end:end + 1]
    return not "一" <= follow <= "鿿" or follow in "的和与及等在" or text[end:end + 2] in (
        "财政", "经济", "实践", "工作", "市民", "高质")


def _does(text: str, term: str, start: int, end: int) -> bool:
    """高明推进新城建设: a sentence begins with the name, and a verb follows."""
    return text[start - 1:start] in ("。", "；", ";", "\n") and text[end:end + 2] in verbs() and (
        term not in common_words(100))


def _stands_alone(context: Context, start: int, end: int, ends: set[int]) -> bool:
    """Whether a name that may also be part of a word has a boundary before and after it."""
    text = context.view.text
    if start not in ends and floors(context).before(start) != start and not begins(context, start):
        return False
    words = common_words()
    if text[start - 1:start + 1] in words and text[start - 1] not in FUNCTION:
        return False
    follow = text[end:end + 1]
    if not "一" <= follow <= "鿿":
        return True
    if text[end - 1:end + 1] in words and text[end:end + 2] not in common_words(400):
        return False
    return follow in _FOLLOWS or text[end:end + 2] in words


# What is said of a kind of division and names none: 中心镇, 示范区, 两省, 全县, 智慧城市.
KIND_OF = lazy(
    r"[大强小带促省市区县镇乡的了是有个各全本我该某其级度性率费额类旧老每两跨这另外邻进出入超门股楼夜车汛片强名百千万多几首下上送返回撤街届财农]$"
    r"|^[各全本我该某每其这两几多跨一省市区县镇乡村级未不非]|禁[渔猎采航]"
    r"|中心|特色|示范|重点|美丽|行政|自然|贫困|城中|试点|文明|未来|传统|历史|旅游|边境|中等|大型|小型|特大|超大|大[省市县城]|建制"
    r"|核心|功能|开发|保护|合作|实验|实践|试验|先行|高新|经开|保税|度假|风景|集聚|工业|居民|自治|成片|棚户|住宅"
    r"|紧密|普惠|强[省市区县镇村]|空心|薄弱|富裕|宜居|和美|幸福|老旧|双拥|无废|一流|世界|直辖|地级|脱贫|出口|无|滨水|沿海|沿江|临港"
    r"|临空|以上|一带|口岸|代表|自贸|集建"
    r"|先进|偏远|沉陷|采煤|扩权|数字|智慧|平安|法治|健康|海绵|韧性|低碳|生态|现代|困难|同级|上级|下级|相关|有关|周边"
    r"|沿线|所在|地方|部分|其他|同类|集体|连片|易地|彩票|整[省市县乡村]|缴费")
# The first characters of 社区, 园区, 山区, 城市, 股市 and other words that end in the head.
_NOT_BEFORE = {
    "区": lazy(r"[分园社地小景学片街户宅沙联校辖灾新特库郊市林牧山老专战疫禁聚住里湾城军边矿厂港海二三四五六七八九十]$"),
    "市": lazy(r"[城都股超夜早菜拟上新二三四五六七八九十]$"), "村": lazy(r"城中$|[林新]$"),
    "镇": lazy(r"[村乡城市两二三四五六七八九十]$"), "乡": lazy(r"[城水]$")}
_NEVER = lazy(r"(?!)")
_ITEM_ENDS = lazy(r"[、，,。;)和及等]|\n|$")
_FEW = frozenset("市区县")


def _divisions(context: Context, ends: set[int]) -> Iterator[tuple[int, int]]:
    """云泽区, 香桥街道, 南坪村: a division's head with a name of two to four characters.

    `ends` are the ends of known places: a division may follow another (江岚市云泽区). An everyday
    word names a town only there and in a list (江岚市红旗镇).
    """
    text, floor = context.view.text, floors(context)
    marks = floor.marks
    for match in _DIVISION.finditer(text):
        head, end = match.span()
        listed = text[head - 3:head - 2] == "、" and _ITEM_ENDS.match(text, end) is not None
        if not listed and (marks[head] or marks[head - 1] or head in floor.inner) or end in ends:
            continue
        if not suffix_stands(text, end):
            continue
        start = max(floor.before(head),
                    max((place for place in range(head - 4, head) if place in ends), default=0))
        if text.endswith("自治", 0, head):
            people = _PEOPLES.search(text, max(0, head - 18), head)
            if people is not None:
                name = people.start()
                start = max(floor.before(name), max(
                    (place for place in range(name - 5, name) if place in ends), default=0))
                if 2 <= name - start <= 5:
                    ends.add(end)
                    yield start, end
            continue
        if listed:
            start = head - 2
        most = 3 if match.group() in _FEW else 4
        if start not in ends:
            if head - start > most:
                start = max((at + 1 for at in range(head - 4, head - 2)
                             if text[at] in "到在对向由与和及赴"), default=start)
            start = trim(text, start, head)
        if not 2 <= head - start <= most or context.view.gap_before(head):
            continue
        core = text[start:head]
        if (start not in ends or core[-1:] in ("校", "分")) and (
                _NOT_BEFORE.get(match.group()) or _NEVER).search(core):
            continue
        if match.group() == "街道" and core[-1] in "路街桥门坪" and len(core) >= 3:
            ends.add(end)
            yield start, end  # 解放路街道
            continue
        if match.group() in _FEW and core[-1] in "二两三四五六七八九十":
            continue  # 三地四县, 对口五县
        if KIND_OF.search(core) or not (_is_core(core) or len(core) == 2 and (
                start in ends or listed or match.group() not in _FEW and (
                    text[start - 1] == "、" or text[end:end + 1] == "、"))):
            continue
        ends.add(end)
        yield start, end


def _is_core(core: str) -> bool:
    """Whether a name of a division may be made of `core`: no everyday word, no word inside."""
    words = common_words(400)
    return core not in common_words() and not (
        len(core) >= 3 and core[1] != "家" and (core[:2] in words or core[-2:] in words))


def _learned(context: Context, found: list[tuple[int, int, str]]
             ) -> Iterator[tuple[int, int, str]]:
    """Short names of the divisions that the text names in full (云泽 for 云泽区)."""
    text = context.view.text
    names = gazetteer(context.lexicon("places")).kinds
    words = everyday()
    shorts = set()
    for start, end, kind in found:
        name = text[start:end]
        if kind in ("district", "division", "city", "county") and len(name) >= 3:
            short = name[:-2] if name.endswith("街道") else name[:-1]
            if name[-1] in "区县市镇乡道" and len(short) >= 2:
                shorts.add(short)
    shorts = {name for name in shorts if names.get(name, "_ambiguous").endswith("_ambiguous")
              and (name not in words or name in names)}
    if not shorts:
        return
    taken = {index for start, end, _ in found for index in range(start, end)}
    ends = {end for _, end, _ in found}
    longest_first = sorted(map(re.escape, shorts), key=lambda name: (-len(name), name))
    for match in re.finditer("|".join(longest_first), text):
        start, end = match.span()
        if not taken.isdisjoint(range(start, end)):
            continue
        if (match.group() in names or match.group() in words) and not _stands_alone(
                context, start, end, ends):
            continue
        yield start, end, "learned"


_LEADING = lazy(
    r"[东西南北][起至接临靠]"
    r"|[届对和及与在由把将为按于至到沿从原并等暨经连接建修扩续拟需应可且指继由报向赴让使以是如被给替随跟同即若则就还也又再均含要]|不含")


def trim(text: str, low: int, head: int) -> int:
    """Take verbs and function words off the left of a name while two characters are left."""
    while head - low >= 3:
        lead = _LEADING.match(text, low, head - 2)
        if lead is not None and text[low:low + 2] not in everyday():
            low = lead.end()
        elif head - low >= 4 and text[low:low + 2] in verbs():
            low += 2
        else:
            break
    return low


def column_cells(context: Context, head: "re.Pattern[str]") -> Iterator[tuple[int, int]]:
    """The folded places of the filled cells in columns whose heading matches `head`."""
    view = context.view
    for table in context.document.tables:
        wanted = [index for index, path in enumerate(table.columns)
                  if path and head.search(path[-1].replace(" ", ""))]
        for cell in (row[index] for row in table.rows for index in wanted if index < len(row)):
            if cell.start < cell.end:
                yield view.locate(cell.start), view.locate(cell.end - 1) + 1
