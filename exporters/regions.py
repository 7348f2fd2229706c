"""What every exporter does with the regions of a release: check, narrow, compare.

An exporter walks `release.regions` as often as it needs to and never keeps them: it writes line by
line and tells what it meant to write a second time (`carried`), so that `verify` compares one
region at a time with what the closed files hold. So memory does not grow with the documents.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from operator import attrgetter
from typing import Any, Callable, Iterable, Iterator, Sequence

import msgspec

from exporters import Loss
from labels.errors import N_, ExportError
from labels.gold import (
    SPLITS, GoldRegion, GoldRelation, GoldRelease, GoldSpan, release_hash,
)

SPANS = "spans"


@dataclass
class Counts:
    """How much a release holds, or the files of one; `classes` are the questions, each a class set
    that one region was asked."""

    regions: int = 0
    spans: int = 0
    relations: int = 0
    classes: int = 0

    def add(self, region: GoldRegion) -> None:
        self.regions += 1
        self.spans += len(region.spans)
        self.relations += len(region.relations)
        self.classes += len(region.asked) - (SPANS in region.asked)


def check(release: GoldRelease) -> Counts:
    """Raise ExportError for a release that no format could write, or that was edited.

    One pass: the hash is taken of the regions while they are looked at and counted.
    """
    counts = Counts()
    found = release_hash(release.schema_hash, _checked(release, counts))
    if found != release.hash:
        raise ExportError(
            N_("release %(number)s was changed since it was frozen"), number=release.number,
            hint=N_("its regions no longer have its hash; restore it, or freeze a new one"))
    return counts


def _checked(release: GoldRelease, counts: Counts) -> Iterator[GoldRegion]:
    declared = _Declared(release)
    seen: set[str] = set()
    for region in release.regions:
        declared.check(region)
        if region.id in seen:
            raise _wrong(region, N_("its id is there twice"))
        seen.add(region.id)
        counts.add(region)
        yield region
    if not seen:
        raise ExportError(N_("release %(number)s holds no regions"), number=release.number)


_label, _type = attrgetter("label"), attrgetter("type")


class _Declared:
    """What a release says that its regions may hold."""

    def __init__(self, release: GoldRelease) -> None:
        self.labels = set(release.labels)
        self.relations = set(release.relations)
        self.choices = {name: set(choices) for name, choices in release.classes}
        self.multiple = set(release.multiple)
        self.questions = {SPANS, *self.choices}

    def check(self, region: GoldRegion) -> None:
        region.check()
        if not region.text:
            raise _wrong(region, N_("it holds no text"))
        if region.split not in SPLITS:
            raise _wrong(region, N_("its split is not one of train, validation, test"))
        if not _encodes(region.id + region.document + region.text):
            raise _wrong(region, N_("it holds half a character (a lone surrogate)"))
        if not self.questions.issuperset(region.asked):
            raise _wrong(region, N_("it was asked for what the release does not declare"))
        if not self.labels.issuperset(map(_label, region.spans)):
            raise _wrong(region, N_("it has a label that the release does not declare"))
        if not self.relations.issuperset(map(_type, region.relations)):
            raise _wrong(region, N_("it has a relation that the release does not declare"))
        if (region.spans or region.relations) and SPANS not in region.asked:
            raise _wrong(region, N_("it has spans and was not asked for them"))
        for name, chosen in region.classes:
            if chosen and name not in region.asked:
                raise _wrong(region, N_("it has a class and was not asked for it"))
            if not self.choices.get(name, set()).issuperset(chosen):
                raise _wrong(region, N_("it has a class that the release does not declare"))
            if len(chosen) > 1 and name not in self.multiple:
                raise _wrong(region, N_("it has several classes where one is asked"))


def _encodes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _wrong(region: GoldRegion, what: str) -> ExportError:
    return ExportError(N_("region %(id)s cannot be exported: %(what)s"), id=region.id, what=what)


def class_sets(release: GoldRelease, region: GoldRegion) -> tuple[str, ...]:
    """The class sets that `region` was asked, in the order of the release."""
    return tuple(name for name, _ in release.classes if name in region.asked)


def asked(release: GoldRelease, what: str, split: str | None = None) -> Iterator[GoldRegion]:
    """The regions asked for `what`, of one split if it is given, in the order of the release."""
    return (region for region in release.regions
            if what in region.asked and split in (None, region.split))


def narrowed(release: GoldRelease, region: GoldRegion, wanted: Iterable[str], *,
             spans: Sequence[GoldSpan] | None = None,
             relations: Sequence[GoldRelation] | None = None) -> GoldRegion:
    """The region as a format holds it: only what is `wanted`, with `spans`, `relations` if given.

    Choices are in the order of their class set, since several of them are a set. Who annotated it
    and its group stay in the workbench: they are not training data.
    """
    questions = set(wanted)
    names = [name for name, _ in release.classes if name in questions]
    has_spans = SPANS in questions
    return GoldRegion(
        id=region.id, document=region.document, start=region.start, end=region.end,
        text=region.text, asked=(SPANS, *names) if has_spans else tuple(names), split=region.split,
        spans=tuple(region.spans if spans is None else spans) if has_spans else (),
        relations=tuple(region.relations if relations is None else relations) if has_spans else (),
        classes=tuple([(name, chosen(release, region, name)) for name in names]))


def chosen(release: GoldRelease, region: GoldRegion, class_set: str) -> tuple[str, ...]:
    """What `region` was given of `class_set`, in the order that the release declares."""
    given = set(region.chosen(class_set))
    return tuple(name for name in dict(release.classes)[class_set] if name in given)


def relation_label(relation: GoldRelation) -> str:
    """Type and direction of change in one name, ``CHANGE.up``, for formats with names only."""
    return relation.type if not relation.direction else f"{relation.type}.{relation.direction}"


def relation_of(label: str, source: int, target: int) -> GoldRelation:
    """The inverse of `relation_label`."""
    kind, _, direction = label.partition(".")
    return GoldRelation(kind, source, target, direction or None)


def refuse_dots(release: GoldRelease) -> None:
    """Raise ExportError where `relation_of` would take a part of a type for a direction."""
    for name in release.relations:
        if "." in name:
            raise ExportError(N_("the relation %(name)r holds a dot; its direction begins there"),
                              name=name)


def verify(expected: Iterable[GoldRegion], found: Iterable[GoldRegion], name: str) -> Counts:
    """Raise ExportError unless the files of format `name` hold exactly `expected`, in its order.

    Returns how much they hold.
    """
    held = Counts()
    for wanted, present in zip_longest(expected, found):
        if wanted is None or present is None or not same(wanted, present):
            raise ExportError(
                N_("format %(name)s read back another region %(id)s than was written"),
                name=name, id=(wanted or present).id)
        held.add(wanted)
    return held


def same(one: GoldRegion, other: GoldRegion) -> bool:
    """Whether two regions say the same; neither spans nor relations nor choices have an order."""
    return one == other or canonical(one) == canonical(other)


_place_of_span = attrgetter("start", "end", "label")


def canonical(region: GoldRegion) -> tuple[Any, ...]:
    """All of the region in one order: spans by place and label, relations by spans."""
    spans = list(map(_place_of_span, region.spans))
    if not region.relations:
        relations: list[tuple[Any, ...]] = []
    else:
        order = sorted(range(len(spans)), key=spans.__getitem__)
        place = {index: position for position, index in enumerate(order)}
        relations = sorted(
            (place[link.source], place[link.target], link.type, link.direction or "",
             link.direction is None) for link in region.relations)
    return (region.id, region.document, region.start, region.end, region.text, region.split,
            region.group, region.annotators, sorted(region.asked), sorted(region.classes),
            sorted(spans), relations)


def kept_relations(region: GoldRegion, kept: Sequence[GoldSpan]) -> tuple[GoldRelation, ...]:
    """The relations between spans of `region` that are among `kept`, as indices of `kept`."""
    if not region.relations:
        return ()
    place = {id(span): index for index, span in enumerate(kept)}
    ends = [place.get(id(span)) for span in region.spans]
    found = []
    for relation in region.relations:
        source, target = ends[relation.source], ends[relation.target]
        if source is not None and target is not None:
            found.append(replace(relation, source=source, target=target))
    return tuple(found)


def respanned(region: GoldRegion, change: Callable[[GoldSpan], tuple[GoldSpan | None, str]],
              ) -> tuple[GoldRegion, list[Loss], GoldRegion]:
    """The region with each span as a format can hold it, what is lost by that, and the region with
    the same spans and relations as gold has them, whose places name further losses.

    `change` gives the span (itself, another, or None) and the reason, a msgid, where it is not
    itself. Relations follow their spans; one whose end is gone is lost too.
    """
    position: dict[int, int] = {}
    spans: list[GoldSpan] = []
    losses: list[Loss] = []
    for index, span in enumerate(region.spans):
        held, reason = change(span)
        if held is not None:
            position[index] = len(spans)
            spans.append(held)
        if held is not span and held != span:
            losses.append(span_loss(region, span, reason, kind="cut" if held else "dropped"))
    if not losses:
        return region, [], region
    relations = []
    for relation in region.relations:
        if relation.source in position and relation.target in position:
            relations.append(replace(relation, source=position[relation.source],
                                     target=position[relation.target]))
        else:
            losses.append(relation_loss(region, relation, N_("one of its ends is lost")))
    whole = replace(region, spans=tuple(spans), relations=tuple(relations))
    return whole, losses, replace(whole, spans=tuple(
        span for index, span in enumerate(region.spans) if index in position))


def trimmed(text: str, span: GoldSpan) -> GoldSpan | None:
    """The span without white space at its edges; None where it is nothing else."""
    words = text[span.start:span.end]
    bare = words.strip()
    if not bare:
        return None
    if len(bare) == len(words):
        return span
    start = span.start + len(words) - len(words.lstrip())
    return GoldSpan(start, start + len(bare), span.label)


def needs_trimming(region: GoldRegion) -> bool:
    """Whether a span of `region` needs `trimmed`: nearly none begins or ends with white space."""
    text = region.text
    for span in region.spans:
        if text[span.start].isspace() or text[span.end - 1].isspace():
            return True
    return False


TRIMMED = N_("white space at its edges was cut off")
BLANK = N_("nothing but white space")


_GOLD_SPANS = tuple[GoldSpan, ...]


def gold_spans(found: Iterable[Any]) -> tuple[GoldSpan, ...]:
    """Spans of anything that has their attributes; msgspec makes them in half of Python's time."""
    return msgspec.convert(tuple(found), _GOLD_SPANS, from_attributes=True)


def span_loss(region: GoldRegion, span: GoldSpan, reason: str, where: str = "span",
              kind: str = "dropped") -> Loss:
    """`reason` is a msgid; ``what`` names the span by its local offsets."""
    return Loss(region.id, f"{where} {span.start}-{span.end} {span.label}", reason, kind)


def relation_loss(region: GoldRegion, relation: GoldRelation, reason: str) -> Loss:
    """``what`` names the relation by the places of its two spans."""
    source, target = region.spans[relation.source], region.spans[relation.target]
    return Loss(region.id, f"relation {source.start}-{source.end} {relation_label(relation)} "
                           f"{target.start}-{target.end}", reason)
