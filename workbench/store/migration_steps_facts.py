"""The step of the tables of facts: what a release holds beside its regions."""
from __future__ import annotations

FACTS = """
CREATE TABLE facts (                -- records and cells of a document, as of one state of its gold
    hash TEXT PRIMARY KEY,          -- SHA-256 of the JSON
    content BLOB NOT NULL           -- JSON of labels.facts, compressed by zlib
) STRICT, WITHOUT ROWID;

CREATE TABLE facts_made (           -- so that what did not change is not made again
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    basis TEXT NOT NULL,            -- names gold, views, answers to findings, rules and checks
    hash TEXT NOT NULL REFERENCES facts(hash),
    PRIMARY KEY (document_id, basis)
) STRICT, WITHOUT ROWID;

CREATE TABLE release_facts (
    number INTEGER NOT NULL REFERENCES releases(number),
    position INTEGER NOT NULL,
    split TEXT NOT NULL,
    hash TEXT NOT NULL REFERENCES facts(hash),
    PRIMARY KEY (number, position)
) STRICT, WITHOUT ROWID;
"""
