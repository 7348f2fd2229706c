"""The id of a document: stable for a source, readable, safe in a URL path and a file name."""
from __future__ import annotations

import re
import unicodedata

_OTHER = re.compile(r"[^\w.()（）-]+")


def slug(name: str) -> str:
    """``政府工作报告 (2030).md`` → ``政府工作报告-(2030).md``; the ending stays, because the same
    report is often published as two files that differ in nothing else."""
    return _OTHER.sub("-", unicodedata.normalize("NFC", name)).strip("-.") or "document"
