"""What every exporter does with the regions of a release: check, narrow, write, read back.

An exporter walks `release.regions` as often as it needs to and never keeps them: it writes line by
line and tells what it meant to write a second time (`carried`), so that `verify` compares one
region at a time with what the closed files hold. So memory does not grow with the documents.
"""
from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import IO, Any, Callable, Iterable, Iterator, Mapping, Sequence

from exporters import Loss
from labels.errors import N_, ExportError
from labels.gold import (
    SPLITS, GoldRegion, GoldRelation, GoldRelease, GoldSpan, release_hash,
)

SPANS = "spans"


def check(release: GoldRelease) -> None:
    """Raise ExportError for a release that no format could write, or that was edited.

    One pass: the hash is taken of the regions while they are looked at.
    """
    found = release_hash(release.schema_hash, _checked(release))
    if found != release.hash:
        raise ExportError(
            N_("release %(number)s was changed since it was frozen"), number=release.number,
            hint=N_("its regions no longer have its hash; restore it, or freeze a new one"))


def _checked(release: GoldRelease) -> Iterator[GoldRegion]:
    declared = _Declared(release)
    seen: set[str] = set()
    for region in release.regions:
        declared.check(region)
        if region.id in seen:
            raise _wrong(region, N_("its id is there twice"))
        seen.add(region.id)
        yield region
    if not seen:
        raise ExportError(N_("release %(number)s holds no regions"), number=release.number)


class _Declared:
    """What a release says that its regions may hold."""

    def __init__(self, release: GoldRelease) -> None:
        self.labels = set(release.labels)
        self.relations = set(release.relations)
        self.choices = {name: set(choices) for name, choices in release.classes}
        self.multiple = set(release.multiple)
        self.questions = {SPANS, *self.choices}

    def check(self, region: GoldRegion) -> None:
        region.check()
        if not region.text:
            raise _wrong(region, N_("it holds no text"))
        if region.split not in SPLITS:
            raise _wrong(region, N_("its split is not one of train, validation, test"))
        if not _encodes(region.id + region.document + region.text):
            raise _wrong(region, N_("it holds half a character (a lone surrogate)"))
        if not self.questions.issuperset(region.asked):
            raise _wrong(region, N_("it was asked for what the release does not declare"))
        if not self.labels.issuperset(span.label for span in region.spans):
            raise _wrong(region, N_("it has a label that the release does not declare"))
        if not self.relations.issuperset(relation.type for relation in region.relations):
            raise _wrong(region, N_("it has a relation that the release does not declare"))
        if (region.spans or region.relations) and SPANS not in region.asked:
            raise _wrong(region, N_("it has spans and was not asked for them"))
        for name, chosen in region.classes:
            if chosen and name not in region.asked:
                raise _wrong(region, N_("it has a class and was not asked for it"))
            if not self.choices.get(name, set()).issuperset(chosen):
                raise _wrong(region, N_("it has a class that the release does not declare"))
            if len(chosen) > 1 and name not in self.multiple:
                raise _wrong(region, N_("it has several classes where one is asked"))


def _encodes(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _wrong(region: GoldRegion, what: str) -> ExportError:
    return ExportError(N_("region %(id)s cannot be exported: %(what)s"), id=region.id, what=what)


def class_sets(release: GoldRelease, region: GoldRegion) -> tuple[str, ...]:
    """The class sets that `region` was asked, in the order of the release."""
    return tuple(name for name, _ in release.classes if name in region.asked)


def asked(release: GoldRelease, what: str, split: str | None = None) -> Iterator[GoldRegion]:
    """The regions asked for `what`, of one split if it is given, in the order of the release."""
    return (region for region in release.regions
            if what in region.asked and split in (None, region.split))


def narrowed(release: GoldRelease, region: GoldRegion, wanted: Iterable[str], *,
             spans: Sequence[GoldSpan] | None = None,
             relations: Sequence[GoldRelation] | None = None) -> GoldRegion:
    """The region as a format holds it: only what is `wanted`, with `spans`, `relations` if given.

    Choices are in the order of their class set, since several of them are a set. Who annotated it
    and its group stay in the workbench: they are not training data.
    """
    questions = set(wanted)
    names = tuple(name for name in (SPANS, *dict(release.classes)) if name in questions)
    has_spans = SPANS in questions
    return GoldRegion(
        id=region.id, document=region.document, start=region.start, end=region.end,
        text=region.text, asked=names, split=region.split,
        spans=tuple(region.spans if spans is None else spans) if has_spans else (),
        relations=tuple(region.relations if relations is None else relations) if has_spans else (),
        classes=tuple((name, chosen(release, region, name)) for name in names if name != SPANS))


def chosen(release: GoldRelease, region: GoldRegion, class_set: str) -> tuple[str, ...]:
    """What `region` was given of `class_set`, in the order that the release declares."""
    given = set(region.chosen(class_set))
    return tuple(name for name in dict(release.classes)[class_set] if name in given)


def relation_label(relation: GoldRelation) -> str:
    """Type and direction of change in one name, ``CHANGE.up``, for formats with names only."""
    return relation.type if not relation.direction else f"{relation.type}.{relation.direction}"


def relation_of(label: str, source: int, target: int) -> GoldRelation:
    """The inverse of `relation_label`."""
    kind, _, direction = label.partition(".")
    return GoldRelation(kind, source, target, direction or None)


def refuse_dots(release: GoldRelease) -> None:
    """Raise ExportError where `relation_of` would take a part of a type for a direction."""
    for name in release.relations:
        if "." in name:
            raise ExportError(N_("the relation %(name)r holds a dot; its direction begins there"),
                              name=name)


def verify(expected: Iterable[GoldRegion], found: Iterable[GoldRegion], name: str) -> int:
    """Raise ExportError unless the files of format `name` hold exactly `expected`, in its order.

    Returns how many spans they hold.
    """
    spans = 0
    for wanted, present in zip_longest(expected, found):
        if wanted is None or present is None or not same(wanted, present):
            raise ExportError(
                N_("format %(name)s read back another region %(id)s than was written"),
                name=name, id=(wanted or present).id)
        spans += len(wanted.spans)
    return spans


def same(one: GoldRegion, other: GoldRegion) -> bool:
    """Whether two regions say the same; neither spans nor relations nor choices have an order."""
    return one == other or canonical(one) == canonical(other)


def canonical(region: GoldRegion) -> GoldRegion:
    """The region with everything in one order: spans by place and label, relations by spans."""
    spans = region.spans
    order = sorted(range(len(spans)),
                   key=lambda index: (spans[index].start, spans[index].end, spans[index].label))
    place = {index: position for position, index in enumerate(order)}
    relations = [replace(relation, source=place[relation.source], target=place[relation.target])
                 for relation in region.relations]
    return replace(
        region, asked=tuple(sorted(region.asked)), classes=tuple(sorted(region.classes)),
        spans=tuple(spans[index] for index in order),
        relations=tuple(sorted(relations, key=lambda relation: (
            relation.source, relation.target, relation.type, relation.direction or ""))))


def kept_relations(region: GoldRegion, kept: Sequence[GoldSpan]) -> tuple[GoldRelation, ...]:
    """The relations between spans of `region` that are among `kept`, as indices of `kept`."""
    place = {id(span): index for index, span in enumerate(kept)}
    ends = [place.get(id(span)) for span in region.spans]
    found = []
    for relation in region.relations:
        source, target = ends[relation.source], ends[relation.target]
        if source is not None and target is not None:
            found.append(replace(relation, source=source, target=target))
    return tuple(found)


def respanned(region: GoldRegion, change: Callable[[GoldSpan], tuple[GoldSpan | None, str]],
              ) -> tuple[GoldRegion, list[Loss], GoldRegion]:
    """The region with each span as a format can hold it, what is lost by that, and the region with
    the same spans and relations as gold has them, whose places name further losses.

    `change` gives the span (itself, another, or None) and the reason, a msgid, where it is not
    itself. Relations follow their spans; one whose end is gone is lost too.
    """
    position: dict[int, int] = {}
    spans: list[GoldSpan] = []
    losses: list[Loss] = []
    for index, span in enumerate(region.spans):
        held, reason = change(span)
        if held is not None:
            position[index] = len(spans)
            spans.append(held)
        if held != span:
            losses.append(span_loss(region, span, reason, kind="cut" if held else "dropped"))
    if not losses:
        return region, [], region
    relations = []
    for relation in region.relations:
        if relation.source in position and relation.target in position:
            relations.append(replace(relation, source=position[relation.source],
                                     target=position[relation.target]))
        else:
            losses.append(relation_loss(region, relation, N_("one of its ends is lost")))
    whole = replace(region, spans=tuple(spans), relations=tuple(relations))
    return whole, losses, replace(whole, spans=tuple(
        span for index, span in enumerate(region.spans) if index in position))


def trimmed(text: str, span: GoldSpan) -> GoldSpan | None:
    """The span without white space at its edges; None where it is nothing else."""
    words = text[span.start:span.end]
    if not words.strip():
        return None
    start = span.start + len(words) - len(words.lstrip())
    return GoldSpan(start, start + len(words.strip()), span.label)


TRIMMED = N_("white space at its edges was cut off")
BLANK = N_("nothing but white space")


def span_loss(region: GoldRegion, span: GoldSpan, reason: str, where: str = "span",
              kind: str = "dropped") -> Loss:
    """`reason` is a msgid; ``what`` names the span by its local offsets."""
    return Loss(region.id, f"{where} {span.start}-{span.end} {span.label}", reason, kind)


def relation_loss(region: GoldRegion, relation: GoldRelation, reason: str) -> Loss:
    """``what`` names the relation by the places of its two spans."""
    source, target = region.spans[relation.source], region.spans[relation.target]
    return Loss(region.id, f"relation {source.start}-{source.end} {relation_label(relation)} "
                           f"{target.start}-{target.end}", reason)


class Files:
    """The text files of one export, each opened when its first line comes.

    UTF-8 with ``\\n`` on every system, so that a release has one hash everywhere.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, IO[str]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> "Files":
        return self

    def __exit__(self, *exception: Any) -> None:
        self._stack.__exit__(*exception)

    def write(self, name: str, text: str) -> None:
        if name not in self._open:
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open[name] = self._stack.enter_context(
                path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20))
        self._open[name].write(text)

    def __contains__(self, name: str) -> bool:
        return name in self._open


_encode = json.JSONEncoder(ensure_ascii=False).encode


def json_line(record: Mapping[str, Any] | Sequence[Any]) -> str:
    """One line of JSON that is one line for every reader.

    JSON leaves U+0085, U+2028 and U+2029 as they are, and ``str.splitlines`` would cut there.
    """
    line = _encode(record)
    if not line.isascii():
        for separator in "\x85\u2028\u2029":
            if separator in line:
                line = line.replace(separator, f"\\u{ord(separator):04x}")
    return line + "\n"


def write_text(path: Path, text: str) -> None:
    """UTF-8 with ``\\n`` on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file, one at a time; none where there is no file."""
    if path.exists():
        with path.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                yield json.loads(line)
