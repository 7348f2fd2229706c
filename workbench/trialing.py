"""Settled regions asked again (known answers): as tasks in Label Studio, by the rules of a push.

Such a task has a key of its own that tells nothing of its region, shows no suggestions, and stands
in the project of a slot like any other. It is sent where somebody works who has not answered the
region; Label Studio lets anybody take it, so who had seen it is told from who had not afterwards.
"""
from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Mapping, Sequence

from labels.errors import N_, StudioError, StudioUnreachable
from labels.rules import Pack
from workbench.outgoing import Outgoing, outgoing, place_hash
from workbench.review.honest import Honest, is_known
from workbench.slots import in_slot, place_of
from workbench.store import Row, Store, outbox
from workbench.store.settings import get_setting
from workbench.store.trials import (
    draw, mark_trials_gone, record_trial_data, record_trials, settled_to_ask, trials_of,
    who_annotates, who_answered,
)
from workbench.studio.client import Client, batches
from workbench.studio.mapping import Kind
from workbench.studio.plan import REMOVED, Plan, Step, Unwanted, Wanted, plan
from workbench.studio.projects import StudioProject, delete_tasks
from workbench.studio.push import (
    BATCH, Created, TaskState, create_tasks, delete_unanswered, drop_predictions, restore_data,
    task_is_as,
)

if TYPE_CHECKING:
    from workbench.pushing import PushReport

ASKED = N_("settled, and asked again of who has not answered it")
WITHDRAWN = N_("settled, and not asked again any more")


def due(store: Store, kind: Kind, slot: int, honest: Honest) -> list[Row]:
    """The settled regions that shall be asked again in a slot: rows of
    `store.trials.settled_to_ask`, each with its `trial_key`.

    A region that waits there for its own answer is not asked beside it.
    """
    if not honest.known:
        return []
    overlap = get_setting(store, "overlap")
    rows = [row for row in settled_to_ask(store, kind, slot)
            if is_known(row["key"], honest) and (row["decided"] or row["people"] >= honest.least)
            and (row["answered"] or not in_slot(row["key"], slot, overlap))]
    people, seen = who_annotates(store, slot), who_answered(store, [row["id"] for row in rows])
    return [{**row, "trial_key": row["trial_key"] or trial_key(row["key"], slot)}
            for row in rows if people - seen.get(row["id"], set())]


def trial_key(region_key: str, slot: int) -> str:
    """A key that looks like that of any other region."""
    project = region_key.partition("/")[0]
    name = hashlib.sha256(f"{region_key} {slot}".encode()).hexdigest()
    place = region_key.partition("@")[2].partition(":")[2] or "spans:0-0"
    return f"{project}/{name[:12]}@1:{place}"


@dataclass(frozen=True, slots=True)
class TrialPush:
    """One push of the trials of one project there; its steps stand in the outbox, too."""

    store: Store
    client: Client
    pack: Pack
    kind: Kind
    slot: int
    there: StudioProject
    report: PushReport
    honest: Honest

    def run(self, there: Mapping[str, Sequence[TaskState]]) -> None:
        """Plan, write down, do; `there` is what Label Studio holds by key."""
        old = {row["key"]: row for row in trials_of(self.store, self.kind, self.slot)}
        asked = {row["trial_key"]: row for row in due(self.store, self.kind, self.slot, self.honest)
                 if not old.get(row["trial_key"], {}).get("answered")}
        planned = self._plan(asked, old, there)
        self.report.waiting += len(planned.waiting)
        if self.report.dry_run:
            self._tell(planned, asked)
            return
        self._note(planned, asked, old, there)
        for operation in dict.fromkeys(step.operation for step in planned.steps):
            self._do(operation, planned.of(operation), asked)

    def _plan(self, asked: Mapping[str, Row], old: Mapping[str, Row],
              there: Mapping[str, Sequence[TaskState]]) -> Plan:
        url = get_setting(self.store, "workbench_url", "")
        wanted = [Wanted(key, row["id"], known=row["studio_task"], suggested=False, bare=True,
                         moved=bool(row["data_hash"]) and row["data_hash"] != _place(row, url))
                  for key, row in asked.items()]
        unwanted = [Unwanted(key, row["region_id"], REMOVED if row["removed"] else WITHDRAWN,
                             row["seen_at"], answered=bool(row["removed"]))
                    for key, row in old.items() if key not in asked]
        planned = plan(wanted, unwanted, there)
        return replace(planned, steps=tuple(
            replace(step, why=ASKED) if step.operation == "create" else step
            for step in planned.steps))

    def _tell(self, planned: Plan, asked: Mapping[str, Row]) -> None:
        self.report.trials += len(planned.of("create"))
        self.report.items += [
            {"operation": step.operation, "key": step.key, "task": step.task_id, "why": step.why,
             "kind": self.kind, "slot": self.slot,
             "document": asked[step.key]["title"] if step.key in asked else ""}
            for step in planned.steps]

    def _note(self, planned: Plan, asked: Mapping[str, Row], old: Mapping[str, Row],
              there: Mapping[str, Sequence[TaskState]]) -> None:
        """Draw before anything is sent: what comes back under the key is known as a trial."""
        with self.store.write():
            for key, row in asked.items():
                draw(self.store, row["id"], self.slot, key, place_of(key))
            record_trials(self.store, self.there.origin, self.there.id, {
                key: there[key][0].task_id for key in {*asked, *old} if there.get(key)})
            outbox.keep_only(self.store, self.kind, self.slot, [
                (_named(step.operation), step.region_id) for step in planned.steps], trials=True)
            for step in planned.steps:
                outbox.put(self.store, _named(step.operation), self.kind, self.slot,
                           step.region_id, {"task": step.task_id, "why": step.why})

    # --- doing it --------------------------------------------------------------------------------

    def _do(self, operation: str, steps: Sequence[Step], asked: Mapping[str, Row]) -> None:
        try:
            if operation in ("create", "refresh"):
                for part in batches(steps, BATCH):
                    (self._create if operation == "create" else self._refresh)(part, asked)
            elif operation == "hide":
                drop_predictions(self.client, _ids(steps))
            else:
                self._delete(steps)
            outbox.told(self.store, _named(operation), self.kind, self.slot,
                        [step.region_id for step in steps])
        except StudioError as error:
            outbox.failed(self.store, _named(operation), self.kind, self.slot,
                          [step.region_id for step in steps], str(error))
            if isinstance(error, StudioUnreachable):
                raise
            self.report.problems.append(str(error))

    def _payloads(self, steps: Sequence[Step], asked: Mapping[str, Row]) -> list[Outgoing]:
        """As the tasks of the regions are, under the keys of the trials and without suggestions."""
        made = outgoing(self.store, self.pack, self.kind, [
            {**asked[step.key], "key": step.key} for step in steps])
        return [replace(out, task=replace(out.task, prediction=None)) for out in made]

    def _create(self, steps: Sequence[Step], asked: Mapping[str, Row]) -> None:
        made = self._payloads(steps, asked)

        def stands(created: Created) -> None:
            with self.store.write():
                record_trials(self.store, self.there.origin, self.there.id, created.task_ids)
                record_trial_data(self.store, {
                    out.task.key: out.data_hash for out in made
                    if out.task.key in created.task_ids})
            self.report.trials += len(created.task_ids)

        for refused in create_tasks(self.client, self.there.id, [out.task for out in made], stands):
            self.report.problems.append(f"{refused.key}: {refused.error}")

    def _refresh(self, steps: Sequence[Step], asked: Mapping[str, Row]) -> None:
        tasks = {step.key: step.task_id for step in steps}
        for out in self._payloads(steps, asked):
            task = tasks[out.task.key]
            assert task is not None
            restore_data(self.client, task, out.task)
            record_trial_data(self.store, {out.task.key: out.data_hash})

    def _delete(self, steps: Sequence[Step]) -> None:
        """Tasks that hold nothing; of removed documents also those whose answers we have, all."""
        seen = {row["studio_task"]: row["seen_at"]
                for row in trials_of(self.store, self.kind, self.slot)}
        for part in batches(steps, BATCH):
            gone = delete_unanswered(self.client, self.there.id, _ids(part))
            stored = [task for task in _ids([step for step in part if step.why == REMOVED])
                      if task not in gone and task_is_as(self.client, task, seen.get(task, ""))]
            self.client.repeat(lambda: delete_tasks(self.client, self.there.id, stored))
            doubles = set(_ids([step for step in part if step.operation == "double"]))
            mark_trials_gone(self.store, self.there.origin, {*gone, *stored} - doubles)
            self.report.deleted += len(gone) + len(stored)


def _place(row: Row, url: str) -> str:
    return place_hash(row, row["title"] or row["source"], url)


def _named(operation: str) -> str:
    """The name of a step in the outbox, where those of the region's own task stand, too."""
    return f"{outbox.TRIAL}{operation}"


def _ids(steps: Sequence[Step]) -> list[int]:
    return [step.task_id for step in steps if step.task_id is not None]
