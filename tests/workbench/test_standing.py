"""Rules held against gold: what became of what they say, and who of them may go on suggesting."""
from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from labels import govdoc
from labels.corrections import (
    BOTH, BOUNDARY, FOUND, KEPT, LABEL, MISSED, OTHERWISE, REJECTED, Corrections, Coverage, Marks,
    coverage, outcome,
)
from labels.document import Block, Document
from labels.errors import InputError
from labels.overlays import Demote, parse_overlay
from labels.rules import suggest
from tests.workbench.answering import put_answer
from workbench import changes, stages, standing
from workbench.cli import main
from workbench.ledger import GOLD, HIDDEN, ledger, places
from workbench.project import Project
from workbench.standing import MEASURE, Threshold, follow, proposals, set_threshold, threshold
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.gold import settle_region
from workbench.store.overlays import newest_overlay, overlay_versions, put_draft
from workbench.store.suggestions import current_set, spans_of, unshown_at
from workbench.store.tasks import task_states
from workbench.suggesting import suggest_all
from workbench.verdicts import verdicts

PERCENT = "numbers.percent"
TEXT = "增长3.5%，完成1.5%。下降2.5%，占7%。"
WRONG = Corrections(kept=1, rejected=3)


def test_what_became_of_a_span_is_the_least_that_was_corrected() -> None:
    gold = Marks([(0, 4, "A"), (2, 6, "B"), (10, 12, "A")])
    assert {said: outcome(said, gold) for said in (
        (0, 4, "A"), (1, 4, "A"), (2, 6, "A"), (10, 12, "B"), (10, 11, "B"), (6, 10, "A"))} == {
            (0, 4, "A"): KEPT, (1, 4, "A"): BOUNDARY, (2, 6, "A"): BOUNDARY,
            (10, 12, "B"): LABEL, (10, 11, "B"): BOTH, (6, 10, "A"): REJECTED}


def test_gold_is_found_said_otherwise_or_missed() -> None:
    said = Marks([(0, 4, "A"), (8, 9, "B")])
    assert coverage([(0, 4, "A"), (3, 6, "A"), (6, 8, "A"), (8, 9, "A")], said) == {
        "A": {FOUND: 1, OTHERWISE: 2, MISSED: 1}}
    assert Marks([]).over(0, 9) == []


def test_corrections_tell_their_interval() -> None:
    one = Corrections(kept=8, boundary=1, both=1, rejected=2)
    assert (one.judged, one.corrected) == (12, 2)
    low, high = one.interval
    assert 0 < low < 8 / 12 < high < 1 and Corrections().interval == (0, 1)


# --- on a store ----------------------------------------------------------------------------------

def add(store: Store, project: Project, name: str, gold: list[str] | None = None,
        text: str = TEXT) -> int:
    """A suggested document; with `gold` settled, these words (each as PERCENT) its only spans."""
    document_id = add_document(store, Document(
        name, text, name, blocks=(Block("paragraph", 0, len(text)),))).document_id
    stages.suggest(store, project.pack())
    stages.cut_regions(store, document_id)
    if gold is not None:
        region = next(row for row in task_states(store, document_id) if row["kind"] == "spans")
        settle_region(store, region_id=region["id"], answer_ids=[], annotators=["a"],
                      schema_hash="s", settled_by="t", answer={
                          "spans": [{"start": text.index(word), "label": "PERCENT",
                                     "end": text.index(word) + len(word)} for word in gold],
                          "relations": [], "classes": {}})
    return document_id


@pytest.fixture
def judged(project: Project, store: Store) -> int:
    """One of four percentages is right; gold has one more, and one with another border."""
    return add(store, project, "d", ["3.5%", "下降"])


def version(project: Project, rule: str = PERCENT) -> str:
    return project.pack().versions[rule]


def rule_names(store: Store, document_id: int) -> set[str]:
    current = current_set(store, document_id)
    assert current is not None
    return {row["rule"] for row in spans_of(store, current["id"])}


def test_a_rule_is_measured_on_gold_with_what_became_of_what_it_said(
        project: Project, store: Store, judged: int) -> None:
    said = verdicts(store)
    assert said.corrections[PERCENT, version(project)] == WRONG
    assert said.coverage["span", "PERCENT"] == Coverage(found=1, missed=1)
    entry = ledger(project, store).entry(PERCENT)
    assert entry is not None and entry.corrections == WRONG
    assert (entry.shares[GOLD].right, entry.shares[GOLD].answered) == (1, 4)


def test_only_the_present_version_of_a_rule_is_measured(
        project: Project, store: Store, judged: int) -> None:
    pack = project.pack()
    changed = replace(pack, versions={**pack.versions, PERCENT: "of tomorrow"})
    assert standing.measured(store, pack, PERCENT) == WRONG
    assert standing.measured(store, changed, PERCENT) == Corrections()
    set_threshold(store, Threshold(0.9, 1))
    assert proposals(store, pack) and not proposals(store, changed)


def test_without_a_threshold_nothing_is_asked_for(
        project: Project, store: Store, judged: int) -> None:
    assert threshold(store) == Threshold(None, 20, False)
    assert proposals(store, project.pack()) == ()


@pytest.mark.parametrize("asked, found", [
    (Threshold(0.9, 4), True), (Threshold(0.9, 5), False), (Threshold(0.6, 4), False),
    (Threshold(0.71, 1), True)])
def test_a_rule_is_below_when_its_whole_interval_is(
        project: Project, store: Store, judged: int, asked: Threshold, found: bool) -> None:
    assert 0.6 < WRONG.interval[1] < 0.71
    set_threshold(store, asked)
    assert [one.rule for one in proposals(store, project.pack())] == [PERCENT] * found
    assert follow(store) == () and newest_overlay(store)["version"] == 0, "only proposed"


@pytest.mark.parametrize("asked", [
    Threshold(0.0), Threshold(1.0), Threshold(-1), Threshold(0.5, 0)])
def test_what_is_no_threshold_is_refused(store: Store, asked: Threshold) -> None:
    with pytest.raises(InputError):
        set_threshold(store, asked)
    assert threshold(store) == Threshold()


def test_a_demoted_rule_suggests_nothing_and_is_counted_all_the_same(
        project: Project, store: Store, judged: int) -> None:
    before = project.pack().hash
    standing.change(store, PERCENT, standing.DEMOTE, "too often", "lead")
    assert project.pack().hash != before
    assert suggest_all(project).documents == 1
    assert PERCENT not in rule_names(store, judged)
    current = current_set(store, judged)
    assert current is not None
    assert len(unshown_at(store, current["id"], 0, len(TEXT))) == 4
    entry = ledger(project, store).entry(PERCENT)
    assert entry is not None and entry.demoted == Demote(PERCENT, 1, 4, 0.0)
    assert (entry.corrections, entry.made) == (WRONG, 4)
    assert verdicts(store).coverage["span", "PERCENT"].missed == 2, "of rules that suggest"
    found, total = places(store, "span", PERCENT, "wrong", 10)
    assert total == 3 and {one.made["why"] for one in found} == {"demoted"}


def test_where_a_demoted_rule_stood_another_may(project: Project, store: Store) -> None:
    text = "收入3.5%。"
    document = Document("d", text, "d", blocks=(Block("paragraph", 0, len(text)),))
    pack = project.pack()
    first = suggest(document, pack)
    (span,) = [one for one in first.spans if one.label == "PERCENT"]
    standing.change(store, span.rule, standing.DEMOTE, "", "lead")
    second = suggest(document, project.pack())
    assert [(one.start, one.end, one.rule, one.why) for one in second.unshown
            if one.kind == "span"] == [(span.start, span.end, span.rule, "demoted")]
    assert all(one.rule != span.rule for one in second.spans)
    assert not first.unshown


def test_classes_and_relations_of_demoted_rules_are_unshown_too(
        project: Project, store: Store) -> None:
    text = "全区地区生产总值65.2亿元，同比增长3.5%。"
    document = Document("d", text, "d", blocks=(Block("paragraph", 0, len(text)),))
    first = suggest(document, project.pack())
    assert first.relations and first.classes
    for rule in {first.relations[0].rule, first.classes[0].rule}:
        standing.change(store, rule, standing.DEMOTE, "", "lead")
    second = suggest(document, project.pack())
    for shown, before in ((second.relations, first.relations), (second.classes, first.classes)):
        assert before[0].rule not in {one.rule for one in shown}
    assert {"relation", "class"} <= {one.kind for one in second.unshown}
    link = first.relations[0]
    ends = first.spans[link.source], first.spans[link.target]
    assert (link.type, ends[0].start, ends[1].end) in {
        (one.label, one.start, one.target_end) for one in second.unshown}


def test_the_measure_demotes_by_itself_and_lets_it_back(
        project: Project, store: Store, judged: int) -> None:
    set_threshold(store, Threshold(0.75, 4, by_itself=True))
    done = suggest_all(project)
    assert [(one.rule, one.action) for one in done.changed] == [(PERCENT, "demote")]
    (row,) = overlay_versions(store)
    assert row["made_by"] == MEASURE and json.loads(row["content"]) == {
        "demote": PERCENT, "right": 1, "answered": 4, "below": 0.75}
    assert PERCENT not in rule_names(store, judged)
    assert suggest_all(project).changed == (), "it stays so on the same gold"
    for name in ("e", "f", "g"):
        add(store, project, name, ["3.5%", "1.5%", "2.5%", "7%"], text=TEXT + name)
    done = suggest_all(project)
    assert [(one.rule, one.action) for one in done.changed] == [(PERCENT, "promote")]
    assert done.changed[0].measured == Corrections(kept=13, rejected=3)
    assert PERCENT in rule_names(store, judged) and newest_overlay(store)["content"] == ""


def test_what_a_person_decided_is_only_proposed_to_be_changed(
        project: Project, store: Store, judged: int) -> None:
    set_threshold(store, Threshold(0.75, 4, by_itself=True))
    suggest_all(project)
    standing.change(store, PERCENT, standing.PROMOTE, "we need it", "lead")
    assert suggest_all(project).changed == ()
    assert [one.action for one in proposals(store, project.pack())] == ["demote"]
    changes.go_back(store, 1, "lead")
    assert PERCENT in project.pack().demoted, "each change can be undone"


def test_the_measure_does_not_cross_a_draft(project: Project, store: Store, judged: int) -> None:
    set_threshold(store, Threshold(0.75, 4, by_itself=True))
    put_draft(store, '{"off": "dates.date"}\n', "lead")
    assert follow(store) == ()
    with pytest.raises(InputError, match="draft"):
        standing.change(store, PERCENT, standing.DEMOTE, "", "lead")


@pytest.mark.parametrize("rule, action", [("no.rule", "demote"), (PERCENT, "promote")])
def test_what_cannot_be_demoted_or_promoted_is_refused(
        store: Store, rule: str, action: str) -> None:
    with pytest.raises(InputError):
        standing.change(store, rule, action, "", "lead")
    assert overlay_versions(store) == []


@pytest.mark.parametrize("line", [
    '{"demote": 1}', '{"demote": "x", "right": 3, "answered": 2}', '{"demote": "x", "below": 2}',
    '{"demote": "x", "why": "?"}'])
def test_a_line_that_is_no_demotion_is_refused(line: str) -> None:
    with pytest.raises(InputError):
        parse_overlay(line)


def test_a_demoted_rule_is_told_by_the_commands(
        project: Project, store: Store, judged: int) -> None:
    def run(*words: str, code: int = 0) -> list[dict[str, object]]:
        result = CliRunner().invoke(main, ["--project", str(project.folder), "rules", *words])
        assert result.exit_code == code, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    (told,) = run("threshold", "0.75", "--least", "4", code=3)
    assert told["proposals"] == [{"rule": PERCENT, "action": "demote", "right": 1, "answered": 4}]
    assert run("demote", PERCENT, "--why", "too often") == [{"version": 1}]
    entry = next(row for row in run("list") if row["rule"] == PERCENT)
    assert entry["demoted"] == {"demote": PERCENT, "right": 1, "answered": 4, "below": 0.75}
    assert entry["corrections"] == {"kept": 1, "boundary": 0, "label": 0, "both": 0, "rejected": 3}
    assert {"kind": "span", "name": "PERCENT", "gold": 2, "found": 1, "otherwise": 0,
            "missed": 1} in run("missed")
    assert run("threshold", "off")[0]["share"] is None
    assert run("promote", PERCENT) == [{"version": 2}]
    run("threshold", "much", code=2)
    (figures,) = run("inherited")
    assert figures["passages"] == 0 and govdoc.load().hash == project.pack().hash


def test_gold_made_with_suggestions_hidden_is_a_measure_of_its_own(
        project: Project, store: Store, judged: int) -> None:
    assert HIDDEN not in ledger(project, store).entry(PERCENT).shares  # type: ignore[union-attr]
    document_id = add(store, project, "e", text="又增长8%。")
    region = next(row for row in task_states(store, document_id) if row["kind"] == "spans")
    answer = put_answer(store, region["id"], account=1)
    with store.write() as db:
        db.execute("UPDATE answers SET hidden = 1, answer = ? WHERE id = ?", [
            '{"spans": [{"start": 3, "end": 5, "label": "PERCENT"}], "relations": [],'
            ' "classes": {}}', answer])
    stages.settle(store, project.pack(), "lead")
    entry = ledger(project, store).entry(PERCENT)
    assert entry is not None
    assert {name: (entry.shares[name].right, entry.shares[name].answered)
            for name in (GOLD, HIDDEN)} == {GOLD: (2, 5), HIDDEN: (1, 1)}
