"""The messages of the interface: ``python -m workbench.web.catalog`` extracts, updates, compiles.

The source language is English; the catalogue of each other language stands in ``translations/``,
its compiled form beside it. Run it from a checkout after changing or adding a message, translate
what it names, and run it again.
"""
from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = Path(__file__).parent / "translations"
PACKAGES = ("labels", "exporters", "workbench")
KEYWORDS = {"_": None, "gettext": None, "N_": None, "lazy_gettext": None, "ngettext": (1, 2)}


def extract() -> Catalog:
    """All messages of the source, with the files they stand in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as handle:
        methods, options = parse_mapping_cfg(handle)
    found = Catalog(charset="utf-8")
    for package in PACKAGES:
        for name, line, message, comments, context in extract_from_dir(
                str(ROOT / package), methods, options, keywords=KEYWORDS):
            if message and message != ("", ""):
                found.add(message, None, [(f"{package}/{Path(name).as_posix()}", line)],
                          auto_comments=comments, context=context)
    return found


def po_file(locale: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def read_catalog(locale: str) -> Catalog:
    """Raises PoFileError where it cannot be read whole, as with the marks of a merge: what was read
    of it would be written back, and the rest be gone."""
    with po_file(locale).open("rb") as handle:
        return read_po(handle, locale=locale, abort_invalid=True)


def compiled(catalog: Catalog) -> bytes:
    """What stands in ``messages.mo``."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def untranslated(catalog: Catalog) -> Iterator[Message]:
    """Messages without a translation, or with one that was only guessed (fuzzy)."""
    for message in catalog:
        forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.id and (message.fuzzy or not all(forms)):
            yield message


def update(locale: str) -> Catalog:
    """Bring the catalogue of `locale` up to date with the source, and compile it."""
    catalog = read_catalog(locale)
    catalog.update(extract(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    text = io.BytesIO()
    write_po(text, catalog, width=100, omit_header=False, include_lineno=False, sort_output=True)
    # Read again what was written, so that the compiled file is of just that.
    text.seek(0)
    written = read_po(text, locale=locale)
    for path, data in ((po_file(locale), text.getvalue()),
                       (po_file(locale).with_suffix(".mo"), compiled(written))):
        fresh = path.with_suffix(f"{path.suffix}.new")
        fresh.write_bytes(data)
        fresh.replace(path)
    return written


def main() -> int:
    """Update all catalogues; the exit status is 1 while messages wait for a translation."""
    waiting = 0
    for path in sorted(TRANSLATIONS.iterdir()):
        for message in untranslated(update(path.name)):
            waiting += 1
            print(f"{path.name}: {message.id!r}", file=sys.stderr)
    return 1 if waiting else 0


if __name__ == "__main__":
    sys.exit(main())
