"""What follows when labels change: records and findings are made anew in the background."""
from __future__ import annotations

from typing import Any

from workbench import deriving, jobs, suggesting
from workbench.progress import Progress, Said
from workbench.project import Project
from workbench.store import Store
from workbench.web.home import running


def derive_again(project: Project) -> bool:
    """Make the records and findings that are due; False if that goes on already (what has just
    changed is looked at too)."""
    return jobs.start(project, "derive",
                      lambda progress: deriving.derive_project(project, progress), again=True)


def suggest_again(project: Project) -> bool:
    """Suggest for all documents that are due, since rules or gold were changed; False if that goes
    on already (what has just changed is looked at too)."""
    def work(progress: Progress) -> Said:
        try:
            return suggesting.suggest_project(project, progress)
        finally:
            derive_again(project)  # of what was suggested, also where it stopped half-way
    return jobs.start(project, "suggest", work, again=True)


def behind(store: Store, document_id: int | None = None) -> dict[str, Any]:
    """For pages that show what is derived: how many documents (or whether this one) are `due`, and
    the `activities` that will mend it."""
    due = len(deriving.due(store, document_id))
    return {"due": due, "document_id": document_id, "activities": [
        one for one in running(store) if one["name"] in ("suggest", "derive")
        and one["state"] != "done"] if due else []}
