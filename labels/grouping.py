"""Which documents belong together, so that none of them is tested on what another one taught.

Three ties, each a reason that is told: the *family* (one source, its name equal up to years and
figures), the *place and year* (from title, issuer and date: what a district says of one year
stands in its budget, its plan and its gazette alike), and *near duplicates* (a share of the
shorter document's running text stands in the other: `labels.near`). Ties are transitive.
"""
from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Iterable, Mapping, Sequence

from labels import near
from labels.document import Document
from labels.errors import N_

FAMILY, PLACE_YEAR, NEAR = "family", "place-year", "near-duplicate"
TIES = (FAMILY, PLACE_YEAR, NEAR)
TIE_TITLES = {FAMILY: N_("one family of documents"), PLACE_YEAR: N_("one place and year"),
              NEAR: N_("near duplicates")}

# Share of the shorter document's compared characters that the other one repeats.
SHARED = 0.3
_RUNNING = ("paragraph", "list_item", "footnote")

_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}$")
_YEAR = re.compile(r"(?:19|20)\d{2}|[一二][九〇零○][〇零○一二三四五六七八九]{2}")
_FIGURE = re.compile(r"\d+|[〇零○一二三四五六七八九十]+(?=[年月日号期届次])|(?<=第)[一二三四五六七八九十百]+")
_WORDS = re.compile(r"[a-z]+|[\u3400-\u9fff]+")
# Names of files that were counted, not named: scan-1 and scan-2 are no family.
_COUNTED = frozenset(
    "a b c d doc docs document file page part item row id no text txt passage sample scan img image"
    " record new untitled case example 文件 文档 新建文本文档 扫描件 扫描 附件 样本 样例 第 号 页 段 条 例".split())
_UNIT = r"(?:特别行政区|自治区|自治州|自治县|自治旗|新区|省|市|区|县|盟|州(?!市)|旗)"
_PLACE = re.compile(rf"(?:[\u3400-\u9fff]{{1,8}}?{_UNIT})+")
_BEFORE = re.compile(r"^(?:关于|中共|中国共产党|印发|的)+")
_OURS = re.compile(r"^[我本全各该]" + _UNIT)


@dataclass(frozen=True, slots=True)
class Source:
    """What of a document decides where it belongs. `row` if it is a row of a file of rows, which
    are counted; `paragraphs` are its running text."""

    name: str
    title: str = ""
    date: str | None = None
    issuer: str | None = None
    row: bool = False
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """Two documents that belong together; `what` is the family, or the place and year."""

    first: str
    second: str
    why: str
    what: str = ""


def source_of(document: Document) -> Source:
    return Source(
        document.id, document.title, document.date, document.issuer,
        row=bool(document.source) and document.id.startswith(f"{document.source}:"),
        paragraphs=tuple(document.text[block.start:block.end] for block in document.blocks
                         if block.kind in _RUNNING))


def family(source: Source) -> str | None:
    """The name of the source without its years and, unless it was only counted, its figures."""
    name = _SUFFIX.sub("", unicodedata.normalize("NFKC", source.name).casefold())
    dated = _YEAR.sub("", name)
    bare = dated if source.row else _FIGURE.sub("", dated)
    words = _WORDS.findall(bare.rpartition("/")[2])
    if all(word in _COUNTED for word in words):
        return None
    return re.sub(r"[\W_]+", " ", bare).strip()


def place_year(source: Source) -> str | None:
    """As ``云泽区 2025``: the smallest place that title or issuer begins with, and the latest year
    of the title, else that of the date."""
    place = _place(source.title) or _place(source.issuer or "")
    years = re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)",
                       unicodedata.normalize("NFKC", source.title))
    year = max(years, default="") or (source.date or "")[:4]
    return f"{place} {year}" if place and year else None


def _place(text: str) -> str | None:
    """The place at the head of the first run of Chinese: 江岚市云泽区财政局 → 云泽区."""
    for run in re.findall(r"[\u3400-\u9fff]{2,}", re.sub(r"\d+\s*年度?", " ", text)):
        found = _PLACE.match(_BEFORE.sub("", run))
        if found and not _OURS.match(found.group()):
            return re.findall(rf".{{1,8}}?{_UNIT}", found.group())[-1]
    return None


def ties(sources: Sequence[Source], by: Iterable[str] = TIES) -> list[Tie]:
    """All ties of the kinds `by`, in a stable order; equal inputs in any order give equal ties."""
    wanted, ordered = set(by), sorted(sources, key=lambda source: source.name)
    found: list[Tie] = []
    for why, key in ((FAMILY, family), (PLACE_YEAR, place_year)):
        if why in wanted:
            alike: dict[str, list[str]] = defaultdict(list)
            for source in ordered:
                if what := key(source):
                    alike[what].append(source.name)
            found += [Tie(first, second, why, what) for what, names in sorted(alike.items())
                      for first, second in zip(names, names[1:])]
    if NEAR in wanted:
        found += _near(ordered)
    return found


def _near(sources: Sequence[Source]) -> list[Tie]:
    """Ties of documents of which one repeats `SHARED` of the other's running text or more."""
    paragraphs = [(index, text) for index, source in enumerate(sources)
                  for text in source.paragraphs if near.shingles(text)]
    lengths = Counter[int]()
    for index, text in paragraphs:
        lengths[index] += len(text)
    shared = Counter[tuple[int, int]]()
    for position, places in near.repeats([text for _, text in paragraphs]).items():
        own, text = paragraphs[position]
        for other in {paragraphs[place][0] for place in places} - {own}:
            shared[own, other] += len(text)
    pairs = {(min(pair), max(pair)) for pair, length in shared.items()
             if length >= SHARED * min(lengths[pair[0]], lengths[pair[1]])}
    return [Tie(sources[first].name, sources[second].name, NEAR) for first, second in sorted(pairs)]


def components(names: Iterable[str], found: Iterable[Tie]) -> list[tuple[str, ...]]:
    """The names that hang together, each set sorted, the sets by their first name."""
    parent = {name: name for name in names}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for tie in found:
        first, second = sorted((root(tie.first), root(tie.second)))
        parent[second] = first
    together: dict[str, list[str]] = defaultdict(list)
    for name in sorted(parent):
        together[root(name)].append(name)
    return [tuple(members) for _, members in sorted(together.items())]


@dataclass(frozen=True, slots=True)
class Member:
    """Where a document stands by now: its group, and since which release the group has a split.

    `kept` if it was given its split before documents were grouped: it keeps it.
    """

    group: str
    since: int
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A document that went to an older group, because the two have grown together."""

    document: str
    before: str
    after: str
    why: str


def settle_groups(names: Iterable[str], found: Sequence[Tie], known: Mapping[str, Member],
                  release: int) -> tuple[dict[str, Member], list[Moved]]:
    """The group of each of `names` and of all `known`, and who was moved.

    Documents that were together stay so. Where groups grow together the oldest takes in the
    others, except for documents that keep their place. A new group is named after its first
    document.
    """
    # What was together once is a tie for ever.
    before: dict[str, list[str]] = defaultdict(list)
    for name, member in sorted(known.items()):
        before[member.group].append(name)
    held = [Tie(first, second, "") for members in before.values()
            for first, second in zip(members, members[1:])]
    why = {name: tie.why for tie in found for name in (tie.first, tie.second)}
    result: dict[str, Member] = {}
    moved: list[Moved] = []
    for members in components({*names, *known}, [*held, *found]):
        groups = sorted({(known[name].since, known[name].group) for name in members
                         if name in known})
        since, group = groups[0] if groups else (release, members[0])
        for name in members:
            old = known.get(name)
            if old is not None and (old.kept or old.group == group):
                result[name] = old
                continue
            result[name] = Member(group, since)
            if old is not None:
                moved.append(Moved(name, old.group, group, why.get(name, "")))
    return result, moved
