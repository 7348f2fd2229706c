"""What comes from Label Studio: answers, judged against the text of their regions and stored."""
from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Mapping

from labels.errors import N_, StudioMismatch
from labels.rules import Pack
from workbench import effective
from workbench.clock import moment_of
from workbench.linting import lints_of
from workbench.store import Row, Store
from workbench.store import outbox
from workbench.store.answers import (
    NewAnswer, add_answer, mark_deleted, mark_returned, stored_versions,
)
from workbench.store.conflicts import raise_conflict, vanished
from workbench.store.drafts import keep_drafts
from workbench.store.lints import lints_due, save_lints
from workbench.store.tasks import record_seen, region_text, regions_by_key, sent_tasks
from workbench.studio import mapping
from workbench.studio.mapping import Kind, Quarantine
from workbench.studio.pull import PulledAnnotation, PulledTask
from workbench.studio.push import text_hash


@dataclass
class PullReport:
    """Answers stored now, by state; `returned` ones counted as deleted and are there again.

    `linted` ones are accepted but hold what the guide advises against (`labels.lints`);
    `foreign` tasks are not ours, `edited` ones hold another text by now, `gone` were deleted there.
    `drafts` are works not submitted yet, `trials` answers where a settled region is asked again:
    they are kept apart and count for nothing else. `problems` are what needs a person, in words.
    """

    accepted: int = 0
    skipped: int = 0
    quarantined: int = 0
    unchanged: int = 0
    returned: int = 0
    linted: int = 0
    deleted: int = 0
    drafts: int = 0
    trials: int = 0
    foreign: int = 0
    edited: int = 0
    gone: int = 0
    full: bool = False
    dry_run: bool = False
    problems: list[str] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)

    def count(self, name: str) -> None:
        setattr(self, name, getattr(self, name) + 1)

    @property
    def needs_person(self) -> bool:
        return bool(self.quarantined or self.linted or self.foreign or self.problems)

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        if not self.dry_run:
            del told["items"]
        return told


class Taking:
    """Takes the tasks of one of our projects there; what is known of it is read once."""

    def __init__(self, store: Store, pack: Pack, kind: Kind, slot: int, origin: str,
                 report: PullReport) -> None:
        self.store, self.pack, self.report = store, pack, report
        self.kind, self.slot, self.origin = kind, slot, origin
        self.regions = regions_by_key(store, kind)
        self.versions = stored_versions(store, origin)
        self.sent = sent_tasks(store, origin)
        self.edges = effective.guide(store).edges

    def take(self, task: PulledTask) -> None:
        """Store what is new in a task; count it. With a dry run only the count changes."""
        region = self.regions.get(task.key or "")
        if region is None:
            self._foreign(task)
            return
        with self.store.write():
            self._check_data(region, task)
            known = self.versions.get((task.task_id, region["id"]), {})
            for annotation in task.annotations:
                self._take_annotation(region, task, annotation, known)
            self._take_deletions(region, task, known)
            self.report.drafts += len(task.drafts)
            if not self.report.dry_run:
                keep_drafts(self.store, self.origin, region["id"], task.task_id,
                            [(draft.id, draft.email, draft.updated_at, draft.raw)
                             for draft in task.drafts])
                record_seen(self.store, self.origin, task.task_id, task.updated_at)

    def _tell(self, what: str, task: PulledTask, **more: Any) -> None:
        if self.report.dry_run:
            self.report.items.append({"operation": what, "key": task.key, "task": task.task_id,
                                      "kind": self.kind, "slot": self.slot, **more})

    def _needs_person(self, message: str, **context: Any) -> None:
        """One line on what only a person can decide; it waits among the conflicts."""
        self.report.problems.append(str(StudioMismatch(
            message, hint=N_("decide on it under Conflicts"), **context)))

    def _foreign(self, task: PulledTask) -> None:
        self.report.foreign += 1
        self._tell("foreign", task)
        self._needs_person(N_("task %(task)s in our project in Label Studio is not ours"),
                           task=task.task_id)
        if not self.report.dry_run:
            raise_conflict(self.store, "foreign", f"{self.origin}:{task.task_id}", {
                "task": task.task_id, "kind": self.kind, "slot": self.slot,
                "text": (task.text or "")[:200], "answers": len(task.annotations)})

    def _check_data(self, region: Row, task: PulledTask) -> None:
        """Text that was edited there is put back where nobody has answered, else told."""
        if task.text is None:
            return
        key = f"{self.origin}:{task.task_id}"
        # The text is long and far into its document: it is fetched only where hashes differ.
        right = task.data_key == task.key and text_hash(task.text) == task.text_hash
        if not right:
            self.report.edited += 1
            self._tell("edited", task)
            if task.annotations or task.drafts:
                self._needs_person(N_("the text of task %(task)s was edited in Label Studio, and"
                                      " people have worked on it"), task=task.task_id)
        if self.report.dry_run:
            return
        if right or task.annotations or task.drafts:
            # Nothing to put back, or not without asking somebody.
            outbox.told(self.store, "restore", self.kind, self.slot, [region["id"]])
        if right:
            vanished(self.store, "data", key)
        elif task.annotations or task.drafts:
            raise_conflict(self.store, "data", key, {
                "task": task.task_id, "kind": self.kind, "slot": self.slot,
                "there": task.text[:4000]}, region_id=region["id"])
        else:
            outbox.put(self.store, "restore", self.kind, self.slot, region["id"],
                       {"task": task.task_id})

    def _take_annotation(self, region: Row, task: PulledTask, annotation: PulledAnnotation,
                         known: dict[tuple[int, str], Row]) -> None:
        report, version = self.report, (annotation.id, annotation.updated_at)
        if version in known:
            if known[version]["deleted_at"] is None:
                report.unchanged += 1
                return
            report.returned += 1
            self._tell("returned", task, annotation=annotation.id)
            if not report.dry_run:
                mark_returned(self.store, known[version]["id"])
                lints_due(self.store, region["id"])
            return
        text = region_text(self.store, region["id"])
        state, reason, answer = judge(annotation, text, self.pack, self.kind)
        report.count(state)
        lints = lints_of(self.pack.schema, self.edges, self.kind, text, answer) if (
            state == "accepted") else ()
        report.linted += bool(lints)
        self._tell(state, task, annotation=annotation.id, why=reason, by=annotation.email)
        if state == "quarantined":
            self._needs_person(N_("the answer %(annotation)s of %(who)s to %(key)s does not fit its"
                                  " text: %(reason)s"), annotation=annotation.id, key=task.key,
                               who=annotation.email or annotation.completed_by, reason=reason)
        if report.dry_run:
            return
        answer_id = add_answer(self.store, NewAnswer(
            region_id=region["id"], origin=self.origin, slot=self.slot, studio_task=task.task_id,
            studio_annotation=annotation.id, studio_updated_at=annotation.updated_at,
            studio_user=annotation.completed_by,
            annotator=annotation.email or f"account {annotation.completed_by}",
            state=state, reason=reason, answer=answer, raw=list(annotation.result),
            lead_time=annotation.lead_time, made_at=annotation.created_at,
            blind=not _stood_before(annotation, task, known),
            **self._saw(region, task, annotation, known)))
        save_lints(self.store, answer_id, region["id"], lints)
        key = f"{self.origin}:{annotation.id}"
        if state == "quarantined":
            raise_conflict(self.store, "quarantine", key, {
                "reason": reason, "task": task.task_id, "annotation": annotation.id,
                "by": annotation.email, "slot": self.slot},
                region_id=region["id"], answer_id=answer_id)
        else:
            vanished(self.store, "quarantine", key)

    def _saw(self, region: Row, task: PulledTask, annotation: PulledAnnotation,
             known: Mapping[tuple[int, str], Row]) -> dict[str, Any]:
        """What was suggested to who made an annotation, and whether it was hidden from them.

        Who had the task open while it was given other suggestions saw nobody knows which.
        """
        first = next((row for (number, _), row in known.items() if number == annotation.id), None)
        if first is not None:
            return {"hidden": first["hidden"], "seen_set": first["seen_set"]}
        sent = self.sent.get(task.task_id)
        if sent is None or sent["region_id"] != region["id"] \
                or _opened(annotation) <= moment_of(sent["turned_at"]):
            return {"hidden": None, "seen_set": None}
        return {"hidden": sent["hidden"], "seen_set": sent["shown_set"]}

    def _take_deletions(self, region: Row, task: PulledTask,
                        known: Mapping[tuple[int, str], Row]) -> None:
        living = {annotation.id for annotation in task.annotations}
        # Older answers stood in a task that was deleted, and whose number this one was given.
        lost = {annotation for (annotation, _), row in known.items()
                if row["deleted_at"] is None and annotation not in living
                and not "" < row["made_at"] < task.created_at}
        if not lost:
            return
        self._tell("deleted", task, annotations=sorted(lost))
        self.report.deleted += len(lost)
        if not self.report.dry_run:
            mark_deleted(self.store, self.origin, lost)
            lints_due(self.store, region["id"])
            for annotation in lost:
                vanished(self.store, "quarantine", f"{self.origin}:{annotation}")


def _opened(annotation: PulledAnnotation) -> datetime:
    """When its author opened the task; it is made when it is submitted."""
    return moment_of(annotation.created_at) - timedelta(seconds=annotation.lead_time or 0)


def _stood_before(annotation: PulledAnnotation, task: PulledTask,
                  known: Mapping[tuple[int, str], Row]) -> bool:
    """Whether somebody else's answer stood in the task when this one was begun, even if it was
    deleted since."""
    others = {(other.email, other.created_at) for other in task.annotations
              if other.id != annotation.id}
    others |= {(row["annotator"], row["made_at"]) for (number, _), row in known.items()
               if number != annotation.id and row["made_at"]}
    return any(email != annotation.email and made < annotation.created_at
               for email, made in others)


def judge(annotation: PulledAnnotation, text: str, pack: Pack,
          kind: Kind) -> tuple[str, str, dict[str, Any]]:
    """(state, reason, answer) of one annotation against the text of its region; only what is
    quarantined has a reason."""
    nothing: dict[str, Any] = {"spans": [], "relations": [], "classes": {}}
    if annotation.was_cancelled:
        return "skipped", "", nothing
    try:
        found = mapping.read_annotation(annotation.result, mapping.shown(text), pack.schema, kind)
    except Quarantine as error:
        return "quarantined", str(error), nothing
    return "accepted", "", {
        "spans": [{"start": span.start, "end": span.end, "label": span.label}
                  for span in found.spans],
        "relations": [asdict(link) for link in found.relations],
        "classes": {name: list(chosen) for name, chosen in found.classes}}
