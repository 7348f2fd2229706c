"""A real project in a temporary folder, and a document with hand-made suggestions."""
from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from labels.document import Block, Document
from labels.rules import (
    ClassSuggestion, Evidence, RelationSuggestion, SpanSuggestion, Suggestions, Value,
)
from workbench.project import Project, create_project
from workbench.store import Store

TEXT = "云泽区财政局报告\n\n全年收入 65.2 亿元，𠮷祥公司到会。"
DOCUMENT = Document(
    id="report", text=TEXT, source="report.txt", title="云泽区财政局报告", type="budget_report",
    blocks=(Block("title", 0, 8), Block("paragraph", 10, len(TEXT))))
SUGGESTIONS = Suggestions(
    spans=(
        SpanSuggestion(0, 6, "ORG", "t.org", "v1", 0.9, Evidence("云泽区财政局", ("财政局",))),
        SpanSuggestion(12, 14, "INDICATOR", "t.indicator", "v1", 0.7, Evidence("收入")),
        SpanSuggestion(15, 22, "MONEY", "t.money", "v1", 0.95, Evidence("65.2亿元"),
                       Value("6520000000", "6520000000", "元")),
        SpanSuggestion(23, 27, "ORG", "t.org", "v1", 0.9, Evidence("𠮷祥公司")),
    ),
    relations=(RelationSuggestion("VALUE", 1, 2, "t.value", "v1", 0.8),),
    classes=(ClassSuggestion("function", "figures", 10, len(TEXT), "t.function", "v1", 0.8, "收入"),
             ClassSuggestion("topics", "finance", 10, len(TEXT), "t.topics", "v1", 0.8)))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return create_project(tmp_path / "project", "试用").project


@pytest.fixture
def store(project: Project) -> Iterator[Store]:
    with project.open() as opened:
        yield opened
