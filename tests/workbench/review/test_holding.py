"""What is open about a region holds it back from gold, until it is answered or let be."""
from __future__ import annotations

import json
from dataclasses import replace

import pytest

from labels.document import Block, Document
from labels.errors import InputError
from tests.workbench.answering import put_answer
from tests.workbench.review.test_adjudication import say
from workbench import deriving, effective, linting, settling, stages
from workbench.project import Project
from workbench.reading import read_bytes
from workbench.review import adjudication, holding
from workbench.review.holding import held, let_through, like, take_back
from workbench.store import Store
from workbench.store.answers import canonical
from workbench.store.derived import answer_finding, findings
from workbench.store.documents import add_document
from workbench.store.gold import newest_gold, provenance, standing_gold
from workbench.store.holds import open_causes
from workbench.store.lints import dismiss_lint, save_lints
from workbench.store.tasks import add_regions, region_text, task_states

TABLE = ("表 1 云泽区收入情况\n单位：万元\n\n| 项目 | 预算数 | 决算数 |\n| --- | --- | --- |\n"
         "| 税收收入 | 1200 | 1260 |\n| 非税收入 | 300 | 290 |\n| 合计 | 1500 | {total} |\n\n"
         "决定任命林文海为云泽区教育局局长。\n")
LINES = ("安排资金500万元。", "安排资金36万元。", "江岚小学建成。")


def answered(project: Project, store: Store, region: int, person: str,
             *spans: tuple[int, int, str], when: str = "2026-01-01T00:00:00Z") -> int:
    """An answer of spans, as a pull stores it, with its lints."""
    made = say(store, region, person, *spans, when=when)
    answer = json.loads(store.value("SELECT answer FROM answers WHERE id = ?", [made]))
    with store.write() as db:
        db.execute("UPDATE answers SET answer = ? WHERE id = ?", [canonical(answer), made])
    save_lints(store, made, region, linting.lints_of(
        project.pack().schema, effective.guide(store).edges, "spans",
        region_text(store, region), answer))
    return made


@pytest.fixture
def lines(project: Project, store: Store) -> list[int]:
    """Three lines. Of the first two somebody marked the full stop with the sum."""
    text = "\n".join(LINES)
    places: list[tuple[int, int, list[str]]] = []
    for line in LINES:
        start = places[-1][1] + 1 if places else 0
        places.append((start, start + len(line), []))
    document = add_document(store, Document(
        id="report", text=text, source="report.txt", title="报告", type="other",
        blocks=tuple(Block("paragraph", start, end) for start, end, _ in places))).document_id
    add_regions(store, document, "spans", "p", places)
    ids = [int(row["id"]) for row in task_states(store, document)]
    for region, line in zip(ids[:2], LINES):
        answered(project, store, region, "wang", (4, len(line), "MONEY"))
    answered(project, store, ids[2], "wang", (0, 4, "ORG"))
    return ids


@pytest.fixture
def table(project: Project, store: Store) -> int:
    """A region with a table whose second column does not add up, answered."""
    (document,) = read_bytes("a.md", TABLE.format(total=1570).encode())
    document_id = add_document(store, document).document_id
    stages.suggest(store, project.pack())
    stages.cut_regions(store, document_id)
    (task,) = [task for task in task_states(store, document_id) if task["kind"] == "spans"]
    answered(project, store, task["id"], "wang")
    return int(task["id"])


def gold(store: Store) -> set[int]:
    return {row["region_id"] for row in standing_gold(store)}


def settle(project: Project) -> stages.Settled:
    return settling.settle(project, "lead").settled


def through(project: Project, store: Store, *regions: int, reason: str = "guide",
            note: str = "") -> holding.Through:
    return let_through(store, project.pack().schema, regions, reason, note, "陈审")


def test_an_open_lint_holds_a_region_back_and_others_are_settled(
        project: Project, store: Store, lines: list[int]) -> None:
    done = settle(project)
    assert (done.settled, done.held, done.contradicted) == (1, tuple(lines[:2]), 0)
    assert gold(store) == {lines[2]}
    assert [(one.region_id, one.codes) for one in held(store)] == [
        (region, {"edge_mark"}) for region in lines[:2]]


def test_a_dismissed_lint_holds_nothing(project: Project, store: Store, lines: list[int]) -> None:
    (cause,) = held(store)[0].causes
    dismiss_lint(store, cause["key"], "guide", "", "陈审")
    assert settle(project).held == (lines[1],)
    assert gold(store) == {lines[0], lines[2]}


def test_a_broken_equation_holds_the_region_of_its_figures_and_comes_first(
        project: Project, store: Store, lines: list[int], table: int) -> None:
    done = settle(project)
    assert done.contradicted == 1 and table in done.held
    assert [one.region_id for one in held(store)] == [table, *lines[:2]]
    (found,) = findings(store, "open")
    answer_finding(store, found["document_id"], found["key"], "source", "", "陈审")
    assert table not in settle(project).held and table in gold(store)


def test_arithmetic_judges_what_people_answered_not_what_was_suggested(
        project: Project, store: Store) -> None:
    text = "决算支出 120 万元，其中：基本支出 70 万元，项目支出 60 万元。"
    document_id = add_document(store, Document(
        id="b", text=text, source="b.txt", title="决算", type="other",
        blocks=(Block("paragraph", 0, len(text)),))).document_id
    stages.suggest(store, project.pack())
    deriving.derive(store)
    before = findings(store, "open")
    stages.cut_regions(store, document_id)
    (task,) = [task for task in task_states(store, document_id) if task["kind"] == "spans"]
    answered(project, store, task["id"], "wang")
    assert [row["id"] for row in deriving.due(store)] == [document_id]
    deriving.derive(store)
    assert before and findings(store, "open") == [], "without labels it claims nothing"
    assert settle(project).held == ()
    assert deriving.due(store) == [], "settling gives the answer no other labels"


def test_a_region_is_let_through_with_a_reason_that_its_gold_and_release_tell(
        project: Project, store: Store, table: int) -> None:
    settle(project)
    assert through(project, store, table, reason="source", note="印错") == holding.Through(1, 1)
    (made,) = standing_gold(store)
    (told,) = made["reasons"]
    assert (told["cause"], told["reason"], told["note"], told["given_by"]) == (
        "finding", "source", "印错", "陈审")
    assert made["settled_by"] == "陈审" and made["schema_version"] == 0
    assert made["guide_hash"] == effective.guide(store).hash
    assert held(store) == [] and held(store, settled=True) == []
    assert settle(project).held == (), "a reason stands"
    release = settling.freeze(project, "lead").release
    (region,) = provenance(store, release.number)
    assert region["id"] == release.regions[0].id and region["reasons"] == [told]
    assert region["settled_by"] == "陈审" and region["answer_ids"] == made["answer_ids"]


@pytest.mark.parametrize("reason, note", [("", ""), ("none", "x"), ("other", "")])
def test_what_is_no_reason_is_refused(project: Project, store: Store, lines: list[int],
                                      reason: str, note: str) -> None:
    with pytest.raises(InputError):
        through(project, store, lines[0], reason=reason, note=note)
    assert gold(store) == set() and len(held(store)) == 2


def test_a_region_that_nothing_holds_is_not_let_through(
        project: Project, store: Store, lines: list[int]) -> None:
    with pytest.raises(InputError, match="nothing holds"):
        through(project, store, lines[2])


def test_a_region_on_which_people_differ_is_not_let_through(
        project: Project, store: Store, lines: list[int]) -> None:
    put_answer(store, lines[0], email="li@x", task=900)
    with pytest.raises(InputError, match="do not agree"):
        through(project, store, lines[0])
    assert gold(store) == set() and not any(one["reason"] for one in open_causes(store))


def test_regions_that_the_same_holds_are_alike_up_to_figures(
        project: Project, store: Store, lines: list[int], table: int) -> None:
    settle(project)
    by_region = {one.region_id: one for one in held(store)}
    assert [one.region_id for one in like(held(store), by_region[lines[0]])] == [lines[1]]
    assert like(held(store), by_region[table]) == []


def test_what_was_let_through_at_once_is_taken_back_at_once(
        project: Project, store: Store, lines: list[int]) -> None:
    settle(project)
    through(project, store, *lines[:2])
    assert gold(store) == set(lines)
    assert take_back(store, project.pack().schema, "陈审") == 2
    assert gold(store) == {lines[2]} and len(held(store)) == 2
    with pytest.raises(InputError, match="nothing to take back"):
        take_back(store, project.pack().schema, "陈审")
    assert store.value("SELECT count(*) FROM hold_reasons") == 4, "rows are only added"


def test_gold_stands_when_something_is_opened_later_and_is_told(
        project: Project, store: Store, lines: list[int]) -> None:
    schema = project.pack().schema
    (cause,) = held(store)[0].causes
    dismiss_lint(store, cause["key"], "guide", "", "陈审")
    settle(project)
    dismiss_lint(store, cause["key"], "", "", "陈审")
    assert settle(project).withdrawn == () and lines[0] in gold(store)
    assert [one.region_id for one in held(store, settled=True)] == [lines[0]]
    assert lines[0] not in [one.region_id for one in held(store)]
    assert through(project, store, lines[0]) == holding.Through(1, 0)
    assert held(store, settled=True) == []
    (made, *_) = newest_gold(store, lines[0])
    assert made["version"] == 2 and len(json.loads(made["reasons"])) == 1
    take_back(store, schema, "陈审")
    assert lines[0] in gold(store), "it was gold before"
    assert json.loads(newest_gold(store, lines[0])[0]["reasons"]) == []


def test_a_corrected_answer_that_is_odd_takes_the_older_gold_away(
        project: Project, store: Store, lines: list[int]) -> None:
    settle(project)
    answered(project, store, lines[2], "wang", (0, len(LINES[2]), "ORG"),
             when="2026-02-01T00:00:00Z")
    done = settle(project)
    assert lines[2] in done.held and done.withdrawn == (lines[2],)
    assert lines[2] not in gold(store)


def test_a_second_answer_that_says_the_same_keeps_the_gold_that_was_let_through(
        project: Project, store: Store, lines: list[int]) -> None:
    through(project, store, lines[0])
    answered(project, store, lines[0], "li", (4, len(LINES[0]), "MONEY"))
    settle(project)
    (made,) = [row for row in standing_gold(store) if row["region_id"] == lines[0]]
    assert made["annotators"] == ["li@x", "wang@x"] and len(made["reasons"]) == 1


def test_a_decided_region_with_something_open_needs_a_reason(
        project: Project, store: Store, lines: list[int]) -> None:
    schema, region = project.pack().schema, lines[0]
    answered(project, store, region, "li", (4, len(LINES[0]) - 1, "MONEY"))
    here = adjudication.disputed_region(store, region)
    assert here is not None and here.lints == 1
    (one,) = here.compared.found
    odd = next(place for place, option in enumerate(one.options)
               if option.says.spans[0][1] == len(LINES[0]))
    adjudication.rule(store, region, one.key, str(odd), "陈审")
    here = adjudication.disputed_region(store, region)
    assert here is not None
    assert [doubt.cause for doubt in adjudication.doubts(store, schema, here)] == ["lint"]
    with pytest.raises(InputError, match="is open"):
        adjudication.finish(store, schema, region, "陈审")
    adjudication.finish(store, schema, region, "陈审", "as_written", "")
    (made,) = standing_gold(store)
    assert [told["reason"] for told in made["reasons"]] == ["as_written"]
    assert held(store, settled=True) == []


def test_the_lint_of_the_side_that_was_not_taken_is_no_doubt(
        project: Project, store: Store, lines: list[int]) -> None:
    schema, region = project.pack().schema, lines[0]
    answered(project, store, region, "li", (4, len(LINES[0]) - 1, "MONEY"))
    here = adjudication.disputed_region(store, region)
    assert here is not None
    (one,) = here.compared.found
    right = next(place for place, option in enumerate(one.options)
                 if option.says.spans[0][1] < len(LINES[0]))
    adjudication.rule(store, region, one.key, str(right), "陈审")
    adjudication.finish(store, schema, region, "陈审")
    assert region in gold(store) and held(store, settled=True) == []


def test_older_versions_of_a_document_hold_and_name_nothing(
        project: Project, store: Store, lines: list[int]) -> None:
    put_answer(store, lines[2], email="li@x", task=900)
    assert settle(project).disagreeing == (lines[2],)
    text = "\n".join(LINES)
    add_document(store, replace(
        Document(id="report", text=text + "\n新增。", source="report.txt", title="报告",
                 type="other"), blocks=(Block("paragraph", 0, len(text) + 4),)))
    done = settle(project)
    assert (done.disagreeing, done.held, done.withdrawn) == ((), (), ())
