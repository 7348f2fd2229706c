"""Answers held against the guide when they come in: kept as they were made, told with a mend."""
from __future__ import annotations

from typing import Any, Mapping

from labels.lints import Lint, lint, lint_surfaces
from labels.schema import Schema
from workbench.store import Store
from workbench.store.lints import answers_to_compare, due_documents, save_compared


def lints_of(schema: Schema, edges: Mapping[str, str], kind: str, text: str,
             answer: Mapping[str, Any]) -> tuple[Lint, ...]:
    """The lints of one answer to a region of that kind, whose text is `text`; `edges` are those
    of the guide that counts."""
    asked = [one.name for one in schema.paragraph_classes] if kind == "classes" else []
    return lint(text, answer, schema, edges, asked)


def compare_answers(store: Store) -> int:
    """Compare the answers of each document that changed; returns how many documents these were.

    A pull calls this at its end. One that was killed before leaves the documents due.
    """
    due = due_documents(store)
    for document_id in due:
        with store.write():
            answers = answers_to_compare(store, document_id)
            save_compared(store, document_id, answers, lint_surfaces(
                [(row["text"], row["answer"]) for row in answers]))
    return len(due)
