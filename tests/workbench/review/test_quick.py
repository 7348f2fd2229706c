from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Iterator

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings, strategies as st

from labels.document import Block, Document
from labels.errors import InputError
from labels.rules import Beaten, Evidence, Pack, SpanSuggestion, Suggestions
from tests.workbench.answering import put_answer
from workbench import stages
from workbench.cli import main
from workbench.project import Project
from workbench.quick_effect import NONE, Effect, effects
from workbench.review import quick
from workbench.review.honest import SETTING, Honest
from workbench.review.quick_queue import Question, Rival, Wish, lanes, queue as queue_of
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.gold import settle_region
from workbench.store.people import add_user
from workbench.store.quick import Fixed, Key, rename_decided
from workbench.store.settings import set_setting
from workbench.store.suggestions import save_suggestions
from workbench.store.tasks import record_hidden, record_tasks, task_states

TEXT = "云泽区财政局拨付 20 万元，云泽区水利局拨付 30 万元。\n\n桐汀镇人民政府拨付 40 万元。"
PEOPLE = {"li": 2, "wang": 3}


def span(words: str, label: str, rule: str, beat: tuple[Beaten, ...] = ()) -> SpanSuggestion:
    start = TEXT.index(words)
    return SpanSuggestion(start, start + len(words), label, rule, "v1", 0.9,
                          Evidence(words, (), beat))


SUGGESTED = Suggestions(spans=(
    span("云泽区财政局", "ORG", "t.org"),
    span("20 万元", "MONEY", "t.money"),
    span("云泽区水利局", "ORG", "t.org", (Beaten("t.place", "LOC", "云泽区"),)),
    span("30 万元", "MONEY", "t.money"),
    span("桐汀镇", "LOC", "t.place"),
    span("40 万元", "MONEY", "t.money")), relations=(), classes=())


@pytest.fixture
def pack(project: Project) -> Pack:
    """Rules whose chances are known: those that the suggestions name."""
    made = project.pack()
    (rule, *_rest) = (rule for rule in made.rules if rule.kind == "span")
    return replace(made, rules=(replace(rule, name="t.org", score=0.8),
                                replace(rule, name="t.money", score=0.95),
                                replace(rule, name="t.place", score=0.75)), measures={})


@pytest.fixture
def filled(store: Store) -> Iterator[Store]:
    end = TEXT.index("\n")
    document = Document(id="d", text=TEXT, source="d.txt", blocks=(
        Block("paragraph", 0, end), Block("paragraph", end + 2, len(TEXT))))
    document_id = add_document(store, document).document_id
    save_suggestions(store, document_id, "pack", SUGGESTED)
    stages.cut_regions(store, document_id)
    for name, user_id in PEOPLE.items():
        assert add_user(store, name, "annotator", "a long password") == user_id
    yield store


def asked(store: Store, pack: Pack, user_id: int = 2, wish: Wish = Wish()) -> list[Question]:
    """All that a person is given, one after the other, skipping each."""
    found = []
    while (one := queue_of(store, pack, user_id, wish).after(None)) is not None:
        found.append(one)
        quick.decide(store, pack, one.key, user_id, "skip")
    return found


def find(store: Store, pack: Pack, words: str) -> Question:
    (one,) = (one for one in lanes(store, pack).lanes[""] if one.text == words)
    return one


def test_what_is_hidden_from_people_is_not_asked(filled: Store, pack: Pack) -> None:
    set_setting(filled, SETTING, Honest(spans=100).as_json())
    assert asked(filled, pack) == []
    # A smaller share later takes nothing back from who was sent a task without suggestions.
    set_setting(filled, SETTING, Honest().as_json())
    ids = {row["id"]: 70 for row in task_states(filled) if row["kind"] == "spans"}
    record_tasks(filled, "there", 4, 1, ids)
    record_hidden(filled, "there", dict.fromkeys(ids, True))
    assert asked(filled, pack) == []


def test_every_suggestion_in_a_region_is_asked_once(filled: Store, pack: Pack) -> None:
    found = asked(filled, pack)
    assert sorted((one.start, one.text, one.key.label) for one in found) == [
        (one.start, "".join(TEXT[one.start:one.end].split()), one.label)
        for one in SUGGESTED.spans]


def test_the_most_doubtful_is_asked_first(filled: Store, pack: Pack) -> None:
    # A close race doubts what would be right more often than the rule of the place.
    assert [(one.rule, one.text) for one in asked(filled, pack)] == [
        ("t.org", "云泽区水利局"), ("t.place", "桐汀镇"), ("t.org", "云泽区财政局"),
        ("t.money", "20万元"), ("t.money", "30万元"), ("t.money", "40万元")]


def test_the_parts_of_doubt() -> None:
    one = Question(Key(1, 0, 2, "ORG"), 1, 0, 1, 0, "云泽", "t.org", "v1", 0.8, chance=0.9)
    even = one._replace(rival=Rival("t.place", "LOC", "云泽", -0.1))
    clear = one._replace(rival=Rival("t.place", "LOC", "云泽", 0.5))
    mixed = one._replace(equal=4, others=2)
    assert one.doubt == clear.doubt == pytest.approx(0.1)
    assert even.doubt == pytest.approx(0.55)
    assert mixed.doubt == pytest.approx(1 - 0.9 * 0.75)


def test_the_same_words_with_another_label_raise_the_doubt(filled: Store, pack: Pack) -> None:
    other = Document(id="e", text="20 万元", source="e.txt", blocks=(Block("paragraph", 0, 5),))
    second = add_document(filled, other).document_id
    save_suggestions(filled, second, "later", Suggestions((
        SpanSuggestion(0, 5, "QUANTITY", "t.org", "v1", 0.9, Evidence("20万元")),), (), ()))
    stages.cut_regions(filled, second)
    found = [one for one in lanes(filled, pack).lanes[""] if one.text == "20万元"]
    assert [(one.equal, one.others) for one in found] == [(2, 1), (2, 1)]


def test_rules_that_people_corrected_come_first(filled: Store, pack: Pack) -> None:
    money = find(filled, pack, "30万元")
    quick.decide(filled, pack, money.key, 3, "reject")
    rules = [one.rule for one in asked(filled, pack, wish=Wish("rule"))]
    assert rules == ["t.money"] * 2 + ["t.org"] * 2 + ["t.place"]


def test_only_what_was_wished_for_is_asked(filled: Store, pack: Pack) -> None:
    assert {one.key.label for one in asked(filled, pack, wish=Wish(label="ORG"))} == {"ORG"}
    assert [one.text for one in asked(filled, pack, wish=Wish("text", rule="t.money"))] == [
        "20万元", "30万元", "40万元"]
    assert asked(filled, pack, wish=Wish(document_id=9)) == []
    with pytest.raises(InputError):
        queue_of(filled, pack, 2, Wish("chance"))


@pytest.mark.parametrize("order", ("doubt", "rule", "text"))
def test_going_on_or_back_leads_once_around(filled: Store, pack: Pack, order: str) -> None:
    queue = queue_of(filled, pack, 2, Wish(order))
    keys = [one.key for one in queue.questions]
    assert len(set(keys)) == len(keys) == len(SUGGESTED.spans)
    for key, following in zip(keys, [*keys[1:], keys[0]]):
        on, back = queue.after(key), queue.before(following)
        assert on is not None and on.key == following and back is not None and back.key == key


# What two people do by turns: go on, go back, or say something of what they look at.
MOVES = st.lists(st.tuples(st.sampled_from((2, 3)), st.sampled_from(
    ("accept", "reject", "fix", "skip", "undo", "after", "before"))), max_size=30)


# Each example works on a copy of what the fixture prepared.
@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES, people=st.integers(1, 2))
def test_whatever_people_do_each_question_is_asked_until_enough_have_decided(
        moves: list[tuple[int, str]], people: int, tmp_path_factory: pytest.TempPathFactory,
        prepared: tuple[bytes, Pack]) -> None:
    content, pack = prepared
    path = tmp_path_factory.mktemp("quick") / "project.sqlite"
    path.write_bytes(content)
    with Store(path) as store:
        quick.ask_people(store, people)
        looks: dict[int, Key | None] = {2: None, 3: None}
        said: dict[tuple[int, Key], str] = {}
        acts: dict[int, list[Key]] = {2: [], 3: []}
        for who, move in moves:
            queue = queue_of(store, pack, who)
            if move == "undo":
                if acts[who]:
                    key = quick.undo(store, who)
                    assert key == acts[who].pop()
                    del said[who, key]
                    looks[who] = None
                continue
            key = looks[who]
            if move in ("after", "before") or key is None:
                one = queue.before(key) if move == "before" and key else queue.after(key)
                if one is not None:
                    other = looks[5 - who]
                    assert (who, one.key) not in said and (people > 1 or one.key != other)
                    quick.give(store, one.key, who)
                    looks[who] = one.key
                continue
            fixed = Fixed(key.start, key.end, "PERSON") if move == "fix" else None
            quick.decide(store, pack, key, who, move, fixed)
            said[who, key] = move
            acts[who].append(key)
            looks[who] = None
        for who in (2, 3):
            rest = queue_of(store, pack, who)
            told = {key: [move for (_, other), move in said.items() if other == key
                          and move != "skip"] for key in {key for _, key in said}}
            due = {one.key for one in rest.questions if (who, one.key) not in said
                   and len(told.get(one.key, ())) < people}
            assert {one.key for one in rest.questions} - rest.progress.decided == due
            assert rest.total == len(SUGGESTED.spans) == len(list(rest.questions))
            assert rest.done == len(SUGGESTED.spans) - len(due)


@pytest.fixture
def prepared(filled: Store, pack: Pack) -> tuple[bytes, Pack]:
    filled.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return filled.path.read_bytes(), pack


def test_who_looks_at_a_question_has_it_for_a_while(
        filled: Store, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    first = queue_of(filled, pack, 2).after(None)
    assert first is not None
    quick.give(filled, first.key, 2)
    second = queue_of(filled, pack, 3).after(None)
    assert second is not None and second.key != first.key
    monkeypatch.setattr(quick, "LEASE_SECONDS", -1.0)
    quick.give(filled, first.key, 2)
    assert queue_of(filled, pack, 3).after(None) == first


@pytest.mark.parametrize("settled", (True, False))
def test_what_was_answered_or_settled_is_not_asked(
        filled: Store, pack: Pack, settled: bool) -> None:
    one = find(filled, pack, "20万元")
    if settled:
        settle_region(filled, region_id=one.key.region_id, answer_ids=[], annotators=[],
                      answer={"spans": [], "relations": [], "classes": {}}, schema_hash="s",
                      settled_by="lead")
    else:
        put_answer(filled, one.key.region_id)
    assert one.key.region_id not in {
        other.key.region_id for other in queue_of(filled, pack, 2).questions}
    with pytest.raises(InputError, match="not asked any more"):
        quick.decide(filled, pack, one.key, 2, "accept")


def test_what_cannot_be_said_is_refused(filled: Store, pack: Pack) -> None:
    key = find(filled, pack, "20万元").key
    for verdict, fixed in (("undo", None), ("fix", None), ("accept", Fixed(0, 2, "ORG")),
                           ("fix", Fixed(0, 2, "NOTHING")), ("fix", Fixed(2, 2, "ORG")),
                           ("fix", Fixed(0, 10_000, "ORG"))):
        with pytest.raises(InputError):
            quick.decide(filled, pack, key, 2, verdict, fixed)
    assert filled.value("SELECT count(*) FROM quick_decisions") == 0


def test_a_fix_that_changes_nothing_accepts(filled: Store, pack: Pack) -> None:
    key = find(filled, pack, "20万元").key
    quick.decide(filled, pack, key, 2, "fix", Fixed(*key[1:]))
    assert quick.told(filled).labels["MONEY"].accepted == 1


def test_rows_are_only_added(filled: Store, pack: Pack) -> None:
    key = find(filled, pack, "20万元").key
    quick.give(filled, key, 2)
    quick.decide(filled, pack, key, 2, "accept")
    quick.decide(filled, pack, key, 2, "reject")
    assert quick.undo(filled, 2) == key
    rows = filled.rows("SELECT verdict, seconds FROM quick_decisions ORDER BY id")
    assert [row["verdict"] for row in rows] == ["accept", "reject", "undo"]
    assert rows[0]["seconds"] >= 0 and rows[1]["seconds"] is None
    assert not queue_of(filled, pack, 2).said
    with pytest.raises(InputError):
        quick.undo(filled, 2)


def test_two_people_who_differ_have_no_outcome(filled: Store, pack: Pack) -> None:
    quick.ask_people(filled, 2)
    org, money = find(filled, pack, "云泽区财政局").key, find(filled, pack, "20万元").key
    for who, verdict in ((2, "accept"), (3, "reject")):
        quick.decide(filled, pack, org, who, verdict)
        quick.decide(filled, pack, money, who, "reject")
    told = quick.told(filled)
    assert (told.pairs, told.agreed, told.decisions, told.people) == (2, 1, 4, 2)
    assert told.labels["ORG"].disputed == 1 and told.labels["ORG"].share is None
    assert told.rules["t.money", "v1"].rejected == 1
    assert effects(filled, [org.region_id])[org.region_id].rejected == {Fixed(*money[1:])}
    with pytest.raises(InputError):
        quick.ask_people(filled, 0)


def test_a_decision_has_no_effect_where_the_region_is_answered(filled: Store, pack: Pack) -> None:
    key = find(filled, pack, "20万元").key
    quick.decide(filled, pack, key, 2, "reject")
    assert effects(filled, [key.region_id]) == {
        key.region_id: Effect(frozenset({Fixed(*key[1:])}))}
    put_answer(filled, key.region_id)
    assert effects(filled, [key.region_id]).get(key.region_id, NONE) == NONE


def test_decisions_follow_the_names_of_the_schema(filled: Store, pack: Pack) -> None:
    org, money = find(filled, pack, "云泽区财政局").key, find(filled, pack, "20万元").key
    quick.decide(filled, pack, org, 2, "fix", Fixed(0, 3, "LOC"))
    quick.decide(filled, pack, money, 2, "reject")
    names = {"ORG": "MONEY", "MONEY": "ORG", "LOC": "AREA"}
    rename_decided(filled, names.get, lambda name: name != "MONEY")
    rows = filled.rows("SELECT label, fixed_label FROM quick_decisions ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [("MONEY", "AREA"), ("MONEY", None)]


def test_the_command_counts_what_was_decided(
        project: Project, filled: Store, pack: Pack) -> None:
    quick.decide(filled, pack, find(filled, pack, "20万元").key, 2, "accept")
    quick.decide(filled, pack, find(filled, pack, "30万元").key, 3, "reject")
    command = ["--project", str(project.folder), "quick"]
    told = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)
    assert (told["decisions"], told["people"], told["agreement"]["pairs"]) == (2, 2, 0)
    (rule,) = told["rules"]
    assert (rule["rule"], rule["accepted"], rule["rejected"]) == ("t.money", 1, 1)
    assert re.search(r"t\.money v1 +1 +0 +1 +0 +0", CliRunner().invoke(main, command).stdout)
