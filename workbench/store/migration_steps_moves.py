"""The step of the tables that keeps what a change of the schema rewrote before it was fetched."""
from __future__ import annotations

MOVES = """
ALTER TABLE schema_moves ADD COLUMN raw TEXT;   -- JSON: the result as Label Studio held it before,
                                                -- of an answer that was not stored then
"""
