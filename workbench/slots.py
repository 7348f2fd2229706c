"""Which sibling projects ask a region: overlap of k people on a share of the regions.

Slot 1 asks every region. Slots 2 to k ask the same share of them, so that each of those regions is
answered k times, by people who do not work in the same project of Label Studio.
"""
from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, Mapping

from labels.errors import InputError, N_

MOST_PEOPLE = 5
# As fine as a share is told apart: hundredths of a percent are more than anybody sets.
_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many people answer a region apart, and on which share (percent) of the regions.

    This is the setting ``overlap``; a project without it has one slot.
    """

    people: int = 1
    share: int = 0

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def overlap_of(setting: Mapping[str, Any] | None) -> Overlap:
    """The setting as stored, or what holds where there is none."""
    return Overlap(int(setting.get("people", 1)), int(setting.get("share", 0))) if setting \
        else Overlap()


def overlap_given(people: int, share: int) -> Overlap:
    """An overlap that somebody asks for. Raises InputError where it is out of bounds."""
    if not 1 <= people <= MOST_PEOPLE:
        raise InputError(N_("a region is answered by 1 to %(most)s people, not by %(people)s"),
                         most=MOST_PEOPLE, people=people)
    if not 0 <= share <= 100:
        raise InputError(N_("a share is 0 to 100 percent, not %(share)s"), share=share)
    return Overlap(people, share)


def slot_given(slot: int, overlap: Overlap) -> int:
    """A slot that somebody shall work in. Raises InputError where the project has none such."""
    if not 1 <= slot <= overlap.people:
        raise InputError(N_("there is no slot %(slot)s: the project has %(people)s"), slot=slot,
                         people=overlap.people,
                         hint=N_("let more people answer a region under People, Overlap and slots"))
    return slot


def in_slot(region_key: str, slot: int, overlap: Overlap | Mapping[str, Any] | None) -> bool:
    """Whether the region is asked in this slot (1, 2, …).

    Depends on the key alone: a larger share only adds regions, a smaller one only takes some away,
    and all slots above the first ask the same ones.
    """
    if slot == 1:
        return True
    known = overlap if isinstance(overlap, Overlap) else overlap_of(overlap)
    return 1 < slot <= known.people and within(region_key, known.share)


def within(name: str, share: int) -> bool:
    """Whether what is called so is among the `share` (percent) of all: a larger one only adds."""
    return _place(name) < share * _PARTS // 100


def place_of(name: str) -> float:
    """A place from 0 to below 1, by chance and always the same."""
    return _place(name) / _PARTS


def _place(name: str) -> int:
    """Where it stands in an order by chance that is the same on every machine."""
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:8], "big") * _PARTS >> 64
