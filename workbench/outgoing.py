"""What is sent to Label Studio: regions with what is suggested for them, as tasks."""
from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

from labels.document import Document
from labels.rules import Pack, Suggestions
from workbench.store import Row, Store
from workbench.store.documents import load_document
from workbench.store.settings import get_setting
from workbench.store.suggestions import classes_of, current_set, relations_of, spans_of
from workbench.studio import mapping
from workbench.studio.mapping import Kind, StudioRelation, StudioSpan
from workbench.studio.push import TaskPayload

CONTEXT = 120   # characters shown before and after a region


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A region as it is sent. `changed`: what is suggested for it is not what was sent before."""

    region_id: int
    set_id: int | None
    changed: bool
    task: TaskPayload


def outgoing(store: Store, pack: Pack, kind: Kind, rows: Sequence[Row]) -> list[Outgoing]:
    """Tasks with predictions for regions, which have the columns of their tasks if they have any.

    Many new sets of suggestions say nothing new on a region, so what they say is compared.
    """
    by_document: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_document[row["document_id"]].append(row)
    made: list[Outgoing] = []
    url = get_setting(store, "workbench_url", "")
    for document_id, regions in by_document.items():
        document = load_document(store, document_id)
        current = current_set(store, document_id)
        set_id = current["id"] if current else None
        suggested = {one: Suggested.of(store, one)
                     for one in {set_id, *(row.get("set_id") for row in regions)}}
        for region in regions:
            start, end = region["start"], region["end"]
            text = mapping.shown(document.text[start:end])
            before, now = (suggested[one].prediction(kind, text, start, end, pack)
                           for one in (region.get("set_id"), set_id))
            data = _task_data(document, region, text, url, document_id)
            # Without a set we do not know what was sent; that no rule had run is one case of it.
            known = region.get("set_id") is not None or set_id is None
            made.append(Outgoing(region["id"], set_id, not known or before != now,
                                 TaskPayload(region["key"], data, now)))
    return made


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

    spans: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    classes: dict[int, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, set_id: int | None) -> "Suggested":
        if set_id is None:
            return cls()
        classes: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in classes_of(store, set_id):
            classes[row["start"]][row["class_set"]].append(row["choice"])
        return cls(spans_of(store, set_id), relations_of(store, set_id), classes)

    @classmethod
    def made(cls, suggestions: Suggestions) -> "Suggested":
        """Of suggestions that are not stored."""
        classes: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for choice in suggestions.classes:
            classes[choice.start][choice.class_set].append(choice.choice)
        return cls([{"position": position, "start": span.start, "end": span.end,
                     "label": span.label, "score": span.score}
                    for position, span in enumerate(suggestions.spans)],
                   [{"source": link.source, "target": link.target, "type": link.type,
                     "direction": link.direction} for link in suggestions.relations], classes)

    def prediction(self, kind: Kind, text: str, start: int, end: int,
                   pack: Pack) -> Mapping[str, Any]:
        """What is suggested for ``[start, end)``, whose text as shown is `text`."""
        if kind == "classes":
            chosen = self.classes.get(start, {})
            return mapping.prediction(text, classes=tuple(chosen.items()), schema=pack.schema)
        inside = [span for span in self.spans if start <= span["start"] and span["end"] <= end]
        place = {span["position"]: index for index, span in enumerate(inside)}
        spans = [StudioSpan(span["start"] - start, span["end"] - start, span["label"],
                            text[span["start"] - start:span["end"] - start], span["score"])
                 for span in inside]
        relations = [StudioRelation(place[link["source"]], place[link["target"]], link["type"],
                                    link["direction"])
                     for link in self.relations
                     if link["source"] in place and link["target"] in place]
        return mapping.prediction(text, spans, relations, schema=pack.schema)
