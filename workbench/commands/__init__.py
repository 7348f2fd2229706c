"""The commands of `workbench`, one module a family; importing them registers them."""
from __future__ import annotations
