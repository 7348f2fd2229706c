"""What comes from Label Studio: answers, judged against the text of their regions and stored."""
from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from labels.rules import Pack
from workbench.store import Store
from workbench.store.answers import add_answer, living_annotations, mark_deleted, stored_as
from workbench.store.tasks import region_by_key, region_text
from workbench.studio import mapping
from workbench.studio.mapping import Kind, Quarantine
from workbench.studio.pull import PulledAnnotation, PulledTask


@dataclass
class PullReport:
    """Answers stored now, by state; `returned` ones counted as deleted and are there again.

    `foreign` tasks are not ours, `gone` were deleted there.
    """

    accepted: int = 0
    skipped: int = 0
    quarantined: int = 0
    unchanged: int = 0
    returned: int = 0
    deleted: int = 0
    foreign: int = 0
    gone: int = 0
    dry_run: bool = False

    def count(self, name: str) -> None:
        setattr(self, name, getattr(self, name) + 1)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def take_task(store: Store, pack: Pack, kind: Kind, origin: str, task: PulledTask,
              report: PullReport) -> None:
    """Store what is new in a task of the project there that is `origin`; count it in `report`."""
    region = region_by_key(store, task.key) if task.key else None
    if region is None:
        report.foreign += 1
        return
    known = living_annotations(store, origin, task.task_id)
    if not task.annotations and not known:
        return
    text = region_text(store, region["id"])
    living = {annotation.id for annotation in task.annotations}
    with store.write():
        for annotation in task.annotations:
            state, reason, answer = judge(annotation, text, pack, kind)
            if report.dry_run:
                stored = stored_as(store, origin, annotation.id, annotation.updated_at)
            else:
                stored = add_answer(
                    store, region_id=region["id"], origin=origin, studio_task=task.task_id,
                    studio_annotation=annotation.id, studio_updated_at=annotation.updated_at,
                    annotator=annotation.email or f"account {annotation.completed_by}",
                    state=state, reason=reason, answer=answer, raw=list(annotation.result),
                    lead_time=annotation.lead_time)
            report.count({"new": state, "known": "unchanged"}.get(stored, stored))
        report.deleted += (len(known - living) if report.dry_run else
                           mark_deleted(store, origin, task.task_id, living))


def judge(annotation: PulledAnnotation, text: str, pack: Pack,
          kind: Kind) -> tuple[str, str, dict[str, Any]]:
    """(state, reason, answer) of one annotation against the text of its region."""
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
