"""The tables of kept release reports: a step of `workbench.store.migrations`."""
from __future__ import annotations

from sqlite_utils import Database


def kept_reports(db: Database) -> None:
    db.execute("""
        CREATE TABLE release_reports (
            number INTEGER PRIMARY KEY REFERENCES releases(number) ON DELETE CASCADE,
            shape TEXT NOT NULL,        -- which code made it; another shape is made anew
            basis TEXT NOT NULL,        -- what of the store it was made from
            content TEXT NOT NULL,      -- JSON
            made_at TEXT NOT NULL
        ) STRICT""")
