"""What a change of the schema would touch, before it is made."""
from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Mapping

from labels.overlays import AddPattern, parse_overlay
from workbench.effective import base_pack
from workbench.following_names import renamed_overlay
from workbench.planning import Move, Way, plan
from workbench.store import Store
from workbench.store.documents import document_row
from workbench.store.gold import count_releases, settled_kinds
from workbench.store.overlays import newest_overlay
from workbench.store.suggestions import count_suggested
from workbench.store.tasks import region, region_text

EXAMPLES = 20
_AROUND = 24


@dataclass
class DryRun:
    """`answers`, `people` and `gold` (regions) would change; `suggestions` (of the sets that count)
    bear a name that changes; `rules` of the pack speak of one; `patterns` of the project follow,
    `lost_patterns` cannot. `fates` counts what happens to spans, relations and choices; `review` of
    answers and gold would wait for a person. `examples` show some of it in the text. `unasked`:
    regions settled before a label or class set that is added. `releases` stay as they are. `there`
    is what Label Studio holds of it (see `workbench.migration.counted_there`)."""

    answers: int = 0
    people: int = 0
    gold: int = 0
    suggestions: int = 0
    rules: list[str] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    lost_patterns: list[str] = field(default_factory=list)
    fates: dict[str, int] = field(default_factory=dict)
    review: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)
    unasked: int = 0
    releases: int = 0
    there: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def dry_run(store: Store, way: Way) -> DryRun:
    """What the way would touch here; nothing is changed."""
    found = DryRun(releases=count_releases(store))
    moves = plan(store, way)
    fates: Counter[str] = Counter()
    people: set[str] = set()
    reviewed: set[int] = set()
    for move in moves:
        if move.origin:
            found.answers += move.changed
            if move.changed:
                people.add(str(store.value("SELECT annotator FROM answers WHERE id = ?",
                                           [move.answer_id])))
        else:
            found.gold += move.changed
        if move.origin or move.region_id not in reviewed:
            fates.update(f"{note.what} {note.fate}" for note in move.notes
                         if move.origin or not _answered(moves, move))
        if move.doubtful:
            reviewed.add(move.region_id)
        if move.notes and len(found.examples) < EXAMPLES:
            found.examples += _examples(store, move)[:EXAMPLES - len(found.examples)]
    found.people, found.review, found.fates = len(people), len(reviewed), dict(fates)
    _count_rules(store, way, found)
    return found


def _answered(moves: list[Move], gold: Move) -> bool:
    return any(move.origin and move.region_id == gold.region_id for move in moves)


def _count_rules(store: Store, way: Way, found: DryRun) -> None:
    names = way.names
    changed = {old for turned in (names.labels, names.relations, names.classes)
               for old, now in turned.items() if old != now}
    changed |= {key.partition(":")[2] for key in names.unsure if not key.startswith("choice:")}
    pack = base_pack(store)
    found.rules = [rule.name for rule in pack.rules if changed & set(pack.says(rule))]
    overlay = parse_overlay(newest_overlay(store)["content"])
    kept = {change.name: change for change in renamed_overlay(overlay, names).changes
            if isinstance(change, AddPattern)}
    for change in overlay.changes:
        if isinstance(change, AddPattern):
            if change.name not in kept:
                found.lost_patterns.append(change.name)
            elif kept[change.name] != change:
                found.patterns.append(change.name)
    found.suggestions = count_suggested(store, changed)
    old, new = way.old.schema, way.new.schema
    images = {names.label(label) for label in old.label_names}
    sets = {names.class_set(classes.name) for classes in old.classes}
    settled = settled_kinds(store)
    if set(new.label_names) - images:
        found.unasked += settled.get("spans", 0)
    if {classes.name for classes in new.paragraph_classes} - sets:
        found.unasked += settled.get("classes", 0)


def _examples(store: Store, move: Move) -> list[dict[str, Any]]:
    """The notes of a move with the words around them."""
    text, row = region_text(store, move.region_id), region(store, move.region_id)
    document = row and document_row(store, row["document_id"])
    made = []
    for note in move.notes:
        start, end = note.start, note.end
        if note.what == "choice":
            start, end = 0, min(len(text), 2 * _AROUND)
        made.append({
            **note.to_json(), "region": move.region_id, "gold": not move.origin,
            "document": row["document_id"] if row else None,
            "title": (document["title"] or document["name"]) if document else "",
            "at": (row["start"] if row else 0) + start,
            "before_text": _one_line(text[max(0, start - _AROUND):start]),
            "text": text[start:end], "after_text": _one_line(text[end:end + _AROUND]),
            "target_text": text[slice(*note.target)] if note.target else ""})
    return made


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
