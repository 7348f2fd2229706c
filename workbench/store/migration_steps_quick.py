"""The tables of quick decisions; a step of `workbench.store.migrations`."""

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
