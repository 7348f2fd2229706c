"""Suggestions of the real documents carry values."""
from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from labels.govdoc import load
from labels.rules import suggest
from workbench.reading import read_file

LABELS = ("MONEY", "PERCENT", "QUANTITY", "DATE")


@pytest.mark.reference
def test_of_a_thousand_mentions_at_most_five_have_no_value(reference: Path) -> None:
    files = [path for folder in ("seeds", "documents") for path in (reference / folder).iterdir()
             if path.suffix in (".html", ".txt", ".md") and path.name != "README.md"]
    asked: Counter[str] = Counter()
    untold: Counter[str] = Counter()
    for path in sorted(files):
        for document in read_file(path):
            for span in suggest(document, load()).spans:
                if span.label in LABELS:
                    asked[span.label] += 1
                    untold[span.label] += span.value is None
    assert all(asked[label] > 500 for label in LABELS)
    assert {label: untold[label] / asked[label] for label in LABELS
            if untold[label] > 0.005 * asked[label]} == {}
