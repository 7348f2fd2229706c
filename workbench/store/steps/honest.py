"""What was shown with each task and each answer, and settled regions that are asked again."""
from __future__ import annotations

from sqlite_utils import Database

_STATEMENTS = (
    # 1: the task was sent without its suggestions; NULL: they are just being sent after all.
    "ALTER TABLE tasks ADD COLUMN hidden INTEGER DEFAULT 0 CHECK (hidden IN (0, 1))",
    # Which suggestions were sent for it under the name that the editor shows; `set_id` may be a
    # newer one that was offered beside answers.
    "ALTER TABLE tasks ADD COLUMN shown_set INTEGER"
    " REFERENCES suggestion_sets(id) ON DELETE SET NULL",
    "UPDATE tasks SET shown_set = set_id",
    # When that which a task shows was last changed after it was sent.
    "ALTER TABLE tasks ADD COLUMN turned_at TEXT NOT NULL DEFAULT ''",
    # Whether the suggestions were hidden from who made the answer, and which they were; NULL: it
    # cannot be told. That of the first version of an annotation counts for the later ones.
    "ALTER TABLE answers ADD COLUMN hidden INTEGER DEFAULT 0 CHECK (hidden IN (0, 1))",
    "ALTER TABLE answers ADD COLUMN seen_set INTEGER"
    " REFERENCES suggestion_sets(id) ON DELETE SET NULL",
    """UPDATE answers SET seen_set = (SELECT k.set_id FROM tasks k WHERE k.origin = answers.origin
        AND k.studio_task = answers.studio_task AND k.region_id = answers.region_id)""",
    # A settled region as it is asked again in a slot; never a task of the region itself.
    """CREATE TABLE trials (
        id INTEGER PRIMARY KEY,
        region_id INTEGER NOT NULL REFERENCES regions(id),
        slot INTEGER NOT NULL,
        key TEXT NOT NULL UNIQUE,
        place REAL NOT NULL,
        origin TEXT NOT NULL DEFAULT '',
        studio_project INTEGER,
        studio_task INTEGER,
        data_hash TEXT NOT NULL DEFAULT '',
        seen_at TEXT NOT NULL DEFAULT '',
        drawn_at TEXT NOT NULL,
        pushed_at TEXT,
        gone_at TEXT,
        UNIQUE (region_id, slot)
    ) STRICT""",
    # Every version of every annotation in such a task, as in answers; none of them is an answer.
    """CREATE TABLE trial_answers (
        id INTEGER PRIMARY KEY,
        trial_id INTEGER NOT NULL REFERENCES trials(id),
        origin TEXT NOT NULL,
        studio_task INTEGER NOT NULL,
        studio_annotation INTEGER NOT NULL,
        studio_updated_at TEXT NOT NULL,
        studio_user INTEGER,
        annotator TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('accepted', 'skipped', 'quarantined')),
        reason TEXT NOT NULL DEFAULT '',
        answer TEXT NOT NULL,
        raw TEXT NOT NULL,
        lead_time REAL,
        made_at TEXT NOT NULL,
        pulled_at TEXT NOT NULL,
        deleted_at TEXT,
        UNIQUE (origin, studio_annotation, studio_updated_at)
    ) STRICT""",
    "CREATE INDEX trial_answers_by_trial ON trial_answers(trial_id)",
)


def honest_suggestions(db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute(statement)
