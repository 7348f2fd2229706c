"""`workbench records`: what a document's labels and tables say, one record a fact."""
from __future__ import annotations

from labels import govdoc
from labels.checks import Figures
from labels.document import Document
from labels.records import Record, records
from labels.rules import suggest


def record_document(document: Document) -> tuple[Record, ...]:
    """The records of `document` by the suggestions of the rules, in the order of the text."""
    found = suggest(document, govdoc.load())
    return records(Figures(document, found.spans, found.relations), govdoc.record_rules())
