"""Appointments: who was appointed, removed, elected, or resigned from which post, and where.

One decision is often told several times (contents list, title, text, report): its mentions are
one record, which shows the words of the fullest one.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Iterator, Mapping

from labels.checks import Figures
from labels.days import dates
from labels.document import Document, Part
from labels.govdoc.facts import (
    Label, Place, block_bounds, labels, part_at, plain, sentence, view,
)
from labels.records import Record, record_rule

ACTIONS = {"APPOINTED": "appointed", "REMOVED": "removed", "RESIGNED": "resigned",
           "ELECTED": "elected"}
# 任命甲为…，免去其…职务: the one removed is the one named before.
_HIS = re.compile(r"(?:免去|撤销)其")
_NEXT_ACT = re.compile(r"[。;\n]|任命|免去|接受|补选|决定")
_DECIDES = ("appointment_list", "resolution")


@dataclass(frozen=True)
class Words:
    """Words of the source, labelled or not."""

    text: str
    place: Place


@dataclass(frozen=True)
class Act:
    """One mention of an appointment; `organisation` may be missing."""

    action: str
    person: Label
    post: Label
    organisation: Words | None
    part: Part | None
    date: Label | None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.action, plain(self.person.text), plain(self.post.text)


def acts(figures: Figures) -> list[Act]:
    """All mentions, in the order of the text."""
    known = labels(figures)
    found = [Act(ACTIONS[arrow.type], person, arrow.label,
                 _organisation(figures, person, arrow.label),
                 part_at(figures.document, person.start), _date(figures, person))
             for person in known.all if person.label == "PERSON"
             for arrow in known.out(person, *ACTIONS)]
    found.extend(_his_posts(figures, found))
    return sorted(found, key=lambda act: (act.person.start, act.post.start))


def _his_posts(figures: Figures, found: Iterable[Act]) -> Iterator[Act]:
    """免去其…职务 speaks of the person of the act before it in the same sentence."""
    text, known = view(figures).text, labels(figures)
    told = list(found)
    taken = {act.post.index for act in told}
    for verb in _HIS.finditer(text):
        low, _ = sentence(text, verb.start())
        before = [act.person for act in told if low <= act.person.low < verb.start()]
        stop = _NEXT_ACT.search(text, verb.end())
        if not before:
            continue
        for post in known.within(verb.end(), stop.start() if stop else len(text), "POST"):
            if post.index not in taken:
                yield Act("removed", before[-1], post, _organisation(figures, before[-1], post),
                          part_at(figures.document, post.start), None)


_CLAUSE = re.compile(r"[^\n。;]*[，,](?=(?:同时)?(?:免去|撤销)?其)")
_LINK = re.compile(r"(?:同志)?(?:免去|撤销)?其?(?:辞去|担任|任命为|出任|当选为?|的|为|任)?其?")
_NO_NAME = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9“”()]")


def _organisation(figures: Figures, person: Label, post: Label) -> Words | None:
    """What the relation says; else the unlabelled words between the person and the post.

    An organisation that the relation fetches from another sentence comes after those words.
    """
    known, folded = labels(figures), view(figures)
    said = [_whole_name(figures, arrow.label) for arrow in known.out(post, "POST_OF")]
    start, _ = sentence(folded.text, post.low)
    if said and folded.locate(said[0].place[0]) >= start:
        return said[0]
    return _own_words(figures, person, post) or (
        said[0] if said else _of_heading(figures, person))


def _whole_name(figures: Figures, label: Label) -> Words:
    """An organisation with those that stand right before it: 云泽区人民法院 and 砚溪人民法庭."""
    known, folded = labels(figures), view(figures)
    low = label.low
    for before in reversed(list(known.within(max(0, low - _LONGEST), low, "ORG", "LOC"))):
        if before.high != low:
            break
        low = before.low
    return Words(folded.text[low:label.high], folded.span(low, label.high))


def _own_words(figures: Figures, person: Label, post: Label) -> Words | None:
    known, folded = labels(figures), view(figures)
    low = max([label.high for label in known.within(person.low, post.low, "PERSON", "POST")])
    if low > person.high and folded.text[low:post.low] in ("、", "和", "兼", ","):
        before = [label for label in known.within(person.high, post.low, "POST")][-1]
        return _organisation(figures, person, before)
    for lead in (_CLAUSE, _LINK):
        found = lead.match(folded.text, low, post.low)
        low = found.end() if found else low
    words = folded.text[low:post.low]
    if not 2 <= len(words) <= 40 or _NO_NAME.search(words):
        return None
    return Words(words, folded.span(low, post.low))


def _of_heading(figures: Figures, person: Label) -> Words | None:
    """A list may stand under the name of the organisation whose posts it fills."""
    part = part_at(figures.document, person.start)
    if part is None or part.type != "appointment_list":
        return None
    folded = view(figures)
    title = part.spans.get("title", (part.start, part.start))
    for label in reversed(list(labels(figures).within(
            folded.locate(title[1]), person.low, "ORG"))):
        low, high = block_bounds(folded, label.low)
        if high - low - (label.high - label.low) <= _AROUND_NAME and not low <= person.low < high:
            return Words(label.text, label.place)
    return None


# 二、 before and : after the name of an organisation that is a heading of its own.
_AROUND_NAME = 6
_LONGEST = 60


def _date(figures: Figures, person: Label) -> Label | None:
    """The day that the sentence itself gives the act: 于2020年12月23日补选…."""
    text = view(figures).text
    low, _ = sentence(text, person.low)
    for label in reversed(list(labels(figures).within(low, person.low, "DATE"))):
        if text[label.low - 1:label.low] in ("于", "在") and dates(label.text) is not None:
            return label
    return None


@record_rule
def appointment(figures: Figures) -> Iterable[Record]:
    """One record a person, post and action, however often it is told."""
    groups: list[list[Act]] = []
    for act in acts(figures):
        home = next((group for group in groups if _same(group, act)), None)
        if home is None:
            groups.append([act])
        else:
            home.append(act)
    for group in groups:
        yield _record(figures.document, sorted(group, key=_weight, reverse=True))


def _same(group: list[Act], act: Act) -> bool:
    return group[0].key == act.key and all(
        other.organisation is None or act.organisation is None
        or level(other.organisation.text) == level(act.organisation.text) for other in group)


_LONG = (("人大常委会", "人民代表大会常务委员会"), ("人大", "人民代表大会"), ("法院", "人民法院"),
         ("检察院", "人民检察院"), ("人民人民", "人民"))
_DIVISION = re.compile(r"[\u4e00-\u9fff]{0,6}?(?:自治区|省|市|区|县|州|旗|盟|镇|乡)")
_TERM = re.compile(r"第?[一二三四五六七八九十\d]+届")


def level(organisation: str) -> tuple[str, str]:
    """What of an organisation's name is the same in its short and its full form.

    The mark of the lowest division and the name after it: 云泽区第八届人大 → (区, 人民代表大会).
    """
    name, mark = _TERM.sub("", plain(organisation)), ""
    while True:
        found = _DIVISION.match(name)
        if found is None or found.end() == len(name):
            break
        mark, name = found.group()[-1], name[found.end():]
    for short, full in _LONG:
        if full not in name:
            name = name.replace(short, full)
    return mark, name


def _weight(act: Act) -> tuple[bool, bool, int]:
    """How well a mention tells the act: in a decision, in its text, with the full names."""
    part = act.part
    decides = part is not None and part.type in _DECIDES
    title = part.spans.get("title") if part else None
    told = part is not None and not (title and title[0] <= act.person.start < title[1])
    return decides, told, len(act.organisation.text) if act.organisation else 0


def _record(document: Document, group: list[Act]) -> Record:
    """The first act gives the words; what it lacks the others give."""
    best = group[0]
    fields: dict[str, str] = {"action": best.action, "person": plain(best.person.text),
                              "post": plain(best.post.text)}
    spans: dict[str, tuple[Place, ...]] = {"person": (best.person.place,),
                                           "post": (best.post.place,)}
    named = next((act.organisation for act in group if act.organisation is not None), None)
    if named is not None:
        fields["organisation"], spans["organisation"] = plain(named.text), (named.place,)
    for act in group:
        if "date" not in fields:
            fields.update(_when(act))
            spans.update(_places_of_date(act))
        if "meeting" not in fields and act.part is not None and act.part.meeting:
            fields["meeting"] = plain(act.part.meeting)
            spans.update(_of_part(act.part, "meeting", "meeting"))
    return Record("appointment", fields, spans)


def _when(act: Act) -> Mapping[str, str]:
    if act.date is not None:
        found = dates(act.date.text)
        return {"date": found.low} if found else {}
    return {"date": act.part.date} if act.part is not None and act.part.date else {}


def _places_of_date(act: Act) -> Mapping[str, tuple[Place, ...]]:
    if act.date is not None:
        return {"date": (act.date.place,)}
    return _of_part(act.part, "date", "date") if act.part is not None else {}


def _of_part(part: Part, fact: str, name: str) -> Mapping[str, tuple[Place, ...]]:
    return {name: (part.spans[fact],)} if fact in part.spans else {}
