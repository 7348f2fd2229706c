import json

import pytest

from labels.errors import ReadError
from workbench.reading import read_bytes


def rows(*objects):
    return "\n".join(json.dumps(one) for one in objects).encode()


def test_each_row_is_a_document_with_its_text_exactly_as_given():
    text = "  一、总体情况\r\n\r\n全年增长6%。\r\n"
    first, second = read_bytes("集.jsonl", rows({"id": "甲", "text": text},
                                               {"id": 2, "text": "二"}))
    assert (first.id, first.text) == ("集.jsonl:甲", text)
    assert second.id == "集.jsonl:2"
    first.check()


def test_blank_lines_between_rows_are_passed_over():
    assert len(read_bytes("a.jsonl", b'\n{"id":"1","text":"a"}\n\n')) == 1


@pytest.mark.parametrize("bad, words", [
    (b"{oops", "not JSON"), (b"[1]", "not a JSON object"), (b'{"text":"a"}', '"id"'),
    (b'{"id":"x"}', '"text"'), (b'{"id":"x","text":5}', '"text"'),
    (b'{"id":true,"text":"a"}', '"id"'),
    (b'{"id":"x","text":" "}', "empty"), (b'{"id":"x","text":"\\ud83d"}', "surrogate"),
    (b'{"id":"ok","text":"again"}', "line 1 too"), (b'{"id":"x","text":"a\\u0000b"}', "NUL"),
])
def test_a_bad_row_refuses_the_file_with_its_line(bad, words):
    with pytest.raises(ReadError) as refused:
        read_bytes("a.jsonl", b'{"id":"ok","text":"good"}\n' + bad)
    assert "a.jsonl line 2" in str(refused.value) and words in str(refused.value)
