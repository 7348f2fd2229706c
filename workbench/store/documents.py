"""Documents: (name, version) rows over texts addressed by hash."""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from labels.document import Document, document_from_json, document_to_json
from labels.errors import InputError, N_
from workbench.clock import now
from workbench.store.answers import NEWEST
from workbench.store.connection import Row, Store
from workbench.store.gold import STANDING


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a document: `outcome` is "new", "unchanged", "changed" (a new version) or
    "returned" (it was removed, and is there again as it was)."""

    document_id: int
    version: int
    outcome: str


def add_document(store: Store, document: Document, origin: str = "") -> Added:
    """Store `document`, unless its newest version has the same text.

    `origin` is the path it was read from. Raises InputError where a document of that name with
    another text came from somewhere else: two files that share a name are not two versions.
    """
    record = document_to_json(document)
    text = record.pop("text")
    text_hash = hashlib.sha256(text.encode("utf-8")).hexdigest()
    views = json.dumps(record, ensure_ascii=False)
    with store.write() as db:
        last = newest(store, document.id)
        if last and last["removed_at"]:
            db.execute("UPDATE documents SET removed_at = NULL WHERE name = ?", [document.id])
        if last and last["text_hash"] == text_hash:
            # The same text read by a newer reader keeps its identity; its views are refreshed.
            if last["views"] != views:
                db.table("documents").update(last["id"], {
                    "views": views, "title": document.title, "type": document.type,
                    "date": document.date})
                # What was derived from the older views is due again.
                db.execute("UPDATE checks SET basis = '' WHERE document_id = ?", [last["id"]])
            return Added(last["id"], last["version"],
                         "returned" if last["removed_at"] else "unchanged")
        if last and origin and last["origin"] not in ("", origin):
            raise InputError(N_("%(name)s is stored already, from %(origin)s"), name=document.id,
                             origin=last["origin"],
                             hint=N_("rename one of them, or read the folder that holds both"))
        db.execute("INSERT OR IGNORE INTO texts (hash, text) VALUES (?, ?)", [text_hash, text])
        version = last["version"] + 1 if last else 1
        cursor = db.execute(
            "INSERT INTO documents (name, version, source, origin, text_hash, title, type, date,"
            " views, previous, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [document.id, version, document.source, origin, text_hash, document.title,
             document.type, document.date, views, last["id"] if last else None, now()])
        assert cursor.lastrowid is not None
        return Added(cursor.lastrowid, version, "changed" if last else "new")


def newest(store: Store, name: str) -> Row | None:
    return store.row("SELECT * FROM documents WHERE name = ? ORDER BY version DESC LIMIT 1", [name])


def document_row(store: Store, document_id: int) -> Row | None:
    return store.row("SELECT * FROM documents WHERE id = ?", [document_id])


def is_current(store: Store, document_id: int) -> bool:
    """Whether the document counts: the newest version, not removed."""
    return bool(store.value(
        "SELECT d.removed_at IS NULL AND d.version = (SELECT max(version) FROM documents"
        " WHERE name = d.name) FROM documents d WHERE d.id = ?", [document_id]))


def load_document(store: Store, document_id: int) -> Document:
    """The document with its text and views. Raises InputError if there is none."""
    row = store.row("SELECT d.views, t.text FROM documents d JOIN texts t ON t.hash = d.text_hash"
                    " WHERE d.id = ?", [document_id])
    if row is None:
        raise InputError(N_("there is no document %(id)s"), id=document_id)
    return document_from_json({**json.loads(row["views"]), "text": row["text"]})


def text_slice(store: Store, document_id: int, start: int, end: int) -> str:
    """``text[start:end]`` of a document, without loading it."""
    return str(store.value(
        "SELECT substr(t.text, ? + 1, ?) FROM documents d JOIN texts t ON t.hash = d.text_hash"
        " WHERE d.id = ?", [start, end - start, document_id]) or "")


def current_ids(store: Store) -> list[int]:
    """The newest version of each document that was not removed, in order of arrival."""
    return [row["id"] for row in store.rows(
        "SELECT id FROM documents d WHERE removed_at IS NULL AND version ="
        " (SELECT max(version) FROM documents WHERE name = d.name) ORDER BY id")]


def document_lengths(store: Store) -> list[Row]:
    """`id`, `name`, `title` and `length` in characters of each current document."""
    return store.rows("""
        SELECT d.id, d.name, d.title, length(t.text) AS length
        FROM documents d JOIN texts t ON t.hash = d.text_hash
        WHERE d.removed_at IS NULL
          AND d.version = (SELECT max(version) FROM documents WHERE name = d.name)
        ORDER BY d.id""")


def document_states(store: Store) -> list[Row]:
    """One row a current document with what is done on it: suggestions, tasks, answers, gold."""
    return store.rows(f"""
        WITH newest AS MATERIALIZED ({NEWEST}), standing AS MATERIALIZED ({STANDING})
        SELECT d.id, d.name, d.version, d.source, d.title, d.type, d.date, d.created_at,
            length(t.text) AS length,
            (SELECT s.id FROM suggestion_sets s WHERE s.document_id = d.id
             ORDER BY s.id DESC LIMIT 1) AS set_id,
            (SELECT count(*) FROM suggested_spans p WHERE p.set_id =
             (SELECT max(s.id) FROM suggestion_sets s WHERE s.document_id = d.id)) AS suggestions,
            (SELECT count(*) FROM regions r WHERE r.document_id = d.id) AS regions,
            (SELECT count(*) FROM regions r JOIN tasks k ON k.region_id = r.id AND k.slot = 1
             WHERE r.document_id = d.id AND k.gone_at IS NULL) AS pushed,
            (SELECT count(DISTINCT a.region_id) FROM newest a JOIN regions r ON r.id = a.region_id
             WHERE r.document_id = d.id AND a.state = 'accepted') AS answered,
            (SELECT count(*) FROM standing g JOIN regions r ON r.id = g.region_id
             WHERE r.document_id = d.id) AS settled
        FROM documents d JOIN texts t ON t.hash = d.text_hash
        WHERE d.removed_at IS NULL
          AND d.version = (SELECT max(version) FROM documents WHERE name = d.name)
        ORDER BY d.id""")
