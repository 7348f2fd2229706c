"""The tables of rulings, of reasons in spite of what is open, and of quick decisions."""
from __future__ import annotations

RULINGS = """
CREATE TABLE rulings (              -- on disagreements; append-only, the newest of a key counts
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES regions(id),
    key TEXT NOT NULL,              -- of the disagreement: another one has another key
    kind TEXT NOT NULL,
    signature TEXT NOT NULL,        -- the same where the same was answered to the same words
    question TEXT NOT NULL,         -- the same where the words are, up to figures
    decision TEXT NOT NULL,         -- what was decided on them, up to figures
    quote TEXT NOT NULL,            -- the words
    choice TEXT NOT NULL,           -- option, neither or adjusted
    content TEXT,                   -- JSON: what counts now; NULL takes the last ruling back
    batch TEXT NOT NULL,            -- what was ruled, and is taken back, at once
    ruled_by TEXT NOT NULL,
    ruled_at TEXT NOT NULL
) STRICT;
CREATE INDEX rulings_by_key ON rulings(region_id, key, id);
CREATE INDEX rulings_by_question ON rulings(question);
CREATE INDEX rulings_by_batch ON rulings(batch);

CREATE TABLE precedents (           -- rulings that later ones shall follow
    id INTEGER PRIMARY KEY,
    ruling_id INTEGER NOT NULL REFERENCES rulings(id),
    name TEXT NOT NULL,             -- of the label, relation or class whose guide tells it
    note TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ended_by TEXT NOT NULL DEFAULT '',
    ended_at TEXT                   -- when it was taken back
) STRICT;
CREATE INDEX precedents_by_ruling ON precedents(ruling_id);
"""

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

QUICK = """
CREATE TABLE quick_decisions (      -- on one suggested span each; append-only
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES regions(id),
    start INTEGER NOT NULL,         -- local to the region, which goes with its text
    "end" INTEGER NOT NULL,
    label TEXT NOT NULL,
    quote TEXT NOT NULL,            -- the words
    document_id INTEGER NOT NULL REFERENCES documents(id),
    set_id INTEGER REFERENCES suggestion_sets(id) ON DELETE SET NULL,
    rule TEXT NOT NULL,             -- which suggested it in that set
    version TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'fix', 'skip', 'undo')),
    fixed_start INTEGER,            -- of a fix: what it should be
    fixed_end INTEGER,
    fixed_label TEXT,
    seconds REAL,                   -- from when it was shown; NULL: nobody knows
    user_id INTEGER NOT NULL REFERENCES users(id),
    decided_at TEXT NOT NULL,
    CHECK ((verdict = 'fix') = (fixed_label IS NOT NULL))
) STRICT;
CREATE INDEX quick_by_question ON quick_decisions(region_id, start, "end", label, user_id, id);
CREATE INDEX quick_by_person ON quick_decisions(user_id, id);
CREATE INDEX quick_by_time ON quick_decisions(user_id, decided_at);

CREATE TABLE quick_leases (         -- who is looking at a question just now
    region_id INTEGER NOT NULL REFERENCES regions(id),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    label TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users(id),
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (user_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE tasks ADD COLUMN quick INTEGER;     -- the last decision that its suggestions took in

CREATE INDEX answers_that_stand ON answers(region_id, state, deleted_at);
"""
