"""What gold says of a passage is suggested where the passage stands again."""
from __future__ import annotations

from typing import Any, Sequence

import pytest

from labels import govdoc
from labels.document import Block, Document
from labels.grouping import NEAR, source_of, ties
from labels.inheritance import FIGURES, SOURCES, WORDS
from labels.overlays import AddPattern, Overlay
from labels.schema_changes import Add, Rename
from tests.workbench.answering import put_answer
from workbench import deriving, schemas, stages, standing
from workbench.effective import fitted
from workbench.inheriting import heritage
from workbench.migration import migrate
from workbench.outgoing import Suggested, outgoing
from workbench.project import Project
from workbench.review.pace import paces
from workbench.store import Row, Store
from workbench.store.answers import NewAnswer, add_answer, canonical
from workbench.store.documents import add_document, load_document
from workbench.store.gold import settle_region, withdraw_region
from workbench.store.inheriting import inherited_at, inherited_in, told_of
from workbench.store.ledger import made_in
from workbench.store.overlays import add_overlay
from workbench.store.suggestions import (
    classes_of, current_set, load_suggestions, relations_of, spans_of,
)
from workbench.store.tasks import asked_regions, record_sent, record_tasks, task_states
from workbench.store.withdrawals import add_withdrawal
from workbench.verdicts import verdicts

HEAD = "云泽区情况说明"
SAID = "2024年，江岚市云泽区全口径惠民指数达到65.2分，比上年提高3.5%。"
LATER = "2025年，江岚市云泽区全口径惠民指数达到70.15分，比上年提高12%。"
PERCENT = "numbers.percent"
OTHER = "区财政局按照部署对各单位的自评情况进行了复核，并公开了结果。"


def add(store: Store, name: str, *paragraphs: str, between: str = "\n") -> int:
    """A document of a title and paragraphs, suggested for and cut into regions."""
    text, blocks = HEAD, [Block("title", 0, len(HEAD))]
    for paragraph in paragraphs:
        start = len(text) + len(between)
        text += between + paragraph
        blocks.append(Block("paragraph", start, start + len(paragraph)))
    document_id = add_document(store, Document(name, text, name, title=name,
                                               blocks=tuple(blocks))).document_id
    stages.suggest(store, pack(store))
    stages.cut_regions(store, document_id)
    return document_id


def pack(store: Store) -> Any:
    return fitted(store).pack


def region(store: Store, document_id: int, kind: str = "spans", holding: str = "") -> Row:
    text = load_document(store, document_id).text
    return next(row for row in task_states(store, document_id) if row["kind"] == kind
                and holding in text[row["start"]:row["end"]])


def settle(store: Store, document_id: int, words: Sequence[tuple[str, str]],
           links: Sequence[tuple[str, int, int]] = (), kind: str = "spans", holding: str = "",
           classes: dict[str, list[str]] | None = None) -> int:
    """Settle a region with spans at the first place of their words; its id."""
    one = region(store, document_id, kind, holding)
    text = load_document(store, document_id).text[one["start"]:one["end"]]
    settle_region(store, region_id=one["id"], answer_ids=[], annotators=["李"], schema_hash="s",
                  settled_by="王", answer={
                      "spans": [{"start": text.index(word), "end": text.index(word) + len(word),
                                 "label": label} for word, label in words],
                      "relations": [{"type": type_, "source": source, "target": target,
                                     "direction": None} for type_, source, target in links],
                      "classes": classes or {}})
    return int(one["id"])


def suggested(store: Store, document_id: int) -> list[tuple[str, str, str]]:
    """(words, label, rule) of the newest set."""
    text = load_document(store, document_id).text
    current = current_set(store, document_id)
    assert current is not None
    return [(text[row["start"]:row["end"]], row["label"], row["rule"])
            for row in spans_of(store, current["id"])]


def inherited(store: Store, document_id: int) -> list[tuple[str, str, str]]:
    return [one for one in suggested(store, document_id) if one[2] in SOURCES]


GOLD = [("全口径惠民指数", "INDICATOR"), ("65.2分", "QUANTITY")]


@pytest.fixture
def settled(store: Store) -> int:
    """A document of two paragraphs, the first of which gold says its own of."""
    document_id = add(store, "旧年", SAID, OTHER)
    settle(store, document_id, GOLD, [("VALUE", 0, 1)])
    return document_id


def test_the_same_words_inherit_labels_and_relations(store: Store, settled: int) -> None:
    heir = add(store, "抄", "前言。", SAID.replace("全口径", "全\n口径"))
    assert inherited(store, heir) == [("全\n口径惠民指数", "INDICATOR", WORDS),
                                      ("65.2分", "QUANTITY", WORDS)]
    assert [one for one in suggested(store, heir) if one[2] not in SOURCES] == [
        one for one in suggested(store, heir) if one[0] in HEAD + "前言。"], \
        "gold says all there is to say of the passage"
    current = current_set(store, heir)
    assert current is not None
    links = [row for row in relations_of(store, current["id"]) if row["rule"] == WORDS]
    spans = spans_of(store, current["id"])
    assert [(row["type"], spans[row["source"]]["label"], spans[row["target"]]["label"])
            for row in links] == [("VALUE", "INDICATOR", "QUANTITY")]


def test_other_figures_inherit_at_their_own_places(store: Store, settled: int) -> None:
    heir = add(store, "新年", LATER)
    assert inherited(store, heir) == [("全口径惠民指数", "INDICATOR", FIGURES),
                                      ("70.15分", "QUANTITY", FIGURES)]


def test_the_same_words_count_before_the_same_up_to_figures(store: Store, settled: int) -> None:
    other = add(store, "别年", LATER)
    settle(store, other, [("2025年", "DATE")])
    heir = add(store, "抄", LATER)
    assert inherited(store, heir) == [("2025年", "DATE", WORDS)]


def test_what_was_stored_before_inherits_what_is_settled_later(store: Store) -> None:
    document_id, heir = add(store, "旧年", SAID), add(store, "新年", LATER)
    before = suggested(store, heir)
    assert not inherited(store, heir)
    region_id = settle(store, document_id, GOLD)
    assert stages.suggest(store, pack(store)).documents == 1
    assert [label for _, label, _ in inherited(store, heir)] == ["INDICATOR", "QUANTITY"]
    assert stages.suggest(store, pack(store)).documents == 0, "nothing is due"
    withdraw_region(store, region_id, schema_hash="s", by="王")
    assert stages.suggest(store, pack(store)).documents == 1
    assert suggested(store, heir) == before


def test_gold_that_changes_changes_what_is_inherited(store: Store, settled: int) -> None:
    heir = add(store, "新年", LATER)
    settle(store, settled, [("2024年", "DATE")])
    stages.suggest(store, pack(store))
    assert inherited(store, heir) == [("2025年", "DATE", FIGURES)]


def test_gold_of_a_withdrawn_document_is_not_inherited(store: Store, settled: int) -> None:
    heir = add(store, "新年", LATER)
    add_withdrawal(store, "旧年", "旧", "王")
    stages.suggest(store, pack(store))
    assert not inherited(store, heir)


def test_settled_differently_is_a_suspect_and_inherited_by_nobody(
        store: Store, settled: int) -> None:
    other, heir = add(store, "别年", LATER), add(store, "抄", LATER.replace("70.15", "81"))
    assert heritage(store).contradictions() == []
    settle(store, other, [("2025年", "DATE")])
    stages.suggest(store, pack(store))
    assert not inherited(store, heir)
    ((kind, found),) = heritage(store).contradictions()
    assert kind == "spans" and len(found.variants) == 2
    places = {told_of(store, row["gold_id"], row["start"], row["end"])["name"]
              for same in found.variants.values() for row in same}
    assert places == {"旧年", "别年"}
    settle(store, other, [("全口径惠民指数", "INDICATOR"), ("70.15分", "QUANTITY")],
           [("VALUE", 0, 1)])
    stages.suggest(store, pack(store))
    assert heritage(store).contradictions() == [] and inherited(store, heir)


def test_a_border_within_a_figure_is_not_inherited_and_the_rules_stay(store: Store) -> None:
    document_id = add(store, "旧年", SAID)
    settle(store, document_id, [("65", "QUANTITY"), ("全口径惠民指数", "INDICATOR")])
    heir = add(store, "新年", LATER)
    assert inherited(store, heir) == [("全口径惠民指数", "INDICATOR", FIGURES)]
    assert ("12%", "PERCENT", "numbers.percent") in suggested(store, heir)


def test_classes_are_inherited_by_their_paragraph(store: Store) -> None:
    document_id = add(store, "旧年", SAID)
    settle(store, document_id, (), kind="classes",
           classes={"function": ["duty"], "topics": []})
    heir = add(store, "新年", OTHER, LATER)
    current = current_set(store, heir)
    assert current is not None
    start = load_document(store, heir).text.index(LATER)
    said = {(row["class_set"], row["choice"]): row["rule"]
            for row in classes_of(store, current["id"]) if row["start"] == start}
    assert said == {("function", "duty"): FIGURES}


def test_what_was_inherited_stays_where_it_was_settled(store: Store, settled: int) -> None:
    """Its answer is given: another suggestion would only be offered beside it."""
    heir = add(store, "新年", LATER)
    before = suggested(store, heir)
    settle(store, heir, [("2025年", "DATE")])
    stages.suggest(store, pack(store))
    assert suggested(store, heir) == before
    settle(store, settled, [])
    stages.suggest(store, pack(store))
    assert suggested(store, heir) == before
    first = current_set(store, settled)
    assert first is not None and not inherited_in(store, first["id"])


def test_rules_beneath_are_kept_to_be_judged_and_those_that_agree_keep_their_value(
        store: Store) -> None:
    document_id = add(store, "旧年", SAID)
    settle(store, document_id, [("3.5%", "PERCENT"), ("2024", "DATE")])
    heir = add(store, "新年", LATER)
    current = current_set(store, heir)
    assert current is not None
    made = {(row["rule"], row["why"]) for row in made_in(store, current["id"], "span")
            if load_document(store, heir).text[row["start"]:row["end"]] == "12%"}
    assert made == {("numbers.percent", "inherited"), (FIGURES, None)}
    (percent,) = [row for row in spans_of(store, current["id"]) if row["label"] == "PERCENT"]
    assert percent["value"]["unit"] == "%" and percent["evidence"]["beat"] == []
    (date,) = [row for row in spans_of(store, current["id"]) if row["label"] == "DATE"]
    assert [one["rule"] for one in date["evidence"]["beat"]] == ["dates.date"]


def test_every_inherited_label_names_the_passage_it_comes_from(store: Store, settled: int) -> None:
    heir = add(store, "新年", OTHER + "略", LATER)
    current = current_set(store, heir)
    assert current is not None
    (span, _) = [row for row in spans_of(store, current["id"]) if row["rule"] in SOURCES]
    row = inherited_at(store, current["id"], span["start"])
    assert row is not None and row["source"] == FIGURES
    told = told_of(store, row["gold_id"], row["gold_start"], row["gold_end"])
    assert told is not None
    assert (told["title"], told["settled_by"], told["text"]) == ("旧年", "王", SAID)
    assert inherited_at(store, current["id"], 0) is None


def test_a_task_shows_what_its_passages_inherit(store: Store, settled: int) -> None:
    heir = add(store, "新年", LATER)
    current, one = current_set(store, heir), region(store, heir)
    assert current is not None
    text = load_document(store, heir).text[one["start"]:one["end"]]
    told = Suggested.of(store, current["id"], heir).prediction(
        "spans", text, one["start"], one["end"], pack(store))
    assert ["INDICATOR", "QUANTITY"] == [
        item["value"]["labels"][0] for item in told["result"] if item["type"] == "labels"
        and item["value"]["start"] > text.index(LATER) + 5]


def test_a_set_is_read_as_it_was_saved_and_records_are_made_of_it(
        store: Store, settled: int) -> None:
    heir = add(store, "新年", LATER)
    current = current_set(store, heir)
    assert current is not None
    found = load_suggestions(store, current["id"])
    assert [(one.start, one.end, one.label, one.rule) for one in found.spans] == [
        (row["start"], row["end"], row["label"], row["rule"])
        for row in spans_of(store, current["id"])]
    assert {one.why for one in found.unshown} == {"inherited"}
    assert deriving.derive(store).documents == 2


def test_who_inherits_a_whole_document_is_in_its_group(store: Store, settled: int) -> None:
    """Up to figures equal is near equal: a release does not part them."""
    heir = add(store, "新编", LATER, OTHER)
    assert inherited(store, heir)
    found = ties([source_of(load_document(store, one)) for one in (settled, heir)], [NEAR])
    assert [(tie.first, tie.second) for tie in found] == [("新编", "旧年")]


def test_without_gold_nothing_is_read_and_nothing_due(store: Store) -> None:
    add(store, "旧年", SAID)
    assert store.value("SELECT count(*) FROM passages") == 0
    assert heritage(store).due(store) == []
    assert govdoc.load().hash == pack(store).hash


def test_only_the_tasks_that_inherit_are_sent_anew(store: Store) -> None:
    sources = [add(store, "旧年", SAID), add(store, "旁", OTHER)]
    heir = add(store, "新年", LATER)
    rows = asked_regions(store, "spans", 1, "there")
    sent = {out.region_id: out.set_id for out in outgoing(store, pack(store), "spans", rows)}
    record_tasks(store, "there", 1, 1, {one: 70 + one for one in sent})
    record_sent(store, "there", sent)
    settle(store, sources[0], GOLD)
    stages.suggest(store, pack(store))
    changed = {out.region_id for out in outgoing(
        store, pack(store), "spans", asked_regions(store, "spans", 1, "there")) if out.changed}
    assert changed == {region(store, heir)["id"]}


def test_how_much_of_it_people_keep_is_told_by_itself(store: Store, settled: int) -> None:
    heir = add(store, "新年", LATER)
    one = region(store, heir)
    current = current_set(store, heir)
    assert current is not None
    record_tasks(store, "there", 1, 1, {one["id"]: 70 + one["id"]})
    record_sent(store, "there", {one["id"]: current["id"]})
    (kept, other) = [row for row in spans_of(store, current["id"]) if row["rule"] in SOURCES]
    answer = put_answer(store, one["id"], account=1)
    with store.write() as db:
        db.execute("UPDATE answers SET answer = ? WHERE id = ?", [canonical({
            "spans": [{"start": kept["start"] - one["start"], "end": kept["end"] - one["start"],
                       "label": kept["label"]}], "relations": [], "classes": {}}), answer])
    (pace,) = paces(store)
    assert (pace.inherited.shown, pace.inherited.untouched) == (2, 1)
    assert pace.suggested.shown > 2 and pace.suggested.untouched == 1


def test_what_is_inherited_follows_a_renamed_label(project: Project, store: Store) -> None:
    document_id = add(store, "旧年", SAID)
    text, one = load_document(store, document_id).text, region(store, document_id)
    start = text.index("65.2分") - one["start"]
    add_answer(store, NewAnswer(
        region_id=one["id"], origin="gone", slot=1, studio_task=7, studio_annotation=7,
        studio_updated_at="2026-01-01T00:00:00Z", studio_user=3, annotator="李", state="accepted",
        reason="", raw=[], lead_time=None, made_at="2026-01-01T00:00:00Z", blind=True,
        answer={"spans": [{"start": start, "end": start + 5, "label": "QUANTITY"}],
                "relations": [], "classes": {}}))
    stages.settle(store, project.pack(), "王")
    heir = add(store, "新年", LATER)
    assert inherited(store, heir) == [("70.15分", "QUANTITY", FIGURES)]
    schemas.save(store, [Rename("label", "QUANTITY", "AMOUNT")], "so", "lead")
    migrate(project)
    assert inherited(store, heir) == [("70.15分", "AMOUNT", FIGURES)]
    assert stages.suggest(store, project.pack()).documents == 0


def test_a_demoted_rule_goes_on_being_judged_under_other_names(
        project: Project, store: Store) -> None:
    heir = add(store, "新年", LATER)
    standing.change(store, "numbers.percent", standing.DEMOTE, "", "lead")
    stages.suggest(store, project.pack())
    schemas.save(store, [Rename("label", "PERCENT", "SHARE")], "so", "lead")
    migrate(project)
    current = current_set(store, heir)
    assert current is not None
    assert {(row["label"], row["rule"]) for row in made_in(
        store, current["id"], "span", "numbers.percent")} == {("SHARE", "numbers.percent")}
    assert "numbers.percent" in project.pack().demoted


def test_gold_from_before_a_label_was_added_says_nothing_of_it(
        project: Project, store: Store, settled: int) -> None:
    heir = add(store, "新年", LATER)
    assert "12%" not in {words for words, _, _ in suggested(store, heir)}, "gold says all there is"
    measured = verdicts(store).corrections[PERCENT, project.pack().versions[PERCENT]]
    assert measured.rejected == 1
    schemas.save(store, [Add("label", "ROAD", {
        "title": "道路", "title_en": "Road", "code": "路", "color": "#3f1f5f"})], "so", "lead")
    migrate(project)
    add_overlay(store, Overlay((AddPattern(
        "road", "ROAD", "云泽区", 99, 0.8, ("在⟦云泽区⟧内",)),)).text(), "so", "lead")
    stages.suggest(store, project.pack())
    assert ("云泽区", "ROAD", "pattern.road") in suggested(store, heir)
    assert ("全口径惠民指数", "INDICATOR", FIGURES) in suggested(store, heir)
    current = current_set(store, settled)
    assert current is not None
    made = made_in(store, current["id"], "span", "pattern.road")
    assert made and ("pattern.road", made[0]["version"]) not in verdicts(store).corrections
