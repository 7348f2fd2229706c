from __future__ import annotations

from hypothesis import given, strategies as st

from workbench.studio.plan import (
    AGAIN, AGAIN_BARE, NEW, NEW_BARE, REMOVED, SUPERSEDED, UNHIDDEN, Operation, Plan, Unwanted,
    Wanted, plan,
)
from workbench.studio.push import TaskState


def task(number: int, key: str = "k", *, predictions: int = 1, annotations: int = 0,
         at: str = "t1", begun: bool = False) -> TaskState:
    return TaskState(number, key, "hash", predictions, annotations, at, begun)


def steps(planned: Plan) -> list[tuple[Operation, int | None]]:
    return [(step.operation, step.task_id) for step in planned.steps]


def test_what_is_not_there_is_created_and_told_why() -> None:
    planned = plan([Wanted("new", 1), Wanted("again", 2, known=7)], [], {})
    assert [(step.key, step.operation, step.why) for step in planned.steps] \
        == [("new", "create", NEW), ("again", "create", AGAIN)]


def test_what_stands_as_it_shall_needs_nothing() -> None:
    planned = plan([Wanted("k", 1, known=5)], [], {"k": [task(5)]})
    assert planned.steps == () and planned.found == {"k": 5}


def test_lost_suggestions_are_sent_again() -> None:
    assert steps(plan([Wanted("k", 1)], [], {"k": [task(5, predictions=0)]})) == [("repair", 5)]


def test_newer_suggestions_replace_only_what_nobody_answered() -> None:
    newer = [Wanted("k", 1, changed=True)]
    assert steps(plan(newer, [], {"k": [task(5)]})) == [("update", 5)]
    assert steps(plan(newer, [], {"k": [task(5, annotations=1)]})) == [("offer", 5)]


def test_a_bare_task_is_given_no_suggestions_by_any_step() -> None:
    planned = plan([Wanted("new", 1, bare=True), Wanted("again", 2, known=7, bare=True)], [], {})
    assert [step.why for step in planned.steps] == [NEW_BARE, AGAIN_BARE]
    bare = [Wanted("k", 1, changed=True, bare=True)]
    assert steps(plan(bare, [], {"k": [task(5, predictions=0)]})) == []
    assert steps(plan(bare, [], {"k": [task(5, predictions=0, annotations=1)]})) == []
    assert steps(plan(bare, [], {"k": [task(5)]})) == [("hide", 5)]
    assert steps(plan(bare, [], {"k": [task(5, annotations=1)]})) == []


def test_a_turned_task_is_given_its_suggestions_unless_somebody_has_begun() -> None:
    turned = [Wanted("k", 1, turned=True)]
    planned = plan(turned, [], {"k": [task(5, predictions=0)]})
    assert steps(planned) == [("update", 5)] and planned.steps[0].why == UNHIDDEN
    assert ("update", 5) not in steps(plan(turned, [], {"k": [task(5, begun=True)]}))
    assert ("update", 5) not in steps(plan(turned, [], {"k": [task(5, annotations=1)]}))


def test_edited_text_is_put_back_only_where_nobody_answered() -> None:
    edited = [Wanted("k", 1, edited=True)]
    assert steps(plan(edited, [], {"k": [task(5)]})) == [("refresh", 5)]
    assert steps(plan(edited, [], {"k": [task(5, annotations=1)]})) == []


def test_of_doubles_the_answered_one_is_kept() -> None:
    there = {"k": [task(9, annotations=1), task(5)]}
    planned = plan([Wanted("k", 1)], [], there)
    assert steps(planned) == [("double", 5)] and planned.found == {"k": 9}
    both = plan([Wanted("k", 1)], [], {"k": [task(9, annotations=1), task(5, annotations=1)]})
    assert steps(both) == [] and both.doubles == ("k",)


def test_of_doubles_the_one_that_was_begun_is_kept() -> None:
    planned = plan([Wanted("k", 1)], [], {"k": [task(9, begun=True), task(5)]})
    assert steps(planned) == [("double", 5)] and planned.found == {"k": 9}
    both = plan([Wanted("k", 1)], [], {"k": [task(9, annotations=1), task(5, begun=True)]})
    assert steps(both) == [] and both.doubles == ("k",)


def test_answers_that_are_not_stored_keep_their_task() -> None:
    removed = [Unwanted("k", 1, REMOVED, pulled="t1", answered=True)]
    later = plan([], removed, {"k": [task(5, annotations=1, at="t2")]})
    assert steps(later) == [] and later.waiting == ("k",)
    assert steps(plan([], removed, {"k": [task(5, annotations=1, at="t1")]})) == [("delete", 5)]


def test_answers_to_an_older_version_stay() -> None:
    older = [Unwanted("k", 1, SUPERSEDED, pulled="t1")]
    assert steps(plan([], older, {"k": [task(5, annotations=1)]})) == []
    assert steps(plan([], older, {"k": [task(5)]})) == [("delete", 5)]


STATES = st.lists(st.builds(task, st.integers(1, 50), predictions=st.integers(0, 2),
                            annotations=st.integers(0, 2)), max_size=3,
                  unique_by=lambda state: state.task_id)


@given(wanted=st.booleans(), changed=st.booleans(), edited=st.booleans(), moved=st.booleans(),
       states=STATES)
def test_no_step_ever_touches_answers(wanted: bool, changed: bool, edited: bool, moved: bool,
                                      states: list[TaskState]) -> None:
    states = sorted(states, key=lambda state: (not state.annotations, state.task_id))
    asked = [Wanted("k", 1, changed=changed, edited=edited, moved=moved)] if wanted else []
    gone = [] if wanted else [Unwanted("k", 1, SUPERSEDED)]
    answered = {state.task_id for state in states if state.annotations}
    planned = plan(asked, gone, {"k": states} if states else {})
    assert not {step.task_id for step in planned.steps
                if step.operation in ("update", "delete", "double")} & answered
    # one task stays, whatever was there
    kept = {state.task_id for state in states} - {
        step.task_id for step in planned.steps if step.operation in ("delete", "double")}
    made = sum(step.operation == "create" for step in planned.steps)
    assert not wanted or len(kept - answered) + made + bool(kept & answered) == 1
