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
from typing import Any, Iterator

from exporters import Format, Loss
from exporters.regions import (
    SPANS, Files, asked, chosen, json_line, narrowed, read_json_lines, refuse_dots, relation_label,
    relation_of,
)
from labels.errors import N_, ExportError
from labels.gold import SPLITS, GoldRegion, GoldRelease, GoldSpan

FORMAT = Format(
    name="doccano", title=N_("doccano (JSON Lines for its import)"),
    carries=("spans", "relations", "classes"))


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
                    files.write(f"{name}-{region.split}.jsonl", json_line({
                        "text": region.text, "label": list(chosen(release, region, name)),
                        **_place(region)}))
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
        for name in (SPANS, *sorted(names - {SPANS})):
            for row in read_json_lines(folder / f"{name}-{split}.jsonl"):
                yield region_of_row(row, name, split)


def region_of_row(row: dict[str, Any], what: str, split: str) -> GoldRegion:
    place = {"id": row["region"], "document": row["document"], "start": row["start"],
             "end": row["end"], "text": row["text"], "split": split, "asked": (what,)}
    if what != SPANS:
        return GoldRegion(**place, classes=((what, tuple(row["label"])),))
    index = {entity["id"]: number for number, entity in enumerate(row["entities"])}
    return GoldRegion(
        **place,
        spans=tuple(GoldSpan(entity["start_offset"], entity["end_offset"], entity["label"])
                    for entity in row["entities"]),
        relations=tuple(relation_of(relation["type"], index[relation["from_id"]],
                                    index[relation["to_id"]]) for relation in row["relations"]))


def _spans(region: GoldRegion, ids: Iterator[int]) -> dict[str, Any]:
    entities = [{"id": next(ids), "start_offset": span.start, "end_offset": span.end,
                 "label": span.label} for span in region.spans]
    return {"text": region.text, "entities": entities, "relations": [
        {"id": next(ids), "from_id": entities[relation.source]["id"],
         "to_id": entities[relation.target]["id"], "type": relation_label(relation)}
        for relation in region.relations], **_place(region)}


def _place(region: GoldRegion) -> dict[str, Any]:
    return {"region": region.id, "document": region.document, "start": region.start,
            "end": region.end}
