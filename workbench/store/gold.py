"""Gold of regions, and the releases frozen from it."""
from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Iterator, Mapping, Sequence

from labels.errors import ExportError, N_, OffsetError
from labels.gold import (
    GoldRegion, GoldRelease, region_from_json, region_to_json, release_hash,
)
from workbench.clock import now
from workbench.store.answers import canonical
from workbench.store.connection import Row, Store
from workbench.store.facts import StoredFacts
from workbench.store.schemas import newest_schema
from workbench.store.seals import seal_of
from workbench.store.withdrawals import add_notes


# The newest version of each region's gold, where it was not withdrawn.
STANDING = """
    SELECT g.* FROM gold g WHERE g.answer IS NOT NULL
      AND g.version = (SELECT max(version) FROM gold WHERE region_id = g.region_id)
"""


def settle_region(store: Store, *, region_id: int, answer: Mapping[str, Any],
                  answer_ids: Sequence[int], annotators: Sequence[str], schema_hash: str,
                  settled_by: str, guide_hash: str = "",
                  reasons: Sequence[Mapping[str, Any]] = ()) -> None:
    """Add a version of a region's gold; `answer_ids` are all accepted answers it was made from,
    `reasons` (as `store.holds.reason_json` gives them) why it is gold in spite of what is open."""
    _add_version(store, region_id, canonical(answer), answer_ids, annotators, schema_hash,
                 settled_by, guide_hash, reasons)


def withdraw_region(store: Store, region_id: int, *, schema_hash: str, by: str) -> None:
    """Add a version that says that the region has no gold any more."""
    _add_version(store, region_id, None, (), (), schema_hash, by)


def _add_version(store: Store, region_id: int, answer: str | None, answer_ids: Sequence[int],
                 annotators: Sequence[str], schema_hash: str, by: str, guide_hash: str = "",
                 reasons: Sequence[Mapping[str, Any]] = ()) -> None:
    with store.write() as db:
        last = store.value("SELECT max(version) FROM gold WHERE region_id = ?", [region_id])
        db.table("gold").insert({
            "region_id": region_id, "version": (last or 0) + 1, "answer": answer,
            # The least first: `store.derived.grounds` names agreed gold by it.
            "answer_ids": json.dumps(sorted(answer_ids)),
            "annotators": json.dumps(list(annotators), ensure_ascii=False),
            "schema_hash": schema_hash, "schema_version": newest_schema(store)["version"],
            "guide_hash": guide_hash, "settled_by": by, "settled_at": now(),
            "reasons": json.dumps(list(reasons), ensure_ascii=False)})


def gold_grounds(store: Store, document_id: int | None = None) -> dict[int, set[int]]:
    """The answers (ids) that the gold of each region (of one document) was settled from."""
    return {row["region_id"]: set(json.loads(row["answer_ids"])) for row in store.rows(
        f"SELECT region_id, answer_ids FROM ({STANDING}) WHERE :document IS NULL OR region_id IN"
        " (SELECT id FROM regions WHERE document_id = :document)", {"document": document_id})}


def documents_to_settle(store: Store) -> list[tuple[int, str]]:
    """(id, title) of the documents with answers or gold, those that were removed and older versions
    too."""
    return [(row["id"], row["title"]) for row in store.rows("""
        SELECT d.id, coalesce(nullif(d.title, ''), d.name) AS title FROM documents d
        WHERE EXISTS (SELECT 1 FROM regions r WHERE r.document_id = d.id AND (
            EXISTS (SELECT 1 FROM answers a WHERE a.region_id = r.id)
            OR EXISTS (SELECT 1 FROM gold g WHERE g.region_id = r.id))) ORDER BY d.id""")]


def newest_gold(store: Store, region_id: int, count: int = 1) -> list[Row]:
    """The last versions of a region's gold, the newest first, as they are stored."""
    return store.rows("SELECT * FROM gold WHERE region_id = ? ORDER BY version DESC LIMIT ?",
                      [region_id, count])


def said_before(store: Store, region_id: int, answer: str) -> bool:
    """Whether the region has gold that says just that (canonical JSON)."""
    last = newest_gold(store, region_id)
    return bool(last) and last[0]["answer"] == answer


def standing_gold(store: Store) -> list[Row]:
    """The gold that stands, `answer`, `answer_ids`, `annotators` and `reasons` as objects."""
    return [{**row, **{name: json.loads(row[name])
                       for name in ("answer", "answer_ids", "annotators", "reasons")}}
            for row in store.rows(f"SELECT * FROM ({STANDING}) ORDER BY region_id")]


def standing_answers(store: Store, document_id: int) -> list[Row]:
    """The gold that stands in a document: `region_id`, `kind`, `start`, `end`, `answer`."""
    return [{**row, "answer": json.loads(row["answer"])} for row in store.rows(f"""
        SELECT g.region_id, r.kind, r.start, r."end", g.answer
        FROM ({STANDING}) g JOIN regions r ON r.id = g.region_id
        WHERE r.document_id = ? ORDER BY r.start""", [document_id])]


def settled_kinds(store: Store) -> Mapping[str, int]:
    """How many settled regions there are, by kind."""
    return {row["kind"]: row["n"] for row in store.rows(
        f"SELECT r.kind, count(*) AS n FROM ({STANDING}) g JOIN regions r ON r.id = g.region_id"
        " GROUP BY r.kind")}


def count_releases(store: Store) -> int:
    return int(store.value("SELECT count(*) FROM releases"))


_OLD = "d.version < (SELECT max(version) FROM documents WHERE name = d.name)"


def settled_regions(store: Store) -> list[Row]:
    """The gold that stands, of the newest versions of documents that were neither removed
    nor withdrawn."""
    rows = store.rows(f"""
        SELECT g.*, r.key, r.kind, r.document_id, r.start, r."end", d.name, d.version AS
               document_version, substr(t.text, r.start + 1, r."end" - r.start) AS text
        FROM ({STANDING}) g JOIN regions r ON r.id = g.region_id
        JOIN documents d ON d.id = r.document_id JOIN texts t ON t.hash = d.text_hash
        WHERE d.removed_at IS NULL AND NOT ({_OLD})
          AND NOT EXISTS (SELECT 1 FROM withdrawals w
                          WHERE w.document = d.name AND w.ended_at IS NULL)
        ORDER BY d.name, d.version, r.start, r.kind""")
    return [{**row, "answer": json.loads(row["answer"]),
             "annotators": json.loads(row["annotators"])} for row in rows]


def count_older(store: Store) -> int:
    """How many settled regions are of older versions of documents: no release takes them."""
    return int(store.value(f"""
        SELECT count(*) FROM ({STANDING}) g JOIN regions r ON r.id = g.region_id
        JOIN documents d ON d.id = r.document_id WHERE d.removed_at IS NULL AND {_OLD}"""))


def add_release(store: Store, release: GoldRelease, document_ids: Sequence[int],
                created_by: str, notes: Sequence[dict[str, Any]] = (),
                gold_ids: Sequence[int] = ()) -> None:
    """Store a release and seal it; `document_ids`, and `gold_ids` (the versions of gold that were
    frozen), run beside its regions."""
    golds: Sequence[int | None] = gold_ids or [None] * len(document_ids)
    header = asdict(replace(release, regions=(), facts=()))
    for kept_apart in ("regions", "facts"):
        header.pop(kept_apart)
    with store.write() as db:
        db.table("releases").insert({
            "number": release.number, "hash": release.hash, "schema_hash": release.schema_hash,
            "header": json.dumps(header, ensure_ascii=False), "created_by": created_by,
            "created_at": release.created})
        db.table("release_regions").insert_all(
            {"number": release.number, "position": position, "document_id": document_id,
             "region": json.dumps(region_to_json(region), ensure_ascii=False), "gold_id": gold_id}
            for position, (region, document_id, gold_id) in enumerate(
                zip(release.regions, document_ids, golds)))
        add_notes(store, release.number, notes)
        db.execute("UPDATE releases SET seal = ? WHERE number = ?",
                   [seal_of(db, release.number), release.number])


def provenance(store: Store, number: int) -> list[Row]:
    """Of each region of a release, in its order: `id`, who settled it (`settled_by`) and when, from
    which answers and of whom, under which schema and guide, and the `reasons` for which it is gold
    in spite of what was open. Releases that were frozen before this was kept tell only the id."""
    rows = store.rows("""
        SELECT json_extract(q.region, '$.id') AS id, g.version, g.settled_by, g.settled_at,
            g.answer_ids, g.annotators, g.schema_hash, g.schema_version, g.guide_hash, g.reasons
        FROM release_regions q LEFT JOIN gold g ON g.id = q.gold_id
        WHERE q.number = ? ORDER BY q.position""", [number])
    return [{**row, **{name: json.loads(row[name] or "[]")
                       for name in ("answer_ids", "annotators", "reasons")}} for row in rows]


@dataclass(frozen=True, slots=True)
class StoredRegions:
    """The regions of a release, read anew whenever they are walked, while the store is open."""

    store: Store
    number: int
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[GoldRegion]:
        for row in self.store.conn.execute(
                "SELECT region FROM release_regions WHERE number = ? ORDER BY position",
                [self.number]):
            yield region_from_json(row[0])


def check_seal(store: Store, number: int) -> None:
    """Raise ExportError if there is no release of that number, or what is stored of it was
    changed."""
    seal = store.value("SELECT seal FROM releases WHERE number = ?", [number])
    if seal is None:
        raise ExportError(N_("there is no release %(number)s"), number=number,
                          hint=N_("list them with: workbench releases"))
    if seal != seal_of(store.db, number):
        raise _changed(number)


def whole_release(store: Store, number: int) -> GoldRelease:
    """As `sealed_release`, with its regions in memory: it can be used when the store is closed."""
    release = sealed_release(store, number)
    return replace(release, regions=tuple(release.regions))


def sealed_release(store: Store, number: int) -> GoldRelease:
    """The release as it was frozen; its regions are `StoredRegions`, so it takes no room.

    Raises ExportError if there is none of that number, or what is stored of it was changed.
    """
    check_seal(store, number)
    try:
        release = _stored_release(store, number)
        if release is None or release_hash(release.schema_hash, release.regions) != release.hash:
            raise _changed(number)
    except (ValueError, KeyError, TypeError, OffsetError) as error:
        raise _changed(number) from error
    return release


def _changed(number: int) -> ExportError:
    return ExportError(
        N_("release %(number)s was changed after it was frozen; its hash does not fit"),
        number=number, hint=N_("bring the project back from a backup, or freeze a new release"))


def releases(store: Store) -> list[Row]:
    """Releases, newest first, with their counts."""
    return store.rows("""
        SELECT number, hash, schema_hash, created_by, created_at,
          (SELECT count(*) FROM release_regions q WHERE q.number = r.number) AS regions,
          (SELECT count(DISTINCT document_id) FROM release_regions q WHERE q.number = r.number)
            AS documents,
          (SELECT total(json_array_length(q.region, '$.spans')) FROM release_regions q
           WHERE q.number = r.number) AS spans
        FROM releases r ORDER BY number DESC""")


def load_release(store: Store, number: int) -> GoldRelease | None:
    """The release as it is stored, in memory; None if there is none of that number."""
    release = _stored_release(store, number)
    return None if release is None else replace(release, regions=tuple(release.regions))


def _stored_release(store: Store, number: int) -> GoldRelease | None:
    row = store.row("SELECT header, (SELECT count(*) FROM release_regions q"
                    " WHERE q.number = r.number) AS regions FROM releases r WHERE number = ?",
                    [number])
    if row is None:
        return None
    header = json.loads(row["header"])
    return GoldRelease(**{
        **header, "labels": tuple(header["labels"]), "relations": tuple(header["relations"]),
        "classes": tuple((name, tuple(choices)) for name, choices in header["classes"]),
        "multiple": tuple(header["multiple"]),
        "regions": StoredRegions(store, number, row["regions"]),
        "facts": StoredFacts(store, number)})
