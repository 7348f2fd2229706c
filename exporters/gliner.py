"""GLiNER: words, and spans and relations by the numbers of their words.

``train.json``, ``validation.json``, ``test.json`` are lists of windows (one a line); a span is its
first word, its last word and its label, a relation the numbers of two spans and its type::

    [{"tokenized_text": ["就业", "岗位", "增长", "5", "%", "。"],
      "ner": [[0, 1, "INDICATOR"], [3, 4, "PERCENT"]], "relations": [[0, 1, "CHANGE.up"]]}]

The words are jieba's (``words_splitter_type`` "jieba" cuts alike), split where a span begins or
ends inside one; such spans are listed as *repaired*. White space is no word, as with GLiNER's own
splitters, so a span loses it at its edges, and a region of nothing else is a Loss.

GLiNER leaves out every span of more than ``max_width`` words (12 unless told otherwise) and every
word after ``max_len`` without an error. ``config.json`` holds values that keep all that is here,
to be put into the model's configuration; a span of more than 60 characters is a Loss, since the
cost of training grows with the width. ``regions.jsonl`` has the texts and the window borders.
"""
from __future__ import annotations

import json
from pathlib import Path
from typing import Iterator

import msgspec

from exporters import Format, Loss
from exporters.lines import Files, json_line, read_list, read_typed, write_text
from exporters.regions import (
    BLANK, SPANS, TRIMMED, asked, narrowed, needs_trimming, refuse_dots, relation_label,
    relation_of, respanned, span_loss, trimmed,
)
from exporters.windowed import (
    INDEX, Place, Window, apart_losses, cut, joined, place, shifted, together,
)
from exporters.words import cut_words
from labels.errors import N_, ExportError
from labels.gold import SPLITS, GoldRegion, GoldRelease, GoldSpan

FORMAT = Format(
    name="gliner", title=N_("GLiNER (words, with its configuration)"),
    carries=("spans", "relations"), drops=("classes",), package="jieba")

LIMIT = 384
WIDEST = 60
_DEFAULT_WIDTH = 12


class Row(msgspec.Struct):
    tokenized_text: list[str]
    ner: list[tuple[int, int, str]]
    relations: list[tuple[int, int, str]]


class IndexRow(Place):
    text: str
    windows: list[tuple[int, int]]


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the windows and the configuration that keeps their spans."""
    refuse_dots(release)
    losses: list[Loss] = []
    width, length = _DEFAULT_WIDTH, LIMIT
    with Files(folder) as files:
        for region in asked(release, SPANS):
            held, lost, gold = _held(region)
            losses += lost + apart_losses(held, LIMIT, gold)
            if not region.text.strip():
                losses.append(Loss(region.id, SPANS, BLANK))
                continue
            found = cut(held, LIMIT, visible=True)
            for window in found:
                row, repaired = _row(window)
                losses += [span_loss(region, shifted(span, window.start),
                                     N_("its border stood inside a token, which was split there"),
                                     kind="repaired") for span in repaired]
                width = max([width, *(last - first + 1 for first, last, _ in row.ner)])
                length = max(length, len(row.tokenized_text))
                name = f"{region.split}.json"
                files.write(name, ",\n" if name in files else "[\n")
                files.write(name, json_line(row)[:-1])
            files.write(INDEX, json_line(IndexRow(*place(region), region.text, [
                (window.start, window.start + len(window.text)) for window in found])))
        for split in SPLITS:
            if f"{split}.json" in files:
                files.write(f"{split}.json", "\n]\n")
    write_text(folder / "config.json", json.dumps({
        "max_width": width, "max_len": length, "words_splitter_type": "jieba",
        "labels": list(release.labels)}, ensure_ascii=False, indent=1) + "\n")
    return losses


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    """The regions asked for spans, as words and windows can say them."""
    for region in asked(release, SPANS):
        if region.text.strip():
            yield narrowed(release, together(_held(region)[0], LIMIT), [SPANS])


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions in the order of the index. Raises ExportError where other words stand there."""
    files = {split: read_list(folder / f"{split}.json", Row) for split in SPLITS}
    for row in read_typed(folder / INDEX, IndexRow):
        parts = []
        for start, end in row.windows:
            found = next(files[row.split], None)
            offsets = None if found is None else _offsets(
                row.text[start:end], found.tokenized_text)
            if found is None or offsets is None:
                raise ExportError(N_("%(file)s does not hold the sequences of region %(id)s"),
                                  file=f"{row.split}.json", id=row.id)
            parts.append(Window(
                start, row.text[start:end],
                tuple([GoldSpan(offsets[first][0], offsets[last][1], label)
                       for first, last, label in found.ner]),
                tuple([relation_of(label, source, target)
                       for source, target, label in found.relations])))
        yield joined(row, parts)
    if any(next(rows, None) is not None for rows in files.values()):
        raise ExportError(N_("%(file)s holds rows of no region"), file="*.json")


def _held(region: GoldRegion) -> tuple[GoldRegion, list[Loss], GoldRegion]:
    def change(span: GoldSpan) -> tuple[GoldSpan | None, str]:
        held = trimmed(region.text, span)
        if held is None:
            return None, BLANK
        if held.end - held.start > WIDEST:
            return None, N_("longer than GLiNER is asked to look")
        return held, TRIMMED
    wide = any([span.end - span.start > WIDEST for span in region.spans])
    return respanned(region, change) if wide or needs_trimming(region) else (region, [], region)


def _row(window: Window) -> tuple[Row, list[GoldSpan]]:
    words, repaired = cut_words(window.text, window.spans)
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    tokens: list[str] = []
    position = 0
    for word in words:
        if not word.isspace():
            first[position] = last[position + len(word)] = len(tokens)
            tokens.append(word)
        position += len(word)
    return Row(tokens, [(first[span.start], last[span.end], span.label) for span in window.spans],
               [(link.source, link.target, relation_label(link))
                for link in window.relations]), repaired


def _offsets(text: str, tokens: list[str]) -> list[tuple[int, int]] | None:
    """Where each token stands; None if these are not the words of `text`."""
    found = []
    position = 0
    for token in tokens:
        while position < len(text) and text[position].isspace():
            position += 1
        if not text.startswith(token, position):
            return None
        found.append((position, position + len(token)))
        position += len(token)
    return None if text[position:].strip() else found
