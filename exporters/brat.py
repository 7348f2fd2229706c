r"""brat standoff: a text and its annotations, one pair of files a region.

``train/00001.txt`` is the exact text, ``train/00001.ann`` its annotations: T a span, R a relation,
A its direction of change; ``annotation.conf`` declares them all. Columns are parted by tabs::

    T1	INDICATOR 0 4	就业岗位
    T2	PERCENT 6 8	5%
    R1	CHANGE Arg1:T1 Arg2:T2
    A1	direction R1 up

Offsets are Unicode code points, end exclusive. An annotation is one line, so a span with a line
break in it is written as brat does it, in fragments that leave the break out (``T1 POST 0 1;2 4``).
A break at the edge of a span is cut off, and a span of white space only has no words to quote; both
are told as a Loss. ``regions.jsonl`` names the region of each pair, in the order of the release::

    {"id": "d1:0-9", "document": "d1", "start": 0, "end": 9, "split": "train",
     "file": "train/00001"}
"""
from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Iterable, Iterator

from exporters import Format, Loss
from exporters.lines import Files, json_line, read_typed, write_text
from exporters.regions import BLANK, SPANS, asked, narrowed, respanned
from exporters.windowed import INDEX, Place, place
from labels.errors import N_, ExportError
from labels.gold import GoldRegion, GoldRelation, GoldRelease, GoldSpan

FORMAT = Format(
    name="brat", title=N_("brat standoff (.txt and .ann)"), carries=("spans", "relations"),
    drops=("classes",))

DIRECTION = "direction"
# What ends a line for any reader of text, since brat's own goes by more than the line feed.
_PIECES = re.compile("[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


class IndexRow(Place):
    file: str


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the pairs. Raises ExportError for a name with white space; columns end there."""
    for name in (*release.labels, *release.relations):
        if not re.fullmatch(r"[^\s:|,;<>\[\]]+", name):
            raise ExportError(N_("the label %(label)r cannot be a name in brat"), label=name)
    losses: list[Loss] = []
    counts: Counter[str] = Counter()
    directions: set[str] = set()
    with Files(folder) as files:
        for region in asked(release, SPANS):
            held, lost, _ = _held(region)
            losses += lost
            directions.update(link.direction for link in held.relations if link.direction)
            counts[region.split] += 1
            name = f"{region.split}/{counts[region.split]:05}"
            if counts[region.split] == 1:
                (folder / region.split).mkdir(exist_ok=True)
            _write(f"{folder}/{name}.txt", region.text)
            _write(f"{folder}/{name}.ann", "".join(_lines(held)))
            files.write(INDEX, json_line(IndexRow(*place(region), name)))
    write_text(folder / "annotation.conf", _config(release, sorted(directions)))
    return losses


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    """The regions asked for spans, these without line breaks at their edges."""
    for region in asked(release, SPANS):
        held, _, _ = _held(region)
        yield narrowed(release, region, [SPANS], spans=held.spans, relations=held.relations)


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions in the order of the index."""
    for row in read_typed(folder / INDEX, IndexRow):
        text, lines = (_read(f"{folder}/{row.file}.{ending}") for ending in ("txt", "ann"))
        spans, relations = read_annotations(lines.split("\n")[:-1], text)
        yield GoldRegion(id=row.id, document=row.document, start=row.start, end=row.end,
                         split=row.split, text=text, asked=(SPANS,), spans=spans,
                         relations=relations)


def _write(path: str, text: str) -> None:
    """Two files a region: what `Path.write_text` does beside writing takes longer than that."""
    with open(path, "wb", buffering=0) as file:
        file.write(text.encode("utf-8"))


def _read(path: str) -> str:
    with open(path, "rb", buffering=0) as file:
        return file.read().decode("utf-8")


def read_annotations(lines: Iterable[str], text: str) -> tuple[
        tuple[GoldSpan, ...], tuple[GoldRelation, ...]]:
    """The spans and relations of one .ann file.

    Raises ExportError where a line quotes other words than stand at its offsets.
    """
    spans: dict[str, GoldSpan] = {}
    relations: dict[str, GoldRelation] = {}
    for line in lines:
        name, what, *words = line.rstrip("\n").split("\t", 2)
        if name.startswith("T"):
            label, *places = what.replace(";", " ").split(" ")
            starts, ends = list(map(int, places[::2])), list(map(int, places[1::2]))
            if " ".join([text[start:end] for start, end in zip(starts, ends)]) != words[0]:
                raise ExportError(N_("%(id)s quotes other words than stand there"), id=name)
            spans[name] = GoldSpan(starts[0], ends[-1], label)
        elif name.startswith("R"):
            kind, source, target = what.split(" ")
            order = list(spans)
            relations[name] = GoldRelation(kind, order.index(source.partition(":")[2]),
                                           order.index(target.partition(":")[2]))
        else:
            _, target, value = what.split(" ")
            relations[target] = replace(relations[target], direction=value)
    return tuple(spans.values()), tuple(relations.values())


def _fragments(text: str, span: GoldSpan) -> list[tuple[int, int]]:
    """The pieces of a span between line breaks; none where it is white space only."""
    words = text[span.start:span.end]
    if words.isspace():
        return []
    if words.isprintable():  # so it holds no break, as most
        return [(span.start, span.end)]
    return [match.span() for match in _PIECES.finditer(text, span.start, span.end)]


def _held(region: GoldRegion) -> tuple[GoldRegion, list[Loss], GoldRegion]:
    """The region as .ann files can say it, and what they cannot; see `respanned`."""
    def change(span: GoldSpan) -> tuple[GoldSpan | None, str]:
        pieces = _fragments(region.text, span)
        if not pieces:
            return None, BLANK
        start, end = pieces[0][0], pieces[-1][1]
        if (start, end) == (span.start, span.end):
            return span, ""
        return (GoldSpan(start, end, span.label),
                N_("line breaks at its edges were cut off"))
    return respanned(region, change)


def _lines(region: GoldRegion) -> Iterator[str]:
    for number, span in enumerate(region.spans, start=1):
        pieces = _fragments(region.text, span)
        places = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(region.text[start:end] for start, end in pieces)
        yield f"T{number}\t{span.label} {places}\t{words}\n"
    for number, link in enumerate(region.relations, start=1):
        yield f"R{number}\t{link.type} Arg1:T{link.source + 1} Arg2:T{link.target + 1}\n"
    directed = (number for number, link in enumerate(region.relations) if link.direction)
    for number, index in enumerate(directed, start=1):
        yield f"A{number}\t{DIRECTION} R{index + 1} {region.relations[index].direction}\n"


def _config(release: GoldRelease, directions: list[str]) -> str:
    # Without the first line brat marks overlapping spans as errors.
    relations = ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"]
    relations += [f"{name}\tArg1:<ENTITY>, Arg2:<ENTITY>" for name in release.relations]
    values = "|".join(directions)
    attributes = [f"{DIRECTION}\tArg:<RELATION>, Value:{values}"] if directions else []
    sections = {"entities": list(release.labels), "relations": relations, "events": [],
                "attributes": attributes}
    return "\n".join("\n".join((f"[{name}]", *lines, "")) for name, lines in sections.items())
