"""What every exporter does with the regions of a release: check, choose, name, read back.

An exporter writes what `carried` gives it and, once its files are closed, reads them again into
regions of the same kind. `verify` compares the two, so that no file leaves that holds something
else than the release less the losses told.
"""
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping, Sequence

from exporters import Loss
from labels.errors import N_, ExportError
from labels.gold import SPLITS, GoldRegion, GoldRelation, GoldRelease, GoldSpan

SPANS = "spans"


def check(release: GoldRelease) -> None:
    """Raise ExportError for a release that no format could write without dropping something."""
    if not release.regions:
        raise ExportError(N_("release %(number)s holds no regions"), number=release.number)
    choices = dict(release.classes)
    seen: set[str] = set()
    for region in release.regions:
        region.check()
        if region.id in seen:
            raise _wrong(region, N_("its id is there twice"))
        seen.add(region.id)
        if not region.text:
            raise _wrong(region, N_("it holds no text"))
        if region.split not in SPLITS:
            raise _wrong(region, N_("its split is not one of train, validation, test"))
        if any("\ud800" <= char <= "\udfff" for char in region.id + region.document + region.text):
            raise _wrong(region, N_("it holds half a character (a lone surrogate)"))
        if not set(region.asked) <= {SPANS, *choices}:
            raise _wrong(region, N_("it was asked for what the release does not declare"))
        if not {span.label for span in region.spans} <= set(release.labels):
            raise _wrong(region, N_("it has a label that the release does not declare"))
        if not {relation.type for relation in region.relations} <= set(release.relations):
            raise _wrong(region, N_("it has a relation that the release does not declare"))
        if (region.spans or region.relations) and SPANS not in region.asked:
            raise _wrong(region, N_("it has spans and was not asked for them"))
        _check_classes(release, region, choices)


def _check_classes(release: GoldRelease, region: GoldRegion,
                   choices: Mapping[str, Sequence[str]]) -> None:
    for name, chosen in region.classes:
        if chosen and name not in region.asked:
            raise _wrong(region, N_("it has a class and was not asked for it"))
        if not set(chosen) <= set(choices.get(name, ())):
            raise _wrong(region, N_("it has a class that the release does not declare"))
        if len(chosen) > 1 and name not in release.multiple:
            raise _wrong(region, N_("it has several classes where one is asked"))


def _wrong(region: GoldRegion, what: str) -> ExportError:
    return ExportError(N_("region %(id)s cannot be exported: %(what)s"), id=region.id, what=what)


def class_sets(release: GoldRelease, region: GoldRegion) -> tuple[str, ...]:
    """The class sets that `region` was asked, in the order of the release."""
    return tuple(name for name, _ in release.classes if name in region.asked)


def by_split(release: GoldRelease, what: str) -> Iterator[tuple[str, list[GoldRegion]]]:
    """Each split that has regions asked for `what`, with them."""
    for split in SPLITS:
        regions = [region for region in release.split(split) if what in region.asked]
        if regions:
            yield split, regions


def carried(release: GoldRelease, region: GoldRegion, asked: Iterable[str], *,
            spans: Sequence[GoldSpan] | None = None,
            relations: Sequence[GoldRelation] | None = None) -> GoldRegion:
    """The region as a format holds it: narrowed to `asked`, with `spans` and `relations` if given.

    Choices are in the order of their class set, since several of them are a set. Who annotated it
    and its group stay in the workbench: they are not training data.
    """
    wanted = tuple(name for name in (SPANS, *dict(release.classes)) if name in set(asked))
    has_spans = SPANS in wanted
    return replace(
        region, asked=wanted, annotators=(), group="",
        spans=tuple(region.spans if spans is None else spans) if has_spans else (),
        relations=tuple(region.relations if relations is None else relations) if has_spans else (),
        classes=tuple((name, chosen(release, region, name)) for name in wanted if name != SPANS))


def chosen(release: GoldRelease, region: GoldRegion, class_set: str) -> tuple[str, ...]:
    """What `region` was given of `class_set`, in the order that the release declares."""
    given = set(region.chosen(class_set))
    return tuple(name for name in dict(release.classes)[class_set] if name in given)


def joined(found: Iterable[GoldRegion]) -> dict[str, GoldRegion]:
    """Regions by id; what several files hold of one region comes together, sorted by name."""
    regions: dict[str, GoldRegion] = {}
    for part in found:
        whole = regions.get(part.id)
        regions[part.id] = part if whole is None else replace(
            whole, asked=whole.asked + part.asked, spans=whole.spans + part.spans,
            relations=whole.relations + part.relations, classes=whole.classes + part.classes)
    return {identity: replace(region, asked=tuple(sorted(region.asked)),
                              classes=tuple(sorted(region.classes)))
            for identity, region in regions.items()}


def verify(expected: Iterable[GoldRegion], found: Iterable[GoldRegion], name: str) -> None:
    """Raise ExportError unless the files of format `name` hold exactly `expected`."""
    wanted = joined(region for region in expected if region.asked)
    present = joined(found)
    for identity in (*wanted, *present):
        if wanted.get(identity) != present.get(identity):
            raise ExportError(
                N_("format %(name)s read back another region %(id)s than was written"),
                name=name, id=identity)


def span_loss(region: GoldRegion, span: GoldSpan, reason: str, where: str = "span") -> Loss:
    """`reason` is a msgid; ``what`` names the span by its local offsets."""
    return Loss(region.id, f"{where} {span.start}-{span.end} {span.label}", reason)


def json_line(record: Mapping[str, Any]) -> str:
    """One line of JSON that is one line for every reader.

    JSON leaves U+0085, U+2028 and U+2029 as they are, and ``str.splitlines`` would cut there.
    """
    line = json.dumps(record, ensure_ascii=False)
    for separator in "\x85\u2028\u2029":
        line = line.replace(separator, f"\\u{ord(separator):04x}")
    return line + "\n"


def write_text(path: Path, text: str) -> None:
    """UTF-8 with ``\\n`` on every system, so that a release has one hash everywhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]
