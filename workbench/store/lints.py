"""What the guide advises against in answers, and what people said about that."""
from __future__ import annotations

import json
from typing import Callable, Iterable, Sequence

from labels.lints import Lint, lint_from_json, lint_to_json
from workbench.clock import now
from workbench.store.answers import NEWEST
from workbench.store.connection import Row, Store
from workbench.store.work import WHOSE

_SAID = """(SELECT m.{0} FROM lint_dismissals m WHERE m.key = l.key ORDER BY m.id DESC LIMIT 1)"""

# The lints of answers that count, of documents that do; a dismissal that was taken back is none.
_LINTS = f"""
    SELECT l.key, l.content, a.id AS answer_id, a.annotator, a.slot, {WHOSE} AS user_id,
        r.id AS region_id, r.key AS region_key, r.document_id, r.kind, r.start, r."end",
        r.heading_path, d.title, d.name, k.studio_project, k.studio_task,
        coalesce({_SAID.format("reason")}, '') AS reason, {_SAID.format("note")} AS note,
        {_SAID.format("dismissed_by")} AS dismissed_by,
        {_SAID.format("dismissed_at")} AS dismissed_at
    FROM lints l JOIN ({NEWEST}) a ON a.id = l.answer_id AND a.state = 'accepted'
    JOIN regions r ON r.id = a.region_id JOIN documents d ON d.id = r.document_id
    LEFT JOIN tasks k ON k.origin = a.origin AND k.studio_task = a.studio_task
        AND k.gone_at IS NULL
    WHERE d.removed_at IS NULL
      AND d.version = (SELECT max(version) FROM documents WHERE name = d.name)
"""


def save_lints(store: Store, answer_id: int, region_id: int, found: Iterable[Lint]) -> None:
    """Store the lints of a new answer; its document is due for comparing."""
    with store.write() as db:
        db.table("lints").insert_all(
            ({"answer_id": answer_id, "key": lint_key(region_id, one), "wide": 0,
              "content": json.dumps(lint_to_json(one), ensure_ascii=False)} for one in found),
            ignore=True)
        lints_due(store, region_id)


def lints_due(store: Store, region_id: int) -> None:
    """Note that the answers of the region's document are to be compared again."""
    with store.write() as db:
        db.execute("INSERT OR IGNORE INTO lints_due SELECT document_id FROM regions WHERE id = ?",
                   [region_id])


def lint_key(region_id: int, one: Lint) -> str:
    """The same while region, code, place and labels are: also when the answer is pulled again."""
    said = ",".join(str(one.fields[name]) for name in sorted(one.fields) if name != "count")
    return f"{region_id}:{one.code}:{one.start}-{one.end}:{said}"


def rename_lint_keys(store: Store, turned: Callable[[str], str]) -> None:
    """Let what people said of lints stand on the keys that these have under other names."""
    with store.write() as db:
        for table, of in (("lint_dismissals", ""), ("hold_reasons", "AND cause = 'lint'")):
            for row in store.rows(f"SELECT id, key FROM {table} WHERE 1 {of}"):
                if (key := turned(row["key"])) != row["key"]:
                    db.execute(f"UPDATE {table} SET key = ? WHERE id = ?", [key, row["id"]])


def due_documents(store: Store) -> list[int]:
    return [row["document_id"] for row in store.rows("SELECT document_id FROM lints_due")]


def answers_to_compare(store: Store, document_id: int) -> list[Row]:
    """`id`, `region_id`, `text` and `answer` (an object) of the accepted answers of spans."""
    rows = store.rows(f"""
        SELECT a.id, a.region_id, a.answer, substr(t.text, r.start + 1, r."end" - r.start) AS text
        FROM ({NEWEST}) a JOIN regions r ON r.id = a.region_id
        JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
        WHERE r.document_id = ? AND r.kind = 'spans' AND a.state = 'accepted'
        ORDER BY r.start, a.id""", [document_id])
    return [{**row, "answer": json.loads(row["answer"])} for row in rows]


def save_compared(store: Store, document_id: int, answers: Sequence[Row],
                  found: Sequence[Sequence[Lint]]) -> None:
    """Take the lints that comparing the answers of a document found in place of the older ones;
    `found` runs beside `answers`."""
    with store.write() as db:
        db.execute("DELETE FROM lints WHERE wide = 1 AND answer_id IN (SELECT a.id FROM answers a"
                   " JOIN regions r ON r.id = a.region_id WHERE r.document_id = ?)", [document_id])
        db.table("lints").insert_all(
            ({"answer_id": row["id"], "key": lint_key(row["region_id"], one), "wide": 1,
              "content": json.dumps(lint_to_json(one), ensure_ascii=False)}
             for row, lints in zip(answers, found) for one in lints), ignore=True)
        db.execute("DELETE FROM lints_due WHERE document_id = ?", [document_id])


def open_lints(store: Store, *, user_id: int | None = None, region_id: int | None = None,
               dismissed: bool = False, code: str | None = None,
               limit: int = -1, offset: int = 0) -> list[Row]:
    """Lints of the answers that count, in document order; with `dismissed` those that somebody
    dismissed instead. Each with `lint` (a `labels.lints.Lint`, offsets local to the region), its
    answer, region, document, task in Label Studio, and the dismissal's `reason` and `note`."""
    rows = store.rows(f"""
        SELECT * FROM ({_LINTS}) WHERE (reason <> '') = :dismissed
          AND (:user IS NULL OR user_id = :user) AND (:region IS NULL OR region_id = :region)
          AND (:code IS NULL OR json_extract(content, '$.code') = :code)
        ORDER BY document_id, start, answer_id, json_extract(content, '$.start'), key
        LIMIT :limit OFFSET :offset""",
                      {"dismissed": dismissed, "user": user_id, "region": region_id, "code": code,
                       "limit": limit, "offset": offset})
    return [{**row, "lint": lint_from_json(json.loads(row["content"])),
             "path": json.loads(row["heading_path"])} for row in rows]


def lint_counts(store: Store, dismissed: bool = False,
                region_id: int | None = None) -> dict[str, int]:
    """How many lints of each code there are, of one region where that is given."""
    return {row["code"]: row["n"] for row in store.rows(
        f"SELECT json_extract(content, '$.code') AS code, count(*) AS n FROM ({_LINTS})"
        " WHERE (reason <> '') = :dismissed AND (:region IS NULL OR region_id = :region)"
        " GROUP BY code ORDER BY n DESC", {"dismissed": dismissed, "region": region_id})}


def count_lints(store: Store, user_id: int) -> int:
    """How many lints of a person's answers are open."""
    return int(store.value(f"SELECT count(*) FROM ({_LINTS}) WHERE reason = '' AND user_id = ?",
                           [user_id]))


def dismissed_lints(store: Store, keys: Iterable[str]) -> set[str]:
    """Those of the keys whose lint somebody has dismissed."""
    return {row["key"] for row in store.rows("""
        SELECT key FROM lint_dismissals m WHERE reason <> ''
          AND id = (SELECT max(id) FROM lint_dismissals n WHERE n.key = m.key)
          AND key IN (SELECT value FROM json_each(?))""", [json.dumps(sorted(set(keys)))])}


def lint_known(store: Store, key: str) -> bool:
    return store.value("SELECT 1 FROM lints WHERE key = ?", [key]) is not None


def dismiss_lint(store: Store, key: str, reason: str, note: str, by: str) -> None:
    """Say why a lint is none; an empty reason takes that back."""
    with store.write() as db:
        db.execute("INSERT INTO lint_dismissals (key, reason, note, dismissed_by, dismissed_at)"
                   " VALUES (?, ?, ?, ?, ?)", [key, reason, note, by, now()])
