"""Word 97–2003 documents (.doc), through a converter where one is installed, and what else is
published under that ending: docx packages, web pages, RTF.

LibreOffice gives a docx, with numbers, tables and notes; antiword and catdoc give plain text, which
loses tables and automatic numbers and is told. A converter runs in an empty folder of its own, with
a time limit, without macros, and is told to follow no link.
"""
from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from labels.document import ReadWarning
from labels.errors import N_, ReadError
from workbench.reading.draft import Draft
from workbench.reading.packages import kind_of, refuse
from workbench.reading.readers import docx, plain_text, web_page

SUFFIXES = (".doc", ".dot", ".wps", ".rtf")
SECONDS = 60

_TEXT_CONVERTERS = (("antiword", ("-m", "UTF-8.txt", "-w", "0")), ("catdoc", ("-dutf-8", "-w")))
_OFFICES = ("soffice", "libreoffice")
# Read by LibreOffice from the profile that is made for each run.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def read(name: str, data: bytes) -> list[Draft]:
    """One document. Raises ReadError where no converter is installed or none can read it."""
    kind = kind_of(data)
    if kind in ("docx", "html"):
        reader, found = (docx, "a docx package") if kind == "docx" else (web_page, "a web page")
        told = ReadWarning("other_format", 0, 0, f"the file is {found}, whatever its ending")
        return [replace(draft, warnings=(told, *draft.warnings))
                for draft in reader.read(name, data)]
    if kind not in ("doc", "rtf", "ole"):
        raise refuse(name, ".doc", kind)
    with tempfile.TemporaryDirectory(prefix="workbench-doc-") as folder:
        for office in filter(None, map(shutil.which, _OFFICES)):
            return docx.read(name, _by_office(name, data, office, Path(folder), kind))
        for converter, options in _TEXT_CONVERTERS:
            path = shutil.which(converter)
            if kind != "rtf" and path:
                return _by_text(name, data, path, options, Path(folder))
    raise ReadError(N_("%(file)s: old Word files are read through a converter, and none is "
                       "installed"), file=name,
                    hint=N_("install LibreOffice or antiword, or save the file as .docx"))


def _by_office(name: str, data: bytes, office: str, folder: Path, kind: str) -> bytes:
    source = folder / f"source.{'rtf' if kind == 'rtf' else 'doc'}"
    source.write_bytes(data)
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    _run(name, [office, f"-env:UserInstallation={profile.parent.as_uri()}", "--headless",
                "--norestore", "--convert-to", "docx", "--outdir", str(folder), str(source)],
         folder)
    converted = source.with_suffix(".docx")
    if not converted.is_file():
        raise _unread(name, Path(office).name)
    return converted.read_bytes()


def _by_text(name: str, data: bytes, converter: str, options: tuple[str, ...],
             folder: Path) -> list[Draft]:
    source = folder / "source.doc"
    source.write_bytes(data)
    text = _run(name, [converter, *options, str(source)], folder)
    if not text.strip():
        raise _unread(name, Path(converter).name)
    told = ReadWarning("converted", 0, 0, f"read through {Path(converter).name}: tables, numbers "
                                          "set by Word and notes may be lost")
    return [replace(draft, warnings=(told, *draft.warnings))
            for draft in plain_text.read(name, text)]


def _run(name: str, command: list[str], folder: Path) -> bytes:
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder),
                   "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ReadError(N_("%(file)s: %(converter)s did not end within %(seconds)s seconds"),
                        file=name, converter=Path(command[0]).name, seconds=SECONDS,
                        hint=N_("save the file as .docx")) from error
    if done.returncode:
        raise _unread(name, Path(command[0]).name)
    return done.stdout


def _unread(name: str, converter: str) -> ReadError:
    return ReadError(N_("%(file)s cannot be read by %(converter)s: it is damaged, locked, or no "
                        "Word file"), file=name, converter=converter,
                     hint=N_("open it in its program and save it as .docx"))
