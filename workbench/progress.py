"""How long work says how far it has come."""
from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with work done, work in all (None while unknown) and a word on what is at hand."""

    def __call__(self, done: int, total: int | None, message: str = "") -> None: ...


def silent(done: int, total: int | None, message: str = "") -> None:
    """Progress for callers that do not show any."""
