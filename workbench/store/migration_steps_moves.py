"""What a change of the schema rewrote that had not been fetched yet."""
from __future__ import annotations

from sqlite_utils import Database

# JSON: the result as Label Studio held it before, of an answer that no row of answers has; NULL:
# the answer `answer_id` has it.
_STATEMENTS = ("ALTER TABLE schema_moves ADD COLUMN raw TEXT",)


def unfetched_moves(db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute(statement)
