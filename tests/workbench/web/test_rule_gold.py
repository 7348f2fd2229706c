"""The page that holds rules against gold, and what pages tell of inherited labels."""
from __future__ import annotations

from typing import Callable

import pytest

from labels.inheritance import SOURCES
from tests.workbench.test_inheriting import GOLD, LATER, OTHER, SAID, add, settle
from tests.workbench.web.conftest import Browser
from workbench import jobs, stages
from workbench.project import Project
from workbench.standing import Threshold, set_threshold, threshold
from workbench.store import Store
from workbench.store.overlays import newest_overlay
from workbench.store.suggestions import current_set, spans_of

PERCENT = "numbers.percent"


@pytest.fixture
def lead(browser: Callable[[str], Browser], project: Project, store: Store) -> Browser:
    """The lead, in English, where gold rejects the percentage, has a post that no rule
    says, and a later year inherits."""
    document_id = add(store, "旧年", SAID, OTHER)
    settle(store, document_id, [*GOLD, ("提高", "POST")], [("VALUE", 0, 1)])
    add(store, "新年", LATER)
    someone = browser("lead")
    someone.post("/language", {"locale": "en"})
    return someone


def test_the_page_tells_what_no_rule_says_and_what_is_inherited(lead: Browser) -> None:
    page = lead.get("/rules/gold").text
    missed = page[page.index('id="missed"'):page.index('id="inherited"')]
    assert "not said" in missed and "said just so" in missed
    assert "l-POST" in missed and "l-QUANTITY" not in missed, "what is said just so is summed up"
    assert "1</b> <span>document with such passages" in page
    assert "No passage is settled in two ways." in page


def test_the_lead_sets_a_threshold_and_demotes_with_one_click(
        lead: Browser, project: Project, store: Store) -> None:
    assert lead.post("/rules/gold/threshold", {"share": "90", "least": "1"}).status_code == 303
    assert threshold(store) == Threshold(0.9, 1, False)
    page = lead.get("/rules/gold").text
    assert "What the measure asks for" in page and f"/rules/{PERCENT}/standing" in page
    assert "below the threshold" in lead.get(f"/rules/{PERCENT}").text
    assert PERCENT in lead.get("/rules?state=proposed").text
    answer = lead.post(f"/rules/{PERCENT}/standing", {"action": "demote", "back": "gold"})
    assert answer.location == "/rules/gold"
    assert jobs.wait(project, "suggest", timeout=20) and jobs.wait(project, "derive", timeout=20)
    assert PERCENT in newest_overlay(store)["content"]
    page = lead.get("/rules/gold").text
    assert "Demoted rules" in page and "Let it suggest again" in page
    shown = lead.get(f"/rules/{PERCENT}").text
    assert "This rule is demoted" in shown and "0 of 1 right in gold" in shown
    assert "not shown: demoted" in shown
    assert "rule demoted:" in lead.get("/rules/history").text
    assert f">{PERCENT}<" in lead.get("/rules?state=demoted").text
    lead.post(f"/rules/{PERCENT}/standing", {"action": "promote"})
    assert newest_overlay(store)["content"] == ""
    assert jobs.wait(project, "suggest", timeout=20) and jobs.wait(project, "derive", timeout=20)


@pytest.mark.parametrize("given", [{"share": "150", "least": "1"}, {"share": "x", "least": "1"},
                                   {"share": "50", "least": "0"}])
def test_what_is_no_threshold_is_told(lead: Browser, store: Store, given: dict[str, str]) -> None:
    lead.post("/rules/gold/threshold", given)
    assert "said error" in lead.get("/rules/gold").text and threshold(store) == Threshold()


def test_settling_lets_the_measure_follow(lead: Browser, project: Project, store: Store) -> None:
    set_threshold(store, Threshold(0.9, 1, by_itself=True))
    lead.post("/rules/suggest")
    assert jobs.wait(project, "suggest", timeout=20) and jobs.wait(project, "derive", timeout=20)
    assert PERCENT in project.pack().demoted
    page = lead.get("/rules/history").text
    assert "the measure on gold" in page


def test_a_label_tells_the_passage_it_is_inherited_from(lead: Browser, store: Store) -> None:
    heir = int(store.value("SELECT id FROM documents WHERE name = '新年'"))
    current = current_set(store, heir)
    assert current is not None
    span = next(row for row in spans_of(store, current["id"]) if row["rule"] in SOURCES)
    panel = lead.get(f"/documents/{heir}/spans/{span['position']}").text
    assert "the same passage, up to figures and years, as in" in panel and "旧年" in panel
    assert "settled by 王" in panel and "gold.figures" not in panel
    assert lead.get("/rules/gold.figures").location == "/rules/gold#gold.figures"


def test_what_is_settled_in_two_ways_is_told_with_its_places(
        lead: Browser, store: Store, project: Project) -> None:
    heir = int(store.value("SELECT id FROM documents WHERE name = '新年'"))
    settle(store, heir, [("2025年", "DATE")])
    stages.suggest(store, project.pack())
    page = lead.get("/rules/gold").text
    suspects = page[page.index('id="suspects"'):]
    assert "旧年" in suspects and "新年" in suspects and "l-DATE" in suspects
    assert "No passage is settled in two ways." not in page
