"""Every span rule of the pack finds what its examples mark, and nothing in what it rejects."""
from __future__ import annotations

import pytest

from labels.document import Document
from labels.govdoc import load
from labels.rules import Rule, Suggestions, suggest

SPAN_RULES = [entry for entry in load().rules if entry.kind == "span"]
EXAMPLES = [pytest.param(entry, example, id=f"{entry.name}-{number}")
            for entry in SPAN_RULES for number, example in enumerate(entry.examples)]
REJECTS = [pytest.param(entry, reject, id=f"{entry.name}-{number}")
           for entry in SPAN_RULES for number, reject in enumerate(entry.rejects)]


def unmarked(example: str) -> tuple[str, set[tuple[int, int]]]:
    """The text of an example without its ⟦ ⟧, and where the marked spans stand in it."""
    text, spans, start = "", set(), 0
    for char in example:
        if char == "⟦":
            start = len(text)
        elif char == "⟧":
            spans.add((start, len(text)))
        else:
            text += char
    return text, spans


def suggestions(text: str) -> Suggestions:
    found = suggest(Document("example", text), load())
    assert not found.failures
    return found


@pytest.mark.parametrize("entry", SPAN_RULES, ids=lambda entry: entry.name)
def test_a_rule_has_marked_examples(entry: Rule) -> None:
    assert entry.examples
    assert all("⟦" in example for example in entry.examples)


@pytest.mark.parametrize("entry, example", EXAMPLES)
def test_the_marked_spans_of_an_example_are_found(entry: Rule, example: str) -> None:
    text, expected = unmarked(example)
    label = entry.target[0]
    found = {(span.start, span.end) for span in suggestions(text).spans if span.label == label}
    assert [text[a:b] for a, b in sorted(found)] == [text[a:b] for a, b in sorted(expected)]
    assert found == expected


@pytest.mark.parametrize("entry, reject", REJECTS)
def test_a_reject_has_no_span_of_the_label(entry: Rule, reject: str) -> None:
    label = entry.target[0]
    assert [reject[span.start:span.end] for span in suggestions(reject).spans
            if span.label == label] == []
