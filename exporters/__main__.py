"""The reference of all formats in Markdown: ``python -m exporters > docs/exporters.md``."""
from __future__ import annotations

import inspect
import sys
from typing import Iterator

from exporters import _modules


def reference() -> str:
    """What each format is, carries and looks like, from its module."""
    return "\n".join((
        "# Export formats", "",
        "Made by `python -m exporters` from the modules themselves. Every export has a "
        "`manifest.json` with what was dropped, cut or repaired and the SHA-256 of each file, and "
        "a `croissant.json` (MLCommons). The workbench adds the release's report (`report.html` in "
        "Chinese, `report.en.html`) and its card, at the end of `README.md`.", "", *_sections()))


def _sections() -> Iterator[str]:
    for module in sorted(_modules(), key=lambda module: str(module.FORMAT.name)):
        found = module.FORMAT
        yield f"## `{found.name}`: {found.title}"
        yield ""
        lost = f"; cannot carry {', '.join(found.drops)}" if found.drops else ""
        needs = f"; needs {found.package}" if found.package else ""
        yield f"Carries {', '.join(found.carries)}{lost}{needs}."
        yield ""
        yield inspect.cleandoc(module.__doc__ or "").replace("::\n", ":\n")
        yield ""


if __name__ == "__main__":
    sys.stdout.write(reference())
