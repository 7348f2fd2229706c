"""Groups are dealt to splits by what they bring, and keep what they have."""
from __future__ import annotations

from collections import Counter

from hypothesis import given, settings, strategies as st

from labels.gold import SPLITS
from labels.splits import SHARES, deal

LABELS = st.dictionaries(st.sampled_from(["ORG", "MONEY", "PROJECT", "rare"]),
                         st.integers(0, 40), max_size=4)
GROUPS = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), LABELS, max_size=25)


@settings(max_examples=40)
@given(GROUPS, st.randoms())
def test_the_order_in_which_groups_come_does_not_matter(groups, random) -> None:  # type: ignore
    names = list(groups)
    random.shuffle(names)
    assert deal({name: groups[name] for name in names}, {}) == deal(groups, {})


@settings(max_examples=40)
@given(GROUPS, GROUPS)
def test_a_group_keeps_its_split_whatever_is_added(first, added) -> None:  # type: ignore
    before = deal(first, {})
    after = deal({**added, **first}, before)
    assert {name: after[name] for name in before} == before


@settings(max_examples=40)
@given(GROUPS)
def test_every_group_has_a_split_and_none_stays_empty_that_could_be_filled(
        groups) -> None:  # type: ignore
    dealt = deal(groups, {})
    assert set(dealt) == set(groups) and set(dealt.values()) <= set(SPLITS)
    assert len(set(dealt.values())) == min(len(groups), 3)


def test_one_group_trains_two_have_a_test() -> None:
    assert deal({"a": {"ORG": 1}}, {}) == {"a": "train"}
    assert deal({"a": {"ORG": 5}, "b": {"ORG": 1}}, {}) == {"a": "train", "b": "test"}


def test_a_split_that_lacks_a_rare_label_gets_the_group_that_has_it() -> None:
    known = {"old train": "train", "old test": "test", "old validation": "validation"}
    brings = {"old train": {"ORG": 80, "rare": 9}, "old test": {"ORG": 10},
              "old validation": {"ORG": 10, "rare": 1}, "new": {"rare": 1}}
    assert deal(brings, known)["new"] == "test"


@settings(max_examples=40)
@given(st.lists(st.fixed_dictionaries({"ORG": st.integers(5, 30), "MONEY": st.integers(0, 30)}),
                min_size=60, max_size=90))
def test_every_label_is_shared_out_as_asked(groups: list[dict[str, int]]) -> None:
    brings = {f"g{number}": labels for number, labels in enumerate(groups)}
    dealt = deal(brings, {})
    totals = Counter[str]()
    have = {split: Counter[str]() for split in SPLITS}
    for group, split in dealt.items():
        totals.update(brings[group])
        have[split].update(brings[group])
    for split in SPLITS:
        for label in ("ORG", "MONEY"):
            if totals[label] > 400:
                assert abs(have[split][label] / totals[label] - SHARES[split]) < 0.1
