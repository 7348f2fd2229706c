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
from typing import Any, Iterator

from exporters import Format, Loss
from exporters.regions import (
    BLANK, SPANS, TRIMMED, Files, chosen, class_sets, json_line, narrowed, read_json_lines,
    refuse_dots, relation_label, relation_loss, relation_of, respanned, trimmed, write_text,
)
from exporters.windowed import (
    INDEX, Window, apart_losses, cut, joined, place, take, together,
)
from labels.errors import N_
from labels.gold import SPLITS, GoldRegion, GoldRelation, GoldRelease, GoldSpan

FORMAT = Format(
    name="gliner2", title=N_("GLiNER2 (several tasks, JSON Lines)"),
    carries=("spans", "relations", "classes"))

LIMIT = 384
_RUN = re.compile(r"[A-Za-z0-9@._\-+]+")


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the examples. A single choice without an answer is a Loss: it is no example."""
    refuse_dots(release)
    losses: list[Loss] = []
    with Files(folder) as files:
        for region in release.regions:
            held, lost, gold = _held(release, region)
            losses += lost + apart_losses(held, LIMIT, gold)
            windows = cut(held, LIMIT, visible=True) if SPANS in held.asked else []
            rows: list[dict[str, Any]] = [{"input": window.text, "output": _mentions(
                release, window)} for window in windows]
            answers = [_classification(release, held, name) for name in class_sets(release, held)]
            if answers and len(rows) == 1:
                rows[0]["output"]["classifications"] = answers
            elif answers:
                rows.append({"input": region.text, "output": {"classifications": answers}})
            if rows:
                for row in rows:
                    files.write(f"{region.split}.jsonl", json_line(row))
                files.write(INDEX, json_line({
                    **place(region), "windows": [window.start for window in windows],
                    "rows": len(rows)}))
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
    files = {split: read_json_lines(folder / f"{split}.jsonl") for split in SPLITS}
    for row in read_json_lines(folder / INDEX):
        rows = take(files[row["split"]], row["rows"])
        parts = [_window(start, found) for start, found in zip(row["windows"], rows)]
        region = joined(row, parts)
        answers = rows[-1]["output"].get("classifications", [])
        yield replace(
            region, text=region.text or rows[-1]["input"],
            asked=((SPANS,) if parts else ()) + tuple(answer["task"] for answer in answers),
            classes=tuple((answer["task"], tuple(answer["true_label"])) for answer in answers))


def _held(release: GoldRelease,
          region: GoldRegion) -> tuple[GoldRegion, list[Loss], GoldRegion]:
    """The region as examples can say it, what they cannot, and gold as `respanned` gives it."""
    runs = {position for match in _RUN.finditer(region.text)
            for position in range(match.start() + 1, match.end())} if region.spans else set()

    def change(span: GoldSpan) -> tuple[GoldSpan | None, str]:
        held = trimmed(region.text, span)
        if held is None:
            return None, BLANK
        if held.start in runs or held.end in runs:
            return None, N_("it begins or ends inside a run of letters and digits, one token")
        return held, TRIMMED
    held, losses, gold = respanned(region, change)
    if not region.text.strip():
        return (replace(held, asked=()),
                losses + [Loss(region.id, name, BLANK) for name in region.asked], gold)
    places = Counter((span.start, span.end) for span in held.spans)
    unclear = [link for link in held.relations if any(
        places[held.spans[end].start, held.spans[end].end] > 1
        for end in (link.source, link.target))]
    losses += [relation_loss(gold, link, N_("another span has the place of one of its ends"))
               for link in unclear]
    unanswered = [name for name in class_sets(release, region)
                  if name not in release.multiple and not region.chosen(name)]
    losses += [Loss(region.id, name, N_("asked without an answer, written as not asked"))
               for name in unanswered]
    told = tuple(link for link in held.relations if link not in unclear)
    return (replace(held, asked=tuple(name for name in held.asked if name not in unanswered),
                    relations=told), losses, replace(gold, relations=told))


def _mentions(release: GoldRelease, window: Window) -> dict[str, Any]:
    entities: dict[str, list[dict[str, Any]]] = {label: [] for label in release.labels}
    for span in window.spans:
        entities[span.label].append(_mention(window, span))
    relations = [{relation_label(link): {"head": _mention(window, window.spans[link.source]),
                                         "tail": _mention(window, window.spans[link.target])}}
                 for link in window.relations]
    return {"entities": entities, **({"relations": relations} if relations else {})}


def _mention(window: Window, span: GoldSpan) -> dict[str, Any]:
    return {"text": window.text[span.start:span.end], "start": span.start, "end": span.end}


def _classification(release: GoldRelease, region: GoldRegion, name: str) -> dict[str, Any]:
    record = {"task": name, "labels": list(dict(release.classes)[name]),
              "true_label": list(chosen(release, region, name))}
    return {**record, "multi_label": True} if name in release.multiple else record


def _window(start: int, row: dict[str, Any]) -> Window:
    spans = tuple(GoldSpan(mention["start"], mention["end"], label)
                  for label, mentions in row["output"]["entities"].items() for mention in mentions)
    number = {(span.start, span.end): index for index, span in enumerate(spans)}
    relations: list[GoldRelation] = []
    for link in row["output"].get("relations", []):
        for label, ends in link.items():
            source, target = (number[ends[end]["start"], ends[end]["end"]]
                              for end in ("head", "tail"))
            relations.append(relation_of(label, source, target))
    return Window(start, row["input"], spans, tuple(relations))
