"""The tables of the sync: tasks by slot, drafts, outbox, conflicts.

Also those of lints, of documents that were read again, and of invitations.
"""
from __future__ import annotations

SYNC = """
CREATE TABLE new_tasks (            -- a region as it stands in one of our projects in Label Studio
    region_id INTEGER NOT NULL REFERENCES regions(id),
    slot INTEGER NOT NULL,          -- 1, or more where several people answer apart
    origin TEXT NOT NULL,           -- which project ever made there: ids restart on a new server
    studio_project INTEGER NOT NULL,
    studio_task INTEGER NOT NULL,
    set_id INTEGER REFERENCES suggestion_sets(id) ON DELETE SET NULL,
    data_hash TEXT NOT NULL DEFAULT '',     -- of the task's data as we sent them
    seen_at TEXT NOT NULL DEFAULT '',       -- its updated_at there when we last looked at all of it
    pushed_at TEXT NOT NULL,
    gone_at TEXT,                   -- when a sync found it deleted there
    PRIMARY KEY (region_id, slot),
    UNIQUE (origin, studio_task)
) STRICT;
INSERT INTO new_tasks (region_id, slot, origin, studio_project, studio_task, set_id, pushed_at,
    gone_at) SELECT region_id, 1, origin, studio_project, studio_task, set_id, pushed_at, gone_at
    FROM tasks;
DROP TABLE tasks;
ALTER TABLE new_tasks RENAME TO tasks;

ALTER TABLE users ADD COLUMN slot INTEGER NOT NULL DEFAULT 1;   -- in which projects they work

ALTER TABLE answers ADD COLUMN slot INTEGER NOT NULL DEFAULT 1;
ALTER TABLE answers ADD COLUMN studio_user INTEGER;             -- the account's id there
ALTER TABLE answers ADD COLUMN made_at TEXT NOT NULL DEFAULT '';    -- when it was begun there
ALTER TABLE answers ADD COLUMN blind INTEGER NOT NULL DEFAULT 1;    -- 0: another stood there before

CREATE TABLE drafts (               -- unsubmitted work, as it stood when last looked at
    origin TEXT NOT NULL,
    studio_draft INTEGER NOT NULL,
    region_id INTEGER NOT NULL REFERENCES regions(id),
    studio_task INTEGER NOT NULL,
    annotator TEXT NOT NULL,
    raw TEXT NOT NULL,              -- JSON as Label Studio gave it
    updated_at TEXT NOT NULL,
    PRIMARY KEY (origin, studio_draft)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (               -- what Label Studio is still to be told; a row goes when it was
    id INTEGER PRIMARY KEY,
    operation TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('spans', 'classes')),
    slot INTEGER NOT NULL,
    region_id INTEGER REFERENCES regions(id),
    content TEXT NOT NULL DEFAULT '{}',     -- JSON: what the operation needs beside the region
    made_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT ''          -- what the last attempt met
) STRICT;
CREATE UNIQUE INDEX outbox_once ON outbox(operation, kind, slot, region_id);

CREATE TABLE conflicts (            -- what a person has to decide
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,              -- of a kind and key one is open at a time
    region_id INTEGER REFERENCES regions(id),
    answer_id INTEGER REFERENCES answers(id),
    content TEXT NOT NULL,          -- JSON: what the page of the queue shows
    raised_at TEXT NOT NULL,
    ended_at TEXT,
    resolution TEXT NOT NULL DEFAULT '',
    ended_by TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX conflicts_open ON conflicts(kind, key) WHERE ended_at IS NULL;

CREATE TABLE new_syncs (            -- history of pushes, pulls and what else met Label Studio
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    summary TEXT NOT NULL           -- JSON
) STRICT;
INSERT INTO new_syncs SELECT id, kind, started_at, finished_at, summary FROM syncs;
DROP TABLE syncs;
ALTER TABLE new_syncs RENAME TO syncs;
"""

LINTS = """
CREATE TABLE lints (                -- what the guide advises against in an answer
    answer_id INTEGER NOT NULL REFERENCES answers(id),
    key TEXT NOT NULL,              -- region, code, offsets, labels: stays when it is pulled again
    wide INTEGER NOT NULL,          -- 1: found by comparing the answers of the whole document
    content TEXT NOT NULL,          -- JSON, as labels.lints writes it
    PRIMARY KEY (answer_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX lints_by_key ON lints(key);

CREATE TABLE lint_dismissals (      -- append-only; the newest of a key counts
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    reason TEXT NOT NULL,           -- coded; '' takes the last one back
    note TEXT NOT NULL,
    dismissed_by TEXT NOT NULL,
    dismissed_at TEXT NOT NULL
) STRICT;
CREATE INDEX lint_dismissals_by_key ON lint_dismissals(key, id);

CREATE TABLE lints_due (            -- documents whose answers changed since they were compared
    document_id INTEGER PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE
) STRICT;
"""

REREADING = """
CREATE TABLE rereads (              -- a new version took over the regions of the older ones
    document_id INTEGER PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
    summary TEXT NOT NULL,          -- JSON: regions that went with it, labels by verdict
    made_at TEXT NOT NULL
) STRICT;

CREATE TABLE region_moves (         -- where a region stood before its document was read again
    region_id INTEGER NOT NULL REFERENCES regions(id),
    document_id INTEGER NOT NULL REFERENCES documents(id),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    heading_path TEXT NOT NULL,
    moved_at TEXT NOT NULL,
    PRIMARY KEY (region_id, document_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE anchorings (           -- what became of the labels of regions whose text changed
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,   -- the new version
    region_id INTEGER NOT NULL REFERENCES regions(id),      -- of the older version
    old_document INTEGER NOT NULL REFERENCES documents(id),
    answer_ids TEXT NOT NULL,       -- JSON: the answers that made the label
    label TEXT NOT NULL,            -- of a span; of a class: its set and choice
    kind TEXT NOT NULL CHECK (kind IN ('span', 'class')),
    start INTEGER NOT NULL,         -- in the older text
    "end" INTEGER NOT NULL,
    quote TEXT NOT NULL,            -- what stands there
    verdict TEXT NOT NULL CHECK (verdict IN ('unchanged', 'moved', 'ambiguous', 'lost')),
    places TEXT NOT NULL,           -- JSON: [[start, end], …] in the new text, the likeliest first
    taken INTEGER,                  -- which of the places is suggested; NULL: none
    chosen_by TEXT NOT NULL DEFAULT ''      -- who took it, where the verdict was ambiguous
) STRICT;
CREATE INDEX anchorings_by_document ON anchorings(document_id, kind);

CREATE TABLE anchored_relations (   -- between two labels of one older region
    source INTEGER NOT NULL REFERENCES anchorings(id) ON DELETE CASCADE,
    target INTEGER NOT NULL REFERENCES anchorings(id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    direction TEXT,
    PRIMARY KEY (source, target, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE asked_again (          -- somebody shall look at their answer once more
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES regions(id),
    annotator TEXT NOT NULL,        -- account e-mail in Label Studio; '': whoever answers
    note TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    ended_at TEXT                   -- when it was taken back; a newer answer ends it by itself
) STRICT;
CREATE INDEX asked_again_by_region ON asked_again(region_id);
"""

INVITATIONS = """
CREATE TABLE invitations (          -- to an account of one's own; the link holds the token
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,         -- as in users
    role TEXT NOT NULL CHECK (role IN ('lead', 'reviewer', 'annotator')),
    slot INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    used_at TEXT,
    user_id INTEGER REFERENCES users(id)    -- who it became
) STRICT;
CREATE UNIQUE INDEX invitations_open ON invitations(name_key)
    WHERE used_at IS NULL AND revoked_at IS NULL;

ALTER TABLE users ADD COLUMN guide_seen_at TEXT;    -- up to when they know what changed in it

CREATE INDEX answers_by_account ON answers(studio_user, origin);
"""
