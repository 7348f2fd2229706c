"""`workbench score`: run the rules over a reference file and lay the figures out."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Mapping

from labels import govdoc
from labels.document import Document
from labels.errors import InputError, N_
from labels.scoring import Scores, Tally, holdout, score, scores_to_json, wilson
from workbench.progress import Progress, silent
from workbench.stages import suggest_passage


def read_reference(path: Path) -> list[dict[str, Any]]:
    """The rows of a reference file. Raises InputError with file and line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(N_("%(file)s cannot be read: %(why)s"), file=path, why=error) from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            row["id"], row["text"], row["spans"]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(N_("%(file)s line %(line)s is no reference row: %(why)s"),
                             file=path.name, line=number, why=repr(error),
                             hint=N_("each line is an object with id, text, spans")) from error
        rows.append(row)
    if not rows:
        raise InputError(N_("%(file)s holds no reference rows"), file=path.name)
    return rows


def score_reference(path: Path, apart: bool = False,
                    progress: Progress = silent) -> dict[str, Scores]:
    """Scores by part: ``all``, and with `apart` also ``developed`` and ``holdout``."""
    rows = read_reference(path)
    pack = govdoc.load()
    answers = {}
    for position, row in enumerate(rows):
        document = Document(id=str(row["id"]), text=row["text"])
        answers[row["id"]], _ = suggest_passage(document, pack)
        progress(position + 1, len(rows))
    groups = {"all": score(rows, answers)}
    if apart:
        groups["developed"] = score([row for row in rows if not holdout(row)], answers)
        groups["holdout"] = score([row for row in rows if holdout(row)], answers)
    return groups


def to_json(groups: Mapping[str, Scores]) -> dict[str, Any]:
    return {name: scores_to_json(scores) for name, scores in groups.items()}


def format_scores(groups: Mapping[str, Scores]) -> str:
    """A plain table a person can read: one line a label, relation, class and rule."""
    lines: list[str] = []
    for name, scores in groups.items():
        lines.append(f"== {name}: {scores.passages} passages")
        for title, tallies in (("spans", scores.spans), ("relations", scores.relations),
                               ("function", scores.functions), ("topics", scores.topics)):
            lines.append(f"{title:<14}{'expected':>9}{'answered':>9}{'right':>7}"
                         f"{'prec.':>8}{'recall':>8}{'F1':>8}")
            for label, tally in sorted(tallies.items()):
                lines.append(_line(label, tally))
            lines.append(_line("micro", Scores.micro(tallies)))
        lines.append(f"{'rule':<34}{'answered':>9}{'right':>7}{'prec.':>8}   95% interval")
        for rule, tally in sorted(scores.rules.items()):
            low, high = wilson(tally.right, tally.answered)
            lines.append(f"{rule:<34}{tally.answered:>9}{tally.right:>7}{tally.precision:>8.3f}"
                         f"   {low:.2f}–{high:.2f}")
    return "\n".join(lines)


def _line(label: str, tally: Tally) -> str:
    return (f"  {label:<12}{tally.expected:>9}{tally.answered:>9}{tally.right:>7}"
            f"{tally.precision:>8.3f}{tally.recall:>8.3f}{tally.f1:>8.3f}")
