"""What one release says otherwise than another: regions, spans, relations, classes, splits, schema.

Regions are matched by their id, then those left over by their text in the same document, so that
a document read anew without a change there is no difference. Spans of one place with another
label, and overlapping spans of one label, are one change and not a loss and a gain.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any, Iterator, Sequence

from labels.facts import hash_of
from labels.gold import GoldRegion, GoldRelease, GoldSpan

CHANGES = ("added", "removed", "relabelled", "moved")


@dataclass(frozen=True, slots=True)
class SpanChange:
    """`change` is one of `CHANGES`; of an added span there is no `before`, of a removed one no
    `after`. Spans are as (start, end, label), local to the region."""

    region: str
    document: str
    change: str
    before: GoldSpan | None
    after: GoldSpan | None
    words: str


@dataclass
class Count:
    """How many of one name there were before, are after, and how many came and went."""

    before: int = 0
    after: int = 0
    added: int = 0
    removed: int = 0


@dataclass(frozen=True)
class ReleaseDiff:
    """`first` and `second` are numbers. `spans`, `relations` and `classes` count by name; what
    stood in regions that came or went is in them. `schema` holds names by "labels added" and the
    like. `facts` names the documents of both whose records or cells are others."""

    first: int
    second: int
    regions_added: tuple[str, ...]
    regions_removed: tuple[str, ...]
    regions_changed: tuple[str, ...]
    same: int
    documents_added: tuple[str, ...]
    documents_removed: tuple[str, ...]
    spans: dict[str, Count] = field(default_factory=dict)
    relations: dict[str, Count] = field(default_factory=dict)
    classes: dict[str, Count] = field(default_factory=dict)
    span_changes: tuple[SpanChange, ...] = ()
    splits: tuple[tuple[str, str, str], ...] = ()
    schema: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facts: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the two say the same."""
        return not (self.regions_added or self.regions_removed or self.regions_changed
                    or self.splits or self.schema or self.facts)


def compare(first: GoldRelease, second: GoldRelease) -> ReleaseDiff:
    """All differences from `first` to `second`, in order of the document."""
    pairs, gone, new = _matched(tuple(first.regions), tuple(second.regions))
    spans: dict[str, Count] = defaultdict(Count)
    relations: dict[str, Count] = defaultdict(Count)
    classes: dict[str, Count] = defaultdict(Count)
    changes: list[SpanChange] = []
    changed: list[str] = []
    for old, now in [*pairs, *((old, None) for old in gone), *((None, now) for now in new)]:
        _count(spans, _spans(old), _spans(now))
        _count(relations, _relations(old), _relations(now))
        _count(classes, _classes(old), _classes(now))
        if old and now:
            changes += _span_changes(old, now)
            if _said(old) != _said(now):
                changed.append(now.id)
    before, after = _documents(first), _documents(second)
    return ReleaseDiff(
        first.number, second.number, tuple(region.id for region in new),
        tuple(region.id for region in gone), tuple(changed), len(pairs) - len(changed),
        tuple(sorted(after.keys() - before.keys())), tuple(sorted(before.keys() - after.keys())),
        dict(sorted(spans.items())), dict(sorted(relations.items())),
        dict(sorted(classes.items())), tuple(changes),
        tuple((name, before[name], after[name]) for name in sorted(before.keys() & after.keys())
              if before[name] != after[name]), _schema(first, second), _facts(first, second))


def diff_to_json(diff: ReleaseDiff) -> dict[str, Any]:
    """The shape of ``workbench releases diff --json``."""
    return {
        "from": diff.first, "to": diff.second, "same": diff.empty,
        "regions": {"added": list(diff.regions_added), "removed": list(diff.regions_removed),
                    "changed": list(diff.regions_changed), "unchanged": diff.same},
        "documents": {"added": list(diff.documents_added),
                      "removed": list(diff.documents_removed)},
        **{name: {key: asdict(count) for key, count in getattr(diff, name).items()}
           for name in ("spans", "relations", "classes")},
        "span_changes": [asdict(change) for change in diff.span_changes],
        "splits": [{"document": name, "before": before, "after": after}
                   for name, before, after in diff.splits],
        "schema": {name: list(found) for name, found in diff.schema.items()},
        "facts": list(diff.facts)}


def _facts(first: GoldRelease, second: GoldRelease) -> tuple[str, ...]:
    """Documents of both whose records or cells differ; none where one release keeps none."""
    if first.facts_hash == second.facts_hash:
        return ()
    before = {facts.document: hash_of(facts) for facts in first.facts}
    return tuple(facts.document for facts in second.facts
                 if before.get(facts.document, "") not in ("", hash_of(facts)))


def _matched(first: Sequence[GoldRegion], second: Sequence[GoldRegion],
             ) -> tuple[list[tuple[GoldRegion, GoldRegion]], list[GoldRegion], list[GoldRegion]]:
    by_id = {region.id: region for region in second}
    pairs = [(region, by_id.pop(region.id)) for region in first if region.id in by_id]
    taken = {region.id for region, _ in pairs}
    by_text: dict[tuple[Any, ...], list[GoldRegion]] = defaultdict(list)
    for region in reversed(list(by_id.values())):
        by_text[_text_key(region)].append(region)
    gone: list[GoldRegion] = []
    for region in first:
        if region.id not in taken:
            same = by_text[_text_key(region)]
            if same:
                pairs.append((region, same.pop()))
                del by_id[pairs[-1][1].id]
            else:
                gone.append(region)
    return pairs, gone, list(by_id.values())


def _text_key(region: GoldRegion) -> tuple[Any, ...]:
    return region.document, "spans" in region.asked, region.text


def _said(region: GoldRegion) -> tuple[Any, ...]:
    """What people said of a region, without its place, its split and who said it."""
    return (sorted(region.asked), sorted(_spans(region)), sorted(_relations(region), key=repr),
            sorted(_classes(region)))


Item = tuple[str, Any]


def _spans(region: GoldRegion | None) -> list[Item]:
    return [(span.label, (span.start, span.end)) for span in region.spans] if region else []


def _relations(region: GoldRegion | None) -> list[Item]:
    return [(link.type, (region.spans[link.source], region.spans[link.target], link.direction))
            for link in region.relations] if region else []


def _classes(region: GoldRegion | None) -> list[Item]:
    return [(f"{name}: {choice}", choice) for name, chosen in region.classes
            for choice in chosen] if region else []


def _count(counts: dict[str, Count], before: list[Item], after: list[Item]) -> None:
    old, new = Counter(before), Counter(after)
    for name, _ in before:
        counts[name].before += 1
    for name, _ in after:
        counts[name].after += 1
    for (name, _), number in (new - old).items():
        counts[name].added += number
    for (name, _), number in (old - new).items():
        counts[name].removed += number


def _span_changes(old: GoldRegion, now: GoldRegion) -> Iterator[SpanChange]:
    gone = list((Counter(old.spans) - Counter(now.spans)).elements())
    new = list((Counter(now.spans) - Counter(old.spans)).elements())

    def change(kind: str, before: GoldSpan | None, after: GoldSpan | None) -> SpanChange:
        span = after or before
        assert span is not None
        text = now.text if after else old.text
        return SpanChange(now.id, now.document, kind, before, after, text[span.start:span.end])

    for kind in ("relabelled", "moved"):
        for before in list(gone):
            after = next((span for span in new if _is(kind, before, span)), None)
            if after is not None:
                gone.remove(before)
                new.remove(after)
                yield change(kind, before, after)
    yield from (change("removed", span, None) for span in gone)
    yield from (change("added", None, span) for span in new)


def _is(kind: str, before: GoldSpan, after: GoldSpan) -> bool:
    if kind == "relabelled":
        return (before.start, before.end) == (after.start, after.end)
    return (before.label == after.label and before.start < after.end
            and after.start < before.end)


def _documents(release: GoldRelease) -> dict[str, str]:
    return {region.document: region.split for region in release.regions}


def _schema(first: GoldRelease, second: GoldRelease) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}

    def names(what: str, before: Sequence[str], after: Sequence[str]) -> None:
        for key, some in (("added", [name for name in after if name not in before]),
                          ("removed", [name for name in before if name not in after])):
            if some:
                found[f"{what} {key}"] = tuple(some)

    names("labels", first.labels, second.labels)
    names("relations", first.relations, second.relations)
    names("classes", [f"{name}: {choice}" for name, chosen in first.classes for choice in chosen],
          [f"{name}: {choice}" for name, chosen in second.classes for choice in chosen])
    if first.schema_hash != second.schema_hash:
        found["schema changed"] = (f"{first.schema_name} {first.schema_version}"
                                   f" {first.schema_hash}", f"{second.schema_name}"
                                   f" {second.schema_version} {second.schema_hash}")
    return found
