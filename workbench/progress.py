"""How long work says how far it has come."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Protocol


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


def silent(done: int, total: int | None, message: str = "") -> None:
    """Progress for callers that do not show any."""
