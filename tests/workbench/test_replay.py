"""A change of the rules over the documents of a project: draft, replay, saved, undone."""
from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Callable, Iterator

import pytest

from labels import govdoc, rules
from labels.document import Block, Document
from labels.errors import InputError, RuleError
from labels.overlays import AddPattern, AddTerm, Overlay, SwitchOff, apply
from labels.rules import Match, make_pack, rule
from workbench import changes, stages, verdicts
from workbench.ledger import DEMO, PROJECT, add_reference, ledger, places, score_stored
from workbench.project import Project
from workbench.replay import Change, Replay, Stopped, replay
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.gold import settle_region
from workbench.store.ledger import current_sets
from workbench.store.overlays import (
    ask_to_stop, count_changes, draft, newest_overlay, overlay_versions, replay_changes,
)
from workbench.store.suggestions import current_set, documents_without, spans_of
from workbench.store.tasks import task_states

TEXT = "全区地区生产总值65.2亿元，增长3.5%，完成1.5%。"
PERCENTS = [(TEXT.index(word), TEXT.index(word) + len(word)) for word in ("3.5%", "1.5%")]
OFF = Overlay((SwitchOff("numbers.percent"),))
PATTERN = AddPattern("share", "PERCENT", "增长(?P<mention>3)", 99, 0.8, ("增长⟦3⟧.5%",))


def whole(text: str, name: str = "d") -> Document:
    return Document(name, text, name, blocks=(Block("paragraph", 0, len(text)),))


@pytest.fixture
def document(project: Project, store: Store) -> int:
    """One document with suggestions."""
    document_id = add_document(store, whole(TEXT)).document_id
    stages.suggest(store, project.pack())
    return document_id


@pytest.fixture
def judged(store: Store, document: int) -> int:
    """As `document`, settled: the first percentage and the money are in the gold."""
    stages.cut_regions(store, document)
    region = next(row for row in task_states(store) if row["kind"] == "spans")
    money = TEXT.index("65.2")
    settle_region(store, region_id=region["id"], answer_ids=[], annotators=["a"],
                  schema_hash="s", settled_by="t", answer={
                      "spans": [{"start": PERCENTS[0][0], "end": PERCENTS[0][1],
                                 "label": "PERCENT"},
                                {"start": money, "end": money + 6, "label": "MONEY"}],
                      "relations": [], "classes": {}})
    return document


def of_spans(found: Replay) -> set[tuple[str, str, str]]:
    return {(change.change, change.verdict, TEXT[change.start:change.end])
            for change in found.changes if change.kind == "span"}


def test_a_replay_lists_what_is_gained_and_lost_with_verdicts(
        project: Project, store: Store, judged: int) -> None:
    before = project.pack()
    found = replay(store, before, apply(before, Overlay((*OFF.changes, PATTERN))))
    assert of_spans(found) == {("lost", "right", "3.5%"), ("lost", "wrong", "1.5%"),
                               ("gained", "wrong", "3")}
    gained = next(change for change in found.changes
                  if (change.change, change.kind) == ("gained", "span"))
    assert gained == Change("gained", "wrong", "span", "PERCENT", "pattern.share", judged,
                            PERCENTS[0][0], PERCENTS[0][0] + 1)
    back = replay(store, apply(before, OFF), before)
    assert of_spans(back) == {("gained", "right", "3.5%"), ("gained", "wrong", "1.5%")}
    assert (back.documents, back.characters) == (1, len(TEXT))
    lost = Counter(change.kind for change in found.changes if change.change == "lost")
    assert lost["relation"] >= 1, "the relations to the percentage are lost with it"


def test_without_gold_nothing_is_right_or_wrong(project: Project, store: Store,
                                                document: int) -> None:
    found = replay(store, project.pack(), apply(project.pack(), OFF))
    assert {verdict for _, verdict, _ in of_spans(found)} == {"unjudged"}
    assert found.count("lost") == len(found.changes) and found.count("gained") == 0


def test_the_same_rules_change_nothing(project: Project, store: Store, document: int) -> None:
    assert replay(store, project.pack(), project.pack()).changes == ()


def test_suggestions_that_are_stored_are_not_made_again(
        project: Project, store: Store, document: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = rules.suggest
    monkeypatch.setattr(rules, "suggest",
                        lambda document, pack: asked.append(pack.hash) or real(document, pack))
    after = apply(project.pack(), OFF)
    first = replay(store, project.pack(), after)
    assert asked == [after.hash]
    with store.write() as db:
        db.execute("UPDATE suggestion_sets SET pack_hash = 'older'")
    assert replay(store, project.pack(), after).changes == first.changes
    assert asked == [after.hash, after.hash, project.pack().hash]


def test_of_a_large_store_a_sample_is_replayed_judged_documents_first(
        project: Project, store: Store, judged: int) -> None:
    for number in range(6):
        add_document(store, whole(TEXT * 2, f"other-{number}"))
    after = apply(project.pack(), OFF)
    found = replay(store, project.pack(), after, most=len(TEXT) * 5)
    assert (found.documents, found.all_documents) == (3, 7)
    assert (found.characters, found.all_characters) == (len(TEXT) * 5, len(TEXT) * 13)
    assert judged in {change.document_id for change in found.changes}
    assert replay(store, project.pack(), after, most=1).documents == 1
    assert replay(store, project.pack(), after).documents == 7


def test_a_replay_stops_when_it_is_asked_to(project: Project, store: Store,
                                            document: int) -> None:
    with pytest.raises(Stopped):
        replay(store, project.pack(), project.pack(), stopped=lambda: True)


def test_a_rule_that_fails_is_told(project: Project, store: Store, document: int) -> None:
    @rule("ORG", examples=[])
    def broken(context: rules.Context) -> Iterator[Match]:
        raise ValueError("no luck")
    base = project.pack()
    after = make_pack(base.schema, (*base.rules, broken), base.lexicon)
    assert replay(store, base, after).failures == ("test_replay.broken: ValueError: no luck",)


# --- draft and versions --------------------------------------------------------------------------

@pytest.fixture
def edit(store: Store) -> Callable[[Callable[[Overlay], Overlay]], Overlay]:
    return lambda change: changes.edit(store, "lead", change)


def drafted(project: Project, store: Store, document: int) -> None:
    changes.edit(store, "lead", lambda one: one.with_change(SwitchOff("numbers.percent")))
    changes.replay_draft(project)


def test_a_draft_is_replayed_saved_and_suggested_anew(
        project: Project, store: Store, judged: int) -> None:
    before = project.pack().hash
    drafted(project, store, judged)
    assert project.pack().hash == before, "a draft does not count"
    row = draft(store)
    assert row is not None and row["replay"]["lost"]["right"] >= 1
    assert count_changes(store, "lost", "wrong") == len(replay_changes(store, "lost", "wrong"))
    listed = {(row["before"][-2:], row["text"], row["after"][:1])
              for row in replay_changes(store, "lost") if row["kind"] == "span"}
    assert listed == {("增长", "3.5%", "，"), ("完成", "1.5%", "。")}
    assert changes.save_draft(store, "试一试", "lead") == 1
    assert draft(store) is None and count_changes(store) == 0
    assert "numbers.percent" not in project.pack().versions
    assert stages.suggest(store, project.pack()).documents == 1
    current = current_set(store, judged)
    assert current and "PERCENT" not in {row["label"] for row in spans_of(store, current["id"])}


def test_going_back_brings_the_earlier_suggestions(project: Project, store: Store,
                                                   document: int) -> None:
    first = project.pack().hash
    drafted(project, store, document)
    changes.save_draft(store, "试", "lead")
    stages.suggest(store, project.pack())
    assert changes.go_back(store, 0, "lead") == 2
    assert project.pack().hash == first
    assert documents_without(store, first) == [document]
    stages.suggest(store, project.pack())
    current = current_set(store, document)
    assert current and "PERCENT" in {row["label"] for row in spans_of(store, current["id"])}
    assert changes.go_back(store, 1, "other") == 3
    assert [(row["version"], row["made_by"], row["back_to"]) for row in overlay_versions(store)] \
        == [(3, "other", 1), (2, "lead", None), (1, "lead", None)]


def test_what_is_wrong_with_a_change_is_told_before_anything_is_stored(
        store: Store, edit: Callable[[Callable[[Overlay], Overlay]], Overlay]) -> None:
    edit(lambda one: one.with_change(SwitchOff("numbers.percent")))
    before = draft(store)
    with pytest.raises(RuleError, match="^there is no rule gone$"):
        edit(lambda one: one.with_change(SwitchOff("gone")))
    assert draft(store) == before


def test_a_draft_that_changes_nothing_is_none(
        store: Store, edit: Callable[[Callable[[Overlay], Overlay]], Overlay]) -> None:
    edit(lambda one: one.with_change(SwitchOff("numbers.percent")))
    edit(lambda one: one.without(SwitchOff("numbers.percent")))
    assert draft(store) is None


def test_a_draft_is_not_saved_unseen_unreasoned_or_over_another(
        project: Project, store: Store, document: int) -> None:
    with pytest.raises(InputError, match="there is no draft"):
        changes.save_draft(store, "x", "lead")
    drafted(project, store, document)
    with pytest.raises(InputError, match="say why"):
        changes.save_draft(store, " ", "lead")
    with pytest.raises(InputError, match="there is a draft"):
        changes.go_back(store, 0, "lead")
    changes.edit(store, "lead", lambda one: one.with_change(SwitchOff("numbers.money")))
    with pytest.raises(InputError, match="not replayed"):
        changes.save_draft(store, "x", "lead")
    changes.replay_draft(project)
    changes.save_overlay(project, OFF, "from elsewhere", "cli")
    with pytest.raises(InputError, match="version 1 is newer than 0"):
        changes.save_draft(store, "x", "lead")
    assert newest_overlay(store)["content"] == OFF.text()


def test_what_a_replay_found_of_a_draft_that_changed_meanwhile_is_not_kept(
        project: Project, store: Store, document: int) -> None:
    def during(done: int, total: int | None, message: str = "") -> None:
        if done == 0 and message:
            changes.edit(store, "lead", lambda one: one.with_change(SwitchOff("dates.date")))

    changes.edit(store, "lead", lambda one: one.with_change(SwitchOff("numbers.percent")))
    assert str(changes.replay_draft(project, during)) == "the replay was stopped"
    row = draft(store)
    assert row is not None and row["replay"] is None


def test_a_running_replay_is_stopped_from_outside(project: Project, store: Store,
                                                  document: int) -> None:
    changes.edit(store, "lead", lambda one: one.with_change(SwitchOff("numbers.percent")))

    def stop(done: int, total: int | None, message: str = "") -> None:
        ask_to_stop(store)

    assert str(changes.replay_draft(project, stop)) == "the replay was stopped"
    assert "gained" in str(changes.replay_draft(project))


def test_an_overlay_that_does_not_fit_a_newer_pack_is_told_and_can_be_mended(
        project: Project, store: Store, document: int) -> None:
    from workbench.store.overlays import add_overlay
    add_overlay(store, Overlay((SwitchOff("gone.rule"), *OFF.changes)).text(), "old", "lead")
    assert "numbers.percent" not in project.pack().versions
    assert [str(error) for error in ledger(project, store).refused.values()] == [
        "there is no rule gone.rule"]
    changes.edit(store, "lead", lambda one: one.with_change(SwitchOff("numbers.money")))
    row = draft(store)
    assert row is not None and "gone.rule" not in row["content"]


# --- ledger --------------------------------------------------------------------------------------

def test_the_ledger_counts_what_rules_made_and_how_much_is_right(
        project: Project, store: Store, judged: int) -> None:
    add_document(store, whole("没有数字的文件", "other"))
    stages.suggest(store, project.pack())
    found = ledger(project, store)
    percent = found.entry("numbers.percent")
    assert percent is not None and found.documents == 2
    assert (percent.made, percent.documents, percent.state) == (2, 1, "on")
    share = percent.shares[PROJECT]
    assert (share.right, share.answered) == (1, 2)
    assert (share.low, share.high) == pytest.approx((0.0945, 0.9055), abs=1e-4)
    assert not percent.shares[DEMO].other_version
    assert percent.description.startswith("Per cent")


def test_conflicts_are_counted_from_the_evidence(project: Project, store: Store) -> None:
    text = "云泽区财政局在云泽区人民政府报告。" * 3
    add_document(store, whole(text))
    stages.suggest(store, project.pack())
    (row,) = current_sets(store)
    beaten = [loser["rule"] for span in spans_of(store, row["id"])
              for loser in span["evidence"]["beat"]]
    found = ledger(project, store)
    assert beaten and sum(entry.won for entry in found.entries) == len(beaten)
    assert {entry.name: entry.lost for entry in found.entries if entry.lost} == Counter(beaten)


def test_matches_are_paged_by_what_people_said(project: Project, store: Store,
                                               judged: int) -> None:
    add_document(store, whole("占3%、4%、5%。", "other"))
    stages.suggest(store, project.pack())

    def texts(state: str | None, limit: int = 10, offset: int = 0) -> tuple[list[str], int]:
        found, total = places(store, "span", "numbers.percent", state, limit, offset)
        return [f"{place.state} {place.made['start']}" for place in found], total

    first, second = PERCENTS[0][0], PERCENTS[1][0]
    assert texts(None) == ([f"right {first}", f"wrong {second}", "unjudged 1", "unjudged 4",
                            "unjudged 7"], 5)
    assert texts("right") == ([f"right {first}"], 1)
    assert texts("wrong") == ([f"wrong {second}"], 1)
    assert texts("unjudged", 2, 1) == (["unjudged 4", "unjudged 7"], 3)
    assert texts(None, 2, 1) == ([f"wrong {second}", "unjudged 1"], 5)


def test_verdicts_follow_new_gold(project: Project, store: Store, judged: int) -> None:
    assert verdicts.verdicts(store).tallies["numbers.percent"].right == 1
    region = next(row for row in task_states(store) if row["kind"] == "spans")
    settle_region(store, region_id=region["id"], answer_ids=[], annotators=["a"],
                  schema_hash="s", settled_by="t",
                  answer={"spans": [], "relations": [], "classes": {}})
    assert verdicts.verdicts(store).tallies["numbers.percent"].right == 0


def test_classes_and_relations_are_judged_too(project: Project, store: Store) -> None:
    truth = verdicts.Truth()
    truth.add({"kind": "classes", "start": 5, "end": 20,
               "answer": json.dumps({"classes": {"function": ["plan"]}})})
    truth.add({"kind": "spans", "start": 5, "end": 20, "answer": json.dumps({
        "spans": [{"start": 0, "end": 2, "label": "PERSON"},
                  {"start": 3, "end": 5, "label": "POST"}],
        "relations": [{"type": "HOLDS", "source": 0, "target": 1}]})})
    said = {"kind": "class", "class_set": "function", "label": "plan", "start": 5, "end": 19}
    assert truth.judge(said) is True
    assert truth.judge({**said, "label": "duty"}) is False
    assert truth.judge({**said, "start": 21, "end": 30}) is None
    link = {"kind": "relation", "label": "HOLDS", "start": 5, "end": 7, "target_start": 8,
            "target_end": 10, "source_label": "PERSON", "target_label": "POST", "direction": None}
    assert truth.judge(link) is True
    for wrong in ({"label": "ELECTED"}, {"direction": "up"}, {"target_label": "ORG"},
                  {"start": 6}):
        assert truth.judge({**link, **wrong}) is False
    assert truth.judge({**link, "target_start": 30, "target_end": 32}) is None


def test_failures_are_counted_by_rule(project: Project, store: Store, document: int) -> None:
    with store.write() as db:
        db.execute("UPDATE suggestion_sets SET failures = ?", [
            '[{"rule": "posts.post", "error": "KeyError: 1", "count": 7}]'])
    found = ledger(project, store)
    (row,) = found.failures
    assert (row["rule"], row["error"], row["n"], row["documents"]) == (
        "posts.post", "KeyError: 1", 7, 1)
    entry = found.entry("posts.post")
    assert entry is not None and entry.failed == 7


def test_a_stored_reference_is_measured_with_the_rules_of_the_project(
        project: Project, store: Store) -> None:
    content = Path("workbench/demo/gold.jsonl").read_text(encoding="utf-8").split("\n")
    reference = add_reference(store, "part.jsonl", "\n".join(content[:20]), "lead")
    name = f"reference-{reference}"
    assert 0.5 < score_stored(project, reference) < 1
    entry = next(one for one in ledger(project, store).entries if name in one.shares
                 and one.rule.kind == "span" and "places" in one.rule.lexicons)
    assert not entry.shares[name].other_version
    changes.save_overlay(project, Overlay((AddTerm("places", "云泽新洲", (("kind", "zone"),)),)),
                         "x", "cli")
    again = ledger(project, store).entry(entry.name)
    assert again is not None and again.shares[name].other_version


def test_a_stage_folds_failures_of_all_documents(project: Project, store: Store) -> None:
    @rule("ORG", examples=[])
    def broken(context: rules.Context) -> Iterator[Match]:
        raise ValueError(context.document.id)
    base = govdoc.load()
    for name in ("a", "b"):
        add_document(store, whole(TEXT, name))
    done = stages.suggest(store, make_pack(base.schema, (*base.rules, broken), base.lexicon))
    (failed,) = done.failures
    assert str(failed) == "test_replay.broken (2 times in 2 documents): ValueError: a"
    assert done.spans > 0
