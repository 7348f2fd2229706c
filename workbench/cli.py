"""The command line: thin commands over the stages, one module a family.

Data goes to stdout, progress and words to stderr. Exit status: 0 done, 1 failure, 2 bad input,
3 done but something needs a person.
"""
from __future__ import annotations

from workbench.commands import (  # noqa: F401 - imported, they are commands of `main`
    care, documents, gold, honest, people, project, quick, rules, schema, studio,
)
from workbench.commands.base import main

__all__ = ["main"]
