"""function: what a passage does (reports, plans, decides, lists …), by form and cue words."""
from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import Iterator

from labels.rules import Context, Passage, Vote, class_rule

_DECIDES = re.compile(r"任命.{0,200}为|免去.{0,120}职务|接受.{0,40}辞去|补选.{0,200}为|任\s*免\s*名\s*单|代表资格终止")
_PASSED = re.compile(r"^\W*\d{4}年.{0,60}(?:会议|大会|全会)(?:修订|修正)?(?:通过|批准)\W*$")
_REVIEW = re.compile(r"^\W{0,3}(?:\d+[.、])?(?:审议|审查|听取)[和并]?")
_SENTENCE = re.compile(r"[。;!?]")
_PRIOR = re.compile(r"^\W*(?:\d+[.、])?《[^》]+》.{0,24}$")
_FAULT = re.compile(
    r"^\W*(?:[一二三四五六七八九十\d]+[.、)）是])?\s?[^。;,，:]{0,24}(?:不够|不足|不强|不高|不规范|不到位|不完整|不完善|不健全|不严|不实|不及时|"
    r"不统一|未[按及缴纳经能]|应缴未缴|缺乏|薄弱|滞后|存在(?!的)|短板|有待|偏低|偏慢|欠缺)[^。;,，:]{0,10}[。;,，:]")
_TASK = re.compile(
    r"^\W*[(（]?[一二三四五六七八九十\d]+[)）.、]\s?(?:负责|协调|参与|指导|组织|拟订|承担|贯彻执行|研究拟订|按照?规定|按权限|会同|依法|受理)")
_LAW = re.compile(r"^第[一二三四五六七八九十百]+条")


@class_rule("function", score=0.75, examples=["任命陈雨为区财政局局长"])
def act(context: Context, passage: Passage) -> Iterator[Vote]:
    """Acts of appointment are decisions; what only says when it was passed is procedure."""
    text = passage.text
    if _DECIDES.search(text) and not re.search(r"任命我为|被任命|因故|条例|依法任免|审议", text):
        yield Vote("decision", 6.0, "任免")
    if _PASSED.match(text):
        yield Vote("procedure", 8.0, "会议通过")
    elif _REVIEW.match(text) and len(text) < 90:
        yield Vote("procedure", 9.0 if _DECIDES.search(text) else 4.0, "审议")


_STATISTIC = re.compile(
    r"收入|支出|预算|决算|比上年|增长|下降|占|得分|满意度|总额|产值|增加值|人口|结转|余额|同比|指标|完成率|合计|总计|限额|债券|资产|培训人数")
_WORK = re.compile(
    r"了|推进|开展|实施|落实|新建|建设|改造|打造|创建|举办|推动|解决|加强|强化|引进|组织|深化|制定|支持|机制|培育|受理|审结|查处")


@class_rule("function", score=0.75, examples=["全年收入100万元，支出90万元，占年初预算的90%"])
def figures(context: Context, passage: Passage) -> Iterator[Vote]:
    """Passages that are mostly sums and shares, told of statistics rather than of work done."""
    text = passage.text
    digits = sum(char.isdigit() for char in text)
    if digits < 4 or len(text) < 20:
        return
    nouns, verbs = len(_STATISTIC.findall(text)), len(_WORK.findall(text))
    if nouns < 2:
        return
    share = digits / len(text) * 12
    yield Vote("figures", min(5.0, share * _W_NUMBERS * nouns / (nouns + 1.5 * verbs)), "数值占比")


# Weights found on labelled passages: what speaks for a plan, for an achievement, for figures.
_W_SHALL, _W_BID, _W_DONE, _W_TOLD, _W_NUMBERS = 1.8, 1.8, 1.0, 0.7, 1.2
_SHALL = re.compile(
    r"(?:^|[。;,，:!])(?:[^。;,，:]{0,12}?)(?:要(?!求|素|点|件|是|么)|将(?=[进继按认深围坚以严全加会从努着大切在不]|力争))")
_NOT_SHALL = re.compile(r"[主需重必只纲摘概]要")
_BID = re.compile(
    r"(?:^|[。;!])\W{0,3}(?:[(（][一二三四五六七八九十]+[)）]|\d+[.、]|[一二三四五六七八九十]是)?\s?(?:要|加快|推进|深化|完善|健全|加强|"
    r"强化|"
    r"坚持|推动|支持|鼓励|继续|持续|着力|大力|全力|进一步|积极|深入|稳步|聚焦|落实|提升|优化|实施|力争|打造|全面|启动|做好|抓好)")
_DONE = re.compile(
    r"了|已|完成|累计|新增|获评|获批|荣获|建成|共[^同享建性识产]|达到?\d|率[^。;,，]{0,6}达|增长\d|下降\d|\d(?:个|家|件|项|人|场|次|条|名|"
    r"万|公里)")


@class_rule("function", score=0.7, examples=["下一步，区政府将认真贯彻落实会议精神。要加快推进重点项目建设，完善长效机制，全力做好服务。"])
def mood(context: Context, passage: Passage) -> Iterator[Vote]:
    """What is bidden or announced is a plan, what is told with results an achievement."""
    text = passage.text
    sentences = max(1, len(_SENTENCE.findall(text)))
    if len(text) < 40 and sentences < 2:
        return
    shall = sum(1 for match in _SHALL.finditer(text) if not _NOT_SHALL.search(match.group()))
    bid, done = len(_BID.findall(text)), len(_DONE.findall(text))
    clauses = max(1, len(re.findall(r"[。;,，!]", text)))
    told = done / clauses
    bidden = min(1.0, bid / sentences) * (1 - min(1.0, 2.2 * told))
    yield Vote("plan", _W_SHALL * min(1.5, shall / sentences) + _W_BID * bidden, "将、要")
    yield Vote("achievement", _W_TOLD + _W_DONE * min(1.0, 2.0 * told), "已、了")


@class_rule("function", score=0.8, examples=["区人大专工委: 陈雨、李云川、王岚、赵青山"])
def names(context: Context, passage: Passage) -> Iterator[Vote]:
    """Passages that are mostly names of persons, without an act."""
    people = [span for span in passage.spans if span.label == "PERSON"]
    share = sum(span.end - span.start for span in people) / max(1, len(passage.text))
    if len(people) >= 4 and share > 0.3 and not _DECIDES.search(passage.text):
        yield Vote("attendance", 8.0, "名单")


@class_rule("function", score=0.7, examples=["云泽区2024年财政决算情况说明"])
def form(context: Context, passage: Passage) -> Iterator[Vote]:
    """Titles and bare lines are `other`; 名词解释 opens with its term and a colon."""
    text = passage.text.strip()
    yield Vote("other", 0.9, "")
    bare = not _SENTENCE.search(text) and not re.search(r"[,，]", text)
    if passage.kind in ("title", "heading", "byline", "table_caption", "toc_entry", "signature"):
        yield Vote("other", 4.0, passage.kind)
    elif bare and len(text) < 120 and not _DECIDES.search(text):
        yield Vote("other", 3.0, "无句读")
    if passage.kind == "footnote" or re.match(r"^\d+[.、]\s?[^。;,，:]{1,40}:[^:]", text):
        yield Vote("definition", 4.0, "术语:")
    if _FAULT.match(text):
        yield Vote("problem", 3.0, "首句")
    if _TASK.match(text) and not re.search(r"\d", text[4:]):
        yield Vote("duty", 2.0, "职责句式")
    if re.search(r"不包括|只包括|是指|即指", text) and len(text) < 160:
        yield Vote("definition", 3.0, "不包括")
    if _PRIOR.match(text):
        yield Vote("background", 5.0, "文件名")
    if re.match(r"^\W*\d{4}年.{0,60}在.{4,60}(?:会议|大会)上\W*$", text):
        yield Vote("procedure", 5.0, "在…会议上")
    if _LAW.match(text):
        yield Vote("duty", 1.5, "条")
    if re.search(r"(?:报告|汇报|说明)如下\W*$|如下报告", text):
        yield Vote("background", 4.0, "报告如下")
    if re.search(r"建议[:：]\W*$|^\W*(?:\S{0,6})建议", text):
        yield Vote("suggestion", 3.0, "建议")
    if re.search(r"请予审议|请予审查|请予批准", text):
        yield Vote("procedure", 5.0, "请予审议")
    if len(re.findall(r"负责", text)) >= 2:
        yield Vote("duty", 3.0, "负责")


@class_rule("function", score=0.7, lexicons=("functions",), examples=["工作中还存在短板和不足"])
def cue_words(context: Context, passage: Passage) -> Iterator[Vote]:
    """Weighted cue words, each at most three times, thinned by the length of the passage."""
    lexicon = context.lexicon("functions")
    counts = Counter(term for term, _, _ in lexicon.find(passage.text))
    sums: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    for term, count in counts.items():
        row = lexicon.entries[term]
        sums[row["function"]] += float(row["weight"]) * min(3, count)
        words[row["function"]].append(term)
    scale = max(1.0, len(passage.text) / 130)
    for choice, total in sums.items():
        yield Vote(choice, total / scale, "、".join(words[choice][:6]))
