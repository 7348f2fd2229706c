from __future__ import annotations

import pytest

from labels.errors import SchemaError
from labels.govdoc import FOLDER
from labels.schema import load_schema, parse_schema

MINIMAL = """
name = "small"
version = "1"
[labels.ORG]
title = "机构"
title_en = "Organisation"
color = "#123456"
hotkey = "1"
[relations.PART_OF]
title = "属于"
title_en = "part of"
from = ["ORG"]
to = ["ORG"]
"""


def test_the_built_in_schema_expresses_the_guide() -> None:
    schema = load_schema(FOLDER / "schema.toml")
    assert len(schema.labels) == 13
    assert len(schema.relations) == 12
    assert {c.name: len(c.choices) for c in schema.classes} == {
        "function": 13, "topics": 19, "block": 13, "type": 19}
    assert schema.relation("CHANGE").attributes[0].values == ("up", "down", "flat")
    assert all(label.guide for label in schema.labels)


def test_the_hash_follows_the_content() -> None:
    assert parse_schema(MINIMAL).hash == parse_schema(MINIMAL).hash
    assert parse_schema(MINIMAL).hash != parse_schema(MINIMAL.replace("机构", "单位")).hash


@pytest.mark.parametrize("text, words", [
    ("name = ", "is not TOML"),
    ("version = '1'", "lacks the key 'name'"),
    (MINIMAL.replace('to = ["ORG"]', 'to = ["LOC"]'), "unknown label 'LOC'"),
    (MINIMAL.replace('color = "#123456"', ""), "lacks the key 'color'"),
    (MINIMAL + "[labels.LOC]\ntitle='地'\ntitle_en='Place'\ncolor='#111111'\nhotkey='1'\n",
     "share the hotkey '1'"),
    (MINIMAL + "[classes.c]\ntitle='c'\ntitle_en='c'\nunit='page'\nchoices={a=['甲','A']}\n",
     "unknown unit 'page'"),
])
def test_a_schema_that_does_not_hold_together_is_refused(text: str, words: str) -> None:
    with pytest.raises(SchemaError) as caught:
        parse_schema(text, "my.toml")
    assert words in str(caught.value) and "my.toml" in str(caught.value)
