"""What the pack finds in a text, as the tests read it."""
from __future__ import annotations

from labels.document import Document
from labels.govdoc import load
from labels.rules import suggest


def spans(text: str, *labels: str) -> list[str]:
    """The mentions of `labels` in `text`, in order."""
    found = suggest(Document("test", text), load())
    assert not found.failures
    return [text[span.start:span.end] for span in found.spans if span.label in labels]


def relations(text: str) -> list[tuple[str, str, str, str]]:
    """(type, from, to, direction or "") of every relation in `text`."""
    found = suggest(Document("test", text), load())
    assert not found.failures

    def words(index: int) -> str:
        return text[found.spans[index].start:found.spans[index].end]

    return [(relation.type, words(relation.source), words(relation.target),
             relation.direction or "") for relation in found.relations]
