"""Audit findings: what was found wrong, how much money, at whom, and how it was put right."""
from __future__ import annotations

import re
from typing import Iterable, Iterator

from labels.checks import Figures
from labels.document import Part
from labels.govdoc.facts import Label, Labels, Place, amount, labels, plain, view
from labels.records import Record, record_rule
from labels.values import plain as notation

_AUDIT = re.compile(r"审计")
# 对部分收支未纳入预算管理的问题，相关单位已…: what was found, and after the comma what was done.
_PUT_RIGHT = re.compile(r"(?:对于?|关于|针对)([^，。;\n]{4,80}?)(?:的问题|方面(?:存在)?的问题)[，,]")
# 一是…。二是…。 and 1.标题。…: the places where a finding begins.
_ITEM = re.compile(r"(?:^|(?<=[。;:\n，]))(?:一|二|三|四|五|六|七|八|九|十)是|(?<=\n)\d{1,2}[.、．](?!\d)")
_SECTION = re.compile(r"存在(?:的)?(?:主要)?(?:以下)?(?:一些)?问题|审计(?:调查)?(?:也)?发现|还存在|主要问题|不够|不到位|不规范"
                      r"|不及时|未|违规|超|挤占|不严|不合规|薄弱|滞后|闲置|低|欠|缺|不足|不准|不完整|不清")
_INVOLVED = re.compile(r"(?:涉及(?:资金|金额|投资)?|金额|共计?|合计)$")
_ANSWER = re.compile(r"对(?:上述|以上)(?:审计)?(?:发现的)?问题")
_STOP = re.compile(r"[。!?\n]")
# What leads to the next item: 二是, （三）…方面.
_LED_ON = re.compile(r"[;；，,。]?\s*(?:[一二三四五六七八九十]是|\*\*)?$")
_HEARD = re.compile(r"[。，,]?(?:经[^，。]{0,6}发现)?[。;，, \n*]*$")
_LEAST = 4
_MOST = 400


@record_rule
def put_right(figures: Figures) -> Iterable[Record]:
    """Sentences of a report on rectification: 对…的问题，… ."""
    for part in figures.document.parts:
        if part.type == "rectification_report" and _AUDIT.search(part.title):
            yield from _answered(figures, part)


def _answered(figures: Figures, part: Part) -> Iterator[Record]:
    folded, known = view(figures), labels(figures)
    low, high = folded.locate(part.start), folded.locate(part.end - 1) + 1
    found = list(_PUT_RIGHT.finditer(folded.text, low, high))
    for position, match in enumerate(found):
        end = _end(folded.text, match.end(), high)
        if position + 1 < len(found):
            end = min(end, found[position + 1].start())
        end = match.end() + len(_LED_ON.sub("", folded.text[match.end():end]))
        if end - match.end() < _LEAST:
            continue
        fields = {"what": plain(match.group(1)),
                  "rectification": plain(folded.text[match.end():end])}
        spans: dict[str, tuple[Place, ...]] = {
            "what": (folded.span(*match.span(1)),),
            "rectification": (folded.span(match.end(), end),)}
        _money_and_body(folded.text, known, match.start(), end, fields, spans)
        yield Record("finding", fields, spans)


def _end(text: str, position: int, high: int) -> int:
    """The end of the sentence; one that a page break cut goes on in the next block."""
    for mark in _STOP.finditer(text, position, high):
        if mark.group() != "\n" or text[mark.start() - 1] in "：:;":
            return mark.start()
    return high


@record_rule
def found_wrong(figures: Figures) -> Iterable[Record]:
    """The items of an audit report that tell a shortcoming."""
    for part in figures.document.parts:
        if part.type == "audit_report":
            yield from _items(figures, part)


def _items(figures: Figures, part: Part) -> Iterator[Record]:
    folded, known = view(figures), labels(figures)
    low, high = folded.locate(part.start), folded.locate(part.end - 1) + 1
    begins = [match.start() for match in _ITEM.finditer(folded.text, low, high)]
    for position, begin in enumerate(begins):
        after = begins[position + 1] if position + 1 < len(begins) else high
        stop = min(folded.text.find("\n", begin + 1) % (high + 1), after, begin + _MOST)
        answer = _ANSWER.search(folded.text, begin, stop)
        stop = answer.start() if answer else stop
        head = _ITEM.match(folded.text, begin)
        start = head.end() if head else begin
        words = _HEARD.sub("", folded.text[start:stop])
        heads_others = folded.text[begin].isdigit() and stop == after and (
            position + 1 < len(begins) and not folded.text[after].isdigit())
        if len(words) < _LEAST or heads_others or not _SECTION.search(words):
            continue
        fields = {"what": plain(words)}
        spans: dict[str, tuple[Place, ...]] = {"what": (folded.span(start, start + len(words)),)}
        _money_and_body(folded.text, known, start, stop, fields, spans)
        yield Record("finding", fields, spans)


def _money_and_body(text: str, known: Labels, low: int, high: int, fields: dict[str, str],
                    spans: dict[str, tuple[Place, ...]]) -> None:
    """The sum that is said to be involved, else the only one; the first organisation named."""
    sums = list(known.within(low, high, "MONEY"))
    involved = [label for label in sums
                if _INVOLVED.search(text[max(low, label.low - 8):label.low])]
    chosen: Label | None = (involved or sums)[0] if involved or len(sums) == 1 else None
    told = amount(chosen, text) if chosen is not None else None
    if chosen is not None:
        fields["amount"] = (notation(told.number) + told.unit) if told else plain(chosen.text)
        spans["amount"] = (chosen.place,)
    body = next(iter(known.within(low, high, "ORG")), None)
    if body is not None:
        fields["body"], spans["body"] = plain(body.text), (body.place,)
