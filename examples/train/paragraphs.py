"""Paragraphs: the exporter ``hf`` → TF-IDF of characters → a linear classifier."""
from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClassScore:
    """`accuracy` and macro F1 on `count` paragraphs; `commonest` is the accuracy of always saying
    the commonest choice of training."""

    count: int
    accuracy: float
    macro_f1: float
    commonest: float


def rows(folder: Path, class_set: str, split: str) -> tuple[list[str], list[str]]:
    """Texts and choices of a split of one class set, of those that were asked and have one."""
    path = folder / "data" / f"classes-{split}.jsonl"
    if not path.exists():
        return [], []
    with path.open(encoding="utf-8", newline="\n") as lines:
        found = [json.loads(line) for line in lines]
    kept = [row for row in found if row[class_set]]
    return [row["text"] for row in kept], [row[class_set] for row in kept]


def train_and_score(folder: Path, class_set: str, shuffled: bool = False) -> ClassScore:
    """Train on the train split of an export in ``hf``, score on its test split.

    `shuffled`: the choices are dealt anew among the paragraphs of training.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.pipeline import make_pipeline
    texts, choices = rows(folder, class_set, "train")
    test_texts, expected = rows(folder, class_set, "test")
    if shuffled:
        random.Random(0).shuffle(choices)
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True),
                          LogisticRegression(C=30.0, class_weight="balanced", max_iter=1000))
    model.fit(texts, choices)
    found = model.predict(test_texts)
    usual = Counter(choices).most_common(1)[0][0]
    return ClassScore(
        len(expected), float(accuracy_score(expected, found)),
        float(f1_score(expected, found, average="macro", zero_division=0.0)),
        sum(choice == usual for choice in expected) / len(expected))
