"""What names of organs do not hold, and what organs of some kinds name inside them in their way.

A university has colleges and attached hospitals, an academy institutes, a court divisions, a
bureau sections, a Party committee groups for campaigns that stand in quotation marks.
"""
from __future__ import annotations

import re

from labels.govdoc.names import HAN
from labels.lazy import lazy

# What no name of an organ holds between its place and its head.
STOP = lazy(
    r"[暨的了在将向是于从到被其各等并或以请按把让也很已\s，。,;:、!?()“”\"《》|/·—\[\]【】<>*]|\d(?!D)|对(?![外台口])|为(?!民)"
    r"|(?<![国专私公])有(?!色|机|轨|线)"
    r"|使(?!用)|就(?!业)|(?<!数)据|(?<![首成])都(?![市江])|不(?!动产)|再(?!就业|生|担保)")
NO_BODY = lazy(
    r"国家大学|两级|街镇|^和|和[区市县街镇]|^级|累计|等级|加快|推进|加强|推动|实施|完成|围绕|打造|成立|全面|进一步|深入|认真|通过|根据|以及|会同"
    r"|召开|年度|下达|提出|制定|出台|印发|组建|建成|力争|争取|开展|实现|各级|有关|相关|部门|单位|企业和|新建|改建|改扩建|获评|获得|入选|创建"
    r"|引进|引入|人民代表大会|人大|^政府|^财政(?!国库|监督|投资|投融资|预算|评审|票据|干部)|获|项目|提升|支持|高校|万元|不含|代表(?!处)|委设|局设|院设"
    r"|内设|下设|届|我院|其中|依托|签约|落户|集聚"
    r"|达到|增长|下降|增加|减少|发布|公布|审议|听取|决定|任命|免去|重视|领导下|要求|强调|坚持|坚决|牢牢|强化|优化|深化|着力|大力|积极|努力|共建|共同|共有"
    r"|设立|建立|开设|落成|建好|办好|加上|[两三四]省|撤换|选举|选址")
NO_SUB = lazy(
    rf"{STOP.pattern}|[与和及由同召认决参受给]|联合(?!会|国|社|大学|体)|会(?!计)|有|相|机(?!关|构|场)|关(?!工委|爱)|所(?!属)"
    rf"|出(?![入版])|进(?!出口)|设(?![计施备])"
    r"|开(?!发|放)|报(?!社|业)|/")
_OF_UNIVERSITY = lazy(
    rf"(?:(?:第[一二三四五六七八九十]+)?附属[{HAN}]{{0,8}}?(?:医院|中学|小学|学校|幼儿园)"
    rf"|(?![和及的将在等、])[{HAN}]{{2,4}}?医院"
    rf"|(?:(?![和及的将在等、])[{HAN}]){{1,16}}?(?:研究院|研究中心|研究所|学院|实验室|转移中心|创新中心)"
    rf"(?:(?:第[一二三四五六七八九十]+)?附属[{HAN}]{{0,8}}?(?:医院|中学|小学))?)")


_OF_COLLEGE = lazy(
    rf"(?:(?![和及的将在等、])[{HAN}]){{0,6}}?(?:实验学校|实验中学|实验小学|二附中|附中|附小)")
# 江岚医院 + 北院
_WING = lazy(r"(?:[东西南北新老]院|[东西南北新老本]部)(?:区)?(?![长子门])")
_OF_COURT = lazy(
    r"(?:(?:民事|刑事|行政|立案|知识产权|环境资源|金融|少年|家事|审判|执行|未成年人|综合|审判监督"
    r"|第[一二三四五六七八九十]+)+(?:审判)?庭|执行局|立案庭|审判委员会|检察委员会"
    r"|第[一二三四五六七八九十]+检察部)(?!审理|审)")
_OF_ACADEMY = lazy(
    rf"(?:(?![和及的将在等、与有])[{HAN}]){{2,14}}?(?:研究所|研究院|研究中心|所|分院|实验室)(?![在属有])")


# 财政局 + 预算科: where its head or a boundary follows.
_SECTION = lazy(rf"[{HAN}]{{2,10}}?[科处](?=副?[科处]长|负责|[，。、;)(]|\n|$)")


# 省委“不忘初心、牢记使命”主题教育领导小组: a campaign in quotation marks.
_OF_CAMPAIGN = lazy(
    rf"[“\"][^”\"\n]{{2,20}}[”\"]((?:(?![的和及与等])[{HAN}]){{0,12}}?)(?:领导小组|指导组|督导组|工作组|办公室|指挥部)")


def own_branch(text: str, end: int) -> int | None:
    """The end of what the organ that ends at `end` names in its own way.

    `end` itself where an organ of such a kind names nothing there, None for all other organs.
    """
    if text[end:end + 1] in ("“", '"'):
        campaign = _OF_CAMPAIGN.match(text, end)
        if campaign is not None:
            return campaign.end()
    named = _of_learning(text, end)
    if named is not None:
        return named
    if text[end - 1] == "委" and text.startswith("常委会", end):
        return end + 3
    section = _SECTION.match(text, end) if text[end - 1] in "局委厅" else None
    if section is None or NO_SUB.search(section.group()) or NO_BODY.search(section.group()):
        return None
    return section.end()


def _of_learning(text: str, end: int) -> int | None:
    """The end with what a university, an academy or a court names in its own way."""
    for tails, pattern in ((("大学",), _OF_UNIVERSITY), (("科学院", "中科院"), _OF_ACADEMY)):
        if text.endswith(tails, 0, end):
            inner = pattern.match(text, end)
            return inner.end() if inner and not NO_BODY.search(inner.group()) else end
    if text.endswith(("师大", "师范大学"), 0, end):
        school = _OF_COLLEGE.match(text, end)
        if school is not None:
            return school.end()
    if text.endswith("医院", 0, end):
        wing = _WING.match(text, end)
        return wing.end() if wing is not None else None
    court = _OF_COURT.match(text, end) if text[end - 1] == "院" else None
    return court.end() if court is not None else None


def counted(text: str, start: int) -> bool:
    """40个…中心: what is counted has no name."""
    return re.search(r"[\d一二两三四五六七八九十几多数]余?多?[个家所座名支批]$", text[max(0, start - 4):start]) is not None


_LEAD_VERB = lazy(
    r"(?:由|与|和|及|对|向|在|为|从|给|被|把|将|于|经|受|请|赴|报|原|是|到|据|送|派|驻|找|帮|助|让|含|以|等|并|或|至|即|如|比|联合|包括|成立"
    r"|组建|引进|引入"
    r"|支持|推动|建设|创建|新建|筹建|启用|依托|委托|通过|共建|扶持|走进|参观|走访|调研|慰问|挂牌|获批|入驻|落户|授予|负责|指导|组织|做[大强优])(?=.{2})")


def name_start(text: str, low: int, head: int) -> int:
    """Take verbs and function words off the left of a name."""
    while head - low > 3:
        lead = _LEAD_VERB.match(text, low, head)
        if lead is None:
            break
        low = lead.end()
    return low
