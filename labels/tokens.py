"""Offsets → tags: the one place where spans become labels of tokens, and back.

The tokens are characters, one Unicode code point each, so a token's position is its offset::

    text   黄   辉   任   局   长
    spans  0-2 PERSON, 3-5 POST
    tags   B-PERSON  I-PERSON  O  B-POST  I-POST

The scheme is BIO as seqeval reads it (IOB2): every span opens with B-, so two adjacent spans of
one label stay two. BIOES (seqeval's IOBES) marks the last token and the single one too. Tags are
flat: `flat` says which of overlapping spans give way.

White space is a token like any other: inside a mention (黄 辉, or one broken by a line break) it is
I-, elsewhere O. Leaving it out would shift every later offset. In a column file, where white space
separates, `column_token` writes it visibly and `column_char` reads it back exactly.
"""
from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Iterable, Sequence

from labels.document import Span
from labels.errors import N_, OffsetError
from labels.gold import GoldSpan

OUTSIDE = "O"

_SENTENCE_END = re.compile(r"[。！？；!?;\n]+[”’」』）)]*")

# Unicode's Control Pictures stand for the C0 controls, the space and DEL. The ideographic space
# that indents Chinese paragraphs is common enough to get a picture too, the open box.
_PICTURES = {chr(code): chr(0x2400 + code) for code in range(0x21)}
_PICTURES["\x7f"] = "\u2421"
_PICTURES["\u3000"] = "\u2423"
_PICTURED = {picture: char for char, picture in _PICTURES.items()}

_PICTURE = re.compile("[\u2400-\u2423]")  # a range: looking for each of them takes twice as long
_COMMON = "\n \u3000\t\r"  # of the characters that have a picture

_INVISIBLE = ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")


def bio_tags(length: int, spans: Iterable[GoldSpan], form: str = "%s") -> list[str]:
    """One BIO tag for each of `length` tokens, written as `form` has it around it.

    Raises OffsetError where a span is empty, lies outside, or overlaps another (see `flat`).
    """
    outside = form % OUTSIDE
    tags = [outside] * length
    for span in spans:
        start, end = span.start, span.end
        if not 0 <= start < end <= length:
            raise OffsetError(
                N_("span %(start)s-%(end)s does not lie in a text of %(length)s characters"),
                start=start, end=end, length=length)
        if tags[start:end].count(outside) != end - start:
            raise OffsetError(
                N_("span %(start)s-%(end)s %(label)s overlaps another; tags are flat"),
                start=start, end=end, label=span.label)
        tags[start:end] = [_tag(form, "I", span.label)] * (end - start)
        tags[start] = _tag(form, "B", span.label)
    return tags


@lru_cache(maxsize=4_096)
def _tag(form: str, prefix: str, label: str) -> str:
    return form % f"{prefix}-{label}"


def bio_spans(tags: Sequence[str]) -> tuple[GoldSpan, ...]:
    """The spans of BIO `tags`, in text order: the inverse of `bio_tags`.

    Raises OffsetError for a tag that is not BIO or an I- that continues nothing, since reading it
    leniently would return other spans than were written.
    """
    spans: list[GoldSpan] = []
    start = end = 0
    label = inside = ""
    for position in [number for number, tag in enumerate(tags) if tag != OUTSIDE]:
        tag = tags[position]
        if label and position == end and tag == inside:
            end += 1
            continue
        if label:
            spans.append(GoldSpan(start, end, label))
        label = tag[2:]
        if not (tag.startswith("B-") and label):
            raise OffsetError(
                N_("tag %(tag)r at %(position)s opens nothing and continues nothing"),
                tag=tag, position=position)
        start, end, inside = position, position + 1, f"I-{label}"
    if label:
        spans.append(GoldSpan(start, end, label))
    return tuple(spans)


def bioes_tags(length: int, spans: Iterable[GoldSpan], form: str = "%s") -> list[str]:
    """As `bio_tags`, with E- for the last token of a span and S- for a span of one token."""
    spans = tuple(spans)
    tags = bio_tags(length, spans, form)
    for span in spans:
        tags[span.end - 1] = _tag(form, "S" if span.end - span.start == 1 else "E", span.label)
    return tags


def bioes_spans(tags: Sequence[str]) -> tuple[GoldSpan, ...]:
    """The spans of BIOES `tags`, in text order: the inverse of `bioes_tags`.

    Raises OffsetError for a tag that is not BIOES or does not fit the one before it.
    """
    spans: list[GoldSpan] = []
    start, label = 0, ""
    for position, tag in enumerate((*tags, OUTSIDE)):
        prefix, _, name = tag.partition("-")
        continues = prefix in ("I", "E") and bool(name)
        fits = name == label if continues else not label and (tag == OUTSIDE or (
            prefix in ("B", "S") and bool(name)))
        if not fits:
            raise OffsetError(
                N_("tag %(tag)r at %(position)s opens nothing and continues nothing"),
                tag=tag, position=position)
        if prefix == "B":
            start, label = position, name
        elif prefix == "S":
            spans.append(GoldSpan(position, position + 1, name))
        elif prefix == "E":
            spans.append(GoldSpan(start, position + 1, name))
            label = ""
    return tuple(spans)


def flat(spans: Iterable[GoldSpan]) -> tuple[tuple[GoldSpan, ...], tuple[GoldSpan, ...]]:
    """Split `spans` into those that overlap nothing, in text order, and those that gave way.

    The longer span stays, because the outermost named thing wins; among equals the earlier, and
    of one place with two labels the one named first.
    """
    spans = tuple(spans)
    end = 0
    for span in spans:
        if span.start < end:
            break
        end = span.end
    else:  # most are in order and clear of each other already
        return spans, ()

    def by_start(span: GoldSpan) -> int:
        return span.start

    ordered = sorted(spans, key=by_start)
    if all(one.end <= next_one.start for one, next_one in zip(ordered, ordered[1:])):
        return tuple(ordered), ()
    kept: list[GoldSpan] = []
    dropped: list[GoldSpan] = []
    for span in sorted(ordered, key=lambda span: (span.start - span.end, span.start)):
        clear = all(span.end <= other.start or other.end <= span.start for other in kept)
        (kept if clear else dropped).append(span)
    return tuple(sorted(kept, key=by_start)), tuple(sorted(dropped, key=by_start))


def windows(text: str, spans: Iterable[GoldSpan], limit: int) -> list[Span]:
    """Cut `text` into consecutive windows of at most `limit` characters, never inside a span.

    A cut comes after the last sentence end or line break that fits, else at the last place outside
    all spans. Only where one span (or a chain of overlapping ones) is itself longer than `limit`
    is a window longer: the limit gives way, the span does not. The windows joined are the text.
    Raises ValueError for a `limit` below 1.
    """
    if limit < 1:
        raise ValueError(f"a window of {limit} characters")
    if 0 < len(text) <= limit:
        return [Span(0, len(text))]
    inside: set[int] = set().union(*(range(span.start + 1, span.end) for span in spans))
    endings = [end for match in _SENTENCE_END.finditer(text) if (end := match.end()) not in inside]
    found: list[Span] = []
    start = 0
    while len(text) - start > limit:
        last = start + limit
        cut = endings[bisect_right(endings, last) - 1] if endings else 0
        if not start < cut <= last:  # no sentence ends there
            allowed = (p for p in range(last, start, -1) if p not in inside)
            later = (p for p in range(last + 1, len(text) + 1) if p not in inside)
            cut = next(allowed, 0) or next(later)
        found.append(Span(start, cut))
        start = cut
    if start < len(text):
        found.append(Span(start, len(text)))
    return found


def column_token(char: str) -> str:
    r"""How one character is written in a column file: never empty, never white space.

    A printable character is itself. Controls, the space and the ideographic space are one visible
    picture (␊ ␍ ␉ ␠ ␣), so that a model still sees one token. What is rarer - other white space,
    invisible format characters such as the joiner inside an emoji, lone surrogates, and the
    pictures themselves where a text has them - is an escape: ``\u`` and its number in hexadecimal.
    """
    if char in _PICTURES:
        return _PICTURES[char]
    if char in _PICTURED or unicodedata.category(char) in _INVISIBLE:
        return f"\\u{ord(char):04x}"
    return char


def column_char(token: str) -> str:
    """The character of a column token: the inverse of `column_token`."""
    if len(token) == 1:
        return _PICTURED.get(token, token)
    if not re.fullmatch(r"\\u[0-9a-f]{4,6}", token) or int(token[2:], 16) > sys.maxunicode:
        raise OffsetError(N_("%(token)r is not one character of a column file"), token=token)
    return chr(int(token[2:], 16))


def column_text(text: str) -> str | None:
    """`column_token` of all characters in one go, where each is one visible character.

    None where one needs an escape. Looking at each costs ten times as much: nearly all are written
    as they are, which `isprintable` tells of a whole text (it is stricter than `column_token`).
    """
    if _PICTURE.search(text):
        return None
    if not text.isprintable() or " " in text:
        for char in _COMMON:
            text = text.replace(char, _PICTURES[char])
    return text if text.isprintable() else None


def text_of_column(shown: str) -> str | None:
    """The text that `column_text` wrote as `shown`; None where it would have written an escape."""
    if not shown.isprintable() or " " in shown:
        return None
    if _PICTURE.search(shown):
        for char in _COMMON:
            shown = shown.replace(_PICTURES[char], char)
    return None if _PICTURE.search(shown) else shown
