"""What keeps regions from becoming gold: open findings with a figure in them, open lints of their
answers; and the coded reasons for which a reviewer lets them through all the same."""
from __future__ import annotations

import json
from typing import Any, Collection, Iterable, Sequence

from workbench.clock import now
from workbench.store.answers import NEWEST
from workbench.store.connection import Row, Store
from workbench.store.coming import CURRENT
from workbench.store.derived import OPEN_FINDING
from workbench.store.gold import STANDING

# The reason that counts for a cause of a region: '' if there is none, or it was taken back.
_REASON = """(SELECT h.{0} FROM hold_reasons h WHERE h.region_id = c.region_id
    AND h.cause = c.cause AND h.key = c.key ORDER BY h.id DESC LIMIT 1)"""

# A finding touches the regions of spans in which a figure of its equation stands; a lint is of an
# answer that counts. `code` names the check or the lint, `more` what else they are alike by.
_CAUSES = f"""
    WITH places AS MATERIALIZED (
        SELECT DISTINCT f.document_id, f.key, f.check_name, f.position,
            json_extract(f.content, '$.group') AS more, json_extract(t.value, '$.start') AS at
        FROM findings f JOIN documents d ON d.id = f.document_id, json_each(f.content, '$.terms') t
        WHERE {OPEN_FINDING} AND {CURRENT} AND (:document IS NULL OR d.id = :document))
    SELECT r.document_id, r.id AS region_id, 'finding' AS cause, p.key, p.check_name AS code,
        min(p.more) AS more, min(p.position) AS position, 1 AS of_gold
    FROM places p JOIN regions r ON r.document_id = p.document_id AND r.kind = 'spans'
        AND r.start <= p.at AND r."end" > p.at
    GROUP BY r.id, p.key
    UNION ALL
    SELECT r.document_id, r.id, 'lint', l.key, json_extract(l.content, '$.code'),
        min(json_extract(l.content, '$.fields')), NULL, max(coalesce(a.answer = (
            SELECT g.answer FROM ({STANDING}) g WHERE g.region_id = r.id), 0))
    FROM regions r JOIN documents d ON d.id = r.document_id
    JOIN ({NEWEST}) a ON a.region_id = r.id AND a.state = 'accepted'
    JOIN lints l ON l.answer_id = a.id
    WHERE {CURRENT} AND (:document IS NULL OR r.document_id = :document)
        AND coalesce((SELECT m.reason FROM lint_dismissals m WHERE m.key = l.key
                      ORDER BY m.id DESC LIMIT 1), '') = ''
    GROUP BY r.id, l.key
"""


def open_causes(store: Store, document_id: int | None = None) -> list[Row]:
    """What is open about the regions of current documents (or of one), a row a region and cause:
    document_id, region_id, cause ("finding" or "lint"), key, code, more, position (of a finding),
    whether it is about what is gold now (`of_gold`), and the `reason` ('' if none), `note`,
    `given_by` and `given_at` for which it is let be."""
    said = ", ".join(f"{_REASON.format(name)} AS {name}"
                     for name in ("note", "given_by", "given_at"))
    return store.rows(f"""
        SELECT c.*, coalesce({_REASON.format('reason')}, '') AS reason, {said}
        FROM ({_CAUSES}) c ORDER BY c.document_id, c.region_id, c.cause, c.position, c.key""",
                      {"document": document_id})


def standing_regions(store: Store, region_ids: Collection[int]) -> set[int]:
    """Those of the regions that have gold."""
    return {row["region_id"] for row in store.rows(
        f"SELECT region_id FROM ({STANDING}) WHERE region_id IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(region_ids))])}


def shown_regions(store: Store, region_ids: Sequence[int]) -> dict[int, Row]:
    """What a page shows of regions: `id`, `document_id`, `kind`, `start`, `end`, `title`, `name`,
    `excerpt` (80 characters at most), by region."""
    return {row["id"]: row for row in store.rows("""
        SELECT r.id, r.document_id, r.kind, r.start, r."end", d.title, d.name,
            substr(t.text, r.start + 1, min(r."end" - r.start, 80)) AS excerpt
        FROM regions r JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
        WHERE r.id IN (SELECT value FROM json_each(?))""", [json.dumps(list(region_ids))])}


# --- reasons -------------------------------------------------------------------------------------

def give_reasons(store: Store, causes: Iterable[Row], reason: str, note: str, batch: str,
                 by: str) -> int:
    """Let causes (rows with `region_id`, `cause` and `key`) be, for one reason; an empty one takes
    that back. How many."""
    rows = [{"region_id": one["region_id"], "cause": one["cause"], "key": one["key"],
             "reason": reason, "note": note, "batch": batch, "given_by": by, "given_at": now()}
            for one in causes]
    with store.write() as db:
        db.table("hold_reasons").insert_all(rows)
    return len(rows)


_COUNTING = """
    SELECT h.* FROM hold_reasons h WHERE h.reason <> '' AND h.id = (
        SELECT max(i.id) FROM hold_reasons i WHERE i.region_id = h.region_id
        AND i.cause = h.cause AND i.key = h.key)
"""


def reasons_in_batch(store: Store, batch: str) -> list[Row]:
    """Those of one act that count still."""
    return store.rows(f"SELECT * FROM ({_COUNTING}) WHERE batch = ? ORDER BY id", [batch])


def reasons_given(store: Store, region_id: int) -> list[Row]:
    """The reasons that count for a region, whether what they are for is open still or not."""
    return store.rows(f"SELECT * FROM ({_COUNTING}) WHERE region_id = ? ORDER BY id", [region_id])


def last_batch(store: Store, by: str) -> str | None:
    """What somebody let through last and has not taken back."""
    found = store.value(f"SELECT batch FROM ({_COUNTING}) WHERE given_by = ?"
                        " ORDER BY id DESC LIMIT 1", [by])
    return None if found is None else str(found)


def let_through(store: Store, limit: int = 20) -> list[Row]:
    """What was let through last: `batch`, `reason`, `note`, `given_by`, `given_at`, how many
    `regions`, and one of them (`region_id`)."""
    return store.rows(f"""
        SELECT batch, min(reason) AS reason, min(note) AS note, min(given_by) AS given_by,
            max(given_at) AS given_at, count(DISTINCT region_id) AS regions,
            min(region_id) AS region_id
        FROM ({_COUNTING}) GROUP BY batch ORDER BY max(id) DESC LIMIT ?""", [limit])


def reason_json(row: Row) -> dict[str, Any]:
    """A reason as gold keeps it; `row` is one of `open_causes` or of the table itself."""
    return {name: row[name] for name in
            ("cause", "key", "reason", "note", "given_by", "given_at")}
