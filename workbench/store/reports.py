"""Reports of releases as they are kept, and what they were made from."""
from __future__ import annotations

import hashlib
import json

from workbench.clock import now
from workbench.store.connection import Row, Store
from workbench.store.ledger import stamp


def kept(store: Store, number: int) -> Row | None:
    """`shape`, `basis`, `content` (JSON) and `made_at`; None if none is kept."""
    return store.row("SELECT * FROM release_reports WHERE number = ?", [number])


def keep(store: Store, number: int, shape: str, basis: str, content: str) -> None:
    """Keep a report in the place of the one before."""
    with store.write() as db:
        db.execute("INSERT OR REPLACE INTO release_reports"
                   " (number, shape, basis, content, made_at) VALUES (?, ?, ?, ?, ?)",
                   [number, shape, basis, content, now()])


def basis_now(store: Store) -> str:
    """Another one whenever answers, gold, suggestions or findings may be others than before."""
    digest = hashlib.sha256(json.dumps([
        stamp(store), store.value("SELECT count(*) FROM region_moves"),
        store.value("SELECT max(id) FROM finding_answers")]).encode())
    for row in store.rows("SELECT document_id, key, status FROM findings"
                          " ORDER BY document_id, key, status"):
        digest.update(json.dumps(list(row.values()), ensure_ascii=False).encode())
    return digest.hexdigest()
