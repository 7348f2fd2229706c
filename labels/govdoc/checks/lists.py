"""Counts against lists: names at a meeting, points that a text announces, people told twice."""
from __future__ import annotations

import re
from decimal import Decimal
from typing import Iterator, Sequence

from labels.checks import Equation, Figures, NotCheckable, Suspect, Term, check
from labels.document import Name, NameList
from labels.errors import N_
from labels.govdoc.checks.ordering import number_of
from labels.govdoc.facts import block_bounds, once, part_at, plain, sentence, view
from labels.govdoc.records.appointments import Act, acts, level
from labels.govdoc.records.attendance import EXPECTED, Sitting, sittings
from labels.govdoc.sentences import FIGURE, address, counted, sentences

Claim = Equation | NotCheckable

_STATED = re.compile(r"(\d+)(?:人|名|位)[^\d\n]{0,6}$")


def _list_term(figures: Figures, names: NameList) -> Term:
    first, last = names.names[0], names.names[-1]
    return counted(len(names.names), figures.document.text[first.start:last.end], first.start,
                   last.end, plain(names.heading))


@check
def names_are_as_many(figures: Figures) -> Iterator[Claim]:
    """出席(30人) heads thirty names."""
    folded = view(figures)
    for names in figures.document.name_lists:
        if names.count is None or not names.names:
            continue
        begin = folded.locate(names.names[0].start)
        low = max(0, begin - 60)
        stated = _STATED.search(folded.text[low:begin])
        if stated is None or int(stated.group(1)) != names.count:
            continue
        place = folded.span(low + stated.start(1), low + stated.end(1))
        yield Equation(
            "lists.names_are_as_many",
            (counted(names.count, figures.document.text[slice(*place)], *place,
                     address(figures, place[0])), _list_term(figures, names)),
            N_("%(said)s are stated and %(held)s names are listed"),
            {"said": names.count, "held": len(names.names)}, weights=(1, -1))


@check
def expected_came_or_not(figures: Figures) -> Iterator[Claim]:
    """Those who should come are those who came and those who did not."""
    for sitting in sittings(figures):
        if sitting.expected is None or sitting.present is None:
            continue
        number, place = sitting.expected
        expected = counted(number, figures.document.text[slice(*place)], *place,
                           address(figures, place[0]))
        if sitting.absent is None and number != len(sitting.present.names):
            yield NotCheckable("lists.expected_came_or_not", *place, expected.address,
                               N_("there is no list of those who did not come"))
            continue
        lists = [names for names in (sitting.present, sitting.absent) if names is not None]
        yield Equation(
            "lists.expected_came_or_not",
            (expected, *(_list_term(figures, names) for names in lists)),
            N_("%(expected)s should come: %(lists)s did or did not"),
            {"expected": number, "lists": " + ".join(str(len(names.names)) for names in lists)},
            weights=(1, *[-1] * len(lists)))


_CAME = re.compile(r"(?:实际出席|实际到会|实到会?|实际参加|出席(?:会议)?)[^，。;:\d\n]{0,12}?(\d+)(?:人|名|位)")
_MISSED = re.compile(r"(?:请假|缺席|未到|未出席|因[^，。;\d]{0,8}(?:请假|缺席))[^，。;:\d\n]{0,10}?(\d+)(?:人|名|位)")


@check
def told_attendance_adds_up(figures: Figures) -> Iterator[Claim]:
    """应到代表289名，实到275名，请假14名: in one sentence."""
    folded = view(figures)
    for match in EXPECTED.finditer(folded.text):
        end = sentence(folded.text, match.end())[1]
        came = _CAME.search(folded.text, match.end(), end)
        missed = _MISSED.search(folded.text, match.end(), end)
        if came is None or missed is None:
            continue
        told = [(int(one.group(1)), folded.span(*one.span(1))) for one in (match, came, missed)]
        yield Equation(
            "lists.told_attendance_adds_up",
            tuple(counted(number, figures.document.text[slice(*place)], *place,
                          address(figures, place[0])) for number, place in told),
            N_("%(expected)s should come: %(came)s came and %(missed)s did not"),
            {"expected": told[0][0], "came": told[1][0], "missed": told[2][0]},
            weights=(1, -1, -1))


def _members(sitting: Sitting) -> dict[str, tuple[int, int]]:
    return {plain(name.text): (name.start, name.end)
            for names in (sitting.present, sitting.absent) if names is not None
            for name in names.names}


@check
def same_people_sit(figures: Figures) -> Iterator[Claim]:
    """The days of one meeting have the same members, present and absent together; nobody is both.

    People of two meetings may differ; only sittings of one part are compared.
    """
    by_part: dict[int, list[Sitting]] = {}
    for sitting in sittings(figures):
        if sitting.present is not None and sitting.absent is not None:
            yield from _nobody_twice(figures, sitting)
            if sitting.part is not None:
                by_part.setdefault(sitting.part.start, []).append(sitting)
    for days in by_part.values():
        for one, other in zip(days, days[1:]):
            yield _same_members(figures, one, other)


def _nobody_twice(figures: Figures, sitting: Sitting) -> Iterator[Claim]:
    seen: dict[str, Name] = {}
    for names in (sitting.present, sitting.absent):
        for name in names.names if names is not None else ():
            first = seen.setdefault(plain(name.text), name)
            if first is not name:
                terms = tuple(counted(1, one.text, one.start, one.end,
                                      address(figures, one.start)) for one in (first, name))
                yield Equation("lists.same_people_sit", terms, N_("%(name)s is listed twice"),
                               {"name": plain(name.text)}, weights=(1, 0))


def _same_members(figures: Figures, one: Sitting, other: Sitting) -> Equation:
    """The names that only one day has are the terms; the lists are where there are none."""
    first, second = _members(one), _members(other)
    odd = sorted((place, name) for mine, yours in ((first, second), (second, first))
                 for name, place in mine.items() if name not in yours)
    details = {"odd": "、".join(name for _, name in odd)}
    if not odd:
        assert one.present is not None and other.present is not None
        terms = _list_term(figures, one.present), _list_term(figures, other.present)
        return Equation("lists.same_people_sit", terms, N_("both days have the same members"),
                        details, residual=lambda values: Decimal(0))
    return Equation(
        "lists.same_people_sit",
        tuple(counted(1, figures.document.text[slice(*place)], *place,
                      address(figures, place[0])) for place, _ in odd),
        N_("only one of two days has %(odd)s"), details, weights=tuple([1] * len(odd)),
        suspects=tuple(Suspect(*place, "source", N_("the other day's lists lack this name"))
                       for place, _ in odd))


# --- points that are announced -------------------------------------------------------------------

_NUMBER = r"(?P<n>\d{1,2}|[两二三四五六七八九十]{1,3})"
_ANNOUNCED = re.compile(
    rf"(?:以下|如下|下列|重点|主要|突出了?|做好|抓好|推进|体现在|具体|从|包括|建议|意见)[^。，;:\n\d]{{0,10}}?{_NUMBER}"
    rf"(?:个方面|方面|个问题|个重点|个环节|个部分|项|点|条|大类|类)[^。，;:\n]{{0,14}}[:。\n](?:\n)?")
_MARKERS: tuple[tuple[str, str], ...] = (
    ("{han}是", r"(?:^|[。;:，\n])"), ("({han})", r"(?:^|[。;:\n])"), ("{han}、", r"(?:^|[。;:\n])"),
    ("第{han}，", r"(?:^|[。;:\n])"), ("第{han},", r"(?:^|[。;:\n])"),
    ("({n})", r"(?:^|[。;:\n])"), ("{n}.", r"(?:^|[。;:\n])"),
    ("{n}、", r"(?:^|[。;:\n])"),
)
_HAN = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
        "十五", "十六", "十七", "十八", "十九", "二十")
_FAR = 40_000


@check
def points_are_as_many(figures: Figures) -> Iterator[Claim]:
    """做好以下八方面工作: (一) … (八): the points that follow are as many as announced."""
    folded = view(figures)
    for match in _ANNOUNCED.finditer(folded.text):
        said = number_of(match.group("n").replace("两", "二"))
        kind = _first_marker(folded.text, match.end())
        if kind is None or not 2 <= said < len(_HAN):
            continue
        part = part_at(figures.document, folded.offsets[match.start()])
        high = folded.locate(part.end - 1) if part else len(folded.text)
        if kind[0] == 0:
            # 一是 … 二是 do not leave their paragraph.
            high = block_bounds(folded, match.end())[1]
        found = _points(folded.text, kind, match.end() - 1, min(high, match.end() + _FAR))
        if len(found) < 2:
            continue
        place, whole = folded.span(*match.span("n")), folded.span(found[0][0], found[-1][1])
        yield Equation(
            "lists.points_are_as_many",
            (counted(said, figures.document.text[slice(*place)], *place,
                     address(figures, place[0])),
             counted(len(found), folded.text[slice(*found[-1])], *folded.span(*found[-1]),
                     address(figures, whole[0]))),
            N_("%(said)s points are announced and %(held)s follow"),
            {"said": said, "held": len(found)}, weights=(1, -1))


def _first_marker(text: str, position: int) -> tuple[int, str, str] | None:
    for number, (form, lead) in enumerate(_MARKERS):
        if text.startswith(_marker(form, 1), position):
            return number, form, lead
    return None


def _marker(form: str, n: int) -> str:
    return form.format(han=_HAN[n], n=n)


def _points(text: str, kind: tuple[int, str, str], low: int,
            high: int) -> Sequence[tuple[int, int]]:
    """Where the markers 1, 2, 3 … stand; a new 1 before the next number ends the list."""
    _, form, lead = kind
    found: list[tuple[int, int]] = []
    for n in range(1, len(_HAN)):
        following = re.compile(lead + f"({re.escape(_marker(form, n))})").search(text, low, high)
        anew = re.compile(lead + f"({re.escape(_marker(form, 1))})").search(text, low, high)
        if following is None or (n > 1 and anew is not None and anew.start() < following.start()):
            break
        found.append(following.span(1))
        low = following.end()
    return found


# --- names and figures told respectively ---------------------------------------------------------

_RESPECTIVELY = re.compile(
    rf"(?:^|[，;:])(?P<names>[^{FIGURE}，;:]*、[^{FIGURE}，;:]*?)(?:同比|环比|比上年|较上年|各)?分别"
    rf"[^{FIGURE}，;:、]{{0,12}}(?P<values>[{FIGURE}](?:[、和及与，][{FIGURE}])+)")


@check
def as_many_figures_as_names(figures: Figures) -> Iterator[Claim]:
    """甲、乙、丙分别增长a、b、c: a figure for each name. 和 may part two names, or join one."""
    folded = view(figures)
    for one in sentences(figures):
        for match in _RESPECTIVELY.finditer(one.shape):
            names = match.group("names")
            least = names.count("、") + 1
            most = least + len(re.findall("[和及与]", names))
            held = len(re.findall(f"[{FIGURE}]", match.group("values")))
            listed = folded.span(one.offsets[match.start("names")],
                                 one.offsets[match.end("names") - 1] + 1)
            first = folded.offsets[one.offsets[match.start("values")]]
            last = one.figures.get(match.end("values") - 1)
            if last is None:
                continue
            place = first, last.label.end
            yield Equation(
                "lists.as_many_figures_as_names",
                (counted(min(max(held, least), most), names, *listed, address(figures, first)),
                 counted(held, figures.document.text[slice(*place)], *place,
                         address(figures, first))),
                N_("%(names)s names have %(held)s figures"),
                {"names": least if held < least else min(most, held), "held": held},
                weights=(1, -1))


# --- people told twice ---------------------------------------------------------------------------

_CONFIRMED = re.compile(r"(?:，(?!确认|认为)|确认|认为)(?P<names>[\u4e00-\u9fff·、]{5,400}?)(?:等\d*[名位]?)?"
                        r"的代表资格有效")


@check
def elected_are_confirmed(figures: Figures) -> Iterator[Claim]:
    """Those whose election a part tells are those whose 代表资格 it finds valid."""
    folded = view(figures)
    for match in _CONFIRMED.finditer(folded.text):
        names = match.group("names").split("、")
        begin = folded.offsets[match.start("names")]
        told = [act for act in _acts(figures) if act.action == "elected"
                and act.part == part_at(figures.document, begin) and act.person.start < begin]
        if len(names) < 2 or len(told) < 2:
            continue
        place = folded.span(*match.span("names"))
        listed = figures.document.text[slice(*place)]
        for act in told:
            yield _named_again(figures, act, plain(act.person.text) in names, listed, place)
        mine = {plain(act.person.text) for act in told}
        for name in names:
            if name not in mine and len(names) == len(told):
                at = folded.text.index(name, match.start("names"))
                yield _only_once(figures, name, folded.span(at, at + len(name)))


@check
def elected_are_announced(figures: Figures) -> Iterator[Claim]:
    """A by-election told in two parts has the same people in both."""
    folded = view(figures)
    groups: dict[tuple[str, str, tuple[str, str], int], list[Act]] = {}
    for act in _acts(figures):
        if act.organisation is not None and act.part is not None and act.action == "elected":
            groups.setdefault((act.action, plain(act.post.text), level(act.organisation.text),
                               act.part.start), []).append(act)
    for one, mine in groups.items():
        for other, yours in groups.items():
            people = {plain(act.person.text) for act in yours}
            shared = sum(plain(act.person.text) in people for act in mine)
            if one[:3] != other[:3] or one == other or 2 * shared < len(mine) or len(mine) < 2:
                continue
            part = yours[0].part
            assert part is not None
            text = folded.text[folded.locate(part.start):folded.locate(part.end - 1) + 1]
            place = yours[0].person.start, yours[-1].person.end
            for act in mine:
                yield _named_again(figures, act, plain(act.person.text) in text,
                                   figures.document.text[slice(*place)], place)


def _acts(figures: Figures) -> list[Act]:
    return once(figures, "lists.acts", acts)


def _named_again(figures: Figures, act: Act, found: bool, listed: str,
                 place: tuple[int, int]) -> Equation:
    """The name once here, and once in the other list where it is found there."""
    return Equation(
        "lists.people_are_the_same",
        (counted(1, act.person.text, *act.person.place, address(figures, act.person.start)),
         counted(int(found), listed, *place, address(figures, place[0]))),
        N_("%(name)s stands in both lists"), {"name": plain(act.person.text)}, weights=(1, -1))


def _only_once(figures: Figures, name: str, place: tuple[int, int]) -> Equation:
    return Equation(
        "lists.people_are_the_same",
        (counted(1, name, *place, address(figures, place[0])),),
        N_("%(name)s stands in both lists"), {"name": name}, weights=(1,))


_PROPOSED = re.compile(r"提请|建议|提名|拟")


@check
def proposed_is_decided(figures: Figures) -> Iterator[Claim]:
    """Who is proposed for a post and appointed is appointed to that post."""
    text = view(figures).text
    known = _acts(figures)
    proposals = [act for act in known if act.part is not None and _PROPOSED.search(
        act.part.title + text[sentence(text, act.person.low)[0]:act.person.low])]
    for act in known:
        if act.part is None or act.part.type != "appointment_list":
            continue
        for proposal in proposals:
            if proposal.part == act.part or (proposal.action, plain(proposal.person.text)) != (
                    act.action, plain(act.person.text)):
                continue
            posts = {plain(other.post.text) for other in known
                     if other.part == act.part and other.person == act.person}
            same = plain(proposal.post.text) in posts
            yield Equation(
                "lists.proposed_is_decided",
                (counted(1, proposal.post.text, *proposal.post.place,
                         address(figures, proposal.post.start)),
                 counted(int(same), act.post.text, *act.post.place,
                         address(figures, act.post.start))),
                N_("%(name)s is proposed and decided for the same post"),
                {"name": plain(act.person.text)}, weights=(1, -1))
