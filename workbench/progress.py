"""How long work says how far it has come."""
from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Protocol


class Progress(Protocol):
    """Called with work done, work in all (None while unknown) and what is at hand: a msgid without
    fields, or a name."""

    def __call__(self, done: int, total: int | None, message: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Said:
    """What work says at its end: a msgid with ``%(name)s`` fields, and what goes into them.

    Kept apart so that each page shows it in its reader's language.
    """

    message: str
    context: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.context if self.context else self.message


class Pace:
    """How fast work goes and how long its rest will take, from when it was last heard of.

    Each thing at hand (its message) has a pace of its own.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._message: str | None = None
        self._since = self._from = 0.0

    def __call__(self, done: int, total: int | None, message: str) -> tuple[float, float] | None:
        """(done a second, seconds to the end); None while nothing can be said."""
        moment = self._clock()
        if message != self._message or done < self._from:
            self._message, self._since, self._from = message, moment, done
            return None
        passed, made = moment - self._since, done - self._from
        if not total or made <= 0 or passed < 1.0:
            return None
        rate = made / passed
        return rate, max(0, total - done) / rate


def silent(done: int, total: int | None, message: str = "") -> None:
    """Progress for callers that do not show any."""
