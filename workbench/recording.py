"""`workbench records`: what a document's labels and tables say, one record a fact."""
from __future__ import annotations

from labels import govdoc
from labels.checks import Failure
from labels.document import Document
from labels.records import Record, records
from workbench.checking import labelled


def record_document(document: Document,
                    failures: list[Failure] | None = None) -> tuple[Record, ...]:
    """The records of `document` by the suggestions of the rules, in the order of the text. Rules
    that raise are told in `failures`; without these they raise."""
    return records(labelled(document), govdoc.record_rules(), failures)
