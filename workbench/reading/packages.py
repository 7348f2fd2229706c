"""The containers of office files: zip packages (docx, xlsx) and OLE2 files (doc, xls).

What a file is, is told by its first bytes and what lies in it, never by its name alone: public
offices publish ``.xls`` files that are xlsx packages or web pages. A package is opened here, within
limits, and its XML is parsed here: without entities, without the network, without huge nodes.
Parts that lie outside of the package (pictures, templates, linked sheets) are never looked at.
"""
from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Any

from labels.errors import N_, ReadError
from workbench.reading.limits import MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED, MB, RATIO_FLOOR

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS = (("EncryptedPackage", "encrypted"), ("WordDocument", "doc"), ("Workbook", "xls"),
              ("Book", "xls"), ("PowerPoint Document", "ppt"))
# Names as OLE2 directories hold them; Book ends there, so that it is not found in Workbook.
_MARKS = tuple((name.encode("utf-16-le") + b"\0\0", kind) for name, kind in _OLE_KINDS)
_MAIN = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb"),
         ("ppt/presentation.xml", "pptx"), ("content.xml", "odf"))
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/"
_STRICT_TAILS = ((b"wordprocessingml/main", b"wordprocessingml/2006/main"),
                 (b"spreadsheetml/main", b"spreadsheetml/2006/main"),
                 (b"officeDocument/relationships", b"officeDocument/2006/relationships"))
_PROLOG = 4096
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def kind_of(data: bytes) -> str:
    """``docx``, ``xlsx``, ``xlsb``, ``pptx``, ``odf``, ``doc``, ``xls``, ``ppt``, ``encrypted``,
    ``zip``, ``ole``, ``rtf``, ``html`` or "" for none of them."""
    if data.startswith(_OLE):
        return next((kind for mark, kind in _MARKS if mark in data), "ole")
    if data.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                names = set(package.namelist())
        except (zipfile.BadZipFile, ValueError, OSError):
            return "zip"
        return next((kind for main, kind in _MAIN if main in names), "zip")
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"{\\rtf"):
        return "rtf"
    return "html" if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")) \
        or b"<html" in head else ""


def refuse(name: str, wanted: str, found: str) -> ReadError:
    """The error for a file that is `found` where its name says `wanted`."""
    if found == "encrypted":
        return ReadError(N_("%(file)s is protected by a password"), file=name,
                         hint=N_("open it, save it without one, and read that"))
    if found not in ("", "ole", "zip"):
        return ReadError(N_("%(file)s is no %(wanted)s file; it holds %(found)s"), file=name,
                         wanted=wanted, found=found, hint=N_("give it the ending of what it is"))
    return ReadError(N_("%(file)s is no %(wanted)s file, or it is damaged"), file=name,
                     wanted=wanted, hint=N_("open it in its program and save it again"))


class Package:
    """An opened docx or xlsx. Raises ReadError for a damaged, locked or oversized one."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise self._damaged() from error
        members = self._zip.infolist()
        if any(member.flag_bits & 1 for member in members):
            raise refuse(name, "", "encrypted")
        unpacked = sum(member.file_size for member in members)
        if unpacked > MAX_UNPACKED or len(members) > MAX_MEMBERS or (
                unpacked > RATIO_FLOOR and unpacked > MAX_RATIO * len(data)):
            raise ReadError(
                N_("%(file)s unpacks to %(size)s MB in %(members)s parts, more than is read"),
                file=name, size=unpacked // MB, members=len(members),
                hint=N_("it may be made to do harm; split it if it is not"))
        self._members = {member.filename.lower(): member for member in members}

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._members

    def part(self, path: str) -> bytes:
        """The bytes of a part; no more than its entry declares is ever unpacked."""
        try:
            return self._zip.read(self._members[path.lower()])
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError,
                ValueError) as error:
            raise self._damaged() from error

    def xml(self, path: str) -> Any:
        """The root element of an XML part."""
        from lxml import etree
        data = self.part(path)
        if _STRICT in data[:4096]:
            for strict, transitional in _STRICT_TAILS:
                data = data.replace(_STRICT + strict, _TRANSITIONAL + transitional)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False,
                                 load_dtd=False, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise self.unreadable(path, error.msg) from error
        if root.getroottree().docinfo.doctype:
            raise self.unreadable(path, "DOCTYPE")
        return root

    def refuse_doctypes(self) -> None:
        """Raise ReadError for an XML part with a DOCTYPE: office files have none, and other
        parsers than ours would expand the entities in it."""
        for member in self._members.values():
            if member.filename.lower().endswith((".xml", ".rels")):
                try:
                    with self._zip.open(member) as opened:
                        head = opened.read(_PROLOG)
                except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError,
                        ValueError) as error:
                    raise self._damaged() from error
                if b"<!DOCTYPE" in head.replace(b"\0", b""):
                    raise self.unreadable(member.filename, "DOCTYPE")

    def relations(self, path: str) -> dict[str, tuple[str, str]]:
        """The parts that the part at `path` refers to: id → (last word of the type, path).

        What lies outside of the package is left out.
        """
        folder, base = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in self.xml(rels).iter(_RELATIONS):
            target = relation.get("Target") or ""
            if relation.get("TargetMode") != "External" and target:
                inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
                found[relation.get("Id") or ""] = kind, inside
        return found

    def related(self, path: str, kind: str) -> str | None:
        """The first part of a type that `path` refers to and that is there."""
        return next((target for one, target in self.relations(path).values()
                     if one == kind and target in self), None)

    def main(self, wanted: str, default: str) -> str:
        """The path of the main part; `default` where the package does not name it."""
        path = self.related("", "officeDocument") or default
        if path not in self:
            raise ReadError(N_("%(file)s is no %(wanted)s file: it has no %(part)s"),
                            file=self.name, wanted=wanted, part=default,
                            hint=N_("open it in its program and save it again"))
        return path

    def unreadable(self, path: str, why: str) -> ReadError:
        return ReadError(N_("%(file)s: its part %(part)s cannot be read: %(why)s"), file=self.name,
                         part=path, why=why, hint=N_("open it in its program and save it again"))

    def _damaged(self) -> ReadError:
        return ReadError(N_("%(file)s is damaged: it cannot be unpacked"), file=self.name,
                         hint=N_("fetch it again, or open it in its program and save it again"))
