"""Answers of people, put into the store as a pull would."""
from __future__ import annotations

import json
from itertools import count

from workbench.store import Store

_annotations = count(1000)


def put_answer(store: Store, region_id: int, label: str = "ORG", *, slot: int = 1,
               origin: str = "there", account: int | None = None, email: str = "",
               state: str = "accepted", blind: bool = True, task: int = 0,
               when: str = "2026-01-01T00:00:00Z", seconds: float = 10.0) -> int:
    """The id of the new answer: one span of that label, or none if it is not accepted; what was
    shown is what its task shows."""
    spans = [{"start": 0, "end": 2, "label": label}] if state == "accepted" else []
    with store.write() as db:
        row = db.execute(
            "INSERT INTO answers (region_id, origin, studio_task, studio_annotation,"
            " studio_updated_at, annotator, state, reason, answer, raw, lead_time, pulled_at,"
            " slot, studio_user, made_at, blind, hidden, seen_set)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?, ?, ?, ?,"
            " (SELECT hidden FROM tasks WHERE origin = ?2 AND studio_task = ?3),"
            " (SELECT shown_set FROM tasks WHERE origin = ?2 AND studio_task = ?3))",
            [region_id, origin, task or 70 + region_id, next(_annotations), when,
             email or f"account {account}", state, "odd" if state == "quarantined" else "",
             json.dumps({"spans": spans, "relations": [], "classes": {}}), seconds, when, slot,
             account, when, int(blind)])
        assert row.lastrowid is not None
        return row.lastrowid
