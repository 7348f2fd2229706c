"""The tables of a project, as numbered steps. A step that was released is never changed.

What a step does stands in `workbench.store.steps`; here they are in their order.
"""
from __future__ import annotations

import json

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from workbench.store.seals import seal_of
from workbench.store.steps.checks import EQUATIONS, MANY_SETS, RULES_AND_CHECKS
from workbench.store.steps.first import FIRST
from workbench.store.steps.honest import honest_suggestions
from workbench.store.steps.inheriting import INHERITING
from workbench.store.steps.releases import FACTS, RELEASES
from workbench.store.steps.reports import kept_reports
from workbench.store.steps.review import HOLDS, QUICK, RULINGS
from workbench.store.steps.schemas import MOVES, SCHEMA_DRAFTS, SCHEMAS
from workbench.store.steps.sync import INVITATIONS, LINTS, REREADING, SYNC

MIGRATIONS = Migrations("workbench")


@MIGRATIONS()
def first(db: Database) -> None:
    # Not executescript: it would commit the transaction that makes the step atomic.
    for statement in _statements(FIRST):
        db.execute(statement)


@MIGRATIONS()
def rules_and_checks(db: Database) -> None:
    """Foreign keys are off while tables are brought up to date: see `Store`."""
    made = db.execute("SELECT sql FROM sqlite_master WHERE name = 'suggestion_sets'").fetchone()
    for statement in _statements(MANY_SETS if "UNIQUE" in made[0] else ""):
        db.execute(statement)
    for statement in _statements(RULES_AND_CHECKS):
        db.execute(statement)


@MIGRATIONS()
def equations(db: Database) -> None:
    for statement in _statements(EQUATIONS):
        db.execute(statement)


@MIGRATIONS()
def sync_without_loss(db: Database) -> None:
    for statement in _statements(SYNC):
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
    for statement in _statements(LINTS):
        db.execute(statement)


@MIGRATIONS()
def rereading(db: Database) -> None:
    for statement in _statements(REREADING):
        db.execute(statement)


@MIGRATIONS()
def invitations(db: Database) -> None:
    for statement in _statements(INVITATIONS):
        db.execute(statement)


@MIGRATIONS()
def schemas(db: Database) -> None:
    for statement in _statements(SCHEMAS):
        db.execute(statement)


@MIGRATIONS()
def pace(db: Database) -> None:
    """How fast long work goes, a second, and how many seconds it still takes."""
    db.execute("ALTER TABLE activities ADD COLUMN rate REAL")
    db.execute("ALTER TABLE activities ADD COLUMN rest REAL")


@MIGRATIONS()
def schema_drafts(db: Database) -> None:
    for statement in _statements(SCHEMA_DRAFTS):
        db.execute(statement)


@MIGRATIONS()
def rulings(db: Database) -> None:
    for statement in _statements(RULINGS):
        db.execute(statement)


@MIGRATIONS()
def groups_and_withdrawals(db: Database) -> None:
    for statement in _statements(RELEASES):
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
