"""Spans: the files of the exporter ``char-bio`` → a CRF over characters → scores of nervaluate.

The files are read as any trainer reads them; nothing of the workbench is in the way from the
release to the score but the export itself.
"""
from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

from labels.gold import GoldRegion
from labels.baseline import Dictionary
from labels.tokens import bio_tags, flat

Sentence = list[tuple[str, str]]
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Micro figures of spans that are right in place and label (nervaluate: strict)."""

    precision: float
    recall: float
    f1: float


def sentences(path: Path) -> list[Sentence]:
    """The sequences of a column file: characters and tags. No file: the split has no regions."""
    if not path.exists():
        return []
    found: list[Sentence] = [[]]
    for line in path.read_text(encoding="utf-8").split("\n"):
        columns = line.split()
        if columns:
            found[-1].append((columns[0], columns[1]))
        elif found[-1]:
            found.append([])
    return [sentence for sentence in found if sentence]


def features(sentence: Sentence) -> list[dict[str, object]]:
    """What the CRF sees of each character: itself, two on each side, their pairs and kinds."""
    chars = ["0" if char.isdigit() else char for char, _ in sentence]
    padded = ["<", "<", *chars, ">", ">"]
    kinds = [_kind(char) for char in padded]
    rows: list[dict[str, object]] = []
    for at in range(2, len(padded) - 2):
        row: dict[str, object] = {"bias": 1.0}
        for step in range(-2, 3):
            row[f"c{step}"] = padded[at + step]
            row[f"k{step}"] = kinds[at + step]
        for step in (-2, -1, 0, 1):
            row[f"b{step}"] = padded[at + step] + padded[at + step + 1]
        row["t"] = padded[at - 1] + padded[at] + padded[at + 1]
        rows.append(row)
    return rows


def _kind(char: str) -> str:
    if "\u4e00" <= char <= "\u9fff":
        return "han"
    return unicodedata.category(char[0])


def train_and_score(folder: Path, labels: Sequence[str], shuffled: bool = False) -> SpanScore:
    """Train on ``train.txt`` and score on ``test.txt`` of an export in ``char-bio``.

    `shuffled`: the tags of each sequence are dealt anew among its characters, so that there is
    nothing to learn. A way of scoring that gives such a model a good mark is broken.
    """
    import sklearn_crfsuite
    train, test = sentences(folder / "train.txt"), sentences(folder / "test.txt")
    tags = [[tag for _, tag in sentence] for sentence in train]
    if shuffled:
        draw = random.Random(0)
        for sequence in tags:
            draw.shuffle(sequence)
    model = sklearn_crfsuite.CRF(algorithm="lbfgs", c1=0.05, c2=0.05, max_iterations=ROUNDS)
    model.fit([features(sentence) for sentence in train], tags)
    found = model.predict([features(sentence) for sentence in test])
    return score([[tag for _, tag in sentence] for sentence in test],
                 [[str(tag) for tag in sequence] for sequence in found], labels)


def dictionary_score(train: Sequence[GoldRegion], test: Sequence[GoldRegion],
                     labels: Sequence[str]) -> SpanScore:
    """The baseline to beat: what training marks, marked again in the test."""
    mark = Dictionary(train)
    return score([bio_tags(len(region.text), flat(region.spans)[0]) for region in test],
                 [bio_tags(len(region.text), mark(region)) for region in test], labels)


def score(true: list[list[str]], found: list[list[str]], labels: Sequence[str]) -> SpanScore:
    from nervaluate import Evaluator
    result = Evaluator(true, found, tags=list(labels), loader="list").evaluate()
    strict = result["overall"]["strict"]
    return SpanScore(strict.precision, strict.recall, strict.f1)
