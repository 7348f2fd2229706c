"""PERSON: names in acts of appointment, beside posts, in attendance lists and grids."""
from __future__ import annotations

import re
from typing import Iterator

from labels.govdoc.names import HAN, common_words, once, terms
from labels.rules import Context, Match, rule

_LEADERS = re.compile(r"习近平|毛泽东|邓小平|江泽民|胡锦涛|李克强|李强(?=总理)|赵乐际|王沪宁|蔡奇|丁薛祥|李希")
_SEPARATOR = re.compile(r"[、,，\t ]+")
# Two- and three-character words that begin with a surname's character.
_WORD = re.compile(
    r"^(?:高[新校效度质铁层标水]|金[融额山属]|方[式面案法向便针]|安[全排置徽装]|时[间期代候]|成[立都果效本为]|文[化件明旅]|"
    r"强[化调势]|应[急当用对]|保[障护险证持税]|和[平谐]|水[平务利]|过[程去]|都[市]|路[径网段]|全[面国市区体省]|"
    r"关[于键系注切]|常[态委务住]|易|万[元人]|武[汉警]|马[上路]|石[油化]|林[业地]|田[间]|江[苏西北]|河|湖|黄[河金浦]|"
    r"车[辆站]|边[界]|单[位]|连[续接]|计[划]|简[称]|商[务业]|查|解[决放]|党[委组员建]|蓝[图天]|华[东为]|官|任[务命期]|"
    r"司[法机]|公[司]|项[目]|程|温[度州]|钱|白|毛|米|沙|古|段|井|席|游[客]|平|宫|景[区观]|童|阳|甘[肃]|贵|苏[州]|"
    r"广|郑[州]|陕|宁[波夏]|徐[州汇]|张[家江]|宋[庆]|周[边期年]|严[格重肃]|向|申[请报]|花|后|包[括]|施[工策]|管[理]|"
    r"支|曲|干|满[意足]|鲜|干部|居[民]|容|盛|农[业村民]|荣[获]|国|经|通[过知]|教|学|能|环|生|产|服|企|政|机|"
    r"主[任]|副|局|厅|委|会|相[关]|有|各|部[门]|单位|代[表]|负责)")


def is_name(text: str, context: Context, known: bool = False) -> bool:
    """Whether `text` is shaped like a name: a surname and one or two (rarely three) characters.

    `known` says that the place it stands in takes names only, so that common words are let pass.
    """
    if not re.fullmatch(rf"[{HAN}]{{2,4}}|[{HAN}]{{1,8}}·[{HAN}]{{1,8}}", text):
        return False
    if "·" in text:
        return True
    surnames = context.lexicon("surnames")
    if text[:2] in surnames and len(text) >= 3:
        return True
    if text[0] not in surnames or len(text) > 3:
        return False
    return known or _WORD.match(text) is None


def split_names(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The pieces of ``text[start:end]`` between 、 , tabs and spaces, as (start, end)."""
    pieces = []
    position = start
    for gap in _SEPARATOR.finditer(text, start, end):
        if gap.start() > position:
            pieces.append((position, gap.start()))
        position = gap.end()
    if position < end:
        pieces.append((position, end))
    return pieces


_ACT_NAMES = re.compile(rf"(?:任命|免去|接受|补选|选举|提名|推选|聘任|撤销|罢免|终止)了?:?\s?"
                        rf"([{HAN}·、, \t]{{2,400}})")
_ACT_END = re.compile(r"\s?(?:同志|等)?\s?(?:为|的(?!决定)|辞去|辞职|担任|代理|职务|$)")


@rule("PERSON", priority=62, score=0.96, lexicons=("surnames",), examples=[
    "任命⟦陈雨⟧、⟦李云川⟧为区人民法院审判员", "免去⟦欧阳晨⟧的副主任职务", "接受⟦王岚⟧辞去委员职务",
    "补选⟦赵青山⟧为江岚市第十二届人民代表大会代表", "任命 ⟦周 敏⟧ 为云泽区财政局局长",
], rejects=["任命干部为民服务", "接受委托的单位", "免去部分税款的企业"])
def appointed(context: Context) -> Iterator[Match]:
    """The names between a verb of appointment and 为, 的, 辞去."""
    text = context.view.text
    for match in _ACT_NAMES.finditer(text):
        for start, end in split_names(text, *match.span(1)):
            stop = _ACT_END.search(text, start, min(len(text), end + 3))
            last = stop is not None and stop.start() <= end
            tail = stop.start() if last and stop is not None else end
            piece = text[start:tail]
            if is_name(piece, context, known=_follows_act(text, tail)):
                yield Match(start, tail)
            elif last or not is_name(piece, context, known=True):
                break
            if last:
                break


def _follows_act(text: str, end: int) -> bool:
    """Whether what follows makes the words before it names whatever they look like."""
    return re.match(r"\s?(?:辞去|为[^民]|的.{0,40}职务|、)", text[end:end + 48]) is not None


@rule("PERSON", priority=61, score=0.97, examples=["学习⟦习近平⟧新时代中国特色社会主义思想"],
      rejects=["学习近平台账的做法"])
def leader(context: Context) -> Iterator[Match]:
    """Leaders of Party and state."""
    for match in _LEADERS.finditer(context.view.text):
        if not context.view.text.startswith("台", match.end()):
            yield Match(*match.span())


_LIST = re.compile(rf"[{HAN}·]{{2,8}}(?:[、,，][{HAN}·]{{2,8}})+")


@rule("PERSON", priority=60, score=0.93, lexicons=("surnames",), examples=[
    "区人大专工委: ⟦陈雨⟧、⟦李云川⟧、⟦王岚⟧", "请假:⟦赵青山⟧、⟦周敏⟧"],
    rejects=["重点领域:金融、文化、高新技术", "包括:安全、应急、水务", "张江、金桥、漕河泾"])
def name_list(context: Context) -> Iterator[Match]:
    """A、B、C where (nearly) all are shaped like names."""
    text = context.view.text
    for match in _LIST.finditer(text):
        pieces = split_names(text, match.start(), _line_end(context, match))
        if match.start() and not re.match(r"[:\n\t )]", text[match.start() - 1]):
            continue
        good = [(s, e) for s, e in pieces if is_name(text[s:e], context)]
        headed = _HEADING.search(text, max(0, match.start() - 14), match.start()) is not None
        need = 2 if headed else 4
        if len(good) >= need and len(good) * 10 >= len(pieces) * (7 if headed else 9):
            for start, end in pieces:
                if is_name(text[start:end], context, known=True):
                    yield Match(start, end)


def _line_end(context: Context, match: "re.Match[str]") -> int:
    """The end of a list, or where a new line of the source begins inside its last item."""
    view = context.view
    last = max(match.group().rfind(mark) for mark in "、,，") + match.start() + 1
    for index in range(last + 2, match.end()):
        if view.gap_before(index):
            return index
    return match.end()


_HEADING = re.compile(
    r"(?:代表|委员|专工委|出席|列席|缺席|请假|主持|领导|成员|主任|局|委|院|办|组|人员|名单|主席团|旁听|街道|镇|政府|中心|"
    r"参加|记录|部门|提案人|附议人|领衔)(?:\(\d+[人名]\))?[:\s]{1,3}$")


@rule("PERSON", priority=59, score=0.9, lexicons=("surnames",), examples=[
    "⟦陈雨⟧\t⟦李云川⟧\t⟦王 岚⟧\t⟦赵青山⟧"], rejects=["收入\t支出\t金额\t合计", "单位\t方式\t成效\t时间"])
def name_grid(context: Context) -> Iterator[Match]:
    """A block of nothing but names, set in columns by tabs or spaces."""
    view = context.view
    for start, end, _ in view.blocks:
        if re.search(r"[\d。;，《》%]", view.text[start:end]):
            continue
        tokens = _grid_tokens(context, start, end)
        good = [token for token in tokens if is_name(view.text[token[0]:token[1]], context)]
        if len(good) >= 4 and len(good) * 10 >= len(tokens) * 8:
            for token in tokens:
                if is_name(view.text[token[0]:token[1]], context, known=True):
                    yield Match(*token)


def _grid_tokens(context: Context, start: int, end: int) -> list[tuple[int, int]]:
    """Split at every gap of the source; two single characters in a row are one name (王 岚)."""
    view = context.view
    cells: list[tuple[int, int]] = []
    position = start
    for index in range(start, end + 1):
        at_space = index < end and view.text[index] in "\t 、,"
        if index == end or at_space or (view.gap_before(index) and index > position):
            if index > position:
                cells.append((position, index))
            position = index + 1 if at_space else index
    merged: list[tuple[int, int]] = []
    for cell in cells:
        if merged and cell[1] - cell[0] == 1 and merged[-1][1] - merged[-1][0] == 1 \
                and merged[-1][1] == cell[0]:
            merged[-1] = (merged[-1][0], cell[1])
        else:
            merged.append(cell)
    return merged


_AFTER_NAME = re.compile(
    r"各位|带头|亲自|会见|部署|召开|深入|会同|率先|任|担任|主任|[\s,，。;:、()】\n]|$|等|同志|先生|女士|说|出席|主持|率|带队|代表|在|参加|宣布|介绍|"
    r"作|就|受|到|赴|表示|强调|指出|讲话|"
    r"致辞|一行|和|与|及|为|的|向|对|当选|传达|陪同|调研|汇报|通报|分别")


def _name_at(context: Context, start: int) -> int | None:
    """The end of a name that begins at `start`: three characters before a boundary, else two."""
    text = context.view.text
    for length in (3, 2, 4):
        piece = text[start:start + length]
        if len(piece) == length and is_name(piece, context) and _AFTER_NAME.match(
                text, start + length):
            return start + length
    # No boundary behind it: three characters that hold no everyday word.
    piece = text[start:start + 3]
    words = common_words()
    if len(piece) == 3 and is_name(piece, context) and context.lexicon("surnames").entries.get(
            piece[0], {}).get("kind") == "single" and not words & {
                piece, piece[:2], piece[1:], piece[2] + text[start + 3:start + 4]} \
            and text[start + 3:start + 5] in words:
        return start + 3
    return None


@rule("PERSON", priority=61, score=0.9, lexicons=("surnames", "posts"), examples=[
    "会上，常务副区长⟦陈雨⟧、区人大常委会副主任⟦李云川⟧等领导要求", "区财政局局长 ⟦赵青山⟧",
    "由区长⟦周 敏⟧主持", "副主任委员 ⟦王岚⟧"],
    rejects=["主任会议研究", "各位代表，现在报告", "副区长应急值班", "局长办公会"])
def beside_post(context: Context) -> Iterator[Match]:
    """The name right after a post."""
    text = context.view.text
    for post in terms(context, "posts", "head", "alone", "title", "member").finditer(text):
        start = post.end()
        while text[start:start + 1] in (" ", "\t", ":"):
            start += 1
        kind = context.lexicon("posts").entries[post.group()]["kind"]
        end = _name_at(context, start)
        if end is None:
            continue
        strict = kind == "member"
        if strict and not re.match(r"[\s,，。;)\n]|$|同志|等", text[end:end + 2]):
            continue
        yield Match(start, end)
        # 副主任A、B、C
        while text[end:end + 1] in ("、", " ", "\t"):
            more = _name_at(context, end + 1)
            if more is None:
                break
            yield Match(end + 1, more)
            end = more


@rule("PERSON", priority=58, score=0.75, lexicons=("surnames",), examples=[
    "⟦陈雨⟧同志因工作调动", "江岚粉末冶金公司⟦李云川⟧入选优秀技术带头人"],
    rejects=["全体党员同志", "项目入选国家优秀人才计划"])
def titled(context: Context) -> Iterator[Match]:
    """A name before 同志, 先生, or an award to a person."""
    text = context.view.text
    # Overlapping tries: a name of three characters, then of two.
    for head in re.finditer(r"同志|先生|女士|代表因|获评|入选|荣获|当选", text):
        for length in (3, 2):
            start = head.start() - length
            if start < 0 or not is_name(text[start:head.start()], context):
                continue
            if head.group() in ("获评", "入选", "荣获", "当选") and not _AWARD.match(
                    text, head.end()):
                continue
            if start and not _BOUNDARY.match(text[start - 1]) and text[
                    start - 2:start] not in _ORGAN_TAIL:
                continue
            yield Match(start, head.start())
            break


_AWARD = re.compile(r"[^。;\n]{0,18}(?:人才|称号|启明星|带头人|模范|标兵|工匠|代表|人物|冠军|先进个人)")
_BOUNDARY = re.compile(r"[\s,，。;:、()“”\n组受由将经对的]")
_ORGAN_TAIL = frozenset(("公司", "医院", "大学", "中学", "小学", "学校", "集团", "中心", "学院", "局长", "主任",
                         "书记", "委员", "表组", "银行"))


@rule("PERSON", priority=57, score=0.85, lexicons=("surnames", "posts"), examples=[
    "任命⟦陈雨川⟧为区财政局局长。⟦陈雨川⟧表示将依法履职"], rejects=["陈旧设施更新"])
def seen_before(context: Context) -> Iterator[Match]:
    """A name of three characters that the text gives with an act or a post, wherever it returns."""
    text = context.view.text
    names = once(context, "persons.names", lambda _: frozenset(
        text[match.start:match.end]
        for source in (appointed, name_list, name_grid, beside_post)
        for match in source.function(context) if match.end - match.start >= 3))
    if names:
        for hit in re.finditer("|".join(sorted(map(re.escape, names))), text):
            yield Match(*hit.span())
