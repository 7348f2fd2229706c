"""Regions → tasks in Label Studio: planned from both sides, written down, done, noted.

Every step is written to the outbox before it is done and leaves it when it was. A push that was
killed, or that Label Studio failed, is continued by the next one, whose plan is made from what is
there by then.
"""
from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Callable, Iterator, Mapping, Sequence

from labels.errors import N_, StudioError, StudioUnreachable
from labels.rules import Pack
from workbench.outgoing import Outgoing, outgoing, place_hash
from workbench.offering import offered
from workbench.progress import Progress
from workbench.review.honest import SETTING, Honest, honest_of, is_hidden
from workbench.slots import in_slot
from workbench.store import Row, Store
from workbench.store import outbox
from workbench.store.answers import newest_answers
from workbench.store.conflicts import end_vanished, raise_conflict, vanished
from workbench.store.quick import record_taken_in
from workbench.store.settings import get_setting
from workbench.store.tasks import (
    asked_regions, forgotten_regions, mark_gone, record_data, record_hidden, record_sent,
    record_tasks, record_turning, unasked_tasks,
)
from workbench.studio.client import Client, batches
from workbench.studio.mapping import Kind
from workbench.studio.plan import (
    REMOVED, SUPERSEDED, Plan, Step, Unwanted, Wanted, counted, plan,
)
from workbench.studio.projects import StudioProject, delete_tasks
from workbench.studio.push import (
    BATCH, Created, TaskState, check_prediction, create_tasks, delete_unanswered, drop_predictions,
    offer_predictions, repair_predictions, replace_predictions, restore_data, show_predictions,
    states_by_key, task_is_as,
)
from workbench.trialing import TrialPush

# Operations that people are told of under another name than the step has.
COUNTS = {"create": "created", "repair": "repaired", "update": "updated", "offer": "offered",
          "refresh": "refreshed", "hide": "hidden", "delete": "deleted", "double": "doubles"}

# Steps that send suggestions to a task that is there.
SENDING = ("repair", "update", "offer")


@dataclass
class PushReport:
    """Tasks by what was done with them; `found` ones were there already.

    `repaired` had lost their suggestions, `updated` show newer ones, `offered` have answers and
    keep the suggestions people saw: the newer ones stand beside them. `hidden` showed suggestions
    that nobody shall see. `doubles` were deleted: second tasks of one region without answers.
    `bare` of those created went without their suggestions, `trials` are settled regions that are
    asked again. `waiting` shall go once their answers are pulled.
    `problems` are what needs a person, in words; `items` say what a dry run would do and why.
    """

    created: int = 0
    found: int = 0
    repaired: int = 0
    updated: int = 0
    offered: int = 0
    refreshed: int = 0
    hidden: int = 0
    deleted: int = 0
    doubles: int = 0
    bare: int = 0
    trials: int = 0
    waiting: int = 0
    dry_run: bool = False
    problems: list[str] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)

    @property
    def needs_person(self) -> bool:
        return bool(self.problems)

    def add(self, operation: str, count: int) -> None:
        name = COUNTS[operation]
        setattr(self, name, getattr(self, name) + count)

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        if not self.dry_run:
            del told["items"]
        return told


@dataclass(frozen=True, slots=True)
class Pushing:
    """One push into one project there."""

    store: Store
    client: Client
    pack: Pack
    kind: Kind
    slot: int
    there: StudioProject
    report: PushReport
    progress: Progress

    def run(self) -> None:
        """Plan, write down, do. Raises StudioUnreachable when Label Studio fails for good."""
        self.progress(0, None, N_("comparing the tasks"))
        there = states_by_key(self.client, self.there.id)
        honest = honest_of(get_setting(self.store, SETTING))
        rows = {row["id"]: self._shows(row, there.get(row["key"], ()), honest)
                for row in self._asked(there)}
        if not self.report.dry_run:
            self._remember(there)
        planned = plan(self._wanted(rows), self._unwanted(), there)
        self.report.found += len(planned.found)
        self.report.waiting += len(planned.waiting)
        if self.report.dry_run:
            self._tell(planned, rows)
        else:
            self._note(planned, rows)
            # All of one kind of step at once, in the order of the plan.
            for operation in dict.fromkeys(step.operation for step in planned.steps):
                self._do(operation, planned.of(operation), rows)
        TrialPush(self.store, self.client, self.pack, self.kind, self.slot, self.there,
                  self.report, honest).run(there)

    # --- what shall be there ---------------------------------------------------------------------

    def _asked(self, there: Mapping[str, Any]) -> list[Row]:
        """What this slot shall ask. What fewer people shall answer by now stays where it was sent,
        and is kept whole, but is not sent again."""
        overlap = get_setting(self.store, "overlap")
        return [row for row in asked_regions(self.store, self.kind, self.slot, self.there.origin)
                if row["key"] in there or in_slot(row["key"], self.slot, overlap)]

    def _shows(self, row: Row, states: Sequence[TaskState], honest: Honest) -> Row:
        """The row, with whether people shall see no suggestions in its task (`bare`), and whether
        they shall from now on though it was sent without (`turned`).

        What went out with suggestions keeps them, and so does who has answered or begun without.
        """
        wish = is_hidden(row["key"], self.kind, honest)
        begun = bool(states and (states[0].annotations or states[0].begun))
        if row["had"] is None:
            # A push that was cut off may have made it: then what it shows is what was seen.
            bare = not states[0].predictions and (wish or begun) if states else wish
            return {**row, "bare": bare, "turned": False}
        withheld = row["hidden"] != 0
        bare = withheld and (begun or (wish and row["hidden"] == 1))
        return {**row, "bare": bare, "turned": withheld and not bare and bool(states)}

    def _wanted(self, rows: Mapping[int, Row]) -> list[Wanted]:
        url = get_setting(self.store, "workbench_url", "")
        waiting = outbox.waiting(self.store, self.kind, self.slot)
        edited = {row["region_id"]: "decided" in row["content"] for row in waiting
                  if row["operation"] == "restore"}
        doubtful = [row for row in rows.values() if row["studio_task"] is not None
                    and (row["set_id"], row["quick"]) != (row["newest_set"], row["newest_quick"])
                    and not row["bare"]]
        changed = {out.region_id for part in batches(doubtful, BATCH)
                   for out in self._outgoing(part) if out.changed}
        # What was cut off may have been done: nobody knows which suggestions are shown there.
        changed |= {row["region_id"] for row in waiting if row["operation"] in SENDING}
        return [Wanted(
            row["key"], row["id"], known=row["had"], changed=row["id"] in changed,
            moved=bool(row["data_hash"]) and row["data_hash"] != place_hash(
                row, row["title"] or row["source"], url),
            edited=row["id"] in edited, decided=edited.get(row["id"], False),
            bare=row["bare"], turned=row["turned"])
            for row in rows.values()]

    def _unwanted(self) -> list[Unwanted]:
        return [Unwanted(row["key"], row["id"], REMOVED if row["removed"] else SUPERSEDED,
                         row["seen_at"], answered=bool(row["removed"]))
                for row in unasked_tasks(self.store, self.kind, self.slot, self.there.origin)]

    def _outgoing(self, rows: Sequence[Row]) -> list[Outgoing]:
        return outgoing(self.store, self.pack, self.kind, rows)

    def _tell(self, planned: Plan, rows: Mapping[int, Row]) -> None:
        for operation, count in counted(planned.steps).items():
            self.report.add(operation, count)
        self.report.bare += sum(rows[step.region_id]["bare"] for step in planned.of("create"))
        self.report.items += [
            {"operation": step.operation, "key": step.key, "task": step.task_id, "why": step.why,
             "kind": self.kind, "slot": self.slot,
             "document": rows[step.region_id]["title"] if step.region_id in rows else ""}
            for step in planned.steps]

    def _note(self, planned: Plan, rows: Mapping[int, Row]) -> None:
        """What is there becomes known, what is to be done is written down."""
        store, origin = self.store, self.there.origin
        with store.write():
            known = {row["key"]: row for row in rows.values()}
            record_tasks(store, origin, self.there.id, self.slot,
                         {known[key]["id"]: task for key, task in planned.found.items()})
            record_hidden(store, origin, {
                known[key]["id"]: known[key]["bare"] for key in planned.found
                if known[key]["had"] is None})
            record_turning(store, origin, [step.region_id for step in planned.of("update")])
            # A wish falls with its region: what a newer version does not hold is asked of nobody.
            wishes = [(row["operation"], row["region_id"]) for row in outbox.waiting(
                store, self.kind, self.slot)
                if row["operation"] == "restore" and row["region_id"] in rows]
            outbox.keep_only(store, self.kind, self.slot, wishes + [
                (step.operation, step.region_id) for step in planned.steps])
            for step in planned.steps:
                outbox.put(store, step.operation, self.kind, self.slot, step.region_id,
                           {"task": step.task_id, "why": step.why})
            for key in planned.doubles:
                raise_conflict(store, "double", f"{origin}:{key}", {"key": key},
                               region_id=known[key]["id"])
            end_vanished(store, "double", f"{origin}:",
                         {f"{origin}:{key}" for key in planned.doubles})

    def _remember(self, there: Mapping[str, Sequence[TaskState]]) -> None:
        """Note the tasks that a push made and could not note, and whose regions nobody asks now."""
        forgotten = {row["key"]: row["id"] for row in forgotten_regions(
            self.store, self.kind, self.slot, self.there.origin)}
        record_tasks(self.store, self.there.origin, self.there.id, self.slot, {
            forgotten[key]: states[0].task_id for key, states in there.items()
            if key in forgotten})

    # --- doing it --------------------------------------------------------------------------------

    def _do(self, operation: str, steps: Sequence[Step], rows: Mapping[int, Row]) -> None:
        work: Callable[[Sequence[Step], Mapping[int, Row]], None] = {
            "create": self._create, "repair": self._repair, "update": self._update,
            "offer": self._offer, "refresh": self._refresh, "hide": self._hide,
            "delete": self._delete, "double": self._delete_doubles}[operation]
        try:
            work(steps, rows)
        except StudioError as error:
            outbox.failed(self.store, operation, self.kind, self.slot,
                          [step.region_id for step in steps], str(error))
            if isinstance(error, StudioUnreachable):
                raise
            # What Label Studio will not do for one kind of step does not stop the others.
            self.report.problems.append(str(error))

    def _done(self, operation: str, region_ids: Sequence[int]) -> None:
        outbox.told(self.store, operation, self.kind, self.slot, region_ids)
        self.report.add(operation, len(region_ids))

    def _batches(self, steps: Sequence[Step],
                 rows: Mapping[int, Row]) -> Iterator[tuple[Sequence[Step], list[Outgoing]]]:
        """Steps with what is sent for them, checked, some at a time: texts are large."""
        schema = self.pack.schema
        labels = frozenset(schema.label_names)
        choices = {classes.name: frozenset(choice.name for choice in classes.choices)
                   for classes in schema.paragraph_classes}
        for part in batches(steps, BATCH):
            made = {out.region_id: out
                    for out in self._outgoing([rows[step.region_id] for step in part])}
            made = {number: replace(out, task=replace(out.task, prediction=None))
                    if rows[number]["bare"] else out for number, out in made.items()}
            ordered = [made[step.region_id] for step in part]
            for out in ordered:
                check_prediction(out.task, labels, choices)
            yield part, ordered
            # They were sent: who takes the next part is done with this one.
            record_taken_in(self.store, self.there.origin,
                            {out.region_id: out.quick for out in ordered if out.quick})

    def _create(self, steps: Sequence[Step], rows: Mapping[int, Row]) -> None:
        store, origin, done = self.store, self.there.origin, 0
        shown = False
        for part, made in self._batches(steps, rows):
            by_key = {out.task.key: out for out in made}

            def stands(created: Created) -> None:
                new = [by_key[key] for key in created.task_ids]
                with store.write():
                    record_tasks(store, origin, self.there.id, self.slot, {
                        out.region_id: created.task_ids[out.task.key] for out in new})
                    record_sent(store, origin, {out.region_id: out.set_id for out in new})
                    bare = {out.region_id: rows[out.region_id]["bare"] for out in new}
                    record_hidden(store, origin, bare)
                    self.report.bare += sum(bare.values())
                    record_data(store, origin, {out.region_id: out.data_hash for out in new})
                    self._done("create", [out.region_id for out in new])

            self.progress(done, len(steps), N_("sending tasks to Label Studio"))
            for refused in create_tasks(self.client, self.there.id,
                                        [out.task for out in made], stands):
                outbox.failed(store, "create", self.kind, self.slot,
                              [by_key[refused.key].region_id], str(refused.error))
                self.report.problems.append(f"{refused.key}: {refused.error}")
            done += len(part)
            shown |= any(out.task.prediction is not None for out in made)
        # Label Studio knows the name of predictions only from those that it has.
        if shown:
            show_predictions(self.client, self.there.id)

    def _repair(self, steps: Sequence[Step], rows: Mapping[int, Row]) -> None:
        for part, made in self._batches(steps, rows):
            # The list's count may lag behind: only who has none when asked singly is sent one.
            repair_predictions(self.client, self.there.id, _by_task(part, made))
            record_sent(self.store, self.there.origin,
                        {out.region_id: out.set_id for out in made})
            self._done("repair", [out.region_id for out in made])

    def _update(self, steps: Sequence[Step], rows: Mapping[int, Row]) -> None:
        done = 0
        for part, made in self._batches(steps, rows):
            self.progress(done, len(steps), N_("sending newer suggestions"))
            replace_predictions(self.client, self.there.id, _by_task(part, made))
            with self.store.write():
                regions = [out.region_id for out in made]
                record_sent(self.store, self.there.origin,
                            {out.region_id: out.set_id for out in made})
                record_hidden(self.store, self.there.origin, dict.fromkeys(regions, False))
                record_turning(self.store, self.there.origin, regions)
                self._done("update", regions)
            done += len(part)

    def _offer(self, steps: Sequence[Step], rows: Mapping[int, Row]) -> None:
        """Newer suggestions never touch answers; where they differ, a person is told."""
        for part, made in self._batches(steps, rows):
            version = f"workbench {max(out.set_id or 0 for out in made)}"
            offer_predictions(self.client, self.there.id, version, _by_task(part, made))
            with self.store.write():
                for step, out in zip(part, made):
                    self._tell_offer(step, out)
                record_sent(self.store, self.there.origin,
                            {out.region_id: out.set_id for out in made}, offered=True)
                self._done("offer", [out.region_id for out in made])

    def _tell_offer(self, step: Step, out: Outgoing) -> None:
        key = f"{self.there.origin}:{step.task_id}"
        answers = [row["answer"] for row in newest_answers(self.store, step.region_id)
                   if row["state"] == "accepted" and row["slot"] == self.slot]
        differs = offered(out.before, out.task.prediction or {}, answers)
        if any(differs.values()):
            raise_conflict(self.store, "suggestions", key,
                           {**differs, "set": out.set_id, "slot": self.slot},
                           region_id=step.region_id)
        else:
            vanished(self.store, "suggestions", key)

    def _refresh(self, steps: Sequence[Step], rows: Mapping[int, Row]) -> None:
        for part, made in self._batches(steps, rows):
            for step, out in zip(part, made):
                assert step.task_id is not None
                restore_data(self.client, step.task_id, out.task)
                record_data(self.store, self.there.origin, {out.region_id: out.data_hash})
                outbox.told(self.store, "restore", self.kind, self.slot, [out.region_id])
                self._done("refresh", [out.region_id])

    def _hide(self, steps: Sequence[Step], rows: Mapping[int, Row]) -> None:
        """Take suggestions away that somebody put where there shall be none."""
        for part in batches(steps, BATCH):
            drop_predictions(self.client, _ids(part))
            self._done("hide", [step.region_id for step in part])

    def _delete(self, steps: Sequence[Step], rows: Mapping[int, Row]) -> None:
        """Tasks that hold nothing; of removed documents also those whose answers we have, all."""
        seen = {row["studio_task"]: row["seen_at"] for row in unasked_tasks(
            self.store, self.kind, self.slot, self.there.origin)}
        for part in batches(steps, BATCH):
            gone = set(delete_unanswered(self.client, self.there.id, _ids(part)))
            stored = [task for task in _ids([step for step in part if step.why == REMOVED])
                      if task not in gone and task_is_as(self.client, task, seen.get(task, ""))]
            self.client.repeat(lambda: delete_tasks(self.client, self.there.id, stored))
            gone.update(stored)
            self._went([step for step in part if step.task_id in gone])
            # Somebody has begun in the others; the next plan asks for them again.
            left = [step for step in part if step.task_id not in gone]
            outbox.told(self.store, "delete", self.kind, self.slot,
                        [step.region_id for step in left])
            self.report.waiting += len(left)

    def _went(self, steps: Sequence[Step]) -> None:
        with self.store.write():
            mark_gone(self.store, self.there.origin, _ids(steps))
            self._done("delete", [step.region_id for step in steps])

    def _delete_doubles(self, steps: Sequence[Step], rows: Mapping[int, Row]) -> None:
        gone = set(delete_unanswered(self.client, self.there.id, _ids(steps)))
        self._done("double", [step.region_id for step in steps if step.task_id in gone])
        outbox.told(self.store, "double", self.kind, self.slot,
                    [step.region_id for step in steps])


def _ids(steps: Sequence[Step]) -> list[int]:
    return [step.task_id for step in steps if step.task_id is not None]


def _by_task(steps: Sequence[Step], made: Sequence[Outgoing]) -> dict[int, Mapping[str, Any]]:
    return {step.task_id: out.task.prediction or {} for step, out in zip(steps, made)
            if step.task_id is not None}
