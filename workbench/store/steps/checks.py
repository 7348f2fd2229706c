"""The tables of rules, checks, records and findings."""
from __future__ import annotations

RULES_AND_CHECKS = """
CREATE TABLE IF NOT EXISTS checks (  -- what the arithmetic of a document came to
    document_id INTEGER PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
    basis TEXT NOT NULL,            -- which labels and which checks it was made from
    holds INTEGER NOT NULL,         -- equations that hold
    amounts INTEGER NOT NULL,
    checked INTEGER NOT NULL,       -- amounts that stand in an equation
    confirmed TEXT NOT NULL,        -- JSON: [[start, end], …] of the amounts that one confirms
    checked_at TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS findings (  -- equations that are broken, or that cannot be made
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    key TEXT NOT NULL,              -- stays while the text and the claim do
    check_name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('broken', 'not_checkable')),
    start INTEGER NOT NULL,
    content TEXT NOT NULL,          -- JSON, as workbench.deriving writes it
    PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS findings_by_key ON findings(document_id, key);

CREATE TABLE IF NOT EXISTS finding_answers (  -- append-only; the newest of a key counts
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    reason TEXT NOT NULL,           -- '' takes an answer back
    note TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    answered_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS finding_answers_by_key ON finding_answers(document_id, key, id);

CREATE TABLE IF NOT EXISTS records (  -- made from the labels with the checks, never edited
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    start INTEGER NOT NULL,
    content TEXT NOT NULL,          -- JSON, as labels.records writes it
    PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_kind ON records(kind, document_id);

CREATE TABLE IF NOT EXISTS rule_counts (  -- what a rule made in a set; written with it
    set_id INTEGER NOT NULL REFERENCES suggestion_sets(id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    version TEXT NOT NULL,
    made INTEGER NOT NULL,
    PRIMARY KEY (set_id, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS rule_conflicts (  -- how often a rule beat another in a set
    set_id INTEGER NOT NULL REFERENCES suggestion_sets(id) ON DELETE CASCADE,
    winner TEXT NOT NULL,
    loser TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (set_id, winner, loser)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS overlays (  -- what the project changes in the pack; the newest counts
    version INTEGER PRIMARY KEY,
    content TEXT NOT NULL,          -- JSON Lines, as labels.overlays tells
    why TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    back_to INTEGER REFERENCES overlays(version)    -- whose content was taken up again
) STRICT;

CREATE TABLE IF NOT EXISTS overlay_draft (  -- changes that were not saved yet
    id INTEGER PRIMARY KEY CHECK (id = 1),
    base INTEGER NOT NULL,          -- the version of the overlay it was begun from; 0: none
    content TEXT NOT NULL,          -- JSON Lines
    changed_by TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    stop INTEGER NOT NULL DEFAULT 0,    -- its replay shall end
    replay TEXT                     -- JSON: what the replay of just this content found
) STRICT;

CREATE TABLE IF NOT EXISTS replay_changes (  -- of the draft: suggestions it would gain or lose
    id INTEGER PRIMARY KEY,
    change TEXT NOT NULL CHECK (change IN ('gained', 'lost')),
    verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong', 'unjudged')),
    kind TEXT NOT NULL CHECK (kind IN ('span', 'relation', 'class')),
    label TEXT NOT NULL,
    rule TEXT NOT NULL,
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    target_start INTEGER,           -- of a relation: its other end
    target_end INTEGER
) STRICT;

CREATE TABLE IF NOT EXISTS reference_files (  -- hand-labelled rows that rules were scored against
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    content TEXT NOT NULL,          -- JSON Lines, as labels.scoring tells
    passages INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    added_at TEXT NOT NULL,
    pack_hash TEXT,                 -- of the pack that was scored last
    scored_at TEXT,
    scores TEXT                     -- JSON: see workbench.ledger
) STRICT;

CREATE INDEX IF NOT EXISTS suggestion_sets_by_document ON suggestion_sets(document_id, pack_hash);
"""

MANY_SETS = """
CREATE TABLE new_sets (             -- the newest of a document counts
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    pack_hash TEXT NOT NULL,
    failures TEXT NOT NULL,         -- JSON: rules that raised
    created_at TEXT NOT NULL
) STRICT;
INSERT INTO new_sets SELECT id, document_id, pack_hash, failures, created_at FROM suggestion_sets;
DROP TABLE suggestion_sets;
ALTER TABLE new_sets RENAME TO suggestion_sets;
"""

EQUATIONS = """
ALTER TABLE checks ADD COLUMN failures TEXT NOT NULL DEFAULT '[]';  -- JSON: what raised

CREATE TABLE equations (            -- those that hold; what is broken is a finding
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    content TEXT NOT NULL,          -- JSON, as workbench.deriving writes it
    PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
"""
