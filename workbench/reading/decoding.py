"""Bytes → text, once: encoding found, newlines made one form, files that are no text refused."""
from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from labels.document import ReadWarning
from labels.errors import N_, ReadError

_MAGIC = (
    (b"%PDF-", "PDF"), (b"PK\x03\x04", "ZIP (docx, xlsx, …)"), (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\xd0\xcf\x11\xe0", "Office 97 (doc, xls)"), (b"Rar!", "RAR"), (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"SQLite format", "SQLite"),
)
# UTF-32 goes first: its little-endian mark begins with that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("gb18030", "big5")
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5",
            "big5-hkscs": "big5hkscs", "utf-8": "utf-8", "utf8": "utf-8"}
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.I)
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f�]")
# Frequent in any Chinese text, and rare in what a wrong decoding makes of it.
_COMMON = frozenset("，。、；：（）“”的一是在不了有和人中大上年月日为為会會国國区區市与與")
_HAN = re.compile("[一-鿿]")
_ENOUGH = 0.03
_CONTROL_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` with every line end as ``\\n``; `warnings` tells of an encoding other than UTF-8."""

    text: str
    warnings: tuple[ReadWarning, ...] = ()


def decode(name: str, data: bytes, *, html: bool = False, newlines: bool = True) -> Decoded:
    """Decode the bytes of the file `name`; `newlines` False leaves line ends as they are.

    With `html` the encoding that a <meta> declares is tried first. Raises ReadError for what is
    not text, is empty, or has no encoding among UTF-8, UTF-16/32 with a mark, GB18030, Big5.
    """
    _refuse_binary(name, data)
    if not data.strip():
        raise ReadError(N_("%(file)s is empty"), file=name)
    text, encoding = _decode(name, data, html)
    if "\0" in text or _count(_CONTROL, text) > _CONTROL_SHARE * len(text):
        raise ReadError(N_("%(file)s is not text"), file=name,
                        hint=N_("it holds control characters; save it as plain text in UTF-8"))
    if not text.strip():
        raise ReadError(N_("%(file)s is empty"), file=name)
    if newlines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if encoding == "utf-8":
        return Decoded(text)
    return Decoded(text, (ReadWarning("encoding", 0, 0, f"decoded as {encoding}"),))


def _refuse_binary(name: str, data: bytes) -> None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise ReadError(N_("%(file)s is a %(kind)s file, not text"), file=name, kind=kind,
                            hint=N_("give it the file name ending of its format"))


def _decode(name: str, data: bytes, html: bool) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                text = data[len(mark):].decode() if encoding == "utf-8" else data.decode(encoding)
                return text, encoding
            except UnicodeDecodeError as error:
                raise ReadError(
                    N_("%(file)s byte %(at)s: not %(encoding)s, which its byte order mark says"),
                    file=name, at=error.start, encoding=encoding) from error
    if b"\0" in data:
        raise ReadError(N_("%(file)s is not text"), file=name, hint=N_(
            "it holds NUL bytes; save it as plain text in UTF-8"))
    declared = _declared(data) if html else None
    for encoding in dict.fromkeys(filter(None, (declared, "utf-8"))):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue  # the next encoding is tried, and the last resort below raises
    return _guess(name, data)


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:8192])
    return _ALIASES.get(found.group(1).decode("ascii").lower()) if found else None


def _guess(name: str, data: bytes) -> tuple[str, str]:
    """The legacy encoding that charset-normalizer prefers and whose text looks Chinese."""
    readings: dict[str, str] = {}
    for encoding in _LEGACY:
        try:
            readings[encoding] = data.decode(encoding)
        except UnicodeDecodeError:
            continue  # not this one; an empty `readings` raises below
    if len(readings) > 1:
        readings = dict(sorted(readings.items(), key=lambda item: -likeness(item[1])))
        scores = [likeness(text) for text in readings.values()]
        if scores[0] == scores[1]:
            readings = _preferred(data, readings)
    for encoding, text in readings.items():
        if likeness(text) >= _ENOUGH:
            return text, encoding
    raise ReadError(N_("%(file)s: its encoding is not known"), file=name,
                    hint=N_("save it in UTF-8"))


def _preferred(data: bytes, readings: dict[str, str]) -> dict[str, str]:
    """`readings` with the one first that charset-normalizer ranks first."""
    from charset_normalizer import from_bytes
    best = from_bytes(data[:100_000], cp_isolation=list(readings)).best()
    if best is None or best.encoding not in readings:
        return readings
    return {best.encoding: readings[best.encoding], **readings}


def likeness(text: str) -> float:
    """The share of very common Chinese characters among all that are not ASCII."""
    sample = [c for c in text[:200_000] if c > "\x7f"]
    return sum(c in _COMMON for c in sample) / len(sample) if sample else 0.0


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))
