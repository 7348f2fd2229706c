"""The contents list against the parts: what is listed stands in the text."""
from __future__ import annotations

from typing import Iterator

from labels.checks import Equation, Figures, Suspect, check
from labels.errors import N_
from labels.govdoc.facts import plain
from labels.govdoc.sentences import address, counted


@check
def contents_and_parts_agree(figures: Figures) -> Iterator[Equation]:
    """Each entry of the contents has its part, and each part its entry.

    The reader matches them when it parts the document, and tells what it found no match for.
    """
    document = figures.document
    for warning in document.warnings:
        if warning.code != "part_unmatched":
            continue
        title = document.text[warning.start:warning.end]
        # One title more on this side than on the other.
        alone = counted(1, title, warning.start, warning.end, address(figures, warning.start))
        yield Equation(
            "contents.contents_and_parts_agree", (alone,),
            N_("%(title)s stands both in the contents and as a part of the text"),
            {"title": plain(title)[:60]}, weights=(1,),
            suspects=(Suspect(warning.start, warning.end, "missing",
                              N_("the other is missing, was not read, or is worded otherwise")),))
