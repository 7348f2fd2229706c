"""The release to train on: one of a project, or one made of the demo gold of the workbench."""
from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any, Iterable

from labels import govdoc, grouping
from labels.errors import InputError, N_
from labels.gold import GoldRegion, GoldRelation, GoldRelease, GoldSpan, release_hash
from labels.release_figures import leakage
from labels.splits import deal
from workbench import demo
from workbench.project import Project
from workbench.reading import read_file
from workbench.store.gold import whole_release

# The demo has five groups of documents: with a tenth for the test, it would test on five lines.
SHARES = {"train": 0.6, "validation": 0.1, "test": 0.3}


def project_release(folder: Path, number: int) -> GoldRelease:
    """Raises ExportError where there is none of that number, or it was edited."""
    with Project(folder).open() as store:
        return whole_release(store, number)


def demo_release() -> GoldRelease:
    """The passages of the demo gold as settled regions, split by groups of their documents."""
    schema = govdoc.load().schema
    rows = [json.loads(line) for line in demo.GOLD.read_text(encoding="utf-8").splitlines()]
    groups = _groups()
    brings: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        brings[groups[row["document"]]].update(span["label"] for span in row["spans"])
        brings[groups[row["document"]]]["passages"] += 1
    splits = deal(brings, {}, SHARES)
    regions = tuple(_region(row, groups[row["document"]], splits) for row in rows)
    return GoldRelease(
        number=1, project="demo", created="", schema_name=schema.name,
        schema_version=schema.version, schema_hash=schema.hash, labels=schema.label_names,
        relations=tuple(relation.name for relation in schema.relations),
        classes=tuple((classes.name, tuple(choice.name for choice in classes.choices))
                      for classes in schema.paragraph_classes),
        regions=regions, hash=release_hash(schema.hash, regions),
        multiple=tuple(classes.name for classes in schema.paragraph_classes if classes.multiple))


def _groups() -> dict[str, str]:
    """The group of each file of the demo; the rows of one file count as one document."""
    sources = [replace(grouping.source_of(document), name=path.name, row=False)
               for path in sorted(demo.DOCUMENTS.iterdir())
               for document in read_file(path)[:1]]
    return {name: members[0] for members in grouping.components(
        (source.name for source in sources), grouping.ties(sources)) for name in members}


def _region(row: dict[str, Any], group: str, splits: dict[str, str]) -> GoldRegion:
    text = row["text"]
    return GoldRegion(
        id=row["id"], document=row["document"], start=0, end=len(text), text=text,
        asked=("spans", "function", "topics"),
        spans=tuple(GoldSpan(**span) for span in row["spans"]),
        relations=tuple(GoldRelation(link["type"], link["from"], link["to"], link.get("direction"))
                        for link in row["relations"]),
        classes=(("function", (row["function"],)), ("topics", tuple(row["topics"]))),
        split=splits[group], group=group)


def told(release: GoldRelease) -> Iterable[str]:
    """The splits in words: regions, and which groups of documents."""
    for split in ("train", "validation", "test"):
        regions = release.split(split)
        groups = sorted({region.group for region in regions})
        yield f"{split}: {len(regions)} regions of {', '.join(groups) or 'no group'}"
    found = leakage(tuple(release.regions))
    yield (f"paragraphs of the test that training has too: {found.grouped} of {found.compared};"
           f" split row by row it would be {found.by_row} of {found.row_compared}")


def require_apart(release: GoldRelease) -> None:
    """Raise InputError where training and test have a group of documents in common."""
    train, test = ({region.group for region in release.split(split)} for split in ("train", "test"))
    if train & test:
        raise InputError(N_("documents of %(group)s stand in training and in the test"),
                         group=sorted(train & test)[0])
