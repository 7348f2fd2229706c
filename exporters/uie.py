"""PaddleNLP UIE: a prompt, a content and what answers the prompt there.

``train.txt``, ``dev.txt`` (the validation split) and ``test.txt``, one prompt a line: a label; the
words of a relation's source, 的 and its type; or a class set with its choices, whose answers have
negative offsets, since they stand in the prompt (a mark parts it from the content)::

    {"content": "就业岗位增长5%。", "prompt": "INDICATOR",
     "result_list": [{"text": "就业岗位", "start": 0, "end": 4}]}
    {"content": "就业岗位增长5%。", "prompt": "就业岗位的CHANGE.up",
     "result_list": [{"text": "5%", "start": 6, "end": 8}]}
    {"content": "就业岗位增长5%。", "prompt": "function[achievement,plan]",
     "result_list": [{"text": "achievement", "start": -18, "end": -7}]}

A label that does not occur is a negative example (an empty ``result_list``): all of them in dev and
test, at most five for each that occurs in train, which is what UIE's own converter does. Contents
are at most 400 characters, so that no prompt makes UIE cut them; no span is cut. ``regions.jsonl``
says which lines are of which region.

UIE names the source of a relation by its words. Where these stand at several spans of the content,
or two labels have the place of the target, the relation is a Loss.
"""
from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Iterable, Iterator, Sequence

import msgspec

from exporters import Format, Loss
from exporters.lines import Files, json_line, read_typed
from exporters.regions import (
    SPANS, chosen, class_sets, narrowed, refuse_dots, relation_label, relation_loss,
    relation_of,
)
from exporters.windowed import (
    INDEX, Place, Window, apart_losses, cut, joined, place, take, together,
)
from labels.errors import N_, ExportError
from labels.gold import GoldRegion, GoldRelation, GoldRelease, GoldSpan

FORMAT = Format(
    name="uie", title=N_("PaddleNLP UIE (prompts)"), carries=("spans", "relations", "classes"))

FILES = {"train": "train.txt", "validation": "dev.txt", "test": "test.txt"}
LIMIT = 400
NEGATIVES = 5
_OF = "的"


class Answer(msgspec.Struct):
    text: str
    start: int
    end: int


class Row(msgspec.Struct):
    content: str
    prompt: str
    result_list: list[Answer]


class IndexRow(Place):
    """A window is its start and end in the region and its rows of labels and of relations."""

    windows: list[tuple[int, int, int, int]]
    classes: tuple[str, ...]


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the prompts. Raises ExportError for names that a prompt cannot be taken apart by."""
    refuse_dots(release)
    _refuse_marks(release)
    losses: list[Loss] = []
    with Files(folder) as files:
        for region in release.regions:
            sets = class_sets(release, region)
            row = IndexRow(*place(region), [], sets)
            rows: list[Row] = []
            if SPANS in region.asked:
                losses += apart_losses(region, LIMIT)
                for window in cut(region, LIMIT):
                    told, untold = _tellable(window)
                    losses += [_ambiguous(region, window, relation) for relation in untold]
                    labels = _label_rows(release, region, window)
                    relations = _relation_rows(window, told)
                    row.windows.append((window.start, window.start + len(window.text),
                                        len(labels), len(relations)))
                    rows += labels + relations
            rows += [_class_row(region, name, dict(release.classes)[name],
                                chosen(release, region, name)) for name in sets]
            files.write(FILES[region.split], _lines(rows))
            files.write(INDEX, json_line(row))
    return losses


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    """The regions in the order of the release, less the relations that UIE cannot name."""
    for region in release.regions:
        if region.relations:
            windows = [replace(window, relations=tuple(_tellable(window)[0]))
                       for window in cut(together(region, LIMIT), LIMIT)]
            held = joined(Place(*place(region)), windows)
            region = replace(region, spans=held.spans, relations=held.relations)
        yield narrowed(release, region, region.asked)


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions in the order of the index. Raises ExportError where a file ends too soon."""
    files = {split: read_typed(folder / name, Row) for split, name in FILES.items()}
    for row in read_typed(folder / INDEX, IndexRow):
        rows = files[row.split]
        parts = []
        for start, end, labels, relations in row.windows:
            own, links = take(rows, labels), take(rows, relations)
            window = _window(start, own, links)
            same_text = all([one.content == window.text for one in (*own, *links)])
            if len(window.text) != end - start or not same_text:
                raise ExportError(N_("%(file)s does not hold the sequences of region %(id)s"),
                                  file=FILES[row.split], id=row.id)
            parts.append(window)
        answers = take(rows, len(row.classes))
        region = joined(row, parts)
        yield region if not answers else replace(
            region, asked=((SPANS,) if parts else ()) + row.classes,
            text=region.text or answers[0].content,
            classes=tuple((name, tuple(result.text for result in answer.result_list))
                          for name, answer in zip(row.classes, answers)))
    if any(next(rows, None) is not None for rows in files.values()):
        raise ExportError(N_("%(file)s holds rows of no region"), file=", ".join(FILES.values()))


def _refuse_marks(release: GoldRelease) -> None:
    for name in release.relations:
        if _OF in name:
            raise ExportError(N_("the name %(name)r holds %(mark)r, where prompts are parted"),
                              name=name, mark=_OF)
    for class_set, choices in release.classes:
        for name in (class_set, *choices):
            for mark in ",[]":
                if mark in name:
                    raise ExportError(
                        N_("the name %(name)r holds %(mark)r, where prompts are parted"),
                        name=name, mark=mark)


def _tellable(window: Window) -> tuple[list[GoldRelation], list[GoldRelation]]:
    """The relations whose ends their words and place name for certain, and the others."""
    if not window.relations:
        return [], []
    words = Counter(window.text[span.start:span.end] for span in window.spans)
    places = Counter((span.start, span.end) for span in window.spans)
    told: list[GoldRelation] = []
    untold: list[GoldRelation] = []
    for relation in window.relations:
        source, target = window.spans[relation.source], window.spans[relation.target]
        certain = (words[window.text[source.start:source.end]] == 1
                   and places[target.start, target.end] == 1)
        (told if certain else untold).append(relation)
    return told, untold


def _ambiguous(region: GoldRegion, window: Window, relation: GoldRelation) -> Loss:
    whole = replace(region, spans=tuple(
        GoldSpan(span.start + window.start, span.end + window.start, span.label)
        for span in window.spans))
    return relation_loss(whole, relation, N_("UIE names its ends by words that stand twice"))


def _label_rows(release: GoldRelease, region: GoldRegion, window: Window) -> list[Row]:
    found: dict[str, list[GoldSpan]] = {}
    for span in sorted(window.spans, key=attrgetter("start", "end")):
        found.setdefault(span.label, []).append(span)
    absent = [label for label in release.labels if label not in found]
    if region.split == "train" and found:
        absent.sort(key=lambda label: hashlib.sha256(
            f"{region.id} {window.start} {label}".encode()).digest())
        absent = absent[:NEGATIVES * len(found)]
    wanted = {*found, *absent}
    return [_row(window.text, label, found.get(label, ())) for label in release.labels
            if label in wanted]


def _relation_rows(window: Window, relations: list[GoldRelation]) -> list[Row]:
    prompts: dict[str, list[GoldSpan]] = {}
    for relation in relations:
        source = window.spans[relation.source]
        prompt = f"{window.text[source.start:source.end]}{_OF}{relation_label(relation)}"
        prompts.setdefault(prompt, []).append(window.spans[relation.target])
    return [_row(window.text, prompt, targets) for prompt, targets in prompts.items()]


def _lines(rows: Iterable[Row]) -> bytes:
    """`json_line` of each; a content stands in the rows of all labels and is encoded once."""
    content, encoded, lines = "", b"", []
    for row in rows:
        if row.content != content:
            content, encoded = row.content, json_line(row.content)[:-1]
        lines.append(b'{"content": %b, "prompt": %b, "result_list": %b}\n' % (
            encoded, _encoded(row.prompt), json_line(row.result_list)[:-1]))
    return b"".join(lines)


@lru_cache(maxsize=1_000)
def _encoded(prompt: str) -> bytes:
    return json_line(prompt)[:-1]


def _row(content: str, prompt: str, spans: Sequence[GoldSpan]) -> Row:
    return Row(content, prompt, [Answer(content[span.start:span.end], span.start, span.end)
                                 for span in spans])


def _class_row(region: GoldRegion, name: str, choices: tuple[str, ...],
               answers: tuple[str, ...]) -> Row:
    prompt = f"{name}[{','.join(choices)}]"
    results = []
    position = len(name) + 1
    for choice in choices:
        start = position - len(prompt) - 1  # a mark stands between prompt and content
        if choice in answers:
            results.append(Answer(choice, start, start + len(choice)))
        position += len(choice) + 1
    return Row(region.text, prompt, results)


def _window(start: int, labels: list[Row], relations: list[Row]) -> Window:
    text = labels[0].content if labels else ""
    spans = [GoldSpan(result.start, result.end, row.prompt)
             for row in labels for result in row.result_list]
    if not relations:
        return Window(start, text, tuple(spans))
    by_words = {text[span.start:span.end]: index for index, span in enumerate(spans)}
    by_place = {(span.start, span.end): index for index, span in enumerate(spans)}
    found = []
    for row in relations:
        words, _, label = row.prompt.rpartition(_OF)
        found += [relation_of(label, by_words[words], by_place[result.start, result.end])
                  for result in row.result_list]
    return Window(start, text, tuple(spans), tuple(found))
