from __future__ import annotations

from dataclasses import replace

import pytest

from labels.errors import InputError
from tests.workbench.conftest import DOCUMENT, SUGGESTIONS
from workbench.store import Store
from workbench.store.documents import (
    add_document, current_ids, document_states, load_document,
)
from workbench.store.suggestions import (
    classes_of, current_set, documents_without, relations_of, save_suggestions, spans_of,
)


def test_a_document_comes_back_as_it_was(store: Store) -> None:
    added = add_document(store, DOCUMENT)
    assert (added.version, added.outcome) == (1, "new")
    assert load_document(store, added.document_id) == DOCUMENT


def test_the_same_document_again_changes_nothing(store: Store) -> None:
    first = add_document(store, DOCUMENT)
    assert add_document(store, DOCUMENT).outcome == "unchanged"
    assert current_ids(store) == [first.document_id]


def test_a_changed_text_is_a_new_version_that_knows_the_old(store: Store) -> None:
    first = add_document(store, DOCUMENT)
    second = add_document(store, replace(DOCUMENT, text=DOCUMENT.text + "完"))
    assert (second.version, second.outcome) == (2, "changed")
    assert current_ids(store) == [second.document_id]
    assert load_document(store, first.document_id) == DOCUMENT
    assert store.value("SELECT previous FROM documents WHERE id = ?",
                       [second.document_id]) == first.document_id


def test_an_unknown_document_is_one_clear_line(store: Store) -> None:
    with pytest.raises(InputError, match="no document 7"):
        load_document(store, 7)


def test_suggestions_are_stored_once_a_state_of_the_pack(store: Store) -> None:
    document_id = add_document(store, DOCUMENT).document_id
    assert documents_without(store, "pack") == [document_id]
    set_id = save_suggestions(store, document_id, "pack", SUGGESTIONS)
    assert save_suggestions(store, document_id, "pack", SUGGESTIONS) == set_id
    assert documents_without(store, "pack") == []
    assert documents_without(store, "newer pack") == [document_id]
    current = current_set(store, document_id)
    assert current is not None and current["id"] == set_id


def test_suggestions_come_back_with_value_and_evidence(store: Store) -> None:
    document_id = add_document(store, DOCUMENT).document_id
    set_id = save_suggestions(store, document_id, "pack", SUGGESTIONS)
    spans = spans_of(store, set_id)
    assert [DOCUMENT.text[span["start"]:span["end"]] for span in spans] == [
        "云泽区财政局", "收入", "65.2 亿元", "𠮷祥公司"]
    assert spans[2]["value"]["low"] == "6520000000"
    assert spans[0]["evidence"]["terms"] == ["财政局"]
    assert [span["label"] for span in spans_of(store, set_id, 10, 22)] == ["INDICATOR", "MONEY"]
    assert relations_of(store, set_id)[0]["type"] == "VALUE"
    assert {row["choice"] for row in classes_of(store, set_id)} == {"figures", "finance"}


def test_the_list_of_documents_says_what_is_done_on_each(store: Store) -> None:
    document_id = add_document(store, DOCUMENT).document_id
    save_suggestions(store, document_id, "pack", SUGGESTIONS)
    (row,) = document_states(store)
    assert (row["suggestions"], row["regions"], row["pushed"], row["settled"]) == (4, 0, 0, 0)
    assert row["length"] == len(DOCUMENT.text)
