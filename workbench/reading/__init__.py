"""Reading: the bytes of a file → `labels.document.Document`.

A reader a format (`workbench.reading.readers`), one place for structure
(`workbench.reading.structure`). Text is decoded once and never changes afterwards. All formats but
plain text are parsed in a child process (`workbench.reading.sandbox`), within `limits`.
"""
from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Callable, Iterator

from labels.document import Document
from labels.errors import N_, ReadError
from workbench.reading import archives, limits, readers, sandbox
from workbench.reading.decoding import decode
from workbench.reading.packages import kind_of
from workbench.reading.readers import doc, json_lines
from workbench.reading.structure import build

__all__ = ["SUFFIXES", "Reading", "read_bytes", "read_each", "read_file", "read_passages"]

# Formats that Python itself decodes, without a parser that a file could lead astray.
_PLAIN = frozenset((".csv", ".jsonl", ".md", ".tsv", ".txt"))
_ROWS = frozenset((".jsonl",))
_PAGES = frozenset((".htm", ".html"))


def _scan() -> dict[str, ModuleType]:
    """Every reader by the file name endings it reads."""
    found: dict[str, ModuleType] = {}
    for info in pkgutil.iter_modules(readers.__path__):
        module = importlib.import_module(f"{readers.__name__}.{info.name}")
        found.update({suffix: module for suffix in getattr(module, "SUFFIXES", ())})
    return found


_READERS = _scan()
SUFFIXES: tuple[str, ...] = tuple(sorted((*_READERS, *archives.SUFFIXES)))


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one file, or of one member of an archive: documents, or why there are none.

    `name` is that of the file; of a member it is ``archive.zip/inner.pdf``.
    """

    name: str
    documents: tuple[Document, ...] = ()
    error: ReadError | None = None


def read_file(path: Path) -> list[Document]:
    """Read the file at `path`: one document, or several from a file of rows or an archive.

    Raises ReadError (one line, with how to mend it) for a file that is missing, a folder, empty,
    not of a known format, or not what its ending says. Of an archive it gives what could be read;
    `read_each` tells of every member.
    """
    return _all(read_each(path))


def read_each(path: Path, name: str = "") -> Iterator[Reading]:
    """Read the file at `path`: one `Reading`, or one for every member of an archive.

    `name` is what the document is known by (default: the file's name); with folders in it, files
    of one name in several folders stay several documents. Never raises ReadError: it stands in
    `Reading.error`.
    """
    name = name or Path(path).name
    try:
        data = _bytes_of(Path(path))
    except ReadError as error:
        yield Reading(name, error=error)
        return
    yield from _each(name, data, _Budget())


def read_passages(path: Path) -> list[Document]:
    """The rows ``{"id", "text"}`` of a JSON Lines file as bare passages: their own ids, no views.

    Raises ReadError with file and line.
    """
    name = Path(path).name
    decoded = decode(name, _bytes_of(Path(path)), newlines=False)
    return [Document(id=key, text=text, source=name)
            for key, text, _ in json_lines.rows(name, decoded.text)]


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise ReadError(N_("%(file)s is a folder, not a file"), file=path)
    try:
        if path.stat().st_size > limits.MAX_FILE:
            raise ReadError(N_("%(file)s is larger than %(limit)s MB"), file=path,
                            limit=limits.MAX_FILE // limits.MB, hint=N_("split it"))
        return path.read_bytes()
    except FileNotFoundError:
        raise ReadError(N_("there is no file %(file)s"), file=path) from None
    except OSError as error:
        raise ReadError(N_("%(file)s cannot be read: %(why)s"), file=path,
                        why=error.strerror) from error


def read_bytes(name: str, data: bytes) -> list[Document]:
    """Read `data` as the file `name`; the ending of the name says how. Raises ReadError."""
    return _all(_each(name, data, _Budget()))


def _all(readings: Iterator[Reading]) -> list[Document]:
    """The documents of `readings`; raises the first error if there are none."""
    found: list[Document] = []
    first: ReadError | None = None
    for reading in readings:
        found.extend(reading.documents)
        first = first or reading.error
    if first is not None and not found:
        raise first
    return found


@dataclass
class _Budget:
    """What an archive, and the archives in it, may still unpack to."""

    members: int = limits.MAX_MEMBERS
    size: int = 0
    depth: int = 0

    def open(self, name: str, data: bytes) -> list[archives.Packed]:
        """Unpack an archive. Raises ReadError if those before it have spent the budget."""
        if not self.depth:
            self.size = min(limits.MAX_UNPACKED,
                            max(limits.RATIO_FLOOR, limits.MAX_RATIO * len(data)))
        if self.depth >= limits.MAX_NESTING:
            raise ReadError(N_("%(file)s: an archive this deep in others is not opened"),
                            file=name, hint=N_("unpack it, and give the files in it"))
        packed: list[archives.Packed] = []
        if self.members >= 0 and self.size >= 0:
            packed = sandbox.call("unpack", name, data)
        self.members -= len(packed)
        self.size -= sum(len(member.data or b"") for member in packed)
        if self.members < 0 or self.size < 0:
            raise ReadError(N_("%(file)s: it and the archives beside it unpack to too much"),
                            file=name, hint=N_("unpack it yourself if you trust it"))
        return packed


def _each(name: str, data: bytes, budget: _Budget) -> Iterator[Reading]:
    suffix = PurePosixPath(name).suffix.lower()
    try:
        if suffix not in archives.SUFFIXES:
            yield Reading(name, tuple(_read(name, suffix, data)))
            return
        members = list(archives.wanted(budget.open(name, data), SUFFIXES))
        if not members:
            raise ReadError(N_("%(file)s holds no file that can be read"), file=name,
                            hint=N_("known are %(known)s"), known=" ".join(SUFFIXES))
    except ReadError as error:
        yield Reading(name, error=error)
        return
    del data
    budget.depth += 1
    while members:
        member = members.pop(0)
        inner = f"{name}/{member.name}"
        if member.data is None:
            yield Reading(inner, error=member.error)
        else:
            yield from _each(inner, member.data, budget)
    budget.depth -= 1


def _read(name: str, suffix: str, data: bytes) -> list[Document]:
    if suffix not in _READERS:
        raise ReadError(N_("%(file)s: no reader for %(suffix)r"), file=name, suffix=suffix,
                        hint=N_("known are %(known)s"), known=" ".join(SUFFIXES))
    largest = (limits.MAX_ROWS if suffix in _ROWS else
               limits.MAX_PLAIN if suffix in _PLAIN | _PAGES else limits.MAX_FILE)
    if len(data) > largest:
        raise ReadError(N_("%(file)s is larger than %(limit)s MB"), file=name,
                        limit=largest // limits.MB, hint=N_("split it"))
    if suffix in _ROWS or suffix in _PLAIN and len(data) <= limits.MAX_HERE:
        return read_here(name, data)
    if suffix in doc.SUFFIXES and kind_of(data) in ("doc", "ole", "rtf"):
        # A converter must be started for it, which a child cannot; it is a process of its own.
        return read_here(name, data)
    documents: list[Document] = sandbox.call("read", name, data)
    return documents


def read_here(name: str, data: bytes,
              more: Callable[[int], None] = lambda pages: None) -> list[Document]:
    """Read in this process; `more` is told the number of pages, which earn more time."""
    reader = _READERS[PurePosixPath(name).suffix.lower()]
    if hasattr(reader, "pages"):
        more(reader.pages(data))
    documents = []
    for draft in reader.read(name, data):
        if len(draft.text) > limits.MAX_TEXT:
            raise ReadError(N_("%(file)s holds more than %(limit)s characters in one document"),
                            file=name, limit=limits.MAX_TEXT, hint=N_("split it"))
        documents.append(build(draft))
    return documents
