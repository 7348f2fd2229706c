"""What a page shows as a file to take away: JSON Lines, and CSV that a spreadsheet opens."""
from __future__ import annotations

import csv
import io
import json
from typing import Any, Iterable, Mapping, Sequence

from flask import Response

from labels.spreadsheets import guarded


def json_lines(rows: Iterable[Mapping[str, Any]], name: str) -> Response:
    """``name.jsonl``, one object a line."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return _download(text.encode(), f"{name}.jsonl", "application/x-ndjson")


def csv_table(head: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> Response:
    """``name.csv``, with the mark by which Excel knows UTF-8. A text that would be a formula there
    is led by an apostrophe, because the texts come from documents of others."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(head)
    writer.writerows(["" if value is None else guarded(str(value)) for value in row]
                     for row in rows)
    return _download(b"\xef\xbb\xbf" + written.getvalue().encode(), f"{name}.csv", "text/csv")


def _download(content: bytes, name: str, kind: str) -> Response:
    return Response(content, content_type=f"{kind}; charset=utf-8",
                    headers={"Content-Disposition": f"attachment; filename={name}"})
