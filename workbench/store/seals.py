"""The seal of a release: SHA-256 over its rows as they are stored, to notice later edits."""
from __future__ import annotations

import hashlib
import json

from sqlite_utils import Database


def seal_of(db: Database, number: int) -> str:
    """The seal that release `number` has as it is stored now."""
    digest = hashlib.sha256()
    for query in ("SELECT number, hash, schema_hash, header, created_by, created_at FROM releases"
                  " WHERE number = ?",
                  "SELECT position, document_id, region FROM release_regions WHERE number = ?"
                  " ORDER BY position",
                  "SELECT position, kind, document, content FROM release_notes WHERE number = ?"
                  " ORDER BY position"):
        for row in db.execute(query, [number]):
            digest.update(json.dumps(list(row), ensure_ascii=False).encode("utf-8",
                                                                           "surrogatepass"))
            digest.update(b"\n")
    return digest.hexdigest()
