"""What follows when names change beside answers: suggestions, pattern rules, anchored labels.

A suggestion set under other names is a new set, and tasks in Label Studio that show the old one are
noted as showing the new one: their predictions were rewritten there. Where rules would say just
that under the new names, it counts as made by them; else the documents are due.
"""
from __future__ import annotations

from dataclasses import replace

from labels.answers import migrate_answer
from labels.naming import Names, directions_of
from labels.overlays import AddPattern, Change, Overlay, parse_overlay
from labels.rules import Suggestions, renamed
from workbench.effective import pack_hash
from workbench.planning import Way
from workbench.store import Row, Store
from workbench.store.inheriting import inherited_in
from workbench.store.overlays import add_overlay, draft, newest_overlay, put_draft
from workbench.store.quick import rename_decided
from workbench.store.rereads import rename_carried, rename_carried_relations
from workbench.store.suggestions import (
    load_suggestions, newest_sets, relabel_set, save_suggestions, sets_shown, show_set,
)


def switch_names(store: Store, row: Row, way: Way) -> None:
    """Bring suggestions and pattern rules under the names of the version `row`, whose migration
    `way` tells."""
    with store.write():
        before = pack_hash(way.old, newest_overlay(store)["content"])
        kept = _switch_overlay(store, row, way.names)
        after = pack_hash(way.new, newest_overlay(store)["content"])
        rename_carried(store, lambda said: migrate_answer(
            said, way.names, way.old.schema, way.new.schema).answer)
        rename_carried_relations(store, lambda kind, direction: _relation(way, kind, direction))
        rename_decided(store, way.names.label, lambda name: _apart(way, name))
        exact = kept and not way.undone
        _switch_sets(store, way, before, after if exact else "")


def _relation(way: Way, kind: str, direction: str | None) -> tuple[str, str | None] | None:
    now = way.names.relation(kind)
    relation = next((one for one in way.new.schema.relations if one.name == now), None)
    if relation is None:
        return None
    turned = way.names.direction(kind, direction) if direction else None
    return relation.name, turned if turned in directions_of(relation) else None


def _apart(way: Way, name: str) -> bool:
    """Whether a label is neither one of several that became one, nor was split."""
    now = way.names.label(name)
    return f"label:{name}" not in way.names.unsure and [now] == [
        one for other in {name, *way.old.schema.label_names}
        if (one := way.names.label(other)) == now]


def _switch_overlay(store: Store, row: Row, names: Names) -> bool:
    """Pattern rules follow their labels; False if one had to change."""
    old = parse_overlay(newest_overlay(store)["content"])
    new = renamed_overlay(old, names)
    begun = draft(store)
    if begun is not None:
        put_draft(store, renamed_overlay(parse_overlay(begun["content"]), names).text(),
                  begun["changed_by"])
    if new.text() == old.text():
        return True
    add_overlay(store, new.text(), f"schema {row['version']}: {row['why']}", row["made_by"])
    return False


def renamed_overlay(overlay: Overlay, names: Names) -> Overlay:
    """An overlay whose pattern rules speak of the new names; one whose label is gone is left out,
    and so is one whose label was split: nobody knows which part it means."""
    kept: list[Change] = []
    for change in overlay.changes:
        if isinstance(change, AddPattern):
            label = names.label(change.label)
            if label is None or f"label:{change.label}" in names.unsure:
                continue
            change = replace(change, label=label)
        kept.append(change)
    return Overlay(tuple(kept))


def _switch_sets(store: Store, way: Way, before: str, after: str) -> None:
    """Older sets that tasks still show first: of a document the newest set counts."""
    newest = newest_sets(store)
    shown = [one for one in sets_shown(store) if one["id"] not in {row["id"] for row in newest}]
    passed: set[int] = set()     # documents that an older set has made a newer one of
    for row in [*shown, *newest]:
        found = load_suggestions(store, row["id"])
        made = renamed(found, way.names, way.new.schema)
        exact = after if after and row["pack_hash"] == before else ""
        if _same(found, made) and row["document_id"] not in passed:
            if exact:
                relabel_set(store, row["id"], exact)
            continue
        set_id = save_suggestions(store, row["document_id"],
                                  exact or f"{row['pack_hash']} #{row['id']}", made,
                                  inherited_in(store, row["id"]))
        passed.add(row["document_id"])
        show_set(store, row["id"], set_id)


def _same(one: Suggestions, other: Suggestions) -> bool:
    return (one.spans, one.relations, one.classes, one.unshown) == (
        other.spans, other.relations, other.classes, other.unshown)
