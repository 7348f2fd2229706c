"""DOC and DOCNO: titles of laws, policies, plans, publications, and their issuing numbers."""
from __future__ import annotations

from typing import Iterable

from labels.govdoc.scanning import find, worded
from labels.lazy import lazy
from labels.rules import Context, Match, rule

# 《…》 may hold 《…》; a title stays in its block. Written out so that each character can be matched
# in one way only: (?:[^《》]{1,300}|《…》)+ takes exponential time on a 《 that is never closed.
_WORDS = r"[^《》\n]{0,300}"
BOOK_TITLE = lazy(rf"《(?=[^》]){_WORDS}(?:《{_WORDS}》{_WORDS}){{0,3}}》")
_LAW_TAIL = r"(?![院律治官庭医人学警]|规(?!定)|制(?!定))"
NATIONAL_LAW = lazy(rf"中华人民共和国[^，。;:、《》()\n]{{1,32}}?(?:法典|法){_LAW_TAIL}(?:实施条例)?")
_TAIL = lazy(_LAW_TAIL)
# A word that ends in a law's name is another law or none: 违反预算法 is fine, 建筑法 in 古建筑法式 not.
_INSIDE_WORD = lazy(r"[《A-Za-z]$")

# The year in its brackets and the number; the issuer's code stands right before them. Looked for
# from its end: brackets are more frequent than 号.
_NUMBER_END = lazy(r"号(?<=\d号)")
_YEAR_AND_NUMBER = lazy(
    r"[〔\[(【﹝{〈<](?:19|20)\d{2}年?[〕\])】﹞}〉>]第?\d{1,5}$")
_LONGEST_NUMBER = 14
_CODE = lazy(r"[\u4e00-\u9fff]{2,14}$")
# What may stand before the code without punctuation.
_BEFORE_CODE = lazy(
    r".*(?:根据|按照|依据|依照|参照|印发|转发|下发|发布|文件|文号为?|批复|通知|意见|规定|办法|参见|详见|执行"
    r"|贯彻|落实|批准|编号|[见以的和与及由经为即])")
# Rules and decrees are numbered without a year: 国务院令第729号.
_DECREE = lazy(r"令第?\d{1,4}号")
_ANNOUNCED = lazy(r"公告\(?(第\d{1,4}号)(?![线楼路院])")
_DECREE_OF = lazy(r"(?:中华人民共和国)?(?:国务院|主席|[\u4e00-\u9fff]{1,8}?(?:部|委员会|委|总局|局|署|总署|政府))$")


@rule("DOC", priority=90, score=0.97, examples=[
    "落实⟦《云泽区政府投资管理办法》⟧", "⟦《财政局关于印发〈云泽区绩效管理办法〉的通知》⟧规定",
    "审议了⟦《规划纲要（草案）》⟧、⟦《审议意见》⟧", "⟦《云泽区“十四五”规划\n和二〇三五年远景目标》⟧",
    "⟦《关于印发《云泽区公园条例》的通知》⟧"],
    rejects=["《》", "第十四个五年规划"])
def book_title(context: Context) -> Iterable[Match]:
    """A title with its 《》; one nested title is part of it."""
    for match in BOOK_TITLE.finditer(context.view.text):
        yield Match(*match.span())


# Title marks that were set or recognised wrongly: <<…>>, 《…〉, or 〈…〉 alone.
_MISSET = lazy(r"<<[^<>\n]{2,80}>>|《[^《》〈〉<\n]{2,80}[〉>](?!》)|〈[^《》〈〉\n]{2,80}〉")


@rule("DOC", priority=86, score=0.7, examples=["根据⟦<<江岚市公园条例>>⟧规定", "落实⟦〈云泽区规划〉⟧"], rejects=["<3"])
def misset_title(context: Context) -> Iterable[Match]:
    """A title whose marks are not 《》."""
    text = context.view.text
    if ">" in text or "〉" in text:
        for match in _MISSET.finditer(text):
            yield Match(*match.span())


@rule("DOC", priority=89, score=0.9, lexicons=("laws",), examples=[
    "按照⟦预算法⟧规定", "维护⟦宪法⟧权威", "依照⟦中华人民共和国监察法⟧的规定", "贯彻实施⟦民法典⟧"],
    rejects=["举行宪法宣誓仪式", "合法权益", "执法检查", "云泽区人民法院"])
def law_name(context: Context) -> Iterable[Match]:
    """A law named without 《》: one of the word list, or 中华人民共和国…法."""
    text = context.view.text
    laws = context.lexicon("laws")
    for match in NATIONAL_LAW.finditer(text):
        yield Match(*match.span())
    for term, start, end in find(context, "laws"):
        guard = laws.entries[term].get("not_before", "")
        if text[end:end + 1] in tuple(guard) or not _TAIL.match(text, end) or _INSIDE_WORD.search(
                text[max(0, start - 1):start]):
            continue
        yield Match(start, end, terms=(term,))


_CITED = worded(
    r"(?:根据|依照|按照|依据|违反|执行|适用|修改|实施|贯彻|遵守)(?:新修订的?|我国|国家)?"
    r"((?!本|有关|相关|上述|该|其|以上|现行|法律|国家|各项|这)[\u4e00-\u9fff]{2,30}?(?:法|条例|章程|准则|规则))"
    r"(?=第[一二三四五六七八九十百\d]+条|等?(?:法律|法律法规)?的?(?:有关|相关)?(?:规定|要求))",
    "根据", "依照", "按照", "依据", "违反", "执行", "适用", "修改", "实施", "贯彻", "遵守")
_NO_LAW = lazy(r"[的了和与及在]|法律|办法$|方法$|做法$|司法$|执法$|依法|合法")


@rule("DOC", priority=87, score=0.8, examples=["依照⟦江岚市市容管理条例⟧第五条的规定", "根据⟦游艇安全法⟧的有关规定"],
      rejects=["依照本条例第五条", "按照有关法律的规定", "根据这个办法的规定"])
def cited_law(context: Context) -> Iterable[Match]:
    """A law or regulation without 《》 that is cited by article or 的规定."""
    for match in _CITED.finditer(context):
        if not _NO_LAW.search(match.group(1)):
            yield Match(*match.span(1))


@rule("DOCNO", priority=88, score=0.97, examples=[
    "（⟦云府〔2020〕185号⟧）", "根据⟦江财绩[2014]22 号⟧文件", "⟦云府办发（2013）第 55 号⟧", "⟦江云委【2021】7号⟧"],
    rejects=["第185号提案", "2020年185号", "（2020）江0113民初123号"])
def document_number(context: Context) -> Iterable[Match]:
    """The issuer's code, the year in brackets, the number."""
    text = context.view.text
    for last in _NUMBER_END.finditer(text):
        match = _YEAR_AND_NUMBER.search(
            text, max(0, last.start() - _LONGEST_NUMBER), last.start())
        code = match and _CODE.search(text, max(0, match.start() - 14), match.start())
        if match is None or code is None:
            continue
        start = _after_line_break(context, code.start(), match.start())
        before = _BEFORE_CODE.match(text, start, match.start() - 2)
        yield Match(before.end() if before else start, last.end())


@rule("DOCNO", priority=88, score=0.8, examples=[
    "（⟦财政部令第87号⟧）", "⟦国务院令第729号⟧公布", "江岚市人民代表大会常务委员会公告\n⟦第8号⟧"],
      rejects=["命令第3号", "口令第12号"])
def decree(context: Context) -> Iterable[Match]:
    """The organ, 令, the number; of an announcement the number alone."""
    text = context.view.text
    for match in _ANNOUNCED.finditer(text):
        yield Match(*match.span(1))
    for match in _DECREE.finditer(text):
        issuer = _DECREE_OF.search(text, max(0, match.start() - 16), match.start())
        if issuer is not None:
            before = _BEFORE_CODE.match(text, issuer.start(), match.start() - 2)
            yield Match(before.end() if before else issuer.start(), match.end())


def _after_line_break(context: Context, start: int, end: int) -> int:
    """The code never runs over a line: a heading may end right above it without punctuation."""
    offsets, source = context.view.offsets, context.document.text
    for index in range(end - 2, start, -1):
        if "\n" in source[offsets[index - 1] + 1:offsets[index]]:
            return index
    return start
