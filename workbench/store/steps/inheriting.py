"""The tables of inherited labels, and of what demoted rules would have said."""
from __future__ import annotations

INHERITING = """
CREATE TABLE unshown_suggestions (  -- what rules say in a set and nobody is shown; it is judged
    id INTEGER PRIMARY KEY,
    set_id INTEGER NOT NULL REFERENCES suggestion_sets(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('span', 'relation', 'class')),
    label TEXT NOT NULL,            -- or the type, or the choice
    class_set TEXT,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    source_label TEXT,
    target_start INTEGER,
    target_end INTEGER,
    target_label TEXT,
    direction TEXT,
    rule TEXT NOT NULL,
    version TEXT NOT NULL,
    score REAL NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('demoted', 'inherited'))
) STRICT;
CREATE INDEX unshown_by_set ON unshown_suggestions(set_id, kind);

CREATE TABLE passages (             -- paragraphs long enough to be known again
    document_id INTEGER NOT NULL REFERENCES documents(id),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    asked_class INTEGER NOT NULL,   -- 1: its classes are asked
    words TEXT NOT NULL,            -- hashes: of its words, and of these up to figures
    figures TEXT NOT NULL,
    PRIMARY KEY (document_id, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX passages_by_figures ON passages(figures);

CREATE TABLE passages_read (        -- documents whose passages are stored, by which method
    document_id INTEGER PRIMARY KEY REFERENCES documents(id),
    method INTEGER NOT NULL
) STRICT;

CREATE TABLE settled_passages (     -- what a version of gold says of each passage in its region
    gold_id INTEGER NOT NULL REFERENCES gold(id),
    kind TEXT NOT NULL CHECK (kind IN ('spans', 'classes')),
    start INTEGER NOT NULL,         -- within the region
    "end" INTEGER NOT NULL,
    words TEXT NOT NULL,            -- hashes as in passages
    figures TEXT NOT NULL,
    said_words TEXT NOT NULL,       -- JSON: with offsets into the text as it is compared,
    whole_words INTEGER NOT NULL,   -- 1: all that is said of it
    said_figures TEXT NOT NULL,
    whole_figures INTEGER NOT NULL,
    PRIMARY KEY (gold_id, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE settled_read (         -- versions of gold whose passages are stored
    gold_id INTEGER PRIMARY KEY REFERENCES gold(id),
    method INTEGER NOT NULL
) STRICT;

CREATE TABLE inherited_passages (   -- where a set suggests what gold says of the same passage
    set_id INTEGER NOT NULL REFERENCES suggestion_sets(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('spans', 'classes')),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    source TEXT NOT NULL,           -- gold.words or gold.figures
    gold_id INTEGER NOT NULL REFERENCES gold(id),
    gold_start INTEGER NOT NULL,    -- of the settled passage, within its region
    code TEXT NOT NULL,             -- another one if anything else is inherited
    PRIMARY KEY (set_id, kind, start)
) STRICT, WITHOUT ROWID;
"""
