"""A document that was read again: its regions, answers and gold go with the text that stayed.

A region whose text stands word for word in the new version is *re-pointed* to it: task, answers
and gold hang on the region, their offsets are its own. Of the others each label is sought in the
new version. What is found for certain is suggested there in place of what the rules suggest
(`store.rereads.carried`); what is not becomes a conflict for a person.
"""
from __future__ import annotations

import json
from bisect import bisect_right, insort
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, Iterable, Mapping

from labels.anchoring import Alignment, Anchored, Place, alike
from labels.document import Document
from workbench.reading.regions import Region, heading_paths, passages, regions
from workbench.store import Row, Store
from workbench.store.conflicts import (
    VANISHED, end_conflict, last_resolution, open_conflicts, raise_conflict,
)
from workbench.store.documents import document_row, load_document
from workbench.store.rereads import (
    NewAnchoring, anchorings_of, labelled, move_region, older_versions, regions_of, save_reread,
    was_reread,
)
from workbench.store.suggestions import current_set, spans_of

# Characters shown on either side of a label in the queue of conflicts.
CONTEXT = 40
# A changed paragraph is the same one, or may be, if it shares so much with the older one.
SAME_PARAGRAPH, MAYBE_PARAGRAPH = 0.8, 0.5
DISMISSED = "dismissed"


@dataclass
class Plan:
    """What a version takes over from older ones.

    `moves`: (region as it stands, its new start). `taken`: by kind the stretches of the new text
    that have a region already, in order. `relations`: (source, target, type, direction), the ends
    positions in `anchorings`.
    """

    moves: list[tuple[Row, int]] = field(default_factory=list)
    taken: dict[str, list[Place]] = field(default_factory=lambda: {"spans": [], "classes": []})
    anchorings: list[NewAnchoring] = field(default_factory=list)
    relations: list[tuple[int, int, str, str | None]] = field(default_factory=list)
    known: dict[tuple[Any, ...], int] = field(default_factory=dict)

    @property
    def carried(self) -> list[Region]:
        """The spans that are suggested, as extents of the new text."""
        return [Region(*one.places[one.taken], (), "spans") for one in self.anchorings
                if one.taken is not None and one.kind == "span"]

    def summary(self) -> dict[str, int]:
        return {"regions": len(self.moves),
                **Counter(one.verdict for one in self.anchorings)}

    def add(self, new: NewAnchoring) -> int:
        """Its position. Two answers that say the same are one label."""
        key = (new.old_document, new.kind, new.label, new.start, new.end)
        position = self.known.setdefault(key, len(self.anchorings))
        if position == len(self.anchorings):
            self.anchorings.append(new)
        else:
            known = self.anchorings[position]
            self.anchorings[position] = replace(
                known, answer_ids=tuple(sorted({*known.answer_ids, *new.answer_ids})))
        return position


def plan(store: Store, document_id: int) -> Plan:
    """What the version would take over. Only reads."""
    made = Plan()
    if was_reread(store, document_id) or not older_versions(store, document_id):
        return made
    new = load_document(store, document_id)
    aligned = {row["id"]: Alignment(load_document(store, row["id"]), new)
               for row in older_versions(store, document_id)}
    for old_id, both in aligned.items():
        _repoint(made, both, regions_of(store, old_id))
    moved = {region["id"] for region, _ in made.moves}
    last = next(iter(aligned))
    said = labelled(store, last)
    free = _Free({kind: list(places) for kind, places in made.taken.items()})
    for row in said:
        if row["region_id"] not in moved:
            anchor = _anchor_spans if row["kind"] == "spans" else _anchor_classes
            anchor(made, aligned[last], last, row, free)
    _anchor_again(store, made, last, aligned, {row["region_id"] for row in said}, free)
    return made


def new_regions(store: Store, document_id: int, made: Plan) -> Mapping[str, list[Region]]:
    """By kind the regions of a version beside those that it takes over."""
    document = load_document(store, document_id)
    current = current_set(store, document_id)
    spans = [Region(span["start"], span["end"], (), "spans")
             for span in (spans_of(store, current["id"]) if current else ())]
    taken = set(made.taken["classes"])
    return {"spans": regions(document, [*spans, *made.carried], made.taken["spans"]),
            "classes": [one for one in passages(document) if (one.start, one.end) not in taken]}


def apply(store: Store, document_id: int, made: Plan) -> None:
    """Re-point, keep what became of the labels, open the conflicts. The caller holds the
    transaction in which `made` was planned, and cuts the other regions in it."""
    if was_reread(store, document_id) or not older_versions(store, document_id):
        return
    document = load_document(store, document_id)
    paths = heading_paths(document, sorted({start for _, start in made.moves}))
    with store.write():
        for region, start in made.moves:
            move_region(store, region, document_id, start,
                        start + region["end"] - region["start"], paths[start])
        ids = save_reread(store, document_id, made.anchorings, made.relations, made.summary())
        _raise_conflicts(store, document_id, document, made.anchorings, ids)


def _repoint(made: Plan, both: Alignment, rows: Iterable[Row]) -> None:
    for region in rows:
        start = both.repointed(region["start"], region["end"])
        if start is None:
            continue
        place = start, start + region["end"] - region["start"]
        taken = made.taken[region["kind"]]
        if not _overlaps(taken, place):
            insort(taken, place)
            made.moves.append((region, start))


def _overlaps(places: list[Place], place: Place) -> bool:
    """Whether `place` overlaps one of `places`, which are in order and apart."""
    at = bisect_right(places, place)
    return bool((at and places[at - 1][1] > place[0])
                or (at < len(places) and places[at][0] < place[1]))


@dataclass
class _Free:
    """Where a label can still be suggested: no region was taken over there, and no label."""

    places: dict[str, list[Place]]

    def take(self, kind: str, found: Anchored) -> int | None:
        """The number of the place that is taken: 0, or None."""
        if found.found is None or _overlaps(self.places[kind], found.found):
            return None
        insort(self.places[kind], found.found)
        return 0


# --- labels --------------------------------------------------------------------------------------

def _anchor_spans(made: Plan, both: Alignment, old_id: int, said: Row, free: _Free) -> None:
    """The spans and relations of one answer."""
    places: list[int] = []
    for span in said["answer"]["spans"]:
        start, end = said["start"] + span["start"], said["start"] + span["end"]
        key = old_id, "span", span["label"], start, end
        found = both.anchor(start, end)
        taken = None if key in made.known else free.take("spans", found)
        places.append(made.add(NewAnchoring(
            said["region_id"], old_id, tuple(said["answer_ids"]), "span", span["label"],
            start, end, both.old.text[start:end], found.verdict, found.places, taken)))
    made.relations += [(places[link["source"]], places[link["target"]], link["type"],
                        link.get("direction")) for link in said["answer"]["relations"]]


def _anchor_classes(made: Plan, both: Alignment, old_id: int, said: Row, free: _Free) -> None:
    """What one answer says of a paragraph that changed: of the paragraph likest to it."""
    found = _paragraph(both, said["start"], said["end"])
    label = json.dumps(said["answer"]["classes"], ensure_ascii=False, sort_keys=True)
    key = old_id, "class", label, said["start"], said["end"]
    taken = None if key in made.known else free.take("classes", found)
    made.add(NewAnchoring(
        said["region_id"], old_id, tuple(said["answer_ids"]), "class", label, said["start"],
        said["end"], both.old.text[said["start"]:said["end"]], found.verdict, found.places, taken))


def _paragraph(both: Alignment, start: int, end: int) -> Anchored:
    """Which paragraph between the same neighbours an older one became."""
    words, (low, high) = both.old.text[start:end], both.between(start)
    rated = sorted(((alike(words, both.new.text[one.start:one.end]), one)
                    for one in passages(both.new) if low <= one.start < high),
                   key=lambda pair: -pair[0])
    places = tuple((one.start, one.end) for likeness, one in rated if likeness >= MAYBE_PARAGRAPH)
    sure = len(places) == 1 and rated[0][0] >= SAME_PARAGRAPH
    return Anchored(start, end, "moved" if sure else "ambiguous" if places else "lost", places)


def _anchor_again(store: Store, made: Plan, last: int, aligned: Mapping[int, Alignment],
                  answered: set[int], free: _Free) -> None:
    """Labels that the version before took over from a still older one, and that nobody answered
    there; and those that somebody still has to decide on."""
    waiting = {row["content"].get("anchoring") for row in open_conflicts(store, "anchor")}
    held = [(row["start"], row["end"]) for row in regions_of(store, last)
            if row["id"] in answered]
    for row in anchorings_of(store, last):
        if row["taken"] is not None:
            old, (start, end) = last, row["places"][row["taken"]]
            if any(begin <= start and end <= stop for begin, stop in held):
                continue
        elif row["id"] in waiting and row["old_document"] in aligned:
            old, start, end = row["old_document"], row["start"], row["end"]
        else:
            continue
        kind = "spans" if row["kind"] == "span" else "classes"
        found = (aligned[old].anchor if kind == "spans" else
                 lambda a, b: _paragraph(aligned[old], a, b))(start, end)
        made.add(NewAnchoring(
            row["region_id"], old, tuple(row["answer_ids"]), row["kind"], row["label"], start, end,
            aligned[old].old.text[start:end], found.verdict, found.places, free.take(kind, found)))


# --- conflicts -----------------------------------------------------------------------------------

def _raise_conflicts(store: Store, document_id: int, document: Document,
                     anchorings: list[NewAnchoring], ids: list[int]) -> None:
    """One a label that was not found for certain. Those of older versions are over."""
    row = document_row(store, document_id)
    assert row is not None
    older: dict[int, Document] = {}
    raised = set()
    for one, anchoring_id in zip(anchorings, ids):
        if one.verdict not in ("ambiguous", "lost"):
            continue
        key = f"{one.old_document}:{one.kind}:{one.start}-{one.end}:{one.label}"
        if (last_resolution(store, "anchor", key) or "").split(" ")[0] in (DISMISSED, "note"):
            continue
        if one.old_document not in older:
            older[one.old_document] = load_document(store, one.old_document)
        raise_conflict(store, "anchor", key, {
            "document": document_id, "name": row["name"], "title": row["title"],
            "anchoring": anchoring_id, "verdict": one.verdict, "kind": one.kind,
            "label": one.label, "old_document": one.old_document,
            "was": _shown(older[one.old_document], one.start, one.end),
            "candidates": [_shown(document, *place) for place in one.places],
        }, region_id=one.region_id, answer_id=one.answer_ids[0] if one.answer_ids else None)
        raised.add(key)
    for conflict in open_conflicts(store, "anchor"):
        if conflict["content"].get("name") == row["name"] and conflict["key"] not in raised:
            end_conflict(store, conflict["id"], VANISHED, "")


def _shown(document: Document, start: int, end: int) -> dict[str, Any]:
    text = document.text
    return {"start": start, "end": end, "text": text[start:end],
            "before": text[max(0, start - CONTEXT):start], "after": text[end:end + CONTEXT]}
