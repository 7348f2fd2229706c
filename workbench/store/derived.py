"""What is derived from a document and its labels: records, findings, and people's answers to them.

Records and findings are made anew when labels change; answers are kept by the finding's key.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from workbench.clock import now
from workbench.store.connection import Row, Store

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Derived:
    """All that `workbench.deriving` makes of one document; `findings` and `records` are JSON
    objects with at least key, check, status, start (findings) or record, start (records)."""

    basis: str
    holds: int
    amounts: int
    checked: int
    confirmed: Sequence[Place]
    findings: Sequence[Mapping[str, Any]]
    records: Sequence[Mapping[str, Any]]


def save_derived(store: Store, document_id: int, derived: Derived) -> None:
    """Put `derived` in the place of what was there, all or nothing; answers stay."""
    with store.write() as db:
        for table in ("checks", "findings", "records"):
            db.execute(f"DELETE FROM {table} WHERE document_id = ?", [document_id])
        db.table("checks").insert({
            "document_id": document_id, "basis": derived.basis, "holds": derived.holds,
            "amounts": derived.amounts, "checked": derived.checked,
            "confirmed": json.dumps([list(place) for place in derived.confirmed]),
            "checked_at": now()})
        db.table("findings").insert_all(
            {"document_id": document_id, "position": position, "key": finding["key"],
             "check_name": finding["check"], "status": finding["status"],
             "start": finding["start"], "content": json.dumps(finding, ensure_ascii=False)}
            for position, finding in enumerate(derived.findings))
        db.table("records").insert_all(
            {"document_id": document_id, "position": position, "kind": record["record"],
             "start": record["start"], "content": json.dumps(record, ensure_ascii=False)}
            for position, record in enumerate(derived.records))


def basis_of(store: Store, document_id: int) -> str | None:
    found = store.value("SELECT basis FROM checks WHERE document_id = ?", [document_id])
    return None if found is None else str(found)


@dataclass(frozen=True, slots=True)
class Checked:
    """How a document's arithmetic stands; `open` findings are broken and have no answer."""

    holds: int
    broken: int
    open: int
    not_checkable: int
    amounts: int
    checked: int
    confirmed: frozenset[Place]


_ANSWER = ("SELECT a.{what} FROM finding_answers a WHERE a.document_id = f.document_id"
           " AND a.key = f.key ORDER BY a.id DESC LIMIT 1")
_REASON = f"coalesce(({_ANSWER.format(what='reason')}), '')"


def checked(store: Store, document_id: int) -> Checked | None:
    """None while the document was not checked."""
    row = store.row(f"""
        SELECT c.*, (SELECT count(*) FROM findings f WHERE f.document_id = c.document_id
                     AND f.status = 'broken') AS broken,
               (SELECT count(*) FROM findings f WHERE f.document_id = c.document_id
                AND f.status = 'broken' AND {_REASON} = '') AS open,
               (SELECT count(*) FROM findings f WHERE f.document_id = c.document_id
                AND f.status = 'not_checkable') AS not_checkable
        FROM checks c WHERE c.document_id = ?""", [document_id])
    if row is None:
        return None
    places = frozenset((start, end) for start, end in json.loads(row["confirmed"]))
    return Checked(row["holds"], row["broken"], row["open"], row["not_checkable"],
                   row["amounts"], row["checked"], places)


_STATES = {
    "open": f"f.status = 'broken' AND {_REASON} = ''",
    "answered": f"f.status = 'broken' AND {_REASON} <> ''",
    "broken": "f.status = 'broken'",
    "not_checkable": "f.status = 'not_checkable'",
}
STATES = tuple(_STATES)


def findings(store: Store, state: str, document_id: int | None = None, limit: int = -1,
             offset: int = 0) -> list[Row]:
    """Findings in `state` (one of `STATES`) of current documents, by document and place.

    Each row has document_id, title, name, position, key, check_name, status, start, content (an
    object), and of the newest answer reason ('' if none), note, answered_by, answered_at.
    """
    said = ", ".join(f"({_ANSWER.format(what=what)}) AS {what}"
                     for what in ("note", "answered_by", "answered_at"))
    rows = store.rows(f"""
        SELECT f.*, d.title, d.name, {_REASON} AS reason, {said} FROM findings f
        JOIN documents d ON d.id = f.document_id
        WHERE {_STATES[state]} AND {_CURRENT} AND (:document IS NULL OR d.id = :document)
        ORDER BY d.title, d.id, f.position LIMIT :limit OFFSET :offset
        """, {"document": document_id, "limit": limit, "offset": offset})
    return [{**row, "content": json.loads(row["content"])} for row in rows]


_CURRENT = ("d.removed_at IS NULL AND d.version ="
            " (SELECT max(version) FROM documents WHERE name = d.name)")


def finding_counts(store: Store, document_id: int | None = None) -> dict[str, int]:
    """How many findings are in each of `STATES`."""
    counted = ", ".join(f"sum({condition}) AS {state}" for state, condition in _STATES.items())
    row = store.row(f"SELECT {counted} FROM findings f JOIN documents d ON d.id = f.document_id"
                    f" WHERE {_CURRENT} AND (:document IS NULL OR d.id = :document)",
                    {"document": document_id})
    return {state: (row or {}).get(state) or 0 for state in STATES}


def finding_at(store: Store, document_id: int, key: str) -> Row | None:
    row = store.row("SELECT * FROM findings WHERE document_id = ? AND key = ?",
                    [document_id, key])
    return row and {**row, "content": json.loads(row["content"])}


def answer_finding(store: Store, document_id: int, key: str, reason: str, note: str,
                   by: str) -> None:
    """Keep an answer; an empty `reason` takes the last one back."""
    with store.write() as db:
        db.table("finding_answers").insert({
            "document_id": document_id, "key": key, "reason": reason, "note": note,
            "answered_by": by, "answered_at": now()})


def record_counts(store: Store, document_id: int | None = None) -> dict[str, int]:
    """How many records of each kind the current documents hold."""
    return {row["kind"]: row["n"] for row in store.rows(
        f"SELECT r.kind, count(*) AS n FROM records r JOIN documents d ON d.id = r.document_id"
        f" WHERE {_CURRENT} AND (:document IS NULL OR d.id = :document) GROUP BY r.kind",
        {"document": document_id})}


def records(store: Store, kind: str, document_id: int | None = None) -> list[Row]:
    """Records of a kind, in the order of the documents; `content` is an object."""
    rows = store.rows(f"""
        SELECT r.*, d.title, d.name FROM records r JOIN documents d ON d.id = r.document_id
        WHERE r.kind = :kind AND {_CURRENT} AND (:document IS NULL OR d.id = :document)
        ORDER BY d.title, d.id, r.position""", {"kind": kind, "document": document_id})
    return [{**row, "content": json.loads(row["content"])} for row in rows]
