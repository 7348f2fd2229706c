"""doccano: JSON Lines as its import takes them.

``spans-train.jsonl`` (one file a split) goes into a project *Sequence labeling* that allows
overlapping spans and uses relations; ``SET-train.jsonl``, one a class set, into a project *Text
classification*. One line of each::

    {"text": "就业岗位增长5%。",
     "entities": [{"id": 0, "start_offset": 0, "end_offset": 4, "label": "INDICATOR"}, …],
     "relations": [{"id": 0, "from_id": 0, "to_id": 1, "type": "CHANGE.up"}],
     "region": "d1:0-9", "document": "d1", "start": 0, "end": 9}
    {"text": "就业岗位增长5%。", "label": ["achievement"], "region": "d1:0-9", …}

doccano keeps what it does not know (``region`` …) as the example's metadata. Ids are unique in the
whole export, since some of its versions look a relation's ends up by id alone. The direction of
change follows the type of a relation after a dot. Offsets are Unicode code points, as its server
counts. Nothing is lost: no choice is an empty ``label``, not asked is no line.
"""
from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Iterator

import msgspec

from exporters import Format, Loss
from exporters.lines import Files, json_line, read_typed
from exporters.regions import (
    SPANS, asked, chosen, gold_spans, narrowed, refuse_dots, relation_label, relation_of,
)
from labels.errors import N_, ExportError
from labels.gold import SPLITS, GoldRegion, GoldRelease

FORMAT = Format(
    name="doccano", title=N_("doccano (JSON Lines for its import)"),
    carries=("spans", "relations", "classes"))


class Entity(msgspec.Struct):
    id: int
    start: int = msgspec.field(name="start_offset")
    end: int = msgspec.field(name="end_offset")
    label: str


class Link(msgspec.Struct):
    id: int
    from_id: int
    to_id: int
    type: str


class SpanRow(msgspec.Struct):
    text: str
    entities: list[Entity]
    relations: list[Link]
    region: str
    document: str
    start: int
    end: int


class ClassRow(msgspec.Struct):
    text: str
    label: tuple[str, ...]
    region: str
    document: str
    start: int
    end: int


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the files; nothing is lost."""
    refuse_dots(release)
    for name, _ in release.classes:
        if name == SPANS or Path(name).name != name:
            raise ExportError(N_("the class set %(name)r cannot be a file's name"), name=name)
    ids = count()
    with Files(folder) as files:
        for region in release.regions:
            if SPANS in region.asked:
                files.write(f"{SPANS}-{region.split}.jsonl", json_line(_spans(region, ids)))
            for name, _ in release.classes:
                if name in region.asked:
                    files.write(f"{name}-{region.split}.jsonl", json_line(ClassRow(
                        region.text, chosen(release, region, name), region.id, region.document,
                        region.start, region.end)))
    return []


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    """Split by split the regions asked for spans, then those of each class set by name."""
    for split in SPLITS:
        for what in (SPANS, *sorted(dict(release.classes))):
            for region in asked(release, what, split):
                yield narrowed(release, region, [what])


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions that the files hold; one asked for several things comes once for each."""
    names = {path.name.rpartition("-")[0] for path in folder.glob("*-*.jsonl")}
    for split in SPLITS:
        for row in read_typed(folder / f"{SPANS}-{split}.jsonl", SpanRow):
            yield _span_region(row, split)
        for name in sorted(names - {SPANS}):
            for answer in read_typed(folder / f"{name}-{split}.jsonl", ClassRow):
                yield GoldRegion(
                    id=answer.region, document=answer.document, start=answer.start, end=answer.end,
                    text=answer.text, split=split, asked=(name,), classes=((name, answer.label),))


def _span_region(row: SpanRow, split: str) -> GoldRegion:
    index = {entity.id: number for number, entity in enumerate(row.entities)
             } if row.relations else {}
    return GoldRegion(
        id=row.region, document=row.document, start=row.start, end=row.end, text=row.text,
        split=split, asked=(SPANS,),
        spans=gold_spans(row.entities),
        relations=tuple([relation_of(link.type, index[link.from_id], index[link.to_id])
                         for link in row.relations]))


def _spans(region: GoldRegion, ids: Iterator[int]) -> SpanRow:
    entities = [Entity(next(ids), span.start, span.end, span.label) for span in region.spans]
    links = [Link(next(ids), entities[relation.source].id, entities[relation.target].id,
                  relation_label(relation)) for relation in region.relations]
    return SpanRow(region.text, entities, links, region.id, region.document, region.start,
                   region.end)
