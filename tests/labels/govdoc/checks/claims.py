"""Small invented tables as documents, and what their checks say."""
from __future__ import annotations

from labels import govdoc
from labels.checks import Figures, Finding, run
from labels.document import Document
from workbench.reading import read_bytes


def document(*lines: str) -> Document:
    """A text file of tables: cells are parted by tabs, a caption and a line of the unit may stand
    above each table, an empty line between tables."""
    (made,) = read_bytes("云泽区.txt", "\n".join(lines).encode())
    return made


def findings(check: str, *lines: str) -> list[Finding]:
    """What the check `check` (``family.function``) alone finds; all of it is judged together."""
    made = document(*lines)
    return [finding for finding in run(Figures(made), govdoc.load_checks())
            if finding.check == check]


def statuses(check: str, *lines: str) -> list[str]:
    return [finding.status for finding in findings(check, *lines)]


def broken(check: str, *lines: str) -> list[list[str]]:
    """The texts of the terms of each broken claim."""
    return [[term.text for term in finding.terms] for finding in findings(check, *lines)
            if finding.status == "broken"]
