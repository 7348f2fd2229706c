"""A project with one document, connected to a real Label Studio."""
from __future__ import annotations

import json
from pathlib import Path

from workbench import stages, sync
from workbench.project import Project, create_project
from workbench.studio import local

TEXT = "云泽区财政局投入 153.5 亿元，同比增长 12.5%。\n任命李若川为云泽区教育局局长。"


def connected_project(folder: Path, server: local.Server, text: str = TEXT) -> Project:
    """Nothing is suggested and nothing pushed yet."""
    source = folder / "one.jsonl"
    source.write_text(json.dumps({"id": "one", "text": text}, ensure_ascii=False) + "\n",
                      encoding="utf-8")
    made = create_project(folder / "project", "试用").project
    with made.open() as store:
        stages.ingest(store, [source])
    sync.connect(made, server.url, server.token)
    return made
