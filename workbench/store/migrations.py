"""The tables of a project, as numbered steps. A step that was released is never changed."""
from __future__ import annotations

import json

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from workbench.store.migration_steps_facts import FACTS
from workbench.store.migration_steps_holds import HOLDS
from workbench.store.migration_steps_honest import honest_suggestions
from workbench.store.migration_steps_inheriting import INHERITING
from workbench.store.migration_steps_moves import MOVES
from workbench.store.migration_steps_quick import QUICK
from workbench.store.seals import seal_of
from workbench.store.steps_reports import kept_reports

MIGRATIONS = Migrations("workbench")

_FIRST = """
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

# Some of these tables stand already in projects that were made while they were new.
_RULES_AND_CHECKS = """
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

# A project that goes back to earlier rules has several sets of one state of the pack.
_MANY_SETS = """
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

_EQUATIONS = """
ALTER TABLE checks ADD COLUMN failures TEXT NOT NULL DEFAULT '[]';  -- JSON: what raised

CREATE TABLE equations (            -- those that hold; what is broken is a finding
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    content TEXT NOT NULL,          -- JSON, as workbench.deriving writes it
    PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
"""

# Several sibling projects in Label Studio (slots) may ask the same region; see docs/sync.md.
_SYNC = """
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

_LINTS = """
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

_REREADING = """
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

_INVITATIONS = """
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

_SCHEMAS = """
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

_SCHEMA_DRAFTS = """
CREATE TABLE schema_drafts (        -- drafts that lie apart while their answer is rewritten
    version INTEGER NOT NULL REFERENCES schemas(version),
    origin TEXT NOT NULL,
    studio_draft INTEGER NOT NULL,
    studio_annotation INTEGER NOT NULL,     -- which it belongs to
    PRIMARY KEY (version, origin, studio_draft)
) STRICT, WITHOUT ROWID;
"""

_RULINGS = """
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

# Until now a document was a group of its own: it keeps the split it has.
_RELEASES = """
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


@MIGRATIONS()
def first(db: Database) -> None:
    # Not executescript: it would commit the transaction that makes the step atomic.
    for statement in _statements(_FIRST):
        db.execute(statement)


@MIGRATIONS()
def rules_and_checks(db: Database) -> None:
    """Foreign keys are off while tables are brought up to date: see `Store`."""
    made = db.execute("SELECT sql FROM sqlite_master WHERE name = 'suggestion_sets'").fetchone()
    for statement in _statements(_MANY_SETS if "UNIQUE" in made[0] else ""):
        db.execute(statement)
    for statement in _statements(_RULES_AND_CHECKS):
        db.execute(statement)


@MIGRATIONS()
def equations(db: Database) -> None:
    for statement in _statements(_EQUATIONS):
        db.execute(statement)


@MIGRATIONS()
def sync_without_loss(db: Database) -> None:
    for statement in _statements(_SYNC):
        db.execute(statement)
    row = db.execute("SELECT value FROM settings WHERE key = 'studio'").fetchone()
    if row is not None:
        old = json.loads(row[0])
        projects = {f"{kind}:1": [old.pop(f"{kind}_project"), old.pop(f"{kind}_origin")]
                    for kind in ("spans", "classes")}
        db.execute("UPDATE settings SET value = ? WHERE key = 'studio'",
                   [json.dumps({**old, "projects": projects}, ensure_ascii=False)])


@MIGRATIONS()
def lints(db: Database) -> None:
    for statement in _statements(_LINTS):
        db.execute(statement)


@MIGRATIONS()
def rereading(db: Database) -> None:
    for statement in _statements(_REREADING):
        db.execute(statement)


@MIGRATIONS()
def invitations(db: Database) -> None:
    for statement in _statements(_INVITATIONS):
        db.execute(statement)


@MIGRATIONS()
def schemas(db: Database) -> None:
    for statement in _statements(_SCHEMAS):
        db.execute(statement)


@MIGRATIONS()
def pace(db: Database) -> None:
    """How fast long work goes, a second, and how many seconds it still takes."""
    db.execute("ALTER TABLE activities ADD COLUMN rate REAL")
    db.execute("ALTER TABLE activities ADD COLUMN rest REAL")


@MIGRATIONS()
def schema_drafts(db: Database) -> None:
    for statement in _statements(_SCHEMA_DRAFTS):
        db.execute(statement)


@MIGRATIONS()
def rulings(db: Database) -> None:
    for statement in _statements(_RULINGS):
        db.execute(statement)


@MIGRATIONS()
def groups_and_withdrawals(db: Database) -> None:
    for statement in _statements(_RELEASES):
        db.execute(statement)
    # What was frozen before there were seals is sealed as it stands now.
    for (number,) in db.execute("SELECT number FROM releases").fetchall():
        db.execute("UPDATE releases SET seal = ? WHERE number = ?", [seal_of(db, number), number])


@MIGRATIONS()
def facts(db: Database) -> None:
    for statement in _statements(FACTS):
        db.execute(statement)


MIGRATIONS()(kept_reports)


@MIGRATIONS()
def reasons_of_gold(db: Database) -> None:
    for statement in _statements(HOLDS):
        db.execute(statement)


@MIGRATIONS()
def inheriting(db: Database) -> None:
    for statement in _statements(INHERITING):
        db.execute(statement)


@MIGRATIONS()
def quick_decisions(db: Database) -> None:
    for statement in _statements(QUICK):
        db.execute(statement)


MIGRATIONS()(honest_suggestions)


@MIGRATIONS()
def unfetched_moves(db: Database) -> None:
    for statement in _statements(MOVES):
        db.execute(statement)


def _statements(script: str) -> list[str]:
    """Split at `;` line ends; our scripts hold no `;` elsewhere but in comments."""
    lines = [line.split("--")[0] for line in script.splitlines()]
    return [statement.strip() for statement in "\n".join(lines).split(";") if statement.strip()]
