"""Gold: what people settled, frozen into numbered releases.

Gold is of *regions*: an exact slice of a document and what was asked of it. Outside its regions a
document is not annotated, never empty; exporters write regions only.
"""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Mapping, Protocol

import msgspec

from labels.document import slice_checked
from labels.errors import N_, OffsetError

if TYPE_CHECKING:
    from labels.facts import Facts

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Offsets are local to the region's text."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """`source` and `target` index the region's spans."""

    type: str
    source: int
    target: int
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class GoldRegion:
    """One settled region.

    `asked` names what people were asked here ("spans", "function", "topics"): a region without
    spans that was asked for spans is empty; one that was not asked is not annotated. `classes`
    maps a class set to the chosen names. `group` keeps regions together in one split.
    """

    id: str
    document: str
    start: int
    end: int
    text: str
    asked: tuple[str, ...]
    spans: tuple[GoldSpan, ...] = ()
    relations: tuple[GoldRelation, ...] = ()
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    annotators: tuple[str, ...] = ()
    split: str = "train"
    group: str = ""

    def check(self) -> None:
        """Raise OffsetError unless the spans lie in the text, sorted, and relations index them."""
        if len(self.text) != self.end - self.start:
            raise OffsetError(N_("region %(id)s has a text of another length"), id=self.id)
        length = len(self.text)
        for span in self.spans:
            # The condition of `slice_checked`, which says what is wrong, without a call a span.
            if not 0 <= span.start < span.end <= length:
                slice_checked(self.text, span.start, span.end)
        for relation in self.relations:
            for index in (relation.source, relation.target):
                if not 0 <= index < len(self.spans):
                    raise OffsetError(
                        N_("region %(id)s: a relation names the span %(index)s of %(count)s"),
                        id=self.id, index=index, count=len(self.spans))

    def chosen(self, class_set: str) -> tuple[str, ...]:
        return dict(self.classes).get(class_set, ())


class Regions(Protocol):
    """Regions in their order, to be walked as often as one likes.

    A tuple is such; what reads them anew from where they are kept takes no room for them.
    """

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[GoldRegion]: ...


@dataclass(frozen=True, slots=True)
class GoldRelease:
    """`number` counts from 1; `hash` is of the regions and the schema, not of the time.

    `classes` maps each class set to its choices; `multiple` names those sets that take any number
    of choices, so that a format can declare its columns without looking at the answers. `facts`
    has those of each document, in the order of the regions; `facts_hash` is empty for releases
    that were frozen before there were any.
    """

    number: int
    project: str
    created: str
    schema_name: str
    schema_version: str
    schema_hash: str
    labels: tuple[str, ...]
    relations: tuple[str, ...]
    classes: tuple[tuple[str, tuple[str, ...]], ...]
    regions: Regions
    hash: str
    multiple: tuple[str, ...] = ()
    facts: Iterable[Facts] = field(default=(), compare=False, repr=False)
    facts_hash: str = ""

    def split(self, name: str) -> list[GoldRegion]:
        return [region for region in self.regions if region.split == name]

    def asked(self, what: str) -> list[GoldRegion]:
        return [region for region in self.regions if what in region.asked]


def release_hash(schema_hash: str, regions: Iterable[GoldRegion]) -> str:
    """SHA-256 over the schema and the canonical JSON of the regions, in the order given."""
    digest = hashlib.sha256(schema_hash.encode())
    for region in regions:
        digest.update(canonical_json(region))
    return digest.hexdigest()


_sorted_json = msgspec.json.Encoder(order="sorted").encode


def canonical_json(region: GoldRegion) -> bytes:
    """All of the region as JSON without blanks, its keys sorted, in UTF-8.

    It is what `json` makes of `region_to_json`, in a fifth of the time; a release is hashed
    whenever it is exported. `json` still writes a text with half a character (a lone surrogate).
    """
    try:
        return _sorted_json({
            "id": region.id, "document": region.document, "start": region.start, "end": region.end,
            "text": region.text, "asked": region.asked, "spans": region.spans,
            "relations": region.relations, "classes": dict(region.classes),
            "annotators": region.annotators, "split": region.split, "group": region.group})
    except UnicodeEncodeError:
        return json.dumps(region_to_json(region), ensure_ascii=False, sort_keys=True,
                          separators=(",", ":")).encode("utf-8", "surrogatepass")


def region_to_json(region: GoldRegion) -> dict[str, Any]:
    """All of the region. Written out, since `asdict` takes five times as long over many spans."""
    return {
        "id": region.id, "document": region.document, "start": region.start, "end": region.end,
        "text": region.text, "asked": region.asked,
        "spans": [{"start": span.start, "end": span.end, "label": span.label}
                  for span in region.spans],
        "relations": [{"type": relation.type, "source": relation.source, "target": relation.target,
                       "direction": relation.direction} for relation in region.relations],
        "classes": {name: list(chosen) for name, chosen in region.classes},
        "annotators": region.annotators, "split": region.split, "group": region.group}


class _Kept(msgspec.Struct):
    """The shape of `region_to_json`."""

    id: str
    document: str
    start: int
    end: int
    text: str
    asked: tuple[str, ...]
    spans: tuple[GoldSpan, ...]
    relations: tuple[GoldRelation, ...]
    classes: dict[str, tuple[str, ...]]
    annotators: tuple[str, ...]
    split: str
    group: str


_read_kept = msgspec.json.Decoder(_Kept).decode


def region_from_json(record: Mapping[str, Any] | str) -> GoldRegion:
    """The inverse of `region_to_json`, whose JSON may still be text; checks offsets at the border.

    Raises ValueError where something is missing or of another type.
    """
    found = _read_kept(record) if isinstance(record, str) else msgspec.convert(record, _Kept)
    region = GoldRegion(
        id=found.id, document=found.document, start=found.start, end=found.end, text=found.text,
        asked=found.asked, spans=found.spans, relations=found.relations,
        classes=tuple(found.classes.items()), annotators=found.annotators, split=found.split,
        group=found.group)
    region.check()
    return region
