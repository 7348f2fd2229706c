"""Where answers to one region differ: each difference by itself, with what either side says.

Pure. Spans that not all sides have are put together where they overlap; each such place is one
disagreement, and the relations that differ only because their ends do are none of their own: they
go with the span that is decided for.
"""
from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Iterable, Literal, Mapping, Sequence

from workbench.review.pairs import Answer, Link, Span, links_in, spans_in

Kind = Literal["boundary", "label", "both", "missing", "relation", "class"]
# Figures with what stands inside them; "3.5" and "12,000" are the same up to figures.
_FIGURE = re.compile(r"\d+(?:[.,．，]\d+)*")


@dataclass(frozen=True, slots=True)
class Side:
    """One way in which the region was answered, and the people who said just that."""

    name: str
    answer: Answer
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Says:
    """What is said of one disagreement: spans, relations, or choices of a set of classes."""

    spans: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """What some of the sides say; nothing at all, too, is something to say."""

    says: Says
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One difference: `start` and `end` are the words it is about, local to the region; those of a
    relation reach from end to end, those of a class are the whole region. `sides` without an option
    have no say: they lack an end of the relation."""

    kind: Kind
    start: int
    end: int
    text: str
    options: tuple[Option, ...]
    class_set: str = ""

    @property
    def family(self) -> str:
        return self.kind if self.kind in ("relation", "class") else "span"

    @property
    def key(self) -> str:
        """The same as long as the same is answered at this place."""
        return _digest([self.kind, self.class_set, self.start, self.end,
                        sorted(_plain(option.says) for option in self.options)])

    @property
    def signature(self) -> str:
        """The same where the same was said of the same words, up to figures."""
        return _digest([self.question, sorted(self.pattern(option.says)
                                              for option in self.options)])

    @property
    def question(self) -> str:
        """The words, up to figures, and what is asked of them."""
        if self.kind != "relation":
            return json.dumps([self.family, self.class_set, folded(self.text)],
                              ensure_ascii=False)
        ends = sorted({(folded(self.words(end)), end[2]) for option in self.options
                       for link in option.says.links for end in (link[1], link[2])})
        return json.dumps([self.family, "", ends], ensure_ascii=False)

    def words(self, span: Span) -> str:
        """What a span of this disagreement holds; empty where it reaches beyond."""
        return self.text[max(0, span[0] - self.start):max(0, span[1] - self.start)]

    def pattern(self, says: Says) -> str:
        """What is said of the words, up to figures and wherever they stand."""
        return json.dumps([
            [[label, folded(self.text[:max(0, start - self.start)]), start < self.start,
              folded(self.words((start, end, label))), end > self.end]
             for start, end, label in sorted(says.spans)],
            sorted([name, source[2], folded(self.words(source)), target[2],
                    folded(self.words(target)), direction]
                   for name, source, target, direction in says.links),
            sorted(says.choices)], ensure_ascii=False)

    def option_like(self, pattern: str) -> Option | None:
        """The option that says what `pattern` does."""
        return next((option for option in self.options
                     if self.pattern(option.says) == pattern), None)


@dataclass(frozen=True)
class Comparison:
    """What all sides say (`spans`, `links`, `classes`), and where they differ, by place. `loose`
    are relations that stand if just these spans are decided for: a side has several at their
    place."""

    sides: tuple[Side, ...]
    spans: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()
    loose: tuple[Link, ...] = ()
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    found: tuple[Disagreement, ...] = ()


def folded(text: str) -> str:
    """`text` with every figure made one."""
    return _FIGURE.sub("0", text)


def sides_of(answers: Iterable[tuple[str, Answer]]) -> tuple[Side, ...]:
    """(person, answer) pairs → the different answers as sides a, b, …, in the order given."""
    people: dict[str, list[str]] = defaultdict(list)
    first: dict[str, Answer] = {}
    for person, answer in answers:
        said = json.dumps(_content(answer), ensure_ascii=False)
        first.setdefault(said, answer)
        people[said].append(person)
    return tuple(Side(chr(ord("a") + place), answer, tuple(people[said]))
                 for place, (said, answer) in enumerate(first.items()))


def _content(answer: Answer) -> Any:
    return [sorted(set(spans_in(answer))), sorted(set(links_in(answer))),
            sorted((name, sorted(chosen)) for name, chosen in
                   answer.get("classes", {}).items() if chosen)]


def compare_sides(sides: Sequence[Side], text: str) -> Comparison:
    """All differences between the sides; `text` is the region's slice of its document."""
    spans = {side.name: set(spans_in(side.answer)) for side in sides}
    agreed = set.intersection(*spans.values()) if spans else set()
    places = _clusters({span for said in spans.values() for span in said} - agreed)
    found = [_of_spans(place, sides, text) for place in places]
    # Where each side has one span at most, that is one end of a relation, whatever its borders.
    node: dict[Span, Any] = {
        span: number for number, place in enumerate(places) for span in place
        if all(len(said.intersection(place)) < 2 for said in spans.values())}
    links, differing = _of_links(sides, node, text)
    loose = {span for place in places for span in place if span not in node}
    classes, unlike = _of_classes(sides, text)
    return Comparison(
        tuple(sides), tuple(sorted(agreed)),
        tuple(link for link in links if loose.isdisjoint(link[1:3])),
        tuple(link for link in links if not loose.isdisjoint(link[1:3])), classes,
        tuple(sorted((*found, *differing, *unlike),
                     key=lambda one: (one.start, one.end, one.kind, one.class_set))))


def _clusters(spans: Iterable[Span]) -> list[list[Span]]:
    """Spans that overlap, directly or over others, together."""
    places: list[list[Span]] = []
    reach = -1
    for span in sorted(spans):
        if span[0] < reach:
            places[-1].append(span)
        else:
            places.append([span])
        reach = max(reach, span[1])
    return places


def _of_spans(place: Sequence[Span], sides: Sequence[Side], text: str) -> Disagreement:
    """Relations inside the place belong to its spans."""
    start, end = min(span[0] for span in place), max(span[1] for span in place)
    inside = set(place)
    options = _options({side.name: Says(
        tuple(sorted(inside.intersection(spans_in(side.answer)))),
        tuple(sorted({link for link in links_in(side.answer) if inside.issuperset(link[1:3])})))
        for side in sides})
    each = [option.says.spans for option in options]
    labels = {tuple(sorted({span[2] for span in said})) for said in each}
    borders = {tuple(span[:2] for span in said) for said in each}
    kind: Kind = ("missing" if not all(each) else "boundary" if len(labels) == 1 else
                  "label" if len(borders) == 1 else "both")
    return Disagreement(kind, start, end, text[start:end], options)


def _options(said: Mapping[str, Says]) -> tuple[Option, ...]:
    sides: dict[Says, list[str]] = defaultdict(list)
    for name in sorted(said):
        sides[said[name]].append(name)
    return tuple(Option(says, tuple(names)) for says, names in sides.items())


def _of_links(sides: Sequence[Side], node: Mapping[Span, int],
              text: str) -> tuple[tuple[Link, ...], list[Disagreement]]:
    """The relations that are agreed on, or go with their ends; and those that are not."""
    said: dict[frozenset[Any], dict[str, list[tuple[Any, Link]]]] = defaultdict(
        lambda: defaultdict(list))
    ends: dict[str, set[Any]] = {}
    for side in sides:
        ends[side.name] = {node.get(span, span) for span in spans_in(side.answer)}
        for link in sorted(set(links_in(side.answer))):
            name, source, target, direction = link
            nodes = (node.get(source, source), node.get(target, target))
            if nodes[0] == nodes[1]:
                continue    # it belongs to the spans of its place
            said[frozenset(nodes)][side.name].append(((name, *nodes, direction), link))
    kept: list[Link] = []
    differing = []
    for nodes_of, by_side in said.items():
        # Sides that say the same but for the borders of the ends count as one, in the words of the
        # first.
        worded: dict[tuple[Any, ...], tuple[Link, ...]] = {}
        each: dict[str, Says] = {}
        for side in sides:
            if nodes_of <= ends[side.name]:
                found = by_side.get(side.name, [])
                words = tuple(sorted((words for words, _ in found), key=repr))
                each[side.name] = Says(links=worded.setdefault(
                    words, tuple(sorted(link for _, link in found))))
        if len(worded) == 1:
            kept.extend(next(iter(worded.values())))
            continue
        spans = [end for says in each.values() for link in says.links
                 for end in (link[1], link[2])]
        start, end = min(span[0] for span in spans), max(span[1] for span in spans)
        differing.append(Disagreement("relation", start, end, text[start:end], _options(each)))
    return tuple(sorted(kept)), differing


def _of_classes(sides: Sequence[Side],
                text: str) -> tuple[dict[str, tuple[str, ...]], list[Disagreement]]:
    agreed: dict[str, tuple[str, ...]] = {}
    differing = []
    for name in sorted({name for side in sides for name in side.answer.get("classes", {})}):
        options = _options({side.name: Says(choices=tuple(sorted(
            side.answer.get("classes", {}).get(name, ())))) for side in sides})
        if len(options) == 1:
            agreed[name] = options[0].says.choices
        else:
            differing.append(Disagreement("class", 0, len(text), text, options, name))
    return agreed, differing


def joined(compared: Comparison, decided: Mapping[str, Says]) -> tuple[dict[str, Any], int]:
    """The answer that follows from what is agreed and what was decided on each disagreement, by
    its key; and how many relations fell because an end of theirs did."""
    spans = sorted({*compared.spans, *(span for one in compared.found
                                       for span in decided[one.key].spans)})
    place = {span: position for position, span in enumerate(spans)}
    wanted = [*compared.links, *(link for one in compared.found
                                 for link in decided[one.key].links)]
    links: dict[Link, None] = {}
    fallen = 0
    known = sorted({link for side in compared.sides for link in links_in(side.answer)
                    if link[1] in place and link[2] in place})
    for link in wanted:
        found = _rehomed(link, spans, [other for other in known if other not in links])
        if found is None:
            fallen += 1
        else:
            links[found] = None
    adjusted = [one for one in compared.found if one.family == "span" and decided[one.key].spans
                and all(decided[one.key].spans != option.says.spans for option in one.options)]
    for link in compared.loose:
        if link[1] in place and link[2] in place:
            links[link] = None
        elif any(_overlap(end, (one.start, one.end, "")) for end in (link[1], link[2])
                 for one in adjusted):
            fallen += 1
    classes = {name: list(chosen) for name, chosen in compared.classes.items()}
    classes.update((one.class_set, list(decided[one.key].choices)) for one in compared.found
                   if one.kind == "class")
    return {"spans": [{"start": start, "end": end, "label": label}
                      for start, end, label in spans],
            "relations": [{"type": name, "source": place[source], "target": place[target],
                           "direction": direction or None}
                          for name, source, target, direction in links],
            "classes": classes}, fallen


def _rehomed(link: Link, spans: Sequence[Span], known: Sequence[Link]) -> Link | None:
    """The relation between the spans that were decided for: as it was said, or as another side said
    it (`known`), or between what overlaps its ends most; None where an end is gone."""
    name, source, target, direction = link
    if source in spans and target in spans:
        return link
    likely = [(_overlap(other[1], source) + _overlap(other[2], target), other) for other in known
              if (other[0], other[3]) == (name, direction)
              and _overlap(other[1], source) and _overlap(other[2], target)]
    if likely:
        return max(likely)[1]
    ends = (_home(source, spans), _home(target, spans))
    if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
        return None
    return name, ends[0], ends[1], direction


def _home(span: Span, spans: Sequence[Span]) -> Span | None:
    """The span itself, else what overlaps it most, of its label first."""
    if span in spans:
        return span
    near = [(one[2] == span[2], _overlap(one, span), one) for one in spans if _overlap(one, span)]
    return max(near)[2] if near else None


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def says_to_json(says: Says) -> dict[str, Any]:
    return {"spans": [list(span) for span in says.spans],
            "links": [[name, list(source), list(target), direction]
                      for name, source, target, direction in says.links],
            "choices": list(says.choices)}


def says_from_json(record: Mapping[str, Any]) -> Says:
    """The inverse of `says_to_json`."""
    return Says(tuple((start, end, label) for start, end, label in record["spans"]),
                tuple((name, tuple(source), tuple(target), direction)
                      for name, source, target, direction in record["links"]),
                tuple(record["choices"]))


def _plain(says: Says) -> str:
    return json.dumps(says_to_json(says), ensure_ascii=False)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:20]
