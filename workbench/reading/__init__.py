"""Reading: the bytes of a file → `labels.document.Document`.

A reader a format (`workbench.reading.readers`), one place for structure
(`workbench.reading.structure`). Text is decoded once and never changes afterwards.
"""
from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

from labels.document import Document
from labels.errors import N_, ReadError
from workbench.reading import readers
from workbench.reading.decoding import decode
from workbench.reading.readers import json_lines
from workbench.reading.structure import build

__all__ = ["SUFFIXES", "read_bytes", "read_file", "read_passages"]


def _scan() -> dict[str, ModuleType]:
    """Every reader by the file name endings it reads."""
    found: dict[str, ModuleType] = {}
    for info in pkgutil.iter_modules(readers.__path__):
        module = importlib.import_module(f"{readers.__name__}.{info.name}")
        found.update({suffix: module for suffix in getattr(module, "SUFFIXES", ())})
    return found


_READERS = _scan()
SUFFIXES: tuple[str, ...] = tuple(sorted(_READERS))


def read_file(path: Path) -> list[Document]:
    """Read the file at `path`: one document, or several from a file of rows.

    Raises ReadError (one line, with how to mend it) for a file that is missing, a folder, empty,
    not of a known format, or not what its ending says.
    """
    return read_bytes(Path(path).name, _bytes_of(Path(path)))


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
        return path.read_bytes()
    except FileNotFoundError:
        raise ReadError(N_("there is no file %(file)s"), file=path) from None
    except OSError as error:
        raise ReadError(N_("%(file)s cannot be read: %(why)s"), file=path,
                        why=error.strerror) from error


def read_bytes(name: str, data: bytes) -> list[Document]:
    """Read `data` as the file `name`; the ending of the name says how. Raises ReadError."""
    suffix = Path(name).suffix.lower()
    if suffix not in _READERS:
        raise ReadError(N_("%(file)s: no reader for %(suffix)r"), file=name, suffix=suffix,
                        hint=N_("known are %(known)s"), known=" ".join(SUFFIXES))
    return [build(draft) for draft in _READERS[suffix].read(name, data)]
