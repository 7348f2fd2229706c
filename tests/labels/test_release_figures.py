"""What is counted of a release, and the baseline that a model has to beat."""
from __future__ import annotations

from dataclasses import replace

import pytest

from labels.baseline import Dictionary, score
from labels.gold import GoldRegion, GoldRelease, GoldSpan
from labels.release_figures import figures


def region(text: str, *spans: tuple[str, str], split: str = "train",
           document: str = "d", number: int = 0) -> GoldRegion:
    """Spans by their words, each at its first place."""
    return GoldRegion(f"{document}:{split}:{number}:{text}", document, 0, len(text), text,
                      ("spans",), tuple(sorted((GoldSpan(text.index(words),
                                                         text.index(words) + len(words), label)
                                                for words, label in spans),
                                               key=lambda span: span.start)),
                      split=split, group=document)


def release(*regions: GoldRegion) -> GoldRelease:
    return GoldRelease(1, "试用", "", "gov", "1", "s", ("ORG", "LOC", "MONEY"), ("VALUE",),
                       (("topics", ("finance",)),), regions, "")


FINANCE = region("云泽区财政局到会", ("云泽区财政局", "ORG"))


def test_counts_are_by_split_and_name_what_is_missing() -> None:
    found = figures(release(FINANCE, region("无事", split="test", document="e")))
    assert found.regions == {"train": 1, "validation": 0, "test": 1}
    assert found.asked == {"spans": 2} and found.empty == 1 and found.groups == 2
    assert {named.name: named.total for named in found.spans} == {"ORG": 1, "LOC": 0, "MONEY": 0}
    assert [named.name for named in found.rare] == ["ORG", "LOC", "MONEY"]
    assert sum(found.lengths) == 2 and found.lengths[0] == 2
    assert (found.span_lengths[0].middle, found.span_lengths[0].longest) == (6, 6)


def test_a_surface_with_two_labels_is_a_suspect() -> None:
    (found,) = figures(release(
        FINANCE, region("云泽区财政局在云泽区财政局", ("云泽区财政局", "LOC")))).conflicts
    assert found.surface == "云泽区财政局" and dict(found.labels) == {"ORG": 1, "LOC": 1}
    assert [(one.label, one.before, one.after) for one in found.examples][1] == (
        "LOC", "", "在云泽区财政局")


def test_a_frequent_surface_that_is_left_unmarked_is_a_suspect() -> None:
    marked = [region(f"云泽区财政局第{n}次到会", ("云泽区财政局", "ORG"), number=n) for n in range(3)]
    bare = [region(f"请云泽区财政局研究{n}", number=n) for n in range(2)]
    (found,) = figures(release(*marked, *bare)).left_out
    assert (found.surface, found.label, found.marked, found.unmarked) == ("云泽区财政局", "ORG", 3, 2)
    assert {one.region: (one.label, one.before, one.after) for one in found.examples} == {
        one.id: ("", "请", f"研究{n}") for n, one in enumerate(bare)}
    assert figures(release(*marked, bare[0])).left_out == ()
    unasked = [replace(one, asked=("topics",)) for one in bare]
    assert figures(release(*marked, *unasked)).left_out == ()


def test_leakage_is_what_the_test_repeats_of_training() -> None:
    said = "贯彻执行国家有关水务工作的方针政策，组织编制全区水务发展规划。"
    own = "全年新增就业岗位一万余个，城镇登记失业人数控制在目标以内。"
    found = figures(release(region(said), region(f"{said}\n{own}", split="test", document="e")))
    assert (found.leakage.grouped, found.leakage.compared) == (1, 2)


def test_the_dictionary_marks_what_training_marked_more_often_than_not() -> None:
    mark = Dictionary([FINANCE, region("财政收入", ("财政", "ORG")), region("财政、财政、财政", number=1)])
    assert mark.labels == {"云泽区财政局": "ORG"}
    assert list(mark(region("请云泽区财政局办"))) == [GoldSpan(1, 7, "ORG")]
    assert list(Dictionary([])(FINANCE)) == []


def test_a_score_counts_exact_spans_and_has_an_interval() -> None:
    test = [region(f"云泽区财政局和民政局{n}", ("云泽区财政局", "ORG"), ("民政局", "ORG"), document=f"d{n}")
            for n in range(6)]
    found = score(test, Dictionary([FINANCE]))
    assert (found.precision, found.recall) == (1, 0.5) and found.f1 == pytest.approx(2 / 3)
    assert (found.unit, found.units) == ("documents", 6) and found.low == found.high
    assert found.by_label == {"ORG": (pytest.approx(2 / 3), 12)}
    mixed = score([*test[:2], region("𠮷祥公司", ("𠮷祥公司", "ORG"))], Dictionary([FINANCE]))
    assert mixed.unit == "regions" and mixed.low < mixed.f1 <= mixed.high
    assert mixed == score([*test[:2], region("𠮷祥公司", ("𠮷祥公司", "ORG"))], Dictionary([FINANCE]))
