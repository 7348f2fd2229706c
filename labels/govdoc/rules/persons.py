"""PERSON: names in acts of appointment, beside posts, with a title; lists are in name_lists."""
from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterator

from labels.govdoc.names import HAN, once
from labels.govdoc.people import DOT, NAME_CHARS, gap, is_name, name_end, titles
from labels.govdoc.scanning import worded
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context, Match, rule

_LEADERS = worded(
    r"习近平(?!台)|毛泽东|邓小平|江泽民|胡锦涛|李克强|李强(?=总理)|赵乐际|王沪宁|蔡奇(?=同志|书记)|丁薛祥"
    r"|李希(?=同志|书记)|温家宝|朱镕基|周恩来|刘少奇|朱德(?=同志|故居|元帅)|陈云(?=同志|故居)|孙中山"
    r"|焦裕禄|雷锋(?!岗|站|号|超市)|孔繁森|谷文昌|王进喜|廖俊波|黄大年|黄文秀|张桂梅|袁隆平|钱学森|白求恩|杨善洲|张富清",
    "习近平", "毛泽东", "邓小平", "江泽民", "胡锦涛", "李克强", "李强", "赵乐际", "王沪宁",
    "蔡奇", "丁薛祥", "李希", "温家宝", "朱镕基", "周恩来", "刘少奇", "朱德", "陈云",
    "孙中山", "焦裕禄", "雷锋", "孔繁森", "谷文昌", "王进喜", "廖俊波", "黄大年", "黄文秀",
    "张桂梅", "袁隆平", "钱学森", "白求恩", "杨善洲", "张富清")
_SEPARATOR = lazy(r"[、,，\t ]+")
_ACTS = r"任命|免去|接受|补选|选举|提名|推选|聘任|撤销|罢免|终止|提请任命|决定代理|另选|增选|增补"


def split_names(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The pieces of ``text[start:end]`` between 、 , tabs and spaces, as (start, end)."""
    pieces = []
    position = start
    for mark in _SEPARATOR.finditer(text, start, end):
        if mark.start() > position:
            pieces.append((position, mark.start()))
        position = mark.end()
    if position < end:
        pieces.append((position, end))
    return pieces


_ACT_NAMES = worded(
    rf"(?:{_ACTS})了?:?\s?([{NAME_CHARS}、, \t]{{2,600}})", *_ACTS.split("|"))
_ACT_END = lazy(r"\s?(?:同志|等)?\s?(?:为|的(?!决定)|辞去|辞职|担任|兼任|任(?!命)|代理|不再|职务|$)")
_AFTER_ACT = lazy(r"\s?(?:同志)?(?:辞去|为[^民]|任|担任|兼任|不再|的.{0,60}?(?:职务|长|员|任|记|席|理)|、)")
# Where an organ begins right behind a name that no 的 follows (免去陈雨云泽区水务局局长职务).
_ORGAN_AHEAD = lazy(
    rf"(?:[{HAN}]{{2,6}}?(?:省|市|区|县|州|盟|旗|镇|乡|街道)|[省市区县州])[{HAN}]{{0,24}}?(?:长|主任|书记|员|主席)")


@rule("PERSON", priority=62, score=0.96, lexicons=("surnames",), examples=[
    "任命⟦陈雨⟧、⟦李云川⟧为区人民法院审判员", "免去⟦欧阳晨⟧的副主任职务", "接受⟦王岚⟧辞去委员职务",
    "补选⟦赵青山⟧为江岚市第十二届人民代表大会代表", "任命 ⟦周 敏⟧ 为云泽区财政局局长",
    "任命⟦阿依努尔·买买提⟧为县人民法院审判员", "免去⟦陈雨⟧云泽区水务局局长职务", "任命:⟦周敏⟧同志任区水务局局长",
], rejects=["任命干部为民服务", "接受委托的单位", "免去部分税款的企业", "选举产生的代表"])
def appointed(context: Context) -> Iterator[Match]:
    """The names between a verb of appointment and 为, 的, 辞去."""
    yield from once(context, "persons.appointed", lambda _: tuple(_appointed(context)))


def _appointed(context: Context) -> Iterator[Match]:
    text = context.view.text
    for match in _ACT_NAMES.finditer(context):
        for start, end in split_names(text, *match.span(1)):
            stop = _ACT_END.search(text, start, min(len(text), end + 3))
            last = stop is not None and stop.start() <= end
            tail = stop.start() if last and stop is not None else end
            if is_name(text[start:tail], context, known=_follows_act(text, tail)):
                yield Match(start, tail)
            elif last or not is_name(text[start:tail], context, known=True):
                length = next((size for size in (3, 2) if _ORGAN_AHEAD.match(
                    text, start + size, end) and is_name(
                        text[start:start + size], context)), None)
                if length is not None:
                    yield Match(start, start + length)
                break
            if last:
                break


def _follows_act(text: str, end: int) -> bool:
    """Whether what follows makes the words before it names whatever they look like."""
    return _AFTER_ACT.match(text[end:end + 70]) is not None


# A name begins with a surname; the pattern is made of those in the lexicon, so that it fails fast.
# Most clauses hold no verb that could follow: to look ahead for its first character is cheaper than
# to try all verbs behind each character.
_TAKES = (r"[;。\n:,，)、]\s?(?=[{first}][^任为的不兼担当被辞代\n，,。;:(“]{{0,42}}[任为的不兼担当被辞代])"
          r"([{first}][{chars}、]{{1,40}}?)(?:同志)?"
          r"(?:任(?!务|何|期|意|职资)|为|的|不再担任|兼任|担任|当选为?|被任命为|被选为|被选举为|被免去|辞去|代理)"
          r"([\u4e00-\u9fff()、·]{{2,60}})")


def from_surname(context: Context, pattern: str) -> "re.Pattern[str]":
    """`pattern` with the first characters of surnames at ``{first}``: it fails fast elsewhere."""
    return _compiled(pattern, context.lexicon("surnames").derived(_first_characters))


def _first_characters(surnames: Lexicon) -> str:
    return "".join(sorted({name[0] for name in surnames}))


@lru_cache(maxsize=8)
def _compiled(pattern: str, first: str) -> "re.Pattern[str]":
    return re.compile(pattern.format(first=first, chars=NAME_CHARS))


_OFFICE = lazy(r"(?:主任委员|副主任|总书记|书记|秘书长|委员$|代表资格)|(?:[局厅委院会办府处科队站所校室庭组部区县市省镇乡长记副]|司)"
               r"(?:督?察?[长任]|书记|主席|主任|审判员|检察员|委员|代表|巡视员|调研员|秘书长|检察长|经理)")


@rule("PERSON", priority=61, score=0.9, lexicons=("surnames", "posts"), examples=[
    "任命:\n⟦李云川⟧为区水务局局长;\n⟦陈雨⟧为区教育局副局长", "⟦王岚⟧同志任区档案局局长，试用期一年。",
    "一、⟦周敏⟧不再担任区司法局副局长职务", "免去:⟦陈雨⟧的区水务局局长职务"],
    rejects=["单位为区水务局局长办公室", "方案的区级责任部门副主任", "责任人为区水务局局长"])
def took_post(context: Context) -> Iterator[Match]:
    """A name at the head of a clause that says which post it takes or leaves."""
    for start, end, _ in clauses_of_office(context):
        for piece in split_names(context.view.text, start, end):
            yield Match(*piece)


def clauses_of_office(context: Context) -> tuple[tuple[int, int, int], ...]:
    """Start and end of a name, or of several, and where the office begins that they take."""
    # The line feed put in front, so that the text's first clause is one too, is taken off again.
    return once(context, "persons.took_post", lambda _: tuple(
        (match.start(1) - 1, match.end(1) - 1, match.start(2) - 1)
        for match in from_surname(context, _TAKES).finditer(
            "\n" + context.view.text)
        if _OFFICE.search(match.group(2)) and all(
            is_name(name, context) for name in match.group(1).split("、"))))


@rule("PERSON", priority=61, score=0.97, examples=["学习⟦习近平⟧新时代中国特色社会主义思想"],
      rejects=["学习近平台账的做法"])
def leader(context: Context) -> Iterator[Match]:
    """Leaders of Party and state."""
    for match in _LEADERS.finditer(context):
        yield Match(*match.span())


_ACTS_IN = lazy(rf"由([{NAME_CHARS}]{{2,12}}?)(?:同志)?(?:等(?:同志)?)?(?:主持|作|担任|带队|宣读|代表)")


@rule("PERSON", priority=57, score=0.85, lexicons=("surnames",), examples=[
    "会议由⟦陈雨川⟧主持", "由⟦王岚⟧等主持"],
      rejects=["由安全员担任", "由单位代表", "由主任主持"])
def by_whom(context: Context) -> Iterator[Match]:
    """由…主持: who acts in a meeting."""
    for match in _ACTS_IN.finditer(context.view.text):
        if is_name(match.group(1), context):
            yield Match(*match.span(1))


@rule("PERSON", priority=61, score=0.9, lexicons=("surnames", "posts"), examples=[
    "会上，常务副区长⟦陈雨⟧、区人大常委会副主任⟦李云川⟧等领导要求", "区财政局局长 ⟦赵青山⟧",
    "由区长⟦周 敏⟧主持", "副主任委员 ⟦王岚⟧", "副市长: ⟦陈雨川⟧ ⟦李青山⟧"],
    rejects=["主任会议研究", "各位代表，现在报告", "副区长应急值班", "局长办公会", "湖南省长沙市", "副主任委员和委员的任免"])
def beside_post(context: Context) -> Iterator[Match]:
    """The name right after a post, and those listed after it."""
    for start, end in named_posts(context).values():
        yield Match(start, end)
        while True:
            begin = end + 1 if context.view.text[end:end + 1] in ("、", " ", "\t") else end
            if begin == end and not gap(context, end):
                break
            more = name_end(context, begin) if begin > end or _same_row(context, end) else None
            if more is None:
                break
            yield Match(begin, more)
            end = more


def _same_row(context: Context, index: int) -> bool:
    """Whether only spaces, no line break, stand in the source before folded `index`."""
    view = context.view
    if index >= len(view.text):
        return False
    return "\n" not in context.document.text[view.offsets[index - 1] + 1:view.offsets[index]]


_AFTER_MEMBER = lazy(r"[\s,，。;)、\n]|$|同志|等|出席|列席|主持")


def named_posts(context: Context) -> dict[int, tuple[int, int]]:
    """End of a title → the name (start, end) that follows it."""
    def make(_: Context) -> dict[int, tuple[int, int]]:
        text, found = context.view.text, {}
        for title in titles(context):
            start = title.end
            start += 1 if text.startswith("有:", start) else 0
            while text[start:start + 1] in (" ", "\t", ":", "("):
                start += 1
            end = name_end(context, start)
            if end is None or text[title.end:start] == "(" and text[end:end + 1] != ")":
                continue
            if title.kind == "member" and not _AFTER_MEMBER.match(text, end):
                continue
            found[title.end] = (start, end)
        return found
    return once(context, "persons.named", make)


_TITLED = worded(
    r"同志|先生|女士|代表(?=因|提出|建议|等\d|反映|在审议)|获评|入选|荣获|当选|教授|院士",
    "同志", "先生", "女士", "代表", "获评", "入选", "荣获", "当选", "教授", "院士")
_AWARD = lazy(
    r"[^。;\n]{0,18}(?:人才|称号|启明星|带头人|模范|标兵|工匠|代表|人物|冠军|先进个人|奖章|能手|好人|楷模|主席|委员|院士)")
BOUNDARY = lazy(r"[\s,，。;:、()（）“”\n组受由将经对的和与以]")
ORGAN_TAIL = frozenset((
    "公司", "医院", "大学", "中学", "小学", "学校", "集团", "中心", "学院", "局长", "主任", "书记", "委员", "表组", "银行",
    "职工", "农民", "教师", "医生", "民警", "村民", "选手", "运动员", "科学家", "企业", "所长", "校长", "院长", "专家", "员工"))


@rule("PERSON", priority=58, score=0.75, lexicons=("surnames",), examples=[
    "⟦陈雨⟧同志因工作调动", "江岚粉末冶金公司⟦李云川⟧入选优秀技术带头人"],
    rejects=["全体党员同志", "项目入选国家优秀人才计划", "全市各级各部门同志"])
def titled(context: Context) -> Iterator[Match]:
    """A name before 同志, 先生, or an award to a person."""
    text = context.view.text
    # Overlapping tries: a name of three characters, then of two.
    for head in _TITLED.finditer(context):
        if len(head.group()) == 2 and head.group() in ("获评", "入选", "荣获", "当选") \
                and not _AWARD.match(text, head.end()):
            continue
        for length in (3, 2):
            start = head.start() - length
            if start < 0 or not is_name(text[start:head.start()], context):
                continue
            if start and not BOUNDARY.match(text[start - 1]) and text[
                    start - 2:start] not in ORGAN_TAIL:
                continue
            yield Match(start, head.start())
            break


@rule("PERSON", priority=58, score=0.8, lexicons=("surnames", "posts"), examples=[
    "听取⟦陈雨川⟧副区长关于智慧城市的报告", "得到⟦周敏⟧书记批示肯定"],
    rejects=["车间主任", "安委会主任", "班子成员和单位主任", "党委书记", "任命水务局局长", "高新区主任"])
def before_post(context: Context) -> Iterator[Match]:
    """A name with its post right behind it."""
    for start, end in called_by_post(context).values():
        yield Match(start, end)


_NO_NAME_END = frozenset("会局委办院处科室部厅站所校区市县镇乡村省州团组庭馆社台司队府党")
_BEFORE_CALLED = lazy(r"[\s,，。;:、()“”由取请到和及向对与受以经让是]")


def called_by_post(context: Context) -> dict[int, tuple[int, int]]:
    """Start of a title → the name (start, end) right before it (陈雨副区长)."""
    def make(_: Context) -> dict[int, tuple[int, int]]:
        text, found = context.view.text, {}
        surnames = context.lexicon("surnames").entries
        for title in titles(context):
            end = title.start
            if title.kind not in ("head", "title") or end < 2 or text[end - 1] in _NO_NAME_END:
                continue
            for size in (3, 2):
                start = end - size
                if start < 0 or surnames.get(text[start], {}).get("kind") != "single" \
                        or not is_name(text[start:end], context):
                    continue
                if start == 0 or gap(context, start) or _BEFORE_CALLED.match(text[start - 1]):
                    found[end] = (start, end)
                    break
        return found
    return once(context, "persons.called", make)


# 男 or 女 between commas is rare; what it is said of stands before it.
_SEX = worded(r"[男女](?:(?<=[，,].)|(?<=[，,]\s.))(?=[，,。])", "男", "女")
_PROFILE = r"(?:^|[\n。;])([{first}][{chars}]{{1,12}})[，,]\s?$"


@rule("PERSON", priority=58, score=0.9, lexicons=("surnames",), examples=[
    "⟦陈雨⟧，男，1970年5月生", "。⟦阿依努尔⟧，女，"], rejects=["成人，男，"])
def profile(context: Context) -> Iterator[Match]:
    """A name at the head of a short biography."""
    text = context.view.text
    for sex in _SEX.finditer(context):
        match = from_surname(context, _PROFILE).search(text, max(0, sex.start() - 16), sex.start())
        if match is not None and is_name(match.group(1), context):
            yield Match(*match.span(1))


_WITH_DOT = worded(rf"[{DOT}](?=[{HAN}]{{2}})", *DOT)
_BEFORE_DOT = lazy(rf"[{HAN}]{{2,8}}$")
_BEHIND_DOT = lazy(rf"[{HAN}]{{2,8}}(?=[^{HAN}]|$|同志|等)")


@rule("PERSON", priority=57, score=0.8, lexicons=("surnames",), examples=[
    "，⟦阿卜杜拉·买买提⟧，"], rejects=["，普惠·养老，", "平安·江岚"])
def dotted(context: Context) -> Iterator[Match]:
    """A name of a minority with its dot, standing alone."""
    text = context.view.text
    for dot in _WITH_DOT.finditer(context):
        before = _BEFORE_DOT.search(text, max(0, dot.start() - 8), dot.start())
        behind = _BEHIND_DOT.match(text, dot.end())
        if before and behind and is_name(text[before.start():behind.end()], context):
            yield Match(before.start(), behind.end())
