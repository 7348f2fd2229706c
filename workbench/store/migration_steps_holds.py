"""The step of the tables that tells why something was settled though it was not beyond doubt."""
from __future__ import annotations

HOLDS = """
CREATE TABLE hold_reasons (         -- why a region is gold in spite of an open finding or lint;
    id INTEGER PRIMARY KEY,         -- append-only, the newest of a region and key counts
    region_id INTEGER NOT NULL REFERENCES regions(id),
    cause TEXT NOT NULL CHECK (cause IN ('finding', 'lint')),
    key TEXT NOT NULL,              -- of the finding or of the lint: a new one is asked anew
    reason TEXT NOT NULL,           -- coded; '' takes the last one back
    note TEXT NOT NULL,
    batch TEXT NOT NULL,            -- what was let through, and is taken back, at once
    given_by TEXT NOT NULL,
    given_at TEXT NOT NULL
) STRICT;
CREATE INDEX hold_reasons_by_region ON hold_reasons(region_id, cause, key, id);
CREATE INDEX hold_reasons_by_batch ON hold_reasons(batch);

ALTER TABLE gold ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]';     -- JSON: those it stands on
ALTER TABLE gold ADD COLUMN schema_version INTEGER;     -- of the project; NULL: not kept yet
ALTER TABLE gold ADD COLUMN guide_hash TEXT NOT NULL DEFAULT '';

ALTER TABLE release_regions ADD COLUMN gold_id INTEGER REFERENCES gold(id);
"""
