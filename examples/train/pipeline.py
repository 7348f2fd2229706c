"""spaCy: the exporter ``spacy`` → ``spacy.blank("zh")`` with an entity recogniser."""
from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

from examples.train.spans import SpanScore

if TYPE_CHECKING:
    from spacy.tokens import Doc

EPOCHS = 24


def docs(nlp: Any, folder: Path) -> list[Doc]:
    from spacy.tokens import DocBin
    return [doc for path in sorted(folder.glob("*.spacy"))
            for doc in DocBin().from_disk(path).get_docs(nlp.vocab)]


def train_and_score(folder: Path, epochs: int = EPOCHS) -> SpanScore:
    """Train on ``train`` and score on ``test`` of an export in ``spacy``; no pretrained vectors."""
    import spacy
    from spacy.training import Example
    from spacy.util import fix_random_seed, minibatch
    fix_random_seed(0)
    nlp = spacy.blank("zh")
    nlp.add_pipe("ner")
    train = [Example(nlp.make_doc(doc.text), doc) for doc in docs(nlp, folder / "train")]
    optimizer = nlp.initialize(lambda: train)
    draw = random.Random(0)
    for _ in range(epochs):
        draw.shuffle(train)
        for batch in minibatch(train, 8):
            nlp.update(batch, sgd=optimizer, drop=0.2)
    test = docs(nlp, folder / "test")
    scores = nlp.evaluate([Example(nlp.make_doc(doc.text), doc) for doc in test])
    return SpanScore(scores["ents_p"] or 0.0, scores["ents_r"] or 0.0, scores["ents_f"] or 0.0)
