"""Which suggestions are hidden, from whom, and what answers with and without them tell."""
from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from labels.errors import InputError
from labels.rules import Evidence, SpanSuggestion, Suggestions
from tests.workbench.answering import put_answer
from tests.workbench.conftest import DOCUMENT, SUGGESTIONS
from workbench import stages
from workbench.project import Project
from workbench.review.concealing import concealed, is_bare
from workbench.review.honest import (
    SETTING, Honest, honest_given, honest_of, is_hidden, is_known,
)
from workbench.review.honest_report import LEAST, honest_report, report_to_json
from workbench.slots import Overlap, in_slot
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.gold import settle_region
from workbench.store.people import add_user, link_studio_account
from workbench.store.settings import set_setting
from workbench.store.suggestions import save_suggestions, sets_shown, show_set
from workbench.store.tasks import (
    add_regions, record_hidden, record_sent, record_tasks, record_turning, region, sent_tasks,
    task_states,
)
from workbench.store.trials import draw, record_trials

KEYS = [f"report@{number}:spans:{number}-{number + 900}" for number in range(4000)]
SHARES = st.integers(0, 100)


# --- which --------------------------------------------------------------------------------------

@given(st.text(max_size=30), SHARES, SHARES)
def test_a_larger_share_only_adds_regions(key: str, one: int, other: int) -> None:
    less, more = sorted((one, other))
    for chosen in (lambda share: is_hidden(key, "spans", Honest(spans=share)),
                   lambda share: is_known(key, Honest(known=share))):
        assert chosen(more) or not chosen(less)
        assert chosen(100) and not chosen(0)


def test_the_share_of_each_kind_is_met_and_says_nothing_of_the_others() -> None:
    hidden = {key for key in KEYS if is_hidden(key, "spans", Honest(spans=30, classes=80))}
    known = {key for key in KEYS if is_known(key, Honest(known=30))}
    twice = {key for key in KEYS if in_slot(key, 2, Overlap(2, 30))}
    assert all(abs(len(found) / len(KEYS) - 0.3) < 0.025 for found in (hidden, known, twice))
    for one, other in ((hidden, known), (hidden, twice), (known, twice)):
        assert abs(len(one & other) / len(KEYS) - 0.09) < 0.02
    assert abs(sum(is_hidden(key, "classes", Honest(classes=80)) for key in KEYS)
               / len(KEYS) - 0.8) < 0.025


def test_the_choice_is_the_same_on_every_machine() -> None:
    """Another one would give suggestions to other regions in projects that have answers already."""
    hidden = [number for number in range(20)
              if is_hidden(KEYS[number], "spans", Honest(spans=30))]
    known = [number for number in range(20) if is_known(KEYS[number], Honest(known=30))]
    assert (hidden, known) == (
        [1, 4, 11, 12, 13, 15, 16, 17, 19], [5, 8, 11, 12, 13, 15, 16])


def test_shares_out_of_bounds_are_refused() -> None:
    assert honest_given(5, 0, 100, 2, True) == honest_of(
        {"spans": 5, "known": 100, "told": True})
    for wrong in ((-1, 0, 0, 2), (0, 101, 0, 2), (0, 0, 200, 2), (0, 0, 0, 0), (0, 0, 0, 6)):
        with pytest.raises(InputError):
            honest_given(*wrong, told=False)


# --- from whom ----------------------------------------------------------------------------------

@pytest.fixture
def cut(project: Project, store: Store) -> dict[str, int]:
    """The regions of one document with suggestions, by kind; the spans were sent bare."""
    set_setting(store, SETTING, Honest(spans=100).as_json())
    document = add_document(store, DOCUMENT).document_id
    save_suggestions(store, document, project.pack().hash, SUGGESTIONS)
    stages.cut_regions(store, document)
    regions = {row["kind"]: int(row["id"]) for row in task_states(store)}
    record_tasks(store, "there", 4, 1, {regions["spans"]: 71})
    record_hidden(store, "there", {regions["spans"]: True})
    return regions


def annotator(store: Store, name: str = "王丽", account: int = 7) -> int:
    set_setting(store, "studio", {"projects": {"spans:1": [4, "there"], "spans:2": [5, "else"]}})
    user = add_user(store, name, "annotator", "a long password")
    link_studio_account(store, user, f"{account}@x", account)
    return user


def test_hidden_suggestions_are_kept_from_annotators_until_their_slot_has_answered(
        store: Store, cut: dict[str, int]) -> None:
    user = annotator(store)
    place = concealed(store, 1, user, 1)
    assert place.hides("spans", 0) and not place.hides("classes", 10)
    put_answer(store, cut["spans"], origin="else", slot=2, account=9, email="9@x")
    assert concealed(store, 1, user, 1).hides("spans", 0)
    put_answer(store, cut["spans"], origin="there", account=9, email="9@x", task=71)
    assert not concealed(store, 1, user, 1)


def test_a_share_set_later_hides_only_what_was_not_sent(store: Store,
                                                        cut: dict[str, int]) -> None:
    user = annotator(store)
    record_hidden(store, "there", {cut["spans"]: False})
    assert not concealed(store, 1, user, 1).hides("spans", 0)
    set_setting(store, SETTING, Honest(classes=100).as_json())
    assert concealed(store, 1, user, 1).hides("classes", 10)


def test_before_the_regions_are_cut_all_suggestions_are_kept(store: Store) -> None:
    document = add_document(store, DOCUMENT).document_id
    set_setting(store, SETTING, Honest(spans=1).as_json())
    found = concealed(store, document, 1, 1)
    assert found.hides("spans", 20) and not found.hides("classes", 20)
    set_setting(store, SETTING, Honest().as_json())
    assert not concealed(store, document, 1, 1)


def test_a_settled_region_shows_nothing_while_it_is_asked_again(
        store: Store, cut: dict[str, int]) -> None:
    user = annotator(store)
    record_hidden(store, "there", {cut["spans"]: False})
    put_answer(store, cut["spans"], account=9, email="9@x", task=71)
    draw(store, cut["spans"], 1, "u/abc@1:spans:0-9", 0.5)
    assert not concealed(store, 1, user, 1)
    record_trials(store, "there", 4, {"u/abc@1:spans:0-9": 99})
    assert concealed(store, 1, user, 1).hides("spans", 0)
    assert not concealed(store, 1, user, 2)


def test_a_task_is_bare_as_it_was_sent_else_by_the_share(store: Store,
                                                         cut: dict[str, int]) -> None:
    found = region(store, cut["spans"])
    assert found is not None
    assert is_bare(store, "spans", 1, found["key"]) and is_bare(store, "spans", 2, found["key"])
    record_hidden(store, "there", {cut["spans"]: False})
    assert not is_bare(store, "spans", 1, found["key"])
    draw(store, cut["spans"], 1, "u/abc@1:spans:0-9", 0.5)
    assert is_bare(store, "spans", 1, "u/abc@1:spans:0-9")


def test_what_is_turned_counts_as_nothing_known_till_it_was_sent(
        store: Store, cut: dict[str, int]) -> None:
    record_turning(store, "there", [cut["spans"]])
    row = sent_tasks(store, "there")[71]
    assert row["hidden"] is None and row["turned_at"]


def test_a_set_under_other_names_takes_the_place_of_that_which_answers_were_made_before(
        project: Project, store: Store, cut: dict[str, int]) -> None:
    record_sent(store, "there", {cut["spans"]: 1})
    put_answer(store, cut["spans"], account=9, email="9@x", task=71)
    newer = save_suggestions(store, 1, "other", SUGGESTIONS)
    record_sent(store, "there", {cut["spans"]: newer})
    assert [row["id"] for row in sets_shown(store)] == [1, newer]
    show_set(store, 1, newer)
    assert store.value("SELECT seen_set FROM answers") == newer


# --- the report ---------------------------------------------------------------------------------

RIGHT = {"start": 0, "end": 2, "label": "ORG"}
WRONG = {"start": 3, "end": 5, "label": "PLACE"}


def answer(*spans: dict[str, Any]) -> dict[str, Any]:
    return {"spans": list(spans), "relations": [], "classes": {}}


def asked(store: Store, count: int, hidden: bool, first: int = 0) -> list[int]:
    """So many regions of six characters, each in a document of its own, with one right and one
    wrong suggestion."""
    made = []
    for number in range(first, first + count):
        name = f"{'h' if hidden else 's'}{number}"
        document = add_document(store, type(DOCUMENT)(
            id=name, text="云泽区财政局", source=f"{name}.txt")).document_id
        set_id = save_suggestions(store, document, "pack", Suggestions(tuple(
            SpanSuggestion(span["start"], span["end"], span["label"], rule, "v1", 0.9,
                           Evidence("x"))
            for span, rule in ((RIGHT, "t.good"), (WRONG, "t.bad"))), (), ()))
        add_regions(store, document, "spans", name, [(0, 6, ())])
        (found,) = store.rows("SELECT id FROM regions WHERE document_id = ?", [document])
        for slot, origin in ((1, "there"), (2, "else")):
            record_tasks(store, origin, 4, slot, {found["id"]: 70 + found["id"]})
            record_sent(store, origin, {found["id"]: set_id})
            record_hidden(store, origin, {found["id"]: hidden})
        made.append(int(found["id"]))
    return made


def said(store: Store, region_id: int, who: str, *spans: dict[str, Any], slot: int = 1,
         seconds: float = 6.0) -> int:
    number = put_answer(store, region_id, email=f"{who}@x", slot=slot, seconds=seconds,
                        origin="there" if slot == 1 else "else")
    with store.write() as db:
        db.execute("UPDATE answers SET answer = ? WHERE id = ?",
                   [json.dumps(answer(*spans)), number])
    return number


def settled(store: Store, region_id: int, ids: list[int], *people: str) -> None:
    settle_region(store, region_id=region_id, answer=answer(RIGHT), answer_ids=ids,
                  annotators=[f"{who}@x" for who in people], schema_hash="s", settled_by="lead")


def both_sides(store: Store, count: int) -> None:
    """Where suggestions are shown li keeps the wrong one every other time, qian never; where they
    are hidden nobody makes it, and li misses the right one every other time."""
    for number, found in enumerate(asked(store, count, False)):
        ids = [said(store, found, "li", RIGHT, *[WRONG] * (number % 2)),
               said(store, found, "qian", RIGHT, slot=2)]
        settled(store, found, ids, "li", "qian")
    for number, found in enumerate(asked(store, count, True)):
        ids = [said(store, found, "li", *[RIGHT] * (number % 2), seconds=12),
               said(store, found, "qian", RIGHT, slot=2, seconds=12)]
        settled(store, found, ids, "li", "qian")


def test_what_was_waved_through_is_told_from_what_people_make_of_their_own(store: Store) -> None:
    both_sides(store, 10)
    found = honest_report(store)
    (both,) = found.both
    assert (both.shown.answers, both.shown.judged, both.hidden.judged) == (20, 20, 20)
    assert both.shown.precision.value == pytest.approx(20 / 25) and both.shown.recall.value == 1
    assert both.hidden.precision.value == 1
    assert both.hidden.recall.value == pytest.approx(15 / 20)
    assert both.difference.value == pytest.approx(40 / 45 - 30 / 35)
    assert both.difference.low is not None
    assert (both.shown.speed.median, both.hidden.speed.median) == (1000, 2000)
    assert both.shown.alike.value == pytest.approx(20 / 25)
    rules = {one.name: one for one in found.rules}
    assert list(rules) == ["t.bad", "t.good"]
    bad, good = rules["t.bad"], rules["t.good"]
    assert (bad.right, bad.wrong, bad.stamped.value, bad.alone.value) == (0, 40, 0.25, 0)
    assert bad.excess.value == pytest.approx(0.25) and bad.excess.low is not None
    assert (good.kept.value, good.found.value, good.stamped.value) == (1, 0.75, None)
    people = {one.name: one.taken for one in found.people}
    assert (people["li@x"].stamped.value, people["qian@x"].stamped.value) == (0.5, 0)
    told = json.loads(json.dumps(report_to_json(found, names=False)))
    assert "people" not in told and "li@x" not in json.dumps(told)


def test_of_too_little_no_figure_is_given_but_the_count(store: Store) -> None:
    both_sides(store, 4)
    (both,) = honest_report(store).both
    assert both.shown.exact.value is None and both.shown.exact.n == 8 < LEAST["answers"]
    assert both.difference.value is None and both.shown.speed.median is None
    assert honest_report(store).taken.stamped.value is None


def test_gold_that_rests_on_one_answer_is_no_evidence_for_it(store: Store) -> None:
    alone, agreed, decided, open_one = asked(store, 4, False)
    settled(store, alone, [said(store, alone, "li", RIGHT)], "li")
    settled(store, agreed, [said(store, agreed, "li", RIGHT),
                            said(store, agreed, "qian", RIGHT, slot=2)], "li", "qian")
    # one person answered twice, in different words: somebody decided
    ids = [said(store, decided, "li", RIGHT), said(store, decided, "li", WRONG)]
    settled(store, decided, ids, "li")
    said(store, open_one, "li", RIGHT)
    found = honest_report(store)
    assert (found.alone, found.unsettled) == (1, 1)
    assert found.both[0].shown.judged == 3


def test_answers_of_which_nobody_knows_what_was_shown_are_counted_only(store: Store) -> None:
    (found,) = asked(store, 1, False)
    number = said(store, found, "li", RIGHT)
    with store.write() as db:
        db.execute("UPDATE answers SET hidden = NULL, seen_set = NULL WHERE id = ?", [number])
    report = honest_report(store)
    assert report.unknown == 1 and report.both == ()
