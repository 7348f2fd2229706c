"""What is sent to Label Studio: regions with what is suggested for them, as tasks."""
from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

from labels.document import Document
from labels.rules import Pack, Suggestions
from workbench.carrying import Classes, carried_over
from workbench.quick_effect import NONE, Effect, applied, effects, effects_sent
from workbench.store import Row, Store
from workbench.store.documents import load_document
from workbench.store.quick import answered_regions, last_in_regions
from workbench.store.rereads import place_in_set
from workbench.store.settings import get_setting
from workbench.store.suggestions import (
    classes_of, current_set, document_of, marks_of, relations_of,
)
from workbench.studio import mapping
from workbench.studio.mapping import Kind, StudioRelation, StudioSpan
from workbench.studio.push import TaskPayload

CONTEXT = 120   # characters shown before and after a region


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A region as it is sent. `changed`: what is suggested for it is not what was sent before;
    `before` is that. `data_hash` tells whether the task's data are those of today. `quick` is the
    last quick decision that the suggestions take in."""

    region_id: int
    set_id: int | None
    changed: bool
    data_hash: str
    task: TaskPayload
    before: Mapping[str, Any]
    quick: int = 0


def outgoing(store: Store, pack: Pack, kind: Kind, rows: Sequence[Row]) -> list[Outgoing]:
    """Tasks with predictions for regions, which have the columns of their tasks if they have any.

    Many new sets of suggestions say nothing new on a region, so what they say is compared.
    """
    by_document: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_document[row["document_id"]].append(row)
    made: list[Outgoing] = []
    url = get_setting(store, "workbench_url", "")
    quick = Quick.of(store, kind, rows)
    for document_id, regions in by_document.items():
        document = load_document(store, document_id)
        current = current_set(store, document_id)
        set_id = current["id"] if current else None
        newest = Suggested.of(store, set_id, document_id)
        sent = {one: newest if one == set_id else Suggested.of(store, one)
                for one in {row.get("set_id") for row in regions}}
        for region in regions:
            start, end = region["start"], region["end"]
            text = mapping.shown(document.text[start:end])
            now = newest.prediction(kind, text, start, end, pack, quick.now(region))
            # What was sent may be of an older version, where the same text stood elsewhere.
            was = region.get("set_id")
            stood = place_in_set(store, region, was) if was else (start, end)
            before = now if was == set_id and not quick.moved(region) else sent[was].prediction(
                kind, text, stood[0], stood[1], pack, quick.sent(region))
            data = _task_data(document, region, text, url, document_id)
            # Without a set we do not know what was sent; that no rule had run is one case of it.
            known = region.get("set_id") is not None or set_id is None
            made.append(Outgoing(
                region["id"], set_id, not known or before != now,
                place_hash(region, document.title or document.source, url),
                TaskPayload(region["key"], data, now), before, quick.last(region)))
    return made


@dataclass(frozen=True)
class Quick:
    """Quick decisions in regions: as they are now, and as their tasks were sent. What somebody has
    answered stays as it was sent."""

    effects: Mapping[int, Effect]
    effects_sent: Mapping[int, Effect]
    lasts: Mapping[int, int]

    @classmethod
    def of(cls, store: Store, kind: Kind, rows: Sequence[Row]) -> "Quick":
        ids = [row["id"] for row in rows] if kind == "spans" else []
        lasts = last_in_regions(store, ids)
        if not lasts:
            return cls({}, {}, {})
        answered = answered_regions(store)
        return cls(effects(store, lasts),
                   effects_sent(store, {row["id"]: row.get("quick") or 0 for row in rows}),
                   {one: last for one, last in lasts.items() if one not in answered})

    def now(self, region: Row) -> Effect:
        return (self.effects if region["id"] in self.lasts else self.effects_sent).get(
            region["id"], NONE)

    def sent(self, region: Row) -> Effect:
        return self.effects_sent.get(region["id"], NONE)

    def moved(self, region: Row) -> bool:
        return self.last(region) != (region.get("quick") or 0)

    def last(self, region: Row) -> int:
        return self.lasts.get(region["id"], region.get("quick") or 0)


def place_hash(region: Row, title: str, url: str) -> str:
    """Changes with what a task shows beside its text: cheap, for all regions of a project."""
    place = [region["document_id"], region["start"], region["end"], region["heading_path"],
             title, url]
    return hashlib.sha256(json.dumps(place).encode()).hexdigest()[:16]


def _task_data(document: Document, region: Row, text: str, url: str,
               document_id: int) -> dict[str, str]:
    start, end = region["start"], region["end"]
    return mapping.task_data(
        region["key"], text, heading_path=json.loads(region["heading_path"]),
        before=mapping.shown(document.text[max(0, start - CONTEXT):start]).strip(),
        after=mapping.shown(document.text[end:end + CONTEXT]).strip(),
        document_title=document.title or document.source,
        document_url=f"{url}/documents/{document_id}" if url else "")


@dataclass
class Suggested:
    """What is suggested for one document, ready to be cut by region."""

    spans: list[Row] = field(default_factory=list)      # in reading order
    starts: list[int] = field(default_factory=list)
    relations: dict[int, list[Row]] = field(default_factory=dict)   # by position of the source
    classes: dict[int, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, set_id: int | None, document_id: int | None = None) -> "Suggested":
        """A set with what is carried over from older versions of its document; without a set
        only that of `document_id`."""
        if set_id is None:
            return cls() if document_id is None else cls._of(
                *carried_over(store, document_id, [], (), {}))
        classes: Classes = defaultdict(lambda: defaultdict(list))
        for row in classes_of(store, set_id):
            classes[row["start"]][row["class_set"]].append(row["choice"])
        return cls._of(*carried_over(store, document_of(store, set_id), marks_of(store, set_id),
                                     relations_of(store, set_id), classes))

    @classmethod
    def made(cls, suggestions: Suggestions, store: Store | None = None,
             document_id: int = 0) -> "Suggested":
        """Of suggestions that are not stored; with what is carried over to a document, if one is
        given."""
        classes: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for choice in suggestions.classes:
            classes[choice.start][choice.class_set].append(choice.choice)
        spans: list[Row] = [
            {"position": position, "start": span.start, "end": span.end, "label": span.label,
             "score": span.score} for position, span in enumerate(suggestions.spans)]
        relations = [{"source": link.source, "target": link.target, "type": link.type,
                      "direction": link.direction} for link in suggestions.relations]
        if store is None:
            return cls._of(spans, relations, classes)
        return cls._of(*carried_over(store, document_id, spans, relations, classes))

    @classmethod
    def _of(cls, spans: Sequence[Row], relations: Sequence[Row],
            classes: dict[int, dict[str, list[str]]]) -> "Suggested":
        by_source: dict[int, list[Row]] = defaultdict(list)
        for row in relations:
            by_source[row["source"]].append(row)
        return cls(list(spans), [span["start"] for span in spans], by_source, classes)

    def prediction(self, kind: Kind, text: str, start: int, end: int, pack: Pack,
                   effect: Effect = NONE) -> Mapping[str, Any]:
        """What is suggested for ``[start, end)``, whose text as shown is `text`; `effect` is what
        people decided on it."""
        if kind == "classes":
            chosen = self.classes.get(start, {})
            return mapping.prediction(text, classes=tuple(chosen.items()), schema=pack.schema)
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        inside = applied([span for span in self.spans[first:last] if span["end"] <= end], start,
                         effect, pack.schema.label_names)
        place = {span["position"]: index for index, span in enumerate(inside)}
        spans = [StudioSpan(span["start"] - start, span["end"] - start, span["label"],
                            text[span["start"] - start:span["end"] - start], span["score"])
                 for span in inside]
        relations = [StudioRelation(place[link["source"]], place[link["target"]], link["type"],
                                    link["direction"])
                     for span in inside for link in self.relations.get(span["position"], ())
                     if link["target"] in place]
        return mapping.prediction(text, spans, relations, schema=pack.schema)
