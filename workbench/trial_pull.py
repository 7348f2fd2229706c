"""What people answered where a settled region is asked again: stored apart, never as an answer."""
from __future__ import annotations

from typing import Any, Mapping

from labels.rules import Pack
from workbench.incoming import PullReport, judge
from workbench.store import Row, Store
from workbench.store.tasks import region_text
from workbench.store.trials import (
    NewTrialAnswer, add_trial_answer, mark_trial_answers, record_trial_seen, trial_versions,
    trials_by_key,
)
from workbench.studio.mapping import Kind
from workbench.studio.pull import PulledAnnotation, PulledTask


class TrialTaking:
    """Takes the trials of one of our projects there.

    They raise no conflict, are not linted, and settle nothing. One that was answered in quarantine
    is kept with its reason; nobody is asked to mend it.
    """

    def __init__(self, store: Store, pack: Pack, kind: Kind, slot: int, origin: str,
                 report: PullReport) -> None:
        self.store, self.pack, self.report = store, pack, report
        self.kind, self.origin = kind, origin
        self.trials = trials_by_key(store, kind, slot)

    def knows(self, task: PulledTask) -> bool:
        return (task.key or "") in self.trials

    def take(self, task: PulledTask) -> None:
        """Store what is new in a task; with a dry run it is only counted."""
        trial = self.trials[task.key or ""]
        known = trial_versions(self.store, trial["id"], self.origin, task.task_id)
        with self.store.write():
            for annotation in task.annotations:
                self._take(trial, task, annotation, known)
            if not self.report.dry_run:
                living = {annotation.id for annotation in task.annotations}
                # Those of an older task, whose number this one was given, stay.
                mark_trial_answers(self.store, [
                    row["id"] for (number, _), row in known.items()
                    if number not in living and row["deleted_at"] is None
                    and not row["made_at"] < task.created_at], deleted=True)
                record_trial_seen(self.store, trial["id"], task.updated_at)

    def _take(self, trial: Row, task: PulledTask, annotation: PulledAnnotation,
              known: Mapping[tuple[int, str], Row]) -> None:
        row = known.get((annotation.id, annotation.updated_at))
        if row is not None:
            if row["deleted_at"] is not None and not self.report.dry_run:
                mark_trial_answers(self.store, [row["id"]], deleted=False)
            return
        self.report.trials += 1
        if self.report.dry_run:
            self.report.items.append(_item(task, annotation, self.kind, trial["slot"]))
            return
        state, reason, answer = judge(annotation, region_text(self.store, trial["region_id"]),
                                      self.pack, self.kind)
        add_trial_answer(self.store, NewTrialAnswer(
            trial_id=trial["id"], origin=self.origin, studio_task=task.task_id,
            studio_annotation=annotation.id, studio_updated_at=annotation.updated_at,
            studio_user=annotation.completed_by,
            annotator=annotation.email or f"account {annotation.completed_by}",
            state=state, reason=reason, answer=answer, raw=list(annotation.result),
            lead_time=annotation.lead_time, made_at=annotation.created_at))


def _item(task: PulledTask, annotation: PulledAnnotation, kind: Kind, slot: int) -> dict[str, Any]:
    return {"operation": "trial", "key": task.key, "task": task.task_id, "kind": kind,
            "slot": slot, "annotation": annotation.id, "by": annotation.email}
