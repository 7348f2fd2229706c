"""GLiNER2: its multi-task JSON Lines, with entities, relations and classifications.

``train.jsonl``, ``validation.jsonl``, ``test.jsonl``; every mention has its offsets, since a bare
text would stand for all its occurrences; a label without mentions is asked as a negative::

    {"input": "就业岗位增长5%。", "output": {
       "entities": {"INDICATOR": [{"text": "就业岗位", "start": 0, "end": 4}], "ORG": [], …},
       "relations": [{"CHANGE.up": {"head": {"text": "就业岗位", …}, "tail": {"text": "5%", …}}}],
       "classifications": [{"task": "function", "labels": ["achievement", "plan"],
                            "true_label": ["achievement"]}]}}

A region longer than 384 characters comes in windows, and its classes in a line of their own. Train
with ``word_splitter="char"`` and the *boundary* architecture (``config.json``), which has no widest
span; the *span* architecture leaves out what is wider than its ``max_width``. For the splitter a
run of Latin letters, digits and ``@._-+`` is one token: a span that begins or ends inside one is a
Loss, as is a region of white space only; white space at the edges of a span is cut off.
``regions.jsonl`` says which lines are of which region.
"""
from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Iterator

import msgspec

from exporters import Format, Loss
from exporters.lines import Files, json_line, read_typed, write_text
from exporters.regions import (
    BLANK, SPANS, TRIMMED, chosen, class_sets, narrowed, needs_trimming, refuse_dots,
    relation_label, relation_loss, relation_of, respanned, trimmed,
)
from exporters.windowed import (
    INDEX, Place, Window, apart_losses, cut, joined, place, take, together,
)
from labels.errors import N_
from labels.gold import SPLITS, GoldRegion, GoldRelation, GoldRelease, GoldSpan

FORMAT = Format(
    name="gliner2", title=N_("GLiNER2 (several tasks, JSON Lines)"),
    carries=("spans", "relations", "classes"))

LIMIT = 384


class Mention(msgspec.Struct):
    text: str
    start: int
    end: int


class Ends(msgspec.Struct):
    head: Mention
    tail: Mention


class Task(msgspec.Struct, omit_defaults=True):
    task: str
    labels: tuple[str, ...]
    true_label: list[str]
    multi_label: bool = False


class Output(msgspec.Struct, omit_defaults=True):
    entities: dict[str, list[Mention]] | None = None
    relations: list[dict[str, Ends]] = []
    classifications: list[Task] = []


class Example(msgspec.Struct):
    input: str
    output: Output


class IndexRow(Place):
    windows: list[int]
    rows: int


_RUN = re.compile(r"[A-Za-z0-9@._\-+]{2,}")


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the examples. A single choice without an answer is a Loss: it is no example."""
    refuse_dots(release)
    losses: list[Loss] = []
    with Files(folder) as files:
        for region in release.regions:
            held, lost, gold = _held(release, region)
            losses += lost + apart_losses(held, LIMIT, gold)
            windows = cut(held, LIMIT, visible=True) if SPANS in held.asked else []
            rows = [Example(window.text, _mentions(release, window)) for window in windows]
            answers = [_classification(release, held, name) for name in class_sets(release, held)]
            if answers and len(rows) == 1:
                rows[0].output.classifications = answers
            elif answers:
                rows.append(Example(region.text, Output(classifications=answers)))
            if rows:
                files.write(f"{region.split}.jsonl", b"".join(map(json_line, rows)))
                files.write(INDEX, json_line(IndexRow(
                    *place(region), [window.start for window in windows], len(rows))))
    write_text(folder / "config.json", json.dumps({
        "word_splitter": "char", "architecture": "boundary", "max_len": LIMIT}, indent=1) + "\n")
    return losses


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    """The regions as the examples can say them, in the order of the release."""
    for region in release.regions:
        held = together(_held(release, region)[0], LIMIT)
        if held.asked:
            yield narrowed(release, held, held.asked)


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions in the order of the index."""
    files = {split: read_typed(folder / f"{split}.jsonl", Example) for split in SPLITS}
    for row in read_typed(folder / INDEX, IndexRow):
        rows = take(files[row.split], row.rows)
        parts = [_window(start, found) for start, found in zip(row.windows, rows)]
        region = joined(row, parts)
        answers = rows[-1].output.classifications
        yield region if not answers else replace(
            region, text=region.text or rows[-1].input,
            asked=((SPANS,) if parts else ()) + tuple(answer.task for answer in answers),
            classes=tuple((answer.task, tuple(answer.true_label)) for answer in answers))


def _held(release: GoldRelease,
          region: GoldRegion) -> tuple[GoldRegion, list[Loss], GoldRegion]:
    """The region as examples can say it, what they cannot, and gold as `respanned` gives it."""
    runs: set[int] = set().union(*[range(match.start() + 1, match.end())
                                   for match in _RUN.finditer(region.text)])

    def change(span: GoldSpan) -> tuple[GoldSpan | None, str]:
        held = trimmed(region.text, span)
        if held is None:
            return None, BLANK
        if held.start in runs or held.end in runs:
            return None, N_("it begins or ends inside a run of letters and digits, one token")
        return held, TRIMMED
    inside = any([span.start in runs or span.end in runs for span in region.spans])
    held, losses, gold = respanned(region, change) if inside or needs_trimming(region) else (
        region, [], region)
    if not region.text.strip():
        return (replace(held, asked=()),
                losses + [Loss(region.id, name, BLANK) for name in region.asked], gold)
    unclear = _unclear(held)
    losses += [relation_loss(gold, link, N_("another span has the place of one of its ends"))
               for link in unclear]
    unanswered = [name for name in class_sets(release, region)
                  if name not in release.multiple and not region.chosen(name)]
    losses += [Loss(region.id, name, N_("asked without an answer, written as not asked"))
               for name in unanswered]
    if not unclear and not unanswered:
        return held, losses, gold
    told = tuple(link for link in held.relations if link not in unclear)
    return (replace(held, asked=tuple(name for name in held.asked if name not in unanswered),
                    relations=told), losses, replace(gold, relations=told))


def _unclear(region: GoldRegion) -> list[GoldRelation]:
    """The relations of which an end stands where another span does too."""
    if not region.relations:
        return []
    places = Counter((span.start, span.end) for span in region.spans)
    return [link for link in region.relations if any(
        places[region.spans[end].start, region.spans[end].end] > 1
        for end in (link.source, link.target))]


def _mentions(release: GoldRelease, window: Window) -> Output:
    entities: dict[str, list[Mention]] = {label: [] for label in release.labels}
    for span in window.spans:
        entities[span.label].append(_mention(window, span))
    return Output(entities, [
        {relation_label(link): Ends(_mention(window, window.spans[link.source]),
                                    _mention(window, window.spans[link.target]))}
        for link in window.relations])


def _mention(window: Window, span: GoldSpan) -> Mention:
    return Mention(window.text[span.start:span.end], span.start, span.end)


def _classification(release: GoldRelease, region: GoldRegion, name: str) -> Task:
    return Task(name, dict(release.classes)[name], list(chosen(release, region, name)),
                name in release.multiple)


def _window(start: int, row: Example) -> Window:
    mentions = row.output.entities or {}
    spans = tuple([GoldSpan(mention.start, mention.end, label)
                   for label, found in mentions.items() for mention in found])
    relations: list[GoldRelation] = []
    if row.output.relations:
        number = {(span.start, span.end): index for index, span in enumerate(spans)}
        for link in row.output.relations:
            for label, ends in link.items():
                relations.append(relation_of(label, number[ends.head.start, ends.head.end],
                                             number[ends.tail.start, ends.tail.end]))
    return Window(start, row.input, spans, tuple(relations))
