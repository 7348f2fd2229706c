"""How an exporter writes files of lines and reads them back: UTF-8, JSON as msgspec makes it."""
from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Iterable, Iterator, TypeVar

import msgspec

from labels.errors import N_, ExportError

Kind = TypeVar("Kind")


class Files:
    """The text files of one export, each opened when its first line comes.

    UTF-8 with ``\\n`` on every system, so that a release has one hash everywhere.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, IO[bytes]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> "Files":
        return self

    def __exit__(self, *exception: Any) -> None:
        self._stack.__exit__(*exception)

    def write(self, name: str, text: str | bytes) -> None:
        if name not in self._open:
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open[name] = self._stack.enter_context(path.open("wb", buffering=1 << 20))
        self._open[name].write(text.encode("utf-8") if isinstance(text, str) else text)

    def __contains__(self, name: str) -> bool:
        return name in self._open


_encode = msgspec.json.Encoder().encode
# JSON leaves these as they are, and ``str.splitlines`` would cut there.
_BREAKS = ("\x85", "\u2028", "\u2029")


def json_line(record: Any) -> bytes:
    """One line of JSON that is one line for every reader, as `json` writes it (but for exponents).

    msgspec takes a third of the time, and a tenth where the record is a Struct: what it holds is
    then read from attributes, without a dictionary for every span.
    """
    line = json_text(record)
    text = line.decode("utf-8")  # it is searched for one character far faster than the bytes
    for char in _BREAKS:
        if char in text:
            line = line.replace(char.encode("utf-8"), f"\\u{ord(char):04x}".encode("ascii"))
    return line + b"\n"


def json_text(record: Any) -> bytes:
    """JSON with a blank behind each comma and colon, as `json` writes it."""
    return msgspec.json.format(_encode(record), indent=0)


def json_lines(record: Any, indent: int = 2) -> str:
    """JSON on many lines, as `json` writes it; it may name a hundred thousand files or losses."""
    return msgspec.json.format(_encode(record), indent=indent).decode("utf-8") + "\n"


def write_text(path: Path, text: str) -> None:
    """UTF-8 with ``\\n`` on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def read_typed(path: Path, kind: type[Kind]) -> Iterator[Kind]:
    """The records of a file of JSON Lines, one at a time, each a `kind`; none without a file.

    Raises ExportError where a line holds something else.
    """
    return _decoded(path, read_lines(path), kind)


def read_list(path: Path, kind: type[Kind]) -> Iterator[Kind]:
    """As `read_typed`, of a file that is one list with a record a line."""
    return _decoded(path, (line.rstrip(b",\n") for line in read_lines(path)
                           if line not in (b"[\n", b"]\n")), kind)


def _decoded(path: Path, lines: Iterable[bytes], kind: type[Kind]) -> Iterator[Kind]:
    decode = msgspec.json.Decoder(kind).decode
    for number, line in enumerate(lines, start=1):
        try:
            yield decode(line)
        except msgspec.DecodeError as error:
            raise ExportError(N_("%(file)s, record %(number)s: %(why)s"), file=path.name,
                              number=number, why=str(error)) from error


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """As `read_typed`, of any objects."""
    return read_typed(path, dict[str, Any])


def read_lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb", buffering=1 << 18) as lines:
            yield from lines
