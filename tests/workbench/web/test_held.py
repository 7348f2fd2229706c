"""The page of what is held back: listed with its causes, let through, taken back."""
from __future__ import annotations

from typing import Callable

import pytest

from labels.document import Block, Document
from tests.workbench.review.test_holding import answered
from tests.workbench.web.conftest import Browser, released
from workbench.project import Project
from workbench.review import holding
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.gold import standing_gold
from workbench.store.tasks import add_regions, task_states

Open = Callable[[str], Browser]
LINES = ("安排资金500万元。", "安排资金36万元。", "建成云泽小学。")


@pytest.fixture
def lines(project: Project, store: Store, filled: int) -> list[int]:
    """Three lines whose last stop was marked too, two of them with a sum."""
    text = "\n".join(LINES)
    starts = [text.index(line) for line in LINES]
    document = add_document(store, Document(
        id="lines", text=text, source="lines.txt", title="资金安排", type="other",
        blocks=tuple(Block("paragraph", start, start + len(line))
                     for start, line in zip(starts, LINES)))).document_id
    add_regions(store, document, "spans", "p", [
        (start, start + len(line), []) for start, line in zip(starts, LINES)])
    ids = [int(row["id"]) for row in task_states(store, document)]
    for region, line, label in zip(ids, LINES, ("MONEY", "MONEY", "ORG")):
        answered(project, store, region, "wang", (4 if label == "MONEY" else 2, len(line), label))
    return ids


def test_what_is_held_is_listed_with_its_cause_and_where_that_is_answered(
        browser: Open, lines: list[int]) -> None:
    page = browser("reviewer").get("/held").text
    for region in lines:
        assert f'id="h{region}"' in page and f'/lints?region={region}' in page
    assert "500万元。" in page and "不采纳" not in page
    one = browser("reviewer").get(f"/lints?region={lines[0]}").text
    assert "500万元。" in one and "36万元。" not in one


def test_a_region_is_let_through_with_all_of_the_same_cause_and_taken_back(
        browser: Open, store: Store, lines: list[int]) -> None:
    reviewer = browser("reviewer")
    answer = reviewer.post(f"/held/{lines[0]}", {"reason": "guide", "everywhere": "1"})
    assert answer.headers["Location"] == f"/held#h{lines[2]}"
    assert {row["region_id"] for row in standing_gold(store)} == set(lines[:2])
    page = reviewer.get("/held").text
    assert f'id="h{lines[0]}"' not in page and "最近放行" in page
    reviewer.post("/held/undo")
    assert standing_gold(store) == [] and len(holding.held(store)) == 3


def test_another_reason_wants_words(browser: Open, store: Store, lines: list[int]) -> None:
    reviewer = browser("reviewer")
    answer = reviewer.post(f"/held/{lines[0]}", {"reason": "other"})
    assert answer.headers["Location"] == f"/held#h{lines[0]}" and standing_gold(store) == []
    assert "请简要说明其他理由" in reviewer.get("/held").text
    reviewer.post(f"/held/{lines[0]}", {"reason": "other", "note": "附件如此"})
    assert "附件如此" in reviewer.get("/held").text and len(standing_gold(store)) == 1


def test_one_reason_is_given_to_all_that_one_lint_holds(
        browser: Open, store: Store, lines: list[int]) -> None:
    reviewer = browser("reviewer")
    assert "/held/all" in reviewer.get("/held?code=edge_mark").text
    reviewer.post("/held/all", {"code": "edge_mark", "reason": "as_written"})
    assert {row["region_id"] for row in standing_gold(store)} == set(lines)
    assert "没有暂缓定稿的语段" in reviewer.get("/held").text
    assert "没有新的疑问" in reviewer.get("/held?state=settled").text


def test_settling_tells_how_many_are_held(browser: Open, store: Store, lines: list[int]) -> None:
    page = released(browser("lead"), store, "settle").text
    assert "暂缓 3 处（其中勾稽不符 0 处）" in page


@pytest.mark.parametrize("address", ["/held?state=none", "/held?page=0"])
def test_what_is_not_there_is_not_found(browser: Open, address: str) -> None:
    assert browser("lead").get(address).status_code == 404
