"""Glossaries (名词解释): each entry as a term and what explains it."""
from __future__ import annotations

import re
from typing import Sequence

from labels.document import Definition, Section
from workbench.reading.blocks import Group

_GLOSSARY = re.compile(r"(?:专业|专有|相关)?名\s*词\s*解\s*释|术\s*语\s*解\s*释|名\s*词\s*说\s*明")
_ENTRY = re.compile(
    r"[*_<b>\s]*(?P<term>[“\"《]?[^：:。；\n]{1,50}?[”\"》]?)(?:[（(][^（）()]{1,40}[)）])?\**\s*"
    r"(?:[：:]|——|—)\s*\S")
_LONGEST = 90


def find_definitions(groups: Sequence[Group], sections: Sequence[Section]) -> list[Definition]:
    """The entries of every section called 名词解释, in order."""
    ranges = [(section.heading_end, section.end) for section in sections
              if _GLOSSARY.search(section.title)]
    found: list[Definition] = []
    at = 0
    for group in groups:
        while at < len(ranges) and ranges[at][1] <= group.start:
            at += 1
        if at == len(ranges):
            break
        if group.start < ranges[at][0] or group.kind in ("page_furniture", "heading", "title"):
            continue
        entry = _ENTRY.match(group.text, group.lead.body, group.lead.body + _LONGEST)
        if entry:
            start = group.start + entry.start("term")
            found.append(Definition(entry["term"], start, group.start, group.end))
    return found
