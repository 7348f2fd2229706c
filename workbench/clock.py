"""The time, as it is written everywhere: UTC, ISO 8601, to the millisecond."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone


def now() -> str:
    return stamp(datetime.now(timezone.utc))


def after(**span: float) -> str:
    """The time that is ``timedelta(**span)`` from now."""
    return stamp(datetime.now(timezone.utc) + timedelta(**span))


def stamp(moment: datetime) -> str:
    """`moment` as text that sorts as time does."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")


def moment_of(time: str) -> datetime:
    """A time as it is written here or by Label Studio; "" is before all others."""
    if not time:
        return datetime.min.replace(tzinfo=timezone.utc)
    moment = datetime.fromisoformat(time.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
