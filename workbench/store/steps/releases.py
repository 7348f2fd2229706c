"""The tables of groups, withdrawals, seals and facts of releases."""
from __future__ import annotations

RELEASES = """
CREATE TABLE document_groups (      -- documents that are never parted between splits
    document TEXT PRIMARY KEY,      -- its name
    group_name TEXT NOT NULL,
    since INTEGER NOT NULL,         -- number of the release that first had the group
    kept INTEGER NOT NULL DEFAULT 0     -- 1: was given its split before there were groups
) STRICT;
INSERT INTO document_groups (document, group_name, since, kept)
    SELECT s.group_name, s.group_name, coalesce((SELECT min(r.number) FROM release_regions r
        WHERE json_extract(r.region, '$.group') = s.group_name), 1), 1 FROM splits s;

CREATE TABLE withdrawals (          -- documents that later releases leave out
    id INTEGER PRIMARY KEY,
    document TEXT NOT NULL,         -- its name
    why TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ended_by TEXT,
    ended_at TEXT,                  -- when it was taken back
    told INTEGER,                   -- number of the release that told it
    end_told INTEGER
) STRICT;
CREATE UNIQUE INDEX withdrawals_open ON withdrawals(document) WHERE ended_at IS NULL;

CREATE TABLE release_notes (        -- what a release tells beside its regions
    number INTEGER NOT NULL REFERENCES releases(number),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('withdrawn', 'returned', 'moved')),
    document TEXT NOT NULL,
    content TEXT NOT NULL,          -- JSON: why and by whom; from where to where
    PRIMARY KEY (number, position)
) STRICT, WITHOUT ROWID;

ALTER TABLE releases ADD COLUMN seal TEXT NOT NULL DEFAULT '';
"""

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
