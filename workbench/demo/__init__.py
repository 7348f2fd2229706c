"""The demo documents, their planted errors and their gold. See README.md beside this file."""
from pathlib import Path

FOLDER = Path(__file__).parent
DOCUMENTS = FOLDER / "documents"
GOLD = FOLDER / "gold.jsonl"
PLANTED_ERRORS = FOLDER / "planted-errors.json"
