"""The changes between two schemas, found from the two and what somebody says of their names."""
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from labels import govdoc
from labels.errors import SchemaError
from labels.migrating import apply
from labels.schema import Schema
from labels.schema_changes import Add, Change, Edit, Explain, Merge, Remove, Rename
from labels.schema_diff import diff
from tests.labels.test_migrating import NO_GUIDE, SMALL, changed, some_change, tried

SCHEMA, GUIDE = govdoc.schema(), govdoc.guide()


def test_equal_schemas_differ_in_nothing() -> None:
    assert diff(SCHEMA, GUIDE, SCHEMA, GUIDE) == []


def test_titles_keys_ends_and_guide_texts_are_found() -> None:
    changes: list[Change] = [
        Edit("label", "ORG", {"hotkey": "2"}), Edit("label", "PERSON", {"hotkey": "1"}),
        Edit("relation", "POST_OF", {"to": ["ORG"]}),
        Edit("choice", "plan", {"title": "计划", "title_en": "Plan"}, "function"),
        Explain("general", "", {"general": ["先读全段。"]}),
        Explain("label", "MONEY", {"rule": "钱。"}),
        Explain("choice", "plan", {"rule": "要做的事。", "example": ""}, "function")]
    made = apply(SCHEMA, GUIDE, changes)
    found = diff(SCHEMA, GUIDE, made.schema, made.guide)
    again = apply(SCHEMA, GUIDE, found)
    assert (again.schema, again.guide) == (made.schema, made.guide)
    assert [type(change) for change in found] == [type(change) for change in changes]


def test_a_name_that_is_gone_beside_a_new_one_is_asked_for() -> None:
    made = changed(Rename("label", "A", "D"))
    with pytest.raises(SchemaError) as caught:
        diff(SMALL, NO_GUIDE, made.schema, NO_GUIDE)
    assert "label A is gone, and D are new" in str(caught.value)
    assert "--rename A=NEW" in str(caught.value)
    assert diff(SMALL, NO_GUIDE, made.schema, NO_GUIDE, {"A": "D"}) == [Rename("label", "A", "D")]
    found = diff(SMALL, NO_GUIDE, made.schema, NO_GUIDE, removed=["A"])
    assert [type(change) for change in found] == [Add, Edit, Remove]


def test_choices_and_directions_are_named_with_their_owner() -> None:
    made = changed(Rename("class", "f", "g"), Rename("choice", "x", "n", "g"),
                   Rename("value", "up", "rise", "R"))
    found = diff(SMALL, NO_GUIDE, made.schema, NO_GUIDE,
                 {"f": "g", "f.x": "f.n", "R.up": "R.rise"})
    assert set(map(str, found)) == set(map(str, [
        Rename("value", "up", "rise", "R"), Rename("class", "f", "g"),
        Rename("choice", "x", "n", "g")]))


@pytest.mark.parametrize(("renames", "removed", "words"), [
    ({"A": "D"}, [], "A is no name that is gone"), ({}, ["TREE"], "TREE is no name that is gone"),
])
def test_what_is_said_of_other_names_is_refused(renames: dict[str, str], removed: list[str],
                                                words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        diff(SMALL, NO_GUIDE, SMALL, NO_GUIDE, renames, removed)


@settings(deadline=None, max_examples=60)
@given(st.lists(some_change(), max_size=4))
def test_the_changes_found_lead_to_the_other_schema(changes: list[Change]) -> None:
    made = tried([change for change in changes if not isinstance(change, Merge)])
    gone = [name for name in SMALL.label_names if name not in made.schema.label_names]
    kinds = {relation.name for relation in made.schema.relations}
    gone += [relation.name for relation in SMALL.relations if relation.name not in kinds]
    sets = {classes.name: classes for classes in made.schema.classes}
    for classes in SMALL.classes:
        if classes.name not in sets:
            gone.append(classes.name)
            continue
        now = {choice.name for choice in sets[classes.name].choices}
        gone += [f"{classes.name}.{choice.name}" for choice in classes.choices
                 if choice.name not in now]
    if "R" in kinds:
        values = {value for one in made.schema.relation("R").attributes for value in one.values}
        gone += [f"R.{value}" for value in ("up", "down") if value not in values]
    found = diff(SMALL, NO_GUIDE, made.schema, made.guide, removed=gone)
    again = apply(SMALL, NO_GUIDE, found)

    def content(schema: Schema) -> tuple[object, ...]:
        """Without the order of entries."""
        return (schema.title, frozenset(schema.labels), frozenset(schema.relations), frozenset(
            (replace(one, choices=()), frozenset(one.choices)) for one in schema.classes))
    assert content(again.schema) == content(made.schema)
