"""What quick decisions make of the suggestions for regions that nobody has answered.

A question has an outcome when as many people as the project asks have decided it, and all alike.
What was accepted or put right takes the place of what the rules suggest there; what was rejected is
not suggested any more. The region itself stays unanswered: a person reads it still.
"""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Collection, Iterable, Mapping, Sequence

from workbench.store import Row, Store
from workbench.store.quick import (
    Decision, Fixed, Key, answered_regions, decisions, decisions_until,
)
from workbench.store.settings import get_setting

# A person said it.
SCORE = 1.0


@dataclass(frozen=True, slots=True)
class Effect:
    """Of one region, local offsets: `rejected` spans, and `made` ones, the newest decision first,
    each with the suggestion that it was decided on."""

    rejected: frozenset[Fixed] = frozenset()
    made: tuple[tuple[Fixed, Fixed], ...] = ()


NONE = Effect()


def people_asked(store: Store) -> int:
    """How many people decide a question: the setting ``quick``."""
    return int(get_setting(store, "quick", {}).get("people", 1))


def outcome(said: Sequence[Decision], people: int) -> Decision | None:
    """What was decided; None while too few have, or they differ."""
    told = [one for one in said if one.verdict != "skip"]
    if len(told) < people or len({(one.verdict, one.fixed) for one in told}) > 1:
        return None
    return told[-1]


def effects(store: Store, region_ids: Collection[int]) -> dict[int, Effect]:
    """What was decided in regions that nobody has answered, by region."""
    said = decisions(store, region_ids)
    if not said:
        return {}
    answered = answered_regions(store)
    return _effects({key: told for key, told in said.items() if key.region_id not in answered},
                    people_asked(store))


def effects_sent(store: Store, last: Mapping[int, int]) -> dict[int, Effect]:
    """What had been decided in regions when `last` was their last decision, by region."""
    known = {region_id: until for region_id, until in last.items() if until}
    return _effects(decisions_until(store, known, known), people_asked(store)) if known else {}


def _effects(said: Mapping[Key, Sequence[Decision]], people: int) -> dict[int, Effect]:
    by_region: dict[int, list[tuple[Key, Decision]]] = defaultdict(list)
    for key, told in said.items():
        decided = outcome(told, people)
        if decided is not None:
            by_region[key.region_id].append((key, decided))
    return {region_id: _effect(decided) for region_id, decided in by_region.items()}


def _effect(decided: Iterable[tuple[Key, Decision]]) -> Effect:
    rejected: set[Fixed] = set()
    made: list[tuple[Fixed, Fixed]] = []
    for key, one in sorted(decided, key=lambda pair: -pair[1].id):
        suggested = Fixed(*key[1:])
        if one.verdict != "accept":
            rejected.add(suggested)
        if one.verdict != "reject":
            made.append((one.fixed or suggested, suggested))
    # Of two fixes that overlap the newer one counts; two suggestions can be put right as one.
    kept: list[tuple[Fixed, Fixed]] = []
    for now, was in made:
        if not any(_overlap(now, other) for other, _ in kept):
            kept.append((now, was))
    # Somebody may reject a suggestion that another one was made into.
    return Effect(frozenset(rejected - {now for now, _ in kept}), tuple(kept))


def _overlap(one: Fixed, other: Fixed) -> bool:
    return one.start < other.end and other.start < one.end


def applied(inside: Sequence[Row], start: int, effect: Effect,
            labels: Collection[str]) -> list[Row]:
    """The spans suggested in a region that begins at `start` (rows with offsets of the document,
    `position`, `label`, `score`) as `effect` leaves them, in order. What was only given another
    boundary keeps its position, and so its relations; labels that the schema does not know (any
    more) are left out."""
    if effect == NONE:
        return list(inside)
    made = [(now, was) for now, was in effect.made if now.label in labels]
    stands = {Fixed(span["start"] - start, span["end"] - start, span["label"]): span
              for span in inside}
    kept = [span for said, span in stands.items() if said not in effect.rejected
            and not any(_overlap(said, now) for now, _ in made)]
    for number, (now, was) in enumerate(made):
        if now in stands:
            kept.append(stands[now])
            continue
        origin = stands.get(was) if was.label == now.label else None
        kept.append({"position": f"quick {number}", **_plain(origin), "start": start + now.start,
                     "end": start + now.end, "label": now.label, "score": SCORE})
    return sorted(kept, key=lambda span: (span["start"], span["end"]))


def changed(spans: Collection[tuple[int, int, str]], effect: Effect) -> set[tuple[int, int, str]]:
    """The same of bare spans with local offsets."""
    made = [now for now, _ in effect.made]
    return {*made, *(span for span in spans if span not in effect.rejected
                     and not any(_overlap(Fixed(*span), now) for now in made))}


def _plain(row: Row | None) -> dict[str, Any]:
    return dict(row) if row else {}
