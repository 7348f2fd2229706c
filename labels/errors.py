"""The one error tree of the workbench.

Every error raised on purpose is a `WorkbenchError`: one clear line that says where, what, and how
to mend it. Messages are English msgids with ``%(name)s`` fields, marked with `N_` where they are
written, so that the browser can show them translated while ``str(error)`` stays English.

::

    WorkbenchError
    ├── InputError            what the user gave is wrong (exit status 2)
    │   ├── ReadError         a source file
    │   ├── SchemaError       a label schema
    │   ├── LexiconError      a word list
    │   └── RuleError         a rule or its examples
    ├── OffsetError           a span that is not a slice of its text
    ├── StoreError            the project's database
    ├── StudioError           Label Studio
    │   ├── StudioUnreachable no answer from it
    │   ├── StudioDenied      token or account refused
    │   └── StudioMismatch    it answered, and what it holds is not what we sent
    └── ExportError           a release or its files
"""
from __future__ import annotations

from typing import Any


def N_(message: str) -> str:
    """Mark `message` for the translators; returns it unchanged."""
    return message


class WorkbenchError(Exception):
    """`message` and `hint` are msgids; `context` fills their ``%(name)s`` fields."""

    exit_status = 1

    def __init__(self, message: str, *, hint: str = "", **context: Any) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.context = context

    def __str__(self) -> str:
        line = self.message % self.context
        return f"{line}; {self.hint % self.context}" if self.hint else line


class InputError(WorkbenchError):
    """What the user gave is wrong; nothing was changed by it."""

    exit_status = 2


class ReadError(InputError):
    """A source file that cannot be read as a document."""


class SchemaError(InputError):
    """A label schema that does not hold together."""


class LexiconError(InputError):
    """A word list with an empty, duplicate or malformed entry."""


class RuleError(InputError):
    """A rule that names what does not exist, or fails its own examples."""


class OffsetError(WorkbenchError):
    """A span that is not a slice of its text."""


class StoreError(WorkbenchError):
    """The project's database is missing, locked or not ours."""


class StudioError(WorkbenchError):
    """Label Studio did not do what was asked."""


class StudioUnreachable(StudioError):
    """No answer from Label Studio."""


class StudioDenied(StudioError):
    """Label Studio refused the token or the account."""


class StudioMismatch(StudioError):
    """Label Studio answered, and holds something else than what was sent."""


class ExportError(WorkbenchError):
    """A release that does not exist or cannot be written."""
