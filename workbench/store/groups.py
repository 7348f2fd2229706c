"""Which documents stay together in one split, and which split their group has."""
from __future__ import annotations

from typing import Iterable, Mapping

from labels.grouping import Member
from workbench.store.connection import Store


def members(store: Store) -> dict[str, Member]:
    """By name of the document, where it belongs."""
    return {row["document"]: Member(row["group_name"], row["since"], bool(row["kept"]))
            for row in store.rows("SELECT * FROM document_groups")}


def save_members(store: Store, found: Mapping[str, Member]) -> None:
    with store.write() as db:
        for name, member in sorted(found.items()):
            db.execute("INSERT INTO document_groups (document, group_name, since, kept)"
                       " VALUES (?, ?, ?, ?) ON CONFLICT (document) DO UPDATE SET"
                       " group_name = excluded.group_name, since = excluded.since",
                       [name, member.group, member.since, int(member.kept)])


def splits(store: Store) -> dict[str, str]:
    """The split of each group that was ever given one."""
    return {row["group_name"]: row["split"] for row in
            store.rows("SELECT group_name, split FROM splits")}


def save_splits(store: Store, dealt: Mapping[str, str]) -> None:
    """Keep the splits of new groups; those of known ones never change."""
    with store.write() as db:
        for group, split in sorted(dealt.items()):
            db.execute("INSERT OR IGNORE INTO splits (group_name, split) VALUES (?, ?)",
                       [group, split])


def newest_ids(store: Store, names: Iterable[str]) -> dict[str, int]:
    """The newest version of each named document that is stored, removed or not."""
    wanted = set(names)
    return {row["name"]: row["id"] for row in store.rows(
        "SELECT name, id FROM documents d WHERE version ="
        " (SELECT max(version) FROM documents WHERE name = d.name)") if row["name"] in wanted}
