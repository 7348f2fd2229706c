"""Settings of the project, and what long work says of itself."""
from __future__ import annotations

import json
from typing import Any, Mapping

from workbench.clock import now
from workbench.store.connection import Row, Store


def get_setting(store: Store, key: str, default: Any = None) -> Any:
    found = store.value("SELECT value FROM settings WHERE key = ?", [key])
    return default if found is None else json.loads(found)


def set_setting(store: Store, key: str, value: Any) -> None:
    with store.write() as db:
        db.table("settings").upsert({"key": key, "value": json.dumps(value, ensure_ascii=False)},
                                    pk="key")


def report_activity(store: Store, name: str, state: str, message: str = "",
                    done: int = 0, total: int | None = None,
                    context: Mapping[str, Any] | None = None,
                    pace: tuple[float, float] | None = None) -> None:
    """Say how far long work has come; `state` is running, done or failed.

    `message` is a msgid, `context` what goes into its fields. `pace` is what is done a second, and
    the seconds to the end.
    """
    with store.write() as db:
        db.execute(
            "INSERT INTO activities (name, state, done, total, message, context, rate, rest,"
            " started_at, updated_at) VALUES"
            " (:name, :state, :done, :total, :message, :context, :rate, :rest, :now, :now)"
            " ON CONFLICT (name) DO UPDATE SET state = :state, done = :done, total = :total,"
            " message = :message, context = :context, rate = :rate, rest = :rest,"
            " updated_at = :now, started_at ="
            " CASE WHEN activities.state = 'running' THEN activities.started_at ELSE :now END",
            {"name": name, "state": state, "done": done, "total": total, "message": message,
             "context": json.dumps(dict(context or {}), ensure_ascii=False, default=str),
             "rate": pace and pace[0], "rest": pace and pace[1], "now": now()})


def activities(store: Store) -> list[Row]:
    """All activities, oldest first, `context` as an object."""
    return [_with_context(row) for row in
            store.rows("SELECT * FROM activities ORDER BY started_at")]


def activity(store: Store, name: str) -> Row | None:
    row = store.row("SELECT * FROM activities WHERE name = ?", [name])
    return _with_context(row) if row else None


def _with_context(row: Row) -> Row:
    return {**row, "context": json.loads(row["context"])}
