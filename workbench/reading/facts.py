"""What a document is: title, type, date, issuer, number, from its first and last blocks."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Sequence

from labels.document import Block
from workbench.reading import cues
from workbench.reading.tables import plain

_ABOUT = re.compile(r"(?P<who>[^，。《》“”]{2,30}?)(?:关于|20\d\d|二〇)")
_FIRST = 12


@dataclass(frozen=True, slots=True)
class Facts:
    title: str
    type: str
    date: str | None
    issuer: str | None
    number: str | None


def find_facts(text: str, blocks: Sequence[Block], title: str = "",
               date: str | None = None) -> Facts:
    """The facts of the document that `blocks` make up; `title` and `date` where they tell none.

    The date is that of a byline under the title, else of the last signature, else in the title.
    """
    told = [block for block in blocks if block.kind not in ("page_furniture", "toc_entry")]
    titles = [block for block in told[:_FIRST + 1] if block.kind == "title"]
    first = next((block for block in titles if cues.is_title_form(text[block.start:block.end])),
                 titles[0] if titles else None)
    found = plain(text[first.start:first.end]) if first else ""
    found = found or title
    bylines = [text[b.start:b.end] for b in told[:_FIRST] if b.kind in ("byline", "signature")]
    signatures = [text[b.start:b.end] for b in told if b.kind == "signature"]
    dates = [cues.date_in(line) for line in (*bylines, *reversed(signatures))]
    numbers = [cues.docno_in(line) for line in bylines if cues.is_docno_line(line)]
    if _is_gazette(blocks):
        named = next((plain(text[b.start:b.end]) for b in blocks if b.kind in (
            "page_furniture", "title", "heading") and b.end - b.start <= 40
            and text[b.start:b.end].endswith("公报")), title)
        return Facts(named, "gazette", date, _issuer(named, (), ()), None)
    return Facts(found, cues.document_type(found),
                 next((day for day in dates if day), date), _issuer(found, bylines, signatures),
                 next((number for number in numbers if number), None))


def _is_gazette(blocks: Sequence[Block]) -> bool:
    """Whether the blocks are contents and then many documents, as a gazette has them."""
    kinds = [block.kind for block in blocks]
    return kinds.count("title") >= 5 and kinds.count("toc_entry") >= 5 and (
        kinds.index("toc_entry") < kinds.index("title"))


def _issuer(title: str, bylines: Sequence[str], signatures: Sequence[str]) -> str | None:
    about = _ABOUT.match(title)
    if about and cues.is_organ_line(cues.squeeze(about["who"])):
        return cues.squeeze(about["who"])
    lines = [cues.squeeze(line) for line in (*bylines, *signatures)]
    return next((line for line in lines if cues.is_organ_line(line)), None)
