from __future__ import annotations

from typing import Callable

from tests.workbench import test_rereading as rereads
from tests.workbench.web.conftest import Browser
from workbench.store import Store
from workbench.store.documents import current_ids

first = rereads.first
Open = Callable[[str], Browser]


def test_a_document_is_removed_only_when_that_is_confirmed(
        browser: Open, store: Store, with_tasks: int) -> None:
    lead = browser("lead")
    assert "/remove" in lead.get(f"/documents/{with_tasks}").text
    assert "/remove" not in browser("reviewer").get(f"/documents/{with_tasks}").text
    lead.post(f"/documents/{with_tasks}/remove")
    assert current_ids(store) == [with_tasks]
    lead.post(f"/documents/{with_tasks}/remove", {"sure": "yes"})
    assert current_ids(store) == []
    assert f'href="/documents/{with_tasks}"' in lead.get("/documents").text
    assert "/restore" in lead.get(f"/documents/{with_tasks}").text
    lead.post(f"/documents/{with_tasks}/restore")
    assert current_ids(store) == [with_tasks]
    again = lead.post(f"/documents/{with_tasks}/restore", follow_redirects=True)
    assert 'class="said error"' in again.text


def test_what_became_of_the_labels_is_told_by_verdict(
        browser: Open, store: Store, first: int) -> None:
    rereads.answer(store, rereads.region_with(store, first, "公共预算"),
                   ("65.2亿元", "MONEY"), ("6.5%", "PERCENT"))
    second = rereads.reread(store, rereads.INCOME.replace("6.5%", "6.8%"), rereads.ROADS,
                            rereads.SCHOOL)
    annotator = browser("annotator")
    assert f"/documents/{second}/carried" in annotator.get(f"/documents/{second}").text
    page = annotator.get(f"/documents/{second}/carried").text
    assert "65.2亿元" in page and "6.5%" in page
    lost = annotator.get(f"/documents/{second}/carried?verdict=lost").text
    assert "65.2亿元" not in lost and "6.5%" in lost
    assert annotator.get(f"/documents/{first}/carried").status_code == 200
    for address in (f"{second}/carried?verdict=x", "99/carried"):
        assert annotator.get(f"/documents/{address}").status_code == 404, address
