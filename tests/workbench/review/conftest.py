"""Projects here are made by the dozen; their passwords are hashed at the least cost."""
from __future__ import annotations

from tests.workbench.web.conftest import quick_hashes

__all__ = ["quick_hashes"]
