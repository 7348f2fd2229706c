"""Regions in windows, for formats whose models take a limited length.

A window never cuts a span. For models to which white space is nothing, a window of white space
only goes with the one before it. A relation whose ends stand in different windows cannot be told
and is a Loss. ``regions.jsonl`` names the region of each window, in the order of the release.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import Iterable, Iterator, TypeVar

import msgspec

from exporters import Loss
from exporters.regions import SPANS, kept_relations, relation_loss
from labels.document import Span
from labels.errors import N_, ExportError
from labels.gold import GoldRegion, GoldRelation, GoldSpan
from labels.tokens import windows

INDEX = "regions.jsonl"
Row = TypeVar("Row")


class Place(msgspec.Struct):
    """What an index row says of any region."""

    id: str
    document: str
    start: int
    end: int
    split: str


@dataclass(frozen=True, slots=True)
class Window:
    """A slice of a region: `start` is its offset there, spans are local to `text`."""

    start: int
    text: str
    spans: tuple[GoldSpan, ...] = ()
    relations: tuple[GoldRelation, ...] = ()


def cut(region: GoldRegion, limit: int, visible: bool = False) -> list[Window]:
    """The windows of at most `limit` characters, longer only where one span is; with `visible`
    also by white space, so that no window of a region is white space only."""
    found = windows(region.text, region.spans, limit)
    if visible:
        found = _visible(region.text, found)
    if len(found) == 1:
        return [Window(0, region.text, region.spans, region.relations)]
    parts = []
    for window in found:
        inside = [span for span in region.spans if window.start <= span.start < window.end]
        parts.append(Window(
            window.start, region.text[window.start:window.end],
            tuple(shifted(span, -window.start) for span in inside),
            kept_relations(region, inside)))
    return parts


def _visible(text: str, found: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for window in found:
        if kept and not (text[window.start:window.end].strip()
                         and text[kept[-1].start:kept[-1].end].strip()):
            window = Span(kept.pop().start, window.end)
        kept.append(window)
    return kept


def apart(region: GoldRegion, limit: int) -> list[GoldRelation]:
    """The relations of `region` whose ends stand in different windows."""
    if not region.relations or len(region.text) <= limit:
        return []
    starts = [window.start for window in windows(region.text, region.spans, limit)]
    place = [sum(start <= span.start for start in starts) for span in region.spans]
    return [relation for relation in region.relations
            if place[relation.source] != place[relation.target]]


def apart_losses(region: GoldRegion, limit: int, gold: GoldRegion | None = None) -> list[Loss]:
    """`gold` has the same spans and relations where `region` has spans in other places."""
    return [relation_loss(gold or region, relation, N_("its ends stand in different windows"))
            for relation in apart(region, limit)]


def together(region: GoldRegion, limit: int) -> GoldRegion:
    """The region without the relations that `apart` tells."""
    gone = apart(region, limit)
    return region if not gone else replace(
        region, relations=tuple(relation for relation in region.relations if relation not in gone))


def joined(row: Place, parts: Iterable[Window]) -> GoldRegion:
    """The region of an index row from its windows."""
    texts: list[str] = []
    spans: list[GoldSpan] = []
    relations: list[GoldRelation] = []
    for part in parts:
        first = len(spans)
        texts.append(part.text)
        spans += part.spans if not part.start else [
            shifted(span, part.start) for span in part.spans]
        relations += part.relations if not first else [
            GoldRelation(link.type, link.source + first, link.target + first, link.direction)
            for link in part.relations]
    return GoldRegion(id=row.id, document=row.document, start=row.start, end=row.end,
                      split=row.split, text="".join(texts), asked=(SPANS,), spans=tuple(spans),
                      relations=tuple(relations))


def place(region: GoldRegion) -> tuple[str, str, int, int, str]:
    """The fields of `Place`, in their order."""
    return region.id, region.document, region.start, region.end, region.split


def shifted(span: GoldSpan, by: int) -> GoldSpan:
    return GoldSpan(span.start + by, span.end + by, span.label) if by else span


def take(rows: Iterator[Row], count: int) -> list[Row]:
    """The next `count` rows. Raises ExportError where the file ends before."""
    found = list(islice(rows, count))
    if len(found) != count:
        raise ExportError(N_("a file ends before the rows that its index tells of"))
    return found
