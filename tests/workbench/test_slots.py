"""Which slots ask which regions."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.errors import InputError
from workbench.slots import Overlap, in_slot, overlap_given, overlap_of

keys = st.text(max_size=40)
shares = st.integers(0, 100)
KEYS = [f"report@{number}:spans:{number}-{number + 900}" for number in range(4000)]


@given(keys, st.integers(1, 5), shares)
def test_the_first_slot_asks_every_region(key: str, people: int, share: int) -> None:
    assert in_slot(key, 1, Overlap(people, share)) and in_slot(key, 1, None)


@given(keys, shares, shares, st.integers(2, 5))
def test_regions_only_join_when_the_share_grows(key: str, one: int, other: int, slot: int) -> None:
    less, more = sorted((one, other))
    if in_slot(key, slot, Overlap(5, less)):
        assert in_slot(key, slot, Overlap(5, more))


@given(keys, st.integers(2, 5), shares)
def test_all_later_slots_ask_the_same_regions_and_none_beyond_the_last(
        key: str, people: int, share: int) -> None:
    overlap = Overlap(people, share)
    assert len({in_slot(key, slot, overlap) for slot in range(2, people + 1)}) == 1
    assert not in_slot(key, people + 1, overlap)
    assert in_slot(key, people, Overlap(people, 100)) and not in_slot(key, people, None)
    assert not in_slot(key, people, Overlap(people, 0))


@pytest.mark.parametrize("share", [1, 10, 33, 80])
def test_the_share_is_met(share: int) -> None:
    asked = sum(in_slot(key, 2, {"people": 2, "share": share}) for key in KEYS)
    assert abs(asked / len(KEYS) - share / 100) < 0.025


def test_the_choice_is_the_same_on_every_machine() -> None:
    """Another choice would ask other regions again in projects that have answers already."""
    assert [number for number in range(20)
            if in_slot(KEYS[number], 2, Overlap(2, 30))] == [2, 5, 7, 15, 17]


def test_an_overlap_out_of_bounds_is_refused() -> None:
    assert overlap_given(5, 100) == overlap_of({"people": 5, "share": 100})
    for people, share in ((0, 10), (6, 10), (2, -1), (2, 101)):
        with pytest.raises(InputError):
            overlap_given(people, share)
