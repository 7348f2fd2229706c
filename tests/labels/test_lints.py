from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from labels import govdoc
from labels.lints import (
    Lint, Proposal, lint, lint_from_json, lint_surfaces, lint_to_json,
)
from labels.scoring import holdout

TEXT = "云泽区印发《云泽区水务条例》（试行），增长-6.5％，“智慧水务”工程（一期）由水务 Co. 承建。"


def span(quote: str, label: str, text: str = TEXT) -> dict[str, Any]:
    start = text.index(quote)
    return {"start": start, "end": start + len(quote), "label": label}


def lints(*spans: dict[str, Any], relations: list[dict[str, Any]] | None = None,
          text: str = TEXT) -> tuple[Lint, ...]:
    answer = {"spans": list(spans), "relations": relations or [], "classes": {}}
    return lint(text, answer, govdoc.schema(), govdoc.guide().edges)


def mended(quote: str, label: str, text: str = TEXT) -> tuple[str, str]:
    """The one lint of a span, and what it proposes to mark."""
    (one,) = lints(span(quote, label, text), text=text)
    assert one.proposal is not None
    return one.code, text[one.proposal.start:one.proposal.end]


@pytest.mark.parametrize("quote, label", [
    ("云泽区", "LOC"), ("《云泽区水务条例》", "DOC"), ("-6.5％", "PERCENT"), ("智慧水务", "PROJECT"),
    ("智慧水务”工程", "PROJECT"), ("水务 Co.", "ORG"),
])
def test_what_the_guide_allows_is_not_told(quote: str, label: str) -> None:
    assert lints(span(quote, label)) == ()


@pytest.mark.parametrize("quote, label, code, better", [
    ("工程（一期）", "PROJECT", "edge_mark", "工程"), ("，增长", "INDICATOR", "edge_mark", "增长"),
    ("“智慧水务”", "PROJECT", "edge_mark", "智慧水务"), ("工程（一期", "PROJECT", "unpaired", "工程"),
    ("一期）由", "PROJECT", "unpaired", "由"), ("云泽区水务条例", "DOC", "marks_left_out", "《云泽区水务条例》"),
    ("《云泽区水务条例", "DOC", "unpaired", "《云泽区水务条例》"),
    ("云泽区水务条例》", "DOC", "unpaired", "《云泽区水务条例》"),
    ("《云泽区水务条例》", "PROJECT", "edge_mark", "云泽区水务条例"),
    ("水务 Co. ", "ORG", "edge_space", "水务 Co."),
])
def test_what_it_advises_against_is_told_with_a_mend(quote: str, label: str, code: str,
                                                     better: str) -> None:
    assert mended(quote, label) == (code, better)


def test_a_line_break_at_an_edge_is_white_space_and_one_inside_is_none() -> None:
    text = "区政府\n办公室\n到会"
    assert mended("办公室\n", "ORG", text) == ("edge_space", "办公室")
    assert lints(span("区政府\n办公室", "ORG", text), text=text) == ()


def test_a_span_of_punctuation_alone_is_to_go() -> None:
    (one,) = lints(span("），", "LOC"))
    assert one.proposal == Proposal("drop", 17, 19, "LOC")


def test_of_spans_that_overlap_the_outermost_stays() -> None:
    (one,) = lints(span("《云泽区水务条例》", "DOC"), {"start": 6, "end": 9, "label": "LOC"})
    assert (one.code, one.spans, one.fields["other"]) == ("overlap", (0, 1), "云泽区")
    assert one.proposal == Proposal("drop", 6, 9, "LOC")
    (one,) = lints({"start": 0, "end": 2, "label": "LOC"}, {"start": 1, "end": 3, "label": "LOC"})
    assert one.code == "overlap" and one.proposal is None
    (one,) = lints(span("云泽区", "LOC"), span("云泽区", "ORG"))
    assert (one.code, one.fields["label"], one.fields["other"]) == ("two_labels", "LOC", "ORG")


def link(kind: str, direction: str | None = None) -> list[dict[str, Any]]:
    return [{"type": kind, "source": 0, "target": 1, "direction": direction}]


def test_a_relation_between_wrong_labels_is_told_with_the_likeliest_mend() -> None:
    text = "收入6亿元，区政府局长"
    money, income = span("6亿元", "MONEY", text), span("收入", "INDICATOR", text)
    post, body = span("局长", "POST", text), span("区政府", "ORG", text)
    (one,) = lints(money, income, relations=link("VALUE"), text=text)
    assert (one.code, one.proposal) == ("relation_labels", Proposal("turn"))
    (one,) = lints(post, body, relations=link("HOLDS"), text=text)
    assert one.proposal == Proposal("retype", label="POST_OF")
    (one,) = lints(money, body, relations=link("VALUE"), text=text)
    assert one.proposal == Proposal("drop") and one.relations == (0,)
    assert lints(income, money, relations=link("VALUE"), text=text) == ()


def test_a_change_without_its_direction_is_told() -> None:
    text = "收入增6%"
    ends = span("收入", "INDICATOR", text), span("6%", "PERCENT", text)
    (one,) = lints(*ends, relations=link("CHANGE"), text=text)
    assert (one.code, one.fields["attribute"]) == ("relation_value", "direction")
    assert lints(*ends, relations=link("CHANGE", "up"), text=text) == ()


def test_a_class_that_needs_an_answer_and_has_none_is_told() -> None:
    schema = govdoc.schema()
    (one,) = lint(TEXT, {"classes": {"topics": []}}, schema, {}, ("function", "topics"))
    assert (one.code, one.fields["name"]) == ("class_missing", "function")
    assert lint(TEXT, {"classes": {"function": ["plan"]}}, schema, {}, ("function",)) == ()


def test_a_surface_that_mostly_has_another_label_in_the_document_is_told() -> None:
    said = [("云泽湖", {"spans": [{"start": 0, "end": 3, "label": label}]})
            for label in ("LOC", "LOC", "ORG")]
    said.append(("云 泽湖", {"spans": [{"start": 0, "end": 4, "label": "LOC"}]}))
    found = lint_surfaces(said)
    assert [len(lints) for lints in found] == [0, 0, 1, 0]
    (one,) = found[2]
    assert one.proposal == Proposal("relabel", 0, 3, "LOC") and one.fields["count"] == 3
    # Two against two is no usual label.
    assert not any(lint_surfaces([said[0], said[2], said[3], said[2]]))


@given(st.text("云泽“”《》（）()， \n.a’", max_size=20), st.data())
def test_a_proposal_lies_in_the_text_and_needs_no_second_mend(text: str, data: st.DataObject
                                                              ) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    label = data.draw(st.sampled_from(["DOC", "ORG"]))
    if start == end:
        return
    for one in lints({"start": start, "end": end, "label": label}, text=text):
        assert lint_from_json(json.loads(json.dumps(lint_to_json(one)))) == one
        assert one.proposal is not None
        if one.proposal.action in ("trim", "widen"):
            first, last = one.proposal.start, one.proposal.end
            assert 0 <= first < last <= len(text) and (first, last) != (start, end)
            again = lints({"start": first, "end": last, "label": label}, text=text)
            assert again == ()


def test_the_gold_of_the_demo_is_clean() -> None:
    path = Path(govdoc.FOLDER).parent.parent / "workbench" / "demo" / "gold.jsonl"
    assert _linted(path) == 0


@pytest.mark.reference
def test_careful_labels_of_real_documents_raise_no_false_alarm(reference: Path) -> None:
    assert _linted(reference / "reference" / "dev.jsonl") <= 0.002


def _linted(path: Path) -> float:
    """The share of spans with a lint; rows that are held aside are not looked at."""
    spans = odd = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if holdout(row) and "demo" not in path.parts:
            continue
        links = [{**one, "source": one["from"], "target": one["to"]} for one in row["relations"]]
        found = lint(row["text"], {"spans": row["spans"], "relations": links}, govdoc.schema(),
                     govdoc.guide().edges)
        spans += len(row["spans"])
        odd += len({place for one in found for place in one.spans})
    assert spans > 500
    return odd / spans
