"""Facts of documents, kept by the hash of their content, and which of them a release holds."""
from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Iterable, Iterator

from labels.errors import ExportError, N_
from labels.facts import Facts, facts_bytes, facts_from_json
from workbench.store.connection import Store


def made_facts(store: Store, document_id: int, basis: str) -> str | None:
    """The hash of the facts that were made of a document on this basis."""
    found = store.value("SELECT hash FROM facts_made WHERE document_id = ? AND basis = ?",
                        [document_id, basis])
    return None if found is None else str(found)


def keep_facts(store: Store, document_id: int, basis: str, facts: Facts) -> str:
    """Keep the facts of a document, whatever its split; returns the hash of their content."""
    content = facts_bytes(facts)
    digest = hashlib.sha256(content).hexdigest()
    with store.write() as db:
        db.execute("INSERT OR IGNORE INTO facts (hash, content) VALUES (?, ?)",
                   [digest, zlib.compress(content)])
        db.execute("INSERT OR REPLACE INTO facts_made (document_id, basis, hash) VALUES (?, ?, ?)",
                   [document_id, basis, digest])
    return digest


def add_release_facts(store: Store, number: int, held: Iterable[tuple[str, str]]) -> None:
    """Which facts a release holds: (hash, split) of its documents, in their order."""
    with store.write() as db:
        db.table("release_facts").insert_all(
            {"number": number, "position": position, "split": split, "hash": digest}
            for position, (digest, split) in enumerate(held))


def load_facts(store: Store, digest: str, split: str) -> Facts:
    """Raises ValueError, TypeError, KeyError or zlib.error where they are not as they were kept."""
    content = store.value("SELECT content FROM facts WHERE hash = ?", [digest])
    text = zlib.decompress(content)
    if hashlib.sha256(text).hexdigest() != digest:
        raise ValueError("the facts have another hash")
    return facts_from_json(json.loads(text), split)


@dataclass(frozen=True)
class StoredFacts:
    """The facts of a release, read anew one document at a time whenever they are walked.

    Raises ExportError where they were changed since.
    """

    store: Store
    number: int

    def __iter__(self) -> Iterator[Facts]:
        held = [(row["hash"], row["split"]) for row in self.store.rows(
            "SELECT hash, split FROM release_facts WHERE number = ? ORDER BY position",
            [self.number])]
        try:
            for digest, split in held:
                yield load_facts(self.store, digest, split)
        except (ValueError, TypeError, KeyError, ArithmeticError, zlib.error) as error:
            raise ExportError(
                N_("release %(number)s was changed after it was frozen; its hash does not fit"),
                number=self.number,
                hint=N_("bring the project back from a backup, or freeze a new release"),
            ) from error
