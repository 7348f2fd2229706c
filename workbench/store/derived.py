"""What is derived from a document and its labels: records, equations that hold, findings, and
people's answers to these.

Records and findings are made anew when labels change; answers are kept by the finding's key.
"""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Iterable, Mapping, Sequence

from workbench.clock import now
from workbench.store.coming import CURRENT, coming
from workbench.store.connection import Row, Store
from workbench.store.gold import STANDING

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Derived:
    """All that `workbench.deriving` makes of one document, as JSON objects: `findings` with at
    least key, check, status, start, group; `records` with record, start; `equations` with terms,
    each ``[start, end, text, address]``; `failures` with name and error."""

    basis: str
    holds: int
    amounts: int
    checked: int
    confirmed: Sequence[Place]
    findings: Sequence[Mapping[str, Any]]
    records: Sequence[Mapping[str, Any]]
    equations: Sequence[Mapping[str, Any]] = ()
    failures: Sequence[Mapping[str, Any]] = ()


def save_derived(store: Store, document_id: int, derived: Derived) -> None:
    """Put `derived` in the place of what was there, all or nothing; answers stay."""
    with store.write() as db:
        for table in ("checks", "findings", "records", "equations"):
            db.execute(f"DELETE FROM {table} WHERE document_id = ?", [document_id])
        db.table("checks").insert({
            "document_id": document_id, "basis": derived.basis, "holds": derived.holds,
            "amounts": derived.amounts, "checked": derived.checked,
            "confirmed": json.dumps([list(place) for place in derived.confirmed]),
            "failures": json.dumps(list(derived.failures), ensure_ascii=False),
            "checked_at": now()})
        db.table("equations").insert_all(
            {"document_id": document_id, "position": position,
             "content": json.dumps(equation, ensure_ascii=False)}
            for position, equation in enumerate(derived.equations))
        db.table("findings").insert_all(
            {"document_id": document_id, "position": position, "key": finding["key"],
             "check_name": finding["check"], "status": finding["status"],
             "start": finding["start"], "content": json.dumps(finding, ensure_ascii=False)}
            for position, finding in enumerate(derived.findings))
        db.table("records").insert_all(
            {"document_id": document_id, "position": position, "kind": record["record"],
             "start": record["start"], "content": json.dumps(record, ensure_ascii=False)}
            for position, record in enumerate(derived.records))


def grounds(store: Store, document_id: int | None = None) -> list[Row]:
    """Of each current document with suggestions: id, title, set_id, said (in one text, which gold
    of its spans stands and which answers would be gold, see `store.coming`), and the basis of what
    is derived (None if nothing is).

    Gold that says what its answers say is named by the first of them: it was not another label
    before it was settled.
    """
    said: dict[int, dict[int, str]] = {}
    for row in store.rows(f"""
            SELECT r.document_id, r.id, CASE WHEN g.answer = a.answer THEN 'a' || a.id
                ELSE 'g' || g.id END AS name
            FROM ({STANDING}) g JOIN regions r ON r.id = g.region_id AND r.kind = 'spans'
            LEFT JOIN answers a ON a.id = json_extract(g.answer_ids, '$[0]')
            WHERE :document IS NULL OR r.document_id = :document""", {"document": document_id}):
        said.setdefault(row["document_id"], {})[row["id"]] = row["name"]
    for region, one in coming(store, document_id).items():
        if one["kind"] == "spans":
            said.setdefault(one["document_id"], {})[region] = f"a{one['answer_ids'][0]}"
    return [{**row, "said": " ".join(sorted(said.get(row["id"], {}).values()))}
            for row in store.rows(f"""
        SELECT d.id, coalesce(nullif(d.title, ''), d.name) AS title, max(s.id) AS set_id, c.basis
        FROM documents d JOIN suggestion_sets s ON s.document_id = d.id
        LEFT JOIN checks c ON c.document_id = d.id
        WHERE {CURRENT} AND (:document IS NULL OR d.id = :document)
        GROUP BY d.id ORDER BY d.id""", {"document": document_id})]


def answered_keys(store: Store, document_id: int) -> set[str]:
    """The keys of the findings of a document that were answered, whether they still are or not."""
    return {row["key"] for row in store.rows("""
        SELECT key FROM finding_answers a WHERE document_id = ? AND reason <> '' AND id = (
            SELECT max(id) FROM finding_answers b WHERE b.document_id = a.document_id
            AND b.key = a.key)""", [document_id])}


def failures(store: Store, document_id: int | None = None) -> list[Row]:
    """Checks and record rules that raised: name, error (of one), in how many documents."""
    return store.rows(f"""
        SELECT json_extract(f.value, '$.name') AS name,
            max(json_extract(f.value, '$.error')) AS error, count(DISTINCT d.id) AS documents
        FROM checks c JOIN documents d ON d.id = c.document_id, json_each(c.failures) f
        WHERE {CURRENT} AND (:document IS NULL OR d.id = :document)
        GROUP BY 1 ORDER BY 1""", {"document": document_id})


def equations_with(store: Store, document_id: int, start: int, end: int) -> list[Row]:
    """The equations that hold in which the figure at [start, end) stands."""
    return [json.loads(row["content"]) for row in store.rows("""
        SELECT content FROM equations e WHERE document_id = ? AND EXISTS (
            SELECT 1 FROM json_each(e.content, '$.terms') t
            WHERE json_extract(t.value, '$[0]') = ? AND json_extract(t.value, '$[1]') = ?)
        ORDER BY position""", [document_id, start, end])]


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


# Of findings `f`: those that are broken and have no answer.
OPEN_FINDING = f"f.status = 'broken' AND {_REASON} = ''"
_STATES = {
    "open": OPEN_FINDING,
    "answered": f"f.status = 'broken' AND {_REASON} <> ''",
    "broken": "f.status = 'broken'",
    "not_checkable": "f.status = 'not_checkable'",
}
STATES = tuple(_STATES)


_ASKED = """{state} AND {current} AND (:document IS NULL OR d.id = :document)
    AND (:check IS NULL OR f.check_name = :check)
    AND (:group IS NULL OR json_extract(f.content, '$.group') = :group)"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which findings: in `state` (one of `STATES`), and where given of one document, one check,
    one group (within a document)."""

    state: str
    document_id: int | None = None
    check: str | None = None
    group: str | None = None

    @property
    def sql(self) -> str:
        return _ASKED.format(state=_STATES[self.state], current=CURRENT)

    @property
    def parameters(self) -> dict[str, Any]:
        return {"document": self.document_id, "check": self.check, "group": self.group}


def finding_groups(store: Store, asked: Asked, limit: int = -1, offset: int = 0) -> list[Row]:
    """The findings `asked` for by their likely cause: document_id, the group, how many (n), and the
    position of the first. What has no group stands alone. By document and place."""
    return store.rows(f"""
        SELECT f.document_id, json_extract(f.content, '$.group') AS "group", count(*) AS n,
            min(f.position) AS position
        FROM findings f JOIN documents d ON d.id = f.document_id WHERE {asked.sql}
        GROUP BY f.document_id, coalesce(json_extract(f.content, '$.group'), f.position)
        ORDER BY d.title, d.id, min(f.position) LIMIT :limit OFFSET :offset
        """, {**asked.parameters, "limit": limit, "offset": offset})


def count_groups(store: Store, asked: Asked) -> int:
    return int(store.value(f"""
        SELECT count(*) FROM (
            SELECT 1 FROM findings f JOIN documents d ON d.id = f.document_id WHERE {asked.sql}
            GROUP BY f.document_id, coalesce(json_extract(f.content, '$.group'), f.position))
        """, asked.parameters))


def check_names(store: Store, asked: Asked) -> dict[str, int]:
    """How many findings each check has among those `asked` for, of any check."""
    return {row["check_name"]: row["n"] for row in store.rows(
        f"SELECT f.check_name, count(*) AS n FROM findings f JOIN documents d"
        f" ON d.id = f.document_id WHERE {asked.sql} GROUP BY f.check_name ORDER BY f.check_name",
        {**asked.parameters, "check": None})}


def findings(store: Store, state: str, document_id: int | None = None, limit: int = -1,
             offset: int = 0, *, check: str | None = None, group: str | None = None,
             position: int | None = None) -> list[Row]:
    """Findings in `state` (one of `STATES`) of current documents, by document and place; where
    given, of one check, one group or at one position.

    Each row has document_id, title, name, position, key, code (its name in addresses), check_name,
    status, start, content (an object), and of the newest answer reason ('' if none), note,
    answered_by, answered_at.
    """
    asked = Asked(state, document_id, check, group)
    said = ", ".join(f"({_ANSWER.format(what=what)}) AS {what}"
                     for what in ("note", "answered_by", "answered_at"))
    rows = store.rows(f"""
        SELECT f.*, d.title, d.name, {_REASON} AS reason, {said} FROM findings f
        JOIN documents d ON d.id = f.document_id
        WHERE {asked.sql} AND (:position IS NULL OR f.position = :position)
        ORDER BY d.title, d.id, f.position LIMIT :limit OFFSET :offset
        """, {**asked.parameters, "limit": limit, "offset": offset, "position": position})
    return [{**row, "content": json.loads(row["content"]), "code": _code(row["key"])}
            for row in rows]


def _code(key: str) -> str:
    """The name of a finding in addresses."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def finding_counts(store: Store, document_id: int | None = None) -> dict[str, int]:
    """How many findings are in each of `STATES`."""
    counted = ", ".join(f"sum({condition}) AS {state}" for state, condition in _STATES.items())
    row = store.row(f"SELECT {counted} FROM findings f JOIN documents d ON d.id = f.document_id"
                    f" WHERE {CURRENT} AND (:document IS NULL OR d.id = :document)",
                    {"document": document_id})
    return {state: (row or {}).get(state) or 0 for state in STATES}


def finding_at(store: Store, document_id: int, key: str) -> Row | None:
    row = store.row("SELECT * FROM findings WHERE document_id = ? AND key = ?",
                    [document_id, key])
    return row and {**row, "content": json.loads(row["content"])}


def answer_finding(store: Store, document_id: int, key: str, reason: str, note: str,
                   by: str) -> None:
    """Keep an answer; an empty `reason` takes the last one back."""
    answer_findings(store, document_id, [key], reason, note, by)


def answer_findings(store: Store, document_id: int, keys: Iterable[str], reason: str, note: str,
                    by: str) -> None:
    """Keep one answer to several findings, or take back those they have; all or nothing."""
    with store.write() as db:
        db.table("finding_answers").insert_all(
            {"document_id": document_id, "key": key, "reason": reason, "note": note,
             "answered_by": by, "answered_at": now()} for key in dict.fromkeys(keys))


def record_counts(store: Store, document_id: int | None = None) -> dict[str, int]:
    """How many records of each kind the current documents hold."""
    return {row["kind"]: row["n"] for row in store.rows(
        f"SELECT r.kind, count(*) AS n FROM records r JOIN documents d ON d.id = r.document_id"
        f" WHERE {CURRENT} AND (:document IS NULL OR d.id = :document) GROUP BY r.kind",
        {"document": document_id})}


def records(store: Store, kind: str, document_id: int | None = None) -> list[Row]:
    """Records of a kind, in the order of the documents; `content` is an object."""
    rows = store.rows(f"""
        SELECT r.*, d.title, d.name FROM records r JOIN documents d ON d.id = r.document_id
        WHERE r.kind = :kind AND {CURRENT} AND (:document IS NULL OR d.id = :document)
        ORDER BY d.title, d.id, r.position""", {"kind": kind, "document": document_id})
    return [{**row, "content": json.loads(row["content"])} for row in rows]
