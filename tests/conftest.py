"""Fixtures that all tests share."""
from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder with the real documents and the hand-labelled reference, where there is one."""
    folder = Path(os.environ.get("WORKBENCH_REFERENCE", ROOT.parent / "shared"))
    if not (folder / "seeds").is_dir():
        pytest.skip("WORKBENCH_REFERENCE names no folder with real documents")
    return folder
