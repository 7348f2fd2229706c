"""Archives: .zip and .7z of files that can be read. Nothing is ever written to a disk.

Names of members are only labels of documents (``报表.zip/一季度.pdf``): they are cleaned, and a
member with a name such as ``../../etc/passwd`` is read like any other. An archive in an archive is
unpacked too, `limits.MAX_NESTING` deep.
"""
from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Callable, Collection, Iterator

from labels.errors import N_, ReadError
from workbench.reading import limits

SUFFIXES = (".7z", ".zip")

_CHUNK = 1 << 20
_STRANGE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Packed:
    """A member of an archive: its name there, and its bytes or why there are none."""

    name: str
    data: bytes | None
    error: ReadError | None = None


def unpack_here(name: str, data: bytes, more: Callable[[int], None]) -> list[Packed]:
    """The files in the archive `name` (an operation of the sandbox).

    Raises ReadError for an archive that is damaged, encrypted, or beyond the limits; a member that
    is damaged is told in its place.
    """
    seven = PurePosixPath(name).suffix.lower() == ".7z"
    return _seven(name, data) if seven else _zip(name, data)


def wanted(members: Collection[Packed], suffixes: Collection[str]) -> Iterator[Packed]:
    """The members that a reader knows; hidden files are passed over, as in folders."""
    for member in members:
        path = PurePosixPath(member.name)
        if path.suffix.lower() in suffixes and not any(
                part.startswith((".", "__MACOSX")) for part in path.parts):
            yield member


def clean(name: str) -> str:
    """A member's name as a label: relative, without ``..`` and characters that cannot be seen."""
    parts = [part for part in _STRANGE.sub("", name).replace("\\", "/").split("/")
             if part not in ("", ".", "..")]
    return "/".join(parts)[-200:] or "file"


def _check(name: str, count: int, packed: int, unpacked: int) -> None:
    """Refuse an archive by what its own list says, before anything is unpacked."""
    if count > limits.MAX_MEMBERS:
        raise ReadError(N_("%(file)s holds %(count)s files, more than %(limit)s"), file=name,
                        count=count, limit=limits.MAX_MEMBERS, hint=N_("split it"))
    if unpacked > limits.MAX_UNPACKED:
        raise _too_large(name)
    if unpacked > limits.RATIO_FLOOR and unpacked > limits.MAX_RATIO * max(packed, 1):
        raise ReadError(N_("%(file)s unpacks to %(times)s times its size and is not opened"),
                        file=name, times=unpacked // max(packed, 1),
                        hint=N_("unpack it yourself if you trust it"))


def _too_large(name: str) -> ReadError:
    return ReadError(N_("%(file)s unpacks to more than %(limit)s MB"), file=name,
                     limit=limits.MAX_UNPACKED // limits.MB, hint=N_("split it"))


def _locked(name: str) -> ReadError:
    return ReadError(N_("%(file)s is locked with a password"), file=name,
                     hint=N_("unpack it, and give the files in it"))


def _damaged(name: str, why: object) -> ReadError:
    return ReadError(N_("%(file)s is no archive of its kind, or a damaged one: %(why)s"), file=name,
                     why=" ".join(str(why).split())[:120], hint=N_("get it again"))


def _zip(name: str, data: bytes) -> list[Packed]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _damaged(name, error) from error
    infos = [info for info in archive.infolist() if not info.is_dir()]
    _check(name, len(infos), len(data), sum(info.file_size for info in infos))
    if infos and all(info.flag_bits & 1 for info in infos):
        raise _locked(name)
    left = limits.MAX_UNPACKED
    members: list[Packed] = []
    for info in infos:
        label = clean(_zip_name(info))
        inner = f"{name}/{label}"
        try:
            if info.flag_bits & 1:
                raise _locked(inner)
            content = _inflate(name, archive, info, left)
            left -= len(content)
            members.append(Packed(label, content))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError,
                RuntimeError) as error:
            members.append(Packed(label, None, _damaged(inner, error)))
        except ReadError as error:
            if error.context.get("file") == name:
                raise
            members.append(Packed(label, None, error))
    return members


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name as its maker meant it: without the UTF-8 flag, Chinese programs write GBK."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _inflate(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    """The bytes of a member, counted while they come: what the list says may be a lie."""
    held = bytearray()
    with archive.open(info) as member:
        while piece := member.read(_CHUNK):
            held += piece
            if len(held) > left:
                raise _too_large(name)
            if len(held) > limits.RATIO_FLOOR and len(held) > limits.MAX_RATIO * max(
                    info.compress_size, 1):
                _check(name, 1, info.compress_size, len(held))
    return bytes(held)


def _seven(name: str, data: bytes) -> list[Packed]:
    import lzma
    import py7zr
    from py7zr.exceptions import ArchiveError
    try:
        with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.list() if not info.is_directory]
            _check(name, len(infos), len(data), sum(int(info.uncompressed or 0) for info in infos))
            if archive.needs_password():
                raise _locked(name)
            boxes = _Boxes(name)
            archive.extractall(factory=boxes)
    except py7zr.PasswordRequired as error:
        raise _locked(name) from error
    except ReadError:
        raise
    except (ArchiveError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError, TypeError,
            KeyError, IndexError, AttributeError, NotImplementedError) as error:
        raise _damaged(name, error or type(error).__name__) from error
    return [Packed(clean(inner), bytes(box.held)) for inner, box in boxes.made.items()]


class _Boxes:
    """Gives py7zr a place in memory for every member; together they hold `MAX_UNPACKED`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.made: dict[str, _Box] = {}
        self.left = limits.MAX_UNPACKED

    def create(self, filename: str) -> "_Box":
        self.made[filename] = _Box(self)
        return self.made[filename]


class _Box:
    """The bytes of one member, as the file that py7zr expects (`py7zr.io.Py7zIO`)."""

    def __init__(self, owner: _Boxes) -> None:
        self.held = bytearray()
        self._owner = owner
        self._at = 0

    def write(self, piece: bytes) -> int:
        self._owner.left -= len(piece)
        if self._owner.left < 0:
            raise _too_large(self._owner.name)
        self.held += piece
        return len(piece)

    def read(self, size: int | None = None) -> bytes:
        end = len(self.held) if size is None or size < 0 else self._at + size
        piece = bytes(self.held[self._at:end])
        self._at += len(piece)
        return piece

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = (0, self._at, len(self.held))[whence] + offset
        return self._at

    def flush(self) -> None:
        """Nothing waits to be written."""

    def close(self) -> None:
        """The bytes stay."""

    def size(self) -> int:
        return len(self.held)
