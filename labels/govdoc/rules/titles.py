"""DOC and DOCNO: titles of laws, policies, plans, publications, and their issuing numbers."""
from __future__ import annotations

import re
from typing import Iterable

from labels.rules import Context, Match, rule

# 《…》 may hold 《…》 once; a title is no longer than 300 characters and stays in its block.
BOOK_TITLE = re.compile(
    r"《(?=[^》])[^《》\n]{0,300}(?:《[^《》\n]{1,200}》[^《》\n]{0,200}){0,2}》")
_LAW_TAIL = r"(?![院律治官庭医人学警]|规(?!定)|制(?!定))"
NATIONAL_LAW = re.compile(rf"中华人民共和国[^，。;:、《》()\n]{{1,32}}?(?:法典|法){_LAW_TAIL}(?:实施条例)?")
_TAIL = re.compile(_LAW_TAIL)
# A word that ends in a law's name is another law or none: 违反预算法 is fine, 建筑法 in 古建筑法式 not.
_INSIDE_WORD = re.compile(r"[《A-Za-z]$")

_OPEN, _CLOSE = r"[〔\[(【﹝]", r"[〕\])】﹞]"
# The issuer's code: a run of Chinese characters right before the year, e.g. 江云府办发.
DOCUMENT_NUMBER = re.compile(
    rf"([\u4e00-\u9fff]{{2,14}}){_OPEN}(?:19|20)\d{{2}}(?:年)?{_CLOSE}第?\d{{1,5}}号")
# What may stand before the code without punctuation.
_BEFORE_CODE = re.compile(
    r".*(?:根据|按照|依据|依照|参照|印发|转发|下发|发布|文件|文号为?|批复|通知|意见|规定|办法|参见|详见|执行"
    r"|贯彻|落实|[见以的和与及由经为即])")


@rule("DOC", priority=90, score=0.97, examples=[
    "落实⟦《云泽区政府投资管理办法》⟧", "⟦《财政局关于印发〈云泽区绩效管理办法〉的通知》⟧规定",
    "审议了⟦《规划纲要（草案）》⟧、⟦《审议意见》⟧", "⟦《云泽区“十四五”规划\n和二〇三五年远景目标》⟧",
    "⟦《关于印发《云泽区公园条例》的通知》⟧"],
    rejects=["《》", "第十四个五年规划"])
def book_title(context: Context) -> Iterable[Match]:
    """A title with its 《》; one nested title is part of it."""
    for match in BOOK_TITLE.finditer(context.view.text):
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
    for term, start, end in laws.find(text):
        guard = laws.entries[term].get("not_before", "")
        if text[end:end + 1] in tuple(guard) or not _TAIL.match(text, end) or _INSIDE_WORD.search(
                text[max(0, start - 1):start]):
            continue
        yield Match(start, end, terms=(term,))


@rule("DOCNO", priority=88, score=0.97, examples=[
    "（⟦云府〔2020〕185号⟧）", "根据⟦江财绩[2014]22 号⟧文件", "⟦云府办发（2013）第 55 号⟧", "⟦江云委【2021】7号⟧"],
    rejects=["第185号提案", "2020年185号", "（2020）江0113民初123号"])
def document_number(context: Context) -> Iterable[Match]:
    """The issuer's code, the year in brackets, the number."""
    text = context.view.text
    for match in DOCUMENT_NUMBER.finditer(text):
        start = _after_line_break(context, match.start(), match.end(1))
        before = _BEFORE_CODE.match(context.view.text, start, match.end(1) - 2)
        if before:
            start = before.end()
        yield Match(start, match.end())


def _after_line_break(context: Context, start: int, end: int) -> int:
    """The code never runs over a line: a heading may end right above it without punctuation."""
    offsets, source = context.view.offsets, context.document.text
    for index in range(end - 2, start, -1):
        if "\n" in source[offsets[index - 1] + 1:offsets[index]]:
            return index
    return start
