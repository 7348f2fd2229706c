"""The tables of changes of the schema."""
from __future__ import annotations

SCHEMAS = """
CREATE TABLE schemas (              -- what the project made of the schema; the newest counts
    version INTEGER PRIMARY KEY,
    schema TEXT NOT NULL,           -- TOML, whole; empty: that of the pack
    guide TEXT NOT NULL,            -- TOML, whole; empty: that of the pack
    names TEXT NOT NULL,            -- JSON: what the names of the pack became
    changes TEXT NOT NULL,          -- JSON Lines, as labels.schema_changes tells
    mapping TEXT NOT NULL,          -- JSON: what the names of the version before became
    why TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    back_to INTEGER,                -- whose content was taken up again; 0: that of the pack
    step TEXT NOT NULL,             -- how far its migration has come; 'done': it counts alone
    told TEXT NOT NULL DEFAULT '{}'     -- JSON: what the migration did
) STRICT;

CREATE TABLE schema_draft (         -- changes that were not saved yet
    id INTEGER PRIMARY KEY CHECK (id = 1),
    base INTEGER NOT NULL,          -- the version it was begun from
    changes TEXT NOT NULL,          -- JSON Lines
    changed_by TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;

CREATE TABLE schema_moves (         -- what a version made of one answer, or of gold without one
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL REFERENCES schemas(version),
    region_id INTEGER NOT NULL REFERENCES regions(id),
    origin TEXT NOT NULL,           -- of the annotation in Label Studio; '' for gold
    studio_annotation INTEGER NOT NULL,     -- 0 for gold
    answer_id INTEGER REFERENCES answers(id),
    before TEXT NOT NULL,           -- JSON: the answer, canonical
    after TEXT NOT NULL,            -- JSON: the answer, canonical
    result TEXT,                    -- JSON: as Label Studio shall hold it
    notes TEXT NOT NULL,            -- JSON: labels.answers.Note
    UNIQUE (version, region_id, origin, studio_annotation)
) STRICT;
"""

SCHEMA_DRAFTS = """
CREATE TABLE schema_drafts (        -- drafts that lie apart while their answer is rewritten
    version INTEGER NOT NULL REFERENCES schemas(version),
    origin TEXT NOT NULL,
    studio_draft INTEGER NOT NULL,
    studio_annotation INTEGER NOT NULL,     -- which it belongs to
    PRIMARY KEY (version, origin, studio_draft)
) STRICT, WITHOUT ROWID;
"""

MOVES = """
ALTER TABLE schema_moves ADD COLUMN raw TEXT;   -- JSON: the result as Label Studio held it before,
                                                -- of an answer that was not stored then
"""
