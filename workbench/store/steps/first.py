"""The tables that a project began with."""
from __future__ import annotations

FIRST = """
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL             -- JSON
) STRICT;

CREATE TABLE activities (           -- what long work says of itself
    name TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER,
    message TEXT NOT NULL DEFAULT '',       -- msgid
    context TEXT NOT NULL DEFAULT '{}',     -- JSON: the fields of the message
    started_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,  -- the name without case and width
    role TEXT NOT NULL CHECK (role IN ('lead', 'reviewer', 'annotator')),
    password_hash TEXT NOT NULL,
    must_change INTEGER NOT NULL DEFAULT 0,
    active INTEGER NOT NULL DEFAULT 1,
    studio_email TEXT UNIQUE,
    studio_user INTEGER,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (             -- the cookie holds the token, the table its hash
    token_hash TEXT PRIMARY KEY,
    user_id INTEGER REFERENCES users(id) ON DELETE CASCADE,
    data TEXT NOT NULL,             -- JSON
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;

CREATE TABLE texts (
    hash TEXT PRIMARY KEY,          -- SHA-256 of the UTF-8 bytes
    text TEXT NOT NULL
) STRICT;

CREATE TABLE documents (            -- a row is (name, version); a changed source is a new row
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    origin TEXT NOT NULL DEFAULT '',    -- the path it was read from
    text_hash TEXT NOT NULL REFERENCES texts(hash),
    title TEXT NOT NULL,
    type TEXT NOT NULL,
    date TEXT,
    views TEXT NOT NULL,            -- JSON of the document without its text
    previous INTEGER REFERENCES documents(id),
    created_at TEXT NOT NULL,
    removed_at TEXT,
    UNIQUE (name, version)
) STRICT;

CREATE TABLE suggestion_sets (      -- one a document and state of the pack
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    pack_hash TEXT NOT NULL,
    failures TEXT NOT NULL,         -- JSON: rules that raised
    created_at TEXT NOT NULL,
    UNIQUE (document_id, pack_hash)
) STRICT;

CREATE TABLE suggested_spans (
    set_id INTEGER NOT NULL REFERENCES suggestion_sets(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    label TEXT NOT NULL,
    rule TEXT NOT NULL,
    version TEXT NOT NULL,
    score REAL NOT NULL,
    value TEXT,                     -- JSON
    evidence TEXT NOT NULL,         -- JSON
    PRIMARY KEY (set_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE suggested_relations (
    set_id INTEGER NOT NULL REFERENCES suggestion_sets(id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    source INTEGER NOT NULL,        -- position of the span
    target INTEGER NOT NULL,
    direction TEXT,
    rule TEXT NOT NULL,
    version TEXT NOT NULL,
    score REAL NOT NULL,
    PRIMARY KEY (set_id, source, target, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE suggested_classes (
    set_id INTEGER NOT NULL REFERENCES suggestion_sets(id) ON DELETE CASCADE,
    class_set TEXT NOT NULL,
    choice TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    rule TEXT NOT NULL,
    version TEXT NOT NULL,
    score REAL NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (set_id, start, class_set, choice)
) STRICT, WITHOUT ROWID;

CREATE TABLE regions (              -- what is asked: a slice of a document, as one task
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,       -- our key in Label Studio's task data
    document_id INTEGER NOT NULL REFERENCES documents(id),
    kind TEXT NOT NULL CHECK (kind IN ('spans', 'classes')),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    heading_path TEXT NOT NULL      -- JSON
) STRICT;
CREATE INDEX regions_by_document ON regions(document_id, kind, start);

CREATE TABLE tasks (                -- a region as it stands in Label Studio
    region_id INTEGER PRIMARY KEY REFERENCES regions(id),
    origin TEXT NOT NULL,           -- which project ever made there: ids restart on a new server
    studio_project INTEGER NOT NULL,
    studio_task INTEGER NOT NULL,
    set_id INTEGER REFERENCES suggestion_sets(id) ON DELETE SET NULL,
    pushed_at TEXT NOT NULL,
    gone_at TEXT,                   -- when a sync found it deleted there
    UNIQUE (origin, studio_task)
) STRICT;

CREATE TABLE answers (              -- every version of every annotation pulled, append-only
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES regions(id),
    origin TEXT NOT NULL,           -- as in tasks
    studio_task INTEGER NOT NULL,
    studio_annotation INTEGER NOT NULL,
    studio_updated_at TEXT NOT NULL,
    annotator TEXT NOT NULL,        -- account e-mail in Label Studio
    state TEXT NOT NULL CHECK (state IN ('accepted', 'skipped', 'quarantined')),
    reason TEXT NOT NULL DEFAULT '',        -- why quarantined; what is odd in an accepted one
    answer TEXT NOT NULL,           -- JSON: spans, relations, classes, local offsets; canonical
    raw TEXT NOT NULL,              -- JSON as Label Studio gave it
    lead_time REAL,
    pulled_at TEXT NOT NULL,
    deleted_at TEXT,                -- when a sync found it deleted there
    UNIQUE (origin, studio_annotation, studio_updated_at)
) STRICT;
CREATE INDEX answers_by_region ON answers(region_id);

CREATE TABLE gold (                 -- settled regions; a later correction is a new version
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES regions(id),
    version INTEGER NOT NULL,
    answer TEXT,                    -- JSON as in answers; NULL: gold was withdrawn
    answer_ids TEXT NOT NULL,       -- JSON: the accepted answers it was settled from
    annotators TEXT NOT NULL,       -- JSON
    schema_hash TEXT NOT NULL,
    settled_by TEXT NOT NULL,
    settled_at TEXT NOT NULL,
    UNIQUE (region_id, version)
) STRICT;

CREATE TABLE releases (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    schema_hash TEXT NOT NULL,
    header TEXT NOT NULL,           -- JSON of the release without its regions
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE release_regions (
    number INTEGER NOT NULL REFERENCES releases(number),
    position INTEGER NOT NULL,
    document_id INTEGER NOT NULL REFERENCES documents(id),
    region TEXT NOT NULL,           -- JSON of the gold region
    PRIMARY KEY (number, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE splits (               -- a group keeps its split for ever
    group_name TEXT PRIMARY KEY,
    split TEXT NOT NULL
) STRICT;

CREATE TABLE syncs (                -- history of pushes and pulls
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('push', 'pull')),
    started_at TEXT NOT NULL,
    finished_at TEXT,
    summary TEXT NOT NULL           -- JSON
) STRICT;
"""
