"""The annotators' guide: complete for the pack, and checked against its schema."""
from __future__ import annotations

import pytest

from labels import govdoc
from labels.errors import SchemaError
from labels.guide import Piece, parse_guide, written

SCHEMA = govdoc.schema()


def test_the_guide_explains_everything_that_people_are_asked() -> None:
    guide = govdoc.guide()
    assert set(guide.labels) == set(SCHEMA.label_names)
    assert set(guide.relations) == {relation.name for relation in SCHEMA.relations}
    for classes in SCHEMA.paragraph_classes:
        assert set(guide.classes[classes.name].choices) == {c.name for c in classes.choices}


def test_every_label_shows_what_is_marked_and_what_is_not() -> None:
    for name, entry in govdoc.guide().labels.items():
        assert entry.rule and len(entry.yes) >= 2 and entry.no, name


def test_an_example_is_parted_at_what_it_marks() -> None:
    guide = parse_guide('[labels.ORG]\nyes = ["报⟦区政府⟧批准"]\n', SCHEMA)
    (example,) = guide.labels["ORG"].yes
    assert example == (Piece("报", False), Piece("区政府", True), Piece("批准", False))
    assert written(example) == "报⟦区政府⟧批准"


@pytest.mark.parametrize(("text", "message"), [
    ("[labels.TREE]\n", r"x.toml \[labels.TREE\]: the schema has no such entry"),
    ("[labels.ORG]\nyes = ['报区政府']\n", r"\[labels.ORG\]: an example marks nothing"),
    ("[labels.ORG]\nno = [['报区政府']]\n", r"\[labels.ORG\]: an example has not as many texts"),
    ("[relations.HOLDS]\nyes = [['局长林文海', '李岚', '局长']]\n", "lacks the words it links"),
    ("[classes.function.choices]\nrest = ['甲', '']\n", r"\[classes.function.rest\]: the schema"),
    ("[labels", "x.toml is not TOML"),
])
def test_a_guide_that_does_not_fit_is_refused_with_its_entry(text: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        parse_guide(text, SCHEMA, "x.toml")


def test_a_better_explanation_changes_the_guide_and_not_the_pack() -> None:
    text = (govdoc.FOLDER / "guide.toml").read_text(encoding="utf-8")
    assert parse_guide(text + "# \n", SCHEMA).hash != govdoc.guide().hash
    assert govdoc.load().schema.hash == SCHEMA.hash
