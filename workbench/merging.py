"""What gold says of passages, together with what rules say, as one list of suggestions.

Where a passage is brought over whole nothing else is suggested in it; in another the rules stay
where they do not overlap what gold says. What gives way is kept unshown, and judged.
"""
from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import Sequence

from labels.document import Document
from labels.inheritance import SCORES
from labels.rules import (
    Beaten, ClassSuggestion, Evidence, RelationSuggestion, SpanSuggestion, Suggestions, Unshown,
    unshown_class, unshown_link,
)
from workbench.inheriting import Inherited

INHERITED = "inherited"


def merged(document: Document, found: Suggestions,
           inherited: Sequence[Inherited]) -> Suggestions:
    """`found` with what is inherited in its place; what rules say there is unshown."""
    if not inherited:
        return found
    merging = _Merging(document, found, [one for one in inherited if one.kind == "spans"])
    classes, hidden = _classes(found, [one for one in inherited if one.kind == "classes"])
    return Suggestions(merging.spans(), merging.relations(), classes, found.failures,
                       (*found.unshown, *merging.unshown, *hidden))


class _Merging:
    """Spans and relations of rules and of gold on their way into one list."""

    def __init__(self, document: Document, found: Suggestions,
                 inherited: Sequence[Inherited]) -> None:
        self._text, self._found = document.text, found
        self._passages = sorted(inherited, key=lambda one: one.start)
        self._starts = [one.start for one in self._passages]
        self.unshown: list[Unshown] = []
        # What will stand in the end: from gold (its passage, number there) or from a rule (its
        # number), and where a rule's span says just what gold says.
        entries: list[tuple[SpanSuggestion, tuple[int, int]]] = []
        same: dict[int, tuple[int, int]] = {}
        held: dict[int, list[SpanSuggestion]] = defaultdict(list)
        for number, span in enumerate(found.spans):
            over = self._beneath(span, number, same, held)
            if over:
                self.unshown.append(Unshown(
                    "span", span.label, span.start, span.end, span.rule, span.version,
                    span.score, INHERITED))
            else:
                entries.append((span, (-1, number)))
        for place, one in enumerate(self._passages):
            entries += [(self._made(one, index, held[place]), (place, index))
                        for index in range(len(one.said.spans))]
        entries.sort(key=lambda entry: (entry[0].start, entry[0].end))
        self._spans = tuple(span for span, _ in entries)
        self._number = {key: number for number, (_, key) in enumerate(entries)}
        self._number.update({(-1, number): self._number[key] for number, key in same.items()})

    def _passage(self, offset: int) -> int:
        """The number of the passage that holds `offset`, or -1."""
        at = bisect_right(self._starts, offset) - 1
        return at if at >= 0 and offset < self._passages[at].end else -1

    def _beneath(self, span: SpanSuggestion, number: int, same: dict[int, tuple[int, int]],
                 held: dict[int, list[SpanSuggestion]]) -> bool:
        """Whether a span of a rule gives way to what is inherited."""
        over = False
        for place in {self._passage(span.start), self._passage(span.end - 1)} - {-1}:
            one = self._passages[place]
            beneath = [index for index, (start, end, _) in enumerate(one.said.spans)
                       if span.start < end and start < span.end]
            held[place] += [span] if beneath else []
            same.update({number: (place, index) for index in beneath
                         if one.said.spans[index] == span[:3]})
            over |= bool(beneath) or (
                one.said.whole and one.start <= span.start and span.end <= one.end)
        return over

    def _made(self, one: Inherited, index: int,
              beneath: Sequence[SpanSuggestion]) -> SpanSuggestion:
        start, end, label = one.said.spans[index]
        over = [span for span in beneath if span.start < end and start < span.end]
        same = [span for span in over if span[:3] == (start, end, label)]
        beat = tuple(Beaten(span.rule, span.label, span.evidence.matched)
                     for span in over if span not in same)
        return SpanSuggestion(
            start, end, label, one.source, str(one.gold_id), SCORES[one.source],
            Evidence(self._text[start:end], (), beat), same[0].value if same else None)

    def spans(self) -> tuple[SpanSuggestion, ...]:
        return self._spans

    def relations(self) -> tuple[RelationSuggestion, ...]:
        """Those of gold; those of rules where their ends stand, but for such within a passage that
        is brought over whole."""
        told: dict[tuple[int, int, str], RelationSuggestion] = {}
        for place, one in enumerate(self._passages):
            for kind, source, target, direction in one.said.relations:
                first, last = self._number[place, source], self._number[place, target]
                told[first, last, kind] = RelationSuggestion(
                    kind, first, last, one.source, str(one.gold_id), SCORES[one.source],
                    direction)
        for link in self._found.relations:
            source_, target_ = (self._number.get((-1, end)) for end in (link.source, link.target))
            if source_ is None or target_ is None or self._within(link) \
                    or (source_, target_, link.type) in told:
                self.unshown.append(unshown_link(link, self._found.spans, INHERITED))
            else:
                told[source_, target_, link.type] = link._replace(source=source_, target=target_)
        return tuple(sorted(told.values(),
                            key=lambda link: (link.source, link.target, link.type)))

    def _within(self, link: RelationSuggestion) -> bool:
        places = {self._passage(self._found.spans[end].start)
                  for end in (link.source, link.target)}
        (place, *others) = places
        return not others and place >= 0 and self._passages[place].said.whole


def _classes(found: Suggestions, inherited: Sequence[Inherited],
             ) -> tuple[tuple[ClassSuggestion, ...], list[Unshown]]:
    """The classes with those of gold for its paragraphs, and what rules say of these."""
    taken = {one.start for one in inherited}
    kept = [vote for vote in found.classes if vote.start not in taken]
    kept += [ClassSuggestion(name, choice, one.start, one.end, one.source, str(one.gold_id),
                             SCORES[one.source])
             for one in inherited for name, chosen in one.said.classes for choice in chosen]
    return (tuple(sorted(kept, key=lambda vote: vote.start)),
            [unshown_class(vote, INHERITED) for vote in found.classes if vote.start in taken])
