"""From whom suggestions are kept, here and in Label Studio, as long as they have not answered."""
from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from workbench.review.honest import SETTING, honest_of, is_hidden
from workbench.store import Store
from workbench.store.concealing import (
    asked_in, hidden_regions, sent_hidden, unsent_regions,
)
from workbench.store.settings import get_setting
from workbench.store.tasks import has_regions
from workbench.store.trials import is_trial

EVERYWHERE = 1 << 60


def is_bare(store: Store, kind: str, slot: int, key: str) -> bool:
    """Whether the task of this key in a slot shows no suggestions; one that is being sent just now
    is known by its share only."""
    sent = sent_hidden(store, slot, key)
    if sent is None:
        return is_trial(store, key) or is_hidden(key, kind, honest_of(get_setting(store, SETTING)))
    return sent


def bare_regions(store: Store, kind: str) -> set[int]:
    """The regions of a kind whose suggestions are, or will be, kept from people."""
    honest, found = honest_of(get_setting(store, SETTING)), hidden_regions(store)
    if honest.hidden(kind):
        found.update(region for region, key in unsent_regions(store, kind)
                     if is_hidden(key, kind, honest))
    return found


@dataclass(frozen=True)
class Concealed:
    """Where a document shows somebody no suggestions: (start, end) of passages that do not
    overlap, in order, by kind."""

    places: dict[str, list[tuple[int, int]]] = field(
        default_factory=lambda: {"spans": [], "classes": []})

    def hides(self, kind: str, start: int) -> bool:
        """Whether what begins at `start` is kept from them."""
        places = self.places[kind]
        at = bisect_right(places, (start, EVERYWHERE)) - 1
        return at >= 0 and start < places[at][1]

    def __bool__(self) -> bool:
        return any(self.places.values())


def concealed(store: Store, document_id: int, user_id: int, slot: int) -> Concealed:
    """What is kept from a person who annotates in a slot: suggestions of regions whose suggestions
    are hidden, and of settled ones that are asked again, until they or their slot have answered.

    Before the regions are cut nobody knows which these are: then all are kept.
    """
    honest, found = honest_of(get_setting(store, SETTING)), Concealed()
    for kind, places in found.places.items():
        if honest.hidden(kind) and not has_regions(store, document_id, kind):
            places.append((0, EVERYWHERE))
    for row in asked_in(store, document_id, user_id, slot):
        hidden = bool(row["hidden"]) if row["hidden"] is not None else \
            is_hidden(row["key"], row["kind"], honest)
        waits = not row["here"] and (row["asked"] or not row["answered"])
        if not row["own"] and (row["trial"] or (hidden and waits)):
            found.places[row["kind"]].append((row["start"], row["end"]))
    return found
