"""Changes of a schema: each typed, refused with a clear line, and followed by answers."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from labels import govdoc
from labels.answers import faults, migrate_answer, note_from_json
from labels.document import Document
from labels.errors import SchemaError
from labels.guide import parse_guide
from labels.migrating import Changed, apply, union
from labels.naming import Names, names_from_json
from labels.overlays import AddPattern, Overlay, apply as overlaid
from labels.rules import suggest, under
from labels.schema import Schema, parse_schema
from labels.schema_changes import (
    Add, Change, Edit, Explain, Merge, Remove, Rename, Split, change_from_json, change_to_json,
)

SCHEMA, GUIDE = govdoc.schema(), govdoc.guide()
EVENT = {"title": "活动", "title_en": "Event", "code": "活", "color": "#1f4f4f"}
SMALL = parse_schema("""
name = "small"
version = "1"
[labels]
A = {title = "甲", title_en = "A", code = "甲", color = "#123456", hotkey = "1"}
B = {title = "乙", title_en = "B", code = "乙", color = "#653412", hotkey = "2"}
C = {title = "丙", title_en = "C", code = "丙", color = "#125634", hotkey = "3"}
[relations]
R = {title = "关", title_en = "R", from = ["A", "B"], to = ["C"], attributes = {direction = ["up", "down"]}}
Q = {title = "联", title_en = "Q", from = ["C"], to = ["C"]}
[classes.f]
title = "功"
title_en = "f"
unit = "paragraph"
choices = {x = ["子", "x"], y = ["丑", "y"], z = ["寅", "z"]}
[classes.t]
title = "题"
title_en = "t"
unit = "paragraph"
multiple = true
choices = {u = ["卯", "u"], v = ["辰", "v"], w = ["巳", "w"]}
""")  # noqa: E501
NO_GUIDE = parse_guide("", SMALL)


def changed(*changes: Change, schema: Schema = SMALL) -> Changed:
    return apply(schema, parse_guide("", schema), changes)


def titled(name: str, **more: str) -> dict[str, str]:
    return {"title": f"题{name}", "title_en": name, "code": name[:3], "color": "#3f1f5f", **more}


# --- what a change does to schema and guide

def test_a_renamed_label_keeps_its_place_its_guide_and_its_relations() -> None:
    made = apply(SCHEMA, GUIDE, [Rename("label", "ORG", "ORGAN")])
    assert made.schema.label_names == ("ORGAN", *SCHEMA.label_names[1:])
    assert replace(made.schema.label("ORGAN"), name="ORG") == SCHEMA.label("ORG")
    assert made.guide.labels["ORGAN"] == GUIDE.labels["ORG"] and "ORG" not in made.guide.labels
    assert made.schema.relation("POST_OF").target == ("ORGAN", "LOC")
    assert made.names == Names(labels={"ORG": "ORGAN"})


def test_merged_labels_stand_where_the_first_stood() -> None:
    made = apply(SCHEMA, GUIDE, [Merge("label", ("MONEY", "PERCENT", "QUANTITY"), "QUANTITY")])
    names = made.schema.label_names
    assert names[5] == "QUANTITY" and "MONEY" not in names and len(names) == 11
    assert made.schema.relation("VALUE").target == ("QUANTITY",)
    assert made.guide.labels["QUANTITY"] == GUIDE.labels["QUANTITY"]


def test_a_split_label_connects_as_its_whole_did_and_only_the_first_part_is_explained() -> None:
    made = apply(SCHEMA, GUIDE, [Split("label", "LOC", {"LOC": {}, "ROAD": titled("ROAD")})])
    assert made.schema.relation("POST_OF").target == ("ORG", "LOC", "ROAD")
    assert made.guide.labels["LOC"] == GUIDE.labels["LOC"] and "ROAD" not in made.guide.labels
    assert made.names.unsure == {"label:LOC": ("LOC", "ROAD")}


def test_a_relation_goes_with_the_last_label_it_could_connect() -> None:
    made = apply(SCHEMA, GUIDE, [Remove("label", "DOCNO")])
    assert "DOCNO_OF" not in {relation.name for relation in made.schema.relations}
    assert made.names.relation("DOCNO_OF") is None and "DOCNO_OF" not in made.guide.relations
    assert made.names.relation("HOLDS") == "HOLDS"


def test_merged_relations_may_connect_and_say_what_each_might() -> None:
    made = apply(SCHEMA, GUIDE, [Merge("relation", ("COMPLETION", "CHANGE"), "CHANGE")])
    relation = made.schema.relation("CHANGE")
    assert set(relation.target) == {"PERCENT", "MONEY", "QUANTITY"}
    assert relation.attributes[0].values == ("up", "down", "flat")


def test_choices_and_directions_change_under_their_owner() -> None:
    made = changed(Rename("choice", "x", "x2", "f"), Rename("class", "f", "function"),
                   Rename("value", "up", "rise", "R"), Rename("relation", "R", "CHANGES"),
                   Add("value", "same", {}, "CHANGES"))
    assert [choice.name for choice in made.schema.class_set("function").choices] == ["x2", "y", "z"]
    assert made.schema.relation("CHANGES").attributes[0].values == ("rise", "down", "same")
    assert made.names.now(("choice", "f", "x")) == ("choice", "function", "x2")
    assert made.names.now(("direction", "R", "up")) == ("direction", "CHANGES", "rise")


def test_titles_colours_keys_and_guide_texts_are_edited_without_touching_names() -> None:
    told = {"rule": "一场活动。", "yes": ["⟦云泽艺术节⟧开幕"], "no": [["活动", "泛指"]], "decisions": []}
    made = apply(SCHEMA, GUIDE, [
        Edit("label", "ORG", {"title": "单位", "color": "#114455", "hotkey": "z"}),
        Edit("choice", "plan", {"title": "计划"}, "function"), Edit("schema", "", {"title": "样"}),
        Edit("relation", "POST_OF", {"to": ["ORG"]}),
        Explain("label", "ORG", told), Explain("general", "", {"general": ["先读全段。"]}),
        Explain("choice", "plan", {"rule": "以后要做的事。", "example": "明年开工。"}, "function")])
    label = made.schema.label("ORG")
    assert (label.title, label.color, label.hotkey, label.code) == ("单位", "#114455", "z", "机")
    assert made.schema.class_set("function").choice("plan").title == "计划"
    assert made.schema.relation("POST_OF").target == ("ORG",)
    assert made.guide.labels["ORG"].rule == "一场活动。" and made.guide.general == ("先读全段。",)
    assert made.guide.classes["function"].choices["plan"].example == "明年开工。"
    assert made.names == Names()


@pytest.mark.parametrize(("changes", "words"), [
    ([Rename("label", "TREE", "T")], "there is no label TREE"),
    ([Rename("label", "A", "B")], "there is a label B already"),
    ([Rename("label", "A", "A.B")], "'A.B' is no name"),
    ([Add("label", "D", titled("D", color="#ffee88"))], "too pale to read"),
    ([Add("label", "D", titled("D", color="red"))], "is no colour"),
    ([Add("label", "D", titled("D", hotkey="1"))], "share the hotkey '1'"),
    ([Add("label", "D", titled("D", hotkey="F2"))], "'F2' of label D is no hotkey"),
    ([Add("label", "D", titled("D", code="甲"))], "A and D have the same code '甲'"),
    ([Add("label", "D", titled("D", title="乙"))], "B and D have the same title '乙'"),
    ([Add("label", "D", titled("D", title="两\n行"))], "a title of one line"),
    ([Add("label", "D", titled("D", size="1"))], "a label has no size"),
    ([Add("label", "D", {**titled("D"), "title": 7})], "title must be a text"),
    ([Add("relation", "S", {"from": ["A"], "to": []})], "needs labels to lead from and to"),
    ([Add("relation", "S", {"from": ["A"], "to": ["X"]})], "unknown label 'X'"),
    ([Add("class", "text", {"choices": {"a": ["甲", "a"]}})], "cannot be called 'text'"),
    ([Add("class", "k", {"choices": {}})], "class set k has no choices"),
    ([Remove("choice", "x", "f"), Remove("choice", "y", "f"), Remove("choice", "z", "f")],
     "z is the last one"),
    ([Remove("choice", "x", "g")], "there is no class g"),
    ([Merge("label", ("A",), "A")], "two or more to be merged"),
    ([Merge("class", ("f", "t"), "f")], "class sets cannot be merged"),
    ([Split("label", "A", {"A": {}})], "two or more to split"),
    ([Explain("label", "A", {"yes": ["没有标记"]})], "marks nothing"),
    ([Rename("label", "A", "D"), Rename("label", "B", "A")], "A would mean something else"),
    ([Remove("label", "A"), Add("label", "A", titled("A"))], "A would mean something else"),
    ([Edit("label", "A", {"title": "\ud800"})], "half a character"),
    ([Rename("tree", "A", "D")], "no kind 'tree'"),
])
def test_a_change_that_is_no_good_is_refused_in_one_line(changes: list[Change],
                                                         words: str) -> None:
    with pytest.raises(SchemaError) as caught:
        changed(*changes)
    assert words in str(caught.value)


def test_a_refused_change_leaves_what_was_given_as_it_was() -> None:
    before = changed().schema
    with pytest.raises(SchemaError):
        changed(Rename("label", "A", "D"), Rename("label", "TREE", "T"))
    assert changed().schema == before


@pytest.mark.parametrize("change", [
    Add("label", "D", titled("D")), Rename("choice", "x", "y2", "f"),
    Merge("label", ("A", "B"), "A"), Split("label", "A", {"A": {}, "D": titled("D")}),
    Remove("relation", "R"), Edit("schema", "", {"title": "样"}),
    Explain("general", "", {"general": []}),
])
def test_a_change_goes_through_json(change: Change) -> None:
    assert change_from_json(change_to_json(change)) == change


@pytest.mark.parametrize("record", [
    [], {"change": "paint"}, {"change": "rename", "kind": "label", "name": "A"},
    {"change": "rename", "kind": "label", "name": "A", "to": 7},
    {"change": "merge", "kind": "label", "names": "AB", "into": "A"},
    {"change": "add", "kind": "label", "name": "A", "entry": []},
])
def test_a_record_that_is_no_change_is_refused(record: Any) -> None:
    with pytest.raises(SchemaError):
        change_from_json(record)


# --- what answers become

def span(start: int, end: int, label: str) -> dict[str, Any]:
    return {"start": start, "end": end, "label": label}


def link(source: int, target: int, kind: str, direction: str | None = None) -> dict[str, Any]:
    return {"source": source, "target": target, "type": kind, "direction": direction}


ANSWER = {"spans": [span(0, 2, "A"), span(0, 2, "B"), span(3, 5, "C")],
          "relations": [link(0, 2, "R", "up"), link(1, 2, "R", "up")],
          "classes": {"f": ["x"], "t": ["u", "v"]}}


def moved(*changes: Change) -> Any:
    made = changed(*changes)
    return migrate_answer(ANSWER, made.names, SMALL, made.schema)


def test_equal_spans_and_relations_become_one_and_that_is_told() -> None:
    found = moved(Merge("label", ("A", "B"), "B"))
    assert found.answer["spans"] == [span(0, 2, "B"), span(3, 5, "C")]
    assert found.answer["relations"] == [link(0, 1, "R", "up")]
    assert [(note.what, note.fate) for note in found.notes] == [
        ("span", "merged"), ("relation", "merged")] and not found.doubtful


def test_each_span_of_a_split_label_is_doubtful() -> None:
    found = moved(Split("label", "A", {"D": titled("D"), "E": titled("E")}))
    assert found.answer["spans"][0] == span(0, 2, "D")
    (note,) = found.doubtful
    assert (note.before, note.after, note.options) == ("A", "D", ("D", "E"))
    assert note_from_json(note.to_json()) == note


def test_a_removed_label_takes_its_relations_along_and_both_are_told() -> None:
    found = moved(Remove("label", "A"))
    assert found.answer["spans"] == [span(0, 2, "B"), span(3, 5, "C")]
    assert found.answer["relations"] == [link(0, 1, "R", "up")]
    assert [(note.what, note.fate, note.before) for note in found.notes] == [
        ("span", "dropped", "A"), ("relation", "dropped", "R.up")]


def test_a_relation_whose_ends_no_longer_fit_is_kept_and_doubtful() -> None:
    found = moved(Edit("relation", "R", {"from": ["B"]}))
    assert len(found.answer["relations"]) == 2
    (note,) = found.doubtful
    assert (note.fate, note.before, note.start, note.target) == ("odd", "R.up", 0, (3, 5))


def test_a_direction_that_is_gone_leaves_the_relation_without_one() -> None:
    found = moved(Remove("value", "up", "R"))
    assert [one["direction"] for one in found.answer["relations"]] == [None, None]
    assert {note.fate for note in found.doubtful} == {"odd"}


def test_of_several_choices_where_one_is_asked_now_the_first_stays_and_all_are_told() -> None:
    found = moved(Edit("class", "t", {"multiple": False}))
    assert found.answer["classes"]["t"] == ["u"]
    assert found.doubtful[0].options == ("t.u", "t.v")


def test_choices_are_merged_renamed_split_and_dropped() -> None:
    assert moved(Merge("choice", ("u", "v"), "u", "t")).answer["classes"]["t"] == ["u"]
    assert moved(Remove("class", "t")).answer["classes"] == {"f": ["x"]}
    # As it is read from Label Studio then: a question without any choice is not there.
    assert "f" not in moved(Remove("choice", "x", "f")).answer["classes"]
    split = moved(Split("choice", "x", {"x": {}, "x2": {"title": "午"}}, "f"))
    assert split.doubtful[0].options == ("f.x", "f.x2")


# --- properties

names = st.sampled_from(["A", "B", "C", "D", "E", "F"])
choices = st.sampled_from(["x", "y", "z", "u", "v", "w", "n"])


@st.composite
def some_change(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(["label", "label", "relation", "choice", "class", "value"]))
    of = {"choice": draw(st.sampled_from("ft")), "value": "R"}.get(kind, "")
    pool = {"label": names, "relation": st.sampled_from(["R", "Q", "S"]), "choice": choices,
            "class": st.sampled_from(["f", "t", "g"]),
            "value": st.sampled_from(["up", "down", "flat"])}[kind]
    one, other, third = draw(pool), draw(pool), draw(pool)
    entry: dict[str, Any] = {"label": titled(one), "choice": {"title": f"题{one}"}}.get(kind, {})
    return draw(st.sampled_from([
        Rename(kind, one, other, of), Remove(kind, one, of),
        Merge(kind, (one, other), third, of), Add(kind, one, entry, of),
        Split(kind, one, {other: {} if other == one else {**entry, "title": f"题{other}"},
                          third: {**entry, "title": f"题{third}", "code": third[:3]}}, of)]))


@st.composite
def some_answer(draw: st.DrawFn, schema: Schema) -> dict[str, Any]:
    labels = st.sampled_from(schema.label_names)
    spans = [span(start, start + 2, label) for start, label in dict.fromkeys(
        draw(st.lists(st.tuples(st.integers(0, 9), labels), max_size=6)))]
    links: list[dict[str, Any]] = []
    if len(spans) > 1 and schema.relations:
        for _ in range(draw(st.integers(0, 3))):
            source, target = draw(st.permutations(range(len(spans))))[:2]
            relation = draw(st.sampled_from(schema.relations))
            values = [None, *(relation.attributes[0].values if relation.attributes else ())]
            made = link(source, target, relation.name, draw(st.sampled_from(values)))
            links += [] if made in links else [made]
    classes = {}
    for one in schema.paragraph_classes:
        told = draw(st.lists(st.sampled_from([choice.name for choice in one.choices]),
                             max_size=3 if one.multiple else 1, unique=True))
        classes[one.name] = told
    return {"spans": spans, "relations": links, "classes": classes}


def tried(changes: list[Change], schema: Schema = SMALL) -> Changed:
    """Those of the changes that can be made, one after the other, as one step."""
    made: list[Change] = []
    for change in changes:
        try:
            changed(*made, change, schema=schema)
            made.append(change)
        except SchemaError:
            continue
    return changed(*made, schema=schema)


@settings(deadline=None, max_examples=150)
@given(st.lists(some_change(), min_size=1, max_size=5), st.data())
def test_a_migrated_answer_is_valid_and_nothing_vanishes_unseen(changes: list[Change],
                                                                data: st.DataObject) -> None:
    made = tried(changes)
    answer = data.draw(some_answer(SMALL))
    found = migrate_answer(answer, made.names, SMALL, made.schema)
    assert faults(found.answer, made.schema) == []
    assert faults(answer, union(SMALL, made.schema)) == []
    assert faults(found.answer, union(SMALL, made.schema)) == []
    for what, size in (("span", lambda one: len(one["spans"])),
                       ("relation", lambda one: len(one["relations"])),
                       ("choice", lambda one: sum(map(len, one["classes"].values())))):
        gone = [note for note in found.notes if note.what == what
                and note.fate in ("dropped", "merged")]
        crowded = sum(len(note.options) - 1 for note in found.notes
                      if note.what == what and note.fate == "crowded")
        assert size(answer) - size(found.answer) == len(gone) + crowded
    again = migrate_answer(found.answer, made.names, SMALL, made.schema)
    assert again.answer == found.answer


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([("label", "A", ""), ("relation", "R", ""), ("class", "f", ""),
                        ("choice", "x", "f"), ("value", "up", "R")]), st.data())
def test_renamed_and_back_everything_is_as_it_was(which: tuple[str, str, str],
                                                  data: st.DataObject) -> None:
    kind, name, of = which
    there = changed(Rename(kind, name, "N2", of))
    back = changed(Rename(kind, "N2", name, of), schema=there.schema)
    assert replace(back.schema, hash="") == replace(SMALL, hash="")
    answer = data.draw(some_answer(SMALL))
    moved_there = migrate_answer(answer, there.names, SMALL, there.schema)
    moved_back = migrate_answer(moved_there.answer, back.names, there.schema, back.schema)
    assert moved_back.answer == answer and not moved_there.notes and not moved_back.notes


@settings(deadline=None, max_examples=80)
@given(st.lists(some_change(), min_size=1, max_size=3),
       st.lists(some_change(), min_size=1, max_size=3))
def test_two_steps_are_one_step_of_names(first: list[Change], second: list[Change]) -> None:
    one = tried(first)
    two = tried(second, one.schema)
    both = one.names.then(two.names).of(SMALL)
    for label in SMALL.label_names:
        now = one.names.label(label)
        assert both.label(label) == (None if now is None else two.names.label(now))
    assert names_from_json(both.to_json()) == both


# --- what rules suggest

def test_rules_suggest_under_the_names_of_the_project() -> None:
    text = "任命林文海为云泽区教育局局长。一般公共预算收入42.6亿元，增长6.5%。"
    pack = govdoc.load()
    made = apply(SCHEMA, GUIDE, [
        Rename("label", "ORG", "ORGAN"), Remove("label", "PERCENT"),
        Merge("label", ("MONEY", "QUANTITY"), "NUMBER"), Rename("relation", "POST_OF", "AT"),
        Rename("choice", "decision", "decided", "function")])
    ours = under(pack, made.schema, made.names)
    before, after = (suggest(Document("d", text), one, whole=True) for one in (pack, ours))
    turned = [(span.start, made.names.label(span.label)) for span in before.spans]
    assert [(span.start, span.label) for span in after.spans] == [
        (start, label) for start, label in turned if label]
    assert {"ORGAN", "NUMBER"} <= {span.label for span in after.spans}
    kinds = {link.type for link in after.relations}
    assert "AT" in kinds and "CHANGE" not in kinds and "POST_OF" not in kinds
    for link_ in after.relations:
        relation = made.schema.relation(link_.type)
        assert after.spans[link_.source].label in relation.source
        assert after.spans[link_.target].label in relation.target
    assert [vote.choice for vote in after.classes if vote.class_set == "function"] in (
        ["decided"], [vote.choice for vote in before.classes if vote.class_set == "function"])
    assert ours.hash != pack.hash


def test_a_pattern_rule_speaks_of_labels_of_the_project() -> None:
    made = apply(SCHEMA, GUIDE, [Rename("label", "ORG", "ORGAN"), Add("label", "EVENT", EVENT)])
    ours = under(govdoc.load(), made.schema, made.names)
    pack = overlaid(ours, Overlay((
        AddPattern("festival", "EVENT", "云泽艺术节", 90, 0.9, ("⟦云泽艺术节⟧开幕",)),
        AddPattern("club", "ORGAN", "青溪读书会", 90, 0.9, ("⟦青溪读书会⟧成立",)))))
    found = suggest(Document("d", "云泽艺术节开幕，青溪读书会成立。"), pack)
    assert {"EVENT", "ORGAN"} == {span.label for span in found.spans
                                  if span.rule.startswith("pattern.")}
    assert pack.schema == made.schema and pack.hash not in (ours.hash, govdoc.load().hash)
