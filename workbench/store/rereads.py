"""Documents that were read again or removed: what became of their regions, labels and tasks."""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Mapping, Sequence

from workbench.clock import now
from workbench.store.answers import NEWEST
from workbench.store.connection import Row, Store
from workbench.store.gold import STANDING


# --- removing ------------------------------------------------------------------------------------

def remove_document(store: Store, name: str) -> bool:
    """Mark all versions of a document as removed; False if they are, or there is none."""
    with store.write() as db:
        return db.execute("UPDATE documents SET removed_at = ? WHERE name = ?"
                          " AND removed_at IS NULL", [now(), name]).rowcount > 0


def restore_document(store: Store, name: str) -> bool:
    """Take `remove_document` back; False if the document is not removed, or there is none."""
    with store.write() as db:
        return db.execute("UPDATE documents SET removed_at = NULL WHERE name = ?"
                          " AND removed_at IS NOT NULL", [name]).rowcount > 0


def releases_with(store: Store, name: str) -> list[int]:
    """The numbers of the releases that hold regions of a document, in any version."""
    return [row["number"] for row in store.rows(
        "SELECT DISTINCT q.number FROM release_regions q JOIN documents d ON d.id = q.document_id"
        " WHERE d.name = ? ORDER BY q.number", [name])]


def count_tasks(store: Store, name: str) -> int:
    """How many tasks of a document, in any version and slot, Label Studio holds."""
    return int(store.value(
        "SELECT count(*) FROM tasks k JOIN regions r ON r.id = k.region_id"
        " JOIN documents d ON d.id = r.document_id WHERE d.name = ? AND k.gone_at IS NULL",
        [name]))


def count_answers(store: Store, name: str) -> int:
    """How many accepted answers of a document, in any version, count."""
    return int(store.value(
        f"SELECT count(*) FROM ({NEWEST}) a JOIN regions r ON r.id = a.region_id"
        f" JOIN documents d ON d.id = r.document_id WHERE d.name = ? AND a.state = 'accepted'",
        [name]))


def removed_documents(store: Store) -> list[Row]:
    """The newest version of each removed document: id, name, title, removed_at."""
    return store.rows(
        "SELECT id, name, title, removed_at FROM documents d WHERE removed_at IS NOT NULL"
        " AND version = (SELECT max(version) FROM documents WHERE name = d.name) ORDER BY name")


# --- regions that go with the text ---------------------------------------------------------------

def older_versions(store: Store, document_id: int) -> list[Row]:
    """The older versions of a document that still have regions, newest first."""
    return store.rows("""
        SELECT d.id, d.version FROM documents d JOIN documents n ON n.name = d.name
        WHERE n.id = ? AND d.version < n.version
          AND EXISTS (SELECT 1 FROM regions r WHERE r.document_id = d.id)
        ORDER BY d.version DESC""", [document_id])


def was_reread(store: Store, document_id: int) -> bool:
    return store.value("SELECT 1 FROM rereads WHERE document_id = ?", [document_id]) is not None


def regions_of(store: Store, document_id: int) -> list[Row]:
    return store.rows("SELECT * FROM regions WHERE document_id = ? ORDER BY kind DESC, start",
                      [document_id])


def move_region(store: Store, region: Row, document_id: int, start: int, end: int,
                heading_path: Sequence[str]) -> None:
    """Let a region stand in another version of its document; where it stood is kept."""
    with store.write() as db:
        db.execute(
            'INSERT OR REPLACE INTO region_moves (region_id, document_id, start, "end",'
            " heading_path, moved_at) VALUES (?, ?, ?, ?, ?, ?)",
            [region["id"], region["document_id"], region["start"], region["end"],
             region["heading_path"], now()])
        db.execute('UPDATE regions SET document_id = ?, start = ?, "end" = ?, heading_path = ?'
                   " WHERE id = ?", [document_id, start, end,
                                     json.dumps(list(heading_path), ensure_ascii=False),
                                     region["id"]])


def place_in_set(store: Store, region: Row, set_id: int) -> tuple[int, int]:
    """Where a region stood in the version that a suggestion set was made for, if it has moved."""
    row = store.row(
        'SELECT m.start, m."end" FROM suggestion_sets s JOIN region_moves m'
        " ON m.document_id = s.document_id AND m.region_id = ? WHERE s.id = ?",
        [region["id"], set_id])
    return (row["start"], row["end"]) if row else (region["start"], region["end"])


def labelled(store: Store, document_id: int) -> list[Row]:
    """Of each region of a document what people said, `answer` as an object and `answer_ids`: the
    gold that stands, else each accepted answer that counts."""
    rows = store.rows(f"""
        WITH standing AS MATERIALIZED ({STANDING}), newest AS MATERIALIZED ({NEWEST})
        SELECT r.id AS region_id, r.kind, r.start, r."end", g.answer, g.answer_ids
        FROM regions r JOIN standing g ON g.region_id = r.id WHERE r.document_id = :document
        UNION ALL
        SELECT r.id, r.kind, r.start, r."end", n.answer, json_array(n.id)
        FROM regions r JOIN newest n ON n.region_id = r.id AND n.state = 'accepted'
        WHERE r.document_id = :document AND r.id NOT IN (SELECT region_id FROM standing)
        ORDER BY 3, 1""", {"document": document_id})
    return [{**row, "answer": json.loads(row["answer"]),
             "answer_ids": json.loads(row["answer_ids"])} for row in rows]


# --- labels that are sought ----------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class NewAnchoring:
    """A row of `anchorings` that is not stored yet."""

    region_id: int
    old_document: int
    answer_ids: tuple[int, ...]
    kind: str
    label: str
    start: int
    end: int
    quote: str
    verdict: str
    places: tuple[tuple[int, int], ...]
    taken: int | None


def save_reread(store: Store, document_id: int, anchorings: Sequence[NewAnchoring],
                relations: Iterable[tuple[int, int, str, str | None]],
                summary: Mapping[str, Any]) -> list[int]:
    """Note that a version took over, with what became of the labels; returns their ids.

    `relations` are (source, target, type, direction), the first two positions in `anchorings`.
    """
    with store.write() as db:
        ids: list[int] = []
        for one in anchorings:
            cursor = db.execute(
                "INSERT INTO anchorings (document_id, region_id, old_document, answer_ids, kind,"
                ' label, start, "end", quote, verdict, places, taken)'
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [document_id, one.region_id, one.old_document, json.dumps(list(one.answer_ids)),
                 one.kind, one.label, one.start, one.end, one.quote, one.verdict,
                 json.dumps(one.places), one.taken])
            assert cursor.lastrowid is not None
            ids.append(cursor.lastrowid)
        for source, target, kind, direction in relations:
            db.execute("INSERT OR IGNORE INTO anchored_relations VALUES (?, ?, ?, ?)",
                       [ids[source], ids[target], kind, direction])
        db.execute("INSERT INTO rereads (document_id, summary, made_at) VALUES (?, ?, ?)",
                   [document_id, json.dumps(dict(summary)), now()])
        return ids


def take_place(store: Store, anchoring_id: int, taken: int | None, by: str) -> None:
    """Suggest the label at its place number `taken` (None: nowhere). The tasks that may show it
    are due for a new prediction."""
    with store.write() as db:
        db.execute("UPDATE anchorings SET taken = ?, chosen_by = ? WHERE id = ?",
                   [taken, by, anchoring_id])
        # Without a set a push does not know what was sent and looks again.
        db.execute("UPDATE tasks SET set_id = NULL WHERE region_id IN (SELECT r.id FROM regions r"
                   " JOIN anchorings a ON a.document_id = r.document_id WHERE a.id = ?)",
                   [anchoring_id])


def anchoring(store: Store, anchoring_id: int) -> Row | None:
    row = store.row("SELECT * FROM anchorings WHERE id = ?", [anchoring_id])
    return row and _read(row)


def anchorings_of(store: Store, document_id: int) -> list[Row]:
    """What became of the labels of older versions, `places` and `answer_ids` as objects, with
    the `version` they were made in."""
    return [_read(row) for row in store.rows(
        "SELECT a.*, d.version FROM anchorings a JOIN documents d ON d.id = a.old_document"
        " WHERE a.document_id = ? ORDER BY d.version DESC, a.start, a.id", [document_id])]


def rename_carried(store: Store, turned: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """Bring what is carried over under the names of a changed schema: `turned` takes and gives the
    JSON of an answer. What has no name any more is not carried on."""
    with store.write() as db:
        for row in store.rows("SELECT id, kind, label FROM anchorings"):
            said = ({"spans": [{"start": 0, "end": 1, "label": row["label"]}]}
                    if row["kind"] == "span" else {"classes": json.loads(row["label"])})
            now = turned(said)
            if row["kind"] == "span":
                label = now["spans"][0]["label"] if now["spans"] else None
            else:
                label = json.dumps(now["classes"], ensure_ascii=False, sort_keys=True)
            if label is None:
                db.execute("UPDATE anchorings SET taken = NULL WHERE id = ?", [row["id"]])
            elif label != row["label"]:
                db.execute("UPDATE anchorings SET label = ? WHERE id = ?", [label, row["id"]])


def rename_carried_relations(store: Store, turned: Callable[
        [str, str | None], tuple[str, str | None] | None]) -> None:
    """The same for relations; `turned` takes and gives type and direction, None for what goes."""
    with store.write() as db:
        for row in store.rows("SELECT * FROM anchored_relations"):
            now = turned(row["type"], row["direction"])
            if now == (row["type"], row["direction"]):
                continue
            db.execute("DELETE FROM anchored_relations WHERE source = ? AND target = ?"
                       " AND type = ?", [row["source"], row["target"], row["type"]])
            if now is not None:
                db.execute("INSERT OR IGNORE INTO anchored_relations"
                           " (source, target, type, direction) VALUES (?, ?, ?, ?)",
                           [row["source"], row["target"], *now])


def carried(store: Store, document_id: int) -> tuple[list[Row], list[Row]]:
    """What is suggested in a document because people said it of an older version: spans and
    classes (`id`, `kind`, `label`, `start`, `end` in this version), and relations (`source` and
    `target` are such ids)."""
    labels: list[Row] = []
    for row in store.rows("SELECT * FROM anchorings WHERE document_id = ?"
                          " AND taken IS NOT NULL ORDER BY id", [document_id]):
        start, end = json.loads(row["places"])[row["taken"]]
        labels.append({"id": row["id"], "kind": row["kind"], "label": row["label"],
                       "start": start, "end": end})
    relations = store.rows(
        "SELECT l.* FROM anchored_relations l JOIN anchorings a ON a.id = l.source"
        " JOIN anchorings b ON b.id = l.target WHERE a.document_id = ?"
        " AND a.taken IS NOT NULL AND b.taken IS NOT NULL", [document_id])
    return labels, relations


def reread_summary(store: Store, document_id: int) -> Mapping[str, Any] | None:
    """What `save_reread` noted of a version, with `made_at`; None if it took over nothing."""
    row = store.row("SELECT summary, made_at FROM rereads WHERE document_id = ?", [document_id])
    return row and {**json.loads(row["summary"]), "made_at": row["made_at"]}


def _read(row: Row) -> Row:
    return {**row, "places": [(start, end) for start, end in json.loads(row["places"])],
            "answer_ids": json.loads(row["answer_ids"])}
