"""What `make run` hands on to the workbench."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("documents", [
    "", "plain.txt", "a b's \"files\"", "$(touch pwned)", "`touch pwned`", "$$HOME",
    "x; touch pwned", "$(shell touch pwned)", "a#b", "-n",
])
def test_documents_and_project_arrive_as_they_were_given(tmp_path: Path, documents: str) -> None:
    told = tmp_path / "bin" / "workbench"
    told.parent.mkdir()
    told.write_text(f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    told.chmod(0o755)
    (tmp_path / ".installed-run").touch()
    made = subprocess.run(
        ["make", "-s", "-f", ROOT / "Makefile", "run", f"VENV={tmp_path}", f"DOCS={documents}",
         f"PROJECT=my {documents}", "PORT=8123"], cwd=ROOT, capture_output=True, text=True,
        timeout=30)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout) == ["--project", f"my {documents}", "up", "--port", "8123",
                                       *([documents] if documents else [])]
    assert not (ROOT / "pwned").exists()
