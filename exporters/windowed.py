"""Regions in windows, for formats whose models take a limited length.

A window never cuts a span. For models to which white space is nothing, a window of white space
only goes with the one before it. A relation whose ends stand in different windows cannot be told
and is a Loss. ``regions.jsonl`` names the region of each window, in the order of the release.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Iterable, Iterator

from exporters import Loss
from exporters.regions import SPANS, kept_relations, relation_loss
from labels.document import Span
from labels.errors import N_, ExportError
from labels.gold import GoldRegion, GoldRelation, GoldSpan
from labels.tokens import windows

INDEX = "regions.jsonl"


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
    if len(region.text) <= limit:
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


def joined(row: dict[str, Any], parts: Iterable[Window]) -> GoldRegion:
    """The region of an index row from its windows."""
    texts: list[str] = []
    spans: list[GoldSpan] = []
    relations: list[GoldRelation] = []
    for part in parts:
        first = len(spans)
        texts.append(part.text)
        spans.extend(shifted(span, part.start) for span in part.spans)
        relations.extend(replace(relation, source=relation.source + first,
                                 target=relation.target + first) for relation in part.relations)
    return GoldRegion(**place_of(row), text="".join(texts), asked=(SPANS,), spans=tuple(spans),
                      relations=tuple(relations))


def place(region: GoldRegion) -> dict[str, Any]:
    """What an index row says of any region."""
    return {"id": region.id, "document": region.document, "start": region.start,
            "end": region.end, "split": region.split}


def place_of(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("id", "document", "start", "end", "split")}


def shifted(span: GoldSpan, by: int) -> GoldSpan:
    return GoldSpan(span.start + by, span.end + by, span.label) if by else span


def take(rows: Iterator[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The next `count` rows. Raises ExportError where the file ends before."""
    found = list(islice(rows, count))
    if len(found) != count:
        raise ExportError(N_("a file ends before the rows that its index tells of"))
    return found
